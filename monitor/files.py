"""Makes folders and files that nobody else on the machine can look into."""

from __future__ import annotations

import os
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
    """Make an empty file; one that is there stays as it is. Raises OSError."""
    os.close(open_private(path, os.O_WRONLY))


def open_private(path: Path, flags: int) -> int:
    """Open a file, made where it is missing, and return its descriptor; raises OSError."""
    return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, _FILE)
