"""A flood becomes a summary that drops nothing; a source's own health is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts import HealthState, Routing, health
from monitor.floods import PAGE, defer
from monitor.models import Priority
from tests.alerts.builders import NOW, ROUTING, alert, alerts


def test_as_many_as_the_cap_stay_as_they_are() -> None:
    """A cap of five lets five through."""
    made = alerts(5)
    assert defer(made, 5).told == made


def test_what_exceeds_the_cap_becomes_a_summary_that_lists_it() -> None:
    """Five of seven: four alerts, and one post with three lines and their links."""
    made = alerts(7)
    *kept, summary = defer(made, 5).told
    assert tuple(kept) == made[:4]
    assert summary.kind == "summary"
    assert summary.lines == tuple(
        (one.headline, one.item.url) for one in made[4:] if one.item is not None
    )
    assert summary.headline == "3 more items from New York City Council"


def test_the_most_urgent_stay() -> None:
    """A high alert at the end of a flood is not hidden in a list."""
    made = (*alerts(9), alert(key="urgent", priority=Priority.HIGH))
    kept = [one.key for one in defer(made, 3).told if one.kind == "alert"]
    assert kept == ["key-0", "urgent"]


def test_each_channel_has_its_own_cap() -> None:
    """A flood in one channel defers nothing in another."""
    made = (*alerts(9), *alerts(2, channel="#ny"))
    deferred = defer(made, 3).told
    assert [one for one in deferred if one.channel == "#ny"] == list(made[9:])
    assert [one.kind for one in deferred].count("summary") == 1


@given(st.integers(1, 130), st.integers(0, 12))
def test_no_alert_of_a_flood_is_dropped(number: int, cap: int) -> None:
    """Each one is either sent, or stands in exactly one line; pages stay readable."""
    made = alerts(number)
    deferred = defer(made, cap).told
    sent = [one.headline for one in deferred if one.kind == "alert"]
    listed = [line for one in deferred for line, _ in one.lines]
    assert sorted(sent + listed) == sorted(one.headline for one in made)
    assert all(len(one.lines) <= PAGE for one in deferred)
    assert len(sent) <= max(cap, 1)


def test_the_same_flood_composed_twice_has_the_same_summaries() -> None:
    """A second enqueue is harmless; another page has another key."""
    once, twice = defer(alerts(270), 2).told, defer(alerts(270), 2).told
    assert [one.key for one in once] == [one.key for one in twice]
    assert len({one.key for one in once}) == len(once) == 4


def test_summaries_of_several_pages_say_which_one_they_are() -> None:
    """Nobody thinks that the first page is all."""
    headlines = [one.headline for one in defer(alerts(270), 1).told]
    assert headlines[1] == "270 more items from New York City Council, part 2 of 3"


# --------------------------------------------------------------------------------- health


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (HealthState.BROKEN, "Broken: City Council (nyc) cannot be checked"),
        (HealthState.REMINDER, "Still broken: City Council (nyc) cannot be checked"),
        (HealthState.RECOVERED, "Recovered: City Council (nyc) is checked again"),
        (HealthState.GAP, "Gap: City Council (nyc) may have published more than was seen"),
        (HealthState.SILENT, "Silent: City Council (nyc) publishes less than expected"),
    ],
)
def test_health_is_said_in_plain_words(state: HealthState, expected: str) -> None:
    """What is wrong, with what, and since when."""
    made = health(ROUTING, "nyc", state, "error page", since=NOW, name="City Council", now=NOW)
    assert (made.headline, made.kind, made.channel) == (expected, "health", "#monitor-health")
    assert ("Reason: error page", "") in made.lines
    assert ("Since: Mon, Nov 23, 2026, 3:00 pm UTC", "") in made.lines


def test_health_goes_to_the_default_channel_where_it_has_none() -> None:
    """Silence would be worse."""
    assert health(Routing("#all"), "nyc", HealthState.BROKEN).channel == "#all"


def test_each_trouble_is_told_once_and_reminded_of_daily() -> None:
    """The key holds when it began; a reminder's also the day."""

    def key(state: HealthState, since_hours: int, now_hours: int) -> str:
        since, now = NOW - timedelta(hours=since_hours), NOW + timedelta(hours=now_hours)
        return health(ROUTING, "nyc", state, since=since, now=now).key

    assert key(HealthState.BROKEN, 1, 0) == key(HealthState.BROKEN, 1, 5)
    assert key(HealthState.BROKEN, 1, 0) != key(HealthState.BROKEN, 2, 0)
    assert key(HealthState.BROKEN, 1, 0) != key(HealthState.RECOVERED, 1, 0)
    assert key(HealthState.REMINDER, 1, 0) == key(HealthState.REMINDER, 1, 2)
    assert key(HealthState.REMINDER, 1, 0) != key(HealthState.REMINDER, 1, 24)
