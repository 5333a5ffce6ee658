"""Municode Meetings: the table of a council's Drupal page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from monitor.connectors.municode_meetings import MunicodeMeetings
from monitor.errors import FormatError
from tests.connectors.agenda_visit import POLL, answered, entries, recorded, refusals, requests

CITY = MunicodeMeetings(client="exampleville-va")
TABLE = recorded("municode_meetings", "table.html")
GUID = "fedcba9876543210fedcba9876543210"


def test_a_poll_asks_for_the_first_page() -> None:
    """On Municode's host, or on the council's own."""
    [hosted] = CITY.requests(POLL)
    [own] = MunicodeMeetings(site="https://city.example/meetings/recent").requests(POLL)
    assert hosted.url == "https://exampleville-va.municodemeetings.com/"
    assert own.url == "https://city.example/meetings/recent"


def test_a_row_is_known_by_its_own_page_and_has_its_exact_time() -> None:
    """The page is there before the agenda; an icon's document is named by its column."""
    found = entries(answered(CITY, TABLE, "table", ("0",)))["page-regular-council-meeting-104"]
    assert found.title == "Regular Council Meeting"
    assert found.hearings[0].starts == datetime(2026, 12, 2, 0, tzinfo=UTC)
    assert found.url == (
        "https://exampleville-va.municodemeetings.com"
        "/bc-citycouncil/page/regular-council-meeting-104"
    )
    assert [one.title for one in found.attachments] == ["Agenda", "Agenda: html", "Packet"]


def test_columns_are_found_by_their_classes_too() -> None:
    """Newer pages have no `data-th`, and write "Nov 24, 2026 | 6pm - 8pm"."""
    found = entries(answered(CITY, TABLE, "table", ("0",)))[f"meet-{GUID}"]
    assert found.hearings[0].starts == datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert found.hearings[0].cancelled
    assert [one.url.rpartition("-")[2] for one in found.attachments] == [f"{GUID}.pdf"]


def test_a_meeting_without_anything_is_known_by_its_time() -> None:
    """And a public hearing is one."""
    [found] = [e for k, e in entries(answered(CITY, TABLE, "table", ("0",))).items() if "day" in k]
    assert found.hearings[0].starts == datetime(2026, 11, 18, 0, tzinfo=UTC)
    assert found.hearings[0].kind == "hearing"


def test_a_row_without_title_is_refused() -> None:
    """The others are read."""
    assert [o.why for o in refusals(answered(CITY, TABLE, "table", ("0",)))] == [
        "its row has no title"
    ]


def test_paging_ends_with_old_meetings_or_the_bound() -> None:
    """The table is newest first, and has every meeting since the council began."""
    assert [r.url[-7:] for r in requests(answered(CITY, TABLE, "table", ("0",)))] == ["?page=1"]
    assert not requests(answered(CITY, TABLE, "table", ("1",)))
    later = replace(POLL, now=datetime(2027, 1, 20, tzinfo=UTC))
    parsed = answered(CITY, TABLE, "table", ("0",), later)
    assert not requests(parsed)
    assert "day" not in " ".join(entries(parsed))


def test_another_page_is_a_failure_and_an_empty_view_is_none() -> None:
    """Drupal says so where a view is empty."""
    with pytest.raises(FormatError, match="no table"):
        answered(CITY, "<html><body><p>Welcome</p></body></html>", "table", ("0",))
    empty = '<html><body><div class="view-empty">No meetings</div></body></html>'
    assert not answered(CITY, empty, "table", ("0",))


def test_one_place_is_named() -> None:
    """Neither none nor both."""
    with pytest.raises(ValidationError, match="either"):
        MunicodeMeetings()
    with pytest.raises(ValidationError, match="either"):
        MunicodeMeetings(client="x", site="https://x.example")


@pytest.mark.parametrize(
    ("url", "page", "client"),
    [
        ("https://Columbus-GA.municodemeetings.com/?page=2", "", "columbus-ga"),
        ("https://x.example", '<a href="https://y-tx.municodemeetings.com">', "y-tx"),
        ("https://municode.com/", "", ""),
    ],
)
def test_an_address_is_recognised(url: str, page: str, client: str) -> None:
    """By its host, or by a link in the council's page."""
    expected = (("client", client),) if client else None
    assert MunicodeMeetings.recognise(url, page) == expected
