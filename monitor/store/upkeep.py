"""Upkeep while the program runs: a copy, a check-up, and what is old thrown away."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.errors import StoreError
from monitor.files import make_private_file
from monitor.store.coding import stamp
from monitor.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were thrown away."""

    polls: int = 0
    validators: int = 0
    documents: int = 0


class Upkeep:
    """Looks after the database file."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def backup(self, target: Path) -> None:
        """Write a consistent copy of the database; others may go on writing meanwhile.

        The copy appears under its name only when it is complete; an older one is replaced. Only
        its owner can read it: it holds all that the database holds.
        """
        if target.exists() and target.samefile(self._db.path):
            raise StoreError(f"{target}: this is the database itself; name another file")
        unfinished = target.with_name(f"{target.name}.unfinished")
        try:
            unfinished.unlink(missing_ok=True)
            self._copy(unfinished)
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

    def optimise(self) -> None:
        """Tidy the full-text index and the planner's statistics; some seconds for a large store."""
        self._db.write("INSERT INTO items_fts (items_fts) VALUES ('optimize')")
        self._db.rows("PRAGMA analysis_limit = 1000")
        self._db.rows("ANALYZE")
        self._db.rows("PRAGMA wal_checkpoint (PASSIVE)")

    def prune(self, polls_before: datetime) -> Pruned:
        """Throw away polls that are older, and the validators of URLs not visited since.

        With them goes what was read of the agendas of meetings that were over by then. Items,
        matters and alerts are kept: they are what tells old news from new.
        """
        with self._db.transaction():
            return Pruned(
                polls=self._prune("polls", "polled_at < ?", polls_before),
                validators=self._prune("validators", "seen_at < ?", polls_before),
                documents=self._prune("documents", "ends < ?", polls_before),
            )

    def _prune(self, table: str, condition: str, before: datetime) -> int:
        return self._db.write(f"DELETE FROM {table} WHERE {condition}", (stamp(before),))  # noqa: S608

    def size(self) -> int:
        """Return the size of the database file in bytes, without its write-ahead log."""
        pages, size = self._db.value("PRAGMA page_count"), self._db.value("PRAGMA page_size")
        return int(pages) * int(size)
