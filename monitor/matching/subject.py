"""What is matched: an item as named fields of text, and what sort of place each part of them is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from monitor.models import Identifier, Item, ItemType

TITLE = "title"
TEXT = "text"
_LONGEST_SENTENCE = 300
_WRAPPED = 50


class Place(IntEnum):
    """Where in an item something stands; what is said at a lower place says more."""

    HEADLINE = 0
    BODY = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True)
class Subject:
    """What a filter is held against.

    fields: (name, text) pairs: title, text, and any documents ("agenda.pdf p. 12").
    type: None where it is not known. jurisdiction: a division id, a court's id, or "".
    identifiers: official names; docket numbers are looked up in watch-lists.
    """

    fields: tuple[tuple[str, str], ...]
    type: ItemType | None = None
    jurisdiction: str = ""
    identifiers: tuple[Identifier, ...] = ()


def subject_of(item: Item, documents: Iterable[tuple[str, str]] = ()) -> Subject:
    """See an item, and the texts of its documents, as fields."""
    fields = ((TITLE, item.title), (TEXT, item.text), *documents)
    return Subject(fields, item.type, item.jurisdiction, item.identifiers)


def subject_of_text(text: str, kind: ItemType | None = None, jurisdiction: str = "") -> Subject:
    """See a text as an item: its first line is the title, the rest the text."""
    title, _, rest = text.strip().partition("\n")
    return Subject(((TITLE, title.strip()), (TEXT, rest.strip())), kind, jurisdiction)


# A sentence ends at . ! or ? before a space and a capital, but not after "U.S.", "No.", "v.".
_STOP = re.compile(
    r"[.!?](?<!\b[A-Z].)(?<!\bNo.)(?<!\bSec.)(?<!\bv.)(?<!\bvs.)(?<!\bDr.)(?<!\bMr.)(?<!\bMs.)"
    r"(?<!\bSt.)(?<!\bInc.)(?<!\bet al.)(?<!\bart.)(?<!\bpp.)(?<!\bcf.)"
    r"[\"')\]\u201d]?\s+(?=[\"'(\u201c\u00a7]?[A-Z0-9])"
)
_LABEL = re.compile(r"(?:[A-Z][\w .]{1,30}: .{0,120}\n)*")
_RECITALS = re.compile(
    r"(?P<begin>\bWHEREAS\b|(?:(?<=\n)|(?<=; )|(?<=;\n)|\A)Whereas,)|(?P<end>"
    r"\bNOW,? THEREFORE|\bNow,? therefore|\bBE IT (?:FURTHER )?(?:RESOLVED|ORDAINED|ENACTED)"
    r"|\bBe it (?:further )?(?:resolved|ordained|enacted)|\bRESOLVED\b)"
)
_COMMENT_LINE = re.compile(
    r"^[^\na-z]{0,8}(?:(?:general |open )?public (?:comments?|testimony|forum|speakers?)|citizens? "
    r"comments?|oral communications|approval of (?:the )?minutes|minutes of (?:the )?)[^\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADING = re.compile(r"^(?=[^\na-z]*[A-Z]{4})[^\na-z]{4,80}$", re.MULTILINE)


def sentence_end(text: str, position: int) -> int:
    """Find where the sentence that holds `position` ends, at most 300 characters on."""
    limit = min(len(text), position + _LONGEST_SENTENCE)
    line = text.find("\n", position, limit)
    while line >= 0 and _is_wrapped(text, line):
        line = text.find("\n", line + 1, limit)
    stop = limit if line < 0 else line
    found = _STOP.search(text, position, min(stop + 1, len(text)))
    return min(found.end(), stop) if found else stop


def sentence_start(text: str, position: int) -> int:
    """Find where the sentence that holds `position` begins, at most 300 characters before."""
    limit = max(0, position - _LONGEST_SENTENCE)
    line = text.rfind("\n", limit, position)
    while line >= 0 and _is_wrapped(text, line):
        line = text.rfind("\n", limit, line)
    start = limit if line < 0 else line + 1
    for found in _STOP.finditer(text, start, position + 1):
        if found.end() <= position:
            start = found.end()
    return start


def _is_wrapped(text: str, line: int) -> bool:
    """Say whether a line break stands within a sentence, as in the text of a PDF.

    It does after a long line that ends without a stop, before a line with words.
    """
    start = text.rfind("\n", max(0, line - _LONGEST_SENTENCE), line) + 1
    before = text[max(start, line - _LONGEST_SENTENCE) : line].strip()
    after = text[line + 1 : line + 40].lstrip(" \t")
    return len(before) >= _WRAPPED and before[-1] not in ".;:!?" and after[:1].isalnum()


def first_sentence(text: str) -> tuple[int, int]:
    """Find the first sentence of a text; lines like "Meeting: ..." that come before are none."""
    labels = _LABEL.match(text)
    start = labels.end() if labels else 0
    return start, sentence_end(text, start)


def background(text: str) -> tuple[tuple[int, int], ...]:
    """Find the recitals of a resolution, and the minutes and public comment of an agenda.

    Returns (start, end) in order, none overlapping another.
    """
    merged: list[tuple[int, int]] = []
    for start, end in sorted((*_recitals(text), *_comments(text))):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def inside(spans: tuple[tuple[int, int], ...], position: int) -> bool:
    """Say whether a position lies in one of some spans that do not overlap, in their order."""
    index = bisect_right(spans, position, key=lambda span: span[0]) - 1
    return index >= 0 and position < spans[index][1]


def _recitals(text: str) -> Iterable[tuple[int, int]]:
    if "WHEREAS" not in text and "Whereas" not in text:
        return
    begin = -1
    for found in _RECITALS.finditer(text):
        if found.lastgroup == "begin":
            begin = found.start() if begin < 0 else begin
        elif begin >= 0:
            yield begin, found.start()
            begin = -1
    if begin >= 0:
        yield begin, len(text)


def _comments(text: str) -> Iterable[tuple[int, int]]:
    for found in _COMMENT_LINE.finditer(text):
        heading = _HEADING.search(text, found.end() + 1)
        yield found.start(), heading.start() if heading else len(text)
