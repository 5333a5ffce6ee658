"""The nightly housekeeping: what goes, what stays, and that nobody waits for it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.clock import Clock
from monitor.config import load
from monitor.fetch import Archive
from monitor.keeping import BREATH, POLLS_KEPT, Ages, Housekeeper, Kept, last_kept
from monitor.models import Outcome
from monitor.service import Service
from monitor.station import Places, Station
from monitor.store import Store
from monitor.store.upkeep import AT_ONCE
from tests.end_to_end.world import World, news
from tests.store.builders import DAY, HOUR, NOW, alert, item, poll

YEAR = timedelta(days=365)
LATER = datetime.now(UTC) + 4 * YEAR


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


def house(store: Store, archive: Archive | None = None, ages: Ages | None = None) -> Housekeeper:
    """Make one who keeps a house at once."""
    return Housekeeper(
        store, archive, ages or Ages(), stopped=lambda: False, sleep=lambda _seconds: None
    )


def count(store: Store, table: str) -> int:
    """Count rows."""
    return int(store._db.value(f"SELECT count(*) FROM {table}"))  # noqa: S608


def polled(store: Store, at: datetime, outcome: Outcome = Outcome.UNCHANGED) -> None:
    """Record a poll."""
    store.sources.finish_poll(poll(polled_at=at, outcome=outcome), at + HOUR)


def test_old_polls_go_in_steps_and_the_first_good_one_stays(store: Store) -> None:
    """What a first poll brought is no news to a digest, however long ago that was."""
    begin = NOW - 2 * POLLS_KEPT
    with store.transaction():
        polled(store, begin, Outcome.FAILED)
        for number in range(2 * AT_ONCE + 5):
            polled(store, begin + number * timedelta(minutes=5) + DAY)
        polled(store, NOW - HOUR)
    kept = house(store).keep(NOW)
    assert kept.pruned.polls == 2 * AT_ONCE + 5
    assert not kept.pruned.more
    times = [one.polled_at for one in store.sources.polls("council")]
    assert times == [NOW - HOUR, begin + DAY]


def test_posts_on_sources_go_and_alerts_of_matters_stay(store: Store) -> None:
    """A source that broke last year is told of no more; a matter's thread still is."""
    store.items.merge(item(), NOW - YEAR)
    store.outbox.enqueue([alert("health", kind="health"), alert("news", matter=1)], NOW - YEAR)
    store.outbox.enqueue([alert("waits", kind="health")], NOW - YEAR)
    store._db.write("UPDATE alerts SET state = 'sent' WHERE key <> 'waits'")
    assert house(store).keep(NOW).pruned.posts == 1
    assert {row.alert.key for row in store.outbox.listed()} == {"news", "waits"}


def test_recorded_answers_go_by_whole_days(store: Store, tmp_path: Path) -> None:
    """The file of the last day that is to be kept stays."""
    days = {7: tmp_path / "2026/11/2026-11-16.warc.gz", 8: tmp_path / "2026/11/2026-11-15.warc.gz"}
    for path in days.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    kept = house(store, Archive(tmp_path), Ages(archive=7 * DAY)).keep(NOW)
    assert kept.files == 1
    assert (days[7].exists(), days[8].exists()) == (True, False)


def test_by_default_nothing_is_forgotten(store: Store) -> None:
    """For ever means for ever; tidying changes no answer."""
    store.items.merge(item(), NOW - 20 * YEAR)
    assert house(store).keep(NOW) == Kept()
    assert count(store, "items") == len(store.index.search("council")) == 1
    assert store.upkeep.check(thorough=True) == ()


def test_old_matters_and_digests_are_forgotten_where_that_is_wished(store: Store) -> None:
    """All of them, however many steps it takes; the last digest of each name stays."""
    for number in range(60):
        store.items.merge(item(str(number)), NOW - 4 * YEAR)
    for number in (1, 2):
        store._db.write(
            "INSERT INTO digests (name, period, starts, composed_at, since_item, until_item, "
            "since_revision, until_revision, matters, payload) "
            "VALUES ('weekly', ?, '2022', '2022', 0, 0, 0, 0, 0, '')",
            (str(number),),
        )
    kept = house(store, ages=Ages(items=3 * YEAR)).keep(NOW)
    assert (kept.matters, kept.items, kept.digests) == (60, 60, 1)
    assert (count(store, "items"), count(store, "forgotten")) == (0, 60)
    assert store._db.value("SELECT period FROM digests") == "2"


def test_the_house_is_kept_once_a_night_whenever_somebody_is_there(
    store: Store, tmp_path: Path
) -> None:
    """A night that was slept through is made up for; a clock that was wrong is not believed."""
    keeper = house(store)
    nine = NOW.replace(hour=9)
    assert keeper.keep_daily(tmp_path, nine - HOUR) is not None
    assert keeper.keep_daily(tmp_path, nine - timedelta(minutes=1)) is None
    assert keeper.keep_daily(tmp_path, nine) is not None
    assert keeper.keep_daily(tmp_path, nine + 23 * HOUR) is None
    assert keeper.keep_daily(tmp_path, nine + 80 * HOUR) is not None
    assert keeper.keep_daily(tmp_path, nine + 40 * HOUR) is not None
    (tmp_path / "house-kept").write_text("minutes of the meeting", encoding="ascii")
    assert last_kept(tmp_path) is None
    assert keeper.keep_daily(tmp_path, nine + 41 * HOUR) is not None


def test_who_was_stopped_has_not_kept_the_house(store: Store, tmp_path: Path) -> None:
    """It is done to the end the next time."""
    keeper = Housekeeper(store, None, Ages(), stopped=lambda: True, sleep=lambda _seconds: None)
    assert keeper.keep_daily(tmp_path, NOW) is not None
    assert last_kept(tmp_path) is None


def test_an_archive_that_cannot_be_pruned_stops_nothing_else(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that somebody else holds is told of, and the rest is done."""
    (tmp_path / "2020/01/2020-01-01.warc.gz").mkdir(parents=True)
    for number in range(3):
        store.items.merge(item(str(number)), NOW - 4 * YEAR)
    kept = house(store, Archive(tmp_path), Ages(DAY, YEAR)).keep(NOW)
    assert (kept.files, kept.items) == (0, 3)
    assert "the archive cannot be pruned" in caplog.text


def test_one_round_keeps_the_house_too(tmp_path: Path) -> None:
    """Who runs `monitor once` from cron has no service that would."""
    with World(tmp_path) as world:
        world.watch("herald")
        world.publish("herald", news("old"))
        old = tmp_path / "state/archive/2020/01/2020-01-01.warc.gz"
        old.parent.mkdir(parents=True)
        old.write_bytes(b"")
        assert world.here("once").status == 0
        assert not old.exists()
        assert last_kept(tmp_path / "state") is not None


def test_a_wish_to_stop_is_heard_between_two_steps(store: Store) -> None:
    """The next night goes on where it was."""
    for number in range(60):
        store.items.merge(item(str(number)), NOW - 4 * YEAR)
    asked = iter([False] * 2 + [True] * 100)
    keeper = Housekeeper(
        store, None, Ages(items=YEAR), stopped=lambda: next(asked), sleep=lambda _seconds: None
    )
    assert 0 < keeper.keep(NOW).matters < 60
    assert house(store, ages=Ages(items=YEAR)).keep(NOW).matters > 0
    assert count(store, "items") == 0


def test_others_write_while_the_house_is_kept(store: Store) -> None:
    """Nobody waits for more than a step: far less than the ten seconds that are borne."""
    with store.transaction():
        for number in range(1_500):
            store.items.merge(item(str(number), text=f"words {number} " * 60), NOW - 4 * YEAR)
    done = threading.Event()

    def breathe(_seconds: float) -> None:
        done.wait(0.001)

    def keep() -> None:
        with Store.open(store.path) as own:
            Housekeeper(
                own,
                None,
                Ages(items=YEAR),
                stopped=lambda: False,
                sleep=breathe,
            ).keep(NOW)
        done.set()

    keeper = threading.Thread(target=keep)
    keeper.start()
    longest, written = 0.0, 0
    while not done.is_set() and written < 100_000:
        began = time.perf_counter()
        store.notices.trouble(f"source {written}", "broken", NOW)
        longest, written = max(longest, time.perf_counter() - began), written + 1
    keeper.join()
    assert count(store, "items") == 0
    assert written > 20
    assert longest < 2.0
    assert BREATH > 0
    assert store.upkeep.check(thorough=True) == ()


def test_after_the_night_of_a_service_the_same_feed_alerts_nobody_again(tmp_path: Path) -> None:
    """The whole way: polled, told, left the feed, forgotten after years, shown again."""
    with World(tmp_path) as world:
        world.watch("herald")
        world.publish("herald", news("backlog"))
        world.learn()
        world.publish("herald", news("told"), news("backlog"))
        world.make_due()
        assert world.here("once").status == 0
        world.publish("herald", news("present"))
        world.make_due()
        assert world.here("once").status == 0
        assert len(world.told()) == 2
        settings = json.loads((tmp_path / "monitor.yaml").read_text(encoding="utf-8"))
        world.write("monitor.yaml", settings | {"retention": {"archive": "1d", "items": "3y"}})
        clock = Clock(now=lambda: LATER, sleep=lambda _seconds: None)
        with Station(load(tmp_path), Places(tmp_path / "state"), {}, clock=clock) as station:
            Service(station, threading.Event())._upkeep()
            left = {stored.item.key for stored in station.store.items.stored()}
            assert left == {"present"}
            assert list((tmp_path / "state" / "archive").rglob("*.gz")) == []
        world.publish("herald", news("told"), news("backlog"), news("present"))
        world.make_due()
        assert world.here("once").status == 0
        assert len(world.told()) == 2
