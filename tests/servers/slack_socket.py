"""A strict Socket Mode on loopback: greets, sends envelopes, wants each acknowledged, and fails.

    with SlackServer() as slack, SocketMode(slack.workspace) as socket:
        ... a client connects ...
        socket.deliver(click(…))          # returns once it is acknowledged; False where it is not
        socket.disconnect("refresh_requested"); socket.drop(); socket.fall_silent()

It takes only masked frames and acknowledgements of envelopes that it has sent; `faults` holds what
was wrong. Answers to a response_url are kept in `answers`: five for each, at most.
Frames: RFC 6455; envelopes: https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import json
import struct
import threading
import time
from base64 import b64encode
from collections import Counter
from contextlib import suppress
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from socket import SHUT_RDWR
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.servers.slack_limits import refusal
from tests.servers.slack_people import No, People

PATIENCE = 20.0
MOST_SOCKETS = 10
MOST_ANSWERS = 5
ACKNOWLEDGE_WITHIN = 3.0
_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_SHORT, _LONG = 126, 65_536


class Wire:
    """One connection, as the server sees it."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        self._lock = threading.Lock()
        self.ponged = threading.Event()
        self.is_silent = False

    def send(self, opcode: int, data: bytes, *, cut: int | None = None) -> None:
        """Send a frame, or only its first bytes."""
        size = len(data)
        if size < _SHORT:
            head = struct.pack("!BB", 0x80 | opcode, size)
        elif size < _LONG:
            head = struct.pack("!BBH", 0x80 | opcode, _SHORT, size)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, 127, size)
        with self._lock, suppress(OSError):
            self._handler.wfile.write((head + data)[:cut])
            self._handler.wfile.flush()

    def receive(self) -> tuple[int, bytes] | None:
        """Receive a frame; None at the end; raises ValueError where it is not masked."""
        read = self._handler.rfile.read
        head = read(2)
        if len(head) < 2:
            return None
        size = head[1] & 0x7F
        if size == _SHORT:
            (size,) = struct.unpack("!H", read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", read(8))
        if not head[1] & 0x80:
            raise ValueError("a client's frame has to be masked")
        mask, data = read(4), read(size)
        return head[0] & 0x0F, bytes(b ^ mask[n % 4] for n, b in enumerate(data))

    def hang_up(self) -> None:
        """End the connection without a word."""
        with suppress(OSError):
            self._handler.connection.shutdown(SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: SocketMode
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Shake hands, greet, and listen until the end."""
        ticket = parse_qs(urlsplit(self.path).query).get("ticket", [""])[0]
        key = self.headers.get("Sec-WebSocket-Key", "")
        upgrade = self.headers.get("Upgrade", "").lower()
        if not self.server.admit(ticket) or upgrade != "websocket" or not key:
            self.send_error(400)
            return
        accept = b64encode(sha1((key + _KEY).encode()).digest()).decode()  # noqa: S324 - RFC 6455
        self.send_response(101)
        for name, text in {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Accept": accept,
        }.items():
            self.send_header(name, text)
        self.end_headers()
        self.close_connection = True
        wire = Wire(self)
        self.server.join(wire)
        try:
            self._listen(wire)
        finally:
            self.server.leave(wire)

    def _listen(self, wire: Wire) -> None:
        while True:
            try:
                frame = wire.receive()
            except (OSError, ValueError, struct.error) as fault:
                if isinstance(fault, ValueError):
                    self.server.faults.append(str(fault))
                return
            if frame is None or frame[0] == _CLOSE:
                return
            if frame[0] == _PING and not wire.is_silent:
                wire.send(_PONG, frame[1])
            elif frame[0] == _PONG:
                wire.ponged.set()
            elif frame[0] == _TEXT:
                self.server.heard(frame[1])

    def do_POST(self) -> None:
        """Take an answer to a response_url."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, said = self.server.answered(self.path, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


class SocketMode(ThreadingHTTPServer):
    """The sockets of one app of a workspace; a context manager.

    wants_acknowledgement: how long an envelope waits before it counts as not taken.
    """

    daemon_threads = True

    def __init__(self, workspace: People) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.workspace = workspace
        self.wires: list[Wire] = []
        self.joined = 0
        self.faults: list[str] = []
        self.answers: list[dict[str, Any]] = []
        self.acknowledged: Counter[str] = Counter()
        self.is_on = True
        self.first_is_silent = False
        self.slowest = 0.0
        self.refuses_answers = False
        self._sent: dict[str, tuple[float, dict[str, Any]]] = {}
        self._tickets: set[str] = set()
        self._uses: Counter[str] = Counter()
        self._times: Counter[str] = Counter()
        self._numbers = count(1)
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self.workspace.socket = self._opened
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.drop()
        self.shutdown()
        self.server_close()
        self._thread.join(5)

    @property
    def base(self) -> str:
        """Name the place of response_urls."""
        return f"http://127.0.0.1:{self.server_address[1]}/actions"

    def _opened(self) -> str:
        if not self.is_on:
            raise No("socket_mode_not_enabled")
        ticket = f"ticket{next(self._numbers)}"
        self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self.server_address[1]}/link?ticket={ticket}&app_id=A1"

    # ------------------------------------------------------------------------------- connections

    def admit(self, ticket: str) -> bool:
        """Take a ticket once."""
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        return known

    def join(self, wire: Wire) -> None:
        """Greet a connection; an eleventh one is sent away."""
        with self._changed:
            if len(self.wires) >= MOST_SOCKETS:
                self._say(wire, {"type": "disconnect", "reason": "too_many_websockets"})
                wire.hang_up()
                return
            self.joined += 1
            wire.is_silent = self.first_is_silent and self.joined == 1
            self.wires.append(wire)
            greeting = {"type": "hello", "num_connections": len(self.wires)}
            self._say(wire, {**greeting, "connection_info": {"app_id": "A1"}})
            self._changed.notify_all()

    def leave(self, wire: Wire) -> None:
        """Forget a connection."""
        with self._changed:
            if wire in self.wires:
                self.wires.remove(wire)
            self._changed.notify_all()

    def wait_for(self, joined: int = 1, seconds: float = PATIENCE) -> None:
        """Wait until so many connections were made in all, and one of them stands."""
        with self._changed:
            enough = self._changed.wait_for(lambda: self.joined >= joined and self.wires, seconds)
            assert enough, f"{self.joined} connections were made in {seconds:.0f} seconds"

    def wait_until_left(self, left: int, seconds: float = PATIENCE) -> None:
        """Wait until only so many connections are left."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.wires) <= left, seconds)

    def disconnect(self, reason: str) -> None:
        """Tell every client to go; the connections end when the clients have gone."""
        for wire in list(self.wires):
            self._say(wire, {"type": "disconnect", "reason": reason, "debug_info": {"host": "x"}})

    def drop(self, *, farewell: bool = False) -> None:
        """Hang up, with or without a close frame."""
        for wire in list(self.wires):
            if farewell:
                wire.send(_CLOSE, struct.pack("!H", 1001) + b"going away")
            wire.hang_up()

    def drop_in_the_middle(self, payload: dict[str, Any]) -> None:
        """Hang up in the middle of an envelope."""
        wire = self.wires[0]
        wire.send(_TEXT, json.dumps(self._enveloped(payload)[1]).encode(), cut=40)
        wire.hang_up()

    def fall_silent(self) -> None:
        """Answer no pings any more; the connections stay open."""
        for wire in self.wires:
            wire.is_silent = True

    def ping(self) -> None:
        """Ping every client; each has to answer."""
        for wire in list(self.wires):
            wire.ponged.clear()
            wire.send(_PING, b"Ping from applink-1")
            assert wire.ponged.wait(PATIENCE), "a ping was not answered"

    def _say(self, wire: Wire, message: Any) -> None:
        wire.send(_TEXT, json.dumps(message).encode())

    def say(self, text: bytes) -> None:
        """Send something that may be no envelope at all."""
        self.wires[0].send(_TEXT, text)

    # --------------------------------------------------------------------------------- envelopes

    def _enveloped(self, payload: Any, kind: str = "") -> tuple[str, dict[str, Any]]:
        number = f"envelope-{next(self._numbers)}"
        chosen = kind or ("slash_commands" if "command" in payload else "interactive")
        return number, {
            "envelope_id": number,
            "type": chosen,
            "accepts_response_payload": chosen == "slash_commands",
            "payload": payload,
        }

    def deliver(self, payload: Any, kind: str = "", seconds: float = PATIENCE) -> bool:
        """Send an envelope over one connection, and wait for its acknowledgement."""
        number = self.send_only(payload, kind)
        return self._is_acknowledged(number, seconds)

    def send_only(self, payload: Any, kind: str = "") -> str:
        """Send an envelope, and return its id at once."""
        number, envelope = self._enveloped(payload, kind)
        self._sent[number] = (time.monotonic(), envelope)
        self._times[number] += 1
        self._say(self.wires[next(self._numbers) % len(self.wires)], envelope)
        return number

    def redeliver(self, number: str, seconds: float = PATIENCE) -> bool:
        """Send an envelope again, as if no acknowledgement had come."""
        _, envelope = self._sent[number]
        self._sent[number] = (time.monotonic(), envelope)
        self._times[number] += 1
        self._say(self.wires[0], {**envelope, "retry_attempt": 1, "retry_reason": "timeout"})
        return self._is_acknowledged(number, seconds)

    def _is_acknowledged(self, number: str, seconds: float) -> bool:
        with self._changed:
            times = self._times[number]
            return self._changed.wait_for(lambda: self.acknowledged[number] >= times, seconds)

    def heard(self, text: bytes) -> None:
        """Take an acknowledgement; note everything else as a fault."""
        with self._changed:
            try:
                number = json.loads(text)["envelope_id"]
                sent_at, _ = self._sent[number]
            except (ValueError, KeyError, TypeError):
                self.faults.append(f"no acknowledgement of anything: {text[:100]!r}")
                return
            self.slowest = max(self.slowest, time.monotonic() - sent_at)
            if time.monotonic() - sent_at > ACKNOWLEDGE_WITHIN:
                self.faults.append(f"{number} was acknowledged too late")
            self.acknowledged[number] += 1
            if self.acknowledged[number] > self._times[number]:
                self.faults.append(f"{number} was acknowledged more often than it was sent")
            self._changed.notify_all()

    # ----------------------------------------------------------------------------------- answers

    def answered(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Judge an answer to a response_url as Slack does."""
        with self._changed:
            self._uses[path] += 1
            if self.refuses_answers or self._uses[path] > MOST_ANSWERS:
                return 404, b"expired_url"
            answer = json.loads(body)
            if refused := refusal({name: answer.get(name) for name in ("text", "blocks")}):
                self.faults.append(f"an answer is refused: {refused}")
                return 400, b"invalid_blocks"
            if answer.get("response_type", "ephemeral") != "ephemeral":
                self.faults.append("an answer would be seen by everybody")
            if answer.get("replace_original"):
                self.faults.append("an answer would replace the message")
            self.answers.append({**answer, "to": path})
            self._changed.notify_all()
            return 200, b"ok"

    def wait_for_answers(self, number: int, seconds: float = PATIENCE) -> list[str]:
        """Wait until so many answers came in all; return their texts."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.answers) >= number, seconds)
            assert came, f"{len(self.answers)} answers came in {seconds:.0f} seconds"
            return [str(answer["text"]) for answer in self.answers]
