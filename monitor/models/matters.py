"""What is known of a matter as a whole: before a change, and now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.models.entries import Hearing
from monitor.models.words import Direction, Stage


class Joining(StrEnum):
    """How an item came to its matter; the later ones are guesses that can be undone.

    opened: it is the first of the matter. kept: it belonged to the matter before. official: its
    publisher gives the matter's official name. named: its words name the matter. alike: it tells
    the same as an item of the matter.
    """

    OPENED = "opened"
    KEPT = "kept"
    OFFICIAL = "official"
    NAMED = "named"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Standing:
    """A matter as it stood before one of its items was new or changed.

    hearings: of its other items. sources: their ids. fresh: opened by the very same poll.
    stages: what its other items say, headlines included. told: somebody was alerted to it before.
    papers: the docket entries among them, each as docket and document number.
    """

    stage: Stage | None = None
    hearings: tuple[Hearing, ...] = ()
    sources: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    fresh: bool = False
    told: bool = False
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """Another matter with the same text: a model bill elsewhere, a bill introduced again.

    one_paper: it is the very same paper, filed in consolidated cases.
    """

    matter: int
    title: str
    jurisdiction: str
    url: str
    reason: str = ""
    one_paper: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """A matter as it stands now: what its first message in a channel shows beside its news.

    title, url: of the record that names the matter best, its official number before the title.
    hearings: the dates ahead of all its items, each once, in order of time.
    sources: names of those who reported it, in the order in which they did.
    changes: how many changes came after the first report.
    claimed_by: id of the person who has taken it on. relevant, not_relevant: how many say so.
    muted: its alerts are kept out of the channel that is shown this.
    """

    matter: int
    stage: Stage | None = None
    stage_said: str = ""
    stage_since: datetime | None = None
    direction: Direction = Direction.UNCLEAR
    hearings: tuple[Hearing, ...] = ()
    sources: tuple[str, ...] = ()
    changes: int = 0
    changed_at: datetime | None = None
    claimed_by: str = ""
    claimed_at: datetime | None = None
    relevant: int = 0
    not_relevant: int = 0
    muted: bool = False
    title: str = ""
    url: str = ""
