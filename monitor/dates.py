"""Reads dates strictly: what is not certain is None, and never today's date or a guess.

Forms that are read: the caller's own strptime formats, ISO 8601 / RFC 3339, RFC 822 / 5322 as feeds
write it, C's asctime, and American long and numeric dates with a four-digit year. A time without a
zone is local to the source.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed_zone
from functools import cache
from zoneinfo import ZoneInfo

_EARLIEST = 1990
_AHEAD = 20
_LEAP_SECOND = 60

# RFC 822 section 5 and the zones of courts and agencies; hours from UTC.
_OFFSETS = {
    "": 0, "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4,
    "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "HDT": -9, "SST": -11, "CHST": 10,
}  # fmt: skip
# "6:00 PM ET" names a place, not an offset.
_PLACES = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
    "PT": "America/Los_Angeles", "EASTERN": "America/New_York", "CENTRAL": "America/Chicago",
    "MOUNTAIN": "America/Denver", "PACIFIC": "America/Los_Angeles",
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+)?"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?"
)
_ZONE = r"(?:\s*\(?(?P<zone>Z|(?:GMT|UTC)?[+-]\d{2}(?::?\d{2})?|[A-Za-z]{2,8})\)?)?"
_TIME = rf"(?:(?:\s*,\s*|\s+|\s+at\s+|\s*[-\u2013@]\s*){_CLOCK}{_ZONE})?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # Mon, 02 Nov 2026 14:30:00 GMT; also with a two-digit year, as RFC 822 has it
        (
            rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH}[\s,-]+(?P<year>\d{{4}}|\d{{2}}(?=\s)){_TIME}"
            r"(?:\s*\([\w ]+\))?"
        ),
        # November 2, 2026 2:30 PM EST
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_TIME}",
        # 2026/11/2 14:30
        rf"{_YEAR}/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}}){_TIME}",
        # 11/2/2026 14:30
        rf"{_WEEKDAY}(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/{_YEAR}{_TIME}",
        # Mon Nov  2 14:30:00 EST 2026 (asctime, date(1))
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}(?:\s+(?P<zone>[A-Za-z]{{3,4}}))?\s+{_YEAR}",
    )
)
_ISO = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}})(?:(?:[T ]|\s+){_CLOCK}{_ZONE})?",
    re.IGNORECASE,
)
# 20261102 and iCalendar's 20261102T143000Z
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_READ = (_ISO, *_FORMS, _COMPACT)
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})?", re.IGNORECASE)


def parse_date(text: str, timezone: str, formats: tuple[str, ...] = ()) -> datetime | None:
    """Read a date into an aware UTC time; None where it is not certain what is meant.

    timezone: IANA name of the zone that holds where the text states none.
    formats: the publisher's own forms for strptime, tried first. The first hour of two equal ones
        (the end of summer time) is taken. Ask `plausible` before believing the year.
    """
    found = _read(text, timezone, formats)
    return None if found is None else _in_utc(found)


def wall_clock(text: str, timezone: str, formats: tuple[str, ...] = ()) -> datetime | None:
    """Read a date whose stated zone is wrong: its clock is taken as local to `timezone`.

    CivicClerk writes local times with a false "Z"; Granicus with a fixed -0800.
    """
    found = _read(text, timezone, formats)
    return None if found is None else _in_utc(found.replace(tzinfo=zone(timezone)))


def plausible(moment: datetime, now: datetime) -> bool:
    """Tell whether a publisher can have meant it: from 1990 to twenty years ahead of `now`."""
    return _EARLIEST <= moment.year <= now.year + _AHEAD


def local(moment: datetime, timezone: str) -> datetime:
    """Return the same instant on the clock of `timezone`."""
    return moment.astimezone(zone(timezone))


def iso(moment: datetime) -> str:
    """Write an aware time as 2026-11-02T14:30:00Z, in UTC and to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def zone(name: str) -> ZoneInfo:
    """Find a zone by its IANA name; raises ZoneInfoNotFoundError, a KeyError."""
    return ZoneInfo(name)


def _read(text: str, timezone: str, formats: tuple[str, ...]) -> datetime | None:
    """Read text into an aware time that still wears the zone it was written in."""
    said = text.strip()
    if not said:
        return None
    for form in formats:
        try:
            found = datetime.strptime(said, form)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=zone(timezone))
    for pattern in _READ:
        parts = pattern.fullmatch(said)
        if parts:
            return _build(parts.groupdict(), timezone)
    return None


def _build(parts: dict[str, str | None], timezone: str) -> datetime | None:
    """Make a time of a form's named parts; None where a part is impossible."""
    month_said = (parts["month"] or "").lower()
    month = int(month_said) if month_said.isdigit() else _MONTHS.get(month_said, 0)
    stated = _stated_zone(parts.get("zone"), timezone)
    hour = _hour(parts.get("hour"), parts.get("half"), parts.get("minute"))
    if stated is None or hour is None:
        return None
    fraction = (parts.get("fraction") or "")[:6]
    second = int(parts.get("second") or 0)
    try:
        return datetime(
            _year(parts["year"] or ""),
            month,
            int(parts["day"] or 0),
            hour,
            int(parts.get("minute") or 0),
            59 if second == _LEAP_SECOND else second,
            int(fraction.ljust(6, "0")) if fraction else 0,
            tzinfo=stated,
        )
    except ValueError:
        return None


def _year(said: str) -> int:
    """Read a year; RFC 2822 section 4.3 gives two digits their century."""
    if len(said) > 2:  # noqa: PLR2004 - digits
        return int(said)
    return int(said) + (2000 if int(said) < 50 else 1900)  # noqa: PLR2004 - RFC 2822


def _hour(said: str | None, half: str | None, minute: str | None) -> int | None:
    """Read an hour, with or without a.m. and p.m.; a bare number without either is no time."""
    if said is None:
        return 0
    hour = int(said)
    if half is None:
        return hour if minute is not None else None
    if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock's face
        return None
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _stated_zone(said: str | None, timezone: str) -> tzinfo | None:
    """Return the zone that a text states, else the source's; None where it is unknown."""
    if not said:
        return zone(timezone)
    offset = _OFFSET.fullmatch(said)
    if offset:
        sign, hours, minutes = offset.groups()
        span = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return fixed_zone(-span if sign == "-" else span) if span < timedelta(hours=24) else None
    name = said.upper()
    if name in _OFFSETS:
        return UTC if _OFFSETS[name] == 0 else fixed_zone(timedelta(hours=_OFFSETS[name]))
    return zone(_PLACES[name]) if name in _PLACES else None


def _in_utc(moment: datetime) -> datetime | None:
    """Move to UTC; None at the calendar's ends, where that is impossible."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None
