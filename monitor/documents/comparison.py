"""Says what is new in a text that was published again: items added late to an agenda, edits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from monitor.text import fold, one_line

# "12.", "(b)", "IV.", "5.3", "A-2)": what moves when an item is put in before.
_NUMBERING = re.compile(
    r"^(?:item\s+)?(?:\(?(?:\d{1,4}|[a-z]|[ivxl]{1,6})(?:[.-]\d{1,3})*[.):](?:\s+|$))+"
)
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\W*\d{1,4}\W*(?:(?:of|/)\s*\d{1,4})?\W*")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z\u201c\"(])|\n+")
_MOST_PARTS = 4_000
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Added:
    """Lines that stand together and were not there before; `page` counts from 1."""

    page: int
    text: str


def added_lines(old: Sequence[str], new: Sequence[str]) -> tuple[Added, ...]:
    """Return what the pages of `new` say and those of `old` do not, in order.

    What is only moved, renumbered, or set with other blanks, capitals or quotes is not new; a line
    that stands more often than before is.
    """
    known = Counter(said for page in old for _, said in _lines(page))
    found: list[Added] = []
    for number, page in enumerate(new, start=1):
        group: list[str] = []
        for line, said in _lines(page):
            if known[said]:
                known[said] -= 1
                found.extend(_grouped(number, group))
                group = []
            else:
                group.append(line)
        found.extend(_grouped(number, group))
    return tuple(found)


def difference(old: str, new: str) -> str:
    """Write a readable comparison of two texts: "- " before what went, "+ " before what came.

    Compared by sentences and lines, in their order; what is equal is left out. A sentence of which
    a few words changed shows both forms, one above the other.
    """
    before, after = _parts(old), _parts(new)
    if len(before) + len(after) > _MOST_PARTS:
        return _by_count(before, after)
    lines: list[str] = []
    comparison = SequenceMatcher(a=before, b=after, autojunk=False)
    for word, start, stop, begin, end in comparison.get_opcodes():
        if word != "equal":
            lines += [f"- {one_line(part, _LONGEST)}" for part in before[start:stop]]
            lines += [f"+ {one_line(part, _LONGEST)}" for part in after[begin:end]]
    return "\n".join(lines)


def _lines(page: str) -> Iterator[tuple[str, str]]:
    """Yield a page's lines with what is compared of each; page numbers are left out."""
    for line in page.splitlines():
        said = _NUMBERING.sub("", fold(line))
        if said and _LETTER.search(said) and not _PAGE_NUMBER.fullmatch(said):
            yield line.strip(), said


def _grouped(page: int, lines: list[str]) -> tuple[Added, ...]:
    return (Added(page, "\n".join(lines)),) if lines else ()


def _parts(text: str) -> list[str]:
    return [" ".join(part.split()) for part in _SENTENCE.split(text) if part and part.strip()]


def _by_count(before: list[str], after: list[str]) -> str:
    """Compare long texts without regard to order: the other way takes quadratic time."""
    went, came = Counter(before), Counter(after)
    lines = [f"- {one_line(part, _LONGEST)}" for part in (went - came).elements()]
    lines += [f"+ {one_line(part, _LONGEST)}" for part in (came - went).elements()]
    return "\n".join(lines)
