"""The people of the strict Slack: who they are, their conversations with the bot, whispers.

A part of `slack_api.Workspace`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.servers.slack_limits import refusal

WRITTEN_TO_PEOPLE = {"chat.postEphemeral", "conversations.open", "apps.connections.open"}
TEAM = "T01MADEUP"


class No(Exception):
    """Slack's answer with ok: false."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.body = {"ok": False, "error": code, **more}


@dataclass
class Conversation:
    """What one person and the bot write to each other."""

    id: str
    person: str
    name: str = ""
    is_member: bool = True
    is_private: bool = True
    is_archived: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)


class People(ABC):
    """Answers the methods that concern people.

    zones: in which time zone each of them lives. whispers: what was shown to one person alone.
    socket: names the address of a new Socket Mode connection; None where it is switched off.
    """

    rooms: list[Any]

    def __init__(self) -> None:
        self.team = TEAM
        self.zones = {"U0ANA": "America/Los_Angeles", "U0BEN": "America/New_York"}
        self.whispers: list[dict[str, Any]] = []
        self.socket: Callable[[], str] | None = None

    @abstractmethod
    def _needs(self, *scopes: str) -> None:
        """Refuse where the token has none of these scopes."""

    @abstractmethod
    def _visible(self, name: Any, *, by_name: bool = False) -> Any:
        """Find a channel that the bot may see."""

    def conversation(self, person: str) -> Conversation:
        """Return the conversation with a person, as a test may do."""
        found = self._room_of(person)
        assert isinstance(found, Conversation)
        return found

    def _room_of(self, name: Any) -> Any:
        """Open a conversation where a person is named instead of a channel; None for others."""
        if not isinstance(name, str) or not re.fullmatch(r"[UW]\w+", name):
            return None
        if name not in self.zones:
            raise No("channel_not_found")
        for room in self.rooms:
            if getattr(room, "person", "") == name:
                return room
        made = Conversation(f"D{name[1:]}", name)
        self.rooms.append(made)
        return made

    def _apps_connections_open(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        if self.socket is None:
            raise No("socket_mode_not_enabled")
        return {"url": self.socket()}

    def _users_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._needs("users:read")
        person = arguments.get("user")
        if person not in self.zones:
            raise No("user_not_found")
        return {"user": {"id": person, "name": str(person).lower(), "tz": self.zones[person]}}

    def _conversations_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._needs("im:write")
        return {"channel": {"id": self.conversation(str(arguments.get("users"))).id}}

    def _chat_postEphemeral(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._needs("chat:write")
        self._visible(arguments.get("channel"))
        if arguments.get("user") not in self.zones:
            raise No("user_not_in_channel")
        if refused := refusal(arguments):
            raise No(refused[0], response_metadata={"messages": refused[1]})
        self.whispers.append(arguments)
        return {"message_ts": "1.0"}
