"""Editions: one regular digest each, when it comes, and of which period it tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from monitor.dates import local, zone
from monitor.digest.periods import is_day, parse_period, period_of
from monitor.models import Period

WEEK = 7


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest of monitor.yaml: its name and title, when it comes, where its short version goes.

    weekday: 0 for Monday; None for one that comes daily. clock: on the clocks of `timezone`.
    channel: of the short version.
    """

    name: str
    title: str
    clock: time
    weekday: int | None = 0
    timezone: str = "America/New_York"
    channel: str = ""

    @property
    def daily(self) -> bool:
        """Say whether it tells of days; else of weeks."""
        return self.weekday is None

    def last_time(self, now: datetime) -> datetime:
        """Return the last moment, at or before `now`, at which this digest was to come."""
        today = local(now, self.timezone).date()
        for back in range(WEEK + 1):
            day = today - timedelta(days=back)
            moment = datetime.combine(day, self.clock, zone(self.timezone)).astimezone(UTC)
            if self.weekday in (None, day.weekday()) and moment <= now:
                return moment
        raise AssertionError("a weekday comes within eight days")

    def told_at(self, moment: datetime) -> Period:
        """Return the period of which the digest of a moment tells: most of what lies before it.

        On Monday morning that is the week that is over, on Friday afternoon the one that ends.
        """
        half = timedelta(days=1 if self.daily else WEEK) / 2
        return period_of(moment - half, self.timezone, daily=self.daily)

    def last_period(self, now: datetime) -> Period:
        """Return the latest period whose digest was to come by `now`."""
        return self.told_at(self.last_time(now))

    def next_period(self, now: datetime) -> Period:
        """Return the period of which the next digest after `now` will tell."""
        length = timedelta(days=1 if self.daily else WEEK)
        coming = self.last_time(now + length)
        return self.told_at(coming if coming > now else coming + length)

    def period(self, written: str) -> Period:
        """Read a period of this digest; raises ValueError where it is no such, with the cure."""
        read = parse_period(written, self.timezone)
        if is_day(read) is not self.daily:
            sort, example = ("days", "2026-11-23") if self.daily else ("weeks", "2026-W47")
            raise ValueError(f"the digest '{self.name}' tells of {sort} (write {example})")
        return read
