"""What counts: shouted acronyms, points and places, and the direction."""

from __future__ import annotations

import pytest

from monitor.matching import Clue, Places, Shouting
from monitor.models import Direction, ItemType, Priority
from tests.matching.held import explained, holds, matches, only, rule, subject

CONTEXT = "immig* OR deport* OR CBP"


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Discussion of ICE in the county", "", True),
        ("G. ICE CREAM SOCIAL", "", False),
        ("ICE AGE TRAIL ALLIANCE", "Grant for a trail.", False),
        ("BAN ICE FROM PUBLIC PROPERTY", "", False),
        ("BAN ICE FROM PUBLIC PROPERTY", "About immigration raids.", True),
        ("BAN ICE AND CBP FROM PUBLIC PROPERTY", "", True),
        ("BAN ICE FROM PUBLIC PROPERTY", "The ICE agents.", True),
        ("ICE", "", True),
        ("An item", "ROADS ARE COVERED WITH ICE\nThe budget.", False),
        ("An item", "Roads.\nThe ICE budget.\nROADS ARE CLOSED", True),
        ("BAN I.C.E. FROM PUBLIC PROPERTY", "", True),
        ("23-0456 ICE RINK REPAIRS, PHASE 2", "Repairs of the rink.", False),
    ],
)
def test_an_acronym_among_capitals_needs_a_second_term(
    title: str, text: str, expected: bool
) -> None:
    """In a line of capitals ICE looks like any word, and counts with a term of the context only."""
    assert bool(matches(rule("ICE", context=CONTEXT), subject(title, text))) is expected


def test_without_context_another_term_of_the_filter_confirms() -> None:
    """The words that the query itself asks for are the second term; the acronym is not."""
    query = "ICE OR detainer* OR (raid NOT animal)"
    assert not matches(rule(query), subject("ICE CREAM"))
    assert not matches(rule(query), subject("ICE CREAM", "BY ICE, FOR ICE, OF ICE"))
    assert matches(rule(query), subject("ICE OUT NOW", "honoring detainers"))
    assert not matches(rule("ICE NOT animal OR zzz"), subject("ICE OUT NOW", "animal"))
    assert not matches(
        rule(query, exclude='"unlawful detainer"'), subject("ICE OUT NOW", "unlawful detainer")
    )
    assert matches(rule("ICE", also=(Clue("staging"),)), subject("NO ICE STAGING HERE"))


@pytest.mark.parametrize(
    ("shouting", "expected"),
    [(Shouting.SECOND, False), (Shouting.COUNT, True), (Shouting.IGNORE, False)],
)
def test_a_filter_says_what_shouting_is_worth(shouting: Shouting, expected: bool) -> None:
    """Second, count and ignore differ where an acronym stands alone among capitals."""
    assert bool(matches(rule("ICE", shouting=shouting), subject("ICE AGE TRAIL"))) is expected


def test_ignored_shouting_is_ignored_even_with_a_second_term() -> None:
    """`ignore` lets nothing confirm."""
    found = subject("ICE OUT NOW", "immigration")
    assert matches(rule("ICE", context=CONTEXT), found)
    assert not matches(rule("ICE", context=CONTEXT, shouting=Shouting.IGNORE), found)


def test_other_words_among_capitals_count_as_ever() -> None:
    """Only single acronyms are in doubt, neither phrases nor words in lower case."""
    assert holds('"ICE detainer"', "ICE DETAINER POLICY")
    assert holds("sanctuary", "SANCTUARY POLICY OF THE CITY")
    assert holds("I-247A", "FORM I-247A IS ATTACHED")


CLUES = (Clue("deport*", 2), Clue("detention", 1), Clue("honoring", -4))


@pytest.mark.parametrize(
    ("title", "text", "score"),
    [
        ("Nothing", "at all", 0),
        ("Deportation", "", 4),
        ("Agenda", "First. On deportation.", 2),
        ("Agenda", "On deportation. More.", 4),
        ("Agenda", "First.\nWHEREAS, deportation happens; and\nRESOLVED, to act.", 1),
        ("Agenda", "First.\nWHEREAS, it happens;\nRESOLVED, to stop deportation.", 2),
        ("Deportation", "First. Deportation again. WHEREAS, deportation", 4),
        ("Agenda", "First. Deportation and detention.", 3),
        ("Honoring a judge", "First. Deportation.", -6),
        ("Sanctuary", "", 6),
        ("Agenda", "First. A sanctuary.", 3),
        ("Honoring the sanctuary", "", -2),
        ("Agenda", "First. A sanctuary, deportation.", 5),
    ],
)
def test_evidence_adds_up(title: str, text: str, score: float) -> None:
    """The query is worth the threshold, a clue its points; a headline doubles, recitals halve."""
    found = rule("sanctuary", also=CLUES, threshold=3)
    weighed = explained(found, subject(title, text))
    assert weighed.score == score
    assert weighed.matches is (score >= 3)
    assert bool(matches(found, subject(title, text))) is (score >= 3)


def test_a_clue_counts_at_the_best_place_where_it_holds_alone() -> None:
    """Half of a clue in the headline is not yet a clue in the headline."""
    found = rule(also=(Clue("deport* AND jail", 2),), threshold=3)
    assert explained(found, subject("Deportation", "First. The jail.")).score == 2
    assert explained(found, subject("Deportation from jail")).score == 4
    condition = rule(also=(Clue("deport* NOT jail", 2),), threshold=3)
    assert explained(condition, subject("Deportation", "First. The jail.")).score == 0


def test_what_follows_not_counts_everywhere() -> None:
    """A headline is not free of what stands in the body."""
    found = rule(also=(Clue("zebra AND (lion OR NOT tiger)", 2),), threshold=9)
    assert explained(found, subject("Zebra", "First. A tiger. A lion.")).score == 2
    assert explained(found, subject("Zebra", "First. A lion.")).score == 4


def test_a_condition_on_the_item_has_no_place() -> None:
    """A clue without a word is worth its bare points."""
    found = rule(also=(Clue("type:bill", 2), Clue("zebra", 1)), threshold=3)
    assert explained(found, subject("zebra", kind=ItemType.BILL)).score == 4
    assert explained(found, subject("x", kind=ItemType.BILL)).score == 2
    assert matches(found, subject("x", "First. A zebra.", kind=ItemType.BILL))
    alone = rule(also=(Clue("type:bill", 3),), threshold=3)
    assert matches(alone, subject("x", kind=ItemType.BILL))


def test_places_have_the_weights_that_the_filter_gives() -> None:
    """Weights are the filter's, for the query too where it is in a headline."""
    found = rule("sanctuary", also=CLUES, threshold=4, places=Places(3, 2, 0))
    assert explained(found, subject("Sanctuary")).score == 12
    assert explained(found, subject("x", "First. Deportation.")).score == 4
    assert explained(found, subject("x", "First. WHEREAS, deportation")).score == 0


def test_a_query_in_the_background_counts_in_full_unless_the_filter_says_otherwise() -> None:
    """An honorary resolution mentions things that it is not about."""
    item = subject(
        "Honoring a teacher", "First.\nWHEREAS, she fled deportation;\nRESOLVED, thanks."
    )
    assert matches(rule("deportation"), item)
    assert not matches(rule("deportation", background_suffices=False), item)
    assert matches(rule("deportation", background_suffices=False), subject("x", "A. deportation"))
    both = rule("deportation", background_suffices=False, also=(Clue("teacher", 1),))
    assert matches(both, item)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Minutes of the meeting\nMr. Doe spoke on zebras.\nNEW BUSINESS\nBudget.", 0.5),
        ("4. PUBLIC COMMENT\nMr. Doe spoke on zebras.\nNEW BUSINESS\nBudget.", 0.5),
        ("Public comment\nMr. Doe.\nNEW BUSINESS\nA contract for zebras.", 1),
        ("Intro.\nWhereas, zebras roam; and\nWhereas, more;\nNow, therefore, be it resolved.", 0.5),
        ("Intro.\nIt applies to cases whereas zebras do not.", 1),
        ("Intro. WHEREAS, a; and WHEREAS, zebras; NOW, THEREFORE, BE IT RESOLVED, b", 0.5),
        ("Intro. WHEREAS, a; NOW, THEREFORE, BE IT RESOLVED, zebras", 1),
    ],
)
def test_recitals_minutes_and_comment_are_background(text: str, expected: float) -> None:
    """What is said before RESOLVED, or under a heading of comments, weighs half."""
    found = rule(also=(Clue("zebras", 1),), threshold=9)
    assert explained(found, subject("Agenda", text)).score == expected


def test_a_lower_threshold_keeps_items_for_the_digest() -> None:
    """Between the two thresholds the priority is low, whatever the filter says."""
    found = rule(also=CLUES, threshold=4, digest_threshold=2, priority=Priority.HIGH)
    assert not matches(found, subject("x", "First. Detention."))
    assert only(found, subject("x", "First. Deportation.")).priority is Priority.LOW
    assert only(found, subject("Deportation")).priority is Priority.HIGH


def test_priority_is_the_filters_own() -> None:
    """A plain query that holds is never low by itself."""
    assert only(rule("a1", priority=Priority.NORMAL), subject("a1")).priority is Priority.NORMAL


LIMITS = ("oppos*", "terminate the agreement", "moratorium NEAR/5 detention")
EXPANDS = ("enter into", '"participation in the program"')


@pytest.mark.parametrize(
    ("text", "direction", "cues"),
    [
        ("a sanctuary", Direction.UNCLEAR, ()),
        ("opposing the sanctuary", Direction.LIMITS, ("limits: opposing",)),
        ("sanctuary: Enter into it", Direction.EXPANDS, ("expands: Enter into",)),
        (
            "sanctuary: oppose it or enter into it",
            Direction.UNCLEAR,
            ("limits: oppose", "expands: enter into"),
        ),
        (
            "sanctuary: a moratorium on all detention",
            Direction.LIMITS,
            ("limits: moratorium on all detention",),
        ),
        ("sanctuary: terminate or agreement", Direction.UNCLEAR, ()),
        (
            "sanctuary, opposed, opposed, opposing",
            Direction.LIMITS,
            ("limits: opposed", "limits: opposing"),
        ),
    ],
)
def test_cues_tell_the_direction(text: str, direction: Direction, cues: tuple[str, ...]) -> None:
    """Cues of one side decide; cues of both leave it unclear, and all are quoted."""
    match = only(rule("sanctuary", limits=LIMITS, expands=EXPANDS), subject(text=text))
    assert (match.direction, match.cues) == (direction, cues)


def test_a_cue_inside_a_longer_one_of_the_other_side_is_silent() -> None:
    """Repealing the ban is no ban."""
    found = rule("sanctuary", limits=("ban",), expands=("repeal the ban",))
    match = only(found, subject("Repeal the ban of the sanctuary"))
    assert (match.direction, match.cues) == (Direction.EXPANDS, ("expands: Repeal the ban",))
    match = only(found, subject("Repeal the ban, keep that ban on the sanctuary"))
    assert match.direction is Direction.UNCLEAR


def test_an_excluded_cue_does_not_count() -> None:
    """Exclusions cover cues as they cover other terms."""
    found = rule("sanctuary", limits=("moratorium",), exclude='"eviction moratorium"')
    assert only(found, subject("sanctuary, eviction moratorium")).direction is Direction.UNCLEAR
    assert only(found, subject("sanctuary, a moratorium")).direction is Direction.LIMITS
