"""A world with one hostile feed, for commands in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.world import World, news


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world with one feed of one entry of interest."""
    with World(tmp_path) as made:
        made.watch("herald")
        made.publish("herald", news("a"))
        yield made
