"""NovusAGENDA: the search page's two grids, and a meeting's agenda."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.connectors.novusagenda import NovusAgenda
from monitor.errors import FormatError, SoftError
from monitor.models import ItemType, Poll
from tests.connectors.agenda_visit import (
    POLL,
    answered,
    entries,
    marks,
    recorded,
    refusals,
    requests,
)

CITY = NovusAgenda(client="exampleville")
SEARCH = recorded("novusagenda", "search.html")
AGENDA = recorded("novusagenda", "agenda.html")
ABOUT = ("365", "Council Meeting", "11/24/2026", "1 Example Way, Exampleville")


def test_a_poll_asks_for_the_search_page_that_the_source_names() -> None:
    """The start page, or what the council's own site embeds."""
    [start] = CITY.requests(POLL)
    [named] = NovusAgenda(client="x", page="meetingsgeneral.aspx?Date=6ms").requests(POLL)
    assert start.url == "https://exampleville.novusagenda.com/agendapublic/"
    assert named.url == "https://x.novusagenda.com/agendapublic/meetingsgeneral.aspx?Date=6ms"


def test_a_row_becomes_a_meeting_of_its_day() -> None:
    """The grid writes years with two digits and knows no times; links are opened by scripts."""
    found = entries(answered(CITY, SEARCH, "search"))["meeting-365"]
    assert found.type is ItemType.MEETING
    assert found.title == "Council Meeting"
    [held] = found.hearings
    assert held.starts == datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert held.all_day
    assert held.place == "1 Example Way, Exampleville"
    assert [(one.title, one.url.rpartition("/")[2]) for one in found.attachments] == [
        ("Agenda", "DisplayAgendaPDF.ashx?MeetingID=365"),
        ("Minutes", "DisplayAgendaPDF.ashx?MinutesMeetingID=302"),
    ]


def test_a_meeting_without_agenda_is_known_by_its_day_and_type() -> None:
    """It has no id yet, and is announced all the same."""
    [found] = [e for k, e in entries(answered(CITY, SEARCH, "search")).items() if k[:3] == "day"]
    assert found.hearings[0].starts == datetime(2026, 12, 8, 5, tzinfo=UTC)


def test_a_cancellation_stands_in_the_type() -> None:
    """And the agenda of a cancelled meeting is not asked for."""
    parsed = answered(CITY, SEARCH, "search")
    assert entries(parsed)["meeting-364"].hearings[0].cancelled
    assert [one.about[0] for one in requests(parsed, "agenda")] == ["365"]


def test_rows_without_date_or_link_are_refused() -> None:
    """They are counted and shown, the others are read."""
    found = refusals(answered(CITY, SEARCH, "search"))
    assert [one.why for one in found] == ["its row has no date", "its row has no title or no link"]


def test_listed_items_and_agenda_items_are_the_same() -> None:
    """Whether the grid or the agenda told it, an item has one fingerprint."""
    listed = entries(answered(CITY, SEARCH, "search"))["item-2537"]
    viewed = entries(answered(CITY, AGENDA, "agenda", ABOUT))["item-2537"]
    assert listed.labels == ("PUBLIC HEARING",)
    assert viewed == replace(listed, labels=())
    assert viewed.url == (
        "https://exampleville.novusagenda.com/agendapublic/CoverSheet.aspx?ItemID=2537&MeetingID=365"
    )


def test_an_icons_item_is_named_by_its_cell_and_links_count_once() -> None:
    """Councils lay out their agendas as they like; only the links are common to all."""
    found = entries(answered(CITY, AGENDA, "agenda", ABOUT))
    assert {key: one.title for key, one in found.items()} == {
        "item-2537": "Resolution No. 2026-50 on Cooperation with Federal Agencies (KS)",
        "item-2541": "Ordinance on Body Cameras",
    }


def test_types_narrow_the_search() -> None:
    """Meetings and items of other bodies are left out."""
    only = NovusAgenda(client="x", meeting_types=("council meeting",))
    found = entries(answered(only, SEARCH, "search"))
    assert "meeting-364" not in found
    assert "meeting-365" in found


def test_no_agendas_are_read_where_none_are_wanted() -> None:
    """`agendas: 0` leaves the meetings and the listed items."""
    found = answered(NovusAgenda(client="x", agendas=0), SEARCH, "search")
    assert not requests(found)
    assert not marks(found)


def test_an_unknown_client_is_a_failure_that_says_so() -> None:
    """The host answers any name, with an error page and status 200."""
    page = "<html><head><title>Novus</title></head><body>An HTTP error occurred.</body></html>"
    with pytest.raises(SoftError, match="check `client`"):
        answered(CITY, page, "search")


def test_a_page_without_grid_is_a_failure_and_an_empty_grid_is_none() -> None:
    """Another page must not read as "no meetings"."""
    with pytest.raises(FormatError, match="no grid"):
        answered(CITY, "<html><body><p>Welcome</p></body></html>", "search")
    cut = SEARCH[: SEARCH.index(b"<tbody>")] + b"</table></div></form></body></html>"
    assert not entries(answered(CITY, cut, "search"))


@pytest.mark.parametrize(
    ("url", "page", "options"),
    [
        ("https://x.novusagenda.com/agendapublic/", "", (("client", "x"),)),
        (
            "https://x.novusagenda.com/agendapublic/meetingsgeneral.aspx?MeetingType=1",
            "",
            (("client", "x"), ("page", "meetingsgeneral.aspx?MeetingType=1")),
        ),
        ("https://x.example", "https://y.novusagenda.com/agendapublic", (("client", "y"),)),
        ("https://novusagenda.com.example/", "", None),
    ],
)
def test_an_address_is_recognised(url: str, page: str, options: object) -> None:
    """By its host, or by an embedded search page."""
    assert NovusAgenda.recognise(url, page) == options


def test_the_real_search_page_is_read_to_the_last_row(shared: Path) -> None:
    """Dinuba: four meetings, the first 15 of 47 items; 19 rows in all."""
    body = (shared / "recordings/novusagenda/fresno__fre_dinuba_city_council.html").read_bytes()
    poll = Poll(now=datetime(2022, 9, 25, tzinfo=UTC), timezone="America/Los_Angeles")
    parsed = answered(CITY, body, "search", poll=poll)
    found = entries(parsed)
    assert not refusals(parsed)
    assert sum(one.type is ItemType.MEETING for one in found.values()) == 4
    assert sum(one.type is ItemType.AGENDA_ITEM for one in found.values()) == 15
    assert all(one.hearings[0].starts and one.hearings[0].all_day for one in found.values())
    assert [len(one.attachments) for one in found.values()][:4] == [1, 1, 2, 2]
    assert [one.about[0] for one in requests(parsed)] == ["365", "354"]
