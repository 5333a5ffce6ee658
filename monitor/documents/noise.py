"""Tells new words from old ones that were moved, wrapped otherwise, or misread.

new words → runs of six that the old text has → what lies between is held against what lay between
in the old text → words that are alike but for a letter are old
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain, pairwise

_RUN = 6
# Words between two places that both texts share; where there are more, none of them is explained.
_MOST_BETWEEN = 1_500
_MOST_PAIRS = 50_000
_LEAST_LETTERS = 5
_MOST_PLACES = 16
# A numbering, or a divided word, is no longer than that.
_NUMBERING = 2
_ALIKE = 0.8
# What scanners take for each other, after folding: one sign stands for all.
_CONFUSED = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b"})
# Where a word stands in the old text: nowhere, or in a line that is the same but stands anywhere.
_NOWHERE, _SOMEWHERE = -2, -3
_PAGES = frozenset({"page", "pages", "p", "pp", "pg", "pgs"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))

Words = Sequence[str]


def fresh_words(
    old: Sequence[Words], new: Sequence[Words], numbers: Collection[str] = ()
) -> list[list[bool]]:
    """Say of each word of each line of `new` whether `old` lacks it; lines are runs of words.

    numbers: what was taken for numbering in the old text; wrapped otherwise it may stand in a line.
    """
    before = list(chain.from_iterable(old))
    after = list(chain.from_iterable(new))
    origin = _origins(before, after)
    whole = {tuple(line) for line in old}
    position = 0
    spans = []
    for line in new:
        spans.append((position, position + len(line)))
        if tuple(line) in whole:
            for place in range(position, position + len(line)):
                origin[place] = _SOMEWHERE if origin[place] == _NOWHERE else origin[place]
        position += len(line)
    fresh = [place == _NOWHERE for place in origin]
    for start, end in _runs(fresh):
        _explain(before, after, origin, fresh, start, end)
    _clear_breaks(before, after, fresh)
    _clear_page_references(after, fresh)
    for start, end in _runs(fresh):
        if end - start <= _NUMBERING and all(word in numbers for word in after[start:end]):
            fresh[start:end] = [False] * (end - start)
    return [fresh[start:end] for start, end in spans]


def _clear_breaks(before: Words, after: Words, fresh: list[bool]) -> None:
    """Take words for old that were only divided at the end of a line, or are no longer."""
    if not any(fresh):
        return
    whole = set(before)
    divided = {one + other for one, other in pairwise(before)}
    for start, end in _runs(fresh):
        for place in range(start, end):
            word = after[place]
            if len(word) >= _LEAST_LETTERS and word in divided:
                fresh[place] = False
        borders = ((start - 1, end), (start, end + 1), (start - 1, end + 1), (start, end))
        joined = ["".join(after[max(a, 0) : b]) for a, b in borders if b - a > 1]
        if end - start <= _NUMBERING and any(
            len(word) >= _LEAST_LETTERS and word in whole for word in joined
        ):
            fresh[start:end] = [False] * (end - start)


def _clear_page_references(words: Words, fresh: list[bool]) -> None:
    """Take "p. 12" and "pages 3-9" for old: whatever is put in before moves them all."""
    for place, word in enumerate(words):
        earlier = words[max(place - 2, 0) : place]
        if word in _PAGES or (word.isdigit() and any(one in _PAGES for one in earlier)):
            fresh[place] = False


def _origins(before: Words, after: Words) -> list[int]:
    """Give each word the place in the old text of a run of six that holds it."""
    origin = [_NOWHERE] * len(after)
    places: dict[tuple[str, ...], list[int]] = {}
    for place in range(len(before) - _RUN + 1):
        same = places.setdefault(tuple(before[place : place + _RUN]), [])
        if len(same) < _MOST_PLACES:
            same.append(place)
    ahead = 0
    for start in range(len(after) - _RUN + 1):
        found = places.get(tuple(after[start : start + _RUN]))
        if found is not None:
            # What is said twice is taken for the one that goes on from where we are.
            nearest = min(found, key=lambda place: abs(place - start - ahead))
            ahead = nearest - start
            origin[start : start + _RUN] = range(nearest, nearest + _RUN)
    return origin


def _runs(fresh: Sequence[bool]) -> list[tuple[int, int]]:
    """List (start, end) of the runs of new words."""
    runs: list[tuple[int, int]] = []
    for place, is_fresh in enumerate(fresh):
        if is_fresh and runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        elif is_fresh:
            runs.append((place, place + 1))
    return runs


def _explain(
    before: Words, after: Words, origin: Sequence[int], fresh: list[bool], start: int, end: int
) -> None:
    """Clear those of a run of new words that lay there in the old text, letter for letter or so."""
    between = _between(before, origin, start, end)
    # What is much longer is something else, and has some of any words.
    if len(between) > min(2 * (end - start) + 10, _MOST_BETWEEN):
        return
    if _pairs(between, after[start:end]) > _MOST_PAIRS:
        return
    for place in _known(between, after[start:end]):
        fresh[start + place] = False


def _pairs(old: Words, new: Words) -> int:
    """Count the pairs of equal words: comparing takes as long as there are such."""
    counted = Counter(old)
    return sum(counted[word] for word in new)


def _between(before: Words, origin: Sequence[int], start: int, end: int) -> Words:
    """Return what the old text has between the same neighbours; nothing where they are others."""
    left, right = start - 1, end
    while left >= 0 and origin[left] == _SOMEWHERE:
        left -= 1
    while right < len(origin) and origin[right] == _SOMEWHERE:
        right += 1
    low = origin[left] if left >= 0 else -1
    high = origin[right] if right < len(origin) else len(before)
    if _NOWHERE in (low, high):
        return ()
    return before[low + 1 : high]


def _known(old: Words, new: Words) -> Iterator[int]:
    """Yield the places of words that are old."""
    comparison = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in comparison.get_opcodes():
        misread = kind == "replace" and _misread(old[a:b], new[c:d])
        specks = kind == "insert" and all(len(w) == 1 and w.isalpha() for w in new[c:d])
        if kind == "equal" or misread or specks:
            yield from range(c, d)


def _misread(old: Words, new: Words) -> bool:
    """Say whether words differ only as two readings of one picture do; an amount never does."""
    one, other = _squashed(old), _squashed(new)
    if one == other:
        return True
    if [w for w in old if w[-1].isdigit()] != [w for w in new if w[-1].isdigit()]:
        return False
    if one.endswith(other) or other.endswith(one):  # "unlawful" is no misreading of "lawful"
        return False
    long_enough = min(len(one), len(other)) >= _LEAST_LETTERS
    return long_enough and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def _squashed(words: Words) -> str:
    text = "".join(words).replace(",", "").translate(_CONFUSED)
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return text
