"""Keeps what was acknowledged until it is done, a file each: no crash loses a click.

    taken ─▶ written, on the disk ─▶ acknowledged ─▶ done ─▶ forgotten

The database will not do for this: while a poll is being recorded it keeps others waiting for
longer than Slack waits. What is kept holds no address to answer at, for that lets anybody post.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from monitor.files import make_private_folder, open_private
from monitor.slackapp.payloads import Click, Command, Request

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What somebody clicked or typed, and when."""

    request: Click | Command
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What was taken, and the file that keeps it."""

    taken: Taken
    path: Path


_FORM = TypeAdapter(Taken)


class Inbox:
    """A folder of what is to be done; several threads may use it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    def keep(self, request: Request, now: datetime) -> Kept:
        """Write down what was taken; it is on the disk when this returns. Raises OSError."""
        make_private_folder(self._folder)
        name = f"{now:%Y%m%dT%H%M%S.%f}-{os.getpid()}-{next(self._numbers):06}"
        path = self._folder / f"{name}.json"
        unfinished = path.with_suffix(".unfinished")
        bare = replace(request, sender=replace(request.sender, reply_to=""))
        with open(open_private(unfinished, os.O_WRONLY | os.O_EXCL), "wb") as file:  # noqa: PTH123 - takes a descriptor
            file.write(_FORM.dump_json(Taken(bare, now)))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        self._sync_folder()
        return Kept(Taken(request, now), path)

    def forget(self, kept: Kept) -> None:
        """Let go of what is done; a crash right before lets it be done again, which is harmless."""
        kept.path.unlink(missing_ok=True)

    def left(self) -> tuple[Kept, ...]:
        """Return what an earlier program took and did not do, the oldest first."""
        for path in self._folder.glob("*.unfinished"):
            path.unlink(missing_ok=True)  # never acknowledged, so Slack has told the person
        found = (self._read(path) for path in sorted(self._folder.glob("*.json")))
        return tuple(one for one in found if one is not None)

    def _read(self, path: Path) -> Kept | None:
        try:
            return Kept(_FORM.validate_json(path.read_bytes()), path)
        except (OSError, ValidationError) as fault:
            facts = {"file": path.name, "reason": type(fault).__name__}
            log.error("an act that was left over cannot be read", extra=facts)  # noqa: TRY400 - its text may hold names
            path.rename(path.with_suffix(".unreadable"))
            return None

    def _sync_folder(self) -> None:
        """Put the folder's list of files on the disk, too; a power cut would lose the name."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
