"""Bills, summaries and committee meetings of Congress, through its API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.connectors.congress import Congress
from monitor.errors import SourceError
from monitor.models import Hearing, Identifier, Poll
from monitor.normalise import normalise
from tests.connectors.recorded_visits import LATER, POLL, Sorted, answer, by_sort, visit

US = "ocd-division/country:us"
CONGRESS = Congress()


def read(file: str) -> Sorted:
    """Read one of the made-up recordings."""
    return by_sort(visit("congress", file).read())


def listed(step: str, body: object, poll: Poll = POLL, connector: Congress = CONGRESS) -> Sorted:
    """Parse the answer to the first page of a list."""
    request = next(one for one in connector.requests(poll) if one.step == step)
    return by_sort(connector.parse(answer(request, body), poll))


def meetings(*events: int, count: int = 0) -> dict[str, Any]:
    """Write a page of meetings."""
    rows = [{"chamber": "House", "congress": 119, "eventId": str(one)} for one in events]
    return {"committeeMeetings": rows, "pagination": {"count": count or len(rows)}}


def asked(found: Sorted) -> list[str]:
    """List the meetings that are asked for."""
    return [one.about[0] for one in found.requests if one.step == "meeting"]


def test_a_poll_asks_for_json_with_the_key_in_a_header() -> None:
    """Since April 2026 the API's default is XML; an encoded plus turns the order around."""
    bills, events = CONGRESS.requests(POLL)
    assert bills.url == (
        "https://api.congress.gov/v3/bill/119?fromDateTime=2026-11-16T17:00:00Z"
        "&sort=updateDate+desc&limit=250&offset=0&format=json"
    )
    assert events.url.startswith("https://api.congress.gov/v3/committee-meeting/119?")
    key = bills.credentials[0]
    assert (key.variable, key.place, key.name) == ("CONGRESS_API_KEY", "header", "X-Api-Key")
    later = replace(LATER, cursor=(("bill", "2026-11-23T12:00:00Z"),))
    assert "fromDateTime=2026-11-22T12:00:00Z" in next(iter(CONGRESS.requests(later))).url


def test_bills_are_named_and_have_their_latest_action() -> None:
    """A bill may have no title in its first days; a reserved number is refused."""
    found = read("bills.json")
    bill, resolution = found.entries
    assert bill.identifiers == (Identifier("bill", f"{US}/119", "HR 9999"),)
    assert bill.status == "Referred to the House Committee on the Judiciary."
    assert bill.url == "https://www.congress.gov/bill/119th-congress/house-bill/9999"
    assert bill.published == datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert resolution.title == "S.Res. 888"
    assert resolution.identifiers == (Identifier("bill", f"{US}/119", "SRES 888"),)
    assert found.refusals[0].what == "bill Reserved"
    assert found.marks == {"bill": "2026-11-23T17:00:00Z"}


def test_a_summary_is_text_for_the_filters_and_belongs_to_its_bill() -> None:
    """Its HTML is read, and the bill's title beside it stays what it is."""
    [entry] = read("summaries.json").entries
    item = normalise(entry, "s", US)
    assert item.title == "Safe & Invented Schools Act"
    assert item.text.endswith("This bill bars immigration enforcement near schools.")
    assert item.identifiers == (Identifier("bill", f"{US}/119", "HR 9998"),)


def test_a_meeting_has_its_time_its_place_and_its_fate() -> None:
    """Postponed is called off until it is set anew."""
    [entry] = read("meeting.json").entries
    assert entry.hearings == (
        Hearing(
            "hearing",
            datetime(2026, 12, 2, 15, tzinfo=UTC),
            "America/New_York",
            "2141, Rayburn House Office Building",
            "2026-12-02T15:00:00Z",
            cancelled=True,
        ),
    )
    assert entry.office == "House Judiciary Subcommittee on Invented Matters"
    assert "Immigration and Customs Enforcement" in entry.body
    assert dict(entry.noise) == {"related_bills": "H.R. 9999"}
    assert entry.url == "https://www.congress.gov/event/119th-congress/house-event/119001"
    assert entry.attachments[0].media_type == "application/pdf"


def test_each_meeting_is_asked_for_once_and_what_is_too_much_waits() -> None:
    """The first poll reads more: it is silent, and what waited would be told as news."""
    few = Congress(details=2)
    assert asked(read("meetings.json")) == ["119001", "339002"]
    assert len(asked(listed("committee-meeting", meetings(1, 2, 3, 4), connector=few))) == 4
    found = listed("committee-meeting", meetings(1, 2, 3), LATER, few)
    assert asked(found) == ["1", "2"]
    assert found.marks["waiting"] == "3=house"
    later = replace(LATER, cursor=found.cursor)
    again = listed("committee-meeting", meetings(4, 5), later, few)
    assert asked(again) == ["3", "4"]
    assert again.marks["waiting"] == "5=house"


def test_who_waits_is_known_on_every_page() -> None:
    """The last page's mark is the one that counts."""
    few = Congress(details=1)
    first = listed("committee-meeting", meetings(1, 2, count=300), LATER, few)
    onward = next(one for one in first.requests if one.step == "committee-meeting")
    assert "offset=250" in onward.url
    second = by_sort(few.parse(answer(onward, meetings(3, count=300)), LATER))
    assert not asked(second)
    assert second.marks["waiting"] == "2=house 3=house"
    assert "committee-meeting" in second.marks


def test_one_meeting_that_is_missing_sinks_no_poll() -> None:
    """The request is optional; what is no meeting is an error."""
    request = read("meetings.json").requests[0]
    assert request.optional
    assert request.url.endswith("/committee-meeting/119/house/119001?format=json")
    with pytest.raises(SourceError, match="no meeting"):
        list(CONGRESS.parse(answer(request, {"request": {}}), POLL))


def test_nothing_to_read_is_refused() -> None:
    """When the configuration is read."""
    with pytest.raises(ValidationError, match="nothing is left"):
        Congress(bills=False, meetings=False)


def test_real_lists_of_bills(shared: Path) -> None:
    """Twenty bills of the publisher's own sample, half of them without a title, and one of 2025."""
    folder = shared / "recordings" / "congress-gov"
    sample = listed("bill", (folder / "bill_117.txt").read_bytes())
    assert len({one.key for one in sample.entries}) == 20
    assert not sample.refusals
    assert all(one.identifiers and one.title and one.status for one in sample.entries)
    one = listed("bill", (folder / "openbb_bill_list_sort_updateDate_limit1.json").read_bytes())
    assert one.entries[0].identifiers == (Identifier("bill", f"{US}/119", "HR 4779"),)


def test_other_real_answers_are_no_lists(shared: Path) -> None:
    """Parts of a bill, documentation, a sample of a program's output."""
    failed = 0
    for file in sorted((shared / "recordings" / "congress-gov").iterdir()):
        try:
            listed("bill", file.read_bytes())
        except SourceError:
            failed += 1
    assert failed == 12
