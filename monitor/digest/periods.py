"""Periods: ISO weeks and days, by the calendar of a time zone.

A week runs from Monday 00:00 to Monday 00:00 (ISO 8601), so that one with a change of clocks has
167 or 169 hours, and the days around New Year belong to the week that has their Thursday.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from monitor.dates import local, zone
from monitor.models import Period

_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(weeks=1)


def parse_period(text: str, timezone: str) -> Period:
    """Read "2026-W47" or "2026-11-23"; raises ValueError with a sentence for who wrote it."""
    written = text.strip()
    if found := _WEEK.fullmatch(written):
        return _week(_monday(int(found[1]), int(found[2]), written), timezone)
    if found := _DAY.fullmatch(written):
        return _day(_date((int(found[1]), int(found[2]), int(found[3])), written), timezone)
    raise ValueError(f"'{text}' is no period (write a week as 2026-W47, or a day as 2026-11-23)")


def period_of(moment: datetime, timezone: str, *, daily: bool = False) -> Period:
    """Return the week, or the day, in which a moment lies."""
    day = local(moment, timezone).date()
    return _day(day, timezone) if daily else _week(day - timedelta(days=day.weekday()), timezone)


def is_day(period: Period) -> bool:
    """Say whether a period is a day; else it is a week."""
    return "W" not in period.id


def following(period: Period) -> Period:
    """Return the period of the same sort that begins where this one ends."""
    return _beside(period, forwards=True)


def previous(period: Period) -> Period:
    """Return the period of the same sort that ends where this one begins."""
    return _beside(period, forwards=False)


def first_day(period: Period) -> date:
    """Return the first day of a period, on the calendar of its zone."""
    return local(period.starts, period.timezone).date()


def midnight(day: date, timezone: str) -> datetime:
    """Return when a day begins in a zone, in UTC."""
    return datetime.combine(day, time(), zone(timezone)).astimezone(UTC)


def _beside(period: Period, *, forwards: bool) -> Period:
    length, make = (_A_DAY, _day) if is_day(period) else (_A_WEEK, _week)
    return make(first_day(period) + (length if forwards else -length), period.timezone)


def _week(monday: date, timezone: str) -> Period:
    year, week, _ = monday.isocalendar()
    ends = midnight(monday + _A_WEEK, timezone)
    return Period(f"{year}-W{week:02}", midnight(monday, timezone), ends, timezone)


def _day(day: date, timezone: str) -> Period:
    ends = midnight(day + _A_DAY, timezone)
    return Period(day.isoformat(), midnight(day, timezone), ends, timezone)


def _monday(year: int, week: int, written: str) -> date:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError as fault:
        last = 53 if _has_week_53(year) else 52
        raise ValueError(f"'{written}' is no week: {year} has weeks 1 to {last}") from fault


def _has_week_53(year: int) -> bool:
    try:
        date.fromisocalendar(year, 53, 1)
    except ValueError:
        return False
    return True


def _date(parts: tuple[int, int, int], written: str) -> date:
    try:
        return date(*parts)
    except ValueError as fault:
        raise ValueError(f"'{written}' is no day of the calendar") from fault
