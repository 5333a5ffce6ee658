"""One filter held against one reading: what counts, what does not and why, and the score.

1  exclude covers passages; a term inside one does not count
2  a shouted acronym counts only with a second term (Shouting)
3  query is worth the threshold, each clue of also its points, times the weight of its place
4  score >= threshold: match; >= digest_threshold: match of low priority
5  cues that stand outside covered passages tell the direction
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from monitor.matching.evaluation import Evaluation, Span
from monitor.matching.filters import Filter, Shouting
from monitor.matching.nodes import Node, Phrase, Term, Word, distributed, terms
from monitor.matching.query import parse_cue, parse_query
from monitor.matching.reading import Occurrence, Reading
from monitor.matching.subject import Place
from monitor.matching.watch import Watchlist
from monitor.models import Direction, Priority

_NEARLY = 1e-9
# Of each cue; more of the same say nothing new.
_MOST_CUES = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """A filter with its queries read; clues: (query, points); cues: (direction, query)."""

    filter: Filter
    query: Node | None
    exclude: Node | None
    clues: tuple[tuple[Node, float], ...]
    context: Node | None
    cues: tuple[tuple[Direction, Node], ...]
    watchlist: Watchlist | None = None

    def nodes(self) -> Iterator[Node]:
        """Yield every query of the filter."""
        yield from filter(None, (self.query, self.exclude, self.context))
        yield from (node for node, _ in self.clues)
        yield from (node for _, node in self.cues)

    @property
    def evidence(self) -> frozenset[Term]:
        """The terms that speak for an item."""
        nodes = [node for node, points in self.clues if points > 0]
        nodes += [self.query] if self.query else []
        return frozenset(term for node in nodes for term in terms(node, negated=False))


def plan(found: Filter) -> Plan:
    """Read all queries of a filter; raises QueryError."""
    return Plan(
        filter=found,
        query=_read(found.query),
        exclude=_read(found.exclude),
        clues=tuple((distributed(parse_query(clue.query)), clue.points) for clue in found.also),
        context=_read(found.context),
        cues=tuple(
            (direction, distributed(parse_cue(cue)))
            for direction, cues in (
                (Direction.LIMITS, found.limits),
                (Direction.EXPANDS, found.expands),
            )
            for cue in cues
        ),
        watchlist=Watchlist(found.watch) if found.watch else None,
    )


def _read(query: str) -> Node | None:
    return distributed(parse_query(query)) if query.strip() else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A query that holds: its node, the best place where it holds alone, its score and spans."""

    node: Node
    place: Place
    score: float
    spans: tuple[Span, ...]


class Weighing:
    """A plan held against a reading; every answer is worked out on demand."""

    def __init__(self, plan: Plan, reading: Reading) -> None:
        self.plan = plan
        self.reading = reading
        self._counted: dict[int, tuple[Occurrence, ...]] = {}

    @cached_property
    def covers(self) -> tuple[Span, ...]:
        """The stretches that the exclusion covers, in order."""
        if self.plan.exclude is None:
            return ()
        plain = Evaluation(self.reading, self.reading.occurrences)
        return tuple(sorted(plain.covered(self.plan.exclude)))

    @cached_property
    def _covers_by_field(self) -> dict[int, tuple[list[int], list[Span]]]:
        """For each field, where covers start, and the farthest that reaches from up to there."""
        found: dict[int, list[Span]] = defaultdict(list)
        for span in self.covers:
            found[span.field].append(span)
        return {
            field: (
                [span.start for span in spans],
                list(accumulate(spans, _farther)),
            )
            for field, spans in found.items()
        }

    def cover(self, found: Occurrence) -> Span | None:
        """Give the excluded stretch in which an occurrence begins, None where there is none."""
        starts, farthest = self._covers_by_field.get(found.field, ((), ()))
        index = bisect_right(starts, found.start) - 1
        if index < 0 or farthest[index].end <= found.start:
            return None
        return farthest[index]

    def uncovered(self, term: int) -> tuple[Occurrence, ...]:
        """Give the occurrences of a term that no exclusion covers."""
        found = self.reading.occurrences(term)
        if not found or not self.covers:
            return found
        return tuple(each for each in found if self.cover(each) is None)

    def shouted(self, term: int) -> tuple[Occurrence, ...]:
        """Give the occurrences of an acronym that stand in lines of capitals."""
        words = self.reading.lexicon.wordings[term]
        if words is None or not words.acronym or self.plan.filter.shouting is Shouting.COUNT:
            return ()
        return tuple(each for each in self.uncovered(term) if self.reading.is_shouted(each))

    def counted(self, term: int) -> tuple[Occurrence, ...]:
        """Give the occurrences of a term that count."""
        if term not in self._counted:
            found = self.uncovered(term)
            shouted = frozenset(self.shouted(term)) if found else frozenset()
            if shouted and not self.is_confirmed(term):
                found = tuple(each for each in found if each not in shouted)
            self._counted[term] = found
        return self._counted[term]

    def is_confirmed(self, term: int) -> bool:
        """Say whether a second term stands in the item, so that a shouted acronym counts."""
        if self.plan.filter.shouting is Shouting.IGNORE:
            return False
        if self.plan.context is not None:
            others = Evaluation(
                self.reading, lambda other: () if other == term else self.uncovered(other)
            )
            return others.spans(self.plan.context) is not None
        numbers = self.reading.lexicon.numbers
        return any(
            self.uncovered(numbers[other]) for other in self.plan.evidence if numbers[other] != term
        )

    def spans(self, node: Node, reach: Place = Place.BACKGROUND) -> list[Span] | None:
        """Give the spans of one of the plan's queries, None where it does not hold."""
        # Not kept: it would hold the reading in a cycle, and with it the text.
        return Evaluation(self.reading, self.counted).spans(node, reach)

    @cached_property
    def applies(self) -> bool:
        """Whether the filter is for items of this type."""
        kind, rule = self.reading.subject.type, self.plan.filter
        if rule.types and kind not in rule.types:
            return False
        return kind is None or kind not in rule.except_types

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """The queries that hold, the strong one first."""
        found = [self._watched()]
        if self.plan.query is not None:
            found.append(self._evidence(self.plan.query, self.plan.filter.threshold, strong=True))
        found += [self._evidence(node, points) for node, points in self.plan.clues]
        return tuple(each for each in found if each is not None)

    def _watched(self) -> Evidence | None:
        """Count an item of a watched case as the threshold, with the case for a reason."""
        plan = self.plan
        case = plan.watchlist.find(self.reading.subject) if plan.watchlist else None
        if case is None:
            return None
        words = tuple(Word(word) for word in str(case).split())
        return Evidence(Phrase(words), Place.HEADLINE, plan.filter.threshold, ())

    def _evidence(self, node: Node, points: float, strong: bool = False) -> Evidence | None:
        spans = self.spans(node)
        if spans is None:
            return None
        place = self._place(node) if spans else Place.BODY
        weights = self.plan.filter.places
        weight = (weights.headline, weights.body, weights.background)[place]
        if strong and (place is not Place.BACKGROUND or self.plan.filter.background_suffices):
            weight = max(weight, 1.0)
        return Evidence(node, place, points * weight, tuple(spans))

    def _place(self, node: Node) -> Place:
        """Find the best place where a query holds without what stands at worse ones."""
        for place in (Place.HEADLINE, Place.BODY):
            if self.spans(node, place):
                return place
        return Place.BACKGROUND

    @cached_property
    def score(self) -> float:
        """The sum of all evidence."""
        return sum(each.score for each in self.evidence)

    @property
    def matches(self) -> bool:
        """Whether the filter holds, be it for the digest only."""
        return self.applies and bool(self.evidence) and self.score >= self.needed - _NEARLY

    @property
    def needed(self) -> float:
        """The lowest score that is of any use."""
        rule = self.plan.filter
        lower = 0 < rule.digest_threshold < rule.threshold
        return rule.digest_threshold if lower else rule.threshold

    @property
    def priority(self) -> Priority:
        """The filter's priority, or low where the score reaches the digest's threshold only."""
        rule = self.plan.filter
        return rule.priority if self.score >= rule.threshold - _NEARLY else Priority.LOW

    @cached_property
    def cues(self) -> tuple[tuple[Direction, Span], ...]:
        """The cues that stand in the item; one inside a longer one of the other side is silent."""
        found = [
            (direction, span)
            for direction, node in self.plan.cues
            for span in (self.spans(node) or ())[:_MOST_CUES]
        ]
        return tuple(
            (direction, span)
            for direction, span in found
            if not any(side is not direction and _within(span, other) for side, other in found)
        )

    @property
    def direction(self) -> Direction:
        """Which way the item goes; unclear where cues contradict each other."""
        sides = {direction for direction, _ in self.cues}
        return sides.pop() if len(sides) == 1 else Direction.UNCLEAR


def _farther(one: Span, other: Span) -> Span:
    return other if other.end > one.end else one


def _within(span: Span, other: Span) -> bool:
    """Whether a span lies in another that is longer."""
    return (
        span.field == other.field
        and other.start <= span.start
        and span.end <= other.end
        and span.end - span.start < other.end - other.start
    )
