"""What a digest holds: one period's matters, composed once, rendered and sent to many."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.models.entries import Hearing
from monitor.models.items import Passage
from monitor.models.participation import Contact
from monitor.models.words import Direction, ItemType, Stage


class Section(StrEnum):
    """Where a matter stands in a digest; a matter stands in one only, the first that fits.

    act: a hearing or deadline lies ahead. won, lost: a stage that ends or turns it was reached,
    by its direction. suits: a new case, or a ruling. agreements: 287(g). moving: a known matter
    that changed. new: seen for the first time. watching: only weak evidence, told nowhere else.
    """

    ACT = "act"
    WON = "won"
    LOST = "lost"
    SUITS = "suits"
    AGREEMENTS = "agreements"
    MOVING = "moving"
    NEW = "new"
    WATCHING = "watching"


@dataclass(frozen=True, slots=True)
class Period:
    """The span that a digest tells of, [starts, ends) in UTC.

    id: as people write it: "2026-W47" for a week (ISO 8601), "2026-11-23" for a day.
    timezone: in which its days are meant.
    """

    id: str
    starts: datetime
    ends: datetime
    timezone: str


class TurnKind(StrEnum):
    """What sort of thing happened to a matter.

    new: seen for the first time. stage: it came to a stage. date_…: a date was set, moved or called
    off. field: another value changed, which its name tells. added_late, read_now: an agenda gained
    lines; a document can be read now. listed_again, gone: on a list. filed: papers came to a
    docket. reported: by a further source.
    """

    NEW = "new"
    STAGE = "stage"
    DATE_SET = "date_set"
    DATE_MOVED = "date_moved"
    DATE_CANCELLED = "date_cancelled"
    AMENDED = "amended"
    RETITLED = "retitled"
    DOCUMENTS = "documents"
    STATUS = "status"
    FIELD = "field"
    ADDED_LATE = "added_late"
    READ_NOW = "read_now"
    LISTED_AGAIN = "listed_again"
    GONE = "gone"
    FILED = "filed"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that happened to a matter, as values: each language puts it into its own words.

    stage: the one that was reached. hearing: the date that was set, moved or called off.
    name, old, new: of a value that changed, old and new in the publisher's words.
    new: for `reported`, the name of the source; for `new`, nothing; for `filed`, the weightiest
    paper, whose ruling is in `stage`. count: of papers, and of reports by one source.
    """

    kind: TurnKind
    stage: Stage | None = None
    hearing: Hearing | None = None
    name: str = ""
    old: str = ""
    new: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class DigestMatter:
    """One matter in a digest: a line, a passage, its dates, and why it stands there.

    turns: what changed in the period, the weightiest first; happened: the same in English, or what
        no turn can say. Where there are turns, they are shown, in the reader's language.
    hearings: dates ahead, the next one first. contacts: how to take part.
    sources: names of those who reported it. reasons: the filters that hold, by title.
    priority_rank: 0 for high, 1 for normal, 2 for low.
    """

    matter: int
    section: Section
    title: str
    type: ItemType
    jurisdiction: str
    url: str = ""
    stage: Stage | None = None
    stage_said: str = ""
    direction: Direction = Direction.UNCLEAR
    happened: tuple[str, ...] = ()
    passage: Passage | None = None
    hearings: tuple[Hearing, ...] = ()
    contacts: tuple[Contact, ...] = ()
    topics: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    priority_rank: int = 1
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """A date in the next two weeks, of any matter that concerns people, changed lately or not.

    jurisdiction, topics: of its matter.
    """

    matter: int
    title: str
    hearing: Hearing
    jurisdiction: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weekly:
    """A number a week, oldest first, for a chart that answers one question.

    weeks: the first day of each week, as "2026-11-16". values: as many.
    """

    question: str
    weeks: tuple[str, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Agreements:
    """287(g) agreements: how many were added and ended in the period, and how many there are.

    total: agreements in force; None where the list was never read.
    """

    added: int = 0
    ended: int = 0
    total: int | None = None
    trend: Weekly | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was really looked at in the period.

    failed, silent, gaps: (name of the source, why or since when). partial: courts whose feeds do
    not carry every filing, by name. never: sources that are switched on and were not polled.
    """

    sources: int = 0
    checked: int = 0
    polls: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    silent: tuple[tuple[str, str], ...] = ()
    gaps: tuple[tuple[str, str], ...] = ()
    never: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """One period's matters, composed once and stored.

    name: the `id` of the digest in monitor.yaml ("weekly"); title: its subject line.
    since_item, until_item, since_revision, until_revision: the numbers of the database rows that
        it covers, (since, until]: what is recorded late falls into the next digest, never into
        both or neither.
    unlisted: weak matters beyond those that are listed under WATCHING.
    """

    name: str
    title: str
    period: Period
    composed_at: datetime
    matters: tuple[DigestMatter, ...] = ()
    agreements: Agreements = Agreements()
    activity: Weekly | None = None
    checked: Checked = Checked()
    coming: tuple[Coming, ...] = ()
    since_item: int = 0
    until_item: int = 0
    since_revision: int = 0
    until_revision: int = 0
    unlisted: int = 0

    @property
    def is_quiet(self) -> bool:
        """Say whether nothing happened that anybody would be told."""
        return not [one for one in self.matters if one.section is not Section.WATCHING]

    def of(self, section: Section) -> tuple[DigestMatter, ...]:
        """Return the matters of a section, in its order."""
        return tuple(one for one in self.matters if one.section is section)


class Frequency(StrEnum):
    """How often a subscriber gets a digest."""

    DAILY = "daily"
    WEEKLY = "weekly"


class Language(StrEnum):
    """In which language dates, headings and stages are written; titles stay as published."""

    ENGLISH = "en"
    SPANISH = "es"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who gets digests. The address never stands in YAML, logs or errors in full.

    topics, jurisdictions: only these, with all that lies within; () for all.
    confirmed_at: when the address was confirmed; None while an invitation is open.
    token: names the subscriber in links of its own mail, and tells nothing about it.
    """

    id: int
    address: str = field(repr=False)  # so that no log or traceback shows it
    name: str = field(default="", repr=False)
    topics: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    language: Language = Language.ENGLISH
    frequency: Frequency = Frequency.WEEKLY
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""
    token: str = field(default="", repr=False)
