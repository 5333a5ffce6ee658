"""Coverage: what was really looked at in a period, and what that leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.models import Checked
from monitor.text import one_line
from monitor.wording import spoken

_REASON = 160


@dataclass(frozen=True, slots=True)
class Watched:
    """A source that is switched on.

    every: how often it is polled. partial: the court whose feed does not carry every filing; "" for
    all others.
    """

    id: str
    name: str
    every: timedelta = timedelta()
    partial: str = ""


@dataclass(frozen=True, slots=True)
class Visited:
    """How a source fared in the period.

    polls: of the period. checked: one of them succeeded. broken: the last poll failed; reason: why.
    last_good: when one last succeeded. silent: why a source that answers is thought to have fallen
    silent; "" where it is not.
    """

    polls: int = 0
    checked: bool = False
    broken: bool = False
    reason: str = ""
    last_good: datetime | None = None
    gaps: int = 0
    silent: str = ""


def checked(
    sources: Iterable[Watched], visits: Mapping[str, Visited], now: datetime, timezone: str = "UTC"
) -> Checked:
    """Sum up what was checked; times are said in `timezone`."""
    watched = tuple(sources)
    seen = [(one, visits.get(one.id, Visited())) for one in watched]
    return Checked(
        sources=len(watched),
        checked=sum(_is_checked(one, visit, now) for one, visit in seen),
        polls=sum(visit.polls for _, visit in seen),
        failed=tuple((one.name, _failure(visit, timezone)) for one, visit in seen if visit.broken),
        silent=tuple((one.name, visit.silent) for one, visit in seen if visit.silent),
        gaps=tuple((one.name, _gap(visit)) for one, visit in seen if visit.gaps),
        never=tuple(one.name for one, visit in seen if _is_left_out(one, visit, now)),
        partial=tuple(dict.fromkeys(one.partial for one in watched if one.partial)),
    )


def _is_checked(one: Watched, visit: Visited, now: datetime) -> bool:
    """Say whether a source was read in the period, or not long before where it is read seldom."""
    last = visit.last_good
    return visit.checked or (last is not None and not visit.broken and now - last <= 2 * one.every)


def _is_left_out(one: Watched, visit: Visited, now: datetime) -> bool:
    """Say whether a source was not polled although its time had come."""
    return not (visit.polls or visit.broken or _is_checked(one, visit, now))


def _failure(visit: Visited, timezone: str) -> str:
    """Say why a source cannot be read, and since when."""
    reason = one_line(visit.reason, _REASON) or "could not be read"
    if visit.last_good is None:
        return f"{reason}; it was never read"
    return f"{reason}; last read {spoken(visit.last_good, timezone)}"


def _gap(visit: Visited) -> str:
    times = "once" if visit.gaps == 1 else f"{visit.gaps} times"
    return f"more was published than its list holds, {times}"
