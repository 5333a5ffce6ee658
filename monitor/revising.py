"""Keeps the first message of each thread at the present state of its matter.

    stale thread → how does its matter stand? → channel.revise → shown

An edit may be made twice without harm, so none is reserved. What cannot be edited any more is left
as it is; the thread goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.errors import DeliveryError, FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Channel, Posted, Present, Receipt
from monitor.store import StaleThread, Store
from monitor.text import digest

log = logging.getLogger(__name__)


class Reviser:
    """Edits first messages; belongs to the thread that opened the store.

    names: what people call each source, by its id.
    """

    def __init__(self, store: Store, names: Mapping[str, str]) -> None:
        self._store = store
        self._names = names

    def stale(self, now: datetime, without: Collection[str]) -> StaleThread | None:
        """Return a thread to revise whose channel does not rest and is none of `without`."""
        resting = self._store.pauses.resting(now)
        return self._store.threads.stale({*resting, *without})

    def revise(
        self, stale: StaleThread, find: Callable[[str], Channel | None], now: datetime
    ) -> DeliveryError | None:
        """Bring one message to the present state; return what kept it from being edited.

        A TemporaryDelivery leaves the thread stale; every other error has been dealt with, but
        for the channel that it may concern.
        """
        posted, shown = self._posted(stale, now)
        channel = find(stale.thread.channel)
        if shown == stale.shown or channel is None:
            self._store.threads.show(stale.thread, shown)
            return None
        try:
            channel.revise(posted)
        except TemporaryDelivery as error:
            return error
        except PermanentDelivery as error:
            self._give_up(stale, error)
            return error
        self._store.threads.show(stale.thread, shown)
        log.info("a message was brought up to date", extra=_facts(stale))
        return None

    def _posted(self, stale: StaleThread, now: datetime) -> tuple[Posted, str]:
        """Say what a message should show, and a hash of it."""
        row = self._store.outbox.row(stale.thread.alert_id)
        receipt = Receipt(stale.thread.reference, stale.thread.place)
        if stale.goes_on is not None:
            posted = Posted(row.alert, receipt, stale.opened_at, goes_on=stale.goes_on)
            return posted, digest("goes on", stale.goes_on.reference)
        present = self._store.matters.present(stale.thread.matter, now)
        named = tuple(dict.fromkeys(self._names.get(one, one) for one in present.sources))
        present = replace(present, sources=named)
        return Posted(row.alert, receipt, stale.opened_at, present), _hash(present)

    def _give_up(self, stale: StaleThread, error: PermanentDelivery) -> None:
        """Leave a message that cannot be edited; where it is gone, the next alert opens anew."""
        log.warning("a message cannot be edited", extra=_facts(stale) | {"code": error.code})
        if error.scope is FailureScope.THREAD and stale.goes_on is None:
            self._store.threads.forget(stale.thread.matter, stale.thread.channel)
        elif error.scope in {FailureScope.MESSAGE, FailureScope.THREAD}:
            self._store.threads.leave(stale.thread, error.code)


def _hash(present: Present) -> str:
    return digest(repr(replace(present, changed_at=None)))


def _facts(stale: StaleThread) -> dict[str, object]:
    return {"channel": stale.thread.channel, "matter": stale.thread.matter}
