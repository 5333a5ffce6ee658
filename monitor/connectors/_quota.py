"""Keeps account of a publisher's quota in a mark: how many requests were sent, and when.

2026-11-23T17:00:00Z*3 2026-11-23T18:00:00Z*12      the latest day, for rolling windows
2026-11 1234                                        one calendar month
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from monitor.dates import iso, parse_date

_SPENT = re.compile(r"(\S+)\*(\d{1,6})")
_MONTH = re.compile(r"(\d{4}-\d{2}) (\d{1,9})")
_DAY = timedelta(days=1)


def spent_since(mark: str, since: datetime) -> int:
    """Count the requests of a rolling account that were sent at or after `since`."""
    return sum(number for when, number in _account(mark) if when >= since)


def with_spent(mark: str, now: datetime, number: int) -> str:
    """Write a rolling account with `number` more requests; what is older than a day goes."""
    kept = [(when, count) for when, count in _account(mark) if now - when < _DAY]
    return " ".join(f"{iso(when)}*{count}" for when, count in [*kept, (now, number)] if count)


def left(mark: str, now: datetime, *, hourly: int, daily: int) -> int:
    """Say how many requests may be sent now, within an hour's and a day's allowance."""
    hour = hourly - spent_since(mark, now - timedelta(hours=1))
    day = daily - spent_since(mark, now - _DAY)
    return max(0, min(hour, day))


def spent_in_month(mark: str, now: datetime) -> int:
    """Return the count of a monthly account, 0 where it is another month's."""
    found = _MONTH.fullmatch(mark)
    return int(found[2]) if found and found[1] == f"{now:%Y-%m}" else 0


def with_spent_in_month(mark: str, now: datetime, number: int) -> str:
    """Write a monthly account with `number` more requests."""
    return f"{now:%Y-%m} {spent_in_month(mark, now) + number}"


def _account(mark: str) -> list[tuple[datetime, int]]:
    pairs = [(parse_date(said, "UTC"), int(count)) for said, count in _SPENT.findall(mark)]
    return [(when, count) for when, count in pairs if when is not None]
