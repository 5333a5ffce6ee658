"""Granicus: feeds with a wrong clock, and pages that every council lays out in its own way."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.connectors._granicus_pages import listed
from monitor.connectors._meeting_pages import read_page
from monitor.connectors.granicus import Granicus
from monitor.errors import FormatError, SoftError
from monitor.models import Request
from tests.connectors.meeting_visit import (
    POLL,
    answer,
    counted,
    entries,
    local_times,
    own,
    poll_in,
    read,
    real,
    refusals,
)

CITY = Granicus(site="exampleville", views=(2,))


def test_the_true_hour_stands_beside_a_wrong_date() -> None:
    """Half past six in the evening; pubDate says the morning, in another zone."""
    found = entries(read(CITY, own("granicus", "agendas.xml")))
    assert local_times(found) == ["2026-11-09 23:30", "2026-11-10 19:00"]
    assert [one.key for one in found] == ["agendas-clip-957", "agendas-event-31"]
    assert [one.title for one in found] == ["City Council", "Zoning Board (CANCELLED)"]
    assert [one.hearings[0].cancelled for one in found] == [False, True]


def test_an_items_agenda_is_its_document() -> None:
    """The viewer leads to it."""
    first = entries(read(CITY, own("granicus", "agendas.xml")))[0]
    assert [(one.title, one.url) for one in first.attachments] == [("Agenda", first.url)]


def test_an_item_without_a_title_is_refused_alone() -> None:
    """The others stay."""
    [refused] = refusals(read(CITY, own("granicus", "agendas.xml")))
    assert (refused.what, refused.why) == ("entry 3 aaaa-3", "it has no title")


def test_the_page_tells_what_is_ahead() -> None:
    """With its time; a meeting without any link too; what was held is left to the feed."""
    found = entries(read(CITY, own("granicus", "view.html"), step="page"))
    assert [(one.key[:14], one.title) for one in found] == [
        ("page-event-40", "City Council"),
        (found[1].key[:14], "Library Board"),
    ]
    assert local_times(found) == ["2026-11-09 23:30", "2026-12-01 05:00"]
    assert [one.title for one in found[0].attachments] == ["Agenda"]
    assert found[1].key.startswith("page-row-")


def test_a_script_s_player_gives_a_held_meeting_its_number() -> None:
    """The link itself leads nowhere."""
    page = answer(Request("https://exampleville.granicus.com/"), own("granicus", "view.html"))
    assert [row.number for row in listed(read_page(page), page.url)] == ["event-40", "", "clip-900"]


def test_views_modes_and_pages_are_asked_for() -> None:
    """The page may fail where a feed is read too."""
    both = Granicus(site="media.example.org", views=(1, 42), modes=("agendas", "minutes"))
    found = list(both.requests(POLL))
    assert [one.url.partition(".org/")[2] for one in found] == [
        "ViewPublisherRSS.php?view_id=1&mode=agendas",
        "ViewPublisherRSS.php?view_id=1&mode=minutes",
        "ViewPublisher.php?view_id=1",
        "ViewPublisherRSS.php?view_id=42&mode=agendas",
        "ViewPublisherRSS.php?view_id=42&mode=minutes",
        "ViewPublisher.php?view_id=42",
    ]
    assert [one.optional for one in found[:3]] == [False, False, True]


@pytest.mark.parametrize(
    ("step", "body", "error"),
    [
        ("agendas", b"", SoftError),
        ("agendas", b"<html><title>Permission Denied</title></html>", SoftError),
        ("agendas", b"{}", FormatError),
        ("page", b"", SoftError),
        ("page", b"<html><body>Welcome to our city</body></html>", SoftError),
        ("page", b'{"error": 1}', FormatError),
    ],
)
def test_what_is_neither_feed_nor_view_fails(
    step: str, body: bytes, error: type[Exception]
) -> None:
    """It is never an empty list."""
    with pytest.raises(error):
        read(CITY, body, step=step)


def test_a_view_is_recognised_by_its_address_or_a_link() -> None:
    """Legistar lives on the same domain and is another kind."""
    known = Granicus.recognise("https://lakewales.granicus.com/ViewPublisher.php?view_id=12", "")
    assert known == (("site", "lakewales"), ("views", "12"))
    assert Granicus.model_validate(dict(known)).views == (12,)
    link = '<a href="//cityofno.granicus.com/ViewPublisher.php?mode=x&amp;view_id=42">Meetings</a>'
    assert Granicus.recognise("https://council.example/", link) == (
        ("site", "cityofno"),
        ("views", "42"),
    )
    assert Granicus.recognise("https://legistar2.granicus.com/ViewPublisher.php", "") is None
    assert Granicus.recognise("https://x.granicus.com/other", "") is None


def test_a_real_feed_is_read_whole(shared: Path) -> None:
    """A hundred agendas; the third was at three in the afternoon, not at three in the morning."""
    name = "granicus/lake-wales-fl-granicus-viewpub-rss.xml"
    parsed = read(CITY, real(shared, name), poll_in("America/New_York", "2026-04-16"))
    found = entries(parsed)
    assert len(found) == counted(shared, name) == 100
    assert not refusals(parsed)
    assert len({one.key for one in found}) == 100
    assert local_times(found)[2] == "2026-04-08 19:00"
    assert all(one.hearings[0].starts and not one.hearings[0].all_day for one in found)


# Rows that bear a date, of those that the page's own tables hold.
ROWS = {
    "ca__ladwp.html": 254,
    "ca__lausd.html": 33,
    "ca__metrolink.html": 533,
    "ca__san_diego_city_audit_com_archived.html": 194,
    "ca__san_diego_city_rules_com_archived.html": 174,
    "ca__west_hollywood_city_council.html": 331,
    "cs__il_metra_board.html": 61,
    "cs__il_regional_transit_past.html": 117,
    "cs__il_regional_transit_upcoming.html": 11,
    "lake-wales-fl-granicus-viewpub.html": 144,
    "tulsa__tulok_citycouncil.html": 18,
    "winter-haven-fl-granicus-viewpublisher.html": 298,
}


@pytest.mark.parametrize(("name", "rows"), ROWS.items())
def test_every_real_layout_is_read(shared: Path, name: str, rows: int) -> None:
    """Each row has a title and a day that can be read."""
    page = answer(Request("https://x.granicus.com/"), real(shared, f"granicus/{name}"))
    found = list(listed(read_page(page), page.url))
    assert len(found) == rows
    assert all(row.title and row.day for row in found)


def test_real_pages_tell_what_is_ahead(shared: Path) -> None:
    """One of Winter Haven's three has no link yet; Chicago's RTA lists what is ahead alone."""
    name = "granicus/winter-haven-fl-granicus-viewpublisher.html"
    poll = poll_in("America/New_York", "2026-04-18")
    found = entries(read(CITY, real(shared, name), poll, step="page"))
    assert [one.key for one in found[:2]] == ["page-event-426", "page-event-339"]
    assert local_times(found[:2]) == ["2026-04-20 20:30", "2026-04-27 22:00"]
    assert [bool(one.attachments) for one in found] == [True, True, False]
    name = "granicus/cs__il_regional_transit_upcoming.html"
    ahead = read(CITY, real(shared, name), poll_in("America/Chicago", "2018-06-20"), step="page")
    assert len(entries(ahead)) == 11


@pytest.mark.parametrize(
    "name",
    [
        "ERROR_winterhaven_podcast.xml.html",
        "ca__walnut_creek_110.html",
        "lake-wales-fl-granicus-agendaviewer-668.html",
        "lake-wales-fl-granicus-player-camera-3.out",
    ],
)
def test_other_real_pages_are_no_view(shared: Path, name: str) -> None:
    """A refusal, an agenda, a player."""
    with pytest.raises(SoftError):
        read(CITY, real(shared, f"granicus/{name}"), step="page")
