"""What Slack sends when people click or type, in Slack's form; everything in it is made up.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.servers.slack_people import TEAM

ANA, BEN = "U0ANA", "U0BEN"
_NUMBERS = count(1)


def row_of(message: dict[str, Any]) -> dict[str, Any]:
    """Return the row of buttons of a message that Slack holds."""
    row: dict[str, Any] = next(b for b in message["blocks"] if b["type"] == "actions")
    return row


def has_buttons(message: dict[str, Any]) -> bool:
    """Say whether there is such a row."""
    return any(block["type"] == "actions" for block in message.get("blocks", []))


def click(
    message: dict[str, Any],
    action: str,
    choice: str = "",
    *,
    person: str = ANA,
    base: str = "https://hooks.slack.com/actions",
) -> dict[str, Any]:
    """Click on what stands below a message; `choice` is the value of a menu's line.

    It has to be there: a person cannot click on what is not shown.
    """
    row = row_of(message)
    (element,) = (one for one in row["elements"] if one["action_id"] == action)
    number = next(_NUMBERS)
    done: dict[str, Any] = {
        "type": element["type"],
        "action_id": action,
        "block_id": row["block_id"],
        "action_ts": f"1800000000.{number:06}",
    }
    if choice:
        (option,) = (one for one in element["options"] if one["value"] == choice)
        done["selected_option"] = option
    else:
        done |= {"value": element["value"], "text": element["text"]}
    return {
        "type": "block_actions",
        "user": {"id": person, "username": person.lower(), "name": "x", "team_id": TEAM},
        "api_app_id": "A1",
        "token": "verification",
        "container": {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": message["channel"],
            "is_ephemeral": False,
        },
        "trigger_id": f"{number}.1.x",
        "team": {"id": TEAM, "domain": "made-up"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": message["channel"], "name": "alerts"},
        "message": message,
        "state": {"values": {}},
        "response_url": f"{base}/{number}",
        "actions": [done],
    }


def typed(
    text: str,
    *,
    person: str = ANA,
    place: str = "C9000",
    base: str = "https://hooks.slack.com/actions",
) -> dict[str, Any]:
    """Type /monitor with a text behind it."""
    number = next(_NUMBERS)
    return {
        "token": "verification",
        "team_id": TEAM,
        "team_domain": "made-up",
        "channel_id": place,
        "channel_name": "alerts",
        "user_id": person,
        "user_name": person.lower(),
        "command": "/monitor",
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": f"{base}/{number}",
        "trigger_id": f"{number}.2.x",
    }
