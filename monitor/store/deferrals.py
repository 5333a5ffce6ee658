"""Alerts that were one too many: kept, and listed in a summary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.models import Alert
from monitor.store.coding import stamp
from monitor.store.connection import Connection
from monitor.store.outbox import OUTBOX_COLUMNS, Outbox, outbox_row
from monitor.store.values import DeliveryState, OutboxRow

# Nothing waits longer for the end of quiet hours.
_LONGEST_NIGHT = timedelta(hours=25)
_FIRST_TOLD = """
SELECT count(*) FROM alerts a WHERE a.channel = ?1 AND a.next_attempt_at >= ?2
AND a.created_at >= ?3 AND a.kind = 'alert'
AND a.state IN ('queued', 'sending', 'sent', 'unknown')
AND NOT EXISTS (
    SELECT 1 FROM alerts b INDEXED BY alerts_matter
    WHERE b.matter_id = a.matter_id AND b.channel = a.channel AND b.kind = 'alert' AND b.id < a.id
    AND b.state IN ('queued', 'sending', 'sent', 'unknown'))
"""


class Deferrals:
    """What a channel did not want to hear at once."""

    def __init__(self, db: Connection, outbox: Outbox) -> None:
        self._db = db
        self._outbox = outbox

    def defer(self, alert: Alert, now: datetime, told_in: str = "") -> None:
        """Keep an alert that is one too many; `told_in` is the summary that lists it, if made."""
        self._outbox.enqueue((alert,), now, DeliveryState.DEFERRED, told_in=told_in)

    def told_since(self, channel: str, since: datetime) -> int:
        """Count the matters of which a channel first hears after `since`: told, or to be told.

        What came in quiet hours is told when they end.
        """
        values = (channel, stamp(since), stamp(since - _LONGEST_NIGHT))
        return int(self._db.value(_FIRST_TOLD, values))

    def waiting(self) -> tuple[OutboxRow, ...]:
        """Return what is deferred and stands in no summary yet, by channel, the oldest first."""
        rows = self._db.rows(
            f"SELECT {OUTBOX_COLUMNS} FROM alerts INDEXED BY alerts_untold "  # noqa: S608
            "WHERE state = 'deferred' AND told_in = '' ORDER BY channel, id"
        )
        return tuple(map(outbox_row, rows))

    def note_summary(self, keys: Iterable[str], summary: str) -> None:
        """Note which summary lists these alerts."""
        self._db.write_many(
            "UPDATE alerts SET told_in = ? WHERE key = ?", [(summary, key) for key in keys]
        )
