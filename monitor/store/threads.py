"""Threads: a matter's first message in each channel, and whether it still shows the present."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from monitor.models import Receipt
from monitor.store.coding import moment, stamp
from monitor.store.connection import Connection
from monitor.store.values import StaleThread, Thread

# What was told, or will be, without anybody having to act.
_HEARD = "('queued', 'sending', 'sent', 'unknown', 'deferred')"
# Who runs the monitor once a day must see each date pass, also one that takes a whole day.
_PASSED = timedelta(hours=73)
_POINTED = (
    "UPDATE ended_threads SET stale = 0 WHERE channel = ? AND reference = ? AND matter_id = ?"
)
_SHOWN = (
    "UPDATE threads SET stale = 0, shown = ?, heard = ? "
    "WHERE channel = ? AND reference = ? AND matter_id = ?"
)
_LEFT = (
    "UPDATE threads SET stale = 0, edits_refused = ? "
    "WHERE channel = ? AND reference = ? AND matter_id = ?"
)


_ACTED_ON = (
    "EXISTS (SELECT 1 FROM judgements j JOIN alerts b ON b.id = j.alert_id "
    "WHERE b.matter_id = m.id) "
    "OR EXISTS (SELECT 1 FROM matters o WHERE (o.id = m.id OR o.merged_into = m.id) AND ("
    "EXISTS (SELECT 1 FROM claims c WHERE c.matter_id = o.id) "
    "OR EXISTS (SELECT 1 FROM mutes s WHERE s.matter_id = o.id)))"
)


class Threads:
    """The threads of all channels."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def open(
        self,
        channel: str,
        matter: int,
        receipt: Receipt,
        alert: int,
        now: datetime,
        *,
        heard: bool = False,
    ) -> None:
        """Note a message that arrived: the first of a matter in its channel opens the thread.

        A further one makes the first one stale: it shows how many changes there were. So does what
        came to the matter without being told, before the first one was sent, and what people did
        about it elsewhere, or in the moment before the message was confirmed.
        """
        self._db.write(
            "INSERT INTO threads "  # noqa: S608
            "(channel, matter_id, reference, place, alert_id, opened_at, heard, stale) "
            "SELECT ?, ?, ?, ?, ?, ?, ?, EXISTS (SELECT 1 FROM matters m, alerts a "
            "WHERE m.id = ? AND a.id = ? AND (m.last_changed > a.created_at "
            "OR (SELECT count(*) FROM items WHERE matter_id = m.id) > 1 "
            f"OR {_ACTED_ON})) "
            "ON CONFLICT DO UPDATE SET stale = edits_refused = ''",
            (
                *(channel, matter, receipt.reference, receipt.place, alert, stamp(now), heard),
                *(matter, alert),
            ),
        )

    def of(self, matter: int, channel: str) -> Thread | None:
        """Return a matter's thread in a channel; None where nothing was confirmed there yet."""
        row = self._db.row(
            "SELECT channel, matter_id, reference, place, alert_id FROM threads "
            "WHERE channel = ? AND matter_id = ?",
            (channel, matter),
        )
        return None if row is None else Thread(*row)

    def forget(self, matter: int, channel: str) -> None:
        """Let the matter's next alert open a new thread: the old one was deleted."""
        self._db.write("DELETE FROM threads WHERE channel = ? AND matter_id = ?", (channel, matter))

    def channels(self, matter: int) -> tuple[str, ...]:
        """Name the channels that were told of a matter, or are about to be."""
        rows = self._db.rows(
            "SELECT channel FROM threads WHERE matter_id = ? UNION "  # noqa: S608
            "SELECT channel FROM alerts WHERE matter_id = ? AND kind = 'alert' "
            f"AND state IN {_HEARD} ORDER BY channel",
            (matter, matter),
        )
        return tuple(channel for (channel,) in rows)

    def stale(self, without: Collection[str] = ()) -> StaleThread | None:
        """Return a thread whose first message does not show the present state; None for none.

        without: not of these channels. A thread for which something is queued waits until that is
        told.
        """
        resting = json.dumps(sorted(without))
        return self._outdated(resting) or self._ended(resting)

    def waiting(self) -> tuple[str, ...]:
        """Name the channels with a first message that does not show the present state."""
        rows = self._db.rows(
            "SELECT channel FROM threads WHERE stale = 1 UNION "
            "SELECT channel FROM ended_threads WHERE stale = 1"
        )
        return tuple(channel for (channel,) in rows)

    def _outdated(self, resting: str) -> StaleThread | None:
        row = self._db.row(
            "SELECT t.channel, t.matter_id, t.reference, t.place, t.alert_id, t.opened_at, t.shown "
            "FROM threads t INDEXED BY threads_stale "
            "WHERE t.stale = 1 AND t.channel NOT IN (SELECT value FROM json_each(?)) "
            "AND NOT EXISTS "
            "(SELECT 1 FROM alerts a INDEXED BY alerts_open WHERE a.channel = t.channel "
            "AND a.matter_id = t.matter_id AND a.state IN ('queued', 'sending', 'unknown')) "
            "LIMIT 1",
            (resting,),
        )
        if row is None:
            return None
        *thread, opened_at, shown = row
        return StaleThread(Thread(*thread), moment(opened_at), shown)

    def _ended(self, resting: str) -> StaleThread | None:
        row = self._db.row(
            "SELECT e.channel, e.matter_id, e.reference, e.place, e.alert_id, a.settled_at, "
            "t.reference, t.place FROM ended_threads e INDEXED BY ended_threads_stale "
            "JOIN alerts a ON a.id = e.alert_id "
            "JOIN threads t ON t.channel = e.channel AND t.matter_id = e.matter_id "
            "WHERE e.stale = 1 AND e.channel NOT IN (SELECT value FROM json_each(?)) LIMIT 1",
            (resting,),
        )
        if row is None:
            return None
        *thread, settled_at, reference, place = row
        return StaleThread(Thread(*thread), moment(settled_at), "", Receipt(reference, place))

    def show(self, stale: StaleThread, shown: str, *, heard: bool = False) -> None:
        """Note what a first message shows now, which is the present: `<until when> <hash>`.

        heard: its buttons among it. Nothing is noted of one whose matter has gone into another
        meanwhile.
        """
        thread = stale.thread
        where = (thread.channel, thread.reference, thread.matter)
        if stale.goes_on is not None:
            self._db.write(_POINTED, where)
        else:
            self._db.write(_SHOWN, (shown, heard, *where))

    def leave(self, stale: StaleThread, reason: str) -> None:
        """Leave a message as it is from now on: it cannot be edited any more."""
        thread = stale.thread
        where = (thread.channel, thread.reference, thread.matter)
        if stale.goes_on is not None:
            self._db.write(_POINTED, where)
        else:
            self._db.write(_LEFT, (reason, *where))

    def offer_buttons(self, since: datetime) -> None:
        """Let first messages that were sent while nobody listened get their buttons now.

        since: not those that are older. Slack's alone: nothing else can be clicked on.
        """
        self._db.write(
            "UPDATE threads SET stale = 1 WHERE heard = 0 AND opened_at >= ? AND stale = 0 "
            "AND edits_refused = '' AND channel GLOB '[#CG]*'",
            (stamp(since),),
        )

    def let_dates_pass(self, now: datetime) -> None:
        """Make the threads stale whose first message names a date that is over by now."""
        self._db.write(
            "UPDATE threads SET stale = 1 WHERE shown <> '' AND shown <= ? AND edits_refused = '' "
            "AND matter_id IN (SELECT i.matter_id FROM hearings h JOIN items i ON i.id = h.item_id "
            "WHERE h.cancelled = 0 AND h.starts > ? AND h.starts <= ?)",
            (stamp(now), stamp(now - _PASSED), stamp(now)),
        )


def mark_stale(db: Connection, matter: int) -> None:
    """Note that a matter's first messages do not show its present state any more."""
    db.write("UPDATE threads SET stale = 1 WHERE matter_id = ? AND edits_refused = ''", (matter,))
