"""Which stage a matter has after an item; each rule with its reason."""

from __future__ import annotations

import pytest

from monitor.models import ItemType, Stage
from monitor.stages import FOLLOWS, Reading, advance, stage_when_gone, worth_everyone

S = Stage
T = ItemType
RULES = (
    (S.INTRODUCED, S.IN_COMMITTEE, T.BILL, S.IN_COMMITTEE, "a referral is the next step"),
    (S.IN_COMMITTEE, S.INTRODUCED, T.BILL, S.IN_COMMITTEE, "an old word told late undoes nothing"),
    (S.IN_COMMITTEE, S.AMENDED, T.COUNCIL_ITEM, S.AMENDED, "amended in committee is further"),
    (S.AMENDED, S.IN_COMMITTEE, T.BILL, S.IN_COMMITTEE, "it went to another committee"),
    (S.REPORTED, S.IN_COMMITTEE, T.BILL, S.IN_COMMITTEE, "it was sent back to committee"),
    (S.HEARING_SET, S.REPORTED, T.AGENDA_ITEM, S.REPORTED, "the hearing led to a report"),
    (
        S.PASSED_ONE_CHAMBER, S.IN_COMMITTEE, T.BILL, S.PASSED_ONE_CHAMBER,
        "the second chamber's committee does not undo the first one's vote",
    ),
    (
        S.PASSED_ONE_CHAMBER, S.REPORTED, T.BILL, S.PASSED_ONE_CHAMBER,
        "nor does that committee's report",
    ),
    (
        S.PASSED_ONE_CHAMBER, S.HEARING_SET, T.MEETING, S.PASSED_ONE_CHAMBER,
        "a hearing there is told by its date; the vote stands",
    ),
    (S.PASSED_ONE_CHAMBER, S.FAILED, T.BILL, S.FAILED, "the second chamber can kill it"),
    (S.PASSED, S.AMENDED, T.BILL, S.PASSED, "papers printed after passage amend nothing"),
    (S.PASSED, S.VETOED, T.COUNCIL_ITEM, S.VETOED, "the mayor can veto what the council passed"),
    (S.PASSED, S.ENACTED, T.BILL, S.ENACTED, "some laws need no signature"),
    (S.VETOED, S.PASSED_ONE_CHAMBER, T.BILL, S.VETOED, "half an override is none"),
    (S.VETOED, S.ENACTED, T.BILL, S.ENACTED, "an override enacts"),
    (S.VETOED, S.SIGNED, T.BILL, S.SIGNED, "it was mended to meet the objections"),
    (S.SIGNED, S.PASSED, T.BILL, S.SIGNED, "the enrolled print comes late"),
    (S.ENACTED, S.SIGNED, T.BILL, S.ENACTED, "the governor's message comes late"),
    (S.ENACTED, S.REPEALED, T.BILL, S.REPEALED, "what is law can be repealed"),
    (S.REPEALED, S.ENACTED, T.BILL, S.REPEALED, "a repealed law returns as another matter"),
    (S.FAILED, S.PASSED, T.BILL, S.PASSED, "a vote was reconsidered"),
    (S.FAILED, S.INTRODUCED, T.BILL, S.FAILED, "a bill that is introduced anew is another matter"),
    (S.WITHDRAWN, S.IN_COMMITTEE, T.COUNCIL_ITEM, S.IN_COMMITTEE, "it was resubmitted"),
    (S.FILED, S.MOTION, T.DOCKET_ENTRY, S.MOTION, "a case proceeds by motions"),
    (S.MOTION, S.FILED, T.DOCKET_CAPTION, S.MOTION, "the caption is seen again and again"),
    (S.HEARING_SET, S.MOTION, T.DOCKET_ENTRY, S.HEARING_SET, "papers go on before a hearing"),
    (S.ORDER, S.MOTION, T.DOCKET_ENTRY, S.MOTION, "after a plain order something new is asked"),
    (
        S.INJUNCTION_GRANTED, S.MOTION, T.DOCKET_ENTRY, S.INJUNCTION_GRANTED,
        "a motion filed under an injunction does not end it",
    ),
    (
        S.INJUNCTION_GRANTED, S.ORDER, T.DOCKET_ENTRY, S.INJUNCTION_GRANTED,
        "nor does an order about a schedule",
    ),
    (
        S.INJUNCTION_GRANTED, S.TRO_DENIED, T.DOCKET_ENTRY, S.INJUNCTION_GRANTED,
        "a further restraint was refused; the injunction stands",
    ),
    (S.TRO_GRANTED, S.INJUNCTION_GRANTED, T.DOCKET_ENTRY, S.INJUNCTION_GRANTED, "the TRO's end"),
    (S.TRO_GRANTED, S.HEARING_SET, T.DOCKET_ENTRY, S.TRO_GRANTED, "every TRO sets a hearing"),
    (S.INJUNCTION_GRANTED, S.APPEALED, T.DOCKET_ENTRY, S.APPEALED, "the defendant appeals"),
    (S.APPEALED, S.INJUNCTION_STAYED, T.DOCKET_ENTRY, S.INJUNCTION_STAYED, "its first gain"),
    (S.INJUNCTION_STAYED, S.APPEALED, T.DOCKET_ENTRY, S.INJUNCTION_STAYED, "nothing new"),
    (S.INJUNCTION_STAYED, S.INJUNCTION_VACATED, T.OPINION, S.INJUNCTION_VACATED, "its end"),
    (S.APPEALED, S.ORDER, T.DOCKET_ENTRY, S.APPEALED, "a minute order does not undo an appeal"),
    (S.APPEALED, S.MANDATE, T.DOCKET_ENTRY, S.MANDATE, "the mandate gives the case back"),
    (S.MANDATE, S.MOTION, T.DOCKET_ENTRY, S.MOTION, "after the mandate the case goes on below"),
    (S.REMANDED, S.ORDER, T.DOCKET_ENTRY, S.ORDER, "so it does on remand"),
    (S.JUDGMENT, S.MOTION, T.DOCKET_ENTRY, S.JUDGMENT, "motions for fees follow every judgment"),
    (S.JUDGMENT, S.APPEALED, T.DOCKET_ENTRY, S.APPEALED, "a judgment is appealed"),
    (S.CLOSED, S.ORDER, T.DOCKET_ENTRY, S.CLOSED, "clerks write after the end"),
    (S.CLOSED, S.APPEALED, T.DOCKET_ENTRY, S.APPEALED, "a dismissal is appealed"),
    (S.CLOSED, S.INJUNCTION_GRANTED, T.DOCKET_ENTRY, S.INJUNCTION_GRANTED, "a ruling shows life"),
    (S.PROPOSED, S.FINAL, T.FEDERAL_REGISTER, S.FINAL, "a rulemaking's end"),
    (S.FINAL, S.PROPOSED, T.FEDERAL_REGISTER, S.FINAL, "the rule in force stands meanwhile"),
    (S.PROPOSED, S.WITHDRAWN, T.FEDERAL_REGISTER, S.WITHDRAWN, "an agency gives up"),
    (S.SIGNED, S.AMENDED, T.EXECUTIVE_ORDER, S.AMENDED, "orders amend orders"),
    (S.AMENDED, S.SIGNED, T.EXECUTIVE_ORDER, S.AMENDED, "the Register prints it days later"),
    (S.SIGNED, S.REPEALED, T.EXECUTIVE_ORDER, S.REPEALED, "a later order revokes it"),
    (S.PENDING, S.SIGNED, T.AGREEMENT, S.SIGNED, "ICE countersigns"),
    (S.AMENDED, S.SIGNED, T.AGREEMENT, S.AMENDED, "the roster still says signed"),
    (S.TERMINATED, S.SIGNED, T.AGREEMENT, S.SIGNED, "an agency may sign again"),
    # Other tracks, and headlines.
    (S.PASSED, S.APPEALED, T.DOCKET_ENTRY, S.PASSED, "a suit about a law is another track"),
    (S.PASSED, S.VETOED, T.NEWS, S.PASSED, "headlines overrule no record"),
    (S.MOTION, S.INJUNCTION_GRANTED, T.PRESS_RELEASE, S.MOTION, "nor do press releases"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("present", "new", "item", "after", "why"), RULES, ids=[rule[-1] for rule in RULES]
)
def test_a_matter_moves_as_the_field_counts(
    present: Stage, new: Stage, item: ItemType, after: Stage, why: str
) -> None:
    """Each line of the table says why."""
    assert why
    assert advance(present, Reading(new, "x"), item) is after


def test_the_first_reading_opens_a_matters_stage() -> None:
    """Wherever a matter is first met; but not by a headline."""
    assert advance(None, Reading(S.APPEALED, "x"), T.DOCKET_ENTRY) is S.APPEALED
    assert advance(None, Reading(S.SIGNED, "x", weak=True), T.NEWS) is None
    assert advance(None, Reading(S.SIGNED, "x"), T.NEWS) is None
    assert advance(S.PASSED, Reading(S.SIGNED, "x", weak=True), T.BILL) is S.PASSED


def test_an_order_that_reopens_a_case_does_so() -> None:
    """Other orders in a closed case do not."""
    reopening = Reading(S.ORDER, "ORDER reopening case")
    assert advance(S.CLOSED, reopening, T.DOCKET_ENTRY) is S.ORDER
    assert advance(S.CLOSED, Reading(S.ORDER, "ORDER re fees"), T.DOCKET_ENTRY) is S.CLOSED


def test_whatever_follows_has_its_own_line() -> None:
    """No table leads to a stage that it does not know."""
    for track, table in FOLLOWS.items():
        for stage, after in table.items():
            assert after <= set(table), (track, stage)


def test_an_agreement_that_leaves_the_list_is_ended() -> None:
    """Nothing else ends by leaving a list."""
    assert stage_when_gone(T.AGREEMENT) is S.TERMINATED
    assert [one for one in T if stage_when_gone(one)] == [T.AGREEMENT]


SHOWN = (
    S.PASSED_ONE_CHAMBER, S.PASSED, S.SIGNED, S.VETOED, S.ENACTED, S.REPEALED, S.FAILED,
    S.WITHDRAWN, S.PROPOSED, S.FINAL, S.TRO_GRANTED, S.TRO_DENIED, S.INJUNCTION_GRANTED,
    S.INJUNCTION_DENIED, S.INJUNCTION_STAYED, S.INJUNCTION_VACATED, S.JUDGMENT, S.CLOSED,
    S.TERMINATED,
)  # fmt: skip


def test_what_ends_or_turns_a_matter_is_for_everyone() -> None:
    """Steps on the way are for those who follow the thread."""
    told = [stage for stage in S if worth_everyone(None, stage)]
    assert set(told) == {*SHOWN, S.HEARING_SET}
    assert not any(worth_everyone(stage, stage) for stage in S)


def test_a_hearing_is_for_everyone_while_it_is_news() -> None:
    """It is a date to act by; in a case whose orders already flow it is routine."""
    for old in (None, S.INTRODUCED, S.IN_COMMITTEE, S.AMENDED, S.REPORTED, S.FILED, S.MOTION):
        assert worth_everyone(old, S.HEARING_SET)
    for old in (S.ORDER, S.APPEALED, S.PASSED_ONE_CHAMBER, S.HEARING_SET):
        assert not worth_everyone(old, S.HEARING_SET)
