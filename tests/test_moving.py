"""The state directory is a folder like any other: it can be moved, and all goes on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.fetch import Archive
from monitor.store import Store
from tests.end_to_end.world import LONG_AGO, World, news


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world whose herald was learnt, and told of once."""
    root = tmp_path / "first"
    root.mkdir()
    with World(root) as made:
        made.watch("herald")
        made.publish("herald", news("old"))
        made.learn()
        made.publish("herald", news("told"), news("old"))
        made.make_due()
        assert made.here("once").status == 0
        yield made


def test_a_state_directory_that_was_moved_goes_on_as_if_nothing_had_happened(
    world: World, tmp_path: Path
) -> None:
    """Nobody is told twice, what comes is told, and what was recorded is found."""
    there = tmp_path / "elsewhere" / "deep" / "state"
    shutil.copytree(world.root / "state", there)
    shutil.rmtree(world.root / "state")
    world.publish("herald", news("later"), news("told"), news("old"))
    with Store.open(there / "monitor.db") as store:
        store.sources.reschedule("herald", LONG_AGO)
    assert world.here("--state", str(there), "once").status == 0
    assert sum("told" in text for text in world.told()) == 1
    assert sum("later" in text for text in world.told()) == 1
    assert not (world.root / "state").exists()
    with Store.open(there / "monitor.db", read_only=True) as store:
        assert store.upkeep.check() == ()
        for stored in store.items.stored():
            assert Archive(there / "archive").read(stored.record).body


def test_nothing_in_the_state_directory_names_where_it_lies(world: World, tmp_path: Path) -> None:
    """Neither the database nor any file beside it."""
    place = str(tmp_path).encode()
    with closing(sqlite3.connect(world.database)) as db:
        said = "\n".join(db.iterdump()).encode()
    assert b"herald" in said
    assert place not in said
    files = [one for one in (world.root / "state").rglob("*") if one.is_file()]
    assert files
    assert [one for one in files if place in one.read_bytes()] == []
