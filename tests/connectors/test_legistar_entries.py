"""How rows of the Legistar Web API become entries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.connectors.legistar import Legistar
from monitor.models import Attachment, Entry, Hearing, Identifier, ItemType, Refusal, Request
from monitor.normalise import normalise
from tests.connectors.legistar_visit import POLL, RECORDINGS, answer, asked, read, recorded

COUNCIL = Legistar(client="exampleville")
FILES = "https://exampleville.legistar1.com/exampleville"


def entries(step: str, rows: list[dict[str, Any]], council: Legistar = COUNCIL) -> dict[str, Entry]:
    """Read the rows of one answer into entries by key."""
    return {one.key: one for one in read(council, step, rows) if isinstance(one, Entry)}


def agenda(rows: list[dict[str, Any]], **event: Any) -> dict[str, Entry]:
    """Read the rows of an agenda of the first recorded meeting."""
    meeting = recorded("events.json")[0] | event
    [request] = [one for one in read(COUNCIL, "events", [meeting]) if isinstance(one, Request)]
    found = COUNCIL.parse(answer(request, rows), POLL)
    return {one.key: one for one in found if isinstance(one, Entry)}


def hearing(**fields: Any) -> Hearing:
    """Read the hearing of one meeting."""
    row = recorded("events.json")[1] | fields
    [found] = entries("events", [row]).values()
    return found.hearings[0]


def same_news(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Tell whether two states of a matter have one fingerprint."""
    prints = {
        normalise(one, "s", "j").fingerprint
        for row in (before, after)
        for one in entries("matters", [row]).values()
    }
    return len(prints) == 1


# ------------------------------------------------------------------------------------- matters


def test_a_matter_has_its_short_name_over_its_formal_title() -> None:
    """New York gives both, and a summary in plain words: all are searchable."""
    matter = entries("matters", recorded("matters.json"))["matter-7001"]
    assert matter.title == "Limiting use of city property for civil immigration enforcement."
    assert matter.body.startswith("A Local Law to amend the municipal code")
    assert matter.body.endswith("\nThis bill would keep city garages closed to staging areas.")
    assert (matter.type, matter.status, matter.office) == (
        ItemType.COUNCIL_ITEM,
        "Committee",
        "Committee on Public Safety",
    )
    assert matter.labels == ("Introduction",)


def test_a_matter_is_named_by_its_file_and_by_the_apis_id() -> None:
    """The file's number can change (T2026-1547 becomes Int 750-2026); the id stays."""
    matter = entries("matters", recorded("matters.json"))["matter-7001"]
    assert matter.identifiers == (
        Identifier("legistar", "legistar/exampleville", "7001"),
        Identifier("council_file", "legistar/exampleville", "INT 42-2026"),
    )


def test_a_matters_link_leads_through_the_gateway_of_the_public_site() -> None:
    """The web's own ids are others than the API's."""
    row = recorded("matters.json")[:1]
    other = Legistar(client="nyc", site="https://legistar.council.nyc.gov/")
    assert entries("matters", row)["matter-7001"].url == (
        "https://exampleville.legistar.com/gateway.aspx?m=l&id=7001"
    )
    assert entries("matters", row, other)["matter-7001"].url == (
        "https://legistar.council.nyc.gov/gateway.aspx?m=l&id=7001"
    )


def test_a_fact_sheet_has_its_purpose_for_a_title() -> None:
    """Newark writes lines of "Label: value" into the title; all of it stays searchable."""
    matter = entries("matters", recorded("matters.json"))["matter-7002"]
    assert matter.title == ("To authorize a contract for language access at the municipal court.")
    assert "Entity Name: Example Interpreters LLC" in matter.body
    assert ("name", "Agreement") in matter.noise


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Subject:\tJail access\r\nFrom:\tSheriff\r\nRecommendation: Adopt", "Jail access"),
        ("AN ORDINANCE relating to: sewers", "AN ORDINANCE relating to: sewers"),
        ("Resolution: one\r\nwithout a second label", "Resolution: one without a second label"),
        ("File: 1\r\nFrom: Clerk", "File: 1 From: Clerk"),
    ],
)
def test_only_a_list_of_labels_is_a_fact_sheet(title: str, wanted: str) -> None:
    """One colon makes a sentence, and a sheet without a subject stays as it is."""
    [matter] = entries("matters", [{"MatterId": 1, "MatterTitle": title}]).values()
    assert normalise(matter, "s", "j").title == wanted


def test_dates_are_facts_and_no_date_is_none() -> None:
    """.NET's first day stands for nothing; its own notation is read where the offset says."""
    rows = recorded("matters.json")
    facts = {key: dict(one.facts) for key, one in entries("matters", rows).items()}
    assert facts["matter-7002"] == {
        "type": "Resolution",
        "file": "26-0117",
        "introduced": "2026-10-01",
        "agenda date": "2026-11-04",
        "passed": "2026-11-04",
        "enacted": "2026-11-12",
        "enactment number": "2026/090",
        "version": "1",
    }
    assert facts["matter-7003"]["introduced"] == "2026-11-05"
    nothing = entries("matters", [rows[0] | {"MatterIntroDate": "0001-01-01T00:00:00"}])
    assert "introduced" not in dict(nothing["matter-7001"].facts)
    assert nothing["matter-7001"].published is None


def test_a_matter_is_published_at_midnight_where_the_council_is() -> None:
    """Dates of the API are local and have no zone; a year that cannot be meant is only kept."""
    rows = recorded("matters.json")
    matter = entries("matters", rows)["matter-7001"]
    assert matter.published == datetime(2026, 11, 10, 5, tzinfo=UTC)
    [odd] = entries("matters", [rows[0] | {"MatterIntroDate": "5025-11-10T00:00:00"}]).values()
    assert (odd.published, odd.published_said) == (None, "5025-11-10")
    [unread] = entries("matters", [rows[0] | {"MatterIntroDate": "soon"}]).values()
    assert (unread.published, dict(unread.facts)["introduced"]) == (None, "soon")


def test_a_matter_kept_from_public_view_is_passed_over() -> None:
    """MatterRestrictViewViaWeb; it is no fault of the answer either."""
    found = read(COUNCIL, "matters", recorded("matters.json"))
    assert not any(isinstance(one, Refusal) for one in found)
    assert "matter-7004" not in {one.key for one in found if isinstance(one, Entry)}


def test_a_matter_of_nulls_is_still_a_matter() -> None:
    """Every field but the id can be null."""
    matter = entries("matters", recorded("matters.json"))["matter-7005"]
    assert (matter.title, matter.body, matter.facts, matter.published) == (
        "Matter 7005",
        "",
        (),
        None,
    )


@pytest.mark.parametrize(
    "touched",
    [
        {"MatterLastModifiedUtc": "2026-11-22T01:02:03.4", "MatterRowVersion": "AAAAAAD6xYk="},
        {"MatterRequester": "Somebody", "MatterEXText2": "routed", "MatterText2": "a@example.org"},
        {"MatterEnactmentDate": None, "MatterPassedDate": "0001-01-01T00:00:00"},
        {"MatterAgendaDate": "2026-11-10T13:30:00"},
    ],
)
def test_what_only_touches_a_matter_is_no_news(touched: dict[str, Any]) -> None:
    """A bumped time stamp, a routing note, a clock on a date."""
    row = recorded("matters.json")[0]
    assert same_news(row, row | touched)


@pytest.mark.parametrize(
    "changed",
    [
        {"MatterStatusName": "Adopted"},
        {"MatterVersion": "B"},
        {"MatterTitle": "A Local Law in relation to something else"},
        {"MatterEXText5": "This bill would open city garages."},
        {"MatterBodyName": "Committee on Immigration"},
        {"MatterPassedDate": "2026-11-23T00:00:00"},
        {"MatterEnactmentNumber": "2026/117"},
        {"MatterFile": "Int 0043-2026"},
    ],
)
def test_what_changes_a_matter_is_news(changed: dict[str, Any]) -> None:
    """Status, version, words, body, dates and numbers."""
    row = recorded("matters.json")[0]
    assert not same_news(row, row | changed)


def test_other_text_fields_can_be_made_part_of_the_text() -> None:
    """Each council uses the free fields for something else."""
    row = recorded("matters.json")[0] | {"MatterText3": "Prohibits agreements under 287(g)."}
    council = Legistar(client="x", texts=("MatterText3",))
    [matter] = entries("matters", [row], council).values()
    assert matter.body.endswith("\nProhibits agreements under 287(g).")
    assert "garages" not in matter.body
    assert any("garages" in value for _, value in matter.noise)


def test_markup_in_a_title_is_said_to_be_markup() -> None:
    """Some councils paste HTML; words like "<$500" are none."""
    rows = [
        {"MatterId": 1, "MatterTitle": "Support for <em>sanctuary</em> policy<br>second reading"},
        {"MatterId": 2, "MatterTitle": "Contracts with a value <$500 &amp; no bid"},
    ]
    titles = [normalise(one, "s", "j").title for one in entries("matters", rows).values()]
    assert titles == [
        "Support for sanctuary policy second reading",
        "Contracts with a value <$500 & no bid",
    ]


def test_xml_is_read_as_well_as_json() -> None:
    """A tenant that disregards Accept says the same in XML."""
    found = read(COUNCIL, "matters", (RECORDINGS / "matters.xml").read_bytes())
    [matter] = [one for one in found if isinstance(one, Entry)]
    [same] = entries("matters", recorded("matters.json")[2:3]).values()
    assert (matter.key, matter.title, matter.facts) == (same.key, same.title, same.facts)
    assert normalise(matter, "s", "j").fingerprint == normalise(same, "s", "j").fingerprint


def test_xml_is_told_no_secrets() -> None:
    """An entity that names a file stays unread."""
    body = (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><ArrayOfGranicusMatter>'
        b"<GranicusMatter><MatterId>1</MatterId><MatterTitle>A &x; B</MatterTitle>"
        b"</GranicusMatter></ArrayOfGranicusMatter>"
    )
    [matter, *_] = [one for one in read(COUNCIL, "matters", body) if isinstance(one, Entry)]
    assert matter.title == "A"


# ------------------------------------------------------------------------------------ meetings


def test_a_meeting_has_its_time_place_and_files() -> None:
    """The time is local; an asterisk before a committee's name is ornament."""
    meeting = entries("events", recorded("events.json"))["event-901"]
    assert (meeting.type, meeting.title, meeting.status) == (
        ItemType.MEETING,
        "Committee on Public Safety",
        "Final",
    )
    assert meeting.hearings == (
        Hearing(
            kind="hearing",
            starts=datetime(2026, 12, 1, 18, 30, tzinfo=UTC),
            timezone="America/New_York",
            place="Council Chamber, City Hall, 1 Example Plaza",
            said="1:30 PM",
        ),
    )
    assert meeting.attachments == (Attachment("Agenda", f"{FILES}/meetings/2026/12/901_A.pdf"),)
    assert meeting.url.startswith("https://exampleville.legistar.com/MeetingDetail.aspx?LEGID=901")


def test_minutes_are_an_attachment_too() -> None:
    """They come after the meeting."""
    meeting = entries("events", recorded("events.json"))["event-906"]
    assert [one.title for one in meeting.attachments] == ["Agenda", "Minutes"]


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("6:00 PM", 23),
        ("6:00 p.m.", 23),
        ("6:00PM", 23),
        ("6 pm", 23),
        ("18:00", 23),
        ("9:05 AM", 14),
    ],
)
def test_clock_times_are_read(said: str, hour: int) -> None:
    """As the clerks write them."""
    read_time = hearing(EventTime=said)
    assert read_time.starts is not None
    assert (read_time.starts.hour, read_time.all_day) == (hour, False)


@pytest.mark.parametrize(
    "said", ["", None, "TBD", "following Council", "7:00", "25:00 PM", "1:30 PM or later"]
)
def test_a_time_that_cannot_be_read_leaves_the_day(said: str | None) -> None:
    """Never a guess: 7:00 may be morning or evening. What was said is kept."""
    unread = hearing(EventTime=said)
    assert (unread.all_day, unread.said) == (True, said or "")
    assert unread.starts == datetime(2026, 12, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize("said", [None, "", "soon", "5025-12-08T00:00:00", "2026-13-01T00:00:00"])
def test_a_day_that_cannot_be_read_leaves_the_words(said: str | None) -> None:
    """A meeting of an unknown day is still told."""
    unread = hearing(EventDate=said)
    assert (unread.starts, unread.all_day) == (None, False)
    assert unread.said.endswith("6:00 p.m.")


def test_an_hour_that_does_not_exist_is_the_next_one() -> None:
    """At 2:30 on the night of 8 March 2026, New York's clocks stood at 3:30."""
    gap = hearing(EventDate="2026-03-08T00:00:00", EventTime="2:30 AM")
    assert gap.starts == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "cancelled"),
    [
        ({"EventComment": "Cancellation Notice"}, True),
        ({"EventComment": "CANCELED"}, True),
        ({"EventBodyName": "City Council - CANCELLED"}, True),
        ({"EventAgendaStatusName": "Cancelled"}, True),
        ({"EventAgendaStatusName": "Deferred"}, True),
        ({"EventTime": "Deferred"}, True),
        ({"EventLocation": "MEETING POSTPONED"}, True),
        ({"EventComment": "Rescheduled to December 9"}, True),
        ({"EventComment": "Rescheduled from December 1"}, False),
        ({"EventComment": "This meeting replaces the cancelled meeting of December 1"}, False),
        ({"EventComment": "The meeting is not cancelled"}, False),
        ({"EventComment": "Action on the deferred compensation plan"}, False),
        ({}, False),
    ],
)
def test_a_cancelled_meeting_is_recognised(fields: dict[str, Any], cancelled: bool) -> None:
    """It may stand in the name, the comment, the status, the time or the place only."""
    assert hearing(**fields).cancelled is cancelled


def test_a_meeting_of_nulls_is_still_a_meeting() -> None:
    """Every field but the id can be null."""
    meeting = entries("events", recorded("events.json"))["event-907"]
    assert meeting.title == "Meeting 907"
    assert meeting.url == "https://exampleville.legistar.com/Calendar.aspx"
    assert meeting.hearings[0].starts is None


# --------------------------------------------------------------------------------- agenda items


def test_an_agenda_is_read_without_its_headings() -> None:
    """Blank rows, rules, roll calls, page breaks and committees' names are furniture."""
    found = agenda(recorded("agenda.json"))
    assert list(found) == ["item-5006", "item-5007", "item-5008"]


def test_an_agenda_item_knows_its_matter_and_its_hearing() -> None:
    """So it joins the matter's thread and says when it is heard."""
    item = agenda(recorded("agenda.json"))["item-5006"]
    [matter] = entries("matters", recorded("matters.json")[:1]).values()
    meeting = entries("events", recorded("events.json"))["event-901"]
    assert item.type is ItemType.AGENDA_ITEM
    assert (item.identifiers, item.url, item.title) == (
        matter.identifiers,
        matter.url,
        matter.title,
    )
    assert (item.hearings, item.office) == (meeting.hearings, "Committee on Public Safety")
    assert [one.url for one in item.attachments] == [
        f"{FILES}/attachments/one.pdf",
        f"{FILES}/attachments/two.docx",
    ]


def test_a_committees_name_as_a_note_is_not_part_of_the_text() -> None:
    """It would match every item that the committee on immigration hears."""
    item = agenda(recorded("agenda.json"))["item-5006"]
    assert "Immigration" not in item.body
    assert ("agenda note", "Immigration") in item.noise


def test_a_result_is_news() -> None:
    """What the body did, and whether it passed."""
    item = agenda(recorded("agenda.json"))["item-5007"]
    assert (item.title, item.status) == ("Agreement With The Sheriff", "Approved, Pass")


def test_an_item_without_a_matter_links_to_the_meeting() -> None:
    """A presentation has no file, and is business all the same."""
    item = agenda(recorded("agenda.json"))["item-5008"]
    assert item.identifiers == ()
    assert "MeetingDetail.aspx?LEGID=901" in item.url


def test_a_moved_hearing_changes_its_agenda_items() -> None:
    """Who follows the matter must hear of the new time."""
    rows = recorded("agenda.json")
    before = normalise(agenda(rows)["item-5006"], "s", "j")
    after = normalise(agenda(rows, EventTime="3:00 PM")["item-5006"], "s", "j")
    renumbered = [
        row | {"EventItemAgendaNumber": "7", "EventItemAgendaSequence": 7} for row in rows
    ]
    assert before.fingerprint != after.fingerprint
    assert before.fingerprint == normalise(agenda(renumbered)["item-5006"], "s", "j").fingerprint


def test_keys_of_different_records_never_meet() -> None:
    """MatterId, EventId and EventItemId count from 1 in three tables."""
    keys = {
        *entries("matters", [{"MatterId": 1, "MatterTitle": "A"}]),
        *entries("events", [recorded("events.json")[0] | {"EventId": 1}]),
        *agenda([{"EventItemId": 1, "EventItemMatterId": 1, "EventItemTitle": "A"}]),
    }
    assert keys == {"matter-1", "event-1", "item-1"}


def test_the_step_of_a_request_comes_back_with_its_answer() -> None:
    """The first request of each list is told apart by its step."""
    assert asked(COUNCIL, "matters").about == asked(COUNCIL, "events").about == ("0", "")
