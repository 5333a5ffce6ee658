"""The time as the running monitor tells it: the system's, unless another one is given."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def utc_now() -> datetime:
    """Read the system's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time, and lets it pass; another than the system's lets a month pass in minutes.

    now: aware, in UTC. monotonic: seconds that no correction of the clock moves. sleep: takes
    seconds.
    """

    now: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


SYSTEM = Clock()
