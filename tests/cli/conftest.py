"""Runs commands in this process: the same `main` that the program starts with."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.cli import main
from tests.end_to_end.world import Ran, World, news

Command = Callable[..., Ran]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world with one feed of two entries, of which one is of interest."""
    with World(tmp_path) as made:
        made.watch("herald")
        made.publish("herald", news("a"), news("b", "Ice rink opens"))
        yield made


@pytest.fixture
def monitor(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Return a function that runs a command in the world's folder and says how it ended."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN_FILE", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(world.root)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run(*arguments: str, given: str = "") -> Ran:
        for name, value in world.environment.items():
            if name.startswith("SLACK"):
                monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        capsys.readouterr()
        status = main([*arguments])
        written = capsys.readouterr()
        return Ran(status, written.out, written.err)

    yield run
    # A command sets logging up for its own streams, which end with the test.
    root.handlers[:], root.level = handlers, level
