"""Reads the pages of a document as lines of words that can be compared: what only sets it is gone.

page numbers, running heads, dates of printing, numbering, dot leaders → nothing
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.text import fold

# "12.", "(b)", "IV.", "5.3", "A-2)": what moves when an item is put in before.
_NUMBERING = re.compile(
    r"^(?:[\u2022\u00b7\u25aa\u25e6\u25cf*-]\s+)?"
    r"(?:(?:item\s+)?(?:\(?(?:\d{1,3}|[a-z]|[ivxl]{1,6})(?:[.-]\d{1,3})*[.):](?:\s+|$))+)?"
)
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\W*\d{1,4}\W*(?:(?:of|/)\s*\d{1,4})?\W*")
_PRINTED = re.compile(
    r"^\W*(?:last\s+)?(?:printed|generated|created|revised|amended|updated|modified|posted|published"
    r"|prepared|run date|print date|as of)\b[^a-z]*(?:(?:on|at|by|the|of|date|time|[ap]m|[ap]\.m|"
    r"agenda|version|legistar|granicus|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january"
    r"|february|march|april|august|september|october|november|december|mon|tues?|wed|thu|fri|sat|sun"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|[ecmp][sd]?t)\b[^a-z]*)*$"
)
# "$1,250.00", "12:30", "10%"; words of letters. What stands between them does not count.
_WORD = re.compile(r"\$?\d+(?:[.,:/]\d+)*%?|[^\W\d_]+")
# What a numbering is made of: words, or a bullet.
_MARK = re.compile(rf"{_WORD.pattern}|\S")
_DIGITS = re.compile(r"\d+")
# Dots in a row; and how long a line may be that only says when the document was printed.
_LEADERS = 4
_SHORT = 200
# A running head stands among the first or last lines of most pages, of both where there are two.
_AT_THE_EDGE = 4
_AT_THE_VERY_EDGE = 2
_LEAST_PAGES = 2
# As wide as that, of the widest line of its page, a line may be wrapped.
_WIDE = 0.7


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page that says something; pages count from 1.

    words: what is compared. number: its numbering, which begins an item; of a line that only says
    when the document was printed, and on which page, all of it.
    wide: it fills its page's width, so that the next line may go on with it.
    """

    page: int
    text: str
    words: tuple[str, ...]
    number: tuple[str, ...]
    wide: bool

    @property
    def numbered(self) -> bool:
        """Say whether it begins an item."""
        return bool(self.number)


def lines_of(pages: Sequence[str], more_heads: frozenset[str] = frozenset()) -> tuple[Line, ...]:
    """Return the lines that say something, without running heads; `more_heads` are such, too."""
    heads = more_heads | running_heads(pages)
    return tuple(
        line
        for number, page in enumerate(pages, start=1)
        for line in _page_lines(page, number, heads)
    )


def running_heads(pages: Sequence[str]) -> frozenset[str]:
    """Find the shapes of the lines that stand at the edge of most pages, whatever their numbers."""
    if len(pages) < _LEAST_PAGES:
        return frozenset()
    counted: Counter[str] = Counter()
    edge = _AT_THE_EDGE if len(pages) > _LEAST_PAGES else _AT_THE_VERY_EDGE
    for page in pages:
        lines = page.splitlines()
        counted.update({_shape(line) for line in (*lines[:edge], *lines[-edge:])})
    least = max(_LEAST_PAGES, len(pages) // 2)
    return frozenset(shape for shape, times in counted.items() if times >= least)


def _shape(line: str) -> str:
    return _DIGITS.sub("#", fold(line))


def _page_lines(page: str, number_of_page: int, heads: frozenset[str]) -> Iterator[Line]:
    lines = page.splitlines()
    widest = max(map(len, lines), default=0)
    for place, line in enumerate(lines):
        folded = fold(line)
        if _DIGITS.sub("#", folded) in heads:
            continue
        at_the_edge = place in (0, len(lines) - 1)
        bare = _NUMBERING.sub("", folded)
        if len(folded) <= _SHORT and _is_furniture(folded, at_the_edge):
            bare = ""
        words = tuple(_WORD.findall(_without_leaders(bare)))
        number = tuple(_MARK.findall(folded[: len(folded) - len(bare)]))
        if words or number:
            wide = len(line) >= widest * _WIDE
            yield Line(number_of_page, line.strip(), words, number, wide)


def _is_furniture(folded: str, at_the_edge: bool) -> bool:
    """Say whether a line is a page number, or says when the document was printed."""
    if _PRINTED.match(folded):
        return True
    numbered = _PAGE_NUMBER.fullmatch(folded) is not None
    return numbered and (at_the_edge or folded.startswith("page"))


def _without_leaders(line: str) -> str:
    """Take the dots of a table of contents away, and the page that they lead to."""
    dotted = line.rstrip(" 0123456789")
    bare = dotted.rstrip(". ")
    return bare if dotted.count(".", len(bare)) >= _LEADERS else line
