"""Queues the posts that are due on the monitor's own health, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cached_property

from monitor.alerts import Routing
from monitor.config import Source
from monitor.models import Alert
from monitor.neighbours import PATIENCE, Neighbours, neighbours, tell_outages
from monitor.store import Store
from monitor.watching import tell_hearing, tell_silences


class Bulletin:
    """Tells the health channel; what was told stands in the database with the queued posts.

    read: false where alerts leave this machine by no way: nothing is judged then, nor queued.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        routing: Routing,
        clock: Callable[[], datetime],
        *,
        read: bool,
    ) -> None:
        self._sources = tuple(sources)
        self._routing = routing
        self._clock = clock
        self._read = read

    @cached_property
    def near(self) -> Neighbours:
        """Say which sources can fail together."""
        return neighbours(self._sources)

    def silences(self, store: Store) -> int:
        """Queue posts on sources that fell silent, or are heard again; return how many."""
        return self._tell(
            store, lambda now: tell_silences(store, self._sources, self._routing, now)
        )

    def outages(self, store: Store, patience: timedelta = PATIENCE) -> int:
        """Queue posts on what fails together, or alone for longer than `patience`."""
        return self._tell(
            store, lambda now: tell_outages(store, self.near, self._routing, now, patience)
        )

    def hearing(self, store: Store, deaf_since: datetime | None) -> int:
        """Queue a post where clicks and commands are not heard, or are heard again."""
        return self._tell(store, lambda now: tell_hearing(store, self._routing, deaf_since, now))

    def _tell(self, store: Store, due: Callable[[datetime], tuple[Alert, ...]]) -> int:
        if not self._read:
            return 0
        present = self._clock()
        with store.transaction():
            return store.outbox.enqueue(due(present), present)
