"""Threads: the first message of each matter in each channel, and when it must be edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from monitor.models import Hearing, Receipt
from monitor.store import Store, Verdict
from tests.store.builders import BILL, DAY, HOUR, NOW, alert, item, match

LATER = NOW + HOUR
SHOWN = "9999-12-31T00:00:00.000000Z a-state"


def known(store: Store, key: str = "1", when: datetime = NOW) -> int:
    """Let an item of the bill come in; return its matter."""
    merged = store.items.merge(item(key, identifiers=(BILL,)), when, (match(),))
    assert merged is not None
    return merged.change.matter


def tell(store: Store, key: str, matter: int, channel: str = "#a", when: datetime = NOW) -> Receipt:
    """Queue an alert and deliver it."""
    store.outbox.enqueue([replace(alert(key, channel, matter), created_at=when)], when)
    delivery = store.outbox.reserve(when)
    assert delivery is not None
    receipt = Receipt(f"{channel}-{key}", "C1")
    store.outbox.confirm(delivery.id, receipt, when)
    return receipt


def stale(store: Store, *without: str) -> list[str]:
    """Name the messages to be edited, by looking and showing until there is none."""
    found: list[str] = []
    while (one := store.threads.stale(without)) and len(found) < 20:
        found.append(one.thread.reference)
        store.threads.show(one, SHOWN)
    return found


def test_the_first_message_opens_the_thread_of_its_channel(store: Store) -> None:
    """And it is up to date: it says what there is."""
    matter = known(store)
    tell(store, "1", matter)
    thread = store.threads.of(matter, "#a")
    assert thread is not None
    assert (thread.reference, thread.place, thread.matter) == ("#a-1", "C1", matter)
    assert store.threads.of(matter, "#b") is None
    assert stale(store) == []


def test_a_further_message_makes_the_first_one_stale(store: Store) -> None:
    """Once, until it is edited."""
    matter = known(store)
    tell(store, "1", matter)
    tell(store, "2", matter)
    assert stale(store) == ["#a-1"]
    assert stale(store) == []


def test_a_change_that_is_not_told_makes_it_stale_in_every_channel(store: Store) -> None:
    """A further report counts in the first message, without a word in the thread."""
    matter = known(store)
    tell(store, "1", matter)
    tell(store, "1b", matter, "#b")
    known(store, "2", LATER)
    assert sorted(stale(store)) == ["#a-1", "#b-1b"]


def test_what_came_before_the_first_message_was_sent_makes_it_stale(store: Store) -> None:
    """Twenty outlets in one poll: the first story is told, the parent counts all."""
    matter = known(store)
    known(store, "2")
    tell(store, "1", matter)
    assert stale(store) == ["#a-1"]


def test_a_change_between_queue_and_delivery_makes_it_stale(store: Store) -> None:
    """The message was composed before it."""
    matter = known(store)
    store.outbox.enqueue([replace(alert("1", "#a", matter), created_at=NOW)], NOW)
    store.items.merge(item("1", identifiers=(BILL,), status="Filed"), LATER)
    delivery = store.outbox.reserve(LATER)
    assert delivery is not None
    store.outbox.confirm(delivery.id, Receipt("#a-1", "C1"), LATER)
    assert stale(store) == ["#a-1"]


def test_a_thread_waits_for_what_is_queued_for_it(store: Store) -> None:
    """One edit after the reply, and not one before and one after."""
    matter = known(store)
    tell(store, "1", matter)
    known(store, "2", LATER)
    store.outbox.enqueue([alert("2", "#a", matter)], NOW)
    assert stale(store) == []
    store.outbox.resolve(2, Verdict.DROP, NOW)
    assert stale(store) == ["#a-1"]


def test_a_resting_channel_keeps_back_no_other(store: Store) -> None:
    """Its thread stays stale."""
    matter = known(store)
    tell(store, "1", matter)
    tell(store, "1b", matter, "#b")
    known(store, "2", LATER)
    assert store.threads.waiting() == ("#a", "#b")
    assert stale(store, "#a") == ["#b-1b"]
    assert stale(store) == ["#a-1"]


def test_a_message_that_cannot_be_edited_is_left_for_good(store: Store) -> None:
    """Whatever happens to its matter; the thread goes on."""
    matter = known(store)
    tell(store, "1", matter)
    known(store, "2", LATER)
    one = store.threads.stale()
    assert one is not None
    store.threads.leave(one, "edit_window_closed")
    tell(store, "2", matter)
    known(store, "3", LATER)
    store.threads.let_dates_pass(NOW + 9 * DAY)
    assert stale(store) == []
    assert store.threads.of(matter, "#a") is not None


def test_a_thread_that_was_deleted_is_forgotten(store: Store) -> None:
    """The next message opens a new one."""
    matter = known(store)
    tell(store, "1", matter)
    store.threads.forget(matter, "#a")
    assert store.threads.of(matter, "#a") is None
    assert store.threads.channels(matter) == ("#a",)
    tell(store, "2", matter)
    thread = store.threads.of(matter, "#a")
    assert thread is not None
    assert thread.reference == "#a-2"


def test_channels_are_those_that_were_or_will_be_told(store: Store) -> None:
    """Not those whose alert was given up."""
    matter = known(store)
    tell(store, "1", matter)
    store.outbox.enqueue([alert("2", "#b", matter), alert("3", "#c", matter)], NOW)
    store.outbox.resolve(3, Verdict.DROP, NOW)
    store.outbox.enqueue([replace(alert("4", "#d", matter), kind="reminder")], NOW)
    assert store.threads.channels(matter) == ("#a", "#b")


@pytest.mark.parametrize(("hours", "expected"), [(23, []), (25, ["#a-1"])])
def test_a_message_that_names_a_date_is_stale_when_the_date_is_over(
    store: Store, hours: int, expected: list[str]
) -> None:
    """It says "next", and that was yesterday."""
    tomorrow = NOW + DAY
    made = item(identifiers=(BILL,), hearings=(Hearing("hearing", tomorrow),))
    store.items.merge(made, NOW, (match(),))
    tell(store, "1", 1)
    tell(store, "2", 1)
    one = store.threads.stale()
    assert one is not None
    store.threads.show(one, f"{tomorrow:%Y-%m-%dT%H:%M:%S.%fZ} a-state")
    store.threads.let_dates_pass(NOW + hours * HOUR)
    assert stale(store) == expected
    store.threads.let_dates_pass(NOW + hours * HOUR)
    assert stale(store) == []


def two_matters(store: Store, *, in_one_channel: bool) -> None:
    """Make two matters with a thread each."""
    tell(store, "1", known(store))
    store.items.merge(item("other"), NOW, (match(),))
    tell(store, "2", 2, "#a" if in_one_channel else "#b")


def test_the_thread_of_a_merged_matter_goes_on_where_there_is_no_other(store: Store) -> None:
    """Its message shows what the matter is now."""
    two_matters(store, in_one_channel=False)
    store.mending.merge(1, 2, NOW)
    thread = store.threads.of(1, "#b")
    assert thread is not None
    assert thread.reference == "#b-2"
    assert sorted(stale(store)) == ["#a-1", "#b-2"]


def test_the_thread_of_a_merged_matter_points_to_the_other_one(store: Store) -> None:
    """Both messages are edited, each once."""
    two_matters(store, in_one_channel=True)
    store.mending.merge(1, 2, NOW)
    assert store.threads.of(1, "#a") is not None
    found: dict[str, Receipt | None] = {}
    while (one := store.threads.stale()) and len(found) < 9:
        found[one.thread.reference] = one.goes_on
        store.threads.show(one, SHOWN)
    assert found == {"#a-1": None, "#a-2": Receipt("#a-1", "C1")}


def test_an_ended_thread_points_on_when_its_goal_ends_too(store: Store) -> None:
    """Three matters become one: both old messages lead to the one that lives."""
    two_matters(store, in_one_channel=True)
    store.items.merge(item("third"), NOW, (match(),))
    tell(store, "3", 3)
    store.mending.merge(1, 2, NOW)
    stale(store)
    store.mending.merge(3, 1, NOW)
    goals: dict[str, Receipt | None] = {}
    while (one := store.threads.stale()) and len(goals) < 9:
        goals[one.thread.reference] = one.goes_on
        store.threads.show(one, SHOWN)
    there = Receipt("#a-3", "C1")
    assert goals == {"#a-3": None, "#a-1": there, "#a-2": there}


def test_an_edit_that_a_merge_overtook_is_not_taken_for_the_present(store: Store) -> None:
    """It was made while a person merged: the message must still come to point elsewhere."""
    two_matters(store, in_one_channel=True)
    tell(store, "more", 2)
    one = store.threads.stale()
    assert one is not None
    assert one.thread.reference == "#a-2"
    store.mending.merge(1, 2, NOW)
    store.threads.show(one, SHOWN)
    assert sorted(stale(store)) == ["#a-1", "#a-2"]


def test_the_stale_ones_are_found_without_a_walk_through_all(store: Store) -> None:
    """They are asked for every second."""
    asked: list[str] = []
    store._db._raw.set_trace_callback(asked.append)
    store.threads.stale()
    store.threads.waiting()
    store.threads.let_dates_pass(NOW)
    store._db._raw.set_trace_callback(None)
    plans = [row[3] for sql in asked for row in store._db.rows(f"EXPLAIN QUERY PLAN {sql}")]
    scans = [step for step in plans if step.startswith("SCAN ")]
    assert not [step for step in scans if "_stale" not in step and "json_each" not in step], plans
