"""A date as calendars want it: with a name that survives a move, and a count of its changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models.entries import Hearing
from monitor.models.participation import Contact
from monitor.models.words import Direction, ItemType, Stage


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One date of one matter.

    uid, sequence: iCalendar's (RFC 5545, 3.8.4.7 and 3.8.7.4): a date that is moved keeps its uid,
        and each change raises the sequence, so that calendars replace what they hold.
    changed_at: when this form of it was first known.
    contacts: how to take part. item: the number of the item that gives the date.
    """

    uid: str
    sequence: int
    changed_at: datetime
    matter: int
    item: int
    title: str
    type: ItemType
    jurisdiction: str
    hearing: Hearing
    url: str = ""
    office: str = ""
    stage: Stage | None = None
    direction: Direction = Direction.UNCLEAR
    contacts: tuple[Contact, ...] = ()
