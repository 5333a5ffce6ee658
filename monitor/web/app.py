"""The Flask application: who may ask for what, what stands in every answer, and faults in words."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_path_info

from monitor.config import MonitorSettings, Source
from monitor.errors import StoreError
from monitor.render.web_pages import problem_html
from monitor.render.web_sheet import style_hash
from monitor.web.doors import Door, Doors

log = logging.getLogger(__name__)

HTML = "text/html; charset=utf-8"
# What mail links to: all that is shown under the public name.
PUBLIC = frozenset({"confirm", "confirm_now", "unsubscribe", "unsubscribe_now"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PROBLEMS = {
    400: ("This cannot be read", "The address is none that this page knows."),
    403: ("Not by this name", "These pages do not answer to the name that they were asked by."),
    404: ("There is no such page", "Nothing stands at this address."),
    405: ("Not in this way", "This page is only looked at."),
    413: ("Too much", "More was sent than these pages take."),
    503: ("Not now", "The database cannot be read at present. Please try again in a minute."),
}
_BROKEN = ("This did not work", "By a fault of the monitor itself. It is written in its log.")

Environ = dict[str, Any]
Start = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Premises:
    """What the pages show: one monitor's configuration and state.

    state: the folder of the heartbeat. missing: names the keys that a source needs and lacks.
    """

    settings: MonitorSettings
    sources: tuple[Source, ...]
    database: Path
    state: Path
    archive: Path
    missing: Callable[[Source], tuple[str, ...]] = field(default=lambda _: (), repr=False)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)

    @property
    def timezone(self) -> str:
        """Say where the readers are: where the first digest is read."""
        digests = self.settings.digests
        return digests[0].timezone if digests else "America/New_York"


def bare_app(premises: Premises) -> Flask:
    """Make an application without pages: it lets in, answers faults, and sets the headers."""
    app = Flask("monitor.web", static_folder=None, template_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # A redirect could lead elsewhere: //host/ is another machine's address to a browser.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    doors = Doors.of(premises.settings)
    app.wsgi_app = partial(_entered, app.wsgi_app, doors)  # type: ignore[method-assign]

    def let_in() -> Response | None:
        g.door = doors.door(request.environ.get("HTTP_HOST", ""))
        if g.door is None:
            return problem(HTTPStatus.FORBIDDEN)
        if g.door is Door.PUBLIC and request.endpoint not in PUBLIC:
            return problem(HTTPStatus.NOT_FOUND)
        return None

    app.before_request(let_in)
    app.after_request(_with_headers)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(StoreError, _without_database)
    app.register_error_handler(Exception, _broken)
    return app


def _entered(
    inside: Callable[[Environ, Start], Iterable[bytes]],
    doors: Doors,
    environ: Environ,
    start: Start,
) -> Iterable[bytes]:
    """Take the public address's path out before pages are looked up."""
    path = get_path_info(environ)
    shorter = doors.path(path)
    if shorter != path:
        environ["PATH_INFO"] = shorter.encode().decode("latin-1")
    return inside(environ, start)


def _with_headers(response: Response) -> Response:
    policy = (
        f"default-src 'none'; style-src '{style_hash()}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    response.headers["Content-Security-Policy"] = policy
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def problem(status: int) -> Response:
    """Answer with a page that says what is wrong; nothing of the request stands in it."""
    title, words = _PROBLEMS.get(status, _PROBLEMS[400] if status < 500 else _BROKEN)  # noqa: PLR2004 - HTTP
    served = g.get("door") is Door.INSIDE
    response = Response(problem_html(title, words, served=served), status, content_type=HTML)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "60"
    return response


def _refused(fault: HTTPException) -> Response:
    response = problem(fault.code or HTTPStatus.BAD_REQUEST)
    if allowed := getattr(fault, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _without_database(fault: StoreError) -> Response:
    log.warning("a page lacks the database", extra={"page": request.endpoint, "reason": str(fault)})
    return problem(HTTPStatus.SERVICE_UNAVAILABLE)


def _broken(bug: Exception) -> Response:
    """Log a bug in full, without the token that may stand in the address."""
    trace = "".join(traceback.format_exception(bug))
    for value in (request.view_args or {}).values():
        trace = trace.replace(str(value), "…") if len(str(value)) > 8 else trace  # noqa: PLR2004 - no token is so short
    log.error("bug in a web page", extra={"page": request.endpoint, "trace": trace})
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR)
