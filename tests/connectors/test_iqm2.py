"""IQM2: calendars, meetings with their agendas, and legislative files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.connectors.iqm2 import Iqm2
from monitor.errors import FormatError, SoftError
from monitor.models import Access, Identifier, ItemType, Poll
from monitor.normalise import normalise_all
from tests.connectors.agenda_visit import (
    NOW,
    POLL,
    answered,
    entries,
    marks,
    recorded,
    refusals,
    requests,
)

CITY = Iqm2(client="exampleville")
CALENDAR = recorded("iqm2", "calendar.html")
MEETING = recorded("iqm2", "meeting.html")
FILE = recorded("iqm2", "file.html")


def test_a_poll_asks_for_the_calendar_of_the_time_around_it() -> None:
    """Thirty days back and half a year ahead, as a list."""
    [request] = CITY.requests(POLL)
    assert request.url == (
        "https://exampleville.iqm2.com/Citizens/Calendar.aspx"
        "?From=10/24/2026&To=5/22/2027&View=List"
    )
    assert request.access is Access.PAGE
    assert not request.conditional


def test_a_backfill_asks_further_back() -> None:
    """`since` widens the calendar and never narrows it."""
    [wide] = CITY.requests(replace(POLL, since=datetime(2025, 1, 1, 12, tzinfo=UTC)))
    [usual] = CITY.requests(replace(POLL, since=NOW - timedelta(days=2)))
    assert "From=1/1/2025" in wide.url
    assert "From=10/24/2026" in usual.url


def test_a_row_becomes_a_meeting_with_its_time_place_and_documents() -> None:
    """Hidden links and the video are no documents."""
    found = entries(answered(CITY, CALENDAR, "calendar"))["meeting-4101"]
    assert found.type is ItemType.MEETING
    assert found.title == "City Commission - Regular Meeting"
    assert found.office == "City Commission"
    assert found.url == "https://exampleville.iqm2.com/Citizens/Detail_Meeting.aspx?ID=4101"
    [held] = found.hearings
    assert held.starts == datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert held.place == "Commission Chambers, 1 Example Drive, Exampleville, FL 33000"
    assert not held.cancelled
    assert [one.title for one in found.attachments] == ["Agenda", "Agenda Packet"]
    assert found.attachments[0].url.endswith("/Citizens/FileOpen.aspx?Type=14&ID=3801&Inline=True")


def test_a_cancelled_meeting_is_seen_and_midnight_is_no_time() -> None:
    """The portal writes a cancelled meeting without its time."""
    found = entries(answered(CITY, CALENDAR, "calendar"))["meeting-4102"]
    [held] = found.hearings
    assert held.cancelled
    assert held.kind == "hearing"
    assert held.all_day
    assert found.status == "Cancelled"


def test_that_a_meeting_is_over_is_no_news() -> None:
    """Scheduled becomes Closed by itself, and changes no fingerprint."""
    before = answered(CITY, CALENDAR, "calendar")
    after = answered(CITY, CALENDAR.replace(b"Scheduled", b"Closed"), "calendar")
    prints = [
        [one.fingerprint for one in normalise_all(entries(parsed).values(), "s", "j")]
        for parsed in (before, after)
    ]
    assert prints[0] == prints[1]


def test_a_row_without_link_is_refused_and_an_empty_card_is_read() -> None:
    """One bad row neither silences the calendar nor vanishes."""
    found = answered(CITY, CALENDAR, "calendar")
    assert [one.why for one in refusals(found)] == ["its row has no link to the meeting"]
    assert entries(found)["meeting-4104"].title == "Meeting 4104"


def test_only_published_agendas_are_asked_for() -> None:
    """A meeting without documents, or one that is cancelled, has nothing to read."""
    found = requests(answered(CITY, CALENDAR, "calendar"), "meeting")
    assert [one.about for one in found] == [("4101",)]
    assert found[0].optional


def test_boards_narrow_the_calendar() -> None:
    """The others' meetings are neither kept nor asked for."""
    found = answered(Iqm2(client="x", boards=("zoning board",)), CALENDAR, "calendar")
    assert list(entries(found)) == ["meeting-4102"]
    assert not requests(found)


def test_more_agendas_than_one_poll_reads_wait_for_the_next() -> None:
    """The bound defers and drops nothing."""
    one = Iqm2(client="x", agendas=1)
    begin, end = (
        CALENDAR.index(b'<div class="Row MeetingRow"'),
        CALENDAR.index(b'<div class="Row MeetingRow Alt"'),
    )
    later = CALENDAR[begin:end].replace(b"4101", b"4109").replace(b"Nov 24", b"Dec 15")
    two = CALENDAR[:begin] + later + CALENDAR[begin:]
    first = answered(one, two, "calendar")
    assert [r.about for r in requests(first)] == [("4101",)]
    assert marks(first)["agendas"] == "4109"
    then = replace(POLL, cursor=(("agendas", "4109"),))
    assert [r.about for r in requests(answered(one, two, "calendar", poll=then))] == [("4109",)]


def test_a_page_that_is_no_calendar_is_a_failure() -> None:
    """A portal that shows something else has not fallen silent."""
    with pytest.raises(FormatError, match="no calendar"):
        answered(CITY, "<html><body><h1>Welcome</h1></body></html>", "calendar")
    with pytest.raises(SoftError):
        answered(CITY, "<html><title>Runtime Error</title><body>x</body></html>", "calendar")


def test_a_calendar_without_meetings_is_empty_and_no_failure() -> None:
    """The choice between its two views tells it from another page."""
    start, end = CALENDAR.index(b'<div class="Row MeetingRow"'), CALENDAR.index(b"</div></form>")
    assert not entries(answered(CITY, CALENDAR[:start] + CALENDAR[end:], "calendar"))


def test_an_agenda_is_read_into_items_with_their_documents() -> None:
    """Headings, procedures and minutes are furniture; documents hang on the item above them."""
    found = entries(answered(CITY, MEETING, "meeting", ("4101",)))
    assert [one.title for one in found.values()] == [
        "A Resolution Ending the Agreement under Section 287(g)",
        "A Resolution Naming a Park",
        "Police Chief on Requests by Federal Agencies",
    ]
    item = found["agenda-4101-file-19601"]
    assert item.type is ItemType.AGENDA_ITEM
    assert [one.title for one in item.attachments] == ["Memorandum of Agreement", "Fact Sheet"]
    assert item.identifiers == (Identifier("iqm2", "iqm2/exampleville", "19601"),)
    assert item.hearings[0].starts == datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert item.url == (
        "https://exampleville.iqm2.com/Citizens/Detail_LegiFile.aspx?MeetingID=4101&ID=19601"
    )


def test_the_videos_position_changes_nothing() -> None:
    """After a meeting its links point into the recording."""
    later = MEETING.replace(b"MediaPosition=&", b"MediaPosition=99.1&")
    assert answered(CITY, MEETING, "meeting", ("4101",)) == answered(
        CITY, later, "meeting", ("4101",)
    )


def test_files_are_read_once_a_few_at_a_time() -> None:
    """The next poll goes on with those that had to wait."""
    one = Iqm2(client="exampleville", details=1)
    first = answered(one, MEETING, "meeting", ("4101",))
    assert [r.about for r in requests(first, "file")] == [("19601",)]
    poll = replace(POLL, cursor=tuple(marks(first).items()))
    second = answered(one, MEETING, "meeting", ("4101",), poll)
    assert [r.about for r in requests(second, "file")] == [("19602",)]
    poll = replace(POLL, cursor=tuple(marks(second).items()))
    assert not requests(answered(one, MEETING, "meeting", ("4101",), poll))


def test_marks_of_meetings_that_passed_are_emptied() -> None:
    """What was read of old agendas is not remembered for ever."""
    poll = replace(POLL, cursor=(("files 12", "1 2"), ("files 4101", "3")))
    found = marks(answered(CITY, CALENDAR, "calendar", poll=poll))
    assert found["files 12"] == ""
    assert "files 4101" not in found


def test_a_legislative_file_is_read_with_its_number_and_words() -> None:
    """The number joins it with other mentions; sponsors are no news."""
    [found] = entries(answered(CITY, FILE, "file", ("19601",))).values()
    assert found.type is ItemType.COUNCIL_ITEM
    assert found.key == "file-19601"
    assert found.status == "Adopted"
    assert found.office == "Office of the City Attorney"
    assert "WHEREAS" in found.body
    assert found.body.endswith("the Agreement is ended.")
    assert found.facts == (("type", "Resolution"), ("file", "R-26-0123"))
    assert found.noise == (("sponsors", "Commissioner A. Person"),)
    assert Identifier("council_file", "iqm2/exampleville", "R-26-0123") in found.identifiers
    assert [one.title for one in found.attachments] == ["Printout", "Memorandum of Agreement"]


def test_a_file_that_the_portal_hides_is_refused() -> None:
    """Not every file on an agenda is public."""
    page = "<html><body><p>The requested Document could not be retrieved.</p></body></html>"
    [found] = refusals(answered(CITY, page, "file", ("7",)))
    assert found.why == "the portal does not show it"


@pytest.mark.parametrize(
    ("url", "page", "client"),
    [
        ("https://MiamiFL.iqm2.com/Citizens/Calendar.aspx?x=1", "", "miamifl"),
        ("https://city.example/", '<a href="https://xville.iqm2.com/Citizens/">', "xville"),
        ("https://city.example/", '<a href="https://www.iqm2.com/about">', ""),
        ("https://iqm2.com.example/", "", ""),
    ],
)  # fmt: skip
def test_an_address_is_recognised(url: str, page: str, client: str) -> None:
    """By its host, or by a link to the portal."""
    assert Iqm2.recognise(url, page) == ((("client", client),) if client else None)


@pytest.mark.parametrize(
    ("name", "meetings", "cancelled", "without_time", "documents"),
    [
        ("atl__atl_city_council.html", 164, 0, 0, 190),
        ("atl__atl_norcross.html", 12, 0, 0, 4),
        ("ca__santa_monica.html", 270, 24, 3, 844),
    ],
)
def test_real_calendars_are_read_to_the_last_row(
    shared: Path, name: str, meetings: int, cancelled: int, without_time: int, documents: int
) -> None:
    """Counts of rows, of cancelled meetings and of documents; no row is refused."""
    body = (shared / "recordings" / "iqm2" / name).read_bytes()
    poll = Poll(now=datetime(2026, 1, 20, tzinfo=UTC), timezone="America/New_York")
    parsed = answered(CITY, body, "calendar", poll=poll)
    found = list(entries(parsed).values())
    assert len(found) == body.count(b'class="Row MeetingRow') == meetings
    assert not refusals(parsed)
    held = [one.hearings[0] for one in found]
    assert all(one.starts for one in held)
    assert sum(one.cancelled for one in held) == cancelled
    assert sum(one.all_day for one in held) == without_time
    assert sum(len(one.attachments) for one in found) == documents


@pytest.mark.parametrize(
    ("name", "items", "documents", "cancelled"),
    [
        ("stl__cc_finance.html", 6, 0, True),
        ("stl__cc_parks_preservation.html", 0, 0, False),
        ("stl__cc_planning.html", 5, 8, False),
        ("stl__cc_police_safety.html", 18, 0, False),
    ],
)
def test_real_meetings_are_read(
    shared: Path, name: str, items: int, documents: int, *, cancelled: bool
) -> None:
    """Each agenda's items; one agenda holds headings alone."""
    body = (shared / "recordings" / "iqm2" / name).read_bytes()
    poll = Poll(now=datetime(2019, 6, 1, tzinfo=UTC), timezone="America/Chicago")
    found = list(entries(answered(CITY, body, "meeting", ("5",), poll)).values())
    assert len(found) == items
    assert sum(len(one.attachments) for one in found) == documents
    assert all(one.hearings[0].starts and one.hearings[0].place for one in found)
    assert all(one.hearings[0].cancelled == cancelled for one in found)
