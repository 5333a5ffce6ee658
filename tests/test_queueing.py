"""Alerts wait for the morning, or for their hour's summary; none is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from monitor.floods import Flood, Manners, defer
from monitor.models import Alert, Delivery, Priority, Receipt
from monitor.queueing import enqueue, sum_up
from monitor.store import DeliveryState, Store
from tests.store.builders import HOUR, MINUTE, NOW, alert

QUIET = {"#alerts": Manners((time(10), time(14)), "UTC")}
FEW = {"#alerts": Manners(hourly=2)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a new database."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


def news(number: int) -> tuple[Alert, ...]:
    """Make alerts of as many matters."""
    return tuple(alert(f"key-{n}", matter=n + 1, priority=Priority.NORMAL) for n in range(number))


def sent(store: Store, now: datetime) -> list[str]:
    """Send all that is due, and name it."""
    keys: list[str] = []
    for _ in range(50):
        delivery = store.outbox.reserve(now)
        if delivery is None:
            return keys
        keys.append(delivery.alert.key)
        confirm(store, delivery, now)
    raise AssertionError("the outbox never empties")


def confirm(store: Store, delivery: Delivery, now: datetime) -> None:
    """Let a message arrive."""
    store.outbox.confirm(delivery.id, Receipt(f"ts-{delivery.id}"), now)


def states(store: Store) -> dict[DeliveryState, int]:
    """Count the alerts in each state."""
    return dict(store.outbox.counts())


def test_what_comes_in_quiet_hours_waits_for_their_end(store: Store) -> None:
    """Noon is quiet here; at two it is told, in order."""
    enqueue(store, Flood(news(3)), QUIET, NOW)
    assert sent(store, NOW) == []
    assert sent(store, NOW + 2 * HOUR - MINUTE) == []
    assert sent(store, NOW + 2 * HOUR) == ["key-0", "key-1", "key-2"]


def test_more_than_a_channel_takes_in_an_hour_becomes_one_summary(store: Store) -> None:
    """Two are told; three stand in the summary when the hour is over, and are told but there."""
    enqueue(store, Flood(news(5)), FEW, NOW)
    assert states(store) == {DeliveryState.QUEUED: 2, DeliveryState.DEFERRED: 3}
    assert sum_up(store, FEW, NOW + 30 * MINUTE) == ()
    (summary,) = sum_up(store, FEW, NOW + HOUR)
    assert [line for line, _ in summary.lines] == ["News key-2", "News key-3", "News key-4"]
    assert sum_up(store, FEW, NOW + 2 * HOUR) == ()
    assert sent(store, NOW + HOUR) == ["key-0", "key-1", summary.key]


def test_a_reply_in_a_thread_is_never_too_much(store: Store) -> None:
    """It is not seen in the channel."""
    enqueue(store, Flood(news(2)), FEW, NOW)
    sent(store, NOW)
    reply = alert("reply", matter=1, priority=Priority.NORMAL)
    enqueue(store, Flood((reply,)), FEW, NOW + MINUTE)
    assert sent(store, NOW + MINUTE) == ["reply"]


def test_the_next_hour_has_room_again(store: Store) -> None:
    """A cap is by the hour."""
    enqueue(store, Flood(news(2)), FEW, NOW)
    later = (alert("later", matter=9, priority=Priority.NORMAL, created_at=NOW + 2 * HOUR),)
    enqueue(store, Flood(later), FEW, NOW + 2 * HOUR)
    assert states(store) == {DeliveryState.QUEUED: 3}


def test_what_one_poll_defers_stays_in_the_outbox_and_can_be_told_after_all(store: Store) -> None:
    """The summary lists it; a person may want it by itself."""
    flood = defer(news(6), 3)
    enqueue(store, flood, {}, NOW)
    assert states(store) == {DeliveryState.QUEUED: 3, DeliveryState.DEFERRED: 4}
    assert sum_up(store, {}, NOW + timedelta(days=1)) == ()
    (deferred, *_) = store.outbox.listed((DeliveryState.DEFERRED,))
    assert store.outbox.retry(NOW, [deferred.id]) == 1
    assert deferred.alert.key in sent(store, NOW)


def test_a_second_enqueue_changes_nothing(store: Store) -> None:
    """After a crash the same poll is recorded again."""
    for _ in range(2):
        enqueue(store, defer(news(6), 3), FEW, NOW)
    assert sum(states(store).values()) == 7


BOTH = {"#alerts": Manners((time(10), time(14)), "UTC", hourly=2)}


def test_after_quiet_hours_a_channel_hears_no_more_than_in_any_hour(store: Store) -> None:
    """Two in each hour of the night would be eight at once; six of them are one summary."""
    night = [NOW - 2 * HOUR + n * 30 * MINUTE for n in range(8)]
    for n, moment in enumerate(night):
        made = alert(f"key-{n}", matter=n + 1, priority=Priority.NORMAL, created_at=moment)
        enqueue(store, Flood((made,)), BOTH, moment)
        assert sum_up(store, BOTH, moment) == ()
    morning = NOW + 2 * HOUR
    (summary,) = sum_up(store, BOTH, morning)
    assert [line for line, _ in summary.lines] == [f"News key-{n}" for n in range(2, 8)]
    assert sent(store, morning) == ["key-0", "key-1", summary.key]


def test_what_was_told_in_the_morning_counts_for_the_hour_after(store: Store) -> None:
    """Two came in the night: there is no room until an hour after their end."""
    enqueue(store, Flood(news(2)), BOTH, NOW)
    for minutes, state in ((10, DeliveryState.DEFERRED), (61, DeliveryState.QUEUED)):
        moment = NOW + 2 * HOUR + minutes * MINUTE
        key = f"after-{minutes}"
        late = alert(key, matter=90 + minutes, priority=Priority.NORMAL, created_at=moment)
        enqueue(store, Flood((late,)), BOTH, moment)
        (row,) = [one for one in store.outbox.listed() if one.alert.key == key]
        assert row.state is state


def test_replies_take_no_room_of_new_matters(store: Store) -> None:
    """The cap is for what opens a thread; a busy day in one matter silences no other."""
    enqueue(store, Flood(news(1)), FEW, NOW)
    sent(store, NOW)
    replies = [alert(f"reply-{n}", matter=1, priority=Priority.NORMAL) for n in range(5)]
    enqueue(store, Flood(tuple(replies)), FEW, NOW + MINUTE)
    other = alert("other", matter=2, priority=Priority.NORMAL)
    enqueue(store, Flood((other,)), FEW, NOW + MINUTE)
    assert states(store) == {DeliveryState.SENT: 1, DeliveryState.QUEUED: 6}


def test_what_was_told_before_quiet_hours_takes_no_room_after_them(store: Store) -> None:
    """Two just before ten; what comes at ten past is told at two, when there is room."""
    before, quiet = NOW - 2 * HOUR - 10 * MINUTE, NOW - 2 * HOUR + 10 * MINUTE
    early = [
        alert(f"early-{n}", matter=n + 1, priority=Priority.NORMAL, created_at=before)
        for n in range(2)
    ]
    enqueue(store, Flood(tuple(early)), BOTH, before)
    late = alert("late", matter=9, priority=Priority.NORMAL, created_at=quiet)
    enqueue(store, Flood((late,)), BOTH, quiet)
    assert states(store) == {DeliveryState.QUEUED: 3}
    assert sent(store, NOW + 2 * HOUR) == ["early-0", "early-1", "late"]
