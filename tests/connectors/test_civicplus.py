"""CivicPlus: the Agenda Center, the calendar's feed, and modules that are empty."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import yaml

from monitor.connectors.civicplus import CivicPlus
from monitor.errors import FormatError, SoftError
from monitor.models import ItemType, Parsed, Poll, Request
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

SITE = "https://www.exampleville.example"
CITY = CivicPlus(site=f"{SITE}/")


def feed(body: bytes, module: int = 58, poll: Poll = POLL) -> list[Parsed]:
    """Read a module's feed."""
    request = Request(f"{SITE}/RSSFeed.aspx", step="feed", about=(str(module),))
    return list(CITY.parse(answer(request, body), poll))


def test_agendas_are_read_with_body_and_files() -> None:
    """Each file once, without the earlier versions; a day and no time."""
    found = entries(read(CITY, own("civicplus", "agendas.html")))
    assert [(one.key, one.office) for one in found] == [
        ("agenda-385", "City Council"),
        ("agenda-386", "Bridge Committee"),
    ]
    assert [one.title for one in found[0].attachments] == ["Agenda", "Minutes", "Agenda packet"]
    assert found[0].url == f"{SITE}/AgendaCenter/ViewFile/Agenda/_11092026-385"
    assert local_times(found) == ["2026-11-09 05:00", "2026-11-10 05:00"]
    assert all(one.hearings[0].all_day for one in found)


def test_when_an_agenda_was_posted_or_amended_is_known() -> None:
    """An amendment is news."""
    found = entries(read(CITY, own("civicplus", "agendas.html")))
    assert found[0].published is not None
    assert found[0].published.strftime("%m-%d %H:%M") == "11-02 21:53"
    assert found[1].facts == (("amended", "Nov 3, 2026 9:00 AM"),)


def test_a_bare_title_is_given_its_body() -> None:
    """Special meetings are held by all of them."""
    found = entries(read(CITY, own("civicplus", "agendas.html")))
    assert [one.title for one in found] == [
        "Regular Meeting of the City Council",
        "Bridge Committee: Special Meeting",
    ]


def test_a_row_without_a_file_is_refused_alone() -> None:
    """It has neither number nor day."""
    [refused] = refusals(read(CITY, own("civicplus", "agendas.html")))
    assert refused.why == "it has no file"


def test_an_event_takes_place_when_its_description_says() -> None:
    """The pubDate is when it was posted, on the site's clock: its offset is false in summer."""
    found = entries(feed(own("civicplus", "calendar.xml")))
    assert local_times(found) == ["2026-11-10 00:00", "2026-11-12 05:00"]
    assert [one.hearings[0].all_day for one in found] == [False, True]
    assert found[0].hearings[0].place == "1 Main Street, Exampleville, NY 10000"
    assert found[0].hearings[0].cancelled
    assert found[0].published is not None
    assert found[0].published.strftime("%m-%d %H:%M") == "07-06 17:09"


def test_a_guids_last_edit_is_no_part_of_the_key() -> None:
    """An edited event stays the same event."""
    found = entries(feed(own("civicplus", "calendar.xml")))
    assert found[0].key == f"feed-58-{SITE}/Calendar.aspx?EID=2111"


def test_other_modules_have_news() -> None:
    """Without any date ahead."""
    found = entries(feed(own("civicplus", "calendar.xml"), module=1))
    assert {one.type for one in found} == {ItemType.NEWS}
    assert not any(one.hearings for one in found)


def test_an_empty_module_is_no_fault() -> None:
    """Most of them are."""
    assert feed(own("civicplus", "empty.xml"), module=65) == []


def test_weeks_and_feeds_are_asked_for() -> None:
    """At a pace that the publisher bears."""
    both = CivicPlus(site=SITE, modules=(58, 65, 1), lookback_days=1, ahead_days=1)
    assert [one.url.partition(SITE)[2] for one in both.requests(POLL)] == [
        (
            "/AgendaCenter/Search/?term=&CIDs=all&startDate=11%2F02%2F2026&endDate=11%2F04%2F2026"
            "&dateRange=&dateSelector="
        ),
        "/RSSFeed.aspx?ModID=58&CID=All-calendar.xml",
        "/RSSFeed.aspx?ModID=65&CID=All-0",
        "/RSSFeed.aspx?ModID=1",
    ]
    assert CivicPlus.pace > 7
    with pytest.raises(ValueError, match="nothing is left to read"):
        CivicPlus(site=SITE, agendas=False, modules=())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", SoftError),
        (b"<html><title>Custom404</title></html>", SoftError),
        (b"<html><body>Welcome</body></html>", SoftError),
        (b"{}", FormatError),
    ],
)
def test_what_is_no_agenda_center_fails(body: bytes, error: type[Exception]) -> None:
    """It is never an empty one."""
    with pytest.raises(error):
        read(CITY, body)


def test_a_site_is_recognised_by_path_host_or_footer() -> None:
    """Its address is all that is needed."""
    known = (("site", "https://www.hainescity.com"),)
    assert CivicPlus.recognise("https://www.hainescity.com/AgendaCenter", "") == known
    footer = '<p>Government Websites by <a href="https://www.civicplus.com/">CivicPlus&reg;</a></p>'
    assert CivicPlus.recognise("https://www.hainescity.com/about", footer) == known
    assert CivicPlus.recognise("http://nc-nash.civicplus.com/x", "") == (
        ("site", "http://nc-nash.civicplus.com"),
    )
    assert CivicPlus.recognise("https://x.example/", "") is None


def test_every_real_feed_is_read_whole(shared: Path) -> None:
    """As many entries as the manifest counts, most of them none."""
    folder = shared / "recordings" / "civicplus"
    paths = sorted(path for path in folder.glob("*.xml") if "SOFT404" not in path.name)
    counts = []
    for path in paths:
        module = int(path.name.partition("modid")[2].split(".")[0].split("-")[0])
        parsed = feed(path.read_bytes(), module, poll_in("America/New_York", "2026-04-18"))
        assert len(entries(parsed)) == counted(shared, f"civicplus/{path.name}"), path.name
        assert not refusals(parsed)
        counts.append(len(parsed))
        if module == 58:
            assert all(one.hearings[0].starts for one in entries(parsed))
    assert (len(counts), counts.count(0)) == (31, 19)


ROWS = {
    "civplus_agenda_search_results_page.html": 28,
    "civplus_alameda_water.html": 2,
    "fresno__avenal_city_council.html": 24,
    "fresno__fre_chowchilla_city_council.html": 41,
    "fresno__fre_farmersville_city_council.html": 28,
    "haines-city-fl-agenda-center.html": 0,
    "lake-hamilton-fl-agendacenter.html": 0,
    "lascruc__lascruc_anthony_city_cat3_2026.html": 2,
}


@pytest.mark.parametrize(("name", "rows"), ROWS.items())
def test_real_agenda_centers_are_read(shared: Path, name: str, rows: int) -> None:
    """Every row has a day and a file."""
    parsed = read(CITY, real(shared, f"civicplus/{name}"))
    found = entries(parsed)
    assert (len(found), refusals(parsed)) == (rows, [])
    assert all(one.attachments and one.hearings[0].starts for one in found)
    assert len({one.key for one in found}) == rows


# Searches that each cassette holds, and the rows that they found; the rest are files.
SEARCHES = {
    "cache_false_default": [2], "cache_true": [2], "current_day_by_default": [1], "defaults": [2],
    "download_default": [1], "download_filter_both": [1], "download_filter_size": [1],
    "download_filter_type": [1], "download_true": [1], "no_meetings_for_date": [0],
    "place_state": [0, 7],
}  # fmt: skip


@pytest.mark.parametrize(("name", "rows"), SEARCHES.items())
def test_every_recorded_search_is_read_to_the_last_row(
    shared: Path, name: str, rows: list[int]
) -> None:
    """A row's documents come after the search in each recording: they are no lists."""
    file = f"civicplus/vcr_test_scrape_{name}.yaml"
    recorded = yaml.load(real(shared, file), Loader=yaml.CSafeLoader)["interactions"]
    assert len(recorded) == counted(shared, file)
    found = []
    for one in recorded:
        if "/AgendaCenter/Search/" in one["request"]["uri"]:
            body = one["response"]["body"]["string"]
            raw = body.encode() if isinstance(body, str) else body
            page = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
            parsed = read(CITY, page)
            assert not refusals(parsed)
            found.append(len(entries(parsed)))
            assert page.count(b'class="catAgendaRow') == found[-1]
    assert found == rows


@pytest.mark.parametrize(
    "name",
    [
        "SOFT404_lake-hamilton-fl-agendacenter-rss.xml",
        "SOFT404_lake-hamilton-fl-agendacentercontent.json",
        "SOFT404_lake-hamilton-fl-calendarics-cid14.ics",
    ],
)
def test_a_missing_page_is_never_an_empty_list(shared: Path, name: str) -> None:
    """Status 200 notwithstanding."""
    body = real(shared, f"civicplus/{name}")
    with pytest.raises(SoftError):
        feed(body)
    with pytest.raises(SoftError, match="Custom404"):
        read(CITY, body)
