"""Keeps what was public, and when: one WARC file a day under state/archive."""

from __future__ import annotations

import mmap
import os
import re
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date
from pathlib import Path
from typing import IO

from monitor.errors import StoreError
from monitor.fetch.settings import PRODUCT
from monitor.fetch.warc import (
    GZIP_MAGIC,
    DamagedRecording,
    exchange,
    exchange_at,
    file_header,
)
from monitor.files import make_private_folder, open_private
from monitor.models import Response

try:
    import fcntl
except ImportError:  # not on Windows, where one process at a time has to do
    fcntl = None  # type: ignore[assignment]

_BLOCK = 1 << 20
_ADDRESS = re.compile(r"(\d{4})/(\d{2})/(\1-\2-\d{2})\.warc\.gz#(\d{1,18})")
_DAY_FILE = re.compile(r"(\d{4}-\d{2}-\d{2})\.warc\.gz")


class Archive:
    """Writes and reads archived responses; many threads and processes may share one folder.

    An address is "2026/11/2026-11-23.warc.gz#4711": the file, and the byte where its record is.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()

    def write(self, response: Response) -> str:
        """Append a response with its request, and return its address; raises StoreError.

        Not for an unchanged response: its body is that of another.
        What a crash or a full disk leaves half written is cut off before the next record.
        """
        day = response.fetched_at.astimezone(UTC).date()
        name = f"{day:%Y/%m/%Y-%m-%d}.warc.gz"
        with self._lock:
            (offset,) = append(self._root / name, (response,))
        return f"{name}#{offset}"

    def read(self, address: str) -> Response:
        """Return an archived response with its request; raises StoreError where it is lost."""
        found = _ADDRESS.fullmatch(address)
        if not found:
            raise StoreError(f"{address!r} is no address of the archive")
        path = self._root / address.partition("#")[0]
        try:
            return exchange_at(path, int(found[4]))
        except (OSError, DamagedRecording, ValueError, AttributeError) as fault:
            raise StoreError(f"{path}: nothing can be read at byte {found[4]}: {fault}") from fault

    def prune(self, older_than: date) -> int:
        """Delete the files of days before `older_than`; returns how many. Raises StoreError."""
        old = [
            path
            for path in self._root.glob("*/*/*.warc.gz")
            if (day := _DAY_FILE.fullmatch(path.name)) and date.fromisoformat(day[1]) < older_than
        ]
        try:
            for path in old:
                path.unlink(missing_ok=True)
            for folder in sorted({up for path in old for up in path.parents[:2]}, reverse=True):
                if not any(folder.iterdir()):
                    folder.rmdir()
        except OSError as fault:
            raise StoreError(f"{self._root}: old files cannot be deleted: {fault}") from fault
        return len(old)


def append(path: Path, responses: Iterable[Response]) -> tuple[int, ...]:
    """Append responses with their requests to one WARC file; returns where each begins.

    Makes the file and its folders where they are missing. Raises StoreError, and then leaves the
    file as it was.
    """
    try:
        make_private_folder(path.parent)
        with _opened(path) as stream:
            end = _clean_end(stream)
            records, places = _laid_out(path.name, responses, end)
            _extend(stream, end, records)
    except (OSError, DamagedRecording) as fault:
        raise StoreError(f"{path}: cannot be written: {fault}; is the disk full?") from fault
    return places


def _laid_out(name: str, responses: Iterable[Response], end: int) -> tuple[bytes, tuple[int, ...]]:
    data = bytearray() if end else bytearray(file_header(name, PRODUCT))
    places = []
    for response in responses:
        record, start = exchange(response)
        places.append(end + len(data) + start)
        data += record
    return bytes(data), tuple(places)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading and writing, locked against other processes."""
    with os.fdopen(open_private(path, os.O_RDWR), "r+b", buffering=0) as stream:
        if fcntl is not None:
            fcntl.flock(stream, fcntl.LOCK_EX)  # ends when the file is closed
        yield stream


def _extend(stream: IO[bytes], end: int, data: bytes) -> None:
    """Write at `end`, where the last whole record ends; a failure leaves nothing behind it."""
    stream.truncate(end)
    stream.seek(end)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[stream.write(rest) :]
    except OSError:
        stream.truncate(end)
        raise


def _clean_end(stream: IO[bytes]) -> int:
    """Return where the last whole record ends, looking backwards for its beginning."""
    size = os.fstat(stream.fileno()).st_size
    if not size:
        return 0
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as seen:
        if not seen[: len(GZIP_MAGIC)] == GZIP_MAGIC[:size]:
            raise DamagedRecording("it is no file of ours")
        start = seen.rfind(GZIP_MAGIC)
        while start >= 0:
            end = _whole_until(seen, start)
            if end:
                return end
            start = seen.rfind(GZIP_MAGIC, 0, start + len(GZIP_MAGIC) - 1)
    return 0


def _whole_until(seen: mmap.mmap, start: int) -> int:
    """Return the end of the whole WARC records from `start` on, 0 where there is none."""
    end = 0
    while start < len(seen):
        inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        position, first = start, b""
        try:
            while not inflater.eof and position < len(seen):
                first = (first + inflater.decompress(seen[position : position + _BLOCK]))[:5]
                position += _BLOCK
        except zlib.error:
            return end
        if not inflater.eof or not first.startswith(b"WARC/"):
            return end
        start = end = min(position, len(seen)) - len(inflater.unused_data)
    return end
