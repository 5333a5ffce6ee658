"""Legistar's feeds: legislation, calendars, agendas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.connectors.legistar_rss import LegistarRss
from monitor.errors import FormatError, SoftError
from monitor.models import Identifier, ItemType
from monitor.normalise import normalise_all
from tests.connectors.meeting_visit import (
    POLL,
    answer,
    asked,
    entries,
    local_times,
    own,
    poll_in,
    read,
    real,
    refusals,
)

SITE = "https://exampleville.legistar.com"
IDS = "ID=21742942&GUID=86444843-bd04-4e6c-bfe0-856d29f64a66"
LAWS = LegistarRss(url=f"{SITE}/Feed.ashx?M=L&{IDS}")
DATES = LegistarRss(url=f"{SITE}/Feed.ashx?M=Calendar&{IDS}&Mode=This Year")


def test_legislation_is_read_from_its_labels() -> None:
    """Its title goes on to the next line, whatever colons it holds; the feed's is only a number."""
    first, second = entries(read(LAWS, own("legistar_rss", "legislation.xml")))
    assert first.title == "Ordinance on lanterns: where they stand and who lights them"
    assert (first.key, first.status) == ("matter-8008869", "In Committee")
    assert first.facts == (("version", "2"), ("type", "Ordinance"))
    assert first.noise == (("sponsors", "A. Member"),)
    assert first.identifiers == (
        Identifier("legistar_web", "legistar/exampleville", "8008869"),
        Identifier("council_file", "legistar/exampleville", "260740"),
    )
    assert (second.title, second.body) == ("260741", "A resolution without labels")


def test_introduced_is_a_day_of_the_council() -> None:
    """The midnight in GMT is false: it would be the evening before."""
    first, second = entries(read(LAWS, own("legistar_rss", "legislation.xml")))
    assert first.published is not None
    assert first.published.strftime("%m-%d %H:%M") == "11-02 05:00"
    assert second.published is None


def test_an_item_without_words_is_refused_alone() -> None:
    """The others stay."""
    [refused] = refusals(read(LAWS, own("legistar_rss", "legislation.xml")))
    assert (refused.what, refused.why) == ("entry 3 nothing", "it has no words")


def test_a_calendars_title_holds_body_day_time_and_notice() -> None:
    """There is nothing else to tell them."""
    found = entries(read(DATES, own("legistar_rss", "calendar.xml")))
    assert [one.title for one in found] == [
        "Finance Committee",
        "Arts Commission (CANCELED)",
        "City Council",
        "Retreat, day to be announced",
    ]
    assert local_times(found) == ["2026-11-12 23:30", "2026-11-10 05:00", "2026-11-10 00:00", ""]
    assert [one.hearings[0].cancelled for one in found] == [False, True, False, False]
    assert [one.hearings[0].kind for one in found][2] == "hearing"
    assert found[1].hearings[0].all_day


def test_an_edit_alone_is_no_news_and_a_new_time_is() -> None:
    """Every edit gives a meeting another guid and another pubDate."""
    body = own("legistar_rss", "calendar.xml")
    edited = body.replace(b"2026-11-02-16-48-13", b"2026-11-03-09-00-00").replace(
        b"Mon, 02 Nov 2026 16:48:13", b"Tue, 03 Nov 2026 09:00:00"
    )
    moved = edited.replace(b"6:30 PM", b"5:30 PM")
    states = [normalise_all(entries(read(DATES, one)), "s", "j") for one in (body, edited, moved)]
    assert [one.key for one in states[0]] == [one.key for one in states[2]]
    prints = [[item.fingerprint for item in state] for state in states]
    assert prints[0] == prints[1]
    assert [a == b for a, b in zip(prints[0], prints[2], strict=True)] == [False, True, True, True]


def test_the_next_meetings_agendas_are_asked_for() -> None:
    """The nearest first; a cancelled one has none."""
    found = asked(read(DATES, own("legistar_rss", "calendar.xml")))
    assert [one.url.partition("&GUID")[0] for one in found] == [
        f"{SITE}/Feed.ashx?M=CalendarDetail&ID=1340046",
        f"{SITE}/Feed.ashx?M=CalendarDetail&ID=1340045",
    ]
    assert all(one.optional for one in found)
    few = DATES.model_copy(update={"agendas": 1})
    assert len(asked(read(few, own("legistar_rss", "calendar.xml")))) == 1


def test_an_agendas_items_have_the_meetings_time() -> None:
    """And their results; where no calendar led there, the feed's title tells."""
    [request, _] = asked(read(DATES, own("legistar_rss", "calendar.xml")))
    body = own("legistar_rss", "agenda.xml")
    [item] = entries(DATES.parse(answer(request, body), POLL))
    assert (item.type, item.key) == (ItemType.AGENDA_ITEM, "item-1340046-8008869")
    assert (item.office, item.status) == ("City Council", "amended, Pass")
    alone = replace(request, about=())
    [again] = entries(DATES.parse(answer(alone, body), POLL))
    assert (again.office, again.hearings) == (item.office, item.hearings)
    assert local_times([item, again]) == ["2026-11-10 00:00"] * 2


def test_a_page_can_name_the_feed() -> None:
    """Then a feed's address that expired is no matter."""
    page = LegistarRss(url=f"{SITE}/Calendar.aspx")
    link = (
        '<link rel="alternate" href="Feed.ashx?M=Calendar&amp;ID=1&amp;GUID=2&amp;Mode=This Year">'
    )
    [request] = asked(read(page, f"<html><head>{link}</head></html>"))
    assert request.url == f"{SITE}/Feed.ashx?M=Calendar&ID=1&GUID=2&Mode=This%20Year"
    assert not request.conditional
    with pytest.raises(SoftError, match="names no feed"):
        read(page, "<html><head></head></html>")


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (own("legistar_rss", "invalid.xml"), SoftError, "invalid feed"),
        (b"Invalid parameters!", SoftError, "invalid parameters"),
        (b"", SoftError, "empty"),
        (b"<html><title>Error</title></html>", SoftError, "HTML"),
        (b"{}", FormatError, "no JSON Feed"),
    ],
)
def test_what_is_no_feed_is_never_an_empty_one(
    body: bytes, error: type[Exception], says: str
) -> None:
    """Status 200 notwithstanding."""
    with pytest.raises(error, match=says):
        read(LAWS, body)


def test_an_address_without_its_guid_is_refused() -> None:
    """ID and GUID belong together."""
    with pytest.raises(ValidationError, match="belong together"):
        LegistarRss(url=f"{SITE}/Feed.ashx?M=L&ID=1")


def test_a_feed_is_recognised_by_its_address() -> None:
    """Other pages of the site are better read by the Web API."""
    assert LegistarRss.recognise(LAWS.url, "") == (("url", LAWS.url),)
    assert LegistarRss.recognise(f"{SITE}/Calendar.aspx", "<link href='Feed.ashx?M=L'>") is None


def test_a_real_item_is_read(shared: Path) -> None:
    """Bellevue's, which is cancelled and has no time."""
    item = real(shared, "legistar-rss/excerpt_bellevue_calendar_item.xml.txt")
    body = b'<rss version="2.0"><channel><title>x</title>' + item + b"</channel></rss>"
    [entry] = entries(read(DATES, body, poll_in("America/Los_Angeles", "2025-09-23")))
    assert (entry.key, entry.office) == ("meeting-1340044", "Arts Commission")
    assert local_times([entry]) == ["2025-10-01 07:00"]
    assert entry.hearings[0].cancelled


def test_a_real_page_names_its_feed(shared: Path) -> None:
    """Nashville's calendar."""
    page = LegistarRss(url="https://nashville.legistar.com/Calendar.aspx")
    [request] = asked(read(page, real(shared, "legistar-html/nashville_calendar_2_POST.html")))
    assert "Feed.ashx?M=Calendar&ID=31633089&GUID=970cfbc4" in request.url
    assert " " not in request.url
    invalid = real(shared, "legistar-webapi/ERROR_invalid_parameters.out")
    with pytest.raises(SoftError, match="invalid parameters"):
        read(LAWS, invalid)
