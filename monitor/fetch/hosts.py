"""Keeps the manners: one request at a time per host, in order of asking, with a pause between."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from monitor.errors import Throttled


class Hosts:
    """The gates of all hosts. A thread waits only for its own host; no lock is held meanwhile."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        wait_most: float,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._wait_most = wait_most
        self._gates: dict[str, _Gate] = {}

    @contextmanager
    def turn(self, host: str, pause: float) -> Iterator[None]:
        """Wait for this thread's turn at `host`, `pause` seconds after the request before.

        Raises Throttled at once where the publisher has asked for a longer pause.
        """
        gate = self._gate(host)
        self._refuse_if_closed(host, gate)
        gate.enter()
        try:
            self._refuse_if_closed(host, gate)
            opens = max(gate.left_at + max(pause, gate.crawl_delay), gate.closed_until)
            wait = opens - self._monotonic()
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                gate.left_at = self._monotonic()
        finally:
            gate.leave()

    def close(self, host: str, seconds: float) -> None:
        """Send no request to `host` for this long: its publisher asks for it."""
        gate = self._gate(host)
        gate.closed_until = max(gate.closed_until, self._monotonic() + seconds)

    def slow_down(self, host: str, crawl_delay: float) -> None:
        """Pause at least this many seconds between requests to `host` (robots.txt)."""
        self._gate(host).crawl_delay = crawl_delay

    def _gate(self, host: str) -> _Gate:
        gate = self._gates.get(host)
        return gate if gate is not None else self._gates.setdefault(host, _Gate())

    def _refuse_if_closed(self, host: str, gate: _Gate) -> None:
        left = gate.closed_until - self._monotonic()
        if left > self._wait_most:
            raise Throttled(
                host,
                f"asked for a pause; {left:.0f} seconds of it are left",
                retry_after=timedelta(seconds=left),
            )


class _Gate:
    """One host's queue. Whoever leaves hands the turn to the thread that has waited longest."""

    __slots__ = ("_busy", "_lock", "_waiting", "closed_until", "crawl_delay", "left_at")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Lock] = deque()
        self.left_at = float("-inf")
        self.closed_until = float("-inf")
        self.crawl_delay = 0.0

    def enter(self) -> None:
        with self._lock:
            if not self._busy:
                self._busy = True
                return
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        ticket.acquire()

    def leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False
