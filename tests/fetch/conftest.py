"""A server that misbehaves, a clock that nobody waits for, and a fetcher between them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.fetch import FetchSettings, HttpFetcher
from tests.servers.misbehaving import Misbehaving

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class FakeTime:
    """A clock that moves only when somebody sleeps; `slept` lists how long."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def clock(self) -> datetime:
        """Return the time of day."""
        return NOW + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        """Return the seconds that have passed."""
        return 1000.0 + self.passed

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self.slept.append(round(seconds, 6))
            self.passed += seconds


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    """Start a server without any behaviour."""
    with Misbehaving() as running:
        yield running


@pytest.fixture
def times() -> FakeTime:
    """Make a clock that stands still."""
    return FakeTime()


@pytest.fixture
def settings(server: Misbehaving) -> FetchSettings:
    """Name the server in the settings, and be quick."""
    return FetchSettings(
        contact="monitor@example.org",
        connect_seconds=2.0,
        read_seconds=2.0,
        total_seconds=3.0,
        pace=0.0,
        named_hosts=server.named,
    )


FetcherMaker = Callable[..., HttpFetcher]


@pytest.fixture
def fetcher_with(settings: FetchSettings, times: FakeTime) -> Iterator[FetcherMaker]:
    """Make fetchers with other settings, secrets or transport; all are closed at the end.

    real: on the real clock, for what only real time can show.
    """
    made: list[HttpFetcher] = []

    def make(
        secrets: Mapping[str, str] | None = None,
        transport: Any = None,
        *,
        real: bool = False,
        **changes: Any,
    ) -> HttpFetcher:
        clocks: dict[str, Any] = {} if real else {"monotonic": times.monotonic}
        fetcher = HttpFetcher(
            replace(settings, **changes),
            secrets or {},
            transport,
            clock=times.clock,
            sleep=times.sleep,
            **clocks,
        )
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetcher(fetcher_with: FetcherMaker) -> HttpFetcher:
    """Make a fetcher with the plain settings."""
    return fetcher_with()
