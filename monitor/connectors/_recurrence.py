"""Lists the days on which a recurring event falls, within bounds (RFC 5545 section 3.3.10).

Rules by the day, week, month and year with INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH and
BYSETPOS are read: all that calendars of public bodies use. The time of day is the event's own.
Each day is asked whether it belongs, so that no rule can make the search endless.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_READ = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST",
}  # fmt: skip
# A weekly meeting since 1996 is 11,000 days old; counted rules are followed from their beginning.
_LONGEST = 11_000
_HIGHEST_INTERVAL = 1_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One recurrence rule; `until` is the last day, included.

    weekdays: (position in the month or year, 0 for each; day of the week from Monday 0).
    """

    freq: str
    start: date
    interval: int = 1
    count: int = 0
    until: date | None = None
    weekdays: tuple[tuple[int, int], ...] = ()
    monthdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_starts: int = 0

    def days(self, first: date, last: date) -> Iterator[date]:
        """Yield the days of the rule from `first` to `last`."""
        begin = self.start if self.count else max(self.start, first)
        end = min(last, self.until) if self.until else last
        number = 0
        for offset in range(min((end - begin).days + 1, _LONGEST)):
            day = begin + timedelta(days=offset)
            if not self._holds(day):
                continue
            number += 1
            if self.count and number > self.count:
                return
            if day >= first:
                yield day

    def _holds(self, day: date) -> bool:
        if not self._in_period(day) or not self._matches(day):
            return False
        if not self.positions:
            return True
        same = [one for one in self._period(day) if self._matches(one)]
        place = same.index(day)
        return place + 1 in self.positions or place - len(same) in self.positions

    def _in_period(self, day: date) -> bool:
        """Tell whether the interval meets this day's week, month or year."""
        if self.freq == "DAILY":
            apart = (day - self.start).days
        elif self.freq == "WEEKLY":
            apart = (self._week(day) - self._week(self.start)).days // 7
        elif self.freq == "MONTHLY":
            apart = (day.year - self.start.year) * 12 + day.month - self.start.month
        else:
            apart = day.year - self.start.year
        return apart % self.interval == 0

    def _matches(self, day: date) -> bool:
        if not self._in_month(day) or (self.monthdays and not self._on_monthday(day)):
            return False
        if self.weekdays:
            return any(self._on_weekday(day, place, weekday) for place, weekday in self.weekdays)
        if self.monthdays or self.freq == "DAILY":
            return True
        if self.freq == "WEEKLY":
            return day.weekday() == self.start.weekday()
        return day.day == self.start.day

    def _in_month(self, day: date) -> bool:
        if self.months:
            return day.month in self.months
        by_day = self.weekdays or self.monthdays
        return bool(by_day) or self.freq != "YEARLY" or day.month == self.start.month

    def _on_monthday(self, day: date) -> bool:
        length = calendar.monthrange(day.year, day.month)[1]
        return day.day in self.monthdays or day.day - length - 1 in self.monthdays

    def _on_weekday(self, day: date, place: int, weekday: int) -> bool:
        if day.weekday() != weekday:
            return False
        if not place:
            return True
        if self.freq == "YEARLY" and not self.months:
            index, length = day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
        else:
            index, length = day.day, calendar.monthrange(day.year, day.month)[1]
        if place > 0:
            return (index - 1) // 7 + 1 == place
        return (length - index) // 7 + 1 == -place

    def _period(self, day: date) -> Sequence[date]:
        """List the days of this day's week, month or year."""
        if self.freq == "WEEKLY":
            first, length = self._week(day), 7
        elif self.freq == "MONTHLY":
            first, length = day.replace(day=1), calendar.monthrange(day.year, day.month)[1]
        elif self.freq == "YEARLY":
            first, length = date(day.year, 1, 1), 366 if calendar.isleap(day.year) else 365
        else:
            first, length = day, 1
        return [first + timedelta(days=offset) for offset in range(length)]

    def _week(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.week_starts) % 7)


def rule_of(parts: Mapping[str, Sequence[str]], start: date, until: date | None) -> Rule | None:
    """Make a rule of its parts ("BYDAY": ["2TU"]); None where it is none of those that are read."""
    try:
        freq = parts["FREQ"][0]
        interval = int(parts.get("INTERVAL", ["1"])[0])
        rule = Rule(
            freq=freq,
            start=start,
            interval=interval,
            count=int(parts.get("COUNT", ["0"])[0]),
            until=until,
            weekdays=tuple(_weekday(one) for one in parts.get("BYDAY", ())),
            monthdays=tuple(int(one) for one in parts.get("BYMONTHDAY", ())),
            months=tuple(int(one) for one in parts.get("BYMONTH", ())),
            positions=tuple(int(one) for one in parts.get("BYSETPOS", ())),
            week_starts=_WEEKDAYS.index(parts.get("WKST", ["MO"])[0]),
        )
    except (KeyError, IndexError, ValueError):
        return None
    sound = freq in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"} and _READ.issuperset(parts)
    return rule if sound and 0 < interval <= _HIGHEST_INTERVAL and rule.count >= 0 else None


def _weekday(said: str) -> tuple[int, int]:
    place = said[:-2]
    return int(place) if place else 0, _WEEKDAYS.index(said[-2:])
