"""Delivers what is queued: reserve, send, confirm; what is in doubt is looked for first.

    settle    in doubt? found → confirmed; not found → queued again; who can know? → stays unknown
    send      reserve → channel.send → confirm
              later         → postponed, the channel rests (so that no later alert overtakes)
              maybe arrived → in doubt, the channel rests; the next settling looks for it
              never         → the message is given up, or its channel or service rests

One deliverer works at a time, in however many processes: the others find the lock taken and leave
the queue to it. One channel's trouble stops no other.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from monitor.errors import (
    DeliveryError,
    FailureScope,
    PermanentDelivery,
    StoreError,
    TemporaryDelivery,
    own_fault,
)
from monitor.locking import held
from monitor.models import Channel, Delivery, Receipt
from monitor.personal import person_of
from monitor.revising import Reviser
from monitor.store import Store
from monitor.tally import DeliverySummary, Tally
from monitor.troubles import LASTING, LASTING_FAILURES, Troubles

log = logging.getLogger(__name__)

MOST = 2_000
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
# A person has to act; until it is known that one did, it is tried now and then.
UNTIL_SOMEONE_ACTS = timedelta(hours=1)
# What was sent a moment ago may not be visible in the channel yet.
GRACE = timedelta(seconds=5)
_JITTER = 0.25
_PIECE = 0.5
_SERVICE_RESTS = "service_rests"
_NEEDS_A_PERSON = "waits for a person: "


class Deliverer:
    """Sends what the outbox holds; belongs to the thread that opened the store.

    channels: who delivers, by the beginning of a channel's name: {"#": slack, "console": console};
        the longest one that fits is taken.
    stopped: asked between two posts; the post in hand is finished.
    lock: a file that only one deliverer holds at a time; None where there can be no other.
    names: what people call each source, for the first messages that are brought up to date.
    health: the channel that is told of troubles with channels; "" for none.
    heard: says whether somebody listens to what people click; without that nothing can be clicked.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        stopped: Callable[[], bool] = lambda: False,
        lock: Path | None = None,
        names: Mapping[str, str] = MappingProxyType({}),
        health: str = "",
        heard: Callable[[], bool] = lambda: False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._channels = channels
        self._stopped = stopped
        self._lock = lock
        self._clock = clock
        self._sleep = sleep
        self._ready_at: dict[str, datetime] = {}
        self._unknowable: set[int] = set()
        self._random = random.Random()  # noqa: S311 - spreads retries
        self._troubles = Troubles(store, health, self._way)
        self._heard = heard
        self._reviser = Reviser(store, names, self._way, self._troubles.began_anew, heard)
        self._tally = Tally()
        self._resume_what_waited_for_a_person()

    def deliver_due(self, now: datetime, patience: timedelta = timedelta(0)) -> DeliverySummary:
        """Settle what is in doubt, then send all that is due; raises no DeliveryError.

        patience: how long after `now` to wait for what becomes due soon (a channel that rests, a
            retry); a round without it ends when nothing is due.
        """
        self._tally = Tally()
        with held(self._lock) as ours:
            if not ours:
                return DeliverySummary(busy=True)
            self._troubles.look_after(self._clock())
            self._work(now + patience)
            unknown = len(self._in_doubt())
        return self._tally.summary(unknown)

    def _resume_what_waited_for_a_person(self) -> None:
        """Try again what a person had to mend: a restart may well mean that it is mended."""
        for state in self._store.pauses.states():
            if state.reason.startswith(_NEEDS_A_PERSON):
                self._store.pauses.resume(state.channel)

    def _work(self, deadline: datetime) -> None:
        """Alternate between settling, sending and waiting, until nothing is due or time is up."""
        for _ in range(MOST):
            if self._stopped():
                return
            self._settle()
            if self._send_next() or self._revise_next():
                continue
            pause = self._until_next(deadline)
            if pause is None:
                return
            self._wait(pause)

    def _settle(self) -> None:
        """Look for every delivery in doubt whose channel does not rest."""
        for delivery in self._doubts():
            resting = self._store.pauses.resting(self._clock())
            if self._stopped() or delivery.alert.channel in resting:
                continue
            try:
                self._settle_one(delivery)
            except TemporaryDelivery as error:
                self._rest(delivery, error)
                if self._clock() - (delivery.tried_at or self._clock()) >= LASTING:
                    self._troubles.lasting(error, self._clock())
            except PermanentDelivery as error:
                if error.scope is FailureScope.PERSON:
                    self._leave_alone(delivery, error)
                else:
                    self._give_up_looking(delivery, error)
            except StoreError:
                raise
            except Exception as bug:
                log.exception("bug while settling", extra=_facts(delivery))
                self._give_up_looking(delivery, _bug(delivery, bug))

    def _in_doubt(self) -> tuple[Delivery, ...]:
        """List every delivery of unknown fate; no attempt is under way while this is asked."""
        return self._store.outbox.in_doubt(self._clock() + timedelta(microseconds=1))

    def _doubts(self) -> list[Delivery]:
        """List what is in doubt and has not been looked for in vain."""
        return [one for one in self._in_doubt() if one.id not in self._unknowable]

    def _give_up_looking(self, delivery: Delivery, error: PermanentDelivery) -> None:
        """Leave a delivery's fate to a person (`monitor outbox resolve`)."""
        self._unknowable.add(delivery.id)
        self._store.outbox.doubt(delivery.id, error, self._clock())
        self._tally.trouble(error)
        self._troubles.unsettled(delivery, error, self._clock())
        log.error("the fate of a delivery cannot be known", extra=_facts(delivery, error))

    def _settle_one(self, delivery: Delivery) -> None:
        receipt = self._found(delivery)
        now = self._clock()
        if receipt is None:
            missing = TemporaryDelivery(delivery.alert.channel, "not_there", "it did not arrive")
            self._store.outbox.postpone(delivery.id, now, missing, now)
        else:
            self._store.outbox.confirm(delivery.id, receipt, now)
            name = delivery.alert.channel
            self._troubles.arrived(name, self._channel(delivery).name, receipt, now)
        self._tally.settled += 1
        extra = {**_facts(delivery), "arrived": receipt is not None}
        log.info("a delivery in doubt was settled", extra=extra)

    def _found(self, delivery: Delivery) -> Receipt | None:
        """Look for a delivery; what was sent a moment ago is looked for a second time."""
        channel = self._channel(delivery)
        receipt = channel.find(delivery)
        waited = self._clock() - delivery.tried_at if delivery.tried_at else GRACE
        if receipt is None and waited < GRACE and channel.pause:
            self._wait((GRACE - waited).total_seconds())
            receipt = channel.find(delivery)
        return receipt

    def _send_next(self) -> bool:
        """Send the next alert that is due; say whether there was one."""
        now = self._clock()
        self._ready_at = {name: at for name, at in self._ready_at.items() if at > now}
        delivery = self._store.outbox.reserve(now, without=tuple(self._ready_at))
        if delivery is None:
            return False
        try:
            self._send(delivery)
        except TemporaryDelivery as error:
            self._later(delivery, error)
        except PermanentDelivery as error:
            self._never(delivery, error)
        except StoreError:
            # Slack may have it: who starts next looks for it there.
            raise
        except Exception as bug:
            # A bug in showing one alert must be loud, and must not keep all others back.
            log.exception("bug while delivering", extra=_facts(delivery))
            self._never(delivery, _bug(delivery, bug))
        return True

    def _send(self, delivery: Delivery) -> None:
        channel = self._channel(delivery)
        self._refuse_resting(channel, delivery)
        delivery = replace(delivery, heard=self._heard())
        try:
            receipt = channel.send(delivery)
        except PermanentDelivery as error:
            if error.scope is not FailureScope.THREAD or not delivery.thread:
                raise
            # The parent was deleted: the matter gets a new thread.
            self._store.threads.forget(delivery.alert.matter, delivery.alert.channel)
            self._troubles.began_anew(delivery.alert, delivery.thread, self._clock())
            receipt = channel.send(replace(delivery, thread=""))
        now = self._clock()
        self._store.outbox.confirm(delivery.id, receipt, now, heard=delivery.heard)
        self._ready_at[delivery.alert.channel] = now + timedelta(seconds=channel.pause)
        self._tally.send(delivery)
        self._troubles.arrived(delivery.alert.channel, channel.name, receipt, now)
        log.info("delivered", extra=_facts(delivery))

    def _refuse_resting(self, channel: Channel, delivery: Delivery) -> None:
        """Keep an alert back whose whole service rests; raises TemporaryDelivery."""
        now = self._clock()
        state = self._store.pauses.state(channel.name)
        if state.paused_until and state.paused_until > now:
            rest = state.paused_until - now
            raise TemporaryDelivery(
                delivery.alert.channel, _SERVICE_RESTS, state.reason, retry_after=rest
            )

    def _revise_next(self) -> bool:
        """Bring one first message up to date; say whether there was one."""
        now = self._clock()
        stale = self._reviser.stale(now, self._ready_at)
        if stale is None:
            return False
        name = stale.thread.channel
        way = self._way(name)
        if self._reviser.revise(stale, now) and way is not None:
            self._ready_at[name] = self._clock() + timedelta(seconds=way.pause)
        return True

    def _way(self, name: str) -> Channel | None:
        """Find who delivers to a channel: the longest beginning of its name that fits."""
        fitting = [start for start in self._channels if name.startswith(start)]
        return self._channels[max(fitting, key=len)] if fitting else None

    def _channel(self, delivery: Delivery) -> Channel:
        """Find who delivers to an alert's channel; raises PermanentDelivery."""
        way = self._way(delivery.alert.channel)
        if way is None:
            reason = "nothing here delivers to this channel; is its token or address configured?"
            name = delivery.alert.channel
            raise PermanentDelivery(name, "no_service", reason, FailureScope.CHANNEL)
        return way

    def _later(self, delivery: Delivery, error: TemporaryDelivery) -> None:
        """Try again later; look first where the message may have arrived."""
        now = self._clock()
        if error.maybe_arrived:
            self._store.outbox.doubt(delivery.id, error, now)
            self._rest(delivery, error)
            return
        failures = self._store.pauses.state(delivery.alert.channel).failures + 1
        until = now + self._rest_after(failures, error.retry_after)
        self._store.outbox.postpone(delivery.id, until, error, now)
        self._store.pauses.pause(delivery.alert.channel, until, error.reason)
        self._tally.postpone(delivery, error)
        if failures >= LASTING_FAILURES and error.code != _SERVICE_RESTS:
            self._troubles.lasting(error, now)
        log.warning("a delivery is postponed", extra=_facts(delivery, error))

    def _rest(self, delivery: Delivery, error: TemporaryDelivery) -> None:
        """Let a channel rest before it is looked through (again)."""
        name = delivery.alert.channel
        failures = max(self._store.pauses.state(name).failures, delivery.attempt)
        until = self._clock() + self._rest_after(failures, error.retry_after)
        self._store.pauses.pause(name, until, error.reason)
        self._tally.trouble(error)
        log.warning("a delivery is in doubt", extra=_facts(delivery, error))

    def _never(self, delivery: Delivery, error: PermanentDelivery) -> None:
        """Give a message up, or keep it until a person has mended its channel or service."""
        if error.scope is FailureScope.PERSON:
            self._leave_alone(delivery, error)
            return
        now = self._clock()
        log.error("a delivery needs a person", extra=_facts(delivery, error))
        if error.scope in {FailureScope.MESSAGE, FailureScope.THREAD}:
            self._store.outbox.fail(delivery.id, error, now)
            self._tally.fail(error)
            self._troubles.unsettled(delivery, error, now)
            return
        self._store.outbox.postpone(delivery.id, now, error, now)
        self._tally.postpone(delivery, error)
        until, reason = now + UNTIL_SOMEONE_ACTS, _NEEDS_A_PERSON + error.reason
        self._store.pauses.pause(delivery.alert.channel, until, reason)
        way = self._way(delivery.alert.channel)
        service = way.name if way else ""
        if error.scope is FailureScope.SERVICE:
            self._store.pauses.pause(service, until, reason)
        self._troubles.refused(error, service, now)

    def _leave_alone(self, delivery: Delivery, error: PermanentDelivery) -> None:
        """Tell somebody who has left nothing more; nobody needs to act on that."""
        now = self._clock()
        with self._store.transaction(durable=True):
            self._store.outbox.fail(delivery.id, error, now, for_good=True)
            ended = self._store.acts.leave(person_of(delivery.alert.channel), error.code, now)
        log.warning("somebody has left", extra=_facts(delivery, error) | {"follows": ended})

    def _rest_after(self, failures: int, retry_after: timedelta | None) -> timedelta:
        """Say how long to wait after so many failures in a row; never less than was asked for."""
        spread = self._random.uniform(1 - _JITTER, 1 + _JITTER)
        if retry_after is not None:
            return retry_after + timedelta(seconds=self._random.random())
        doublings = min(max(failures - 1, 0), 12)
        seconds = min(FIRST_WAIT * 2.0**doublings, LONGEST_WAIT).total_seconds()
        return timedelta(seconds=seconds * spread)

    def _wait(self, seconds: float) -> None:
        """Sleep in short pieces, so that a wish to stop is soon heard."""
        pieces = max(math.ceil(seconds / _PIECE), 1)
        for _ in range(pieces):
            if self._stopped():
                return
            self._sleep(seconds / pieces)

    def _until_next(self, deadline: datetime) -> float | None:
        """Return the seconds until something may be due; None where that is past the deadline.

        The pace between two posts is kept whatever the deadline.
        """
        now = self._clock()
        queued = self._store.outbox.next_attempt()
        waits = queued is not None and queued <= now
        if self._ready_at and (waits or self._reviser.stale(now, ())):
            return max((min(self._ready_at.values()) - now).total_seconds(), 0.0)
        if queued is None and not self._doubts():
            return None
        rests = (state.paused_until for state in self._store.pauses.states())
        ahead = [moment for moment in (queued, *rests) if moment and moment > now]
        soonest = min(ahead, default=None)
        if soonest is None or soonest > deadline:
            return None
        return (soonest - now).total_seconds() + 0.001


def _bug(delivery: Delivery, bug: Exception) -> PermanentDelivery:
    reason = own_fault(bug)
    return PermanentDelivery(delivery.alert.channel, "bug", reason)


def _facts(delivery: Delivery, error: DeliveryError | None = None) -> dict[str, object]:
    facts: dict[str, object] = {
        "delivery": delivery.id,
        "channel": delivery.alert.channel,
        "attempt": delivery.attempt,
    }
    return facts | ({"code": error.code, "reason": error.reason} if error else {})
