"""Connects: addresses are judged where the connection is made, and every answer has a deadline."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from monitor.fetch.addresses import ForbiddenAddress, is_forbidden, is_public

# httpcore writes the headers of answers to its debug log, and some publishers repeat a key there.
logging.getLogger("httpcore").setLevel(logging.INFO)

_MOST_ADDRESSES = 4
_IDLE_CONNECTIONS = 32
_IDLE_SECONDS = 15.0

SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)
_Site = tuple[bytes, bytes, int | None]

_FAULTS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.TimeoutException, httpx.ReadTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.NetworkError, httpx.ReadError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.ProtocolError, httpx.RemoteProtocolError),
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


class WireTransport(httpx.BaseTransport):
    """HTTP/1.1 over guarded connections; keeps an idle one per site for a short while.

    httpcore's pool looks at all its connections on every request, and at each pair of idle ones:
    40 % of the time for one request to each of many hosts. There is one request at a time per
    host, so that a table of idle connections does.
    """

    def __init__(
        self,
        exchange: Exchange,
        named_hosts: frozenset[tuple[str, int]],
        monotonic: Callable[[], float],
    ) -> None:
        self._exchange = exchange
        self._context = httpx.create_ssl_context()  # honours SSL_CERT_FILE and SSL_CERT_DIR
        self._backend = GuardedBackend(exchange, named_hosts, monotonic)
        self._lock = threading.Lock()
        self._idle: OrderedDict[_Site, httpcore.HTTPConnection] = OrderedDict()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the caller closes the response. Raises httpx's TransportErrors."""
        url = request.url
        site = (url.raw_scheme, url.raw_host, url.port)
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=site[0], host=site[1], port=site[2], target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        connection = self._taken(site) or httpcore.HTTPConnection(
            asked.url.origin, self._context, _IDLE_SECONDS, network_backend=self._backend
        )
        try:
            with _converted():
                answer = connection.handle_request(asked)
        except BaseException:
            connection.close()
            raise
        stream = _Stream(answer, lambda: self._parked(site, connection))
        return httpx.Response(answer.status, headers=answer.headers, stream=stream)

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            idle, self._idle = self._idle, OrderedDict()
        for connection in idle.values():
            connection.close()

    def _taken(self, site: _Site) -> httpcore.HTTPConnection | None:
        """Take an idle connection that the server has not closed meanwhile."""
        with self._lock:
            connection = self._idle.pop(site, None)
        if connection is not None and connection.has_expired():
            connection.close()
            return None
        self._exchange.reused = connection is not None
        return connection

    def _parked(self, site: _Site, connection: httpcore.HTTPConnection) -> None:
        """Keep a connection whose answer was read to its end; let the oldest go."""
        surplus = []
        if connection.is_idle():
            with self._lock:
                surplus.append(self._idle.pop(site, None))
                self._idle[site] = connection
                if len(self._idle) > _IDLE_CONNECTIONS:
                    surplus.append(self._idle.popitem(last=False)[1])
        for old in filter(None, surplus):
            old.close()


class _Stream(httpx.SyncByteStream):
    """The body of an answer; closing it frees the connection."""

    def __init__(self, answer: httpcore.Response, free: Callable[[], None]) -> None:
        self._answer = answer
        self._free = free

    def __iter__(self) -> Iterator[bytes]:
        with _converted():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
        self._free()


@contextmanager
def _converted() -> Iterator[None]:
    """Raise httpx's errors in place of httpcore's, as every transport does."""
    try:
        yield
    except tuple(kind for kind, _ in _FAULTS) as fault:
        ours = next(ours for kind, ours in _FAULTS if isinstance(fault, kind))
        raise ours(str(fault)) from fault


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
        """Connect to one address of `host`; raises ForbiddenAddress where none is public.

        The addresses share the time, so that one which swallows everything (IPv6 on a host
        without a route) leaves some for the next.
        """
        fault: Exception = httpcore.ConnectError(f"{host} has no address")
        addresses = self._addresses(host, port)
        share = None if timeout is None else timeout / max(len(addresses), 1)
        for address in addresses:
            left = _time_left(self._exchange, self._monotonic, share)
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
            return _allowed(host, addresses)[:_MOST_ADDRESSES]
        public = [address for address in addresses if is_public(address)]
        if addresses and not public:
            raise ForbiddenAddress(
                f"{host} leads to the private address {addresses[0]}, and the configuration "
                "names no such host and port (fetch: private_hosts in monitor.yaml)"
            )
        return public[:_MOST_ADDRESSES]


def _allowed(host: str, addresses: list[str]) -> list[str]:
    """Leave out what not even the configuration can allow; raises ForbiddenAddress."""
    allowed = [address for address in addresses if not is_forbidden(address)]
    if addresses and not allowed:
        raise ForbiddenAddress(
            f"{host} leads to {addresses[0]}, where a cloud hands out this machine's own keys"
        )
    return allowed


class GuardedStream(httpcore.NetworkStream):
    """A connection that ends with the exchange's deadline, however steadily it drips."""

    def __init__(
        self,
        stream: httpcore.NetworkStream,
        exchange: Exchange,
        monotonic: Callable[[], float],
    ) -> None:
        self._stream = stream
        self._exchange = exchange
        self._monotonic = monotonic

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, within the deadline."""
        piece = self._stream.read(
            max_bytes, _time_left(self._exchange, self._monotonic, timeout, httpcore.ReadTimeout)
        )
        self._exchange.answered |= bool(piece)
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it, within the deadline."""
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
