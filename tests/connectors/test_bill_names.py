"""A bill has one official name, whoever reports it."""

from __future__ import annotations

import pytest

from monitor.connectors._bill_names import (
    congress_of,
    congress_page,
    federal_bill,
    ordinal,
    state_bill,
    years_of,
)

CA, IL = "ocd-division/country:us/state:ca", "ocd-division/country:us/state:il"
US = "ocd-division/country:us"


@pytest.mark.parametrize(
    ("jurisdiction", "session", "years"),
    [
        (CA, "20252026", "2025-2026"),
        (CA, "2025-2026", "2025-2026"),
        (CA, "2026-2026", "2026"),
        (CA, "2026", "2026"),
        (IL, "104th", "2025-2026"),
        (IL, "104th General Assembly", "2025-2026"),
        (IL, "103rd", "2023-2024"),
        ("ocd-division/country:us/state:ma", "194th", "2025-2026"),
        ("ocd-division/country:us/state:nj", "222", "2026-2027"),
        (CA, "104th", "104th"),
        (CA, "20252026 Special Session 1", "20252026 Special Session 1"),
        ("ocd-division/country:us/state:fl", "2026C", "2026C"),
        (US, "119", "119"),
    ],
)
def test_a_regular_session_is_named_by_its_years(
    jurisdiction: str, session: str, years: str
) -> None:
    """What is not certainly regular keeps its words: special sessions number bills anew."""
    assert years_of(jurisdiction, session) == years


def test_publishers_meet_in_one_name() -> None:
    """Open States says 20252026 and "SB 9", LegiScan 2025-2026 and "SB9"."""
    assert state_bill(CA, "20252026", "SB 9") == state_bill(CA, "2025-2026", "SB9")
    assert state_bill(US, "119", "HJRES 12") == federal_bill(119, "hjres", "12")


def test_congresses_and_their_pages() -> None:
    """Numbers of Congress as its site spells them."""
    assert (congress_of(2025), congress_of(2026), congress_of(2027)) == (119, 119, 120)
    assert [ordinal(n) for n in (119, 121, 122, 123, 111, 112)] == [
        "119th", "121st", "122nd", "123rd", "111th", "112th",
    ]  # fmt: skip
    page = congress_page(119, "hconres", 5)
    assert page == "https://www.congress.gov/bill/119th-congress/house-concurrent-resolution/5"
    assert congress_page(119, "XYZ", 5) == ""
