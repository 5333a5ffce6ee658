"""The names of channels: which are Slack's own, and which need an address from the environment.

#name, C0123ABCD   Slack, with an app            SLACK_BOT_TOKEN
webhook            Slack, without an app         SLACK_WEBHOOK_URL
webhook:north      the same, another channel     SLACK_WEBHOOK_NORTH
apprise:board      Teams, Discord, Matrix, …     APPRISE_URL_BOARD
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.util import find_spec

WEBHOOK = "webhook"
APPRISE = "apprise:"
INSTALL = "pip install 'apprise>=2.2,<3'"
_NAMED = {f"{WEBHOOK}:": "SLACK_WEBHOOK_", APPRISE: "APPRISE_URL_"}
_SLACK = re.compile("[#@].*|[CDG][A-Z0-9]{8,}")


def is_slack(channel: str) -> bool:
    """Say whether a channel is one of Slack's that only an app can post to."""
    return bool(_SLACK.fullmatch(channel))


def apprise_installed() -> bool:
    """Say whether apprise is installed; it is an extra."""
    return find_spec("apprise") is not None


def variable(channel: str) -> str:
    """Name the variable that holds a channel's own address; "" where it needs none."""
    if channel == WEBHOOK:
        return "SLACK_WEBHOOK_URL"
    for beginning, name in _NAMED.items():
        if channel.startswith(beginning):
            return name + channel.removeprefix(beginning).upper().replace("-", "_")
    return ""


def addresses(channels: Iterable[str], secrets: Mapping[str, str]) -> dict[str, str]:
    """Map the channels that need an address to it, where it is set."""
    return {one: secrets[name] for one in channels if (name := variable(one)) and name in secrets}


def variables(channels: Iterable[str]) -> dict[str, str]:
    """Map the channels that need an address to the variable that holds it."""
    return {one: name for one in channels if (name := variable(one))}
