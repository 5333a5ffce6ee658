"""Counts days on the calendar: the year that was not said, the working day before."""

from __future__ import annotations

from datetime import date, timedelta

_WEEKDAYS = (
    ("mon", "lun"),
    ("tue", "mar"),
    ("wed", "mie", "mié"),
    ("thu", "jue"),
    ("fri", "vie"),
    ("sat", "sab", "sáb"),
    ("sun", "dom"),
)
# A deadline without a year lies this near to its meeting: some bodies take comments for weeks.
_NEAR_WITH_WEEKDAY = (timedelta(days=60), timedelta(days=21))
_NEAR = (timedelta(days=31), timedelta(days=7))
_FRIDAY = 4
_FIXED = {(1, 1), (6, 19), (7, 4), (11, 11), (12, 24), (12, 25), (12, 31), (3, 31), (2, 12)}


def weekday_number(said: str) -> int:
    """Count a weekday from Monday, which is 0; -1 where it is none."""
    short = said.lower()[:3]
    return next((number for number, names in enumerate(_WEEKDAYS) if short in names), -1)


def day_near(year: str, month: int, day: int, weekday: str, held: date | None) -> date | None:
    """Return a day whose year is stated, or sure; None where weekday and date contradict.

    Without a year the day must lie near the meeting (`held`), and its weekday agree.
    """
    if year:
        full = int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004 - digits
        return _agreeing(full, month, day, weekday)
    if held is None:
        return None
    before, after = _NEAR_WITH_WEEKDAY if weekday else _NEAR
    for candidate in (held.year, held.year - 1, held.year + 1):
        found = _agreeing(candidate, month, day, weekday)
        if found and -before <= found - held <= after:
            return found
    return None


def _agreeing(year: int, month: int, day: int, weekday: str) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if not weekday or weekday_number(weekday) == found.weekday() else None


def business_day_before(held: date) -> date | None:
    """Return the working day before a day; None where a holiday may stand between.

    Which holidays a town keeps is not known: near any that some keep, nothing is said.
    """
    day = held - timedelta(days=1)
    while day.weekday() > _FRIDAY:
        day -= timedelta(days=1)
    between = [held - timedelta(days=back) for back in range(1, (held - day).days + 1)]
    return None if any(map(_may_be_holiday, between)) else day


def _may_be_holiday(day: date) -> bool:
    """Tell whether anybody keeps a day: federal holidays, also moved ones, and a few more."""
    near = [day, day + timedelta(days=1), day - timedelta(days=1)]
    moved = [one for one in near if one == day or one.weekday() > _FRIDAY]
    if any((one.month, one.day) in _FIXED for one in moved):
        return True
    week = (day.day - 1) // 7 + 1
    is_last_monday = day.month == 5 and day.day > 24  # noqa: PLR2004 - Memorial Day
    monday = {(1, 3), (2, 3), (9, 1), (10, 2)}
    if day.weekday() == 0:
        return (day.month, week) in monday or is_last_monday
    # Thanksgiving and the day after, Election Day.
    thanks = day if day.weekday() == 3 else day - timedelta(days=1)  # noqa: PLR2004
    if thanks.weekday() == 3 and thanks.month == 11 and (thanks.day - 1) // 7 + 1 == 4:  # noqa: PLR2004
        return True
    return day.month == 11 and day.weekday() == 1 and 2 <= day.day <= 8  # noqa: PLR2004
