"""Reads councils on CivicPlus: the Agenda Center, and the feeds of a site's modules.

/AgendaCenter/Search/?…&startDate=…&endDate=…    agendas and minutes of some weeks
/RSSFeed.aspx?ModID=58&CID=All-calendar.xml      the calendar, with places and times

Format: biglocalnews/civic-scraper, civic_scraper/platforms/civic_plus/site.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Annotated, ClassVar
from urllib.parse import quote

from pydantic import Field, field_validator, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._civicplus_entries import AGENDAS, CALENDAR, agendas, feed_entry
from monitor.connectors._feeds import read_feed
from monitor.connectors._meeting_pages import read_page
from monitor.dates import local
from monitor.errors import SoftError
from monitor.models import Access, Pairs, Parsed, Poll, Refusal, Request, Response
from monitor.urls import host

_PATHS = re.compile(r"/AgendaCenter\b|/Archive\.aspx\?AMID=|/RSSFeed\.aspx\?ModID=", re.IGNORECASE)
_FOOTER = re.compile(r"Government Websites by\s*(?:<[^>]*>\s*)*CivicPlus", re.IGNORECASE)
_SITE = re.compile(r"^(https?://[^/?#\s]+)", re.IGNORECASE)
# What a site calls all entries of a module.
_ALL = {CALENDAR: "&CID=All-calendar.xml", AGENDAS: "&CID=All-0"}


@register
class CivicPlus(BaseConnector):
    """Cities and counties on CivicPlus (CivicEngage).

    site: the site's address, such as https://www.hainescity.com.
    agendas: read the Agenda Center; default true.
    modules: numbers of the feeds to read: 58 calendar (default), 1 news flash, 63 alerts, 65
        agendas, 51 blog, 76 pages, 92 media. A feed may be empty for years.
    lookback_days: how far back agendas and minutes are looked for; default 14.
    ahead_days: how far ahead; default 60.
    """

    kind: ClassVar[str] = "civicplus"
    platform: ClassVar[str] = "civicplus"
    # `lists_upcoming` stays false: the Agenda Center lists documents, not meetings, and the feed
    # does not say how far ahead it goes.
    # It blocks what asks faster (Engagic, vendors/rate_limiter_async.py).
    pace: ClassVar[float] = 7.2

    site: str = Field(pattern=r"^https?://[^\s/]+/?$")
    agendas: bool = True
    modules: Annotated[tuple[int, ...], Field(strict=False, max_length=10)] = (CALENDAR,)
    lookback_days: int = Field(default=14, ge=0, le=3660)
    ahead_days: int = Field(default=60, ge=0, le=365)

    @field_validator("site")
    @classmethod
    def _without_slash(cls, address: str) -> str:
        return address.rstrip("/")

    @model_validator(mode="after")
    def _reads_something(self) -> CivicPlus:
        if not (self.agendas or self.modules):
            raise ValueError("`agendas` is false and `modules` empty: nothing is left to read")
        return self

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a site by the Agenda Center's path, by its host, or by its footer."""
        found = _SITE.match(url)
        known = host(url).endswith(".civicplus.com") or _PATHS.search(url) or _FOOTER.search(page)
        return (("site", found.group(1)),) if found and known else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the agendas of some weeks and for the feeds."""
        if self.agendas:
            back = poll.now - timedelta(days=self.lookback_days)
            first = min(back, poll.since) if poll.since else back
            span = (first, poll.now + timedelta(days=self.ahead_days))
            start, end = (
                quote(local(one, poll.timezone).strftime("%m/%d/%Y"), safe="") for one in span
            )
            query = f"term=&CIDs=all&startDate={start}&endDate={end}&dateRange=&dateSelector="
            yield Request(
                f"{self.site}/AgendaCenter/Search/?{query}",
                access=Access.PAGE,
                step="agendas",
            )
        for module in self.modules:
            yield Request(
                f"{self.site}/RSSFeed.aspx?ModID={module}{_ALL.get(module, '')}",
                access=Access.FEED,
                step="feed",
                about=(str(module),),
            )

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a search of the Agenda Center, or a feed; raises SoftError or FormatError."""
        if response.request.step == "agendas":
            root = read_page(response)
            # A search that finds nothing is the same page without rows.
            if b"agendacenter" not in response.body.lower():
                raise SoftError(response.url, "the page is no Agenda Center of CivicPlus")
            yield from agendas(root, response.url, poll)
        else:
            yield from self._feed(response, poll)

    def _feed(self, response: Response, poll: Poll) -> Iterator[Parsed]:
        feed = read_feed(response)
        module = int(response.request.about[0])
        if feed.fault:
            yield Refusal(
                "what follows the fault may be lost", f"not well-formed XML, {feed.fault}"
            )
        for number, record in enumerate(feed.records, start=1):
            if record.title.strip():
                yield feed_entry(record, module, response.url, poll)
            else:
                yield Refusal(f"entry {number} {record.id[:60]}".strip(), "it has no title")
