"""What has been told about troubles, so that each is told once, reminded of daily, and ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.store.coding import moment, stamp
from monitor.store.connection import Connection
from monitor.store.values import Notice, Telling

REMINDER_AFTER = timedelta(days=1)


class Notices:
    """The troubles that were told and are not over; use in the transaction that queues the post."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def trouble(
        self,
        subject: str,
        reason: str,
        now: datetime,
        remind_after: timedelta = REMINDER_AFTER,
        since: datetime | None = None,
    ) -> Telling:
        """Note that a subject has trouble; say whether to tell it: FIRST, REMINDER or NOTHING.

        since: when it began, where that was before `now`.
        """
        with self._db.transaction():
            told = self.notice(subject)
            if told is None:
                self._db.write(
                    "INSERT INTO notices (subject, reason, since, told_at, times) "
                    "VALUES (?, ?, ?, ?, 1)",
                    (subject, reason, stamp(since or now), stamp(now)),
                )
                return Telling.FIRST
            due = now - told.told_at >= remind_after
            self._db.write(
                "UPDATE notices SET reason = ?, told_at = ?, times = times + 1 WHERE subject = ?",
                (reason, stamp(now if due else told.told_at), subject),
            )
            return Telling.REMINDER if due else Telling.NOTHING

    def recovery(self, subject: str) -> Notice | None:
        """End a subject's trouble; return it, to be told as over, or None where there was none."""
        if self.notice(subject) is None:  # as after nearly every poll: spare it the savepoint
            return None
        with self._db.transaction():
            told = self.notice(subject)
            self._db.write("DELETE FROM notices WHERE subject = ?", (subject,))
        return told

    def notice(self, subject: str) -> Notice | None:
        """Return a subject's present trouble, or None."""
        query = "SELECT subject, reason, since, told_at, times FROM notices WHERE subject = ?"
        row = self._db.row(query, (subject,))
        return (
            None if row is None else Notice(row[0], row[1], moment(row[2]), moment(row[3]), row[4])
        )

    def present(self) -> tuple[Notice, ...]:
        """Return all present troubles, the oldest first."""
        query = "SELECT subject, reason, since, told_at, times FROM notices ORDER BY since, subject"
        return tuple(
            Notice(row[0], row[1], moment(row[2]), moment(row[3]), row[4])
            for row in self._db.rows(query)
        )
