"""What speaks against two headlines telling one event: numbers, places, steps, persons.

Each check compares two sets of concepts and answers with the contrast in words, "" where there is
none. A headline that leaves something out contradicts nothing.
"""

from __future__ import annotations

import re

# Steps of one affair: news of one step is not news of the other.
_STEPS = (
    ("arrest", "plead", "sentence", "acquit", "convict"),
    ("propose", "approve", "sign", "veto", "delay", "reject"),
    ("sue", "hear", "block", "appeals", "supreme"),
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
    ("win", "lose"),
    ("denied", "block"),
)
_COUNTED_STATES = frozenset({"coalition", "ag"})
_PLAIN_NUMBER = re.compile(r"#(?!(?:19|20)\d\d$)[\d.]+")


def contrast(one: frozenset[str], other: frozenset[str]) -> str:
    """Return what speaks against two headlines telling one event, "" where nothing does."""
    return _numbers(one, other) or _places(one, other) or _persons(one, other) or _steps(one, other)


def _numbers(one: frozenset[str], other: frozenset[str]) -> str:
    """Compare numbers other than years; how many states joined a suit is told in many ways."""
    if one & _COUNTED_STATES and other & _COUNTED_STATES:
        return ""
    first = {word for word in one if _PLAIN_NUMBER.fullmatch(word)}
    second = {word for word in other if _PLAIN_NUMBER.fullmatch(word)}
    if not first or not second or first <= second or second <= first:
        return ""
    return f"other numbers ({_listed(first)} and {_listed(second)})"


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
