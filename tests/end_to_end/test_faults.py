"""Faults of the machine really happen: the monitor says so with the cure, and loses nothing.

docs/FAULTS.md lists every fault and the test that makes it happen; the last test compares.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from ast import FunctionDef, parse, walk
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

import monitor.store.connection
from monitor.errors import StoreError
from monitor.store import DeliveryState, Store
from monitor.store.coding import stamp
from tests.end_to_end.world import HEALTH, REPOSITORY, Ran, World, news, until
from tests.servers.misbehaving import answer

MEGABYTE = 1_000_000
LIMITED = """
import resource, sys
resource.setrlimit(getattr(resource, sys.argv[1]), (int(sys.argv[2]),) * 2)
from monitor.cli import main
sys.exit(main(sys.argv[3:]))
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world with one newspaper, whose backlog is known."""
    with World(tmp_path) as made:
        made.watch("herald")
        made.publish("herald", news("old"))
        made.learn()
        yield made


def publish(world: World, *names: str, text: str = "") -> None:
    """Publish beside the old entry."""
    world.publish("herald", news("old"), *(news(name, text=text) for name in names))


def limited(world: World, limit: str, most: int, *arguments: str) -> Ran:
    """Run a command that the machine gives so much of something, and no more."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, limit, str(most), "--config", str(world.root), *arguments],
        cwd=world.root,
        env=world.environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def assert_whole_and_told(world: World, *names: str) -> None:
    """Let the next round tell what the fault held up, each once; the database is whole."""
    ran = world.here("once")
    assert ran.status == 0, ran.err
    assert sorted(world.told()) == sorted(
        f"News: A detainer policy named {name} (New York)" for name in names
    )
    assert world.states() == {DeliveryState.SENT}
    with Store.open(world.database, read_only=True) as store:
        assert store.upkeep.check(thorough=True) == ()


def said_plainly(ran: Ran, *words: str) -> None:
    """Status 1, one sentence with the cure, and no traceback."""
    assert ran.status == 1
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err, ran.err


# --------------------------------------------------------------------------------------- disk


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a small disk, and move what is in the folder there; skip where nobody may mount."""
    kept = folder.with_name("kept")
    shutil.copytree(folder, kept)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_stops_the_round_and_loses_nothing(world: World) -> None:
    """With room again, everything is told that came meanwhile."""
    with small_disk(world.database.parent, 32) as disk:
        filler = disk / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(disk).free - 100_000))
        publish(world, "one", "two", text="minutes of a meeting " * 20_000)
        said_plainly(world.here("once"), "full")
        assert world.told() == []
        filler.unlink()
        assert_whole_and_told(world, "one", "two")


def test_a_file_that_may_not_grow_stops_the_round_and_loses_nothing(world: World) -> None:
    """A quota by file looks like a fault of the disk; the words name its room."""
    publish(world, "one", "two", text="minutes of a meeting " * 40_000)
    ran = limited(world, "RLIMIT_FSIZE", 500_000, "once")
    said_plainly(ran, "free space")
    assert world.told() == []
    assert_whole_and_told(world, "one", "two")


def test_a_read_only_disk_is_named(world: World) -> None:
    """Nothing is lost; a look at what is known is still possible."""
    publish(world, "one")
    with small_disk(world.database.parent, 8) as disk:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        said_plainly(world.here("once"), "cannot be written")
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert_whole_and_told(world, "one")


# ----------------------------------------------------------------------------------- database


def test_a_locked_database_is_named_and_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program that never lets go; the round after it tells everything."""
    settings = ("PRAGMA busy_timeout = 200", *monitor.store.connection._SETTINGS[1:])
    monkeypatch.setattr(monitor.store.connection, "_SETTINGS", settings)
    monkeypatch.setattr(monitor.store.connection, "BUSY_SECONDS", 0.2)
    publish(world, "one")
    with closing(sqlite3.connect(world.database)) as other:
        other.execute("BEGIN EXCLUSIVE")
        said_plainly(world.here("once"), "another program keeps it locked")
        other.execute("ROLLBACK")
    assert_whole_and_told(world, "one")


def fold_the_log(world: World) -> None:
    """Have everything in the one file."""
    with closing(sqlite3.connect(world.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def header_overwritten(file: Path) -> None:
    """Write over what says that it is a database."""
    with file.open("r+b") as stream:
        stream.write(b"\xff" * 100)


def middle_overwritten(file: Path) -> None:
    """Write over all pages but the first few and the last."""
    size = file.stat().st_size
    with file.open("r+b") as stream:
        stream.seek(8 * 4096)
        stream.write(b"\xa5" * (size - 9 * 4096))


def truncated(file: Path) -> None:
    """Cut the file in the middle."""
    with file.open("r+b") as stream:
        stream.truncate(file.stat().st_size // 2)


DAMAGES = (header_overwritten, middle_overwritten, truncated)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", ["once", "run"])
def test_a_damaged_database_is_named_at_the_start_left_alone_and_restored(
    world: World, damage: object, command: str
) -> None:
    """Nobody writes into it or over it; the copy takes its place, and the round goes on."""
    assert callable(damage)
    copy = world.root / "copy.db"
    assert world.here("backup", str(copy)).status == 0
    fold_the_log(world)
    damage(world.database)
    before = sha256(world.database.read_bytes()).hexdigest()
    ran = world.monitor(command)
    said_plainly(ran, "put a backup in its place", "monitor restore")
    assert sha256(world.database.read_bytes()).hexdigest() == before
    assert world.here("restore", str(copy), "--yes").status == 0
    kept = list(world.database.parent.glob("monitor.db.before-*"))
    assert before in {sha256(file.read_bytes()).hexdigest() for file in kept}
    publish(world, "one")
    assert_whole_and_told(world, "one")


def test_a_database_damaged_while_the_service_runs_ends_it_with_the_cure(world: World) -> None:
    """Whoever supervises it is told by status 1 and a sentence, not by silence."""
    with world.started("-v", "run") as service:
        until(lambda: "the monitor runs" in (world.root / "stderr").read_text())
        fold_the_log(world)
        middle_overwritten(world.database)
        (world.database.parent / "monitor.db-shm").write_bytes(b"\xa5" * 32_768)
        service.wait(60)
    assert service.returncode == 1
    assert "monitor.db: " in (world.root / "stderr").read_text().splitlines()[-1]


def test_a_lost_log_takes_the_last_changes_with_it_and_nothing_else(world: World) -> None:
    """Somebody copied the file without its log: it is whole, as of its last folding."""
    fold_the_log(world)
    alone = world.root / "alone.db"
    shutil.copy(world.database, alone)
    publish(world, "one")
    assert world.here("once").status == 0
    for name in ("monitor.db-wal", "monitor.db-shm"):
        (world.database.parent / name).unlink(missing_ok=True)
    shutil.copy(alone, world.database)
    assert world.here("once").status == 0
    # What was told after the folding is told again: late news is better than none.
    assert world.told() == ["News: A detainer policy named one (New York)"] * 2
    with Store.open(world.database, read_only=True) as store:
        assert store.upkeep.check(thorough=True) == ()


# -------------------------------------------------------------------------------------- clock


def times_moved(world: World, by: timedelta) -> None:
    """Let the database be of another time than the clock."""
    with closing(sqlite3.connect(world.database)) as db, db:
        (text,) = db.execute("SELECT last_polled_at FROM sources").fetchone()
        there = datetime.fromisoformat(text) + by
        db.execute(
            "UPDATE sources SET last_polled_at = ?, last_success = ?, next_due = ?",
            (stamp(there), stamp(there), stamp(there + timedelta(hours=1))),
        )


@pytest.mark.parametrize("ahead", [timedelta(hours=5), timedelta(days=400)])
def test_a_clock_that_was_set_back_keeps_nothing_from_being_polled(
    world: World, ahead: timedelta
) -> None:
    """A machine that began with next year's date does not wait for it."""
    times_moved(world, ahead)
    publish(world, "one")
    ran = world.here("once", "--due", "--json")
    assert [row["id"] for row in ran.json["sources"]] == ["herald"]
    assert len(world.told()) == 1
    with Store.open(world.database, read_only=True) as store:
        due = store.sources.state("herald").next_due
        assert due is not None
        assert due - datetime.now(UTC) < timedelta(hours=2)


def test_a_machine_that_slept_polls_once_and_tells_once(world: World) -> None:
    """A clock that stepped forward makes everything due: once, not once for each hour missed."""
    times_moved(world, -timedelta(days=3))
    publish(world, "one")
    asked = len(world.publisher.asked("/herald"))
    assert world.here("once", "--due").status == 0
    assert len(world.publisher.asked("/herald")) == asked + 1
    again = world.here("once", "--due", "--json")
    assert again.json["sources"] == []
    assert len(world.told()) == 1


# ------------------------------------------------------------------------------------- memory


def test_little_memory_fails_one_source_and_says_so(world: World) -> None:
    """The others are read; the process lives, and what failed is read when there is room."""
    world.watch("giant", key="Id", title="Name")
    world.sources["giant"]["kind"] = "json"
    world.write_configuration()
    world.publisher.on("/giant", answer(b"[" + b"[]," * 7_900_000 + b"[]]"))
    publish(world, "one")
    ran = limited(world, "RLIMIT_AS", 800 * MEGABYTE, "once", "--json")
    rows = {row["id"]: row for row in ran.json["sources"]}
    assert rows["giant"]["outcome"] == "failed"
    assert "too little memory" in rows["giant"]["reason"]
    assert rows["herald"]["outcome"] == "changed"
    assert len(world.told()) == 1


# ------------------------------------------------------------------------------------ network


def test_a_lost_network_is_one_post_and_is_seen_in_status(world: World) -> None:
    """Nobody listens at four hosts of five: that is not four broken sources."""
    for number in range(2, 14):
        name = f"town{number}"
        world.watch(name)
        world.sources[name]["url"] = f"http://127.0.0.{number}:{world.publisher.port}/{name}"
    world.write_configuration()
    assert world.here("once").status == 1
    (told,) = world.told(HEALTH)
    assert told.startswith("Own network down: 12 of 13 sources cannot be reached so far")
    assert world.here("once").status == 1
    assert len(world.told(HEALTH)) == 1
    shown = world.here("status")
    assert "Own network down, since" in shown.out
    assert [one["where"] for one in world.here("status", "--json").json["outages"]] == [""]


# ---------------------------------------------------------------------------------- the table


def test_every_test_that_the_table_names_is_there() -> None:
    """docs/FAULTS.md tells no tales, and every test here stands in it."""
    table = (REPOSITORY / "docs" / "FAULTS.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", table)
    assert len(named) > 20
    for file, name in named:
        tree = parse((REPOSITORY / file).read_text(encoding="utf-8"))
        assert name in {one.name for one in walk(tree) if isinstance(one, FunctionDef)}, name
    own = parse(Path(__file__).read_text(encoding="utf-8"))
    tests = {o.name for o in walk(own) if isinstance(o, FunctionDef) and o.name.startswith("test_")}
    assert tests - {name for _, name in named} == {"test_every_test_that_the_table_names_is_there"}


def test_a_damaged_page_that_is_read_is_named(world: World) -> None:
    """Wherever the damage lies, its error names the file and the way back."""
    fold_the_log(world)
    middle_overwritten(world.database)
    with (
        pytest.raises(StoreError, match="monitor restore"),
        Store.open(world.database) as store,
    ):
        store.upkeep.refuse_damage()
