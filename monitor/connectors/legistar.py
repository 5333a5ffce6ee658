"""Reads councils through the Legistar Web API: matters, meetings and their agendas.

matters ──────────────→ council items (→ documents, where `details` asks for them)
events ───────────────→ meetings → EventItems → agenda items
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field, field_validator, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors import _legistar_entries as entries
from monitor.connectors._legistar_answers import Row, read_rows, variable
from monitor.connectors._legistar_entries import EVENT_FIELDS, MATTER_FIELDS, Tenant
from monitor.connectors._legistar_queries import (
    PAGE,
    events_query,
    in_turn,
    is_touched_event,
    is_touched_matter,
    matters_query,
    next_page,
)
from monitor.dates import iso, local, parse_date
from monitor.errors import FormatError
from monitor.models import (
    Credential,
    Entry,
    Mark,
    Pairs,
    Parsed,
    Poll,
    Reach,
    Refusal,
    Request,
    Response,
)
from monitor.text import fold
from monitor.urls import host

_ACCEPT = (("Accept", "application/json"),)
_AGENDA = "AgendaNote=1&MinutesNote=1&Attachments=1"
# A bound against a tenant that never ends; the pipeline has one of its own for all requests.
_MOST_ROWS = 40_000
# An agenda is read again for some days after its meeting: then come the results.
_RESULTS = timedelta(days=30)
# A touched matter can reach the list a little after its own time.
_SLACK = timedelta(minutes=10)

_HOST = "webapi.legistar.com"
_API = re.compile(r"^https?://webapi\.legistar\.com/v1/([\w.-]+)", re.IGNORECASE)
_SITE = re.compile(r"([\w-]+)\.legistar1?\.com$", re.IGNORECASE)
# A council's own domain in front of Legistar links to the original for its documents and feeds.
_SITE_LINK = re.compile(r"https?://((?!webapi\b|www\b)[\w-]+)\.legistar\.com/", re.IGNORECASE)

TextField = Annotated[str, Field(pattern=r"^Matter(?:(?:EX)?Text\d{1,2}|Notes|Reference)$")]


@register
class Legistar(BaseConnector):
    """Councils and counties on Granicus Legistar, by its Web API.

    client: the id in webapi.legistar.com/v1/<client>; it cannot be guessed from the city's name.
    site: the public site that links lead to; default https://<client>.legistar.com.
    api: where the Web API is; default https://webapi.legistar.com/v1.
    token: true where the client refuses to answer without a token (nyc). It is read from the
        environment, LEGISTAR_TOKEN_<CLIENT>, and sent wherever it is set.
    matters: read legislation; default true.
    events: read meetings; default true.
    agendas: how many agendas one poll reads at most, default 60; the others have their turn next
        time. 0 reads none.
    details: for how many touched matters one poll also reads the documents, default 0. One more
        request each: for small councils.
    bodies: read only the meetings of these bodies, by name or BodyId; default all. Matters are not
        narrowed.
    texts: fields of a matter whose words belong to its text; default MatterEXText5, New York's
        summary in plain words.
    lookback_days: how far back a first poll looks; default 30.
    overlap_hours: how far each poll looks back behind the one before, since not every edit bumps
        LastModified; default 72.
    """

    kind: ClassVar[str] = "legistar"
    platform: ClassVar[str] = "legistar"
    pace: ClassVar[float] = 2.7
    lists_upcoming: ClassVar[bool] = True
    increments: ClassVar[bool] = True

    client: str = Field(pattern=r"^[A-Za-z0-9_.-]+$")
    site: str = Field(default="", pattern=r"^$|^https?://[^\s/]+")
    api: str = Field(default="https://webapi.legistar.com/v1", pattern=r"^https?://[^\s/]+")
    token: bool = False
    matters: bool = True
    events: bool = True
    agendas: int = Field(default=60, ge=0, le=150)
    details: int = Field(default=0, ge=0, le=100)
    bodies: tuple[int | str, ...] = ()
    texts: tuple[TextField, ...] = ("MatterEXText5",)
    lookback_days: int = Field(default=30, ge=1, le=3660)
    overlap_hours: int = Field(default=72, ge=1, le=720)

    @field_validator("site", "api")
    @classmethod
    def _without_slash(cls, address: str) -> str:
        return address.rstrip("/")

    @model_validator(mode="after")
    def _reads_something(self) -> Legistar:
        if not (self.matters or self.events):
            raise ValueError("both `matters` and `events` are false: nothing is left to read")
        return self

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a client by webapi.legistar.com/v1/<client> or <client>.legistar.com."""
        if "/feed.ashx" in url.lower():
            return None  # one feed of the public site, for legistar_rss
        found = _API.search(url) or _SITE.match(host(url)) or _SITE_LINK.search(page)
        return (("client", found.group(1).lower()),) if found else None

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the token's variable where `token` demands one."""
        return (variable(self.client),) if self.token else ()

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the touched matters, and for touched and coming meetings."""
        if self.matters:
            yield self._page("matters", poll)
        if self.events:
            yield self._page("events", poll)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page of matters or meetings, an agenda, or a matter's documents.

        Matters that the council keeps from public view are passed over, and so are headings and
        page breaks in agendas.
        """
        rows = read_rows(response, self.client)
        about, tenant = response.request.about, self._tenant(poll)
        match response.request.step:
            case "matters":
                yield from self._matters(rows, poll, about)
            case "events":
                yield from self._events(rows, poll, about)
            case "agenda":
                event = Row.of(about[0])
                for row in rows:
                    item = _made(
                        "EventItemId", row, lambda r: entries.agenda_item(r, event, tenant)
                    )
                    yield from _given(item)
            case _:
                matter = Row.of(about[0])
                yield from _given(
                    _made("MatterId", matter, lambda m: entries.documents_of(m, rows, tenant))
                )

    # ------------------------------------------------------------------------------- each step

    def _matters(
        self, rows: tuple[Row, ...], poll: Poll, about: tuple[str, ...]
    ) -> Iterator[Parsed]:
        tenant, since = self._tenant(poll), self._since("matters", poll)
        found = [(row, _made("MatterId", row, lambda r: entries.matter(r, tenant))) for row in rows]
        for _, entry in found:
            yield from _given(entry)
        if self.details:
            fresh = [(row, e) for row, e in found if isinstance(e, Entry)]
            yield from self._documents(fresh, poll, about[0])
        onward = next_page(rows, "MatterId", about, lambda row: is_touched_matter(row, since))
        yield from self._onward("matters", onward, poll)

    def _events(
        self, rows: tuple[Row, ...], poll: Poll, about: tuple[str, ...]
    ) -> Iterator[Parsed]:
        tenant, since, today = self._tenant(poll), self._since("events", poll), _today(poll)
        found = [(row, _made("EventId", row, lambda r: self._meeting(r, tenant))) for row in rows]
        for _, entry in found:
            yield from _given(entry)
        if self.agendas:
            held = [(row, e) for row, e in found if isinstance(e, Entry) and _has_agenda(e, poll)]
            yield from self._agendas(held, poll, about[0])
        onward = next_page(rows, "EventId", about, lambda row: is_touched_event(row, since, today))
        if len(rows) < PAGE:
            yield Reach(prefix="event-")
        yield from self._onward("events", onward, poll)

    def _meeting(self, row: Row, tenant: Tenant) -> Entry | None:
        """Read a meeting, None where another body's are wanted."""
        names = {fold(one) if isinstance(one, str) else one for one in self.bodies}
        own = {row.number("EventBodyId"), fold(row.text("EventBodyName"))}
        return entries.meeting(row, tenant) if not names or names & own else None

    def _agendas(
        self, held: list[tuple[Row, Entry]], poll: Poll, page: str
    ) -> Iterator[Request | Mark]:
        """Ask for agendas: those that had to wait, then the meetings nearest to now."""
        near = sorted(held, key=lambda pair: _distance(pair[1], poll.now))
        events = {row.key("EventId"): row for row, _ in near}
        taken, waiting = in_turn(events, poll.mark(f"agendas {page}"), self.agendas)
        for number in taken:
            yield self._ask(
                f"events/{number}/EventItems?{_AGENDA}",
                "agenda",
                (events[number].excerpt(EVENT_FIELDS),),
                optional=True,
            )
        yield Mark(f"agendas {page}", waiting)

    def _documents(
        self, found: list[tuple[Row, Entry]], poll: Poll, page: str
    ) -> Iterator[Request | Mark]:
        """Ask for the documents of matters touched since the last poll.

        The first poll reads the newest and lets nothing wait: it is silent, and what waited would
        be alerted later.
        """
        last, waited = self._last("matters", poll), poll.mark(f"details {page}")
        matters = {
            row.key("MatterId"): row
            for row, entry in found
            if last is None
            or (entry.updated and entry.updated > last - _SLACK)
            or row.text("MatterId") in waited.split()
        }
        taken, waiting = in_turn(matters, waited, self.details)
        for number in taken:
            yield self._ask(
                f"matters/{number}/attachments",
                "documents",
                (matters[number].excerpt(MATTER_FIELDS),),
                optional=True,
            )
        yield Mark(f"details {page}", waiting if last else "")

    def _onward(self, what: str, onward: tuple[str, str] | None, poll: Poll) -> Iterator[Parsed]:
        """Ask for the next page, or mark the time where there is none."""
        if onward is None:
            yield Mark(what, iso(poll.now))
        elif int(onward[0]) >= _MOST_ROWS:
            yield Refusal(f"{what} beyond {_MOST_ROWS}", "one poll reads no more")
        else:
            yield self._page(what, poll, onward)

    # -------------------------------------------------------------------------------- requests

    def _page(self, what: str, poll: Poll, about: tuple[str, str] = ("0", "")) -> Request:
        since, skip = self._since(what, poll), int(about[0])
        query = (
            matters_query(since, skip)
            if what == "matters"
            else events_query(since, _today(poll), skip)
        )
        # Where a client's meetings are not set up (400), its matters still count.
        spared = what == "events" and self.matters
        return self._ask(f"{what}?{query}", what, about, optional=spared)

    def _ask(self, path: str, step: str, about: tuple[str, ...], *, optional: bool) -> Request:
        secret = Credential(
            variable(self.client), "query", "token", required=self.token, hosts=(_HOST,)
        )
        return Request(
            f"{self.api}/{self.client}/{path}",
            headers=_ACCEPT,
            step=step,
            about=about,
            credentials=(secret,),
            # A list leads on and is marked; an equal agenda has a new hearing when its meeting is
            # moved. So every answer is read.
            conditional=False,
            optional=optional,
        )

    def _since(self, what: str, poll: Poll) -> datetime:
        """Say from when on the rows are wanted: the last poll with an overlap, or the look-back."""
        last = self._last(what, poll)
        usual = (
            poll.now - timedelta(days=self.lookback_days)
            if last is None
            else last - timedelta(hours=self.overlap_hours)
        )
        return min(usual, poll.since) if poll.since else usual

    def _last(self, what: str, poll: Poll) -> datetime | None:
        """Return when this list was last read to its end."""
        return parse_date(poll.mark(what), "UTC")

    def _tenant(self, poll: Poll) -> Tenant:
        site = self.site or f"https://{self.client}.legistar.com"
        return Tenant(self.client, site, poll.timezone, poll.now, self.texts)


def _made(name: str, row: Row, make: Callable[[Row], Entry | None]) -> Entry | Refusal | None:
    """Make an entry of a row; one that is not in the publisher's shape is refused, not the rest."""
    try:
        return make(row)
    except FormatError as fault:
        return Refusal(f"{name} {row.fields.get(name)!s:.40}", fault.reason)


def _given(entry: Entry | Refusal | None) -> tuple[Entry | Refusal, ...]:
    return () if entry is None else (entry,)


def _has_agenda(entry: Entry, poll: Poll) -> bool:
    """Tell whether a meeting's agenda is published, and still worth reading."""
    [held] = entry.hearings
    published = entry.published is not None or any(a.title == "Agenda" for a in entry.attachments)
    late = held.starts is None or held.starts < poll.now - _RESULTS
    return published and not late and not held.cancelled


def _distance(entry: Entry, now: datetime) -> timedelta:
    starts = entry.hearings[0].starts
    return abs(starts - now) if starts else timedelta.max


def _today(poll: Poll) -> datetime:
    """Return the day's first moment where the council is, as a clock that wears UTC."""
    here = local(poll.now, poll.timezone)
    return datetime(here.year, here.month, here.day, tzinfo=UTC)
