"""What is said of a source's health, on the screen, as JSON, and on the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SourceState(StrEnum):
    """How a source fares, what needs a person first.

    silent: it answers, and brings less than it should. empty: its list held nothing.
    """

    FAILING = "failing"
    SILENT = "silent"
    NEEDS_KEY = "needs key"
    EMPTY = "empty"
    NOT_POLLED = "not polled yet"
    OK = "ok"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source's health.

    reason: why it fails or counts as silent. todo: what a person can do. gaps: polls of the last
    week after which entries must have been missed. partial: the court whose feed, which it reads,
    leaves filings out; "" for all others. cadence: "30m", or a cron expression.
    """

    id: str
    name: str
    kind: str
    jurisdiction: str
    state: SourceState
    todo: str = ""
    reason: str = ""
    cadence: str = ""
    note: str = ""
    last_success: datetime | None = None
    last_polled: datetime | None = None
    next_due: datetime | None = None
    failures: int = 0
    items: int = 0
    items_week: int = 0
    gaps: int = 0
    partial: str = ""


@dataclass(frozen=True, slots=True)
class MonitorStatus:
    """All sources' health at one moment, and what became of alerts: (state, how many)."""

    at: datetime
    sources: tuple[SourceStatus, ...]
    alerts: tuple[tuple[str, int], ...] = ()

    def count(self, state: SourceState) -> int:
        """Say how many sources are so."""
        return sum(one.state is state for one in self.sources)
