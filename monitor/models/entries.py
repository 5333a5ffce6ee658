"""What a publisher said, in its own words, and what a connector is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models.exchange import Pairs, Request
from monitor.models.participation import Contact
from monitor.models.words import ItemType


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """An official name of a matter: scheme and value are unique together within `scope`.

    scheme: bill, council_file, docket, executive_order, fr_document, rin, agreement, …
    scope: who gave it: a jurisdiction with its session, or a court's id.
    """

    scheme: str
    scope: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.scope}:{self.value}"


@dataclass(frozen=True, slots=True)
class Hearing:
    """A date ahead: a meeting, hearing, deadline or effective date.

    starts: UTC; None where the publisher gives no usable time, `said` then holds its words.
    kind: hearing, meeting, comment_deadline, effective, return_date.
    timezone: IANA name of the zone in which people read it.
    all_day: only the day is known.
    derived: read out of the publisher's sentences, not given by it as a date: it is shown, and
        never news (see monitor/participation).
    """

    kind: str
    starts: datetime | None
    timezone: str = "UTC"
    place: str = ""
    said: str = ""
    all_day: bool = False
    cancelled: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that a publisher hangs on an entry."""

    title: str
    url: str
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as a publisher published it, in the publisher's words.

    key: the publisher's own id, stable across edits and unique in the source; "" where there is
        none (identity then falls to the URL, then to the text).
    title, body: text or HTML (`html` says which of both is HTML-coded).
    published: an aware time, or None; `published_said` keeps what could not be read.
    office: the body, committee, court or agency that acts.
    status: the publisher's own word for the stage.
    facts: further fields whose change is news, by the field's standard terms.
    noise: further fields whose change is no news; kept and searchable.
    labels: the publisher's categories and entry types.
    muted: the entry is kept but never alerted (a docket's "~Util" line, a transcript); says why.
    watched: the configuration names this very matter: it is alerted without any keyword.
    participation: ways to comment that the publisher gives as fields of their own.
    """

    type: ItemType
    key: str
    title: str
    body: str = ""
    url: str = ""
    html: bool = False
    published: datetime | None = None
    published_said: str = ""
    updated: datetime | None = None
    jurisdiction: str = ""
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
    participation: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that a connector could not use, and why; counted, shown, never dropped silently."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A value that the connector wants to find in `Poll.cursor` at its next poll."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a list goes: every meeting between two times stands in the answers of this poll.

    since, until: None is the time of the poll, or without end. A list that was cut off, a page
    that is not the last one, a view of which nobody knows how far it goes: no Reach.
    prefix: only items whose key begins so are listed there.
    """

    since: datetime | None = None
    until: datetime | None = None
    prefix: str = ""


Parsed = Entry | Request | Refusal | Mark | Reach


@dataclass(frozen=True, slots=True)
class Poll:
    """What a connector is told about one visit.

    cursor: the marks of the last successful poll.
    first: no poll of this source has ever succeeded.
    since: how far back a backfill wants to see; None means as usual.
    """

    now: datetime
    timezone: str = "UTC"
    cursor: Pairs = ()
    first: bool = True
    since: datetime | None = None

    def mark(self, name: str) -> str:
        """Return a mark of the last successful poll, "" where there is none."""
        return next((value for key, value in self.cursor if key == name), "")
