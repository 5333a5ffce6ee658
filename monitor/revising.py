"""Keeps the first message of each thread at the present state of its matter.

    stale thread → how does its matter stand? → channel.revise → shown

An edit may be made twice without harm, so none is reserved. What cannot be edited any more is left
as it is; the thread goes on. What keeps an edit from being made keeps no alert from being sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.dates import local
from monitor.errors import (
    DeliveryError,
    FailureScope,
    MonitorError,
    PermanentDelivery,
    TemporaryDelivery,
    own_fault,
)
from monitor.models import Alert, Channel, Hearing, Posted, Present, Receipt
from monitor.store import StaleThread, Store
from monitor.text import digest

log = logging.getLogger(__name__)

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(hours=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


class Reviser:
    """Edits first messages; belongs to the thread that opened the store.

    names: what people call each source, by its id. find: who delivers to a channel of that name;
        None where nobody does. lost: told of a first message that is gone, with its alert.
    heard: says whether somebody listens to what people click.
    """

    def __init__(
        self,
        store: Store,
        names: Mapping[str, str],
        find: Callable[[str], Channel | None],
        lost: Callable[[Alert, str, datetime], None] = lambda _alert, _reference, _now: None,
        heard: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._names = names
        self._find = find
        self._lost = lost
        self._heard = heard
        self._rests: dict[str, tuple[datetime, timedelta]] = {}

    def stale(self, now: datetime, without: Collection[str]) -> StaleThread | None:
        """Return a thread to revise whose channel does not rest and is none of `without`."""
        waiting = self._store.threads.waiting()
        if not waiting:
            return None
        resting = {name for name, (until, _) in self._rests.items() if until > now}
        resting |= self._store.pauses.resting(now) | set(without)
        resting |= {name for name in waiting if self._find(name) is None}
        return self._store.threads.stale(resting)

    def revise(self, stale: StaleThread, now: datetime) -> bool:
        """Bring one message to the present state; say whether its channel was spoken to.

        Where that fails for now, the channel's edits rest for a while.
        """
        name = stale.thread.channel
        try:
            return self._revise(stale, now)
        except TemporaryDelivery as error:
            self._rest(name, now, error.retry_after)
            log.info("a message is edited later", extra=_facts(stale, error))
        except PermanentDelivery as error:
            self._give_up(stale, error, now)
        except MonitorError:
            raise
        except Exception as bug:
            # A bug in showing one matter must be loud, and must not keep the others back.
            log.exception("bug while editing", extra=_facts(stale))
            self._store.threads.leave(stale, own_fault(bug))
        return True

    def _revise(self, stale: StaleThread, now: datetime) -> bool:
        posted, shown = self._posted(stale, now, heard=self._heard())
        channel = self._find(stale.thread.channel)
        is_new = shown != stale.shown
        if is_new and channel is not None:
            channel.revise(posted)
            self._rests.pop(stale.thread.channel, None)
            log.info("a message was brought up to date", extra=_facts(stale))
        self._shown(stale, shown, now, heard=posted.heard)
        return is_new

    def _shown(self, stale: StaleThread, shown: str, now: datetime, *, heard: bool) -> None:
        """Note what a message shows, unless something has happened to its matter meanwhile."""
        with self._store.transaction():
            if self._posted(stale, now, heard=heard)[1] == shown:
                self._store.threads.show(stale, shown, heard=heard)

    def _posted(self, stale: StaleThread, now: datetime, *, heard: bool) -> tuple[Posted, str]:
        """Say what a message should show; until when that holds, with a hash of it."""
        row = self._store.outbox.row(stale.thread.alert_id)
        receipt = Receipt(stale.thread.reference, stale.thread.place)
        if stale.goes_on is not None:
            posted = Posted(row.alert, receipt, stale.opened_at, goes_on=stale.goes_on)
            return posted, digest("goes on", stale.goes_on.reference)
        present = self._store.matters.present(stale.thread.matter, now)
        named = tuple(dict.fromkeys(self._names.get(one, one) for one in present.sources))
        present = self._store.acts.shown(replace(present, sources=named), stale.thread.channel)
        posted = Posted(row.alert, receipt, stale.opened_at, present, heard=heard)
        return posted, _noted(present, heard=heard)

    def _give_up(self, stale: StaleThread, error: PermanentDelivery, now: datetime) -> None:
        """Leave a message that cannot be edited; where it is gone, the next alert opens anew."""
        log.warning("a message cannot be edited", extra=_facts(stale, error))
        if error.scope is FailureScope.THREAD and stale.goes_on is None:
            self._store.threads.forget(stale.thread.matter, stale.thread.channel)
            alert = self._store.outbox.row(stale.thread.alert_id).alert
            self._lost(alert, stale.thread.reference, now)
        elif error.scope in {FailureScope.MESSAGE, FailureScope.THREAD}:
            self._store.threads.leave(stale, error.code)
        else:
            self._rest(stale.thread.channel, now, LONGEST_REST)

    def _rest(self, name: str, now: datetime, asked: timedelta | None) -> None:
        """Let a channel's edits rest, at each failure in a row for twice as long."""
        _, last = self._rests.get(name, (now, FIRST_REST / 2))
        rest = max(min(last * 2, LONGEST_REST), asked or FIRST_REST)
        self._rests[name] = now + rest, rest


def _noted(present: Present, *, heard: bool) -> str:
    """Write until when a state holds, and a hash of what it comes to for its readers."""
    until = min((_over(one) for one in present.hearings if one.starts), default=_NEVER)
    shown = digest(repr(replace(present, changed_at=None)), "heard" if heard else "")
    return f"{until:%Y-%m-%dT%H:%M:%S.%fZ} {shown}"


def _over(hearing: Hearing) -> datetime:
    """Say from when on a date is no date ahead any more."""
    starts = hearing.starts or _NEVER
    if not hearing.all_day:
        return starts
    next_day = local(starts, hearing.timezone).replace(hour=0, minute=0) + timedelta(days=1)
    return next_day.astimezone(UTC)


def _facts(stale: StaleThread, error: DeliveryError | None = None) -> dict[str, object]:
    facts: dict[str, object] = {"channel": stale.thread.channel, "matter": stale.thread.matter}
    return facts | ({"code": error.code, "reason": error.reason} if error else {})
