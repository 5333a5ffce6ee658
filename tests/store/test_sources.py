"""Sources: when they are due, what they remember, and how they fare."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.models import Outcome, Refusal, Validators
from monitor.store import Arrival, SourceState, Store
from tests.store.builders import DAY, HOUR, MINUTE, NOW, item, poll

PAGE = "https://council.example/feed"
FIRST = Validators('"e1"', "", "aa")
SECOND = Validators('"e2"', "", "bb")


def test_a_source_that_was_never_seen_has_an_empty_state(store: Store) -> None:
    """There is nothing to remember, and its first poll is the first."""
    assert store.sources.state("council") == SourceState("council")
    assert store.sources.state("council").first
    assert store.sources.standing("council") == (True, 0)


def test_new_sources_are_due_at_once_and_the_others_keep_their_time(store: Store) -> None:
    """A restart with one source more does not poll all of them."""
    store.sources.begin(["council"], NOW)
    store.sources.finish_poll(poll(), NOW + HOUR)
    store.sources.begin(["council", "senate"], NOW + MINUTE)
    assert store.sources.due(NOW + MINUTE) == ("senate",)
    assert store.sources.due(NOW + HOUR) == ("senate", "council")
    assert store.sources.next_due() == NOW + MINUTE


def test_a_source_taken_out_of_the_configuration_is_never_due(store: Store) -> None:
    """It keeps its state for the day on which it comes back."""
    store.sources.begin(["council", "senate"], NOW)
    store.sources.finish_poll(poll(cursor=(("page", "7"),)), NOW)
    store.sources.begin(["senate"], NOW)
    assert store.sources.due(NOW + DAY) == ("senate",)
    assert store.sources.state("council").cursor == (("page", "7"),)
    assert [health.active for health in store.sources.health(NOW)] == [False, True]
    store.sources.begin(["council"], NOW)
    assert store.sources.due(NOW + DAY) == ("council",)


def test_nothing_is_due_where_no_source_is_active(store: Store) -> None:
    """Then the service sleeps."""
    assert store.sources.due(NOW) == ()
    assert store.sources.next_due() is None


def test_a_successful_poll_is_remembered(store: Store) -> None:
    """Cursor and validators serve the next visit."""
    store.sources.begin(["council"], NOW)
    assert store.sources.standing("council") == (True, 0)
    store.sources.finish_poll(
        poll(cursor=(("page", "7"),), validators=((PAGE, FIRST),)), NOW + HOUR, new=2
    )
    assert store.sources.standing("council") == (False, 0)
    state = store.sources.state("council")
    assert state.cursor == (("page", "7"),)
    assert state.validators == ((PAGE, FIRST),)
    assert (state.next_due, state.last_success, state.last_news) == (NOW + HOUR, NOW, NOW)
    assert (state.failures, state.outcome, state.first) == (0, Outcome.CHANGED, False)


def test_a_failed_poll_remembers_nothing_that_would_hide_news(store: Store) -> None:
    """What was not read is asked for again: cursor and validators stay as they were."""
    store.sources.finish_poll(poll(cursor=(("page", "7"),), validators=((PAGE, FIRST),)), NOW)
    broken = poll(
        outcome=Outcome.FAILED,
        reason="an error page",
        polled_at=NOW + HOUR,
        cursor=(("page", "8"),),
        validators=((PAGE, SECOND),),
    )
    store.sources.finish_poll(broken, NOW + DAY)
    store.sources.finish_poll(broken, NOW + DAY)
    state = store.sources.state("council")
    assert (state.cursor, state.validators) == ((("page", "7"),), ((PAGE, FIRST),))
    assert (state.failures, state.outcome, state.reason) == (2, Outcome.FAILED, "an error page")
    assert (state.last_success, state.last_polled_at) == (NOW, NOW + HOUR)


def test_a_success_ends_the_count_of_failures(store: Store) -> None:
    """Failures are counted in a row."""
    store.sources.finish_poll(poll(outcome=Outcome.FAILED), NOW)
    before = store.sources.state("council")
    assert (before.first, before.failures, before.first_polled_at) == (True, 1, NOW)
    assert store.sources.standing("council") == (True, 1)
    store.sources.finish_poll(poll(validators=((PAGE, FIRST),)), NOW)
    store.sources.finish_poll(poll(validators=((PAGE, SECOND),)), NOW)
    state = store.sources.state("council")
    assert (state.failures, state.validators) == (0, ((PAGE, SECOND),))


def test_a_quiet_poll_is_no_news(store: Store) -> None:
    """The time of the last news stays."""
    store.sources.finish_poll(poll(), NOW, updated=1)
    store.sources.finish_poll(poll(outcome=Outcome.UNCHANGED, polled_at=NOW + DAY), NOW)
    state = store.sources.state("council")
    assert (state.last_news, state.last_success) == (NOW, NOW + DAY)


def test_a_source_can_be_put_off_and_made_to_read_all_anew(store: Store) -> None:
    """A person may want so."""
    store.sources.finish_poll(poll(validators=((PAGE, FIRST),)), NOW)
    store.sources.reschedule("council", NOW + DAY)
    store.sources.forget_validators("council")
    state = store.sources.state("council")
    assert (state.next_due, state.validators) == (NOW + DAY, ())


def test_each_poll_is_kept_with_its_counts(store: Store) -> None:
    """One can see later what a visit brought."""
    full = poll(
        seen=("1", "2", "3"),
        refusals=(Refusal("row 4", "no date"),),
        requests=2,
        seconds=0.5,
        gap=True,
    )
    store.sources.finish_poll(full, NOW, new=2, updated=1)
    store.sources.finish_poll(poll(outcome=Outcome.EMPTY, polled_at=NOW + HOUR), NOW)
    latest, first = store.sources.polls("council")
    assert (latest.outcome, latest.polled_at) == (Outcome.EMPTY, NOW + HOUR)
    assert (first.entries, first.new, first.updated, first.refused) == (3, 2, 1, 1)
    assert (first.requests, first.seconds, first.gap) == (2, 0.5, True)
    assert store.sources.polls("council", limit=1) == (latest,)


def test_health_tells_a_broken_source_from_a_quiet_one(store: Store) -> None:
    """Zero is not success."""
    store.sources.begin(["council", "senate", "court"], NOW)
    store.items.merge_all([Arrival(item("1")), Arrival(item("2"))], NOW - 9 * DAY)
    store.items.merge(item("3"), NOW)
    store.sources.finish_poll(poll(), NOW + HOUR, new=3)
    store.sources.finish_poll(poll("senate", Outcome.FAILED, reason="refused"), NOW)
    council, court, senate = store.sources.health(since=NOW - 7 * DAY)
    assert (council.items, council.items_recent, council.last_success) == (3, 1, NOW)
    assert (senate.items, senate.failures, senate.reason) == (0, 1, "refused")
    assert (senate.last_success, senate.outcome) == (None, Outcome.FAILED)
    assert (court.outcome, court.last_polled_at, court.next_due) == (None, None, NOW)


def test_coverage_tells_what_was_really_checked(store: Store) -> None:
    """A source that was never reached in the period is there, and is not checked."""
    store.sources.begin(["council", "senate", "court"], NOW)
    polls = (
        poll(seen=("1",)),
        poll(outcome=Outcome.EMPTY, polled_at=NOW + HOUR, gap=True),
        poll("senate", Outcome.FAILED, reason="timed out"),
        poll("senate", Outcome.FAILED, reason="refused", polled_at=NOW + HOUR),
        poll(outcome=Outcome.FAILED, polled_at=NOW + DAY),
    )
    for one in polls:
        store.sources.finish_poll(one, NOW, new=len(one.seen))
    council, court, senate = store.sources.coverage(NOW, NOW + DAY)
    assert (council.polls, council.failed, council.empty, council.gaps) == (2, 0, 1, 1)
    assert (council.entries, council.new, council.last_success) == (1, 1, NOW + HOUR)
    assert (senate.polls, senate.failed, senate.reason) == (2, 2, "refused")
    assert [c.checked for c in (council, court, senate)] == [True, False, False]
    assert court.polls == 0


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=30)])
def test_pruning_throws_away_old_polls_and_validators_only(store: Store, age: timedelta) -> None:
    """What a source remembers for its next visit stays, and its first good poll."""
    for _ in range(2):
        store.sources.finish_poll(poll(validators=((PAGE, FIRST),)), NOW)
    store.items.merge(item(), NOW)
    pruned = store.upkeep.prune(NOW + MINUTE - age)
    old = 1 if not age else 0
    assert (pruned.polls, pruned.validators) == (old, old)
    assert len(store.sources.polls("council")) == 2 - old
    assert len(store.sources.state("council").validators) == 1 - old
    assert store.items.count() == 1
