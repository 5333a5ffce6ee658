"""Full-text search of everything that was seen."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from monitor.errors import QueryError
from monitor.models import ItemType
from monitor.store.conditions import Conditions
from monitor.store.connection import Connection
from monitor.store.items import STORED_COLUMNS, STORED_WIDTH, stored_of
from monitor.store.query import compile_query
from monitor.store.values import Found

# Control characters cannot stand in an item's text (`text.clean_text` takes them out), so they
# tell where a hit begins and ends without being mistaken for text.
_BEGIN, _END = "\x02", "\x03"
_MARK = re.compile(f"[{_BEGIN}{_END}]")
_WORDS = 32
LONGEST = 30.0
_TOO_MUCH = "it takes too long; write fewer words, and longer beginnings before a *"


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
        seconds: float = LONGEST,
    ) -> tuple[Found, ...]:
        """Return the items that hold the query, the best first; raises QueryError.

        seconds: how long it may take; a hundred beginnings of words take minutes. jurisdiction:
        with all that lies within it. since: first seen at or after it. Empty arguments do not
        restrict.
        """
        wanted = (
            Conditions()
            .both("items_fts MATCH ?", compile_query(query))
            .one_of("i.type", types)
            .within("i.jurisdiction", jurisdiction)
            .since("i.first_seen", since)
            .equal("i.source", source)
        )
        if topic:
            wanted.both("EXISTS (SELECT 1 FROM matches WHERE item_id = i.id AND topic = ?)", topic)
        statement = (
            f"SELECT {STORED_COLUMNS}, "  # noqa: S608
            f"snippet(items_fts, -1, '{_BEGIN}', '{_END}', ' … ', {_WORDS}), rank "
            f"FROM items_fts JOIN items i ON i.id = items_fts.rowid "
            f"WHERE {wanted} ORDER BY rank LIMIT ? OFFSET ?"
        )
        try:
            with self._db.within(seconds):
                rows = self._db.rows(statement, (*wanted.values, limit, offset))
        except TimeoutError as error:
            raise QueryError(_TOO_MUCH, query, 0) from error
        return tuple(map(_found, rows))


def _found(row: tuple[Any, ...]) -> Found:
    marked, rank = row[STORED_WIDTH:]
    snippet, hits = _unmarked(marked)
    return Found(stored_of(row), snippet, hits, rank)


def _unmarked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Take the marks out; return the text and where each pair of them stood."""
    places = [match.start() - number for number, match in enumerate(_MARK.finditer(marked))]
    return _MARK.sub("", marked), tuple(zip(places[::2], places[1::2], strict=True))
