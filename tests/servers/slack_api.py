"""A strict Slack on loopback: it enforces the limits, can fail in every way, and remembers.

In a test:            with SlackServer() as slack: SlackApi(slack.token, slack.url) …
In its own process:   python -m tests.servers.slack_api --port-file FILE
                      (then GET /control/messages, POST /control/faults with JSON)

A fault is (method or "*", kind, argument): "429" (Retry-After), "500", "503", "empty_429",
"garbage", "slow" (seconds), "drop_after" (it took the message and hangs up), "drop_before",
"hold_after" and "hold_before" (it says nothing more until the server ends), "error" (Slack's code).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.servers.slack_limits import TRUNCATED, refusal
from tests.servers.slack_people import WRITTEN_TO_PEOPLE, No, People

TOKEN = "xoxb-1-made-up"
APP_TOKEN = "xapp-1-made-up"
SCOPES = [
    "chat:write",
    "chat:write.public",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "channels:join",
    "commands",
    "users:read",
    "im:write",
    "im:history",
]
WRITES = {"chat.postMessage", "chat.update", "conversations.join"} | WRITTEN_TO_PEOPLE
ACCEPTING = {"slow", "drop_after", "hold_after"}


@dataclass
class Room:
    """A channel of the workspace."""

    id: str
    name: str
    is_member: bool = True
    is_private: bool = False
    is_archived: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)
    previous_names: list[str] = field(default_factory=list)

    def rename(self, name: str) -> None:
        """Give it another name; Slack remembers the old one."""
        self.previous_names, self.name = [self.name, *self.previous_names], name

    def described(self) -> dict[str, Any]:
        """Return what conversations.list says of it."""
        names = ("id", "name", "is_member", "is_private", "is_archived", "previous_names")
        return {name: getattr(self, name) for name in names}


class Workspace(People):
    """What Slack knows, and how it answers; all calls are serialised."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.clock = clock
        self.rooms = [
            Room("C01ALERTS", "immigration-alerts"),
            Room("C02NY", "ny"),
            Room("C03OPEN", "open", is_member=False),
            Room("C04SECRET", "secret", is_member=False, is_private=True),
            Room("C05OLD", "old", is_archived=True),
        ]
        self.scopes = set(SCOPES)
        self.faults: deque[tuple[str, str, Any]] = deque()
        self.chances: dict[str, float] = {}
        self.random = random.Random(287)  # noqa: S311 - repeatable faults
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.limit_pages_to = 1_000
        self._last_ts = 0.0
        self.lock = threading.RLock()

    @property
    def posted(self) -> list[dict[str, Any]]:
        """List all messages of all channels, oldest first."""
        return sorted((m for room in self.rooms for m in room.messages), key=lambda m: m["ts"])

    @property
    def keys(self) -> list[str]:
        """List the keys in the metadata of all messages, oldest first."""
        return [m["metadata"]["event_payload"]["k"] for m in self.posted if "metadata" in m]

    def room(self, name: str) -> Room:
        """Find a channel by id or "#name" as a test may do."""
        found: Room = next(room for room in self.rooms if name in {room.id, f"#{room.name}"})
        return found

    def next_fault(self, method: str) -> tuple[str, Any]:
        """Take the scripted fault for a call, or draw one; ("", None) for none."""
        for number, (wanted, kind, argument) in enumerate(self.faults):
            if wanted in {"*", method}:
                del self.faults[number]
                return kind, argument
        for kind, chance in self.chances.items():
            if self.random.random() < chance:
                return kind, {"429": 0, "slow": 0.01, "error": "internal_error"}.get(kind)
        return "", None

    def answer(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        """Answer one call as Slack would."""
        self.calls.append((method, arguments))
        name = "_" + method.replace(".", "_")
        if not hasattr(self, name):
            raise No("unknown_method")
        if token != (APP_TOKEN if method == "apps.connections.open" else TOKEN):
            raise No("invalid_auth" if token else "not_authed")
        return {"ok": True, **getattr(self, name)(arguments)}

    def _needs(self, *scopes: str) -> None:
        if not self.scopes & set(scopes):
            raise No("missing_scope", needed=scopes[0], provided=",".join(sorted(self.scopes)))

    def _visible(self, name: Any, *, by_name: bool = False) -> Room:
        room: Room
        for room in self.rooms:
            named = by_name and name in {f"#{room.name}", room.name}
            if (room.id == name or named) and (room.is_member or not room.is_private):
                return room
        raise No("channel_not_found")

    def _readable(self, name: Any) -> Room:
        room = self._visible(name)
        self._needs("groups:history" if room.is_private else "channels:history")
        if not room.is_member:
            raise No("not_in_channel")
        return room

    def _ts(self) -> str:
        self._last_ts = max(self.clock(), self._last_ts + 0.000001)
        return f"{self._last_ts:.6f}"

    # -------------------------------------------------------------------------------- methods

    def _auth_test(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        team = {"team": "Made-up Coalition", "team_id": self.team}
        return {"user": "legwatch", "bot_id": "B01", **team}

    def _chat_postMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._needs("chat:write")
        room = self._room_of(arguments.get("channel"))
        room = room or self._visible(arguments.get("channel"), by_name=True)
        if room.is_archived:
            raise No("is_archived")
        if not room.is_member and (room.is_private or "chat:write.public" not in self.scopes):
            raise No("not_in_channel")
        self._judge(arguments)
        self._judge_thread(room, arguments.get("thread_ts"))
        kept = ("text", "blocks", "metadata", "thread_ts", "client_msg_id")
        message = {name: arguments[name] for name in kept if arguments.get(name)}
        message |= {"type": "message", "ts": self._ts(), "bot_id": "B01", "channel": room.id}
        warnings = []
        if len(message.get("text", "")) > TRUNCATED:
            message["text"] = message["text"][:TRUNCATED]
            warnings = ["message_truncated"]
        room.messages.append(message)
        return {
            "channel": room.id,
            "ts": message["ts"],
            "message": message,
            "response_metadata": {"warnings": warnings},
        }

    def _judge(self, arguments: dict[str, Any]) -> None:
        if refused := refusal(arguments):
            raise No(refused[0], response_metadata={"messages": refused[1]})

    def _judge_thread(self, room: Room, thread: Any) -> None:
        if not thread:
            return
        parent = next((m for m in room.messages if m["ts"] == thread), None)
        if parent is None:
            raise No("thread_not_found")
        if parent.get("thread_ts", thread) != thread:
            raise No("cannot_reply_to_message")

    def _chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._needs("chat:write")
        room = self._visible(arguments.get("channel"))
        message = next((m for m in room.messages if m["ts"] == arguments.get("ts")), None)
        if message is None:
            raise No("message_not_found")
        self._judge(arguments)
        message |= {n: arguments[n] for n in ("text", "blocks", "metadata") if n in arguments}
        return {"channel": room.id, "ts": message["ts"], "text": message.get("text", "")}

    def _conversations_list(self, arguments: dict[str, Any]) -> dict[str, Any]:
        types = arguments.get("types", "public_channel").split(",")
        if "public_channel" in types:
            self._needs("channels:read")
        if "private_channel" in types:
            self._needs("groups:read")
        shown = [
            room.described()
            for room in self.rooms
            if ("private_channel" in types and room.is_member)
            or ("public_channel" in types and not room.is_private)
        ]
        return self._page("channels", shown, arguments)

    def _conversations_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._needs("channels:read")
        return {"channel": self._visible(arguments.get("channel")).described()}

    def _conversations_join(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._needs("channels:join")
        room = self._visible(arguments.get("channel"))
        if room.is_private:
            raise No("method_not_supported_for_channel_type")
        if room.is_archived:
            raise No("is_archived")
        room.is_member = True
        return {"channel": room.described()}

    def _conversations_history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        room = self._readable(arguments.get("channel"))
        own = [m for m in room.messages if m.get("thread_ts", m["ts"]) == m["ts"]]
        shown = [m for m in reversed(own) if _is_between(m, arguments)]
        return self._page("messages", [_seen(m, arguments) for m in shown], arguments)

    def _conversations_replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        room = self._readable(arguments.get("channel"))
        parent = [m for m in room.messages if m["ts"] == arguments.get("ts")]
        if not parent:
            raise No("thread_not_found")
        replies = [m for m in room.messages if m.get("thread_ts") == arguments["ts"]]
        shown = parent + [m for m in replies if _is_between(m, arguments)]
        return self._page("messages", [_seen(m, arguments) for m in shown], arguments)

    def _page(self, name: str, records: list[Any], arguments: dict[str, Any]) -> dict[str, Any]:
        asked = int(arguments.get("limit", 100))
        if not 1 <= asked <= 999:
            raise No("invalid_limit")
        start = int(arguments.get("cursor") or 0)
        end = start + min(asked, self.limit_pages_to)
        cursor = str(end) if end < len(records) else ""
        return {name: records[start:end], "response_metadata": {"next_cursor": cursor}}


def _is_between(message: dict[str, Any], arguments: dict[str, Any]) -> bool:
    oldest, latest = arguments.get("oldest", "0"), arguments.get("latest", "9999999999")
    ts = float(message["ts"])
    if arguments.get("inclusive") in {"1", "true", True}:
        return float(oldest) <= ts <= float(latest)
    return float(oldest) < ts < float(latest)


def _seen(message: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """Show a message; without include_all_metadata only the kind of metadata is told."""
    if "metadata" not in message or arguments.get("include_all_metadata") in {"1", "true", True}:
        return message
    return {**message, "metadata": {"event_type": message["metadata"]["event_type"]}}


class _Handler(BaseHTTPRequestHandler):
    """Reads a call, lets the workspace answer, or fails as told."""

    server: SlackServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/control/faults":
            self.server.workspace.faults.extend(tuple(fault) for fault in json.loads(body))
            self._reply(200, {"ok": True})
            return
        method = urlsplit(self.path).path.removeprefix("/api/")
        with self.server.workspace.lock:
            kind, argument = self.server.workspace.next_fault(method)
            answer = None
            if not kind or kind in ACCEPTING:
                answer = self._answer(method, body)
        self._send(kind, argument, answer)

    def do_GET(self) -> None:
        self._reply(200, {"messages": self.server.workspace.posted})

    def _answer(self, method: str, body: bytes) -> dict[str, Any]:
        kind = self.headers.get("Content-Type", "").partition(";")[0]
        if kind != "application/json":
            arguments = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        else:
            # Slack reads JSON only where a method writes.
            arguments = json.loads(body or b"{}") if method in WRITES else {}
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            return self.server.workspace.answer(method, arguments, token)
        except No as no:
            return no.body

    def _send(self, kind: str, argument: Any, answer: dict[str, Any] | None) -> None:
        if kind.startswith("hold_"):
            self.server.held.release()
            self.server.released.wait(60)
            kind = "drop_after"
        if kind in {"drop_after", "drop_before"}:
            self.close_connection = True
            with suppress(OSError):  # the client may have gone first
                self.connection.shutdown(SHUT_RDWR)
        elif kind == "429":
            retry = {"Retry-After": str(argument)} if argument is not None else {}
            self._reply(429, {"ok": False, "error": "ratelimited"}, retry)
        elif kind == "empty_429":
            self._raw(429, b"", {"Retry-After": str(argument)})
        elif kind in {"500", "503"}:
            self._raw(int(kind), b"<html>Service trouble</html>", {})
        elif kind == "garbage":
            self._raw(200, b"<html>Please log in to the Wi-Fi</html>", {})
        elif kind == "error":
            self._reply(200, {"ok": False, "error": argument})
        else:
            if kind == "slow":
                self.server.released.wait(argument)
            self._reply(200, answer or {})

    def _reply(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        scopes = ",".join(sorted(self.server.workspace.scopes))
        extra = {"x-oauth-scopes": scopes, "Content-Type": "application/json; charset=utf-8"}
        self._raw(status, json.dumps(body).encode(), extra | (headers or {}))

    def _raw(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, text in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has given up waiting

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


class SlackServer(ThreadingHTTPServer):
    """The workspace behind a port that the system chose; a context manager."""

    daemon_threads = True
    token = TOKEN

    def __init__(self, workspace: Workspace | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.workspace = workspace or Workspace()
        self.released = threading.Event()
        self.held = threading.Semaphore(0)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Return what SLACK_API_URL is set to."""
        return f"http://127.0.0.1:{self.server_address[1]}/api/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.released.set()
        self.shutdown()
        self.server_close()
        self._thread.join(5)


def main() -> None:
    """Serve until the process is ended; the port is written to a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port-file", type=Path, required=True)
    chosen = parser.parse_args()
    server = SlackServer()
    unfinished = chosen.port_file.with_suffix(".part")
    unfinished.write_text(str(server.server_address[1]))
    unfinished.rename(chosen.port_file)
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
