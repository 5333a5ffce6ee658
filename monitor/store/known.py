"""What a source brought before, and in which state: what is stored, and what was forgotten.

Of an item that was forgotten because it was old (`retention: items`) its key and fingerprint stay:
should its publisher show it again as it was, it is no news. Shown in another state, it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from monitor.models import Item
from monitor.store.connection import Connection

# CROSS JOIN keeps the planner from walking through all items of the source for each wanted key.
KNOWN_AMONG = (
    "SELECT items.key, iif(gone_at IS NULL, fingerprint, '') FROM json_each(?) AS wanted "
    "CROSS JOIN items INDEXED BY items_known ON items.source = ? AND items.key = wanted.value"
)
_FORGOTTEN_AMONG = (
    "SELECT f.key, f.fingerprint FROM json_each(?) AS wanted "
    "CROSS JOIN forgotten f ON f.source = ? AND f.key = wanted.value"
)
_ALL = (
    "SELECT json_group_object(key, fingerprint) FROM ("
    "SELECT key, iif(gone_at IS NULL, fingerprint, '') AS fingerprint FROM items "
    "INDEXED BY items_known WHERE source = ?1 "
    "UNION ALL SELECT key, fingerprint FROM forgotten WHERE source = ?1)"
)


def fingerprints(db: Connection, source: str) -> Mapping[str, str]:
    """Map each key that a source ever brought to its fingerprint; "" where the item is gone."""
    known: dict[str, str] = json.loads(db.value(_ALL, (source,)))
    return known


def known_among(db: Connection, items: Iterable[Item]) -> dict[tuple[str, str], str]:
    """Find the fingerprints of those items that are known, by source and key; "" for one gone.

    An item that was forgotten is known where it is as it was. In another state it is new, and not
    forgotten any more.
    """
    wanted: dict[str, dict[str, str]] = {}
    for item in items:
        wanted.setdefault(item.source, {})[item.key] = item.fingerprint
    found: dict[tuple[str, str], str] = {}
    for source, arrived in wanted.items():
        keys = json.dumps(list(arrived))
        for key, fingerprint in db.rows(_FORGOTTEN_AMONG, (keys, source)):
            if arrived[key] == fingerprint:
                found[source, key] = fingerprint
            else:
                db.write("DELETE FROM forgotten WHERE source = ? AND key = ?", (source, key))
        for key, fingerprint in db.rows(KNOWN_AMONG, (keys, source)):
            found[source, key] = fingerprint
    return found


def note_listed(db: Connection, source: str, seen: Iterable[str], *, complete: bool) -> None:
    """Note what a source lists at present: it is not forgotten, however old it is.

    complete: all answers of the poll were read; else what was listed before may be still.
    """
    keys = set(seen)
    if not keys:
        return
    if not complete:
        before = db.value("SELECT keys FROM listings WHERE source = ?", (source,))
        keys |= set(json.loads(before)) if before else set()
    db.write(
        "INSERT INTO listings (source, keys) VALUES (?, ?) ON CONFLICT (source) "
        "DO UPDATE SET keys = excluded.keys WHERE keys <> excluded.keys",
        (source, json.dumps(sorted(keys), ensure_ascii=False)),
    )
