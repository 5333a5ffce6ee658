"""Threads: a matter's first message in each channel, and whether it still shows the present."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from monitor.models import Receipt
from monitor.store.coding import moment, stamp
from monitor.store.connection import Connection
from monitor.store.values import StaleThread, Thread

# What was told, or will be, without anybody having to act.
_HEARD = "('queued', 'sending', 'sent', 'unknown')"


class Threads:
    """The threads of all channels."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def open(self, channel: str, matter: int, receipt: Receipt, alert: int, now: datetime) -> None:
        """Note a message that arrived: the first of a matter in its channel opens the thread.

        A further one makes the first one stale: it shows how many changes there were.
        """
        self._db.write(
            "INSERT INTO threads (channel, matter_id, reference, place, alert_id, opened_at) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET stale = 1",
            (channel, matter, receipt.reference, receipt.place, alert, stamp(now)),
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
        return self._outdated(without) or self._ended(without)

    def _outdated(self, without: Collection[str]) -> StaleThread | None:
        rows = self._db.rows(
            "SELECT t.channel, t.matter_id, t.reference, t.place, t.alert_id, t.opened_at, t.shown "
            "FROM threads t JOIN matters m ON m.id = t.matter_id "
            "WHERE t.stale = 1 AND t.edits_refused = '' AND NOT EXISTS "
            "(SELECT 1 FROM alerts a INDEXED BY alerts_open WHERE a.channel = t.channel "
            "AND a.matter_id = t.matter_id AND a.state IN ('queued', 'sending', 'unknown'))",
        )
        for *thread, opened_at, shown in rows:
            if thread[0] not in without:
                return StaleThread(Thread(*thread), moment(opened_at), shown)
        return None

    def _ended(self, without: Collection[str]) -> StaleThread | None:
        rows = self._db.rows(
            "SELECT e.channel, e.matter_id, e.reference, e.place, e.alert_id, a.settled_at, "
            "t.reference, t.place FROM ended_threads e JOIN alerts a ON a.id = e.alert_id "
            "JOIN threads t ON t.channel = e.channel AND t.matter_id = e.matter_id "
            "WHERE e.stale = 1"
        )
        for *thread, settled_at, reference, place in rows:
            if thread[0] not in without:
                goes_on = Receipt(reference, place)
                return StaleThread(Thread(*thread), moment(settled_at), "", goes_on)
        return None

    def show(self, thread: Thread, shown: str) -> None:
        """Note what a thread's first message shows now."""
        where = (thread.channel, thread.reference)
        self._db.write(
            "UPDATE threads SET stale = 0, shown = ? WHERE channel = ? AND reference = ?",
            (shown, *where),
        )
        self._db.write(
            "UPDATE ended_threads SET stale = 0 WHERE channel = ? AND reference = ?", where
        )

    def leave(self, thread: Thread, reason: str) -> None:
        """Leave a message as it is from now on: it cannot be edited any more."""
        where = (thread.channel, thread.reference)
        self._db.write(
            "UPDATE threads SET edits_refused = ? WHERE channel = ? AND reference = ?",
            (reason, *where),
        )
        self._db.write(
            "UPDATE ended_threads SET stale = 0 WHERE channel = ? AND reference = ?", where
        )
