"""When a source is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.models import Outcome
from monitor.schedule import Cadence, first_due, interval, next_cron, next_due

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOURLY = Cadence(timedelta(hours=1))


def test_a_regular_poll_comes_after_its_interval_with_a_tenth_of_jitter() -> None:
    """`every: 1h` means between 54 and 66 minutes."""
    for name in ("a", "b", "c", "d"):
        wait = next_due(name, HOURLY, NOW) - NOW
        assert timedelta(minutes=54) <= wait <= timedelta(minutes=66)


def test_two_sources_do_not_march_in_step() -> None:
    """The jitter differs between sources and from poll to poll."""
    due = {next_due(f"source-{n}", HOURLY, NOW) for n in range(50)}
    assert len(due) == 50
    first = next_due("a", HOURLY, NOW) - NOW
    later = next_due("a", HOURLY, NOW + timedelta(hours=1)) - (NOW + timedelta(hours=1))
    assert first != later


def test_the_same_facts_give_the_same_answer() -> None:
    """Nothing is drawn by lot, so that a run can be repeated."""
    assert next_due("a", HOURLY, NOW) == next_due("a", HOURLY, NOW)


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (9, 24), (99, 24)])
def test_each_failure_doubles_the_wait_up_to_a_day(failures: int, hours: int) -> None:
    """A broken source is asked ever more rarely, and yet at least daily."""
    due = next_due("a", HOURLY, NOW, outcome=Outcome.FAILED, failures=failures)
    assert hours * 0.89 <= (due - NOW) / timedelta(hours=1) <= hours * 1.11


def test_what_often_passes_is_looked_at_again_in_minutes() -> None:
    """And never later than it is due anyway, nor sooner than the publisher wishes."""

    def wait(cadence: Cadence, asked: float = 0.0) -> float:
        due = next_due(
            "a",
            cadence,
            NOW,
            outcome=Outcome.FAILED,
            failures=1,
            retry_after=asked,
            again=True,
        )
        return (due - NOW) / timedelta(minutes=1)

    assert 4.4 <= wait(HOURLY) <= 5.6
    assert 0.8 <= wait(Cadence(timedelta(minutes=1))) <= 1.2
    assert wait(HOURLY, 7200.0) == 120


def test_a_publishers_wish_is_never_undercut() -> None:
    """Retry-After of two hours holds although the source is due hourly."""
    due = next_due("a", HOURLY, NOW, outcome=Outcome.FAILED, failures=1, retry_after=7200.0)
    assert due >= NOW + timedelta(hours=2)


def test_a_gap_halves_the_wait() -> None:
    """Where entries were missed, the next poll comes sooner."""
    assert next_due("a", HOURLY, NOW, gap=True) <= NOW + timedelta(minutes=30)


def test_cron_is_read_in_the_sources_own_zone() -> None:
    """Seven in the morning in New York is noon UTC in winter and eleven in summer."""
    assert next_cron("0 7 * * *", "America/New_York", NOW) == NOW + timedelta(days=1)
    summer = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert next_cron("0 7 * * *", "America/New_York", summer) == summer + timedelta(hours=1)


def test_cron_skips_the_weekend() -> None:
    """Friday evening's next weekday poll is on Monday."""
    friday = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)
    assert next_cron("0 7 * * mon-fri", "UTC", friday) == datetime(2026, 11, 30, 7, tzinfo=UTC)


def test_a_cron_source_is_due_within_the_minute_of_its_time() -> None:
    """Sources with the same cron line are spread over a minute."""
    cadence = Cadence(cron="0 13 * * *", timezone="UTC")
    due = {next_due(f"s{n}", cadence, NOW) for n in range(20)}
    assert len(due) == 20
    assert min(due) >= NOW + timedelta(hours=1)
    assert max(due) < NOW + timedelta(hours=1, minutes=1)


def test_an_impossible_cron_is_looked_at_again_tomorrow() -> None:
    """The 30th of February never comes, and stops nothing."""
    assert next_cron("0 0 30 2 *", "UTC", NOW) == NOW + timedelta(days=1)


def test_the_interval_of_a_cron_is_that_between_its_next_two_times() -> None:
    """Back-off needs a length where there is no `every`."""
    assert interval(Cadence(cron="0 */6 * * *", timezone="UTC"), NOW) == timedelta(hours=6)


def test_first_polls_are_spread_over_ten_minutes_at_most() -> None:
    """A hundred new sources do not all start in the same second."""
    waits = [first_due(f"s{n}", HOURLY, NOW) - NOW for n in range(100)]
    assert max(waits) <= timedelta(minutes=10)
    assert max(waits) - min(waits) > timedelta(minutes=5)
    assert first_due("s", Cadence(timedelta(minutes=2)), NOW) - NOW <= timedelta(minutes=2)
