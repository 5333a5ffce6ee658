"""How matters stand: title, stage and dates, before a change and after it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import islice

from monitor.models import Direction, Hearing, Item, ItemType, Stage, Standing
from monitor.stages import Reading, advance, stage_when_gone
from monitor.store.coding import hearings_of
from monitor.store.connection import Connection
from monitor.store.threads import mark_stale
from monitor.telling import named_paper, paper_of

# What names a matter best: the thing itself, then what is done about it, then what is said of it.
_RANK = {
    ItemType.BILL: 0,
    ItemType.COUNCIL_ITEM: 0,
    ItemType.DOCKET_CAPTION: 0,
    ItemType.EXECUTIVE_ORDER: 0,
    ItemType.FEDERAL_REGISTER: 0,
    ItemType.AGREEMENT: 0,
    ItemType.MEETING: 1,
    ItemType.OPINION: 1,
    ItemType.AGENDA_ITEM: 2,
    ItemType.DOCKET_ENTRY: 2,
    ItemType.ROW: 3,
    ItemType.PAGE_CHANGE: 3,
    ItemType.PRESS_RELEASE: 4,
    ItemType.NEWS: 5,
}
_REMEMBERED = 100
NOT_LISTED = "no longer listed"


@dataclass(frozen=True, slots=True)
class _Told:
    source: str
    hearings: tuple[Hearing, ...]
    stage: Stage | None
    paper: str = ""


@dataclass(slots=True)
class _Matter:
    """What one transaction knows of a matter; `told` is what each of its items says."""

    type: ItemType
    lead: int
    stage: Stage | None
    fresh: bool
    was_told: bool
    told: dict[int, _Told] = field(default_factory=dict)
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class _Joined:
    matter: int
    item_id: int
    item: Item
    direction: Direction
    is_lead: bool
    stage: Stage | None
    new_stage: bool


class Standings:
    """The matters that one transaction touches; call `write` before it ends."""

    def __init__(self, db: Connection, seen_at: str) -> None:
        self._db = db
        self._seen_at = seen_at
        self._known: dict[int, _Matter] = {}
        self._joined: list[_Joined] = []

    def open(self, matter: int, item_id: int, item: Item) -> Stage | None:
        """Note a new matter; return its first stage."""
        stage = advanced(None, item)
        told = {item_id: _told(item)}
        self._known[matter] = _Matter(
            item.type, item_id, stage, fresh=True, was_told=False, told=told, is_complete=True
        )
        return stage

    def before(self, matter: int, item_id: int) -> Standing:
        """Say how a matter stands without one of its items."""
        known = self._of(matter)
        if not known.is_complete:
            self._complete(matter, known)
        newest = islice(reversed(known.told.items()), _REMEMBERED)
        others = [told for number, told in newest if number != item_id][::-1]
        return Standing(
            stage=known.stage,
            hearings=tuple(hearing for one in others for hearing in one.hearings),
            sources=tuple(dict.fromkeys(one.source for one in others)),
            stages=tuple(dict.fromkeys(one.stage for one in others if one.stage)),
            fresh=known.fresh,
            told=known.was_told,
            papers=tuple(one.paper for one in others if one.paper),
        )

    def matters_to_people(self, matter: int) -> bool:
        """Say whether people were told of a matter, or may be in this very transaction."""
        known = self._of(matter)
        return known.fresh or known.was_told

    def stage(self, matter: int) -> Stage | None:
        """Return a matter's present stage."""
        return self._of(matter).stage

    def join(self, matter: int, item_id: int, item: Item, direction: Direction) -> None:
        """Note that an item is new in a matter, or has changed there."""
        known = self._of(matter)
        is_lead = known.lead == item_id or _RANK[item.type] < _RANK[known.type]
        stage = advanced(known.stage, item)
        new_stage = stage is not known.stage
        self._joined.append(_Joined(matter, item_id, item, direction, is_lead, stage, new_stage))
        known.stage = stage
        known.told[item_id] = _told(item)
        if is_lead:
            known.type, known.lead = item.type, item_id

    def leave(self, matter: int, item: Item) -> Stage | None:
        """Write that an item is gone; return the stage to which that brings its matter."""
        known = self._of(matter)
        meant = stage_when_gone(item.type)
        if meant and meant is not known.stage and not self._stands(matter, item):
            known.stage = meant
            self._db.write(
                "UPDATE matters SET stage = ?, stage_said = ?, stage_since = ? WHERE id = ?",
                (meant.value, NOT_LISTED, self._seen_at, matter),
            )
        self._db.write(
            "UPDATE matters SET last_changed = max(last_changed, ?) WHERE id = ?",
            (self._seen_at, matter),
        )
        mark_stale(self._db, matter)
        return known.stage

    def _stands(self, matter: int, item: Item) -> bool:
        """Say whether another item of a type still says that a matter holds."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM items WHERE matter_id = ? AND type = ? "
            "AND gone_at IS NULL AND NOT (source = ? AND key = ?))"
        )
        return bool(self._db.value(query, (matter, item.type.value, item.source, item.key)))

    def write(self) -> None:
        """Write what was noted; the rows of new matters must be there."""
        for joined in self._joined:
            self._write(joined)
        self._joined = []

    def _of(self, matter: int) -> _Matter:
        if matter not in self._known:
            row = self._db.row(
                "SELECT type, lead_item, stage, told_at FROM matters WHERE id = ?", (matter,)
            )
            kind, lead, stage, told_at = row or (ItemType.NEWS.value, 0, "", None)
            self._known[matter] = _Matter(
                ItemType(kind),
                lead,
                Stage(stage) if stage else None,
                fresh=False,
                was_told=told_at is not None,
            )
        return self._known[matter]

    def _complete(self, matter: int, known: _Matter) -> None:
        """Read the matter's items from the database; the newest hundred are enough."""
        rows = self._db.rows(
            "SELECT i.id, i.source, (SELECT json_group_array(json(h.hearing)) FROM hearings h "
            "WHERE h.item_id = i.id), json_extract(i.details, '$.stage'), i.type, i.details "
            "FROM items i WHERE i.matter_id = ? ORDER BY i.id DESC LIMIT ?",
            (matter, _REMEMBERED),
        )[::-1]
        stored = {
            number: _Told(
                source, hearings_of(text), Stage(stage) if stage else None, _stored_paper(*rest)
            )
            for number, source, text, stage, *rest in rows
        }
        known.told = stored | known.told
        known.is_complete = True

    def _write(self, joined: _Joined) -> None:
        item = joined.item
        if joined.is_lead:
            self._db.write(
                "UPDATE matters SET title = ?, type = ?, jurisdiction = ?, url = ?, status = ?, "
                "lead_item = ? WHERE id = ?",
                (
                    item.title,
                    item.type.value,
                    item.jurisdiction,
                    item.url,
                    item.status,
                    joined.item_id,
                    joined.matter,
                ),
            )
        if joined.new_stage:
            self._db.write(
                "UPDATE matters SET stage = ?, stage_said = ?, stage_since = ? WHERE id = ?",
                (
                    joined.stage.value if joined.stage else "",
                    item.stage_said,
                    self._seen_at,
                    joined.matter,
                ),
            )
        self._db.write(
            "UPDATE matters SET last_changed = max(last_changed, ?), "
            "direction = CASE ? WHEN 'unclear' THEN direction ELSE ? END WHERE id = ?",
            (self._seen_at, joined.direction.value, joined.direction.value, joined.matter),
        )
        mark_stale(self._db, joined.matter)


def _told(item: Item) -> _Told:
    return _Told(item.source, item.hearings, item.stage, paper_of(item))


def _stored_paper(type_: str, details: str) -> str:
    if type_ != ItemType.DOCKET_ENTRY.value:
        return ""
    told = json.loads(details)
    names = ((one["scheme"], one["value"]) for one in told.get("identifiers", ()))
    return named_paper(names, told.get("facts", ()))


def leads(item: Item, lead: Item) -> bool:
    """Say whether an item names its matter better than the one that does so far."""
    return _RANK[item.type] < _RANK[lead.type]


def advanced(present: Stage | None, item: Item) -> Stage | None:
    """Return a matter's stage with one more item: the same where it says nothing new."""
    if item.stage is None:
        return present
    return advance(present, Reading(item.stage, item.stage_said), item.type)
