"""Actions and status words of legislatures and councils."""

from __future__ import annotations

import pytest

from monitor.models import Stage
from monitor.stages.actions import stage_of_action
from monitor.stages.values import Chambers

S = Stage
HOUSE = Chambers("house")
SENATE = Chambers("senate")
COUNCIL = Chambers(alone=True)
COUNCILS = (
    (S.INTRODUCED, "Introduced by Council"),
    (S.INTRODUCED, "Direct Introduction"),
    (S.INTRODUCED, "Passed on First Reading"),
    (S.IN_COMMITTEE, "Committee"),
    (S.IN_COMMITTEE, "In Committee, Referred"),
    (S.IN_COMMITTEE, "Motion referred to Public Safety Committee."),
    (S.IN_COMMITTEE, "Laid Over by Committee"),
    (S.IN_COMMITTEE, "Hearing Held by Committee"),
    (S.IN_COMMITTEE, "refer, Pass"),
    (S.HEARING_SET, "Public Safety Committee scheduled item for committee meeting on May 1, 2026."),
    (S.HEARING_SET, "Set for Public Hearing"),
    (S.AMENDED, "Amended by Committee"),
    (S.REPORTED, "Reported from Committee and Introduced"),
    (S.REPORTED, "Approved by Committee, Pass"),
    (S.REPORTED, "Public Safety Committee approved item(s)."),
    (S.REPORTED, "Recommended to Pass, Committee on Immigrant and Refugee Rights, 2026-05-01"),
    (S.REPORTED, "AFFIRMATIVELY RECOMMENDED"),
    (S.PASSED, "Adopted"),
    (S.PASSED, "Approved, by Council, Pass"),
    (S.PASSED, "Final, Passed"),
    (S.PASSED, "Passed, City Council, 2026-05-01"),
    (S.PASSED, "Council adopted item, subject to reconsideration, pursuant to Council Rule 51."),
    (S.PASSED, "Council adopted Public Safety Committee report"),
    (S.PASSED, "adopted 5-0"),
    (S.PASSED, "Approved (7-2)"),
    (S.PASSED, "Passed Finally"),
    (S.PASSED, "Motion to approve carried 5-0"),
    (S.PASSED, "pass, Pass"),
    (S.PASSED, "Enacted (Mayor's Desk for Signature)"),
    (S.PASSED, "Sent to Mayor by Council"),
    (S.SIGNED, "Signed Into Law by Mayor"),
    (S.SIGNED, "Signed by Mayor"),
    (S.VETOED, "Vetoed by Mayor"),
    (S.ENACTED, "Enacted"),
    (S.ENACTED, "Returned Unsigned by Mayor"),
    (S.ENACTED, "Overridden by Council, Pass"),
    (S.ENACTED, "City Charter Rule Adopted"),
    (S.REPEALED, "Repealed"),
    (S.WITHDRAWN, "Withdrawn"),
    (S.FAILED, "Failed to Pass"),
    (S.FAILED, "Motion to approve failed 2-3"),
    (S.FAILED, "Approved by Committee, Fail"),
    (S.FAILED, "Filed (End of Session)"),
    (S.FAILED, "Died in Committee"),
    (S.FAILED, "Postponed Indefinitely"),
    # Papers, dates and votes of which nothing follows.
    (None, "Filed"),
    (None, "Placed on File"),
    (None, "Received, Ordered, Printed and Filed"),
    (None, "Received and Filed"),
    (None, "Pass"),
    (None, "Motion carried"),
    (None, "Deferred"),
    (None, "Council continued item to May 5, 2026"),
    (None, "Council action final."),
    (None, "Approved as to Form by City Attorney"),
    (None, "Hearing Held by Mayor"),
    (None, "Bill Signing Scheduled by Mayor"),
    (None, "Approval of the minutes"),
    (None, "Withdrawn from the agenda"),
    (None, "Something that nobody has foreseen"),
    (None, ""),
)


@pytest.mark.parametrize(("stage", "words"), COUNCILS)
def test_a_councils_words_are_read(stage: Stage | None, words: str) -> None:
    """Status words and results of Legistar, New York, Los Angeles, Chicago and others."""
    assert stage_of_action(words, COUNCIL, bill=False) is stage


@pytest.mark.parametrize(
    "words", ["Approved", "Adopted as amended", "Approved, Pass", "Passed 4-0"]
)
def test_what_a_committee_approves_is_only_reported(words: str) -> None:
    """A committee's agenda says "Approved" as the council's does."""
    assert stage_of_action(words, COUNCIL, bill=False, by_committee=True) is Stage.REPORTED
    assert stage_of_action(words, COUNCIL, bill=False) is Stage.PASSED


BILLS = (
    # words, stage of a house bill, stage of a senate bill
    ("Introduced in House", S.INTRODUCED, S.PASSED_ONE_CHAMBER),
    ("Prefiled", S.INTRODUCED, S.INTRODUCED),
    ("Read first time. To print.", S.INTRODUCED, S.INTRODUCED),
    ("Referred to the Committee on the Judiciary.", S.IN_COMMITTEE, S.IN_COMMITTEE),
    ("Read twice and referred to the Committee on Finance.", S.IN_COMMITTEE, S.IN_COMMITTEE),
    ("To Judiciary", S.IN_COMMITTEE, S.IN_COMMITTEE),
    ("Reported do pass, but first to Finance", S.IN_COMMITTEE, S.IN_COMMITTEE),
    ("Public hearing scheduled in Judiciary for May 5", S.HEARING_SET, S.HEARING_SET),
    ("Committee amendment adopted (Voice vote)", S.AMENDED, S.AMENDED),
    ("Amendment SA 12 agreed to in Senate by Voice Vote.", S.AMENDED, S.AMENDED),
    ("Reported favorably with substitute", S.REPORTED, S.REPORTED),
    ("Placed on the Union Calendar, Calendar No. 12.", S.REPORTED, S.REPORTED),
    ("Passed House (Roll No. 12)", S.PASSED_ONE_CHAMBER, S.PASSED),
    ("Passed Senate without amendment by Unanimous Consent.", S.PASSED, S.PASSED_ONE_CHAMBER),
    ("Passed Senate with an amendment.", S.PASSED_ONE_CHAMBER, S.PASSED_ONE_CHAMBER),
    ("Engrossed", S.PASSED_ONE_CHAMBER, S.PASSED_ONE_CHAMBER),
    ("Received in the Senate and read twice.", S.PASSED_ONE_CHAMBER, None),
    ("House concurred in Senate amendment and passed bill", S.PASSED, S.PASSED),
    ("House concurred in Senate amend with amend, passed", *[S.PASSED_ONE_CHAMBER] * 2),
    ("Returned from Senate without amendment", S.PASSED, None),
    ("Enrolled", S.PASSED, S.PASSED),
    ("Passed", S.PASSED, S.PASSED),
    ("Reported: do pass", S.REPORTED, S.REPORTED),
    ("Reported: do not pass", S.REPORTED, S.REPORTED),
    ("Public Law", S.ENACTED, S.ENACTED),
    ("Presented to President.", S.PASSED, S.PASSED),
    ("To Governor 3/14/2026", S.PASSED, S.PASSED),
    ("Approved by Governor 3/20/2026", S.SIGNED, S.SIGNED),
    ("Signed by Governor.", S.SIGNED, S.SIGNED),
    ("Vetoed by Governor 3/20/2026", S.VETOED, S.VETOED),
    ("Pocket Vetoed by President.", S.VETOED, S.VETOED),
    ("Failed to override the Governor's veto", S.VETOED, S.VETOED),
    ("Veto overridden", S.ENACTED, S.ENACTED),
    ("Became Public Law No: 119-12.", S.ENACTED, S.ENACTED),
    ("Chapter 12, Acts, Regular Session, 2026", S.ENACTED, S.ENACTED),
    ("Chaptered by Secretary of State. Chapter 12, Statutes of 2026.", S.ENACTED, S.ENACTED),
    ("Became law without Governor's signature", S.ENACTED, S.ENACTED),
    ("Indefinitely postponed", S.FAILED, S.FAILED),
    ("Died on Calendar", S.FAILED, S.FAILED),
    ("Withdrawn by sponsor", S.WITHDRAWN, S.WITHDRAWN),
    # Traps: each names a later stage of something else.
    ("Motion to reconsider laid on the table Agreed to without objection.", None, None),
    ("Laid on Table; Companion bill(s) passed, see CS/SB 1246 (Ch. 2026-101)", None, None),
    ("For further action, see S.12, which became Public Law 119-3", None, None),
    ("Rule H. Res. 5 passed House.", None, None),
    ("Amendment SA 13 not agreed to in Senate", None, None),
    ("Amendments rejected (Roll No. 5)", None, None),
    ("Mr. Example moved that the House agree to the Senate amendment.", None, None),
    ("Vote on passage reconsidered", None, None),
    ("Effective from passage (Roll No. 12)", None, None),
    ("Title amended", None, None),
    ("Filed with Secretary of State 5/1/2026", None, None),
    ("Conference report adopted", None, None),
    ("Withdrawn from committee and re-referred", S.IN_COMMITTEE, S.IN_COMMITTEE),
)


@pytest.mark.parametrize(("words", "of_house", "of_senate"), BILLS)
def test_a_legislatures_words_are_read(
    words: str, of_house: Stage | None, of_senate: Stage | None
) -> None:
    """Where a bill began tells whether a vote is the first chamber's or the second's."""
    assert stage_of_action(words, HOUSE) is of_house
    assert stage_of_action(words, SENATE) is of_senate


def test_the_president_who_signs_is_the_countrys_only_in_congress() -> None:
    """In a state, the president of the senate signs what both chambers have passed."""
    words = "Signed by President."
    assert stage_of_action(words, Chambers("house", congress=True)) is Stage.SIGNED
    assert stage_of_action(words, HOUSE) is Stage.PASSED
    assert stage_of_action("Signed by President of the Senate", HOUSE) is Stage.PASSED
    assert stage_of_action("Speaker signed.", HOUSE) is Stage.PASSED


def test_a_simple_resolution_is_passed_by_its_one_chamber() -> None:
    """No second chamber is asked, nor in a legislature that has but one."""
    alone = Chambers("senate", alone=True)
    assert stage_of_action("Resolution agreed to in Senate", alone) is Stage.PASSED
    assert stage_of_action("Passed on Final Reading with 35-10", alone) is Stage.PASSED
