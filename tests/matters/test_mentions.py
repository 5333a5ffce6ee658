"""Official names are read out of an item's own words; what may be two things is none.

All sentences and numbers here are made up, in the forms that newsrooms, councils and courts use.
"""

from __future__ import annotations

import random

import pytest

from monitor import jurisdictions
from monitor.matters import mentions
from monitor.models import Identifier, Item, ItemType

NEWS, PRESS = ItemType.NEWS, ItemType.PRESS_RELEASE
COUNCIL, AGENDA = ItemType.COUNCIL_ITEM, ItemType.AGENDA_ITEM


def item(
    title: str,
    text: str = "",
    place: str = "us",
    kind: ItemType = NEWS,
    *,
    url: str = "",
    identifiers: tuple[Identifier, ...] = (),
) -> Item:
    """Make an item; `place` is a short form of a jurisdiction."""
    return Item(
        source="larch",
        key="1",
        type=kind,
        jurisdiction=jurisdictions.ocd(place),
        title=title,
        text=text,
        url=url,
        published=None,
        fingerprint="",
        identifiers=identifiers,
    )


def said(one: Item) -> list[str]:
    """List an item's mentions as "*bill ca/2026 SB 4", with a star at a subject."""
    return [
        f"{'*' if each.subject else ''}{each.identifier.scheme} "
        f"{short(each.identifier.scope)} {each.identifier.value}"
        for each in mentions(one)
    ]


def short(scope: str) -> str:
    """Shorten the division id in a scope."""
    plain = scope.removeprefix("ocd-division/country:us")
    if plain == scope:
        return scope
    return f"us{plain}".replace("us/state:", "").replace("/place:", "/")


@pytest.mark.parametrize(
    ("title", "place", "names"),
    [
        ("Governor signs SB 4 into law", "ca", ["*bill ca SB 4"]),
        ("SB 4 (2026) passes the Senate", "ca", ["*bill ca/2026 SB 4"]),
        ("S.B. No. 8 establishes a framework", "tx", ["*bill tx SB 8"]),
        ("House Bill 1234 heard in committee", "wa", ["*bill wa HB 1234"]),
        ("HF 16 gets a hearing", "mn", ["*bill mn HF 16"]),
        ("LD 1971 becomes law", "me", ["*bill me LD 1971"]),
        ("Legislature passes Assembly Bill 932", "ca", ["*bill ca AB 932"]),
        ("HB 12 and SB 40 advance", "wa", ["bill wa HB 12", "bill wa SB 40"]),
        (
            "House Bills 12, 13 and 40 die",
            "wa",
            ["bill wa HB 12", "bill wa HB 13", "bill wa HB 40"],
        ),
        ("Senate Bill (SB) 54 turns nine", "ca", ["*bill ca/2017-2018 SB 54"]),
        ("The 2025 SB 4 is back", "ca", ["*bill ca/2025 SB 4"]),
        ("ESSB 5814 and 2SHB 1234 pass", "wa", ["bill wa SB 5814", "bill wa HB 1234"]),
        ("HB 12/SB 40 is heard", "md", ["*bill md HB 12", "bill md SB 40"]),
        ("SB 1 / AB 2 are heard", "ca", ["bill ca SB 1", "bill ca AB 2"]),
        ("HR 7284 would end it, congresswoman says", "mn", ["*bill us HR 7284"]),
        ("Fair Elm Act of 2023 (H.R. 4052)", "us", ["*bill us/118 HR 4052"]),
        ("SJR 5 is proposed", "tx", ["*bill tx SJR 5"]),
        ("Colorado HB25-1276 is signed", "us", ["*bill co HB 25-1276"]),
        ("CA A 1252 Larch T (R) State Law", "ca", ["*bill ca AB 1252"]),
        ("A1234/S8539 would ban masks", "ny", ["*bill ny A 1234", "bill ny S 8539"]),
        ("Senate passes S. 707", "us", ["*bill us S 707"]),
        ("H.R. 5/S. 9 introduced", "us", ["*bill us HR 5", "bill us S 9"]),
        ("H. Con. Res. 14 adopted", "us", ["*bill us HCONRES 14"]),
        ("Senator explains H.R. 7284 of the 119th Congress", "wa", ["*bill us/119 HR 7284"]),
    ],
)
def test_bills_are_read_in_every_form(title: str, place: str, names: list[str]) -> None:
    """The scope is the item's state, or Congress; a session only where the text says it."""
    assert said(item(title, place=place)) == names


@pytest.mark.parametrize(
    ("title", "place", "names"),
    [
        ("Calling on the New York State Legislature to pass S.8539", "ny/new_york", "ny S 8539"),
        (
            "Calling on Congress to pass and the President to sign S.2212",
            "ny/new_york",
            "us S 2212",
        ),
        ("Urging Congress to pass the Elm Act (H.R. 7284)", "wa/seattle", "us HR 7284"),
        ("Support for SB 627 (Larch)", "ca/los_angeles", "ca SB 627"),
    ],
)
def test_a_council_s_file_about_a_bill_is_its_own_matter(
    title: str, place: str, names: str
) -> None:
    """A resolution names a bill of its state or of Congress, and is not that bill."""
    assert said(item(title, place=place, kind=COUNCIL)) == [f"bill {names}"]


@pytest.mark.parametrize(
    "title",
    [
        "8 U.S.C. 1373, form I-247A and section 287(g) explained",
        "SB 287(g) is no bill",
        "The H.R. department hires 12 people",
        "Estimated time 1 HR. 30 MIN. with HR staff of 12",
        "Meeting at 210 S. 5th Street, then S. 400 West",
        "GUID AB00690C-EB6E and CR S5392, debated in the Senate",
        "5 AB 6, 12 LB 50, the S-123 bill",
        "Item 4: $1,373 for blood type AB positive",
        "Call 555-25-1234, ZIP 90012-1234",
        "A 2024 report on page A12",
        "Res. 12 for the table, Int 5 of the loan",
        "Flight A320 lands, the S3000 sells",
        "Federal form SF 424 is due",
        "AB 32 and HF 16 are other states' letters",
        "Rock ledge S.12, exhibit A.14",
    ],
)
@pytest.mark.parametrize("place", ["ny", "ny/new_york", "tx", "us"])
def test_what_only_looks_like_a_name_is_none(title: str, place: str) -> None:
    """Statutes, streets, amounts, pages, forms, and letters that a state's bills do not have."""
    assert said(item(title, place=place)) == []


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Like SB 4 in Texas, the plan is contested", ["bill tx/2023 SB 4"]),
        ("Judge blocks HB 12 of Oregon", ["bill or HB 12"]),
        ("Lawsuit over Utah HB 12", ["bill ut HB 12"]),
        ("Utah sheriffs act under HB 12", ["bill ut HB 12"]),
    ],
)
def test_a_bill_named_in_passing_is_no_subject(title: str, names: list[str]) -> None:
    """A lawsuit about a law is a case; what is like a law is another."""
    assert said(item(title)) == names


def test_a_pair_of_bills_is_of_one_legislature() -> None:
    """S. beside H.R. is the Senate in Washington, beside A. the one in Albany."""
    council = item("Elm Act (S.2212/H.R.4667)", "", "ny/new_york", COUNCIL)
    assert said(council) == ["bill us S 2212", "bill us HR 4667"]
    council = item("Elm Act (S.2212/A.4667)", "", "ny/new_york", COUNCIL)
    assert said(council) == ["bill ny S 2212", "bill ny A 4667"]


def test_another_state_s_bill_is_not_taken_for_the_home_state_s() -> None:
    """A sentence that names another state only does not speak of ours."""
    story = item(
        "Sanctuary news", "A law in Oregon, passed after two years of talk, is HB 12 there.", "wa"
    )
    assert said(story) == []


def test_a_bill_that_one_sentence_gives_to_another_state_is_its_own_everywhere() -> None:
    """Later sentences leave the state out."""
    text = "The Florida Legislature passed House Bill 987.\nThe council says House Bill 987 is bad."
    assert said(item("The council", text, "wa/seattle", COUNCIL)) == ["bill fl HB 987"]


def test_a_title_at_home_is_not_another_state_s_for_a_comparison() -> None:
    """The text compares our bill with one of the same number elsewhere."""
    story = item("Governor signs SB 8", "It is unlike Texas SB 8.", "ca", PRESS)
    assert said(story) == ["*bill ca SB 8", "bill tx SB 8"]


def test_a_law_known_by_its_number_is_not_this_year_s_bill() -> None:
    """SB 1718 is Florida's law of 2023 to a newspaper; to the legislature it is a bill."""
    assert said(item("Florida enforces SB 1718", "", "fl")) == ["*bill fl/2023 SB 1718"]
    assert said(item("S1718: Elm trees", "", "fl", ItemType.BILL)) == ["*bill fl SB 1718"]


def test_the_lead_tells_the_subject_where_the_title_names_nothing() -> None:
    """A governor's press release names the bill in its first sentence."""
    story = item("Governor signs a trust act", "Today she signed Assembly Bill 4987.", "nj", PRESS)
    assert said(story) == ["*bill nj A 4987"]
    aside = item("Sheriff opens a jail", "Since Assembly Bill 4987 it stood empty.", "nj", PRESS)
    assert said(aside) == ["bill nj A 4987"]


def test_the_text_settles_whose_bill_a_title_names() -> None:
    """S. 3036 of a city in New York is the Senate's in Albany, unless the text says Congress."""
    text = "Resolution calling on Congress to pass, and the President to sign, S. 3036."
    assert said(item("Elm Families Act (S. 3036)", text, "ny/new_york", COUNCIL)) == [
        "bill us S 3036"
    ]
    assert said(item("Elm Families Act (S. 3036)", "", "ny/new_york", COUNCIL)) == [
        "bill ny S 3036"
    ]


def test_an_item_with_an_official_name_has_no_other_subject() -> None:
    """What its publisher calls it decides; its own name is no mention."""
    own = Identifier("bill", f"{jurisdictions.ocd('ca')}/2025-2026", "SB 4")
    story = item("SB 4 passes with SB 9", "SB 4 passed.", "ca", ItemType.BILL, identifiers=(own,))
    assert said(story) == ["bill ca SB 9"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("No. 1:25-cv-02757 (N.D. Cal.)", ["docket cand 1:25-cv-02757"]),
        ("No. 3:25cv2757-ABC (S.D. Cal.)", ["docket casd 3:25-cv-02757"]),
        (
            "in the U.S. District Court for the Northern District of Illinois, case 1:25-cv-868",
            ["docket ilnd 1:25-cv-00868"],
        ),
        (
            "in N.D. Cal. (No. 3:25-cv-1), C.D. Cal. (No. 2:25-cv-2)",
            ["docket cand 3:25-cv-00001", "docket cacd 2:25-cv-00002"],
        ),
        ("N.D. Ill. heard another; No. 3:25-cv-1 (N.D. Cal.)", ["docket cand 3:25-cv-00001"]),
        ("Docket: 1:25-cv-00322 Court: District Court, D. Mass.", ["docket mad 1:25-cv-00322"]),
        ("District of Columbia v. Elm, 1:25-cv-00322, is", ["docket  1:25-cv-00322"]),
        ("Case No. 25-1234 (9th Cir.)", ["docket ca9 25-1234"]),
        ("the Supreme Court, No. 25A169", ["docket scotus 25A169"]),
        ("case 1:25-cv-02757", ["docket  1:25-cv-02757"]),
        ("Superior Court case 25-cv-02757", []),
        ("Case No. 25-1234, Superior Court", []),
        ("the Ninth Circuit, and Superior Court Case No. 25-1234", []),
        (
            "https://www.courtlistener.com/docket/69577/larch-v-elm/",
            ["courtlistener_docket courtlistener 69577"],
        ),
    ],
)
def test_a_case_is_its_number_and_its_court(text: str, names: list[str]) -> None:
    """A district number without court may be any court's; other numbers need theirs."""
    assert said(item("Sheriff speaks", text)) == names


def test_a_story_of_a_lawsuit_is_about_its_one_case() -> None:
    """A press release on a complaint joins the case whose number it gives."""
    text = "The case is Larch v. Elm, No. 1:25-cv-02757 (N.D. Cal.)."
    assert said(item("Attorney General files lawsuit", text, "ca", PRESS)) == [
        "*docket cand 1:25-cv-02757"
    ]
    over = item("State sues over Executive Order 14159", text, "ca", PRESS)
    assert said(over) == ["*docket cand 1:25-cv-02757", "executive_order us 14159"]
    both = f"{text} See also Oak v. Elm, No. 1:25-cv-9 (D. Mass.)."
    assert not any(name.startswith("*") for name in said(item("Larch lawsuit", both, "ca", PRESS)))


def test_a_court_s_item_is_of_its_own_court() -> None:
    """An appeal names the case that it comes from, and is not that case."""
    kind = ItemType.DOCKET_CAPTION
    own = item("Larch v. Elm", "Docket: 25-1234 Court: 9th Cir.", "ca9", kind)
    assert said(own) == ["*docket ca9 25-1234"]
    appeal = item("Larch v. Elm", "Appeal of 1:25-cv-00400", "ca9", kind)
    assert said(appeal) == ["docket  1:25-cv-00400"]
    entry = item("Larch v. Elm, 25-4312", "ORDER", "ca9", ItemType.DOCKET_ENTRY)
    assert said(entry) == ["*docket ca9 25-4312"]
    broke = item("18-22068 Larch", "Order", "nysb", ItemType.DOCKET_ENTRY)
    assert said(broke) == ["*docket nysb 18-22068"]
    related = item("Larch v. Elm", "This is related to 1:25-cv-00009", "cand", kind)
    assert said(related) == ["docket  1:25-cv-00009"]
    first = item("1:25-cv-00400-ABC Larch v. Elm", "", "cand", kind)
    assert said(first) == ["*docket cand 1:25-cv-00400"]


@pytest.mark.parametrize(
    ("title", "place", "kind", "names"),
    [
        ("President signs Executive Order 14159", "us", NEWS, ["*executive_order us 14159"]),
        ("City sues over Executive Order 14,159", "il/chicago", NEWS, ["executive_order us 14159"]),
        (
            "Governor signs Executive Order 2026-03",
            "il",
            PRESS,
            ["*executive_order il 2026-03"],
        ),
        (
            "Mayor signs Executive Order 2025-8",
            "il/chicago",
            PRESS,
            ["*executive_order il/chicago 2025-8"],
        ),
        ("Governor's Executive Order 12 stays", "il/chicago", NEWS, ["*executive_order il 12"]),
        ("Mayor signs Executive Order 12", "il", NEWS, []),
        (
            "Governor signs Executive Order 01.01.2026.03",
            "md",
            PRESS,
            ["*executive_order md 01.01.2026.03"],
        ),
        (
            "Governor signs Executive Order D 2026 003",
            "co",
            PRESS,
            ["*executive_order co D 2026 003"],
        ),
        ("Executive Order 12 stays", "il", NEWS, []),
        (
            "2026-EEO-1.12: Emergency Executive Order No. 1.12",
            "ny/new_york",
            ItemType.EXECUTIVE_ORDER,
            ["*executive_order ny/new_york/2026 EMERGENCY 1.12"],
        ),
        (
            "Executive Orders 14159 and 14287",
            "us",
            NEWS,
            ["executive_order us 14159", "executive_order us 14287"],
        ),
    ],
)
def test_an_order_stands_at_its_own_level(
    title: str, place: str, kind: ItemType, names: list[str]
) -> None:
    """Five digits are the President's; others are of the governor or mayor who is named."""
    assert said(item(title, place=place, kind=kind)) == names


def test_a_rule_is_known_by_its_document_rin_and_docket() -> None:
    """A page citation is no name: short notices share a page."""
    text = "FR Doc. 2025-02006, 90 FR 8443, RIN 1653-AA90, docket USCIS-2025-0004."
    assert said(item("Agency proposes a rule", text, "us", PRESS)) == [
        "*fr_document us 2025-02006",
        "*rin us 1653-AA90",
        "*rulemaking us USCIS-2025-0004",
    ]
    assert (
        said(item("Los Angeles", "Declaration ENV-2017-2261-ND", "ca/los_angeles", COUNCIL)) == []
    )


@pytest.mark.parametrize(
    ("title", "place", "kind", "names"),
    [
        ("25-0002-S62: Larch Motion", "ca/los_angeles", COUNCIL, ["*{la} 25-0002-S62"]),
        ("See Council File 25-0002", "ca/los_angeles", NEWS, ["*{la} 25-0002"]),
        ("Los Angeles takes up CF 25-0002-S62", "ca", NEWS, ["*{la} 25-0002-S62"]),
        ("See Council File 25-0002", "ca/san_diego", NEWS, []),
        ("Los Angeles, Texas: CF 25-0002", "tx", NEWS, []),
        ("Int 1412-2025: Elm trees", "ny/new_york", COUNCIL, ["*{nyc} INT 1412-2025"]),
        ("New York City passes Int. No. 1412-A", "ny", NEWS, ["*{nyc} INT 1412"]),
        ("Res 0391-2026: Elm Act", "ny/new_york", COUNCIL, ["*{nyc} RES 391-2026"]),
        ("File #26-0123: Elm trees", "ca/oakland", AGENDA, ["*{oak} 26-0123"]),
        ("Elm trees. Ordinance No. 2026-14", "ca/oakland", COUNCIL, ["*{oak} ORDINANCE 2026-14"]),
        (
            "Amending Ordinance No. 2026-14 on elm trees",
            "ca/oakland",
            COUNCIL,
            ["{oak} ORDINANCE 2026-14"],
        ),
        ("File #26-0123: Elm trees", "ca", NEWS, []),
        ("SO2025-0012345: Elm trees", "il/chicago", COUNCIL, ["*{chi} O2025-0012345"]),
        ("Chicago takes up R2025-0012345", "il", NEWS, ["*{chi} R2025-0012345"]),
        ("Elm takes up R2025-0012345", "il", NEWS, []),
    ],
)
def test_a_council_s_file_is_of_a_city_that_is_named(
    title: str, place: str, kind: ItemType, names: list[str]
) -> None:
    """The item is of that city, or names it; a council's own number stands first or last."""
    cities = {"la": "ca/los_angeles", "nyc": "ny/new_york", "oak": "ca/oakland"}
    cities["chi"] = "il/chicago"
    whole = {name: f"council_file {city}" for name, city in cities.items()}
    wanted = [
        ("*" if name.startswith("*") else "") + name.removeprefix("*").format(**whole)
        for name in names
    ]
    assert said(item(title, place=place, kind=kind)) == wanted


@pytest.mark.parametrize(
    ("title", "place", "value"),
    [
        (
            "Larch County Sheriff's Office ends 287(g) Task Force Model",
            "pa",
            "*agreement pa pa|larch county sheriff|larch|task force model",
        ),
        (
            "287(g) WSO: Larch County Sheriff\u2019s Office (FL)",
            "fl",
            "*agreement fl fl|larch county sheriff|larch|warrant service officer",
        ),
        (
            "Elm Police Department in Ohio joins 287(g)",
            "us",
            "*agreement oh oh|elm police department||",
        ),
    ],
)
def test_an_agreement_is_named_as_ice_s_list_is_here(title: str, place: str, value: str) -> None:
    """Agency, county and model in the form of the connector's own names."""
    assert said(item(title, place=place)) == [value]


def test_a_row_of_a_list_is_read_as_the_connector_reads_it() -> None:
    """A spreadsheet's row that some other reader brings."""
    row = "IDAHO | Larch County Sheriff's Office | County | Larch County | Task Force Model | 2026"
    assert said(item(row, "", "id", ItemType.AGREEMENT)) == [
        "*agreement id id|larch county sheriff|larch|task force model"
    ]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.congress.gov/bill/119th-congress/house-bill/7284", "us/119 HR 7284"),
        (
            "https://www.congress.gov/bill/119th-congress/senate-joint-resolution/3",
            "us/119 SJRES 3",
        ),
        ("https://www.nysenate.gov/legislation/bills/2025/S8539", "ny/2025 S 8539"),
        (
            "https://leginfo.legislature.ca.gov/faces/billNavClient.xhtml?bill_id=202520260SB627",
            "ca/2025-2026 SB 627",
        ),
        ("https://legiscan.com/TX/bill/SB8/2025", "tx/2025 SB 8"),
        ("https://openstates.org/wa/bills/2025-2026/SB8/", None),
        ("https://openstates.org/wa/bills/20252026/SB8/", "wa/2025-2026 SB 8"),
    ],
)
def test_the_page_of_a_bill_is_about_it(url: str, name: str | None) -> None:
    """An address that names a bill says more than any words."""
    found = said(item("A page", kind=ItemType.PAGE_CHANGE, url=url))
    assert found == ([f"*bill {name}"] if name else [])


def test_no_more_than_twelve_and_subjects_first() -> None:
    """A list of many bills stays small; the one that the title names comes first."""
    many = ", ".join(f"SB {number}" for number in range(100, 200))
    found = said(item("SB 199 signed", f"Also {many}.", "ca"))
    assert len(found) == 12
    assert found[0] == "*bill ca SB 199"
    assert not any(name.startswith("*") for name in found[1:])


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    """A document of a megabyte costs no more than a long article."""
    text = "word " * 5_000 + "SB 12 was signed"
    assert said(item("Long", text, "ca")) == []


def test_no_text_breaks_it() -> None:
    """Pieces of every form, put together at random, raise nothing."""
    draw = random.Random(7)  # noqa: S311 - repeatable, not secret
    pieces = [
        "SB ", "H.R. ", "S.", "A", "12", "1:25-cv-", "25-0002", "-S62", " (", ")", "/", "\n", "|",
        "287(g) ", "Sheriff ", "Larch County ", "Executive Order ", "No. ", "20", "Texas ",
        "House Bills ", ", and ", "Int. ", "Res ", "FR Doc. ", "RIN ", "9th Cir. ", "D. ", "\ud800",
    ]  # fmt: skip
    for _ in range(400):
        text = "".join(draw.choices(pieces, k=40))
        one = item(text[:80], text, draw.choice(["us", "ny", "ca/los_angeles", "ca9", "tx"]))
        assert len(mentions(one)) <= 12
