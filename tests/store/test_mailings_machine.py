"""Copies of digests under any order of events: none lost, none sent twice by itself."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitor.errors import PermanentDelivery, TemporaryDelivery
from monitor.models import Subscriber
from monitor.store import UNSUBSCRIBED, DeliveryState, Mailing, Store, Verdict
from tests.store.builders import HOUR, MINUTE, NOW

LATER = TemporaryDelivery("email", "451", "later")
GONE = TemporaryDelivery("email", "no_answer", "gone", maybe_arrived=True)
NEVER = PermanentDelivery("email", "554", "never")
PEOPLE = st.integers(0, 2)
COPIES = st.integers(1, 9)


class MailingMachine(RuleBasedStateMachine):
    """A sender, mailboxes that remember what arrived, people, and every sort of mishap."""

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        folder = self.resources.enter_context(tempfile.TemporaryDirectory())
        self.path = Path(folder) / "monitor.db"
        self.store = Store.open(self.path)
        self.now: datetime = NOW
        self.week = 1
        self.arrived: dict[int, int] = {}
        self.allowed: dict[int, int] = {}
        self.left: set[int] = set()
        for number in range(3):
            one = Subscriber(0, f"reader{number}@people.test")
            self.store.subscribers.add(one, NOW, confirmed=True)

    def teardown(self) -> None:
        """Close and remove the database."""
        self.store.close()
        self.resources.close()

    @rule(again=st.booleans())
    def queue(self, again: bool) -> None:
        """Queue a week's digest, perhaps twice."""
        name = f"2026-W{self.week:02}"
        number = self.store.mailings.queue("weekly", name, None, self.now)
        assert number == 3 - len(self.left)
        assert not again or self.store.mailings.queue("weekly", name, None, self.now) == 0
        self.week += 1

    def reserved(self) -> Mailing | None:
        """Reserve the next copy; nobody who left is written to."""
        self.now += MINUTE
        found = self.store.mailings.reserve(self.now)
        assert found is None or found.subscriber.id not in self.left
        return found

    def arrive(self, mailing: Mailing) -> None:
        """Let a mailbox take a copy; as often as people have asked for it."""
        self.arrived[mailing.id] = self.arrived.get(mailing.id, 0) + 1
        assert self.arrived[mailing.id] <= self.allowed.get(mailing.id, 1), "sent twice"

    @rule()
    def send(self) -> None:
        """Send a copy as it should be."""
        if mailing := self.reserved():
            self.arrive(mailing)
            assert self.store.mailings.confirm(mailing.id, f"<{mailing.id}@test>", self.now)

    @rule()
    def put_off(self) -> None:
        """Let the server greylist it."""
        if mailing := self.reserved():
            self.store.mailings.postpone(mailing.id, self.now + 3 * MINUTE, LATER, self.now)

    @rule()
    def refuse(self) -> None:
        """Let the server refuse it."""
        if mailing := self.reserved():
            assert self.store.mailings.fail(mailing.id, NEVER, self.now)

    @rule(arrives=st.booleans())
    def drop_the_connection(self, arrives: bool) -> None:
        """Leave the outcome unknown."""
        if mailing := self.reserved():
            if arrives:
                self.arrive(mailing)
            assert self.store.mailings.doubt(mailing.id, GONE, self.now)

    @rule(arrives=st.booleans())
    def die_while_sending(self, arrives: bool) -> None:
        """End the program between reserve and confirm."""
        if (mailing := self.reserved()) and arrives:
            self.arrive(mailing)
        self.store.close()
        self.store = Store.open(self.path)
        assert self.store.mailings.doubt_all(GONE, self.now) == int(mailing is not None)

    @rule(person=PEOPLE)
    def leave(self, person: int) -> None:
        """Let somebody unsubscribe."""
        self.store.subscribers.end(person + 1, UNSUBSCRIBED, self.now)
        self.left.add(person + 1)

    @rule(copy=COPIES, verdict=st.sampled_from(Verdict))
    def settle(self, copy: int, verdict: Verdict) -> None:
        """Let a person say what became of a copy; nothing that was sent can be asked for again."""
        try:
            before = self.store.mailings.row(copy)
        except KeyError:
            return
        gone = before.subscriber.id in self.left and verdict is Verdict.RETRY
        if before.state is DeliveryState.SENT or gone:
            with pytest.raises(ValueError, match=f"copy m{copy}"):
                self.store.mailings.resolve(copy, verdict, self.now)
            return
        self.store.mailings.resolve(copy, verdict, self.now)
        if verdict is Verdict.RETRY:
            self.allowed[copy] = self.arrived.get(copy, 0) + 1

    @rule()
    def retry_failed(self) -> None:
        """Let a person send again what was refused."""
        failed = self.store.mailings.listed([DeliveryState.FAILED])
        wanted = [one for one in failed if one.subscriber.id not in self.left]
        assert self.store.mailings.retry(self.now) == len(wanted)
        for one in wanted:
            self.allowed[one.id] = self.arrived.get(one.id, 0) + 1

    @invariant()
    def every_copy_is_somewhere(self) -> None:
        """None is lost, none is left in hand, and the quick count is the slow one."""
        rows = self.store.mailings.listed(limit=1000)
        counts = dict(self.store.mailings.counts())
        assert sum(counts.values()) == len(rows)
        assert DeliveryState.SENDING not in counts
        counts.pop(DeliveryState.SENT, 0)
        assert dict(self.store.mailings.unsent()) == counts

    @rule()
    def send_all(self) -> None:
        """Everything that waits gets out in the end."""
        self.now += HOUR
        for _ in range(100):
            self.send()
        assert DeliveryState.QUEUED not in dict(self.store.mailings.counts())


TestMailings = MailingMachine.TestCase
TestMailings.settings = settings(
    max_examples=30,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_reserving_is_never_part_of_something_larger(tmp_path: Path) -> None:
    """Its promise, to be on the disk before anything goes out, would be taken back."""
    refused = pytest.raises(RuntimeError, match="larger transaction")
    with Store.open(tmp_path / "m.db") as store, store.transaction(), refused:
        store.mailings.reserve(NOW)


def test_a_copy_that_is_being_sent_cannot_be_settled(tmp_path: Path) -> None:
    """Until it must be long over."""
    with Store.open(tmp_path / "m.db") as store:
        store.subscribers.add(Subscriber(0, "a@people.test"), NOW, confirmed=True)
        store.mailings.queue("weekly", "2026-W47", None, NOW)
        assert store.mailings.reserve(NOW)
        with pytest.raises(ValueError, match="is being sent"):
            store.mailings.resolve(1, Verdict.DROP, NOW + MINUTE)
        store.mailings.resolve(1, Verdict.DROP, NOW + HOUR)
