"""Says what is new in a text that was published again: items added late to an agenda, edits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from monitor.documents.lines import Line, lines_of, running_heads
from monitor.documents.noise import fresh_words
from monitor.text import one_line

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z\u201c\"(])|\n+")
_MOST_PARTS = 4_000
_LONGEST = 400
# A number at the edge of a line is its numbering, or the page that a table of contents names.
_NUMERAL = re.compile(r"\d{1,3}|[a-z]|[ivxl]{1,5}")
_NAMED = frozenset(
    {"no", "number", "bill", "resolution", "ordinance", "section", "file", "district"}
)
_MOST_AROUND = 5


@dataclass(frozen=True, slots=True)
class Added:
    """Lines that stand together and were not there before; `page` counts from 1."""

    page: int
    text: str


def added_lines(old: Sequence[str], new: Sequence[str]) -> tuple[Added, ...]:
    """Return what the pages of `new` say and those of `old` do not, in order.

    Compared by words, six in a row, so that what is only moved, renumbered, wrapped otherwise, put
    on another page, set with other blanks, capitals or quotes, or misread in a letter or two is not
    new; nor are page numbers, running heads and dates of printing. A line that says what an earlier
    line said, word for word, is not new even where it stands twice: heads and votes do. A line of
    which a word or an amount changed is new, with the lines over which its sentence runs.
    """
    before = lines_of(old)
    after = lines_of(new, running_heads(old))
    numbers = {word for line in before for word in line.number}
    fresh = fresh_words([line.words for line in before], [line.words for line in after], numbers)
    chosen = [_is_new(line, mask) for line, mask in zip(after, fresh, strict=True)]
    return tuple(_grouped(after, _with_their_sentences(after, fresh, chosen)))


def _is_new(line: Line, fresh: Sequence[bool]) -> bool:
    """Say whether a line has new words that are no numbering and no page number."""
    places = [place for place, is_fresh in enumerate(fresh) if is_fresh]
    if len(places) != 1 or len(line.words) == 1:
        return bool(places)
    (place,) = places
    if not _NUMERAL.fullmatch(line.words[place]):
        return True
    at_the_end = place == len(line.words) - 1 and line.words[place - 1] not in _NAMED
    return not (place == 0 or at_the_end)


def _with_their_sentences(
    lines: Sequence[Line], fresh: Sequence[Sequence[bool]], chosen: Sequence[bool]
) -> set[int]:
    """Take the lines over which the sentences of the chosen ones run, a few each way.

    A line whose last word is new ends an addition, and one whose first word is begins it, unless
    small letters go on with it.
    """
    taken: set[int] = set()
    for place, is_chosen in enumerate(chosen):
        if not is_chosen:
            continue
        first = last = place
        inside = not fresh[place][0]
        while place - first < _MOST_AROUND and first and _goes_on(lines, first - 1, inside):
            first, inside = first - 1, True
        inside = not fresh[place][-1]
        while last - place < _MOST_AROUND and _goes_on(lines, last, inside):
            last, inside = last + 1, True
        taken.update(range(first, last + 1))
    return taken


def _goes_on(lines: Sequence[Line], place: int, inside: bool) -> bool:
    """Say whether a sentence runs from one line into the next, where it is known to be `inside`."""
    if place + 1 >= len(lines):
        return False
    line, following = lines[place], lines[place + 1]
    if following.numbered or line.page != following.page or line.text.endswith((".", ";", ":")):
        return False
    begins = following.text[0]
    return begins.islower() or ((inside or begins == "$") and line.wide)


def _grouped(lines: Sequence[Line], taken: set[int]) -> Iterator[Added]:
    """Put lines that stand together into one."""
    # What stands together keeps its distance from its rank.
    ranked = enumerate(sorted(taken))
    runs = groupby(ranked, key=lambda pair: (lines[pair[1]].page, pair[1] - pair[0]))
    for (page, _), run in runs:
        yield Added(page, "\n".join(lines[place].text for _, place in run))


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


def _parts(text: str) -> list[str]:
    return [" ".join(part.split()) for part in _SENTENCE.split(text) if part and part.strip()]


def _by_count(before: list[str], after: list[str]) -> str:
    """Compare long texts without regard to order: the other way takes quadratic time."""
    went, came = Counter(before), Counter(after)
    lines = [f"- {one_line(part, _LONGEST)}" for part in (went - came).elements()]
    lines += [f"+ {one_line(part, _LONGEST)}" for part in (came - went).elements()]
    return "\n".join(lines)
