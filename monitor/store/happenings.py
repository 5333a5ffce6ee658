"""What was recorded in a span of rows, gathered by matter, in a few passes over the tables."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.alerts import material_fields
from monitor.digest import Arrived, Dated, MatterNews, Revised, Span
from monitor.models import (
    ChangeKind,
    Contact,
    Direction,
    FieldChange,
    Identifier,
    ItemType,
    Match,
    Stage,
)
from monitor.store.coding import (
    ITEM_COLUMNS,
    ITEM_WIDTH,
    contacts_of,
    fields_of,
    hearing_of,
    item_of,
    matches_of,
    moment,
    optional_moment,
    stamp,
)
from monitor.store.connection import Connection

# Of a text only the beginning is quoted; a bill's would be megabytes.
_BEGINNING = 400
_A_DAY = timedelta(hours=26)
# Of each filter the latest matches of a matter are enough to choose a passage from.
_MATCHES = 3
_DATES = 40
_ITEM = ", ".join(
    f"substr(i.text, 1, {_BEGINNING})" if name == "text" else f"i.{name}"
    for name in ITEM_COLUMNS.split(", ")
)
# Matters that concern people: a filter holds on one of their items, they were told, or they watch.
_CONCERNS = (
    "(m.told_at IS NOT NULL OR json_extract(i.details, '$.watched') IS NOT NULL OR EXISTS "
    "(SELECT 1 FROM items j JOIN matches x ON x.item_id = j.id WHERE j.matter_id = i.matter_id))"
)
_ARRIVED = (
    f"SELECT {_ITEM}, i.id, i.matter_id, i.first_seen, m.told_at FROM items i "  # noqa: S608
    f"JOIN matters m ON m.id = i.matter_id WHERE i.id > ? AND i.id <= ? AND {_CONCERNS} "
    "ORDER BY i.id"
)
_REVISED = (
    f"SELECT {_ITEM}, i.matter_id, r.seen_at, r.kind, r.fields FROM revisions r "  # noqa: S608
    "JOIN items i ON i.id = r.item_id JOIN matters m ON m.id = i.matter_id "
    f"WHERE r.id > ? AND r.id <= ? AND r.held = 0 AND {_CONCERNS} ORDER BY r.id"
)
_AMONG = "IN (SELECT value FROM json_each(?1))"
_MATTERS = (
    "SELECT id, title, type, jurisdiction, url, stage, stage_said, stage_since, direction, "  # noqa: S608
    "(SELECT min(id) FROM items WHERE matter_id = matters.id) FROM matters "
    f"WHERE id {_AMONG} ORDER BY id"
)
_HOLDING = (
    "SELECT matter_id, match FROM (SELECT i.matter_id, x.match, i.id > ?2 AS fresh, i.id, "  # noqa: S608
    "row_number() OVER (PARTITION BY i.matter_id, x.topic ORDER BY i.id DESC) AS place "
    f"FROM items i JOIN matches x ON x.item_id = i.id WHERE i.matter_id {_AMONG}) "
    f"WHERE place <= {_MATCHES} ORDER BY matter_id, fresh DESC, id DESC"
)
_DATED = (
    "SELECT i.matter_id, h.hearing, i.last_changed, json_extract(i.details, '$.participation') "  # noqa: S608
    "FROM items i CROSS JOIN hearings h ON h.item_id = i.id "
    f"WHERE i.matter_id {_AMONG} AND i.gone_at IS NULL AND h.starts >= ?2 "
    "ORDER BY i.matter_id, h.starts, i.id"
)
_REPORTED = (
    f"SELECT matter_id, source FROM items WHERE matter_id {_AMONG} "  # noqa: S608
    "GROUP BY matter_id, source ORDER BY matter_id, min(id)"
)
_NAMED = (
    f"SELECT matter_id, scheme, scope, value FROM matter_identifiers WHERE matter_id {_AMONG} "  # noqa: S608
    "ORDER BY matter_id, scheme, scope, value"
)
# The index by source and time makes this one step for each source.
FIRST_SUCCESS = (
    "SELECT id, (SELECT polled_at FROM polls p WHERE p.source = s.id AND p.outcome <> 'failed' "
    "ORDER BY polled_at LIMIT 1), EXISTS (SELECT 1 FROM polls p WHERE p.source = s.id) "
    "FROM sources s"
)


@dataclass(slots=True)
class _Gathered:
    """What was found of one matter so far."""

    arrived: list[Arrived] = field(default_factory=list)
    revised: list[Revised] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    matches: list[Match] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    names: list[Identifier] = field(default_factory=list)
    watched: str = ""


class Happenings:
    """Reads the tables for digests."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def of(self, span: Span, now: datetime) -> tuple[MatterNews, ...]:
        """Gather the matters to which something was recorded in a span, by number."""
        found: dict[int, _Gathered] = defaultdict(_Gathered)
        learnt = Learnt(self._db)
        self._add_arrived(found, span, learnt)
        self._add_revised(found, span, learnt)
        if not found:
            return ()
        among = json.dumps(sorted(found))
        self._add_matches(found, among, span)
        self._add_dates(found, among, now)
        for matter, source in self._db.stream(_REPORTED, (among,)):
            found[matter].sources.append(source)
        for matter, *name in self._db.stream(_NAMED, (among,)):
            found[matter].names.append(Identifier(*name))
        rows = self._db.stream(_MATTERS, (among,))
        return tuple(_news(row, found[row[0]]) for row in rows)

    def _add_arrived(self, found: dict[int, _Gathered], span: Span, learnt: Learnt) -> None:
        for row in self._db.stream(_ARRIVED, (span.since_item, span.until_item)):
            number, matter, first_seen, told_at = row[ITEM_WIDTH:]
            item = item_of(row)
            # A backfill tells of what a first poll finds; its matters are told at that moment.
            if item.muted or (learnt.by(item.source, first_seen) and told_at != first_seen):
                continue
            own = found[matter]
            own.arrived.append(Arrived(item, moment(first_seen)))
            own.numbers.add(number)
            own.watched = own.watched or item.watched

    def _add_revised(self, found: dict[int, _Gathered], span: Span, learnt: Learnt) -> None:
        for row in self._db.stream(_REVISED, (span.since_revision, span.until_revision)):
            matter, seen_at, kind, written = row[ITEM_WIDTH:]
            item, fields = item_of(row), fields_of(written)
            told = _told(ChangeKind(kind), fields)
            if item.muted or told is None or learnt.by(item.source, seen_at):
                continue
            found[matter].revised.append(Revised(item, ChangeKind(kind), told, moment(seen_at)))
            found[matter].watched = found[matter].watched or item.watched

    def _add_matches(self, found: dict[int, _Gathered], among: str, span: Span) -> None:
        for matter, text in self._db.stream(_HOLDING, (among, span.since_item)):
            found[matter].matches += matches_of(f"[{text}]")

    def _add_dates(self, found: dict[int, _Gathered], among: str, now: datetime) -> None:
        for matter, text, said_at, said in self._db.stream(_DATED, (among, stamp(now - _A_DAY))):
            own = found[matter].dates
            if len(own) < _DATES:
                contacts: tuple[Contact, ...] = contacts_of(said) if said else ()
                own.append(Dated(hearing_of(text), moment(said_at), contacts))


class Learnt:
    """Knows until when each source was only learnt: what its first poll found is told nowhere."""

    def __init__(self, db: Connection) -> None:
        rows = db.rows(FIRST_SUCCESS)
        self._until: dict[str, str | None] = {
            source: first for source, first, was_polled in rows if was_polled
        }

    def by(self, source: str, seen_at: str) -> bool:
        """Say whether what was seen then came with the source's first poll, or before it ended."""
        if source not in self._until:
            return False
        until = self._until[source]
        return until is None or seen_at <= until


def _told(kind: ChangeKind, fields: tuple[FieldChange, ...]) -> tuple[FieldChange, ...] | None:
    """Keep what of a change is news; None where nothing is."""
    told = material_fields(fields)
    return None if kind is ChangeKind.UPDATED and not told else told


def _news(row: tuple[Any, ...], own: _Gathered) -> MatterNews:
    return MatterNews(
        id=row[0],
        title=row[1],
        type=ItemType(row[2]),
        jurisdiction=row[3],
        url=row[4],
        stage=Stage(row[5]) if row[5] else None,
        stage_said=row[6],
        stage_since=optional_moment(row[7]),
        direction=Direction(row[8]),
        identifiers=tuple(own.names),
        fresh=row[9] in own.numbers,
        arrived=tuple(own.arrived),
        revised=tuple(own.revised),
        matches=tuple(own.matches),
        dates=tuple(own.dates),
        sources=tuple(own.sources),
        watched=own.watched,
    )
