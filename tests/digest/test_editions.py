"""Editions: when a digest comes, and of which period it tells."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest import Edition, following

MONDAY, FRIDAY = 0, 4
WEEKLY = Edition("weekly", "The week", time(8), MONDAY)
DAILY = Edition("daily", "The day", time(8), None)


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    """Make a moment of November 2026; New York is five hours behind."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_on_monday_morning_the_digest_tells_of_the_week_that_is_over() -> None:
    """It comes at eight o'clock in its zone, and not a minute before."""
    assert WEEKLY.last_period(utc(23, 13)).id == "2026-W47"
    assert WEEKLY.last_period(utc(23, 12, 59)).id == "2026-W46"
    assert WEEKLY.last_time(utc(23, 13)) == utc(23, 13)


def test_on_friday_afternoon_it_tells_of_the_week_that_ends() -> None:
    """Most of the seven days before it."""
    edition = Edition("friday", "The week", time(16), FRIDAY)
    assert edition.last_period(utc(27, 21)).id == "2026-W48"


def test_a_daily_digest_tells_of_the_day_before_or_of_the_evening_s_own() -> None:
    """At eight in the morning yesterday, at six in the evening today."""
    assert DAILY.last_period(utc(23, 13)).id == "2026-11-22"
    assert Edition("evening", "", time(18), None).last_period(utc(23, 23)).id == "2026-11-23"


def test_the_next_period_is_the_one_that_the_next_digest_tells_of() -> None:
    """What a preview shows."""
    assert WEEKLY.next_period(utc(23, 13)).id == "2026-W48"
    assert WEEKLY.next_period(utc(23, 12, 59)).id == "2026-W47"
    assert DAILY.next_period(utc(23, 13)).id == "2026-11-23"


@pytest.mark.parametrize(
    ("edition", "written", "said"),
    [
        (WEEKLY, "2026-11-23", "the digest 'weekly' tells of weeks (write 2026-W47)"),
        (DAILY, "2026-W47", "the digest 'daily' tells of days (write 2026-11-23)"),
        (WEEKLY, "soon", "is no period"),
    ],
)
def test_a_period_of_another_sort_is_refused(edition: Edition, written: str, said: str) -> None:
    """A weekly digest has no days."""
    with pytest.raises(ValueError, match=r"tells of|is no") as fault:
        edition.period(written)
    assert said in str(fault.value)


def test_the_hour_that_comes_twice_brings_one_digest() -> None:
    """On 1 November half past one comes at 05:30 and at 06:30 in UTC; the day is the same."""
    edition = Edition("night", "", time(1, 30), None)
    assert edition.last_time(utc(1, 5, 45)) == edition.last_time(utc(1, 6, 45)) == utc(1, 5, 30)


@given(
    minutes=st.integers(0, 60 * 24 * 800),
    clock=st.times(),
    weekday=st.sampled_from([None, *range(7)]),
    zone=st.sampled_from(["America/New_York", "Europe/Berlin", "Pacific/Auckland"]),
)
def test_each_digest_tells_of_the_period_after_the_last_one_s(
    minutes: int, clock: time, weekday: int | None, zone: str
) -> None:
    """No period is left out or told twice, whatever weekday, hour and change of clocks."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    edition = Edition("any", "", clock.replace(microsecond=0), weekday, zone)
    last = edition.last_time(now)
    before = edition.last_time(last - timedelta(minutes=1))
    assert before < last <= now
    assert following(edition.told_at(before)) == edition.told_at(last)
    assert edition.next_period(now) == following(edition.last_period(now))
