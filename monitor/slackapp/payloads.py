"""Reads what Slack sends when people click or type; everything in it is checked, and bounded.

The shapes: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload and
https://docs.slack.dev/interactivity/implementing-slash-commands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import FormatError
from monitor.models import Person
from monitor.render.controls import Action

MOST_TYPED = 500
_PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")
_PLACE = re.compile(r"[CGD][A-Z0-9]{1,30}")
_WORKSPACE = re.compile(r"[TE][A-Z0-9]{1,30}")
_ROW = re.compile(r"alert:([0-9a-f]{32}):[0-9a-f]{8}")
_NAME = 80
_ADDRESS = 500
_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent something, from where.

    names: under which it may come again. workspace: of the app's installation; home: the one of
    which the person is a member, "" where Slack does not say. place: Slack's id of the channel.
    reply_to: an address that takes answers for half an hour, five of them.
    """

    names: tuple[str, ...]
    person: Person
    workspace: str
    home: str
    place: str
    reply_to: str


@dataclass(frozen=True, slots=True)
class Click:
    """A button, or a line of a menu; `choice` is the line's value, "" for a button.

    key: of the alert below which it stands.
    """

    sender: Sender
    action: Action
    key: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody typed behind /monitor. `place_name`: of the channel, without "#"."""

    sender: Sender
    text: str
    place_name: str = ""


Request = Click | Command


def read(kind: str, envelope: str, payload: object) -> Request:
    """Read an envelope's payload; raises FormatError where it is nothing that we offer."""
    fields = _table(payload, "the payload")
    if kind == "slash_commands":
        return _command(envelope, fields)
    if kind == "interactive" and fields.get("type") == "block_actions":
        return _click(envelope, fields)
    raise _wrong(f"an envelope of type {str(kind)[:40]!r}")


def _command(envelope: str, fields: Mapping[str, Any]) -> Command:
    sender = Sender(
        names=(f"envelope {_short(envelope, 'envelope_id')}",),
        person=Person(_id(fields.get("user_id"), _PERSON), _words(fields.get("user_name"), _NAME)),
        workspace=_workspace(fields.get("team_id"), fields.get("enterprise_id")),
        home="",
        place=_id(fields.get("channel_id"), _PLACE),
        reply_to=_words(fields.get("response_url"), _ADDRESS),
    )
    # Slack escapes these three, and some keyboards make quotes curly.
    typed = _words(fields.get("text"), MOST_TYPED)
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("“", '"'), ("”", '"')):
        typed = typed.replace(written, meant)
    return Command(sender, " ".join(typed.split()), _words(fields.get("channel_name"), _NAME))


def _click(envelope: str, fields: Mapping[str, Any]) -> Click:
    actions = fields.get("actions")
    if not isinstance(actions, list) or not actions:
        raise _wrong("a click without an action")
    action = _table(actions[0], "the action")
    user = _table(fields.get("user"), "the user")
    team = fields.get("team") if isinstance(fields.get("team"), dict) else {}
    enterprise = fields.get("enterprise") if isinstance(fields.get("enterprise"), dict) else {}
    container = _table(fields.get("container"), "the container")
    person = Person(_id(user.get("id"), _PERSON), _words(user.get("username"), _NAME))
    done_at = _short(action.get("action_ts"), "action_ts")
    row = _ROW.fullmatch(_words(action.get("block_id"), _TOKEN))
    name = _words(action.get("action_id"), _TOKEN)
    if row is None or name not in set(Action):
        raise _wrong("a click on something that is not ours")
    sender = Sender(
        names=(
            f"envelope {_short(envelope, 'envelope_id')}",
            f"click {person.id} {name} {done_at}",
        ),
        person=person,
        workspace=_workspace((team or {}).get("id"), (enterprise or {}).get("id")),
        home=_words(user.get("team_id"), _TOKEN),
        place=_id(container.get("channel_id"), _PLACE),
        reply_to=_words(fields.get("response_url"), _ADDRESS),
    )
    return Click(sender, Action(name), row[1], _choice(action))


def _choice(action: Mapping[str, Any]) -> str:
    chosen = action.get("selected_option")
    return _words(chosen.get("value"), _TOKEN) if isinstance(chosen, dict) else ""


def _workspace(team: object, enterprise: object) -> str:
    """Name the workspace; an app that serves a whole organisation is told that one's id."""
    return _id(team or enterprise, _WORKSPACE)


def _table(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(f"{what} is not a table")
    return value


def _id(value: object, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise _wrong("an id is missing, or has an unknown form")
    return value


def _short(value: object, what: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _TOKEN:
        raise _wrong(f"{what} is missing, or too long")
    return value


def _words(value: object, most: int) -> str:
    """Return at most so many letters; what is no text is none."""
    return value[:most] if isinstance(value, str) else ""


def _wrong(reason: str) -> FormatError:
    return FormatError("Slack", reason)
