"""`doctor`: what is not usable, and what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.config.ways import INSTALL
from tests.cli.conftest import Command
from tests.end_to_end.world import World
from tests.servers.posts import PostServer, Say
from tests.servers.slack_api import APP_TOKEN


def findings(monitor: Command) -> dict[str, dict[str, Any]]:
    """Tell the findings by subject."""
    return {one["subject"]: one for one in monitor("doctor", "--json").json}


def test_a_healthy_monitor_is_all_well(monitor: Command) -> None:
    """Clock, folder, disk, database, configuration, Slack and both channels."""
    monitor("once")
    looked = monitor("doctor")
    assert looked.status == 0
    assert "FAIL" not in looked.out
    assert "database: whole, 2 items" in looked.out
    assert {"clock", "state", "disk", "configuration", "Slack", "#alerts", "#health"} <= set(
        findings(monitor)
    )


def test_before_the_first_round_there_is_no_database_and_that_is_well(monitor: Command) -> None:
    """A newcomer is told what makes it."""
    assert "the first `monitor once` makes it" in findings(monitor)["database"]["says"]


def test_without_a_token_the_console_stands_in(monitor: Command, world: World) -> None:
    """A warning with its cure, and status 0."""
    world.speaks_slack = False
    found = findings(monitor)["Slack"]
    assert found["level"] == "warn"
    assert "SLACK_BOT_TOKEN" in found["cure"]
    assert monitor("doctor").status == 0


def test_a_token_that_slack_refuses_is_status_1(monitor: Command, world: World) -> None:
    """And the token is not shown."""
    world.slack.token = "xoxb-2-revoked"
    looked = monitor("doctor")
    assert looked.status == 1
    assert "FAIL  Slack" in looked.out
    assert "xoxb-2-revoked" not in looked.out + looked.err


def test_a_channel_that_does_not_exist_is_status_1(monitor: Command, world: World) -> None:
    """It is named, so that somebody can make it or invite the bot."""
    world.slack.workspace.rooms.remove(world.slack.workspace.room("#alerts"))
    assert monitor("doctor").status == 1
    assert findings(monitor)["#alerts"]["level"] == "fail"
    assert findings(monitor)["#health"]["level"] == "ok"


def test_a_wrong_configuration_is_status_1_and_the_rest_is_still_looked_at(
    monitor: Command, world: World
) -> None:
    """`monitor check` says more."""
    world.write("sources.yaml", "sources: [{id: a}]\n")
    looked = monitor("doctor")
    assert looked.status == 1
    assert "Run `monitor check`." in looked.out
    assert "ok    disk" in looked.out


def test_a_damaged_database_is_status_1(monitor: Command, world: World) -> None:
    """With the way out."""
    monitor("once")
    for path in world.database.parent.glob("monitor.db*"):
        path.write_bytes(b"this is no database" * 1000)
    found = findings(monitor)["database"]
    assert found["level"] == "fail"
    assert "backup" in found["cure"]


def test_a_state_folder_that_cannot_be_made_is_status_1(monitor: Command, world: World) -> None:
    """A file stands in its way."""
    world.write("file", "")
    looked = monitor("--state", "file/state", "doctor")
    assert looked.status == 1
    assert "Give --state another folder." in looked.out


def test_a_source_without_its_key_is_a_warning(monitor: Command, world: World) -> None:
    """It is skipped until then."""
    world.sources["nyc"] = {
        "kind": "legistar",
        "client": "nyc",
        "token": True,
        "jurisdiction": "ny/new_york",
    }
    world.write_configuration()
    found = findings(monitor)["nyc"]
    assert found["level"] == "warn"
    assert "LEGISTAR_TOKEN_NYC" in found["cure"]


# ---------------------------------------------------------------------------------- other ways out


def test_buttons_that_nobody_listens_to_are_a_warning(monitor: Command) -> None:
    """Alerts get out all the same."""
    found = findings(monitor)["Slack Socket Mode"]
    assert found["level"] == "warn"
    assert "SLACK_APP_TOKEN" in found["cure"]


def test_an_app_token_is_tried(
    monitor: Command, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what Slack says of it is told."""
    world.slack.workspace.socket = lambda: "ws://127.0.0.1:1/link"
    monkeypatch.setattr(World, "environment", with_more(world, SLACK_APP_TOKEN=APP_TOKEN))
    assert findings(monitor)["Slack Socket Mode"]["level"] == "ok"
    monkeypatch.setattr(World, "environment", with_more(world, SLACK_APP_TOKEN="xapp-2-no"))
    assert monitor("doctor").status == 1
    assert "xapp-2-no" not in monitor("doctor").out


def with_more(world: World, **more: str) -> dict[str, str]:
    """Add variables to what the monitor finds in its environment."""
    return world.environment | more


@pytest.fixture
def posts() -> Iterator[PostServer]:
    """Serve webhooks on loopback."""
    with PostServer() as running:
        yield running


def test_a_webhook_is_tried_without_posting(
    monitor: Command, world: World, posts: PostServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in for the app; what it lacks is said."""
    world.speaks_slack = False
    monkeypatch.setattr(World, "environment", with_more(world, SLACK_WEBHOOK_URL=posts.hook))
    found = findings(monitor)
    assert found["webhook"]["level"] == "ok"
    assert "no threads" in found["webhook"]["says"]
    assert found["Slack"]["level"] == "warn"
    assert "SLACK_WEBHOOK_URL" in found["Slack"]["says"]
    assert posts.taken == []
    posts.script.extend([Say(404, "no_service")] * 2)
    assert monitor("doctor").status == 1
    assert "SLACK_WEBHOOK_URL" in findings(monitor)["webhook"]["says"]
    assert "secretpath" not in monitor("doctor").out


def test_a_channel_without_its_address_is_a_fault(monitor: Command, world: World) -> None:
    """Its alerts wait."""
    world.routes = [{"topic": "detainers", "channel": "webhook:north"}]
    world.write_configuration()
    looked = monitor("doctor")
    assert looked.status == 1
    assert "SLACK_WEBHOOK_NORTH" in looked.out


def test_a_service_of_apprise_is_named_and_an_address_without_use_too(
    monitor: Command, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is posted to it."""
    pytest.importorskip("apprise", reason="the extra [apprise] is not installed")
    world.routes = [{"topic": "detainers", "channel": "apprise:board"}]
    world.write_configuration()
    more = {"APPRISE_URL_BOARD": "ntfy://127.0.0.1:1/topic", "APPRISE_URL_IDLE": "ntfy://idle"}
    monkeypatch.setattr(World, "environment", with_more(world, **more))
    found = findings(monitor)
    assert found["apprise:board"]["level"] == "ok"
    assert found["apprise:board"]["says"].startswith("ntfy; not tried")
    assert "nothing goes there" in found["APPRISE_URL_IDLE"]["says"]


def test_without_apprise_a_channel_of_its_is_a_fault_of_the_configuration(
    monitor: Command, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run would leave its alerts lying: said at the start, with the cure."""
    world.routes = [{"topic": "detainers", "channel": "apprise:board"}]
    world.write_configuration()
    monkeypatch.setitem(sys.modules, "apprise", None)
    looked = monitor("check")
    assert looked.status == 2
    assert "monitor.yaml:" in looked.err + looked.out
    assert INSTALL in looked.err + looked.out
    assert findings(monitor)["configuration"]["level"] == "fail"


def test_a_secret_that_everybody_can_read_is_a_warning(
    monitor: Command, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command that mends it; the file's content is not shown."""
    path = tmp_path / "token"
    path.write_text(world.slack.token, encoding="utf-8")
    environment = {**world.environment, "SLACK_BOT_TOKEN_FILE": str(path)}
    del environment["SLACK_BOT_TOKEN"]
    monkeypatch.setattr(World, "environment", environment)
    path.chmod(0o644)
    found = findings(monitor)["SLACK_BOT_TOKEN_FILE"]
    assert (found["level"], found["cure"]) == ("warn", f"chmod 600 {path}")
    path.chmod(0o600)
    assert "SLACK_BOT_TOKEN_FILE" not in findings(monitor)


def test_a_token_of_another_sort_is_a_warning(monitor: Command, world: World) -> None:
    """People copy the wrong one of the four that Slack shows."""
    world.slack.token = "xoxp-1-made-up"
    found = findings(monitor)["Slack token"]
    assert "Bot User OAuth Token" in found["cure"]
