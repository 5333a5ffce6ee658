"""What people judged becomes precision by filter, by term and by source."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.models import (
    Direction,
    Judgement,
    Match,
    Misfit,
    Person,
    Priority,
    Relevance,
)
from monitor.precision import Score, label, report
from tests.store.builders import NOW

YES = Judgement(
    1,
    Person("U1"),
    Relevance.RELEVANT,
    NOW,
    alert=1,
    matter=1,
    channel="#a",
    headline="Council bans 287(g)",
    source="council",
    item_key="1",
    matches=(
        Match("287g", "287(g)", Priority.HIGH, Direction.LIMITS, (), ("287(g)", "ICE")),
        Match("sanctuary", "Sanctuary", Priority.HIGH, Direction.LIMITS, (), ("sanctuary",)),
    ),
)
NO = replace(YES, relevance=Relevance.NOT_RELEVANT, headline="Marine sanctuary", why=Misfit.TOPIC)


def named(scores: tuple[Score, ...]) -> dict[str, tuple[int, int, int]]:
    """Lay scores out by name."""
    return {score.name: (score.right, score.wrong, score.aside) for score in scores}


def test_a_judgement_counts_for_each_filter_and_term_that_made_the_alert() -> None:
    """And for the source."""
    found = report([YES, NO])
    assert named(found.filters) == {"287g": (1, 1, 0), "sanctuary": (1, 1, 0)}
    assert named(found.terms) == {
        "287g: 287(g)": (1, 1, 0),
        "287g: ICE": (1, 1, 0),
        "sanctuary: sanctuary": (1, 1, 0),
    }
    assert named(found.sources) == {"council": (1, 0, 1)}
    assert found.filters[0].precision == 0.5


@pytest.mark.parametrize(
    ("why", "words", "place"),
    [
        (Misfit.TOPIC, (0, 1, 0), (0, 0, 1)),
        (Misfit.PLACE, (0, 0, 1), (0, 1, 0)),
        (Misfit.OLD, (0, 0, 1), (0, 0, 1)),
        (None, (0, 1, 0), (0, 1, 0)),
    ],
)
def test_the_reason_says_what_was_wrong(
    why: Misfit | None, words: tuple[int, int, int], place: tuple[int, int, int]
) -> None:
    """A right text from the wrong county is no fault of the filter."""
    found = report([replace(NO, why=why)])
    assert named(found.filters)["sanctuary"] == words
    assert named(found.sources)["council"] == place


def test_the_worst_stand_first_and_one_mistake_is_not_the_worst() -> None:
    """Nine wrong of ten weigh more than one of one."""
    often = [replace(NO, matches=(replace(NO.matches[0], topic="often"),))] * 9
    often.append(replace(YES, matches=often[0].matches))
    once = [replace(NO, matches=(replace(NO.matches[0], topic="once"),))]
    good = [replace(YES, matches=(replace(NO.matches[0], topic="good"),))] * 3
    scores = report([*good, *once, *often]).filters
    assert [score.name for score in scores] == ["often", "once", "good"]


def test_examples_are_the_latest_that_were_wrong() -> None:
    """Five at most."""
    wrong = [replace(NO, headline=f"Wrong {n}") for n in range(9)]
    (first, *_) = report([*wrong, YES]).filters
    assert first.examples == ("Wrong 8", "Wrong 7", "Wrong 6", "Wrong 5", "Wrong 4")


def test_what_was_taken_back_does_not_count() -> None:
    """The last word of a person on a matter does."""
    assert report([replace(NO, counts=False), YES]).judgements == 1
    assert named(report([replace(NO, counts=False), YES]).filters)["287g"] == (1, 0, 0)


def test_nothing_judged_is_no_precision() -> None:
    """None is not nought."""
    assert report([]).filters == ()
    assert Score("x").precision is None


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_bound_lies_between_the_share_and_one(right: int, wrong: int) -> None:
    """And comes down to the share with more words."""
    score = Score("x", right, wrong)
    assert (score.precision or 0) <= score.at_best + 1e-9 <= 1 + 2e-9
    assert Score("x", right * 10, wrong * 10).at_best <= score.at_best + 1e-9


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([YES], 1),
        ([NO], 0),
        ([YES, NO], "b"),
        ([YES, YES, NO], 1),
        ([replace(NO, why=Misfit.PLACE)], None),
        ([replace(NO, why=Misfit.OLD), YES], 1),
        ([replace(NO, counts=False)], None),
    ],
)
def test_judged_items_become_labels(said: list[Judgement], expected: int | str | None) -> None:
    """Where people disagree the item is borderline; place and age say nothing of its words."""
    assert label(said) == expected
