"""Lets a connector read its made-up recordings, as tests/recordings/<kind>/answers.yaml says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from monitor.connectors import BaseConnector, kinds
from monitor.models import Entry, Mark, Parsed, Poll, Refusal, Request, Response

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
POLL = Poll(now=NOW, timezone="America/New_York")
LATER = Poll(now=NOW, timezone="America/New_York", first=False)


@dataclass(frozen=True)
class Visit:
    """One recording, and the request that it answers."""

    kind: str
    file: str
    options: Mapping[str, Any]
    request: Request

    @property
    def connector(self) -> BaseConnector:
        """Build the connector as YAML would."""
        return kinds()[self.kind].model_validate_json(json.dumps(self.options))

    @property
    def body(self) -> bytes:
        """Load the recording."""
        return (RECORDINGS / self.kind / self.file).read_bytes()

    def read(self, body: bytes | None = None, poll: Poll = POLL) -> list[Parsed]:
        """Parse the recording, or another body in its place."""
        raw = self.body if body is None else body
        return list(self.connector.parse(answer(self.request, raw), poll))


def visit(kind: str, file: str) -> Visit:
    """Find one recording."""
    told = yaml.safe_load((RECORDINGS / kind / "answers.yaml").read_text())
    asked = told["answers"][file]
    about = tuple(map(str, asked.get("about", ())))
    request = Request("https://x.example/answer", step=asked.get("step", ""), about=about)
    return Visit(kind, file, told["options"], request)


def answer(request: Request, body: bytes | str | object, status: int = 200) -> Response:
    """Answer a request with a body, a text, or a value as JSON."""
    if isinstance(body, str):
        body = body.encode()
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(request, request.url, status, (), raw, NOW)


@dataclass
class Sorted:
    """What a connector gave, by sort."""

    entries: list[Entry] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def cursor(self) -> tuple[tuple[str, str], ...]:
        """Return the marks as the next poll gets them."""
        return tuple(self.marks.items())


def by_sort(parsed: Iterable[Parsed]) -> Sorted:
    """Sort what a connector gave."""
    found = Sorted()
    for one in parsed:
        match one:
            case Entry():
                found.entries.append(one)
            case Request():
                found.requests.append(one)
            case Refusal():
                found.refusals.append(one)
            case Mark():
                found.marks[one.name] = one.value
    return found
