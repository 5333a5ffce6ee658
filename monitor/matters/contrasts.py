"""What speaks against two headlines telling one event: numbers, places, steps, persons.

Each check compares two sets of concepts and answers with the contrast in words, "" where there is
none. A headline that leaves something out contradicts nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from monitor.matters.language import total, weight

# Steps of one affair: news of one step is not news of the other.
_STEPS = (
    ("investigate", "arrest", "plead", "sentence", "acquit", "convict"),
    ("propose", "approve", "sign", "veto", "delay", "reject"),
    ("hear", "block", "appeals", "supreme"),
    ("release", "deport", "return", "detain", "escape"),
    ("end", "begin", "expand", "drawdown"),
)
_EXCLUSIVE = (
    ("man", "woman"),
    ("senate", "house"),
    ("north", "south"),
    ("east", "west"),
    ("northern", "southern"),
    ("eastern", "western"),
    ("limit", "expand"),
    ("lift", "block"),
    ("lift", "extend"),
    ("lift", "uphold"),
    ("block", "uphold"),
    ("win", "lose"),
    ("denied", "block"),
    ("sue", "judge"),
    ("judge", "appeals"),
    ("judge", "supreme"),
    ("appeals", "supreme"),
)
_MARKS = frozenset(word for pair in _EXCLUSIVE for word in pair)
_COUNTED_STATES = frozenset({"coalition", "ag"})
_PLAIN_NUMBER = re.compile(r"#(?!(?:19|20)\d\d$)[\d.]+(?:st|nd|rd|th)?")
_YEAR = re.compile(r"#(?:19|20)\d\d")
# What each filling of one slot of a headline must weigh, less where they share no name; and how
# much of what two headlines share must stand in one order for the rest to be slots.
_SLOT, _NAMELESS_SLOT, _NAME, _IN_ORDER = 1.0, 0.6, 1.0, 0.85
# Two headlines that share more than this weight are one sentence, whatever else they add.
_SENTENCE = 6.0
# Less than this shared is no pattern.
_PATTERN = 1.2
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class _Facets:
    """What of a headline can contradict another one.

    joint: many states act. numbers: plain ones, and years. places: states, and cities.
    marks: of `_EXCLUSIVE`; steps: of each affair.
    """

    joint: bool
    numbers: tuple[frozenset[str], ...]
    places: tuple[frozenset[str], ...]
    marks: frozenset[str]
    steps: tuple[frozenset[str], ...]


@lru_cache(maxsize=_KEPT)
def _facets(words: frozenset[str]) -> _Facets:
    return _Facets(
        joint=bool(words & _COUNTED_STATES),
        numbers=tuple(
            frozenset(word for word in words if form.fullmatch(word))
            for form in (_PLAIN_NUMBER, _YEAR)
        ),
        places=tuple(
            frozenset(word for word in words if word[0] == "@" and word.count("/") == depth)
            for depth in (0, 1)
        ),
        marks=words & _MARKS,
        steps=tuple(words.intersection(steps) for steps in _STEPS),
    )


def contrast(one: frozenset[str], other: frozenset[str]) -> str:
    """Return what speaks against two headlines telling one event, "" where nothing does."""
    here, there = _facets(one), _facets(other)
    return (
        _numbers(here, there)
        or _places(here, there)
        or _persons(here, there)
        or _steps(here, there)
    )


def substitution(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    """Return what two headlines of one pattern put in one place, "" where they have no pattern.

    "Board approves detention contract" and "Board approves road contract" share most of their
    words and tell two things; two outlets that tell one thing seldom build one sentence.
    """
    shared = frozenset(one) & frozenset(other)
    if not _PATTERN <= total(shared) <= _SENTENCE:
        return ""
    slot = _SLOT if any(weight(word) >= _NAME for word in shared) else _NAMELESS_SLOT
    # The matcher is not symmetric: the words themselves settle which headline is the first.
    one, other = sorted((one, other))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    kept = {
        word for block in matcher.get_matching_blocks() for word in one[block.a :][: block.size]
    }
    if total(kept) < _IN_ORDER * total(shared):
        return ""
    codes = matcher.get_opcodes()
    if sum(tag != "equal" for tag, *_ in codes) == 1:
        slot = _NAMELESS_SLOT
    for tag, start, end, begin, stop in codes:
        first = frozenset(one[start:end]) - shared
        second = frozenset(other[begin:stop]) - shared
        if tag == "replace" and min(total(first), total(second)) >= slot:
            return f"{_listed(first)} for {_listed(second)}"
    return ""


def _numbers(one: _Facets, other: _Facets) -> str:
    """Compare years, and other numbers; how many states joined a suit is told in many ways."""
    if one.joint and other.joint:
        return ""
    for first, second in zip(one.numbers, other.numbers, strict=True):
        if first and second and not (first <= second or second <= first):
            return f"other numbers ({_listed(first)} and {_listed(second)})"
    return ""


def _places(one: _Facets, other: _Facets) -> str:
    """Compare the states and cities that are named; a joint action of states names many."""
    if one.joint and other.joint:
        return ""
    for first, second in zip(one.places, other.places, strict=True):
        if first and second and not first & second:
            return f"other places ({_listed(first)} and {_listed(second)})"
    return ""


def _persons(one: _Facets, other: _Facets) -> str:
    mine, theirs = one.marks - other.marks, other.marks - one.marks
    if not mine or not theirs:
        return ""
    for first, second in _EXCLUSIVE:
        if (first in mine and second in theirs) or (first in theirs and second in mine):
            return f"{first} and {second}"
    return ""


def _steps(one: _Facets, other: _Facets) -> str:
    for first, second in zip(one.steps, other.steps, strict=True):
        if first and second and not first & second:
            return f"other steps ({_listed(first)} and {_listed(second)})"
    return ""


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(word.strip("#@") for word in words))
