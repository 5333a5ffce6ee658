"""Upkeep: copies, check-ups and tidying while others write."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from monitor.errors import StoreError
from monitor.store import Store
from tests.store.builders import NOW, alert, item


def test_a_backup_is_a_whole_database(store: Store, tmp_path: Path) -> None:
    """One file, which opens as the original does; an older copy is replaced."""
    store.items.merge(item("1"), NOW)
    target = tmp_path / "copy.db"
    target.write_text("an older copy")
    store.upkeep.backup(target)
    store.items.merge(item("2"), NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "state"]
    with Store.open(target) as copy:
        assert copy.items.count() == 1
        assert copy.upkeep.check(thorough=True) == ()


def test_a_backup_made_while_another_thread_writes_is_consistent(
    store: Store, tmp_path: Path
) -> None:
    """It holds whole transactions only, and nobody waits for it."""
    stop = Event()

    def write() -> int:
        with Store.open(store.path) as writer:
            for number in range(2_000):
                with writer.transaction():
                    writer.items.merge(item(str(number)), NOW)
                    writer.outbox.enqueue([alert(str(number))], NOW)
                if stop.is_set():
                    return number
        return 2_000

    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write)
        for number in range(4):
            store.upkeep.backup(tmp_path / f"{number}.db")
        stop.set()
        assert written.result() > 0
    for number in range(4):
        with Store.open(tmp_path / f"{number}.db") as copy:
            assert copy.items.count() == sum(count for _, count in copy.outbox.counts())
            assert copy.upkeep.check(thorough=True) == ()


def test_a_backup_never_replaces_the_database_itself(store: Store) -> None:
    """Not even by another name."""
    link = store.path.with_name("link.db")
    link.symlink_to(store.path)
    for target in (store.path, link):
        with pytest.raises(StoreError, match="database itself"):
            store.upkeep.backup(target)
    assert store.items.count() == 0


def test_a_backup_that_cannot_be_written_says_so(store: Store, tmp_path: Path) -> None:
    """A wrong folder is named, and no half of a copy stays."""
    with pytest.raises(StoreError, match=r"nowhere.*cannot be written there"):
        store.upkeep.backup(tmp_path / "nowhere" / "copy.db")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(StoreError, match=r"folder.*cannot be written there"):
        store.upkeep.backup(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "state"]


def test_the_check_finds_an_index_that_lost_touch(store: Store) -> None:
    """Rebuilding it mends it."""
    store.items.merge(item(text="before"), NOW)
    store._db.write("DROP TRIGGER items_fts_update")
    store.items.merge(item(text="after"), NOW)
    assert store.upkeep.check() == ()
    assert store.upkeep.check(thorough=True) == (
        "the full-text index differs from the items; rebuild it",
    )
    store.upkeep.rebuild_index()
    assert store.upkeep.check(thorough=True) == ()


def test_the_check_finds_a_row_that_points_nowhere(store: Store) -> None:
    """Somebody edited the file by hand."""
    store.items.merge(item(), NOW)
    store._db.rows("PRAGMA foreign_keys = OFF")
    store._db.write("DELETE FROM matters")
    assert store.upkeep.check() == ("items row 1 points to a row of matters that is missing",)


def test_tidying_changes_no_answer(store: Store) -> None:
    """It may run at any time."""
    store.items.merge(item(), NOW)
    store.upkeep.optimise()
    assert len(store.index.search("council")) == store.items.count() == 1
    assert store.upkeep.size() > 0
