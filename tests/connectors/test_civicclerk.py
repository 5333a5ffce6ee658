"""CivicClerk: meetings on the wall's clock, their files, their agendas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.connectors.civicclerk import CivicClerk
from monitor.errors import FormatError, SoftError
from monitor.models import Identifier
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

CITY = CivicClerk(tenant="Exampleville")
API = "https://exampleville.api.civicclerk.com/v1"


def test_the_false_z_is_local_time() -> None:
    """Half past six in New York is half past eleven in UTC, and midnight is no time."""
    found = entries(read(CITY, own("civicclerk", "events.json")))
    assert local_times(found) == [
        "2026-11-09 23:30",
        "2026-11-10 14:00",
        "2026-11-11 14:00",
        "2026-11-12 05:00",
    ]
    assert [one.hearings[0].all_day for one in found] == [False, False, False, True]


def test_a_meeting_has_its_files_and_its_place() -> None:
    """A street that is said twice is written once, and files are fetched by their number."""
    council = entries(read(CITY, own("civicclerk", "events.json")))[0]
    assert council.hearings[0].place == "City Hall, 1 Main St, Exampleville, NY 10000"
    assert [(one.title, one.url) for one in council.attachments] == [
        ("Agenda", f"{API}/Meetings/GetMeetingFileStream(fileId=81,plainText=false)"),
        (
            "Agenda Packet: Council 11.9",
            f"{API}/Meetings/GetMeetingFileStream(fileId=82,plainText=false)",
        ),
    ]
    assert council.url == "https://exampleville.portal.civicclerk.com/event/11/overview"


def test_cancelled_and_deleted_meetings_are_not_held() -> None:
    """One is so by its title, the other by a flag."""
    found = entries(read(CITY, own("civicclerk", "events.json")))
    assert [one.hearings[0].cancelled for one in found] == [False, True, True, False]
    assert found[2].status == "deleted"


def test_a_record_without_a_number_is_refused_alone() -> None:
    """The others stay."""
    found = refusals(read(CITY, own("civicclerk", "events.json")))
    assert [one.why for one in found] == ["the record has no id"]


def test_the_next_page_and_the_next_agendas_are_asked_for() -> None:
    """Only a meeting ahead whose agenda is published has one to read."""
    found = asked(read(CITY, own("civicclerk", "events.json")))
    assert [one.url for one in found] == [f"{API}/Meetings/401", f"{API}/Events?$skip=5"]
    assert [one.optional for one in found] == [True, False]


def test_a_next_page_elsewhere_or_without_end_is_refused() -> None:
    """An address in an answer leads nobody to another host, nor on for ever."""
    body = json.loads(own("civicclerk", "events.json"))
    body["@odata.nextLink"] = "https://evil.example/Events"
    found = read(CITY, json.dumps(body))
    assert len(refusals(found)) == 2
    [first] = CITY.requests(POLL)
    late = type(first)(first.url, step="events", about=("20",))
    last = list(CITY.parse(answer(late, own("civicclerk", "events.json")), POLL))
    assert refusals(last)[-1].what == "meetings beyond page 20"


def test_an_agenda_is_read_without_sections_and_procedure() -> None:
    """An item has the meeting's time, its own files, and an ordinance's number."""
    [agenda, _] = asked(read(CITY, own("civicclerk", "events.json")))
    found = list(CITY.parse(answer(agenda, own("civicclerk", "meeting.json")), POLL))
    [item] = entries(found)
    assert item.key == "item-3"
    assert item.title == "An ordinance about detention by the city's police"
    assert item.body == "It forbids holds without a judge."
    assert item.identifiers == (Identifier("council_file", "civicclerk/exampleville", "2026-14"),)
    assert [one.url for one in item.attachments] == [f"{API}/Meetings/GetAttachmentFile(fileId=55)"]
    assert local_times([item]) == ["2026-11-09 23:30"]
    assert [one.why for one in refusals(found)] == ["childItems is str, not a list of objects"]


def test_what_is_asked_for_can_be_narrowed() -> None:
    """By category, by the name of the tenant's field, by days."""
    few = CivicClerk(tenant="x", categories=(26, 40), date_field="eventDate", lookback_days=1)
    [request] = few.requests(POLL)
    assert request.url.endswith(
        "?$filter=eventDate%20ge%202026-11-02T00%3A00%3A00Z%20and%20categoryId%20in%20%2826%2C40%29"
        "&$orderby=eventDate"
    )
    assert dict(request.headers)["Origin"] == "https://x.portal.civicclerk.com"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", SoftError),
        (b"<html><title>CivicClerk</title></html>", SoftError),
        (b'{"error": {"message": "The query is not valid."}}', SoftError),
        (b"[]", FormatError),
        (b'{"value": null}', FormatError),
    ],
)
def test_what_is_no_list_is_never_an_empty_one(body: bytes, error: type[Exception]) -> None:
    """The portal's page proves nothing either."""
    with pytest.raises(error):
        read(CITY, body)


def test_a_tenant_is_recognised_by_its_hosts() -> None:
    """Also where a council's own page only links there."""
    link = '<a href="https://forestparkga.portal.civicclerk.com/">Agendas</a>'
    assert CivicClerk.recognise("https://TulsaCoOK.portal.civicclerk.com/event/1", "") == (
        ("tenant", "tulsacook"),
    )
    assert CivicClerk.recognise("https://forestpark.example/", link) == (
        ("tenant", "forestparkga"),
    )
    assert CivicClerk.recognise("https://x.example/", "") is None


@pytest.mark.parametrize(
    ("name", "zone", "day", "cancelled", "first", "files"),
    [
        (
            "atl__atl_south_fulton_city_council_meetings",
            "America/New_York",
            "2026-04-14",
            0,
            "2026-04-15 21:00",
            2,
        ),
        (
            "atl__forestpark_city_council",
            "America/New_York",
            "2024-12-03",
            2,
            "2024-12-02 23:00",
            3,
        ),
        ("tulsa__tulok_bocc", "America/Chicago", "2025-12-02", 0, "2025-12-08 15:30", 6),
    ],
)
def test_real_meetings_are_read_whole(
    shared: Path, name: str, zone: str, day: str, cancelled: int, first: str, files: int
) -> None:
    """As many as the manifest counts; none is refused."""
    file = f"civicclerk/{name}.json"
    parsed = read(CITY, real(shared, file), poll_in(zone, day))
    found = entries(parsed)
    assert len(found) == counted(shared, file)
    assert not refusals(parsed)
    assert sum(one.hearings[0].cancelled for one in found) == cancelled
    assert local_times(found)[0] == first
    assert sum(len(one.attachments) for one in found) == files


def test_a_countys_own_page_is_no_answer(shared: Path) -> None:
    """It stands among the recordings of this platform."""
    with pytest.raises(SoftError):
        read(CITY, real(shared, "civicclerk/tulsa__tulok_bocc.html"))
