"""Which stored items a new one may repeat, and whether it does (DESIGN decision 6).

    keys(item)        a few short hashes; two items can only be one matter where they share one
    judge(new, old)   SAME: one matter; REPRINT: the same text elsewhere, to be said, not merged

Each family of items has its module, which reads the few things that decide there. Nothing here is
counted on what is stored: an answer never changes because other items came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitor.matters import agreements, bills, dockets, documents, meetings, news, records
from monitor.matters.places import place
from monitor.matters.signatures import hashed
from monitor.matters.times import exactly_one_day
from monitor.matters.values import Excerpt, Likeness, Relation, excerpt, same
from monitor.models import Item, ItemType
from monitor.urls import canonical

__all__ = ["Likeness", "Relation", "conflict", "judge", "keys"]

_MOST_KEYS = 12
# "ocd-division/country:us/state:ny" and what lies above.
_STATE_DEPTH = 2
# Enough for what came in the last hours; a text costs some 20 kB.
_KEPT = 1024


@dataclass(frozen=True, slots=True)
class _Family:
    """How one sort of items is read, found and compared; `read` makes what the others take."""

    read: Callable[[Excerpt], Any]
    keys: Callable[[Any], tuple[str, ...]]
    compare: Callable[[Any, Any], Likeness | None]
    conflict: Callable[[Any, Any], str]


_STORIES = _Family(news.read_story, news.story_keys, news.compare_stories, news.stories_conflict)
_RECORDS = _Family(
    records.read_record, records.record_keys, records.compare_records, records.records_conflict
)
_BILLS = _Family(bills.read_bill, bills.bill_keys, bills.compare_bills, bills.bills_conflict)
_CASES = _Family(
    dockets.read_case, dockets.case_keys, dockets.compare_cases, dockets.cases_conflict
)
_DOCUMENTS = _Family(
    documents.read_document,
    documents.document_keys,
    documents.compare_documents,
    documents.documents_conflict,
)
_AGREEMENTS = _Family(
    agreements.read_agreement,
    agreements.agreement_keys,
    agreements.compare_agreements,
    agreements.agreements_conflict,
)
_MEETINGS = _Family(
    meetings.read_meeting,
    meetings.meeting_keys,
    meetings.compare_meetings,
    meetings.meetings_conflict,
)
# Pages and rows are missing: only their own source names them.
_FAMILIES: Mapping[ItemType, _Family] = {
    ItemType.NEWS: _STORIES,
    ItemType.PRESS_RELEASE: _STORIES,
    ItemType.COUNCIL_ITEM: _RECORDS,
    ItemType.AGENDA_ITEM: _RECORDS,
    ItemType.BILL: _BILLS,
    ItemType.DOCKET_CAPTION: _CASES,
    ItemType.DOCKET_ENTRY: _CASES,
    ItemType.OPINION: _CASES,
    ItemType.EXECUTIVE_ORDER: _DOCUMENTS,
    ItemType.FEDERAL_REGISTER: _DOCUMENTS,
    ItemType.AGREEMENT: _AGREEMENTS,
    ItemType.MEETING: _MEETINGS,
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """An item as its family reads it; `page`: its address, where that is one article's."""

    family: _Family | None
    read: Any
    page: str
    part: Excerpt


def keys(item: Item) -> tuple[str, ...]:
    """Return at most twelve hashes of 16 digits, the same in every process.

    An index from key to items finds candidates for `judge`; where a key holds many, the newest
    twenty are enough.
    """
    reading = _reading(excerpt(item))
    page = (hashed(f"@{reading.page}"),) if reading.page else ()
    own = reading.family.keys(reading.read) if reading.family else ()
    return (*page, *own)[:_MOST_KEYS]


def paper_keys(item: Item) -> tuple[str, ...]:
    """Return those of an item's keys that a paper shares with its twins on other dockets."""
    read = _reading(excerpt(item)).read
    return dockets.paper_keys(read) if isinstance(read, dockets.Case) else ()


def judge(new: Item, old: Item) -> Likeness | None:
    """Say what two items are to each other; None: nothing that could be told. Symmetric.

    Likeness is not transitive. A~B and B~C may hold where A and C contradict each other, so that
    an item should join a matter only where `judge` says SAME to one of its items and `conflict`
    says nothing against any of those looked at, its lead item above all. Two matters that were
    opened by official names must not be merged because a new item is like both.
    """
    one, other = _reading(excerpt(new)), _reading(excerpt(old))
    if one.family and one.family is other.family:
        found = one.family.compare(one.read, other.read)
        if found:
            return found
    return _one_page(one, other)


def conflict(new: Item, old: Item) -> str:
    """Return what proves that two items are not one matter, "" where nothing does. Symmetric.

    It guards a matter against chains: official numbers that differ, and for news other numbers,
    places or steps of an affair. That two items are unlike proves nothing.
    """
    one, other = _reading(excerpt(new)), _reading(excerpt(old))
    if one.family and one.family is other.family:
        return one.family.conflict(one.read, other.read)
    return ""


def _one_page(one: _Reading, other: _Reading) -> Likeness | None:
    """Compare a story with what it tells of on its own page: an order that a newspaper printed."""
    if not one.page or one.page != other.page or one.part.type is other.part.type:
        return None
    if _STORIES not in {one.family, other.family}:
        return None
    if not exactly_one_day(one.part.published, other.part.published):
        return None
    return same("one page, one day", 0.9)


@lru_cache(maxsize=_KEPT)
def _reading(part: Excerpt) -> _Reading:
    family = _family(part)
    _, path = news.split_link(part.url)
    page = canonical(part.url) if len(news.slug_words(path).split()) >= news.SLUG_WORDS else ""
    return _Reading(family, family.read(part) if family else None, page, part)


def _family(part: Excerpt) -> _Family | None:
    """Return an item's family: a bill made below a state is a council's file."""
    if part.type is ItemType.BILL and place(part.jurisdiction).count("/") > _STATE_DEPTH:
        return _RECORDS
    return _FAMILIES.get(part.type)
