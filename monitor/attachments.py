"""Reads the documents that hang on items, so that a match names the page.

item → its attachments → fetch (as documents: robots.txt, pace, bounds) → text by page → fields
     → held against what was read of them before → the lines that were added

A document that cannot be had or read is a warning of the poll, never its failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitor.apart import read_apart
from monitor.documents import (
    Added,
    DocumentText,
    Limits,
    Ocr,
    added_lines,
    adds,
    followed,
    gained,
    gist,
    is_readable,
    packed,
    role_of,
    unpacked,
)
from monitor.errors import DocumentError, SourceError, Throttled
from monitor.models import (
    Access,
    Attachment,
    Due,
    Fetcher,
    Item,
    ItemType,
    Poll,
    Reading,
    Request,
    Response,
    Validators,
)
from monitor.text import one_line
from monitor.urls import without_tokens
from monitor.wording import LATE_MARK

# What councils, legislatures and courts hang documents on; news and feeds have theirs in the text.
READ_FOR = frozenset(
    {
        ItemType.AGENDA_ITEM,
        ItemType.BILL,
        ItemType.COUNCIL_ITEM,
        ItemType.EXECUTIVE_ORDER,
        ItemType.FEDERAL_REGISTER,
        ItemType.MEETING,
        ItemType.OPINION,
    }
)
MOST_OF_ONE_ITEM = 5
NAME = 60

Fields = tuple[tuple[str, str], ...]


class Memory:
    """What was read of the documents of a source before."""

    def __init__(self, readings: Iterable[Reading] = ()) -> None:
        self._by_url: dict[str, Reading] = {}
        self._by_item: dict[str, list[Reading]] = {}
        for reading in readings:
            self._by_url[reading.url] = reading
            self._by_item.setdefault(reading.item, []).append(reading)

    def at(self, url: str) -> Reading | None:
        """Return what was read at a URL (without tokens)."""
        return self._by_url.get(url)

    def earlier(self, item: Item, attachment: Attachment) -> tuple[Reading, ...]:
        """Return what a document of an item is to be held against; nothing where it is the first.

        There must be an earlier one at the same address, else one of the same kind that has left
        the item, and for an addendum any at all. It is held against all that was read for the item
        then: what stood in the agenda is not new in the packet.
        """
        url, role = without_tokens(attachment.url), role_of(attachment.title)
        own = tuple(one for one in self._by_item.get(item.key, ()) if one.text)
        present = {without_tokens(one.url) for one in item.attachments}
        succeeds = any(
            one.url == url or (one.role == role and one.url not in present) for one in own
        )
        return own if succeeds or adds(role) else ()


@dataclass(frozen=True, slots=True)
class Additions:
    """What the documents of an item say now and did not when they were last read.

    fields: the added lines, by document and page. before, after: hashes of what they said.
    reposted: there was an earlier reading of each.
    answers: of the documents that gained lines.
    """

    fields: Fields
    before: str
    after: str
    reposted: bool
    answers: tuple[Response, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A document that was read in this poll; without pages where it could not be."""

    pages: tuple[str, ...] = ()
    answer: Response | None = None


@dataclass
class Reader:
    """Reads the attachments of one poll, each address once, and a bounded number in all.

    most: documents of one poll, 0 reads none; what is over it is named in `summed_up`.
    memory: what earlier polls read. readings: what is to be remembered of this one.
    """

    fetcher: Fetcher
    pace: float
    most: int
    limits: Limits = field(default_factory=Limits)
    ocr: Ocr | None = None
    memory: Memory = field(default_factory=Memory)
    warnings: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    requests: int = 0
    _read: dict[str, _Read] = field(default_factory=dict)
    _left: int = 0
    _asked_to_stop: bool = False

    def fields(self, item: Item) -> Fields:
        """Return an item's documents as (name with page, text) pairs."""
        if not self.most or item.type not in READ_FOR or item.muted:
            return ()
        return tuple(pair for one in wanted(item.attachments) for pair in self._document(one))

    def again(self, due: Due) -> bool:
        """Ask for a document that was read before, and say whether it has other bytes now.

        Nothing is asked where the poll has read enough, or a publisher wants a pause.
        """
        attachment, last = _attachment(due), self.memory.at(due.url)
        if attachment is None or self._asked_to_stop or self.requests >= self.most:
            return False
        if attachment.url not in self._read:
            known = last.validators if last is not None and last.validators.sha256 else None
            self._read[attachment.url] = self._fetched(attachment, known)
        return bool(self._read[attachment.url].pages)

    def read_now(self, due: Due) -> tuple[Fields, Response | None]:
        """Return a document that was read as (name with page, text) pairs, with its answer."""
        attachment = _attachment(due)
        found = self._read.get(attachment.url, _Read()) if attachment else _Read()
        return (tuple(_pages(attachment, found.pages)) if attachment else ()), found.answer

    def additions(self, item: Item) -> Additions | None:
        """Say what the documents of an item gained; None where there is nothing to compare."""
        present = {one.url: one for one in item.attachments if one.url in self._read}
        looked_at = present | {one.url: one for one in wanted(item.attachments)}
        compared = [
            (attachment, found, earlier)
            for url, attachment in looked_at.items()
            if (found := self._read.get(url, _Read())).pages
            and (earlier := self.memory.earlier(item, attachment))
        ]
        if not compared:
            return None
        fields: list[tuple[str, str]] = []
        answers = []
        said: list[str] = []
        for attachment, found, earlier in compared:
            # An item that was put into the agenda and its packet is told once.
            added = [one for one in gained(earlier, found.pages) if added_lines(said, (one.text,))]
            said += [one.text for one in added]
            fields += _late_fields(attachment, added, found.pages)
            answers += [found.answer] if added and found.answer else []
        return Additions(
            tuple(fields),
            before=gist(
                page for _, _, earlier in compared for one in earlier for page in unpacked(one)
            ),
            after=gist(page for _, found, _ in compared for page in found.pages),
            reposted=len(compared) == len(looked_at),
            answers=tuple(answers),
        )

    def remember(self, item: Item, poll: Poll) -> None:
        """Keep what was read of the agendas of an item, and when those due were asked for."""
        kept = followed(item, poll.now)
        for url, role in kept.agendas if kept else ():
            for attachment in item.attachments:
                found = self._read.get(attachment.url)
                if found is not None and without_tokens(attachment.url) == url:
                    self.readings.append(_reading(item, role, url, found, poll))
                    break

    def summed_up(self) -> tuple[str, ...]:
        """Return what could not be read, and how many documents were left for want of room."""
        left = (f"{self._left} documents were not read: {self.most} a poll",) if self._left else ()
        return (*self.warnings, *left)

    def _document(self, attachment: Attachment) -> Fields:
        if attachment.url not in self._read:
            if self.requests >= self.most:
                self._left += 1
                return ()
            self._read[attachment.url] = self._fetched(attachment)
        return tuple(_pages(attachment, self._read[attachment.url].pages))

    def _fetched(self, attachment: Attachment, last: Validators | None = None) -> _Read:
        """Fetch and read a document; where it is as it was `last`, there is an answer, no page."""
        self.requests += 1
        request = Request(
            attachment.url,
            access=Access.DOCUMENT,
            conditional=last is not None,
            optional=True,
            pace=self.pace,
        )
        answer = None
        try:
            answer = self.fetcher.fetch(request, last)
            if answer.unchanged:
                return _Read((), answer)
            document = self._text(attachment, answer)
        except (SourceError, DocumentError) as fault:
            self._asked_to_stop = self._asked_to_stop or isinstance(fault, Throttled)
            self.warnings.append(str(fault))
            return _Read((), answer)
        if document.unread:
            self.warnings.append(
                f"{attachment.url}: {len(document.unread)} pages are pictures and were not read"
            )
        return _Read(document.pages, answer)

    def _text(self, attachment: Attachment, answer: Response) -> DocumentText:
        media_type = answer.header("content-type").partition(";")[0].strip().lower()
        return read_apart(answer.body, media_type, attachment.url, self.limits, ocr=self.ocr)


def _attachment(due: Due) -> Attachment | None:
    """Find the attachment that is due; its item has it no longer where there is none."""
    found = (one for one in due.item.attachments if without_tokens(one.url) == due.url)
    return next(found, None)


def wanted(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Choose the attachments worth reading, the first few of them."""
    return tuple([one for one in attachments if is_readable(one)][:MOST_OF_ONE_ITEM])


def _pages(attachment: Attachment, pages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(pages, start=1):
        if text.strip():
            yield _named(attachment, number, pages), text


def _named(attachment: Attachment, number: int, pages: tuple[str, ...]) -> str:
    name = one_line(attachment.title, NAME) or "document"
    return f"{name} p. {number}" if len(pages) > 1 else name


def _late_fields(
    attachment: Attachment, added: Iterable[Added], pages: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Name added lines by document and page, and say that they were added late."""
    by_page: dict[int, list[str]] = {}
    for one in added:
        by_page.setdefault(one.page, []).append(one.text)
    for page, texts in by_page.items():
        yield f"{_named(attachment, page, pages)}{LATE_MARK}", "\n".join(texts)


def _reading(item: Item, role: str, url: str, found: _Read, poll: Poll) -> Reading:
    """Say what is to be remembered.

    Of a document that could not be had, that it was tried; of one without words that can be read,
    also its validators, so that it is not carried over the wire for nothing again.
    """
    if found.answer is None:
        return Reading(item.key, role, url, poll.now, same=True)
    same, validators = found.answer.unchanged, found.answer.validators
    text, cut = packed(found.pages)
    return Reading(item.key, role, url, poll.now, text, cut, validators, same)
