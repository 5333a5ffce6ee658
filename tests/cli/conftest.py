"""Runs commands in this process: the same `main` that the program starts with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
def monitor(world: World) -> Command:
    """Return a function that runs a command in the world's folder and says how it ended."""
    return world.here
