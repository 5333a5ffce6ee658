"""What courts call a docket entry tells a motion from a ruling."""

from __future__ import annotations

import pytest

from monitor.connectors._docket_labels import (
    event,
    is_clerical,
    is_criminal,
    opens_a_case,
    readable,
    sort_of,
)


@pytest.mark.parametrize(
    ("words", "sort"),
    [
        ("[Preliminary Injunction]", "Motion"),
        ("Temporary Restraining Order", "Motion"),
        ("Dismiss for Failure to State a Claim", "Motion"),
        ("MOTION for Preliminary Injunction by City. (Attachments: # 1 Proposed Order)", "Motion"),
        ("First MOTION to Intervene", "Motion"),
        ("Order on Motion for Preliminary Injunction", "Ruling"),
        ("ORDER granting 12 Motion for TRO", "Ruling"),
        ("TEXT ORDER re 5", "Ruling"),
        ("Memorandum & Opinion", "Ruling"),
        ("Memorandum and/or Opinion", "Ruling"),
        ("Permanent Injunction", "Ruling"),
        ("Judgment", "Ruling"),
        ("USCA Mandate as to 5 Notice of Appeal", "Ruling"),
        ("Petition DENIED.", "Ruling"),
        ("NOTICE OF APPEAL as to 55 Order on Motion for Preliminary Injunction", ""),
        ("RESPONSE in Opposition re 12 MOTION for TRO", ""),
        ("Complaint", ""),
        ("", ""),
    ],
)
def test_motions_and_rulings(words: str, sort: str) -> None:
    """A motion that is named by its relief must never read as "injunction granted"."""
    assert sort_of(words) == sort


def test_the_small_questions() -> None:
    """As the feeds of PACER need them."""
    assert event("Preliminary Injunction") == "[Preliminary Injunction] (a motion)"
    assert event("Order") == "[Order]"
    assert is_clerical("Summons Issued")
    assert not is_clerical("Complaint")
    assert opens_a_case("Notice of Removal from State Court")
    assert not opens_a_case("Amended Complaint")
    assert is_criminal("1:26-cr-00001")
    assert not is_criminal("3:26-cv-09901")
    assert readable("CITY OF NOWHERE et al v. ICE et al") == "City of Nowhere et al v. ICE et al"
    assert readable("McDoe v. Roe") == "McDoe v. Roe"
