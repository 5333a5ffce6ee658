"""Sends workers round the sources: threads that collect, one writer that records.

    waiting lanes (one per host) → worker: collect → finished → writer: record

At most one source of a host is in work at a time, so that a slow or paced host holds one worker
and never all of them. A visit touches no database, so it may be abandoned at any moment.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from monitor.config import Source
from monitor.errors import MonitorError, own_fault
from monitor.models import Collected, Outcome, Poll
from monitor.urls import host
from monitor.visit import Task

log = logging.getLogger(__name__)

# Tasks per worker that are made ready: nobody waits for the next while the writer writes.
_AHEAD = 3
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class Crew:
    """Workers that visit sources, each source at most once at a time.

    prepare: makes a source's task; called in the caller's thread, right before the visit.
    collect: visits; called in a worker.
    """

    def __init__(
        self,
        prepare: Callable[[Source], Task],
        collect: Callable[[Task], Collected],
        workers: int,
    ) -> None:
        self._prepare = prepare
        self._collect = collect
        self._workers = workers
        self._tasks: SimpleQueue[tuple[Task, Future[Collected]] | None] = SimpleQueue()
        self._over = threading.Event()
        for number in range(workers):
            # Daemons, for a host that hangs must not keep the program from ending.
            threading.Thread(target=self._work, name=f"poll-{number}", daemon=True).start()
        self._lanes: dict[str, deque[Source]] = {}
        self._free: deque[str] = deque()
        self._busy: dict[Future[Collected], tuple[str, Source]] = {}
        self._held: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def end(self) -> None:
        """Send the workers home; nobody waits for what they have in hand."""
        self.drop_waiting()
        self._over.set()
        for _ in range(self._workers):
            self._tasks.put(None)

    @property
    def idle(self) -> bool:
        """Say whether nothing waits and nothing is in work."""
        return not self._busy and not self._free

    def holds(self, source: Source) -> bool:
        """Say whether a source waits or is in work."""
        return source.id in self._held

    def send(self, source: Source) -> None:
        """Queue a source behind the others of its host."""
        name = lane(source)
        waiting = self._lanes.get(name)
        if waiting is None:
            waiting = self._lanes[name] = deque()
            self._free.append(name)
        waiting.append(source)
        self._held.add(source.id)

    def drop_waiting(self) -> None:
        """Forget what waits; what a worker has in hand is finished."""
        with suppress(Empty):
            while (given := self._tasks.get_nowait()) is not None:
                del self._busy[given[1]]
        self._lanes = {name: deque() for name, _ in self._busy.values()}
        self._held = {source.id for _, source in self._busy.values()}
        self._free.clear()

    def finished(self, seconds: float) -> Iterator[tuple[Source, Collected]]:
        """Start what can start, wait up to `seconds` for results, and yield those that came."""
        self._start()
        if not self._busy:
            return
        done, _ = wait(self._busy, timeout=seconds, return_when=FIRST_COMPLETED)
        for future in done:
            name, source = self._busy.pop(future)
            self._held.discard(source.id)
            self._leave(name)
            self._start()
            yield source, future.result()

    def wind_down(self, seconds: float) -> Iterator[tuple[Source, Collected]]:
        """Drop what waits, and yield what comes in within `seconds`; the rest is abandoned."""
        self.drop_waiting()
        ends = time.monotonic() + seconds
        while not self.idle and (left := ends - time.monotonic()) > 0:
            yield from self.finished(left)

    def _start(self) -> None:
        while self._free and len(self._busy) < self._workers * _AHEAD:
            name = self._free.popleft()
            source = self._lanes[name].popleft()
            future: Future[Collected] = Future()
            self._tasks.put((self._prepare(source), future))
            self._busy[future] = (name, source)

    def _leave(self, name: str) -> None:
        if self._lanes[name]:
            self._free.append(name)
        else:
            del self._lanes[name]

    def _work(self) -> None:
        while (given := self._tasks.get()) is not None:
            task, future = given
            try:
                collected = self._visit(task)
            except Exception as bug:  # noqa: BLE001 - without memory not even a line can be logged
                collected = _failed(task, own_fault(bug))
            future.set_result(collected)

    def _visit(self, task: Task) -> Collected:
        try:
            return self._collect(task)
        except MonitorError as fault:
            return _failed(task, str(fault))
        except Exception as bug:
            if self._over.is_set():  # the fetcher was closed under its hands
                return _failed(task, "abandoned")
            # A bug in one connector must be loud, and must not silence the other sources.
            log.exception("bug while polling", extra={"source": task.source.id})
            return _failed(task, own_fault(bug))


def _failed(task: Task, reason: str) -> Collected:
    return Collected(task.source.id, task.poll.now, Outcome.FAILED, reason)


def lane(source: Source) -> str:
    """Name the queue in which a source waits: the host of its first request."""
    first = next(iter(source.connector.requests(Poll(now=_ANY_TIME))), None)
    return host(first.url) if first else source.id
