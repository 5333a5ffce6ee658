"""What `doctor` finds out about Slack, and what it advises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.channels import SlackChannel, check_slack, check_socket
from monitor.models import Finding, Level
from tests.servers.slack_api import APP_TOKEN, SlackServer, Workspace


def checked(slack: SlackChannel, *channels: str) -> dict[str, Finding]:
    """Run the check at the server's own time; findings by subject."""
    return {found.subject: found for found in check_slack(slack, channels, datetime.now(UTC))}


def test_a_usable_workspace_is_said_to_be_so(slack: SlackChannel) -> None:
    """Who the bot is, which scopes, and that it is in the channel."""
    found = checked(slack, "#immigration-alerts")
    assert {one.level for one in found.values()} == {Level.OK}
    assert found["Slack"].says == "signed in as legwatch in Made-up Coalition"


def test_a_token_that_does_not_work_ends_the_check(server: SlackServer) -> None:
    """Nothing else can be tried; the advice names the variable."""
    (found,) = check_slack(SlackChannel("xoxb-no", server.url), ("#ny",), datetime.now(UTC))
    assert found.level is Level.FAIL
    assert "SLACK_BOT_TOKEN" in found.cure


@pytest.mark.parametrize(
    ("scope", "level"),
    [
        ("channels:history", Level.FAIL),
        ("chat:write", Level.FAIL),
        ("channels:join", Level.WARN),
        ("groups:history", Level.WARN),
        ("commands", Level.WARN),
        ("im:write", Level.WARN),
    ],
)
def test_a_missing_scope_is_named_with_its_use(
    slack: SlackChannel, workspace: Workspace, scope: str, level: Level
) -> None:
    """Needed ones fail, useful ones warn."""
    workspace.scopes -= {scope}
    found = checked(slack)["Slack scopes"]
    assert found.level is level
    assert found.says.startswith((f"{scope} is missing, to ", f"{scope} is missing, for "))
    assert "install the app again" in found.cure


@pytest.mark.parametrize(
    ("channel", "level", "says"),
    [
        ("#immigration-alerts", Level.OK, "a member"),
        ("C02NY", Level.OK, "a member"),
        ("#open", Level.OK, "will join"),
        ("#old", Level.FAIL, "archived"),
        ("#secret", Level.FAIL, "invited"),
        ("#imigration", Level.FAIL, "no such channel"),
    ],
)
def test_every_channel_is_judged(
    slack: SlackChannel, channel: str, level: Level, says: str
) -> None:
    """By what the bot sees of it."""
    found = checked(slack, channel)[channel]
    assert found.level is level
    assert says in found.says
    assert bool(found.cure) == (level is Level.FAIL)


def test_a_channel_that_cannot_be_joined_wants_an_invitation(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Without channels:join a person must invite the bot."""
    workspace.scopes -= {"channels:join"}
    found = checked(slack, "#open")["#open"]
    assert found.level is Level.FAIL
    assert "/invite" in found.cure


def test_channels_that_cannot_be_listed_are_a_warning(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Posting may work all the same."""
    workspace.faults.append(("conversations.list", "503", None))
    assert checked(slack, "#ny")["Slack channels"].level is Level.WARN


def test_a_clock_that_is_far_off_is_a_fault(slack: SlackChannel) -> None:
    """Messages are found again by their time."""
    hour_ahead = datetime.now(UTC) + timedelta(hours=1)
    found = [one for one in check_slack(slack, (), hour_ahead) if one.subject == "clock"]
    assert [one.level for one in found] == [Level.FAIL]


def test_a_renamed_channel_is_named_with_its_present_name(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Alerts still reach it; the configuration is out of date."""
    workspace.room("#immigration-alerts").rename("news")
    found = checked(slack, "#immigration-alerts")["#immigration-alerts"]
    assert found.level is Level.WARN
    assert found.cure == 'write "#news" in the configuration'


def test_an_archived_namesake_of_old_is_not_meant(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """What was renamed and closed takes no posts."""
    workspace.room("#old").rename("older")
    assert checked(slack, "#old")["#old"].level is Level.FAIL


# --------------------------------------------------------------------------------- Socket Mode


def test_an_app_token_that_works_is_said_to_do_so(server: SlackServer) -> None:
    """apps.connections.open answers with an address; nobody connects to it."""
    server.workspace.socket = lambda: "ws://127.0.0.1:1/link"
    found = check_socket(APP_TOKEN, server.url)
    assert found.level is Level.OK
    assert [method for method, _ in server.workspace.calls] == ["apps.connections.open"]
    assert "nobody listens now" in check_socket(APP_TOKEN, server.url, heard=False).says


@pytest.mark.parametrize(
    ("token", "level", "says"),
    [
        ("", Level.WARN, "no /monitor"),
        ("xoxb-1-made-up", Level.FAIL, "begin with xapp-"),
        ("xapp-2-revoked", Level.FAIL, "invalid_auth"),
    ],
)
def test_an_app_token_that_does_not_work_has_a_cure(
    server: SlackServer, token: str, level: Level, says: str
) -> None:
    """Where to make one; the token itself is not shown."""
    found = check_socket(token, server.url)
    assert found.level is level
    assert says in found.says
    assert "connections:write" in found.cure
    assert not token or token not in str(found)


def test_socket_mode_that_is_off_has_a_cure(server: SlackServer) -> None:
    """Slack says so."""
    found = check_socket(APP_TOKEN, server.url)
    assert "socket_mode_not_enabled" in found.says
    assert "turn Socket Mode on" in found.cure


def test_socket_mode_that_could_not_be_tried_is_a_warning(server: SlackServer) -> None:
    """Slack may be out of order."""
    server.workspace.faults.append(("apps.connections.open", "503", None))
    assert check_socket(APP_TOKEN, server.url).level is Level.WARN
