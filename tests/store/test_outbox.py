"""The outbox: each alert once, in its order, whatever the channel does."""

from __future__ import annotations

import pytest

from monitor.errors import PermanentDelivery, TemporaryDelivery
from monitor.models import (
    ChangeKind,
    Delivery,
    Direction,
    FieldChange,
    ItemType,
    Priority,
    Receipt,
)
from monitor.store import UNTIL_RESUMED, DeliveryState, Store, Thread, Verdict
from monitor.store.outbox import NEXT_ALERT
from tests.store.builders import DAY, HOUR, MINUTE, NOW, alert, item, match

BUSY = TemporaryDelivery("#alerts", "ratelimited", "too many posts")
LOST = TemporaryDelivery("#alerts", "timeout", "the connection dropped", maybe_arrived=True)
TOO_LONG = PermanentDelivery("#alerts", "msg_too_long", "the message is too long")


def reserved(store: Store) -> Delivery:
    """Reserve what must be there."""
    delivery = store.outbox.reserve(NOW)
    assert delivery is not None
    return delivery


def keys_sent(store: Store) -> list[str]:
    """Send all that can be sent, and return the keys in that order."""
    keys = []
    while delivery := store.outbox.reserve(NOW):
        store.outbox.confirm(delivery.id, Receipt(f"ts-{delivery.alert.key}"), NOW)
        keys.append(delivery.alert.key)
    return keys


def test_an_alert_is_queued_once(store: Store) -> None:
    """A second enqueue is harmless, also after the alert was sent."""
    assert store.outbox.enqueue([alert("a"), alert("a"), alert("b")], NOW) == 2
    assert keys_sent(store) == ["a", "b"]
    assert store.outbox.enqueue([alert("a"), alert("b")], NOW + HOUR) == 0
    assert store.outbox.reserve(NOW + HOUR) is None


def test_an_alert_comes_out_as_it_went_in(store: Store) -> None:
    """Nothing is lost on the way."""
    made = alert(
        "a",
        matter=3,
        kind="summary",
        item=item(type=ItemType.BILL, facts=(("sponsor", "A"),)),
        change=ChangeKind.UPDATED,
        fields=(FieldChange("status", "", "Passed"),),
        matches=(match(), match("ice")),
        priority=Priority.HIGH,
        direction=Direction.EXPANDS,
        source_name="Council",
        lines=(("Title", "https://council.example/1"),),
        created_at=NOW - MINUTE,
    )
    store.outbox.enqueue([made], NOW)
    assert reserved(store).alert == made
    assert store.outbox.row(1).alert == made
    assert store.outbox.row(1).created_at == NOW - MINUTE


def test_a_reservation_is_nobody_elses(store: Store) -> None:
    """Two deliverers do not send the same alert."""
    store.outbox.enqueue([alert("a"), alert("b")], NOW)
    with Store.open(store.path) as other:
        first, second = reserved(store), reserved(other)
        assert (first.alert.key, second.alert.key) == ("a", "b")
        assert store.outbox.reserve(NOW) is None


def test_a_reservation_is_not_part_of_a_transaction(store: Store) -> None:
    """It would vanish with the transaction, after the message was sent."""
    store.outbox.enqueue([alert("a")], NOW)
    with store.transaction(), pytest.raises(RuntimeError, match="larger transaction"):
        store.outbox.reserve(NOW)


def test_reserve_and_confirm_reach_the_disk(store: Store) -> None:
    """A power cut after the post does not undo the reservation."""
    settings: list[object] = []
    conn = store._db.database.conn
    conn.set_trace_callback(lambda sql: settings.append(sql) if "synchronous" in sql else None)
    store.outbox.enqueue([alert("a")], NOW)
    assert settings == []
    store.outbox.confirm(reserved(store).id, Receipt("1"), NOW)
    assert settings == ["PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"] * 2
    conn.set_trace_callback(None)


def test_the_first_message_of_a_matter_is_its_thread(store: Store) -> None:
    """One matter, one thread, in each channel."""
    alerts = [alert("a", matter=1), alert("b", matter=1), alert("c", "#ny", matter=1)]
    store.outbox.enqueue(alerts, NOW)
    first = reserved(store)
    assert first.thread == ""
    assert store.threads.of(1, "#alerts") is None
    store.outbox.confirm(first.id, Receipt("100.1", "C1"), NOW)
    assert store.threads.of(1, "#alerts") == Thread("#alerts", 1, "100.1", "C1", first.id)
    assert [(d.alert.key, d.thread) for d in (reserved(store), reserved(store))] == [
        ("b", "100.1"),
        ("c", ""),
    ]
    store.outbox.confirm(2, Receipt("100.2", "C1"), NOW)
    assert store.threads.of(1, "#alerts") == Thread("#alerts", 1, "100.1", "C1", first.id)


def test_a_reply_waits_for_what_came_before_it(store: Store) -> None:
    """No reply overtakes its parent; other matters and channels go on."""
    alerts = [
        alert("parent", matter=1),
        alert("reply", matter=1),
        alert("other", matter=2),
        alert("elsewhere", "#ny", matter=1),
        alert("health"),
    ]
    store.outbox.enqueue(alerts, NOW)
    parent = reserved(store)
    assert keys_sent(store) == ["other", "elsewhere", "health"]
    store.outbox.postpone(parent.id, NOW + HOUR, BUSY, NOW)
    assert keys_sent(store) == []
    assert store.outbox.next_attempt() == NOW
    again = store.outbox.reserve(NOW + HOUR)
    assert again is not None
    assert (again.alert.key, again.attempt) == ("parent", 2)
    store.outbox.doubt(again.id, LOST, NOW + HOUR)
    assert keys_sent(store) == []
    store.outbox.confirm(again.id, Receipt("ts"), NOW + HOUR)
    assert keys_sent(store) == ["reply"]


def test_what_failed_for_good_does_not_stop_its_matter(store: Store) -> None:
    """The next alert of the matter opens the thread."""
    store.outbox.enqueue([alert("a", matter=1), alert("b", matter=1)], NOW)
    assert store.outbox.fail(reserved(store).id, TOO_LONG, NOW)
    following = reserved(store)
    assert (following.alert.key, following.thread) == ("b", "")
    row = store.outbox.row(1)
    assert (row.state, row.error_code, row.error) == (
        DeliveryState.FAILED,
        "msg_too_long",
        "the message is too long",
    )


def test_a_thread_that_was_deleted_is_opened_anew(store: Store) -> None:
    """Somebody removed the parent in Slack."""
    store.outbox.enqueue([alert("a", matter=1)], NOW)
    keys_sent(store)
    store.threads.forget(1, "#alerts")
    store.outbox.enqueue([alert("b", matter=1)], NOW)
    assert reserved(store).thread == ""


def test_a_channel_that_rests_is_skipped(store: Store) -> None:
    """One channel's trouble does not end the others' delivery."""
    store.outbox.enqueue([alert("a"), alert("b", "#ny")], NOW)
    store.pauses.pause("#alerts", NOW + HOUR, "ratelimited")
    assert store.pauses.resting(NOW) == {"#alerts"}
    assert keys_sent(store) == ["b"]
    assert store.pauses.resting(NOW + HOUR) == frozenset()
    assert store.outbox.reserve(NOW + HOUR) is not None


def test_a_channel_may_rest_until_a_person_acts(store: Store) -> None:
    """A shorter rest that is asked for meanwhile does not end it."""
    store.outbox.enqueue([alert("a")], NOW)
    store.pauses.pause("#alerts", UNTIL_RESUMED, "the bot was removed from the channel")
    store.pauses.pause("#alerts", NOW + HOUR, "ratelimited")
    assert store.pauses.state("#alerts").paused_until == UNTIL_RESUMED
    assert store.outbox.reserve(NOW + 9_999 * DAY) is None
    store.pauses.resume("#alerts")
    assert keys_sent(store) == ["a"]
    assert store.pauses.states() == ()


def test_only_the_channels_asked_for_are_tried(store: Store) -> None:
    """A service that rests takes all of its channels with it."""
    store.outbox.enqueue([alert("a"), alert("b", "#ny"), alert("c", "console")], NOW)
    picked = store.outbox.reserve(NOW, channels=["#ny", "console"], without=["#ny"])
    assert picked is not None
    assert picked.alert.key == "c"
    assert store.outbox.reserve(NOW, channels=[]) is None


def test_failures_in_a_row_are_counted_by_channel(store: Store) -> None:
    """They tell how long to rest; a success ends the count, and not a rest."""
    store.outbox.enqueue([alert("a"), alert("b")], NOW)
    first, second = reserved(store), reserved(store)
    store.outbox.postpone(first.id, NOW, BUSY, NOW)
    store.outbox.fail(second.id, TOO_LONG, NOW)
    assert store.pauses.state("#alerts").failures == 2
    store.pauses.pause("#alerts", NOW + HOUR, "two failures")
    store.outbox.confirm(first.id, Receipt("1"), NOW)
    assert store.pauses.state("#alerts").failures == 0
    assert store.pauses.resting(NOW) == {"#alerts"}
    store.outbox.retry(NOW + DAY)
    last = store.outbox.reserve(NOW + DAY)
    assert last is not None
    store.outbox.confirm(last.id, Receipt("2"), NOW + DAY)
    assert store.pauses.states() == ()


def test_each_attempt_is_logged(store: Store) -> None:
    """One can see what the channel said, and when."""
    store.outbox.enqueue([alert("a")], NOW)
    delivery = reserved(store)
    store.outbox.postpone(delivery.id, NOW, BUSY, NOW + MINUTE)
    reserved(store)
    attempts = store.outbox.attempts(delivery.id)
    assert [(a.attempt, a.outcome, a.code) for a in attempts] == [
        (1, "postponed", "ratelimited"),
        (2, "sending", ""),
    ]
    assert (attempts[0].tried_at, attempts[0].ended_at) == (NOW, NOW + MINUTE)
    assert attempts[1].ended_at is None
    store.outbox.confirm(delivery.id, Receipt("1"), NOW)
    assert store.outbox.attempts(delivery.id)[1].outcome == "sent"


def test_only_what_was_left_behind_is_in_doubt(store: Store) -> None:
    """An attempt that another program makes just now is its own."""
    store.outbox.enqueue([alert("a"), alert("b"), alert("c")], NOW)
    reserved(store)
    store.outbox.doubt(reserved(store).id, LOST, NOW)
    doubtful = store.outbox.in_doubt(before=NOW)
    assert [(d.alert.key, d.tried_at) for d in doubtful] == [("b", NOW)]
    doubtful = store.outbox.in_doubt(before=NOW + MINUTE)
    assert [d.alert.key for d in doubtful] == ["a", "b"]


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.SENT, DeliveryState.SENT),
        (Verdict.RETRY, DeliveryState.QUEUED),
        (Verdict.DROP, DeliveryState.DROPPED),
    ],
)
def test_a_person_settles_what_cannot_be_found_out(
    store: Store, verdict: Verdict, state: DeliveryState
) -> None:
    """The verdict is the alert's state, and the log says whose it was."""
    store.outbox.enqueue([alert("a")], NOW)
    reserved(store)
    store.outbox.resolve(1, verdict, NOW + HOUR)
    assert store.outbox.row(1).state is state
    assert store.outbox.attempts(1)[0].outcome == f"resolved: {verdict.value}"
    assert (store.outbox.reserve(NOW + HOUR) is not None) == (verdict is Verdict.RETRY)


def test_a_verdict_on_what_is_settled_or_under_way_is_refused(store: Store) -> None:
    """A retry of either might be a second post."""
    store.outbox.enqueue([alert("a")], NOW)
    reserved(store)
    with pytest.raises(ValueError, match="being sent"):
        store.outbox.resolve(1, Verdict.RETRY, NOW + MINUTE)
    store.outbox.confirm(1, Receipt("1"), NOW)
    with pytest.raises(ValueError, match="sent already"):
        store.outbox.resolve(1, Verdict.RETRY, NOW + HOUR)
    with pytest.raises(KeyError):
        store.outbox.resolve(2, Verdict.DROP, NOW)


def test_a_persons_word_stands_against_a_late_failure(store: Store) -> None:
    """The attempt that was under way is logged, and revives nothing."""
    store.outbox.enqueue([alert("a")], NOW)
    delivery = reserved(store)
    store.outbox.resolve(delivery.id, Verdict.DROP, NOW + HOUR)
    assert not store.outbox.postpone(delivery.id, NOW, BUSY, NOW + HOUR)
    assert not store.outbox.doubt(delivery.id, LOST, NOW + HOUR)
    assert store.outbox.row(delivery.id).state is DeliveryState.DROPPED
    assert store.outbox.reserve(NOW + DAY) is None


def test_what_did_arrive_is_sent_whatever_was_believed(store: Store) -> None:
    """A late answer to an attempt that was given up saves a second post."""
    store.outbox.enqueue([alert("a", matter=1)], NOW)
    delivery = reserved(store)
    store.outbox.resolve(delivery.id, Verdict.RETRY, NOW + HOUR)
    assert store.outbox.confirm(delivery.id, Receipt("1"), NOW + HOUR)
    assert not store.outbox.confirm(delivery.id, Receipt("2"), NOW + HOUR)
    assert store.outbox.row(delivery.id).reference == "1"
    assert store.outbox.reserve(NOW + DAY) is None
    with pytest.raises(KeyError):
        store.outbox.confirm(99, Receipt("1"), NOW)


def test_failed_alerts_are_queued_again_on_request(store: Store) -> None:
    """All that failed, or those named, whatever kept them back; never what was sent."""
    store.outbox.enqueue([alert("a"), alert("b")], NOW)
    store.outbox.enqueue([alert("c")], NOW, DeliveryState.DEFERRED)
    store.outbox.enqueue([alert("d")], NOW, DeliveryState.HELD)
    store.outbox.fail(reserved(store).id, TOO_LONG, NOW)
    assert keys_sent(store) == ["b"]
    assert store.outbox.retry(NOW) == 1
    assert keys_sent(store) == ["a"]
    assert store.outbox.retry(NOW, [1, 2, 3, 99]) == 1
    assert keys_sent(store) == ["c"]
    assert store.outbox.counts() == ((DeliveryState.HELD, 1), (DeliveryState.SENT, 3))


def test_the_outbox_is_listed_newest_first(store: Store) -> None:
    """One sees what failed, or what happened of late."""
    store.outbox.enqueue([alert("old", created_at=NOW - DAY), alert("a"), alert("b")], NOW)
    store.outbox.fail(reserved(store).id, TOO_LONG, NOW)

    def keys(**wanted: object) -> list[str]:
        return [row.alert.key for row in store.outbox.listed(**wanted)]  # type: ignore[arg-type]

    assert keys() == ["b", "a", "old"]
    assert keys(states=[DeliveryState.FAILED]) == ["old"]
    assert keys(since=NOW) == ["b", "a"]
    assert keys(limit=1) == ["b"]
    with pytest.raises(KeyError):
        store.outbox.row(99)


def test_a_long_history_does_not_slow_the_queue(store: Store) -> None:
    """What is sent is not looked at again: the next alert is found by indexes alone."""
    plan = store._db.rows(f"EXPLAIN QUERY PLAN {NEXT_ALERT}", ("#alerts", "2026"))
    steps = [step for *_, step in plan]
    assert all("SCAN" not in step and "TEMP B-TREE" not in step for step in steps), steps
