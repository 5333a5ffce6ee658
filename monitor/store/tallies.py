"""Figures for those who watch the monitor itself: counts that are cheap however long it has run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.models import Outcome
from monitor.store.coding import optional_moment
from monitor.store.connection import Connection
from monitor.store.values import DeliveryState

_UNSENT = "('queued', 'sending', 'unknown', 'failed')"


@dataclass(frozen=True, slots=True)
class PollCounts:
    """How many polls ended how, up to the one numbered `last`."""

    last: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)


class Tallies:
    """Counts of what is in the database."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def polls(self, before: PollCounts = PollCounts()) -> PollCounts:
        """Count the polls by outcome; only those since `before` are read, whose counts are added.

        Polls that were thrown away meanwhile stay counted.
        """
        rows = self._db.rows(
            "SELECT outcome, count(*), max(id) FROM polls WHERE id > ? GROUP BY outcome",
            (before.last,),
        )
        outcomes = dict(before.outcomes)
        for outcome, number, _ in rows:
            outcomes[Outcome(outcome)] = outcomes.get(Outcome(outcome), 0) + number
        return PollCounts(max((last for *_, last in rows), default=before.last), outcomes)

    def oldest_unsent(self) -> datetime | None:
        """Return when the oldest alert was made that has not got out; None where all have.

        What a person deferred, held or gave up does not count.
        """
        return optional_moment(
            self._db.value(
                "SELECT min(created_at) FROM alerts INDEXED BY alerts_unsettled "  # noqa: S608
                f"WHERE state <> 'sent' AND state IN {_UNSENT}"
            )
        )

    def unsent(self) -> Mapping[DeliveryState, int]:
        """Count the alerts in each state but `sent`; quick however many were sent."""
        rows = self._db.rows(
            "SELECT state, count(*) FROM alerts INDEXED BY alerts_unsettled "
            "WHERE state <> 'sent' GROUP BY state"
        )
        return {DeliveryState(state): number for state, number in rows}
