"""What two items are to each other, and the part of an item that is read to tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.models import Hearing, Identifier, Item, ItemType

# Longer texts are cut: what an item is about stands at its head.
LONGEST_TITLE = 1_000
LONGEST_TEXT = 2_000


class Relation(StrEnum):
    """same: one matter; reprint: the same text in another place, session or chamber."""

    SAME = "same"
    REPRINT = "reprint"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was found, for the log of decisions.

    reason: a sentence for people ("same title, 3 days apart").
    score: from 0 to 1; 1 where an official number decided.
    """

    relation: Relation
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of an item that decides; small, so that what was read of it can be kept."""

    type: ItemType
    jurisdiction: str
    title: str
    text: str
    url: str
    published: datetime | None
    office: str
    identifiers: tuple[Identifier, ...]
    hearings: tuple[Hearing, ...]


def excerpt(item: Item) -> Excerpt:
    """Cut out of an item what decides; a text of any length costs the same."""
    return Excerpt(
        item.type,
        item.jurisdiction,
        item.title[:LONGEST_TITLE],
        item.text[:LONGEST_TEXT],
        item.url[:LONGEST_TITLE],
        item.published,
        item.office,
        item.identifiers,
        item.hearings,
    )


def same(reason: str, score: float = 1.0) -> Likeness:
    """Say that two items are one matter."""
    return Likeness(Relation.SAME, reason, score)


def reprint(reason: str, score: float = 1.0) -> Likeness:
    """Say that two items have one text and are two matters."""
    return Likeness(Relation.REPRINT, reason, score)
