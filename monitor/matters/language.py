"""Reads words as concepts: "Feds to wind down Minn. crackdown" and "ICE surge to end" share most.

text -> words -> places, phrases, numbers -> concepts, each with a weight
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from monitor.matters.places import named_places, place_openers
from monitor.matters.words import COMMON, CONCEPTS, FAINT, OPENERS, PHRASES, SILENT
from monitor.text import fold

_TOKEN = re.compile(r"\d{1,2}(?:st|nd|rd|th)\b|\$?\d[\d,]*(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*")
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")
_LONGEST_PHRASE = 4
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        (
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ),
        start=2,
    )
}
# A word of so many letters is not cut further.
_SHORTEST = 3
# "cooperation" is "cooperate"; "nation" and "mission" are themselves.
_LONG = 8
# "fil(ing)" and "mov(ed)" lost an "e", "act(ing)" did not.
_SILENT_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")
_ORDINALS = {
    word: number
    for words, number in (
        ("first 1st", "#1st"), ("second 2nd", "#2nd"), ("third 3rd", "#3rd"),
        ("fourth 4th", "#4th"), ("fifth 5th", "#5th"), ("sixth 6th", "#6th"),
        ("seventh 7th", "#7th"), ("eighth 8th", "#8th"), ("ninth 9th", "#9th"),
        ("tenth 10th", "#10th"), ("eleventh 11th", "#11th"), ("twelfth 12th", "#12th"),
    )
    for word in words.split()
}  # fmt: skip
_FAINT_NUMBER = re.compile(r"#(?:(?:19|20)\d\d|\d+(?:st|nd|rd|th))")
_STATE, _CITY, _FAINT, _COMMON, _YEARS, _PLAIN = 0.35, 0.6, 0.25, 0.6, 0.2, 1.2


def tokens(text: str) -> list[str]:
    """Return a text's words and numbers, folded; "U.S." is one word, "5-year-old" three."""
    folded = fold(text)
    if "." in folded:
        folded = _DOTTED.sub(lambda found: found.group().replace(".", ""), folded)
    return _TOKEN.findall(folded)


def concepts(text: str) -> tuple[str, ...]:
    """Return what a text speaks of, in its order: concepts, "#5" for numbers, "@mn" for places."""
    said = [word.removesuffix("'s") for word in tokens(text)]
    words = [_singular(word) for word in said]
    found: list[str] = []
    position = 0
    while position < len(words):
        step = _named(said, words, position, found)
        if not step:
            step = 1
            if concept := _single(words[position]):
                found.append(concept)
        position += step
    return tuple(found)


def _named(said: list[str], words: list[str], position: int, found: list[str]) -> int:
    """Add the place or phrase that begins at a position; return how many words it takes.

    A place is named as it is said, "Los Angeles"; the words of a phrase are singular.
    """
    if said[position] in place_openers():
        name, length = _longest(named_places(), said, position)
        found.extend(_places(name) if length else ())
        if length:
            return length
    if words[position] not in OPENERS:
        return 0
    name, length = _longest(PHRASES, words, position)
    found.extend(name.split("+") if length else ())
    return length


def _longest(
    names: Mapping[tuple[str, ...], str], words: list[str], position: int
) -> tuple[str, int]:
    for length in range(_LONGEST_PHRASE, 0, -1):
        name = names.get(tuple(words[position : position + length]))
        if name is not None:
            return name, length
    return "", 0


def _places(name: str) -> tuple[str, ...]:
    state = name.partition("/")[0]
    return (f"@{state}",) if state == name else (f"@{state}", f"@{name}")


@lru_cache(maxsize=8192)
def _single(word: str) -> str:
    """Return the concept of one word; "" for words that tell nothing."""
    if number := _numbered(word):
        return number
    if word in CONCEPTS:
        return CONCEPTS[word]
    if word in SILENT or len(word) == 1:
        return ""
    verb = _verb(word)
    for spelled in (verb, verb + "e") if verb != word else (verb,):
        if spelled in CONCEPTS:
            return CONCEPTS[spelled]
    noun = verb[:-3] if verb.endswith("ion") and len(verb) >= _LONG else verb
    return noun.removesuffix("e") if len(noun) > _SHORTEST + 1 else noun


@lru_cache(maxsize=8192)
def _singular(word: str) -> str:
    """Cut a plural: "agents", "cities"."""
    if len(word) <= _SHORTEST or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word in CONCEPTS or (word,) in named_places() or word in place_openers():
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]


def _numbered(word: str) -> str:
    """Return a number as a concept: "#5" for "5", "five" and "$5", "#2nd" for "second"."""
    if word in _ORDINALS:
        return _ORDINALS[word]
    if word[0].isdigit() or word[0] == "$":
        return "#" + word.strip("$,.").replace(",", "")
    return "#" + _NUMBERS[word] if word in _NUMBERS else ""


def _verb(word: str) -> str:
    """Cut the endings of verbs, so that "charged", "charging" and "charge" are one."""
    ending = next((end for end in ("ing", "ed") if word.endswith(end)), "")
    stem = word.removesuffix(ending)
    if not ending or len(stem) < _SHORTEST:
        return word
    if len(stem) > _SHORTEST and stem[-1] == stem[-2] and stem[-1] not in "sl":
        return stem[:-1]
    return stem + "e" if _SILENT_E.fullmatch(stem) else stem


@cache
def _weights() -> Mapping[str, float]:
    """Return the weights of the concepts that are common, each as `concepts` writes it."""
    graded = ((COMMON, _COMMON), (FAINT, _FAINT))
    return {_single(_singular(word)): grade for words, grade in graded for word in words.split()}


@lru_cache(maxsize=16384)
def weight(concept: str) -> float:
    """Say how much a shared concept tells: names and rare words most, the beat's own least."""
    if concept[0] == "@":
        return _CITY if "/" in concept else _STATE
    if _FAINT_NUMBER.fullmatch(concept):
        return _YEARS
    return _weights().get(concept, _PLAIN)


def total(found: Iterable[str]) -> float:
    """Add up the weights of concepts."""
    return sum(map(weight, found))
