"""An HTTP server on loopback that does on each path what it is told, and remembers who asked.

with Misbehaving() as server:
    server.on("/feed", answer(b"<rss/>", etag='"1"'), cut(b"<rss"))   # first this, then that
    ... server.url("/feed") ... server.named ... server.seen
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self

MOST_REQUESTS_ON_A_CONNECTION = 10_000
MOST_SECONDS = 5.0
NEVER = 1_000_000_000

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived; `at` is the monotonic clock, `client` the connection's port."""

    method: str
    target: str
    headers: Headers
    body: bytes
    at: float
    client: int

    def header(self, name: str) -> str:
        """Return a header's value, "" where it is missing; `name` in lower case."""
        return next((value for key, value in self.headers if key == name), "")


class Wire:
    """What a behaviour has in hand: the request, and the bare connection."""

    def __init__(self, seen: Seen, connection: socket.socket, closing: threading.Event) -> None:
        self.seen = seen
        self.connection = connection
        self._closing = closing

    def send(self, data: bytes) -> None:
        """Write bytes as they are; raises ConnectionError where the client has gone."""
        self.connection.sendall(data)

    def wait(self, seconds: float) -> bool:
        """Wait, and say whether the server is still up; never longer than MOST_SECONDS."""
        return not self._closing.wait(min(seconds, MOST_SECONDS))


class Hangup(Exception):
    """A behaviour ends the connection."""


Behaviour = Callable[[Wire], None]


class Misbehaving:
    """The server; a context manager. A path that nobody spoke of answers 404.

    tls: speaks TLS with the certificate of this context.
    seen: every request in order of arrival.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._behaviours: dict[str, list[Behaviour]] = defaultdict(list)
        self._tls = tls
        self._server = _Server(("127.0.0.1", 0), _handler_of(self), self._tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()

    def on(self, path: str, *behaviours: Behaviour) -> None:
        """Do these on a path, one for each request; the last one again and again."""
        with self._lock:
            self._behaviours[path] = list(behaviours)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    @property
    def port(self) -> int:
        """Return the port that the system chose."""
        return int(self._server.server_address[1])

    @property
    def named(self) -> frozenset[tuple[str, int]]:
        """Return the names under which a configuration may allow this server."""
        return frozenset({("127.0.0.1", self.port), ("localhost", self.port)})

    def asked(self, path: str) -> list[Seen]:
        """Return the requests for a path, queries included."""
        return [seen for seen in self.seen if seen.target.partition("?")[0] == path]

    def handle(self, seen: Seen, connection: socket.socket) -> None:
        """Do what was told for this request."""
        path = seen.target.partition("?")[0]
        with self._lock:
            self.seen.append(seen)
            waiting = self._behaviours[path]
            behaviour = waiting.pop(0) if len(waiting) > 1 else (waiting or [_NOT_FOUND])[0]
        behaviour(Wire(seen, connection, self._closing))


class _Server(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        address: tuple[str, int],
        handler: type[StreamRequestHandler],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._open: set[socket.socket] = set()
        self._tls = tls
        super().__init__(address, handler)

    def finish_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Serve one connection; one that breaks off is no fault of the server's."""
        self._open.add(request)
        try:
            if self._tls is not None:
                request = self._tls.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)
        except (Hangup, OSError):
            pass
        finally:
            request.close()

    def close_connections(self) -> None:
        """End what is still open, so that no thread waits for a client."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def _handler_of(server: Misbehaving) -> type[StreamRequestHandler]:
    class Handler(StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            for _ in range(MOST_REQUESTS_ON_A_CONNECTION):
                seen = self._request()
                if seen is None:
                    return
                server.handle(seen, self.connection)

        def _request(self) -> Seen | None:
            line = self.rfile.readline(65_536).decode("latin-1").split()
            if len(line) != 3:
                return None
            headers = []
            while name := self.rfile.readline(65_536).decode("latin-1").strip():
                key, _, value = name.partition(":")
                headers.append((key.strip().lower(), value.strip()))
            length = int(dict(headers).get("content-length", "0"))
            return Seen(
                method=line[0],
                target=line[1],
                headers=tuple(headers),
                body=self.rfile.read(length),
                at=time.monotonic(),
                client=int(self.client_address[1]),
            )

    return Handler


# ---------------------------------------------------------------------------------- behaviours


def head(status: int, headers: Headers = ()) -> bytes:
    """Write a status line and headers, with the empty line after them."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("utf-8")


def answer(
    body: bytes = b"", status: int = 200, headers: Headers = (), etag: str = "", modified: str = ""
) -> Behaviour:
    """Answer well; 304 where the request carries this ETag or, without one, this date."""
    validators = tuple(pair for pair in (("ETag", etag), ("Last-Modified", modified)) if pair[1])

    def behave(wire: Wire) -> None:
        same = wire.seen.header("if-none-match") == etag if etag else False
        same = same or (bool(modified) and wire.seen.header("if-modified-since") == modified)
        if same:
            wire.send(head(304, validators))
            return
        sized = (("Content-Length", str(len(body))),)
        wire.send(head(status, (*validators, *headers, *sized)) + body)

    return behave


def page(title: str, status: int = 200) -> Behaviour:
    """Answer with a small web page."""
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body></body></html>"
    return answer(body.encode(), status, (("Content-Type", "text/html; charset=utf-8"),))


def redirect(to: str, status: int = 302, headers: Headers = ()) -> Behaviour:
    """Send the client elsewhere."""
    return answer(b"", status, (("Location", to), *headers))


def busy(retry_after: str = "", status: int = 429) -> Behaviour:
    """Ask for a pause."""
    return answer(b"slow down", status, (("Retry-After", retry_after),) if retry_after else ())


def raw(data: bytes) -> Behaviour:
    """Write bytes as they are, and hang up."""

    def behave(wire: Wire) -> None:
        wire.send(data)
        raise Hangup

    return behave


def farewell(body: bytes) -> Behaviour:
    """Answer well, and end the connection in the same breath, without having said so."""

    def behave(wire: Wire) -> None:
        if hasattr(socket, "TCP_CORK"):  # on Linux the end then travels with the last bytes
            wire.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        wire.send(head(200, (("Content-Length", str(len(body))),)) + body)
        wire.connection.shutdown(socket.SHUT_WR)
        raise Hangup

    return behave


def cut(body: bytes, told: int = NEVER, headers: Headers = ()) -> Behaviour:
    """Promise a longer body than is sent, and hang up."""
    return raw(head(200, (("Content-Length", str(told)), *headers)) + body)


def drop() -> Behaviour:
    """Hang up without a word."""
    return raw(b"")


def reset() -> Behaviour:
    """Break the connection off with RST."""

    def behave(wire: Wire) -> None:
        wire.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Hangup

    return behave


def hang(first: bytes = b"") -> Behaviour:
    """Send this much, then nothing more."""

    def behave(wire: Wire) -> None:
        wire.send(first)
        wire.wait(MOST_SECONDS)
        raise Hangup

    return behave


def drip(first: bytes, piece: bytes, every: float, times: int = 1000) -> Behaviour:
    """Send a piece every few moments, so that there is always a sign of life."""

    def behave(wire: Wire) -> None:
        wire.send(first)
        for _ in range(times):
            if not wire.wait(every):
                break
            wire.send(piece)
        raise Hangup

    return behave


def bomb(size: int, coding: str = "gzip") -> Behaviour:
    """Send zeros that were compressed a thousandfold."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    million = bytes(1_000_000)
    whole = b"".join(packer.compress(million) for _ in range(size // 1_000_000))
    whole += packer.compress(bytes(size % 1_000_000)) + packer.flush()
    return answer(whole, headers=(("Content-Encoding", coding),))


def endless(most: int) -> Behaviour:
    """Send a body without end, at most this many bytes."""

    def behave(wire: Wire) -> None:
        wire.send(head(200, (("Transfer-Encoding", "chunked"),)))
        chunk = b"10000\r\n" + bytes(65_536) + b"\r\n"
        for _ in range(most // 65_536):
            wire.send(chunk)
        raise Hangup

    return behave


_NOT_FOUND = answer(b"there is no such path", 404)
