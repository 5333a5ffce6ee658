"""Status words of litigation trackers."""

from __future__ import annotations

import pytest

from monitor.models import Entry, ItemType, Stage
from monitor.stages import read_stage
from monitor.stages.trackers import read_tracker

S = Stage


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("Suit Filed", S.FILED),
        ("TRO Granted", S.TRO_GRANTED),
        ("TRO Denied", S.TRO_DENIED),
        ("PI Granted in Part", S.INJUNCTION_GRANTED),
        ("Permanent Injunction Denied", S.INJUNCTION_DENIED),
        ("TRO and PI Denied", S.INJUNCTION_DENIED),
        ("PI Stayed", S.INJUNCTION_STAYED),
        ("PI Vacated and Remanded to District Court", S.INJUNCTION_VACATED),
        ("PI Appealed", S.APPEALED),
        ("PI Denial Appealed", S.APPEALED),
        ("TRO Denial Appeal", S.APPEALED),
        ("Appeal Dismissed", S.CLOSED),
        ("Dismissed by Plaintiffs", S.CLOSED),
        ("Terminated", S.CLOSED),
        ("Mandate Returned", S.MANDATE),
        ("Remanded to District Court", S.REMANDED),
        ("Summary Judgment Granted for Plaintiffs", S.JUDGMENT),
        ("Summary Judgment Granted in Part", S.ORDER),
        ("Motion to Dismiss Granted", S.ORDER),
        ("Stay Granted", S.ORDER),
        ("Partial Dismissal by Plaintiffs", None),
        ("Consolidated with 1:25-cv-00001", None),
        ("Venue Changed", None),
        ("Open", None),
        ("", None),
    ],
)
def test_a_trackers_status_is_read(status: str, stage: Stage | None) -> None:
    """An appeal outdates the ruling that it names; what joins or moves a case says nothing."""
    found = read_tracker(status)
    assert (found.stage if found else None) is stage


def test_a_row_and_a_case_are_read_by_their_status() -> None:
    """Rows of other lists have no words of litigation, and no stage."""
    row = Entry(type=ItemType.ROW, key="1", title="City v. Agency", status="PI Granted")
    case = Entry(type=ItemType.DOCKET_CAPTION, key="2", title="A v. B", status="Terminated")
    other = Entry(type=ItemType.ROW, key="3", title="Some city", status="active")
    read = [read_stage(one) for one in (row, case, other)]
    assert [one.stage if one else None for one in read] == [S.INJUNCTION_GRANTED, S.CLOSED, None]
