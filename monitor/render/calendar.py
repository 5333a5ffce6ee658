"""Writes dates as a calendar file that Outlook, Google and Apple read (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from monitor.dates import local
from monitor.models import CalendarEntry, Language
from monitor.render.changes import said
from monitor.render.links import address_of
from monitor.render.tongue import Tongue, tongue_of
from monitor.render.ways import ways_in
from monitor.render.zones import vtimezone

_TITLE = 250
_PLACE = 200
# Publishers do not say how long a hearing takes; a deadline is a moment.
_LENGTH = timedelta(hours=1)
_DEADLINES = frozenset({"comment_deadline", "return_date", "effective"})
_A_DAY = timedelta(days=1)


def calendar(
    entries: Iterable[CalendarEntry],
    now: datetime,
    name: str = "Immigration policy hearings",
    language: Language = Language.ENGLISH,
) -> bytes:
    """Write dates as one calendar to be published (METHOD:PUBLISH, RFC 5546), in UTF-8.

    entries: as `Store.calendar.entries` gives them; one without a known time is left out. Each time
    stands in its own zone, whose rules the file carries; a day without a time is a whole day.
    """
    tongue = tongue_of(language)
    made = Calendar()
    made.add("VERSION", "2.0")
    made.add("PRODID", "-//immigration-policy-monitor//EN")
    made.add("CALSCALE", "GREGORIAN")
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", said(tongue.say_known(name), _TITLE))
    dated = [(one, one.hearing.starts) for one in entries if one.hearing.starts is not None]
    years = [starts.year for _, starts in dated]
    zones = {one.hearing.timezone for one, _ in dated if not one.hearing.all_day}
    for zone_name in sorted(zones - {"UTC"}):
        made.add_component(vtimezone(zone_name, min(years), max(years)))
    for entry, starts in dated:
        made.add_component(_event(entry, starts, now, tongue))
    return bytes(made.to_ical())


def _event(entry: CalendarEntry, starts: datetime, now: datetime, tongue: Tongue) -> Event:
    event = Event()
    hearing = entry.hearing
    event.add("UID", entry.uid)
    event.add("DTSTAMP", now)
    event.add("SEQUENCE", entry.sequence)
    event.add("LAST-MODIFIED", entry.changed_at)
    if hearing.all_day:
        day = local(starts, hearing.timezone).date()
        event.add("DTSTART", day)
        event.add("DTEND", day + _A_DAY)
    else:
        event.add("DTSTART", _on_the_clock(starts, hearing.timezone))
        if hearing.kind not in _DEADLINES:
            event.add("DTEND", _on_the_clock(starts + _LENGTH, hearing.timezone))
    event.add("SUMMARY", _summary(entry, tongue))
    event.add("STATUS", "CANCELLED" if hearing.cancelled else "CONFIRMED")
    is_loose = hearing.all_day or hearing.kind in _DEADLINES
    # A deadline keeps nobody from other appointments.
    event.add("TRANSP", "TRANSPARENT" if is_loose else "OPAQUE")
    if place := said(hearing.place, _PLACE):
        event.add("LOCATION", place)
    event.add("DESCRIPTION", "\n".join(_description(entry, tongue)))
    if page := address_of(entry.url):
        event.add("URL", page)
    return event


def _on_the_clock(moment: datetime, timezone: str) -> datetime:
    """Put a time on the clock of its place; the second of two equal hours can only be UTC."""
    there = local(moment, timezone)
    return moment.astimezone(UTC) if there.fold or timezone == "UTC" else there


def _summary(entry: CalendarEntry, tongue: Tongue) -> str:
    """Say "Hearing: Int 1412-2026 — …"; that it is called off not only in the status."""
    kind = tongue.date_kind(entry.hearing.kind)
    label = tongue.say("{what} (cancelled)", what=kind) if entry.hearing.cancelled else kind
    title = said(entry.title, _TITLE) or tongue.say("(without a title)")
    return f"{label}: {title}"


def _description(entry: CalendarEntry, tongue: Tongue) -> Iterator[str]:
    """Say where, how far the matter has come, how to take part, and where to read more."""
    office = said(entry.office, _PLACE)
    parts = (tongue.place(entry.jurisdiction), office, tongue.type(entry.type))
    yield " · ".join(dict.fromkeys(part for part in parts if part))
    stage = tongue.stage(entry.stage, entry.type) if entry.stage else ""
    standing = " · ".join(filter(None, (stage, tongue.direction(entry.direction))))
    if standing:
        yield standing
    if words := said(entry.hearing.said, _PLACE):
        yield words
    # Without countdowns: it is read for weeks.
    hearings = () if entry.hearing.cancelled else (entry.hearing,)
    told = ways_in(entry.contacts, hearings, None, tongue) if hearings else ()
    if told:
        yield tongue.say("How to take part")
    for way in told:
        yield " ".join(filter(None, (f"- {way.label}: {way.value}", way.address, way.sentence)))
    if page := address_of(entry.url):
        yield page
