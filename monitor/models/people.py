"""What people do about matters: who they are, what they judge, claim, and want to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.models.items import Match


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the workspace; `id` is the service's own (U0123), `name` only for records."""

    id: str
    name: str = ""


class Relevance(StrEnum):
    """What somebody says about an alert."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not relevant"


class Misfit(StrEnum):
    """Why an alert was not relevant."""

    PLACE = "wrong place"
    TOPIC = "wrong topic"
    OLD = "old news"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person said about one alert.

    alert: its number in the outbox; matter: the matter to which that belongs by now.
    source, item_key: the item that the alert told of. matches: what had made it an alert.
    counts: it is the person's last word on the matter; earlier ones are kept as history.
    """

    id: int
    person: Person
    relevance: Relevance
    judged_at: datetime
    alert: int
    matter: int
    channel: str
    headline: str
    why: Misfit | None = None
    source: str = ""
    item_key: str = ""
    matches: tuple[Match, ...] = ()
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody has taken a matter on."""

    matter: int
    person: Person
    claimed_at: datetime


class Lead(StrEnum):
    """When somebody wants to be reminded; always at nine in the morning, on their own clock."""

    TOMORROW = "tomorrow"
    DAY_BEFORE = "day before"
    WEEK_BEFORE = "week before"


@dataclass(frozen=True, slots=True)
class PersonalReminder:
    """A reminder that somebody asked for.

    starts: the date before which it was asked for; None for TOMORROW. timezone: the person's.
    """

    id: int
    person: Person
    matter: int
    lead: Lead
    due_at: datetime
    timezone: str
    starts: datetime | None = None
