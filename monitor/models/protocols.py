"""Those who act on the values: one protocol for each thing that has real alternatives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Protocol

from monitor.models.alerts import Delivery, Posted, Receipt
from monitor.models.entries import Parsed, Poll
from monitor.models.exchange import Request, Response, Validators


class Connector(Protocol):
    """Reads one kind of publisher; pure: no clock, no network. Options are its fields."""

    kind: ClassVar[str]
    pace: ClassVar[float]
    window: ClassVar[bool]
    lists_all: ClassVar[bool]
    lists_upcoming: ClassVar[bool]
    increments: ClassVar[bool]

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Say which requests begin a poll."""
        ...

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read one answer: entries, further requests, refused records, marks."""
        ...


class Fetcher(Protocol):
    """Answers requests, from the network or from a recording."""

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer one request; raises FetchError and its kin, or SoftError."""
        ...


class Channel(Protocol):
    """Takes messages to people. Real alternatives: console, Slack, e-mail, webhook."""

    name: str
    pause: float

    def send(self, delivery: Delivery) -> Receipt:
        """Send one message; raises TemporaryDelivery or PermanentDelivery."""
        ...

    def revise(self, posted: Posted) -> None:
        """Bring a message to the present state of its matter; a second time is harmless.

        Raises TemporaryDelivery or PermanentDelivery; does nothing where messages stay as sent.
        """
        ...

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look whether an attempt in doubt arrived: its receipt, or None where it did not.

        Raises TemporaryDelivery where it cannot be known now, PermanentDelivery where never.
        """
        ...
