"""Who gets digests: joins, confirms, leaves; each act is on the disk when its method returns.

    add ──▶ invited ──confirm──▶ confirmed ──end──▶ ended (removed, unsubscribed, bounced)
              └──────────────────────┴──────end──────▶│
                                     ◀──────add───────┘  those who left themselves: only `again`

An address is known once, however it is written. Addresses and tokens stand in no error.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.addresses import folded, mailbox
from monitor.models import Frequency, Language, Subscriber
from monitor.store.coding import optional_moment, optional_stamp, stamp
from monitor.store.connection import Connection

SUBSCRIBER_COLUMNS = (
    "s.id, s.address, s.name, s.topics, s.jurisdictions, s.language, s.frequency, "
    "s.confirmed_at, s.ended_at, s.ended_why, s.token"
)
SUBSCRIBER_WIDTH = 11
REMOVED, UNSUBSCRIBED, BOUNCED = "removed", "unsubscribed", "bounced"
_TOKEN_BYTES = 24


class Joining(StrEnum):
    """What became of an address that was to be added.

    added: it was not known. back: it had left. changed: known, with other choices now.
    same: known, with the same choices. left: it had left by itself, or mail came back; nothing
    was changed.
    """

    ADDED = "added"
    BACK = "back"
    CHANGED = "changed"
    SAME = "same"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Joined:
    """A subscriber after an address was added, and what that changed."""

    subscriber: Subscriber
    how: Joining


class Subscribers:
    """All who get digests, got them, or were asked whether they want to."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    # ---------------------------------------------------------------------------------- joining

    def add(
        self, wanted: Subscriber, now: datetime, *, confirmed: bool, again: bool = False
    ) -> Joined:
        """Add an address with its choices, or give a known one these choices.

        wanted: its id, token and times are not read. confirmed: it needs no confirmation.
        again: also where the address had left by itself, or mail to it had come back.
        Raises ValueError where the address is none; the sentence does not repeat it.
        """
        address = mailbox(wanted.address)
        with self._db.transaction(durable=True):
            known = self.find(address)
            if known is None:
                return Joined(self._insert(wanted, address, now, confirmed), Joining.ADDED)
            if known.ended_at is None:
                changed = self._choose(known, wanted)
                confirms = confirmed and known.confirmed_at is None
                if confirms:
                    self.confirm(known.token, now)
                how = Joining.CHANGED if changed or confirms else Joining.SAME
            elif known.ended_why == REMOVED or again:
                self._choose(known, wanted)
                self._revive(known, address, now, confirmed)
                how = Joining.BACK
            else:
                how = Joining.LEFT
            return Joined(self.row(known.id), how)

    def _insert(
        self, wanted: Subscriber, address: str, now: datetime, confirmed: bool
    ) -> Subscriber:
        self._db.write(
            "INSERT INTO subscribers (address, folded, name, topics, jurisdictions, language, "
            "frequency, token, added_at, confirmed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                address,
                folded(address),
                *_choices(wanted),
                # No "-" in front, that a command would take for an option; no capitals to lose.
                secrets.token_hex(_TOKEN_BYTES),
                stamp(now),
                optional_stamp(now if confirmed else None),
            ),
        )
        return self.row(int(self._db.value("SELECT last_insert_rowid()")))

    def _choose(self, known: Subscriber, wanted: Subscriber) -> bool:
        """Write other choices; say whether they are others."""
        if _choices(known) == _choices(wanted):
            return False
        self._db.write(
            "UPDATE subscribers SET name = ?, topics = ?, jurisdictions = ?, language = ?, "
            "frequency = ? WHERE id = ?",
            (*_choices(wanted), known.id),
        )
        return True

    def _revive(self, known: Subscriber, address: str, now: datetime, confirmed: bool) -> None:
        self._db.write(
            "UPDATE subscribers SET address = ?, added_at = ?, confirmed_at = ?, ended_at = NULL, "
            "ended_why = '' WHERE id = ?",
            (address, stamp(now), optional_stamp(now if confirmed else None), known.id),
        )

    def confirm(self, token: str, now: datetime) -> Subscriber | None:
        """Confirm the address that a token names; a second time changes nothing.

        None where no token is so, or its subscriber has left: then nothing is changed.
        """
        with self._db.transaction(durable=True):
            found = self.named(token)
            if found is None or found.ended_at is not None:
                return None
            self._db.write(
                "UPDATE subscribers SET confirmed_at = ? WHERE id = ? AND confirmed_at IS NULL",
                (stamp(now), found.id),
            )
            self._drop_queued(found.id, now, "AND kind = 'invitation'")
            return self.row(found.id)

    # ---------------------------------------------------------------------------------- leaving

    def unsubscribe(self, token: str, now: datetime) -> Subscriber | None:
        """End the subscription that a token names; a second time changes nothing.

        None where no token is so.
        """
        with self._db.transaction(durable=True):
            found = self.named(token)
            if found is None:
                return None
            self.end(found.id, UNSUBSCRIBED, now)
            return self.row(found.id)

    def end(self, subscriber: int, why: str, now: datetime) -> bool:
        """End a subscription, and drop what is queued for it; False where it had ended.

        Who was removed and then unsubscribes stays away for good. Raises KeyError.
        """
        with self._db.transaction(durable=True):
            self.row(subscriber)
            ended = self._db.write(
                "UPDATE subscribers SET ended_at = ?, ended_why = ? WHERE id = ? "
                "AND (ended_at IS NULL OR ended_why = ? AND ? <> ended_why)",
                (stamp(now), why, subscriber, REMOVED, why),
            )
            self._drop_queued(subscriber, now)
            return ended > 0

    def erase(self, subscriber: int) -> None:
        """Forget a subscriber and its copies; an imported list may bring the address back."""
        with self._db.transaction(durable=True):
            self._db.write("DELETE FROM subscribers WHERE id = ?", (subscriber,))

    def _drop_queued(self, subscriber: int, now: datetime, further: str = "") -> None:
        self._db.write(
            "UPDATE mailings SET state = 'dropped', settled_at = ? "  # noqa: S608
            f"WHERE subscriber_id = ? AND state = 'queued' {further}",
            (stamp(now), subscriber),
        )

    # ---------------------------------------------------------------------------------- finding

    def find(self, address: str) -> Subscriber | None:
        """Find an address, however it is written; raises ValueError where it is none."""
        return self._one("s.folded = ?", folded(mailbox(address)))

    def named(self, token: str) -> Subscriber | None:
        """Find the subscriber that a token names."""
        return self._one("s.token = ?", token)

    def row(self, subscriber: int) -> Subscriber:
        """Return one subscriber; raises KeyError."""
        found = self._one("s.id = ?", subscriber)
        if found is None:
            raise KeyError(subscriber)
        return found

    def _one(self, condition: str, value: str | int) -> Subscriber | None:
        query = f"SELECT {SUBSCRIBER_COLUMNS} FROM subscribers s WHERE {condition}"  # noqa: S608
        found = self._db.row(query, (value,))
        return None if found is None else subscriber_row(found)

    def listed(self, *, ended: bool = False) -> tuple[Subscriber, ...]:
        """Return the subscribers in the order in which they came; those who left if `ended`."""
        condition = "" if ended else "WHERE s.ended_at IS NULL"
        query = f"SELECT {SUBSCRIBER_COLUMNS} FROM subscribers s {condition} ORDER BY s.id"  # noqa: S608
        return tuple(map(subscriber_row, self._db.rows(query)))

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Count the confirmed, the invited, and those who left, by why."""
        rows = self._db.rows(
            "SELECT CASE WHEN ended_at IS NOT NULL THEN ended_why "
            "WHEN confirmed_at IS NULL THEN 'invited' ELSE 'confirmed' END AS standing, count(*) "
            "FROM subscribers GROUP BY standing ORDER BY standing"
        )
        return tuple((str(standing), int(number)) for standing, number in rows)


def _choices(one: Subscriber) -> tuple[str, str, str, str, str]:
    return (
        one.name,
        _listed(one.topics),
        _listed(one.jurisdictions),
        one.language.value,
        one.frequency.value,
    )


def _listed(words: Iterable[str]) -> str:
    return json.dumps(sorted(set(words)), ensure_ascii=False)


def subscriber_row(row: tuple[Any, ...]) -> Subscriber:
    """Read the values of SUBSCRIBER_COLUMNS."""
    return Subscriber(
        id=row[0],
        address=row[1],
        name=row[2],
        topics=tuple(json.loads(row[3])),
        jurisdictions=tuple(json.loads(row[4])),
        language=Language(row[5]),
        frequency=Frequency(row[6]),
        confirmed_at=optional_moment(row[7]),
        ended_at=optional_moment(row[8]),
        ended_why=row[9],
        token=row[10],
    )
