"""Reads the feeds of Legistar's public sites, where the Web API is closed or stale.

Feed.ashx?M=L                    legislation that a saved search finds
Feed.ashx?M=Calendar, M=C        meetings ──→ M=CalendarDetail: the next meetings' agendas
Feed.ashx?M=LD                   one matter's history

A feed's ID and GUID belong together, and may expire: a page of the site names the valid ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import ClassVar
from urllib.parse import quote, urlsplit

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._feed_record import FeedRecord
from monitor.connectors._feeds import read_feed
from monitor.connectors._legistar_feeds import Visit, agenda_item, matter, meeting
from monitor.connectors._legistar_sites import council_of, numbered
from monitor.connectors._meeting_pages import read_page
from monitor.errors import SoftError
from monitor.models import (
    Access,
    Entry,
    Hearing,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.text import one_line
from monitor.urls import absolute, host

_FEED = re.compile(r"/Feed\.ashx\?", re.IGNORECASE)
_MODE = re.compile(r"[?&]M=(\w+)", re.IGNORECASE)
_AHEAD = timedelta(days=45)
_CALENDARS = ("CALENDAR", "C")
_NO_FEED = b"Invalid parameters"
_SHORT = 200


@register
class LegistarRss(BaseConnector):
    """Councils on Legistar, by the feeds of their public site.

    url: a feed's address (https://<client>.legistar.com/Feed.ashx?M=…&ID=…&GUID=…), or that of the
        page that names it (Calendar.aspx), which is then read first at each poll.
    agendas: of how many coming meetings of a calendar one poll reads the agenda at most, the next
        ones first; default 20, and 0 reads none.
    """

    kind: ClassVar[str] = "legistar_rss"
    platform: ClassVar[str] = "legistar"
    pace: ClassVar[float] = 2.7

    url: str = Field(pattern=r"^https?://[^\s/]+/")
    agendas: int = Field(default=20, ge=0, le=100)

    @field_validator("url")
    @classmethod
    def _is_complete(cls, url: str) -> str:
        found = numbered(url)
        if _FEED.search(url) and (found is None or not found.guid or not _MODE.search(url)):
            raise ValueError("a feed's address has M, ID and GUID, which belong together")
        return url.replace(" ", "%20")

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a feed by Feed.ashx?M=…; a site's pages are better read by the Web API's kind."""
        del page
        known = _FEED.search(url) and _MODE.search(url) and numbered(url)
        return (("url", url),) if known else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the feed, or for the page that names it."""
        del poll
        if _FEED.search(self.url):
            yield self._feed(self.url)
        else:
            yield Request(self.url, access=Access.PAGE, step="page", conditional=False)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a feed, or find its address on the page; raises SoftError or FormatError."""
        if response.request.step == "page":
            yield self._feed(_named_feed(response))
            return
        if len(response.body) < _SHORT and _NO_FEED in response.body:
            raise SoftError(response.url, "the server says: invalid parameters")
        feed = read_feed(response)
        if not feed.records and feed.title.strip().lower() == "invalid feed":
            raise SoftError(
                response.url,
                "the server says: invalid feed; take its new address from the council's page",
            )
        if feed.fault:
            yield Refusal(
                "what follows the fault may be lost", f"not well-formed XML, {feed.fault}"
            )
        yield from self._records(feed.records, feed.title, response, poll)

    def _records(
        self, records: tuple[FeedRecord, ...], title: str, response: Response, poll: Poll
    ) -> Iterator[Parsed]:
        visit = Visit(f"legistar/{council_of(self.url)}", response.url, poll)
        mode = _MODE.search(response.request.url)
        step = mode[1].upper() if mode else ""
        found = []
        for number, record in enumerate(records, start=1):
            if not (record.title.strip() or record.summary.strip()):
                what = f"entry {number} {one_line(record.id, 60)}".strip()
                yield Refusal(what, "it has no words")
                continue
            if step == "CALENDARDETAIL":
                entry = agenda_item(record, title, response.request.about, visit)
            elif step in _CALENDARS:
                entry = meeting(record, visit)
                found.append((record, entry))
            else:
                entry = matter(record, visit)
            yield entry
        yield from self._agendas(found, poll)

    def _agendas(self, found: list[tuple[FeedRecord, Entry]], poll: Poll) -> Iterator[Request]:
        """Ask for the agendas of the meetings that come next and are held."""
        ahead: list[tuple[Hearing, str, Entry]] = []
        for record, entry in found:
            held, number = entry.hearings[0], numbered(record.link)
            near = held.starts and poll.now - timedelta(days=1) <= held.starts <= poll.now + _AHEAD
            if near and not held.cancelled and number and number.guid:
                query = f"M=CalendarDetail&ID={number.id}&GUID={number.guid}"
                ahead.append((held, query, entry))
        ahead.sort(key=lambda one: (one[0].starts or poll.now, one[1]))
        root = "{0.scheme}://{0.netloc}".format(urlsplit(self.url))
        for held, query, entry in ahead[: self.agendas]:
            yield Request(
                f"{root}/Feed.ashx?{query}",
                access=Access.FEED,
                step="feed",
                about=(entry.office, held.said),
                conditional=False,
                optional=True,
            )

    def _feed(self, url: str) -> Request:
        # A calendar leads on to agendas, so that an unchanged one is read too.
        mode = _MODE.search(url)
        calendar = bool(mode) and mode[1].upper() in _CALENDARS  # type: ignore[index]
        return Request(
            url, access=Access.FEED, step="feed", conditional=not (calendar and self.agendas)
        )


def _named_feed(response: Response) -> str:
    """Find the feed that a page names in its head; raises SoftError where it names none."""
    for link in read_page(response).iter("link", "a"):
        target = absolute(response.url, link.get("href") or "")
        if _FEED.search(target) and host(target) == host(response.url):
            return quote(target, safe=":/?&=%+,()-._~")
    raise SoftError(response.url, "the page names no feed")
