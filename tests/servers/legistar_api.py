"""A Legistar Web API on loopback: enough OData for the requests that the connector makes.

    GET /v1/{client}/matters?$filter=…&$orderby=…&$top=…&$skip=…
    GET /v1/{client}/events?…            GET /v1/{client}/events/{id}/EventItems
    GET /v1/{client}/matters/{id}/attachments

As the real one, it gives 1,000 rows at most, wants a token where one is set (403), knows its own
client only (500), and refuses what it is told to refuse.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

Record = dict[str, Any]

PAGE = 1000
NO_TOKEN = b'{"Message":"Key or Token is required"}'
NO_AGENDA_STATUS = (
    b"{\"Message\":\"'Agenda Draft Status' or 'Agenda Not Viewable' is not setup in settings\"}"
)


def unknown_client(client: str) -> bytes:
    """Write the body of the HTTP 500 that answers a client's id that does not exist."""
    reason = f"LegistarConnectionString setting is not set up in InSite for client: {client}"
    return json.dumps({"Message": "An error has occurred.", "ExceptionMessage": reason}).encode()


class LegistarApi:
    """One client's Web API; its records may be changed between two requests.

    agendas: EventItems by EventId; attachments: of a matter, by MatterId.
    refusals: status and body by resource ("events"), in place of an answer.
    ignores: OData options that are disregarded, as some tenants do.
    asked: path and query of each request, in order.
    """

    def __init__(self, client: str = "exampleville", token: str = "") -> None:
        self.client = client
        self.token = token
        self.matters: list[Record] = []
        self.events: list[Record] = []
        self.agendas: dict[int, list[Record]] = {}
        self.attachments: dict[int, list[Record]] = {}
        self.refusals: dict[str, tuple[int, bytes]] = {}
        self.ignores: frozenset[str] = frozenset()
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        """What stands before the client in every path."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def answer(self, target: str) -> tuple[int, bytes]:
        """Answer one request's path and query with a status and a body."""
        self.asked.append(unquote(target))
        parts = urlsplit(target)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        found = re.fullmatch(r"/v1/([^/]+)/([a-z]+)(?:/(\d+)/(\w+))?", parts.path)
        if not found:
            return 404, b"<html><head><title>The resource cannot be found.</title></head></html>"
        client, resource, number, part = found.groups()
        if client != self.client:
            return 500, unknown_client(client)
        if self.token and options.get("token") != self.token:
            return 403, NO_TOKEN
        if (part or resource) in self.refusals:
            return self.refusals[part or resource]
        rows = self._rows(resource, int(number) if number else 0, part or "", options)
        return 200, json.dumps(rows).encode()

    def _rows(
        self, resource: str, number: int, part: str, options: Mapping[str, str]
    ) -> list[Record]:
        if part:
            inside = self.agendas if resource == "events" else self.attachments
            return inside.get(number, [])
        rows = self.matters if resource == "matters" else self.events
        return queried(rows, {k: v for k, v in options.items() if k not in self.ignores})


def queried(rows: Iterable[Record], options: Mapping[str, str]) -> list[Record]:
    """Apply $filter, $orderby, $skip and $top to records, as OData v3 would."""
    condition = options.get("$filter")
    found = [row for row in rows if not condition or holds(condition, row)]
    for term in reversed(options.get("$orderby", "").split(",")):
        name, _, direction = term.strip().partition(" ")
        if name:
            found.sort(key=lambda row: row[name], reverse=direction == "desc")
    skip = int(options.get("$skip", 0))
    return found[skip : skip + min(int(options.get("$top", PAGE)), PAGE)]


_OPERATORS = {name: getattr(operator, name) for name in ("gt", "ge", "lt", "le", "eq", "ne")}
_TERM = re.compile(r"(\w+) (gt|ge|lt|le|eq|ne) (?:datetime'([^']+)'|'([^']*)'|(-?\d+))")


def holds(condition: str, row: Record) -> bool:
    """Tell whether comparisons joined by `and` and `or` hold on a record; null never does."""
    return any(
        all(_compare(term, row) for term in every.split(" and "))
        for every in condition.split(" or ")
    )


def _compare(term: str, row: Record) -> bool:
    found = _TERM.fullmatch(term.strip())
    if not found:
        raise ValueError(f"this server does not understand {term!r}")
    name, comparison, moment, text, number = found.groups()
    value = row.get(name)
    if value is None:
        return False
    wanted: Any = moment if moment is not None else text if text is not None else int(number)
    if moment is not None:
        value, wanted = _padded(value), _padded(moment)
    return bool(_OPERATORS[comparison](value, wanted))


def _padded(moment: str) -> str:
    """Give a time without a zone seven decimals, so that text compares as time does."""
    clock, _, fraction = moment.partition(".")
    return f"{clock:T<19.19}.{fraction:0<7}"


def _handler_of(api: LegistarApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body = api.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: the test asks `asked`."""

    return Handler
