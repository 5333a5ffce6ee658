"""Bills of Open States become entries, in steps that neither repeat nor lose any."""

from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from monitor.connectors.openstates import OpenStates, quoted
from monitor.errors import FormatError, SoftError
from monitor.identifiers import bill_number
from monitor.models import Identifier, ItemType, Poll, Reach
from tests.connectors.recorded_visits import LATER, POLL, Sorted, answer, by_sort, visit

CA = "ocd-division/country:us/state:ca"
SEARCH = OpenStates(queries=("sanctuary immigration",), jurisdictions=("ca", "il"))


def page(bills: list[dict[str, Any]], pages: int = 1) -> dict[str, Any]:
    """Write a page of bills."""
    return {"results": bills, "pagination": {"max_page": pages}}


def recorded() -> list[dict[str, Any]]:
    """Load the made-up bills."""
    bills: list[dict[str, Any]] = json.loads(visit("openstates", "bills.json").body)["results"]
    return bills


def read(connector: OpenStates, body: object, poll: Poll = POLL, number: str = "1") -> Sorted:
    """Parse a page of the connector's first search."""
    request = next(iter(connector.requests(poll)))
    query, division, _, since = request.about
    request = replace(request, about=(query, division, number, since))
    return by_sort(connector.parse(answer(request, body), poll))


def query_of(connector: OpenStates, poll: Poll = POLL) -> dict[str, list[str]]:
    """Return the query of the first request."""
    return parse_qs(urlsplit(next(iter(connector.requests(poll))).url).query)


def test_one_search_asks_for_all_jurisdictions_at_once() -> None:
    """Two hundred and fifty requests a day are few; what is not wanted is passed over here."""
    [request] = SEARCH.requests(POLL)
    query = query_of(SEARCH)
    assert "jurisdiction" not in query
    assert query["per_page"] == ["20"]
    assert query["sort"] == ["updated_asc"]
    assert request.credentials[0].variable == "OPENSTATES_API_KEY"
    assert SEARCH.needs == ("OPENSTATES_API_KEY",)
    only = OpenStates(queries=("x",), jurisdictions=("ca",))
    assert query_of(only)["jurisdiction"] == ["ocd-jurisdiction/country:us/state:ca/government"]
    assert query_of(OpenStates(jurisdictions=("us", "ca")))["jurisdiction"] == [
        "ocd-jurisdiction/country:us/government"
    ]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("287(g)", '"287(g)"'),
        ("EO 14159", '"EO 14159"'),
        ("HB 12 detainer", '"HB 12 detainer"'),
        ('"287(g)"', '"287(g)"'),
        ('ICE 287 "civil detainer"', '"ICE" 287 "civil detainer"'),
        ("sanctuary city", "sanctuary city"),
    ],
)
def test_what_looks_like_a_bill_number_is_quoted(query: str, asked: str) -> None:
    """Else the API looks for a bill that is called 287(g), and finds none."""
    assert quoted(query) == asked
    assert query_of(OpenStates(queries=(query,)))["q"] == [asked]


def test_the_time_is_written_as_the_api_compares_it() -> None:
    """It compares texts: with a "T" every change of the same day would be passed over."""
    assert query_of(SEARCH)["updated_since"] == ["2026-11-09 17:00:00"]
    first = read(SEARCH, page([]))
    later = replace(LATER, cursor=first.cursor)
    assert query_of(SEARCH, later)["updated_since"] == ["2026-11-22 17:00:00"]


def test_a_bill_has_its_texts_its_names_and_its_stage() -> None:
    """Abstracts and other titles are text; sponsors and past actions are no news."""
    found = read(SEARCH, visit("openstates", "bills.json").body)
    bill = found.entries[0]
    assert bill.identifiers == (Identifier("bill", f"{CA}/2025-2026", "SB 9999"),)
    assert bill.body == (
        "Bars an officer of immigration enforcement from hiding their face.\nNo Made-Up Police Act"
    )
    assert bill.status == "Set for hearing December 1."
    assert dict(bill.facts) == {"latest_action_date": "2026-11-21"}
    assert [one.url for one in bill.attachments] == ["https://leginfo.example/SB9999.pdf"]
    assert bill.updated == datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
    assert found.entries[1].identifiers == (
        Identifier("bill", "ocd-division/country:us/state:il/2025-2026", "HB 4321"),
    )
    [refusal] = found.refusals
    assert "unknown jurisdiction" in refusal.why


def test_bills_of_other_jurisdictions_are_passed_over() -> None:
    """The search asks everywhere."""
    found = read(OpenStates(queries=("x",), jurisdictions=("ca", "ny")), page(recorded()[:2]))
    assert [one.jurisdiction for one in found.entries] == [CA]


def test_a_search_that_is_too_long_goes_on_at_the_next_poll() -> None:
    """The oldest changes come first, and the mark is the last one that was read."""
    short = SEARCH.model_copy(update={"pages": 2})
    first = read(short, page(recorded()[:2], pages=9))
    assert [one.about[2] for one in first.requests] == ["2"]
    assert not first.marks
    second = read(short, page(recorded()[:2], pages=9), number="2")
    assert not second.requests
    assert list(second.marks.values()) == ["2026-11-22T12:00:00Z"]
    # A page of bills that all changed at one time would be read for ever.
    later = replace(LATER, cursor=second.cursor)
    stuck = read(short, page(recorded()[:2], pages=9), later, "2")
    assert stuck.refusals
    assert list(stuck.marks.values()) == ["2026-11-22T17:00:00Z"]


def test_no_page_beyond_the_last_is_asked_for() -> None:
    """It would be a 404, and the poll would fail."""
    assert not read(SEARCH, page([], pages=1)).requests
    with pytest.raises(FormatError, match="how many pages"):
        read(SEARCH, {"results": []})


def test_an_error_in_the_publishers_words_is_an_error() -> None:
    """FastAPI says `detail`."""
    with pytest.raises(SoftError, match="either 'jurisdiction' or 'q' required"):
        read(SEARCH, {"detail": "either 'jurisdiction' or 'q' required"})


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "wants one of them"),
        ({"jurisdictions": ["ny/new_york"]}, "is no state"),
        ({"jurisdictions": ["cand"]}, "is no state"),
        ({"jurisdictions": ["narnia"]}, "unknown jurisdiction"),
        ({"queries": [" "]}, "empty"),
        ({"queries": ["x"], "events": True}, "whose hearings"),
        ({"jurisdictions": ["ca"], "bills": False}, "nothing is left to read"),
    ],
)
def test_options_that_the_api_would_refuse(options: dict[str, object], why: str) -> None:
    """They are refused when the configuration is read."""
    with pytest.raises(ValidationError, match=why):
        OpenStates.model_validate(options)


HEARINGS = OpenStates(jurisdictions=("ca", "il"), bills=False, events=True)


def hearings(body: object, number: str = "1", connector: OpenStates = HEARINGS) -> Sorted:
    """Parse a page of California's hearings."""
    request = next(one for one in connector.requests(POLL) if one.step == "events")
    return by_sort(
        connector.parse(answer(replace(request, about=(request.about[0], number)), body), POLL)
    )


def test_hearings_are_asked_for_by_jurisdiction_twice_a_day() -> None:
    """Two hundred and fifty requests a day are soon spent."""
    found = list(HEARINGS.requests(POLL))
    assert [one.about for one in found] == [(CA, "1"), (f"{CA[:-2]}il", "1")]
    asked = parse_qs(urlsplit(found[0].url).query)
    assert urlsplit(found[0].url).path == "/events"
    assert asked["jurisdiction"] == ["ocd-jurisdiction/country:us/state:ca/government"]
    assert (asked["after"], asked["before"]) == (["2026-11-22"], ["2027-01-08"])
    assert asked["include"] == ["agenda", "documents", "links", "participants", "sources"]
    assert asked["per_page"] == ["20"]
    last = hearings(page([])).cursor
    assert last == (("events", "2026-11-23T17:00:00Z"),)
    for hours, asks in ((1, 0), (11, 0), (12, 2)):
        later = replace(LATER, now=POLL.now + timedelta(hours=hours), cursor=last)
        assert len(list(HEARINGS.requests(later))) == asks
    both = HEARINGS.model_copy(update={"bills": True})
    assert [(one.step, one.optional) for one in both.requests(POLL)] == [
        ("bills", False),
        ("bills", False),
        ("events", True),
        ("events", True),
    ]


def test_a_hearing_has_its_committee_its_time_and_its_documents() -> None:
    """In the state's own zone; people on the list of participants are no committee."""
    found = hearings(visit("openstates", "events.json").body)
    meetings = [one for one in found.entries if one.type is ItemType.MEETING]
    council, budget = meetings
    assert council.office == "Senate Public Safety Committee"
    assert council.url == "https://senate.example/hearings/1"
    assert [(one.title, one.url) for one in council.attachments] == [
        ("Agenda", "https://senate.example/agenda1.pdf"),
        ("Livestream", "https://senate.example/watch"),
    ]
    starts = datetime(2026, 12, 1, 21, 30, tzinfo=UTC)
    [held] = council.hearings
    assert (held.kind, held.starts, held.timezone) == ("hearing", starts, "America/Los_Angeles")
    assert held.place == "State Capitol, Room 112"
    [off] = budget.hearings
    assert (off.cancelled, off.all_day) == (True, True)
    assert off.starts == datetime(2026, 12, 2, 8, tzinfo=UTC)
    assert [one.why for one in found.refusals] == [
        "the record has no name",
        "unknown jurisdiction 'ocd-jurisdiction/country:us/state:zz/government'",
    ]


def test_a_line_on_a_bill_belongs_to_the_bill() -> None:
    """And a report stands for itself; an empty line for nothing."""
    found = hearings(visit("openstates", "events.json").body)
    bill, report, bare = [one for one in found.entries if one.type is ItemType.AGENDA_ITEM]
    assert bill.title == "SB 9999 Law enforcement: face coverings"
    assert bill.body == "Law enforcement: face coverings of invented agents."
    assert bill.identifiers == (Identifier("bill", f"{CA}/2025-2026", "SB 9999"),)
    assert bill.hearings == found.entries[0].hearings
    assert report.identifiers == bare.identifiers == ()
    assert bare.title == "AB 8"
    assert len({one.key for one in found.entries}) == len(found.entries)


def test_the_key_of_a_line_stays_when_the_agenda_is_set_anew() -> None:
    """Lines have a place that moves, and no number."""
    body = json.loads(visit("openstates", "events.json").body)
    before = {one.key for one in hearings(body).entries}
    body["results"][0]["agenda"].reverse()
    assert {one.key for one in hearings(body).entries} == before


def test_hearings_beyond_the_bound_are_said_to_be_missing() -> None:
    """Then nothing tells how far the list goes, and no hearing is missed from it."""
    events = json.loads(visit("openstates", "events.json").body)["results"][:1]
    request = next(iter(HEARINGS.requests(POLL)))
    whole = list(HEARINGS.parse(answer(request, page(events)), POLL))
    assert [one for one in whole if isinstance(one, Reach)] == [
        Reach(until=POLL.now + timedelta(days=44), prefix="ocd-event/")
    ]
    first = hearings(page(events, pages=9))
    assert [one.about for one in first.requests] == [(CA, "2")]
    assert not first.marks
    last = hearings(page(events, pages=9), "5")
    assert not last.requests
    assert [one.what for one in last.refusals] == ["hearings beyond page 5"]


def test_a_real_bill(shared: Path) -> None:
    """An answer without any `include`, whose date of passage is "" and not null."""
    file = shared / "recordings" / "openstates" / "excerpt_v3_bill_FL_HB1325.json"
    found = read(OpenStates(jurisdictions=("fl",)), page([json.loads(file.read_bytes())]))
    [bill] = found.entries
    assert bill.identifiers == (
        Identifier("bill", "ocd-division/country:us/state:fl/2026", "HB 1325"),
    )
    assert bill.published == datetime(2026, 1, 9, 5, tzinfo=UTC)
    assert dict(bill.facts) == {"latest_action_date": "2026-03-10"}


def test_real_numbers_of_bills(shared: Path) -> None:
    """West Virginia's 2,746 of one year, as Open States' scraper spells them."""
    file = shared / "recordings" / "openstates" / "wv_openstates_scraper_bills.tar.gz"
    numbers = []
    with tarfile.open(file) as archive:
        for member in archive:
            handle = archive.extractfile(member)
            if handle:
                numbers.append(json.load(handle)["identifier"])
    assert len(numbers) == 2746
    assert all(map(bill_number, numbers))
