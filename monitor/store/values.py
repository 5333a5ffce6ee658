"""What the store gives back: frozen values, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from monitor.models import (
    NO_CLUES,
    Alert,
    Change,
    ChangeKind,
    Clues,
    Direction,
    FieldChange,
    Identifier,
    Item,
    ItemType,
    Late,
    Match,
    Outcome,
    Pairs,
    Receipt,
    Stage,
    Validators,
)

UNTIL_RESUMED = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between two polls.

    outcome: of the last poll; None before the first.
    failures: failed polls in a row.
    last_news: when an item of it was last new or updated.
    """

    id: str
    cursor: Pairs = ()
    validators: tuple[tuple[str, Validators], ...] = ()
    next_due: datetime | None = None
    first_polled_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_success: datetime | None = None
    last_news: datetime | None = None
    failures: int = 0
    outcome: Outcome | None = None
    reason: str = ""

    @property
    def first(self) -> bool:
        """Say whether no poll of this source has ever succeeded."""
        return self.last_success is None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source fares: its state, and what is stored of it.

    items_recent: items first seen since the time that was asked for.
    """

    id: str
    active: bool
    next_due: datetime | None
    last_polled_at: datetime | None
    last_success: datetime | None
    last_news: datetime | None
    failures: int
    outcome: Outcome | None
    reason: str
    items: int
    items_recent: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often a source was really checked in a period.

    gaps: polls after which entries must have been missed.
    reason: of its last failed poll in the period.
    """

    source: str
    polls: int = 0
    failed: int = 0
    empty: int = 0
    gaps: int = 0
    entries: int = 0
    new: int = 0
    updated: int = 0
    last_success: datetime | None = None
    reason: str = ""

    @property
    def checked(self) -> bool:
        """Say whether at least one poll of the period succeeded."""
        return self.polls > self.failed


@dataclass(frozen=True, slots=True)
class LastPoll:
    """When a source was last polled, and whether that failed."""

    source: str
    at: datetime
    failed: bool


@dataclass(frozen=True, slots=True)
class PollRecord:
    """One visit to a source, as it was kept."""

    source: str
    polled_at: datetime
    outcome: Outcome
    reason: str
    entries: int
    new: int
    updated: int
    refused: int
    requests: int
    seconds: float
    gap: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item to be merged, why it matters, and the archive's address of the answer with it.

    clues: what tells of its matter beyond its publisher's own identifiers.
    late: what its documents gained.
    """

    item: Item
    matches: tuple[Match, ...] = ()
    record: str = ""
    clues: Clues = NO_CLUES
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """A change as it was recorded.

    opened: the matter was not known before.
    returned: the item is back at a state that it had before.
    held: it has returned so often of late that it flaps: recorded, and not worth an alert.
    matched_before: some filter held on the item as it was.
    """

    change: Change
    item_id: int
    matches: tuple[Match, ...] = ()
    opened: bool = False
    returned: bool = False
    held: bool = False

    def moved(self, matters: Mapping[int, int]) -> Merged:
        """Follow a matter that went into another within the same poll."""
        matter = matters.get(self.change.matter)
        if matter is None:
            return self
        return replace(self, change=replace(self.change, matter=matter))

    matched_before: bool = False


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item with what the store knows about it."""

    id: int
    item: Item
    matter: int
    first_seen: datetime
    last_changed: datetime
    gone_at: datetime | None
    record: str
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One recorded change of an item."""

    item_id: int
    seen_at: datetime
    kind: ChangeKind
    fields: tuple[FieldChange, ...]
    returned: bool
    held: bool
    record: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter in short: title, stage and place come from the item that names it best."""

    id: int
    title: str
    type: ItemType
    jurisdiction: str
    url: str
    status: str
    direction: Direction
    first_seen: datetime
    last_changed: datetime
    items: int = 0
    topics: tuple[str, ...] = ()
    stage: Stage | None = None
    stage_said: str = ""
    stage_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grouping:
    """A decision on which matter an item belongs to, for people to audit.

    decision: joined, moved, or left apart although something pointed to `matter`.
    """

    item_id: int
    matter: int
    from_matter: int | None
    decision: str
    reason: str
    strength: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Timeline:
    """A matter with all that happened to it, each part in the order of time."""

    matter: Matter
    identifiers: tuple[Identifier, ...]
    items: tuple[StoredItem, ...]
    revisions: tuple[Revision, ...]
    alerts: tuple[OutboxRow, ...]
    groupings: tuple[Grouping, ...]


class DeliveryState(StrEnum):
    """Where an alert stands.

    queued: waits for its turn. sending: reserved, the service may have it. sent: confirmed.
    unknown: it cannot be found out by itself. failed: a person must act. deferred: over the cap,
    told in a summary. held: recorded, and not to be sent. dropped: a person gave it up.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DEFERRED = "deferred"
    HELD = "held"
    DROPPED = "dropped"


class Verdict(StrEnum):
    """What a person (or a look into the channel) says about a delivery."""

    SENT = "sent"
    RETRY = "retry"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An alert in the outbox and its fate so far."""

    id: int
    alert: Alert
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime
    tried_at: datetime | None
    settled_at: datetime | None
    reference: str
    place: str
    error_code: str
    error: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver an alert, as it was logged; `outcome` is "sending" while it lasts."""

    attempt: int
    tried_at: datetime
    ended_at: datetime | None
    outcome: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A matter's thread in a channel: its first message there."""

    channel: str
    matter: int
    reference: str
    place: str
    alert_id: int


@dataclass(frozen=True, slots=True)
class StaleThread:
    """A thread whose first message does not show the present state of its matter.

    shown: a hash of the state that it shows; "" for that of its first day.
    goes_on: the matter was merged: the message in the same channel where its story goes on.
    """

    thread: Thread
    opened_at: datetime
    shown: str = ""
    goes_on: Receipt | None = None


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel (or a whole service) that has trouble.

    failures: failed attempts in a row.
    paused_until: UNTIL_RESUMED where a person must act; None where it is not paused.
    """

    channel: str
    paused_until: datetime | None = None
    reason: str = ""
    failures: int = 0


class Telling(StrEnum):
    """Whether a trouble is to be told now, and as what."""

    FIRST = "first"
    REMINDER = "reminder"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Notice:
    """A trouble that has been told and is not over."""

    subject: str
    reason: str
    since: datetime
    told_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Found:
    """A search's hit: the item, and a piece of its text with the places of the words.

    hits: (start, end) in `snippet`.
    """

    stored: StoredItem
    snippet: str
    hits: tuple[tuple[int, int], ...]
    rank: float
