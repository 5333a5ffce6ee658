"""Migrations: every earlier version, filled, becomes the present one, and loses nothing."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from monitor.store import Store
from monitor.store.schema import steps
from tests.store.builders import NOW
from tests.store.filling import FILLINGS, filling
from tests.store.test_opening import FORMS, at_step, form

REPOSITORY = Path(__file__).resolve().parents[2]
NEWEST = len(steps._migrations)
# What the product itself reads must be as people's databases hold it, whoever migrates.
_INTERNAL = (
    "name NOT LIKE 'sqlite_%' AND name NOT LIKE 'items_fts%' AND name <> '_sqlite_migrations'"
)
# Opens a database, and dies at the Nth statement as at a power cut.
_DIES = """
import os, signal, sys
from pathlib import Path
from monitor.store import Store
from monitor.store.connection import Connection
connect, left = Connection._connect, [int(sys.argv[2])]
def dying(self):
    raw = connect(self)
    def see(_statement):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    raw.set_trace_callback(see)
    return raw
Connection._connect = dying
Store.open(Path(sys.argv[1])).close()
"""

Rows = dict[str, list[tuple[Any, ...]]]


def filled(database: Path, number: int) -> None:
    """Make a database as it was after so many steps, with something in every table."""
    at_step(number, database)
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.executescript(filling(number))
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def columns(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Name the columns of all tables."""
    tables = db.execute(f"SELECT name FROM sqlite_schema WHERE type = 'table' AND {_INTERNAL}")  # noqa: S608
    return {
        name: [row[1] for row in db.execute(f"PRAGMA table_info ({name})")]
        for (name,) in tables.fetchall()
    }


def contents(database: Path, among: dict[str, list[str]] | None = None) -> Rows:
    """Read all tables, or these columns of these tables."""
    with closing(sqlite3.connect(database)) as db:
        wanted = among or columns(db)
        return {table: sorted(read(db, table, names), key=repr) for table, names in wanted.items()}


def read(db: sqlite3.Connection, table: str, names: list[str]) -> list[tuple[Any, ...]]:
    """Read these columns of a table."""
    return db.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()  # noqa: S608


def described(database: Path) -> tuple[list[Any], dict[str, list[Any]]]:
    """Return every object of the schema, and every foreign key."""
    with closing(sqlite3.connect(database)) as db:
        objects = db.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
        ).fetchall()
        keys = {
            name: sorted(db.execute(f"PRAGMA foreign_key_list ({name})").fetchall())
            for name in columns(db)
        }
    return objects, keys


def test_the_form_after_each_step_is_written_down() -> None:
    """Who adds a step adds its form and a filling, so that the next one is tested on it."""
    assert [int(path.stem.removeprefix("form_")) for path in FORMS] == list(range(1, NEWEST + 1))
    assert max(FILLINGS) == NEWEST


@pytest.mark.parametrize("number", range(1, NEWEST + 1))
def test_a_filling_leaves_no_table_empty(database: Path, number: int) -> None:
    """What is not there cannot be lost."""
    filled(database, number)
    assert [table for table, rows in contents(database).items() if not rows] == []


@pytest.mark.parametrize("number", range(1, NEWEST + 1))
def test_a_filled_database_of_every_version_becomes_the_present_one(
    database: Path, tmp_path: Path, number: int
) -> None:
    """The same schema and foreign keys as one that is made today; every row as it was."""
    filled(database, number)
    with closing(sqlite3.connect(database)) as db:
        among = columns(db)
    before = contents(database)
    fresh = tmp_path / "fresh" / "monitor.db"
    with Store.open(fresh), Store.open(database) as store:
        assert store.upkeep.check(thorough=True) == ()
        assert [hit.stored.id for hit in store.index.search("detainers")] == [1]
    assert described(database) == described(fresh)
    assert form(database) == FORMS[-1].read_text(encoding="utf-8")
    after = contents(database, among)
    assert after.keys() == before.keys()
    assert [table for table in before if after[table] != before[table]] == []


def test_what_was_migrated_is_left_alone_the_next_time(database: Path) -> None:
    """Opened twice or ten times: nothing is written."""
    filled(database, 1)
    with Store.open(database):
        pass
    before = database.read_bytes()
    for _ in range(2):
        with Store.open(database):
            pass
    assert database.read_bytes() == before


@pytest.mark.parametrize("statement", [8, 30, 60, 110])
def test_a_migration_that_is_killed_is_made_the_next_time(database: Path, statement: int) -> None:
    """It is one transaction: the old version stands until the new one does."""
    filled(database, 1)
    before, old = contents(database), form(database)
    done = subprocess.run(
        [sys.executable, "-c", _DIES, str(database), str(statement)],
        cwd=REPOSITORY,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    assert form(database) == old
    assert contents(database) == before
    with Store.open(database) as store:
        assert store.upkeep.check(thorough=True) == ()
        assert store.matters.present(1, NOW).hearings
    assert form(database) == FORMS[-1].read_text(encoding="utf-8")
