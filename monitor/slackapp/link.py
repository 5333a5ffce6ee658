"""Keeps one Socket Mode connection open: a new one before the old one ends, patient in trouble.

slack_sdk's client carries the frames, pings, and finds connections that fell silent. What it does
in trouble is replaced: it would ask for a new connection every five seconds for ever, go on without
a word where Socket Mode was switched off, and spin where the other side hangs up unannounced.

    apps.connections.open → wss://… → hello → envelope ─▶ take ─▶ ack
          ▲                                  └ disconnect, silence, hang-up ─┐
          └───────────── at once, or after a pause that doubles ◀────────────┘
"""

from __future__ import annotations

import errno
import json
import logging
import math
import random
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from monitor.channels.slack_api import SlackApi
from monitor.errors import PermanentDelivery, TemporaryDelivery

log = logging.getLogger(__name__)

FIRST_WAIT = 1.0
# In pauses of the first length: the longest one; one where a person has to act (a wrong token,
# Socket Mode switched off); and how long a connection lasts that was none.
_LONGEST = 60
_UNTIL_SOMEONE_ACTS = 300
_SHORT_LIVED = 10
_TOLD_AFTER = 3
_LOOK = 0.25
_PING = 5.0
_BUFFER = 16_384
_HANDS = 2
_GOODBYE = 5.0
_LAST_WORDS = 1.0

Take = Callable[[str, str, object], bool]


class _Client(SocketModeClient):
    """The library's client, whose wish for a new connection is only noted."""

    renewal: threading.Event

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Note that another connection is wanted; `Link` makes it."""
        if force or not self.is_connected():
            self.renewal.set()


class _Strict:
    """A socket that says so when the other side has hung up, and sends all or nothing.

    The library takes the empty answer of a closed socket for "nothing yet", and asks again.
    """

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def recv(self, size: int) -> bytes:
        """Receive something; raises ConnectionResetError at the end."""
        received: bytes = self._raw.recv(size)
        if not received:
            raise ConnectionResetError(errno.ECONNRESET, "the other side has hung up")
        return received

    def send(self, data: bytes) -> int:
        """Send all of it."""
        self._raw.sendall(data)
        return len(data)

    def shutdown(self, how: int) -> None:
        """Wake whoever waits to receive."""
        self._raw.shutdown(how)

    def close(self) -> None:
        """Close the socket."""
        self._raw.close()


class Link:
    """Listens to one app; acknowledges what is taken.

    api: with the app's token. take: (type, envelope id, payload) → taken; what is not taken is not
    acknowledged, and Slack tells the person so. It is called in a thread of this link, and has to
    be quick: Slack waits three seconds. wait: the first pause after a failure, in seconds.
    """

    def __init__(self, api: SlackApi, take: Take, wait: float = FIRST_WAIT) -> None:
        self._api = api
        self._take = take
        self._first_wait = wait
        self._stopped = threading.Event()
        self._renewal = threading.Event()
        self._greeted = threading.Event()
        self._failures = 0
        self._connected_at = -math.inf
        self._switched_off = False
        self._client: _Client | None = None
        self._hands = threading.Semaphore(_HANDS)
        self._thread = threading.Thread(target=self._keep, name="slack-link", daemon=True)

    def start(self) -> None:
        """Begin to listen, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more, and hang up."""
        self._stopped.set()
        self._renewal.set()
        if self._thread.is_alive():
            self._thread.join(_GOODBYE)

    @property
    def listens(self) -> bool:
        """Say whether Slack has greeted the connection that is open now."""
        return self._greeted.is_set() and self._client is not None and self._client.is_connected()

    # ------------------------------------------------------------------------------- connecting

    def _keep(self) -> None:
        """Hold a connection until `stop`; a bug in here must not end the service."""
        self._renewal.set()
        while not self._stopped.is_set():
            lost = self._client is not None and not self._client.is_connected()
            if not (self._renewal.is_set() or lost):
                self._renewal.wait(_LOOK)
                continue
            self._pause_where_in_vain()
            self._renewal.clear()
            if pause := self._renew():
                self._stopped.wait(pause)
                self._renewal.set()
        self._hang_up()

    def _pause_where_in_vain(self) -> None:
        """Wait before a new connection where the last one was refused, or ended right away."""
        if self._switched_off:
            self._switched_off = False
            self._stopped.wait(self._first_wait * _UNTIL_SOMEONE_ACTS)
        elif time.monotonic() - self._connected_at < self._first_wait * _SHORT_LIVED:
            self._stopped.wait(self._wait())
        else:
            self._failures = 0 if self._greeted.is_set() else self._failures

    def _renew(self) -> float:
        """Open a connection; return for how many seconds to wait before the next attempt."""
        try:
            self._connect()
        except TemporaryDelivery as error:
            asked = error.retry_after.total_seconds() if error.retry_after else 0.0
            return self._troubled(error.code, error.reason, max(asked, self._wait()))
        except PermanentDelivery as error:
            self._failures = max(self._failures, _TOLD_AFTER - 1)
            pause = max(self._wait(), self._first_wait * _UNTIL_SOMEONE_ACTS)
            return self._troubled(error.code, _CURES.get(error.code, _ASK_DOCTOR), pause)
        except (OSError, SlackClientError, ValueError) as error:
            return self._troubled(type(error).__name__, "the connection failed", self._wait())
        except Exception:
            log.exception("bug while connecting to Slack")
            return self._wait()
        return 0.0

    def _connect(self) -> None:
        """Ask for an address, and open it; the old connection ends once the new one stands."""
        if self._stopped.is_set():
            return
        url = str(self._api.call("Slack", "apps.connections.open").body.get("url") or "")
        _refuse_foreign(url, self._api.url)
        if self._client is None:
            self._client = self._made()
        self._greeted.clear()
        client = self._client
        client.wss_uri = url
        client.proxy = None if url.startswith("ws:") else client.proxy
        client.connect()
        session = client.current_session
        if session is None or session.sock is None:
            raise ConnectionError("no answer to the handshake")
        session.sock = _Strict(session.sock)  # type: ignore[assignment]
        # Or a connection that never answers a ping would never count as silent.
        session.last_ping_pong_time = time.time()
        session.close = partial(_end, session)  # type: ignore[method-assign]
        self._connected_at = time.monotonic()

    def _made(self) -> _Client:
        silent = logging.Logger("slack", logging.CRITICAL)  # noqa: LOG001 - outside the tree
        client = _Client(
            "", silent, ping_interval=_PING, receive_buffer_size=_BUFFER, concurrency=_HANDS
        )
        client.renewal = self._renewal
        client.on_message_listeners.append(self._noted)
        client.message_listeners.append(self._heard)
        client.socket_mode_request_listeners.append(self._asked)
        return client

    def _wait(self) -> float:
        """Double the pause with every failure in a row, and spread it."""
        self._failures += 1
        pause = self._first_wait * min(2.0 ** min(self._failures - 1, 10), _LONGEST)
        return pause * random.uniform(0.75, 1.25)  # noqa: S311 - spreads attempts

    def _troubled(self, code: str, reason: str, pause: float) -> float:
        """Say once, loudly, that nobody hears the clicks; `pause` is until the next attempt."""
        facts = {"code": code, "reason": reason, "seconds": round(pause, 1)}
        level = logging.ERROR if self._failures == _TOLD_AFTER else logging.INFO
        log.log(level, "clicks and commands in Slack are not heard", extra=facts)
        return pause

    def _hang_up(self) -> None:
        if self._client is None:
            return
        for _ in range(_HANDS):  # what was taken is acknowledged first
            self._hands.acquire(timeout=_LAST_WORDS)
        self._client.closed = True
        self._client.message_queue.put("")  # wakes whoever waits for the next message
        with suppress(OSError, AttributeError):
            self._client.close()

    # ------------------------------------------------------------------------------- listening

    def _noted(self, raw: str) -> None:
        """Note why Slack ends a connection: most are only refreshed, hourly or so."""
        if '"disconnect"' not in raw[:_HEAD]:
            return
        with suppress(ValueError, AttributeError):
            message = json.loads(raw)
            reason = str(message.get("reason"))[:_REASON]
            if message.get("type") != "disconnect" or reason in {"warning", "refresh_requested"}:
                return
            self._switched_off = True
            log.error(
                "Slack has ended the connection: clicks and commands are not heard",
                extra={"reason": reason, "cure": _CURES.get(reason, _ASK_DOCTOR)},
            )

    def _heard(
        self, client: BaseSocketModeClient, message: dict[str, Any], raw: str | None = None
    ) -> None:
        """Note Slack's greeting: only now is the trouble over."""
        del client, raw
        if message.get("type") != "hello":
            return
        self._greeted.set()
        log.info("Slack is listened to", extra={"connections": message.get("num_connections")})

    def _asked(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        """Acknowledge what is taken; what comes after `stop` is left to the next start."""
        with self._hands:
            if self._stopped.is_set():
                return
            if not self._take(request.type, request.envelope_id, request.payload):
                return
            try:
                client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
            except SlackClientError:
                # It comes again on the next connection, and is known by its name then.
                log.info("an acknowledgement could not be sent")


_HEAD = 200
_REASON = 60
_ASK_DOCTOR = "monitor doctor says what to do"
_TOKEN = "put the app's own token (xapp-…, scope connections:write) into SLACK_APP_TOKEN"  # noqa: S105 - words
_CURES = {
    **dict.fromkeys(("invalid_auth", "not_authed", "not_allowed_token_type"), _TOKEN),
    **dict.fromkeys(("token_revoked", "token_expired", "missing_scope"), _TOKEN),
    "link_disabled": "switch Socket Mode on in the app's settings",
    "socket_mode_not_enabled": "switch Socket Mode on in the app's settings",
    "too_many_websockets": "stop the other programs that listen with this app's token",
}


def _end(session: Connection) -> None:
    """Close a connection at once: who waits to receive holds the lock that closing needs.

    For up to three seconds, in which no acknowledgement could be sent.
    """
    if session.sock is not None:
        with suppress(OSError, AttributeError):
            session.sock.shutdown(socket.SHUT_RDWR)
    with suppress(AttributeError):  # the thread that receives may have closed it meanwhile
        session.disconnect()


def _refuse_foreign(url: str, api: str) -> None:
    """Refuse to talk in the clear, but with what stands in for Slack; raises PermanentDelivery."""
    parts = urlsplit(url)
    if parts.scheme == "wss" and parts.hostname and parts.port in (None, 443):
        return
    if parts.scheme == "ws" and api.startswith("http:"):
        return
    raise PermanentDelivery("Slack", "bad_address", "Slack named an address that is not its own")
