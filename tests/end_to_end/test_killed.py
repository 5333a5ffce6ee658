"""kill -9 at random moments: afterwards every alert stands in Slack exactly once.

Fifteen kills belong to the suite; MONITOR_KILLS=200 makes it two hundred.
"""

from __future__ import annotations

import logging
import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.fetch import Archive
from monitor.store import DeliveryState, Store
from tests.end_to_end.world import LONGEST, News, World, own_news, until

log = logging.getLogger(__name__)

KILLS = int(os.environ.get("MONITOR_KILLS", "15"))
TOWNS = tuple(f"town{n}" for n in range(6))
SEED = 287


class Press:
    """Six newspapers, each with a channel of its own; every edition brings each an entry more."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.entries: dict[str, list[News]] = {name: [own_news(name, 99)] for name in TOWNS}
        for name in TOWNS:
            world.watch(name)
        self.print_all()

    def next_edition(self, number: int) -> None:
        """Publish one entry more in each newspaper; the list begins with the newest."""
        for name in TOWNS:
            self.entries[name].insert(0, own_news(name, number))
        self.print_all()

    def print_all(self) -> None:
        """Let the feeds hold what was published."""
        for name in TOWNS:
            self.world.publish(name, *self.entries[name])

    def expected(self, name: str) -> list[str]:
        """List the posts that a newspaper's channel has to hold; the backlog is not among them."""
        return sorted(f"News: {entry.title} (New York)" for entry in self.entries[name][:-1])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world in which each town's news goes to the town's own channel."""
    with World(tmp_path, channels=tuple(f"#{name}" for name in TOWNS)) as made:
        made.filter_channels = ()
        made.routes = [{"source": name, "channel": f"#{name}"} for name in TOWNS]
        made.write_configuration()
        yield made


def test_every_alert_arrives_once_however_often_the_monitor_is_killed(world: World) -> None:
    """Nothing lost, nothing twice: by key, by title, in each channel, in database and archive."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable
    press, found = Press(world), Counter[str]()
    began = time.monotonic()
    world.learn()
    assert world.monitor("once").status == 0
    usual = time.monotonic() - began
    for number in range(KILLS):
        press.next_edition(number)
        if number % 5 == 4:
            world.make_due()
            kill(world, chance.uniform(0.3 * usual, 2.5 * usual), found, "run")
        elif number % 5 == 3:
            kill_while_recording(world, chance, found)
        elif number % 5 == 2:
            kill_in_a_post(world, chance, found)
        else:
            kill(world, chance.uniform(0.2 * usual, 2.0 * usual), found, "once")
    log.info("%d kills in %.0f s: %s", KILLS, time.monotonic() - began, dict(found))
    for _ in range(3 + KILLS):
        # What is left is delivered at Slack's pace, one a second in each channel.
        if world.monitor("once", patience=LONGEST + 2 * KILLS).status == 0:
            break
    assert found["killed"] >= KILLS * 2 // 3
    assert_each_once(world, press)


def kill(world: World, seconds: float, found: Counter[str], *arguments: str) -> None:
    """Start a monitor, and kill it after so many seconds, wherever it is."""
    with world.started(*arguments) as process:
        try:
            process.wait(seconds)
            found["ended before"] += 1
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(LONGEST)
            found["killed"] += 1
            note(world, found)


def kill_in_a_post(world: World, chance: random.Random, found: Counter[str]) -> None:
    """Kill a monitor while Slack has one of its posts in hand, taken or not yet taken."""
    kind = chance.choice(("hold_after", "hold_before"))
    world.slack.workspace.faults.append(("chat.postMessage", kind, None))
    with world.started("once") as process:
        if world.slack.held.acquire(timeout=LONGEST / 3):
            found["killed"] += 1
            found[kind] += 1
        process.kill()
        process.wait(LONGEST)
    note(world, found)


def kill_while_recording(world: World, chance: random.Random, found: Counter[str]) -> None:
    """Kill a monitor some milliseconds after some of the newspapers have answered."""
    wanted = len(world.publisher.seen) + chance.randint(1, len(TOWNS))
    with world.started("once") as process:
        until(lambda: len(world.publisher.seen) >= wanted or process.poll() is not None)
        time.sleep(chance.uniform(0.0, 0.1))
        process.kill()
        process.wait(LONGEST)
    found["killed"] += 1
    found["while recording"] += 1
    note(world, found)


def note(world: World, found: Counter[str]) -> None:
    """Count in what state the kill left the alerts."""
    states = world.states()
    found["left a post in hand"] += DeliveryState.SENDING in states
    found["left alerts queued"] += DeliveryState.QUEUED in states


def assert_each_once(world: World, press: Press) -> None:
    """Compare what was published with what Slack, the database and the archive hold."""
    for name in TOWNS:
        assert sorted(world.told(f"#{name}")) == press.expected(name)
    keys = world.slack.workspace.keys
    assert len(keys) == len(set(keys))
    assert world.told("#health") == []
    with Store.open(world.database, read_only=True) as store:
        assert dict(store.outbox.counts()) == {DeliveryState.SENT: len(keys)}
        assert store.items.count() == sum(map(len, press.entries.values()))
        assert store.upkeep.check() == ()
        archive = Archive(world.root / "state" / "archive")
        for name, entries in press.entries.items():
            for entry in entries:
                stored = store.items.find(name, entry.key)
                assert stored is not None
                assert entry.title.encode() in archive.read(stored.record).body
