"""One exchange over a transport: a hop out, a bounded answer back, foreign errors converted."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from http import HTTPStatus

import httpx

from monitor.errors import FetchError, Refused, Unreachable
from monitor.fetch.addresses import ForbiddenAddress
from monitor.fetch.answers import Answer, header
from monitor.fetch.body import UnusableBody, read_body
from monitor.fetch.hops import Hop
from monitor.fetch.settings import FetchSettings
from monitor.fetch.wire import Exchange

_ERROR_BYTES = 65_536


class Line:
    """Sends hops over one transport, each within the bounds of the settings."""

    def __init__(
        self,
        transport: httpx.BaseTransport,
        exchange: Exchange,
        settings: FetchSettings,
        monotonic: Callable[[], float],
    ) -> None:
        self._transport = transport
        self._exchange = exchange
        self._settings = settings
        self._monotonic = monotonic
        self._extensions = {
            "timeout": {
                "connect": settings.connect_seconds,
                "read": settings.read_seconds,
                "write": settings.read_seconds,
                "pool": settings.total_seconds,
            }
        }

    def ask(self, hop: Hop, seconds: float, limit: int, cut: bool) -> Answer:
        """Send a hop and read its answer within `seconds` and `limit` bytes; raises FetchError.

        A GET is sent once more where it met an idle connection that the server had just closed.
        cut: a longer body is cut at the limit instead of refused.
        """
        ends = self._monotonic() + seconds
        try:
            return self._once(hop, ends, limit, cut)
        except Refused:
            raise
        except FetchError:
            if hop.method != "GET" or not self._exchange.reused or self._exchange.answered:
                raise
        return self._once(hop, ends, limit, cut)

    def _once(self, hop: Hop, ends: float, limit: int, cut: bool) -> Answer:
        self._exchange.begin(ends)
        request = httpx.Request(
            hop.method, hop.url, headers=hop.all_headers(), content=hop.body or None
        )
        request.extensions = self._extensions
        try:
            response = self._transport.handle_request(request)
            try:
                return self._read(response, limit, cut)
            finally:
                response.close()
        except ForbiddenAddress as forbidden:
            raise Refused("", str(forbidden)) from forbidden
        except UnusableBody as unusable:
            raise FetchError("", str(unusable)) from unusable
        except httpx.TimeoutException as late:
            raise self._fault(self._said_late(hop, late, ends)) from late
        except httpx.ConnectError as failed:
            kind = FetchError if _spoke_tls(failed) else Unreachable
            raise kind("", f"{hop.host} cannot be reached: {_cause(failed)}") from failed
        except httpx.LocalProtocolError as ours:
            raise Refused("", "the request is not valid HTTP") from ours
        except (httpx.TransportError, httpx.InvalidURL) as failed:
            raise self._fault(f"the connection broke: {_cause(failed)}") from failed

    def _fault(self, reason: str) -> FetchError:
        """Tell a host that began to answer from one of which nothing was heard."""
        return FetchError("", reason) if self._exchange.answered else Unreachable("", reason)

    def _read(self, response: httpx.Response, limit: int, cut: bool) -> Answer:
        headers = tuple(
            (name.decode("latin-1").lower(), _value(raw)) for name, raw in response.headers.raw
        )
        failed = response.status_code >= HTTPStatus.MULTIPLE_CHOICES
        bound, cut = (min(limit, _ERROR_BYTES), True) if failed else (limit, cut)
        told = header(headers, "content-length")
        if not cut and told.isdigit() and int(told[:19]) > bound:
            raise UnusableBody(f"the body of {int(told[:19]):,} bytes is larger than {bound:,}")
        if not isinstance(response.stream, httpx.SyncByteStream):
            raise UnusableBody("the transport gave no stream")
        coding = header(headers, "content-encoding")
        body = read_body(response.stream, coding, bound, cut)
        return Answer(response.status_code, headers, body)

    def _said_late(self, hop: Hop, late: httpx.TimeoutException, ends: float) -> str:
        if self._monotonic() >= ends:
            return f"no whole answer within {self._settings.total_seconds:g} seconds"
        if isinstance(late, httpx.ConnectTimeout):
            return f"{hop.host} cannot be reached within {self._settings.connect_seconds:g} seconds"
        return f"no sign of life for {self._settings.read_seconds:g} seconds"


def _value(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _chain(failed: Exception) -> Iterator[BaseException]:
    inner: BaseException | None = failed
    while inner is not None:
        yield inner
        inner = inner.__cause__ or inner.__context__


def _spoke_tls(failed: Exception) -> bool:
    """Say whether a host answered, and no encrypted connection came of it."""
    return any(isinstance(one, ssl.SSLError) for one in _chain(failed))


def _cause(failed: Exception) -> str:
    """Say in short what broke; a certificate's fault in OpenSSL's own words."""
    for inner in _chain(failed):
        if isinstance(inner, ssl.SSLCertVerificationError):
            return f"its certificate cannot be trusted ({inner.verify_message})"
    return str(failed)[:200] or type(failed).__name__
