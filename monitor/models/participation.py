"""How the public takes part: what a publisher says about commenting, one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ContactKind(StrEnum):
    """What a statement gives: a deadline, an address, a number, a link, a place.

    accommodation: for those who need an interpreter or an aid; no way to comment.
    """

    COMMENT_DEADLINE = "comment_deadline"
    SPEAK_DEADLINE = "speak_deadline"
    EMAIL = "email"
    PHONE = "phone"
    FORM = "form"
    VIDEO = "video"
    IN_PERSON = "in_person"
    ACCOMMODATION = "accommodation"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way or one deadline to take part, in a meeting or on a rule.

    value: the address, number or link; of a deadline the words that say when.
    said: the sentence it came from; field: where that stands ("text", "agenda.pdf p. 2", or the
        publisher's own field).
    code: the numbers that a call or a video meeting asks for, as "meeting ID 872 4344 0488".
    due: of a deadline, in UTC; None where the words do not fix it, or others contradict it.
    timezone: IANA name of the zone in which people read `due`; all_day: only the day is known.
    """

    kind: ContactKind
    value: str
    said: str = ""
    field: str = ""
    code: str = ""
    due: datetime | None = None
    timezone: str = ""
    all_day: bool = False
