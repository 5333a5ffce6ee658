"""Reads bills and hearings of the states and of Congress through Open States (Plural), API v3.

    /bills?q=…&updated_since=…      for each query, one page after the other, oldest change first
    /events?jurisdiction=…&after=…  for each jurisdiction, twice a day, where `events` asks for it

Format: https://v3.openstates.org/docs
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar
from urllib.parse import quote

from pydantic import Field, field_validator, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._bill_names import state_bill
from monitor.connectors._json_answers import (
    Record,
    entries_of,
    made,
    named,
    needed,
    read_object,
    rows,
    subject_of,
)
from monitor.connectors._openstates_events import INCLUDED, event
from monitor.dates import iso, parse_date
from monitor.errors import FormatError
from monitor.jurisdictions import covers, ocd
from monitor.models import (
    Attachment,
    Credential,
    Entry,
    ItemType,
    Mark,
    Pairs,
    Parsed,
    Poll,
    Reach,
    Refusal,
    Request,
    Response,
)
from monitor.text import digest, fold
from monitor.urls import absolute

_API = "https://v3.openstates.org"
_KEY = Credential("OPENSTATES_API_KEY", "header", "X-API-KEY", hosts=("v3.openstates.org",))
# The API allows no more; a page beyond the last one is a 404.
_PER_PAGE = 20
_OVERLAP = timedelta(hours=24)
# The API takes a query that begins like this for a bill's number: 287(g), EO 14159
# (openstates/api-v3, api/bills.py, _likely_bill_id).
_LIKELY_NUMBER = re.compile(r"\w{1,3}\s*\d{1,5}")
_INCLUDED = ("abstracts", "actions", "other_titles", "sponsorships", "sources", "versions")
_RECENT_ACTIONS = 40
_EVENTS = "events"


@register
class OpenStates(BaseConnector):
    """Bills and hearings of legislatures, from Open States (needs OPENSTATES_API_KEY).

    jurisdictions: whose bills are read, such as [ca, ny, us]; default all, where there are queries.
    queries: words or "phrases" to search for in the whole text of bills; one search each, over all
        jurisdictions at once. Without any, every changed bill of each jurisdiction is read.
    pages: how many pages of 20 bills one search may ask for in one poll, default 5; what is left
        waits for the next poll. The free key allows 10 requests a minute and 250 a day.
    lookback_days: how far back a first poll looks; default 14.
    bills: read bills; default true.
    events: read the hearings of the jurisdictions' committees, with the bills on their agendas;
        default false. One request for 20 hearings of one jurisdiction.
    events_every_hours: how long until hearings are asked for again; default 12, since the free key
        is soon spent.
    ahead_days: how far ahead hearings are read; default 45.
    """

    kind: ClassVar[str] = "openstates"
    platform: ClassVar[str] = "openstates"
    pace: ClassVar[float] = 6.5
    increments: ClassVar[bool] = True
    lists_upcoming: ClassVar[bool] = True

    jurisdictions: Annotated[tuple[str, ...], Field(strict=False)] = ()
    queries: Annotated[tuple[str, ...], Field(strict=False)] = ()
    pages: int = Field(default=5, ge=1, le=60)
    lookback_days: int = Field(default=14, ge=1, le=3660)
    bills: bool = True
    events: bool = False
    events_every_hours: int = Field(default=12, ge=1, le=168)
    ahead_days: int = Field(default=45, ge=1, le=365)

    @field_validator("jurisdictions")
    @classmethod
    def _are_legislatures(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(ocd(name) for name in names)
        for name, division in zip(names, found, strict=True):
            if division.count("/") > 2 or not division.startswith("ocd-division/"):  # noqa: PLR2004 - …/state:xx
                raise ValueError(f"{name!r} is no state: Open States knows states and us")
        return found

    @model_validator(mode="after")
    def _asks_for_something(self) -> OpenStates:
        if not self.jurisdictions and not self.queries:
            raise ValueError("name `jurisdictions` or `queries`: Open States wants one of them")
        if not all(query.strip() for query in self.queries):
            raise ValueError("a query is empty")
        if not (self.bills or self.events):
            raise ValueError("`bills` and `events` are false: nothing is left to read")
        if self.events and not self.jurisdictions:
            raise ValueError("`events` needs `jurisdictions`: whose hearings are to be read?")
        return self

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the key's variable."""
        return (_KEY.variable,)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the first page of each search, and for hearings when their time has come."""
        for search in self._searches() if self.bills else ():
            yield self._page(search, 1, self._since(search, poll), poll)
        read = parse_date(poll.mark(_EVENTS), "UTC")
        if self.events and (read is None or poll.now - read >= self._pause()):
            yield from (self._events(division, 1, poll) for division in self.jurisdictions)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page of bills or hearings; raises SoftError or FormatError where it is none."""
        answer = read_object(response)
        if response.request.step == _EVENTS:
            yield from self._hearings(answer, response, poll)
            return
        query, division, page, since = response.request.about
        found = [
            made(named("bill", one, "id"), lambda r=one: _bill(r, poll))  # type: ignore[misc]
            for one in rows(answer, "results", response)
        ]
        for one in found:
            if isinstance(one, Refusal) or self._is_wanted(one):
                yield one
        pages = _pages(answer, response)
        yield from self._onward((query, division), int(page), pages, since, entries_of(found), poll)

    def _hearings(self, answer: Record, response: Response, poll: Poll) -> Iterator[Parsed]:
        """Read a page of hearings, and ask for the next; the last one says how far they go."""
        division, number = response.request.about[0], int(response.request.about[1])
        for record in rows(answer, "results", response):
            what = named("event", record, "id")
            found = made(what, lambda r=record: event(r, poll.now))  # type: ignore[misc]
            yield from found if isinstance(found, tuple) else (found,)
        pages = _pages(answer, response)
        if number >= pages:
            yield Mark(_EVENTS, iso(poll.now))
            yield Reach(until=poll.now + timedelta(days=self.ahead_days - 1), prefix="ocd-event/")
        elif number >= self.pages:
            yield Mark(_EVENTS, iso(poll.now))
            yield Refusal(f"hearings beyond page {number}", "one poll reads no more: raise `pages`")
        else:
            yield self._events(division, number + 1, poll)

    def _events(self, division: str, page: int, poll: Poll) -> Request:
        # A day's slack on both sides: the API compares texts, whatever their zone.
        first = (poll.now - timedelta(days=1)).astimezone(UTC)
        last = (poll.now + timedelta(days=self.ahead_days + 1)).astimezone(UTC)
        pairs = [
            ("jurisdiction", _jurisdiction(division)),
            ("after", f"{first:%Y-%m-%d}"),
            ("before", f"{last:%Y-%m-%d}"),
            *[("include", name) for name in INCLUDED],
            ("page", str(page)),
            ("per_page", str(_PER_PAGE)),
        ]
        return self._ask(_EVENTS, pairs, (division, str(page)))

    def _pause(self) -> timedelta:
        # A poll that comes a little early is not put off for a whole round.
        return timedelta(hours=self.events_every_hours) - timedelta(minutes=10)

    def _onward(
        self,
        search: tuple[str, str],
        page: int,
        pages: int,
        since: str,
        found: list[Entry],
        poll: Poll,
    ) -> Iterator[Parsed]:
        """Ask for the next page, or mark how far the search was read."""
        if page < min(pages, self.pages):
            yield self._page(search, page + 1, since, poll)
            return
        times = [one.updated for one in found if one.updated]
        if page < pages and times and max(times) > _time(since):
            yield Mark(_name(search), iso(max(times)))
        else:
            if page < pages:
                yield Refusal(f"bills beyond page {page}", "they all changed at the same time")
            yield Mark(_name(search), iso(poll.now - _OVERLAP))

    def _searches(self) -> Iterator[tuple[str, str]]:
        """List what is asked for: (query, division), either of which may be empty."""
        alone = self.jurisdictions[0] if len(self.jurisdictions) == 1 else ""
        if self.queries:
            yield from ((query, alone) for query in self.queries)
        else:
            yield from (("", division) for division in self.jurisdictions)

    def _is_wanted(self, entry: Entry) -> bool:
        return not self.jurisdictions or any(
            covers(wanted, entry.jurisdiction) and wanted == entry.jurisdiction
            for wanted in self.jurisdictions
        )

    def _since(self, search: tuple[str, str], poll: Poll) -> str:
        last = parse_date(poll.mark(_name(search)), "UTC")
        usual = last or poll.now - timedelta(days=self.lookback_days)
        since = min(usual, poll.since) if poll.since else usual
        # The API compares texts, and PostgreSQL writes a blank between date and time: with "T",
        # every change of that day would be passed over.
        return since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    def _page(self, search: tuple[str, str], page: int, since: str, poll: Poll) -> Request:
        del poll
        query, division = search
        pairs = [("q", quoted(query))] if query else []
        if division:
            pairs.append(("jurisdiction", _jurisdiction(division)))
        pairs += [("updated_since", since), ("sort", "updated_asc")]
        pairs += [("include", name) for name in _INCLUDED]
        pairs += [("page", str(page)), ("per_page", str(_PER_PAGE))]
        return self._ask("bills", pairs, (query, division, str(page), since))

    def _ask(self, what: str, pairs: list[tuple[str, str]], about: tuple[str, ...]) -> Request:
        asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
        return Request(
            f"{_API}/{what}?{asked}",
            step=what,
            about=about,
            credentials=(_KEY,),
            conditional=False,
            # Where hearings cannot be had, the bills still count.
            optional=what == _EVENTS and self.bills,
        )


def _jurisdiction(division: str) -> str:
    return division.replace("-division/", "-jurisdiction/") + "/government"


def _pages(answer: Record, response: Response) -> int:
    pages = answer.record("pagination").number("max_page")
    if pages is None:
        raise FormatError(subject_of(response), "the answer does not say how many pages there are")
    return pages


def quoted(query: str) -> str:
    """Put a query in quotes where the API would take its beginning for a bill's number."""
    said = query.strip()
    if not _LIKELY_NUMBER.match(said):
        return said
    if '"' in said:
        first, _, rest = said.partition(" ")
        return f'"{first}" {rest}'.strip() if '"' not in first else said
    return f'"{said}"'


def _name(search: tuple[str, str]) -> str:
    return f"read {digest(fold(search[0]), search[1])[:12]}"


def _time(since: str) -> datetime:
    return parse_date(since, "UTC") or datetime.min.replace(tzinfo=UTC)


def _bill(record: Record, poll: Poll) -> Entry:
    """Make an entry of a bill; raises FormatError."""
    number, session = needed(record, "identifier"), needed(record, "session")
    division = _division(record.record("jurisdiction").text("id"))
    official = state_bill(division, session, number)
    updated = record.moment("updated_at", "UTC", poll.now)
    introduced = record.text("first_action_date")
    return Entry(
        type=ItemType.BILL,
        key=needed(record, "id"),
        title=record.line("title") or number,
        body=_body(record),
        url=absolute("https://openstates.org", record.text("openstates_url")),
        published=record.moment("first_action_date", poll.timezone, poll.now)
        or record.moment("created_at", "UTC", poll.now),
        published_said=introduced,
        updated=updated,
        jurisdiction=division,
        office=record.record("from_organization").line("name"),
        status=record.line("latest_action_description"),
        identifiers=(official,) if official else (),
        attachments=tuple(_versions(record)),
        facts=_pairs(
            ("latest_action_date", record.text("latest_action_date")[:10]),
            ("passed", record.text("latest_passage_date")[:10]),
        ),
        noise=_pairs(
            ("number", number),
            ("session", session),
            ("sponsors", "; ".join(one.line("name") for one in record.records("sponsorships"))),
            ("sources", " ".join(one.text("url") for one in record.records("sources"))),
            ("actions", _actions(record)),
        ),
        labels=(*record.texts("classification"), *record.texts("subject")),
    )


def _division(jurisdiction: str) -> str:
    """Turn ocd-jurisdiction/country:us/state:fl/government into the division's id."""
    try:
        return ocd(jurisdiction)
    except ValueError as unknown:
        raise FormatError("jurisdiction", f"unknown jurisdiction {jurisdiction!r}") from unknown


def _body(record: Record) -> str:
    """Put together what tells of the bill: abstracts and further titles."""
    pieces = [one.text("abstract") for one in record.records("abstracts")]
    pieces += [one.text("title") for one in record.records("other_titles")]
    return "\n".join(dict.fromkeys([piece for piece in pieces if piece]))


def _actions(record: Record) -> str:
    """Write the latest actions; they are searchable, and the newest one is the status."""
    found = [
        f"{one.text('date')[:10]} {one.line('description')}" for one in record.records("actions")
    ]
    return "; ".join(found[-_RECENT_ACTIONS:])


def _versions(record: Record) -> Iterator[Attachment]:
    """List the bill's texts, each link once."""
    seen = set()
    for version in record.records("versions"):
        for link in version.records("links"):
            url = absolute("", link.text("url"))
            if url and url not in seen:
                seen.add(url)
                yield Attachment(version.line("note") or "Text", url, link.text("media_type"))


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
