"""ICE's workbook becomes agreements that keep their identity while ICE mends its spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from monitor.connectors._ice_287g_memory import read as remembered
from monitor.connectors.ice_287g import Ice287g
from monitor.errors import FormatError, SoftError
from monitor.models import Access, Entry, ItemType, Mark, Parsed, Poll, Refusal, Request, Response
from monitor.normalise import normalise
from tests.connectors.feed_visit import NOW, POLL, RECORDINGS, entries, marks, refusals
from tests.documents.builders import xlsx

LIST = Ice287g()
HEADING = (
    "STATE",
    "LAW ENFORCEMENT AGENCY",
    "TYPE",
    "COUNTY",
    "SUPPORT TYPE",
    "SIGNED",
    "MOA",
    "ADDENDUM",
)
DAY = 45726.0  # 10 March 2025
Row = Sequence[str | float | None]


def folder(name: str) -> bytes:
    """Read one of the recordings beside the tests."""
    return (RECORDINGS / "ice_287g" / name).read_bytes()


def parse(
    body: bytes, step: str = "roster", poll: Poll = POLL, connector: Ice287g = LIST
) -> tuple[Parsed, ...]:
    """Read one answer of a visit."""
    request = Request("https://www.ice.gov/x", step=step)
    return tuple(connector.parse(Response(request, request.url, 200, (), body, NOW), poll))


def row(
    agency: str,
    county: str = "Example County",
    state: str = "OHIO",
    model: str = "Task Force Model",
    signed: str | float = DAY,
) -> Row:
    """Write a row as ICE does."""
    return (state, agency, "County", county, model, signed, "link pending", "")


def roster(*rows: Row) -> bytes:
    """Write a workbook."""
    return xlsx({"Sheet1": [HEADING, *rows]})


class Months:
    """Reads one workbook after another, and remembers the marks in between."""

    def __init__(self) -> None:
        self.marks: dict[str, str] = {}

    def read(self, *rows: Row) -> dict[str, str]:
        """Read a workbook; returns the agencies by the keys of their entries."""
        poll = replace(POLL, cursor=tuple(self.marks.items()))
        found = parse(roster(*rows), poll=poll)
        self.marks |= marks(found)
        return {entry.key: entry.office for entry in entries(found)}


def test_the_workbook_is_found_on_the_page() -> None:
    """Its address changes, and is never guessed; the fact sheet is not it."""
    (page,) = LIST.requests(POLL)
    assert (page.url, page.access, page.conditional) == (LIST.url, Access.PAGE, False)
    (request,) = parse(folder("page.html"), "page")
    assert isinstance(request, Request)
    assert request.url == "https://www.ice.gov/file-download/download/public/990011"
    assert (request.step, request.access, request.conditional) == (
        "roster",
        Access.DOCUMENT,
        False,
    )


def test_pending_agencies_are_read_where_they_are_wished() -> None:
    """First, so that what is signed meanwhile wins."""
    both = parse(folder("page.html"), "page", connector=Ice287g(pending=True))
    assert [one.step for one in both if isinstance(one, Request)] == ["pending", "roster"]


@pytest.mark.parametrize("connector", [LIST, Ice287g(pending=True)])
def test_a_page_without_the_link_is_no_success(connector: Ice287g) -> None:
    """The publisher moved it: a person must look."""
    page = b"<html><a href='/doclib/pendingAgencies.xlsx'>Pending Agencies</a></html>"
    with pytest.raises(FormatError, match="links no workbook of participating agencies"):
        parse(page, "page", connector=connector)
    page = b"<html><a href='/doclib/participatingAgencies.xlsx'>List</a></html>"
    assert len(parse(page, "page")) == 1
    with pytest.raises(FormatError, match="links no workbook of pending agencies"):
        parse(page, "page", connector=Ice287g(pending=True))


def test_a_row_is_an_agreement() -> None:
    """With its jurisdiction, model, day and document, in straight spelling."""
    first = entries(parse(folder("roster.xlsx")))[0]
    item = normalise(first, "ice", "us")
    assert item.type is ItemType.AGREEMENT
    assert item.title == (
        "287(g) agreement of Example County Sheriff's Office, Alabama: Jail Enforcement Model"
    )
    assert "section 287(g)" in item.text
    assert item.key == "al|example county sheriff|example|jail enforcement model"
    assert item.jurisdiction == "ocd-division/country:us/state:al/county:example"
    assert item.office == "Example County Sheriff's Office"
    assert str(item.identifiers[0]) == f"agreement:ocd-division/country:us/state:al:{item.key}"
    assert item.published == datetime(2025, 3, 10, 4, tzinfo=UTC)
    assert ("signed", "2025-03-10") in item.facts
    assert item.status == "signed"
    assert item.attachments[0].url == "https://www.ice.gov/doclib/287gMOA/ExampleCoAL_JEM.pdf"


def test_typing_errors_are_understood() -> None:
    """Pennslyvania, UTAHJ, Task Force Officer, a missing stroke; a blank row is none at all."""
    found = parse(folder("roster.xlsx"))
    assert refusals(found) == []
    _, police, sheriff, state = entries(found)
    assert police.key == "pa|sample borough police department||task force model"
    assert police.jurisdiction.endswith("state:pa")
    assert sheriff.key == "tx|specimen county sheriff|specimen|warrant service officer"
    assert state.key == "ut|department of examples||task force model"
    assert dict(state.facts)["signed"] == "2025-07-07"


def test_a_day_that_cannot_be_meant_is_kept_as_it_stands() -> None:
    """The year 5023 is no date of an agreement."""
    sheriff = entries(parse(folder("roster.xlsx")))[2]
    assert sheriff.published is None
    assert sheriff.published_said == "5023-12-13"
    assert dict(sheriff.facts)["signed"] == "5023-12-13"


def test_links_are_taken_out_of_their_wrapping() -> None:
    """Outlook's holds somebody's mail address; a relative one leads nowhere."""
    _, police, sheriff, state = entries(parse(folder("roster.xlsx")))
    assert police.attachments == ()
    (memorandum,) = sheriff.attachments
    assert memorandum.url == "https://www.ice.gov/doclib/287gMOA/SpecimenCoTX_WSO.pdf"
    (memorandum,) = state.attachments
    assert memorandum.url == "https://www.ice.gov/doclib/287gMOA/ExamplesUT_TFM.pdf"


def test_the_heading_may_drift() -> None:
    """Other order, other words, and lines above it; without it nothing is read."""
    body = xlsx(
        {
            "Sheet1": [
                ["287(g) agreements", None, None],
                ["Agency", "State", "Model", "Date signed"],
                ["Example Police Department", "OHIO", "Task Force Model", DAY],
            ]
        }
    )
    (entry,) = entries(parse(body))
    assert entry.key == "oh|example police department||task force model"
    with pytest.raises(FormatError, match="no heading with state, agency and support type"):
        parse(xlsx({"Sheet1": [["a", "b"], ["c", "d"]]}))


def test_a_row_that_names_no_agency_is_refused_alone() -> None:
    """It is counted and shown; the others stand."""
    found = parse(roster(row(""), row("Example Police Department"), ("OHIO", "X PD", "", "", "")))
    assert len(entries(found)) == 1
    assert refusals(found) == [
        Refusal(
            "row 2: OHIO County Example County Task Force Model 2025-03-10 link pending",
            "it names no agency",
        ),
        Refusal("row 4: OHIO X PD", "it names no model"),
    ]


def test_an_unknown_state_is_kept_as_it_stands() -> None:
    """Better a bare entry than none."""
    (entry,) = entries(parse(roster(row("Example Police Department", state="ATLANTIS"))))
    assert (entry.jurisdiction, entry.key.split("|")[0]) == ("", "atlantis")
    assert "ATLANTIS" in entry.title


@pytest.mark.parametrize(
    "again",
    [
        row("Example County Sheriff\u2019s Office "),
        row("Example County Sheriffs Office"),
        row("EXAMPLE COUNTY SHERIFF'S DEPARTMENT"),
        row("Example Co. Sheriff's Office", county=""),
        row("Example County Sheriff's Office", county="Exmaple County"),
        row("Example County Sheriff's Office", state="INDIANA"),
        row("Example County Sheriff's Office", signed=45730.0),
        row("Example County Jail"),
        row("Exampel County Sheriff's Office", signed=45730.0),
    ],
)
def test_a_renamed_row_stays_the_same_agreement(again: Row) -> None:
    """Apostrophes, titles, typing errors, a county filled in, a state or a day corrected."""
    months = Months()
    first = months.read(row("Example County Sheriff's Office"), row("Other Police Department"))
    second = months.read(row("Other Police Department"), again)
    assert set(second) == set(first)
    assert set(months.read(again, row("Other Police Department"))) == set(first)


@pytest.mark.parametrize(
    "another",
    [
        row("Example County Sheriff's Office", model="Warrant Service Officer"),
        row("Sample County Sheriff's Office", county="Sample County"),
        row("Example Village Police Department", signed=45730.0),
        row("Example County Sheriff's Office", state="INDIANA", signed=45730.0),
    ],
)
def test_another_agreement_is_another(another: Row) -> None:
    """Another model, agency, or the same name elsewhere on another day."""
    months = Months()
    first = months.read(row("Example County Sheriff's Office"))
    second = months.read(another)
    assert set(first).isdisjoint(second)


def test_a_row_that_is_back_before_its_absence_counts_is_the_same() -> None:
    """Two workbooks without it do not end an agreement, nor does a rename meanwhile."""
    months = Months()
    first = months.read(row("Macro Island Police Department"), row("Other Police Department"))
    for _ in range(2):
        months.read(row("Other Police Department"))
    back = months.read(row("Marco Island Police Department"), row("Other Police Department"))
    assert set(back) == set(first)


def test_what_was_gone_comes_back_as_something_new() -> None:
    """After three workbooks its renamed row is no longer recognised."""
    months = Months()
    first = months.read(row("Macro Island Police Department"), row("Other Police Department"))
    for _ in range(3):
        months.read(row("Other Police Department"))
    back = months.read(row("Marco Island Police Department"), row("Other Police Department"))
    assert len(set(back) - set(first)) == 1


def test_one_agreement_listed_twice_is_one() -> None:
    """With the document, or of the later day; striking the other ends nothing."""
    months = Months()
    twice = months.read(
        row("Example Police Department"), row("City of Example Police Department", signed=45700.0)
    )
    assert list(twice.values()) == ["Example Police Department"]
    once = months.read(row("City of Example Police Department", signed=45700.0))
    assert set(once) == set(twice)


def test_agencies_of_one_name_in_two_counties_are_two() -> None:
    """Texas has a constable of Precinct 4 in many counties; each keeps its own key."""
    months = Months()
    one, two = (row("Constable Precinct 4", county=f"{name} County") for name in ("A", "B"))
    first = months.read(one, two)
    assert len(first) == 2
    assert months.read(two, one) == first
    assert set(months.read(two)) == {"oh|constable precinct 4|b|task force model"}


def test_a_list_that_lost_its_half_is_not_believed() -> None:
    """A cut workbook would end hundreds of agreements."""
    names = [f"{chr(65 + n)}{chr(75 - n)}ville Police Department" for n in range(10)]
    rows = [row(name, county=county) for name in names for county in ("A", "B", "C")]
    months = Months()
    months.read(*rows)
    with pytest.raises(SoftError, match="holds 14 agreements, and held 30 at the last poll"):
        months.read(*rows[:14])
    assert len(months.read(*rows[:15])) == 15


def test_a_damaged_mark_remembers_nothing() -> None:
    """And breaks nothing."""
    for mark in ("", "no", "c-m", "\u2603" * 9, "0" * 50):
        assert remembered(mark) == ()
    poll = replace(POLL, cursor=(("roster", "rubbish"),))
    assert len(entries(parse(folder("roster.xlsx"), poll=poll))) == 4


def test_the_mark_is_small_and_says_the_same_when_it_is_read() -> None:
    """Names are written once, and compressed."""
    (mark,) = [one for one in parse(folder("roster.xlsx")) if isinstance(one, Mark)]
    assert mark.name == "roster"
    assert len(mark.value) < 400
    assert [one.key for one in remembered(mark.value)] == [
        one.key for one in entries(parse(folder("roster.xlsx")))
    ]


def test_pending_agencies_have_their_own_stage() -> None:
    """The same key, so that the signature shows as a change of stage."""
    (pending,) = entries(parse(roster(row("Example Police Department", signed="")), "pending"))
    (signed,) = entries(parse(roster(row("Example Police Department"))))
    assert pending.key == signed.key
    assert (pending.status, signed.status) == ("pending", "signed")


def test_what_is_no_workbook_is_an_error() -> None:
    """Never an empty list, which would end every agreement."""
    with pytest.raises(SoftError, match="a page instead of the workbook"):
        parse(b"\n<html>Access Denied</html>")
    for body in (b"", b"PK\x03\x04", b"STATE,AGENCY\n", folder("roster.xlsx")[:900]):
        with pytest.raises(FormatError):
            parse(body)
    with pytest.raises(FormatError, match="no sheet that is not hidden"):
        parse(xlsx({"Sheet1": [HEADING]}, hidden=["Sheet1"]))


def test_options_are_checked() -> None:
    """An address that is none is a complaint."""
    with pytest.raises(ValidationError, match="http or https address"):
        Ice287g(url="ice.gov")


def test_entries_are_values() -> None:
    """Equal answers make equal entries."""
    first, second = (parse(folder("roster.xlsx")) for _ in range(2))
    assert first == second
    assert all(isinstance(one, Entry | Mark) for one in first)
