"""Matters: one thing each, whoever reports it, with all that happened to it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from monitor.models import Direction, Identifier, Item, ItemType, Present, Stage
from monitor.reminders import Ahead
from monitor.store.coding import hearing_of, moment, optional_moment, stamp
from monitor.store.conditions import Conditions
from monitor.store.connection import Connection
from monitor.store.history import History
from monitor.store.items import Items
from monitor.store.outbox import OUTBOX_COLUMNS, outbox_row
from monitor.store.threads import Threads
from monitor.store.values import Grouping, Matter, Timeline
from monitor.wording import is_ahead, numbered

_MATTER = (
    "SELECT m.id, m.title, m.type, m.jurisdiction, m.url, m.status, m.direction, m.first_seen, "
    "m.last_changed, (SELECT count(*) FROM items WHERE matter_id = m.id), "
    "(SELECT json_group_array(DISTINCT topic) FROM matches JOIN items "
    "ON items.id = matches.item_id WHERE items.matter_id = m.id), m.stage, m.stage_said, "
    "m.stage_since FROM matters m "
)
# A date is known since it was last changed, the item was last listed anew, or people were first
# told of the matter.
_AHEAD = (
    "SELECT h.hearing, i.id, i.matter_id, max(m.told_at, coalesce((SELECT max(r.seen_at) "
    "FROM revisions r, "
    "json_each(r.fields) AS field WHERE r.item_id = i.id "
    "AND json_extract(field.value, '$.name') IN ('hearings', 'listing')), i.first_seen)) "
    "FROM hearings h JOIN items i ON i.id = h.item_id JOIN matters m ON m.id = i.matter_id "
    "WHERE h.cancelled = 0 AND h.starts > ? AND h.starts <= ? AND i.gone_at IS NULL "
    "AND m.told_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM items j JOIN hearings c "
    "ON c.item_id = j.id WHERE j.matter_id = i.matter_id AND c.cancelled = 1 "
    "AND c.starts = h.starts AND c.kind = h.kind AND j.last_changed > i.last_changed) "
    "ORDER BY h.starts, i.id"
)
_A_DAY = timedelta(hours=26)


class Matters:
    """The matters and their timelines."""

    def __init__(self, db: Connection, items: Items) -> None:
        self._db = db
        self._items = items
        self._history = History(db)
        self._threads = Threads(db)

    def current(self, matter: int) -> int:
        """Return the number under which a matter goes on, where it was merged into another."""
        merged = self._db.value("SELECT merged_into FROM matters WHERE id = ?", (matter,))
        return int(merged) if merged is not None else matter

    def of_item(self, source: str, key: str) -> int | None:
        """Return the matter of an item, or None where the item is not known."""
        query = "SELECT matter_id FROM items WHERE source = ? AND key = ?"
        found: int | None = self._db.value(query, (source, key))
        return found

    def named(self, identifier: Identifier) -> int | None:
        """Return the matter that an official identifier names, or None."""
        found: int | None = self._db.value(
            "SELECT matter_id FROM matter_identifiers WHERE scheme = ? AND scope = ? AND value = ?",
            (identifier.scheme, identifier.scope, identifier.value),
        )
        return found

    def matter(self, number: int) -> Matter:
        """Return a matter in short, also by the number it had before a merge; raises KeyError."""
        rows = self._db.rows(f"{_MATTER} WHERE m.id = ?", (self.current(number),))
        if not rows:
            raise KeyError(number)
        return _matter_of(rows[0])

    def lead_item(self, number: int) -> Item:
        """Return the item that names a matter best; raises KeyError."""
        found = self._db.value(
            "SELECT id FROM items WHERE matter_id = ?1 "
            "ORDER BY id <> (SELECT lead_item FROM matters WHERE id = ?1), id LIMIT 1",
            (self.current(number),),
        )
        if found is None:
            raise KeyError(number)
        return self._items.item(found).item

    def recent(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        topic: str = "",
        jurisdiction: str = "",
        types: Collection[ItemType] = (),
        stage: Stage | None = None,
        matched_only: bool = False,
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[Matter, ...]:
        """Return matters to which something happened in [since, until), the latest first.

        jurisdiction: with all that lies within it. matched_only: some filter holds on one of the
        matter's items, or one is watched. Empty arguments do not restrict.
        """
        wanted = (
            Conditions("m.merged_into IS NULL")
            .within("m.jurisdiction", jurisdiction)
            .one_of("m.type", types)
            .equal("m.stage", stage.value if stage else "")
        )
        if since is not None or until is not None:
            news, bounds = _changed_in(since, until)
            wanted.both(news, *bounds)
        if topic:
            wanted.both(
                "EXISTS (SELECT 1 FROM items JOIN matches ON matches.item_id = items.id "
                "WHERE items.matter_id = m.id AND matches.topic = ?)",
                topic,
            )
        elif matched_only:
            wanted.both(
                "EXISTS (SELECT 1 FROM items i WHERE i.matter_id = m.id AND "
                "(EXISTS (SELECT 1 FROM matches WHERE item_id = i.id) "
                "OR json_extract(i.details, '$.watched') IS NOT NULL))"
            )
        query = f"{_MATTER} WHERE {wanted} ORDER BY m.last_changed DESC, m.id DESC LIMIT ? OFFSET ?"
        return tuple(map(_matter_of, self._db.rows(query, (*wanted.values, limit, offset))))

    def note_told(self, matters: Collection[int], now: datetime) -> None:
        """Note that somebody is being alerted to these matters."""
        self._db.write(
            "UPDATE matters SET told_at = coalesce(told_at, ?) "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (stamp(now), json.dumps(sorted(matters))),
        )

    def present(self, number: int, now: datetime) -> Present:
        """Say how a matter stands: its stage, and its dates after `now`; raises KeyError.

        `sources` are the ids of those that reported it, the first to do so first.
        """
        matter = self.matter(number)
        sources = self._db.rows(
            "SELECT source FROM items WHERE matter_id = ? GROUP BY source ORDER BY min(id)",
            (matter.id,),
        )
        ahead = self._db.rows(
            "SELECT h.hearing FROM hearings h JOIN items i ON i.id = h.item_id "
            "WHERE i.matter_id = ? AND i.gone_at IS NULL AND h.starts >= ? ORDER BY h.starts, i.id",
            (matter.id, stamp(now - _A_DAY)),
        )
        hearings = dict.fromkeys(hearing_of(text) for (text,) in ahead)
        changes = self._db.value(
            "SELECT count(*) - 1 + (SELECT count(*) FROM revisions r JOIN items i "
            "ON i.id = r.item_id WHERE i.matter_id = ? AND r.held = 0) "
            "FROM items WHERE matter_id = ?",
            (matter.id, matter.id),
        )
        return Present(
            matter=matter.id,
            title=numbered(matter.title, self._identifiers(matter.id)),
            url=matter.url,
            stage=matter.stage,
            stage_said=matter.stage_said,
            stage_since=matter.stage_since,
            direction=matter.direction,
            hearings=tuple(hearing for hearing in hearings if is_ahead(hearing, now)),
            sources=tuple(source for (source,) in sources),
            changes=int(changes),
            changed_at=matter.last_changed,
        )

    def ahead(self, now: datetime, until: datetime) -> tuple[Ahead, ...]:
        """Return the dates in (now, until] of matters that people were told of, in order of time.

        A date that several items of a matter give stands once; not at all where the latest word
        on it is that it was cancelled.
        """
        rows = self._db.rows(_AHEAD, (stamp(now), stamp(until)))
        found: dict[tuple[object, ...], Ahead] = {}
        for text, item_id, matter, since in rows:
            hearing = hearing_of(text)
            identity = (matter, hearing.kind, hearing.starts)
            if identity not in found:
                found[identity] = Ahead(
                    matter,
                    hearing,
                    self._items.item(item_id).item,
                    moment(since),
                    self._threads.channels(matter),
                    *self._reminded(matter),
                )
        return tuple(found.values())

    def _reminded(self, matter: int) -> tuple[tuple[int, ...], frozenset[str]]:
        """Name the matters that went into one, and its reminders so far."""
        merged = self._db.rows(
            "SELECT from_matter FROM groupings WHERE matter_id = ? AND decision IN "
            "('merged', 'moved') AND from_matter IS NOT NULL GROUP BY from_matter",
            (matter,),
        )
        keys = self._db.rows(
            "SELECT key FROM alerts WHERE matter_id = ? AND kind = 'reminder'", (matter,)
        )
        return tuple(number for (number,) in merged), frozenset(key for (key,) in keys)

    def timeline(self, number: int) -> Timeline:
        """Return a matter with its items, revisions, alerts and groupings; raises KeyError."""
        matter = self.matter(number)
        own = (matter.id,)
        alerts = self._db.rows(
            f"SELECT {OUTBOX_COLUMNS} FROM alerts WHERE matter_id = ? ORDER BY id",  # noqa: S608
            own,
        )
        return Timeline(
            matter=matter,
            identifiers=self._identifiers(matter.id),
            items=self._items.of_matter(matter.id),
            revisions=self._history.of_matter(matter.id),
            alerts=tuple(map(outbox_row, alerts)),
            groupings=self._groupings(matter.id),
        )

    def _identifiers(self, matter: int) -> tuple[Identifier, ...]:
        query = (
            "SELECT scheme, scope, value FROM matter_identifiers WHERE matter_id = ? "
            "ORDER BY scheme, scope, value"
        )
        return tuple(Identifier(*row) for row in self._db.rows(query, (matter,)))

    def _groupings(self, matter: int) -> tuple[Grouping, ...]:
        query = (
            "SELECT item_id, matter_id, from_matter, decision, reason, strength, decided_at "
            "FROM groupings WHERE matter_id = ? OR from_matter = ? ORDER BY id"
        )
        return tuple(
            Grouping(
                item_id=row[0],
                matter=row[1],
                from_matter=row[2],
                decision=row[3],
                reason=row[4],
                strength=row[5],
                decided_at=moment(row[6]),
            )
            for row in self._db.rows(query, (matter, matter))
        )

    def count(self) -> int:
        """Return how many matters there are."""
        return int(self._db.value("SELECT count(*) FROM matters WHERE merged_into IS NULL"))


def _changed_in(since: datetime | None, until: datetime | None) -> tuple[str, list[Any]]:
    """Ask for a new or changed item in the period, whatever happened to the matter after it."""
    new = Conditions().since("first_seen", since).before("first_seen", until)
    changed = Conditions().since("r.seen_at", since).before("r.seen_at", until)
    condition = (
        f"m.id IN (SELECT matter_id FROM items WHERE {new} UNION "  # noqa: S608
        f"SELECT i.matter_id FROM revisions r JOIN items i ON i.id = r.item_id WHERE {changed})"
    )
    return condition, new.values + changed.values


def _matter_of(row: tuple[Any, ...]) -> Matter:
    return Matter(
        id=row[0],
        title=row[1],
        type=ItemType(row[2]),
        jurisdiction=row[3],
        url=row[4],
        status=row[5],
        direction=Direction(row[6]),
        first_seen=moment(row[7]),
        last_changed=moment(row[8]),
        items=row[9],
        topics=tuple(sorted(json.loads(row[10]))),
        stage=Stage(row[11]) if row[11] else None,
        stage_said=row[12],
        stage_since=optional_moment(row[13]),
    )
