"""Lets a connector read a body, as a poll would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from monitor.connectors import BaseConnector
from monitor.models import Entry, Mark, Parsed, Poll, Refusal, Request, Response

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLL = Poll(now=NOW, timezone="America/New_York")


def answer(
    body: bytes | str, content_type: str = "", url: str = "https://x.example/feed"
) -> Response:
    """Wrap a body into the response that carried it."""
    raw = body.encode() if isinstance(body, str) else body
    return Response(Request(url), url, 200, (("content-type", content_type),), raw, NOW)


def read(connector: BaseConnector, body: bytes | str, poll: Poll = POLL) -> tuple[Parsed, ...]:
    """Parse a body."""
    return tuple(connector.parse(answer(body), poll))


def entries(parsed: Iterable[Parsed]) -> list[Entry]:
    """Keep the entries."""
    return [one for one in parsed if isinstance(one, Entry)]


def refusals(parsed: Iterable[Parsed]) -> list[Refusal]:
    """Keep the refused records."""
    return [one for one in parsed if isinstance(one, Refusal)]


def marks(parsed: Iterable[Parsed]) -> dict[str, str]:
    """Keep the marks."""
    return {one.name: one.value for one in parsed if isinstance(one, Mark)}
