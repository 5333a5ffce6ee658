"""Answers requests from the network, or from a recording in its place.

fetch: secrets → ( robots → turn at the host → one exchange → redirect? ) → status → soft error
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import httpx

from monitor.errors import FetchError, Refused, SourceError
from monitor.fetch.answers import BUSY, Answer, Exchanged, header, judged, retry_after
from monitor.fetch.asking import Line
from monitor.fetch.body import CODINGS
from monitor.fetch.credentials import Keyring, keyring_of
from monitor.fetch.hops import Hop, first_hop, next_hop
from monitor.fetch.hosts import Hosts
from monitor.fetch.replay import ReplayTransport
from monitor.fetch.robots import MOST_BYTES, Robots
from monitor.fetch.settings import PRODUCT, FetchSettings
from monitor.fetch.wire import Exchange, WireTransport
from monitor.models import Access, Pairs, Request, Response, Validators

log = logging.getLogger(__name__)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNDER_ROBOTS = frozenset({Access.PAGE, Access.DOCUMENT})
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
_UNTOLD_PAUSE = 60.0


def utc_now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


class HttpFetcher:
    """Implements models.Fetcher; one for all worker threads.

    secrets: values by the name of their environment variable.
    transport: stands in for the network. With a ReplayTransport nothing is paced, no address is
        judged and no secret is needed.
    clock, monotonic, sleep: the time, for tests.

    Proxies that the environment names are not used: behind one, nobody could judge the address
    that is connected to. SSL_CERT_FILE and SSL_CERT_DIR are honoured.

    It can be pickled, with its secrets: hand it to a worker only over a channel that you trust.
    """

    def __init__(
        self,
        settings: FetchSettings,
        secrets: Mapping[str, str],
        transport: httpx.BaseTransport | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._origin = (settings, dict(secrets), transport, clock, monotonic, sleep)
        self._settings = settings
        self._secrets = dict(secrets)
        self._clock = clock
        self._monotonic = monotonic
        exchange = Exchange()
        self._offline = isinstance(transport, ReplayTransport)
        self._transport = transport or WireTransport(exchange, settings.named_hosts, monotonic)
        self._line = Line(self._transport, exchange, settings, monotonic)
        self._hosts = Hosts(monotonic, sleep, settings.wait_most)
        self._robots = Robots(PRODUCT, monotonic, self._read_robots)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, self._origin

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the idle connections."""
        self._transport.close()

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer one request, redirects followed; `last` is what its last usable answer carried.

        Raises Refused (nothing was sent), Throttled (wait), FetchError (no usable answer),
        NotRecorded (replay), SoftError (status 200, and yet no answer). None shows a secret.
        """
        keyring = Keyring() if self._offline else keyring_of(request, self._secrets)
        last = last if last is not None and request.conditional else Validators()
        try:
            hop, answer = self._follow(request, keyring, last, self._settings.max_bytes)
            return self._judged(request, keyring, hop, answer, last)
        except SourceError as fault:
            _name_and_hide(fault, request, keyring)
            raise

    def _follow(
        self, request: Request, keyring: Keyring, last: Validators, limit: int, cut: bool = False
    ) -> tuple[Hop, Answer]:
        """Go from hop to hop until an answer is no redirect."""
        hop = first_hop(request, keyring, self._headers(request, last))
        first, seen, spent = hop, {(hop.url, hop.cookies)}, 0.0
        for _ in range(self._settings.max_redirects + 1):
            self._check(request, keyring, first, hop)
            with self._turn(hop, request.pace):
                begun = self._monotonic()
                left = self._settings.total_seconds - spent
                answer = self._line.ask(hop, left, limit, cut)
                spent += self._monotonic() - begun
                self._close_if_asked(hop, answer)
            if answer.status not in _REDIRECTS or not header(answer.headers, "location"):
                return hop, answer
            hop = next_hop(hop, answer.status, answer.headers, keyring)
            if (hop.url, hop.cookies) in seen:
                raise FetchError("", "redirects in a circle", answer.status)
            seen.add((hop.url, hop.cookies))
        raise FetchError(
            "", f"redirects more than {self._settings.max_redirects} times", answer.status
        )

    def _headers(self, request: Request, last: Validators) -> Pairs:
        own = [("User-Agent", self._settings.user_agent), ("Accept", "*/*")]
        if request.method == "GET" and last.etag:
            own.append(("If-None-Match", last.etag))
        if request.method == "GET" and last.last_modified:
            own.append(("If-Modified-Since", last.last_modified))
        named = {name.lower() for name, _ in request.headers}
        kept = (pair for pair in own if pair[0].lower() not in named)
        return (*kept, ("Accept-Encoding", CODINGS), *request.headers)

    def _check(self, request: Request, keyring: Keyring, first: Hop, hop: Hop) -> None:
        """Judge a hop before anything is sent; raises Refused."""
        named = self._settings.named_hosts
        if not self._offline:
            if hop.carries_secrets and not hop.encrypted and hop.place not in named:
                raise Refused("", "a key or token is not sent over plain http")
            if hop.carries_secrets and hop.place not in named:
                keyring.check_host(hop.host)
            if hop.place in named and first.place not in named:
                raise Refused("", f"redirects into the private address {hop.host}")
        if request.access in _UNDER_ROBOTS:
            delay = self._robots.crawl_delay(hop.site, keyring.strip(str(hop.url)))
            if delay:
                self._hosts.slow_down(hop.host, min(delay, self._settings.crawl_delay_most))

    @contextmanager
    def _turn(self, hop: Hop, wished: float) -> Iterator[None]:
        """Wait for the turn at the host; a recording has no manners to keep."""
        if self._offline:
            yield
            return
        with self._hosts.turn(hop.host, self._settings.pause_for(hop.host, wished)):
            yield

    def _close_if_asked(self, hop: Hop, answer: Answer) -> None:
        """Send nothing more to a host that asks for a pause (429, or 503 with Retry-After)."""
        if answer.status not in BUSY or self._offline:
            return
        pause = retry_after(answer.headers, self._clock(), self._settings.retry_after_most)
        seconds = pause.total_seconds() if pause else _UNTOLD_PAUSE
        if pause or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            log.warning("host asks for a pause", extra={"host": hop.host, "seconds": seconds})
            self._hosts.close(hop.host, seconds)

    def _read_robots(self, url: str) -> tuple[int, bytes]:
        request = Request(url=url, conditional=False)
        _, answer = self._follow(request, Keyring(), Validators(), MOST_BYTES, cut=True)
        return answer.status, answer.body

    def _judged(
        self, request: Request, keyring: Keyring, hop: Hop, answer: Answer, last: Validators
    ) -> Response:
        """Take the secrets out of an answer, and make a value of it."""
        clean = Answer(
            answer.status,
            tuple((name, keyring.hide(value)) for name, value in answer.headers),
            keyring.hide_bytes(answer.body),
        )
        url = keyring.strip(str(hop.url)) if hop.redirected else request.url
        pause = retry_after(clean.headers, self._clock(), self._settings.retry_after_most)
        asked = any(name.lower() in _CONDITIONS for name, _ in hop.headers)
        return judged(Exchanged(request, url, clean, asked), last, self._clock(), pause)


def _rebuilt(
    settings: FetchSettings,
    secrets: Mapping[str, str],
    transport: httpx.BaseTransport | None,
    *times: Callable[..., Any],
) -> HttpFetcher:
    clock, monotonic, sleep = times
    return HttpFetcher(settings, secrets, transport, clock=clock, monotonic=monotonic, sleep=sleep)


def _name_and_hide(fault: SourceError, request: Request, keyring: Keyring) -> None:
    """Let an error name the request, and no secret; what it was raised from could show one."""
    fault.subject = keyring.hide(request.url)
    fault.reason = keyring.hide(fault.reason)
    fault.args = (fault.subject, fault.reason, *fault.args[2:])
    if keyring.keys:
        fault.__cause__ = None
        fault.__suppress_context__ = True
