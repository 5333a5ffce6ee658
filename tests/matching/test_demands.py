"""What a filter demands of a text: it never sleeps through a text on which it holds."""

from __future__ import annotations

import pytest

from monitor.matching.demands import Patterns, demands, pattern_word, type_word
from monitor.matching.filters import Clue
from monitor.matching.query import parse_query
from monitor.models import ItemType
from tests.matching.held import holds, matches, rule, subject


def groups(query: str) -> set[frozenset[str]]:
    """Name what a query demands."""
    return set(demands(parse_query(query)))


def test_each_side_of_an_and_demands_its_own_word() -> None:
    """Where one side is missing altogether, nothing is weighed."""
    assert groups("alpha AND (beta OR gamma)") == {
        frozenset({" alpha "}),
        frozenset({" beta ", " gamma "}),
    }
    assert groups("alpha NEAR/5 beta") == {frozenset({" alpha "}), frozenset({" beta "})}


def test_alternatives_demand_a_word_of_one_of_them() -> None:
    """A choice of one group of each alternative is demanded of both."""
    assert groups("(alpha AND beta) OR gamma") == {
        frozenset({" alpha ", " gamma "}),
        frozenset({" beta ", " gamma "}),
    }


def test_many_alternatives_are_not_multiplied_out() -> None:
    """Ten alternatives with three demands each would be 59,049; a few sound ones do."""
    query = " OR ".join(f"(a{n}a AND b{n}b AND c{n}c)" for n in range(10))
    found = groups(query)
    assert len(found) == 3
    assert holds(query, "text with c7c, b7b and a7a")
    assert not holds(query, "text with c7c, b7b and a8a")


@pytest.mark.parametrize("query", ["NOT alpha", "alpha OR NOT beta", "jurisdiction:ny", "/.+/"])
def test_what_can_hold_without_a_word_demands_none(query: str) -> None:
    """Negative queries, places, and expressions that stand everywhere are always weighed."""
    assert groups(query) == set()


def test_types_and_expressions_count_as_words() -> None:
    """A type stands beside the words, and an expression is looked for once for all filters."""
    assert groups("type:bill") == {frozenset({type_word("bill")})}
    assert groups(r"/alph\w+ beta/") == {frozenset({pattern_word(r"alph\w+ beta")})}
    assert matches(rule("type:bill AND alpha"), subject("Alpha", kind=ItemType.BILL))
    assert not matches(rule("type:bill AND alpha"), subject("Alpha", kind=ItemType.NEWS))


def test_expressions_are_found_with_their_own_mind_about_case() -> None:
    """The one search for all does not lose what a single one finds."""
    found = Patterns((r"\bIGSA\b", r"ice (rink|arena)"))
    assert found.found(b"An IGSA with the city") == [pattern_word(r"\bIGSA\b")]
    assert found.found(b"The ICE RINK and an igsa") == [pattern_word("ice (rink|arena)")]
    assert found.found(b"Nothing of that") == []


def test_expressions_that_cannot_be_joined_are_searched_one_by_one() -> None:
    """Two groups of one name are no fault of either."""
    found = Patterns((r"(?P<x>alpha)", r"(?P<x>beta)"))
    assert found.found(b"beta") == [pattern_word(r"(?P<x>beta)")]


def test_clues_add_up_although_none_suffices() -> None:
    """Two clues of half the threshold wake a filter, one alone does not."""
    clues = (Clue("alpha", 2.0), Clue("beta", 2.0))
    assert matches(rule(also=clues, threshold=4.0), subject(text="First. Then alpha and beta."))
    assert not matches(rule(also=clues, threshold=4.0), subject(text="First. Then alpha alone."))
