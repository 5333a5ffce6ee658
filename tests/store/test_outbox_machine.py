"""The outbox under any order of events: no alert lost, none doubled, each thread in order."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from monitor.errors import PermanentDelivery, TemporaryDelivery
from monitor.models import Delivery, Receipt
from monitor.store import DeliveryState, Store
from tests.store.builders import HOUR, MINUTE, NOW, alert

CHANNELS = st.sampled_from(("#a", "#b"))
MATTERS = st.integers(min_value=0, max_value=1)


class OutboxMachine(RuleBasedStateMachine):
    """A deliverer, a channel that remembers what arrived, and every sort of mishap."""

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        folder = self.resources.enter_context(tempfile.TemporaryDirectory())
        self.path = Path(folder) / "monitor.db"
        self.store = Store.open(self.path)
        self.now: datetime = NOW
        self.made = 0
        self.arrived: dict[str, str] = {}
        self.arrivals: list[tuple[str, int, int, str]] = []
        self.failed: set[str] = set()

    def teardown(self) -> None:
        """Close and remove the database."""
        self.store.close()
        self.resources.close()

    @initialize()
    def begin(self) -> None:
        """Put a first alert into the outbox."""
        self.store.outbox.enqueue([alert("0", "#a", 1)], self.now)
        self.made = 1

    @rule(
        places=st.lists(st.tuples(CHANNELS, MATTERS), min_size=1, max_size=6), again=st.booleans()
    )
    def enqueue(self, places: list[tuple[str, int]], again: bool) -> None:
        """Queue the alerts of a poll, perhaps twice."""
        made = [alert(str(self.made + n), *place) for n, place in enumerate(places)]
        assert self.store.outbox.enqueue(made, self.now) == len(made)
        assert not again or self.store.outbox.enqueue(made, self.now) == 0
        self.made += len(made)

    def reserved(self) -> Delivery | None:
        """Reserve the next alert."""
        self.now += MINUTE
        return self.store.outbox.reserve(self.now)

    def arrive(self, delivery: Delivery) -> Receipt:
        """Let the channel take a message, and check that it takes none twice."""
        key = delivery.alert.key
        assert key not in self.arrived, "told twice"
        receipt = Receipt(f"ts-{key}")
        place = (delivery.alert.channel, delivery.alert.matter)
        sent = [key for *earlier, key in self.arrivals if tuple(earlier[:2]) == place]
        threaded = bool(delivery.alert.matter and sent)
        assert delivery.thread == (f"ts-{sent[0]}" if threaded else "")
        self.arrived[key] = receipt.reference
        self.arrivals.append((*place, int(key), key))
        return receipt

    @rule()
    def send(self) -> None:
        """Deliver an alert as it should be."""
        if delivery := self.reserved():
            receipt = self.arrive(delivery)
            assert self.store.outbox.confirm(delivery.id, receipt, self.now)

    @rule()
    def refuse_for_now(self) -> None:
        """Let the channel be busy."""
        if delivery := self.reserved():
            error = TemporaryDelivery(delivery.alert.channel, "busy", "busy")
            self.store.outbox.postpone(delivery.id, self.now + 3 * MINUTE, error, self.now)

    @rule()
    def refuse_for_good(self) -> None:
        """Let the channel refuse a message."""
        if delivery := self.reserved():
            error = PermanentDelivery(delivery.alert.channel, "invalid", "invalid")
            self.store.outbox.fail(delivery.id, error, self.now)
            self.failed.add(delivery.alert.key)

    @rule(arrives=st.booleans())
    def drop_the_connection(self, arrives: bool) -> None:
        """Leave the outcome unknown."""
        if delivery := self.reserved():
            if arrives:
                self.arrive(delivery)
            error = TemporaryDelivery(delivery.alert.channel, "gone", "gone", maybe_arrived=True)
            self.store.outbox.doubt(delivery.id, error, self.now)

    @rule(arrives=st.booleans())
    def die_while_sending(self, arrives: bool) -> None:
        """End the program between reserve and confirm."""
        if (delivery := self.reserved()) and arrives:
            self.arrive(delivery)
        self.restart()

    @rule()
    def restart(self) -> None:
        """Start anew on the same file."""
        self.store.close()
        self.store = Store.open(self.path)
        self.settle()

    @rule()
    def settle(self) -> None:
        """Look for every delivery in doubt, as the deliverer does."""
        self.now += MINUTE
        for delivery in self.store.outbox.in_doubt(self.now):
            reference = self.arrived.get(delivery.alert.key)
            if reference:
                self.store.outbox.confirm(delivery.id, Receipt(reference), self.now)
            else:
                error = TemporaryDelivery(delivery.alert.channel, "absent", "it is not there")
                self.store.outbox.postpone(delivery.id, self.now, error, self.now)

    @rule(channel=CHANNELS)
    def rest(self, channel: str) -> None:
        """Let a channel rest; the other one goes on."""
        self.store.pauses.pause(channel, self.now + 2 * MINUTE, "rest")
        delivery = self.store.outbox.reserve(self.now + MINUTE)
        if delivery:
            assert delivery.alert.channel != channel
            error = TemporaryDelivery(delivery.alert.channel, "busy", "busy")
            self.store.outbox.postpone(delivery.id, self.now, error, self.now)

    @precondition(lambda self: self.failed)
    @rule()
    def retry_failed(self) -> None:
        """Queue again what was refused for good."""
        assert self.store.outbox.retry(self.now) == len(self.failed)
        self.failed.clear()
        self.retried = True

    retried = False

    @invariant()
    def every_alert_is_somewhere(self) -> None:
        """None is lost."""
        counts = dict(self.store.outbox.counts())
        assert sum(counts.values()) == self.made
        assert counts.get(DeliveryState.FAILED, 0) == len(self.failed)
        assert counts.get(DeliveryState.SENT, 0) <= len(self.arrived)

    @invariant()
    def threads_are_in_order(self) -> None:
        """No reply overtakes what came before it."""
        if self.retried:
            return  # what a person revives comes late
        for place in {(channel, matter) for channel, matter, *_ in self.arrivals if matter}:
            numbers = [n for channel, matter, n, _ in self.arrivals if (channel, matter) == place]
            assert numbers == sorted(numbers)

    @rule()
    def deliver_all(self) -> None:
        """Everything that was not refused for good arrives in the end, once."""
        self.settle()
        self.now += HOUR
        for _ in range(self.made + 1):
            self.send()
        expected = {str(number) for number in range(self.made)} - self.failed
        assert set(self.arrived) - self.failed == expected
        counts = dict(self.store.outbox.counts())
        assert counts.get(DeliveryState.SENT, 0) == len(expected)


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(
    max_examples=30,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
