"""Makes a digest fit: says less of each matter first, then leaves out the last ones.

Mail programs cut what is longer than about 100 KB, so that this cuts first. A matter is looked at
once for each room, however often its place is tried.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime

from monitor.models import Digest, DigestMatter, Section, Subscriber
from monitor.render.digest_matters import WIDE, Room, ShownMatter, shown_matter
from monitor.render.digest_shown import WHOLE, Cut, ShownDigest, shown_digest
from monitor.render.digest_values import Links
from monitor.render.tongue import Tongue

# Gmail shows the first 102 KB of a message.
MOST_BYTES = 80_000
# From generous to terse: what is tried before whole matters are left out.
_ROOMS = (
    WIDE,
    Room(title=160, passage=180, happened=2, dates=2, ways=4),
    Room(title=120, passage=110, happened=1, dates=1, ways=3, sources=False),
    Room(title=90, passage=0, happened=1, dates=1, ways=1, why=False, sources=False),
)
# What is so many times too long fits in the tersest room, if at all.
_FAR_TOO_LONG = 3
# So many matters never fit, however little is said of each; trying them all takes minutes.
_NEVER = 1_000
_MOST = 500
NO_MATTERS = Cut(WIDE, dict.fromkeys(Section, 0))


class View:
    """One reader's sight of a digest, in more or fewer words."""

    def __init__(self, digest: Digest, subscriber: Subscriber | None, links: Links) -> None:
        self._digest = digest
        self._subscriber = subscriber
        self._links = links
        self._looked: dict[tuple[int, Room], ShownMatter] = {}

    def shown(self, cut: Cut = WHOLE) -> ShownDigest:
        """Choose what is shown within a cut."""
        return shown_digest(self._digest, self._subscriber, self._links, cut, self._look)

    def _look(self, matter: DigestMatter, tongue: Tongue, now: datetime, room: Room) -> ShownMatter:
        key = (id(matter), room)
        if key not in self._looked:
            self._looked[key] = shown_matter(matter, tongue, now, room)
        return self._looked[key]

    def fitted(self, write: Callable[[ShownDigest], str]) -> str:
        """Write it in as many words as MOST_BYTES have room for."""
        rooms = _ROOMS if len(self._digest.matters) <= _NEVER else ()
        for room in rooms:
            written = write(self.shown(Cut(room)))
            size = len(written.encode())
            if size <= MOST_BYTES:
                return written
            if size > _FAR_TOO_LONG * MOST_BYTES:
                break
        return write(self.shown(self._cut(write)))

    def _cut(self, write: Callable[[ShownDigest], str]) -> Cut:
        """Leave out matters from the end until the rest fits; of the last section some may stay."""

        def fits(tried: Cut) -> bool:
            return len(write(self.shown(tried)).encode()) <= MOST_BYTES

        cut = Cut(_ROOMS[-1], dict.fromkeys(Section, _MOST))
        if fits(cut):
            return cut
        for section in reversed(Section):
            count = min(len(self._digest.of(section)), _MOST)
            if count and fits(cut.only(section, 0)):
                most = bisect_left(
                    range(1, count), True, key=lambda n: not fits(cut.only(section, n))
                )
                return cut.only(section, most)
            cut = cut.only(section, 0)
        return cut
