"""One thread's connection: transactions that begin as writers, and errors that say the cure."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from monitor.errors import StoreError
from monitor.files import make_private_file

Row = tuple[Any, ...]

BUSY_SECONDS = 10.0
_BATCH = 500
_TOGETHER = 64
# Of SQLite's own machine, between two looks at the clock.
_STEPS = 1_000
_SETTINGS = (
    "PRAGMA busy_timeout = 10000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16384",
    "PRAGMA temp_store = MEMORY",
)
# NORMAL survives the death of the process; the commits that must also survive a power cut (an
# alert reserved or confirmed) ask for FULL themselves and so sync everything before them, too.
_WRITER_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA journal_size_limit = 67108864",
    # What items are recognised by is spread all over its index: at every 4 MB of log, the default,
    # nearly each of its pages was copied back anew. 32 MB, and a third less work.
    "PRAGMA wal_autocheckpoint = 8000",
)
RESTORE = "put a backup in its place: `monitor restore FILE` (it was left as it is)"
_CURES = {
    sqlite3.SQLITE_BUSY: "another program keeps it locked; stop the other one, or try again",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked; stop the other one, or try again",
    sqlite3.SQLITE_FULL: "the disk or quota is full; free some space, nothing recorded is lost",
    sqlite3.SQLITE_READONLY: "it cannot be written; make the file and its folder writable",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check the folder, its owner and its permissions",
    sqlite3.SQLITE_PERM: "it cannot be opened; check its owner and its permissions",
    sqlite3.SQLITE_IOERR: "the disk fails to read or write; check the disk and its free space",
    sqlite3.SQLITE_CORRUPT: f"it is damaged; {RESTORE}",
    sqlite3.SQLITE_NOTADB: f"it is no database; {RESTORE}",
    sqlite3.SQLITE_TOOBIG: "a value is too large to be stored",
    sqlite3.SQLITE_NOMEM: "the machine is out of memory",
}

# How often a setting is tried again within BUSY_SECONDS.
_TRIES = 100


class Connection:
    """A connection to the database file; belongs to the thread that opened it.

    Faults of the file, the disk or another program become StoreError; a wrong statement or a
    broken constraint is a bug and stays what it is.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._depth = 0
        with self._told():
            self._raw = self._connect()
            self.database = Database(self._raw, recursive_triggers=False, execute_plugins=False)
        try:
            for setting in _SETTINGS if read_only else _SETTINGS + _WRITER_SETTINGS:
                self._set(setting)
        except BaseException:
            self.close()
            raise

    def _set(self, setting: str) -> None:
        """Make a setting; SQLite does not wait itself where several turn a new file to WAL."""
        for _ in range(_TRIES):
            try:
                self._raw.execute(setting).fetchall()
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                    raise self._converted(error) from error
                time.sleep(BUSY_SECONDS / _TRIES)
            else:
                return
        self.rows(setting)

    def _connect(self) -> sqlite3.Connection:
        mode = "ro" if self.read_only else "rwc"
        if not self.read_only:
            self._keep_private()
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            cached_statements=256,
        )

    def _keep_private(self) -> None:
        """Make a new database readable by its owner only: SQLite gives its log the same rights."""
        with suppress(OSError):  # SQLite then says what is wrong with the place
            make_private_file(self.path)

    def close(self) -> None:
        """Close; the last writer to do so folds the write-ahead log into the file."""
        self.database.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._converted(error) from error

    def _converted(self, error: sqlite3.Error) -> Exception:
        code = getattr(error, "sqlite_errorcode", None)
        cure = None if code is None else _CURES.get(code & 0xFF)
        return error if cure is None else StoreError(f"{self.path}: {cure} ({error})")

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a query, or of a statement with RETURNING."""
        try:
            return self._raw.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._converted(error) from error

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        try:
            with closing(self._raw.execute(sql, values)) as cursor:
                return cursor.fetchone()  # type: ignore[no-any-return]
        except sqlite3.Error as error:
            raise self._converted(error) from error

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None."""
        found = self.row(sql, values)
        return None if found is None else found[0]

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """Yield rows without holding them all; the database is seen as it was at the first one."""
        with self._told(), closing(self._raw.execute(sql, values)) as cursor:
            while batch := cursor.fetchmany(_BATCH):
                yield from batch

    def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that changes rows; return how many."""
        self._still_whole()
        try:
            return self._raw.execute(sql, values).rowcount
        except sqlite3.Error as error:
            raise self._converted(error) from error

    def write_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values."""
        self._still_whole()
        try:
            self._raw.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._converted(error) from error

    def insert(self, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows, many in one statement.

        sqlite3 lets other threads run at each row of a statement that is run many times, and then
        waits for them: with ten busy workers that took longer than the inserting.
        """
        width = columns.count(",") + 1
        row = f"({', '.join('?' * width)})"
        for begin in range(0, len(rows), _TOGETHER):
            part = rows[begin : begin + _TOGETHER]
            sql = f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * len(part))}"  # noqa: S608
            self.write(sql, [value for each in part for value in each])

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let what is asked inside take so long; raises TimeoutError where it takes longer."""
        ends = time.monotonic() + seconds
        self._raw.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
        try:
            yield
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT:
                raise
            raise TimeoutError(f"a query took longer than {seconds:g} seconds") from error
        finally:
            self._raw.set_progress_handler(None, 0)

    @property
    def in_transaction(self) -> bool:
        """Say whether a transaction is open."""
        return self._raw.in_transaction

    @contextmanager
    def transaction(self, durable: bool = False) -> Iterator[None]:
        """Make what happens inside one change, all or nothing; a nested one joins.

        It begins as a writer, so that what it reads stays true until it writes. A nested one that
        fails takes back its own part only. `durable` also survives a power cut.
        """
        if self._depth:
            with self._savepoint():
                yield
            return
        if durable:
            self.rows("PRAGMA synchronous = FULL")
        try:
            with self._outermost():
                yield
        finally:
            if durable:
                self.rows("PRAGMA synchronous = NORMAL")

    @contextmanager
    def _outermost(self) -> Iterator[None]:
        try:
            self.rows("BEGIN IMMEDIATE")
            self._depth = 1
            yield
            self._still_whole()
            self.rows("COMMIT")
        except BaseException:
            if self.in_transaction:
                self.rows("ROLLBACK")
            raise
        finally:
            self._depth = 0

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        name = f"level_{self._depth}"
        self.write(f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
        except BaseException:
            # a full disk ends the whole transaction by itself, and the savepoints with it
            if self.in_transaction:
                self.rows(f"ROLLBACK TO {name}")
                self.rows(f"RELEASE {name}")
            raise
        else:
            self.write(f"RELEASE {name}")
        finally:
            self._depth -= 1

    def _still_whole(self) -> None:
        if self._depth and not self.in_transaction:
            raise StoreError(f"{self.path}: the transaction was ended by an earlier fault")
