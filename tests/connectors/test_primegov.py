"""PrimeGov: meetings, their documents, cancellations, duplicates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.connectors.primegov import PrimeGov
from monitor.errors import FormatError, SoftError
from monitor.normalise import normalise_all
from tests.connectors.meeting_visit import (
    NOW,
    POLL,
    counted,
    entries,
    local_times,
    own,
    poll_in,
    read,
    real,
    refusals,
)

CITY = PrimeGov(client="exampleville")


def test_meetings_are_read_with_time_and_documents() -> None:
    """The clock is local; of a page and a PDF of one agenda the PDF stays."""
    found = entries(read(CITY, own("primegov", "upcoming.json")))
    assert [one.key for one in found] == ["meeting-501", "meeting-503", "meeting-504"]
    council = found[0]
    assert local_times(found)[0] == "2026-11-10 15:00"
    path = "/Public/CompiledDocument?meetingTemplateId=31&compileOutputType=1"
    assert [(one.title, one.url) for one in council.attachments] == [
        ("Agenda", f"https://exampleville.primegov.com{path}")
    ]
    assert (council.status, council.office) == ("Agenda", "City Council Meeting")


def test_a_document_alone_says_that_a_meeting_is_cancelled() -> None:
    """Title and state stay the same."""
    found = entries(read(CITY, own("primegov", "upcoming.json")))
    assert [one.hearings[0].cancelled for one in found] == [False, True, False]
    assert found[1].attachments[0].url.endswith("/Portal/Meeting?meetingTemplateId=33")


def test_midnight_is_a_day_without_a_time() -> None:
    """Nobody entered one."""
    assert entries(read(CITY, own("primegov", "upcoming.json")))[2].hearings[0].all_day


def test_records_without_a_title_are_refused_alone() -> None:
    """So are rows that are no objects."""
    found = refusals(read(CITY, own("primegov", "upcoming.json")))
    assert [one.why for one in found] == ["the record has no title"] * 2


def test_spanish_duplicates_come_only_where_wanted() -> None:
    """Los Angeles publishes every meeting twice."""
    both = PrimeGov(client="exampleville", spanish=True)
    assert len(entries(read(both, own("primegov", "upcoming.json")))) == 4


def test_committees_narrow_the_list() -> None:
    """By their number."""
    harbor = PrimeGov(client="exampleville", committees=(8,))
    assert [one.title for one in entries(read(harbor, own("primegov", "upcoming.json")))] == [
        "Harbor Committee"
    ]


def test_past_days_are_read_from_the_years_lists() -> None:
    """Around New Year two of them; older meetings are passed over."""
    urls = [one.url for one in CITY.requests(replace(POLL, now=NOW.replace(month=1, day=2)))]
    assert [url.rpartition("/")[2] for url in urls] == [
        "ListUpcomingMeetings",
        "ListArchivedMeetings?year=2025",
        "ListArchivedMeetings?year=2026",
    ]
    body = own("primegov", "upcoming.json").replace(b"2026-11-10T", b"2026-02-10T")
    assert [one.key for one in entries(read(CITY, body, step="archived"))] == [
        "meeting-503",
        "meeting-504",
    ]


def test_a_moved_meeting_is_news() -> None:
    """The hearing belongs to what is compared."""
    body = own("primegov", "upcoming.json")
    before = normalise_all(entries(read(CITY, body)), "s", "j")
    after = normalise_all(
        entries(read(CITY, body.replace(b"12T14:00:00", b"12T15:00:00"))), "s", "j"
    )
    assert [a.fingerprint != b.fingerprint for a, b in zip(before, after, strict=True)] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", SoftError),
        (b"<html><title>Sign in</title></html>", SoftError),
        (b'{"message": "An error has occurred."}', SoftError),
        (b"{}", FormatError),
        (b'"x"', FormatError),
        (b"[1,", FormatError),
    ],
)
def test_what_is_no_list_is_never_an_empty_one(body: bytes, error: type[Exception]) -> None:
    """It fails, and says so."""
    with pytest.raises(error):
        read(CITY, body)


def test_the_portals_address_is_recognised() -> None:
    """By its host."""
    found = PrimeGov.recognise("https://LACity.primegov.com/public/portal", "")
    assert found == (("client", "lacity"),)
    assert PrimeGov.recognise("https://primegov.com.example.org/", "") is None


def test_los_angeles_is_read_whole(shared: Path) -> None:
    """Of the thirteen meetings three are Spanish duplicates and five are not held."""
    name = "primegov/losca__losca_City_Council.json"
    poll = poll_in("America/Los_Angeles", "2024-09-30")
    every = entries(read(PrimeGov(client="lacity", spanish=True), real(shared, name), poll))
    assert len(every) == counted(shared, name) == 13
    found = entries(read(PrimeGov(client="lacity"), real(shared, name), poll))
    assert len(found) == 10
    assert sum(one.hearings[0].cancelled for one in found) == 5
    assert all(one.attachments and not one.hearings[0].all_day for one in found)
    assert local_times(found)[0] == "2024-10-01 15:30"
    page = real(shared, "primegov/newark__newnj_ec_boc.html")
    with pytest.raises(SoftError, match="a page instead of JSON"):
        read(PrimeGov(client="lacity"), page, poll)
