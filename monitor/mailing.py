"""Sends copies of digests: reserve, send, confirm; politely, and one process at a time.

    left in `sending`?   who sent it died: unknown, and a person settles it
    send                 reserve → write → server.send → confirm
                         later          → postponed, longer each time, for two days at most
                         maybe arrived  → unknown
                         never          → failed; no such mailbox → its subscriber's mail has ended
                         the server     → rests as a whole, told once, with what to do

No address stands in what is logged, told, or kept as an error.
"""

from __future__ import annotations

import logging
import math
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from monitor.addresses import without_addresses
from monitor.alerts import post
from monitor.channels.email import EMAIL, MailServer, is_bounced
from monitor.errors import (
    DeliveryError,
    FailureScope,
    PermanentDelivery,
    TemporaryDelivery,
    own_fault,
)
from monitor.locking import held
from monitor.models import Subscriber
from monitor.store import BOUNCED, DeliveryState, Mailing, Store, Telling
from monitor.text import digest, one_line

log = logging.getLogger(__name__)

MOST = 2_000
# Greylisting servers take a message after some minutes; an old digest is of no use.
WAITS = (5, 15, 30, 60, 120, 240)
LONGEST_TRY = timedelta(days=2)
# What waited so long (no mail server was configured) is old news; a person may still send it.
STALE = timedelta(days=7)
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)
UNTIL_SOMEONE_ACTS = timedelta(hours=1)
# So many refusals in a row are about us, or about the server, and not about the recipients.
SUSPICIOUS = 10
LASTING_FAILURES = 5
_PIECE = 0.5
_NEEDS_A_PERSON = "waits for a person: "
_SERVER, _UNSETTLED = "mail server", "mail unsettled"
_REASON = 500


@dataclass(frozen=True, slots=True)
class MailSummary:
    """What one round of sending came to.

    postponed: copies that the server or a recipient's server does not take yet. failed: given up
    until a person acts. bounced: there is no such mailbox, and nobody has to act. unknown: of all
    copies, those of which nobody knows whether they arrived. busy: another process is sending;
    nothing was done. trouble: why nothing gets out at present; "" where all is well.
    """

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    bounced: int = 0
    unknown: int = 0
    busy: bool = False
    trouble: str = ""

    @property
    def all_well(self) -> bool:
        """Say whether nothing needs a person."""
        return not (self.trouble or self.failed or self.unknown)


class Sender:
    """Sends what is queued for subscribers; belongs to the thread that opened the store.

    write: makes the message of a copy that is about to go out.
        It is handed over as from its own sender, to whom what cannot be delivered comes back.
    stopped: asked between two messages; the one in hand is finished.
    lock: a file that only one sender holds at a time; None where there can be no other.
    health: the channel that is told of troubles; "" for the log alone.
    """

    def __init__(
        self,
        store: Store,
        server: MailServer,
        write: Callable[[Mailing, datetime], EmailMessage],
        *,
        stopped: Callable[[], bool] = lambda: False,
        lock: Path | None = None,
        health: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._server = server
        self._write = write
        self._stopped = stopped
        self._lock = lock
        self._health = health
        self._clock = clock
        self._sleep = sleep
        self._refusals = 0
        self._outages = 0
        self._round = MailSummary()
        if store.pauses.state(EMAIL).reason.startswith(_NEEDS_A_PERSON):
            store.pauses.resume(EMAIL)  # a restart may well mean that it is mended

    def send_due(self, patience: timedelta = timedelta(0), most: int = MOST) -> MailSummary:
        """Send what is due; raises no DeliveryError.

        patience: how long to wait for what becomes due soon. most: messages in this round.
        """
        self._round = MailSummary()
        with held(self._lock) as ours:
            if not ours:
                return MailSummary(busy=True)
            try:
                self._doubt_what_was_left()
                self._work(self._clock() + patience, most)
            finally:
                self._server.close()
        self._tell_unsettled()
        rests = self._store.pauses.state(EMAIL)
        trouble = rests.reason if EMAIL in self._store.pauses.resting(self._clock()) else ""
        return replace(self._round, unknown=self._unknown(), trouble=trouble)

    def _work(self, deadline: datetime, most: int) -> None:
        for _ in range(most):
            mailing = self._next(deadline)
            if mailing is None:
                return
            began = self._clock()
            self._send_one(mailing)
            spent = (self._clock() - began).total_seconds()
            self._wait(self._server.pause - spent)

    def _next(self, deadline: datetime) -> Mailing | None:
        """Reserve what is due, after a wait where patience allows it; None ends the round."""
        while not self._stopped():
            now = self._clock()
            if EMAIL not in self._store.pauses.resting(now):
                mailing = self._store.mailings.reserve(now)
                if mailing is not None:
                    return mailing
            due = self._due_at()
            if due is None or due > deadline or due <= now:
                return None
            self._wait((due - now).total_seconds() + 0.001)
        return None

    def _due_at(self) -> datetime | None:
        """Say when the next copy may go out; None where none is queued."""
        due = self._store.mailings.next_attempt()
        rests = self._store.pauses.state(EMAIL).paused_until
        return max(due, rests) if due and rests else due

    def _doubt_what_was_left(self) -> None:
        reason = "the program ended while the mail server had it; it may have arrived"
        left = TemporaryDelivery(EMAIL, "interrupted", reason, maybe_arrived=True)
        if number := self._store.mailings.doubt_all(left, self._clock()):
            log.error("copies of unknown fate were found", extra={"copies": number})

    # ---------------------------------------------------------------------------------- one copy

    def _send_one(self, mailing: Mailing) -> None:
        try:
            self._refuse_stale(mailing)
            message = self._write(mailing, self._clock())
            sender = message["From"].addresses[0].addr_spec
            receipt = self._server.send(message, sender, mailing.subscriber.address)
        except TemporaryDelivery as error:
            self._later(mailing, error)
        except PermanentDelivery as error:
            self._never(mailing, error)
        except Exception as bug:  # noqa: BLE001 - logged in full, without the address
            # A bug in writing one copy must be loud, and must not keep all others back.
            log.error(  # noqa: TRY400 - the trace could hold the address
                "bug while mailing",
                extra={
                    **_facts(mailing),
                    "trace": _hidden(traceback.format_exc(), mailing.subscriber),
                },
            )
            reason = _hidden(own_fault(bug), mailing.subscriber)
            self._never(mailing, PermanentDelivery(EMAIL, "bug", reason))
        else:
            self._store.mailings.confirm(mailing.id, receipt.reference, self._clock())
            self._arrived(mailing)

    def _refuse_stale(self, mailing: Mailing) -> None:
        age = self._clock() - mailing.created_at
        if age > STALE:
            reason = f"it waited for {age.days} days, and is old news"
            raise PermanentDelivery(EMAIL, "stale", reason)

    def _arrived(self, mailing: Mailing) -> None:
        self._round = replace(self._round, sent=self._round.sent + 1)
        if self._outages or self._store.pauses.state(EMAIL).reason:
            self._store.pauses.resume(EMAIL)
        self._refusals = self._outages = 0
        self._end(_SERVER, "Digests get out by e-mail again")
        log.info("mailed", extra=_facts(mailing))

    def _later(self, mailing: Mailing, error: TemporaryDelivery) -> None:
        now = self._clock()
        if error.maybe_arrived:
            self._store.mailings.doubt(mailing.id, error, now)
            log.error("the fate of a copy cannot be known", extra=_facts(mailing, error))
            return
        whole = error.scope is FailureScope.SERVICE
        # After an outage of days every copy is old, and has hardly been tried.
        tried = mailing.attempts > len(WAITS) and now - mailing.created_at >= LONGEST_TRY
        if tried and not whole:
            reason = f"{error.reason}; given up after {LONGEST_TRY.days} days"
            self._never(mailing, PermanentDelivery(EMAIL, error.code, reason))
            return
        wait = timedelta(minutes=WAITS[min(mailing.attempts, len(WAITS)) - 1])
        until = now + (self._rest(error, now) if whole else wait)
        self._store.mailings.postpone(mailing.id, until, error, now)
        self._round = replace(self._round, postponed=self._round.postponed + 1)
        log.warning("a copy is postponed", extra=_facts(mailing, error))

    def _rest(self, error: TemporaryDelivery, now: datetime) -> timedelta:
        """Let the whole server rest, longer after each outage in a row; return how long."""
        self._outages += 1
        rest = min(FIRST_REST * 2.0 ** min(self._outages - 1, 10), LONGEST_REST)
        rest = error.retry_after or rest
        self._store.pauses.pause(EMAIL, now + rest, error.reason)
        if self._outages >= LASTING_FAILURES:
            self._begin(_SERVER, "Digests do not get out by e-mail", error.reason)
        return rest

    def _never(self, mailing: Mailing, error: PermanentDelivery) -> None:
        now = self._clock()
        if error.scope is not FailureScope.MESSAGE:
            self._store.mailings.postpone(mailing.id, now, error, now)
            self._round = replace(self._round, postponed=self._round.postponed + 1)
            self._stop_until_someone_acts(error.reason, now)
            log.error("the mail server needs a person", extra=_facts(mailing, error))
            return
        bounced = is_bounced(error)
        if bounced:
            with self._store.transaction(durable=True):
                if self._store.mailings.bounce(mailing.id, error, now):
                    self._store.subscribers.end(mailing.subscriber.id, BOUNCED, now)
            self._round = replace(self._round, bounced=self._round.bounced + 1)
            log.warning("a subscriber's address does not exist", extra=_facts(mailing, error))
        else:
            self._store.mailings.fail(mailing.id, error, now)
            self._round = replace(self._round, failed=self._round.failed + 1)
            log.error("a copy was refused", extra=_facts(mailing, error))
        self._refusals += error.code != "stale"
        if self._refusals >= SUSPICIOUS:
            self._refusals = 0
            reason = f"{SUSPICIOUS} copies in a row were refused, the last one {error.reason}"
            self._stop_until_someone_acts(reason, now)

    def _stop_until_someone_acts(self, reason: str, now: datetime) -> None:
        self._store.pauses.pause(EMAIL, now + UNTIL_SOMEONE_ACTS, _NEEDS_A_PERSON + reason)
        self._begin(_SERVER, "Digests do not get out by e-mail", reason)

    def _wait(self, seconds: float) -> None:
        """Sleep in short pieces, so that a wish to stop is soon heard."""
        if seconds <= 0:
            return
        pieces = math.ceil(seconds / _PIECE)
        for _ in range(pieces):
            if self._stopped():
                return
            self._sleep(seconds / pieces)

    # ---------------------------------------------------------------------------------- telling

    def _unknown(self) -> int:
        return dict(self._store.mailings.unsent()).get(DeliveryState.UNKNOWN, 0)

    def _tell_unsettled(self) -> None:
        """Tell once that copies need a person, and once that none does any more."""
        counts = dict(self._store.mailings.unsent())
        unknown, failed = self._unknown(), counts.get(DeliveryState.FAILED, 0)
        if unknown or self._round.failed:
            reason = f"{unknown} of unknown fate, {failed} refused"
            self._begin(_UNSETTLED, "Copies of a digest need a person", reason)
        elif not failed:
            self._end(_UNSETTLED, "No copy of a digest needs a person any more")

    def _begin(self, subject: str, headline: str, reason: str) -> None:
        """Tell a trouble once, and again daily while it lasts."""
        cure = (
            "`monitor outbox list` shows them; then `monitor outbox resolve m1 sent` or `… retry`."
            if subject == _UNSETTLED
            else "They wait, and none is lost. `monitor doctor` says what to do."
        )
        now = self._clock()
        with self._store.transaction():
            if self._store.notices.trouble(subject, reason, now) is not Telling.NOTHING:
                details = (f"Reason: {one_line(reason, _REASON)}", cure)
                log.error("mail trouble", extra={"headline": headline, "reason": reason})
                self._post(f"{subject} {now:%Y-%m-%d %H:%M}", headline, details, now)

    def _end(self, subject: str, headline: str) -> None:
        now = self._clock()
        with self._store.transaction():
            over = self._store.notices.recovery(subject)
            if over is not None:
                log.info("mail trouble is over", extra={"headline": headline})
                key = f"{subject} over {over.since.isoformat()}"
                self._post(key, headline, (f"Reason: {one_line(over.reason, _REASON)}",), now)

    def _post(self, key: str, headline: str, details: tuple[str, ...], now: datetime) -> None:
        if not self._health:
            return
        key = digest("mail trouble", self._health, key)
        self._store.outbox.enqueue((post(self._health, key, headline, details, now),), now)


def _hidden(text: str, whom: Subscriber) -> str:
    """Take out of a bug's words the address and the token that it stumbled over."""
    shown = without_addresses(text, whom.address).replace(whom.token, "…")
    return shown.replace(whom.name, "…") if whom.name else shown


def _facts(mailing: Mailing, error: DeliveryError | None = None) -> dict[str, object]:
    facts: dict[str, object] = {
        "copy": f"m{mailing.id}",
        "kind": mailing.kind.value,
        "digest": mailing.digest,
        "period": mailing.period,
        "attempt": mailing.attempts,
    }
    return facts | ({"code": error.code, "reason": error.reason} if error else {})
