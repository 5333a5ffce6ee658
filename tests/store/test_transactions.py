"""Transactions: all or nothing, whatever breaks in the middle."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.models import Receipt
from monitor.store import Arrival, DeliveryState, Store
from tests.store.builders import HOUR, MINUTE, NOW, alert, item

ROOT = Path(__file__).resolve().parents[2]


def test_a_transaction_that_fails_changes_nothing(store: Store) -> None:
    """An item is never known without its alert being queued."""

    def record() -> None:
        with store.transaction():
            store.items.merge(item(), NOW)
            store.outbox.enqueue([alert("a")], NOW)
            raise KeyError

    with pytest.raises(KeyError):
        record()
    assert store.items.count() == 0
    assert store.outbox.counts() == ()


def test_a_nested_transaction_joins_the_outer_one(store: Store) -> None:
    """What the inner one wrote falls with the outer one."""

    def record() -> None:
        with store.transaction():
            with store.transaction():
                store.items.merge(item(), NOW)
            raise KeyError

    with pytest.raises(KeyError):
        record()
    assert store.items.count() == 0


def test_a_nested_transaction_that_fails_takes_back_its_own_part_only(store: Store) -> None:
    """One source's failure stops nothing else."""
    with store.transaction():
        store.items.merge(item("before"), NOW)
        with suppress(KeyError), store.transaction():
            store.items.merge(item("inside"), NOW)
            raise KeyError
        store.items.merge(item("after"), NOW)
    assert [stored.item.key for stored in store.items.stored()] == ["before", "after"]


def test_two_threads_write_at_once(database: Path) -> None:
    """Each has its own store and waits for the other; nothing is lost or doubled."""

    def work(name: str) -> int:
        with Store.open(database) as store:
            for number in range(60):
                with store.transaction():
                    known = store.items.count()
                    store.items.merge(item(f"{name}{number}"), NOW)
                    assert store.items.count() == known + 1
                    store.outbox.enqueue([alert(f"{name}{number}")], NOW)
        return 60

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, ("a", "b"))) == [60, 60]
    with Store.open(database) as store:
        assert store.items.count() == 120
        assert store.outbox.counts() == ((DeliveryState.QUEUED, 120),)
        assert store.matters.count() == 120


def test_a_store_belongs_to_its_thread(store: Store) -> None:
    """A mistake of the caller is a bug and crashes loudly."""
    with (
        ThreadPoolExecutor(1) as pool,
        pytest.raises(sqlite3.ProgrammingError, match="same thread"),
    ):
        pool.submit(store.items.count).result()


def test_a_time_without_a_zone_is_a_bug(store: Store) -> None:
    """Such a time would be in nobody's zone."""
    with pytest.raises(ValueError, match="no time zone"):
        store.sources.due(datetime(2026, 11, 23, 12))  # noqa: DTZ001 - the fault
    assert store.sources.due(NOW) == ()


def test_a_row_cannot_point_nowhere(store: Store) -> None:
    """A broken link is a bug and crashes loudly."""
    store.items.merge(item(), NOW)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        store._db.write("DELETE FROM matters")


def test_a_full_disk_stops_one_transaction_and_loses_nothing(store: Store) -> None:
    """The program says what to do, and goes on when there is room again."""
    store.items.merge(item("first"), NOW)
    pages = store._db.value("PRAGMA page_count")
    store._db.rows(f"PRAGMA max_page_count = {pages + 4}")
    bulky = [Arrival(item(str(number), text="minutes " * 2_000)) for number in range(9)]

    def record() -> None:
        with store.transaction():
            store.outbox.enqueue([alert("a")], NOW)
            store.items.merge_all(bulky, NOW)

    with pytest.raises(StoreError, match="full; free some space"):
        record()
    assert store.items.count() == 1
    assert store.outbox.counts() == ()
    store._db.rows("PRAGMA max_page_count = 1073741823")
    record()
    assert (store.items.count(), store.outbox.counts()) == (10, ((DeliveryState.QUEUED, 1),))
    assert store.upkeep.check(thorough=True) == ()


@pytest.mark.parametrize("goes_on", [True, False])
def test_nothing_is_written_after_a_fault_that_ended_the_transaction(
    store: Store, goes_on: bool
) -> None:
    """A caller that goes on regardless does not write half of its change."""

    def record() -> None:
        with store.transaction():
            store.items.merge(item("1"), NOW)
            store._db.database.conn.execute("ROLLBACK")
            if goes_on:
                store.items.merge(item("2"), NOW)

    with pytest.raises(StoreError, match="ended by an earlier fault"):
        record()
    assert store.items.count() == 0


POLLS_FOR_EVER = """
import sys
from pathlib import Path
from monitor.store import Arrival, Store
from tests.store.builders import NOW, alert, item, poll
with Store.open(Path(sys.argv[1])) as store:
    for number in range(100_000):
        keys = [f"{number}-{part}" for part in range(20)]
        with store.transaction():
            store.items.merge_all([Arrival(item(key)) for key in keys], NOW)
            store.outbox.enqueue([alert(key) for key in keys], NOW)
            store.sources.finish_poll(poll(cursor=(("last", str(number)),)), NOW, new=20)
        print(number, flush=True)
"""

DELIVERS = """
import sys, time
from pathlib import Path
from monitor.models import Receipt
from monitor.store import Store
from tests.store.builders import NOW
with Store.open(Path(sys.argv[1])) as store:
    delivery = store.outbox.reserve(NOW)
    if sys.argv[2] == "confirm":
        store.outbox.confirm(delivery.id, Receipt("ts-1"), NOW)
    print(delivery.alert.key, flush=True)
    time.sleep(60)
"""


def killed(code: str, database: Path, *arguments: str, after: int = 1) -> list[str]:
    """Run a program until it has said `after` lines, kill it, and return them."""
    command = [sys.executable, "-c", code, str(database), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        lines = [child.stdout.readline().strip() for _ in range(after)]
        child.kill()
    return lines


@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_killed_writer_leaves_whole_transactions(database: Path, after: int) -> None:
    """Items, alerts and the source's cursor are of one poll, and every finished poll is there."""
    with Store.open(database):
        pass
    finished = int(killed(POLLS_FOR_EVER, database, after=after)[-1])
    with Store.open(database) as store:
        cursor = int(dict(store.sources.state("council").cursor)["last"])
        assert cursor >= finished
        assert store.items.count() == (cursor + 1) * 20
        assert store.outbox.counts() == ((DeliveryState.QUEUED, (cursor + 1) * 20),)
        assert store.upkeep.check(thorough=True) == ()


def test_a_death_between_reserve_and_confirm_is_found_and_settled(database: Path) -> None:
    """The alert is neither sent again by itself nor forgotten."""
    with Store.open(database) as store:
        store.outbox.enqueue([alert("a", matter=1), alert("b", matter=1)], NOW)
    assert killed(DELIVERS, database, "reserve") == ["a"]
    with Store.open(database) as store:
        assert store.outbox.reserve(NOW + HOUR) is None
        (doubtful,) = store.outbox.in_doubt(NOW + MINUTE)
        assert (doubtful.alert.key, doubtful.tried_at, doubtful.attempt) == ("a", NOW, 1)
        store.outbox.confirm(doubtful.id, Receipt("ts-1"), NOW + HOUR)
        following = store.outbox.reserve(NOW + HOUR)
        assert following is not None
        assert (following.alert.key, following.thread) == ("b", "ts-1")


def test_a_death_after_confirm_leaves_nothing_in_doubt(database: Path) -> None:
    """What was confirmed is sent."""
    with Store.open(database) as store:
        store.outbox.enqueue([alert("a")], NOW)
    assert killed(DELIVERS, database, "confirm") == ["a"]
    with Store.open(database) as store:
        assert store.outbox.in_doubt(NOW + HOUR) == ()
        assert store.outbox.counts() == ((DeliveryState.SENT, 1),)
