"""Minneapolis: the calendar behind a browser check, and what is said where it does not open."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.connectors.minneapolis_lims import MinneapolisLims
from monitor.errors import FormatError, SoftError
from monitor.models import Poll
from tests.connectors.agenda_visit import (
    NOW,
    answered,
    entries,
    items_in_manifest,
    recorded,
    refusals,
)

CITY = MinneapolisLims()
POLL = Poll(now=NOW, timezone="America/Chicago")
CALENDAR = recorded("minneapolis_lims", "calendar.json")


def test_the_api_is_asked_for_each_year_in_view_and_wants_a_key() -> None:
    """Late in a year the next one is in view; the key goes where the fetcher puts it."""
    found = list(CITY.requests(POLL))
    assert [json.loads(one.body)["CalendarYear"] for one in found] == [2026, 2027]
    assert CITY.needs == ("MINNEAPOLIS_LIMS_KEY",)
    [key] = found[0].credentials
    assert (key.name, key.template, key.required) == ("Authorization", "Bearer {}", True)
    assert b"MINNEAPOLIS" not in found[0].body


def test_the_page_road_asks_for_the_sites_own_calendar() -> None:
    """It needs no key, and meets the browser check."""
    road = MinneapolisLims(road="page")
    [request] = road.requests(POLL)
    assert "/Calendar/GetCalenderList?fromDate=Nov%2009%2C%202026" in request.url
    assert road.needs == ()


def test_the_browser_check_is_a_failure_that_says_what_is_needed() -> None:
    """It never pretends that there is nothing."""
    page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
    with pytest.raises(SoftError, match=r"lets only browsers in.*MINNEAPOLIS_LIMS_KEY"):
        answered(CITY, page, "calendar", (), POLL)
    with pytest.raises(SoftError, match="key is invalid"):
        answered(CITY, b'{"message": "key is invalid"}', "calendar", (), POLL)
    with pytest.raises(FormatError):
        answered(CITY, b'{"meetings": []}', "calendar", (), POLL)


def test_a_meeting_is_read_at_local_time_with_its_agenda() -> None:
    """The council's agendas and the boards' have folders of their own."""
    parsed = answered(CITY, CALENDAR, "calendar", (), POLL)
    council, board = entries(parsed).values()
    assert council.key == "meeting-8798"
    assert council.title == "City Council - Regular"
    assert council.hearings[0].starts == datetime(2026, 12, 3, 15, 30, tzinfo=UTC)
    assert council.hearings[0].place == "Room 1, City Hall, 1 Example St., Minneapolis, MN"
    assert council.url == "https://lims.minneapolismn.gov/MarkedAgenda/Council/5914"
    assert council.body == "Watch the meeting on the City's channel."
    assert board.attachments[0].url.endswith("/Board/MarkedAgenda/CPC/77")


def test_a_cancelled_public_hearing_is_both() -> None:
    """Each has a field of its own."""
    held = list(entries(answered(CITY, CALENDAR, "calendar", (), POLL)).values())[1].hearings[0]
    assert held.cancelled
    assert held.kind == "hearing"


def test_a_record_without_id_is_refused_and_old_ones_are_left_out() -> None:
    """A backfill reaches further."""
    parsed = answered(CITY, CALENDAR, "calendar", (), POLL)
    assert [one.why for one in refusals(parsed)] == ["the record has no Id"]
    since = replace(POLL, since=datetime(2019, 1, 1, tzinfo=UTC))
    assert "meeting-1" in entries(answered(CITY, CALENDAR, "calendar", (), since))


def test_the_site_is_recognised() -> None:
    """So that a person is told what it needs."""
    assert MinneapolisLims.recognise("https://lims.minneapolismn.gov/File/2026-1", "") == ()
    assert MinneapolisLims.recognise("https://minneapolismn.gov/", "") is None


def test_the_real_calendar_is_read(shared: Path) -> None:
    """Four meetings, one cancelled, two with a published agenda."""
    name = "minneapolis-lims/minn__minn_city_calendar.json"
    body = (shared / "recordings" / name).read_bytes()
    poll = Poll(now=datetime(2025, 9, 20, tzinfo=UTC), timezone="America/Chicago")
    parsed = answered(CITY, body, "calendar", (), poll)
    found = list(entries(parsed).values())
    assert str(len(found)) == items_in_manifest(shared, name)
    assert not refusals(parsed)
    assert [one.hearings[0].cancelled for one in found] == [True, False, False, False]
    assert sum(len(one.attachments) for one in found) == 2
    assert all(one.hearings[0].starts and not one.hearings[0].all_day for one in found)
