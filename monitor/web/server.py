"""Serves the pages from a thread of its own, which never keeps the service from its work.

port in use          logged, told by `fault`, tried again every minute
a bug in a page      logged; that one request gets an answer without a trace
a bug in the server  logged; it starts again after a minute
"""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import closing
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from monitor.web.acts import Acts
from monitor.web.app import Premises, bare_app
from monitor.web.feeds import Feeds
from monitor.web.pages import Pages
from monitor.web.vitals import Vitals

log = logging.getLogger(__name__)

AGAIN_SECONDS = 60.0
LAST_ANSWERS_SECONDS = 3
_TURN_SECONDS = 0.5
_LIMITS: dict[str, Any] = {
    "threads": 4,
    "connection_limit": 100,
    "channel_timeout": 30,
    "cleanup_interval": 10,
    "max_request_header_size": 16_384,
    "max_request_body_size": 64_000,
    "backlog": 64,
    "ident": None,
    "expose_tracebacks": False,
    "log_socket_errors": False,
    "clear_untrusted_proxy_headers": True,
}


def make_app(premises: Premises) -> Flask:
    """Make the application with all its pages."""
    app = bare_app(premises)
    for room in (Pages, Feeds, Vitals, Acts):
        room(premises).join(app)
    return app


class WebServer:
    """The pages of one monitor at one address; `start`, then `stop`.

    address: host and port; port 0 for any that is free. again: seconds between two attempts to
    listen. fault: why nobody is answered at present; "" where all is well.
    """

    def __init__(
        self, premises: Premises, address: tuple[str, int], *, again: float = AGAIN_SECONDS
    ) -> None:
        self.premises = premises
        self._address = address
        self._again = again
        self._stop = threading.Event()
        self._listens = threading.Event()
        self._thread = threading.Thread(target=self._work, name="web", daemon=True)
        self.port = address[1]
        self.fault = ""

    def start(self) -> None:
        """Begin to serve, in a thread."""
        logging.getLogger("waitress").addFilter(_without_paths)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._thread.start()

    def await_listening(self, seconds: float) -> bool:
        """Wait until it listens; False where it does not within so many seconds."""
        return self._listens.wait(seconds)

    def stop(self) -> None:
        """Finish the answers in hand, and close the port."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(LAST_ANSWERS_SECONDS)

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                app = make_app(self.premises)
                with closing(_listening(self._address)) as listening:
                    self._serve(app, listening)
            except OSError as fault:
                self._tell(fault.strerror or str(fault))
            except Exception as bug:
                log.exception("bug in the web server")
                self._tell(f"a fault of the monitor itself ({type(bug).__name__})")
            self._stop.wait(self._again)

    def _tell(self, reason: str) -> None:
        """Log once why nobody answers, and again where that is another reason."""
        host, port = self._address
        said = f"{host}:{port} cannot be listened on: {reason}"
        if said != self.fault:
            log.error("the web pages are not served", extra={"reason": said})
        self.fault = said

    def _serve(self, app: Flask, listening: socket.socket) -> None:
        """Answer until `stop` is wished, then finish what is in hand."""
        channels: dict[int, Any] = {}
        server = create_server(app, map=channels, sockets=[listening], **_LIMITS)
        self.port = listening.getsockname()[1]
        log.info("the web pages are served", extra={"address": self._address[0], "port": self.port})
        self.fault = ""
        self._listens.set()
        try:
            while not self._stop.is_set():
                wasyncore.loop(_TURN_SECONDS, use_poll=True, map=channels, count=1)
        finally:
            self._listens.clear()
            server.task_dispatcher.shutdown(timeout=LAST_ANSWERS_SECONDS - 1)
            wasyncore.loop(0.05, use_poll=True, map=channels, count=5)
            wasyncore.close_all(channels, ignore_all=True)


def _listening(address: tuple[str, int]) -> socket.socket:
    """Open the port; raises OSError."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    return socket.create_server(address, family=family)


def _without_paths(record: logging.LogRecord) -> bool:
    """Take addresses out of the server's own words: one may hold a subscriber's token."""
    said, _, hidden = record.getMessage().partition(" while serving")
    if hidden:
        record.msg, record.args = said, ()
    return True
