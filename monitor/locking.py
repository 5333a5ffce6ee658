"""A file that only one process of the monitor holds at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(lock: Path | None) -> Iterator[bool]:
    """Hold a lock file while inside; say whether it was to be had. Death releases it.

    None needs no lock: there can be no other.
    """
    if lock is None:
        yield True
        return
    with lock.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
