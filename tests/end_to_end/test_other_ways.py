"""Where Slack's app is not allowed: a webhook takes its alerts; other services take their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import load
from monitor.models import Lead, Person, PersonalReminder
from monitor.station import Places, Station
from monitor.store import DeliveryState, Store
from tests.end_to_end.world import World, news
from tests.servers.posts import HOOK, PostServer, Say


@pytest.fixture
def posts() -> Iterator[PostServer]:
    """Take posts on loopback."""
    with PostServer() as running:
        yield running


@pytest.fixture
def world(tmp_path: Path, posts: PostServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Make a world without a bot token, and with a webhook; its one feed has been read once."""
    with World(tmp_path, channels=("#alerts", "#ny"), speaks_slack=False) as made:
        more = {"SLACK_WEBHOOK_URL": posts.hook, "APPRISE_URL_BOARD": f"json://{posts.address}/x"}
        monkeypatch.setattr(World, "environment", made.environment | more)
        made.watch("herald")
        made.publish("herald", news("a", "Ice rink opens"))
        made.learn()
        yield made


def test_one_webhook_takes_what_is_for_all_of_slacks_channels_once(
    world: World, posts: PostServer
) -> None:
    """The filter names two channels; nobody wants the same message twice in one."""
    world.publish("herald", news("a", "Ice rink opens"), news("b"))
    ran = world.here("once")
    assert (ran.status, "1 alert delivered" in ran.out) == (0, True)
    ((path, message),) = posts.taken
    assert path == HOOK
    assert "A detainer policy named b" in message["text"]
    assert {row.alert.channel for row in world.outbox()} == {"webhook"}
    assert world.here("once").status == 0
    assert len(posts.taken) == 1


def test_troubles_of_sources_go_there_too(world: World, posts: PostServer) -> None:
    """What is for the health channel is for the webhook."""
    world.misbehave("herald")
    world.here("once")
    assert "Broken: The herald" in posts.messages[0]["text"]


def test_a_later_alert_of_a_matter_names_it(world: World, posts: PostServer) -> None:
    """Without threads, one would not know what it is about."""
    world.publish("herald", news("b", "A detainer policy for Sampleville"))
    world.here("once")
    (row,) = world.outbox()
    later = replace(row.alert, key="later", headline="Passed")
    with Store.open(world.database) as store:
        store.outbox.enqueue([later], datetime.now(UTC))
    world.here("once")
    first, second = (str(message["blocks"]) for message in posts.messages)
    assert "More on: A detainer policy for Sampleville" in second
    assert "More on: " not in first


def test_a_service_of_apprise_gets_words(world: World, posts: PostServer) -> None:
    """Beside the webhook."""
    pytest.importorskip("apprise", reason="the extra [apprise] is not installed")
    world.filter_channels = ("apprise:board",)
    world.write_configuration()
    world.publish("herald", news("b"))
    assert world.here("once").status == 0
    ((path, message),) = posts.taken
    assert path == "/x"
    assert "A detainer policy named b" in message["title"]


def test_an_attempt_in_doubt_waits_for_a_person(world: World, posts: PostServer) -> None:
    """It is said, with the command; nothing is sent twice."""
    world.publish("herald", news("b"))
    posts.script.append(Say(drop=True, takes=True))
    ran = world.here("once")
    assert ran.status == 1
    assert world.states() == {DeliveryState.UNKNOWN, DeliveryState.SENT}
    assert "An alert for webhook needs a person" in str(posts.messages[1:])
    (doubtful,) = [row for row in world.outbox() if row.state is DeliveryState.UNKNOWN]
    told = len(posts.taken)
    world.here("once")
    assert len(posts.taken) == told
    assert world.here("outbox", "resolve", str(doubtful.id), "sent").status == 0
    world.here("once")
    assert world.states() == {DeliveryState.SENT}


def test_people_are_told_nothing_directly_where_there_is_no_app(
    world: World,
) -> None:
    """They had followed while there was one; what they asked for waits until it is back."""
    world.publish("herald", news("a", "Ice rink opens"), news("b"))
    world.here("once")
    (row,) = world.outbox()
    ana, now = Person("U0ANA"), datetime.now(UTC)
    with Store.open(world.database) as store:
        wanted = PersonalReminder(0, ana, row.alert.matter, Lead.TOMORROW, now, "UTC")
        store.acts.ask_reminder(wanted, now)
    assert world.here("once").status == 0
    assert {row.alert.channel for row in world.outbox()} == {"webhook"}
    with Store.open(world.database) as store:
        assert len(store.acts.reminders_due(datetime.now(UTC))) == 1
    places, config = Places(world.root / "state"), load(world.root)
    assert not Station(config, places, world.environment).rules().directly
    assert Station(config, places, {"SLACK_BOT_TOKEN": "xoxb-1"}).rules().directly


def test_an_apprise_alone_leaves_slacks_alerts_to_the_console(
    world: World, posts: PostServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each goes where it can."""
    pytest.importorskip("apprise", reason="the extra [apprise] is not installed")
    environment = {k: v for k, v in world.environment.items() if k != "SLACK_WEBHOOK_URL"}
    monkeypatch.setattr(World, "environment", environment)
    world.filter_channels = ("#alerts", "apprise:board")
    world.write_configuration()
    world.publish("herald", news("b"))
    ran = world.here("once")
    assert ran.status == 0
    assert "A detainer policy named b" in ran.out
    assert [path for path, _ in posts.taken] == ["/x"]
