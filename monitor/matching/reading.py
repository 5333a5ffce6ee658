"""One subject read once for all filters: where each term stands, found only when asked for."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from monitor.matching.folding import PLAIN, WORDS, Folded, collapsed
from monitor.matching.lexicon import MOST_PLACES, Lexicon
from monitor.matching.regexes import Expression
from monitor.matching.subject import (
    TEXT,
    TITLE,
    Place,
    Subject,
    background,
    first_sentence,
    inside,
)
from monitor.matching.terms import is_shouted, occurrence

_SPACE = re.compile(" ")


class Occurrence(NamedTuple):
    """One place where a term stands: [start, end) of the folded words of a field.

    origin: the span of the original text where it is known; that of words is worked out later.
    """

    field: int
    start: int
    end: int
    term: int
    origin: tuple[int, int] | None = None


class Stretch(Protocol):
    """Anything that begins and ends in the folded words of a field."""

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        ...


class Field:
    """One field of a subject, folded; everything that costs time is worked out on demand."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    @cached_property
    def loose(self) -> str:
        """The folded words, before runs of spaces are collapsed."""
        return WORDS.loose(self.text)

    @cached_property
    def words(self) -> Folded:
        """The folded words."""
        return Folded(self.text, WORDS, collapsed(self.loose))

    @cached_property
    def plain(self) -> Folded:
        """The plain ASCII that expressions see."""
        return Folded(self.text, PLAIN)

    @cached_property
    def plain_bytes(self) -> bytes:
        """The plain text as RE2 takes it."""
        return self.plain.folded.encode("ascii", "replace")

    @cached_property
    def _spaces(self) -> array[int]:
        return array("Q", (found.start() for found in _SPACE.finditer(self.words.folded)))

    def _word(self, position: int) -> int:
        return bisect_left(self._spaces, position)

    def distance(self, before: Stretch, after: Stretch) -> int:
        """Count the steps from the last word of one stretch to the first of another."""
        return self._word(after.start) - self._word(max(before.end - 1, before.start))

    @cached_property
    def headline(self) -> tuple[int, int]:
        """The span of the headline: all of a title, the first sentence of a text."""
        if self.name == TITLE:
            return 0, len(self.words.folded)
        start, end = first_sentence(self.text) if self.name == TEXT else (0, 0)
        return self.words.place(start), self.words.place(end)

    @cached_property
    def background(self) -> tuple[tuple[int, int], ...]:
        """The recitals and minutes, as spans of the folded words."""
        if self.name == TITLE:
            return ()
        place = self.words.place
        return tuple((place(start), place(end)) for start, end in background(self.text))

    def place(self, start: int) -> Place:
        """Say what sort of place a position of the folded words is."""
        first, last = self.headline
        if first <= start < last:
            return Place.HEADLINE
        return Place.BACKGROUND if inside(self.background, start) else Place.BODY


class Reading:
    """A subject, and where the terms of a lexicon stand in it."""

    def __init__(self, subject: Subject, lexicon: Lexicon) -> None:
        self.subject = subject
        self.lexicon = lexicon
        self.fields = tuple(Field(name, text) for name, text in subject.fields)
        self._known: dict[int, tuple[Occurrence, ...]] = {}

    @cached_property
    def _places(self) -> tuple[Mapping[int, Sequence[Occurrence]], ...]:
        """For each field, the checked occurrences of every word and phrase, by term."""
        return tuple(self._scan(number) for number in range(len(self.fields)))

    def _scan(self, number: int) -> Mapping[int, Sequence[Occurrence]]:
        words = self.fields[number].words
        found: dict[int, list[Occurrence]] = {}
        for literal, starts in self.lexicon.scanner.places(words.folded).items():
            for term, spelling in self.lexicon.uses[literal]:
                spans = (occurrence(spelling, words, start) for start in starts)
                found.setdefault(term, []).extend(
                    Occurrence(number, *span, term) for span in spans if span
                )
        return found

    def occurrences(self, term: int) -> tuple[Occurrence, ...]:
        """Give every occurrence of a term, in order of field and place."""
        known = self._known.get(term)
        if known is None:
            expression = self.lexicon.expressions[term]
            found = (
                (each for field in self._places for each in field.get(term, ()))
                if expression is None
                else self._expression(expression, term)
            )
            known = self._known[term] = tuple(sorted(found))
        return known

    def _expression(self, expression: Expression, term: int) -> Iterator[Occurrence]:
        for number, field in enumerate(self.fields):
            for start, end in expression.spans(field.plain_bytes, MOST_PLACES):
                origin = field.plain.origin(start, end)
                first = field.words.place(origin[0])
                last = max(field.words.place(origin[1]), first)
                yield Occurrence(number, first, last, term, origin)

    def origin(self, found: Occurrence) -> tuple[int, int]:
        """Give an occurrence's span in the field's own text; a bracket that it opens is closed."""
        if found.origin is not None:
            return found.origin
        field = self.fields[found.field]
        start, end = field.words.origin(found.start, found.end)
        piece = field.text[start:end]
        if piece.count("(") > piece.count(")"):
            rest = field.text[end : end + 2]
            end += rest.find(")") + 1 if rest.strip().startswith(")") else 0
        elif piece.count(".") > 1 and field.text[end : end + 1] == ".":
            end += 1
        return start, end

    def text(self, found: Occurrence) -> str:
        """Quote an occurrence as it is written."""
        start, end = self.origin(found)
        return self.fields[found.field].text[start:end]

    def place(self, found: Occurrence) -> Place:
        """Say what sort of place an occurrence stands at."""
        return self.fields[found.field].place(found.start)

    def is_shouted(self, found: Occurrence) -> bool:
        """Say whether an occurrence is an acronym within a line of capitals."""
        words = self.lexicon.wordings[found.term]
        if words is None or found.end - found.start != len(words.acronym):
            return False
        return is_shouted(self.fields[found.field].text, *self.origin(found))
