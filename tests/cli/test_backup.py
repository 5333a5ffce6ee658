"""`backup` and `restore`: a copy of the database while it is written to, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.heart import Heart
from monitor.store import Store
from tests.cli.conftest import Command
from tests.end_to_end.world import World, news
from tests.store.builders import NOW, item
from tests.store.test_opening import at_step


def keys(path: Path) -> set[str]:
    """Name the items that a database holds."""
    with Store.open(path, read_only=True) as store:
        return {stored.item.key for stored in store.items.stored()}


@pytest.fixture
def copy(monitor: Command, tmp_path: Path) -> Path:
    """Poll once and make a backup."""
    monitor("once")
    file = tmp_path / "backup.db"
    done = monitor("backup", str(file))
    assert (done.status, "checked" in done.err) == (0, True)
    return file


def test_a_backup_is_made_while_others_write(copy: Path, world: World, tmp_path: Path) -> None:
    """A writer's open transaction is not in it, and nobody waits."""
    with Store.open(world.database) as writer, writer.transaction():
        writer.items.merge(item("half"), NOW)
        again = world.here("backup", str(tmp_path / "again.db"))
    assert again.status == 0
    assert keys(tmp_path / "again.db") == keys(copy)


def test_a_restored_copy_takes_the_databases_place_and_that_is_kept(
    copy: Path, monitor: Command, world: World
) -> None:
    """A person may have been wrong."""
    world.publish("herald", news("a"), news("c"))
    monitor("once")
    later = keys(world.database)
    done = monitor("restore", str(copy), "--yes")
    assert done.status == 0
    assert keys(world.database) == keys(copy) != later
    (kept,) = world.database.parent.glob("monitor.db.before-*Z")
    assert keys(kept) == later
    assert monitor("once").status == 0


def test_the_database_is_there_until_the_copy_takes_its_place(
    copy: Path, monitor: Command, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restoring that dies in between leaves no place for a new, empty database."""
    world.publish("herald", news("a"), news("c"))
    monitor("once")
    later = keys(world.database)
    replace = Path.replace

    def dies(self: Path, target: Path) -> Path:
        if Path(target).name == world.database.name:
            raise OSError("the power is cut")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", dies)
    assert monitor("restore", str(copy), "--yes").status != 0
    assert keys(world.database) == later


@pytest.mark.parametrize("damage", [b"", b"\xff" * 8192])
def test_a_damaged_database_is_kept_too_when_a_copy_takes_its_place(
    copy: Path, monitor: Command, world: World, damage: bytes
) -> None:
    """It may be all that there is of the last days."""
    if damage:
        world.database.write_bytes(damage)
    assert monitor("restore", str(copy), "--yes").status == 0
    assert keys(world.database) == keys(copy)
    (kept,) = world.database.parent.glob("monitor.db.before-*Z")
    assert not damage or kept.read_bytes() == damage


def test_a_copy_of_an_older_form_is_brought_up_to_date(
    monitor: Command, world: World, tmp_path: Path
) -> None:
    """A backup outlives an upgrade."""
    monitor("once")
    old = tmp_path / "old" / "copy.db"
    at_step(1, old)
    assert monitor("restore", str(old), "--yes").status == 0
    assert keys(world.database) == set()


@pytest.mark.parametrize("damage", [b"", b"minutes of the meeting\n" * 200])
def test_a_file_that_is_no_copy_is_refused_and_nothing_changes(
    copy: Path, monitor: Command, world: World, damage: bytes
) -> None:
    """Nor is anything left lying about."""
    before = keys(world.database)
    bad = copy.with_name("bad.db")
    bad.write_bytes(damage or copy.read_bytes()[: copy.stat().st_size // 2])
    done = monitor("restore", str(bad), "--yes")
    assert done.status != 0
    assert keys(world.database) == before
    assert list(world.database.parent.glob("*.unfinished*")) == []


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_copy_that_was_damaged_since_is_refused_and_nothing_changes(
    copy: Path, monitor: Command, world: World, part: float
) -> None:
    """Some kilobytes overwritten, wherever they lie: in a table, an index, or the full text."""
    before = keys(world.database)
    with copy.open("r+b") as file:
        file.seek(int(copy.stat().st_size * part) // 4096 * 4096)
        file.write(b"\xff" * 3 * 4096)
    done = monitor("restore", str(copy), "--yes")
    assert done.status != 0
    assert "damaged" in done.err
    assert keys(world.database) == before
    assert list(world.database.parent.glob("monitor.db.*")) == []


def test_a_backup_of_a_damaged_database_does_not_replace_a_good_one(
    copy: Path, world: World
) -> None:
    """The older copy is what is to be restored."""
    good = copy.read_bytes()
    with Store.open(world.database) as store:
        store._db.rows("PRAGMA wal_checkpoint (TRUNCATE)")
        page = store._db.value("SELECT rootpage FROM sqlite_schema WHERE name = 'items_known'")
    with world.database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    done = world.here("backup", str(copy))
    assert done.status == 1
    assert "no copy was made" in done.err
    assert copy.read_bytes() == good
    assert list(copy.parent.glob("*.unfinished*")) == []


def test_a_running_service_is_not_pulled_the_ground_from_under(
    copy: Path, monitor: Command, world: World
) -> None:
    """Its heartbeat shows that it runs."""
    Heart(world.database.parent, ("polling",)).alive("polling", datetime.now(UTC))
    done = monitor("restore", str(copy), "--yes")
    assert (done.status, "stop it first" in done.err) == (2, True)
    Heart(world.database.parent, ("polling",)).alive(
        "polling", datetime.now(UTC) - timedelta(minutes=6)
    )
    assert monitor("restore", str(copy), "--yes").status == 0


def test_the_database_itself_is_no_backup_of_itself(monitor: Command, world: World) -> None:
    """Neither way."""
    monitor("once")
    assert monitor("backup", str(world.database)).status != 0
    assert monitor("restore", str(world.database), "--yes").status == 2
