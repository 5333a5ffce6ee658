"""Mailing digests: exactly one copy for each subscriber, or a stated unknown."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.channels.email import MailManners, MailServer
from monitor.channels.smtp_url import read_smtp_url
from monitor.errors import TemporaryDelivery
from monitor.locking import held
from monitor.mailing import LONGEST_TRY, SUSPICIOUS, UNTIL_SOMEONE_ACTS, Sender
from monitor.models import Frequency, Subscriber
from monitor.store import BOUNCED, DeliveryState, Mailing, Store, Verdict
from tests.channels.mails import letter
from tests.mail_process import write
from tests.servers.smtp import EVERYBODY, Fault, SmtpServer

ROOT = Path(__file__).resolve().parents[1]
BEGIN = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
MANY = 1000
QUEUED, SENT = DeliveryState.QUEUED, DeliveryState.SENT
UNKNOWN, FAILED = DeliveryState.UNKNOWN, DeliveryState.FAILED
DROPPED = DeliveryState.DROPPED
HASTY = MailManners(
    per_second=1000.0, connect_seconds=5.0, answer_seconds=0.3, last_seconds=0.3, name="mail.test"
)


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        """Say what time it is."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """Start a clock."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """Start a mail server that is spoken to properly."""
    with SmtpServer() as running:
        yield running
    assert running.violations == []


def address(number: int) -> str:
    """Name a subscriber's address."""
    return f"reader{number}@people.test"


def subscribe(store: Store, number: int, now: datetime = BEGIN) -> list[Subscriber]:
    """Add so many subscribers, and queue the week's digest for them."""
    with store.transaction():
        added = [
            store.subscribers.add(Subscriber(0, address(n)), now, confirmed=True).subscriber
            for n in range(number)
        ]
    assert store.mailings.queue("weekly", "2026-W47", Frequency.WEEKLY, now) == number
    return added


def sender(store: Store, smtp: SmtpServer, clock: Clock, **options: object) -> Sender:
    """Make who sends."""
    server = MailServer(read_smtp_url(smtp.url), HASTY)
    return Sender(
        store,
        server,
        write,
        clock=clock,
        sleep=clock.sleep,
        **options,  # type: ignore[arg-type]
    )


def counts(store: Store) -> dict[DeliveryState, int]:
    """Count the copies in each state."""
    return dict(store.mailings.counts())


def told(store: Store) -> list[str]:
    """List the headlines for the health channel, oldest first."""
    return [row.alert.headline for row in reversed(store.outbox.listed())]


# -------------------------------------------------------------------------------------- one each


def test_a_thousand_subscribers_get_one_copy_each_or_a_stated_unknown(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """Whatever the server does on the way: putting off, refusing, dropping, falling silent."""
    subscribe(store, MANY)
    faults = {
        0: Fault("rcpt", "451 4.7.1 Greylisted"),
        1: Fault("rcpt", "550 5.1.1 No such user"),
        2: Fault("end", "552 5.3.4 Too large"),
        3: Fault("data", "554 5.7.1 Spam"),
        4: Fault("rcpt", then="drop"),
        5: Fault("end", then="drop"),
        6: Fault("end", then="take_and_drop"),
        7: Fault("end", "451 4.3.0 Later"),
        8: Fault("mail", "421 4.3.2 Closing", then="drop"),
    }
    for number in range(0, MANY, 20):
        if (kind := number // 20 % 10) in faults:
            smtp.faults[address(number)] = [faults[kind]]
    smtp.faults[address(990)] = [Fault("end", then="take_and_silence")]
    mailing = sender(store, smtp, clock)
    for _ in range(4):
        summary = mailing.send_due(timedelta(hours=1))
    found = counts(store)
    arrived = Counter(smtp.addresses())
    assert max(arrived.values()) == 1
    unknown = {one.subscriber.address for one in store.mailings.listed([UNKNOWN], MANY)}
    sent = {one.subscriber.address for one in store.mailings.listed([SENT], MANY)}
    assert sent == set(arrived) - unknown
    assert found == {SENT: MANY - 26, FAILED: 10, DROPPED: 5, UNKNOWN: 11}
    assert summary.unknown == 11
    assert {address(990), address(100), address(120)} <= unknown
    assert len(arrived) == MANY - 26 + 6
    assert not summary.all_well


def test_sending_twice_and_queueing_twice_sends_once(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """Each by itself, and after a restart."""
    subscribe(store, 3)
    assert sender(store, smtp, clock).send_due().sent == 3
    assert store.mailings.queue("weekly", "2026-W47", None, clock()) == 0
    again = sender(store, smtp, clock).send_due()
    assert (again.sent, again.all_well) == (0, True)
    assert sorted(smtp.addresses()) == [address(n) for n in range(3)]
    assert store.mailings.queue("weekly", "2026-W48", None, clock()) == 3


def test_another_process_that_sends_is_left_alone(
    store: Store, smtp: SmtpServer, clock: Clock, tmp_path: Path
) -> None:
    """The one who holds the lock sends; the other one does nothing."""
    subscribe(store, 1)
    lock = tmp_path / "mail.lock"
    with held(lock):
        assert sender(store, smtp, clock, lock=lock).send_due().busy
    assert smtp.taken == []
    assert sender(store, smtp, clock, lock=lock).send_due().sent == 1


def test_a_round_is_bounded_and_polite(store: Store, smtp: SmtpServer, clock: Clock) -> None:
    """So many messages, and no faster than was asked for; one connection for all of them."""
    subscribe(store, 7)
    server = MailServer(read_smtp_url(smtp.url), MailManners(per_second=2.0))
    mailing = Sender(store, server, write, clock=clock, sleep=clock.sleep)
    assert mailing.send_due(most=5).sent == 5
    assert clock.now - BEGIN == timedelta(seconds=2.5)
    assert smtp.connections == 1


def test_a_wish_to_stop_is_heard_between_two_messages(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """The message in hand is finished."""
    subscribe(store, 3)
    assert sender(store, smtp, clock, stopped=lambda: len(smtp.taken) == 1).send_due().sent == 1
    assert counts(store) == {SENT: 1, QUEUED: 2}


def test_who_leaves_while_copies_wait_gets_none(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """Also where their copy was put off just then."""
    ana, bea, _ = subscribe(store, 3)
    assert store.subscribers.unsubscribe(ana.token, clock()) is not None
    taken = store.mailings.reserve(clock())
    assert taken is not None
    assert taken.subscriber.id == bea.id
    store.subscribers.end(bea.id, "unsubscribed", clock())
    fault = TemporaryDelivery("email", "451", "later")
    assert store.mailings.postpone(taken.id, clock(), fault, clock())
    assert sender(store, smtp, clock).send_due().sent == 1
    assert smtp.addresses() == [address(2)]
    assert counts(store) == {DROPPED: 2, SENT: 1}


@pytest.mark.parametrize(
    "fault",
    [
        None,
        Fault("rcpt", "451 4.7.1 Greylisted"),
        Fault("rcpt", "550 5.1.1 No such user"),
        Fault("data", "554 5.7.1 Spam"),
        Fault("mail", "550 5.7.1 Not you"),
        Fault("end", then="take_and_drop"),
    ],
    ids=["taken", "later", "no mailbox", "refused", "not us", "unknown"],
)
def test_who_is_forgotten_while_their_copy_is_in_hand_stops_nobody(
    store: Store, smtp: SmtpServer, clock: Clock, fault: Fault | None
) -> None:
    """`subscribers remove --erase` takes the copy with it; whatever became of it, others follow."""
    ana, _ = subscribe(store, 2)
    if fault:
        smtp.faults[address(0)] = [fault]

    def write_and_forget(mailing: Mailing, now: datetime) -> EmailMessage:
        if mailing.subscriber.id == ana.id:
            store.subscribers.erase(ana.id)
        return write(mailing, now)

    server = MailServer(read_smtp_url(smtp.url), HASTY)
    mailing = Sender(store, server, write_and_forget, clock=clock, sleep=clock.sleep)
    mailing.send_due(UNTIL_SOMEONE_ACTS * 2)
    assert counts(store) == {SENT: 1}
    assert address(1) in smtp.addresses()


# -------------------------------------------------------------------------------------- killed


@pytest.mark.parametrize("takes", [True, False])
def test_a_copy_in_hand_of_a_killed_program_stays_unknown(
    store: Store, smtp: SmtpServer, takes: bool
) -> None:
    """Killed by force while the server has the message; the others go out, and no one gets two."""
    subscribe(store, 6, datetime.now(UTC))
    smtp.faults[address(2)] = [Fault("end", then="take_and_silence" if takes else "silence")]
    command = [sys.executable, "-m", "tests.mail_process", str(store.path), smtp.url]
    with subprocess.Popen(command, cwd=ROOT) as process:
        assert smtp.held.acquire(timeout=30), "no message was held"
        process.kill()
    for _ in range(2):
        with subprocess.Popen(command, cwd=ROOT) as process:
            assert process.wait(60) == 1  # somebody has to look into the doubt
    assert counts(store) == {SENT: 5, UNKNOWN: 1}
    (doubt,) = store.mailings.listed([UNKNOWN])
    assert doubt.subscriber.address == address(2)
    assert "may have arrived" in doubt.error
    wanted = [n for n in range(6) if takes or n != 2]
    assert sorted(smtp.addresses()) == [address(n) for n in wanted]
    store.mailings.resolve(doubt.id, Verdict.SENT if takes else Verdict.RETRY, datetime.now(UTC))
    with subprocess.Popen(command, cwd=ROOT) as process:
        assert process.wait(60) == 0
    assert sorted(smtp.addresses()) == [address(n) for n in range(6)]


# -------------------------------------------------------------------------------------- put off


def test_a_greylisted_copy_is_tried_again_later_and_later(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """The others do not wait for it."""
    subscribe(store, 3)
    smtp.faults[address(0)] = [Fault("rcpt", "451 4.7.1 Greylisted")] * 3
    mailing = sender(store, smtp, clock)
    first = mailing.send_due()
    assert (first.sent, first.postponed, first.trouble) == (2, 1, "")
    tries = [clock.now]
    while QUEUED in counts(store):
        clock.now = max(clock.now, store.mailings.next_attempt() or clock.now)
        tries.append(clock.now)
        mailing.send_due()
    gaps = [round((b - a) / timedelta(minutes=1)) for a, b in pairwise(tries)]
    assert gaps == [5, 15, 30]
    assert len(smtp.taken) == 3


def test_a_copy_that_is_put_off_for_days_is_given_up(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """An old digest is of no use; the subscriber stays."""
    (ana,) = subscribe(store, 1)
    smtp.faults[EVERYBODY] = [Fault("rcpt", "451 4.7.1 Greylisted")] * 100
    mailing = sender(store, smtp, clock)
    mailing.send_due(LONGEST_TRY * 2)
    assert counts(store) == {FAILED: 1}
    assert len(smtp.recipients) < 20
    assert "given up after 2 days" in store.mailings.listed()[0].error
    assert store.subscribers.row(ana.id).ended_at is None


def test_a_long_outage_does_not_count_as_tries_of_a_copy(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """After a weekend without the server, greylisting still has its hours, beginning short."""
    subscribe(store, 2)
    smtp.faults[EVERYBODY] = [Fault("connect", "421 4.3.2 Down for the weekend")] * 1_000
    mailing = sender(store, smtp, clock)
    mailing.send_due(LONGEST_TRY + timedelta(hours=6))
    smtp.faults[EVERYBODY] = []
    for number in range(2):
        smtp.faults[address(number)] = [Fault("rcpt", "451 4.7.1 Greylisted")] * 2
    began = clock.now
    assert mailing.send_due(timedelta(hours=2)).failed == 0
    assert counts(store) == {SENT: 2}
    assert clock.now - began < timedelta(minutes=40)


def test_a_server_that_is_away_rests_and_everything_gets_out_afterwards(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """It is asked seldom, a lasting outage is told once, and so is its end."""
    subscribe(store, 5)
    smtp.faults[EVERYBODY] = [Fault("connect", "421 4.3.2 Down for the night")] * 12
    mailing = sender(store, smtp, clock, health="#health")
    away = mailing.send_due()
    assert away.trouble
    assert smtp.connections == 1
    mailing.send_due(timedelta(hours=3))
    assert counts(store) == {SENT: 5}
    assert smtp.connections == 13
    assert clock.now - BEGIN > timedelta(hours=1)
    assert told(store) == [
        "Digests do not get out by e-mail",
        "Digests get out by e-mail again",
    ]


# -------------------------------------------------------------------------------------- refused


def test_an_address_that_does_not_exist_ends_its_subscription(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """No person has to act; other refusals wait for one."""
    ana, bea = subscribe(store, 2)
    smtp.faults[address(0)] = [Fault("rcpt", "550 5.1.1 No such user")]
    smtp.faults[address(1)] = [Fault("rcpt", "550 5.7.1 Not today")]
    summary = sender(store, smtp, clock, health="#health").send_due()
    assert (summary.failed, summary.bounced) == (1, 1)
    assert store.subscribers.row(ana.id).ended_why == BOUNCED
    assert store.subscribers.row(bea.id).ended_at is None
    assert store.mailings.queue("weekly", "2026-W48", None, clock()) == 1
    assert told(store) == ["Copies of a digest need a person"]
    assert store.mailings.retry(clock()) == 1
    assert sender(store, smtp, clock, health="#health").send_due().all_well
    assert told(store)[-1] == "No copy of a digest needs a person any more"


@pytest.mark.parametrize("step", ["ehlo", "auth", "mail"])
def test_a_server_that_refuses_us_rests_until_somebody_acts(
    store: Store, clock: Clock, step: str
) -> None:
    """It is told once with the cure, nothing is lost, and a restart tries again at once."""
    subscribe(store, 3)
    with SmtpServer(login=("user", "pass")) as smtp:
        # smtplib tries each way to log in that is offered
        smtp.faults[EVERYBODY] = [Fault(step, "535 5.7.8 Who are you?")] * (2 * 3)
        mailing = sender(store, smtp, clock, health="#health")
        for _ in range(3):
            assert mailing.send_due().trouble
            clock.sleep(60)
        assert smtp.connections == 1
        mailing.send_due(UNTIL_SOMEONE_ACTS)
        smtp.faults.clear()
        assert told(store) == ["Digests do not get out by e-mail"]
        details = " ".join(line for line, _ in store.outbox.listed()[0].alert.lines)
        assert "monitor doctor" in details
        assert sender(store, smtp, clock).send_due().sent == 3
    assert smtp.violations == []


def test_many_refusals_in_a_row_are_not_the_recipients_fault(
    store: Store, smtp: SmtpServer, clock: Clock
) -> None:
    """A server that denies everybody must not end all subscriptions."""
    subscribe(store, 50)
    smtp.faults[EVERYBODY] = [Fault("rcpt", "550 5.1.1 No such user")] * 100
    summary = sender(store, smtp, clock).send_due()
    assert summary.bounced == SUSPICIOUS
    assert "in a row were refused" in summary.trouble
    assert counts(store) == {DROPPED: SUSPICIOUS, QUEUED: 50 - SUSPICIOUS}


# -------------------------------------------------------------------------------------- canaries


def test_no_address_stands_in_what_is_logged_told_or_kept(
    store: Store, smtp: SmtpServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a server repeats, and whatever a bug stumbles over."""
    caplog.set_level(logging.DEBUG)
    canary = "canary.local@canary.test"
    joined = store.subscribers.add(Subscriber(0, canary, "Canary Name"), BEGIN, confirmed=True)
    token = joined.subscriber.token
    store.mailings.queue("weekly", "2026-W47", None, BEGIN)

    def breaking(mailing: Mailing, now: datetime) -> EmailMessage:
        del now
        raise ValueError(f"cannot write to {mailing.subscriber.address} with {token}: {mailing}")

    says = f"550 5.7.1 <{canary}>: canary.local does not want this"
    for fault in (
        Fault("rcpt", says),
        Fault("end", says.replace("550 5.7", "451 4.7")),
        Fault("end", then="drop"),
        None,
    ):
        smtp.faults[canary] = [fault] if fault else []
        server = MailServer(read_smtp_url(smtp.url), HASTY)
        written = write if fault else breaking
        mailing = Sender(store, server, written, health="#h", clock=clock, sleep=clock.sleep)
        mailing.send_due()
        clock.sleep(7200)
        store.mailings.retry(clock(), [1])
    logged = " ".join(str(vars(record)) for record in caplog.records)
    kept = " ".join(f"{one.error} {one}" for one in store.mailings.listed())
    posted = " ".join(str(row.alert) for row in store.outbox.listed())
    assert "bug while mailing" in logged
    assert "breaking" in logged
    assert len(posted) > 50
    for text in (logged, kept, posted):
        for secret in (canary, "canary.local", "Canary Name", token):
            assert secret not in text


def test_a_message_of_nobody_is_a_loud_bug_and_stops_no_other(
    store: Store, smtp: SmtpServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """One copy fails; the reason says that the monitor is to blame."""
    subscribe(store, 3)

    def nameless(mailing: Mailing, now: datetime) -> EmailMessage:
        if mailing.subscriber.address == address(1):
            raise KeyError("made up")
        return letter(str(now), mailing.subscriber.address)

    server = MailServer(read_smtp_url(smtp.url), HASTY)
    summary = Sender(store, server, nameless, clock=clock, sleep=clock.sleep).send_due()
    assert (summary.sent, summary.failed) == (2, 1)
    assert "fault of the monitor itself" in store.mailings.listed([FAILED])[0].error
    assert "bug while mailing" in caplog.text
