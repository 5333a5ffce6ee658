"""The rights of the Slack app, each with what it is for; slack-app-manifest.yaml asks for them.

https://docs.slack.dev/reference/scopes
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """One right of the bot. needed: without it alerts do not get out, or not surely once."""

    name: str
    why: str
    needed: bool = False


SCOPES = (
    Scope("chat:write", "to post, and to edit its own posts", needed=True),
    Scope("channels:read", "to find channels by their names", needed=True),
    Scope("channels:history", "to see after a crash whether a message arrived", needed=True),
    Scope("channels:join", "to join public channels by itself"),
    Scope("groups:read", "to find private channels"),
    Scope("groups:history", "to see after a crash whether a message arrived in a private channel"),
    Scope("commands", "for the command /monitor"),
    Scope("im:write", "to tell people directly of what they follow or want to be reminded of"),
    Scope("im:history", "to see after a crash whether a direct message arrived"),
    Scope("users:read", "to remind people at 9 am on their own clock"),
)
# Of the app-level token, which is made by hand; a manifest cannot ask for it.
SOCKET_SCOPE = "connections:write"
BOT_TOKEN = "xoxb-"  # noqa: S105 - how Slack's bot tokens begin
APP_TOKEN = "xapp-"  # noqa: S105 - how Slack's app-level tokens begin
