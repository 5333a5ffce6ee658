"""Answers requests from WARC files: ours, and those of wget, Browsertrix and their kin.

A request gets the recording of the same method, URL and body; where there are several, one after
the other, and the last one again and again. Where there is none, it gets that of a request which
differs only in moments ("since yesterday" is another URL every day).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from warcio.recordloader import ArcWarcRecord

from monitor.errors import ConfigError, FetchError, NotRecorded
from monitor.fetch.moments import Key, blind_key, exact_key
from monitor.fetch.warc import (
    DamagedRecording,
    Place,
    pairs,
    payload_of,
    record_at,
    records,
    said,
)

_GZIP_MAGIC = b"\x1f\x8b"
_FRAMING = frozenset({"transfer-encoding", "content-length", "connection", "keep-alive"})
_CONDITIONS = ("if-none-match", "if-modified-since")
_COMPARED = 50
_CURE = "name a .warc or .warc.gz file; `warcio recompress` mends many"


@dataclass(slots=True)
class _Recorded:
    """One recorded answer, and the request that it belongs to.

    body: where the payload is; of a revisit that is another record.
    """

    place: Place
    body: Place
    url: str
    status: int
    method: str = "GET"
    sent: bytes = b""
    served: bool = False


class ReplayTransport(httpx.BaseTransport):
    """The network's place-holder; can be pickled, and then begins anew."""

    def __init__(self, paths: Iterable[Path]) -> None:
        """Read the index of every file; raises ConfigError that names the file and the cure."""
        self._paths = tuple(paths)
        self._lock = threading.Lock()
        self._exact: dict[Key, list[_Recorded]] = defaultdict(list)
        self._blind: dict[Key, list[_Recorded]] = defaultdict(list)
        for recorded in _index(self._paths):
            asked = recorded.method, recorded.url, recorded.sent
            self._exact[exact_key(*asked)].append(recorded)
            self._blind[blind_key(*asked)].append(recorded)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._paths,)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from the recordings; raises NotRecorded with the nearest recorded URL."""
        asked = request.method, str(request.url), request.read()
        conditional = any(name in request.headers for name in _CONDITIONS)
        with self._lock:
            recorded = self._next(self._exact.get(exact_key(*asked), []), conditional)
            recorded = recorded or self._next(self._blind.get(blind_key(*asked), []), conditional)
        if recorded is None:
            raise NotRecorded(str(request.url), self._missing(str(request.url)))
        return _answer(recorded)

    def _next(self, group: list[_Recorded], conditional: bool) -> _Recorded | None:
        """Take the first that was not served, else the last; 304 only where it was asked for."""
        usable = [
            recorded
            for recorded in group
            if recorded.status != HTTPStatus.NOT_MODIFIED or conditional
        ]
        if not usable:
            return None
        chosen = next((recorded for recorded in usable if not recorded.served), usable[-1])
        chosen.served = True
        return chosen

    def _missing(self, url: str) -> str:
        everywhere = {recorded.url for group in self._exact.values() for recorded in group}
        host = urlsplit(url).netloc
        near = [other for other in everywhere if urlsplit(other).netloc == host] or everywhere
        alike = sorted(near, key=lambda other: (-_common(url, other), other))
        best = max(
            alike[:_COMPARED],
            key=lambda other: SequenceMatcher(None, url, other).ratio(),
            default="nothing",
        )
        return f"{url} is not in the recording; the nearest that is: {best}"


def _common(one: str, other: str) -> int:
    """Count the letters with which both begin."""
    pairs_of_letters = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs_of_letters if a != b), min(len(one), len(other)))


def _answer(recorded: _Recorded) -> httpx.Response:
    """Read a recorded answer; its framing is gone, its content coding stays for the fetcher."""
    try:
        record = record_at(recorded.body)
    except (OSError, DamagedRecording) as fault:
        raise FetchError(recorded.url, f"{recorded.body.path}: {fault}") from fault
    body = b"" if recorded.status == HTTPStatus.NOT_MODIFIED else payload_of(record)
    decoded = not body.startswith(_GZIP_MAGIC)  # browsers' recordings keep the header regardless
    headers = [
        (name, value)
        for name, value in pairs(record.http_headers)
        if name not in _FRAMING
        and not (decoded and name == "content-encoding" and "gzip" in value.lower())
    ]
    return httpx.Response(recorded.status, headers=headers, stream=httpx.ByteStream(body))


# -------------------------------------------------------------------------------------- index


@dataclass(frozen=True, slots=True)
class _Line:
    """What the index needs of one record; `date` sorts."""

    place: Place
    kind: str
    url: str
    date: str
    id: str
    concurrent: tuple[str, ...]
    digest: str
    refers_to: tuple[str, str] = ("", "")
    status: int = 0
    method: str = "GET"
    body: bytes = b""


def _index(paths: tuple[Path, ...]) -> list[_Recorded]:
    """List every recorded answer of all files in the order of recording; raises ConfigError."""
    lines: list[_Line] = []
    complaints: list[str] = []
    for path in _files(paths):
        try:
            found = [_line(place, record) for place, record in records(path)]
        except FileNotFoundError:
            complaints.append(f"{path}: there is no such file: {_CURE}")
        except (OSError, DamagedRecording) as fault:
            complaints.append(f"{path}: {fault}: {_CURE}")
        else:
            lines += [line for line in found if line.url.startswith(("http:", "https:"))]
    answers = _joined(sorted(lines, key=lambda line: line.date))
    if not complaints and not answers:
        complaints = [f"{path}: holds no recorded answer: {_CURE}" for path in paths]
    if complaints:
        raise ConfigError(tuple(complaints))
    return answers


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """Name the files, those of a folder in the order of their names."""
    named: list[Path] = []
    for path in paths:
        named += sorted(path.rglob("*.warc*")) or [path] if path.is_dir() else [path]
    return named


def _line(place: Place, record: ArcWarcRecord) -> _Line:
    headers, http = record.rec_headers, record.http_headers
    asks = record.rec_type == "request" and http is not None
    code = http.get_statuscode() if http is not None and not asks else "0"
    return _Line(
        place=place,
        kind=record.rec_type,
        url=said(headers, "WARC-Target-URI").strip("<>"),
        date=said(headers, "WARC-Date").rstrip("Z"),
        id=said(headers, "WARC-Record-ID"),
        concurrent=tuple(v for k, v in headers.headers if k.lower() == "warc-concurrent-to"),
        digest=said(headers, "WARC-Payload-Digest"),
        refers_to=(
            said(headers, "WARC-Refers-To-Target-URI").strip("<>"),
            said(headers, "WARC-Refers-To-Date").rstrip("Z"),
        ),
        status=int(code) if code.isdigit() else 0,
        method=http.protocol.upper() if asks else "GET",
        body=payload_of(record) if asks else b"",
    )


def _joined(lines: list[_Line]) -> list[_Recorded]:
    """Give every answer its request, and every revisit the body that it points to."""
    asked: dict[str, _Line] = {}
    bodies: dict[str, Place] = {}
    for line in lines:
        if line.kind == "request":
            asked |= dict.fromkeys((line.id, *line.concurrent, f"{line.url} {line.date}"), line)
        elif line.kind == "response":
            names = (line.digest, line.url, f"{line.url} {line.date}")
            bodies |= {name: line.place for name in names if name}
    answers = []
    for line in lines:
        body = _body_of(line, bodies)
        if line.kind not in {"response", "revisit"} or body is None:
            continue
        keys = (line.id, *line.concurrent, f"{line.url} {line.date}")
        request = next((asked[key] for key in keys if key in asked), line)
        status = line.status or HTTPStatus.OK
        answers.append(_Recorded(line.place, body, line.url, status, request.method, request.body))
    return answers


def _body_of(line: _Line, bodies: dict[str, Place]) -> Place | None:
    """Find where the body of an answer is; None of a revisit whose first visit is not recorded."""
    if line.kind == "response" or line.status == HTTPStatus.NOT_MODIFIED:
        return line.place
    url, date = line.refers_to
    names = (line.digest, f"{url} {date}", url)
    return next((bodies[name] for name in names if name in bodies), None)
