"""The tree of expected errors: each names its subject, and none of them is a bug.

MonitorError
├── ConfigError                  the YAML or the arguments are wrong (exit status 2)
├── QueryError                   a filter's query cannot be read; knows the column
├── SourceError                  one source's poll failed; nothing else stops
│   ├── FetchError               no usable answer: network, status, bounds, refused address
│   │   ├── Unreachable          the host sent nothing: name server, network, or its machine
│   │   ├── Refused              robots.txt, a private address or the configuration forbids it
│   │   ├── Throttled            429 or 503: the publisher asks for a pause
│   │   └── NotRecorded          a replay has no answer for this request
│   ├── SoftError                an answer with status 200 that is no answer (error page, challenge)
│   └── FormatError              the body is not in the publisher's documented shape
├── DocumentError                an attachment cannot be read
├── StoreError                   the database is locked, damaged, full or newer than this program
└── DeliveryError                a channel did not take a message
    ├── TemporaryDelivery        try again later; says whether the message may have arrived
    └── PermanentDelivery        trying again is useless until a person acts
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class MonitorError(Exception):
    """Base of everything that the monitor expects to go wrong."""


def own_fault(bug: Exception) -> str:
    """Say, as the reason of a failure, that the monitor itself is to blame for it.

    Or the machine, where it has no memory left.
    """
    if isinstance(bug, MemoryError):
        return "this machine has too little memory for the answer"
    return f"a fault of the monitor itself, please report it: {bug!r}"


class ConfigError(MonitorError):
    """The configuration or the arguments are wrong; `complaints` holds one line for each fault."""

    def __init__(self, complaints: tuple[str, ...]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints

    def __reduce__(self) -> tuple[type[ConfigError], tuple[tuple[str, ...]]]:
        return type(self), (self.complaints,)


class QueryError(MonitorError):
    """A query cannot be read: what is wrong, where (0-based column of `query`), and the cure."""

    def __init__(self, message: str, query: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.query = query
        self.column = column

    def __reduce__(self) -> tuple[type[QueryError], tuple[str, str, int]]:
        return type(self), (self.message, self.query, self.column)

    def __str__(self) -> str:
        """Show the line of the query with a caret below the column."""
        before = self.query[: self.column]
        line = before.count("\n")
        shown = self.query.split("\n")[line]
        caret = self.column - (before.rfind("\n") + 1)
        return f"{self.message}\n    {shown}\n    {' ' * caret}^"


class SourceError(MonitorError):
    """One poll failed; `subject` is the source's id or the URL, `reason` a sentence for people."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(subject, reason)
        self.subject = subject
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


class FetchError(SourceError):
    """No usable answer came: `status` is the HTTP status, 0 where none arrived."""

    def __init__(self, subject: str, reason: str, status: int = 0) -> None:
        super().__init__(subject, reason)
        self.args = (subject, reason, status)
        self.status = status

    @property
    def passes(self) -> bool:
        """Say whether such a failure is often gone minutes later: no answer, 429, or 5xx."""
        return self.status in (0, 429) or self.status >= 500  # noqa: PLR2004 - RFC 9110, 15.6


class Unreachable(FetchError):
    """Nothing came from the host: its name or its machine is not there, or our network is not."""


class Refused(FetchError):
    """The request was not sent: robots.txt, a private address, or a bound forbids it."""

    @property
    def passes(self) -> bool:
        """Say no: what forbids it stands as long as nobody changes it."""
        return False


class NotRecorded(FetchError):
    """A replay was asked for a request that its recording lacks."""

    @property
    def passes(self) -> bool:
        """Say no: a recording stays as it is."""
        return False


class Throttled(FetchError):
    """The publisher asks for a pause of `retry_after` (None where it did not say how long)."""

    def __init__(
        self, subject: str, reason: str, status: int = 429, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(subject, reason, status)
        self.args = (subject, reason, status, retry_after)
        self.retry_after = retry_after


class SoftError(SourceError):
    """Status 200, and yet no answer: an error page, a challenge, HTML where a feed should be."""


class FormatError(SourceError):
    """The body is not in the shape that the publisher documents."""


class DocumentError(MonitorError):
    """An attachment cannot be read; `subject` is its URL, `reason` a sentence for people."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(subject, reason)
        self.subject = subject
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


class StoreError(MonitorError):
    """The database cannot be used; says what to do about it."""


class DeliveryError(MonitorError):
    """A channel did not take a message; `channel` is its name, `code` the service's own word."""

    def __init__(self, channel: str, code: str, reason: str) -> None:
        super().__init__(channel, code, reason)
        self.channel = channel
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.channel}: {self.reason} ({self.code})"


class FailureScope(StrEnum):
    """How much a failure stops. PERSON: all that one person was to be told directly, for good."""

    MESSAGE = "message"
    THREAD = "thread"
    PERSON = "person"
    CHANNEL = "channel"
    SERVICE = "service"


class TemporaryDelivery(DeliveryError):
    """Try again later.

    `maybe_arrived` is true where the service may have taken the message (the connection dropped
    after it was sent): look before sending again. `retry_after` is the service's own wish.
    `scope`: SERVICE where nothing else would get through at present, either.
    """

    def __init__(
        self,
        channel: str,
        code: str,
        reason: str,
        maybe_arrived: bool = False,
        retry_after: timedelta | None = None,
        scope: FailureScope = FailureScope.MESSAGE,
    ) -> None:
        super().__init__(channel, code, reason)
        self.args = (channel, code, reason, maybe_arrived, retry_after, scope)
        self.maybe_arrived = maybe_arrived
        self.retry_after = retry_after
        self.scope = scope


class PermanentDelivery(DeliveryError):
    """Trying again is useless until a person acts; `scope` says how much has to wait for that."""

    def __init__(
        self, channel: str, code: str, reason: str, scope: FailureScope = FailureScope.MESSAGE
    ) -> None:
        super().__init__(channel, code, reason)
        self.args = (channel, code, reason, scope)
        self.scope = scope
