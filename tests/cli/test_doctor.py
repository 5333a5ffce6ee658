"""`doctor`: what is not usable, and what to do about it."""

from __future__ import annotations

from typing import Any

from tests.cli.conftest import Command
from tests.end_to_end.world import World


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
