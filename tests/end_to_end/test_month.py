"""The small form of a simulated month: three days, restarts and a kill, faults on every hand.

The whole of it, 500 publishers and thirty days, is run by hand: python benchmarks/soak.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from monitor.store import Store
from tests.end_to_end.month import READERS, Month
from tests.end_to_end.month_world import Setting

WORKERS = 8
# Three connections to the database, and those to the publishers that are kept open for a while.
MOST_FILES = 60


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """Let three days pass."""
    folder: Path = tmp_path_factory.mktemp("month")
    with Month(folder, Setting(publishers=30, days=3), pace=15.0, slack_chance=0.3) as lived:
        lived.live()
        yield lived


def test_every_event_is_told_exactly_once_and_in_order(month: Month) -> None:
    """New records, each change of them, each reminder, and each reader's digests."""
    assert month.findings() == []
    assert month.counted["alerts posted"] == month.counted["alerts expected"] > 10
    assert month.counted["copies mailed"] >= len(READERS) * 2


def test_it_was_no_calm_sea(month: Month) -> None:
    """Requests and calls went wrong, and the monitor was killed amid its work."""
    assert month.ended["killed"] == 1
    assert month.publishers.wrong.total() > month.publishers.asked.total() * 0.02
    health = month.workspace.room("#health").messages
    assert len(health) > 10
    assert month.slack.workspace.calls


def test_a_process_does_not_grow(month: Month) -> None:
    """Memory, threads and open files, once each connection has been used."""
    for _, written in groupby(month.read_measures(), key=lambda one: one["process"]):
        own = list(written)
        middle, last = own[len(own) // 2], own[-1]
        assert last["rss"] < middle["rss"] * 1.05
        assert max(one["threads"] for one in own) <= WORKERS + 2
        assert max(one["files"] for one in own) <= MOST_FILES


def test_the_database_is_sound_and_holds_what_happened(month: Month) -> None:
    """Every poll some hundred bytes, every item a kilobyte or two with its index."""
    with Store.open(month.database) as store:
        assert store.upkeep.check(thorough=True) == ()
        items = store.items.count()
        polls = int(store._db.value("SELECT count(*) FROM polls"))
    sizes = month.sizes[-1]
    assert items == sum(len(one.records) for one in month.setting.world)
    assert sizes["polls"] / polls < 400
    indexed = sum(size for table, size in sizes.items() if table.startswith("items"))
    assert indexed / items < 5_000
