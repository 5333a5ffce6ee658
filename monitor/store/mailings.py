"""Copies of digests on their way, one for each subscriber: reserve, send, confirm.

    queued ──reserve──▶ sending ──confirm──▶ sent
      ▲                   │  ├────doubt────▶ unknown ──resolve──▶ sent | queued | dropped
      └────postpone───────┘  └────fail─────▶ failed ───retry────▶ queued

Nobody can look into a stranger's mailbox: a copy of which it is unknown whether it arrived is
never sent again by itself. `sending` is on the disk before anything goes out; a program that dies
in between leaves the row there, and the next one puts it into `unknown`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from monitor.errors import DeliveryError, FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Frequency, Subscriber
from monitor.store.coding import moment, optional_moment, stamp
from monitor.store.conditions import Conditions
from monitor.store.connection import Connection
from monitor.store.subscribers import SUBSCRIBER_COLUMNS, SUBSCRIBER_WIDTH, subscriber_row
from monitor.store.values import DeliveryState, Verdict

# No copy is under way for longer; one that seems to be belongs to a program that died.
LONGEST_ATTEMPT = timedelta(minutes=15)
_COLUMNS = (
    "m.id, m.kind, m.digest, m.period, m.state, m.attempts, m.next_attempt_at, m.tried_at, "
    "m.settled_at, m.message_id, m.error_code, m.error, m.created_at"
)
_OPEN = (DeliveryState.SENDING, DeliveryState.UNKNOWN)
_REVIVABLE = "('failed', 'unknown', 'dropped')"
# An invitation is for who has not confirmed yet, a digest for who has.
_WANTED = (
    "EXISTS (SELECT 1 FROM subscribers s WHERE s.id = subscriber_id AND s.ended_at IS NULL "
    "AND (s.confirmed_at IS NULL) = (kind = 'invitation'))"
)


class MailKind(StrEnum):
    """What a copy is of: a digest, or the question whether an address wants any."""

    DIGEST = "digest"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Mailing:
    """One message to one subscriber, and its fate so far.

    digest, period: name what it is a copy of ("weekly", "2026-W47"); of an invitation, the period
        is the moment of asking.
    message_id: that of the message that was taken.
    """

    id: int
    kind: MailKind
    digest: str
    period: str
    subscriber: Subscriber
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime
    tried_at: datetime | None
    settled_at: datetime | None
    message_id: str
    error_code: str
    error: str
    created_at: datetime


class Mailings:
    """The copies on their way, and how each fared."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    # ---------------------------------------------------------------------------------- queueing

    def queue(self, digest: str, period: str, frequency: Frequency | None, now: datetime) -> int:
        """Queue a digest for every confirmed subscriber; return how many had no copy yet.

        A second time queues nothing again, whatever became of the first. frequency: only those
        who want digests so often; None for all.
        """
        with self._db.transaction(durable=True):
            return self._db.write(
                "INSERT INTO mailings (kind, digest, period, subscriber_id, state, "
                "next_attempt_at, created_at) SELECT 'digest', ?1, ?2, s.id, 'queued', ?3, ?3 "
                "FROM subscribers s WHERE s.ended_at IS NULL AND s.confirmed_at IS NOT NULL "
                "AND (?4 = '' OR s.frequency = ?4) ORDER BY s.id "
                "ON CONFLICT (kind, digest, period, subscriber_id) DO NOTHING",
                (digest, period, stamp(now), frequency.value if frequency else ""),
            )

    def invite(self, subscriber: int, now: datetime) -> bool:
        """Queue the question whether an address wants digests; False where one waits already."""
        with self._db.transaction(durable=True):
            waits = self._db.value(
                "SELECT EXISTS (SELECT 1 FROM mailings WHERE subscriber_id = ? "
                "AND kind = 'invitation' AND state IN ('queued', 'sending'))",
                (subscriber,),
            )
            if waits:
                return False
            self._db.write(
                "INSERT INTO mailings (kind, digest, period, subscriber_id, state, "
                "next_attempt_at, created_at) VALUES ('invitation', '', ?1, ?2, 'queued', ?1, ?1)",
                (stamp(now), subscriber),
            )
            return True

    # ---------------------------------------------------------------------------------- sending

    def reserve(self, now: datetime) -> Mailing | None:
        """Take the copy that has been due for longest; None where none is.

        The reservation is on the disk when this returns; it raises RuntimeError inside a
        transaction, which would undo that promise.
        """
        if self._db.in_transaction:
            raise RuntimeError("reserve must not be part of a larger transaction")
        due = (
            "SELECT id FROM mailings INDEXED BY mailings_queued "  # noqa: S608
            f"WHERE state = 'queued' AND next_attempt_at <= ? AND {_WANTED} "
            "ORDER BY next_attempt_at, id LIMIT 1"
        )
        when = stamp(now)
        if self._db.value(due, (when,)) is None:
            return None
        with self._db.transaction(durable=True):
            number = self._db.value(due, (when,))
            if number is None:
                return None
            self._db.write(
                "UPDATE mailings SET state = 'sending', attempts = attempts + 1, tried_at = ? "
                "WHERE id = ?",
                (when, number),
            )
            return self.row(number)

    def confirm(self, mailing: int, message_id: str, now: datetime) -> bool:
        """Record that the mail server took a message; False where that was known.

        It holds whatever was believed before. False, here and in the others of this family, where
        there is no such copy any more: its subscriber was forgotten meanwhile.
        A power cut may take this back until the next reservation: the copy is then in doubt.
        """
        with self._db.transaction():
            if self._state(mailing) in (DeliveryState.SENT, None):
                return False
            self._db.write(
                "UPDATE mailings SET state = 'sent', settled_at = ?, message_id = ?, "
                "error_code = '', error = '' WHERE id = ?",
                (stamp(now), message_id, mailing),
            )
        return True

    def postpone(
        self,
        mailing: int,
        until: datetime,
        error: TemporaryDelivery | PermanentDelivery,
        now: datetime,
    ) -> bool:
        """Put a copy back that surely did not arrive, to be tried again at `until`.

        What kept the whole server from taking anything was no attempt at this copy. It is dropped
        where its subscriber has left meanwhile. False, here and in `fail` and
        `doubt`, where a person has settled it meanwhile: then the person's word stands.
        """
        with self._db.transaction():
            if not self._settle(mailing, DeliveryState.QUEUED, error, now):
                return False
            self._db.write(
                "UPDATE mailings SET next_attempt_at = ?, attempts = attempts - ? WHERE id = ?",
                (stamp(until), error.scope is FailureScope.SERVICE, mailing),
            )
            self._db.write(
                "UPDATE mailings SET state = 'dropped', settled_at = ? "  # noqa: S608
                f"WHERE id = ? AND NOT {_WANTED}",
                (stamp(now), mailing),
            )
            return True

    def fail(self, mailing: int, error: DeliveryError, now: datetime) -> bool:
        """Give a copy up until a person acts."""
        with self._db.transaction():
            return self._settle(mailing, DeliveryState.FAILED, error, now)

    def bounce(self, mailing: int, error: DeliveryError, now: datetime) -> bool:
        """Give a copy up whose address does not exist; nobody has to act."""
        with self._db.transaction():
            return self._settle(mailing, DeliveryState.DROPPED, error, now)

    def doubt(self, mailing: int, error: DeliveryError, now: datetime) -> bool:
        """Record that it is unknown whether a copy arrived."""
        with self._db.transaction():
            return self._settle(mailing, DeliveryState.UNKNOWN, error, now)

    def doubt_all(self, error: DeliveryError, now: datetime) -> int:
        """Record that of every copy under way nobody knows the fate; return how many.

        For who knows that nobody else sends: those who reserved them died.
        """
        if DeliveryState.SENDING not in dict(self.unsent()):
            return 0
        with self._db.transaction(durable=True):
            return self._db.write(
                "UPDATE mailings SET state = 'unknown', settled_at = ?, error_code = ?, error = ? "
                "WHERE state = 'sending'",
                (stamp(now), error.code, error.reason),
            )

    def _state(self, mailing: int) -> DeliveryState | None:
        found = self._db.value("SELECT state FROM mailings WHERE id = ?", (mailing,))
        return None if found is None else DeliveryState(found)

    def _settle(
        self, mailing: int, state: DeliveryState, error: DeliveryError, now: datetime
    ) -> bool:
        if self._state(mailing) not in _OPEN:
            return False
        self._db.write(
            "UPDATE mailings SET state = ?, settled_at = ?, error_code = ?, error = ? WHERE id = ?",
            (state.value, stamp(now), error.code, error.reason, mailing),
        )
        return True

    # ---------------------------------------------------------------------------------- by people

    def resolve(self, mailing: int, verdict: Verdict, now: datetime) -> None:
        """Settle a copy of unknown fate, or give any unsent one up.

        Raises KeyError, and ValueError where it was sent already, is being sent, or is to be sent
        again to somebody who has left.
        """
        states = {
            Verdict.SENT: DeliveryState.SENT,
            Verdict.RETRY: DeliveryState.QUEUED,
            Verdict.DROP: DeliveryState.DROPPED,
        }
        with self._db.transaction(durable=True):
            row = self.row(mailing)
            tried = row.tried_at
            if row.state is DeliveryState.SENT:
                raise ValueError(f"copy m{mailing} was sent already")
            if row.state is DeliveryState.SENDING and tried and now - tried < LONGEST_ATTEMPT:
                raise ValueError(f"copy m{mailing} is being sent; ask again in some minutes")
            if verdict is Verdict.RETRY and not self._is_wanted(mailing):
                raise ValueError(f"the subscriber of copy m{mailing} does not want it any more")
            self._db.write(
                "UPDATE mailings SET state = ?1, settled_at = ?2, next_attempt_at = ?2 "
                "WHERE id = ?3",
                (states[verdict].value, stamp(now), mailing),
            )

    def _is_wanted(self, mailing: int) -> bool:
        query = f"SELECT 1 FROM mailings WHERE id = ? AND {_WANTED}"  # noqa: S608
        return self._db.value(query, (mailing,)) is not None

    def retry(self, now: datetime, mailings: Collection[int] | None = None) -> int:
        """Queue failed copies again, for those who still want them; return how many.

        mailings: these, also where they are of unknown fate or dropped; None means all that
        failed. Each may take two days anew.
        """
        when = stamp(now)
        again = (
            "UPDATE mailings SET state = 'queued', attempts = 0, created_at = ?1, "  # noqa: S608
            f"next_attempt_at = ?1 WHERE {_WANTED} AND "
        )
        with self._db.transaction(durable=True):
            if mailings is None:
                return self._db.write(f"{again} state = 'failed'", (when,))
            return sum(
                self._db.write(f"{again} id = ?2 AND state IN {_REVIVABLE}", (when, number))
                for number in mailings
            )

    # ---------------------------------------------------------------------------------- looking

    def listed(
        self, states: Collection[DeliveryState] = (), limit: int = 100
    ) -> tuple[Mailing, ...]:
        """Return copies, the newest first; empty `states` do not restrict."""
        wanted = Conditions().one_of("m.state", states)
        rows = self._db.rows(
            f"SELECT {SUBSCRIBER_COLUMNS}, {_COLUMNS} FROM mailings m "  # noqa: S608
            f"JOIN subscribers s ON s.id = m.subscriber_id WHERE {wanted} "
            "ORDER BY m.id DESC LIMIT ?",
            (*wanted.values, limit),
        )
        return tuple(map(_mailing, rows))

    def row(self, mailing: int) -> Mailing:
        """Return one copy and its fate; raises KeyError."""
        found = self._db.row(
            f"SELECT {SUBSCRIBER_COLUMNS}, {_COLUMNS} FROM mailings m "  # noqa: S608
            "JOIN subscribers s ON s.id = m.subscriber_id WHERE m.id = ?",
            (mailing,),
        )
        if found is None:
            raise KeyError(mailing)
        return _mailing(found)

    def counts(self, digest: str = "", period: str = "") -> tuple[tuple[DeliveryState, int], ...]:
        """Count the copies in each state that occurs: of one digest, or of all."""
        rows = self._db.rows(
            "SELECT state, count(*) FROM mailings WHERE ?1 = '' OR (digest = ?1 AND period = ?2) "
            "GROUP BY state ORDER BY state",
            (digest, period),
        )
        return tuple((DeliveryState(state), number) for state, number in rows)

    def unsent(self) -> tuple[tuple[DeliveryState, int], ...]:
        """Count the copies in each state but `sent`; quick however many were sent."""
        rows = self._db.rows(
            "SELECT state, count(*) FROM mailings INDEXED BY mailings_unsettled "
            "WHERE state <> 'sent' GROUP BY state ORDER BY state"
        )
        return tuple((DeliveryState(state), number) for state, number in rows)

    def next_attempt(self) -> datetime | None:
        """Return when the next queued copy is due; None where none is queued."""
        query = "SELECT min(next_attempt_at) FROM mailings WHERE state = 'queued'"
        return optional_moment(self._db.value(query))


def _mailing(row: tuple[Any, ...]) -> Mailing:
    own = row[SUBSCRIBER_WIDTH:]
    return Mailing(
        id=own[0],
        kind=MailKind(own[1]),
        digest=own[2],
        period=own[3],
        subscriber=subscriber_row(row[:SUBSCRIBER_WIDTH]),
        state=DeliveryState(own[4]),
        attempts=own[5],
        next_attempt_at=moment(own[6]),
        tried_at=optional_moment(own[7]),
        settled_at=optional_moment(own[8]),
        message_id=own[9],
        error_code=own[10],
        error=own[11],
        created_at=moment(own[12]),
    )
