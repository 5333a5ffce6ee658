"""All filters as one machine: scan once, then weigh only the filters that can hold.

text -> fold -> scan for the literals that each filter requires -> candidates
     -> scan for all terms -> evaluate -> Match with passages
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock

from monitor.matching.demands import Demand, Patterns, demand, type_word
from monitor.matching.explaining import Explanation, cue_texts, explanation
from monitor.matching.filters import Filter
from monitor.matching.lexicon import Lexicon, Scanner, lexicon, required_literals
from monitor.matching.nodes import terms
from monitor.matching.passages import MOST_PASSAGES, passages, title_passage
from monitor.matching.reading import Reading
from monitor.matching.subject import Subject, subject_of
from monitor.matching.watch import COURT_ITEMS
from monitor.matching.weighing import Plan, Weighing, plan
from monitor.models import Item, Match


class FilterSet:
    """All filters, ready to be held against items.

    Compiled at first use, once a process, whichever thread comes first; a copy that is pickled
    carries the filters only. Two sets with the same filters are equal.
    """

    __slots__ = ("_lock", "_machine", "filters")

    def __init__(self, filters: Iterable[Filter] = ()) -> None:
        self.filters = tuple(filters)
        self._machine: _Machine | None = None
        self._lock = Lock()

    def __reduce__(self) -> tuple[type[FilterSet], tuple[tuple[Filter, ...]]]:
        return type(self), (self.filters,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FilterSet) and self.filters == other.filters

    def __hash__(self) -> int:
        return hash(self.filters)

    def __repr__(self) -> str:
        return f"FilterSet({[each.topic for each in self.filters]})"

    def match(
        self,
        item: Item,
        topics: frozenset[str] | None = None,
        documents: Iterable[tuple[str, str]] = (),
    ) -> tuple[Match, ...]:
        """Give the filters that hold on an item, in the order of the filters.

        topics: only these filters; None means all. documents: (name, text) of further fields,
        such as ("agenda.pdf p. 12", ...). Raises QueryError where a filter cannot be read.
        """
        return self.match_subject(subject_of(item, documents), topics)

    def match_subject(
        self,
        subject: Subject,
        topics: frozenset[str] | None = None,
        most_passages: int = MOST_PASSAGES,
    ) -> tuple[Match, ...]:
        """Give the filters that hold on named fields of text, each with so many passages."""
        found = self._compiled().weighings(subject, topics)
        return tuple(_match(each, most_passages) for each in found if each.matches)

    def explain(
        self,
        item: Item,
        topics: frozenset[str] | None = None,
        documents: Iterable[tuple[str, str]] = (),
    ) -> tuple[Explanation, ...]:
        """Say for every filter why it holds on an item, or why not; see `match`."""
        return self.explain_subject(subject_of(item, documents), topics)

    def explain_subject(
        self, subject: Subject, topics: frozenset[str] | None = None
    ) -> tuple[Explanation, ...]:
        """Say for every filter why it holds on named fields of text, or why not."""
        return tuple(map(explanation, self._compiled().all_weighings(subject, topics)))

    def _compiled(self) -> _Machine:
        if self._machine is None:
            with self._lock:
                if self._machine is None:
                    self._machine = _machine(self.filters)
        return self._machine


@dataclass(frozen=True, slots=True)
class _Machine:
    """Filters, compiled.

    words: what the filters demand of a text, found by `scanner` and `patterns`; those with `wakes`
    may start the filters that are named there.
    watching: the filters with a watch-list, which need no word.
    """

    plans: tuple[Plan, ...]
    demands: tuple[Demand, ...]
    lexicon: Lexicon
    words: tuple[str, ...]
    scanner: Scanner
    patterns: Patterns
    wakes: tuple[tuple[int, ...], ...]
    always: frozenset[int]
    watching: tuple[int, ...] = ()

    def weighings(self, subject: Subject, topics: frozenset[str] | None) -> Iterator[Weighing]:
        """Weigh the filters that can hold."""
        reading = Reading(subject, self.lexicon)
        awake = set(self.always)
        words = {type_word(subject.type)} if subject.type else set[str]()
        for field in reading.fields:
            for literal in self.scanner.found(field.loose):
                words.add(self.words[literal])
                awake.update(self.wakes[literal])
            if self.patterns:
                words.update(self.patterns.found(field.plain_bytes))
        awake = {number for number in awake if self.demands[number].can_be_met(words)}
        if subject.type in COURT_ITEMS:
            awake.update(self.watching)
        for number in sorted(awake):
            if topics is None or self.plans[number].filter.topic in topics:
                yield Weighing(self.plans[number], reading)

    def all_weighings(self, subject: Subject, topics: frozenset[str] | None) -> Iterator[Weighing]:
        """Weigh all filters."""
        reading = Reading(subject, self.lexicon)
        for each in self.plans:
            if topics is None or each.filter.topic in topics:
                yield Weighing(each, reading)


def _machine(filters: tuple[Filter, ...]) -> _Machine:
    plans = tuple(map(plan, filters))
    wakes: dict[str, list[int]] = {}
    always = set()
    for number, each in enumerate(plans):
        literals = triggers(each)
        if literals is None:
            always.add(number)
        for literal in literals or ():
            wakes.setdefault(literal, []).append(number)
    demanded = tuple(map(_demand, plans))
    words = tuple(dict.fromkeys((*wakes, *(word for each in demanded for word in each.words))))
    return _Machine(
        plans=plans,
        demands=demanded,
        lexicon=lexicon(term for each in plans for node in each.nodes() for term in terms(node)),
        words=words,
        scanner=Scanner(words),
        patterns=Patterns(frozenset[str]().union(*(each.patterns for each in demanded))),
        wakes=tuple(tuple(wakes.get(word, ())) for word in words),
        always=frozenset(always),
        watching=tuple(number for number, each in enumerate(plans) if each.watchlist),
    )


def _demand(found: Plan) -> Demand:
    """Say what a filter needs at least: an upper bound of what `Weighing` can score."""
    rule = found.filter
    weight = max(rule.places.headline, rule.places.body, rule.places.background, 1.0)
    strong = [(found.query, rule.threshold)] if found.query is not None else []
    lower = 0 < rule.digest_threshold < rule.threshold
    needed = rule.digest_threshold if lower else rule.threshold
    return demand(needed, weight, [*strong, *found.clues])


def triggers(found: Plan) -> frozenset[str] | None:
    """Name the strings of which one stands in every item on which a filter holds.

    None where there are none, so that the filter must be weighed every time. Clues without a
    word (type:agreement) do not have that effect as long as they cannot suffice on their own.
    """
    rule = found.filter
    weight = max(rule.places.headline, rule.places.body, rule.places.background)
    literals = frozenset[str]()
    wordless = 0.0
    strong = [(found.query, rule.threshold)] if found.query is not None else []
    for node, points in (*strong, *found.clues):
        required = required_literals(node)
        if points <= 0:
            continue
        if required is None:
            wordless += points * max(weight, 1.0)
        else:
            literals |= required
    lower = 0 < rule.digest_threshold < rule.threshold
    needed = rule.digest_threshold if lower else rule.threshold
    return None if wordless >= needed else literals


def _match(weighing: Weighing, most_passages: int) -> Match:
    rule = weighing.plan.filter
    reading = weighing.reading
    parts = [
        part
        for each in weighing.evidence
        if each.score > 0
        for span in each.spans
        for part in span.parts
    ]
    texts = dict.fromkeys(reading.lexicon.text(part.term) for part in sorted(parts))
    return Match(
        topic=rule.topic,
        title=rule.title,
        priority=weighing.priority,
        direction=weighing.direction,
        passages=passages(reading, parts, most_passages) or title_passage(reading),
        terms=tuple(texts),
        cues=cue_texts(weighing),
        channels=rule.channels,
    )
