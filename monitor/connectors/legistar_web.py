"""Reads Legistar's public pages, where neither the Web API nor a feed answers.

Calendar.aspx (gridCalendar) ──→ meetings ──→ MeetingDetail.aspx: the next meetings' agendas
LegislationDetail.aspx       ──→ a matter that is watched
Legislation.aspx ──→ the same with words filled in ──→ matters, page after page

Format: opencivicdata/python-legistar-scraper, legistar/{base,bills,events}.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._aspnet_pages import cookies_of
from monitor.connectors._legistar_grids import GridRow, grids, next_page
from monitor.connectors._legistar_pages import Visit, agenda_item, listed_matter, matter, meeting
from monitor.connectors._legistar_search import search_form
from monitor.connectors._legistar_sites import council_of, numbered
from monitor.connectors._meeting_pages import Element, read_page
from monitor.connectors._meetings import shown_between
from monitor.errors import FormatError, SoftError
from monitor.models import (
    Access,
    Entry,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.urls import host

_AHEAD = timedelta(days=45)
_CALENDAR = "/Calendar.aspx"
_LEGISLATION = "/Legislation.aspx"
_MATTER = re.compile(r"/LegislationDetail\.aspx\?", re.IGNORECASE)
_LEGISTAR = re.compile(
    r"BIGipServerinsite\.legistar\.com|username=legistarinsite|gridCalendar", re.IGNORECASE
)
_SITE = re.compile(r"^(https?://[^/?#\s]+)", re.IGNORECASE)
_SHORT = 200
Words = Annotated[str, Field(pattern=r"\S", max_length=200)]


@register
class LegistarWeb(BaseConnector):
    """Councils on Legistar, by the public pages of their site.

    site: the site's address, such as https://sfgov.legistar.com or the council's own domain.
    calendar: read the calendar as the site shows it at first (this month or this year); default
        true.
    pages: how many pages of the calendar one poll reads at most; default 2.
    agendas: of how many coming meetings one poll reads the agenda at most, the next ones first;
        default 10, and 0 reads none.
    matters: address of a matter (LegislationDetail.aspx?ID=…&GUID=…), or a list of such, that is
        watched: every change of it is alerted.
    searches: words or "phrases" to search for in legislation, one search each: what the filters
        then match is told. Default none.
    period: of when the legislation is that searches find: this week, month or year (default), as
        the site's own list has it: This Week, This Month, This Year, All.
    """

    kind: ClassVar[str] = "legistar_web"
    platform: ClassVar[str] = "legistar"
    pace: ClassVar[float] = 2.7
    lists_upcoming: ClassVar[bool] = True

    site: str = Field(pattern=r"^https?://[^\s/]+/?$")
    calendar: bool = True
    pages: int = Field(default=2, ge=1, le=20)
    agendas: int = Field(default=10, ge=0, le=60)
    matters: Annotated[tuple[str, ...], Field(strict=False, max_length=100)] = ()
    searches: Annotated[tuple[Words, ...], Field(strict=False, max_length=20)] = ()
    period: Literal["This Week", "This Month", "This Year", "All"] = "This Year"

    @field_validator("site")
    @classmethod
    def _without_slash(cls, address: str) -> str:
        return address.rstrip("/")

    @field_validator("matters", "searches", mode="before")
    @classmethod
    def _one_or_several(cls, matters: object) -> object:
        return (matters,) if isinstance(matters, str) else matters

    @field_validator("matters")
    @classmethod
    def _are_matters(cls, matters: tuple[str, ...]) -> tuple[str, ...]:
        for one in matters:
            found = numbered(one)
            if not (_MATTER.search(one) and found and found.guid):
                raise ValueError(f"{one!r} is no LegislationDetail.aspx?ID=…&GUID=…")
        return matters

    @model_validator(mode="after")
    def _reads_something(self) -> LegistarWeb:
        if not (self.calendar or self.matters or self.searches):
            raise ValueError(
                "`calendar` is false, `matters` and `searches` are empty: nothing is left to read"
            )
        return self

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a site on an own domain by its pages, and a matter by its address."""
        site, found = _SITE.match(url), numbered(url)
        if not site:
            return None
        if _MATTER.search(url) and found and found.guid:
            return (("site", site[1]), ("matters", url))
        own = not host(url).endswith((".legistar.com", ".legistar1.com", ".granicus.com"))
        return (("site", site[1]),) if own and _LEGISTAR.search(page) else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the calendar, the matters that are watched and the form of each search."""
        del poll
        if self.calendar:
            yield self._ask(f"{self.site}{_CALENDAR}", "calendar", ("1",))
        for url in self.matters:
            yield self._ask(url, "matter", (url,))
        for words in self.searches:
            yield self._ask(f"{self.site}{_LEGISLATION}", "search", (words,))

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page of the site; raises SoftError or FormatError where it is none."""
        if len(response.body) < _SHORT and b"Invalid parameters" in response.body:
            raise SoftError(response.url, "the server says: invalid parameters")
        root = read_page(response)
        visit = Visit(f"legistar/{council_of(self.site)}", response.url, poll)
        match response.request.step:
            case "matter":
                yield matter(root, response.request.about[0], visit)
            case "agenda":
                yield from _agenda(root, response, visit)
            case "search":
                form = search_form(root, response.request.about[0], self.period, response.url)
                yield self._results(response, "1", form)
            case "results":
                yield from self._found(root, response, visit)
            case _:
                yield from self._calendar(root, response, visit)

    def _calendar(self, root: Element, response: Response, visit: Visit) -> Iterator[Parsed]:
        tables = dict(grids(root, response.url))
        if "gridCalendar" not in tables and "gridMain" not in tables:
            raise FormatError(response.url, "the page holds no calendar of Legistar")
        for row in tables.get("gridMain", ()):
            yield listed_matter(row, visit) or _refusal(row, "File #")
        found = [(row, meeting(row, visit)) for row in tables.get("gridCalendar", ())]
        for row, entry in found:
            yield entry or _refusal(row, "Name")
        # A view of a month, page by page: what it shows says how far it goes.
        yield from shown_between([entry for _, entry in found], "meeting-")
        yield from self._agendas([(row, one) for row, one in found if one], visit.poll)
        page, form = int(response.request.about[0]), next_page(root)
        if form and page < self.pages:
            yield self._ask(f"{self.site}{_CALENDAR}", "calendar", (str(page + 1),), form)

    def _found(self, root: Element, response: Response, visit: Visit) -> Iterator[Parsed]:
        """Read a page of what a search found; a table without rows is an answer."""
        tables = dict(grids(root, response.url))
        if "gridMain" not in tables:
            raise FormatError(response.url, "the page holds no result of a search")
        for row in tables["gridMain"]:
            # Where nothing was found, a row says so.
            if len(row.cells) > 1:
                yield listed_matter(row, visit) or _refusal(row, "File #")
        page, form = int(response.request.about[1]), next_page(root)
        if form and page < self.pages:
            yield self._results(response, str(page + 1), form)

    def _results(self, response: Response, page: str, form: bytes) -> Request:
        """Ask as the page's own button would, with the cookies that it set."""
        about = (response.request.about[0], page)
        request = self._ask(f"{self.site}{_LEGISLATION}", "results", about, form)
        told = [value for name, value in response.request.headers if name == "Cookie"]
        cookies = cookies_of(response) or next(iter(told), "")
        further = (("Cookie", cookies),) if cookies else ()
        return replace(request, headers=(*request.headers, *further), optional=page != "1")

    def _agendas(self, found: list[tuple[GridRow, Entry]], poll: Poll) -> Iterator[Request]:
        """Ask for the agendas of the meetings that come next and are held."""
        ahead = []
        for row, entry in found:
            held, link = entry.hearings[0], row.cell("meeting details").link
            near = held.starts and poll.now - timedelta(days=1) <= held.starts <= poll.now + _AHEAD
            known = numbered(link)
            if near and not held.cancelled and known and self._is_own(link):
                ahead.append((held.starts, known.id, link, entry))
        ahead.sort(key=lambda one: (one[0] or poll.now, one[1]))
        for _, number, link, entry in ahead[: self.agendas]:
            yield self._ask(link, "agenda", (number, entry.office, entry.hearings[0].said))

    def _is_own(self, link: str) -> bool:
        """Tell whether a link stays with the site or with Legistar behind it."""
        return host(link) == host(self.site) or host(link).endswith(".legistar.com")

    def _ask(self, url: str, step: str, about: tuple[str, ...], form: bytes = b"") -> Request:
        form_type = (("Content-Type", "application/x-www-form-urlencoded"),) if form else ()
        return Request(
            url,
            method="POST" if form else "GET",
            headers=form_type,
            body=form,
            access=Access.PAGE,
            step=step,
            about=about,
            # The calendar leads on, and an equal agenda has a new time with its meeting; a page's
            # state fields differ at every visit anyway.
            conditional=False,
            optional=step == "agenda" or bool(form),
        )


def _agenda(root: Element, response: Response, visit: Visit) -> Iterator[Parsed]:
    """Read the rows of a meeting's page that hang on a matter; the others are furniture."""
    tables = [rows for name, rows in grids(root, response.url) if name == "gridMain"]
    if not tables:
        raise FormatError(response.url, "the page holds no agenda of Legistar")
    for rows in tables:
        for row in rows:
            entry = agenda_item(row, response.request.about, visit)
            if entry:
                yield entry


def _refusal(row: GridRow, name: str) -> Refusal:
    said = " ".join(filter(None, [cell.words for _, cell in row.cells]))
    return Refusal(f"row {said[:60]}", f"it has no {name}")
