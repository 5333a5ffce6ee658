"""What only a process of its own can show: terminals, signals, and pipes that are closed."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.end_to_end.world import LONGEST, Ran, World, news
from tests.servers.misbehaving import answer, hang

ESCAPE = "\x1b"


def at_a_terminal(
    world: World, *arguments: str, interrupted: Callable[[], object] = lambda: False
) -> Ran:
    """Run a command at a terminal of its own; Ctrl-C comes as soon as `interrupted` holds."""
    near, far = pty.openpty()
    with subprocess.Popen(
        world.command(*arguments),
        cwd=world.root,
        env=world.environment | {"TERM": "xterm", "COLUMNS": "100"},
        stdin=far,
        stdout=far,
        stderr=far,
    ) as process:
        os.close(far)
        shown, ends, is_sent = bytearray(), time.monotonic() + LONGEST, False
        while time.monotonic() < ends:
            if select.select([near], [], [], 0.05)[0]:
                try:
                    shown += os.read(near, 65_536)
                except OSError:  # so Linux says that the other side was closed
                    break
            if not is_sent and interrupted():
                process.send_signal(signal.SIGINT)
                is_sent = True
        process.kill() if time.monotonic() >= ends else process.wait(LONGEST)
    os.close(near)
    return Ran(process.returncode, shown.decode(), "")


def test_a_terminal_shows_progress_and_colours(world: World) -> None:
    """The bar goes away when the round is over; what it came to stays."""
    ran = at_a_terminal(world, "once")
    assert ran.status == 0
    assert "Polling" in ran.out
    assert "1/1" in ran.out
    assert f"{ESCAPE}[1;31m" in ran.out
    assert "1 source polled: 1 changed." in ran.out


def test_a_long_reason_stays_in_its_column_and_waiting_is_explained(world: World) -> None:
    """A terminal's table is read by people, who also want to know what takes so long."""
    world.learn()
    world.publish("herald", *(news(f"n{n}") for n in range(4)))
    world.watch("broken", note="a note " * 12)
    world.misbehave("broken", answer(b"", 503))
    assert "Delivering 5 alerts" in at_a_terminal(world, "once").out
    table = at_a_terminal(world, "status").out.replace("\r", "").split("\n\n")[0].splitlines()
    column = table[0].index("WHY") - len(f"{ESCAPE}[1m")
    assert max(map(len, table)) <= 100
    assert {line[:column].strip() for line in table[2:-1]} == {""}


@pytest.mark.parametrize(
    "arguments",
    [("once",), ("status",), ("sources", "test", "herald"), ("search", "detainer"), ("doctor",)],
    ids=" ".join,
)
def test_no_colours_where_nobody_sees_them(
    monitor: Command, world: World, arguments: tuple[str, ...]
) -> None:
    """A file or a pipe gets plain text."""
    monitor("once")
    world.publish("herald", news("a"), news("c"))
    ran = monitor(*arguments)
    assert ran.out
    assert ESCAPE not in ran.out + ran.err


def test_ctrl_c_ends_a_round_with_its_summary(world: World) -> None:
    """What was read is stored; what hangs is left for the next round, and is not called broken."""
    world.watch("slow")
    world.misbehave("slow", hang())
    began = time.monotonic()
    ran = at_a_terminal(world, "once", interrupted=lambda: world.publisher.asked("/slow"))
    assert time.monotonic() - began < LONGEST / 2
    assert ran.status == 0
    assert "1 source polled: 1 changed." in ran.out
    assert "Stopped before the round was complete" in ran.out
    assert "Traceback" not in ran.out
    states = {row["id"]: row["state"] for row in world.monitor("status", "--json").json["sources"]}
    assert states == {"herald": "ok", "slow": "not polled yet"}


@pytest.mark.parametrize("console", [True, False], ids=["console", "slack"])
def test_a_reader_that_leaves_is_no_fault(world: World, tmp_path: Path, console: bool) -> None:
    """`monitor once | head -1` ends quietly, with status 0."""
    world.speaks_slack = not console
    world.monitor("once")
    world.publish("herald", news("a"), news("c"))
    with (
        (tmp_path / "err").open("w+", encoding="utf-8") as err,
        subprocess.Popen(
            world.command("once"),
            cwd=world.root,
            env=world.environment,
            stdout=subprocess.PIPE,
            stderr=err,
        ) as process,
    ):
        assert process.stdout
        process.stdout.close()
        assert process.wait(LONGEST) == 0
        err.seek(0)
        assert err.read() == ""


def test_a_full_disk_behind_stdout_is_said_without_a_traceback(world: World) -> None:
    """Status 1, and the system's own reason."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") as out:
        done = subprocess.run(
            world.command("filters", "list"),
            cwd=world.root,
            env=world.environment | {"PYTHONUNBUFFERED": "1"},
            stdout=out,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_text_that_the_terminal_cannot_show_does_not_end_a_command(world: World) -> None:
    """A locale that knows only ASCII still gets an answer."""
    world.publish("herald", news("a", "Détention — “detainer” policy"))
    world.speaks_slack = False
    ran = world.monitor("once", "--backfill", "36500d", LANG="C", PYTHONIOENCODING="ascii")
    assert ran.status == 0
    assert "1 alert shown" in ran.out
