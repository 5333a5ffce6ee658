"""What the store tells of a period: plain values, out of which a digest is composed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models import (
    ChangeKind,
    Coming,
    Contact,
    Direction,
    FieldChange,
    Hearing,
    Identifier,
    Item,
    ItemType,
    Match,
    Stage,
)


@dataclass(frozen=True, slots=True)
class Span:
    """The rows that a digest covers: numbers of items and revisions, (since, until]."""

    since_item: int = 0
    until_item: int = 0
    since_revision: int = 0
    until_revision: int = 0


@dataclass(frozen=True, slots=True)
class Arrived:
    """An item that came to a matter; of its text there is the beginning only."""

    item: Item
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Revised:
    """A change of an item, and the item as it is by now."""

    item: Item
    kind: ChangeKind
    fields: tuple[FieldChange, ...]
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of one of the matter's items.

    said_at: when that item was last changed; the latest word on a date holds.
    contacts: how to take part, as the item says.
    """

    hearing: Hearing
    said_at: datetime
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class MatterNews:
    """A matter to which something happened, with all that a digest says of it.

    fresh: its first item came in the period. arrived, revised: what happened, the oldest first.
    matches: of its items, those of the period first. dates: which begin after the digest, or may.
    sources: ids of those that reported it, the first to do so first.
    watched: why the watch list names it, "" where it does not.
    """

    id: int
    title: str
    type: ItemType
    jurisdiction: str
    url: str = ""
    stage: Stage | None = None
    stage_said: str = ""
    stage_since: datetime | None = None
    direction: Direction = Direction.UNCLEAR
    identifiers: tuple[Identifier, ...] = ()
    fresh: bool = False
    arrived: tuple[Arrived, ...] = ()
    revised: tuple[Revised, ...] = ()
    matches: tuple[Match, ...] = ()
    dates: tuple[Dated, ...] = ()
    sources: tuple[str, ...] = ()
    watched: str = ""

    @property
    def moments(self) -> tuple[datetime, ...]:
        """Say when something happened to the matter."""
        return (*(one.seen_at for one in self.arrived), *(one.seen_at for one in self.revised))


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is counted over all matters.

    added, ended: 287(g) agreements of the period; in_force: at the end of each week, the last one
    being now; () where the list was never read.
    active: how many matched matters something happened to, week by week.
    weeks: the first day of each week, as "2026-11-16".
    coming: dates of the next two weeks, of all matters that concern people.
    """

    weeks: tuple[str, ...] = ()
    active: tuple[int, ...] = ()
    added: int = 0
    ended: int = 0
    in_force: tuple[int, ...] = ()
    coming: tuple[Coming, ...] = ()
