"""The manifest, the README and `doctor` ask for the same rights, and for those that are used."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from monitor.channels.slack_scopes import SCOPES
from monitor.slackapp.commands import _HELP
from tests.end_to_end.world import REPOSITORY

# What each method asks of a bot, by its page below https://docs.slack.dev/reference/methods.
NEEDS = {
    "auth.test": set(),
    "apps.connections.open": set(),
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.join": {"channels:join"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "users.info": {"users:read"},
}
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def manifest() -> dict[str, Any]:
    """Read the manifest as Slack does."""
    text = (REPOSITORY / "slack-app-manifest.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def test_the_manifest_asks_for_what_doctor_knows(manifest: dict[str, Any]) -> None:
    """In the same order, once each, and for nothing of a person's."""
    scopes = manifest["oauth_config"]["scopes"]
    assert scopes == {"bot": [scope.name for scope in SCOPES]}


def test_every_scope_is_used_and_every_method_has_its_scopes() -> None:
    """By the methods that the code names; the command needs one of its own."""
    rooms = (REPOSITORY / "monitor" / "channels", REPOSITORY / "monitor" / "slackapp")
    code = "".join(path.read_text("utf-8") for room in rooms for path in room.glob("*.py"))
    families = "|".join(
        {name.partition(".")[0] for name in NEEDS} | {"reactions", "views", "files"}
    )
    called = set(re.findall(rf'"((?:{families})\.[a-zA-Z.]+)"', code))
    assert called == set(NEEDS)
    used = {"commands"}.union(*NEEDS.values())
    assert used == {scope.name for scope in SCOPES}


def test_the_readme_says_what_each_scope_is_for() -> None:
    """In a table, in the words of doctor."""
    table = README[README.index("| scope |") :].partition("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table]
    expected = [
        [f"`{scope.name}`", scope.why.replace("/monitor", "`/monitor`")] for scope in SCOPES
    ]
    assert rows == expected


def test_the_manifest_turns_on_what_is_used_and_nothing_else(manifest: dict[str, Any]) -> None:
    """Socket Mode with clicks; no events, no public address, no tokens that expire."""
    settings = manifest["settings"]
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["socket_mode_enabled"] is True
    assert settings["token_rotation_enabled"] is False
    assert "event_subscriptions" not in settings
    assert not re.search("url", yaml.safe_dump(manifest))


def test_the_command_is_offered_with_what_it_knows(manifest: dict[str, Any]) -> None:
    """Every word of the hint is one that /monitor help lists."""
    (command,) = manifest["features"]["slash_commands"]
    assert command["command"] == "/monitor"
    known = {word for what, _ in _HELP for word in re.findall(r"\b[a-z]+\b", what)} | {"help"}
    hinted = re.findall(r"\b[a-z]+\b", command["usage_hint"])
    assert len(hinted) >= 5
    assert set(hinted) <= known


def test_the_manifest_keeps_to_slacks_limits(manifest: dict[str, Any]) -> None:
    """https://docs.slack.dev/reference/app-manifest: else it cannot be pasted."""
    about, features = manifest["display_information"], manifest["features"]
    (command,) = features["slash_commands"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert re.fullmatch("#[0-9a-f]{6}", about["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", features["bot_user"]["display_name"])
    assert len(command["command"]) <= 32
    assert len(command["description"]) <= 2_000
    assert len(command["usage_hint"]) <= 1_000
    assert features["app_home"]["messages_tab_enabled"] is True


def test_the_readme_names_the_manifest() -> None:
    """It is what a newcomer pastes."""
    assert "slack-app-manifest.yaml" in README
