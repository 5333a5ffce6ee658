"""Tells in the health channel what keeps alerts from people: once, daily at most, and when it ends.

    a channel or a whole service refuses     told at once, and when an alert gets through again
    pauses, outages, broken connections      likewise, where they last
    given up, or of unknown fate             told once, and when a person has settled all of them
    arrived, with something to mend          told once
    a thread whose first message is gone     told each time: its story begins anew

What was told stands in the database, so that a restart tells nothing again. Where the health
channel is in trouble itself, the console and the log hear of it instead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.alerts import post
from monitor.errors import DeliveryError, FailureScope, PermanentDelivery
from monitor.models import Alert, Channel, Delivery, Receipt
from monitor.store import Notice, Store, Telling
from monitor.text import digest, one_line
from monitor.wording import spoken

log = logging.getLogger(__name__)

CONSOLE = "console"
LASTING_FAILURES = 5
LASTING = timedelta(minutes=5)
_REASON = 500
_DAY = timedelta(days=1)


class _Sort(StrEnum):
    """What is in trouble; the first word of a notice's subject, which no source's id can hold."""

    CHANNEL = "channel"
    SERVICE = "service"
    UNSETTLED = "unsettled"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class _Words:
    """Headlines when a trouble begins, lasts and ends, and what to do about it."""

    begins: str
    lasts: str
    ends: str
    cure: str


_WORDS = {
    _Sort.CHANNEL: _Words(
        "Alerts do not reach {}",
        "Alerts still do not reach {}",
        "Alerts reach {} again",
        "They wait, and none is lost. `monitor doctor` says what to do.",
    ),
    _Sort.SERVICE: _Words(
        "No alerts get out by {}",
        "Still no alerts get out by {}",
        "Alerts get out by {} again",
        "They wait, and none is lost. `monitor doctor` says what to do.",
    ),
    _Sort.UNSETTLED: _Words(
        "An alert for {} needs a person",
        "Alerts for {} still need a person",
        "No alert for {} needs a person any more",
        "`monitor outbox list` shows them; then `monitor outbox retry ID` or `… resolve ID sent`.",
    ),
    _Sort.NOTE: _Words(
        "Alerts reach {}, and something is to be mended",
        "Alerts reach {}, and something is still to be mended",
        "",
        "`monitor doctor` says more.",
    ),
}


class Troubles:
    """Knows what was told about channels; belongs to the thread that opened the store.

    health: the channel that is told; "" for none but the log. way: finds who delivers to a channel.
    """

    def __init__(self, store: Store, health: str, way: Callable[[str], Channel | None]) -> None:
        self._store = store
        self._health = health
        self._way = way

    def refused(self, error: PermanentDelivery, service: str, now: datetime) -> None:
        """Tell that a channel, or its whole service, takes nothing until a person acts."""
        whole = error.scope is FailureScope.SERVICE
        name = service if whole else error.channel
        self._begin(_Sort.SERVICE if whole else _Sort.CHANNEL, name, str(error), error.channel, now)

    def lasting(self, error: DeliveryError, now: datetime) -> None:
        """Tell of a trouble that has not passed by itself so far."""
        self._begin(_Sort.CHANNEL, error.channel, str(error), error.channel, now)

    def unsettled(self, delivery: Delivery, error: DeliveryError, now: datetime) -> None:
        """Tell of an alert that was given up, or of which nobody knows whether it arrived."""
        channel = delivery.alert.channel
        reason = f"“{one_line(delivery.alert.headline, 150)}”: {error.reason} ({error.code})"
        self._begin(_Sort.UNSETTLED, channel, reason, "", now)

    def arrived(self, channel: str, service: str, receipt: Receipt, now: datetime) -> None:
        """Tell what works again; and what is to be mended although the alert arrived."""
        self._end(_Sort.CHANNEL, channel, now)
        self._end(_Sort.SERVICE, service, now)
        if receipt.note:
            self._begin(_Sort.NOTE, channel, receipt.note, "", now)
            return
        told = self._store.notices.notice(_subject(_Sort.NOTE, channel))
        if told is not None and now - told.told_at >= _DAY:
            self._store.notices.recovery(told.subject)

    def began_anew(self, alert: Alert, reference: str, now: datetime) -> None:
        """Tell that a matter's first message was deleted: its next alert opens a new thread.

        alert: any of that matter. reference: of the message that is gone.
        """
        key = digest("began anew", alert.channel, reference)
        headline = f"A thread in {alert.channel} begins anew: its first message was deleted"
        self._post(key, headline, (f"It is about: {one_line(alert.headline, 200)}",), "", now)

    def look_after(self, now: datetime) -> None:
        """End what a person has settled meanwhile, and remind of the rest once a day."""
        for told in self._store.notices.present():
            sort, _, name = told.subject.partition(" ")
            if sort == _Sort.UNSETTLED:
                if not self._store.pauses.needing_a_person(name):
                    self._end(_Sort.UNSETTLED, name, now)
                elif now - told.told_at >= _DAY:
                    self._begin(_Sort.UNSETTLED, name, told.reason, "", now)
            elif sort == _Sort.CHANNEL and not self._store.pauses.waits_for(name):
                # Nothing is left that could show whether it works.
                self._store.notices.recovery(told.subject)

    # -------------------------------------------------------------------------------------- telling

    def _begin(self, sort: _Sort, name: str, reason: str, channel: str, now: datetime) -> None:
        with self._store.transaction():
            telling = self._store.notices.trouble(_subject(sort, name), reason, now)
            if telling is Telling.NOTHING:
                return
            told = self._store.notices.notice(_subject(sort, name))
            words = _WORDS[sort]
            said = words.begins if telling is Telling.FIRST else words.lasts
            since = told.since if told else now
            details = (
                f"Reason: {one_line(reason, _REASON)}",
                f"Since: {spoken(since)}",
                words.cure,
            )
            key = digest("trouble", self._health, sort, name, since.isoformat(), f"{now:%Y-%m-%d}")
            self._post(key, said.format(name), details, channel, now)

    def _end(self, sort: _Sort, name: str, now: datetime) -> None:
        with self._store.transaction():
            over = self._store.notices.recovery(_subject(sort, name))
            if over is not None:
                self._post_end(sort, name, over, now)

    def _post_end(self, sort: _Sort, name: str, over: Notice, now: datetime) -> None:
        key = digest("trouble over", self._health, sort, name, over.since.isoformat())
        details = (f"Reason: {one_line(over.reason, _REASON)}", f"Since: {spoken(over.since)}")
        self._post(key, _WORDS[sort].ends.format(name), details, "", now)

    def _post(
        self, key: str, headline: str, details: tuple[str, ...], about: str, now: datetime
    ) -> None:
        """Queue a post for the health channel; on the console and in the log where that fails.

        about: the channel that takes nothing; it cannot tell of itself.
        """
        alert = post(self._health or CONSOLE, key, headline, details, now)
        if self._health and self._health != about and self._works(self._health, now):
            self._store.outbox.enqueue((alert,), now)
            return
        log.error("the health channel cannot tell", extra={"headline": alert.headline})
        aside = self._way(CONSOLE) if self._health else None
        if aside is not None:
            try:
                aside.send(Delivery(0, alert))
            except DeliveryError:
                log.exception("the console cannot tell either")

    def _works(self, channel: str, now: datetime) -> bool:
        """Say whether neither a channel nor its service rests."""
        resting, way = self._store.pauses.resting(now), self._way(channel)
        return way is not None and channel not in resting and way.name not in resting


def _subject(sort: _Sort, name: str) -> str:
    return f"{sort} {name}"
