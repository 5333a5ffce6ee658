"""How far apart two dates are, where one of them may stand for a whole month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

UNKNOWN = 10_000


def days_apart(one: datetime | None, other: datetime | None) -> int:
    """Return whole days between two dates, 0 where they may be one day; UNKNOWN without a date.

    The first of a month at midnight is how a publisher's bare month is written: it stands for any
    day of that month.
    """
    if one is None or other is None:
        return UNKNOWN
    first, second = sorted((one, other))
    return max((second.date() - _last_day(first)).days, 0)


def exactly_one_day(one: datetime | None, other: datetime | None) -> bool:
    """Say whether both dates are known and are the same day."""
    return one is not None and other is not None and one.date() == other.date()


def said(days: int) -> str:
    """Say a distance for a log: "the same day", "3 days apart"."""
    if days >= UNKNOWN:
        return "dates unknown"
    return {0: "the same time", 1: "1 day apart"}.get(days, f"{days} days apart")


def _last_day(moment: datetime) -> date:
    day = moment.date()
    if day.day == 1 and moment.hour == moment.minute == 0:
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day
