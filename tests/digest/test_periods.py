"""Periods: weeks and days by the calendar of a zone, across changes of clocks and years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest import first_day, following, is_day, parse_period, period_of, previous

NEW_YORK = "America/New_York"
ZONES = (NEW_YORK, "America/Los_Angeles", "UTC", "America/Phoenix", "Pacific/Auckland")
HOUR = timedelta(hours=1)


def utc(*parts: int) -> datetime:
    """Make a moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_a_week_runs_from_monday_to_monday_on_the_clocks_of_its_zone() -> None:
    """Midnight in New York is five o'clock in UTC."""
    period = parse_period("2026-W47", NEW_YORK)
    assert (period.starts, period.ends) == (utc(2026, 11, 16, 5), utc(2026, 11, 23, 5))
    assert (period.id, period.timezone, is_day(period)) == ("2026-W47", NEW_YORK, False)


def test_a_day_runs_from_midnight_to_midnight() -> None:
    """A day is written as its date."""
    period = parse_period("2026-11-23", NEW_YORK)
    assert (period.starts, period.ends) == (utc(2026, 11, 23, 5), utc(2026, 11, 24, 5))
    assert is_day(period)


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("2026-W10", 167),
        ("2026-W11", 168),
        ("2026-W44", 169),
        ("2026-03-08", 23),
        ("2026-11-01", 25),
    ],
)
def test_a_change_of_clocks_lengthens_or_shortens_a_period(written: str, hours: int) -> None:
    """Clocks change on 8 March and 1 November 2026 in New York."""
    period = parse_period(written, NEW_YORK)
    assert (period.ends - period.starts) / HOUR == hours
    assert following(previous(period)) == period


def test_the_days_around_new_year_belong_to_the_week_of_their_thursday() -> None:
    """2026 has 53 weeks, and the first days of 2027 belong to the last one."""
    last = period_of(utc(2027, 1, 3, 12), NEW_YORK)
    assert (last.id, first_day(last)) == ("2026-W53", date(2026, 12, 28))
    assert following(last).id == "2027-W01"
    assert first_day(following(last)) == date(2027, 1, 4)
    assert previous(parse_period("2027-W01", NEW_YORK)) == last
    assert period_of(utc(2025, 12, 31, 12), NEW_YORK).id == "2026-W01"


def test_the_same_moment_lies_in_other_weeks_in_other_zones() -> None:
    """Sunday evening in New York is Monday in Auckland."""
    moment = utc(2026, 11, 23, 2)
    assert period_of(moment, NEW_YORK).id == "2026-W47"
    assert period_of(moment, "Pacific/Auckland").id == "2026-W48"
    assert period_of(moment, NEW_YORK, daily=True).id == "2026-11-22"


@pytest.mark.parametrize("written", ["2026-w47", " 2026-W47 ", "2026W47"])
def test_other_spellings_of_a_week_mean_the_same(written: str) -> None:
    """People and ISO 8601 write weeks in several ways."""
    assert parse_period(written, NEW_YORK).id == "2026-W47"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2027-W53", "'2027-W53' is no week: 2027 has weeks 1 to 52"),
        ("2026-W54", "'2026-W54' is no week: 2026 has weeks 1 to 53"),
        ("2026-W00", "is no week"),
        ("2026-02-30", "'2026-02-30' is no day of the calendar"),
        ("0000-W01", "is no week"),
        ("last week", "'last week' is no period (write a week as 2026-W47"),
        ("47", "is no period"),
        ("", "is no period"),
    ],
)
def test_what_is_no_period_is_refused_with_the_cure(written: str, said: str) -> None:
    """The sentence says what to write."""
    with pytest.raises(ValueError, match="is no ") as fault:
        parse_period(written, NEW_YORK)
    assert said in str(fault.value)


@given(
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
    daily=st.booleans(),
)
def test_every_moment_lies_in_one_period_and_periods_leave_no_gap(
    moment: datetime, zone: str, *, daily: bool
) -> None:
    """A period is read back as written, and begins where the one before it ends."""
    period = period_of(moment, zone, daily=daily)
    assert period.starts <= moment < period.ends
    assert parse_period(period.id, zone) == period
    assert previous(period).ends == period.starts
    assert following(period).starts == period.ends
    assert previous(following(period)) == period
