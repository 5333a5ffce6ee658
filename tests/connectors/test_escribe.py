"""eSCRIBE: the calendar behind its cookies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.connectors.escribe import Escribe
from monitor.errors import FormatError, SoftError
from monitor.models import Parsed, Poll
from tests.connectors.meeting_visit import (
    POLL,
    answer,
    asked,
    counted,
    entries,
    local_times,
    own,
    poll_in,
    read,
    real,
    refusals,
)

CITY = Escribe(tenant="Exampleville")


def calendar(body: bytes, poll: Poll = POLL) -> list[Parsed]:
    """Ask for the page, then read the calendar."""
    [request] = asked(read(CITY, "<html></html>", poll))
    return list(CITY.parse(answer(request, body), poll))


def test_the_pages_cookies_go_along() -> None:
    """Only their values, and only if they can stand in a header."""
    [page] = CITY.requests(POLL)
    given = (("set-cookie", "a=1; Path=/; HttpOnly"), ("set-cookie", "b=2"), ("set-cookie", "é=3"))
    [request] = asked(CITY.parse(answer(page, "<html></html>", given), POLL))
    headers = dict(request.headers)
    assert (request.method, headers["Cookie"]) == ("POST", "a=1; b=2")
    assert headers["X-Requested-With"] == "XMLHttpRequest"
    assert json.loads(request.body) == {
        "calendarStartDate": "2026-10-20",
        "calendarEndDate": "2027-03-03",
    }


def test_meetings_are_read_with_their_documents() -> None:
    """A PDF comes before a page of the same sort; neither videos nor other languages."""
    council = entries(calendar(own("escribe", "calendar.json")))[0]
    assert council.key == "meeting-8f90e760-0000-4000-8000-000000000001"
    assert [(one.title, one.url.rpartition("/")[2]) for one in council.attachments] == [
        ("Agenda (PDF)", "FileStream.ashx?DocumentId=11"),
        ("Minutes (HTML)", "Meeting.aspx?Id=8F90E760&Agenda=PostMinutes&lang=English"),
    ]
    assert council.hearings[0].place == "Council Chambers"


def test_times_are_local_and_ticks_are_not() -> None:
    """Words in place of a time leave the day."""
    found = entries(calendar(own("escribe", "calendar.json")))
    assert local_times(found) == ["2026-11-09 23:00", "2026-11-09 15:30", "2026-11-11 05:00"]
    assert [one.hearings[0].all_day for one in found] == [False, False, True]
    assert found[2].facts == (("time", "Following the Council Meeting"),)


def test_a_meeting_is_cancelled_in_its_name() -> None:
    """There is no field for it."""
    found = entries(calendar(own("escribe", "calendar.json")))
    assert [one.hearings[0].cancelled for one in found] == [False, True, False]


def test_unusable_records_are_refused_alone() -> None:
    """One has no name, one a time beyond all calendars."""
    found = refusals(calendar(own("escribe", "calendar.json")))
    assert [one.why for one in found] == [
        "the record has no MeetingName",
        "no time: /Date(-99999999999999)/",
    ]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", SoftError),
        (b"<html><title>Error</title></html>", SoftError),
        (b'{"Message": "There was an error processing the request."}', SoftError),
        (b'{"d": null}', FormatError),
    ],
)
def test_what_is_no_calendar_is_never_an_empty_one(body: bytes, error: type[Exception]) -> None:
    """It fails, and says so."""
    with pytest.raises(error):
        calendar(body)


def test_a_site_is_recognised_by_its_host_or_a_link() -> None:
    """The tenant stands behind "pub-"."""
    assert Escribe.recognise("https://pub-hainescity.escribemeetings.com/?x=1", "") == (
        ("tenant", "hainescity"),
    )
    link = "<a href='https://pub-ottawa.escribemeetings.com'>"
    assert Escribe.recognise("https://ottawa.example/", link) == (("tenant", "ottawa"),)
    assert Escribe.recognise("https://www.escribemeetings.com/", "") is None


def test_haines_city_is_read_whole(shared: Path) -> None:
    """As many meetings as the manifest counts, at local times, with absolute links."""
    name = "escribe/haines-city-fl-escribe-get-calendar.json"
    parsed = calendar(real(shared, name), poll_in("America/New_York", "2026-04-18"))
    found = entries(parsed)
    assert len(found) == counted(shared, name) == 5
    assert not refusals(parsed)
    assert local_times(found)[0] == "2025-12-18 23:00"
    links = [paper.url for one in found for paper in one.attachments]
    assert links
    assert all(link.startswith("https://pub-") for link in links)
    assert not any("Player" in link for link in links)


@pytest.mark.parametrize(
    "name", ["haines-city-fl-escribe-wsdl.xml", "san-diego__sandie_citychula_calendar.html"]
)
def test_other_pages_of_the_platform_are_no_calendar(shared: Path, name: str) -> None:
    """A service's description and a city's own page are refused."""
    with pytest.raises(SoftError):
        calendar(real(shared, f"escribe/{name}"))
