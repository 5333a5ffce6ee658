"""The heartbeat: proof that the service lives, in a file and, if wanted, at an address outside.

Silence of the whole service is noticed by who expects the beat: the container's health check reads
the file; a dead man's switch (healthchecks.io, Uptime Kuma and the like) waits for the address.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from monitor.errors import FetchError

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)
PING_EVERY = timedelta(minutes=1)
# Longer than a busy writer or a slow Slack keeps a healthy service from its next beat.
DEAD_AFTER = timedelta(minutes=5)
NAME = "heartbeat"
LISTENING = "listening"


class Heart:
    """Beats after each good cycle: every part did its work within the last minutes.

    parts: those that must be alive, by name. ping: calls an address outside; None where there is
        none. It raises FetchError, which is logged once until it works again.
    """

    def __init__(
        self, folder: Path, parts: tuple[str, ...], ping: Callable[[], None] | None = None
    ) -> None:
        self._path = folder / NAME
        self._ping = ping
        self._last: dict[str, datetime | None] = dict.fromkeys(parts)
        self._beat_at: datetime | None = None
        self._pinged_at: datetime | None = None
        self._is_heard = True

    def alive(self, part: str, now: datetime) -> None:
        """Note that a part of the service has done its work; beat where all have."""
        self._last[part] = now
        if any(last is None or now - last > DEAD_AFTER for last in self._last.values()):
            return
        if self._beat_at is None or now - self._beat_at >= EVERY:
            self._beat_at = now
            _write(self._path, now)
        due = self._pinged_at is None or now - self._pinged_at >= PING_EVERY
        if self._ping is not None and due:
            self._pinged_at = now
            self._call(self._ping)

    def _call(self, ping: Callable[[], None]) -> None:
        try:
            ping()
        except FetchError as fault:
            if self._is_heard:
                log.warning("the heartbeat is not heard", extra={"reason": fault.reason})
            self._is_heard = False
        else:
            self._is_heard = True


def last_beat(folder: Path) -> datetime | None:
    """Return when the service last beat; None where it never did, or the file is no heartbeat."""
    return _written(folder / NAME)


class Ears:
    """Shows that somebody listens to what people click in Slack; other processes see it, too.

    A button that nobody hears is worse than none: whoever posts asks first.
    plugged: where nobody can hear, whatever the folder says.
    """

    def __init__(self, folder: Path, *, plugged: bool = False) -> None:
        self._path = folder / LISTENING
        self._plugged = plugged

    def listen(self, now: datetime) -> None:
        """Note that the connection stands, or is being made."""
        _write(self._path, now)

    def close(self) -> None:
        """Note that nobody listens any more."""
        self._path.unlink(missing_ok=True)

    def hear(self, now: datetime) -> bool:
        """Say whether somebody listened within the last minutes; a short drop is none."""
        last = None if self._plugged else _written(self._path)
        return last is not None and now - last <= DEAD_AFTER


def _written(path: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def _write(path: Path, now: datetime) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(now.isoformat() + "\n", encoding="ascii")
    unfinished.replace(path)
