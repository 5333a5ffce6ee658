"""Upkeep while the program runs: a copy, a check-up, and what is old thrown away.

What takes long is done in steps, each a short transaction, so that nobody waits for it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from monitor.errors import StoreError
from monitor.files import make_private_file
from monitor.store.coding import stamp
from monitor.store.connection import RESTORE, Connection

# Rows that one step throws away, and pages that it tidies.
AT_ONCE = 500
_PAGES = 64
# Of each source the first poll that succeeded stays: what it brought was never news.
_FIRST = (
    "SELECT json_group_array((SELECT id FROM polls p WHERE p.source = s.id "
    "AND p.outcome <> 'failed' ORDER BY polled_at LIMIT 1)) FROM sources s"
)


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were thrown away; `more`: there are more, for another step.

    posts: alerts of no matter (on sources, digests, summaries) that were told or dropped.
    """

    polls: int = 0
    validators: int = 0
    documents: int = 0
    posts: int = 0
    more: bool = False

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(
            self.polls + other.polls,
            self.validators + other.validators,
            self.documents + other.documents,
            self.posts + other.posts,
            other.more,
        )


class Upkeep:
    """Looks after the database file."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def backup(self, target: Path) -> None:
        """Write a consistent copy, for its owner alone; others may go on writing meanwhile.

        It appears under its name only when it is complete and sound; an older one is then
        replaced. Raises StoreError, and leaves the older one, where the database is damaged.
        """
        if target.exists() and target.samefile(self._db.path):
            raise StoreError(f"{target}: this is the database itself; name another file")
        unfinished = target.with_name(f"{target.name}.unfinished")
        try:
            unfinished.unlink(missing_ok=True)
            self._copy(unfinished)
            _refuse_damaged(unfinished, target)
            unfinished.replace(target)
        except OSError as error:
            raise StoreError(f"{target}: the copy cannot be written there ({error})") from error
        finally:
            unfinished.unlink(missing_ok=True)

    def _copy(self, target: Path) -> None:
        make_private_file(target)
        try:
            with closing(sqlite3.connect(target)) as copy:
                # One step: a copy in several starts anew whenever somebody writes.
                self._db.database.conn.backup(copy, pages=-1)
                copy.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise StoreError(f"{target}: the copy cannot be written there ({error})") from error

    def refuse_damage(self) -> None:
        """Raise StoreError, with the way out, where the file is damaged; a second for 100 MB."""
        for (fault,) in self._db.rows("PRAGMA quick_check (1)"):
            if fault != "ok":
                raise StoreError(f"{self._db.path}: it is damaged; {RESTORE} ({fault})")

    def check(self, thorough: bool = False) -> tuple[str, ...]:
        """Return what is damaged; nothing where all is well.

        thorough: compares every index, the full-text index too, with its table.
        """
        pragma = "integrity_check" if thorough else "quick_check"
        try:
            faults = [text for (text,) in self._db.rows(f"PRAGMA {pragma}") if text != "ok"]
            faults.extend(
                f"{table} row {row} points to a row of {parent} that is missing"
                for table, row, parent, _ in self._db.rows("PRAGMA foreign_key_check")
            )
        except StoreError as error:
            return (str(error),)
        if thorough and not self._db.read_only:
            faults.extend(self._index_faults())
        return tuple(faults)

    def _index_faults(self) -> list[str]:
        try:
            self._db.write("INSERT INTO items_fts (items_fts, rank) VALUES ('integrity-check', 1)")
        except StoreError:
            return ["the full-text index differs from the items; rebuild it"]
        return []

    def rebuild_index(self) -> None:
        """Build the full-text index anew from the items."""
        self._db.write("INSERT INTO items_fts (items_fts) VALUES ('rebuild')")

    def optimise(self) -> bool:
        """Tidy the full-text index by a step; say whether there is more to tidy.

        Tidied in one go, a large index would be locked for longer than others wait.
        """
        before = self._db.value("SELECT total_changes()")
        self._db.write("INSERT INTO items_fts (items_fts, rank) VALUES ('merge', ?)", (_PAGES,))
        # Fewer than two changes mean that it is done: https://sqlite.org/fts5.html#the_merge_command
        return int(self._db.value("SELECT total_changes()") - before) > 1

    def analyse(self) -> None:
        """Bring the planner's statistics up to date, and fold the log into the file."""
        self._db.rows("PRAGMA analysis_limit = 1000")
        self._db.rows("ANALYZE")
        self._db.rows("PRAGMA wal_checkpoint (PASSIVE)")

    def prune(self, before: datetime) -> Pruned:
        """Throw away, by a step, polls that are older, and validators of URLs not visited since.

        With them goes what was read of the agendas of meetings that were over by then, and what
        was told of no matter. Items, matters and their alerts are kept: they are what tells old
        news from new (`retention` forgets them).
        """
        with self._db.transaction():
            first = self._db.value(_FIRST)
            gone = Pruned(
                polls=self._drop(
                    "polls",
                    "polled_at < ? AND id NOT IN (SELECT value FROM json_each(?) "
                    "WHERE value IS NOT NULL)",
                    before,
                    first,
                ),
                validators=self._drop("validators", "seen_at < ?", before),
                documents=self._drop("documents", "ends < ?", before),
                posts=self._drop(
                    "alerts",
                    "created_at < ? AND matter_id = 0 AND state IN ('sent', 'dropped')",
                    before,
                ),
            )
        more = max(gone.polls, gone.validators, gone.documents, gone.posts) >= AT_ONCE
        return replace(gone, more=more)

    def _drop(self, table: str, condition: str, before: datetime, *further: str) -> int:
        key = "source, url" if table == "validators" else "rowid"
        return self._db.write(
            f"DELETE FROM {table} WHERE ({key}) IN "  # noqa: S608
            f"(SELECT {key} FROM {table} WHERE {condition} LIMIT {AT_ONCE})",
            (stamp(before), *further),
        )

    def size(self) -> int:
        """Return the size of the database file in bytes, without its write-ahead log."""
        pages, size = self._db.value("PRAGMA page_count"), self._db.value("PRAGMA page_size")
        return int(pages) * int(size)


def _refuse_damaged(copy: Path, target: Path) -> None:
    """Keep an older copy from being replaced by a damaged one."""
    with closing(Connection(copy, read_only=True)) as db:
        faults = Upkeep(db).check(thorough=True)
    if faults:
        raise StoreError(
            f"{target}: no copy was made, for the database is damaged ({faults[0]}); "
            "restore an older copy with `monitor restore`"
        )
