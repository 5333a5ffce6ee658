"""Gives each date of an item a name that it keeps when it is moved; pure.

item's dates + what calendars were given → Named → merged within the matter → CalendarEntry
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from monitor.models import CalendarEntry, Hearing
from monitor.store.values import Matter, StoredItem
from monitor.text import digest
from monitor.wording import numbered_title

_DOMAIN = "immigration-policy-monitor"


@dataclass(frozen=True, slots=True)
class Kept:
    """A date as calendars last got it; before: where it stood before its last move."""

    uid: str
    hearing: Hearing
    before: datetime | None
    sequence: int
    hash: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A date with its name; kept: None for one that no calendar has. lost: no longer named."""

    uid: str
    hearing: Hearing
    stored: StoredItem
    kept: Kept | None = None
    lost: bool = False

    @property
    def before(self) -> datetime | None:
        """Return where the date stood before its last move, None where it never moved."""
        if self.kept is None or self.kept.hearing.starts == self.hearing.starts:
            return self.kept.before if self.kept else None
        return self.kept.hearing.starts

    @property
    def identity(self) -> tuple[str, datetime | None]:
        """Tell dates of a matter apart."""
        return family(self.hearing), self.hearing.starts


def family(hearing: Hearing) -> str:
    """Name the sort of a date; a hearing and a meeting are one."""
    return "meeting" if hearing.kind == "hearing" else hearing.kind


def named(stored: StoredItem, kept: Iterable[Kept], now: datetime) -> Iterator[Named]:
    """Name the dates of an item: one at a known time has its name, another one ahead was moved.

    What is left of the dates ahead that calendars have is called off.
    """
    known: dict[str, list[Kept]] = defaultdict(list)
    for one in kept:
        known[family(one.hearing)].append(one)
    current: dict[str, dict[datetime, Hearing]] = defaultdict(dict)
    for hearing in () if stored.gone_at else stored.item.hearings:
        if hearing.starts is not None:
            current[family(hearing)].setdefault(hearing.starts, hearing)
    for kind in sorted({*known, *current}):
        yield from _of_kind(stored, kind, [*current[kind].values()], known[kind], now)


def _of_kind(
    stored: StoredItem, kind: str, dates: Sequence[Hearing], kept: Sequence[Kept], now: datetime
) -> Iterator[Named]:
    left = {one.hearing.starts: one for one in kept}
    fresh = []
    for hearing in dates:
        if one := left.pop(hearing.starts, None):
            yield Named(one.uid, hearing, stored, one)
        else:
            fresh.append(hearing)
    ahead = [one for starts, one in left.items() if starts is not None and starts >= now]
    for hearing, one in zip(fresh, ahead, strict=False):
        yield Named(one.uid, hearing, stored, one)
    for one in ahead[len(fresh) :]:
        yield Named(one.uid, replace(one.hearing, cancelled=True), stored, one, lost=True)
    taken = {one.uid for one in kept}
    names = (name for n in count() if (name := _uid(stored, kind, n)) not in taken)
    for hearing in fresh[len(ahead) :]:
        yield Named(next(names), hearing, stored)


def _uid(stored: StoredItem, kind: str, ordinal: int) -> str:
    """Name the n-th date of an item: the same again, where the database was lost and made anew."""
    return f"{digest('date', stored.item.source, stored.item.key, kind, str(ordinal))}@{_DOMAIN}"


def merged(matter: Matter, dates: Sequence[Named], now: datetime) -> Iterator[CalendarEntry]:
    """Make one entry of what several items of a matter say of one date.

    The name is that of the first item, the rest is the latest word; a time from which a later
    word has moved the date is left out.
    """
    together: dict[tuple[str, datetime | None], list[Named]] = defaultdict(list)
    for date in sorted(dates, key=lambda one: one.stored.id):
        if not _is_outdated(date, dates):
            together[date.identity].append(date)
    for same in together.values():
        owner = next((one for one in same if one.kept), same[0])
        standing = [one for one in same if not one.lost] or same
        latest = max(standing, key=lambda one: one.stored.last_changed)
        yield _entry(matter, owner, latest, now)


def _is_outdated(date: Named, dates: Iterable[Named]) -> bool:
    """Say whether an item of the matter was changed later, and moved this very date."""
    return date.kept is None and any(
        family(other.hearing) == family(date.hearing)
        and other.before == date.hearing.starts
        and other.stored.last_changed > date.stored.last_changed
        for other in dates
    )


def _entry(matter: Matter, owner: Named, latest: Named, now: datetime) -> CalendarEntry:
    item = latest.stored.item
    made = CalendarEntry(
        uid=owner.uid,
        sequence=0,
        changed_at=now,
        matter=matter.id,
        item=owner.stored.id,
        title=numbered_title(item),
        type=item.type,
        jurisdiction=item.jurisdiction or matter.jurisdiction,
        hearing=latest.hearing,
        url=item.url or matter.url,
        office=item.office,
        stage=matter.stage,
        direction=matter.direction,
        contacts=item.participation,
    )
    kept = owner.kept
    if kept is None:
        return made
    if kept.hash == hash_of(made):
        return replace(made, sequence=kept.sequence, changed_at=kept.changed_at)
    return replace(made, sequence=kept.sequence + 1)


def hash_of(entry: CalendarEntry) -> str:
    """Tell one form of an entry from the next by all that a calendar shows of it."""
    shown = (entry.title, entry.url, entry.office, entry.hearing, entry.stage, entry.contacts)
    return digest(*map(repr, shown))
