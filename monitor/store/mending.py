"""Mends groupings: a person puts two matters together, or takes items out of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from monitor.models import Identifier
from monitor.store.coding import stamp
from monitor.store.connection import Connection
from monitor.store.grouping import retire
from monitor.store.items import Items
from monitor.store.rebuilding import rebuild
from monitor.store.threads import mark_stale
from monitor.store.values import StoredItem


class Mending:
    """What people say about groupings; it outweighs every guess."""

    def __init__(self, db: Connection, items: Items) -> None:
        self._db = db
        self._items = items

    def merge(self, target: int, other: int, now: datetime) -> None:
        """Put everything of one matter into another; raises ValueError where they are one.

        Where both have a thread in a channel, the target's goes on and the other points to it.
        """
        if target == other:
            raise ValueError(f"matter {other} is part of matter {target} already")
        with self._db.transaction():
            moved = self._items.of_matter(other)
            for stored in moved:
                self._note(stored.id, target, other, "merged", now)
            self._db.write(
                "DELETE FROM apart WHERE (one = ? AND other = ?) OR (one = ? AND other = ?)",
                (target, other, other, target),
            )
            retire(self._db, other, target)
            rebuild(self._db, target, self._items.of_matter(target))

    def split(self, matter: int, item_ids: Collection[int], now: datetime) -> int:
        """Take items out of a matter and into one of their own; return its number.

        Official names that no remaining item gives go with them, and so do the alerts that told of
        them, with the thread that they opened. Raises ValueError where an item is not of the
        matter, or none would be left.
        """
        items = self._items.of_matter(matter)
        leaving = [stored for stored in items if stored.id in item_ids]
        staying = [stored for stored in items if stored.id not in item_ids]
        if missing := sorted(set(item_ids) - {stored.id for stored in leaving}):
            raise ValueError(f"item {missing[0]} is not part of matter {matter}")
        if not leaving or not staying:
            raise ValueError("name some of the matter's items, not all: the others stay")
        with self._db.transaction():
            new = self._opened(leaving[0], now)
            for stored in leaving:
                self._db.write("UPDATE items SET matter_id = ? WHERE id = ?", (new, stored.id))
                self._note(stored.id, new, matter, "split", now)
                self._move_alerts(stored, matter, new)
            self._move_names(leaving, staying, new)
            self._move_threads(matter, new)
            self._db.write(
                "INSERT OR IGNORE INTO apart (one, other, decided_at) VALUES (?, ?, ?)",
                (matter, new, stamp(now)),
            )
            rebuild(self._db, new, self._items.of_matter(new))
            rebuild(self._db, matter, self._items.of_matter(matter))
        return new

    def _opened(self, stored: StoredItem, now: datetime) -> int:
        item = stored.item
        found = self._db.rows(
            "INSERT INTO matters (title, type, jurisdiction, url, status, lead_item, first_seen, "
            "last_changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                item.title,
                item.type.value,
                item.jurisdiction,
                item.url,
                item.status,
                stored.id,
                stamp(stored.first_seen),
                stamp(now),
            ),
        )
        return int(found[0][0])

    def _move_alerts(self, stored: StoredItem, matter: int, new: int) -> None:
        self._db.write(
            "UPDATE alerts SET matter_id = ? WHERE matter_id = ? "
            "AND json_extract(payload, '$.item.source') = ? "
            "AND json_extract(payload, '$.item.key') = ?",
            (new, matter, stored.item.source, stored.item.key),
        )

    def _move_names(
        self, leaving: Iterable[StoredItem], staying: Iterable[StoredItem], new: int
    ) -> None:
        kept = {name for stored in staying for name in stored.item.identifiers}
        gone: set[Identifier] = {name for stored in leaving for name in stored.item.identifiers}
        for name in gone - kept:
            self._db.write(
                "UPDATE matter_identifiers SET matter_id = ? "
                "WHERE scheme = ? AND scope = ? AND value = ?",
                (new, name.scheme, name.scope, name.value),
            )

    def _move_threads(self, matter: int, new: int) -> None:
        """Give the new matter the threads that its own alerts opened, those that had ended too."""
        own = "alert_id IN (SELECT id FROM alerts WHERE matter_id = ?)"
        self._db.write(
            f"UPDATE threads SET matter_id = ? WHERE matter_id = ? AND {own}",  # noqa: S608
            (new, matter, new),
        )
        for number in (new, matter):
            ended = f"FROM ended_threads WHERE matter_id = ? AND {own}"
            self._db.write(
                "INSERT OR IGNORE INTO threads (channel, matter_id, reference, place, alert_id, "  # noqa: S608
                "opened_at, shown) SELECT channel, ?, reference, place, alert_id, (SELECT "
                f"settled_at FROM alerts WHERE id = alert_id), 'it went on elsewhere' {ended} "
                "ORDER BY alert_id",
                (number, matter, number),
            )
            self._db.write(
                f"DELETE {ended} AND reference IN (SELECT reference FROM threads "  # noqa: S608
                "WHERE matter_id = ?)",
                (matter, number, number),
            )
            mark_stale(self._db, number)
            self._db.write(
                "UPDATE matters SET told_at = (SELECT min(created_at) FROM alerts "
                "WHERE matter_id = ? AND kind = 'alert') WHERE id = ?",
                (number, number),
            )

    def _note(self, item_id: int, matter: int, other: int, decision: str, now: datetime) -> None:
        self._db.write(
            "INSERT INTO groupings (item_id, matter_id, from_matter, decision, reason, strength, "
            "decided_at) VALUES (?, ?, ?, ?, 'a person said so', 'person', ?)",
            (item_id, matter, other, decision, stamp(now)),
        )
