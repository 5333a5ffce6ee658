"""The digest from end to end: real processes, a publisher, a Slack, and weeks that pass."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.digest import period_of, previous
from monitor.models import Digest
from monitor.store import DeliveryState, Store
from tests.end_to_end.world import World, news, until
from tests.servers.misbehaving import drop

TITLE = "Immigration policy digest"
KILLS = 6
SEED = 47
# The last ten weeks, the oldest first: each is told of at the next command.
LAST = period_of(datetime.now(UTC), "America/New_York")
WEEKS = [LAST.id]
for _ in range(9):
    LAST = previous(LAST)
    WEEKS.insert(0, LAST.id)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world with one feed, learnt already; its digests are sent by command."""
    with World(tmp_path) as made:
        made.watch("herald")
        made.publish("herald", news("old"))
        made.learn()
        yield made


def publish(world: World, *keys: str) -> None:
    """Let the feed hold these entries besides the old one, and poll it."""
    world.publish("herald", news("old"), *map(news, keys))
    world.make_due()
    assert world.here("once").status == 0


def digests(world: World) -> list[Digest]:
    """Return the stored digests, the oldest first."""
    with Store.open(world.database, read_only=True) as store:
        rows = store.digests.listed()[::-1]
        found = [store.digests.of(row.name, row.period) for row in rows]
        return [one for one in found if one]


def send(world: World, week: int) -> Digest:
    """Send the digest of a week, and return it."""
    ran = world.here("digest", "send", "--period", WEEKS[week])
    assert ran.status == 0, ran.err
    return digests(world)[-1]


def posts(world: World) -> list[str]:
    """List the short versions that people were shown."""
    return [text for text in world.told() if TITLE in text]


def titles(digest: Digest) -> list[str]:
    """List the keys of what a digest tells of."""
    return sorted(one.title.removeprefix("A detainer policy named ") for one in digest.matters)


def test_a_week_with_news_and_then_a_quiet_one(world: World) -> None:
    """The first tells of the new matter, the second that there is none, and what was checked."""
    publish(world, "a")
    assert titles(send(world, 0)) == ["a"]
    publish(world, "a")
    quiet = send(world, 1)
    assert quiet.is_quiet
    assert (quiet.checked.sources, quiet.checked.checked, quiet.checked.polls) == (1, 1, 1)
    assert [WEEKS[week] in text for week, text in enumerate(posts(world))] == [True, True]
    assert "1 matter" in posts(world)[0]
    assert "nothing new" in posts(world)[1]


def test_an_item_that_comes_late_is_in_the_next_digest_alone(world: World) -> None:
    """It was seen after the digest of its week had been composed."""
    publish(world, "a")
    first = send(world, 0)
    publish(world, "a", "late")
    assert digests(world) == [first]
    second = send(world, 1)
    assert (titles(first), titles(second)) == (["a"], ["late"])
    assert (first.until_item, first.until_revision) == (second.since_item, second.since_revision)
    assert send(world, 2).is_quiet


def test_a_change_of_a_known_matter_is_told_as_one(world: World) -> None:
    """Not as a new matter a second time."""
    publish(world, "a")
    send(world, 0)
    world.publish("herald", news("old"), news("a", text="The council shall honor detainers."))
    assert world.here("once").status == 0
    (matter,) = send(world, 1).matters
    assert (matter.section.value, matter.happened) == ("moving", ("Text amended",))
    assert matter.sources == ("The herald",)


def test_a_broken_source_is_named_in_the_digest(world: World) -> None:
    """Its silence is not the absence of news."""
    send(world, 0)
    world.misbehave("herald", drop())
    assert world.here("once").status == 1
    checked = send(world, 1).checked
    assert [name for name, _ in checked.failed] == ["The herald"]
    assert "not readable: The herald" in str(world.outbox()[0].alert.lines)


def test_weak_matters_are_told_in_the_digest_alone(world: World) -> None:
    """No post of their own; a line of the digest, which stays a quiet one."""
    world.publish("herald", news("old"), news("s", "Sampleville is a sanctuary city"))
    assert world.here("once").status == 0
    assert world.told() == []
    digest = send(world, 0)
    assert [one.section.value for one in digest.matters] == ["watching"]
    assert digest.is_quiet


def test_killed_at_any_moment_each_digest_is_composed_and_posted_once(world: World) -> None:
    """Before, while, or after it is stored, queued and posted."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable
    began = time.monotonic()
    assert world.monitor("digest", "send", "--period", WEEKS[0]).status == 0
    usual = time.monotonic() - began
    for number in range(1, KILLS + 1):
        publish(world, *(str(n) for n in range(1, number + 1)))
        command = ("digest", "send", "--period", WEEKS[number])
        if number % 2:
            kill(world, chance.uniform(0.5, 1.1) * usual, *command)
        else:
            kill_in_the_post(world, chance, *command)
        until(partial(well, world, command))
    told = Counter(key for one in digests(world) for key in titles(one))
    assert told == Counter(str(n) for n in range(1, KILLS + 1))
    assert [week for week in WEEKS for text in posts(world) if week in text] == WEEKS[: KILLS + 1]


def test_a_digest_that_was_missed_is_composed_as_soon_as_the_service_starts(world: World) -> None:
    """Once, however often it starts."""
    world.digests = [{"id": "daily", "at": "daily 00:00", "timezone": "UTC", "title": TITLE}]
    world.write_configuration()
    world.began(datetime.now(UTC) - timedelta(days=9))
    for _ in range(2):
        with world.started("run"):
            until(lambda: posts(world) and not world.states() - {DeliveryState.SENT})
    assert len(posts(world)) == len(digests(world)) == 1


def kill(world: World, seconds: float, *command: str) -> None:
    """Run a command, and kill it after so many seconds."""
    with world.started(*command) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()


def kill_in_the_post(world: World, chance: random.Random, *command: str) -> None:
    """Run a command, and kill it while Slack has its post in hand, taken or not yet taken."""
    kind = chance.choice(("hold_after", "hold_before"))
    world.slack.workspace.faults.append(("chat.postMessage", kind, None))
    with world.started(*command) as process:
        assert world.slack.held.acquire(timeout=30)
        process.kill()


def well(world: World, command: tuple[str, ...]) -> bool:
    """Run a command again; say whether it went well, and nothing waits any more."""
    return world.monitor(*command).status == 0 and world.states() <= {DeliveryState.SENT}
