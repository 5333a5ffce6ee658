"""Alerts that were one too many: kept, and listed in a summary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.models import Alert
from monitor.store.coding import stamp
from monitor.store.connection import Connection
from monitor.store.outbox import OUTBOX_COLUMNS, Outbox, outbox_row
from monitor.store.values import DeliveryState, OutboxRow


class Deferrals:
    """What a channel did not want to hear at once."""

    def __init__(self, db: Connection, outbox: Outbox) -> None:
        self._db = db
        self._outbox = outbox

    def defer(self, alert: Alert, now: datetime, told_in: str = "") -> None:
        """Keep an alert that is one too many; `told_in` is the summary that lists it, if made."""
        self._outbox.enqueue((alert,), now, DeliveryState.DEFERRED, told_in=told_in)

    def told_since(self, channel: str, since: datetime) -> int:
        """Count the alerts of a channel that were queued since, and not deferred."""
        query = (
            "SELECT count(*) FROM alerts WHERE channel = ? AND created_at >= ? AND kind = 'alert' "
            "AND state IN ('queued', 'sending', 'sent', 'unknown')"
        )
        return int(self._db.value(query, (channel, stamp(since))))

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
