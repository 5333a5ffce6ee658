"""Filters held against items: fields, conditions, exclusions, and many filters at once."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from monitor.errors import QueryError
from monitor.matching import Filter, FilterSet, subject_of_text
from monitor.models import Item, ItemType, Match, Priority
from tests.matching.held import hits, holds, matches, only, rule, subject


def item(title: str, text: str = "", kind: ItemType = ItemType.COUNCIL_ITEM) -> Item:
    """Make an item of a made-up council."""
    return Item(
        source="riverton",
        key="1",
        type=kind,
        jurisdiction="ocd-division/country:us/state:ny/place:riverton",
        title=title,
        text=text,
        url="https://example.org/1",
        published=None,
        fingerprint="f",
    )


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("alpha beta", "beta and alpha", True),
        ("alpha beta", "alpha only", False),
        ("alpha OR beta", "beta", True),
        ("alpha NOT beta", "alpha", True),
        ("alpha NOT beta", "alpha. Far away, beta", False),
        ("alpha NEAR/3 beta", "alpha one two beta", True),
        ("alpha NEAR/3 beta", "beta one two alpha", True),
        ("alpha NEAR/3 beta", "alpha one two three beta", False),
        ("alpha NEAR/1 beta", "beta, alpha", True),
        ("alpha NEAR/1 alpha", "alpha", False),
        ("alpha NEAR/1 alpha", "alpha alpha", True),
        ('"alpha beta" NEAR/2 gamma', "alpha beta x gamma", True),
        ('"alpha beta" NEAR/2 gamma', "gamma x alpha beta", True),
        ('"alpha beta" NEAR/2 gamma', "gamma x y alpha beta", False),
        ("alpha NEAR/2 (beta OR gamma)", "alpha x gamma", True),
        ("(alpha beta) NEAR/2 gamma", "alpha x gamma x beta", True),
        ("(alpha beta) NEAR/2 gamma", "alpha x gamma. Elsewhere there is beta", False),
        ("alpha NEAR/2 beta NEAR/2 gamma", "alpha x beta x gamma", True),
        ("alpha NEAR/2 beta NEAR/2 gamma", "alpha x beta x y gamma", False),
        ("alph* NEAR/2 beta", "alphabet x beta", True),
    ],
)
def test_operators_mean_what_the_language_says(query: str, text: str, expected: bool) -> None:
    """AND, OR, NOT and NEAR hold where the description says so."""
    assert holds(query, text) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title:alpha", True),
        ("body:alpha", False),
        ("body:beta", True),
        ("body:gamma", True),
        ("title:beta", False),
        ("title:(alpha beta)", False),
        ("title:alpha body:beta", True),
        ("alpha NEAR/50 beta", False),
        ('"beta gamma"', False),
        ("headline:alpha", True),
        ("headline:beta", True),
        ("headline:delta", False),
        ("headline:gamma", False),
        ("title:NOT", None),
    ],
)
def test_fields_are_kept_apart(query: str, expected: bool | None) -> None:
    """A field limits a term or a group; neither phrases nor NEAR reach across two fields."""
    found = subject("Alpha", "Here is beta. Then delta.", documents=(("a.pdf p. 1", "gamma"),))
    if expected is None:
        with pytest.raises(QueryError):
            matches(rule(query), found)
    else:
        assert bool(matches(rule(query), found)) is expected


def test_labels_do_not_make_a_first_sentence() -> None:
    """The name of the committee that meets is no headline."""
    found = subject("Item 7", "Meeting: Alpha Committee\nStatus: Filed\nBeta is heard. Then gamma.")
    assert not matches(rule("headline:alpha"), found)
    assert matches(rule("headline:beta"), found)
    assert not matches(rule("headline:gamma"), found)


@pytest.mark.parametrize(
    ("query", "kind", "jurisdiction", "expected"),
    [
        ("alpha type:bill", ItemType.BILL, "", True),
        ("alpha type:bill", ItemType.NEWS, "", False),
        ("alpha type:bill", None, "", False),
        ("alpha NOT type:bill", None, "", True),
        ("alpha type:(bill OR news)", ItemType.NEWS, "", True),
        ("type:agreement", ItemType.AGREEMENT, "", True),
        ("alpha jurisdiction:ny", None, "ocd-division/country:us/state:ny/place:new_york", True),
        ("alpha jurisdiction:ny", None, "ocd-division/country:us/state:nj", False),
        ("alpha jurisdiction:ny/new_york", None, "ocd-division/country:us/state:ny", False),
        ("alpha jurisdiction:ny", None, "nysd", True),
        ("alpha jurisdiction:us", None, "ocd-division/country:us/state:nj", True),
        ("alpha jurisdiction:us", None, "", False),
        ("alpha jurisdiction:us", None, "Nowhere Land", False),
    ],
)
def test_conditions_on_the_item(
    query: str, kind: ItemType | None, jurisdiction: str, expected: bool
) -> None:
    """A type is itself; a jurisdiction takes in what lies within it."""
    found = subject("alpha", kind=kind, jurisdiction=jurisdiction)
    assert bool(matches(rule(query), found)) is expected


def test_an_exclusion_never_hides_another_match() -> None:
    """Only the passage that it covers is taken out; the rest of the item counts."""
    exclude = '"ice cream" OR "House Bill 287"'
    assert not holds("ice", "an ice cream truck", exclude=exclude)
    assert hits("ice", "An ice cream truck. The ice melts.", exclude=exclude) == ["ice"]
    assert holds("287(g)", "House Bill 287 was heard. So was the 287(g) program.", exclude=exclude)
    assert not holds("287(g)", "House Bill 287(g) was heard.", exclude=exclude)
    assert not holds("287(g)", "House Bill 287 (g) was heard.", exclude=exclude)
    assert holds("title:ice", "", exclude="body:ice") is False
    assert matches(rule("ice", exclude="body:ice"), subject("ice", "ice"))
    assert not matches(rule("title:ice", exclude="title:ice"), subject("ice", "ice"))


@pytest.mark.parametrize(
    ("exclude", "text", "expected"),
    [
        ("snow NEAR/3 ice", "snow, then ice", False),
        ("snow NEAR/3 ice", "snow, then ice. There are ice agents", True),
        ("snow NEAR/3 ice", "snow one two three ice", True),
        ("snow AND ice", "snow of the winter and ice", False),
        ("snow AND ice", "snow and ice. Later, ice agents", True),
        ("snow AND ice", "ice agents", True),
        ('"snow ice" AND ice', "ice snow ice", True),
        ("ice AND type:news", "ice agents", True),
        ("ice AND NOT agents", "ice agents", True),
        ("ice AND NOT agents", "ice rink", False),
        ("snow NEAR/2 storm OR ice NEAR/2 rink", "a snow storm, an ice rink", False),
        ("/snow[^.]*/", "snow, and ice. No more", False),
        ("/snow[^.]*/", "snow. ice", True),
    ],
)
def test_an_exclusion_covers_from_its_first_term_to_its_last(
    exclude: str, text: str, expected: bool
) -> None:
    """For NEAR and AND the whole stretch is covered, as short as it is."""
    assert holds("ice", text, exclude=exclude) is expected


def test_an_exclusion_counts_for_not_as_well() -> None:
    """What is taken out does not stand in the way either."""
    assert holds("alpha NOT ice", "alpha, ice cream", exclude='"ice cream"')
    assert not holds("alpha NOT ice", "alpha, ice", exclude='"ice cream"')


def test_filters_hold_in_their_own_order_and_by_topic() -> None:
    """A source may name the topics that apply to it."""
    filters = FilterSet(
        (
            Filter("zebra", "Zebras", query="zebra", channels=("#zoo",), priority=Priority.HIGH),
            Filter("animal", "Animals", query="zebra OR lion"),
            Filter("plant", "Plants", query="fern"),
        )
    )
    found = item("A zebra in the park")
    assert [match.topic for match in filters.match(found)] == ["zebra", "animal"]
    assert [match.topic for match in filters.match(found, frozenset({"animal"}))] == ["animal"]
    assert filters.match(found, frozenset()) == ()
    first = filters.match(found)[0]
    assert (first.title, first.priority, first.channels) == ("Zebras", Priority.HIGH, ("#zoo",))
    assert first.terms == ("zebra",)


def test_documents_are_further_fields() -> None:
    """A page of an attachment is matched and quoted under its own name."""
    filters = FilterSet((Filter("t", "T", query="zebra"),))
    (match,) = filters.match(item("Agenda"), documents=(("agenda.pdf p. 12", "One zebra."),))
    assert [(each.field, each.text) for each in match.passages] == [
        ("agenda.pdf p. 12", "One zebra.")
    ]


def test_a_filter_may_be_for_some_types_only() -> None:
    """`types` lets in, `except_types` keeps out; an unknown type is kept out by `types` only."""
    for kinds, expected in (
        ({"types": (ItemType.BILL,)}, [True, False, False]),
        ({"except_types": (ItemType.BILL,)}, [False, True, True]),
        ({}, [True, True, True]),
    ):
        found = [
            bool(matches(rule("alpha", **kinds), subject("alpha", kind=kind)))
            for kind in (ItemType.BILL, ItemType.NEWS, None)
        ]
        assert found == expected


def test_an_empty_set_of_filters_matches_nothing() -> None:
    """No filters, no matches; and an item without a word is no trouble."""
    assert FilterSet(()).match(item("anything")) == ()
    assert FilterSet((Filter("t", "T", query="a1"),)).match(item("", "")) == ()


def test_a_query_that_cannot_be_read_is_reported_at_the_first_match() -> None:
    """The set compiles lazily, and every time the fault is the same."""
    filters = FilterSet((Filter("t", "T", query="a1 AND"),))
    for _ in range(2):
        with pytest.raises(QueryError):
            filters.match(item("a1"))


FILTERS = FilterSet(
    tuple(Filter(f"t-{n}", "", query=f"word{n} OR /number {n}/") for n in range(20))
)


def found_topics(filters: FilterSet, text: str) -> list[str]:
    """Match in another process or thread."""
    return [match.topic for match in filters.match_subject(subject_of_text(text))]


def test_a_set_travels_to_other_processes() -> None:
    """A pickled set carries its filters, is compiled there, and finds the same."""
    texts = [f"word{n} and number {n + 1}" for n in range(19)]
    here = [found_topics(FILTERS, text) for text in texts]
    copy = pickle.loads(pickle.dumps(FILTERS))  # noqa: S301 - our own bytes
    assert copy == FILTERS
    assert hash(copy) == hash(FILTERS)
    assert "t-3" in repr(copy)
    assert [found_topics(copy, text) for text in texts] == here
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert list(pool.map(found_topics, [FILTERS] * 3, texts[:3])) == here[:3]


def test_a_set_serves_many_threads() -> None:
    """Threads that come first together compile once, and all find the same."""
    filters = FilterSet(FILTERS.filters)
    texts = [f"word{n % 20} number {n % 7}" for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: found_topics(filters, text), texts))
    assert found == [found_topics(FILTERS, text) for text in texts]


def test_a_match_travels_and_compares() -> None:
    """A match is a plain value."""
    match = only(rule("alpha"), subject("Alpha"))
    copy: Match = pickle.loads(pickle.dumps(match))  # noqa: S301 - our own bytes
    assert copy == match
