"""LegiScan is asked for what changed, and never for more than its quota."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.connectors._legiscan_bills import _STATUS
from monitor.connectors.legiscan import LegiScan
from monitor.errors import FetchError, SoftError
from monitor.models import Hearing, Identifier, Poll, Request
from tests.connectors.recorded_visits import (
    LATER,
    NOW,
    POLL,
    RECORDINGS,
    Sorted,
    answer,
    by_sort,
    visit,
)

CA = "ocd-division/country:us/state:ca"
STATE = LegiScan(states=("ca",))
SEARCH = LegiScan(states=("ca",), queries=("sanctuary",))


def listed(connector: LegiScan, body: object, poll: Poll = POLL) -> Sorted:
    """Parse the answer to the first list of a poll."""
    return by_sort(connector.parse(answer(next(iter(connector.requests(poll))), body), poll))


def master(**hashes: str) -> dict[str, Any]:
    """Write a master list of "b<id>"=hash."""
    bills = [{"bill_id": int(name[1:]), "change_hash": one} for name, one in hashes.items()]
    return {"status": "OK", "masterlist": {"session": {}} | dict(enumerate(bills))}


def bills_asked(found: Sorted) -> list[str]:
    """List the bills that are asked for."""
    return [one.about[0] for one in found.requests if one.step == "bill"]


def bill(**changed: Any) -> dict[str, Any]:
    """Load the made-up bill, with changes."""
    whole: dict[str, Any] = json.loads(visit("legiscan", "bill.json").body)
    whole["bill"] |= changed
    return whole


def read_bill(body: object, poll: Poll = POLL) -> Sorted:
    """Parse the answer to getBill."""
    request = Request("https://api.legiscan.com/?op=getBill&id=1", step="bill", about=("1",))
    return by_sort(STATE.parse(answer(request, body), poll))


def test_the_key_is_no_part_of_the_address() -> None:
    """Only the fetcher adds it; LegiScan wants it in the query."""
    [request] = STATE.requests(POLL)
    assert request.url == "https://api.legiscan.com/?op=getMasterListRaw&state=CA"
    assert (request.credentials[0].place, request.credentials[0].name) == ("query", "key")
    [request] = SEARCH.requests(POLL)
    assert request.url.endswith("op=getSearchRaw&state=CA&year=2&query=sanctuary&page=1")


def test_the_first_poll_reads_the_newest_and_notes_the_rest() -> None:
    """A session's thousands of bills are not read one by one; those that change later are."""
    few = STATE.model_copy(update={"most": 2})
    found = listed(few, visit("legiscan", "masterlist.json").body)
    assert bills_asked(found) == ["900003", "900002"]
    assert found.marks["hashes CA 1"] == "900001:aaaaaaaaaa 900002:bbbbbbbbbb 900003:cccccccccc"
    later = replace(LATER, cursor=found.cursor)
    assert not bills_asked(listed(few, visit("legiscan", "masterlist.json").body, later))


def test_only_a_new_hash_is_worth_a_query() -> None:
    """One of three changed, one is new."""
    first = listed(STATE, master(b1="aa", b2="bb", b3="cc"))
    later = replace(LATER, cursor=first.cursor)
    assert bills_asked(listed(STATE, master(b1="aa", b2="xx", b3="cc", b4="dd"), later)) == [
        "4",
        "2",
    ]


def test_what_is_too_much_for_one_poll_waits_for_the_next() -> None:
    """A bound defers, and never drops."""
    few = STATE.model_copy(update={"most": 1})
    cursor = listed(few, master(b1="aa", b2="bb")).cursor
    second = listed(few, master(b1="xx", b2="yy"), replace(LATER, cursor=cursor))
    assert bills_asked(second) == ["2"]
    third = listed(few, master(b1="xx", b2="yy"), replace(LATER, cursor=second.cursor))
    assert bills_asked(third) == ["1"]
    fourth = listed(few, master(b1="xx", b2="yy"), replace(LATER, cursor=third.cursor))
    assert not bills_asked(fourth)


def test_a_list_that_is_added_later_brings_no_flood() -> None:
    """Its old bills are noted, as on a first poll."""
    both = LegiScan(states=("ca", "ny"), most=2)
    cursor = listed(STATE, master(b1="aa")).cursor
    _, york = both.requests(replace(LATER, cursor=cursor))
    poll = replace(LATER, cursor=cursor)
    found = by_sort(both.parse(answer(york, master(b7="x", b8="y", b9="z")), poll))
    assert bills_asked(found) == ["9"]
    assert found.marks["hashes NY 1"] == "7:x 8:y 9:z"


def test_a_search_is_followed_from_page_to_page() -> None:
    """A bill that moves to another page has not changed."""
    first = listed(SEARCH, visit("legiscan", "search.json").body)
    assert bills_asked(first) == ["900012", "900011"]
    onward = first.requests[-1]
    assert "page=2" in onward.url
    name = next(one for one in first.marks if one.startswith("hashes"))
    poll = replace(LATER, cursor=first.cursor)
    result = {"relevance": 90, "bill_id": 900011, "change_hash": "d" * 32}
    second = {"searchresult": {"summary": {"page_total": 2}, "results": [result]}, "status": "OK"}
    found = by_sort(SEARCH.parse(answer(onward, second), poll))
    assert not bills_asked(found)
    assert found.marks[name.removesuffix("1") + "2"] == "900011:dddddddddd"


def test_every_query_is_counted_until_the_month_ends() -> None:
    """Two for the pages, two for the bills; a new month begins at nothing."""
    first = listed(SEARCH, visit("legiscan", "search.json").body)
    [spent] = [name for name in first.marks if name.startswith("spent")]
    assert first.marks[spent] == "2026-11 3"
    page = {"searchresult": {"summary": {"page_total": 2}, "results": []}, "status": "OK"}
    second = by_sort(SEARCH.parse(answer(first.requests[-1], page), POLL))
    assert second.marks[spent] == "2026-11 4"
    december = replace(LATER, now=datetime(2026, 12, 1, tzinfo=UTC), cursor=first.cursor)
    assert listed(SEARCH, page, december).marks[spent] == "2026-12 1"


def test_a_spent_quota_is_a_failure_and_not_silence() -> None:
    """Nobody must take it for a week without bills."""
    poll = replace(LATER, cursor=(("spent hashes CA", "2026-11 10000"),))
    with pytest.raises(FetchError, match=r"10000 queries .* are spent"):
        list(STATE.requests(poll))
    nearly = replace(LATER, cursor=(("spent hashes CA", "2026-11 9997"), ("hashes CA 1", "1:aa")))
    found = listed(STATE, master(b1="x", b2="y", b3="z", b4="w"), nearly)
    assert len(bills_asked(found)) == 2


def test_a_bill_has_its_hearings_its_texts_and_its_stage() -> None:
    """Times are the state's own; an amendment without a date has none in its title."""
    [entry] = read_bill(bill()).entries
    assert entry.identifiers == (Identifier("bill", f"{CA}/2025-2026", "AB 1"),)
    assert entry.status == "Introduced"
    assert dict(entry.facts) == {"last_action": "2026-11-19 Referred to Com. on JUD."}
    assert entry.hearings == (
        Hearing(
            "hearing",
            datetime(2026, 12, 1, 17, 30, tzinfo=UTC),
            "America/Los_Angeles",
            "Room 4202",
            "2026-12-01 09:30 Judiciary hearing",
        ),
        Hearing(
            "meeting",
            datetime(2026, 12, 8, 8, tzinfo=UTC),
            "America/Los_Angeles",
            "",
            "2026-12-08 00:00 Markup",
            all_day=True,
        ),
    )
    assert [(one.title, one.url) for one in entry.attachments] == [
        ("Introduced (2026-11-02)", "https://leginfo.example/AB1.pdf"),
        ("Author's amendment", "https://legiscan.com/CA/amendment/AB1/id/4"),
    ]
    assert entry.url == "https://leginfo.example/AB1"
    assert entry.labels == ("Courts",)


@pytest.mark.parametrize(
    ("number", "official"),
    [("HB1", "HR 1"), ("HR1", "HRES 1"), ("SJR3", "SJRES 3"), ("SB9", "S 9")],
)
def test_bills_of_congress_bear_congresss_names(number: str, official: str) -> None:
    """LegiScan's HB is an H.R., and its HR an H.Res.: they must not become one matter."""
    [entry] = read_bill(bill(state="US", bill_number=number)).entries
    assert entry.identifiers == (Identifier("bill", "ocd-division/country:us/119", official),)


def test_a_special_session_keeps_its_own_name() -> None:
    """Its AB 1 is another bill."""
    session = {"year_start": 2025, "year_end": 2026, "special": 1, "session_name": "1st Special"}
    [entry] = read_bill(bill(session=session)).entries
    assert entry.identifiers == (Identifier("bill", f"{CA}/1st Special", "AB 1"),)


def test_an_error_with_status_200_fails_the_poll() -> None:
    """LegiScan says ERROR in the body; only a bill that it does not know is passed over."""
    body = (RECORDINGS / "legiscan" / "error.json").read_bytes()
    with pytest.raises(SoftError, match="LegiScan answers: Invalid API key"):
        listed(STATE, body)
    with pytest.raises(SoftError, match="Invalid API key"):
        read_bill(body)
    unknown = {"status": "ERROR", "alert": {"message": "Unknown bill id"}}
    assert read_bill(unknown).refusals[0].why == "Unknown bill id"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "nothing is left"),
        ({"states": ["ny/new_york"]}, "is no state"),
        ({"queries": [""]}, "empty"),
        ({"states": ["ca", "ny"], "queries": [str(n) for n in range(31)]}, "62 lists"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object], why: str) -> None:
    """When the configuration is read, not at night."""
    with pytest.raises(ValidationError, match=why):
        LegiScan.model_validate(options)


def test_real_bills_of_its_data_sets(shared: Path) -> None:
    """Six bills of Alaska and Arkansas, in the form of getBill; people and texts are no bills."""
    bills: list[str] = []
    others: list[str] = []
    for file in sorted((shared / "recordings" / "legiscan").glob("getx_*.json")):
        found = read_bill(json.loads(file.read_bytes()) | {"status": "OK"})
        (bills if found.entries else others).append(file.name)
        if found.entries:
            [entry] = found.entries
            assert entry.identifiers[0].value.replace(" ", "") in file.name
            assert entry.published
            assert entry.published < NOW
    assert len(bills) == 6
    assert len(others) == 7


def test_the_words_for_stages_are_its_own(shared: Path) -> None:
    """4,043 bills of Michigan with LegiScan's number and word for their stage."""
    file = shared / "recordings" / "legiscan" / "MI_2023-2024_bills.csv"
    with file.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == 4043
    assert all(_STATUS[int(row["status"])] == row["status_desc"] for row in rows)
