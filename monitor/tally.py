"""Counts what one round of deliveries comes to."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.errors import DeliveryError
from monitor.models import Delivery


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong with one channel, in the service's own word and for people."""

    channel: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """What one round came to.

    postponed: alerts that a fault keeps in the queue. failed: given up until a person acts.
    settled: deliveries in doubt whose fate became known. unknown: those whose fate did not.
    busy: another process is delivering; nothing was done.
    troubles: of the channels that are still in trouble.
    """

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    settled: int = 0
    unknown: int = 0
    busy: bool = False
    troubles: tuple[Trouble, ...] = ()

    @property
    def all_well(self) -> bool:
        """Say whether nothing needs a person, and no fault keeps anything in the queue."""
        return not (self.troubles or self.failed or self.unknown or self.postponed)


class Tally:
    """Counts what one round comes to; a channel that works again is no trouble any more."""

    def __init__(self) -> None:
        self.sent = 0
        self.failed = 0
        self.settled = 0
        self._postponed: dict[int, str] = {}
        self._troubles: dict[Trouble, None] = {}

    def trouble(self, error: DeliveryError) -> None:
        """Note what is wrong with a channel."""
        self._troubles[Trouble(error.channel, error.code, error.reason)] = None

    def postpone(self, delivery: Delivery, error: DeliveryError) -> None:
        """Count an alert that a fault keeps in the queue."""
        self._postponed[delivery.id] = delivery.alert.channel
        self.trouble(error)

    def fail(self, error: DeliveryError) -> None:
        """Count an alert that was given up."""
        self.failed += 1
        self.trouble(error)

    def send(self, delivery: Delivery) -> None:
        """Count an alert that arrived; its channel works."""
        self.sent += 1
        self._postponed.pop(delivery.id, None)
        if delivery.alert.channel not in self._postponed.values():
            own = [one for one in self._troubles if one.channel == delivery.alert.channel]
            for trouble in own:
                del self._troubles[trouble]

    def summary(self, unknown: int) -> DeliverySummary:
        """Sum the round up; `unknown` deliveries are still in doubt."""
        return DeliverySummary(
            sent=self.sent,
            postponed=len(self._postponed),
            failed=self.failed,
            settled=self.settled,
            unknown=unknown,
            troubles=tuple(self._troubles),
        )
