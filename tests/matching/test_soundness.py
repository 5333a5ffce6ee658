"""Filters that cannot work are found before any item comes."""

from __future__ import annotations

import pytest

from monitor.errors import QueryError
from monitor.matching import Clue, Filter, Places, faults, too_broad
from monitor.models import ItemType
from tests.matching.held import rule


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("the", "ordinary texts"),
        ("of OR immigration", "ordinary texts"),
        ("the AND of", "ordinary texts"),
        (r"/\w+/", "ordinary texts"),
        ("/.+/", "ordinary texts"),
        ("/e/", "ordinary texts"),
        ("NOT zebra", "without a single word"),
        ("zebra OR NOT zebra", "without a single word"),
        ("zebra OR NOT type:bill", "without a single word"),
        ("jurisdiction:ny", "every item of ocd-division/country:us/state:ny"),
        ("zebra OR jurisdiction:ny", "every item of"),
    ],
)
def test_a_query_that_holds_on_nearly_everything_is_too_broad(query: str, reason: str) -> None:
    """The reason names what it holds on."""
    assert reason in (too_broad(rule(query)) or "")


@pytest.mark.parametrize(
    "query",
    [
        "sanctuary",
        "immig*",
        "ICE",
        "city AND zebra",
        "sanctuary AND NOT marine",
        "type:agreement",
        "jurisdiction:ny AND zebra",
        r"/\b287\W{0,2}g\b/",
        "council",
    ],
)
def test_a_query_for_something_is_not(query: str) -> None:
    """Common subjects, conditions joined with words, and narrow expressions are fine."""
    assert too_broad(rule(query)) is None


def test_types_do_not_hide_a_reach_too_wide() -> None:
    """Restricting the types does not make a query mean something."""
    assert too_broad(rule("NOT zebra", types=(ItemType.BILL,)))
    assert too_broad(rule(also=(Clue("the", 3),)))
    assert too_broad(rule(also=(Clue("the", 1), Clue("zebra", 2)))) is None


def test_a_sound_filter_has_no_faults() -> None:
    """All fields together."""
    found = Filter(
        "287g",
        "287(g) agreements",
        query="287(g)",
        exclude='"House Bill 287"',
        also=(Clue("jail NEAR/5 ICE", 2), Clue("honoring", -2)),
        context="immig*",
        limits=("terminate the agreement",),
        expands=("enter into NEAR/3 agreement".replace("enter into", "enter"),),
        digest_threshold=1,
    )
    assert faults(found) == ()


@pytest.mark.parametrize(
    ("found", "field", "message"),
    [
        (rule(), "query", "never matches"),
        (rule("a1 AND"), "query", "needs a term"),
        (rule("zebra", exclude="(a1"), "exclude", "never closed"),
        (rule("zebra", exclude="NOT a1"), "exclude", "covers no passage"),
        (rule("zebra", exclude="type:bill"), "exclude", "covers no passage"),
        (rule("zebra", context="a1 and b2"), "context", "did you mean AND"),
        (rule("zebra", also=(Clue("a1"), Clue("b2,"))), "also[1].query", "did you mean OR"),
        (rule("zebra", also=(Clue(""),)), "also[0].query", "empty"),
        (rule("zebra", limits=("fine", "(a1")), "direction.limits[1]", "never closed"),
        (rule("zebra", expands=("NOT a1",)), "direction.expands[0]", "covers no passage"),
        (rule("zebra", threshold=0), "threshold", "above 0"),
        (rule("zebra", digest_threshold=-1), "digest_threshold", "below 0"),
        (rule("zebra", digest_threshold=3), "digest_threshold", "below the threshold"),
        (rule(also=(Clue("zebra"),)), "threshold", "come to 2 points at most"),
        (rule(also=(Clue("zebra", 2),), places=Places(1, 1, 1)), "threshold", "2 points at most"),
        (rule("the"), "query", "ordinary texts"),
        (
            rule("zebra", types=(ItemType.BILL,), except_types=(ItemType.BILL, ItemType.NEWS)),
            "except_types",
            "never matches",
        ),
    ],
)
def test_a_fault_names_its_field(found: Filter, field: str, message: str) -> None:
    """Each fault says where in the YAML it is, and what to do."""
    assert [(fault.field, message in fault.message) for fault in faults(found)] == [(field, True)]


def test_all_queries_that_cannot_be_read_are_listed_with_their_columns() -> None:
    """One run of the check shows every fault."""
    found = faults(rule("a1 OR", exclude="(b2", limits=("c3 and d4",)))
    assert [fault.field for fault in found] == ["query", "exclude", "direction.limits[0]"]
    assert [fault.error.column for fault in found if fault.error] == [3, 0, 3]


def test_too_broad_needs_queries_that_can_be_read() -> None:
    """A query that cannot be read is another fault."""
    with pytest.raises(QueryError):
        too_broad(rule("a1 AND"))
