"""What it comes to: items, changes, matches, and what one poll brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models.documents import Reading
from monitor.models.entries import Attachment, Hearing, Identifier, Reach, Refusal
from monitor.models.exchange import Pairs, Response, Validators
from monitor.models.matters import Joining, Related, Standing
from monitor.models.participation import Contact
from monitor.models.words import ChangeKind, Direction, ItemType, Outcome, Priority, Stage


@dataclass(frozen=True, slots=True)
class Item:
    """An entry made comparable: clean text, UTC times, official identifiers, fingerprint.

    key: identity within its source (DESIGN decision 3).
    fingerprint: hash of what would be news; empty fields do not count, so that new fields
        re-alert nothing.
    stage: how far the thing has come, None where nothing says so; `stage_said` are the
        publisher's own words for it.
    participation: how to comment; never part of the fingerprint.
    """

    source: str
    key: str
    type: ItemType
    jurisdiction: str
    title: str
    text: str
    url: str
    published: datetime | None
    fingerprint: str
    office: str = ""
    status: str = ""
    identifiers: tuple[Identifier, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    facts: Pairs = ()
    noise: Pairs = ()
    labels: tuple[str, ...] = ()
    muted: str = ""
    watched: str = ""
    stage: Stage | None = None
    stage_said: str = ""
    participation: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an item, before and after, as text."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a poll found about an item; `matter` is the store's number of the matter.

    revision: how many changes of this item came before; it tells a hearing that was moved, moved
        back and moved again from one that was moved once.
    joined: how the item came to the matter.
    before: the matter without this change; None where the item opened it.
    stage: of the matter, with this change.
    related: other matters with the same text.
    """

    kind: ChangeKind
    item: Item
    matter: int
    fields: tuple[FieldChange, ...] = ()
    revision: int = 0
    joined: Joining = Joining.OPENED
    before: Standing | None = None
    stage: Stage | None = None
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Evidence: the text at [start, end) of an item's field, and the terms found in it.

    field: title, text, or the name of a document with its page ("agenda.pdf p. 12").
    hits: (start, end) of each matched term, counted from the start of `text`.
    """

    field: str
    start: int
    end: int
    text: str
    hits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A filter that holds on an item, with the passages that show why."""

    topic: str
    title: str
    priority: Priority
    direction: Direction
    passages: tuple[Passage, ...]
    terms: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """An official name that was read out of an item's own words: a guess, and it can be undone.

    identifier: its scope may lack what the text does not say (a bill's session).
    field, said: where it stands (title, text, url), and in which words.
    subject: the item is about this very thing, and does not only name it in passing.
    """

    identifier: Identifier
    field: str
    said: str
    subject: bool = False


@dataclass(frozen=True, slots=True)
class Clues:
    """What tells of which matter an item is, beyond its publisher's own identifiers.

    mentions: official names in its words.
    keys: short hashes; two items can only tell the same story where they share one.
    """

    mentions: tuple[Mention, ...] = ()
    keys: tuple[str, ...] = ()


NO_CLUES = Clues()


@dataclass(frozen=True, slots=True)
class Due:
    """A document that is to be asked for again: an item's attachment, by its URL without tokens.

    owed: it could not be read when the item came, and what it says has been told to nobody.
    """

    item: Item
    url: str
    owed: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """What the documents of a known item gained.

    text: the added lines. matches: the filters that hold on them alone.
    before, after: hashes of what the documents said.
    reposted: each document of the item was held against an earlier one of its kind, so that new
        addresses of them are no news in themselves.
    alone: nothing else about the item is new.
    read: names of documents that could not be read before: all that they say is new.
    """

    text: str
    matches: tuple[Match, ...] = ()
    before: str = ""
    after: str = ""
    reposted: bool = False
    alone: bool = False
    read: str = ""


@dataclass(frozen=True, slots=True)
class Fresh:
    """One item that was not known so, and all that was found out about it.

    answer: index in `Collected.responses` of the answer that held it.
    late: what its documents say now and did not say when they were last read.
    """

    item: Item
    matches: tuple[Match, ...] = ()
    answer: int = 0
    clues: Clues = NO_CLUES
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """What one poll brought: the result of `pipeline.collect`, before it touches the database.

    fresh: items whose fingerprint was not known, or whose documents gained lines, with what was
        found out about each.
    readings: the documents that were read, to hold their next versions against.
    seen: keys of every item in the answers, known ones included.
    complete: every answer was read, so that what is not in `seen` is not there.
    reaches: how far the lists of coming meetings went, where they told.
    reconfigured: the source's options are others than at the last poll that succeeded.
    unheard: it failed because nothing came from the host; the fault may be our own network's.
    passing: it failed in a way that is often gone minutes later.
    """

    source: str
    polled_at: datetime
    outcome: Outcome
    reason: str = ""
    fresh: tuple[Fresh, ...] = ()
    seen: tuple[str, ...] = ()
    complete: bool = False
    reaches: tuple[Reach, ...] = ()
    reconfigured: bool = False
    responses: tuple[Response, ...] = ()
    validators: tuple[tuple[str, Validators], ...] = ()
    cursor: Pairs = ()
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()
    gap: bool = False
    retry_after: float = 0.0
    requests: int = 0
    seconds: float = 0.0
    readings: tuple[Reading, ...] = ()
    unheard: bool = False
    passing: bool = False
