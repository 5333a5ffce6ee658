"""What is issued rather than passed: orders, rules, agreements, opinions, meetings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.models import Attachment, Entry, Hearing, Identifier, ItemType, Stage
from monitor.stages import Reading, read_stage

S = Stage
DAY = datetime(2026, 11, 30, 15, tzinfo=UTC)
MEETING = Hearing("meeting", DAY, "America/New_York", said="11/30/2026 10:00 AM")


def told(entry: Entry) -> tuple[Stage, str] | None:
    """Read an entry's stage with the words that told it."""
    found = read_stage(entry)
    assert found is None or not found.weak
    return (found.stage, found.said) if found else None


def order(title: str = "Protecting Somebody", **fields: object) -> Entry:
    """Make an executive order."""
    return replace(Entry(ItemType.EXECUTIVE_ORDER, "k", title), **fields)  # type: ignore[arg-type]


def test_an_order_is_signed_until_a_later_one_ends_or_amends_it() -> None:
    """The Federal Register notes beneath an order what became of it; "Revokes" is about others."""
    signed = order(facts=(("signing_date", "2026-01-20"),))
    assert told(signed) == (S.SIGNED, "signing date 2026-01-20")
    notes = "Revokes: EO 1, January 1, 2020; Amended by: EO 2, May 1, 2026 See: EO 3"
    amended = replace(signed, noise=(("disposition_notes", notes),))
    assert told(amended) == (S.AMENDED, "Amended by: EO 2, May 1, 2026")
    notes += "; Revoked by: EO 4, June 1, 2026"
    revoked = replace(signed, noise=(("disposition_notes", notes),))
    assert told(revoked) == (S.REPEALED, "Revoked by: EO 4, June 1, 2026")
    in_part = replace(signed, noise=(("disposition_notes", "Revoked in part by: EO 5"),))
    assert told(in_part) == (S.AMENDED, "Revoked in part by: EO 5")


@pytest.mark.parametrize(
    ("title", "status", "labels", "stage"),
    [
        ("Executive Order No. 53", "", (), S.SIGNED),
        ("Emergency Executive Order 1.7", "", (), S.SIGNED),
        ("Protecting Somebody", "", ("Executive Orders",), S.SIGNED),
        ("Executive Order 53", "Rescinded", (), S.REPEALED),
        ("Draft Executive Order on Something", "", (), None),
        ("Governor announces flags at half-staff", "", (), None),
    ],
)
def test_a_mayors_order_is_known_by_its_title(
    title: str, status: str, labels: tuple[str, ...], stage: Stage | None
) -> None:
    """An order that bears its number is signed; a draft is not."""
    found = told(order(title, status=status, labels=labels))
    assert (found[0] if found else None) is stage


@pytest.mark.parametrize(
    ("sort", "action", "expected"),
    [
        ("Proposed Rule", "Notice of proposed rulemaking.", S.PROPOSED),
        ("Proposed Rule", "Proposed rule; extension of comment period.", S.PROPOSED),
        ("Proposed Rule", "Proposed rule; withdrawal.", S.WITHDRAWN),
        ("Proposed Rule", "", S.PROPOSED),
        ("Rule", "Final rule.", S.FINAL),
        ("Rule", "Interim final rule with request for comments.", S.FINAL),
        ("Rule", "Final rule; delay of effective date.", S.FINAL),
        ("Rule", "Direct final rule; withdrawal.", S.WITHDRAWN),
        ("Rule", "", S.FINAL),
        ("Rule", "Notification of enforcement discretion.", None),
        ("Notice", "Notice.", None),
        ("Notice", "Notice of termination of a designation.", None),
        ("Notice", "", None),
    ],
)
def test_the_register_tells_proposals_from_rules(
    sort: str, action: str, expected: Stage | None
) -> None:
    """A notice has no stage: the word stands over meetings, forms and determinations alike."""
    facts = (("action", action),) if action else ()
    entry = Entry(ItemType.FEDERAL_REGISTER, "k", "t", labels=(sort,), facts=facts)
    found = told(replace(entry, status="Published"))
    assert (found[0] if found else None) is expected
    assert found is None or found[1] == (action or sort)


def test_other_papers_of_the_register_are_read() -> None:
    """Proclamations are signed; what leaves public inspection is withdrawn."""
    base = Entry(ItemType.FEDERAL_REGISTER, "k", "t")
    labels = ("Presidential Document", "Proclamation")
    assert told(replace(base, labels=labels)) == (S.SIGNED, "Proclamation")
    gone = "Withdrawn from public inspection"
    assert told(replace(base, status=gone, labels=("Rule",))) == (S.WITHDRAWN, gone)
    assert told(replace(base, labels=("Presidential Document",))) is None


def test_an_agreement_is_pending_signed_or_amended() -> None:
    """As ICE's lists and an agency's own papers say."""
    base = Entry(ItemType.AGREEMENT, "k", "287(g) agreement", status="pending")
    assert told(base) == (S.PENDING, "pending")
    signed = replace(base, status="signed", facts=(("signed", "4/1/2026"),))
    assert told(signed) == (S.SIGNED, "signed 4/1/2026")
    papers = (Attachment("Memorandum of Agreement", "u"), Attachment("Addendum", "v"))
    assert told(replace(signed, attachments=papers)) == (S.AMENDED, "signed 4/1/2026; Addendum")
    assert told(replace(base, status="Terminated 5/1/2026")) == (
        S.TERMINATED,
        "Terminated 5/1/2026",
    )
    assert told(replace(base, status="")) is None


def test_an_opinion_is_read_by_its_heading_alone() -> None:
    """What a court tells of earlier rulings is no ruling."""
    slip = Entry(ItemType.OPINION, "k", "City v. Agency", labels=("Slip opinion",))
    assert told(slip) == (S.JUDGMENT, "Slip opinion")
    orders = replace(slip, labels=("Miscellaneous Order",))
    assert told(orders) == (S.ORDER, "Miscellaneous Order")
    names = (Identifier("docket", "cand", "3:26-cv-09901"),)
    headed = replace(
        slip,
        labels=(),
        identifiers=names,
        body="ORDER GRANTING PLAINTIFFS' MOTION FOR A PRELIMINARY INJUNCTION\nBefore the Court",
    )
    found = told(headed)
    assert found is not None
    assert found[0] is S.INJUNCTION_GRANTED
    silent = replace(headed, body="The district court granted the preliminary injunction in May.")
    assert told(silent) is None


def test_a_date_ahead_stands_where_no_status_does() -> None:
    """A meeting, an agenda's item and a bill without a word are set for a hearing."""
    for sort in (ItemType.MEETING, ItemType.AGENDA_ITEM, ItemType.COUNCIL_ITEM, ItemType.BILL):
        entry = Entry(sort, "k", "Resolution", hearings=(MEETING,))
        assert told(entry) == (S.HEARING_SET, "meeting 11/30/2026 10:00 AM")
        called_off = replace(entry, hearings=(replace(MEETING, cancelled=True),))
        assert told(called_off) is None
    deadline = Hearing("comment_deadline", DAY)
    assert told(Entry(ItemType.BILL, "k", "b", hearings=(deadline,))) is None


def test_an_items_result_outdates_its_date() -> None:
    """What a committee approved is reported; what nobody understands has no stage."""
    heard = Entry(
        ItemType.AGENDA_ITEM,
        "k",
        "Resolution",
        office="Committee on Immigration",
        status="Approved, Pass",
        hearings=(MEETING,),
    )
    assert told(heard) == (S.REPORTED, "Approved, Pass")
    assert told(replace(heard, office="City Council")) == (S.PASSED, "Approved, Pass")
    assert told(replace(heard, status="Pass")) is None


def test_an_enactments_number_enacts() -> None:
    """Legistar gives the number while the status still says passed."""
    entry = Entry(
        ItemType.COUNCIL_ITEM,
        "k",
        "Ordinance",
        status="Passed",
        facts=(("enactment number", "2026/012"),),
    )
    assert told(entry) == (S.ENACTED, "enactment number 2026/012")
    assert told(replace(entry, status="Vetoed")) == (S.VETOED, "Vetoed")


def test_readings_are_values() -> None:
    """They cross threads and processes, and compare."""
    assert Reading(S.PASSED, "x") == Reading(S.PASSED, "x", weak=False)
