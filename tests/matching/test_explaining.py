"""Explanations: the person who edits the YAML learns which word decided, and which was missing."""

from __future__ import annotations

import pytest

from monitor.matching import Clue, Filter, FilterSet, Shouting
from monitor.models import Direction, ItemType, Priority
from tests.matching.held import explained, rule, subject


def test_a_match_names_its_terms_and_where_they_stand() -> None:
    """Points, place, words as written, field and offset, and cues."""
    found = explained(
        rule("287(g)", also=(Clue("jail"),), limits=("opposing",)),
        subject("Opposing the 287 (g) program", "First. The jail."),
    )
    assert found.matches
    assert found.direction is Direction.LIMITS
    assert found.words().splitlines() == [
        "topic: matches (score 7, needed 3), priority normal, direction limits",
        '  + +6 in the headline: "287 (g)" (title 13)',
        '  + +1 in the text: "jail" (text 11)',
        "  > limits: Opposing",
    ]


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("alpha", ["alpha does not stand in it"]),
        ('"alpha beta"', ['"alpha beta" does not stand in it']),
        ("present AND alpha", ["alpha does not stand in it"]),
        ("present AND (alpha OR beta)", ["none of these counts: alpha, beta"]),
        ("present NOT here", ["here stands in it, and the query says NOT"]),
        ("present NEAR/2 here", ["present and here stand farther apart than 2 words"]),
        ("present NEAR/2 alpha", ["alpha does not stand in it"]),
        ("title:present", ["present does not stand in the title"]),
        ("present type:bill", ["the item's type is not bill"]),
        ("/al.ha/", ["/al.ha/ does not stand in it"]),
        ("alpha OR (beta AND present)", ["none of these counts: alpha, beta AND present"]),
        (
            " OR ".join(f"word{n}" for n in range(20)),
            [f"none of these counts: {', '.join(f'word{n}' for n in range(8))} and 12 more"],
        ),
    ],
)
def test_what_is_missing_is_named(query: str, missing: list[str]) -> None:
    """Only the part of a query that is to blame is shown."""
    found = explained(rule(query), subject(text="Present, and then it is also here."))
    assert not found.matches
    assert list(found.missing) == missing
    assert found.words().splitlines()[0] == "topic: does not match (score 0, needed 3)"


def test_an_excluded_term_names_the_passage_that_covers_it() -> None:
    """The excluded passage is quoted as it stands in the item."""
    found = explained(rule("ice", exclude='"ice cream"'), subject(text="An Ice  Cream truck"))
    assert found.ignored == ('"Ice" (text 3) lies in "Ice Cream", which is excluded',)
    assert found.missing == ("ice does not stand in it",)


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ({}, "no second term (another term of the filter) stands in the item"),
        ({"context": "immig*"}, "no second term (one of context) stands in the item"),
        ({"shouting": Shouting.IGNORE}, "the filter ignores acronyms there"),
    ],
)
def test_a_shouted_acronym_says_why_it_is_ignored(rest: dict[str, object], reason: str) -> None:
    """The line of capitals is to blame, and the cure follows from the words."""
    found = explained(rule("ICE", **rest), subject("ICE AGE TRAIL"))
    assert found.ignored == (
        f'"ICE" (title 0) stands in a line that is all capitals, and {reason}',
    )


def test_a_filter_for_other_types_says_so() -> None:
    """The query may hold, and yet the filter does not."""
    found = explained(rule("alpha", types=(ItemType.BILL,)), subject("alpha", kind=ItemType.NEWS))
    assert not found.matches
    assert found.missing == ("the filter is not for items of type news",)
    assert "type unknown" in explained(rule("a1", types=(ItemType.BILL,)), subject("a1")).missing[0]


def test_clues_that_are_absent_are_counted() -> None:
    """A score that is too low says what could raise it; points against are found too."""
    clues = (Clue("jail", 1), Clue("raid", 1), Clue("detain*", 2), Clue("honoring", -1))
    found = explained(rule(also=clues), subject("x", "First. A jail, honoring."))
    assert (found.score, found.needed) == (0, 3)
    assert found.found == (
        '+1 in the text: "jail" (text 9)',
        '-1 in the text: "honoring" (text 15)',
    )
    assert found.missing == ("2 of 3 clues do not stand in it: raid; detain*",)


def test_the_lower_threshold_is_the_one_that_is_needed() -> None:
    """A digest-only match says so by its priority."""
    found = explained(
        rule(also=(Clue("jail"),), digest_threshold=1, priority=Priority.HIGH),
        subject("x", "First. A jail."),
    )
    assert found.words().startswith("topic: matches (score 1, needed 1), priority low")


def test_every_filter_is_explained_unless_topics_are_named() -> None:
    """The order is that of the filters."""
    filters = FilterSet((Filter("one", "One", query="a1"), Filter("two", "Two", query="b2")))
    found = subject("a1")
    assert [(each.topic, each.matches) for each in filters.explain_subject(found)] == [
        ("one", True),
        ("two", False),
    ]
    assert [each.title for each in filters.explain_subject(found, frozenset({"two"}))] == ["Two"]


def test_a_long_list_of_reasons_is_cut() -> None:
    """A text full of excluded words is explained in a dozen lines."""
    found = explained(rule("ice", exclude='"ice cream"'), subject(text="ice cream " * 500))
    assert len(found.ignored) == 12
