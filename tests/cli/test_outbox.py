"""`outbox`: what waits, what failed, what nobody knows, and how a person settles it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.errors import PermanentDelivery, TemporaryDelivery
from monitor.store import Store
from tests.cli.conftest import Command
from tests.end_to_end.world import World, news

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def queued(monitor: Command, world: World) -> World:
    """Have two alerts queued that Slack would not take: the channel is archived."""
    monitor("once")
    world.publish("herald", news("a"), news("c"), news("d"))
    world.slack.workspace.room("#alerts").is_archived = True
    assert monitor("once").status == 1
    return world


def given_up(world: World, *, in_doubt: bool = False) -> int:
    """Let the first alert be given up, or be in doubt; return its number."""
    with Store.open(world.database) as store:
        for state in store.pauses.states():
            store.pauses.resume(state.channel)
        delivery = store.outbox.reserve(datetime.now(UTC))
        assert delivery is not None
        if in_doubt:
            fault = TemporaryDelivery("#alerts", "no_answer", "no answer", maybe_arrived=True)
            store.outbox.doubt(delivery.id, fault, NOW)
        else:
            refusal = PermanentDelivery("#alerts", "invalid_blocks", "it was refused")
            store.outbox.fail(delivery.id, refusal, NOW)
        return delivery.id


def states(monitor: Command) -> dict[int, str]:
    """Tell the state of every alert."""
    return {row["id"]: row["state"] for row in monitor("outbox", "list", "--all", "--json").json}


def test_what_waits_is_listed_with_its_error(monitor: Command, queued: World) -> None:
    """As a table and as JSON; what was sent is not in it."""
    listed = monitor("outbox", "list")
    assert listed.status == 0
    assert "A detainer policy named c" in listed.out
    assert "#alerts" in listed.out
    assert "archived" in listed.out
    rows = monitor("outbox", "list", "--json").json
    assert {row["state"] for row in rows} == {"queued"}
    assert len(rows) == 2
    assert len(monitor("outbox", "list", "--limit", "1", "--json").json) == 1
    queued.slack.workspace.room("#alerts").is_archived = False
    assert monitor("once").status == 0
    assert "Nothing waits: every alert was delivered." in monitor("outbox", "list").out
    # Beside the two, what the health channel was told: when it began, and when it was over.
    assert len(monitor("outbox", "list", "--all", "--json").json) == 4
    assert len(monitor("outbox", "list", "--state", "sent", "--json").json) == 4
    assert monitor("outbox", "list", "--state", "failed", "--json").json == []


def test_an_empty_outbox_is_said_to_be_empty(monitor: Command) -> None:
    """--all on it does not claim that something was delivered."""
    monitor("once")
    assert "No alerts yet." in monitor("outbox", "list", "--all").out


def test_a_failed_alert_is_queued_again_by_number_or_all(monitor: Command, queued: World) -> None:
    """After whatever kept it back was mended, the next round sends it."""
    number = given_up(queued)
    assert states(monitor)[number] == "failed"
    assert monitor("status").status == 1
    queued.slack.workspace.room("#alerts").is_archived = False
    retried = monitor("outbox", "retry", str(number))
    assert retried.status == 0
    assert "1 alert queued again." in retried.out
    assert monitor("once").status == 0
    assert len(queued.told()) == 2
    assert "0 alerts queued again." in monitor("outbox", "retry", "--all").out


def test_retrying_an_alert_that_does_not_exist_is_status_2(monitor: Command, queued: World) -> None:
    """Nothing is pretended."""
    assert queued.outbox()
    retried = monitor("outbox", "retry", "999")
    assert retried.status == 2
    assert "no alert 999" in retried.err


@pytest.mark.parametrize(
    ("verdict", "state"), [("sent", "sent"), ("retry", "queued"), ("drop", "dropped")]
)
def test_an_alert_in_doubt_is_settled_by_a_person(
    monitor: Command, queued: World, verdict: str, state: str
) -> None:
    """Who has looked into the channel says what became of it."""
    number = given_up(queued, in_doubt=True)
    assert states(monitor)[number] == "unknown"
    resolved = monitor("outbox", "resolve", str(number), verdict)
    assert resolved.status == 0
    assert states(monitor)[number] == state


def test_what_cannot_be_settled_is_status_2(monitor: Command, queued: World) -> None:
    """An alert that does not exist, and one that was sent."""
    assert "There is no alert 999" in monitor("outbox", "resolve", "999", "sent").err
    queued.slack.workspace.room("#alerts").is_archived = False
    monitor("outbox", "retry", "--all")
    monitor("once")
    settled = monitor("outbox", "resolve", "1", "drop")
    assert settled.status == 2
    assert "was sent already" in settled.err


@pytest.mark.parametrize("arguments", [("retry", "--all"), ("resolve", "1", "sent")])
def test_no_database_is_made_in_a_misspelt_folder(
    monitor: Command, world: World, arguments: tuple[str, ...]
) -> None:
    """Otherwise "0 alerts queued again" would be believed of it."""
    ran = monitor("--state", "tpyo", "outbox", *arguments)
    assert ran.status == 1
    assert "there is no database yet" in ran.err
    assert not (world.root / "tpyo").exists()
