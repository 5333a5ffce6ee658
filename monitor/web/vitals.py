"""Whether the service lives, and its figures for Prometheus."""

from __future__ import annotations

import threading
from http import HTTPStatus

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest

from monitor.dates import iso
from monitor.errors import StoreError
from monitor.heart import DEAD_AFTER, last_beat
from monitor.overview import overview
from monitor.store import PollCounts, Store
from monitor.web.app import Premises, log
from monitor.web.metrics import Figures, Scrape


class Vitals:
    """Health and figures of one monitor."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self._polls = _Polls()

    def join(self, app: Flask) -> None:
        """Add the pages to an application."""
        app.add_url_rule("/health", "health", self.health)
        app.add_url_rule("/metrics", "metrics", self.metrics)

    def health(self) -> Response:
        """Say whether polling and delivery go on, as `monitor health` does, and the database."""
        beat, now = last_beat(self._premises.state), self._premises.clock()
        alive = beat is not None and now - beat <= DEAD_AFTER
        usable = _database_is_usable(self._premises)
        response = jsonify(
            healthy=alive and usable,
            alive=alive,
            last_beat=iso(beat) if beat else None,
            database=usable,
        )
        response.status_code = HTTPStatus.OK if alive and usable else HTTPStatus.SERVICE_UNAVAILABLE
        return response

    def metrics(self) -> Response:
        """Write the figures of this moment in Prometheus's text format."""
        now = self._premises.clock()
        with Store.open(self._premises.database, read_only=True) as store:
            figures = Figures(
                status=overview(store, self._premises.sources, self._premises.missing, now),
                polls=self._polls.counted(store),
                unsent=store.tallies.unsent(),
                oldest_unsent=store.tallies.oldest_unsent(),
                copies=dict(store.mailings.unsent()),
                items=store.items.count(),
                matters=store.matters.count(),
                beat=last_beat(self._premises.state),
                database_bytes=store.upkeep.size(),
                archive_bytes=_bytes_in(self._premises),
            )
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Scrape(figures))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Polls:
    """Counts polls once, and then only those that came since the last time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = PollCounts()

    def counted(self, store: Store) -> PollCounts:
        """Count all polls by outcome; a number never falls while the service runs."""
        with self._lock:
            self._counts = store.tallies.polls(self._counts)
            return self._counts


def _database_is_usable(premises: Premises) -> bool:
    try:
        with Store.open(premises.database, read_only=True) as store:
            store.sources.next_due()
    except StoreError as fault:
        log.warning("the database cannot be read", extra={"reason": str(fault)})
        return False
    return True


def _bytes_in(premises: Premises) -> int:
    """Add up the recorded answers; a file that goes meanwhile does not count."""
    total = 0
    for path in premises.archive.glob("*/*/*.warc.gz"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total
