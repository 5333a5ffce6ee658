"""What a text must hold before a filter is worth weighing: a sound bound, and a quick one.

query -> demands (of each group of words, one must stand in the text) -> the most that a filter
could score on the words that were found -> too little? then it cannot hold

A type that is asked for and an expression count as words, too: `type_word`, `pattern_word`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import product
from math import prod

import re2

from monitor.matching.nodes import And, Facet, Near, Node, Or, Phrase, Regex, Scoped, Word
from monitor.matching.regexes import Expression, compiled, minds_case
from monitor.matching.terms import wording

# Alternatives with several demands each are multiplied out only so far.
_MOST_GROUPS = 24
_NEARLY = 1e-9
# An expression that stands in this (`.+`) stands nearly everywhere, and is not worth a search.
_SAMPLE = b"Notice of a meeting"

Group = frozenset[str]


def demands(node: Node) -> tuple[Group, ...]:  # noqa: PLR0911 - one line for each sort of node
    """Name groups of single folded words: where a query holds, one of each stands in the text.

    What is negative, or a jurisdiction, demands nothing.
    """
    match node:
        case Word() | Phrase():
            return (frozenset(spelling.rarest for spelling in wording(node).spellings),)
        case Regex(pattern) if not _stands(compiled(pattern), _SAMPLE):
            return (frozenset({pattern_word(pattern)}),)
        case Facet("type", value):
            return (frozenset({type_word(value)}),)
        case Scoped(_, inner):
            return demands(inner)
        case And(nodes):
            return tuple(dict.fromkeys(group for each in nodes for group in demands(each)))
        case Near(left, right):
            return tuple(dict.fromkeys((*demands(left), *demands(right))))
        case Or(nodes):
            return _either([demands(each) for each in nodes])
        case _:
            return ()


def type_word(value: str) -> str:
    """Write an item's type as a word that no folded text holds."""
    return f"type:{value}"


def pattern_word(pattern: str) -> str:
    """Write an expression as a word that no folded text holds."""
    return f"/{pattern}/"


def _either(alternatives: Sequence[tuple[Group, ...]]) -> tuple[Group, ...]:
    """Join what alternatives demand: a choice of one group of each is a demand of them all."""
    if not all(alternatives):
        return ()
    if prod(map(len, alternatives)) <= _MOST_GROUPS:
        choices: Iterator[tuple[Group, ...]] = product(*alternatives)
    else:
        by_size = [sorted(groups, key=len) for groups in alternatives]
        most = max(map(len, by_size))
        choices = (
            tuple(groups[min(place, len(groups) - 1)] for groups in by_size)
            for place in range(most)
        )
    return tuple(dict.fromkeys(frozenset[str]().union(*choice) for choice in choices))


@dataclass(frozen=True, slots=True)
class Demand:
    """What a filter needs at least: for each of its queries the demands and the most it adds."""

    needed: float
    queries: tuple[tuple[tuple[Group, ...], float], ...]

    @property
    def words(self) -> frozenset[str]:
        """All that is to be looked for."""
        return frozenset(word for groups, _ in self.queries for group in groups for word in group)

    @property
    def patterns(self) -> frozenset[str]:
        """The expressions among the words."""
        return frozenset(word[1:-1] for word in self.words if word.startswith("/"))

    def can_be_met(self, words: AbstractSet[str]) -> bool:
        """Say whether a text with these words may reach what is needed."""
        most = 0.0
        for groups, points in self.queries:
            for group in groups:
                if group.isdisjoint(words):
                    break
            else:
                most += points
        return most >= self.needed - _NEARLY


def demand(needed: float, weight: float, queries: Sequence[tuple[Node, float]]) -> Demand:
    """Sum a filter up; `weight` is the most that a place multiplies points with."""
    return Demand(
        needed,
        tuple((demands(node), points * weight) for node, points in queries if points > 0),
    )


class Patterns:
    """Finds which expressions stand in a text: one search for all, as a rule without success."""

    __slots__ = ("_any", "_each")

    def __init__(self, patterns: Iterable[str]) -> None:
        self._each = {pattern_word(pattern): compiled(pattern) for pattern in patterns}
        self._any = _union(tuple(patterns)) if len(self._each) > 1 else None

    def __bool__(self) -> bool:
        return bool(self._each)

    def found(self, text: bytes) -> list[str]:
        """Name, by their `pattern_word`, those that stand in a plain text."""
        if self._any is not None and not _stands(self._any, text):
            return []
        return [word for word, expression in self._each.items() if _stands(expression, text)]


def _stands(expression: Expression, text: bytes) -> bool:
    return next(expression.spans(text, 1), None) is not None


def _union(patterns: tuple[str, ...]) -> Expression | None:
    """Join expressions; each keeps its own mind about case. None where they are too large."""
    parts = (f"(?:{each})" if minds_case(each) else f"(?i:{each})" for each in patterns)
    try:
        return compiled("|".join(parts))
    except re2.error:
        return None
