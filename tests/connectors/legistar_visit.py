"""Walks through a Legistar source as a poll would, over loopback or with recorded bodies."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from monitor.connectors.legistar import Legistar
from monitor.errors import SourceError
from monitor.models import Entry, Mark, Parsed, Poll, Refusal, Request, Response

RECORDINGS = Path(__file__).parents[1] / "recordings" / "legistar"
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
ZONE = "America/New_York"
POLL = Poll(now=NOW, timezone=ZONE)


def recorded(name: str) -> list[dict[str, Any]]:
    """Read one of the made-up recordings."""
    records: list[dict[str, Any]] = json.loads((RECORDINGS / name).read_text())
    return records


def answer(request: Request, body: bytes | Iterable[object], status: int = 200) -> Response:
    """Answer a request with a body, or with records as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(list(body)).encode()
    return Response(request, request.url, status, (), raw, NOW)


def asked(connector: Legistar, step: str, poll: Poll = POLL) -> Request:
    """Find the request with which a poll begins to read a list."""
    return next(r for r in connector.requests(poll) if r.step == step)


def read(
    connector: Legistar, step: str, body: bytes | Iterable[object], poll: Poll = POLL
) -> list[Parsed]:
    """Parse one answer to the first request of a step."""
    return list(connector.parse(answer(asked(connector, step, poll), body), poll))


@dataclass
class Visit:
    """What one walk brought."""

    entries: dict[str, Entry] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    warnings: list[SourceError] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def steps(self, step: str) -> list[Request]:
        """List the requests of one step."""
        return [one for one in self.requests if one.step == step]


def visit(connector: Legistar, poll: Poll, secrets: dict[str, str] | None = None) -> Visit:
    """Ask everything that the connector wants to know; optional requests may fail."""
    found = Visit(marks=dict(poll.cursor))
    queue = list(connector.requests(poll))
    with httpx.Client() as client:
        while queue:
            request = queue.pop(0)
            found.requests.append(request)
            try:
                parsed = list(connector.parse(_fetched(client, request, secrets or {}), poll))
            except SourceError as fault:
                if not request.optional:
                    raise
                found.warnings.append(fault)
                continue
            queue += _sorted_out(parsed, found)
    return found


def _fetched(client: httpx.Client, request: Request, secrets: dict[str, str]) -> Response:
    given = [c for c in request.credentials if c.variable in secrets]
    keys = "".join(f"&{c.name}={secrets[c.variable]}" for c in given)
    got = client.get(request.url + keys, headers=dict(request.headers))
    return answer(request, got.content, got.status_code)


def _sorted_out(parsed: list[Parsed], found: Visit) -> list[Request]:
    queue = []
    for one in parsed:
        match one:
            case Entry():
                found.entries[one.key] = one
            case Request():
                queue.append(one)
            case Refusal():
                found.refusals.append(one)
            case Mark():
                found.marks[one.name] = one.value
    return queue
