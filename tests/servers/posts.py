"""A server on loopback that takes posts: Slack's incoming webhooks, and whatever apprise calls.

A webhook's payload is judged as strictly as Slack's own methods judge it. Answers are those of
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from typing import Any, Self

from tests.servers.slack_limits import refusal

HOOK = "/services/T0MADE/B0UP/secretpath"


@dataclass(frozen=True, slots=True)
class Say:
    """One scripted answer; `takes` says whether the message was taken all the same.

    drop: hang up instead of answering.
    """

    status: int = 200
    body: str = "ok"
    headers: tuple[tuple[str, str], ...] = ()
    takes: bool = False
    drop: bool = False


class _Handler(BaseHTTPRequestHandler):
    server: PostServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        say = self.server.script.popleft() if self.server.script else self._judged(raw)
        if say.takes:
            self.server.taken.append((self.path, json.loads(raw)))
        self.server.asked += 1
        if say.drop:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(SHUT_RDWR)
            return
        body = say.body.encode()
        self.send_response(say.status)
        for name, text in (*say.headers, ("Content-Length", str(len(body)))):
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def _judged(self, raw: bytes) -> Say:
        """Answer as Slack does where nothing is scripted."""
        if not self.path.startswith("/services/"):
            return Say(body="{}", takes=True)
        if self.path.partition("?")[0] != HOOK and not self.path.startswith(f"{HOOK}-"):
            return Say(404, "no_service")
        refused = refusal(json.loads(raw))
        return Say(400, refused[0]) if refused else Say(takes=True)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


class PostServer(ThreadingHTTPServer):
    """Behind a port that the system chose; a context manager.

    script: what the next posts are answered. taken: path and JSON of what was taken.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: deque[Say] = deque()
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.asked = 0
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """Return host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def hook(self) -> str:
        """Return the address of a webhook."""
        return f"http://{self.address}{HOOK}"

    @property
    def messages(self) -> list[dict[str, Any]]:
        """List what was taken."""
        return [body for _, body in self.taken]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(5)
