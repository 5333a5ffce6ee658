"""What people do about matters holds: across restarts, merges and repeated clicks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from monitor.models import Hearing, Lead, Person, PersonalReminder, Receipt, Relevance
from monitor.store import Arrival, DeliveryState, Store
from tests.store.builders import DAY, HOUR, MINUTE, NOW, alert, item

ANA, BEN = Person("U0ANA", "ana"), Person("U0BEN", "ben")


def opened(store: Store, key: str = "1", now: datetime = NOW) -> int:
    """Open a matter with one item; return its number."""
    (merged,) = store.items.merge_all([Arrival(item(key))], now)
    return merged.change.matter


def reminder(matter: int, **fields: object) -> PersonalReminder:
    """Make a reminder as somebody asks for it."""
    made = PersonalReminder(0, ANA, matter, Lead.TOMORROW, NOW + DAY, "America/New_York")
    return replace(made, **fields)  # type: ignore[arg-type]


def test_the_first_claim_holds_and_a_second_one_is_told_whose_it_is(store: Store) -> None:
    """Two people click at once: one of them has it, and the other one sees who."""
    matter = opened(store)
    assert store.acts.claim(matter, ANA, NOW).person == ANA
    late = store.acts.claim(matter, BEN, NOW + MINUTE)
    assert (late.person, late.claimed_at) == (ANA, NOW)
    assert store.acts.claimed(matter) == late


def test_a_claim_can_be_given_up_and_taken_by_another(store: Store) -> None:
    """Whoever releases it, the matter is free again; a second release finds nothing."""
    matter = opened(store)
    store.acts.claim(matter, ANA, NOW)
    released = store.acts.release(matter, BEN, NOW + MINUTE)
    assert released is not None
    assert released.person == ANA
    assert store.acts.release(matter, BEN, NOW + MINUTE) is None
    assert store.acts.claim(matter, BEN, NOW + HOUR).person == BEN


def test_all_that_was_done_is_there_after_reopening(database: Path) -> None:
    """A restart forgets no claim, no follow, no mute, no reminder."""
    with Store.open(database) as store:
        matter = opened(store)
        store.acts.claim(matter, ANA, NOW)
        store.acts.follow(matter, BEN, NOW)
        store.acts.mute(matter, "#ny", ANA, NOW)
        store.acts.ask_reminder(reminder(matter), NOW)
        store.acts.once(("e1",), NOW)
    with Store.open(database) as store:
        claim = store.acts.claimed(matter)
        assert claim is not None
        assert claim.person == ANA
        assert store.acts.following() == {(matter, BEN.id)}
        assert store.acts.muted() == {(matter, "#ny")}
        assert len(store.acts.reminders_due(NOW + DAY)) == 1
        assert not store.acts.once(("e1",), NOW)


def test_what_was_done_about_a_merged_matter_goes_on_with_the_other(store: Store) -> None:
    """People clicked under one number; the story goes on under another."""
    old, new = opened(store, "1"), opened(store, "2")
    store.acts.claim(old, ANA, NOW)
    store.acts.follow(old, ANA, NOW)
    store.acts.mute(old, "#ny", ANA, NOW)
    store.acts.ask_reminder(reminder(old), NOW)
    store.mending.merge(new, old, NOW)
    claim = store.acts.claimed(new)
    assert claim is not None
    assert claim.person == ANA
    assert store.acts.following() == {(new, ANA.id)}
    assert store.acts.muted() == {(new, "#ny")}
    assert store.acts.is_muted(new, "#ny")
    assert [due.matter for due in store.acts.reminders_due(NOW + DAY)] == [new]
    assert store.acts.unfollow(new, ANA, NOW)
    assert store.acts.unmute(new, "#ny", BEN, NOW)
    assert store.acts.release(new, BEN, NOW)
    assert (store.acts.following(), store.acts.muted()) == (frozenset(), frozenset())
    assert store.acts.claimed(new) is None


def test_of_two_claims_that_a_merge_brings_together_the_older_holds(store: Store) -> None:
    """And one release ends both."""
    one, other = opened(store, "1"), opened(store, "2")
    store.acts.claim(one, BEN, NOW + MINUTE)
    store.acts.claim(other, ANA, NOW)
    store.mending.merge(one, other, NOW)
    claim = store.acts.claimed(one)
    assert claim is not None
    assert claim.person == ANA
    store.acts.release(one, ANA, NOW)
    assert store.acts.claimed(one) is None


def test_following_twice_is_following_once(store: Store) -> None:
    """A repeated click is harmless, and so is a late end."""
    matter = opened(store)
    assert store.acts.follow(matter, ANA, NOW)
    assert not store.acts.follow(matter, ANA, NOW)
    assert store.acts.unfollow(matter, ANA, NOW)
    assert not store.acts.unfollow(matter, ANA, NOW)
    assert store.acts.follow(matter, ANA, NOW)


def test_a_mute_holds_what_waits_and_only_in_its_channel(store: Store) -> None:
    """The alert is kept, with the reason, and can be sent after all by a person."""
    matter = opened(store)
    store.outbox.enqueue([alert("a", "#ny", matter), alert("b", "#alerts", matter)], NOW)
    assert store.acts.mute(matter, "#ny", ANA, NOW)
    assert not store.acts.mute(matter, "#ny", BEN, NOW)
    states = {row.alert.channel: (row.state, row.error) for row in store.outbox.listed()}
    assert states["#ny"] == (DeliveryState.HELD, "muted in this channel")
    assert states["#alerts"] == (DeliveryState.QUEUED, "")
    assert store.acts.unmute(matter, "#ny", BEN, NOW)
    assert not store.acts.unmute(matter, "#ny", BEN, NOW)


def test_an_act_is_done_once_under_each_of_its_names(store: Store) -> None:
    """A redelivered envelope, and the same click in another envelope, are the same act."""
    assert store.acts.once(("envelope 1", "click 1"), NOW)
    assert not store.acts.once(("envelope 1", "click 1"), NOW)
    assert not store.acts.once(("envelope 2", "click 1"), NOW)
    assert store.acts.once(("envelope 3", "click 3"), NOW)


def test_an_act_that_failed_is_not_done(store: Store) -> None:
    """Its name goes with the transaction, so that it may come again."""
    with pytest.raises(RuntimeError):
        break_off(store)
    assert store.acts.once(("envelope 1",), NOW)


def break_off(store: Store) -> None:
    """Begin an act, and fail in the middle."""
    with store.transaction():
        store.acts.once(("envelope 1",), NOW)
        raise RuntimeError("broken off")


def test_names_of_acts_are_forgotten_after_a_week(store: Store) -> None:
    """Slack repeats within minutes; the table does not grow for ever."""
    store.acts.once(("envelope 1",), NOW)
    assert store.acts.once(("envelope 2",), NOW + 8 * DAY)
    assert store.acts.once(("envelope 1",), NOW + 8 * DAY)


def test_a_reminder_is_due_once(store: Store) -> None:
    """The same asked for twice is one; one that was sent is not due again."""
    matter = opened(store)
    assert store.acts.ask_reminder(reminder(matter), NOW)
    assert not store.acts.ask_reminder(reminder(matter), NOW)
    assert store.acts.reminders_due(NOW) == ()
    (due,) = store.acts.reminders_due(NOW + DAY)
    assert (due.person, due.matter, due.lead) == (ANA, matter, Lead.TOMORROW)
    store.acts.reminded(due.id, NOW + DAY)
    assert store.acts.reminders_due(NOW + 2 * DAY) == ()


def test_a_reminder_before_a_date_is_reckoned_anew_when_its_matter_changes(
    store: Store,
) -> None:
    """A hearing may have moved; until something happens there is nothing to reckon."""
    matter = opened(store)
    starts = NOW + 9 * DAY
    store.acts.ask_reminder(reminder(matter, lead=Lead.WEEK_BEFORE, starts=starts), NOW)
    store.acts.ask_reminder(reminder(matter, due_at=NOW + HOUR), NOW)
    assert store.acts.reminders_unsure() == ()
    moved = item("1", hearings=(Hearing("hearing", starts + DAY),))
    store.items.merge_all([Arrival(moved)], NOW + HOUR)
    (unsure,) = store.acts.reminders_unsure()
    assert unsure.starts == starts
    store.acts.reckon(replace(unsure, due_at=NOW + 3 * DAY, starts=starts + DAY), NOW + HOUR)
    assert store.acts.reminders_unsure() == ()
    assert [due.due_at for due in store.acts.reminders_due(NOW + 3 * DAY)] == [
        NOW + HOUR,
        NOW + 3 * DAY,
    ]


def test_a_present_state_says_who_has_it_what_people_say_and_whether_it_is_muted(
    store: Store,
) -> None:
    """As each channel is shown it: muted in one, not in another."""
    matter = opened(store)
    store.outbox.enqueue([alert("a", "#ny", matter)], NOW)
    store.outbox.reserve(NOW)
    store.outbox.confirm(1, Receipt("1.0", "C1"), NOW)
    store.acts.claim(matter, ANA, NOW)
    store.acts.mute(matter, "#ny", ANA, NOW)
    store.ledger.judge(1, ANA, Relevance.RELEVANT, NOW)
    store.ledger.judge(1, BEN, Relevance.NOT_RELEVANT, NOW)
    present = store.matters.present(matter, NOW)
    shown = store.acts.shown(present, "#ny")
    assert (shown.claimed_by, shown.claimed_at) == (ANA.id, NOW)
    assert (shown.relevant, shown.not_relevant, shown.muted) == (1, 1, True)
    assert not store.acts.shown(present, "#alerts").muted
    assert store.acts.channel_at("C1") == "#ny"
    assert store.acts.channel_at("C2") == ""
    assert [thread.reference for thread in store.acts.threads(matter)] == ["1.0"]


@pytest.mark.parametrize("act", ["claim", "mute", "judge"])
def test_what_was_done_before_a_message_was_confirmed_is_shown_on_it(
    store: Store, act: str
) -> None:
    """People are quick, and a matter may have been claimed in another channel."""
    matter = opened(store)
    store.outbox.enqueue([alert("a", "#ny", matter)], NOW)
    store.outbox.reserve(NOW)
    if act == "claim":
        store.acts.claim(matter, ANA, NOW)
    elif act == "mute":
        store.acts.mute(matter, "#ny", ANA, NOW)
    else:
        store.ledger.judge(1, ANA, Relevance.RELEVANT, NOW)
    assert store.threads.stale() is None
    store.outbox.confirm(1, Receipt("1.0", "C1"), NOW)
    assert store.threads.stale() is not None
