"""Leads a process's connections to the internet to a server on loopback; Python loads it at start.

DETOUR_PORT: where every name but localhost leads. DETOUR_BUG: connecting there is a bug instead.
"""

from __future__ import annotations

import os
import socket
from typing import Any

_PORT = int(os.environ["DETOUR_PORT"])
_BUG = os.environ.get("DETOUR_BUG")
_find, _connect = socket.getaddrinfo, socket.create_connection


def _found(host: Any, port: Any, *further: Any, **named: Any) -> Any:
    if host in {"localhost", "127.0.0.1", "::1", None}:
        return _find(host, port, *further, **named)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


def _connected(address: tuple[str, int], *further: Any, **named: Any) -> socket.socket:
    if address[1] == 443:
        if _BUG:
            raise ZeroDivisionError(f"a bug on the way to {address}")
        address = ("127.0.0.1", _PORT)
    return _connect(address, *further, **named)


socket.getaddrinfo = _found
socket.create_connection = _connected  # type: ignore[assignment]
