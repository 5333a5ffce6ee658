"""Keeps house once a day: throws away what is old, and tidies, in short steps among all other work.

archive → polls and what hangs on them → old matters → digests → full-text index → statistics
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path

from monitor.errors import StoreError
from monitor.fetch import Archive
from monitor.store import Pruned, Store

log = logging.getLogger(__name__)

# What digests, `status` and `sources` look back at; the items themselves tell of more.
POLLS_KEPT = timedelta(days=120)
# Others get their turn at the database between two steps.
BREATH = 0.05
_MOST_STEPS = 100_000
# It is night in all of the United States, or early in the morning.
_NIGHT = time(9)
_NAME = "house-kept"


@dataclass(frozen=True, slots=True)
class Ages:
    """How long what is kept; None for ever. archive: recorded answers. items: with matters."""

    archive: timedelta | None = None
    items: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What one night threw away: files of the archive, rows, and what was forgotten."""

    files: int = 0
    pruned: Pruned = field(default_factory=Pruned)
    matters: int = 0
    items: int = 0
    alerts: int = 0
    digests: int = 0


class Housekeeper:
    """Goes through the house once; belongs to the thread of the store.

    stopped: asked between two steps; who is stopped goes on the next time. sleep: takes seconds.
    """

    def __init__(
        self,
        store: Store,
        archive: Archive | None,
        ages: Ages,
        *,
        stopped: Callable[[], bool],
        sleep: Callable[[float], None],
    ) -> None:
        self._store = store
        self._archive = archive
        self._ages = ages
        self._stopped = stopped
        self._sleep = sleep

    def keep_daily(self, folder: Path, now: datetime) -> Kept | None:
        """Keep house where that was not done since the last night; None where it was.

        folder: where a file notes when it was done to the end.
        """
        night = datetime.combine(now.date(), _NIGHT, now.tzinfo)
        night -= timedelta(days=1) if night > now else timedelta()
        last = last_kept(folder)
        if last is not None and night <= last <= now:
            return None
        kept = self.keep(now)
        if not self._stopped():
            unfinished = folder / f"{_NAME}.unfinished"
            unfinished.write_text(now.isoformat() + "\n", encoding="ascii")
            unfinished.replace(folder / _NAME)
        return kept

    def keep(self, now: datetime) -> Kept:
        """Throw away what is older than it is to be kept, and tidy; log what went."""
        kept = Kept()
        if self._ages.archive and self._archive:
            kept = Kept(files=self._prune_archive(self._archive, now - self._ages.archive))
        kept = replace(kept, pruned=self._prune(now - POLLS_KEPT))
        if self._ages.items:
            kept = self._forget(now - self._ages.items, now, kept)
        self._tidy()
        log.info(
            "house kept",
            extra={
                "files": kept.files,
                "polls": kept.pruned.polls,
                "validators": kept.pruned.validators,
                "documents": kept.pruned.documents,
                "posts": kept.pruned.posts,
                "matters": kept.matters,
                "items": kept.items,
                "alerts": kept.alerts,
                "digests": kept.digests,
            },
        )
        return kept

    def _prune_archive(self, archive: Archive, before: datetime) -> int:
        """Delete the files of days that are old as a whole; a fault of the disk stops nothing."""
        try:
            return archive.prune(before.date())
        except StoreError as fault:
            log.error("the archive cannot be pruned", extra={"reason": str(fault)})  # noqa: TRY400 - the reason says it
            return 0

    def _goes_on(self) -> bool:
        if self._stopped():
            return False
        self._sleep(BREATH)
        return True

    def _prune(self, before: datetime) -> Pruned:
        gone = self._store.upkeep.prune(before)
        for _ in range(_MOST_STEPS):
            if not gone.more or not self._goes_on():
                break
            gone += self._store.upkeep.prune(before)
        return gone

    def _forget(self, before: datetime, now: datetime, kept: Kept) -> Kept:
        after: int | None = 0
        for _ in range(_MOST_STEPS):
            if after is None or not self._goes_on():
                break
            gone = self._store.retention.forget(before, now, after)
            after = gone.goes_on
            kept = replace(
                kept,
                matters=kept.matters + gone.matters,
                items=kept.items + gone.items,
                alerts=kept.alerts + gone.alerts,
            )
        return replace(kept, digests=self._store.retention.forget_digests(before))

    def _tidy(self) -> None:
        for _ in range(_MOST_STEPS):
            if not self._goes_on() or not self._store.upkeep.optimise():
                break
        if not self._stopped():
            self._store.upkeep.analyse()


def last_kept(folder: Path) -> datetime | None:
    """Return when the house was last kept; None where it never was, or the file is another one."""
    try:
        return datetime.fromisoformat((folder / _NAME).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
