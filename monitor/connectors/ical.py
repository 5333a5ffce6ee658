"""Reads calendars (iCalendar, RFC 5545): meetings ahead, moved and cancelled ones, series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfoNotFoundError

from icalendar import Calendar, Component
from pydantic import AfterValidator, Field

from monitor.connectors import BaseConnector, register
from monitor.connectors._listing import Kind
from monitor.connectors._meetings import is_called_off, kind_of, shown_between
from monitor.connectors._recurrence import rule_of
from monitor.dates import local, plausible, zone
from monitor.errors import FormatError, SoftError
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
from monitor.text import clean_text, digest, one_line
from monitor.urls import absolute, host

_WEBCAL = re.compile(r"^webcals?://", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-z/][^<>]*>", re.IGNORECASE)
_SITE_PAGE = re.compile(r"https?://\S+", re.IGNORECASE)
_MOST_EVENTS = 20_000
_MOST_OF_SERIES = 60
# What the library raises for content that is not iCalendar's.
_ODD = (ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError, OverflowError)


def _as_address(url: str) -> str:
    plain = _WEBCAL.sub("https://", url)
    if not absolute("", plain):
        raise ValueError("must be an http, https or webcal address")
    return plain


@dataclass(frozen=True, slots=True)
class _Time:
    """A start: its moment, and whether only the day is known."""

    moment: datetime
    all_day: bool


@register
class Ical(BaseConnector):
    """A calendar in iCalendar's format (.ics); each meeting of a series is an entry of its own.

    url: the calendar's address, https or webcal.
    days_ahead: how far a series is followed; default 60.
    days_back: meetings older than this are left out; default 30.
    type: what the entries are: meeting (default), …
    """

    kind: ClassVar[str] = "ical"
    platform: ClassVar[str] = "web"
    pace: ClassVar[float] = 4.5
    lists_upcoming: ClassVar[bool] = True

    url: Annotated[str, AfterValidator(_as_address)]
    days_ahead: int = Field(default=60, ge=1, le=400)
    days_back: int = Field(default=30, ge=0, le=3660)
    type: Kind = ItemType.MEETING

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Take addresses that end in .ics or iCalendar.aspx, and those of the scheme webcal."""
        del page
        ends = url.partition("?")[0].lower().endswith((".ics", "/icalendar.aspx"))
        return (("url", url),) if ends or _WEBCAL.match(url) else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the calendar; a series brings new meetings although the file is unchanged."""
        del poll
        yield Request(self.url, access=Access.FEED, conditional=False)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the calendar; raises SoftError or FormatError where it is none."""
        found = list(self._read(response, poll))
        yield from found
        # Some calendars hold the next thirty meetings: their last one says how far they go.
        followed = poll.now + timedelta(days=self.days_ahead)
        for reach in shown_between(found, whole=True):
            yield replace(reach, until=min(reach.until or followed, followed))

    def _read(self, response: Response, poll: Poll) -> Iterator[Entry | Refusal]:
        for calendar in _calendars(response):
            timezone = _timezone(calendar, poll.timezone)
            try:
                events = calendar.walk("VEVENT")[:_MOST_EVENTS]
            except RecursionError as fault:
                raise FormatError(response.url, "the calendar is nested too deep") from fault
            cancelled = _text(calendar, "METHOD").upper() == "CANCEL"
            moved = {_own_day(event, timezone) for event in events} - {("", "")}
            for event in events:
                try:
                    yield from self._meetings(event, timezone, poll, moved, cancelled=cancelled)
                except _ODD as fault:
                    yield Refusal(_named(event), one_line(str(fault), 120))

    def _meetings(
        self,
        event: Component,
        timezone: str,
        poll: Poll,
        moved: set[tuple[str, str]],
        *,
        cancelled: bool,
    ) -> Iterator[Entry | Refusal]:
        start = _time(event, "DTSTART", timezone)
        named = _named(event)
        if start is None or not plausible(start.moment, poll.now):
            yield Refusal(named, "its start cannot be read, or cannot be meant")
            return
        rule = _first(event, "RRULE")
        if rule is None:
            if start.moment >= poll.now - timedelta(days=self.days_back):
                yield self._entry(event, start, timezone, poll, cancelled=cancelled)
            return
        days = self._days(event, start, timezone, poll)
        if days is None:
            yield Refusal(named, "its rule of recurrence is not understood; the first one is kept")
            days = [local(start.moment, timezone).date()]
        uid = _text(event, "UID")
        for day in days:
            if (uid, day.isoformat()) not in moved:
                then = _on(day, start, timezone)
                yield self._entry(event, then, timezone, poll, cancelled=cancelled, one_of=day)

    def _days(self, event: Component, start: _Time, timezone: str, poll: Poll) -> list[date] | None:
        """List the days of a series that matter now; None where its rule is not understood."""
        found = _first(event, "RRULE")
        parts = {
            str(name).upper(): [str(one) for one in values]
            for name, values in (found.items() if isinstance(found, Mapping) else ())
            if isinstance(values, list)
        }
        until = found.get("UNTIL", [None])[0] if isinstance(found, Mapping) else None
        last = _at(until, timezone) if until is not None else None
        begin = local(start.moment, timezone).date()
        rule = rule_of(parts, begin, local(last.moment, timezone).date() if last else None)
        if rule is None or (until is not None and last is None):
            return None
        today = local(poll.now, timezone).date()
        first = today - timedelta(days=self.days_back)
        end = today + timedelta(days=self.days_ahead)
        struck = set(_listed_days(event, "EXDATE", timezone))
        added = [day for day in _listed_days(event, "RDATE", timezone) if first <= day <= end]
        days = sorted({*rule.days(first, end), *added} - struck)
        return days[:_MOST_OF_SERIES]

    def _entry(
        self,
        event: Component,
        start: _Time,
        timezone: str,
        poll: Poll,
        *,
        cancelled: bool,
        one_of: date | None = None,
    ) -> Entry:
        title = one_line(clean_text(_text(event, "SUMMARY"), html=True))
        body = _text(event, "DESCRIPTION")
        status = _text(event, "STATUS")
        markup = _MARKUP.search(body) is not None
        hearing = Hearing(
            kind=kind_of(title),
            starts=start.moment,
            timezone=poll.timezone,
            place=one_line(clean_text(_text(event, "LOCATION"))),
            all_day=start.all_day,
            cancelled=cancelled or status.upper() == "CANCELLED" or is_called_off(title),
        )
        return Entry(
            type=self.type,
            key=_key(event, start, timezone, one_of),
            title=title or "(without a title)",
            body=clean_text(body, html=markup),
            url=_page(event, self.url),
            hearings=(hearing,),
            status=status,
            attachments=tuple(_documents(event, self.url)),
            noise=_noise(event),
            labels=_labels(event),
        )


def _calendars(response: Response) -> list[Component]:
    body = response.body.lstrip(b"\xef\xbb\xbf \r\n\t")
    if not body:
        raise SoftError(response.url, "the answer is empty")
    if body.startswith(b"<"):
        raise SoftError(response.url, "a page instead of a calendar")
    try:
        found = Calendar.from_ical(body.decode("utf-8", "replace"), multiple=True)
    except _ODD as fault:
        raise FormatError(response.url, "the answer is no iCalendar") from fault
    if not found or any(one.name != "VCALENDAR" for one in found):
        raise FormatError(response.url, "the answer is no iCalendar")
    return list(found)


def _timezone(calendar: Component, usual: str) -> str:
    """Find the zone of times that name none: the calendar's own word, else the source's."""
    named = _text(calendar, "X-WR-TIMEZONE")
    try:
        return zone(named).key if named else usual
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return usual


def _first(component: Component, name: str) -> object:
    """Return a property's value, the first where it is repeated; None where it is missing."""
    value = component.get(name)
    return value[0] if isinstance(value, list) and value else value


def _text(component: Component, name: str) -> str:
    value = _first(component, name)
    return "" if value is None else str(value).strip()


def _named(event: Component) -> str:
    return one_line(f"event {_text(event, 'UID')} {_text(event, 'SUMMARY')}", 80)


def _time(event: Component, name: str, timezone: str) -> _Time | None:
    return _at(getattr(_first(event, name), "dt", None), timezone)


def _at(value: object, timezone: str) -> _Time | None:
    """Read a date, a floating time, or a time with its zone."""
    if isinstance(value, datetime):
        placed = value if value.tzinfo else value.replace(tzinfo=zone(timezone))
        return _Time(placed.astimezone(UTC), all_day=False)
    if isinstance(value, date):
        midnight = datetime(value.year, value.month, value.day, tzinfo=zone(timezone))
        return _Time(midnight.astimezone(UTC), all_day=True)
    return None


def _on(day: date, start: _Time, timezone: str) -> _Time:
    """Move a start to another day, at the same hour by the clock on the wall."""
    clock = local(start.moment, timezone)
    then = clock.replace(year=day.year, month=day.month, day=day.day)
    return _Time(then.astimezone(UTC), start.all_day)


def _own_day(event: Component, timezone: str) -> tuple[str, str]:
    """Name the meeting of a series that an event replaces, ("", "") where it replaces none."""
    try:
        found = _time(event, "RECURRENCE-ID", timezone)
    except _ODD:
        return "", ""
    if found is None:
        return "", ""
    return _text(event, "UID"), local(found.moment, timezone).date().isoformat()


def _listed_days(event: Component, name: str, timezone: str) -> Iterator[date]:
    value = event.get(name)
    for one in value if isinstance(value, list) else [value]:
        for listed in getattr(one, "dts", ()):
            found = _at(getattr(listed, "dt", None), timezone)
            if found:
                yield local(found.moment, timezone).date()


def _key(event: Component, start: _Time, timezone: str, one_of: date | None) -> str:
    uid = _text(event, "UID")
    if not uid:
        return f"event:{digest(_text(event, 'SUMMARY'), start.moment.isoformat())}"
    own = _own_day(event, timezone)[1]
    day = one_of.isoformat() if one_of else own
    return f"{uid}/{day}" if day else uid


def _page(event: Component, calendar: str) -> str:
    """Return the page of an event.

    CivicPlus gives the calendar's own address as the page of each event, and puts the true one at
    the end of the description.
    """
    page = absolute(calendar, _text(event, "URL"))
    if page.partition("?")[0] not in ("", calendar.partition("?")[0]):
        return page
    last = _text(event, "DESCRIPTION").rpartition(" ")[2]
    own = _SITE_PAGE.fullmatch(last) and host(last) == host(calendar)
    return last if own else page


def _documents(event: Component, base: str) -> Iterator[Attachment]:
    value = event.get("ATTACH")
    for one in value if isinstance(value, list) else [value]:
        address = absolute(base, str(one)) if one is not None else ""
        if address:
            media_type = str(getattr(one, "params", {}).get("FMTTYPE", ""))
            name = address.partition("?")[0].rpartition("/")[2]
            yield Attachment(clean_text(name), address, media_type)


def _labels(event: Component) -> tuple[str, ...]:
    value = event.get("CATEGORIES")
    groups = value if isinstance(value, list) else [value]
    return tuple(str(one) for group in groups for one in getattr(group, "cats", ()))


def _noise(event: Component) -> Pairs:
    """Keep what says when and how often the entry was edited; none of it is news."""
    names = ("SEQUENCE", "ORGANIZER")
    return tuple((name.lower(), _text(event, name)) for name in names if _text(event, name))
