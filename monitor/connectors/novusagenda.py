"""Reads councils on NovusAGENDA by its public pages; it has neither an API nor a feed.

search page: grid of meetings ──→ meetings → MeetingView.aspx → agenda items
             grid of items ─────→ agenda items (its first page alone)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._aspnet_pages import cells, number_in
from monitor.connectors._legistar_queries import in_turn
from monitor.connectors._meeting_pages import Element, classed, read_page, said
from monitor.connectors._meetings import meeting_on, shown_between
from monitor.errors import FormatError, SoftError
from monitor.models import (
    Access,
    Attachment,
    Entry,
    Hearing,
    ItemType,
    Mark,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.text import digest, fold, one_line
from monitor.urls import absolute, host

_HOST = re.compile(r"([\w-]+)\.novusagenda\.com", re.IGNORECASE)
_LINK = re.compile(r"https?://(?!www\.)([\w-]+)\.novusagenda\.com/agenda", re.IGNORECASE)
_SHORT_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})")
_OPENED = re.compile(r"window\.open\(\s*'([^']+)'")
_FAULT = re.compile(r"application_error|http error occurred", re.IGNORECASE)
_CENTURY = 2000
_RESULTS = timedelta(days=14)
_MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class _Row:
    """A grid's row: its cells' words by header, and its links by header."""

    words: dict[str, str]
    links: tuple[tuple[str, str], ...]

    def word(self, *headers: str) -> str:
        """Return the words below the first of some headers that the grid has."""
        return next((self.words[one] for one in headers if self.words.get(one)), "")

    def link(self, page: str) -> str:
        """Return the first link to a page, "" where there is none."""
        return next((url for _, url in self.links if page in url.lower()), "")


@register
class NovusAgenda(BaseConnector):
    """Councils on NovusAGENDA (Granicus): meetings and their agenda items.

    client: the name before .novusagenda.com.
    site: where it is; default https://<client>.novusagenda.com.
    page: the search page below /agendapublic/, with its query; default the start page. What a
        council's own site embeds is the best choice: meetingsgeneral.aspx?MeetingType=1&Date=6ms.
    meeting_types: read only meetings of these types, by name; default all.
    agendas: how many agendas one poll reads at most, default 20; the others have their turn next
        time. 0 reads none.
    """

    kind: ClassVar[str] = "novusagenda"
    platform: ClassVar[str] = "novusagenda"
    pace: ClassVar[float] = 3.6
    lists_upcoming: ClassVar[bool] = True

    client: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    site: str = Field(default="", pattern=r"^$|^https?://[^\s/]+/?$")
    page: str = Field(default="", pattern=r"^[A-Za-z0-9_.?&=%-]*$")
    meeting_types: tuple[str, ...] = Field(default=(), strict=False)
    agendas: int = Field(default=20, ge=0, le=60)

    @field_validator("site")
    @classmethod
    def _without_slash(cls, address: str) -> str:
        return address.rstrip("/")

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a client by <client>.novusagenda.com, and keep the search page that was open."""
        found = _HOST.fullmatch(host(url))
        if found:
            _, mark, rest = url.partition("/agendapublic/")
            searched = rest if mark and rest.lower().startswith("meetings") else ""
            return (("client", found[1].lower()), *((("page", searched),) if searched else ()))
        linked = _LINK.search(page)
        return (("client", linked[1].lower()),) if linked else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the search page."""
        del poll
        yield self._ask(self.page, "search")

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the search page or one meeting's agenda."""
        page = read_page(response)
        if _FAULT.search(response.url) or _FAULT.search(said(page)[:2_000]):
            raise SoftError(
                response.request.url.partition("?")[0],
                f"NovusAGENDA has no council {self.client!r}: check `client`",
            )
        if response.request.step == "agenda":
            yield from self._agenda(page, response.request.about, poll)
        else:
            yield from self._search(page, poll)

    def _search(self, page: Element, poll: Poll) -> Iterator[Parsed]:
        meetings, items = _grid(page, "radGridMeetings"), _grid(page, "radGridItems")
        if meetings is None:
            raise FormatError(self._folder(), "the page holds no grid of meetings")
        wanted = {fold(one) for one in self.meeting_types}
        found: list[Entry] = []
        for row in _rows(meetings, self._folder())[:_MOST_ROWS]:
            if wanted and fold(row.word("meeting type")) not in wanted:
                continue
            one = self._meeting(row, poll)
            yield one
            if isinstance(one, Entry):
                found.append(one)
        yield from shown_between(found)
        for row in () if items is None else _rows(items, self._folder())[:_MOST_ROWS]:
            if not wanted or fold(row.word("meeting type")) in wanted:
                yield self._listed_item(row, poll)
        yield from self._agendas(found, poll)

    def _meeting(self, row: _Row, poll: Poll) -> Entry | Refusal:
        day, kind = _long_year(row.word("meeting date", "date")), row.word("meeting type")
        if not day:
            return Refusal(one_line(" ".join(row.words.values()), 80), "its row has no date")
        place = row.word("meeting location", "location")
        number = _meeting_number(row)
        # A meeting without agenda has no id yet; its day and type stand in for one.
        key = f"meeting-{number}" if number else f"day-{digest(day, fold(kind))[:12]}"
        return Entry(
            type=ItemType.MEETING,
            key=key,
            title=kind or "Meeting",
            url=self._view(number) if number else f"{self._folder()}{self.page}",
            office=kind,
            hearings=(_held(day, kind, place, poll),),
            attachments=_documents(row),
        )

    def _listed_item(self, row: _Row, poll: Poll) -> Entry | Refusal:
        link = row.link("coversheet.aspx")
        item, meeting = number_in(link, "ItemID"), number_in(link, "MeetingID")
        title, kind = row.word("title"), row.word("meeting type")
        if not item or not title:
            return Refusal(title or "an agenda item", "its row has no title or no link")
        day = _long_year(row.word("date", "meeting date"))
        held = _held(day, kind, row.word("location", "meeting location"), poll)
        category = row.word("category")
        return self._item(item, meeting, title, (kind, held), category)

    def _item(
        self, item: str, meeting: str, title: str, held: tuple[str, Hearing], category: str = ""
    ) -> Entry:
        return Entry(
            type=ItemType.AGENDA_ITEM,
            key=f"item-{item}",
            title=title,
            url=f"{self._folder()}CoverSheet.aspx?ItemID={item}&MeetingID={meeting}",
            office=held[0],
            hearings=(held[1],),
            labels=(category,) if category else (),
        )

    def _agendas(self, found: list[Entry], poll: Poll) -> Iterator[Request | Mark]:
        """Ask for agendas: those that had to wait, then the meetings nearest to now."""
        known = {
            int(one.key.removeprefix("meeting-")): one
            for one in sorted(found, key=lambda one: _distance(one, poll.now))
            if one.key.startswith("meeting-") and _is_worth_reading(one, poll.now)
        }
        if not self.agendas:
            return
        taken, waiting = in_turn(known, poll.mark("agendas"), self.agendas)
        for number in taken:
            [held] = known[number].hearings
            about = (str(number), known[number].office, held.said, held.place)
            yield self._ask(
                f"MeetingView.aspx?MeetingID={number}&MinutesMeetingID=-1&doctype=Agenda",
                "agenda",
                about,
                optional=True,
            )
        yield Mark("agendas", waiting)

    def _agenda(self, page: Element, about: tuple[str, ...], poll: Poll) -> Iterator[Entry]:
        """Read an agenda's links to cover sheets; the pages differ in everything else."""
        meeting, kind, day, place = about
        held = _held(day, kind, place, poll)
        seen: set[str] = set()
        for anchor in page.iter("a"):
            url = _target(anchor, self._folder())
            item = number_in(url, "ItemID") if "coversheet.aspx" in url.lower() else ""
            title = one_line(said(anchor)) or _around(anchor)
            if item and title and item not in seen:
                seen.add(item)
                yield self._item(item, meeting, title, (kind, held))

    def _view(self, number: str) -> str:
        return (
            f"{self._folder()}MeetingView.aspx"
            f"?MeetingID={number}&MinutesMeetingID=-1&doctype=Agenda"
        )

    def _ask(
        self, path: str, step: str, about: tuple[str, ...] = (), *, optional: bool = False
    ) -> Request:
        return Request(
            f"{self._folder()}{path}",
            access=Access.PAGE,
            step=step,
            about=about,
            conditional=False,
            optional=optional,
        )

    def _folder(self) -> str:
        return f"{self.site or f'https://{self.client.lower()}.novusagenda.com'}/agendapublic/"


def _grid(page: Element, name: str) -> Element | None:
    """Find a Telerik grid's table by its name, which stands in the table's id."""
    return next(
        (one for one in classed(page, "rgMasterTable") if f"{name}_" in (one.get("id") or "")),
        None,
    )


def _rows(grid: Element, folder: str) -> tuple[_Row, ...]:
    headers = [said(one).lower() for one in classed(grid, "rgHeader")]
    found = []
    for row in classed(grid, "rgRow", "rgAltRow"):
        columns = cells(row)
        names = [*headers, *[f"column {n}" for n in range(len(headers), len(columns))]]
        named = list(zip(names, columns, strict=False))
        links = [
            (name, url)
            for name, cell in named
            for anchor in cell.iter("a")
            if (url := _target(anchor, folder))
        ]
        found.append(_Row({name: said(cell) for name, cell in named}, tuple(links)))
    return tuple(found)


def _target(anchor: Element, folder: str) -> str:
    """Return where a link leads, also where only a script opens it."""
    opened = _OPENED.search(anchor.get("onclick") or "")
    return absolute(folder, opened[1] if opened else anchor.get("href") or "")


def _around(anchor: Element) -> str:
    """Return the words of the cell that an icon's link stands in."""
    cell = next((one for one in anchor.iterancestors("td")), None)
    return one_line(said(cell))


def _meeting_number(row: _Row) -> str:
    return next((one for _, url in row.links if (one := number_in(url, "MeetingID"))), "")


def _documents(row: _Row) -> tuple[Attachment, ...]:
    """Name documents by what they are; the address of minutes bears another number."""
    found: dict[str, Attachment] = {}
    for header, url in row.links:
        if "displayagendapdf.ashx" in url.lower():
            minutes = "minutes" in header or "minutesmeetingid" in url.lower()
            found.setdefault(url, Attachment("Minutes" if minutes else "Agenda", url))
    return tuple(found.values())


def _held(day: str, kind: str, place: str, poll: Poll) -> Hearing:
    """Make a meeting of its day: the grid knows no times."""
    return meeting_on(day, "", poll, place=place, words=(kind, place))


def _long_year(said_date: str) -> str:
    """Write 09/27/22 with four digits for the year: the product is of this century."""
    found = _SHORT_DATE.fullmatch(said_date.strip())
    return f"{found[1]}/{found[2]}/{_CENTURY + int(found[3])}" if found else said_date.strip()


def _is_worth_reading(entry: Entry, now: datetime) -> bool:
    [held] = entry.hearings
    late = held.starts is None or held.starts < now - _RESULTS
    return not late and not held.cancelled


def _distance(entry: Entry, now: datetime) -> timedelta:
    starts = entry.hearings[0].starts
    return abs(starts - now) if starts else timedelta.max
