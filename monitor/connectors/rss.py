"""Reads feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._feed_record import FeedRecord
from monitor.connectors._feeds import read_feed
from monitor.dates import parse_date, plausible, wall_clock
from monitor.errors import SoftError
from monitor.models import (
    Access,
    Attachment,
    Entry,
    Hearing,
    ItemType,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.text import clean_text, digest, fold, one_line
from monitor.urls import absolute, canonical

# CivicPlus ends a guid with .NET ticks of the last edit, Legistar with its date and time.
_EDITED = re.compile(r"[/|?&=_-]6\d{17}$|-(?:19|20)\d\d(?:-\d\d){5}$")
# A feed's root, and a page's pointer to one (https://blog.whatwg.org/feed-autodiscovery).
_FEED = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
_ALTERNATE = re.compile(
    r"<link\b[^>]*\btype=[\"']application/(?:rss|atom|feed)\+(?:xml|json)[\"'][^>]*>", re.IGNORECASE
)
_HREF = re.compile(r"\bhref=([\"'])(.*?)\1", re.IGNORECASE)
_HEAD = 200_000
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")
# How much of an excerpt is looked for in the whole text, and where.
_PROBE = 8
_BEGINNING = 6_000
_TITLE = 120


@register
class Rss(BaseConnector):
    """Any RSS, Atom or JSON feed.

    url: the feed's address.
    type: what its entries are: news (default), press_release, executive_order, opinion, meeting, …
    identity: what tells one entry from another: guid (default; the time of the last edit at its end
        is ignored), link, or title.
    strip: parameters to drop from the links, such as `feed` in New Orleans.
    keep: where given, the only parameters that count in a link's identity.
    published_is: what pubDate means: publication (default), or hearing where it is the time of the
        meeting.
    clock: stated (default), or local where the zone in the feed's dates is wrong and the time is
        local.
    """

    kind: ClassVar[str] = "rss"
    platform: ClassVar[str] = "feed"
    window: ClassVar[bool] = True

    url: str
    type: Annotated[ItemType, Field(strict=False)] = ItemType.NEWS
    identity: Literal["guid", "link", "title"] = "guid"
    strip: Annotated[tuple[str, ...], Field(strict=False)] = ()
    keep: Annotated[tuple[str, ...], Field(strict=False)] = ()
    published_is: Literal["publication", "hearing"] = "publication"
    clock: Literal["stated", "local"] = "stated"

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if not absolute("", url):
            raise ValueError("must be an http or https address")
        return url

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a feed by its first words, and a page by the feed that it names (autodiscovery)."""
        if _FEED.match(page):
            return (("url", url),)
        for tag in _ALTERNATE.findall(page[:_HEAD]):
            link = (
                absolute(url, html.unescape(found.group(2))) if (found := _HREF.search(tag)) else ""
            )
            if link:
                return (("url", link),)
        return None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the feed."""
        del poll
        yield Request(self.url, access=Access.FEED)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the feed; raises SoftError for a page instead of a feed, FormatError otherwise."""
        feed = read_feed(response)
        if not feed.records and feed.title.strip().lower() == "invalid feed":
            raise SoftError(response.url, "the server says: invalid feed")
        if feed.fault:
            yield Refusal(
                "what follows the fault may be lost", f"not well-formed XML, {feed.fault}"
            )
        yield from self._entries(feed.records, response.url, poll)

    def _entries(self, records: tuple[FeedRecord, ...], base: str, poll: Poll) -> Iterator[Parsed]:
        for number, record in enumerate(records, start=1):
            if record.title or record.summary or record.content:
                yield self._entry(record, base, poll)
            else:
                named = record.id or record.link
                yield Refusal(f"entry {number} {named}".strip(), "it has no words")

    def _entry(self, record: FeedRecord, base: str, poll: Poll) -> Entry:
        # A guid may serve as the link, but "7" is none even where isPermaLink is not denied.
        is_link = record.link != record.id or "/" in record.link
        link = self._link(record.link, base) if is_link else ""
        body = _body(record)
        said = record.published or record.updated
        moment = self._moment(said, poll)
        ahead = self.published_is == "hearing"
        return Entry(
            type=self.type,
            key=self._key(record, base),
            title=record.title or _title_of(body),
            body=body,
            url=link,
            html=True,
            published=None if ahead else moment,
            published_said="" if moment or ahead else said,
            updated=self._moment(record.updated, poll) if record.published else None,
            hearings=(Hearing("meeting", moment, poll.timezone, said=said),)
            if ahead and said
            else (),
            attachments=tuple(_attachments(record, base)),
            labels=record.labels,
        )

    def _moment(self, said: str, poll: Poll) -> datetime | None:
        """Read a date; None where it cannot be read or cannot be meant (the year 5025)."""
        if not said:
            return None
        read = wall_clock if self.clock == "local" else parse_date
        moment = read(said, poll.timezone)
        return moment if moment and plausible(moment, poll.now) else None

    def _link(self, link: str, base: str) -> str:
        whole = absolute(base, link)
        return _without(whole, self.strip) if self.strip and "?" in whole else whole

    def _key(self, record: FeedRecord, base: str) -> str:
        if self.identity == "title" and record.title:
            return f"title:{digest(fold(clean_text(record.title, html=True)))}"
        if self.identity == "link" or not record.id:
            link = self._link(record.link, base) if self.keep and record.link else ""
            return canonical(link, self.keep) if link else ""
        if self.strip and record.id.lower().startswith("http"):
            return _EDITED.sub("", self._link(record.id, base))
        return _EDITED.sub("", record.id)


def _without(link: str, names: tuple[str, ...]) -> str:
    """Drop parameters from a link; the others keep their order and spelling."""
    parts = urlsplit(link)
    kept = [pair for pair in parts.query.split("&") if pair.partition("=")[0] not in names]
    return urlunsplit(parts._replace(query="&".join(kept)))


def _body(record: FeedRecord) -> str:
    """Return the longest text, and the other one too where it says something else."""
    longer, shorter = record.content, record.summary
    if len(shorter) > len(longer):
        longer, shorter = shorter, longer
    if not shorter or _repeats(shorter, longer):
        return longer
    return f"{longer}\n<hr>\n{shorter}"


def _repeats(shorter: str, longer: str) -> bool:
    """Tell whether a text is only the other's beginning, as a blog's excerpt is."""
    if shorter in longer:
        return True
    probe = _WORD.findall(_TAG.sub(" ", shorter[:_BEGINNING]))[:_PROBE]
    words = _WORD.findall(_TAG.sub(" ", longer[:_BEGINNING]))
    return f" {' '.join(probe)} " in f" {' '.join(words)} "


def _title_of(body: str) -> str:
    """Make a title of the first words; the result is HTML, like the body."""
    line = one_line(clean_text(body, html=True), _TITLE)
    return line.replace("&", "&amp;").replace("<", "&lt;")


def _attachments(record: FeedRecord, base: str) -> Iterator[Attachment]:
    """Give each enclosure an address and, where it has no title, its file's name."""
    for one in record.enclosures:
        link = absolute(base, one.url)
        if link:
            name = unquote(urlsplit(link).path.rpartition("/")[2])
            yield Attachment(clean_text(one.title) or clean_text(name), link, one.media_type)
