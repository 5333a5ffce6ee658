"""Likeness by official marks and titles: what joins a matter, what is said, what stays apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.matters.likeness import Relation, conflict, judge, keys
from monitor.models import Hearing, Identifier, Item, ItemType
from tests.matters.likeness_items import bill, case, council, item

# Made up in the publishers' forms.
FLORIDA = "https://legiscan.com/FL/bill/"
ORDINANCE = (
    "Ordinance amending the Code, Title Four, by adding Chapter 495, prohibiting immigration "
    "enforcement in city-owned or operated spaces, garages and parks of the Department of Works"
)
MODEL = " ".join(
    f"Section {number}. No officer of the city of Springfield shall detain, question or transfer "
    f"any person for purpose {number} of civil immigration law without a judicial warrant."
    for number in range(1, 9)
)
FORM = (
    "ORDER TO SHOW CAUSE. The court orders the respondents to show cause within three days why the "
    "petition for a writ of habeas corpus should not be granted; a reply is due three days later."
)
BOTH = "21-cv-437, 21-cv-438"
ANNUAL = "Interest Rate Paid on Cash Deposited To Secure Bonds"
NUMBERED = "Authorize a contract for detention health services with the provider that was chosen"
SAME = {
    "a council's file under two wordings": (
        council("25-1141: Motion (Ruiz - Park) relative to a tree strategy."),
        council("25-1141: PUBLIC WORKS COMMITTEE REPORT relative to a tree strategy.", day=40),
    ),
    "one title at committee and at full council": (
        council(ORDINANCE),
        council(f"A-2. {ORDINANCE.upper()} (Deferred from March 3, 2026)", day=14),
    ),
    "a title with and without its article": (
        council("PROPOSED RESOLUTION A RESOLUTION URGING CONGRESS TO LIMIT DETENTION FUNDS"),
        council("Resolution urging Congress to limit detention funds", day=20),
    ),
    "a long title without dates": (council(ORDINANCE, day=None), council(ORDINANCE, day=None)),
    "a title that a system cut off": (
        council(f"{ORDINANCE} {ORDINANCE} {ORDINANCE}"[:300]),
        council(f"{ORDINANCE} {ORDINANCE} {ORDINANCE}"[:297], day=30),
    ),
    "a joint hearing listed by both committees": (
        council("Committee on Immigration \u2014 Oversight - Legal Help for Asylum Seekers."),
        council("Committee on Small Business \u2014 Oversight - Legal Help for Asylum Seekers."),
    ),
    "a bill on two sites": (
        bill(
            "H. R. 32 To provide that sanctuary jurisdictions pay",
            place="us",
            text="119th Congress",
        ),
        bill("No Money for Sanctuaries Act", place="us", url="https://b.example.org/bill/119hr32"),
    ),
    "a bill named in its text": (
        bill("Immigrant Safety Act", place="nm", text="Bill Number: HB 9. It would end contracts."),
        bill("New Mexico HB 9 (Immigrant Safety Act)", place="New Mexico", day=30),
    ),
    "a substitute of a bill": (
        bill("HB 2648: Immigration enforcement interaction", place="wa"),
        bill("2ESHB 2648: Immigration enf. interaction", place="wa", day=20),
    ),
    "a case in two trackers": (
        case("Taal v. Trump", court="District Court, N.D. New York"),
        case("Taal et al vs. Donald J. Trump, et al.", court="nynd"),
    ),
    "a case by its number": (
        case("City of Springfield v. Trump IM-CA-0085", text="Docket / Court 3:17-cv-00485-WHO"),
        case("3:17-cv-00485-WHO City of Springfield v. Donald J. Trump et al", day=300),
    ),
    "an order and its Federal Register entry": (
        item(ItemType.EXECUTIVE_ORDER, "Executive Order 14999: Guarding the Harvest", place="us"),
        item(ItemType.FEDERAL_REGISTER, "Guarding the Harvest", day=8),
    ),
    "a memorandum printed twice": (
        item(ItemType.FEDERAL_REGISTER, "Stopping Improper Payments to Estates"),
        item(
            ItemType.FEDERAL_REGISTER,
            "Presidential Memorandum; Stopping Improper Payments to Estates",
            day=7,
        ),
    ),
    "an agreement in ICE's sheet and in a compiled list": (
        item(
            ItemType.AGREEMENT,
            "FLORIDA | Lee County Sheriff's Office | County | Lee County | Jail Enforcement Model "
            "| 2025-03-03 00:00:00 | link",
        ),
        item(
            ItemType.AGREEMENT,
            "287(g) JEM: Lee County Sheriff\u2019s Office (FL)",
            place="fl/county:lee",
            text="Model: JEM Signed: March 3, 2025",
        ),
    ),
    "an agreement as the monitor itself lists it": (
        item(
            ItemType.AGREEMENT,
            "287(g) agreement of Lee County Sheriffs Dept., Lee County, FL: Task Force Model",
            place="fl",
        ),
        item(ItemType.AGREEMENT, "287(g) TFM: Lee County Sheriff's Office (FL)"),
    ),
    "a filing that names two consolidated cases": (
        case("3:21-cv-00437 Mills v. Food Service", court="almd", text=f"{BOTH} {FORM}"),
        case("3:21-cv-00438 Ott v. Food Service", court="almd", text=f"{BOTH} {FORM}"),
    ),
}
NONSENSE = ("x ", "12-", "(", " v. ", "1:25-cv-", "\u2014 ", "\ud800", "e.e.")
REPRINTS = {
    "companions in two chambers": (
        bill("H0005: Transport of Inspected Aliens", url=f"{FLORIDA}H0005/2023"),
        bill("S0006: Transport of Inspected Aliens", url=f"{FLORIDA}S0006/2023"),
    ),
    "a council's bill that comes again": (
        council("Int 0486-2014: Persons not to be detained by the jails."),
        council("Int 0989-2012: Persons not to be detained by the Jails.", day=-600),
    ),
    "a model ordinance in another city": (
        council("Ordinance 12: Community trust", place="il/springfield", text=MODEL),
        council("Trust policy", place="oh/dayton", text=MODEL.replace("Springfield", "Dayton")),
    ),
}
APART = {
    "one number in two sessions": (
        bill("S1718: Immigration", url=f"{FLORIDA}S1718/2023"),
        bill("S1718: Wind Energy Facility Siting", url=f"{FLORIDA}S1718/2024"),
    ),
    "one number in a regular and a special session": (
        bill("H0005: Transport of Inspected Aliens", url=f"{FLORIDA}H0005/2023"),
        bill("H0005: Transport of Inspected Aliens", url=f"{FLORIDA}H0005/2023/X2"),
    ),
    "one caption in two courts": (
        case("R.S.T. v. Trump", court="District Court, District of Columbia"),
        case("R.S.T. v. Trump", court="Court of Appeals for the D.C. Circuit"),
    ),
    "one caption in one court in one week": (
        case("United States v. Minnesota"),
        case("United States v. Minnesota", day=4),
    ),
    "two nameless plaintiffs on one day": (case("Doe v. Noem"), case("Doe v. Noem")),
    "two dockets that a tracker numbers": (
        case("Ames v. Trump", url="https://www.courtlistener.com/docket/111/ames-v-trump/"),
        case("Ames v. Trump", url="https://www.courtlistener.com/docket/112/ames-v-trump/"),
    ),
    "one number at two offices of a court": (
        case("4:25-cv-00072 Diaz v. Warden", court="txsd"),
        case("7:25-cv-00072 Diaz v. Warden", court="txsd"),
    ),
    "one form of order in two cases of one day": (
        case("3:21-cv-00437 Mills v. Lyons", text=FORM),
        case("3:21-cv-00438 Ott v. Lyons", text=FORM),
    ),
    "an ordinance and what amends it": (
        council(ORDINANCE),
        council(f"Ordinance amending Ordinance Number 11 of 2026, entitled \u201c{ORDINANCE}"),
    ),
    "one contract's two amendments": (
        council("Approve First Amendment to Contract DA-5590 with Mills and Ott for legal advice"),
        council("Approve Second Amendment to Contract DA-5590 with Mills and Ott for legal advice"),
    ),
    "two items of one agenda": (
        council(f"Item 4: {NUMBERED}"),
        council(f"Item 5: {NUMBERED}"),
    ),
    "clerks' own words at two meetings": (
        council("Approval of the Minutes of the Regular Meeting"),
        council("Approval of the Minutes of the Regular Meeting", day=14),
    ),
    "a report that comes each month": (
        council("Accept the monthly report on immigration detainers of the Sheriff"),
        council("Accept the monthly report on immigration detainers of the Sheriff", day=30),
    ),
    "a report that comes each year": (
        council("Accept the annual report on immigration detainers of the Sheriff"),
        council("Accept the annual report on immigration detainers of the Sheriff", day=364),
    ),
    "a notice that comes each quarter": (
        item(ItemType.FEDERAL_REGISTER, ANNUAL),
        item(
            ItemType.FEDERAL_REGISTER,
            "Interest Rate Paid on Cash Deposited To Secure Bonds",
            day=30,
        ),
    ),
    "an order and next year's continuation": (
        item(ItemType.EXECUTIVE_ORDER, "Executive Order 14999: Guarding the Harvest"),
        item(ItemType.FEDERAL_REGISTER, "Guarding the Harvest", day=365),
    ),
    "two orders of one title": (
        item(ItemType.EXECUTIVE_ORDER, "2022-EEO-224: Emergency Order", place="ny/new_york"),
        item(ItemType.EXECUTIVE_ORDER, "2022-EEO-230: Emergency Order", place="ny/new_york"),
    ),
    "one agency's two models": (
        item(ItemType.AGREEMENT, "287(g) TFM: Lee County Sheriff's Office (FL)"),
        item(ItemType.AGREEMENT, "287(g) JEM: Lee County Sheriff's Office (FL)"),
    ),
    "one name in two states": (
        item(ItemType.AGREEMENT, "287(g) WSO: Taylor County Sheriff's Office (FL)"),
        item(ItemType.AGREEMENT, "287(g) WSO: Taylor County Sheriff's Office (TX)"),
    ),
    "two rows of a list": (
        item(ItemType.ROW, "Springfield | sanctuary | yes"),
        item(ItemType.ROW, "Springfield | sanctuary | yes"),
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_reports_of_one_matter_are_joined(name: str) -> None:
    """One matter: found by a key, joined in either order, with a reason for the log."""
    one, other = SAME[name]
    found = judge(other, one)
    assert found is not None
    assert found.relation is Relation.SAME
    assert len(found.reason) > 10
    assert set(keys(one)) & set(keys(other))
    assert judge(one, other) == found
    assert not conflict(one, other)


@pytest.mark.parametrize("name", REPRINTS)
def test_one_text_of_two_matters_is_said_and_not_merged(name: str) -> None:
    """Companions, bills that come again and model texts: "same text as", two matters."""
    one, other = REPRINTS[name]
    for found in (judge(one, other), judge(other, one)):
        assert found is not None
        assert found.relation is Relation.REPRINT
    assert set(keys(one)) & set(keys(other))
    assert conflict(one, other)


@pytest.mark.parametrize("name", APART)
def test_look_alikes_stay_apart(name: str) -> None:
    """Nothing joins two matters that only look alike, in either order."""
    one, other = APART[name]
    for found in (judge(one, other), judge(other, one)):
        assert found is None or found.relation is Relation.REPRINT


def test_official_names_come_before_the_words() -> None:
    """A bill's identifier decides, whatever number its title seems to hold."""
    named = Identifier("bill", "ocd-division/country:us/state:fl/2023", "SB 1718")
    one = item(ItemType.BILL, "An act relating to immigration", place="fl", identifiers=(named,))
    other = bill("S1718: Immigration", url=f"{FLORIDA}S1718/2023")
    found = judge(one, other)
    assert found is not None
    assert found.relation is Relation.SAME


@pytest.mark.parametrize(
    ("hour", "office", "joined"),
    [(18, "City Council", True), (19, "City Council", False), (18, "Public Safety", False)],
)
def test_a_meeting_is_one_body_at_one_hour(hour: int, office: str, joined: bool) -> None:
    """Two sources list one meeting; another hour or another body is another one."""

    def meeting(title: str, office: str, hour: int) -> Item:
        begins = Hearing("meeting", datetime(2026, 3, 24, hour, tzinfo=UTC))
        where = "wi/madison"
        return item(ItemType.MEETING, title, place=where, office=office, hearings=(begins,))

    one = meeting("City Council Regular Meeting", "City Council", 18)
    other = meeting("Regular Meeting of the Council", office, hour)
    assert (judge(one, other) is not None) is joined
    assert bool(set(keys(one)) & set(keys(other))) is joined


@pytest.mark.parametrize("kind", list(ItemType))
def test_keys_are_few_short_and_the_same_again(kind: ItemType) -> None:
    """At most twelve keys of 16 digits, for any type; an empty item has none that many share."""
    full = item(kind, "Int 0486-2014: Persons not to be detained by the jails", text=MODEL)
    found = keys(full)
    assert found == keys(full)
    assert len(found) <= 12
    assert all(len(key) == 16 for key in found)
    assert not keys(item(kind, "", day=None))


@pytest.mark.parametrize("kind", list(ItemType))
@pytest.mark.parametrize("letters", NONSENSE)
def test_texts_of_any_length_and_make_are_read(kind: ItemType, letters: str) -> None:
    """A megabyte of nonsense is cut before it is read, and judged like any other item."""
    url = "https://e.org/" + letters * 900
    huge = item(kind, letters * 250_000, text=letters * 500_000, url=url)
    assert len(keys(huge)) <= 12
    judge(huge, item(kind, letters))
