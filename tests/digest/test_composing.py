"""Composition: one section a matter, what happened, its best passage, dates ahead, order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.digest import MatterNews, Revised, Statistics
from monitor.digest.composing import MOST_WEAK
from monitor.models import (
    ChangeKind,
    Contact,
    ContactKind,
    Direction,
    FieldChange,
    Hearing,
    Identifier,
    ItemType,
    Match,
    Passage,
    Priority,
    Section,
    Stage,
    TurnKind,
)
from tests.digest.builders import (
    AHEAD,
    SEEN,
    composed,
    dated,
    docket_entry,
    known,
    news,
    told,
)
from tests.store.builders import DAY, HOUR, NOW, item, match

LOW = replace(match(), priority=Priority.LOW)
MOVED = FieldChange("hearings", "hearing 2026-11-20 10:00 EST", "hearing 2026-11-25 07:00 EST")


# ------------------------------------------------------------------------------------- sections


def reached(stage: Stage, direction: Direction, **fields: object) -> MatterNews:
    """Make a known bill that came to a stage in the period."""
    changes = FieldChange("stage", "introduced", stage.value), FieldChange("text", "a", "b")
    bill = item(type=ItemType.BILL, stage=stage)
    made = known(1, *changes, item=bill, stage=stage, stage_since=SEEN, direction=direction)
    return replace(made, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stage", "direction", "section"),
    [
        (Stage.ENACTED, Direction.LIMITS, Section.WON),
        (Stage.ENACTED, Direction.EXPANDS, Section.LOST),
        (Stage.FAILED, Direction.LIMITS, Section.LOST),
        (Stage.VETOED, Direction.EXPANDS, Section.WON),
        (Stage.ENACTED, Direction.UNCLEAR, Section.MOVING),
        (Stage.PASSED_ONE_CHAMBER, Direction.LIMITS, Section.MOVING),
        (Stage.IN_COMMITTEE, Direction.EXPANDS, Section.MOVING),
    ],
)
def test_a_measure_is_won_or_lost_by_what_became_of_it_and_its_direction(
    stage: Stage, direction: Direction, section: Section
) -> None:
    """What limits cooperation is won when enacted; where the direction is open, nothing is."""
    assert told(reached(stage, direction)).section is section


def test_what_was_won_earlier_only_moves_now() -> None:
    """The stage was reached before the period: it is no news of this one."""
    earlier = reached(Stage.ENACTED, Direction.LIMITS, stage_since=SEEN - 30 * DAY)
    assert told(earlier).section is Section.MOVING


def test_a_date_ahead_goes_before_all_else() -> None:
    """A matter stands once: where people can act."""
    enacted = reached(Stage.ENACTED, Direction.LIMITS, dates=(dated(),))
    assert told(enacted).section is Section.ACT


@pytest.mark.parametrize(
    "hearing",
    [
        replace(AHEAD, cancelled=True),
        replace(AHEAD, starts=NOW - HOUR),
        replace(AHEAD, kind="effective"),
        replace(AHEAD, kind="return_date"),
    ],
)
def test_a_date_that_nobody_can_go_to_asks_for_no_action(hearing: Hearing) -> None:
    """Called off, over, or the day on which something takes effect."""
    assert told(news(dates=(dated(hearing),))).section is Section.NEW


def test_a_comment_deadline_of_today_still_asks_for_action() -> None:
    """A day without an hour lasts until its end."""
    today = Hearing("comment_deadline", NOW - 7 * HOUR, "America/New_York", all_day=True)
    assert told(news(dates=(dated(today),))).section is Section.ACT


def test_new_cases_and_rulings_are_suits_and_other_papers_only_move() -> None:
    """A motion moves a known case; an injunction is a ruling, whoever asked for it."""
    opened = docket_entry("1", "COMPLAINT", stage=Stage.FILED)
    motion = docket_entry("2", "MOTION for extension", stage=Stage.MOTION)
    ruling = docket_entry("3", "ORDER granting injunction", stage=Stage.INJUNCTION_GRANTED)
    assert told(news(1, opened)).section is Section.SUITS
    assert told(news(1, motion, fresh=False)).section is Section.MOVING
    assert told(news(1, motion, ruling, fresh=False)).section is Section.SUITS


def test_agreements_have_their_own_section_also_when_they_end() -> None:
    """That an agreement ended is a number among its kind, not a measure that was lost."""
    gone = known(
        1,
        FieldChange("listing", "listed", "gone"),
        item=item(type=ItemType.AGREEMENT),
        kind=ChangeKind.GONE,
        stage=Stage.TERMINATED,
        stage_said="no longer listed",
        stage_since=SEEN,
        direction=Direction.EXPANDS,
    )
    made = told(gone)
    assert made.section is Section.AGREEMENTS
    assert [turn.kind for turn in made.turns] == [TurnKind.STAGE]
    assert made.happened == ("Terminated (“no longer listed”)",)


def test_agreements_that_were_added_come_first_then_those_that_ended() -> None:
    """Those of which only papers changed are last, whatever their place."""
    fields = {"type": ItemType.AGREEMENT}
    papers = known(1, FieldChange("attachments", "a", "b"), jurisdiction="a", **fields)
    gone = known(2, kind=ChangeKind.GONE, jurisdiction="b", **fields)
    added = news(3, jurisdiction="c", **fields)
    assert [one.matter for one in composed(papers, gone, added).matters] == [3, 2, 1]


def test_weak_evidence_is_a_line_below_all_others_even_with_a_date() -> None:
    """Only filters of low priority hold: no passage, no action; told nowhere else."""
    made = told(news(matches=(LOW,), dates=(dated(),)))
    assert (made.section, made.passage, made.priority_rank) == (Section.WATCHING, None, 2)
    assert told(news(matches=(LOW, match("b")))).section is Section.NEW
    assert told(news(matches=(LOW,), watched="the suit")).section is Section.NEW


def test_weak_matters_are_capped_and_the_rest_is_counted() -> None:
    """They never crowd out the others, and do not make a week less quiet."""
    weak = [news(number, matches=(LOW,)) for number in range(MOST_WEAK + 7)]
    digest = composed(*weak)
    assert (len(digest.matters), digest.unlisted, digest.is_quiet) == (MOST_WEAK, 7, True)
    assert not composed(*weak, news(999)).is_quiet


def test_a_matter_with_nothing_worth_a_word_is_left_out() -> None:
    """It was touched, and nothing that people would be told happened."""
    named = known(1, FieldChange("stage", "", "introduced"), stage=Stage.INTRODUCED)
    assert composed(named).matters == ()


@pytest.mark.parametrize("type_", ItemType)
@pytest.mark.parametrize("fresh", [True, False])
def test_whatever_comes_is_worth_a_word(type_: ItemType, *, fresh: bool) -> None:
    """Of any type, at any stage that it brings or leaves the matter at, dated or not."""
    for stage in (None, *Stage):
        for hearings in ((), (AHEAD,)):
            arrived = item(type=type_, stage=stage, hearings=hearings)
            for since in (SEEN, SEEN - DAY):
                made = told(news(1, arrived, fresh=fresh, stage=stage, stage_since=since))
                assert made.happened
                assert all(made.happened)


# ---------------------------------------------------------------------------------------- order


def test_matters_stand_by_section_priority_place_and_date() -> None:
    """What needs action by date alone; the same digest composed again reads the same."""
    normal = replace(match(), priority=Priority.NORMAL)
    matters = [
        news(1, matches=(normal,), jurisdiction="b"),
        news(2, matches=(normal,), jurisdiction="a"),
        news(3, jurisdiction="z"),
        news(4, dates=(dated(replace(AHEAD, starts=NOW + 3 * DAY)),)),
        news(5, dates=(dated(),)),
        news(6, matches=(normal,), dates=(dated(replace(AHEAD, starts=NOW + DAY)),)),
    ]
    assert [one.matter for one in composed(*matters).matters] == [6, 5, 4, 3, 2, 1]
    assert composed(*reversed(matters)).matters == composed(*matters).matters


# ------------------------------------------------------------------------------- what happened


def test_each_sort_of_change_is_told_in_a_sentence_the_weightiest_first() -> None:
    """The stage, then dates, then words."""
    changed = item(type=ItemType.BILL, hearings=(AHEAD,), stage=Stage.PASSED)
    made = told(
        known(
            1,
            FieldChange("text", "a", "b"),
            FieldChange("sponsors", "A. Member", "A. Member; B. Member"),
            MOVED,
            FieldChange("stage", "reported from committee", "passed"),
            item=changed,
            stage=Stage.PASSED,
            stage_said="Third reading, 40-2",
            stage_since=SEEN,
        )
    )
    assert made.happened == (
        "Passed (“Third reading, 40-2”)",
        "Hearing moved to Wed, Nov 25, 2026, 7:00 am EST",
        "Text amended",
        "Sponsors: A. Member → A. Member; B. Member",
    )
    assert len(made.turns) == len(made.happened)


def test_what_another_change_tells_already_is_not_told_beside_it() -> None:
    """The day on which it was enacted, the status that says so, the number of the new text."""
    stage = FieldChange("stage", "passed", "enacted")
    fields = (
        FieldChange("status", "City Hall", "Enacted"),
        FieldChange("enacted", "", "2026-05-16"),
        FieldChange("enactment_number", "", "2026/093"),
    )
    made = reached(Stage.ENACTED, Direction.UNCLEAR, stage_said="Enacted")
    made = replace(made, revised=(replace(made.revised[0], fields=(stage, *fields)),))
    assert told(made).happened == ("Enacted", "Enactment number: 2026/093")
    version, text = FieldChange("version", "A", "B"), FieldChange("text", "a", "b")
    assert told(known(1, version, text)).happened == ("Text amended",)
    assert told(known(1, version)).happened == ("Version: A → B",)


def test_stages_that_were_passed_through_in_the_period_are_said_too() -> None:
    """Passed on Tuesday, signed on Thursday; a headline's stage is not the matter's."""
    bill, story = item(type=ItemType.BILL, stage=Stage.SIGNED), item(type=ItemType.NEWS)
    made = known(1, FieldChange("stage", "passed", "signed"), item=bill)
    made = replace(made, stage=Stage.SIGNED, stage_since=SEEN)
    earlier = Revised(bill, ChangeKind.UPDATED, (FieldChange("stage", "", "passed"),), SEEN - DAY)
    weak = Revised(story, ChangeKind.UPDATED, (FieldChange("stage", "", "vetoed"),), SEEN - DAY)
    made = replace(made, revised=(weak, earlier, *made.revised))
    assert told(made).happened == ("Signed", "Passed")


@pytest.mark.parametrize(
    ("change", "hearings", "said"),
    [
        (
            FieldChange("hearings", "", "hearing 2026-11-25 07:00 EST"),
            (AHEAD,),
            "Hearing set for Wed, Nov 25, 2026, 7:00 am EST",
        ),
        (
            FieldChange("hearings", "hearing 2026", "hearing 2026, cancelled"),
            (replace(AHEAD, cancelled=True),),
            "Cancelled: hearing Wed, Nov 25, 2026, 7:00 am EST",
        ),
        (FieldChange("hearings", "hearing 2026", ""), (), "Date called off"),
        (
            FieldChange("hearings", "x", "y"),
            (replace(AHEAD, kind="comment_deadline", all_day=True),),
            "Comments due Wed, Nov 25, 2026",
        ),
        (FieldChange("listing", "gone", "listed"), (), "Listed again"),
        (FieldChange("title", "A", "B"), (), "Retitled"),
        (FieldChange("attachments", "A", "B"), (), "Documents changed"),
        (FieldChange("added_late", "", "item 7"), (), "Added late to the agenda"),
        (FieldChange("read_now", "", "item 7"), (), "The agenda can be read now"),
        (FieldChange("status", "Committee", "Floor"), (), "Status: Committee → Floor"),
        (FieldChange("status", "Committee", ""), (), "Status: none any more"),
        (FieldChange("lead_sponsor", "", "B. Member"), (), "Lead sponsor: B. Member"),
    ],
)
def test_a_change_is_said(change: FieldChange, hearings: tuple[Hearing, ...], said: str) -> None:
    """A date that was set, moved, called off; other words for other fields."""
    assert told(known(1, change, item=item(hearings=hearings))).happened == (said,)


def test_a_hearing_that_is_over_by_now_is_still_named_as_it_was_announced() -> None:
    """The digest comes days after the change, and says no "tomorrow"."""
    held = replace(AHEAD, starts=SEEN + DAY)
    made = told(known(1, MOVED, item=item(hearings=(held,))))
    assert made.happened == ("Hearing moved to Sat, Nov 21, 2026, 7:00 am EST",)
    assert made.hearings == ()


def test_papers_are_counted_and_the_weightiest_is_named() -> None:
    """A case that moves brings dozens; the ruling counts, wherever it stands among them."""
    papers = [docket_entry(str(n), f"NOTICE of appearance {n}") for n in range(12)]
    ruling = docket_entry("x", "ORDER granting injunction", stage=Stage.INJUNCTION_GRANTED)
    made = told(news(1, *papers[:5], ruling, *papers[5:], fresh=False))
    assert made.happened == (
        "13 papers filed, the weightiest: Injunction granted (“ORDER granting injunction”)",
    )
    assert (made.turns[0].count, made.turns[0].stage) == (13, Stage.INJUNCTION_GRANTED)
    assert told(news(1, papers[0], fresh=False)).happened == ("Filed: “NOTICE of appearance 0”",)


def test_a_ruling_that_is_the_case_s_new_stage_is_told_once() -> None:
    """By the stage; the papers beside it are counted."""
    ruling = docket_entry("x", "ORDER granting injunction", stage=Stage.INJUNCTION_GRANTED)
    notice = docket_entry("y", "NOTICE of appearance")
    stage = {
        "stage": Stage.INJUNCTION_GRANTED,
        "stage_said": "ORDER granting injunction",
        "stage_since": SEEN,
    }
    said = "Injunction granted (“ORDER granting injunction”)"
    assert told(news(1, notice, ruling, fresh=False, **stage)).happened == (said, "2 papers filed")
    assert told(news(1, ruling, fresh=False, **stage)).happened == (said,)
    assert told(news(1, notice, ruling, **stage)).happened == (said, "2 papers filed")


def test_the_complaint_that_opens_a_case_is_no_further_paper() -> None:
    """It is the case."""
    opened = docket_entry("1", "COMPLAINT", stage=Stage.FILED)
    assert told(news(1, opened, type=ItemType.DOCKET_CAPTION)).happened == ("New case",)


def test_further_reports_name_their_sources_and_the_first_one_is_what_is_new() -> None:
    """Twenty outlets print one story: one line says so."""
    story = item("1", "herald", type=ItemType.NEWS)
    again = [item(str(n), "herald", type=ItemType.NEWS) for n in (2, 3)]
    other = item("4", "council", type=ItemType.PRESS_RELEASE)
    made = told(news(1, story, *again, other))
    assert made.happened == (
        "New story",
        "2 further reports by The Herald",
        "Further report by Sampleville Council",
    )
    bill = item("b", type=ItemType.BILL)
    assert told(news(1, bill, story)).happened == ("New bill", "Further report by The Herald")


def test_a_meeting_taken_off_the_calendar_is_said_so() -> None:
    """In the words of its type."""
    gone = known(
        1,
        FieldChange("listing", "listed", "gone"),
        item=item(type=ItemType.MEETING),
        kind=ChangeKind.GONE,
    )
    assert told(gone).happened == ("Taken off the calendar",)


def test_private_data_in_a_sentence_is_masked() -> None:
    """An A-number of a docket's title reaches nobody."""
    made = told(news(1, docket_entry("1", "MOTION of A 123-456-789"), fresh=False))
    assert "123-456-789" not in made.happened[0]


# ---------------------------------------------------------------------------- what is shown of it


def passage(text: str, field: str = "text", hits: int = 1) -> Passage:
    """Make a passage with so many hits."""
    return Passage(field, 0, len(text), text, tuple((n, n + 1) for n in range(hits)))


def test_the_best_passage_is_of_the_weightiest_filter_and_repeats_no_title() -> None:
    """A title quoted below itself says nothing."""
    weak = Match("b", "B", Priority.NORMAL, Direction.UNCLEAR, (passage("weaker words", hits=3),))
    strong = Match(
        "a",
        "A",
        Priority.HIGH,
        Direction.LIMITS,
        (passage("Resolution 1", "title", 3), passage("one hit"), passage("two hits", hits=2)),
    )
    assert told(news(matches=(weak, strong))).passage == passage("two hits", hits=2)
    only_title = replace(strong, passages=strong.passages[:1])
    assert told(news(matches=(only_title,))).passage is None


def test_dates_stand_once_as_the_latest_word_has_them() -> None:
    """Cancelled by a later word, set again by a still later one; the fuller of two that agree."""
    off = dated(replace(AHEAD, cancelled=True), said_at=SEEN + DAY)
    again = dated(replace(AHEAD, kind="meeting"), said_at=SEEN + 2 * DAY)
    bare = dated(replace(AHEAD, place=""), said_at=SEEN + 3 * DAY)
    assert told(news(dates=(dated(), off))).hearings == (off.hearing,)
    assert told(news(dates=(dated(), off, again))).hearings == (again.hearing,)
    assert told(news(dates=(dated(), bare))).hearings == (AHEAD,)
    later = dated(replace(AHEAD, starts=NOW + 9 * DAY))
    assert told(news(dates=(later, dated()))).hearings == (AHEAD, later.hearing)


def test_how_to_comment_is_told_once_deadlines_first_and_nothing_that_is_over() -> None:
    """Only where there is something to act upon."""
    mail = Contact(ContactKind.EMAIL, "clerk@example.gov")
    due = Contact(ContactKind.COMMENT_DEADLINE, "Tuesday noon", due=NOW + DAY)
    over = Contact(ContactKind.SPEAK_DEADLINE, "last Friday", due=NOW - DAY)
    first, second = dated(contacts=(mail, over)), dated(contacts=(due, mail))
    assert told(news(dates=(first, second))).contacts == (due, mail)
    off = dated(replace(AHEAD, cancelled=True), contacts=(mail,))
    assert told(news(dates=(off,))).contacts == ()


def test_a_matter_says_its_number_reasons_topics_and_sources() -> None:
    """The filters by title, the watch list before them; a weak one only where it is alone."""
    other = replace(LOW, topic="weak", title="Weak words")
    made = told(
        news(
            identifiers=(Identifier("bill", "ny", "S 12"),),
            matches=(other, match()),
            watched="Sampleville v. Doe",
            sources=("herald", "council", "gone-source"),
        )
    )
    assert made.title == "S 12 — Resolution 1"
    assert made.reasons == (
        "On the watch list: Sampleville v. Doe",
        "287(g) agreements",
    )
    assert told(news(matches=(other,))).reasons == ("Weak words",)
    assert made.topics == ("weak", "287g", "watched")
    assert made.sources == ("The Herald", "Sampleville Council", "gone-source")


# ------------------------------------------------------------------------------------- numbers


def test_agreements_and_activity_are_told_as_numbers_with_the_question_they_answer() -> None:
    """One number a week; where the list was never read, there is no total."""
    weeks = ("2026-11-09", "2026-11-16")
    digest = composed(
        statistics=Statistics(weeks=weeks, active=(4, 7), added=3, ended=1, in_force=(10, 12))
    )
    assert digest.activity is not None
    assert (digest.activity.weeks, digest.activity.values) == (weeks, (4, 7))
    assert (digest.agreements.added, digest.agreements.ended, digest.agreements.total) == (3, 1, 12)
    assert digest.agreements.trend is not None
    assert digest.agreements.trend.values == (10, 12)
    bare = composed(statistics=Statistics(weeks=weeks, active=(4, 7)))
    assert (bare.agreements.total, bare.agreements.trend) == (None, None)


def test_a_quiet_week_says_so_and_keeps_what_was_checked() -> None:
    """Nothing happened, and three sources were checked."""
    digest = composed()
    assert digest.is_quiet
    assert digest.checked.checked == 3
