"""Reads the documents that hang on new items, so that a match names the page.

    item → its attachments → fetch (as documents: robots.txt, pace, bounds) → text by page → fields

A document that cannot be had or read is a warning of the poll, never its failure.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitor.documents import Limits, Ocr, read_document
from monitor.errors import DocumentError, SourceError
from monitor.models import Access, Attachment, Fetcher, Item, ItemType, Request
from monitor.text import one_line

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
# Pictures, recordings and minutes of long ago tell no filter anything.
_LEFT_OUT = (".mp3", ".mp4", ".m4v", ".jpg", ".jpeg", ".png", ".gif", ".zip", ".ics")
MOST_OF_ONE_ITEM = 5
NAME = 60

Fields = tuple[tuple[str, str], ...]


@dataclass
class Reader:
    """Reads the attachments of one poll, each address once, and a bounded number in all.

    most: documents of one poll, 0 reads none; what is over it is named in `summed_up`.
    """

    fetcher: Fetcher
    pace: float
    most: int
    limits: Limits = field(default_factory=Limits)
    ocr: Ocr | None = None
    warnings: list[str] = field(default_factory=list)
    requests: int = 0
    _read: dict[str, Fields] = field(default_factory=dict)
    _left: int = 0

    def fields(self, item: Item) -> Fields:
        """Return an item's documents as (name with page, text) pairs."""
        if not self.most or item.type not in READ_FOR or item.muted:
            return ()
        return tuple(pair for one in wanted(item.attachments) for pair in self._document(one))

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
        return self._read[attachment.url]

    def _fetched(self, attachment: Attachment) -> Fields:
        self.requests += 1
        request = Request(
            attachment.url, access=Access.DOCUMENT, conditional=False, optional=True, pace=self.pace
        )
        try:
            answer = self.fetcher.fetch(request)
            media_type = answer.header("content-type").partition(";")[0].strip().lower()
            document = read_document(
                answer.body,
                media_type,
                attachment.url,
                self.limits,
                ocr=self.ocr,
                clock=time.monotonic,
            )
        except (SourceError, DocumentError) as fault:
            self.warnings.append(str(fault))
            return ()
        if document.unread:
            self.warnings.append(
                f"{attachment.url}: {len(document.unread)} pages are pictures and were not read"
            )
        return tuple(_pages(attachment, document.pages))


def wanted(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Choose the attachments worth reading, the first few of them."""
    chosen = [
        one
        for one in attachments
        if one.url.startswith(("http://", "https://"))
        and not one.url.lower().partition("?")[0].endswith(_LEFT_OUT)
        and not one.media_type.startswith(("image/", "audio/", "video/"))
    ]
    return tuple(chosen[:MOST_OF_ONE_ITEM])


def _pages(attachment: Attachment, pages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    name = one_line(attachment.title, NAME) or "document"
    for number, text in enumerate(pages, start=1):
        if text.strip():
            yield (f"{name} p. {number}" if len(pages) > 1 else name, text)
