"""Reserve, send, confirm: nothing is lost, nothing is told twice, one trouble stops no other."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.channels import SlackChannel
from monitor.deliver import Deliverer
from monitor.errors import DeliveryError, FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Delivery, Posted, Receipt
from monitor.store import DeliveryState, Store
from monitor.tally import DeliverySummary
from tests.alerts.builders import NOW, alert
from tests.servers.slack_api import SlackServer, Workspace


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    now: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def timestamp(self) -> float:
        """Tell the time in seconds, as Slack's server wants it."""
        return self.now.timestamp()

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


class Way:
    """A channel of its own: it takes messages, or fails as it is told."""

    def __init__(self, name: str = "way", pause: float = 0.0) -> None:
        self.name = name
        self.pause = pause
        self.faults: deque[BaseException] = deque()
        self.arrives_anyway = False
        self.unreadable: DeliveryError | None = None
        self.taken: list[Delivery] = []
        self.looked_for: list[str] = []
        self.revised: list[Posted] = []

    def send(self, delivery: Delivery) -> Receipt:
        """Take a message, or fail."""
        if self.faults:
            if self.arrives_anyway:
                self.taken.append(delivery)
            raise self.faults.popleft()
        self.taken.append(delivery)
        return Receipt(f"ts-{len(self.taken)}", "place")

    def revise(self, posted: Posted) -> None:
        """Edit a message, or fail."""
        if self.faults:
            raise self.faults.popleft()
        self.revised.append(posted)

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look among what was taken."""
        self.looked_for.append(delivery.alert.key)
        if self.unreadable is not None:
            raise self.unreadable
        keys = [one.alert.key for one in self.taken]
        if delivery.alert.key not in keys:
            return None
        return Receipt(f"ts-{keys.index(delivery.alert.key) + 1}", "place")

    @property
    def keys(self) -> list[str]:
        """Name what was taken, in order."""
        return [one.alert.key for one in self.taken]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store in a real file."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """Stop the time."""
    return Clock()


@pytest.fixture
def way() -> Way:
    """Make a channel that takes everything."""
    return Way()


def queue(store: Store, *keys: str, channel: str = "#a", matter: int = 0) -> None:
    """Put alerts into the outbox."""
    made = [alert(key=key, channel=channel, matter=matter) for key in keys]
    store.outbox.enqueue(made, NOW)


def deliver(store: Store, clock: Clock, way: Way, patience: float = 0.0) -> DeliverySummary:
    """Run one round of a new deliverer, as after a restart."""
    deliverer = Deliverer(store, {"#": way}, clock=clock, sleep=clock.sleep)
    return deliverer.deliver_due(clock(), timedelta(seconds=patience))


def states(store: Store) -> dict[DeliveryState, int]:
    """Count the alerts in each state."""
    return dict(store.outbox.counts())


def drop() -> TemporaryDelivery:
    """Make a failure that leaves it open whether the message arrived."""
    return TemporaryDelivery("#a", "no_answer", "the connection dropped", maybe_arrived=True)


def throttled(seconds: float | None = None) -> TemporaryDelivery:
    """Make a failure after which the message surely did not arrive."""
    after = None if seconds is None else timedelta(seconds=seconds)
    return TemporaryDelivery("#a", "ratelimited", "a pause", retry_after=after)


def refused(scope: FailureScope, channel: str = "#a") -> PermanentDelivery:
    """Make a failure that a person must mend."""
    return PermanentDelivery(channel, "refused", "no", scope)


def test_what_is_queued_is_sent_once_in_order(store: Store, clock: Clock, way: Way) -> None:
    """A second round finds nothing to do."""
    queue(store, "a", "b", "c")
    summary = deliver(store, clock, way)
    assert (summary.sent, summary.all_well) == (3, True)
    assert deliver(store, clock, way).sent == 0
    assert way.keys == ["a", "b", "c"]
    assert states(store) == {DeliveryState.SENT: 3}


def test_the_pace_of_a_channel_is_kept_and_others_do_not_wait_for_it(
    store: Store, clock: Clock
) -> None:
    """One post a second in each channel; two channels take turns."""
    way = Way(pause=1.0)
    queue(store, "a1", "a2", "a3")
    queue(store, "b1", "b2", channel="#b")
    deliver(store, clock, way)
    assert set(way.keys[:2]) == {"a1", "b1"}
    assert clock.now - NOW == pytest.approx(timedelta(seconds=2), abs=timedelta(seconds=0.1))


def test_the_last_post_is_not_followed_by_a_wait(store: Store, clock: Clock) -> None:
    """A round ends when nothing is left."""
    queue(store, "a")
    deliver(store, clock, Way(pause=1.0))
    assert clock.slept == []


def test_the_pace_holds_between_two_rounds(store: Store, clock: Clock) -> None:
    """The service calls every second."""
    way = Way(pause=1.0)
    deliverer = Deliverer(store, {"#": way}, clock=clock, sleep=clock.sleep)
    queue(store, "a")
    deliverer.deliver_due(clock())
    queue(store, "b")
    deliverer.deliver_due(clock())
    assert sum(clock.slept) == pytest.approx(1.0)
    assert way.keys == ["a", "b"]


# ------------------------------------------------------------------------------ later


def test_a_pause_that_is_asked_for_is_kept_to_the_second(
    store: Store, clock: Clock, way: Way
) -> None:
    """Nothing else goes to that channel meanwhile; patience waits for it."""
    queue(store, "a", "b")
    way.faults.append(throttled(30))
    summary = deliver(store, clock, way)
    assert (summary.sent, summary.postponed, summary.all_well) == (0, 1, False)
    assert deliver(store, clock, way).sent == 0
    summary = deliver(store, clock, way, patience=60)
    assert (summary.sent, summary.all_well) == (2, True)
    assert way.keys == ["a", "b"]
    assert clock.now - NOW >= timedelta(seconds=30)


def test_one_channels_trouble_stops_no_other(store: Store, clock: Clock) -> None:
    """In the same round, and with the same service."""
    way = Way()
    queue(store, "a1", "a2")
    queue(store, "b1", channel="#b")
    way.faults.append(throttled(600))
    summary = deliver(store, clock, way)
    assert way.keys == ["b1"]
    assert [trouble.channel for trouble in summary.troubles] == ["#a"]


def test_each_failure_in_a_row_doubles_the_wait_within_bounds(
    store: Store, clock: Clock, way: Way
) -> None:
    """About 5, 10, 20 … seconds, never over a quarter of an hour and its jitter."""
    queue(store, "a")
    way.faults.extend(throttled() for _ in range(14))
    waits = []
    for _ in range(14):
        before = clock.now
        deliver(store, clock, way, patience=0)
        until = store.pauses.state("#a").paused_until
        assert until is not None
        waits.append((until - before).total_seconds())
        clock.now = until + timedelta(seconds=1)
    assert 3 <= waits[0] <= 7
    assert 6 <= waits[1] <= 13
    assert 600 <= waits[-1] <= 1_200
    deliver(store, clock, way)
    assert way.keys == ["a"]
    assert store.pauses.state("#a").failures == 0


def test_trouble_that_passes_within_a_round_is_no_trouble(
    store: Store, clock: Clock, way: Way
) -> None:
    """The exit status tells people about what still needs them."""
    queue(store, "a")
    way.faults.append(throttled(2))
    assert deliver(store, clock, way, patience=30).all_well


# ------------------------------------------------------------------------------ doubt


@pytest.mark.parametrize("arrives", [True, False])
def test_what_may_have_arrived_is_looked_for_before_it_is_sent_again(
    store: Store, clock: Clock, way: Way, arrives: bool
) -> None:
    """Either way it stands there once."""
    queue(store, "a")
    way.faults.append(drop())
    way.arrives_anyway = arrives
    summary = deliver(store, clock, way)
    assert (summary.unknown, summary.all_well) == (1, False)
    assert states(store) == {DeliveryState.UNKNOWN: 1}
    summary = deliver(store, clock, way, patience=30)
    assert (summary.settled, summary.all_well) == (1, True)
    assert way.keys == ["a"]
    assert way.looked_for[0] == "a"
    assert states(store) == {DeliveryState.SENT: 1}


@pytest.mark.parametrize("arrived", [True, False])
def test_after_a_crash_in_the_middle_the_message_stands_there_once(
    store: Store, clock: Clock, way: Way, arrived: bool
) -> None:
    """The row says `sending`, and nobody knows more: the channel is asked."""
    queue(store, "a", matter=7)
    reserved = store.outbox.reserve(clock())
    assert reserved is not None
    if arrived:
        way.taken.append(reserved)
    deliver(store, clock, way)
    assert way.keys == ["a"]
    thread = store.threads.of(7, "#a")
    assert thread is not None
    assert thread.reference == "ts-1"


def test_what_was_sent_a_moment_ago_is_looked_for_twice(store: Store, clock: Clock) -> None:
    """Slack may still be working on it when the program is up again."""
    way = Way(pause=1.0)
    queue(store, "a")
    assert store.outbox.reserve(clock()) is not None
    clock.sleep(1)
    deliver(store, clock, way)
    assert way.looked_for == ["a", "a"]
    assert clock.now - NOW >= timedelta(seconds=5)


def test_nothing_overtakes_an_alert_in_doubt(store: Store, clock: Clock, way: Way) -> None:
    """The next one of the matter would open a second thread."""
    queue(store, "parent", "reply", matter=7)
    way.faults.append(drop())
    deliver(store, clock, way)
    assert way.keys == []
    deliver(store, clock, way, patience=60)
    assert [(one.alert.key, one.thread) for one in way.taken] == [("parent", ""), ("reply", "ts-1")]


def test_an_outcome_that_cannot_be_known_stays_unknown(
    store: Store, clock: Clock, way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not sent again by itself, it is asked for once, and a person is told."""
    queue(store, "a")
    way.faults.append(drop())
    way.unreadable = PermanentDelivery("#a", "missing_scope", "may not read")
    deliver(store, clock, way)
    clock.sleep(60)
    with caplog.at_level(logging.ERROR):
        summary = deliver(store, clock, way, patience=300)
    assert (summary.unknown, summary.all_well) == (1, False)
    assert way.looked_for == ["a"]
    assert way.keys == []
    assert "cannot be known" in caplog.text
    queue(store, "b")
    clock.sleep(3_600)
    assert deliver(store, clock, way).sent == 1


def test_a_fault_while_looking_is_tried_again(store: Store, clock: Clock, way: Way) -> None:
    """The doubt stays until the channel answers."""
    queue(store, "a")
    way.faults.append(drop())
    way.arrives_anyway = True
    way.unreadable = throttled(3)
    assert deliver(store, clock, way, patience=20).unknown == 1
    way.unreadable = None
    clock.sleep(60)
    assert deliver(store, clock, way).all_well
    assert way.keys == ["a"]


# ------------------------------------------------------------------------------ never


def test_a_refused_message_is_given_up_and_the_next_is_sent(
    store: Store, clock: Clock, way: Way
) -> None:
    """One message's trouble: it waits in the outbox for a person."""
    queue(store, "a", "b")
    way.faults.append(refused(FailureScope.MESSAGE))
    summary = deliver(store, clock, way)
    assert (summary.sent, summary.failed, summary.all_well) == (1, 1, False)
    assert states(store) == {DeliveryState.FAILED: 1, DeliveryState.SENT: 1}


def test_a_refused_channel_keeps_its_alerts_and_others_go_on(
    store: Store, clock: Clock, way: Way
) -> None:
    """Nothing is lost: when the channel is mended, they follow."""
    queue(store, "a1", "a2")
    queue(store, "b", channel="#b")
    way.faults.append(refused(FailureScope.CHANNEL))
    summary = deliver(store, clock, way)
    assert (summary.sent, summary.postponed) == (1, 1)
    assert states(store) == {DeliveryState.QUEUED: 2, DeliveryState.SENT: 1}
    deliver(store, clock, way)
    assert way.keys == ["b", "a1", "a2"]


def test_within_one_run_a_refused_channel_is_tried_hourly(
    store: Store, clock: Clock, way: Way
) -> None:
    """Not every second; and a restart means that somebody may have mended it."""
    queue(store, "a")
    way.faults.extend(refused(FailureScope.CHANNEL) for _ in range(2))
    deliverer = Deliverer(store, {"#": way}, clock=clock, sleep=clock.sleep)
    for _ in range(150):
        deliverer.deliver_due(clock())
        clock.sleep(60)
    assert way.keys == ["a"]
    assert len(store.outbox.attempts(1)) == 3


def test_a_refused_service_rests_as_a_whole(store: Store, clock: Clock) -> None:
    """A revoked token is not tried on every channel."""
    slack, mail = Way("slack"), Way("mail")
    for channel in ("#a", "#b", "#c", "mailto:x"):
        queue(store, f"to {channel}", channel=channel)
    slack.faults.append(refused(FailureScope.SERVICE))
    deliverer = Deliverer(store, {"#": slack, "mailto:": mail}, clock=clock, sleep=clock.sleep)
    summary = deliverer.deliver_due(clock())
    assert (slack.keys, mail.keys) == ([], ["to mailto:x"])
    assert summary.postponed == 3
    clock.sleep(3_700)
    deliverer.deliver_due(clock())
    assert sorted(slack.keys) == ["to #a", "to #b", "to #c"]


def test_a_thread_whose_parent_was_deleted_begins_anew(
    store: Store, clock: Clock, way: Way
) -> None:
    """The alert becomes a new parent, and later ones follow it there."""
    queue(store, "parent", matter=7)
    deliver(store, clock, way)
    queue(store, "reply", "later", matter=7)
    way.faults.append(refused(FailureScope.THREAD))
    deliver(store, clock, way)
    assert [(one.alert.key, one.thread) for one in way.taken] == [
        ("parent", ""),
        ("reply", ""),
        ("later", "ts-2"),
    ]


def test_a_bug_in_one_alert_is_loud_and_stops_no_other(
    store: Store, clock: Clock, way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    """With its traceback in the log, and the alert kept for a person."""
    queue(store, "a", "b")
    way.faults.append(ZeroDivisionError("a bug"))
    summary = deliver(store, clock, way)
    assert (summary.sent, summary.failed) == (1, 1)
    assert "ZeroDivisionError" in caplog.text


def test_an_interrupt_leaves_the_alert_in_doubt_for_the_next_run(
    store: Store, clock: Clock, way: Way
) -> None:
    """Ctrl-C in the middle of a post is a crash like any other."""
    queue(store, "a")
    way.faults.append(KeyboardInterrupt())
    way.arrives_anyway = True
    with pytest.raises(KeyboardInterrupt):
        deliver(store, clock, way)
    assert states(store) == {DeliveryState.SENDING: 1}
    assert deliver(store, clock, way).all_well
    assert way.keys == ["a"]


def test_a_channel_nobody_delivers_to_keeps_its_alerts(
    store: Store, clock: Clock, way: Way
) -> None:
    """No token today, one tomorrow."""
    queue(store, "a", channel="mailto:x")
    queue(store, "b")
    summary = deliver(store, clock, way)
    assert (summary.sent, summary.postponed) == (1, 1)
    assert summary.troubles[0].code == "no_service"


def test_the_longest_name_that_fits_delivers(store: Store, clock: Clock) -> None:
    """One workspace can have a channel of its own."""
    common, special = Way(), Way()
    queue(store, "a", channel="#a")
    queue(store, "b", channel="#lawyers")
    ways = {"#": common, "#lawyers": special}
    Deliverer(store, ways, clock=clock, sleep=clock.sleep).deliver_due(clock())
    assert (common.keys, special.keys) == (["a"], ["b"])


# ------------------------------------------------------------------------- stop, and lock


def test_a_wish_to_stop_is_heard_between_two_posts(store: Store, clock: Clock) -> None:
    """The post in hand is finished and confirmed; the rest stays queued."""
    way = Way(pause=1.0)
    queue(store, "a", "b", "c")
    deliverer = Deliverer(
        store, {"#": way}, clock=clock, sleep=clock.sleep, stopped=lambda: bool(way.taken)
    )
    assert deliverer.deliver_due(clock()).sent == 1
    assert states(store) == {DeliveryState.QUEUED: 2, DeliveryState.SENT: 1}
    assert clock.slept == []


def test_a_wish_to_stop_ends_a_long_wait(store: Store, clock: Clock, way: Way) -> None:
    """Patience is slept in short pieces."""
    queue(store, "a")
    way.faults.append(throttled(600))
    deliverer = Deliverer(
        store, {"#": way}, clock=clock, sleep=clock.sleep, stopped=lambda: len(clock.slept) > 2
    )
    deliverer.deliver_due(clock(), timedelta(hours=1))
    assert sum(clock.slept) < 3


def test_only_one_delivers_at_a_time(store: Store, clock: Clock, tmp_path: Path) -> None:
    """The other finds the lock taken and leaves the queue alone; it is free again afterwards."""
    lock = tmp_path / "deliver.lock"
    queue(store, "a")
    inner: list[DeliverySummary] = []

    class Nested(Way):
        def send(self, delivery: Delivery) -> Receipt:
            other = Deliverer(store, {"#": self}, clock=clock, sleep=clock.sleep, lock=lock)
            inner.append(other.deliver_due(clock()))
            return super().send(delivery)

    way = Nested()
    deliverer = Deliverer(store, {"#": way}, clock=clock, sleep=clock.sleep, lock=lock)
    assert deliverer.deliver_due(clock()).sent == 1
    assert [summary.busy for summary in inner] == [True]
    queue(store, "b")
    assert deliverer.deliver_due(clock()).sent == 1


# ---------------------------------------------------------------------- with a real Slack


@pytest.mark.parametrize("seed", range(4))
def test_with_a_slack_that_fails_at_random_every_alert_arrives_once(
    store: Store, clock: Clock, seed: int
) -> None:
    """A third of all calls fails: dropped before and after, 429, 503, garbage, internal errors."""
    workspace = Workspace(clock=clock.timestamp)
    workspace.random.seed(seed)
    chances = dict.fromkeys(("drop_after", "drop_before", "429", "503", "garbage", "error"), 0.06)
    workspace.chances = chances
    wanted = [f"{channel}-{n}" for channel in ("#immigration-alerts", "#ny") for n in range(10)]
    for key in wanted:
        name, _, number = key.rpartition("-")
        queue(store, key, channel=name, matter=1 + int(number) % 3)
    with SlackServer(workspace) as server:
        slack = SlackChannel(server.token, server.url, now=clock, timeout=5)
        for _ in range(60):
            deliverer = Deliverer(store, {"#": slack}, clock=clock, sleep=clock.sleep)
            if deliverer.deliver_due(clock(), timedelta(minutes=30)).all_well:
                break
            clock.sleep(3_600)
    assert sorted(workspace.keys) == sorted(wanted)
    assert states(store) == {DeliveryState.SENT: len(wanted)}
    for name in ("#immigration-alerts", "#ny"):
        parents = [m for m in workspace.room(name).messages if "thread_ts" not in m]
        assert len(parents) == 3
