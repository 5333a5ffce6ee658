"""Whether a query holds on a reading, and on which stretches of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from monitor.jurisdictions import covers
from monitor.matching.nodes import (
    And,
    Facet,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Scoped,
    Term,
    Word,
)
from monitor.matching.reading import Occurrence, Reading
from monitor.matching.subject import TITLE, Place, Subject

Counted = Callable[[int], Sequence[Occurrence]]


class Span(NamedTuple):
    """A stretch of a field's folded words on which a query holds, and the terms that make it so."""

    field: int
    start: int
    end: int
    parts: tuple[Occurrence, ...]


class Evaluation:
    """Evaluates queries on one reading.

    counted: gives the occurrences of a term (by number) that are to count.
    """

    def __init__(self, reading: Reading, counted: Counted) -> None:
        self._reading = reading
        self._counted = counted

    def spans(  # noqa: PLR0911 - one line for each sort of node
        self, node: Node, reach: Place = Place.BACKGROUND, scope: str = ""
    ) -> list[Span] | None:
        """Give the spans of a query that holds, None where it does not.

        The list is empty where a query holds without a word of the text (NOT x, type:bill).
        reach: terms at places beyond it do not count; what follows NOT counts everywhere.
        scope: the field that a surrounding `title:` names.
        """
        match node:
            case Word() | Phrase() | Regex():
                return self._term(node, reach, scope)
            case And(nodes):
                return self._all(nodes, reach, scope)
            case Or(nodes):
                return self._any(nodes, reach, scope)
            case Near():
                return self._near(node, reach, scope)
            case Not(inner):
                return [] if self.spans(inner, Place.BACKGROUND, scope) is None else None
            case Scoped(field, inner):
                return self.spans(inner, reach, field)
            case Facet():
                return [] if has_facet(self._reading.subject, node) else None

    def _term(self, term: Term, reach: Place, scope: str) -> list[Span] | None:
        standing = self._counted(self._reading.lexicon.numbers[term])
        if not standing:  # so it is with most terms of a filter
            return None
        found = [
            Span(each.field, each.start, each.end, (each,))
            for each in standing
            if self._counts(each, reach, scope)
        ]
        return found or None

    def _counts(self, found: Occurrence, reach: Place, scope: str) -> bool:
        if scope in {"title", "body"}:
            is_title = self._reading.fields[found.field].name == TITLE
            if is_title != (scope == "title"):
                return False
        elif scope == "headline" and self._reading.place(found) is not Place.HEADLINE:
            return False
        return reach is Place.BACKGROUND or self._reading.place(found) <= reach

    def _all(self, nodes: tuple[Node, ...], reach: Place, scope: str) -> list[Span] | None:
        found: list[Span] = []
        for node in nodes:
            spans = self.spans(node, reach, scope)
            if spans is None:
                return None
            found += spans
        return found

    def _any(self, nodes: tuple[Node, ...], reach: Place, scope: str) -> list[Span] | None:
        found: list[Span] = []
        holds = False
        for node in nodes:
            spans = self.spans(node, reach, scope)
            if spans is not None:
                holds = True
                found += spans
        return found if holds else None

    def _near(self, node: Near, reach: Place, scope: str) -> list[Span] | None:
        left = self.spans(node.left, reach, scope)
        right = self.spans(node.right, reach, scope) if left else None
        if not left or not right:
            return None
        found = [
            _joined(one, other)
            for one, other in _neighbours(left, right)
            if self._distance(one, other) <= node.distance
        ]
        return found or None

    def _distance(self, one: Span, other: Span) -> int:
        before, after = sorted((one, other), key=lambda span: span[:3])
        return self._reading.fields[one.field].distance(before, after)

    def covered(self, node: Node) -> list[Span]:
        """Give the stretches that an exclusion covers.

        For AND they reach from the first to the last of its terms, as close together as they
        stand; for NEAR likewise.
        """
        match node:
            case Or(nodes):
                return [span for each in nodes for span in self.covered(each)]
            case And(nodes):
                if self.spans(node) is None:
                    return []
                parts = [self.covered(each) for each in nodes if not _is_condition(each)]
                return _closest(parts) if len(parts) > 1 else [s for part in parts for s in part]
            case _:
                return self.spans(node) or []


def has_facet(subject: Subject, facet: Facet) -> bool:
    """Say whether a subject is of a type, or lies in a jurisdiction."""
    if facet.field == "type":
        return subject.type is not None and subject.type.value == facet.value
    return covers(facet.value, subject.jurisdiction)


def _is_condition(node: Node) -> bool:
    """Whether a query says something of the whole item, so that it has no stretch."""
    return isinstance(node, Not | Facet)


def _joined(one: Span, other: Span) -> Span:
    parts = tuple(dict.fromkeys((*one.parts, *other.parts)))
    return Span(one.field, min(one.start, other.start), max(one.end, other.end), parts)


def _neighbours(left: list[Span], right: list[Span]) -> Iterator[tuple[Span, Span]]:
    """Pair every span with the nearest of the other side before and after it; none overlap."""
    left, right = sorted(left), sorted(right)
    pairs = set(_beside(left, right))
    pairs |= {(one, other) for other, one in _beside(right, left)}
    return iter(sorted(pairs))


def _beside(spans: list[Span], others: list[Span]) -> Iterator[tuple[Span, Span]]:
    by_end = sorted(others, key=lambda span: (span.field, span.end))
    for span in spans:
        after = bisect_left(others, (span.field, span.end), key=lambda other: other[:2])
        if after < len(others) and others[after].field == span.field:
            yield span, others[after]
        before = bisect_left(
            by_end, (span.field, span.start + 1), key=lambda other: (other.field, other.end)
        )
        if before and by_end[before - 1].field == span.field:
            yield span, by_end[before - 1]


def _closest(parts: list[list[Span]]) -> list[Span]:
    """Find the smallest stretches of one field that hold a span of every part."""
    marked = sorted((span, number) for number, part in enumerate(parts) for span in part)
    latest: dict[int, Span] = {}
    found: list[Span] = []
    for span, number in marked:
        if latest and next(iter(latest.values())).field != span.field:
            latest = {}
        latest[number] = span
        if len(latest) < len(parts):
            continue
        start = min(each.start for each in latest.values())
        end = max(each.end for each in latest.values())
        held = tuple(dict.fromkeys(part for each in latest.values() for part in each.parts))
        _add_if_smaller(found, Span(span.field, start, end, held))
    return found


def _add_if_smaller(found: list[Span], span: Span) -> None:
    last = found[-1] if found else None
    if last is None or last.field != span.field:
        found.append(span)
    elif last.end >= span.end:
        found[-1] = span
    elif last.start < span.start:
        found.append(span)
