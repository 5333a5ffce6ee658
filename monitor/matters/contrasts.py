"""What speaks against two headlines telling one event: numbers, places, steps, persons.

Each check compares two sets of concepts and answers with the contrast in words, "" where there is
none. A headline that leaves something out contradicts nothing.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

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


def contrast(one: frozenset[str], other: frozenset[str]) -> str:
    """Return what speaks against two headlines telling one event, "" where nothing does."""
    return _numbers(one, other) or _places(one, other) or _persons(one, other) or _steps(one, other)


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


def _numbers(one: frozenset[str], other: frozenset[str]) -> str:
    """Compare years, and other numbers; how many states joined a suit is told in many ways."""
    if one & _COUNTED_STATES and other & _COUNTED_STATES:
        return ""
    for numbers in (_PLAIN_NUMBER, _YEAR):
        first = {word for word in one if numbers.fullmatch(word)}
        second = {word for word in other if numbers.fullmatch(word)}
        if first and second and not (first <= second or second <= first):
            return f"other numbers ({_listed(first)} and {_listed(second)})"
    return ""


def _places(one: frozenset[str], other: frozenset[str]) -> str:
    """Compare the states and cities that are named; a joint action of states names many."""
    if one & _COUNTED_STATES and other & _COUNTED_STATES:
        return ""
    for depth in (0, 1):
        first = {word for word in one if word[0] == "@" and word.count("/") == depth}
        second = {word for word in other if word[0] == "@" and word.count("/") == depth}
        if first and second and not first & second:
            return f"other places ({_listed(first)} and {_listed(second)})"
    return ""


def _persons(one: frozenset[str], other: frozenset[str]) -> str:
    for first, second in _EXCLUSIVE:
        for here, there in ((one, other), (other, one)):
            if first in here and second in there and first not in there and second not in here:
                return f"{first} and {second}"
    return ""


def _steps(one: frozenset[str], other: frozenset[str]) -> str:
    for steps in _STEPS:
        first, second = one.intersection(steps), other.intersection(steps)
        if first and second and not first & second:
            return f"other steps ({_listed(first)} and {_listed(second)})"
    return ""


def _listed(words: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(word.strip("#@") for word in words))
