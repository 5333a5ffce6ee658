"""Reads all that an item and its documents say about taking part.

title, text, documents by page → sentences → purpose → deadlines and contacts → each once
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from monitor.jurisdictions import timezone_of
from monitor.models import Contact, ContactKind, Hearing, Item
from monitor.participation.deadlines import meeting_of
from monitor.participation.gathering import gathered
from monitor.participation.statements import Heard, Listener
from monitor.participation.values import LINK, READ_FOR

_LONGEST_FIELD = 300_000
# Instructions stand at the front of an agenda; behind come reports, letters and old minutes.
_FIRST_PAGES = 8
_SHORT_DOCUMENT = 15
_PAGE = re.compile(r"(?P<name>.*) p\. (?P<page>\d{1,5})")
_OF_THE_PAST = re.compile(r"\b(?:minutes|transcript|captions?|actas?)\b", re.IGNORECASE)
# Without one of these a text holds nothing to find: one cheap look spares the rest.
_HINTS = (
    "comment", "coment", "testi", "zoom", "webex", "webinar", "teams.", "@", "speak", "live",
    "accommodat", "call", "sign", "ada", "assist", "interpret", "dial", "listen", "watch",
    "passcode", "access code", "one tap", "one-tap", "hablar", "inscri",
)  # fmt: skip
# A deadline far from its meeting, or from the rule's publication, is another matter's.
_BEFORE_MEETING, _AFTER_MEETING = timedelta(days=120), timedelta(days=60)
_BEFORE_RULE, _AFTER_RULE = timedelta(days=3), timedelta(days=400)


def participation(item: Item, fields: Iterable[tuple[str, str]] = ()) -> tuple[Contact, ...]:
    """Find how to comment on an item, in its own words and its documents' (name with page, text).

    What the publisher gave as fields (it has no sentence) or links comes first. Deadlines of one
    kind that contradict each other are all listed, and none of them keeps its time.
    """
    if item.type not in READ_FOR:
        return item.participation
    given = [one for one in item.participation if not one.said or one.field == LINK]
    return gathered(given, _heard(item, fields))


def _heard(item: Item, fields: Iterable[tuple[str, str]]) -> Iterator[Heard]:
    listener = Listener(item.hearings, timezone_of(item.jurisdiction))
    for name, text in (("title", item.title), ("text", item.text), *_pages(fields)):
        plain = text[:_LONGEST_FIELD].casefold()
        if any(hint in plain for hint in _HINTS):
            for one in listener.read(name, text[:_LONGEST_FIELD]):
                if one.contact is None or _is_near(one.contact, item):
                    yield one


def with_participation(item: Item, fields: Iterable[tuple[str, str]] = ()) -> Item:
    """Return an item that says how to comment.

    A deadline for comments whose time is sure also becomes one of the item's dates, marked as
    derived, where the publisher gave none as a date. Documents are read after the fingerprint was
    made, are at times out of reach, and a later version may read them better: so nothing of this is
    part of the fingerprint, nor of what two states are compared by (`normalise.material` passes
    over derived dates). It is shown with whatever alert the item has, and never makes one. A
    deadline that the publisher gives as a date is news like every other date.

    An item that was read before is read anew: nothing is doubled.
    """
    return with_dates(item, participation(item, fields))


def with_dates(item: Item, found: tuple[Contact, ...]) -> Item:
    """Return an item with these statements, and the date that they make sure."""
    if not found and not item.participation:
        return item
    given = replace(item, hearings=tuple([one for one in item.hearings if not one.derived]))
    dates = (*given.hearings, *_dates(given, found))
    return replace(item, participation=found, hearings=dates)


def _dates(item: Item, found: Sequence[Contact]) -> Iterator[Hearing]:
    """Make a date of the deadline for comments, where it is sure and the publisher gave none."""
    if any(one.kind == "comment_deadline" for one in item.hearings):
        return
    if item.hearings and all(one.cancelled for one in item.hearings):
        return
    sure = [one for one in found if one.kind is ContactKind.COMMENT_DEADLINE and one.due]
    for one in sure[:1]:
        yield Hearing(
            "comment_deadline",
            one.due,
            one.timezone,
            said=one.value,
            all_day=one.all_day,
            derived=True,
        )


def _is_near(contact: Contact, item: Item) -> bool:
    """Tell whether a deadline can be this item's."""
    if contact.due is None:
        return True
    meeting = meeting_of(item.hearings)
    if meeting and meeting.starts:
        since, until = meeting.starts - _BEFORE_MEETING, meeting.starts + _AFTER_MEETING
    elif item.published:
        since, until = item.published - _BEFORE_RULE, item.published + _AFTER_RULE
    else:
        return True
    return since <= contact.due <= until


def _pages(fields: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Choose the pages worth reading: no minutes, and of long documents the first pages."""
    held = [(name, text, _PAGE.fullmatch(name)) for name, text in fields]
    last: dict[str, int] = {}
    for _, _, paged in held:
        if paged:
            last[paged["name"]] = max(last.get(paged["name"], 0), int(paged["page"]))
    for name, text, paged in held:
        number = int(paged["page"]) if paged else 0
        is_deep = paged and last[paged["name"]] > _SHORT_DOCUMENT and number > _FIRST_PAGES
        if not is_deep and not _OF_THE_PAST.search(name):
            yield name, text
