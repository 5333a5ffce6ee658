"""What is told, to whom, and how it fared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models.items import FieldChange, Item, Match
from monitor.models.matters import Present, Related
from monitor.models.words import ChangeKind, Direction, Priority, Stage


@dataclass(frozen=True, slots=True)
class Alert:
    """What one channel is to be told about one change.

    key: unique for (channel, matter, item, change); a second enqueue is harmless. Opaque: it
        stands in Slack's message metadata, which everybody in the workspace can read.
    kind: alert, reminder (of a date ahead), summary (a deferred flood), health, direct (an alert's
        copy for one follower of its matter).
    matches: why; empty for health posts.
    lines: further (title, url) lines of a summary.
    stage: of the matter, once this is told.
    related: other matters with the same text.
    for_everyone: as a reply in a thread it is also shown in the channel.
    """

    key: str
    channel: str
    kind: str
    headline: str
    matter: int = 0
    item: Item | None = None
    change: ChangeKind = ChangeKind.NEW
    fields: tuple[FieldChange, ...] = ()
    matches: tuple[Match, ...] = ()
    priority: Priority = Priority.NORMAL
    direction: Direction = Direction.UNCLEAR
    source_name: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    created_at: datetime | None = None
    stage: Stage | None = None
    related: tuple[Related, ...] = ()
    for_everyone: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A channel's word that a message arrived; `reference` is its id there (Slack's ts).

    note: what a person should mend although it arrived; "" for nothing. It is not stored.
    """

    reference: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert on its way: which attempt, since when, and the thread it belongs to.

    thread: reference of the matter's first message in this channel, "" where this is the first.
    tried_at: when the attempt in doubt began; None where none is.
    about: what its matter is called, where the channel was told of that and has no thread of it.
    heard: somebody listens to what people click, so that it may carry buttons.
    """

    id: int
    alert: Alert
    attempt: int = 1
    thread: str = ""
    tried_at: datetime | None = None
    about: str = ""
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """A matter's first message in a channel, and what it should show by now.

    posted_at: when it was sent; its own words are those of that day.
    present: the matter as it stands; None where it has gone into another one.
    goes_on: then, the message in the same channel where the story goes on.
    heard: somebody listens to what people click, so that it may carry buttons.
    """

    alert: Alert
    receipt: Receipt
    posted_at: datetime
    present: Present | None = None
    goes_on: Receipt | None = None
    heard: bool = False
