"""What people do about matters: claim, follow, mute, ask to be reminded; each act once.

A matter that was merged into another is found by either number.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.models import Claim, Lead, Person, PersonalReminder, Present
from monitor.personal import directly
from monitor.store.coding import moment, optional_moment, optional_stamp, stamp
from monitor.store.connection import Connection
from monitor.store.ledger import Ledger
from monitor.store.threads import mark_stale
from monitor.store.values import Thread

# Slack repeats what it sends within minutes; a week is more than enough.
_REMEMBERED = timedelta(days=7)
_SAME = "(SELECT id FROM matters WHERE id = ?1 OR merged_into = ?1)"
# CROSS JOIN keeps the planner from walking through all matters, of which there are very many more.
_OF_MATTER = "CROSS JOIN matters m ON m.id = f.matter_id"
_CURRENT = "coalesce(m.merged_into, m.id)"
MUTED = "muted in this channel"
LEFT = "this person has left, and follows nothing any more"


class Acts:
    """The acts of all people; each is on the disk when its method returns."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._ledger = Ledger(db)

    def once(self, names: Collection[str], now: datetime) -> bool:
        """Note an act by the names under which it may come again; False where one was noted.

        To be called in the transaction of the act itself.
        """
        when = stamp(now)
        with self._db.transaction(durable=True):
            self._db.write("DELETE FROM acts_done WHERE done_at < ?", (stamp(now - _REMEMBERED),))
            added = [
                self._db.write(
                    "INSERT INTO acts_done (name, done_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (name, when),
                )
                for name in sorted(set(names))
            ]
        return all(added)

    # ---------------------------------------------------------------------------------- claims

    def claim(self, matter: int, person: Person, now: datetime) -> Claim:
        """Claim a matter; return the claim that holds, which may be an older one of another."""
        with self._db.transaction(durable=True):
            holds = self.claimed(matter)
            if holds is not None:
                return holds
            self._db.write(
                "INSERT INTO claims (matter_id, person, name, claimed_at) VALUES (?, ?, ?, ?)",
                (matter, person.id, person.name, stamp(now)),
            )
            mark_stale(self._db, matter)
        return Claim(matter, person, now)

    def release(self, matter: int, person: Person, now: datetime) -> Claim | None:
        """End the claim on a matter, whoever's it is; return it, None where there was none."""
        with self._db.transaction(durable=True):
            held = self.claimed(matter)
            if held is None:
                return None
            self._db.write(
                "UPDATE claims SET released_at = ?2, released_by = ?3 "  # noqa: S608
                f"WHERE released_at IS NULL AND matter_id IN {_SAME}",
                (matter, stamp(now), person.id),
            )
            mark_stale(self._db, matter)
        return held

    def claimed(self, matter: int) -> Claim | None:
        """Return the claim that holds on a matter; of two that a merge brought, the older one."""
        row = self._db.row(
            "SELECT person, name, claimed_at FROM claims "  # noqa: S608
            f"WHERE released_at IS NULL AND matter_id IN {_SAME} ORDER BY claimed_at, id LIMIT 1",
            (matter,),
        )
        return None if row is None else Claim(matter, Person(row[0], row[1]), moment(row[2]))

    # ------------------------------------------------------------------------ follows and mutes

    def follow(self, matter: int, person: Person, now: datetime) -> bool:
        """Let a person hear of a matter directly; False where that was so already."""
        with self._db.transaction(durable=True):
            if self._follows(matter, person):
                return False
            self._db.write(
                "INSERT INTO follows (matter_id, person, name, followed_at) VALUES (?, ?, ?, ?)",
                (matter, person.id, person.name, stamp(now)),
            )
        return True

    def unfollow(self, matter: int, person: Person, now: datetime) -> bool:
        """Let a person hear no more of a matter directly; False where that was so already."""
        with self._db.transaction(durable=True):
            ended = self._db.write(
                "UPDATE follows SET ended_at = ?2 WHERE ended_at IS NULL AND person = ?3 "  # noqa: S608
                f"AND matter_id IN {_SAME}",
                (matter, stamp(now), person.id),
            )
        return ended > 0

    def leave(self, person: str, why: str, now: datetime) -> int:
        """End what somebody follows and is to be reminded of; return how many follows that were.

        why: the service's word for it: who has left cannot be reached any more. What waits for
        them is dropped.
        """
        with self._db.transaction(durable=True):
            self._db.write(
                "UPDATE alerts SET state = 'dropped', settled_at = ?, error_code = ?, error = ? "
                "WHERE channel = ? AND state IN ('queued', 'failed')",
                (stamp(now), why, LEFT, directly(person)),
            )
            self._db.write(
                "UPDATE personal_reminders SET sent_at = ?, ended_why = ? "
                "WHERE sent_at IS NULL AND person = ?",
                (stamp(now), why, person),
            )
            return self._db.write(
                "UPDATE follows SET ended_at = ?, ended_why = ? "
                "WHERE ended_at IS NULL AND person = ?",
                (stamp(now), why, person),
            )

    def _follows(self, matter: int, person: Person) -> bool:
        query = (
            "SELECT EXISTS (SELECT 1 FROM follows WHERE ended_at IS NULL AND person = ?2 "  # noqa: S608
            f"AND matter_id IN {_SAME})"
        )
        return bool(self._db.value(query, (matter, person.id)))

    def following(self) -> frozenset[tuple[int, str]]:
        """Return every (matter, person's id) of those who follow."""
        rows = self._db.rows(
            f"SELECT {_CURRENT}, f.person FROM follows f {_OF_MATTER} WHERE f.ended_at IS NULL"  # noqa: S608
        )
        return frozenset((matter, person) for matter, person in rows)

    def mute(self, matter: int, channel: str, person: Person, now: datetime) -> bool:
        """Keep alerts of a matter out of a channel, those that wait too; False where it was so."""
        with self._db.transaction(durable=True):
            if self.is_muted(matter, channel):
                return False
            self._db.write(
                "INSERT INTO mutes (matter_id, channel, person, name, muted_at) "
                "VALUES (?, ?, ?, ?, ?)",
                (matter, channel, person.id, person.name, stamp(now)),
            )
            self._db.write(
                "UPDATE alerts SET state = 'held', settled_at = ?, error_code = 'muted', error = ? "
                "WHERE state = 'queued' AND matter_id = ? AND channel = ?",
                (stamp(now), MUTED, matter, channel),
            )
            mark_stale(self._db, matter)
        return True

    def unmute(self, matter: int, channel: str, person: Person, now: datetime) -> bool:
        """Let alerts of a matter into a channel again; False where that was so already."""
        with self._db.transaction(durable=True):
            ended = self._db.write(
                "UPDATE mutes SET ended_at = ?2, ended_by = ?3 "  # noqa: S608
                f"WHERE ended_at IS NULL AND channel = ?4 AND matter_id IN {_SAME}",
                (matter, stamp(now), person.id, channel),
            )
            if ended:
                mark_stale(self._db, matter)
        return ended > 0

    def is_muted(self, matter: int, channel: str) -> bool:
        """Say whether a matter is muted in a channel."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM mutes WHERE ended_at IS NULL AND channel = ?2 "  # noqa: S608
            f"AND matter_id IN {_SAME})"
        )
        return bool(self._db.value(query, (matter, channel)))

    def muted(self) -> frozenset[tuple[int, str]]:
        """Return every (matter, channel) that is muted."""
        rows = self._db.rows(
            f"SELECT {_CURRENT}, f.channel FROM mutes f {_OF_MATTER} WHERE f.ended_at IS NULL"  # noqa: S608
        )
        return frozenset((matter, channel) for matter, channel in rows)

    # ------------------------------------------------------------------------------- reminders

    def ask_reminder(self, wanted: PersonalReminder, now: datetime) -> bool:
        """Note a reminder (its number is given here); False where the same is waiting already."""
        with self._db.transaction(durable=True):
            known = self._db.value(
                "SELECT EXISTS (SELECT 1 FROM personal_reminders WHERE sent_at IS NULL "  # noqa: S608
                f"AND person = ?2 AND due_at = ?3 AND matter_id IN {_SAME})",
                (wanted.matter, wanted.person.id, stamp(wanted.due_at)),
            )
            if known:
                return False
            self._db.write(
                "INSERT INTO personal_reminders (matter_id, person, name, lead, timezone, starts, "
                "due_at, asked_at, reckoned_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    wanted.matter,
                    wanted.person.id,
                    wanted.person.name,
                    wanted.lead.value,
                    wanted.timezone,
                    optional_stamp(wanted.starts),
                    stamp(wanted.due_at),
                    stamp(now),
                    stamp(now),
                ),
            )
        return True

    def reminders_due(self, now: datetime) -> tuple[PersonalReminder, ...]:
        """Return the reminders that are due and not sent, oldest first."""
        return self._reminders("r.due_at <= ?", stamp(now))

    def reminders_unsure(self) -> tuple[PersonalReminder, ...]:
        """Return those before a date of a matter to which something happened since."""
        return self._reminders("r.starts IS NOT NULL AND m.last_changed > r.reckoned_at")

    def _reminders(self, condition: str, *values: str) -> tuple[PersonalReminder, ...]:
        rows = self._db.rows(
            f"SELECT r.id, r.person, r.name, {_CURRENT}, r.lead, r.due_at, r.timezone, r.starts "  # noqa: S608
            "FROM personal_reminders r CROSS JOIN matters o ON o.id = r.matter_id "
            "CROSS JOIN matters m ON m.id = coalesce(o.merged_into, o.id) "
            f"WHERE r.sent_at IS NULL AND {condition} ORDER BY r.due_at, r.id",
            values,
        )
        return tuple(map(_reminder, rows))

    def reckon(self, reminder: PersonalReminder, now: datetime) -> None:
        """Write down when a reminder is due by now, its matter's date having moved, or not."""
        self._db.write(
            "UPDATE personal_reminders SET due_at = ?, starts = ?, reckoned_at = ? WHERE id = ?",
            (stamp(reminder.due_at), optional_stamp(reminder.starts), stamp(now), reminder.id),
        )

    def reminded(self, reminder: int, now: datetime) -> None:
        """Note that a reminder is on its way."""
        self._db.write(
            "UPDATE personal_reminders SET sent_at = ? WHERE id = ?", (stamp(now), reminder)
        )

    # --------------------------------------------------------------------------------- messages

    def shown(self, present: Present, channel: str) -> Present:
        """Add to a matter's present state what people did about it, as a channel is shown it."""
        claim = self.claimed(present.matter)
        relevant, not_relevant = self._ledger.counts(present.matter)
        return replace(
            present,
            claimed_by=claim.person.id if claim else "",
            claimed_at=claim.claimed_at if claim else None,
            relevant=relevant,
            not_relevant=not_relevant,
            muted=self.is_muted(present.matter, channel),
        )

    def alert(self, key: str) -> int | None:
        """Return the number in the outbox of the alert with this key; None where none has it."""
        found: int | None = self._db.value("SELECT id FROM alerts WHERE key = ?", (key,))
        return found

    def channel_at(self, place: str) -> str:
        """Name the channel whose messages stand at a place (Slack's channel id); "" for none."""
        query = (
            "SELECT channel FROM threads WHERE place = ?1 UNION "
            "SELECT channel FROM ended_threads WHERE place = ?1 ORDER BY channel LIMIT 1"
        )
        return str(self._db.value(query, (place,)) or "")

    def threads(self, matter: int) -> tuple[Thread, ...]:
        """Return a matter's threads in all channels."""
        rows = self._db.rows(
            "SELECT channel, matter_id, reference, place, alert_id FROM threads "
            "WHERE matter_id = ? ORDER BY opened_at",
            (matter,),
        )
        return tuple(Thread(*row) for row in rows)


def _reminder(row: tuple[Any, ...]) -> PersonalReminder:
    number, person, name, matter, lead, due_at, timezone, starts = row
    return PersonalReminder(
        id=number,
        person=Person(person, name),
        matter=matter,
        lead=Lead(lead),
        due_at=moment(due_at),
        timezone=timezone,
        starts=optional_moment(starts),
    )
