"""Lets a connector of meetings read its own and the real recordings."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from monitor.connectors import BaseConnector
from monitor.models import Entry, Parsed, Poll, Refusal, Request, Response

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLL = Poll(now=NOW, timezone="America/New_York")


def poll_in(zone: str, day: str) -> Poll:
    """Make a poll on a day (at noon UTC), in a zone."""
    return Poll(now=datetime.fromisoformat(f"{day}T12:00:00+00:00"), timezone=zone)


def own(kind: str, name: str) -> bytes:
    """Read one of the made-up recordings."""
    return (RECORDINGS / kind / name).read_bytes()


def real(shared: Path, name: str) -> bytes:
    """Read a real recording."""
    return (shared / "recordings" / name).read_bytes()


def counted(shared: Path, name: str) -> int:
    """Look up in the manifest how many records a real recording holds."""
    with (shared / "recordings" / "MANIFEST.tsv").open(newline="") as file:
        [row] = [
            one
            for one in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if one["file"] == name
        ]
    return int(row["item_count"].split()[0])


def answer(
    request: Request, body: bytes | str, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    """Answer a request with a body."""
    raw = body.encode() if isinstance(body, str) else body
    return Response(request, request.url, 200, headers, raw, NOW)


def read(
    connector: BaseConnector, body: bytes | str, poll: Poll = POLL, step: str = ""
) -> list[Parsed]:
    """Parse one answer to the first request of a step ("" for the very first)."""
    first = next(one for one in connector.requests(poll) if step in ("", one.step))
    return list(connector.parse(answer(first, body), poll))


def entries(parsed: Iterable[Parsed]) -> list[Entry]:
    """Keep the entries."""
    return [one for one in parsed if isinstance(one, Entry)]


def refusals(parsed: Iterable[Parsed]) -> list[Refusal]:
    """Keep the refused records."""
    return [one for one in parsed if isinstance(one, Refusal)]


def asked(parsed: Iterable[Parsed]) -> list[Request]:
    """Keep the requests."""
    return [one for one in parsed if isinstance(one, Request)]


def local_times(found: Iterable[Entry]) -> list[str]:
    """Write each entry's first hearing in UTC, "" where its time is not known."""
    starts = [one.hearings[0].starts for one in found]
    return ["" if one is None else one.strftime("%Y-%m-%d %H:%M") for one in starts]
