"""Small values that options are read into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAILY = "daily"


class Period(StrEnum):
    """The span over which a source's entries are counted."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def length(self) -> timedelta:
        """Return the span; a month has 30 days."""
        return {"day": timedelta(days=1), "week": timedelta(weeks=1)}.get(
            self.value, timedelta(days=30)
        )


@dataclass(frozen=True, slots=True)
class Expectation:
    """A source brings at least `count` entries in each `period`, or is reported as silent."""

    count: int
    period: Period

    def __str__(self) -> str:
        return f"{self.count}/{self.period.value}"


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """A weekday ("mon"), or "daily", and a time of day, in a zone that stands beside it."""

    day: str
    time: time

    @property
    def weekday(self) -> int | None:
        """Number the weekday from 0 for Monday; None for every day."""
        return DAYS.index(self.day) if self.day in DAYS else None

    def __str__(self) -> str:
        return f"{self.day} {self.time:%H:%M}"
