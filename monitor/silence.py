"""Tells a source that has fallen silent from one that has nothing to say.

A feed that moved answers for years with its last entry, and without any error. What gives it away
is that it brings less than it should (`expect:`), or has paused for much longer than ever before.
And a list that holds the newest entries only may roll over between two visits.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

# Whose habits are hardly known is not judged by them.
LEAST_WATCHED = timedelta(days=45)
LEAST_DAYS = 10
LEAST_PAUSE = 5
# A list of fewer may well be new altogether.
LEAST_LISTED = 5
_LONGER = 2
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How much news a source brought on which days, on the calendar of its place.

    since: the day of its first poll; the backlog that this one found does not count.
    days: in order of time, each with the number of new or changed items.
    """

    since: date
    days: tuple[tuple[date, int], ...] = ()


def falls_short(arrivals: Arrivals, count: int, span: timedelta, today: date) -> str:
    """Say how a source falls short of `count` news within `span`; "" where it does not.

    It is not judged before it has been watched for the whole span.
    """
    begin = today - span
    if arrivals.since > begin:
        return ""
    brought = sum(number for day, number in arrivals.days if day > begin)
    if brought >= count:
        return ""
    return f"{_number(brought)} in {_span(span)}, where {count} were expected"


def pauses(arrivals: Arrivals, today: date) -> str:
    """Say that a source pauses for longer than it ever did; "" where it does not.

    Pauses are counted in working days: councils rest at weekends.
    """
    days = [day for day, _ in arrivals.days]
    if len(days) < LEAST_DAYS or days[-1] - arrivals.since < LEAST_WATCHED:
        return ""
    longest = max(_working_days(*pair) for pair in pairwise(days))
    pause = _working_days(days[-1], today)
    if pause <= max(longest * _LONGER, LEAST_PAUSE):
        return ""
    return (
        f"nothing since {days[-1]:%b} {days[-1].day}, {pause} working days ago; "
        f"its longest pause before was {longest}"
    )


@dataclass(frozen=True, slots=True)
class Window:
    """A list that holds the newest entries only.

    usual: how many it held when it was last read; 0 where that is not known.
    unread: how long ago that was. span: how long an entry stays, where its publisher says so.
    """

    usual: int = 0
    unread: timedelta | None = None
    span: timedelta | None = None


def rolled_over(seen: Collection[str], known: Container[str], window: Window) -> bool:
    """Say whether entries came and went unseen: none of those in the list was known before.

    A list that is shorter than usual is not full: all that came since the last visit is in it. The
    same holds of one whose entries stay for longer than it was left unread.
    """
    if not seen or any(key in known for key in seen):
        return False
    if window.span is not None:
        return window.unread is not None and window.unread >= window.span
    return len(seen) >= max(window.usual, LEAST_LISTED)


def counted(moments: Iterable[date]) -> tuple[tuple[date, int], ...]:
    """Count how often each day stands in a list, in order of time."""
    found: dict[date, int] = {}
    for day in moments:
        found[day] = found.get(day, 0) + 1
    return tuple(sorted(found.items()))


def _working_days(first: date, last: date) -> int:
    """Count the days from Monday to Friday after `first`, up to `last`."""
    days = max((last - first).days, 0)
    weeks, rest = divmod(days, 7)
    over = sum((first + timedelta(days=n + 1)).weekday() < _SATURDAY for n in range(rest))
    return weeks * _SATURDAY + over


def _number(count: int) -> str:
    return "nothing new" if count == 0 else f"{count} new"


def _span(span: timedelta) -> str:
    words = {
        timedelta(days=1): "a day",
        timedelta(weeks=1): "a week",
        timedelta(days=30): "a month",
    }
    return words.get(span, f"{span.days} days")
