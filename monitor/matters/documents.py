"""Executive orders and the Federal Register: an order and its entry are one, two notices are not.

An order's number decides. An order and its entry share their title, and the entry follows within
weeks. Two entries of one title are two documents, unless one of them only reprints a memorandum.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from monitor.matters.language import tokens
from monitor.matters.places import place
from monitor.matters.signatures import hashed, squeezed
from monitor.matters.times import days_apart, said
from monitor.matters.values import Excerpt, Likeness, same
from monitor.matters.words import SILENT
from monitor.models import ItemType

_ORDER = re.compile(
    r"^\s*(?:(?P<year>(?:19|20)\d\d)[- ])?"
    r"(?P<kind>(?:emergency\s+)?executive\s+order|e\.?e?\.?o\.?)\s*(?:no\.?|number|#)?\s*[- ]?"
    r"(?P<number>\d{1,3},\d{3}|\d{4}-\d{1,4}|\d{1,5}(?:[.-]\d{1,2})?)\b\s*"
    r"(?:[:;,.\u2013\u2014-]\s*|\s+of\s[^:;]{6,30}[:;]\s*)?",
    re.IGNORECASE,
)
_ORDER_INSIDE = re.compile(
    r"\bexecutive\s+order\s+(?:no\.?|number|#)?\s*(?P<number>\d{2,3},?\d{3})\b", re.IGNORECASE
)
_MEMORANDUM = re.compile(
    r"^\s*(?:presidential\s+)?(?:memorandum|notice|proclamation|determination)"
    r"(?:\s+(?:no\.?\s*)?\d+)?"
    r"(?:\s+of\s[^:;]{6,30})?\s*[:;]\s*",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"federalregister\.gov/(?:documents|d)/(?:\d{4}/\d\d/\d\d/)?((?:[A-Z]\d?-)?\d{2,4}-\d{2,6})",
    re.IGNORECASE,
)
_LEAST_WORDS = 2
_ENTRY_WINDOW, _REPEAT_WINDOW, _ONE_ORDER, _NUMBER_WINDOW = 45, 30, 7, 500


@dataclass(frozen=True, slots=True)
class Document:
    """What is read of an order or an entry.

    number: of the order, "14159" or "2022-EEO-224"; document: the Federal Register's.
    prefixed: the title began with the kind of document.
    """

    place: str
    register: bool
    number: str
    document: str
    title: str
    words: int
    prefixed: bool
    published: datetime | None


def read_document(part: Excerpt) -> Document:
    """Read an executive order or an entry of the Federal Register."""
    register = part.type is ItemType.FEDERAL_REGISTER
    title, number = _number_of(part, register)
    bare = _MEMORANDUM.sub("", title, count=1)
    words = {word for word in tokens(bare) if word not in SILENT and not word[0].isdigit()}
    link = _DOCUMENT.search(part.url)
    given = next((one.value for one in part.identifiers if one.scheme == "fr_document"), "")
    return Document(
        place="us" if register else place(part.jurisdiction),
        register=register,
        number=number,
        document=(given or (link[1] if link else "")).upper(),
        title=squeezed(bare),
        words=len(words),
        prefixed=bare != title,
        published=part.published,
    )


def document_keys(document: Document) -> tuple[str, ...]:
    """Return the keys of an order or entry: its number, its title."""
    where = "us" if document.place.endswith("country:us") else document.place
    found = [f"eo:{where}:{document.number}"] if document.number else []
    found += [f"fr:{document.document}"] if document.document else []
    found += [f"et:{where}:{document.title[:80]}"] if document.words >= _LEAST_WORDS else []
    return tuple(map(hashed, found))


def compare_documents(one: Document, other: Document) -> Likeness | None:
    """Say whether two items are one order or one document."""
    if one.document and one.document == other.document:
        return same(f"one Federal Register document, {one.document}")
    if _federal(one) != _federal(other) or (not _federal(one) and one.place != other.place):
        return None
    days = days_apart(one.published, other.published)
    if one.number and other.number:
        near = days <= _NUMBER_WINDOW or _federal(one)
        return (
            same(f"one executive order, {one.number}")
            if one.number == other.number and near
            else None
        )
    if one.title != other.title or min(one.words, other.words) < _LEAST_WORDS:
        return None
    window = _title_window(one, other)
    undated = one.published is other.published is None and window > _ONE_ORDER
    if days > window and not undated:
        return None
    return same(f"same title, {said(days)}", 0.9)


def _federal(document: Document) -> bool:
    return document.register or document.place.endswith("country:us")


def _title_window(one: Document, other: Document) -> int:
    """Return how many days may lie between two documents of one title; -1 where none may."""
    if one.register != other.register:
        return _ENTRY_WINDOW
    if one.register:
        return _REPEAT_WINDOW if one.prefixed != other.prefixed else -1
    return _ONE_ORDER


def _number_of(part: Excerpt, register: bool) -> tuple[str, str]:
    """Return the title without the order's number, and the number in its scope."""
    given = next((one.value for one in part.identifiers if one.scheme == "executive_order"), "")
    ahead = _ORDER.match(part.title)
    title = part.title[ahead.end() :] if ahead else part.title
    if given:
        return title or part.title, given.replace(",", "")
    if ahead:
        kind = "e" if re.match(r"emergency|e\.?e", ahead["kind"], re.IGNORECASE) else ""
        year = f"{ahead['year']}-" if ahead["year"] else ""
        number = ahead["number"].replace(",", "").lstrip("0")
        return title or part.title, f"{kind}{year}{number}"
    inside = _ORDER_INSIDE.search(part.text[:200]) if not register else None
    return title, inside["number"].replace(",", "") if inside else ""


def documents_conflict(one: Document, other: Document) -> str:
    """Return which official mark of two orders or entries differs, "" where none does."""
    if _federal(one) != _federal(other) or (not _federal(one) and one.place != other.place):
        return "other governments"
    differ = one.number and other.number and one.number != other.number
    return f"orders {one.number} and {other.number}" if differ else ""
