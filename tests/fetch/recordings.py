"""Writes WARC files as other tools do. All contents are made up; the forms are those tools'."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CRLF = b"\r\n"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its WARC headers without lengths, and its block."""

    headers: tuple[tuple[str, str], ...]
    block: bytes

    def written(self, version: str = "1.0") -> bytes:
        """Spell the record out."""
        lines = [f"WARC/{version}", *(f"{name}: {value}" for name, value in self.headers)]
        lines += [f"Content-Length: {len(self.block)}", "", ""]
        return "\r\n".join(lines).encode() + self.block + CRLF * 2


def http(first: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"") -> bytes:
    """Write an HTTP message."""
    lines = [first, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode() + body


def response(
    url: str,
    body: bytes,
    *,
    status: str = "HTTP/1.1 200 OK",
    headers: Iterable[tuple[str, str]] = (),
    date: str = "2026-11-22T08:00:00Z",
    extra: Iterable[tuple[str, str]] = (),
) -> Record:
    """Record an answer."""
    return Record(
        (
            ("WARC-Type", "response"),
            ("WARC-Target-URI", url),
            ("WARC-Date", date),
            ("Content-Type", "application/http;msgtype=response"),
            *extra,
        ),
        http(status, headers, body),
    )


def request(
    url: str,
    line: str,
    body: bytes = b"",
    *,
    date: str = "2026-11-22T08:00:00Z",
    extra: Iterable[tuple[str, str]] = (),
) -> Record:
    """Record a question."""
    return Record(
        (("WARC-Type", "request"), ("WARC-Target-URI", url), ("WARC-Date", date), *extra),
        http(line, (("Host", "example.org"),), body),
    )


def write(path: Path, *records: Record, version: str = "1.0", members: bool = True) -> Path:
    """Write a file: plain, a gzip member for each record, or one for all of them."""
    parts = [record.written(version) for record in records]
    if path.suffix != ".gz":
        path.write_bytes(b"".join(parts))
    elif members:
        path.write_bytes(b"".join(gzip.compress(part) for part in parts))
    else:
        path.write_bytes(gzip.compress(b"".join(parts)))
    return path
