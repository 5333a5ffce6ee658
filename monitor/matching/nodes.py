"""What a query says, as a tree of frozen values, and the way back to its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or one beginning of words (`immig*`); may hold punctuation: 287(g), I-247A."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other, with nothing but punctuation and white space between."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression in RE2's syntax."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A condition on the item itself: `field` is type or jurisdiction, `value` its normal form."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Scoped:
    """A query that holds within one part of the item: `field` is title, headline or body."""

    field: str
    node: Node


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where the inner query holds nowhere in the item."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """Holds where all of two or more queries hold, anywhere in the item."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Holds where one of two or more queries holds."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Holds where both sides stand at most `distance` words apart, in either order."""

    left: Node
    right: Node
    distance: int


Node = Word | Phrase | Regex | Facet | Scoped | Not | And | Or | Near
Term = Word | Phrase | Regex


def conjunction(nodes: Iterable[Node]) -> Node:
    """Join nodes with AND; nested ANDs become one, and a single node stays itself."""
    flat = tuple(
        part for node in nodes for part in (node.nodes if isinstance(node, And) else (node,))
    )
    return flat[0] if len(flat) == 1 else And(flat)


def disjunction(nodes: Iterable[Node]) -> Node:
    """Join nodes with OR; nested ORs become one, and a single node stays itself."""
    flat = tuple(
        part for node in nodes for part in (node.nodes if isinstance(node, Or) else (node,))
    )
    return flat[0] if len(flat) == 1 else Or(flat)


def children(node: Node) -> tuple[Node, ...]:
    """Give the nodes directly below a node."""
    match node:
        case And(nodes) | Or(nodes):
            return nodes
        case Not(inner) | Scoped(_, inner):
            return (inner,)
        case Near(left, right):
            return (left, right)
        case _:
            return ()


def terms(node: Node, *, negated: bool = True) -> Iterator[Term]:
    """Yield the words, phrases and expressions of a query; without `negated`, not those of NOT."""
    if isinstance(node, Word | Phrase | Regex):
        yield node
    elif negated or not isinstance(node, Not):
        for child in children(node):
            yield from terms(child, negated=negated)


def breadth(node: Node) -> int:
    """Count into how many NEARs of single terms `distributed` takes a side of a NEAR apart."""
    match node:
        case And(nodes) | Or(nodes):
            found = sum(map(breadth, nodes))
            return 1 if isinstance(node, Or) and found == len(nodes) else found
        case Near(left, right):
            return breadth(left) * breadth(right)
        case Scoped(_, inner):
            return breadth(inner)
        case _:
            return 1


def distributed(node: Node) -> Node:
    """Write (a AND b) NEAR/n c as a NEAR/n c AND b NEAR/n c, everywhere in a query."""
    match node:
        case And(nodes):
            return conjunction(map(distributed, nodes))
        case Or(nodes):
            return disjunction(map(distributed, nodes))
        case Not(inner):
            return Not(distributed(inner))
        case Scoped(field, inner):
            return Scoped(field, distributed(inner))
        case Near(left, right, distance):
            return _spread(distributed(left), distributed(right), distance)
        case _:
            return node


def _spread(left: Node, right: Node, distance: int) -> Node:
    for one, other in ((left, right), (right, left)):
        if breadth(one) == 1:
            continue
        parts = one
        if isinstance(one, Scoped):
            parts = _scoped_parts(one)
        join = conjunction if isinstance(parts, And) else disjunction
        pairs = ((part, other) if one is left else (other, part) for part in children(parts))
        return join(_spread(first, second, distance) for first, second in pairs)
    return Near(left, right, distance)


def _scoped_parts(node: Scoped) -> Node:
    """Write title:(a AND b) as title:a AND title:b."""
    inner = node.node
    parts = tuple(Scoped(node.field, part) for part in children(inner))
    return And(parts) if isinstance(inner, And) else Or(parts)


_LEVELS: dict[type, int] = {Or: 1, And: 2, Not: 3, Near: 4}
_ATOM = 5


def unparse(node: Node) -> str:  # noqa: PLR0911 - one line for each sort of node
    """Write a query as text that parses to the same tree."""
    match node:
        case Word(text, prefix):
            return f"{text}*" if prefix else text
        case Phrase(words):
            return f'"{" ".join(unparse(word) for word in words)}"'
        case Regex(pattern):
            return f"/{pattern.replace('/', chr(92) + '/')}/"
        case Facet(field, value):
            return f"{field}:{value}"
        case Scoped(field, inner):
            return f"{field}:{_bracketed(inner, _ATOM)}"
        case Not(inner):
            return f"NOT {_bracketed(inner, 3)}"
        case And(nodes):
            return " AND ".join(_bracketed(part, 3) for part in nodes)
        case Or(nodes):
            return " OR ".join(_bracketed(part, 2) for part in nodes)
        case Near(left, right, distance):
            return f"{_bracketed(left, 4)} NEAR/{distance} {_bracketed(right, _ATOM)}"


def _bracketed(node: Node, level: int) -> str:
    text = unparse(node)
    return text if _LEVELS.get(type(node), _ATOM) >= level else f"({text})"
