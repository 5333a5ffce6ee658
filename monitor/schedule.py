"""Says when a source is due: its cadence, spread and jitter, and the back-off after failures.

Pure: `now` is given, and the jitter comes from the source's id, so that the same facts always give
the same answer and two sources never march in step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from monitor.models import Outcome

LONGEST_PAUSE = timedelta(hours=24)
JITTER = 0.1
SPREAD = timedelta(minutes=10)
# How soon a source that failed is asked again, where the failure may have passed.
SOON = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a source is polled: `every`, or `cron` (five fields) in `timezone`."""

    every: timedelta = timedelta(hours=1)
    cron: str = ""
    timezone: str = "UTC"


def first_due(source: str, cadence: Cadence, now: datetime) -> datetime:
    """Spread first polls over the first minutes after the start."""
    span = min(cadence.every, SPREAD) if not cadence.cron else SPREAD
    return now + span * _fraction(source, "start")


def next_due(
    source: str,
    cadence: Cadence,
    now: datetime,
    *,
    outcome: Outcome = Outcome.UNCHANGED,
    failures: int = 0,
    retry_after: float = 0.0,
    gap: bool = False,
    again: bool = False,
) -> datetime:
    """Say when a source polled at `now` is due again.

    failures: failed polls in a row, this one included; each doubles the wait, up to a day.
    retry_after: seconds that the publisher asked for; never undercut.
    gap: entries were missed, so the next poll comes in half the time.
    again: the failure is of a kind that often passes: see in minutes whether it did.
    """
    due = _regular(source, cadence, now)
    if outcome is Outcome.FAILED:
        wait = min(interval(cadence, now) * 2 ** min(max(failures - 1, 0), 10), LONGEST_PAUSE)
        wait = min(wait, SOON) if again else wait
        due = now + _shaken(source, wait, f"{failures}:{now:%Y%m%d%H}")
    elif gap:
        due = min(due, now + interval(cadence, now) / 2)
    return max(due, now + timedelta(seconds=retry_after))


def next_cron(cron: str, timezone: str, now: datetime) -> datetime:
    """Return the next time after `now` at which a five-field cron expression fires, in UTC."""
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415 - 5 MB, for a `cron` only

    trigger = CronTrigger.from_crontab(cron, timezone=ZoneInfo(timezone))
    fires: datetime | None = trigger.get_next_fire_time(None, now + timedelta(microseconds=1))
    if fires is None:
        return now + LONGEST_PAUSE
    return fires.astimezone(now.tzinfo)


def _regular(source: str, cadence: Cadence, now: datetime) -> datetime:
    if not cadence.cron:
        return now + _shaken(source, cadence.every, f"{now:%Y%m%d%H%M}")
    return next_cron(cadence.cron, cadence.timezone, now) + timedelta(
        seconds=60 * _fraction(source, "cron")
    )


def interval(cadence: Cadence, now: datetime) -> timedelta:
    """Return the time between two polls: `every`, or that between the next two times of `cron`."""
    if not cadence.cron:
        return cadence.every
    following = next_cron(cadence.cron, cadence.timezone, now)
    return next_cron(cadence.cron, cadence.timezone, following) - following


def _shaken(source: str, span: timedelta, salt: str) -> timedelta:
    return span * (1 + JITTER * (2 * _fraction(source, salt) - 1))


def _fraction(source: str, salt: str) -> float:
    value = blake2b(f"{source}\0{salt}".encode(), digest_size=8).digest()
    return int.from_bytes(value, "big") / 2**64
