"""Lets a connector of agenda pages read a body as the answer to one of its steps."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from monitor.connectors import BaseConnector
from monitor.models import Entry, Mark, Parsed, Poll, Refusal, Request, Response

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
POLL = Poll(now=NOW, timezone="America/New_York")


def answered(
    connector: BaseConnector,
    body: bytes | str,
    step: str,
    about: tuple[str, ...] = (),
    poll: Poll = POLL,
) -> list[Parsed]:
    """Parse a body as the answer to a step."""
    first = next(iter(connector.requests(poll)))
    request = Request(first.url, step=step, about=about)
    raw = body.encode() if isinstance(body, str) else body
    return list(connector.parse(Response(request, request.url, 200, (), raw, poll.now), poll))


def recorded(kind: str, name: str) -> bytes:
    """Read one of the made-up recordings."""
    return (RECORDINGS / kind / name).read_bytes()


def entries(parsed: Iterable[Parsed]) -> dict[str, Entry]:
    """Keep the entries, by key."""
    return {one.key: one for one in parsed if isinstance(one, Entry)}


def requests(parsed: Iterable[Parsed], step: str = "") -> list[Request]:
    """Keep the requests, of one step where one is named."""
    return [one for one in parsed if isinstance(one, Request) and step in ("", one.step)]


def refusals(parsed: Iterable[Parsed]) -> list[Refusal]:
    """Keep the refused records."""
    return [one for one in parsed if isinstance(one, Refusal)]


def marks(parsed: Iterable[Parsed]) -> dict[str, str]:
    """Keep the marks."""
    return {one.name: one.value for one in parsed if isinstance(one, Mark)}


def items_in_manifest(shared: Path, name: str) -> str:
    """Look up what the manifest says that a recorded answer holds."""
    with (shared / "recordings" / "MANIFEST.tsv").open(newline="") as file:
        [row] = [
            one
            for one in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if one["file"] == name
        ]
    return row["item_count"]
