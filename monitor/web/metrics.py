"""The figures of one scrape, with the names and units that Prometheus's conventions ask for.

https://prometheus.io/docs/practices/naming/: a prefix, base units, `_total` for what only grows,
`_timestamp_seconds` for moments (an age is then the scraper's own to compute). Labels are bounded:
states and outcomes are a handful, sources are those of sources.yaml.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from monitor.models import Outcome
from monitor.render.status_values import MonitorStatus, SourceState
from monitor.store import DeliveryState, PollCounts

PREFIX = "policy_monitor"
_WAITING = (
    DeliveryState.QUEUED,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
    DeliveryState.FAILED,
    DeliveryState.DEFERRED,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was read in one moment.

    unsent, copies: alerts and copies of digests that were not sent, by state. beat: the service's
    last heartbeat. Sizes are in bytes.
    """

    status: MonitorStatus
    polls: PollCounts
    unsent: Mapping[DeliveryState, int]
    oldest_unsent: datetime | None
    copies: Mapping[DeliveryState, int]
    items: int
    matters: int
    beat: datetime | None
    database_bytes: int
    archive_bytes: int


class Scrape(Collector):
    """Writes figures out; made for one scrape, and registered nowhere for longer."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Yield every metric with its samples."""
        yield InfoMetricFamily(
            f"{PREFIX}_build",
            "The version that runs.",
            value={
                "version": version("immigration-policy-monitor"),
                "python": platform.python_version(),
            },
        )
        yield from self._sources()
        yield from self._each_source()
        yield from self._alerts()
        yield from self._sizes()

    def _sources(self) -> Iterator[Metric]:
        polls = CounterMetricFamily(
            f"{PREFIX}_polls", "Visits to sources, by outcome.", labels=["outcome"]
        )
        for outcome in Outcome:
            polls.add_metric([outcome.value], self._figures.polls.outcomes.get(outcome, 0))
        yield polls
        states = _gauge("sources", "Sources, by how they fare.", "state")
        for state in SourceState:
            states.add_metric([state.value], self._figures.status.count(state))
        yield states

    def _each_source(self) -> Iterator[Metric]:
        success = _gauge(
            "source_last_success_timestamp_seconds", "When a source was last read.", "source"
        )
        failures = _gauge(
            "source_consecutive_failures", "Failed visits since the last that succeeded.", "source"
        )
        items = _gauge("source_items", "Items stored of a source.", "source")
        gaps = _gauge(
            "source_gaps", "Visits in 7 days after which entries must have been missed.", "source"
        )
        for one in self._figures.status.sources:
            if one.state is SourceState.OFF:
                continue
            if one.last_success:
                success.add_metric([one.id], one.last_success.timestamp())
            failures.add_metric([one.id], one.failures)
            items.add_metric([one.id], one.items)
            gaps.add_metric([one.id], one.gaps)
        yield from (success, failures, items, gaps)

    def _alerts(self) -> Iterator[Metric]:
        figures = self._figures
        alerts = _gauge("alerts_unsent", "Alerts that were not sent, by state.", "state")
        copies = _gauge("digest_copies_unsent", "Copies of digests not sent, by state.", "state")
        for state in _WAITING:
            alerts.add_metric([state.value], figures.unsent.get(state, 0))
            if state is not DeliveryState.DEFERRED:
                copies.add_metric([state.value], figures.copies.get(state, 0))
        yield from (alerts, copies)
        oldest = figures.oldest_unsent
        age = (figures.status.at - oldest).total_seconds() if oldest else 0.0
        yield _one(
            "alerts_oldest_unsent_age_seconds",
            "Age of the oldest alert that has not got out; 0 where all have.",
            max(age, 0.0),
        )

    def _sizes(self) -> Iterator[Metric]:
        figures = self._figures
        if figures.beat:
            yield _one(
                "heartbeat_timestamp_seconds",
                "When polling and delivery had last done their work.",
                figures.beat.timestamp(),
            )
        yield _one("items", "Items stored.", figures.items)
        yield _one("matters", "Matters stored.", figures.matters)
        yield _one("database_bytes", "Size of the database.", figures.database_bytes)
        yield _one("archive_bytes", "Size of the recorded answers.", figures.archive_bytes)


def _gauge(name: str, about: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", about, labels=[label])


def _one(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", about, value=value)
