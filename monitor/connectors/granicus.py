"""Reads Granicus: a view's feed of agendas or minutes, and its page of coming meetings.

/ViewPublisherRSS.php?view_id=…&mode=agendas     the newest 100
/ViewPublisher.php?view_id=…                     coming events, with the time of day

Format: biglocalnews/civic-scraper, civic_scraper/platforms/granicus/site.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Annotated, ClassVar, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._feed_record import FeedRecord
from monitor.connectors._feeds import read_feed
from monitor.connectors._granicus_pages import Listed, listed
from monitor.connectors._meeting_pages import read_page
from monitor.connectors._meetings import meeting_at, meeting_on, shown_between
from monitor.dates import parse_date
from monitor.errors import SoftError
from monitor.models import (
    Access,
    Attachment,
    Entry,
    ItemType,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.text import clean_text, digest, fold, one_line
from monitor.urls import absolute, host

_HOST = re.compile(r"([\w-]+)\.granicus\.com$", re.IGNORECASE)
_PUBLISHER = re.compile(r"/(?:ViewPublisher(?:RSS)?|AgendaViewer|MediaPlayer)\.php", re.IGNORECASE)
_LINK = re.compile(
    r"(?:https?:)?//([\w-]+)\.granicus\.com/ViewPublisher(?:RSS)?\.php\?[^\"'<>]*?view_id=(\d{1,6})",
    re.IGNORECASE,
)
_VIEW = re.compile(rb"ViewPublisher|listingTable|id=[\"'](?:upcoming|archive)", re.IGNORECASE)
_DAY_OF = timedelta(days=1)
_GUID = re.compile(r"<guid[^>]*>\s*(.*?)\s*</guid>", re.DOTALL)
_PARTS = re.compile(r"<gran:pubDateParts\b([^>]*)>")
_PART = re.compile(r"\b(yr|mo|day|hr|min|sec)\s*=\s*[\"'](\d{1,4})[\"']")
_ITEM = re.compile(r"<item\b.*?</item>", re.DOTALL)
_DATED = re.compile(
    r"\s+-\s+(?P<day>[A-Z][a-z]{2,8}\.? +\d{1,2}, +\d{4})(?: +(?P<clock>\d{1,2}:\d{2} *[AP]M))?\s*$"
)
_SORT = re.compile(r"\s+-\s+(Agenda|Minutes|Video)\s*$", re.IGNORECASE)


@register
class Granicus(BaseConnector):
    """Councils whose agendas, minutes and meetings stand on Granicus.

    site: the first word of <site>.granicus.com, or a whole host.
    views: number of the view to read (view_id), or a list of such; default 1.
    modes: which feeds of each view: agendas (default), minutes, or none.
    upcoming: read the page of each view for meetings ahead, with their time; default true.
    """

    kind: ClassVar[str] = "granicus"
    platform: ClassVar[str] = "granicus"
    pace: ClassVar[float] = 3.6
    lists_upcoming: ClassVar[bool] = True

    site: str = Field(pattern=r"^[A-Za-z0-9.-]+$")
    views: Annotated[tuple[int, ...], Field(strict=False, min_length=1, max_length=20)] = (1,)
    modes: Annotated[tuple[Literal["agendas", "minutes"], ...], Field(strict=False)] = ("agendas",)
    upcoming: bool = True

    @field_validator("views", mode="before")
    @classmethod
    def _one_or_several(cls, views: object) -> object:
        """Take a single number, or the text of one, as a list of one."""
        if isinstance(views, str) and views.isascii() and views.isdigit():
            return (int(views[:9]),)
        return (views,) if isinstance(views, int) else views

    @field_validator("views")
    @classmethod
    def _are_numbers(cls, views: tuple[int, ...]) -> tuple[int, ...]:
        if not all(view > 0 for view in views):
            raise ValueError("a view has a number above 0")
        return views

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a view by <site>.granicus.com/ViewPublisher.php?view_id=…, or by a link to one."""
        found = _HOST.match(host(url))
        if found and not found.group(1).lower().startswith("legistar") and _PUBLISHER.search(url):
            view = _query(url).get("view_id", "")
            return (("site", found.group(1).lower()), *((("views", view),) if view else ()))
        linked = _LINK.search(page)
        return (("site", linked[1].lower()), ("views", linked[2])) if linked else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the feeds and the page of each view."""
        del poll
        base = f"https://{self.site if '.' in self.site else f'{self.site}.granicus.com'}"
        for view in self.views:
            for mode in self.modes:
                url = f"{base}/ViewPublisherRSS.php?view_id={view}&mode={mode}"
                yield Request(url, access=Access.FEED, step=mode, conditional=False)
            if self.upcoming:
                url = f"{base}/ViewPublisher.php?view_id={view}"
                spared = bool(self.modes)
                yield Request(
                    url, access=Access.PAGE, step="page", conditional=False, optional=spared
                )

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a feed or a page; raises SoftError or FormatError where it is none."""
        if response.request.step == "page":
            found = list(_page(response, poll))
            yield from found
            if len(self.views) == 1:
                # Of several views none tells which meetings were the other one's.
                yield from shown_between(found, "page-", whole=True)
            return
        feed = read_feed(response)
        if feed.fault:
            yield Refusal(
                "what follows the fault may be lost", f"not well-formed XML, {feed.fault}"
            )
        hours = _true_times(response.body)
        for number, record in enumerate(feed.records, start=1):
            if not record.title.strip():
                yield Refusal(f"entry {number} {one_line(record.id, 40)}", "it has no title")
            else:
                yield _published(record, hours.get(record.id, ""), response, poll)


def _page(response: Response, poll: Poll) -> Iterator[Parsed]:
    """Read the coming meetings of a view's page, and what its archive adds to them.

    Rows that are over are left to the feed: a page holds up to thirty years of them.
    """
    found = list(listed(read_page(response), response.url))
    if not found and not _VIEW.search(response.body):
        raise SoftError(response.url, "the page is not a view of Granicus")
    for row in found:
        entry = _coming(row, response, poll)
        starts = entry.hearings[0].starts
        if row.upcoming or (starts is not None and starts >= poll.now - _DAY_OF):
            yield entry


def _coming(row: Listed, response: Response, poll: Poll) -> Entry:
    """Make an entry of a row; where it has no number, body and day identify it."""
    held = meeting_on(row.day, row.clock, poll, words=(row.title,))
    key = row.number or f"row-{digest(fold(row.title), row.day)[:16]}"
    return Entry(
        type=ItemType.MEETING,
        key=f"page-{key}",
        title=row.title,
        url=row.files[0].url if row.files else response.url,
        office=row.title,
        hearings=(held,),
        attachments=row.files,
    )


def _published(record: FeedRecord, hour: str, response: Response, poll: Poll) -> Entry:
    """Make an entry of a feed's item.

    Its pubDate is the meeting's time on a clock of twelve hours with a fixed zone; the true hour
    stands in gran:pubDateParts. An item without those parts has the day of its title.
    """
    title = clean_text(record.title, html=True).replace("\n", " ")
    dated = _DATED.search(title)
    name = title[: dated.start()] if dated else title
    sort = _SORT.search(name)
    name = name[: sort.start()] if sort else name
    link = absolute(response.url, record.link)
    held = (
        meeting_at(hour, poll, words=(title,))
        if hour
        else meeting_on(
            dated["day"] if dated else record.published[:16],
            (dated["clock"] or "") if dated else "",
            poll,
            words=(title,),
        )
    )
    sort_of = (sort[1] if sort else response.request.step.removesuffix("s")).title()
    return Entry(
        type=ItemType.MEETING,
        key=f"{response.request.step}-{_number(link) or record.id}",
        title=name.strip() or title,
        url=link,
        office=name.strip(),
        published_said="" if parse_date(record.published, "UTC") else record.published,
        hearings=(held,),
        attachments=(Attachment(sort_of, link),) if link else (),
        labels=(sort_of.lower(),),
    )


def _true_times(body: bytes) -> dict[str, str]:
    """Find each item's time of day by its guid; feeds are read without this namespace."""
    found = {}
    for item in _ITEM.findall(body.decode("utf-8", "replace")):
        guid, parts = _GUID.search(item), _PARTS.search(item)
        if guid and parts:
            told = dict(_PART.findall(parts[1]))
            if {"yr", "mo", "day", "hr", "min"} <= told.keys():
                found[guid[1]] = (
                    f"{told['yr']}-{told['mo']:0>2}-{told['day']:0>2}"
                    f"T{told['hr']:0>2}:{told['min']:0>2}:00"
                )
    return found


def _number(link: str) -> str:
    """Return the viewer's number of a meeting: clip, event, or the older ID."""
    told = {name.lower(): value for name, value in _query(link).items()}
    for name in ("clip_id", "event_id", "meetingid", "id"):
        if told.get(name, "").isdigit():
            return f"{name.removesuffix('_id')}-{told[name]}"
    return ""


def _query(url: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    except ValueError:
        return {}
