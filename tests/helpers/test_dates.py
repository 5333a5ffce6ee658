"""Dates are read strictly: what is uncertain is None."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dates import iso, local, parse_date, plausible, wall_clock, zone

NEW_YORK = "America/New_York"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(*parts: int) -> datetime:
    """Make a UTC time."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Mon, 02 Nov 2026 14:30:00 GMT", at(2026, 11, 2, 14, 30)),
        ("Mon, 02 Nov 2026 14:30:00 +0100", at(2026, 11, 2, 13, 30)),
        ("Mon, 02 Nov 2026 14:30:00 EST", at(2026, 11, 2, 19, 30)),
        ("Thu, 02 Jul 2026 14:30:00 PDT", at(2026, 7, 2, 21, 30)),
        ("2 November 2026 14:30", at(2026, 11, 2, 19, 30)),
        ("02 Nov 26 14:30 MST", at(2026, 11, 2, 21, 30)),
        ("02 Nov 99 14:30 GMT", at(1999, 11, 2, 14, 30)),
        ("2026-11-02T14:30:00Z", at(2026, 11, 2, 14, 30)),
        ("2026-11-02T14:30:00.123456789-05:00", at(2026, 11, 2, 19, 30, 0, 123456)),
        ("2026-11-02 14:30:00+00", at(2026, 11, 2, 14, 30)),
        ("2026-11-02", at(2026, 11, 2, 5)),
        ("20261102T143000Z", at(2026, 11, 2, 14, 30)),
        ("20261102", at(2026, 11, 2, 5)),
        ("2026/1/9 14:33:00", at(2026, 1, 9, 19, 33)),
        ("November 2, 2026 at 2:30 PM", at(2026, 11, 2, 19, 30)),
        ("Monday, November 2nd, 2026, 2 p.m.", at(2026, 11, 2, 19)),
        ("Nov. 2, 2026 6:00 PM PT", at(2026, 11, 3, 2)),
        ("11/2/2026 12:05 AM", at(2026, 11, 2, 5, 5)),
        ("11/02/2026", at(2026, 11, 2, 5)),
        ("Mon Nov  2 14:30:00 EST 2026", at(2026, 11, 2, 19, 30)),
        ("Thu, 16 Apr 2026 16:15:07 +0000 (UTC)", at(2026, 4, 16, 16, 15, 7)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", at(2016, 12, 31, 23, 59, 59)),
    ],
)
def test_what_publishers_write_is_read(said: str, meant: datetime) -> None:
    """A zone that is stated holds; without one, the source's."""
    assert parse_date(said, NEW_YORK) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "tomorrow at 9am",
        "noon, November 4",
        "10",
        "10:30",
        "2026",
        "November 2026",
        "3/11/26",
        "13/13/2026",
        "02/30/2026",
        "20026-01-01",
        "Mon, 02 Nov 2026 14:30:00 XYZ",
        "Mon, 02 Nov 2026 25:30:00 GMT",
        "11/2/2026 14:30 PM",
        "11/2/2026 9",
        "rescheduled to November 5, 2026 (was November 3, 2026)",
        "2026-11-02T14:30:00+99:00",
        "Foo, 2026-11-02",
    ],
)
def test_what_is_uncertain_is_not_guessed(said: str) -> None:
    """Half dates, impossible dates, unknown zones and prose are None."""
    assert parse_date(said, NEW_YORK) is None


def test_a_publishers_own_form_is_tried_first() -> None:
    """A day-first publisher says so with its format."""
    assert parse_date("03/11/2026", NEW_YORK) == at(2026, 3, 11, 4)
    assert parse_date("03/11/2026", NEW_YORK, ("%d/%m/%Y",)) == at(2026, 11, 3, 5)
    assert parse_date("3.11.26 18:00 +0000", NEW_YORK, ("%Y", "%d.%m.%y %H:%M %z")) == at(
        2026, 11, 3, 18
    )


def test_a_false_zone_is_overruled_by_the_clock_on_the_wall() -> None:
    """CivicClerk's "Z" and Granicus's -0800 are local times."""
    assert wall_clock("2026-11-02T18:00:00Z", NEW_YORK) == at(2026, 11, 2, 23)
    assert wall_clock("Wed, 15 Apr 2026 11:00:00 -0800", NEW_YORK) == at(2026, 4, 15, 15)
    assert wall_clock("soon", NEW_YORK) is None


def test_the_hours_of_a_time_change_have_one_reading() -> None:
    """Of two equal hours the first; an hour that was skipped is not lost."""
    assert parse_date("2026-11-01 01:30", NEW_YORK) == at(2026, 11, 1, 5, 30)
    assert parse_date("2026-03-08 02:30", NEW_YORK) == at(2026, 3, 8, 7, 30)


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ("5025-01-01", False),
        ("1899-12-30", False),
        ("2047-01-01", False),
        ("2046-06-01", True),
        ("1996-01-01", True),
    ],
)
def test_a_year_that_nobody_means_is_not_plausible(said: str, believed: bool) -> None:
    """The bounds are 1990 and twenty years ahead."""
    moment = parse_date(said, "UTC")
    assert moment is not None
    assert plausible(moment, NOW) is believed


def test_times_are_shown_on_the_local_clock_and_stored_in_utc() -> None:
    """`local` and `iso` name the same instant."""
    shown = local(at(2026, 11, 3, 2), NEW_YORK)
    assert (shown.day, shown.hour) == (2, 21)
    assert iso(shown) == "2026-11-03T02:00:00Z"


def test_an_unknown_zone_is_an_error() -> None:
    """A zone comes from the configuration, which was checked."""
    with pytest.raises(KeyError):
        zone("America/Gotham")


@given(st.text(alphabet="0123456789/-:., TZampGMESnov", max_size=40))
def test_no_text_breaks_the_reader(said: str) -> None:
    """The answer is an aware UTC time or None."""
    found = parse_date(said, NEW_YORK)
    assert found is None or found.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2046, 1, 1)))  # noqa: DTZ001
def test_what_iso_writes_is_read_back(moment: datetime) -> None:
    """To the second, nothing is lost."""
    aware = moment.replace(tzinfo=UTC, microsecond=0)
    assert parse_date(iso(aware), NEW_YORK) == aware
