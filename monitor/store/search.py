"""Full-text search of everything that was seen."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from monitor.models import ItemType
from monitor.store.coding import stamp
from monitor.store.connection import Connection
from monitor.store.items import STORED_COLUMNS, STORED_WIDTH, stored_of
from monitor.store.places import within
from monitor.store.query import compile_query
from monitor.store.values import Found

# Control characters cannot stand in an item's text (`text.clean_text` takes them out), so they
# tell where a hit begins and ends without being mistaken for text.
_BEGIN, _END = "\x02", "\x03"
_MARK = re.compile(f"[{_BEGIN}{_END}]")
_WORDS = 32


class Search:
    """The full-text index over the items' titles, texts, offices and labels."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def search(
        self,
        query: str,
        *,
        limit: int = 20,
        offset: int = 0,
        types: Collection[ItemType] = (),
        jurisdiction: str = "",
        since: datetime | None = None,
        topic: str = "",
        source: str = "",
    ) -> tuple[Found, ...]:
        """Return the items that hold the query, the best first; raises QueryError.

        jurisdiction: with all that lies within it. since: first seen at or after it. Empty
        arguments do not restrict.
        """
        conditions = ["items_fts MATCH ?"]
        values: list[Any] = [compile_query(query)]
        if types:
            conditions.append("i.type IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(types)))
        if jurisdiction:
            condition, bounds = within("i.jurisdiction", jurisdiction)
            conditions.append(condition)
            values.extend(bounds)
        if since is not None:
            conditions.append("i.first_seen >= ?")
            values.append(stamp(since))
        if source:
            conditions.append("i.source = ?")
            values.append(source)
        if topic:
            conditions.append("EXISTS (SELECT 1 FROM matches WHERE item_id = i.id AND topic = ?)")
            values.append(topic)
        rows = self._db.rows(
            f"SELECT {STORED_COLUMNS}, "  # noqa: S608
            f"snippet(items_fts, -1, '{_BEGIN}', '{_END}', ' … ', {_WORDS}), rank "
            f"FROM items_fts JOIN items i ON i.id = items_fts.rowid "
            f"WHERE {' AND '.join(conditions)} ORDER BY rank LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return tuple(map(_found, rows))


def _found(row: tuple[Any, ...]) -> Found:
    marked, rank = row[STORED_WIDTH:]
    snippet, hits = _unmarked(marked)
    return Found(stored_of(row), snippet, hits, rank)


def _unmarked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Take the marks out; return the text and where each pair of them stood."""
    places = [match.start() - number for number, match in enumerate(_MARK.finditer(marked))]
    return _MARK.sub("", marked), tuple(zip(places[::2], places[1::2], strict=True))
