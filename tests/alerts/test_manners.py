"""A channel says how much it wants to hear, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts import Route
from monitor.floods import Manners
from monitor.jurisdictions import ocd
from monitor.models import Direction, Match, Priority
from tests.alerts.builders import alert, item

NIGHT = Manners((time(21), time(7)), "America/New_York")
NOON = Manners((time(12), time(13)), "America/New_York")
NORMAL = alert(priority=Priority.NORMAL)


def at(text: str) -> datetime:
    """Read a moment of New York's clocks."""
    there = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York"))
    return there.astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23 20:59", "2026-11-23 20:59"),
        ("2026-11-23 21:00", "2026-11-24 07:00"),
        ("2026-11-24 03:00", "2026-11-24 07:00"),
        ("2026-11-24 07:00", "2026-11-24 07:00"),
        # the clocks go forward, and back
        ("2026-03-07 23:00", "2026-03-08 07:00"),
        ("2026-10-31 23:00", "2026-11-01 07:00"),
        ("2026-12-31 23:59", "2027-01-01 07:00"),
    ],
)
def test_a_night_stays_quiet_until_the_morning(now: str, due: str) -> None:
    """By the channel's own clock, whatever the clocks do that night."""
    assert NIGHT.due(NORMAL, at(now)) == at(due)


def test_quiet_hours_may_lie_within_a_day() -> None:
    """A lunch hour."""
    assert NOON.due(NORMAL, at("2026-11-23 12:30")) == at("2026-11-23 13:00")
    assert NOON.due(NORMAL, at("2026-11-23 13:00")) == at("2026-11-23 13:00")


def test_what_is_urgent_wakes() -> None:
    """Unless the channel wants to sleep through that, too; a broken source waits for no one."""
    urgent, now = alert(priority=Priority.HIGH), at("2026-11-24 03:00")
    assert NIGHT.due(urgent, now) == now
    assert replace(NIGHT, wakes=frozenset()).due(urgent, now) == at("2026-11-24 07:00")
    assert NIGHT.due(alert(kind="health", priority=Priority.NORMAL), now) == now


@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.times().map(lambda one: one.replace(microsecond=0, fold=0)),
    st.times().map(lambda one: one.replace(microsecond=0, fold=0)),
)
def test_nothing_waits_for_more_than_a_day(minute: int, start: time, end: time) -> None:
    """And nothing is due in the past."""
    manners = Manners((start, end), "America/Chicago")
    present = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    due = manners.due(NORMAL, present)
    assert present <= due or (present - due).total_seconds() <= 3600  # the hour that comes twice
    assert (due - present).total_seconds() <= 25 * 3600


def test_a_cap_by_the_hour_spares_what_is_urgent_and_what_is_no_news() -> None:
    """Reminders and health posts are not what floods a channel."""
    two = Manners(hourly=2)
    assert not two.defers(NORMAL, 1)
    assert two.defers(NORMAL, 2)
    assert not two.defers(alert(priority=Priority.HIGH), 9)
    assert not two.defers(alert(kind="reminder", priority=Priority.NORMAL), 9)
    assert not Manners().defers(NORMAL, 999)


def test_a_county_may_ask_for_its_states_matters() -> None:
    """Not for those of other counties, of other states, or of the country."""
    match = Match("287g", "287(g)", Priority.NORMAL, Direction.UNCLEAR, ())
    own = Route("#kings", jurisdiction=ocd("ny/county:kings"))
    above = replace(own, above=True)
    places = ("ny/county:kings", "ny", "ny/county:erie", "nj", "us")
    taken = [above.takes(item(jurisdiction=ocd(place)), match) for place in places]
    assert taken == [True, True, False, False, False]
    assert not own.takes(item(jurisdiction=ocd("ny")), match)
