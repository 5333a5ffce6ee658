"""Channels and services that have trouble: how often in a row, and how long they rest."""

from __future__ import annotations

from datetime import datetime

from monitor.store.coding import optional_moment, stamp
from monitor.store.connection import Connection
from monitor.store.values import ChannelState


class Pauses:
    """The rests of channels; a service ("slack") may rest under its own name."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def pause(self, channel: str, until: datetime, reason: str) -> None:
        """Let a channel rest; UNTIL_RESUMED where a person must act. A longer rest stays."""
        self._db.write(
            "INSERT INTO channel_state (channel, paused_until, reason, failures) "
            "VALUES (?, ?, ?, 0) ON CONFLICT (channel) DO UPDATE SET reason = excluded.reason, "
            "paused_until = max(coalesce(paused_until, ''), excluded.paused_until)",
            (channel, stamp(until), reason),
        )

    def resume(self, channel: str) -> None:
        """End a rest, and forget the failures."""
        self._db.write("DELETE FROM channel_state WHERE channel = ?", (channel,))

    def state(self, channel: str) -> ChannelState:
        """Return how a channel stands; one without trouble has an empty state."""
        return next((s for s in self.states() if s.channel == channel), ChannelState(channel))

    def states(self) -> tuple[ChannelState, ...]:
        """Return every channel that had trouble of late, by name."""
        query = "SELECT channel, paused_until, reason, failures FROM channel_state ORDER BY channel"
        return tuple(
            ChannelState(row[0], optional_moment(row[1]), row[2], row[3])
            for row in self._db.rows(query)
        )

    def resting(self, now: datetime) -> frozenset[str]:
        """Name the channels and services that rest at `now`."""
        query = "SELECT channel FROM channel_state WHERE paused_until > ?"
        return frozenset(channel for (channel,) in self._db.rows(query, (stamp(now),)))

    def needing_a_person(self, channel: str) -> int:
        """Count a channel's alerts that were given up, or of which nobody knows the fate."""
        query = "SELECT count(*) FROM alerts WHERE state IN ('failed', 'unknown') AND channel = ?"
        return int(self._db.value(query, (channel,)))

    def waits_for(self, channel: str) -> bool:
        """Say whether anything is queued for a channel, or on its way there."""
        query = "SELECT 1 FROM alerts WHERE state IN ('queued', 'sending') AND channel = ? LIMIT 1"
        return self._db.value(query, (channel,)) is not None
