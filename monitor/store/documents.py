"""Documents that are followed: the agendas of meetings ahead, and what was last read of them.

    follow   an item is new or changed: which of its documents are followed, and until when
    due      which of them are to be asked for again
    readings what was read of them, to hold the next version against
    keep     what this poll read

A row belongs to a URL (without tokens) of a source. Where an item's agenda gets another address,
its row goes with it, so that the new file is held against the old one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from monitor.documents import AHEAD, EVERY, Followed, followed
from monitor.models import Due, Item, ItemType, Reading, Validators
from monitor.store.coding import moment, stamp
from monitor.store.connection import Connection
from monitor.store.items import STORED_COLUMNS, stored_of

# Of one source and one poll.
MOST_DUE = 6
MOST_READINGS = 60
MOST_BYTES = 16_000_000
_KEPT = timedelta(days=30)


class Documents:
    """The documents that are followed."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def due(self, source: str, now: datetime) -> tuple[Due, ...]:
        """Name the documents of meetings within two weeks that nobody asked for in six hours.

        Those never read come first, then the soonest meetings; a few at a time.
        """
        rows = self._db.rows(
            f"SELECT {STORED_COLUMNS}, d.url, d.owed FROM documents d "  # noqa: S608
            "JOIN items i ON i.source = d.source AND i.key = d.item_key AND i.gone_at IS NULL "
            "WHERE d.source = ? AND d.ends > ? AND d.begins <= ? "
            "AND (d.asked_at IS NULL OR d.asked_at <= ?) "
            "ORDER BY d.asked_at IS NOT NULL, d.begins, d.asked_at, d.url LIMIT ?",
            (source, stamp(now), stamp(now + AHEAD), stamp(now - EVERY), MOST_DUE),
        )
        return tuple(Due(stored_of(row).item, row[-2], owed=bool(row[-1])) for row in rows)

    def readings(self, source: str, now: datetime) -> tuple[Reading, ...]:
        """Return what was read of the documents of meetings ahead, the soonest first, bounded."""
        rows = self._db.stream(
            "SELECT item_key, role, url, asked_at, text, cut, etag, last_modified, sha256 "
            "FROM documents WHERE source = ? AND ends > ? "
            "AND (text <> x'' OR sha256 <> '') "
            "ORDER BY begins, url LIMIT ?",
            (source, stamp(now), MOST_READINGS),
        )
        found: list[Reading] = []
        room = MOST_BYTES
        for row in rows:
            room -= len(row[4])
            if room < 0:
                break
            found.append(_reading(row, now))
        return tuple(found)

    def follow(self, items: Iterable[Item], now: datetime, *, owed: bool = False) -> None:
        """Note which documents of new and changed items are followed.

        owed: people are to be told what these documents say, once they can be read; else (a
        backlog) they are read in silence, to hold later versions against.
        What was read for meetings of their sources that are over for a month is thrown away.
        """
        sources = set()
        for item in items:
            if item.hearings or item.type is ItemType.MEETING:
                self._follow(item, followed(item, now), owed)
                sources.add(item.source)
        for source in sources:
            self._db.write(
                "DELETE FROM documents WHERE source = ? AND ends < ?", (source, stamp(now - _KEPT))
            )

    def _follow(self, item: Item, wanted: Followed | None, owed: bool) -> None:
        agendas = dict(wanted.agendas) if wanted else {}
        known: dict[str, str] = dict(
            self._db.rows(
                "SELECT url, role FROM documents WHERE source = ? AND item_key = ?",
                (item.source, item.key),
            )
        )
        fresh = {url: role for url, role in agendas.items() if url not in known}
        for url, role in known.items():
            if url not in agendas:
                self._move(item.source, url, role, fresh)
        if wanted is not None:
            self._db.write_many(
                _FOLLOW,
                [
                    (item.source, url, item.key, role, *_period(wanted), int(owed))
                    for url, role in agendas.items()
                ],
            )

    def _move(self, source: str, url: str, role: str, fresh: dict[str, str]) -> None:
        """Give what was read of a document that left its item to its new address, or drop it."""
        heir = next((new for new, its_role in fresh.items() if its_role == role), "")
        if heir:
            del fresh[heir]
            self._db.write("DELETE FROM documents WHERE source = ? AND url = ?", (source, heir))
            self._db.write(
                "UPDATE documents SET url = ?, asked_at = NULL, etag = '', last_modified = '', "
                "sha256 = '' WHERE source = ? AND url = ?",
                (heir, source, url),
            )
        else:
            self._db.write("DELETE FROM documents WHERE source = ? AND url = ?", (source, url))

    def keep(self, source: str, readings: Iterable[Reading]) -> None:
        """Keep what was read of documents that are followed; others are not kept."""
        for one in readings:
            when = stamp(one.asked_at)
            if not one.text:
                self._db.write(_ASKED, (when, *_conditions(one), source, one.url))
                continue
            self._db.write(
                "UPDATE documents SET asked_at = ?1, first_read = coalesce(first_read, ?1), "
                "last_read = ?1, changed_at = iif(text = ?2, changed_at, ?1), text = ?2, cut = ?3, "
                "etag = ?4, last_modified = ?5, sha256 = ?6, owed = 0 "
                "WHERE source = ?7 AND url = ?8",
                (when, one.text, int(one.cut), *_conditions(one), source, one.url),
            )


# A file that goes on to another meeting (one address for whichever agenda is the next) starts anew.
_FOLLOW = """
INSERT INTO documents (source, url, item_key, role, begins, ends, owed)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (source, url) DO UPDATE SET
    text = iif(item_key = excluded.item_key OR begins = excluded.begins, text, x''),
    asked_at = iif(item_key = excluded.item_key OR begins = excluded.begins, asked_at, NULL),
    owed = iif(item_key = excluded.item_key OR begins = excluded.begins, owed, excluded.owed),
    sha256 = iif(item_key = excluded.item_key OR begins = excluded.begins, sha256, ''),
    item_key = excluded.item_key, role = excluded.role, begins = excluded.begins,
    ends = excluded.ends
"""


# Of what is as it was, or could not be read: what was read before stays.
_ASKED = """
UPDATE documents SET asked_at = ?1, etag = iif(?4 = '' AND ?2 = '', etag, ?2),
    last_modified = iif(?4 = '' AND ?3 = '', last_modified, ?3), sha256 = iif(?4 = '', sha256, ?4)
WHERE source = ?5 AND url = ?6
"""


def _conditions(reading: Reading) -> tuple[str, str, str]:
    found = reading.validators
    return found.etag, found.last_modified, found.sha256


def _period(wanted: Followed) -> tuple[str, str]:
    return stamp(wanted.begins), stamp(wanted.ends)


def _reading(row: tuple[Any, ...], now: datetime) -> Reading:
    return Reading(
        item=row[0],
        role=row[1],
        url=row[2],
        asked_at=moment(row[3]) if row[3] else now,
        text=row[4],
        cut=bool(row[5]),
        validators=Validators(*row[6:9]),
    )
