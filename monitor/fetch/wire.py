"""Connects: addresses are judged where the connection is made, and every answer has a deadline."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

from monitor.fetch.addresses import ForbiddenAddress, is_public

_MOST_ADDRESSES = 4
_IDLE_CONNECTIONS = 20  # httpcore looks at each of them on every request
_IDLE_SECONDS = 15.0

SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


class Exchange(threading.local):
    """What this thread's present exchange may take, and how far it came.

    ends: reading of the monotonic clock at which it is cut off.
    reused: it began on a connection that had served another exchange.
    answered: a byte of the answer arrived.
    """

    ends: float = float("inf")
    reused: bool = False
    answered: bool = False

    def begin(self, ends: float) -> None:
        """Forget the exchange before."""
        self.ends, self.reused, self.answered = ends, False, False


class WireTransport(httpx.HTTPTransport):
    """httpx's transport over a pool whose connections are guarded."""

    def __init__(
        self,
        exchange: Exchange,
        named_hosts: frozenset[tuple[str, int]],
        monotonic: Callable[[], float],
    ) -> None:
        context = httpx.create_ssl_context()  # honours SSL_CERT_FILE and SSL_CERT_DIR
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=_IDLE_CONNECTIONS,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=GuardedBackend(exchange, named_hosts, monotonic),
        )


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses, and to those that the configuration names.

    A name is resolved once, each address judged, and the connection made to that very address, so
    that no second answer of the name server can lead elsewhere.
    """

    def __init__(
        self,
        exchange: Exchange,
        named_hosts: frozenset[tuple[str, int]],
        monotonic: Callable[[], float],
    ) -> None:
        self._exchange = exchange
        self._named_hosts = named_hosts
        self._monotonic = monotonic
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to one address of `host`; raises ForbiddenAddress where none is public."""
        fault: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            left = _time_left(self._exchange, self._monotonic, timeout)
            try:
                stream = self._plain.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                fault = failed
            else:
                return GuardedStream(stream, self._exchange, self._monotonic)
        raise fault

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as unknown:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved") from unknown
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if (host, port) in self._named_hosts:
            return addresses[:_MOST_ADDRESSES]
        public = [address for address in addresses if is_public(address)]
        if addresses and not public:
            raise ForbiddenAddress(
                f"{host} leads to the private address {addresses[0]}, and the configuration "
                "names no such host and port"
            )
        return public[:_MOST_ADDRESSES]


class GuardedStream(httpcore.NetworkStream):
    """A connection that ends with the exchange's deadline, however steadily it drips."""

    def __init__(
        self,
        stream: httpcore.NetworkStream,
        exchange: Exchange,
        monotonic: Callable[[], float],
        served: bool = False,
    ) -> None:
        self._stream = stream
        self._exchange = exchange
        self._monotonic = monotonic
        self._served = served

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, within the deadline."""
        piece = self._stream.read(
            max_bytes, _time_left(self._exchange, self._monotonic, timeout, httpcore.ReadTimeout)
        )
        if piece:
            self._served = self._exchange.answered = True
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it, within the deadline."""
        self._exchange.reused = self._served
        self._stream.write(
            buffer, _time_left(self._exchange, self._monotonic, timeout, httpcore.WriteTimeout)
        )

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Encrypt the connection; the certificate must be that of the name, not the address."""
        left = _time_left(self._exchange, self._monotonic, timeout)
        secure = self._stream.start_tls(ssl_context, server_hostname, left)
        return GuardedStream(secure, self._exchange, self._monotonic)

    def get_extra_info(self, info: str) -> Any:
        """Pass the pool's questions on (is the idle connection readable?)."""
        return self._stream.get_extra_info(info)


def _time_left(
    exchange: Exchange,
    monotonic: Callable[[], float],
    timeout: float | None,
    late: type[httpcore.TimeoutException] = httpcore.ConnectTimeout,
) -> float:
    """Return the shorter of a timeout and what the deadline leaves; raises `late` after it."""
    left = exchange.ends - monotonic()
    if left <= 0:
        raise late("the time for the whole answer is used up")
    return left if timeout is None else min(left, timeout)
