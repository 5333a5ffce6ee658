"""The states that an item had: each change is kept, and a return to an old state is noticed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from monitor.models import Change, ChangeKind
from monitor.store.coding import fields_of, fields_text, moment, stamp
from monitor.store.connection import Connection
from monitor.store.values import Revision

RETURNS_BEFORE_HELD = 3
FLAP_WINDOW = timedelta(days=30)

_COLUMNS = "item_id, seen_at, kind, fields, returned, held, record"


class History:
    """The revisions of items."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def add(
        self,
        change: Change,
        item_id: int,
        old_fingerprint: str,
        seen_at: datetime,
        record: str,
        fingerprint: str = "",
    ) -> Revision:
        """Keep a change; say whether it goes back to an old state, and so often that it flaps.

        fingerprint: of the new state, where that is more than the item itself.
        """
        new = fingerprint or change.item.fingerprint
        returned = new != old_fingerprint and self._had_before(item_id, new)
        held = returned and self._returns(item_id, seen_at) + 1 >= RETURNS_BEFORE_HELD
        revision = Revision(
            item_id,
            seen_at,
            change.kind,
            change.fields,
            returned=returned,
            held=held,
            record=record,
        )
        self._db.write(
            f"INSERT INTO revisions ({_COLUMNS}, old_fingerprint, fingerprint) "  # noqa: S608
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item_id,
                stamp(seen_at),
                change.kind.value,
                fields_text(change.fields),
                int(returned),
                int(held),
                record,
                old_fingerprint,
                new,
            ),
        )
        return revision

    def count(self, item_id: int) -> int:
        """Return how many changes of an item are kept."""
        query = "SELECT count(*) FROM revisions WHERE item_id = ?"
        return int(self._db.value(query, (item_id,)))

    def _had_before(self, item_id: int, fingerprint: str) -> bool:
        # That a document lost its late lines again is no change of the item, and is not kept: what
        # was reached once was left since.
        query = (
            "SELECT EXISTS (SELECT 1 FROM revisions WHERE item_id = ? "
            "AND ? IN (old_fingerprint, fingerprint))"
        )
        return bool(self._db.value(query, (item_id, fingerprint)))

    def _returns(self, item_id: int, seen_at: datetime) -> int:
        query = "SELECT count(*) FROM revisions WHERE item_id = ? AND returned = 1 AND seen_at >= ?"
        return int(self._db.value(query, (item_id, stamp(seen_at - FLAP_WINDOW))))

    def of_item(self, item_id: int) -> tuple[Revision, ...]:
        """Return the changes of an item, oldest first."""
        query = f"SELECT {_COLUMNS} FROM revisions WHERE item_id = ? ORDER BY id"  # noqa: S608
        return tuple(map(_revision_of, self._db.rows(query, (item_id,))))

    def of_matter(self, matter: int) -> tuple[Revision, ...]:
        """Return the changes of all items of a matter, oldest first."""
        query = (
            f"SELECT {_COLUMNS} FROM revisions "  # noqa: S608
            "WHERE item_id IN (SELECT id FROM items WHERE matter_id = ?) ORDER BY seen_at, id"
        )
        return tuple(map(_revision_of, self._db.rows(query, (matter,))))


def _revision_of(row: tuple[Any, ...]) -> Revision:
    return Revision(
        item_id=row[0],
        seen_at=moment(row[1]),
        kind=ChangeKind(row[2]),
        fields=fields_of(row[3]),
        returned=bool(row[4]),
        held=bool(row[5]),
        record=row[6],
    )
