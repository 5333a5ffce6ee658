"""The engine agrees with a slow evaluator that was written from the description alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from monitor.matching import Clue, Filter, FilterSet, Places, Subject, unparse
from monitor.matching.evaluation import Evaluation
from monitor.matching.lexicon import lexicon, required_literals
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
    Word,
    conjunction,
    disjunction,
    distributed,
    terms,
)
from monitor.matching.reading import Reading
from monitor.matching.weighing import Weighing, plan
from monitor.models import ItemType

Stretch = tuple[int, int, int]
Fields = tuple[tuple[str, list[str]], ...]
VOCABULARY = ("aaa", "aab", "aabb", "bbb", "ccc")
WORDS = st.sampled_from([Word(word) for word in VOCABULARY] + [Word("aab", prefix=True)])
TERMS = WORDS | st.lists(st.sampled_from(VOCABULARY).map(Word), min_size=2, max_size=2).map(
    lambda words: Phrase(tuple(words))
)
PROXIMATE: st.SearchStrategy[Node] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(Near, inner, inner, st.integers(1, 5)),
        st.lists(inner, min_size=2, max_size=3).map(disjunction),
        st.lists(inner, min_size=2, max_size=2).map(conjunction),
    ),
    max_leaves=4,
)
TREES: st.SearchStrategy[Node] = st.recursive(
    PROXIMATE
    | st.builds(Scoped, st.sampled_from(["title", "body"]), PROXIMATE)
    | st.sampled_from([Facet("type", "bill"), Facet("type", "opinion")]),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(conjunction),
        st.lists(inner, min_size=2, max_size=3).map(disjunction),
    ),
    max_leaves=6,
)
SENTENCES = st.lists(st.sampled_from((*VOCABULARY, "x", "y")), max_size=14)
SUBJECTS = st.builds(
    lambda title, text, page: (("title", title), ("text", text), ("a.pdf p. 1", page)),
    SENTENCES,
    SENTENCES,
    SENTENCES,
)


def naive(  # noqa: PLR0911 - one answer for each sort of node
    node: Node, fields: Fields, scope: str = ""
) -> set[Stretch] | None:
    """Evaluate word by word: stretches (field, first word, last word), None where it fails."""
    match node:
        case Word() | Phrase():
            found = set(_stands(node, fields, scope))
            return found or None
        case Scoped(field, inner):
            return naive(inner, fields, field)
        case Facet(_, value):
            return set() if value == "bill" else None
        case Not(inner):
            return set() if naive(inner, fields, scope) is None else None
        case And(nodes):
            parts = [naive(each, fields, scope) for each in nodes]
            return None if None in parts else set().union(*filter(None, parts))
        case Or(nodes):
            parts = [naive(each, fields, scope) for each in nodes]
            held = [part for part in parts if part is not None]
            return set().union(*held) if held else None
        case Near(left, right, distance):
            return _near(naive(left, fields, scope), naive(right, fields, scope), distance)
    raise AssertionError(node)


def _stands(node: Word | Phrase, fields: Fields, scope: str) -> Iterator[Stretch]:
    words = node.words if isinstance(node, Phrase) else (node,)
    for number, (name, text) in enumerate(fields):
        if scope and (name == "title") != (scope == "title"):
            continue
        for first in range(len(text) - len(words) + 1):
            there = text[first : first + len(words)]
            if all(_is(word, said) for word, said in zip(words, there, strict=True)):
                yield number, first, first + len(words) - 1


def _is(word: Word, said: str) -> bool:
    return said.startswith(word.text) if word.prefix else said == word.text


def _near(
    left: set[Stretch] | None, right: set[Stretch] | None, distance: int
) -> set[Stretch] | None:
    """Join each stretch with the nearest of the other side, before and after it."""
    found = set()
    for ones, others in ((left or set(), right or set()), (right or set(), left or set())):
        for field, first, last in ones:
            beside = [each for each in others if each[0] == field]
            after = [each for each in beside if each[1] > last]
            before = [each for each in beside if each[2] < first]
            if after and (nearest := min(after))[1] - last <= distance:
                found.add((field, first, nearest[2]))
            if before:
                end = max(each[2] for each in before)
                start = max(each[1] for each in before if each[2] == end)
                if first - end <= distance:
                    found.add((field, start, last))
    return found or None


def subject_of(fields: Fields) -> Subject:
    """Write the words as text with various separators."""
    return Subject(
        tuple((name, "".join(f"{word}, \n" for word in words)) for name, words in fields),
        ItemType.BILL,
    )


def stretches(reading: Reading, spans: list[tuple[int, int, int]]) -> set[Stretch]:
    """Count words before each span's ends."""
    return {
        (
            field,
            reading.fields[field].words.folded.count(" ", 0, start) - 1,
            reading.fields[field].words.folded.count(" ", 0, end) - 1,
        )
        for field, start, end in spans
    }


@given(tree=TREES.map(distributed), fields=SUBJECTS)
def test_the_engine_finds_what_the_description_says(tree: Node, fields: Fields) -> None:
    """Whether a query holds, and on which stretches, is the same by both ways."""
    words = lexicon(terms(tree))
    reading = Reading(subject_of(fields), words)
    found = Evaluation(reading, reading.occurrences).spans(tree)
    expected = naive(tree, fields)
    assert (found is None) == (expected is None)
    assert stretches(reading, [span[:3] for span in found or []]) == (expected or set())


@given(trees=st.lists(TREES, min_size=1, max_size=6), fields=SUBJECTS)
def test_many_filters_at_once_match_as_each_alone(trees: list[Node], fields: Fields) -> None:
    """Neither the scan for required literals nor the other filters change a verdict."""
    filters = tuple(
        Filter(f"topic-{number}", "", query=unparse(tree)) for number, tree in enumerate(trees)
    )
    found = {match.topic for match in FilterSet(filters).match_subject(subject_of(fields))}
    expected = {
        f"topic-{number}"
        for number, tree in enumerate(trees)
        if naive(distributed(tree), fields) is not None
    }
    assert found == expected


POINTS = st.sampled_from([-2.0, 1.0, 1.5, 2.0, 3.0])
PATTERNS = st.sampled_from([Regex("aab+"), Regex("a{3}"), Regex("(?i)CCC"), Regex("B")])
QUERIES = (TREES | PATTERNS | st.builds(Near, PATTERNS, TERMS, st.integers(1, 5))).map(unparse)
FILTERS = st.builds(
    Filter,
    st.uuids().map(str),
    st.just(""),
    query=st.just("") | QUERIES,
    exclude=st.just("") | TERMS.map(unparse),
    also=st.lists(st.builds(Clue, QUERIES, POINTS), max_size=3).map(tuple),
    threshold=st.sampled_from([1.0, 2.0, 3.0]),
    digest_threshold=st.sampled_from([0.0, 0.5]),
    places=st.builds(Places, st.sampled_from([2.0, 0.5]), st.sampled_from([1.0, 0.0])),
    types=st.sampled_from([(), (ItemType.BILL,), (ItemType.NEWS,)]),
)


@given(filters=st.lists(FILTERS, min_size=1, max_size=6).map(tuple), fields=SUBJECTS)
def test_no_filter_that_would_match_is_skipped(filters: tuple[Filter, ...], fields: Fields) -> None:
    """Weighing only what can hold finds all that weighing everything finds."""
    found = FilterSet(filters)
    subject = subject_of(fields)
    assert [match.topic for match in found.match_subject(subject)] == [
        each.topic for each in found.explain_subject(subject) if each.matches
    ]


@given(tree=TREES, fields=SUBJECTS)
def test_a_required_literal_stands_wherever_a_query_holds(tree: Node, fields: Fields) -> None:
    """Skipping a text without any of the literals loses nothing."""
    literals = required_literals(tree)
    if literals is not None and naive(distributed(tree), fields) is not None:
        texts = [f" {' '.join(words)} " for _, words in fields]
        assert any(literal in text for literal in literals for text in texts)


@given(parts=st.lists(TERMS, min_size=2, max_size=3, unique=True), fields=SUBJECTS)
def test_an_exclusion_with_and_covers_the_closest_stretches(
    parts: list[Node], fields: Fields
) -> None:
    """Of all ways to hold every term in one field, those count that contain no other."""
    excluded = plan(Filter("t", "", query="zzz", exclude=unparse(conjunction(parts))))
    reading = Reading(subject_of(fields), lexicon(t for n in excluded.nodes() for t in terms(n)))
    found = stretches(reading, [span[:3] for span in Weighing(excluded, reading).covers])
    ways: set[Stretch] = set()
    for number in range(len(fields)):
        places = [[s for s in naive(part, fields) or () if s[0] == number] for part in parts]
        ways |= {
            (number, min(s[1] for s in way), max(s[2] for s in way)) for way in product(*places)
        }
    smallest = {
        way
        for way in ways
        if not any(
            other != way and other[0] == way[0] and way[1] <= other[1] and other[2] <= way[2]
            for other in ways
        )
    }
    assert found == smallest


@given(
    query=TERMS,
    exclude=TERMS,
    fields=SUBJECTS,
)
def test_an_exclusion_hides_only_what_begins_inside_it(
    query: Word | Phrase, exclude: Word | Phrase, fields: Fields
) -> None:
    """Every other occurrence still counts."""
    kept = plan(Filter("t", "", query=unparse(query), exclude=unparse(exclude)))
    reading = Reading(subject_of(fields), lexicon(t for n in kept.nodes() for t in terms(n)))
    weighing = Weighing(kept, reading)
    counted = weighing.counted(reading.lexicon.numbers[query])
    found = stretches(reading, [(each.field, each.start, each.end) for each in counted])
    covered = set(_stands(exclude, fields, ""))
    assert found == {
        each
        for each in _stands(query, fields, "")
        if not any(each[0] == c[0] and c[1] <= each[1] <= c[2] for c in covered)
    }
