"""BoardDocs: the feed that is not well-formed, and the lists, pages and agendas beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.connectors.boarddocs import BoardDocs
from monitor.errors import FormatError, SoftError
from monitor.models import Access, ItemType, Poll
from monitor.normalise import normalise_all
from tests.connectors.agenda_visit import (
    POLL,
    answered,
    entries,
    items_in_manifest,
    marks,
    recorded,
    refusals,
    requests,
)

BOARD = BoardDocs(place="xx/Exampleville")
LISTS = BoardDocs(place="xx/exampleville", committees=("A9HCRJ3251CA",))
FEED = recorded("boarddocs", "feed.xml")
LIST = recorded("boarddocs", "list.json")
ABOUT = ("DQ3VPX80F260", "Regular Board Meeting", "2026-12-01")
EVER = Poll(now=datetime(2026, 2, 20, tzinfo=UTC), since=datetime(1990, 1, 1, tzinfo=UTC))


def test_a_poll_asks_for_the_feed_or_for_the_committees_lists() -> None:
    """One answer holds everything; where it is switched off, each committee is asked for."""
    [feed] = BOARD.requests(POLL)
    assert feed.url == "https://go.boarddocs.com/xx/exampleville/Board.nsf/XML-ActiveMeetings"
    assert feed.access is Access.FEED
    [listed] = LISTS.requests(POLL)
    assert listed.method == "POST"
    assert listed.url.endswith("/Board.nsf/BD-GetMeetingsList?open")
    assert listed.body == b"current_committee_id=A9HCRJ3251CA"


def test_a_feed_that_is_not_well_formed_is_read_whole() -> None:
    """A stray closing tag costs neither its meeting nor those behind it."""
    found = entries(answered(BOARD, FEED, "feed"))
    assert list(found) == [
        "meeting-AHJRW76D1F43",
        "item-AHJRXM6D2004",
        "meeting-8GTQFF661E42",
        "item-8GTQFH661E53",
        "meeting-8GTQFF661E44",
    ]


def test_a_meetings_time_stands_in_its_name_or_its_description() -> None:
    """The date has a field; the hour has none."""
    found = entries(answered(BOARD, FEED, "feed"))
    assert found["meeting-AHJRW76D1F43"].hearings[0].starts == datetime(
        2026, 12, 1, 23, 30, tzinfo=UTC
    )
    assert found["meeting-8GTQFF661E42"].hearings[0].starts == datetime(2026, 12, 8, 22, tzinfo=UTC)
    assert found["meeting-8GTQFF661E44"].hearings[0].cancelled
    assert found["meeting-AHJRW76D1F43"].office == "Main Governing Board"


def test_an_items_title_is_clean_and_keeps_no_number() -> None:
    """HTML within XML is decoded twice; a renumbered item has not changed."""
    found = entries(answered(BOARD, FEED, "feed"))["item-AHJRXM6D2004"]
    assert found.type is ItemType.AGENDA_ITEM
    assert found.title == "Declaring The District\u2019s Schools Safe Zones For Immigrant Families"
    assert found.labels == ("2. Resolutions for Consideration & Discussion", "Action")
    assert found.noise == (("agenda number", "2.01"),)
    assert found.url.endswith("/xx/exampleville/Board.nsf/goto?open&id=AHJRXM6D2004")
    later = entries(answered(BOARD, FEED.replace(b"2.01 D", b"2.02 D"), "feed"))[
        "item-AHJRXM6D2004"
    ]
    prints = [normalise_all([one], "s", "j")[0].fingerprint for one in (found, later)]
    assert prints[0] == prints[1]


def test_a_meeting_without_id_and_one_that_breaks_off_are_refused() -> None:
    """What the connection cut is counted, not lost in silence."""
    assert [one.why for one in refusals(answered(BOARD, FEED, "feed"))] == [
        "the meeting has no id or day"
    ]
    cut = FEED[: FEED.index(b"</meeting>", FEED.index(b"8GTQFF661E42"))]
    assert [one.why for one in refusals(answered(BOARD, cut, "feed"))] == ["its record breaks off"]


def test_old_meetings_are_left_out_but_for_a_backfill() -> None:
    """The feed holds a board's whole history."""
    assert "meeting-8GTQFF661E45" not in entries(answered(BOARD, FEED, "feed"))
    since = replace(POLL, since=datetime(2010, 1, 1, tzinfo=UTC))
    assert "meeting-8GTQFF661E45" in entries(answered(BOARD, FEED, "feed", poll=since))


def test_a_page_where_the_feed_should_be_is_a_failure() -> None:
    """A board without feed answers with a page; so does a firewall."""
    with pytest.raises(SoftError, match="a page of HTML"):
        answered(BOARD, "<!DOCTYPE html><html><body>Sign in</body></html>", "feed")
    with pytest.raises(FormatError, match="no feed of meetings"):
        answered(BOARD, "<rss></rss>", "feed")


def test_a_list_leads_to_its_meetings_nearest_first() -> None:
    """The empty last record is every list's end; old meetings are left out."""
    parsed = answered(LISTS, LIST, "list", ("A9HCRJ3251CA",))
    assert not entries(parsed)
    assert not refusals(parsed)
    assert [one.about[0] for one in requests(parsed, "meeting")] == [
        "DPFS2D708D8F",
        "DPFS2D708D90",
        "DQ3VPX80F260",
    ]
    assert requests(parsed)[0].body == b"id=DPFS2D708D8F"


def test_more_meetings_than_one_poll_reads_wait_for_the_next() -> None:
    """The bound defers and drops nothing."""
    one = BoardDocs(place="xx/exampleville", committees=("A9HCRJ3251CA",), agendas=2)
    first = answered(one, LIST, "list", ("A9HCRJ3251CA",))
    poll = replace(POLL, cursor=tuple(marks(first).items()))
    second = answered(one, LIST, "list", ("A9HCRJ3251CA",), poll)
    assert len(requests(first)) == 2
    assert requests(second)[0].about[0] == "DQ3VPX80F260"


def test_without_agendas_the_list_itself_is_read() -> None:
    """Names alone tell of a time and of a cancellation."""
    one = BoardDocs(place="xx/exampleville", committees=("A9HCRJ3251CA",), agendas=0)
    found = entries(answered(one, LIST, "list", ("A9HCRJ3251CA",)))
    assert found["meeting-DPFS2D708D8F"].hearings[0].cancelled
    assert found["meeting-DPFS2D708D90"].hearings[0].starts == datetime(
        2026, 11, 17, 14, 30, tzinfo=UTC
    )
    assert found["meeting-DPFS2D708D90"].title.startswith("Retreat & Workshop")


def test_a_meetings_page_tells_time_and_place_and_leads_to_its_agenda() -> None:
    """The description is the clerk's own text."""
    parsed = answered(LISTS, recorded("boarddocs", "meeting.html"), "meeting", ABOUT)
    [found] = entries(parsed).values()
    assert found.hearings[0].starts == datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    assert found.body == "6:30 p.m. │ Learning Center │ 1 Example Road\nWatch & listen online"
    [agenda] = requests(parsed, "agenda")
    assert agenda.body == b"id=DQ3VPX80F260"
    read = entries(answered(LISTS, recorded("boarddocs", "agenda.html"), "agenda", agenda.about))
    [item] = read.values()
    assert item.title == "Declaring Schools & Grounds Safe Zones"
    assert item.labels == ("Board Matters", "Action, Information")
    assert item.hearings == found.hearings


@pytest.mark.parametrize("step", ["meeting", "agenda"])
def test_another_page_is_a_failure(step: str) -> None:
    """It is no meeting and no agenda."""
    about = ABOUT if step == "meeting" else (*ABOUT, "")
    with pytest.raises(FormatError):
        answered(LISTS, "<div>Session expired</div>", step, about)


def test_options_are_checked() -> None:
    """A committee has an id, a board its state."""
    with pytest.raises(ValidationError, match="no committee's id"):
        BoardDocs(place="xx/y", committees=("Main Governing Board",))
    with pytest.raises(ValidationError):
        BoardDocs(place="exampleville")


@pytest.mark.parametrize(
    ("url", "page", "place"),
    [
        ("https://go.boarddocs.com/OH/columbus/Board.nsf/Public", "", "oh/columbus"),
        ("https://www.boarddocs.com/oh/cmsd/board.nsf/XML-ActiveMeetings", "", "oh/cmsd"),
        ("https://x.example", "go.boarddocs.com/vsba/arl/Board.nsf", "vsba/arl"),
        ("https://go.boarddocs.com/", "", ""),
    ],
)
def test_an_address_is_recognised(url: str, page: str, place: str) -> None:
    """By its path, or by a link in a page."""
    assert BoardDocs.recognise(url, page) == ((("place", place),) if place else None)


@pytest.mark.parametrize(
    ("name", "called_off", "timed"),
    [
        ("coloh__colum_boe_meetings.json", 26, 0),
        ("grand-rapids__gra_public_school_board.json", 12, 157),
        ("spokane__spo_cvsd.json", 41, 107),
        ("wichita__wicks_goddard_boe.json", 0, 0),
    ],
)
def test_real_lists_are_read_to_the_last_meeting(
    shared: Path, name: str, called_off: int, timed: int
) -> None:
    """All but the empty last record."""
    body = (shared / "recordings" / "boarddocs" / name).read_bytes()
    one = BoardDocs(place="xx/y", committees=("A9HCRJ3251CA",), agendas=0)
    parsed = answered(one, body, "list", ("A9HCRJ3251CA",), EVER)
    found = entries(parsed)
    assert not refusals(parsed)
    assert len(found) == int(items_in_manifest(shared, f"boarddocs/{name}")) - 1
    held = [entry.hearings[0] for entry in found.values()]
    assert all(hearing.starts for hearing in held)
    assert sum(hearing.cancelled for hearing in held) == called_off
    assert sum(not hearing.all_day for hearing in held) == timed


@pytest.mark.parametrize(
    ("name", "hour"),
    [("coloh__colum_boe_detail.html", 23), ("spokane__spo_cvsd_detail.html", 23)],
)
def test_real_meetings_pages_tell_the_hour(shared: Path, name: str, hour: int) -> None:
    """One writes 6:00PM on a line of its own, the other 6:30 p.m. between bars."""
    body = (shared / "recordings" / "boarddocs" / name).read_bytes()
    [found] = entries(answered(LISTS, body, "meeting", ABOUT)).values()
    assert found.hearings[0].starts
    assert found.hearings[0].starts.hour == hour


def test_the_real_agenda_is_read(shared: Path) -> None:
    """Of its items, eleven are headings of at most three words or known procedures."""
    body = (shared / "recordings/boarddocs/coloh__colum_boe_agenda.html").read_bytes()
    found = entries(answered(LISTS, body, "agenda", (*ABOUT, "6:00PM")))
    assert body.count(b'class="XXXXXXui-corner-all item') == 123
    assert len(found) == 112
    assert all(one.labels for one in found.values())
