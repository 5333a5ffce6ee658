"""Reads councils on Municode Meetings by the table of their Drupal pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._aspnet_pages import cells, parameter
from monitor.connectors._meeting_pages import Element, classed, links, read_page, said
from monitor.connectors._meetings import meeting_at, meeting_on, shown_between
from monitor.errors import FormatError
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
from monitor.text import digest, fold, one_line
from monitor.urls import host

_HOST = re.compile(r"([a-z0-9-]+)\.municodemeetings\.com", re.IGNORECASE)
_LINK = re.compile(r"https?://(?!www\.)([a-z0-9-]+)\.municodemeetings\.com", re.IGNORECASE)
_GUID = re.compile(r"MEET-[A-Za-z ]+-([0-9a-f-]{32,36})\.pdf", re.IGNORECASE)
_DAY = re.compile(r"([A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{1,2}/\d{1,2}/\d{4})(.*)")
_STORES = ("mccmeetings.blob.core.usgovcloudapi.net", "meetings.municode.com")
# Drupal names its columns in `data-th` and in classes; councils rename the former.
_COLUMNS = (
    ("date", ("date", "calendar-date", "smart-date")),
    ("meeting", ("meeting", "title")),
    ("agenda", ("agenda", "agendas")),
    ("packet", ("packet", "packets")),
    ("minutes", ("minutes",)),
    ("video", ("video", "video-link")),
)


@register
class MunicodeMeetings(BaseConnector):
    """Councils on Municode Meetings (CivicPlus): meetings with agendas, packets and minutes.

    client: the name before .municodemeetings.com (columbus-ga).
    site: the address of the page with the table, where a council has it on a site of its own.
    pages: how many pages of the table one poll reads at most, newest first; default 2.
    lookback_days: meetings longer ago are left out, and end the reading; default 60.
    """

    kind: ClassVar[str] = "municode_meetings"
    platform: ClassVar[str] = "municode_meetings"
    pace: ClassVar[float] = 2.7
    lists_upcoming: ClassVar[bool] = True

    client: str = Field(default="", pattern=r"^[A-Za-z0-9-]*$")
    site: str = Field(default="", pattern=r"^$|^https?://[^\s?#]+$")
    pages: int = Field(default=2, ge=1, le=20)
    lookback_days: int = Field(default=60, ge=1, le=3660)

    @model_validator(mode="after")
    def _is_somewhere(self) -> MunicodeMeetings:
        if bool(self.client) == bool(self.site):
            raise ValueError("give either `client` or `site`")
        return self

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a client by <client>.municodemeetings.com, in the address or in a link."""
        found = _HOST.fullmatch(host(url)) or _LINK.search(page)
        return (("client", found.group(1).lower()),) if found else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the table's first page."""
        del poll
        yield self._page(0)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page of the table, and ask for the next while its meetings are recent."""
        page = read_page(response)
        number = int(response.request.about[0])
        rows = [row for row in page.iter("tr") if _column(row, "date") is not None]
        if not rows and number == 0 and not _is_table(page):
            raise FormatError(self._address(), "the page holds no table of meetings")
        first = poll.now - timedelta(days=self.lookback_days)
        wanted = min(first, poll.since) if poll.since else first
        recent = []
        for row in rows:
            one = self._meeting(row, response.url, poll)
            starts = one.hearings[0].starts if isinstance(one, Entry) else None
            if isinstance(one, Refusal) or starts is None or starts >= wanted:
                recent.append(one)
        yield from recent
        yield from shown_between(recent)
        if rows and len(recent) == len(rows) and number + 1 < self.pages:
            yield self._page(number + 1)

    def _meeting(self, row: Element, base: str, poll: Poll) -> Entry | Refusal:
        title = said(_column(row, "meeting"))
        if not title:
            return Refusal(one_line(said(row), 80) or "a meeting", "its row has no title")
        held = _held(_column(row, "date"), title, poll)
        found = tuple(links(row, base))
        own = next((url for _, url in found if _is_own_page(url, base)), "")
        return Entry(
            type=ItemType.MEETING,
            key=_key(own, found, held, title),
            title=title,
            url=own or self._address(),
            office=title,
            hearings=(held,),
            attachments=_documents(row, base),
        )

    def _page(self, number: int) -> Request:
        return Request(
            f"{self._address()}?page={number}" if number else self._address(),
            access=Access.PAGE,
            step="table",
            about=(str(number),),
            conditional=False,
            optional=number > 0,
        )

    def _address(self) -> str:
        return self.site or f"https://{self.client.lower()}.municodemeetings.com/"


def _is_table(page: Element) -> bool:
    """Tell an empty view of meetings, which Drupal marks as such, from another page."""
    return any(True for _ in classed(page, "view-empty", "views-table"))


def _column(row: Element, name: str) -> Element | None:
    """Find a row's cell by its column, as `data-th` or a class calls it."""
    names = dict(_COLUMNS)[name]
    for cell in cells(row):
        if cell.tag == "td" and fold(cell.get("data-th") or "") in names:
            return cell
    for cell in cells(row):
        for one in (cell.get("class") or "").split():
            plain = re.sub(r"^views-field-(?:field-)?|-\d+$", "", one)
            if cell.tag == "td" and plain in names and plain != one:
                return cell
    return None


def _held(cell: Element | None, title: str, poll: Poll) -> Hearing:
    """Read a meeting's time: exact in an attribute, or as people read it."""
    if cell is not None:
        for one in classed(cell, "date-display-single", "date-display-start"):
            exact = (one.get("content") or "")[:19]
            held = meeting_at(exact, poll, words=(title,)) if exact else None
            if held and held.starts:
                return held
    words = said(cell)
    found = _DAY.search(words)
    return meeting_on(found[1] if found else words, found[2] if found else "", poll, words=(title,))


def _is_own_page(url: str, base: str) -> bool:
    """Tell whether a link leads to the meeting's own page on the council's site."""
    path = urlsplit(url).path
    return host(url) == host(base) and "/page/" in path and not path.lower().endswith(".pdf")


def _key(own: str, found: tuple[tuple[str, str], ...], held: Hearing, title: str) -> str:
    """Identify a meeting by its own page, else by its documents' id, else by its time and title."""
    if own:
        return f"page-{urlsplit(own).path.strip('/').rpartition('/')[2]}"
    for _, url in found:
        document = _GUID.search(url)
        guid = document[1] if document else parameter(url, "me")
        if re.fullmatch(r"[0-9A-Fa-f-]{32,36}", guid):
            return f"meet-{guid.replace('-', '').lower()}"
    return f"day-{digest(held.said, fold(title))[:12]}"


def _documents(row: Element, base: str) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for name in ("agenda", "packet", "minutes"):
        cell = _column(row, name)
        for words, url in () if cell is None else links(cell, base):
            shown = name.capitalize() if not words or words.lower() == name else f"{name}: {words}"
            found.setdefault(url, Attachment(one_line(shown.capitalize(), 200), url))
    for words, url in _stored(row, base):
        found.setdefault(url, Attachment(one_line(words, 200) or "Document", url))
    return tuple(found.values())


def _stored(row: Element, base: str) -> Iterator[tuple[str, str]]:
    """Give the documents in columns that nobody foresaw: they lie in Municode's own stores."""
    for words, url in links(row, base):
        if host(url) in _STORES:
            yield words, url
