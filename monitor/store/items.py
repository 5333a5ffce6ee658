"""Items: what is known already, what is new, updated, gone, or back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.models import (
    Change,
    ChangeKind,
    FieldChange,
    Item,
    ItemType,
    Joining,
    Match,
    Reach,
)
from monitor.normalise import item_changes
from monitor.store.absences import Absences
from monitor.store.additions import late_fields, late_states, telling, with_late
from monitor.store.bridging import bridge
from monitor.store.coding import (
    ITEM_COLUMNS,
    ITEM_WIDTH,
    hearing_text,
    item_of,
    item_values,
    match_text,
    matches_of,
    moment,
    optional_moment,
    optional_stamp,
    stamp,
)
from monitor.store.conditions import Conditions
from monitor.store.connection import Connection
from monitor.store.grouping import Groups, Placing
from monitor.store.history import History
from monitor.store.known import fingerprints, known_among
from monitor.store.standing import Standings
from monitor.store.values import Arrival, Merged, Revision, StoredItem

_LISTED, _GONE = "listed", "gone"
_MARKS = ", ".join("?" * ITEM_WIDTH)
_HEARING = "item_id, place_in_list, starts, kind, cancelled, hearing"
_INSERTED = f"{ITEM_COLUMNS}, id, matter_id, first_seen, last_changed, record"
_UPDATE = (
    f"UPDATE items SET ({ITEM_COLUMNS}) = ({_MARKS}), matter_id = ?, last_changed = ?, "  # noqa: S608
    "record = ?, absences = 0, gone_at = NULL WHERE id = ?"
)
STORED_COLUMNS = (
    f"{', '.join('i.' + name for name in ITEM_COLUMNS.split(', '))}, "  # noqa: S608
    "i.id, i.matter_id, i.first_seen, i.last_changed, i.gone_at, i.record, "
    "(SELECT json_group_array(json(m.match)) FROM matches m WHERE m.item_id = i.id)"
)
STORED_WIDTH = ITEM_WIDTH + 7
_STORED = f"SELECT {STORED_COLUMNS} FROM items i"  # noqa: S608


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    matter: int
    last_changed: str
    gone: bool
    record: str
    item: Item


class Items:
    """The items, their revisions and matches."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._history = History(db)
        self._absences = Absences(db)

    def known_fingerprints(self, source: str) -> Mapping[str, str]:
        """Map each key of a source to its fingerprint; "" where the item is gone.

        So an item that comes back is fresh, and yet its key is known.
        """
        return fingerprints(self._db, source)

    def merge(
        self, item: Item, seen_at: datetime, matches: tuple[Match, ...] = (), record: str = ""
    ) -> Merged | None:
        """Record one item; None where nothing about it is news."""
        return next(iter(self.merge_all((Arrival(item, matches, record),), seen_at)), None)

    def merge_all(self, arrivals: Iterable[Arrival], seen_at: datetime) -> tuple[Merged, ...]:
        """Record the items of a poll; return what changed, in the order of arrival.

        An item with a known fingerprint changes nothing. One whose fingerprint differs although no
        field of news does (it was made by an older version of this program) is brought up to date
        in silence.
        """
        numbered = list(enumerate(arrivals))
        if not numbered:
            return ()
        with self._db.transaction():
            known = known_among(self._db, (arrival.item for _, arrival in numbered))
            fresh: dict[tuple[str, str], tuple[int, Arrival]] = {}
            changed = []
            for place, arrival in numbered:
                identity = (arrival.item.source, arrival.item.key)
                if identity not in known and identity not in fresh:
                    fresh[identity] = (place, arrival)
                elif known.get(identity) != arrival.item.fingerprint or arrival.late:
                    changed.append((place, arrival))
            merged = self._add(fresh.values(), stamp(seen_at))
            for place, arrival in changed:
                if change := self._change(arrival, seen_at):
                    merged[place] = change
        return tuple(merged[place] for place in sorted(merged))

    def _add(self, fresh: Collection[tuple[int, Arrival]], seen_at: str) -> dict[int, Merged]:
        merged: dict[int, Merged] = {}
        if not fresh:
            return merged
        groups = Groups(self._db, seen_at)
        last = self._db.value("SELECT seq FROM sqlite_sequence WHERE name = 'items'") or 0
        rows: list[tuple[Any, ...]] = []
        matched: list[tuple[Any, ...]] = []
        dated: list[tuple[Any, ...]] = []
        for number, (place, arrival) in enumerate(fresh, start=last + 1):
            item, matches = arrival.item, arrival.matches
            placing = groups.place(item, number, matches, arrival.clues)
            rows.append(
                (*item_values(item), number, placing.matter, seen_at, seen_at, arrival.record)
            )
            matched.extend(_match_row(number, match, seen_at) for match in matches)
            dated.extend(_hearing_rows(number, item))
            change = Change(
                ChangeKind.NEW,
                item,
                placing.matter,
                joined=placing.how,
                before=placing.before,
                stage=groups.standings.stage(placing.matter),
                related=placing.related,
            )
            merged[place] = Merged(change, number, matches, opened=placing.opened)
        groups.write()
        self._db.insert("items", _INSERTED, rows)
        self._db.insert("hearings", _HEARING, dated)
        self._write_matches(matched)
        groups.write_clues()
        moved = bridge(self._db, groups.bridges, self.of_matter, seen_at)
        return {place: one.moved(moved) for place, one in merged.items()} if moved else merged

    def _change(self, found: Arrival, seen_at: datetime) -> Merged | None:
        known = self._known(found.item)
        arrival = self._completed(found, known)
        item, late = arrival.item, arrival.late
        if known.item.fingerprint == item.fingerprint and not known.gone and late is None:
            return None
        fields = item_changes(known.item, item) + late_fields(late)
        if known.gone:
            fields = (*fields, FieldChange("listing", _GONE, _LISTED))
        groups = Groups(self._db, stamp(seen_at))
        placing = Placing(known.matter, Joining.KEPT)
        if fields:
            # Of documents that were read again the words of the item itself are what they were.
            clues = None if late is not None and late.alone else arrival.clues
            placing = groups.replace(item, known.id, known.matter, arrival.matches, clues)
        matter = placing.matter
        changed_at = stamp(seen_at) if fields else known.last_changed
        values = (*item_values(item), matter, changed_at, arrival.record, known.id)
        before = self._matches(known.id)
        self._db.write(_UPDATE, values)
        self.rematch(known.id, arrival.matches, seen_at)
        self._db.write("DELETE FROM hearings WHERE item_id = ?", (known.id,))
        self._db.insert("hearings", _HEARING, _hearing_rows(known.id, item))
        groups.write()
        groups.write_clues()
        if not fields:
            return None
        number = self._history.count(known.id)
        change = Change(
            ChangeKind.UPDATED,
            item,
            matter,
            fields,
            number,
            joined=placing.how,
            before=placing.before,
            stage=groups.standings.stage(matter),
        )
        old, new = late_states(late, known.item.fingerprint)
        revision = self._history.add(change, known.id, old, seen_at, found.record, new)
        return Merged(
            change,
            known.id,
            telling(arrival, fields, known.item, before),
            returned=revision.returned,
            held=revision.held,
            matched_before=bool(before),
        )

    def _completed(self, arrival: Arrival, known: _Known) -> Arrival:
        """Add what is known of an item of which only the documents were looked at."""
        late = arrival.late
        if late is None or not late.alone:
            return arrival
        matches = with_late(self._matches(known.id), late)
        return replace(arrival, item=known.item, matches=matches, record=known.record)

    def _matches(self, item_id: int) -> tuple[Match, ...]:
        query = "SELECT json_group_array(json(match)) FROM matches WHERE item_id = ?"
        return matches_of(self._db.value(query, (item_id,)))

    def _known(self, item: Item) -> _Known:
        row = self._db.rows(
            f"SELECT {ITEM_COLUMNS}, id, matter_id, last_changed, gone_at, record "  # noqa: S608
            "FROM items WHERE source = ? AND key = ?",
            (item.source, item.key),
        )[0]
        number, matter, last_changed, gone_at, record = row[ITEM_WIDTH:]
        return _Known(number, matter, last_changed, gone_at is not None, record, item_of(row))

    def rematch(self, item_id: int, matches: tuple[Match, ...], now: datetime) -> None:
        """Replace the matches of an item; those that go on keep the time they were first made."""
        topics = json.dumps([match.topic for match in matches])
        with self._db.transaction():
            self._db.write(
                "DELETE FROM matches WHERE item_id = ? "
                "AND topic NOT IN (SELECT value FROM json_each(?))",
                (item_id, topics),
            )
            self._write_matches([_match_row(item_id, match, stamp(now)) for match in matches])

    def _write_matches(self, rows: list[tuple[Any, ...]]) -> None:
        self._db.write_many(
            "INSERT INTO matches (item_id, topic, priority, direction, matched_at, match) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (item_id, topic) DO UPDATE SET "
            "priority = excluded.priority, direction = excluded.direction, match = excluded.match",
            rows,
        )

    def missing(self, source: str, seen: Collection[str], now: datetime) -> tuple[Merged, ...]:
        """Count absences; return the items that are gone since this poll (DESIGN decision 9).

        Only for a source whose answer lists everything that holds. seen: the keys in the answer;
        an empty answer proves nothing and counts nothing.
        """
        with self._db.transaction():
            gone = self._absences.missing(source, seen, now)
            return tuple(self._mark_gone(number, now) for number in gone)

    def off_calendar(
        self,
        source: str,
        seen: Collection[str],
        now: datetime,
        reaches: Iterable[Reach],
        *,
        anew: bool = False,
    ) -> tuple[Merged, ...]:
        """Count the absences of coming meetings; return those that were taken off the calendar.

        seen: the keys in the answers. reaches: how far their lists went; () proves nothing.
        anew: the source's options changed: what is not shown now leaves without a word.
        """
        with self._db.transaction():
            gone = self._absences.off_calendar(source, seen, now, reaches, anew=anew)
            return tuple(self._mark_gone(number, now) for number in gone)

    def _mark_gone(self, item_id: int, now: datetime) -> Merged:
        stored = self.item(item_id)
        when = stamp(now)
        self._db.write(
            "UPDATE items SET gone_at = ?, last_changed = ? WHERE id = ?", (when, when, item_id)
        )
        fields = (FieldChange("listing", _LISTED, _GONE),)
        standings = Standings(self._db, when)
        before = standings.before(stored.matter, item_id)
        stage = standings.leave(stored.matter, stored.item)
        change = Change(
            ChangeKind.GONE,
            stored.item,
            stored.matter,
            fields,
            joined=Joining.KEPT,
            before=before,
            stage=stage,
        )
        self._history.add(change, item_id, stored.item.fingerprint, now, stored.record)
        return Merged(change, item_id, stored.matches)

    def item(self, item_id: int) -> StoredItem:
        """Return an item by its number; raises KeyError."""
        rows = self._db.rows(f"{_STORED} WHERE i.id = ?", (item_id,))
        if not rows:
            raise KeyError(item_id)
        return stored_of(rows[0])

    def find(self, source: str, key: str) -> StoredItem | None:
        """Return an item by its identity, or None."""
        rows = self._db.rows(f"{_STORED} WHERE i.source = ? AND i.key = ?", (source, key))
        return stored_of(rows[0]) if rows else None

    def of_matter(self, matter: int) -> tuple[StoredItem, ...]:
        """Return the items of a matter, in the order in which they were first seen."""
        rows = self._db.rows(f"{_STORED} WHERE i.matter_id = ? ORDER BY i.id", (matter,))
        return tuple(map(stored_of, rows))

    def stored(
        self,
        *,
        since: datetime | None = None,
        source: str = "",
        types: Collection[ItemType] = (),
        topic: str = "",
    ) -> Iterator[StoredItem]:
        """Yield stored items in the order in which they were first seen, a few at a time.

        since: first seen at or after it. Empty arguments do not restrict.
        """
        wanted = (
            Conditions()
            .since("i.first_seen", since)
            .equal("i.source", source)
            .one_of("i.type", types)
        )
        if topic:
            wanted.both("i.id IN (SELECT item_id FROM matches WHERE topic = ?)", topic)
        query = f"{_STORED} WHERE {wanted} ORDER BY i.id"
        return map(stored_of, self._db.stream(query, wanted.values))

    def revisions(self, item_id: int) -> tuple[Revision, ...]:
        """Return the recorded changes of an item, oldest first."""
        return self._history.of_item(item_id)

    def count(self) -> int:
        """Return how many items are stored."""
        return int(self._db.value("SELECT count(*) FROM items"))


def stored_of(row: tuple[Any, ...]) -> StoredItem:
    """Read the values of STORED_COLUMNS; further ones are ignored."""
    rest = row[ITEM_WIDTH:STORED_WIDTH]
    return StoredItem(
        id=rest[0],
        item=item_of(row),
        matter=rest[1],
        first_seen=moment(rest[2]),
        last_changed=moment(rest[3]),
        gone_at=optional_moment(rest[4]),
        record=rest[5],
        matches=matches_of(rest[6]),
    )


def _hearing_rows(item_id: int, item: Item) -> list[tuple[Any, ...]]:
    return [
        (
            item_id,
            number,
            optional_stamp(hearing.starts),
            hearing.kind,
            int(hearing.cancelled),
            hearing_text(hearing),
        )
        for number, hearing in enumerate(item.hearings)
    ]


def _match_row(item_id: int, match: Match, seen_at: str) -> tuple[Any, ...]:
    return (
        item_id,
        match.topic,
        match.priority.value,
        match.direction.value,
        seen_at,
        match_text(match),
    )
