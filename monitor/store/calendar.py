"""Dates for calendars: each keeps its name when it is moved, and counts its changes.

`entries` only reads, so that a preview leaves no trace; `note` remembers what was given out, and
the next `entries` goes on from there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from monitor.models import CalendarEntry
from monitor.store.calendar_names import Kept, Named, hash_of, merged, named
from monitor.store.coding import hearing_of, hearing_text, moment, optional_moment, stamp
from monitor.store.conditions import Conditions
from monitor.store.connection import Connection
from monitor.store.items import Items
from monitor.store.matters import Matters

# Matters that concern people: they were told of them, or a filter holds on one of their items.
_MATCHED = (
    "EXISTS (SELECT 1 FROM items j JOIN matches x ON x.item_id = j.id "
    "WHERE j.matter_id = m.id AND (? = '' OR x.topic = ?))"
)
# A day without a time begins at midnight in its own zone.
_TODAY = timedelta(hours=26)


class Calendar:
    """The dates of matters as calendars want them."""

    def __init__(self, db: Connection, items: Items, matters: Matters) -> None:
        self._db = db
        self._items = items
        self._matters = matters

    def entries(
        self,
        now: datetime,
        until: datetime,
        *,
        topic: str = "",
        jurisdiction: str = "",
        matters: Collection[int] | None = None,
    ) -> tuple[CalendarEntry, ...]:
        """Return the dates from today to `until`, the first one first; those called off, too.

        A date that its publisher no longer names is called off. matters: only of these.
        """
        wanted = Conditions().within("m.jurisdiction", jurisdiction)
        if topic:
            wanted.both(_MATCHED, topic, topic)
        else:
            wanted.both(f"(m.told_at IS NOT NULL OR {_MATCHED})", "", "")
        if matters is not None:
            listed = json.dumps(sorted(map(self._matters.current, matters)))
            wanted.both("m.id IN (SELECT value FROM json_each(?))", listed)
        begins = now - _TODAY
        made = [
            entry
            for matter, dates in self._named(wanted, begins, until, now).items()
            for entry in merged(self._matters.matter(matter), dates, now)
            if entry.hearing.starts and begins <= entry.hearing.starts <= until
        ]
        return tuple(sorted(made, key=lambda one: (one.hearing.starts or now, one.uid)))

    def _named(
        self, wanted: Conditions, begins: datetime, until: datetime, now: datetime
    ) -> dict[int, list[Named]]:
        """Name the dates of every matter that has one in the span, or told calendars of one."""
        span = (stamp(begins), stamp(until))
        rows = self._db.rows(
            f"SELECT i.id FROM items i JOIN matters m ON m.id = i.matter_id WHERE {wanted} "  # noqa: S608
            "AND i.matter_id IN (SELECT n.matter_id FROM items n WHERE n.id IN "
            "(SELECT h.item_id FROM hearings h WHERE h.starts >= ? AND h.starts <= ? UNION "
            "SELECT c.item_id FROM calendar_entries c WHERE c.starts >= ? AND c.starts <= ?)) "
            "AND (EXISTS (SELECT 1 FROM hearings h WHERE h.item_id = i.id) OR EXISTS "
            "(SELECT 1 FROM calendar_entries c WHERE c.item_id = i.id)) ORDER BY i.id",
            (*wanted.values, *span, *span),
        )
        found: dict[int, list[Named]] = defaultdict(list)
        for (number,) in rows:
            stored = self._items.item(number)
            found[stored.matter] += named(stored, self._kept(number), now)
        return found

    def _kept(self, item: int) -> tuple[Kept, ...]:
        rows = self._db.rows(
            "SELECT uid, hearing, before, sequence, hash, changed_at FROM calendar_entries "
            "WHERE item_id = ? ORDER BY starts, uid",
            (item,),
        )
        return tuple(
            Kept(
                uid=row[0],
                hearing=hearing_of(row[1]),
                before=optional_moment(row[2]),
                sequence=row[3],
                hash=row[4],
                changed_at=moment(row[5]),
            )
            for row in rows
        )

    def note(self, entries: Iterable[CalendarEntry]) -> None:
        """Remember the dates that calendars were given."""
        with self._db.transaction():
            for one in entries:
                if one.hearing.starts is not None:
                    self._note(one, stamp(one.hearing.starts))

    def _note(self, entry: CalendarEntry, starts: str) -> None:
        self._db.write(
            "INSERT INTO calendar_entries "
            "(uid, item_id, starts, sequence, hash, changed_at, hearing) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET "
            "before = CASE WHEN starts <> excluded.starts THEN starts ELSE before END, "
            "starts = excluded.starts, sequence = excluded.sequence, hash = excluded.hash, "
            "changed_at = excluded.changed_at, hearing = excluded.hearing",
            (
                entry.uid,
                entry.item,
                starts,
                entry.sequence,
                hash_of(entry),
                stamp(entry.changed_at),
                hearing_text(entry.hearing),
            ),
        )
