"""Serves a simulated month on loopback: every publisher, at the time that a shared file tells.

One request in twenty goes wrong: an error, a cut or empty answer, a page in place of a feed, a
connection that breaks, an answer that never comes.
"""

from __future__ import annotations

import asyncio
import mmap
import random
import socket
import struct
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from tests.end_to_end.month_world import Printer, Publisher, Setting

FAULTS = ("500", "503", "404", "403", "429", "reset", "cut", "login", "empty", "late", "silence")
_RARE = {"silence": 0.05}
LATE_SECONDS = 0.2
HOSTS = tuple(f"127.0.0.{number}" for number in range(2, 42))
LOGIN = b"<!doctype html><title>Sign in</title><form><input type=password></form>"


class SharedTime:
    """The time of the simulation, in a file that several processes share; it only goes forward."""

    def __init__(self, path: Path, begin: datetime | None = None) -> None:
        if begin is not None:
            path.write_bytes(struct.pack("d", begin.timestamp()))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 8)
        self._lock = threading.Lock()

    def timestamp(self) -> float:
        """Tell the time in seconds."""
        return float(struct.unpack("d", self._map[:8])[0])

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def go_to(self, moment: datetime) -> None:
        """Let it be later."""
        with self._lock:
            self._map[:8] = struct.pack("d", max(self.timestamp(), moment.timestamp()))

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        with self._lock:
            self._map[:8] = struct.pack("d", self.timestamp() + max(seconds, 0.0))


class Publishers:
    """All publishers of a world behind one port of many loopback addresses; a context manager.

    chance: how often a request goes wrong. asked, wrong: how often what was served.
    """

    def __init__(self, setting: Setting, time: SharedTime) -> None:
        self.world = setting.world
        self.time = time
        self.chance = 0.0
        self.asked, self.wrong = Counter[str](), Counter[str]()
        self._random = random.Random(5)  # noqa: S311 - repeatable
        self._printer = Printer()
        self._loop = asyncio.new_event_loop()
        self._sockets = _sockets()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, publisher: Publisher) -> str:
        """Name a publisher's address."""
        port = self._sockets[0].getsockname()[1]
        return f"http://{HOSTS[publisher.number % len(HOSTS)]}:{port}/{publisher.number}"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        for one in self._sockets:
            self._loop.run_until_complete(
                self._loop.create_server(lambda: _Connection(self), sock=one)
            )
        self._loop.run_forever()
        for one in self._sockets:
            one.close()

    def answer(self, path: str, headers: str) -> tuple[str, bytes]:
        """Return what befalls a request ("" for nothing), and the whole answer."""
        if not path[1:].isdigit():
            return "", _whole(404, b"")
        publisher = self.world[int(path[1:])]
        self.asked[publisher.made] += 1
        fault = self._random.choice(FAULTS) if self._random.random() < self.chance else ""
        if fault and self._random.random() > _RARE.get(fault, 1.0):
            fault = "503"
        self.wrong[fault] += bool(fault)
        if fault.isdigit():
            return fault, _whole(int(fault), b"Service trouble", pause=fault == "429")
        if fault in {"login", "empty"}:
            return fault, _whole(200, LOGIN if fault == "login" else b"")
        edition, body = self._printer.answer(publisher, self.time.now())
        etag = f'"{edition}"' if publisher.is_conditional else ""
        if etag and f"if-none-match: {etag.lower()}" in headers.lower():
            return fault, _whole(304, b"", etag)
        return fault, _whole(200, body if etag else self._noisy(body), etag)

    def _noisy(self, body: bytes) -> bytes:
        """Let every answer be another one, in what is no news."""
        stamp = f"{self.time.timestamp():.0f}"
        if body.startswith(b"{"):
            return body[:-1] + f', "generated": {stamp}}}'.encode()
        return body + f"<!-- made at {stamp} -->".encode()


def _whole(status: int, body: bytes, etag: str = "", *, pause: bool = False) -> bytes:
    head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\n"
    head += f"ETag: {etag}\r\n" if etag else ""
    head += "Retry-After: 120\r\n" if pause else ""
    return f"{head}\r\n".encode() + body


def _sockets() -> list[socket.socket]:
    """Bind one port on every address, so that each publisher's host is one of many."""
    first = socket.create_server((HOSTS[0], 0), backlog=64)
    port = first.getsockname()[1]
    return [first, *(socket.create_server((host, port), backlog=64) for host in HOSTS[1:])]


class _Connection(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, publishers: Publishers) -> None:
        self._publishers = publishers
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            line, _, headers = request.decode("latin-1").partition("\r\n")
            self._send(*self._publishers.answer(line.split(" ")[1], headers))

    def _send(self, fault: str, whole: bytes) -> None:
        match fault:
            case "reset":
                self._transport.abort()
            case "cut":
                self._transport.write(whole[: max(len(whole) - 60, 10)])
                self._transport.close()
            case "silence":
                pass
            case "late":
                asyncio.get_running_loop().call_later(LATE_SECONDS, self._transport.write, whole)
            case _:
                self._transport.write(whole)
