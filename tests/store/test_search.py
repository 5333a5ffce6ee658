"""Search: what a person types finds what was seen, or says what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.models import ItemType
from monitor.store import Arrival, Store
from monitor.store.query import compile_query
from tests.store.builders import DAY, NEW_YORK, NOW, item, match

ALBANY = "ocd-division/country:us/state:ny/place:albany"
STATE = "ocd-division/country:us/state:ny"


@pytest.fixture
def library(store: Store) -> Store:
    """Store a few made-up texts."""
    texts = {
        "agreement": "The sheriff signed a 287(g) memorandum of agreement with ICE.",
        "sanctuary": "Sanctuary cities do not honour detainers of Immigration and Customs.",
        "caf\u00e9": "Le caf\u00e9 pr\u00e8s de la mairie ouvre pour les immigr\u00e9s.",
        "parks": "The parks department repairs an ice rink; 287 trees (g) are planted.",
    }
    store.items.merge_all([Arrival(item(k, title=k, text=t)) for k, t in texts.items()], NOW)
    return store


def found(store: Store, query: str, **wanted: object) -> set[str]:
    """Return the keys of the items found."""
    hits = store.index.search(query, **wanted)  # type: ignore[arg-type]
    return {hit.stored.item.key for hit in hits}


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("sheriff", {"agreement"}),
        ("SHERIFF Memorandum", {"agreement"}),
        ("sheriff detainers", set()),
        ("sheriff OR detainers", {"agreement", "sanctuary"}),
        ("287(g)", {"agreement"}),
        ("(287(g))", {"agreement"}),
        ("(287(g) OR detainers) NOT honour", {"agreement"}),
        ("287", {"agreement", "parks"}),
        ("immigr*", {"sanctuary", "caf\u00e9"}),
        ('"memorandum of agreement"', {"agreement"}),
        ('"agreement of memorandum"', set()),
        ('"memorandum of agr"*', {"agreement"}),
        ("cafe", {"caf\u00e9"}),
        ("pr\u00c8S", {"caf\u00e9"}),
        ("ice NOT rink", {"agreement"}),
        ("the NOT rink NOT sheriff", set()),
        ("ice AND NOT rink", {"agreement"}),
        ("sheriff AND ICE OR detainers", {"agreement", "sanctuary"}),
        ("sheriff AND (ICE OR detainers)", {"agreement"}),
        ("title:sanctuary", {"sanctuary"}),
        ("text:sanctuary title:sanctuary", {"sanctuary"}),
        ("title:sheriff", set()),
        ("title:(parks OR agreement) NOT rink", {"agreement"}),
        ("title: agreement", set()),
        ('body:"signed a"', {"agreement"}),
        ("and", {"sanctuary"}),
        ("ice's OR near", set()),
        ("sheriff-signed", {"agreement"}),
        ("https://council.example/1", set()),
    ],
)
def test_a_query_finds(library: Store, query: str, keys: set[str]) -> None:
    """Words, phrases, beginnings, operators, fields; accents and case do not matter."""
    assert found(library, query) == keys


@pytest.mark.parametrize(
    ("query", "column", "message"),
    [
        ("", 0, "nothing to search for"),
        ("   ", 0, "nothing to search for"),
        ('the "memorandum', 4, "not closed"),
        ("(ice OR fbi", 0, "not closed"),
        ("ice)", 3, "never opened"),
        (")", 0, "never opened"),
        ("ice OR", 6, "missing at the end"),
        ("ice AND OR fbi", 8, "missing before OR"),
        ("NOT ice", 0, "needs something before it"),
        ("ice OR NOT fbi", 7, "needs something before it"),
        ("()", 1, "missing before )"),
        ("ice \u2014 fbi", 4, "no letter or digit"),
        ("*", 0, "does not belong"),
        ("colour:red", 0, "no field colour:"),
        ("title:AND", 6, "missing before AND"),
        ("title:(ice", 6, "not closed"),
        ("(" * 40 + "a" + ")" * 40, 31, "too deeply"),
        ("a" * 2_001, 2_000, "at most 2000"),
    ],
)
def test_a_wrong_query_says_what_and_where(query: str, column: int, message: str) -> None:
    """Never an error of the database."""
    with pytest.raises(QueryError, match=message.replace("(", r"\(").replace(")", r"\)")) as caught:
        compile_query(query)
    assert caught.value.column == column


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    query=st.lists(
        st.sampled_from(
            (
                *("ice", "287(g)", '"', "(", ")", " ", "AND", "OR", "NOT", "NEAR", "*", ":"),
                *("title:", "-", "+", "^", "{", "}", "\\", "'", ";", ",", "\x00", "\ud800"),
                *("\u201c", "\u0130", "\ud7ff"),
            )
        ),
        max_size=12,
    ).map("".join)
)
def test_whatever_is_typed_is_searched_or_refused(store: Store, query: str) -> None:
    """No input reaches the index as an operator by accident."""
    refused = None
    try:
        assert store.index.search(query) == ()
    except QueryError as error:
        refused = error
    assert refused is None or 0 <= refused.column <= len(query)


def test_a_hit_shows_where_the_words_stand(library: Store) -> None:
    """The snippet is plain text; the places of the words are given beside it."""
    (hit,) = library.index.search('sheriff "memorandum of agreement"')
    assert [hit.snippet[start:end] for start, end in hit.hits] == [
        "sheriff",
        "memorandum of agreement",
    ]


def test_the_title_counts_more_than_the_text(store: Store) -> None:
    """The best hit comes first; more can be had."""
    store.items.merge_all([Arrival(item(str(number))) for number in range(20)], NOW)
    store.items.merge(item("in text", title="Agenda", text="detainers " * 2 + "agenda " * 9), NOW)
    store.items.merge(item("in title", title="Detainers", text="agenda " * 11), NOW)
    hits = store.index.search("detainers")
    assert [hit.stored.item.key for hit in hits] == ["in title", "in text"]
    assert store.index.search("detainers", limit=1, offset=1) == hits[1:]


def test_a_search_can_be_narrowed(store: Store) -> None:
    """By type, place, time, topic and source."""
    store.items.merge(item("old", type=ItemType.BILL, jurisdiction=STATE), NOW - DAY)
    store.items.merge(item("new", jurisdiction=ALBANY), NOW, (match("ice"),))
    store.items.merge(item("other", "senate", jurisdiction=f"{NEW_YORK}-mills"), NOW)
    word = "council"
    assert found(store, word) == {"old", "new", "other"}
    assert found(store, word, types=[ItemType.BILL]) == {"old"}
    assert found(store, word, jurisdiction=STATE) == {"old", "new", "other"}
    assert found(store, word, jurisdiction=ALBANY) == {"new"}
    assert found(store, word, jurisdiction=NEW_YORK) == set()
    assert found(store, word, since=NOW) == {"new", "other"}
    assert found(store, word, topic="ice") == {"new"}
    assert found(store, word, source="senate", since=NOW) == {"other"}


def test_the_index_follows_changes(store: Store) -> None:
    """An old text is not found any more, and a new one is."""
    store.items.merge(item(text="before", labels=("Police",), office="Rules"), NOW)
    assert found(store, "before") == found(store, "label:police office:rules") == {"1"}
    store.items.merge(item(text="after", labels=(), office="Rules"), NOW)
    assert found(store, "before") == found(store, "police") == set()
    assert found(store, "after") == {"1"}
    assert store.upkeep.check(thorough=True) == ()
