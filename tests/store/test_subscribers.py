"""Subscribers: known once, confirmed by themselves, gone for good when they leave."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from monitor.models import Frequency, Language, Subscriber
from monitor.store import (
    BOUNCED,
    REMOVED,
    UNSUBSCRIBED,
    DeliveryState,
    Joined,
    Joining,
    MailKind,
    Store,
    Verdict,
)
from tests.store.builders import HOUR, NOW

ANA = Subscriber(0, "Ana@People.test")


def add(store: Store, one: Subscriber = ANA, *, confirmed: bool = True, **more: bool) -> Joined:
    """Add a subscriber."""
    return store.subscribers.add(one, NOW, confirmed=confirmed, **more)


def test_an_address_is_known_once_however_it_is_written(store: Store) -> None:
    """The first way of writing it stays; later choices count."""
    first = add(store)
    again = add(store, Subscriber(0, " aNA@PEOPLE.test", topics=("b", "a", "a")))
    assert (first.how, again.how) == (Joining.ADDED, Joining.CHANGED)
    assert again.subscriber.id == first.subscriber.id
    assert again.subscriber.address == "Ana@people.test"
    assert again.subscriber.topics == ("a", "b")
    assert add(store, Subscriber(0, "ana@people.test", topics=("a", "b"))).how is Joining.SAME
    assert len(store.subscribers.listed()) == 1


def test_what_was_chosen_comes_back(store: Store) -> None:
    """Names, topics, places, language and frequency."""
    wanted = Subscriber(
        0,
        "bea@people.test",
        "Bea, Núñez",
        ("sanctuary",),
        ("ocd-division/country:us/state:ny",),
        Language.SPANISH,
        Frequency.DAILY,
    )
    kept = add(store, wanted).subscriber
    for name in ("address", "name", "topics", "jurisdictions", "language", "frequency"):
        assert getattr(kept, name) == getattr(wanted, name)
    assert kept.confirmed_at == NOW


def test_a_token_is_long_different_and_stays(store: Store) -> None:
    """It names the subscriber in links that must work for years."""
    ana, bea = add(store).subscriber, add(store, Subscriber(0, "bea@people.test")).subscriber
    assert min(len(ana.token), len(bea.token)) >= 32
    assert ana.token != bea.token
    assert "ana" not in ana.token.lower()
    store.subscribers.end(ana.id, REMOVED, NOW)
    assert add(store).subscriber.token == ana.token


def test_who_is_invited_confirms_by_token(store: Store) -> None:
    """Twice does no harm; an unknown token does nothing; the invitation that waits is dropped."""
    ana = add(store, confirmed=False).subscriber
    assert store.mailings.invite(ana.id, NOW)
    assert not store.mailings.invite(ana.id, NOW + HOUR)
    assert store.mailings.queue("weekly", "2026-W47", None, NOW) == 0
    assert store.subscribers.confirm("made-up", NOW) is None
    confirmed = store.subscribers.confirm(ana.token, NOW + HOUR)
    assert confirmed is not None
    assert confirmed.confirmed_at == NOW + HOUR
    again = store.subscribers.confirm(ana.token, NOW + 2 * HOUR)
    assert again == confirmed
    assert dict(store.mailings.counts()) == {DeliveryState.DROPPED: 1}
    assert store.mailings.queue("weekly", "2026-W47", None, NOW) == 1


def test_an_operator_can_confirm_who_was_invited(store: Store) -> None:
    """Adding them once more, where no page exists any more."""
    add(store, confirmed=False)
    joined = add(store)
    assert joined.how is Joining.CHANGED
    assert joined.subscriber.confirmed_at == NOW


@pytest.mark.parametrize(
    ("why", "again", "how"),
    [
        (REMOVED, False, Joining.BACK),
        (UNSUBSCRIBED, False, Joining.LEFT),
        (BOUNCED, False, Joining.LEFT),
        (UNSUBSCRIBED, True, Joining.BACK),
        (BOUNCED, True, Joining.BACK),
    ],
)
def test_who_left_comes_back_only_on_purpose(
    store: Store, why: str, again: bool, how: Joining
) -> None:
    """A list that is imported anew brings nobody back who had left by themselves."""
    ana = add(store).subscriber
    assert store.subscribers.end(ana.id, why, NOW)
    assert not store.subscribers.end(ana.id, why, NOW + HOUR)
    joined = add(store, again=again, confirmed=False)
    assert joined.how is how
    ended = joined.subscriber.ended_at
    assert (ended is None) == (how is Joining.BACK)
    if how is Joining.BACK:
        assert joined.subscriber.confirmed_at is None


def test_an_old_link_does_not_bring_back_who_left(store: Store) -> None:
    """Whoever finds an old message could otherwise subscribe them again."""
    ana = add(store).subscriber
    gone = store.subscribers.unsubscribe(ana.token, NOW)
    assert gone is not None
    assert gone.ended_why == UNSUBSCRIBED
    assert store.subscribers.confirm(ana.token, NOW) is None
    assert store.subscribers.unsubscribe(ana.token, NOW + HOUR) == gone
    assert store.subscribers.unsubscribe("made-up", NOW) is None
    assert store.subscribers.listed() == ()
    assert len(store.subscribers.listed(ended=True)) == 1


def test_who_was_removed_and_then_unsubscribes_stays_away(store: Store) -> None:
    """Their own word is the stronger one."""
    ana = add(store).subscriber
    store.subscribers.end(ana.id, REMOVED, NOW)
    store.subscribers.unsubscribe(ana.token, NOW)
    assert add(store).how is Joining.LEFT


def test_leaving_drops_what_waits_and_nothing_that_was_sent(store: Store) -> None:
    """A copy in hand may still arrive, and is recorded."""
    ana = add(store).subscriber
    for week in ("2026-W45", "2026-W46", "2026-W47"):
        store.mailings.queue("weekly", week, None, NOW)
    first, second = store.mailings.reserve(NOW), store.mailings.reserve(NOW)
    assert first
    assert second
    store.mailings.confirm(first.id, "<1@test>", NOW)
    store.subscribers.end(ana.id, UNSUBSCRIBED, NOW)
    assert store.mailings.confirm(second.id, "<2@test>", NOW)
    assert dict(store.mailings.counts()) == {DeliveryState.SENT: 2, DeliveryState.DROPPED: 1}
    assert store.mailings.retry(NOW, [1, 2, 3]) == 0


def test_who_comes_back_unconfirmed_gets_no_old_copies(store: Store) -> None:
    """Only the question whether they want any, until they have said so."""
    ana = add(store).subscriber
    store.mailings.queue("weekly", "2026-W47", None, NOW)
    store.subscribers.end(ana.id, REMOVED, NOW)
    add(store, confirmed=False)
    store.mailings.invite(ana.id, NOW)
    assert store.mailings.retry(NOW, [1]) == 0
    with pytest.raises(ValueError, match="does not want it any more"):
        store.mailings.resolve(1, Verdict.RETRY, NOW)
    asked = store.mailings.reserve(NOW)
    assert asked is not None
    assert asked.kind is MailKind.INVITATION
    store.subscribers.confirm(ana.token, NOW)
    assert store.mailings.retry(NOW, [1]) == 1


def test_an_erased_subscriber_is_forgotten_with_all_copies(store: Store) -> None:
    """Nothing of them is left in the database."""
    ana = add(store).subscriber
    store.mailings.queue("weekly", "2026-W47", None, NOW)
    store.subscribers.erase(ana.id)
    assert store.subscribers.listed(ended=True) == ()
    assert store.mailings.listed() == ()
    assert store.subscribers.find("ana@people.test") is None
    with pytest.raises(KeyError):
        store.subscribers.row(ana.id)
    with pytest.raises(KeyError):
        store.subscribers.end(ana.id, REMOVED, NOW)


def test_digests_go_to_who_wants_them_so_often(store: Store) -> None:
    """Daily ones to the daily, weekly ones to the weekly."""
    add(store)
    add(store, Subscriber(0, "day@people.test", frequency=Frequency.DAILY))
    add(store, Subscriber(0, "new@people.test"), confirmed=False)
    assert store.mailings.queue("weekly", "2026-W47", Frequency.WEEKLY, NOW) == 1
    assert store.mailings.queue("daily", "2026-11-23", Frequency.DAILY, NOW) == 1
    who = {one.digest: one.subscriber.address for one in store.mailings.listed()}
    assert who == {"weekly": "Ana@people.test", "daily": "day@people.test"}
    assert dict(store.subscribers.counts()) == {"confirmed": 2, "invited": 1}


def test_who_subscribes_later_gets_one_copy_of_the_present_digest(store: Store) -> None:
    """Queueing again reaches only who had none."""
    add(store)
    assert store.mailings.queue("weekly", "2026-W47", None, NOW) == 1
    add(store, Subscriber(0, "new@people.test"))
    assert store.mailings.queue("weekly", "2026-W47", None, NOW + timedelta(days=1)) == 1


def test_no_address_or_token_stands_in_a_repr_or_a_log(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """What a traceback or a careless log line would show."""
    caplog.set_level(logging.DEBUG)
    joined = add(store, Subscriber(0, "canary@canary.test", "Canary"))
    store.mailings.queue("weekly", "2026-W47", None, NOW)
    mailing = store.mailings.reserve(NOW)
    shown = repr(joined) + repr(mailing) + caplog.text
    assert "canary" not in shown.lower()
    assert joined.subscriber.token not in shown
