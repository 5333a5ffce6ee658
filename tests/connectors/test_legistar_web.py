"""Legistar's public pages: the calendar's table, agendas, watched matters."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from monitor.connectors._legistar_grids import Cell, GridRow
from monitor.connectors._legistar_pages import Visit, meeting
from monitor.connectors.legistar_web import LegistarWeb
from monitor.errors import FormatError, SoftError
from monitor.models import Identifier, ItemType
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

SITE = "https://exampleville.legistar.com"
LAW = f"{SITE}/LegislationDetail.aspx?ID=8008869&GUID=2429F850-FD15-460E-B110-3C82EEB22498"
CITY = LegistarWeb(site=SITE, matters=(LAW,))
SCOPE = "legistar/exampleville"


def test_meetings_are_read_from_the_calendars_table() -> None:
    """By its headings: councils add columns of their own, and those hold documents too."""
    found = entries(read(CITY, own("legistar_web", "calendar.html")))
    assert [(one.key, one.title) for one in found] == [
        ("meeting-501", "City Council"),
        ("meeting-502", "Finance Committee"),
        ("meeting-503", "Arts Commission"),
    ]
    assert local_times(found) == ["2026-11-09 23:30", "2026-11-10 05:00", "2026-11-12 14:00"]
    assert [paper.title for paper in found[0].attachments] == ["Amendments", "Agenda"]
    assert [len(one.attachments) for one in found] == [2, 0, 0]


def test_a_remark_and_a_time_tell_what_becomes_of_a_meeting() -> None:
    """The remark stands in italics below the place."""
    found = entries(read(CITY, own("legistar_web", "calendar.html")))
    council = found[0].hearings[0]
    assert (council.kind, council.place) == ("hearing", "Hall")
    assert found[0].body == "Public hearing on lanterns"
    assert [one.hearings[0].cancelled for one in found] == [False, True, False]


def test_a_row_without_a_body_is_refused_alone() -> None:
    """The others stay."""
    [refused] = refusals(read(CITY, own("legistar_web", "calendar.html")))
    assert refused.why == "it has no Name"


def test_the_next_agenda_and_the_next_page_are_asked_for() -> None:
    """A page by the form that its own link would post; a cancelled meeting has no agenda."""
    agenda, page = asked(read(CITY, own("legistar_web", "calendar.html")))
    assert agenda.url.startswith(f"{SITE}/MeetingDetail.aspx?ID=501&")
    assert agenda.optional
    form = parse_qs(page.body.decode(), keep_blank_values=True)
    assert (page.method, form["__EVENTTARGET"]) == ("POST", ["ctl00$grid$ctl04"])
    assert form["__VIEWSTATE"] == ["abc/+="]
    last = LegistarWeb(site=SITE, pages=1, agendas=0)
    assert asked(read(last, own("legistar_web", "calendar.html"))) == []


def test_an_agenda_is_read_without_procedure() -> None:
    """Business without a file number stays."""
    [request, _] = asked(read(CITY, own("legistar_web", "calendar.html")))
    found = entries(CITY.parse(answer(request, own("legistar_web", "agenda.html")), POLL))
    assert [(one.type, one.key) for one in found] == [
        (ItemType.AGENDA_ITEM, "item-501-8008869"),
        (ItemType.AGENDA_ITEM, "item-501-row-8"),
    ]
    assert (found[0].status, found[0].office) == ("amended, Pass", "City Council")
    assert local_times(found) == ["2026-11-09 23:30"] * 2


def test_a_named_matter_is_watched() -> None:
    """Every change is told: stage, documents, history."""
    [law] = entries(read(CITY, own("legistar_web", "matter.html"), step="matter"))
    assert law.watched
    assert (law.title, law.status, law.office) == (
        "Ordinance on lanterns",
        "In Committee",
        "Streets Committee",
    )
    assert law.identifiers == (
        Identifier("legistar_web", SCOPE, "8008869"),
        Identifier("council_file", SCOPE, "260740"),
    )
    assert dict(law.facts)["latest actions"] == "11/2/2026 City Council referred"
    assert [paper.title for paper in law.attachments] == ["1. Draft"]


SEARCH = LegistarWeb(site=SITE, calendar=False, searches=("civil detainer",))


def test_a_search_is_sent_as_the_pages_own_button_would() -> None:
    """With all its fields, those that are ticked alone, and with its cookies."""
    [form] = SEARCH.requests(POLL)
    assert (form.url, form.method) == (f"{SITE}/Legislation.aspx", "GET")
    cookies = (("set-cookie", "ASP.NET_SessionId=abc; path=/"), ("set-cookie", "Setting=1"))
    body = own("legistar_web", "search.html")
    [sent] = asked(SEARCH.parse(answer(form, body, cookies), POLL))
    assert (sent.url, sent.method, sent.optional) == (form.url, "POST", False)
    assert ("Cookie", "ASP.NET_SessionId=abc; Setting=1") in sent.headers
    place = "ctl00$ContentPlaceHolder1$"
    assert parse_qs(sent.body.decode(), keep_blank_values=True) == {
        "__EVENTTARGET": [f"{place}btnSearch"],
        "__EVENTARGUMENT": [""],
        "__VIEWSTATE": ["xyz/+="],
        f"{place}txtSearch": ["civil detainer"],
        f"{place}lstYears": ["This Year"],
        "ctl00_ContentPlaceHolder1_lstYears_ClientState": ['{"value": "This Year"}'],
        f"{place}chkText": ["on"],
    }


def found_by_search(body: bytes, page: str = "1") -> list[Any]:
    """Parse a page of what the search found."""
    [form] = SEARCH.requests(POLL)
    [sent] = asked(SEARCH.parse(answer(form, own("legistar_web", "search.html")), POLL))
    sent = replace(sent, about=("civil detainer", page), headers=(("Cookie", "a=b"),))
    return list(SEARCH.parse(answer(sent, body), POLL))


def test_what_a_search_finds_are_matters() -> None:
    """Not watched: the filters decide; the next page goes with the same cookies."""
    found = found_by_search(own("legistar_web", "results.html"))
    assert [(one.key, one.status, one.watched) for one in entries(found)] == [
        ("matter-8008870", "In Committee", ""),
        ("matter-8008871", "Passed", ""),
    ]
    assert [one.why for one in refusals(found)] == ["it has no File #"]
    [onward] = asked(found)
    assert (onward.about, onward.optional) == (("civil detainer", "2"), True)
    assert ("Cookie", "a=b") in onward.headers
    assert asked(found_by_search(own("legistar_web", "results.html"), "2")) == []


def test_a_search_that_finds_nothing_is_an_answer_and_another_page_is_none() -> None:
    """Telerik says "No records" in a row of one cell."""
    empty = (
        b'<form><table class="rgMasterTable" id="ctl00_ContentPlaceHolder1_gridMain_ctl00"><tbody>'
        b'<tr class="rgRow rgNoRecords"><td colspan="6">No records were found.</td></tr>'
        b"</tbody></table></form>"
    )
    assert found_by_search(empty) == []
    with pytest.raises(FormatError, match="no result of a search"):
        found_by_search(own("legistar_web", "search.html"))
    [form] = SEARCH.requests(POLL)
    with pytest.raises(FormatError, match="no search of Legistar"):
        list(SEARCH.parse(answer(form, own("legistar_web", "calendar.html")), POLL))


def test_the_advanced_form_of_a_real_page(shared: Path) -> None:
    """New York's: its own words are replaced, its hundred rows are read."""
    [form] = SEARCH.requests(POLL)
    body = real(shared, "legistar-html/nyc_bills.html")
    [sent] = asked(SEARCH.parse(answer(form, body), POLL))
    told = parse_qs(sent.body.decode(), keep_blank_values=True)
    place = "ctl00$ContentPlaceHolder1$"
    assert told[f"{place}txtText"] == ["civil detainer"]
    assert told[f"{place}lstYearsAdvanced"] == ["This Year"]
    assert told[f"{place}radOnAgenda"] == ["="]
    assert f"{place}btnSwitch" not in told
    assert len(entries(SEARCH.parse(answer(sent, body), POLL))) == 100


@pytest.mark.parametrize(
    ("step", "body", "error"),
    [
        ("calendar", b"Invalid parameters!", SoftError),
        ("matter", b"Invalid parameters!", SoftError),
        ("calendar", b"", SoftError),
        ("calendar", b"<html><body>Welcome</body></html>", FormatError),
        ("matter", b"<html><body>Welcome</body></html>", FormatError),
        ("calendar", b"[]", FormatError),
    ],
)
def test_what_is_no_page_of_legistar_fails(step: str, body: bytes, error: type[Exception]) -> None:
    """It is never an empty calendar."""
    with pytest.raises(error):
        read(CITY, body, step=step)


def test_options_that_read_nothing_are_refused() -> None:
    """So is a matter without its GUID."""
    with pytest.raises(ValidationError, match="nothing is left to read"):
        LegistarWeb(site=SITE, calendar=False)
    with pytest.raises(ValidationError, match="LegislationDetail"):
        LegistarWeb(site=SITE, matters=(f"{SITE}/LegislationDetail.aspx?ID=1",))


def test_own_domains_and_matters_are_recognised() -> None:
    """A site on Legistar's own domain is better read by the Web API."""
    page = '<script src="addthis_widget.js#username=legistarinsite"></script>'
    assert LegistarWeb.recognise("https://council.example/Calendar.aspx", page) == (
        ("site", "https://council.example"),
    )
    assert LegistarWeb.recognise(f"{SITE}/Calendar.aspx", page) is None
    known = LegistarWeb.recognise(LAW, "")
    assert known == (("site", SITE), ("matters", LAW))
    assert LegistarWeb.model_validate(dict(known)).matters == (LAW,)


# Rows of each real page, and how many of them have no time of day.
CALENDARS = {
    "legistar-html/charnc__charnc_charlotte_city_legistar_business.html": (1, 0),
    "legistar-html/charnc__charnc_charlotte_city_legistar_zoning.html": (1, 0),
    "legistar-html/nashville_calendar_0_GET.html": (100, 1),
    "legistar-html/nashville_calendar_1_POST.html": (100, 1),
    "legistar-html/nashville_calendar_2_POST.html": (56, 0),
    "legistar-html/nyc_bills.html": (100, 0),
    "legistar-html/nyc_events.html": (40, 2),
    "agenda-other/philly__phipa_city_council.html": (20, 0),
}


@pytest.mark.parametrize(("name", "rows"), CALENDARS.items())
def test_real_pages_are_read_whole(shared: Path, name: str, rows: tuple[int, int]) -> None:
    """Each row is an entry with a key; a list of legislation is read like a calendar."""
    parsed = read(CITY, real(shared, name), poll_in("America/New_York", "2025-10-01"))
    found = entries(parsed)
    assert len(found) == rows[0]
    assert not refusals(parsed)
    assert len({one.key for one in found}) == len(found)
    held = [one.hearings[0] for one in found if one.hearings]
    assert all(one.starts for one in held)
    assert sum(one.all_day for one in held) == rows[1]
    assert sum(one.cancelled for one in held) == (2 if "nyc_events" in name else 0)


def test_a_real_calendars_second_page_is_asked_for(shared: Path) -> None:
    """With the state of the first; the second is the last."""
    name = "legistar-html/nashville_calendar_{}.html"
    [page] = [
        one
        for one in asked(read(CITY, real(shared, name.format("0_GET")), POLL))
        if one.method == "POST"
    ]
    form = parse_qs(page.body.decode())
    assert form["__EVENTTARGET"][0].endswith("$ctl04")
    assert "__VIEWSTATE" in form
    assert not asked(read(CITY, real(shared, name.format("2_POST")), POLL))


@pytest.mark.parametrize(
    "name",
    [
        "charnc__charnc_charlotte_city_airport_neighborhood_committee_detail.html",
        "charnc__charnc_charlotte_city_safety_committee_detail.html",
        "nyc_people.html",
    ],
)
def test_other_real_pages_are_no_calendar(shared: Path, name: str) -> None:
    """A city's own pages, and the council's members."""
    with pytest.raises(FormatError):
        read(CITY, real(shared, f"legistar-html/{name}"))


def grid_row(told: dict[str, Any] | list[Any]) -> GridRow:
    """Rebuild a calendar's row from what legistar-scraper made of it."""
    fields = told if isinstance(told, dict) else told[0]
    cells = []
    for name, value in fields.items():
        words = value if isinstance(value, str) else value.get("label", "")
        links = () if isinstance(value, str) else ((words, value["url"]),)
        words, _, remark = words.partition("--em--")
        plain = "" if words == "Not\xa0available" else words.strip()
        cells.append((name.lower(), Cell(plain, remark.replace("--em--", "").strip(), links)))
    return GridRow(tuple(cells))


DERIVED = {
    "ca__city_corona": 2,
    "ca__la_metro": 0,
    "ca__san_jose_leg": 0,
    "cle__cle_city_council": 1,
    "cs__cook_board": 14,
    "cs__cook_water": 0,
    "det__det_great_lakes_water_authority": 19,
    "kancit__kancit_council": 0,
    "pitt__alle_county": 0,
    "pitt__pitt_city_council": 0,
}


@pytest.mark.parametrize(("name", "cancelled"), DERIVED.items())
def test_rows_of_other_real_calendars_are_read(shared: Path, name: str, cancelled: int) -> None:
    """Ten councils; some call a meeting off in its remark, some in place of its time."""
    file = f"legistar-calendar-derived/{name}.json"
    visit = Visit(SCOPE, SITE, poll_in("America/Chicago", "2019-01-01"))
    made = [meeting(grid_row(one), visit) for one in json.loads(real(shared, file))]
    found = [one for one in made if one]
    assert len(found) == counted(shared, file)
    assert all(one.hearings[0].starts and one.key for one in found)
    assert sum(one.hearings[0].cancelled for one in found) == cancelled
