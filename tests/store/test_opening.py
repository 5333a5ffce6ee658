"""Opening: what is made, what is refused, and that nothing is ever overwritten."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.errors import StoreError
from monitor.models import ItemType
from monitor.store import Store
from monitor.store.connection import Connection
from monitor.store.schema import APPLICATION, steps
from tests.store.builders import DAY, NOW, alert, item

FORMS = sorted(Path(__file__).parent.glob("form_*.sql"))
NOBODY = 65534
ROOT = Path(__file__).resolve().parents[2]


def form(database: Path) -> str:
    """Return the statements that make a database's tables, indexes and triggers."""
    with closing(sqlite3.connect(database)) as db:
        rows = db.execute(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL "
            "AND name NOT LIKE '%sqlite%' AND name NOT LIKE 'items_fts_%' ORDER BY name"
        ).fetchall()
    return "\n\n".join(sql for (sql,) in rows) + "\n"


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up the rights of root, which no permission binds, for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that everybody can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_missing_database_is_made_with_its_folder(database: Path) -> None:
    """The first start needs no preparation."""
    with Store.open(database) as store:
        assert store.items.count() == 0
    assert database.exists()


def test_what_was_stored_is_there_after_reopening(database: Path) -> None:
    """Closing loses nothing."""
    with Store.open(database) as store:
        store.items.merge(item(), NOW)
    with Store.open(database) as store:
        assert store.items.count() == 1


@pytest.mark.parametrize("written", FORMS, ids=lambda path: path.stem)
def test_a_step_makes_the_form_that_was_released(database: Path, written: Path) -> None:
    """An old step is never edited: the form after it is written down."""
    at_step(int(written.stem.removeprefix("form_")), database)
    assert form(database) == written.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", range(len(steps._migrations)))
def test_every_step_begins_from_the_version_before(database: Path, number: int) -> None:
    """A database of any older version is brought to the present form and works."""
    at_step(number, database)
    with Store.open(database) as store:
        store.items.merge(item(), NOW)
        store.outbox.enqueue([alert("a")], NOW)
        assert store.upkeep.check(thorough=True) == ()


# What the first version left behind: a bill that was told, with two dates, and one that was not.
_FILLED = """
INSERT INTO matters (id, title, type, jurisdiction, url, lead_item, first_seen, last_changed)
VALUES (1, 'An act', 'bill', '', '', 1, '2026-11-20T12:00:00.000000Z',
    '2026-11-20T12:00:00.000000Z'),
    (2, 'Another', 'bill', '', '', 2, '2026-11-20T12:00:00.000000Z', '2026-11-20T12:00:00.000000Z');
INSERT INTO items (id, source, key, fingerprint, matter_id, type, jurisdiction, first_seen,
    last_changed, record, url, office, status, labels, details, title, text)
VALUES (1, 'council', '1', 'f', 1, 'bill', '', '2026-11-20T12:00:00.000000Z',
    '2026-11-20T12:00:00.000000Z', '', '', '', '', '[]',
    '{"hearings":[{"kind":"hearing","starts":"2026-11-24T12:00:00Z","place":"City Hall"},'
    || '{"kind":"hearing","starts":"2026-11-25T12:00:00.250000Z","cancelled":true},'
    || '{"kind":"hearing","said":"to be announced","starts":null}]}', 'An act', ''),
    (2, 'council', '2', 'f', 2, 'bill', '', '2026-11-20T12:00:00.000000Z',
    '2026-11-20T12:00:00.000000Z', '', '', '', '', '[]', '{}', 'Another', '');
INSERT INTO alerts (key, channel, kind, matter_id, state, next_attempt_at, created_at, headline,
    payload)
VALUES ('a', '#a', 'alert', 1, 'sent', '', '2026-11-20T13:00:00.000000Z', 'x',
    '{"key":"a","channel":"#a","kind":"alert","headline":"x"}'),
    ('b', '#a', 'alert', 1, 'sent', '', '2026-11-21T13:00:00.000000Z', 'x',
    '{"key":"b","channel":"#a","kind":"alert","headline":"x"}'),
    ('c', '#a', 'health', 0, 'sent', '', '2026-11-21T13:00:00.000000Z', 'x',
    '{"key":"c","channel":"#a","kind":"health","headline":"x"}');
INSERT INTO threads (channel, matter_id, reference, place, alert_id, opened_at)
VALUES ('#a', 1, '100.1', 'C1', 1, '2026-11-20T13:00:00.000000Z');
"""


def test_what_the_first_version_stored_is_known_to_the_present_one(database: Path) -> None:
    """Dates ahead, who was told, and threads, whose messages are left as they are."""
    at_step(1, database)
    with closing(sqlite3.connect(database)) as db:
        db.executescript(_FILLED)
    with Store.open(database) as store:
        present = store.matters.present(1, NOW)
        starts = [hearing.starts for hearing in present.hearings]
        assert starts == [NOW + DAY, NOW + 2 * DAY + timedelta(milliseconds=250)]
        assert [hearing.cancelled for hearing in present.hearings] == [False, True]
        told = store._db.rows("SELECT told_at FROM matters ORDER BY id")
        assert told == [("2026-11-20T13:00:00.000000Z",), (None,)]
        (date,) = store.matters.ahead(NOW, NOW + 3 * DAY)
        assert (date.matter, date.hearing.place, date.channels) == (1, "City Hall", ("#a",))
        thread = store.threads.of(1, "#a")
        assert thread is not None
        assert thread.reference == "100.1"
        assert store.threads.waiting() == ()
        assert store.upkeep.check(thorough=True) == ()
        merged = store.items.merge(item("1", type=ItemType.BILL, status="Passed"), NOW)
        assert merged is not None
        assert merged.change.before is not None
        assert merged.change.before.told
        assert store.threads.waiting() == ("#a",)


def test_a_step_that_fails_leaves_the_old_version(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration is one transaction."""
    with Store.open(database):
        pass
    before = form(database)

    def broken(db: Database) -> None:
        db.execute("ALTER TABLE items ADD COLUMN half TEXT")
        raise RuntimeError("the step breaks")

    monkeypatch.setattr(steps, "_migrations", [*steps._migrations])
    steps(name="m999_broken")(broken)
    with pytest.raises(RuntimeError, match="the step breaks"):
        Store.open(database)
    assert form(database) == before


def test_a_newer_database_is_refused_and_left_alone(database: Path) -> None:
    """A program that is older than its database does not touch it."""
    with Store.open(database) as store:
        store.items.merge(item(), NOW)
        store._db.write(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('monitor', 'm998_of_tomorrow', '2027-01-01')"
        )
    before = database.read_bytes()
    with pytest.raises(StoreError, match=r"newer version.*m998_of_tomorrow.*install that version"):
        Store.open(database)
    assert database.read_bytes() == before


def test_a_value_of_a_newer_version_is_named_as_such(store: Store) -> None:
    """A word that this version does not know is no bug of the reader."""
    store.outbox.enqueue([alert("a")], NOW)
    store._db.write("UPDATE alerts SET payload = replace(payload, 'limits', 'sideways')")
    with pytest.raises(StoreError, match="newer version"):
        store.outbox.listed()


@pytest.mark.parametrize("application", [0, 12345])
def test_the_database_of_another_program_is_refused(database: Path, application: int) -> None:
    """Tables that are not ours are not mixed with ours."""
    with closing(sqlite3.connect(make_folder(database))) as db:
        db.execute("CREATE TABLE recipes (id)")
        db.execute(f"PRAGMA application_id = {application}")
    with pytest.raises(StoreError, match="another program"):
        Store.open(database)


def test_a_file_that_is_no_database_is_refused_and_left_alone(database: Path) -> None:
    """A wrong path does not cost a file."""
    make_folder(database).write_bytes(b"minutes of the meeting\n" * 100)
    with pytest.raises(StoreError, match="no database; put a backup in its place"):
        Store.open(database)
    assert database.read_bytes() == b"minutes of the meeting\n" * 100


def test_a_damaged_file_is_named_with_its_cure(database: Path) -> None:
    """A fault of the disk in the middle of the file is found when it is read."""
    with Store.open(database) as store:
        for number in range(300):
            store.items.merge(item(str(number), text="agenda " * 100), NOW)
    with database.open("r+b") as file:
        file.seek(database.stat().st_size // 2)
        file.write(b"\xff" * (database.stat().st_size // 4))
    with Store.open(database) as store:
        assert store.upkeep.check()
        with pytest.raises(StoreError, match="damaged; put a backup in its place"):
            list(store.items.stored())


def test_a_locked_database_says_so(database: Path) -> None:
    """Another program that never lets go is named after a wait."""
    with Store.open(database) as mine, closing(sqlite3.connect(database)) as other:
        mine._db.rows("PRAGMA busy_timeout = 20")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program keeps it locked"):
            mine.items.merge(item(), NOW)
        other.rollback()
        assert mine.items.merge(item(), NOW)


def test_many_threads_may_open_a_new_database_at_once(database: Path) -> None:
    """Who comes first makes it; the others wait."""

    def start(number: int) -> bool:
        with Store.open(database) as store:
            return store.items.merge(item(str(number)), NOW) is not None

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(start, range(8)))
    with Store.open(database) as store:
        assert store.items.count() == 8


def test_a_second_connection_takes_no_lock_from_the_first(database: Path) -> None:
    """Another process that comes and goes does not take the first one's log for abandoned."""
    with Store.open(database) as first, Store.open(database):
        first.items.merge(item("before"), NOW)
        visit = f"from monitor.store import Store; Store.open(Path({str(database)!r})).close()"
        command = [sys.executable, "-c", f"from pathlib import Path; {visit}"]
        subprocess.run(command, cwd=ROOT, check=True, timeout=60)
        first.items.merge(item("after"), NOW)
        with Store.open(database, read_only=True) as reader:
            assert reader.items.count() == 2


def test_reading_only_needs_a_database(database: Path) -> None:
    """A look at nothing makes nothing."""
    with pytest.raises(StoreError, match="no database yet"):
        Store.open(database, read_only=True)
    assert not database.exists()


def test_reading_only_reads_and_refuses_to_write(database: Path, store: Store) -> None:
    """A reader sees what the writer has committed, and changes nothing."""
    store.items.merge(item(), NOW)
    with Store.open(database, read_only=True) as reader:
        assert reader.items.count() == 1
        assert reader.upkeep.check(thorough=True) == ()
        with pytest.raises(StoreError, match="cannot be written"):
            reader.items.merge(item("2"), NOW)


def test_reading_only_does_not_migrate(database: Path) -> None:
    """An older database has to be opened for writing once."""
    at_step(0, database)
    with pytest.raises(StoreError, match="older than this program"):
        Store.open(database, read_only=True)


def test_a_folder_that_cannot_be_written_is_named(open_folder: Path) -> None:
    """SQLite would open the file and fail at the first write."""
    database = open_folder / "monitor.db"
    with Store.open(database):
        pass
    open_folder.chmod(0o777)
    with as_nobody(), pytest.raises(StoreError, match=f"{database}.*cannot be written"):
        Store.open(database)
    open_folder.chmod(0o555)
    with as_nobody():
        with pytest.raises(StoreError, match=f"{open_folder}.*cannot be written"):
            Store.open(database)
        with pytest.raises(StoreError, match="folder cannot be made"):
            Store.open(open_folder / "state" / "monitor.db")


def at_step(number: int, database: Path) -> None:
    """Make a database as it was after the first `number` steps."""
    with closing(Connection(make_folder(database))) as db:
        steps.apply(db.database, stop_before=[step.name for step in steps._migrations[number:]])
        db.rows(f"PRAGMA application_id = {APPLICATION}")


def make_folder(database: Path) -> Path:
    """Make the folder of a database."""
    database.parent.mkdir(parents=True)
    return database
