"""All terms of all filters, compiled once: what to scan a text for, and what each hit means."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import MATCHKIND_STANDARD, AhoCorasick, Implementation

from monitor.matching.nodes import And, Near, Node, Or, Phrase, Regex, Scoped, Term, Word, unparse
from monitor.matching.regexes import Expression, compiled
from monitor.matching.terms import Spelling, Wording, wording

# One spelling that stands more often than this in one field is not counted further, and a text is
# scanned in parts: that keeps memory flat under a text of ten million times the same word.
MOST_PLACES = 10_000
_PART = 1 << 18
# A dense automaton is fastest, but grows with the number of literals.
_MOST_DENSE = 5_000


class Scanner:
    """Finds many strings in one pass (Aho-Corasick)."""

    __slots__ = ("_automaton", "_longest")

    def __init__(self, literals: Sequence[str]) -> None:
        dense = len(literals) <= _MOST_DENSE
        self._automaton = (
            AhoCorasick(
                literals,
                MATCHKIND_STANDARD,
                implementation=Implementation.DFA if dense else None,
            )
            if literals
            else None
        )
        self._longest = max(map(len, literals), default=0)

    def found(self, text: str) -> set[int]:
        """Say which of the strings stand in a text."""
        found: set[int] = set()
        if self._automaton is None:
            return found
        for part in self._parts(text):
            hits = self._automaton.find_matches_as_indexes(text[part], overlapping=True)
            found.update(hit[0] for hit in hits)
        return found

    def places(self, text: str) -> Mapping[int, Sequence[int]]:
        """Say where each of the strings begins, up to MOST_PLACES times."""
        places: dict[int, array[int]] = {}
        if self._automaton is None:
            return places
        for part in self._parts(text):
            hits = self._automaton.find_matches_as_indexes(text[part], overlapping=True)
            for literal, begin, _ in hits:
                starts = places.setdefault(literal, array("Q"))
                place = part.start + begin
                if len(starts) < MOST_PLACES and (not starts or starts[-1] < place):
                    starts.append(place)
        return places

    def _parts(self, text: str) -> Iterable[slice]:
        """Cut a long text; parts overlap, so that no hit is lost between two."""
        if len(text) <= _PART:
            return (slice(0, len(text)),)
        return (
            slice(begin, min(begin + _PART + self._longest, len(text)))
            for begin in range(0, len(text), _PART)
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of all filters, numbered.

    numbers: term -> its number. wordings: what to look for, None for an expression.
    uses: for each literal of the scanner, the (term, spelling) pairs that begin with it.
    """

    numbers: Mapping[Term, int]
    terms: tuple[Term, ...]
    wordings: tuple[Wording | None, ...]
    expressions: tuple[Expression | None, ...]
    scanner: Scanner
    uses: tuple[tuple[tuple[int, Spelling], ...], ...]

    def text(self, term: int) -> str:
        """Write a term as the query writes it."""
        return unparse(self.terms[term])


def lexicon(terms: Iterable[Term]) -> Lexicon:
    """Give terms their numbers, and build the scanner over all their spellings."""
    numbered = tuple(dict.fromkeys(terms))
    wordings = tuple(None if isinstance(term, Regex) else wording(term) for term in numbered)
    expressions = tuple(
        compiled(term.pattern) if isinstance(term, Regex) else None for term in numbered
    )
    uses: dict[str, list[tuple[int, Spelling]]] = defaultdict(list)
    for number, words in enumerate(wordings):
        for spelling in words.spellings if words else ():
            uses[spelling.literal].append((number, spelling))
    return Lexicon(
        numbers={term: number for number, term in enumerate(numbered)},
        terms=numbered,
        wordings=wordings,
        expressions=expressions,
        scanner=Scanner(tuple(uses)),
        uses=tuple(map(tuple, uses.values())),
    )


def required_literals(node: Node) -> frozenset[str] | None:
    """Name strings of which at least one stands in every text that the query holds on.

    They are single folded words with their spaces. None means that the query can hold without
    any: it is negative, an expression, or asks only for a type or jurisdiction.
    """
    match node:
        case Word() | Phrase():
            return frozenset(spelling.rarest for spelling in wording(node).spellings)
        case Scoped(_, inner):
            return required_literals(inner)
        case And(nodes):
            return _best(nodes)
        case Near(left, right):
            return _best((left, right))
        case Or(nodes):
            return _union(nodes)
        case _:
            return None


def _best(nodes: tuple[Node, ...]) -> frozenset[str] | None:
    """Of several sets, each of which suffices, choose that with the longest words."""
    found = [literals for literals in map(required_literals, nodes) if literals is not None]
    return max(found, key=lambda literals: (min(map(len, literals)), -len(literals)), default=None)


def _union(nodes: tuple[Node, ...]) -> frozenset[str] | None:
    found = frozenset[str]()
    for node in nodes:
        literals = required_literals(node)
        if literals is None:
            return None
        found |= literals
    return found
