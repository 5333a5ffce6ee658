"""Writes a zone's rules for calendar files (VTIMEZONE; RFC 5545, 3.6.5), as yearly rules.

icalendar's own list of sixty years names the spring change by the clock after it, an hour late for
who reads it as the RFC says, and is 3 KB a zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from monitor.dates import local

_A_DAY, _A_WEEK = timedelta(days=1), timedelta(weeks=1)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_NO_TIME = timedelta()


@dataclass(frozen=True, slots=True)
class Change:
    """A change of clocks; `onset` is on the clock before it, without a zone."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool

    @property
    def sort(self) -> tuple[object, ...]:
        """Tell changes of one rule from those of another."""
        return self.onset.month, self.onset.weekday(), self.onset.time(), self.before, self.after


def vtimezone(name: str, first: int, last: int) -> Timezone:
    """Write the rules of a zone that hold in the years from `first` to `last`."""
    made = Timezone()
    made.add("TZID", name)
    changes = _changes(name, first - 1, last + 1)
    if not changes:
        there = local(_ALWAYS.replace(year=first), name)
        offset = there.utcoffset() or _NO_TIME
        naive = datetime(1970, 1, 1)  # noqa: DTZ001 - on the clock of the zone
        _add(made, Change(naive, offset, offset, there.tzname() or name, summer=False), None)
    for change, rule in _rules(changes):
        _add(made, change, rule)
    return made


def _add(made: Timezone, change: Change, rule: dict[str, object] | None) -> None:
    part = TimezoneDaylight() if change.summer else TimezoneStandard()
    part.add("DTSTART", change.onset)
    part.add("TZOFFSETFROM", change.before)
    part.add("TZOFFSETTO", change.after)
    part.add("TZNAME", change.name)
    if rule:
        part.add("RRULE", rule)
    made.add_component(part)


def _rules(changes: tuple[Change, ...]) -> Iterator[tuple[Change, dict[str, object] | None]]:
    """Put changes that follow one yearly rule together; others stand each for itself."""
    left = list(changes)
    while left:
        same = [one for one in left if one.sort == left[0].sort]
        weeks = {_week(one.onset) for one in same}, {_week_from_end(one.onset) for one in same}
        years = [one.onset.year for one in same]
        is_yearly = len(years) > 1 and years == list(range(years[0], years[0] + len(years)))
        number = next((one.copy().pop() for one in weeks if len(one) == 1), None)
        if is_yearly and number is not None:
            day = f"{number}{_DAYS[same[0].onset.weekday()]}"
            yield same[0], {"FREQ": "YEARLY", "BYMONTH": same[0].onset.month, "BYDAY": day}
        else:
            yield from ((one, None) for one in same)
        left = [one for one in left if one not in same]


def _week(onset: datetime) -> int:
    return (onset.day - 1) // 7 + 1


def _week_from_end(onset: datetime) -> int:
    """Count from the end of the month: -1 for the last one of its weekday."""
    weeks = 1
    while (onset + weeks * _A_WEEK).month == onset.month:
        weeks += 1
    return -weeks


@lru_cache(maxsize=256)
def _changes(name: str, first: int, last: int) -> tuple[Change, ...]:
    """Find the changes of clocks in some years."""
    found: list[Change] = []
    day, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while day < end:
        if _offset(day, name) != _offset(day + _A_DAY, name):
            found.append(_change(day, name))
        day += _A_DAY
    return tuple(found)


def _change(day: datetime, name: str) -> Change:
    """Find the change that comes within a day, to the minute."""
    before = _offset(day, name)
    low, high = day, day + _A_DAY
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _offset(middle, name) == before else (low, middle)
    moment = high.replace(second=0, microsecond=0)
    there = local(high, name)
    return Change(
        onset=(moment + before).replace(tzinfo=None),
        before=before,
        after=_offset(high, name),
        name=there.tzname() or name,
        summer=bool(there.dst()),
    )


def _offset(moment: datetime, name: str) -> timedelta:
    return local(moment, name).utcoffset() or _NO_TIME
