"""Channels beside Slack's app: their names, the variables of their addresses, and complaints."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from monitor.config import secrets
from monitor.config.ways import addresses, is_slack, variable
from tests.config.conftest import Complains, Loads

SLACK = 'contact: a@coalition.test\nslack:\n  default: "{}"\n'


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("webhook", "SLACK_WEBHOOK_URL"),
        ("webhook:north", "SLACK_WEBHOOK_NORTH"),
        ("webhook:north-shore-2", "SLACK_WEBHOOK_NORTH_SHORE_2"),
        ("apprise:board", "APPRISE_URL_BOARD"),
        ("#ny", ""),
        ("C012ABCDEF", ""),
        ("console", ""),
    ],
)
def test_a_channels_name_leads_to_its_variable(channel: str, name: str) -> None:
    """In capitals, with underscores for dashes."""
    assert variable(channel) == name


@pytest.mark.parametrize("channel", ["#ny", "C012ABCDEF", "@U012ABCDEF", "G012ABCDEF"])
def test_slacks_own_channels_need_an_app(channel: str) -> None:
    """Names, ids and people."""
    assert is_slack(channel)
    assert not any(map(is_slack, ("webhook", "webhook:ny", "apprise:board", "console")))


def test_only_addresses_that_are_set_are_mapped() -> None:
    """The others wait for theirs."""
    found = secrets({"SLACK_WEBHOOK_NORTH": "https://x", "APPRISE_URL_BOARD": "ntfy://y"})
    channels = ("webhook", "webhook:north", "apprise:board", "#ny")
    assert addresses(channels, found) == {"webhook:north": "https://x", "apprise:board": "ntfy://y"}


def test_such_channels_can_stand_wherever_a_channel_can(loads: Loads) -> None:
    """As the default, for health, in a route, in a filter."""
    config = loads(
        {
            "monitor.yaml": SLACK.format("webhook")
            + '  health: "webhook:health"\n'
            + '  routes: [{jurisdiction: ny, channel: "apprise:board"}]\n'
        }
    )
    assert {"webhook", "webhook:health", "apprise:board"} <= set(config.channels)


@pytest.mark.parametrize(
    "name", ["webhook:", "apprise", "apprise:", "webhook:North", "webhook:a_b", "webhook:url"]
)
def test_a_name_that_leads_to_no_variable_is_refused(complains: Complains, name: str) -> None:
    """With an example of one that does."""
    (complaint,) = complains({"monitor.yaml": SLACK.format(name)})
    assert complaint.startswith("monitor.yaml:3: ")
    assert re.search(r'write for example "(webhook|apprise):board"', complaint)


def test_an_address_in_place_of_a_name_is_not_repeated(complains: Complains) -> None:
    """It is a secret."""
    (complaint,) = complains({"monitor.yaml": SLACK.format("discord://123/secretpath")})
    assert "secretpath" not in complaint
    assert "APPRISE_URL_BOARD" in complaint


def test_a_channel_without_its_address_is_a_doubt(loads: Loads, tmp_path: Path) -> None:
    """Everything else runs; its place in the file is named."""
    config = loads({"monitor.yaml": SLACK.format("webhook:north")}, environ={})
    (doubt,) = [one for one in config.warnings if "SLACK_WEBHOOK_NORTH" in one]
    assert doubt.startswith("monitor.yaml:3: ")
    path = tmp_path / "address"
    path.write_text("https://hooks.example/x", encoding="utf-8")
    told = loads(
        {"monitor.yaml": SLACK.format("webhook:north")},
        environ={"SLACK_WEBHOOK_NORTH_FILE": str(path)},
    )
    assert not [one for one in told.warnings if "gets nothing" in one]


def test_apprise_that_is_missing_is_a_fault_with_its_cure(
    complains: Complains, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the start, not with every alert."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    complaints = complains({"monitor.yaml": SLACK.format("apprise:board")}, environ={})
    assert ["pip install" in one for one in complaints] == [True]
