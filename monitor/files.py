"""Makes folders and files that nobody else on the machine can look into."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def make_private_folder(path: Path) -> None:
    """Make a folder, with those above it that are missing; one that is there stays as it is.

    Raises OSError.
    """
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=_FOLDER, exist_ok=True)
    path.mkdir(mode=_FOLDER, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file; one that is there stays as it is, and is not opened. Raises OSError.

    Who opens a database file and closes it again takes away every lock that the process has on it
    (https://www.sqlite.org/howtocorrupt.html, section 2.2); so the new file is made under another
    name, closed, and then given its own.
    """
    if path.exists():
        return
    unfinished = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        os.close(open_private(unfinished, os.O_WRONLY | os.O_EXCL))
        with suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def open_private(path: Path, flags: int) -> int:
    """Open a file, made where it is missing, and return its descriptor; raises OSError."""
    return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, _FILE)
