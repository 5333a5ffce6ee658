"""Packages of govinfo: from its feeds, from its API, and bills from its bulk files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.connectors.billstatus import BillStatus
from monitor.connectors.govinfo import GovInfo
from monitor.connectors.govinfo_collection import GovInfoCollection
from monitor.errors import FormatError, SourceError
from monitor.models import Access, Entry, Identifier, ItemType, Poll, Request
from monitor.normalise import normalise
from tests.connectors.recorded_visits import LATER, POLL, Sorted, answer, by_sort, visit

US = "ocd-division/country:us"
BILL = Identifier("bill", f"{US}/119", "HR 9999")


def test_a_feed_is_read_in_any_order() -> None:
    """Each version of a bill is an item, with its document; the date is of the last change."""
    found = by_sort(visit("govinfo", "bills.xml").read())
    bill, resolution = found.entries
    assert (bill.key, bill.type, bill.status) == (
        "BILLS-119hr9999ih",
        ItemType.BILL,
        "Introduced in House",
    )
    assert bill.identifiers == (BILL,)
    assert bill.published is None
    assert bill.updated == datetime(2026, 11, 20, 9, 10, tzinfo=UTC)
    assert bill.attachments[0].url.endswith("/pdf/BILLS-119hr9999ih.pdf")
    assert resolution.identifiers == (Identifier("bill", f"{US}/119", "SRES 888"),)
    assert resolution.status == "Agreed to Senate"
    assert found.refusals[0].why == "it names no package"


def test_an_opinion_is_named_by_court_and_docket() -> None:
    """The same name as in PACER's feed."""
    [entry] = by_sort(visit("govinfo", "opinions.xml").read()).entries
    assert entry.type is ItemType.OPINION
    assert entry.identifiers == (Identifier("docket", "cand", "3:26-cv-09901"),)
    assert (entry.jurisdiction, entry.office) == (
        "cand",
        "United States District Court for the Northern District of California",
    )
    assert entry.key == "USCOURTS-cand-3_26-cv-09901"


def test_a_feed_that_rolls_over_is_noticed() -> None:
    """It holds a hundred entries, and one morning brings more."""
    [request] = GovInfo(feed="uscourts-ca9").requests(POLL)
    assert request.url == "https://www.govinfo.gov/rss/uscourts-ca9.xml"
    assert request.access is Access.FEED
    assert GovInfo.window
    assert not GovInfoCollection.window
    assert not BillStatus.window
    with pytest.raises(ValidationError, match="use kind 'billstatus'"):
        GovInfo(feed="billstatus-batch")


def test_a_feed_is_recognised_by_its_address() -> None:
    """The batches of bills' status are another kind's."""
    known = GovInfo.recognise
    assert known("https://www.govinfo.gov/rss/uscourts-ca9.xml", "") == (("feed", "uscourts-ca9"),)
    assert known("https://www.govinfo.gov/rss/billstatus-batch.xml", "") is None
    assert known("https://evil.example/rss/bills.xml", "") is None


# ------------------------------------------------------------------------------- the collection


def test_a_collection_is_followed_without_its_key() -> None:
    """The next page's address repeats the key; it is taken out, and goes in a header."""
    found = by_sort(visit("govinfo_collection", "packages.json").read())
    bill, opinion = found.entries
    assert bill.published == datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert normalise(bill, "s", US).title == "An Act about invented jails <and> bonds"
    assert opinion.title == "26-09901"
    assert opinion.identifiers == (Identifier("docket", "ca9", "26-09901"),)
    assert len(found.refusals) == 1
    [onward] = found.requests
    assert onward.url.endswith("?offsetMark=AoE%3D&pageSize=250")
    assert onward.credentials[0].variable == "CONGRESS_API_KEY"
    assert not found.marks


def test_a_collection_ends_where_it_should() -> None:
    """At the last page, at the bound, and never at another host."""
    bills = GovInfoCollection(collection="BILLS", pages=1)
    [request] = bills.requests(replace(LATER, cursor=(("read", "2026-11-23T12:00:00Z"),)))
    assert "/collections/BILLS/2026-11-23T06:00:00Z?offsetMark=*" in request.url
    package = {"packageId": "BILLS-119s777es", "lastModified": "2026-11-22T08:00:00Z"}
    for onward, refusals in ((None, 0), ("https://api.govinfo.gov/x?y=z", 1)):
        page = {"nextPage": onward, "packages": [package]}
        found = by_sort(bills.parse(answer(request, page), POLL))
        assert (len(found.requests), len(found.refusals)) == (0, refusals)
        assert found.marks == {"read": "2026-11-23T17:00:00Z"}
    elsewhere = {"nextPage": "https://api.govinfo.gov.evil.example/", "packages": [package]}
    wide = GovInfoCollection(collection="BILLS")
    assert not by_sort(wide.parse(answer(request, elsewhere), POLL)).requests


@pytest.mark.parametrize(
    ("name", "count", "identifiers"), [("BILLS", 100, 100), ("CREC", 10, 0), ("USCOURTS", 25, 25)]
)
def test_real_pages_of_collections(shared: Path, name: str, count: int, identifiers: int) -> None:
    """The publisher's samples, which have no titles."""
    file = shared / "recordings" / "govinfo" / f"collections_{name}-sample.json"
    found = by_sort(visit("govinfo_collection", "packages.json").read(file.read_bytes()))
    assert len({one.key for one in found.entries}) == count
    assert sum(bool(one.identifiers) for one in found.entries) == identifiers
    assert not found.refusals


def test_other_real_answers_are_no_collections(shared: Path) -> None:
    """Summaries, granules, lists of feeds, a page of notes."""
    failed = 0
    files = sorted((shared / "recordings" / "govinfo").iterdir())
    for file in files:
        try:
            visit("govinfo_collection", "packages.json").read(file.read_bytes())
        except SourceError:
            failed += 1
    assert (len(files), failed) == (22, 17)


# -------------------------------------------------------------------------------- bulk files


def batches(connector: BillStatus, poll: Poll) -> Sorted:
    """Read the made-up feed of batches."""
    [request] = connector.requests(poll)
    return by_sort(connector.parse(answer(request, visit("billstatus", "batches.xml").body), poll))


def names(found: Sorted) -> list[str]:
    """List the files that are asked for."""
    return [one.url.rpartition("BILLSTATUS-")[2] for one in found.requests]


def test_each_file_of_new_batches_is_asked_for_once() -> None:
    """Of this Congress; links are written with quotes and without."""
    found = batches(BillStatus(), POLL)
    assert names(found) == ["119hr9999.xml", "119sjres12.xml"]
    assert all(one.optional for one in found.requests)
    assert found.marks["batch"] == "2026-11-22T20:31:13Z"
    assert not batches(BillStatus(), replace(LATER, cursor=found.cursor)).requests
    between = replace(LATER, cursor=(("batch", "2026-11-22T00:00:00Z"),))
    assert names(batches(BillStatus(), between)) == ["119hr9999.xml"]
    assert "118s1.xml" in names(batches(BillStatus(congress=0), POLL))


def test_files_that_are_too_many_wait() -> None:
    """And are asked for before the next batch."""
    few = BillStatus(most=1)
    old = replace(LATER, cursor=(("batch", "2026-11-01T00:00:00Z"),))
    found = batches(few, old)
    assert found.marks["waiting"] == "119/sjres/12"
    again = batches(few, replace(LATER, cursor=found.cursor))
    assert names(again) == ["119sjres12.xml"]
    assert again.marks["waiting"] == ""


def test_a_bill_has_its_official_title_and_newest_summary() -> None:
    """The short title says nothing of detainers."""
    [entry] = by_sort(visit("billstatus", "bill.xml").read()).entries
    item = normalise(entry, "s", US)
    assert item.identifiers == (BILL,)
    assert item.text == (
        "To prohibit funds for jurisdictions that limit detainers & for other purposes.\n"
        "As amended, it ends nothing."
    )
    assert item.status == "Referred to the House Committee on the Judiciary."
    assert item.labels == ("Immigration", "Border security")
    assert [one.title for one in item.attachments] == ["Introduced in House"]


def test_real_files_of_three_schemas(shared: Path) -> None:
    """Twenty-four bills since 2015; seven files of another project are no bill's status."""
    found: list[Entry] = []
    failed = 0
    for file in sorted((shared / "recordings" / "billstatus-xml").iterdir()):
        try:
            found += by_sort(visit("billstatus", "bill.xml").read(file.read_bytes())).entries
        except FormatError:
            failed += 1
    assert (len(found), failed) == (24, 7)
    assert all(one.identifiers and one.title and one.status and one.published for one in found)
    assert sum("<p>" in one.body and len(one.body) > 300 for one in found) >= 15
    longest = max(found, key=lambda one: len(one.body))
    assert longest.key == "BILLSTATUS-117hr5376"


def test_a_page_where_a_file_should_be_is_an_error() -> None:
    """GPO answers so while it maintains its servers."""
    request = Request("https://x.example/b.xml", step="bill")
    with pytest.raises(SourceError, match="HTML"):
        list(BillStatus().parse(answer(request, "<html><body>Maintenance</body></html>"), POLL))
