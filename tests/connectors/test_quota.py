"""An account of requests is kept in a mark."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.connectors._quota import (
    left,
    spent_in_month,
    spent_since,
    with_spent,
    with_spent_in_month,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_rolling_account_forgets_what_is_a_day_old() -> None:
    """And counts the rest by hour and by day."""
    mark = with_spent("", NOON - 25 * HOUR, 7)
    mark = with_spent(mark, NOON - 23 * HOUR, 5)
    mark = with_spent(mark, NOON, 3)
    assert mark == "2026-11-22T13:00:00Z*5 2026-11-23T12:00:00Z*3"
    assert spent_since(mark, NOON - HOUR) == 3
    assert left(mark, NOON, hourly=4, daily=100) == 1
    assert left(mark, NOON, hourly=50, daily=10) == 2
    assert left(mark, NOON, hourly=2, daily=10) == 0


def test_a_monthly_account_begins_anew() -> None:
    """On the first of the month, in UTC."""
    mark = with_spent_in_month("", NOON, 12)
    assert with_spent_in_month(mark, NOON + HOUR, 30) == "2026-11 42"
    assert spent_in_month(mark, NOON) == 12
    assert spent_in_month(mark, datetime(2026, 12, 1, tzinfo=UTC)) == 0


def test_a_damaged_account_counts_as_empty() -> None:
    """A mark is text in a database that people can edit."""
    assert spent_since("rubbish * 2026-99-99T00:00:00Z*4", NOON - HOUR) == 0
    assert spent_in_month("2026-11 many", NOON) == 0
