"""The outbox: reserve, send, confirm; an alert is neither lost nor told twice.

    queued ──reserve──▶ sending ──confirm──▶ sent
      ▲                   │  ├────doubt────▶ unknown ──resolve──▶ sent | queued | dropped
      └────postpone───────┘  └────fail─────▶ failed ───retry────▶ queued

`sending` is committed, and on the disk, before anything goes out. A program that dies in between
leaves the row there: `in_doubt` finds it, and the channel is asked before it is sent again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from monitor.errors import DeliveryError
from monitor.models import Alert, Delivery, Receipt
from monitor.store.coding import alert_of, alert_text, moment, optional_moment, stamp
from monitor.store.conditions import Conditions
from monitor.store.connection import Connection
from monitor.store.threads import Threads
from monitor.store.values import Attempt, DeliveryState, OutboxRow, Verdict

OUTBOX_COLUMNS = (
    "id, payload, matter_id, state, attempts, next_attempt_at, tried_at, settled_at, reference, "
    "place, error_code, error, created_at"
)
# No attempt lasts longer; one that seems to belongs to a program that died.
LONGEST_ATTEMPT = timedelta(minutes=5)
_OPEN = (DeliveryState.SENDING, DeliveryState.UNKNOWN)
_REVIVABLE = (
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
    DeliveryState.DEFERRED,
    DeliveryState.HELD,
    DeliveryState.DROPPED,
)
# The oldest due alert of the channels that may be tried. One that follows another of the same
# matter in the same channel waits until that one is settled, so that no reply overtakes its parent.
# Where there are no threads and nobody can look (webhooks, apprise), one in doubt holds up nothing.
NEXT_ALERT = """
SELECT a.id, a.payload, a.matter_id, a.attempts, coalesce(t.reference, '')
FROM alerts a INDEXED BY alerts_queued
LEFT JOIN threads t ON t.channel = a.channel AND t.matter_id = a.matter_id AND a.matter_id > 0
WHERE a.state = 'queued' AND a.channel = ? AND a.next_attempt_at <= ?
AND (a.matter_id = 0 OR NOT EXISTS (
    SELECT 1 FROM alerts b INDEXED BY alerts_open
    WHERE b.channel = a.channel AND b.matter_id = a.matter_id AND b.id < a.id
    AND b.state IN ('queued', 'sending', 'unknown')
    AND NOT (b.state = 'unknown' AND (b.channel GLOB 'webhook*' OR b.channel GLOB 'apprise:*'))))
ORDER BY a.id LIMIT 1
"""

# The name of an alert's matter, where its channel was told of that before.
_ABOUT = """
SELECT m.title FROM matters m WHERE m.id = ? AND EXISTS (
    SELECT 1 FROM alerts b INDEXED BY alerts_matter
    WHERE b.matter_id = m.id AND b.channel = ? AND b.id < ? AND b.state IN ('sent', 'unknown'))
"""

# The channels that have something queued and do not rest: one step through the index for each
# channel, however long its queue is.
_READY = """
WITH RECURSIVE waiting (channel) AS (
    SELECT min(channel) FROM alerts WHERE state = 'queued'
    UNION ALL
    SELECT (SELECT min(channel) FROM alerts WHERE state = 'queued' AND channel > waiting.channel)
    FROM waiting WHERE waiting.channel IS NOT NULL
)
SELECT channel FROM waiting WHERE channel IS NOT NULL
AND channel NOT IN (SELECT channel FROM channel_state WHERE paused_until > ?)
"""


class Outbox:
    """The alerts on their way, and how each fared."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._threads = Threads(db)

    def enqueue(
        self,
        alerts: Iterable[Alert],
        now: datetime,
        state: DeliveryState = DeliveryState.QUEUED,
        due: datetime | None = None,
        told_in: str = "",
        reason: str = "",
    ) -> int:
        """Put alerts into the outbox; return how many were not there yet.

        An alert whose key is known changes nothing. state: queued, deferred or held. due: not to
        be sent before. told_in: the key of the summary that lists what is deferred. reason: why it
        is held.
        """
        alerts = tuple(alerts)
        if not alerts:
            return 0
        when = stamp(now)
        added = 0
        with self._db.transaction():
            for alert in alerts:
                created = stamp(alert.created_at) if alert.created_at else when
                added += self._db.write(
                    "INSERT INTO alerts (key, channel, kind, matter_id, state, next_attempt_at, "
                    "created_at, headline, payload, told_in, error) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (key) DO NOTHING",
                    (
                        alert.key,
                        alert.channel,
                        alert.kind,
                        alert.matter,
                        state.value,
                        stamp(due) if due else when,
                        created,
                        alert.headline,
                        alert_text(alert),
                        told_in,
                        reason,
                    ),
                )
        return added

    def reserve(
        self,
        now: datetime,
        channels: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> Delivery | None:
        """Take the oldest alert that is due and may be sent; None where there is none.

        channels: only these; None means all. without: not these. A paused channel is skipped.
        The reservation is on the disk when this returns; it raises RuntimeError inside a
        transaction, which would undo that promise.
        """
        if self._db.in_transaction:
            raise RuntimeError("reserve must not be part of a larger transaction")
        if not self._db.value("SELECT EXISTS (SELECT 1 FROM alerts WHERE state = 'queued')"):
            return None
        with self._db.transaction(durable=True):
            found = [
                row
                for channel in self._ready(now)
                if (channels is None or channel in channels) and channel not in without
                for row in self._db.rows(NEXT_ALERT, (channel, stamp(now)))
            ]
            return self._take(min(found), now) if found else None

    def _ready(self, now: datetime) -> list[str]:
        return [channel for (channel,) in self._db.rows(_READY, (stamp(now),))]

    def _take(self, row: tuple[Any, ...], now: datetime) -> Delivery:
        number, payload, matter, attempts, thread = row
        when = stamp(now)
        self._db.write(
            "UPDATE alerts SET state = 'sending', attempts = attempts + 1, tried_at = ? "
            "WHERE id = ?",
            (when, number),
        )
        self._db.write(
            "INSERT INTO deliveries (alert_id, attempt, tried_at, outcome) "
            "VALUES (?, ?, ?, 'sending')",
            (number, attempts + 1, when),
        )
        alert = alert_of(payload, matter)
        about = "" if thread else self._db.value(_ABOUT, (matter, alert.channel, number)) or ""
        return Delivery(number, alert, attempts + 1, thread, now, about)

    def confirm(
        self, delivery: int, receipt: Receipt, now: datetime, *, heard: bool = False
    ) -> bool:
        """Record that a message arrived; the first of a matter in its channel opens the thread.

        It holds whatever was believed before (a late answer to an attempt that was given up).
        False where it was known already. heard: it was sent with its buttons, if any were due.
        Raises KeyError, as do the others of this family.
        """
        with self._db.transaction(durable=True):
            channel, matter, state = self._standing(delivery)
            if state is DeliveryState.SENT:
                return False
            self._write_state(delivery, DeliveryState.SENT, now)
            self._end_attempt(delivery, DeliveryState.SENT.value, now)
            self._db.write(
                "UPDATE alerts SET reference = ?, place = ? WHERE id = ?",
                (receipt.reference, receipt.place, delivery),
            )
            if matter and receipt.reference:
                self._threads.open(channel, matter, receipt, delivery, now, heard=heard)
            self._end_trouble(channel, now)
        return True

    def _end_trouble(self, channel: str, now: datetime) -> None:
        self._db.write(
            "DELETE FROM channel_state WHERE channel = ? AND coalesce(paused_until, '') <= ?",
            (channel, stamp(now)),
        )
        self._db.write("UPDATE channel_state SET failures = 0 WHERE channel = ?", (channel,))

    def postpone(self, delivery: int, until: datetime, error: DeliveryError, now: datetime) -> bool:
        """Put an alert back that surely did not arrive, to be tried again at `until`.

        False, here and in `fail` and `doubt`, where the alert is no longer on its way because a
        person has settled it meanwhile: the attempt is logged, and the person's word stands.
        """
        with self._db.transaction():
            settled = self._settle(delivery, DeliveryState.QUEUED, error, now)
            if settled:
                self._due_at(delivery, until)
            return settled

    def fail(
        self, delivery: int, error: DeliveryError, now: datetime, *, for_good: bool = False
    ) -> bool:
        """Give an alert up until a person acts; later ones of its matter go on without it."""
        with self._db.transaction():
            state = DeliveryState.DROPPED if for_good else DeliveryState.FAILED
            return self._settle(delivery, state, error, now)

    def doubt(self, delivery: int, error: DeliveryError, now: datetime) -> bool:
        """Record that it is unknown whether the message arrived; its matter's thread waits."""
        with self._db.transaction():
            return self._settle(delivery, DeliveryState.UNKNOWN, error, now)

    def _standing(self, delivery: int) -> tuple[str, int, DeliveryState]:
        row = self._db.row("SELECT channel, matter_id, state FROM alerts WHERE id = ?", (delivery,))
        if row is None:
            raise KeyError(delivery)
        return row[0], row[1], DeliveryState(row[2])

    def _settle(
        self, delivery: int, state: DeliveryState, error: DeliveryError, now: datetime
    ) -> bool:
        channel, _, before = self._standing(delivery)
        outcome = "postponed" if state is DeliveryState.QUEUED else state.value
        self._end_attempt(delivery, outcome, now, error)
        self._db.write(
            "INSERT INTO channel_state (channel, reason, failures) VALUES (?, '', 1) "
            "ON CONFLICT (channel) DO UPDATE SET failures = failures + 1",
            (channel,),
        )
        if before not in _OPEN:
            return False
        self._write_state(delivery, state, now, error)
        return True

    def _write_state(
        self,
        alert: int,
        state: DeliveryState,
        now: datetime,
        error: DeliveryError | None = None,
    ) -> None:
        code, reason = (error.code, error.reason) if error else ("", "")
        self._db.write(
            "UPDATE alerts SET state = ?, settled_at = ?, error_code = ?, error = ? WHERE id = ?",
            (state.value, stamp(now), code, reason, alert),
        )

    def _due_at(self, alert: int, when: datetime) -> None:
        self._db.write("UPDATE alerts SET next_attempt_at = ? WHERE id = ?", (stamp(when), alert))

    def _end_attempt(
        self, alert: int, outcome: str, now: datetime, error: DeliveryError | None = None
    ) -> None:
        code, reason = (error.code, error.reason) if error else ("", "")
        self._db.write(
            "UPDATE deliveries SET ended_at = ?, outcome = ?, code = ?, reason = ? "
            "WHERE alert_id = ? AND ended_at IS NULL",
            (stamp(now), outcome, code, reason, alert),
        )

    def in_doubt(self, before: datetime) -> tuple[Delivery, ...]:
        """Return deliveries of unknown outcome, oldest first.

        Those are in `unknown`, and those in `sending` whose attempt began before `before`: who
        reserved them died.
        """
        rows = self._db.rows(
            "SELECT a.id, a.payload, a.matter_id, a.attempts, coalesce(t.reference, ''), "
            "a.tried_at FROM alerts a LEFT JOIN threads t ON t.channel = a.channel "
            "AND t.matter_id = a.matter_id AND a.matter_id > 0 "
            "WHERE a.state <> 'sent' AND a.state IN ('unknown', 'sending') "  # as its index says it
            "AND (a.state = 'unknown' OR a.tried_at < ?) ORDER BY a.id",
            (stamp(before),),
        )
        return tuple(
            Delivery(row[0], alert_of(row[1], row[2]), row[3], row[4], moment(row[5]))
            for row in rows
        )

    def resolve(self, alert: int, verdict: Verdict, now: datetime) -> None:
        """Settle a delivery of unknown outcome, or give any unsent alert up.

        SENT: it arrived, without a reference. RETRY: it did not, send it now. DROP: never send it.
        Raises KeyError, and ValueError where the alert was sent already, or is being sent.
        """
        states = {
            Verdict.SENT: DeliveryState.SENT,
            Verdict.RETRY: DeliveryState.QUEUED,
            Verdict.DROP: DeliveryState.DROPPED,
        }
        with self._db.transaction(durable=True):
            row = self.row(alert)
            if row.state is DeliveryState.SENT:
                raise ValueError(f"alert {alert} was sent already")
            if row.state is DeliveryState.SENDING and _just_now(row.tried_at, now):
                raise ValueError(f"alert {alert} is being sent; ask again in some minutes")
            self._write_state(alert, states[verdict], now)
            self._end_attempt(alert, f"resolved: {verdict.value}", now)
            self._due_at(alert, now)

    def retry(self, now: datetime, alerts: Collection[int] | None = None) -> int:
        """Queue failed alerts again; return how many.

        alerts: these, whatever keeps them from being sent (failed, deferred, held, unknown,
        dropped); None means all that failed.
        """
        when = stamp(now)
        again = "UPDATE alerts SET state = 'queued', next_attempt_at = ? WHERE "
        with self._db.transaction():
            if alerts is None:
                return self._db.write(f"{again} state = 'failed'", (when,))
            states = ", ".join(f"'{state.value}'" for state in _REVIVABLE)
            return sum(
                self._db.write(f"{again} id = ? AND state IN ({states})", (when, number))
                for number in alerts
            )

    def listed(
        self,
        states: Collection[DeliveryState] = (),
        since: datetime | None = None,
        limit: int = 100,
    ) -> tuple[OutboxRow, ...]:
        """Return alerts, the newest first; empty arguments do not restrict."""
        wanted = Conditions().one_of("state", states).since("created_at", since)
        rows = self._db.rows(
            f"SELECT {OUTBOX_COLUMNS} FROM alerts WHERE {wanted} "  # noqa: S608
            "ORDER BY id DESC LIMIT ?",
            (*wanted.values, limit),
        )
        return tuple(map(outbox_row, rows))

    def row(self, alert: int) -> OutboxRow:
        """Return one alert and its fate; raises KeyError."""
        query = f"SELECT {OUTBOX_COLUMNS} FROM alerts WHERE id = ?"  # noqa: S608
        rows = self._db.rows(query, (alert,))
        if not rows:
            raise KeyError(alert)
        return outbox_row(rows[0])

    def attempts(self, alert: int) -> tuple[Attempt, ...]:
        """Return the log of an alert's attempts, oldest first."""
        query = (
            "SELECT attempt, tried_at, ended_at, outcome, code, reason FROM deliveries "
            "WHERE alert_id = ? ORDER BY attempt"
        )
        return tuple(
            Attempt(row[0], moment(row[1]), optional_moment(row[2]), *row[3:])
            for row in self._db.rows(query, (alert,))
        )

    def counts(self) -> tuple[tuple[DeliveryState, int], ...]:
        """Count the alerts in each state that occurs."""
        rows = self._db.rows("SELECT state, count(*) FROM alerts GROUP BY state ORDER BY state")
        return tuple((DeliveryState(state), number) for state, number in rows)

    def next_attempt(self) -> datetime | None:
        """Return when the next queued alert is due; None where none is queued."""
        query = "SELECT min(next_attempt_at) FROM alerts WHERE state = 'queued'"
        return optional_moment(self._db.value(query))


def _just_now(tried_at: datetime | None, now: datetime) -> bool:
    return tried_at is not None and now - tried_at < LONGEST_ATTEMPT


def outbox_row(row: tuple[Any, ...]) -> OutboxRow:
    """Read the values of OUTBOX_COLUMNS."""
    return OutboxRow(
        id=row[0],
        alert=alert_of(row[1], row[2]),
        state=DeliveryState(row[3]),
        attempts=row[4],
        next_attempt_at=moment(row[5]),
        tried_at=optional_moment(row[6]),
        settled_at=optional_moment(row[7]),
        reference=row[8],
        place=row[9],
        error_code=row[10],
        error=row[11],
        created_at=moment(row[12]),
    )
