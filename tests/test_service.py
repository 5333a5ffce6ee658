"""`monitor run` as the process that it is: polls what is due, delivers, and ends when asked to."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.store import DeliveryState, Store
from tests.end_to_end.world import HEALTH, LONGEST, World, news, until
from tests.servers.misbehaving import answer, drip

# docker stop waits ten seconds.
SOON = 10.0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world whose two feeds were polled once, so that what comes now is news."""
    with World(tmp_path) as made:
        for name in ("herald", "gazette"):
            made.watch(name)
            made.publish(name, news(f"{name}-old"))
        made.learn()
        yield made


def events(world: World) -> list[dict[str, Any]]:
    """Read what the service logged."""
    lines = (world.root / "stderr").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def is_logged(world: World, event: str) -> bool:
    """Say whether an event was logged."""
    return any(one["event"] == event for one in events(world))


def stop(process: subprocess.Popen[Any]) -> float:
    """Ask a service to end; return how many seconds it took. It has to end well."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(LONGEST) == 0
    return time.monotonic() - began


def bring_news(world: World, *keys: str) -> None:
    """Let the herald print entries beside its old one, and let it be due."""
    world.publish("herald", news("herald-old"), *map(news, keys))
    world.make_due("herald")


def test_it_polls_what_is_due_delivers_and_ends_soon_when_asked_to(world: World) -> None:
    """Status 0, nothing half-done, nothing said twice; what is not due is left alone."""
    asked = len(world.publisher.asked("/gazette"))
    with world.started("-v", "run") as service:
        until(lambda: is_logged(world, "the monitor runs"))
        bring_news(world, "one")
        until(lambda: len(world.told()) == 1)
        bring_news(world, "one", "two")
        until(lambda: len(world.told()) == 2)
        assert stop(service) < SOON
    assert is_logged(world, "the monitor stopped")
    assert world.states() == {DeliveryState.SENT}
    assert len(world.publisher.asked("/gazette")) == asked
    assert not [one for one in events(world) if one["level"] in {"error", "warning"}]


def test_a_source_never_polled_is_polled_soon_and_learnt_silently(world: World) -> None:
    """First polls are spread over the first minutes; later ones follow the schedule."""
    world.watch("newcomer", every="1m")
    world.publish("newcomer", news("backlog"))
    with world.started("-v", "run") as service:
        until(lambda: is_logged(world, "the monitor runs"))
        with Store.open(world.database, read_only=True) as store:
            due = store.sources.state("newcomer").next_due
        assert due is not None
        assert due.timestamp() - time.time() < 60
        world.make_due("newcomer")
        until(lambda: is_logged(world, "source polled"))
        stop(service)
    with Store.open(world.database, read_only=True) as store:
        state = store.sources.state("newcomer")
    assert state.next_due is not None
    assert state.last_polled_at is not None
    assert 50 <= (state.next_due - state.last_polled_at).total_seconds() <= 70
    assert world.told() == []


def test_a_restart_posts_nothing_again(world: World) -> None:
    """What was told is in the database, not in memory."""
    for number in range(2):
        with world.started("-v", "run") as service:
            bring_news(world, "one")
            until(lambda: len(world.told()) == 1)
            await_polls(world, "herald", 2 + number)
            stop(service)
    assert len(world.told()) == 1


def polls(world: World, name: str) -> int:
    """Count the polls of a source."""
    with Store.open(world.database, read_only=True) as store:
        return len(store.sources.polls(name))


def await_polls(world: World, name: str, count: int) -> None:
    """Wait until a source was polled so many times."""
    until(lambda: polls(world, name) >= count)


def test_the_post_in_hand_is_finished_before_it_ends(world: World) -> None:
    """Slack answers slowly; what it took is recorded as sent, the rest stays queued."""
    with world.started("-v", "run") as service:
        until(lambda: is_logged(world, "the monitor runs"))
        world.slack.workspace.faults.append(("chat.postMessage", "slow", 2.0))
        bring_news(world, "one", "two", "three")
        until(lambda: len(world.told()) == 1)
        assert stop(service) < SOON
    states = [row.state for row in world.outbox()]
    assert states.count(DeliveryState.SENT) == 1
    assert states.count(DeliveryState.QUEUED) == 2
    assert world.monitor("once").status == 0
    assert len(world.told()) == len(set(world.told())) == 3


def test_a_publisher_that_hangs_does_not_keep_it_from_ending(world: World) -> None:
    """Its poll is abandoned, and is not called a failure; what others brought is recorded."""
    world.misbehave("gazette", drip(b"HTTP/1.1 200 OK\r\n\r\n<rss>", b" ", every=0.2))
    with world.started("-v", "run") as service:
        until(lambda: is_logged(world, "the monitor runs"))
        world.make_due("gazette")
        until(lambda: len(world.publisher.asked("/gazette")) == 2)
        assert stop(service) < SOON
    assert polls(world, "gazette") == 1
    assert world.told(HEALTH) == []


def test_a_round_beside_the_service_posts_nothing_twice(world: World) -> None:
    """One process delivers at a time; both may poll."""
    with world.started("-v", "run") as service:
        until(lambda: is_logged(world, "the monitor runs"))
        for number in range(3):
            keys = [f"n{n}" for n in range(number + 1)]
            bring_news(world, *keys)
            ran = world.monitor("once", "herald")
            assert ran.status == 0, ran.out + ran.err
        until(lambda: len(world.told()) == 3)
        stop(service)
    assert world.monitor("once").status == 0
    assert len(world.told()) == len(set(world.told())) == 3
    assert world.states() == {DeliveryState.SENT}


def test_what_the_service_has_in_hand_is_left_to_it(world: World) -> None:
    """Another process does not take a post on its way for one in doubt, and says who delivers."""
    with world.started("-v", "run") as service:
        until(lambda: is_logged(world, "the monitor runs"))
        world.slack.workspace.faults.append(("chat.postMessage", "slow", LONGEST))
        bring_news(world, "one", "two")
        until(lambda: len(world.told()) == 1)
        ran = world.here("once", "herald", "--json")
        assert ran.status == 0
        assert ran.json["delivered"]["busy"] is True
        assert world.states() == {DeliveryState.SENDING, DeliveryState.QUEUED}
        service.kill()
    assert world.here("once", "herald").status == 0
    assert len(world.told()) == len(set(world.told())) == 2
    assert world.states() == {DeliveryState.SENT}


def test_a_broken_source_is_told_once_and_its_recovery_once(world: World) -> None:
    """However often it is polled meanwhile."""
    with world.started("-v", "run") as service:
        until(lambda: is_logged(world, "the monitor runs"))
        world.misbehave("herald", answer(b"", 500))
        for number in range(3):
            world.make_due("herald")
            await_polls(world, "herald", 2 + number)
        bring_news(world, "one")
        until(lambda: len(world.told()) == 1)
        until(lambda: len(world.told(HEALTH)) == 2)
        stop(service)
    broken, recovered = world.told(HEALTH)
    assert "Broken" in broken
    assert "Recovered" in recovered


def test_without_slack_alerts_are_printed(world: World) -> None:
    """The service is of use before Slack is set up."""
    world.speaks_slack = False
    with (world.root / "stdout").open("w+") as out:
        service = subprocess.Popen(
            world.command("run"), cwd=world.root, env=world.environment, stdout=out
        )
        try:
            bring_news(world, "one")
            printed = world.root / "stdout"
            until(lambda: "A detainer policy named one" in printed.read_text(encoding="utf-8"))
            stop(service)
        finally:
            service.kill()
    assert world.outbox() == ()


def test_a_database_that_cannot_be_used_ends_it_with_status_1(world: World) -> None:
    """Whoever supervises it then starts it again, or calls somebody."""
    with world.started("-v", "run") as service:
        until(lambda: is_logged(world, "the monitor runs"))
        for path in world.database.parent.glob("monitor.db*"):
            with path.open("r+b") as file:
                file.write(b"this is no database" * 1000)
        assert service.wait(LONGEST) == 1
    assert is_logged(world, "the database cannot be used")
    assert not [one for one in events(world) if "bug" in one["event"]]
