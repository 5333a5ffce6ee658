"""A hostile person on the machine: what they can read, and what `doctor` says of it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.store import Store
from tests.end_to_end.world import REPOSITORY, World, news


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """Let the tests run as most people do: what is made is readable by all, unless it is said."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Tell who may do what with everything in a folder, by its name."""
    found = (folder, *folder.rglob("*"))
    return {path.relative_to(folder.parent).as_posix(): path.stat().st_mode for path in found}


def open_to_others(folder: Path) -> list[str]:
    """Name what others than the owner have a right to; locks and notes of a time tell nothing."""
    return [
        name
        for name, mode in modes(folder).items()
        if mode & (stat.S_IRWXG | stat.S_IRWXO) and not is_mark(folder.parent / name)
    ]


def is_mark(path: Path) -> bool:
    """Say whether a file holds nothing, or nothing but a moment."""
    if not path.is_file() or path.stat().st_size > 40:
        return False
    try:
        return not (said := path.read_text(encoding="ascii").strip()) or bool(
            datetime.fromisoformat(said)
        )
    except ValueError:
        return False


def test_state_is_made_for_its_owner_alone(world: World) -> None:
    """The folder, the database with its log, the archive with its folders: while in use, too."""
    assert world.here("once").status == 0
    with Store.open(world.database) as store:
        store.sources.begin(["herald", "another"], datetime.now(UTC))
        names = modes(world.database.parent)
        assert {"state/monitor.db", "state/monitor.db-wal", "state/monitor.db-shm"} <= set(names)
        assert any(name.endswith(".warc.gz") for name in names)
        assert open_to_others(world.database.parent) == []


def test_a_state_folder_deep_below_is_closed_all_the_way(world: World, tmp_path: Path) -> None:
    """Those above it that were missing are the monitor's own, too."""
    folder = tmp_path / "srv" / "monitor" / "state"
    assert world.here("--state", str(folder), "once").status == 0
    assert open_to_others(tmp_path / "srv") == []


def test_a_backup_and_what_is_restored_are_for_their_owner_alone(
    world: World, tmp_path: Path
) -> None:
    """They hold what the database holds; a copy that somebody opened to all is closed again."""
    world.here("once")
    backup = tmp_path / "copies" / "monitor.db"
    backup.parent.mkdir()
    assert world.here("backup", str(backup)).status == 0
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    backup.chmod(0o644)
    assert world.here("restore", str(backup), "--yes").status == 0
    assert open_to_others(world.database.parent) == []


def test_recorded_answers_are_for_their_owner_alone(world: World, tmp_path: Path) -> None:
    """`sources record` writes what a publisher answered; who shares it does so on purpose."""
    target = tmp_path / "herald.warc.gz"
    assert world.here("sources", "record", "herald", "--to", str(target)).status == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def findings(world: World) -> dict[str, dict[str, str]]:
    """Tell doctor's findings by subject."""
    return {one["subject"]: one for one in world.here("doctor", "--json").json}


def test_doctor_finds_nothing_open_in_a_fresh_state(world: World) -> None:
    """What the monitor makes itself needs no chmod."""
    world.here("once")
    assert not {"state files", "configuration files"} & set(findings(world))


def test_doctor_names_state_that_others_can_read_and_the_command(world: World) -> None:
    """Folders, database, copies and backups, as older versions or people made them."""
    world.here("once")
    state = world.database.parent
    (state / "backups").mkdir()
    copy = state / "backups" / "monday's.db"
    copy.write_bytes(world.database.read_bytes())
    for path, mode in ((state, 0o755), (world.database, 0o644), (state / "archive", 0o755)):
        path.chmod(mode)
    found = findings(world)["state files"]
    assert found["level"] == "warn"
    assert str(world.database) in found["says"]
    before = open_to_others(state)
    assert len(before) >= 4
    assert os.system(found["cure"]) == 0  # noqa: S605 - the very command that people are told
    assert open_to_others(state) == []
    assert "state files" not in findings(world)


def test_doctor_names_yaml_that_others_can_write_and_the_command(world: World) -> None:
    """Who writes sources.yaml says what is posted to the channels."""
    for path in (world.root / "sources.yaml", world.root / "filters", world.root):
        path.chmod(0o777)
    found = findings(world)["configuration files"]
    assert str(world.root / "sources.yaml") in found["says"]
    assert os.system(found["cure"]) == 0  # noqa: S605 - the very command that people are told
    assert "configuration files" not in findings(world)


def test_doctor_names_a_secret_that_others_can_replace(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who writes SMTP_URL's file gets every digest with its recipients."""
    path = tmp_path / "mail server"
    path.write_text("smtps://me:pass@127.0.0.1:1", encoding="utf-8")
    path.chmod(0o602)
    more = world.environment | {"SMTP_URL_FILE": str(path)}
    monkeypatch.setattr(World, "environment", more)
    assert findings(world)["SMTP_URL_FILE"]["cure"] == f"chmod 600 '{path}'"


def test_doctor_says_to_whom_a_state_volume_has_to_belong(tmp_path: Path) -> None:
    """A container's user has no name outside: the command gives its number."""
    volume = tmp_path / "state"
    volume.mkdir(mode=0o555)
    number = os.geteuid() or 10001  # root can write everywhere: then be who the image is
    code = (
        "import os, sys; from pathlib import Path; from monitor.cli.doctor import state_folder\n"
        "if not os.geteuid(): os.setgid(10001); os.setuid(10001)\n"
        "print(*(one.cure for one in state_folder(Path())))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=volume,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert f"chown -R {number}:" in done.stdout


def test_no_secret_stands_on_a_command_line(world: World) -> None:
    """Everybody can list processes: no option takes a token or a password."""
    told = [world.here(*path, "--help").out.lower() for path in _commands()]
    assert len(told) > 30
    for word in ("--token", "--password", "--secret", "--api-key", "--smtp"):
        assert not any(word in text for text in told)


def _commands() -> Iterator[tuple[str, ...]]:
    from monitor.cli import COMMANDS, group  # noqa: PLC0415

    for name in COMMANDS:
        command = group.get_command(None, name)  # type: ignore[arg-type]
        yield (name,)
        yield from ((name, sub) for sub in getattr(command, "commands", ()))


def test_what_a_killed_run_leaves_is_for_its_owner_alone(world: World) -> None:
    """A half-written copy, too."""
    world.here("once")
    with Store.open(world.database) as store:
        unfinished = world.root / "copy.db.unfinished"
        store.upkeep._copy(unfinished)
    assert stat.S_IMODE(unfinished.stat().st_mode) == 0o600


def test_no_folder_for_all_is_written_to(world: World, tmp_path: Path) -> None:
    """Files with foreseeable names in /tmp could be put there before by others."""
    shared_by_all = tmp_path / "everybody"
    shared_by_all.mkdir()
    world.secrets = {"TMPDIR": str(shared_by_all)}
    world.publish("herald", news("a"), news("b"))
    assert world.here("once").status == 0
    assert list(shared_by_all.iterdir()) == []
