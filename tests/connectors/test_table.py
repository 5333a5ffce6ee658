"""Tables published as CSV or XLSX become entries by the names of their columns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.connectors.table import Table
from monitor.errors import FormatError, SoftError
from monitor.models import Access, ItemType, Parsed, Request, Response
from monitor.normalise import normalise_all
from tests.connectors.feed_visit import NOW, POLL, RECORDINGS, entries
from tests.documents.builders import xlsx

URL = "https://cases.example/tracker.csv"
CASES: dict[str, Any] = {
    "url": URL,
    "title": ("Lawsuit",),
    "key": ("Docket Number",),
    "link": "lawsuit",
    "date": "Last Updated",
    "status": "STATUS",
    "body": ("Summary",),
    "noise": ("Judge",),
}
BODY = (RECORDINGS / "table" / "cases.csv").read_bytes()


def parse(connector: Table, body: bytes = BODY, content_type: str = "") -> tuple[Parsed, ...]:
    """Read a file."""
    headers = (("content-type", content_type),)
    return tuple(connector.parse(Response(Request(URL), URL, 200, headers, body, NOW), POLL))


def test_a_row_becomes_an_entry() -> None:
    """Lines above the headings are passed over; headings are found in any case."""
    first, _, _ = entries(parse(Table(**CASES)))
    assert first.title == "City of Example v. Sample"
    assert (first.url, first.type) == ("https://cases.example/1", ItemType.ROW)
    assert first.published == datetime(2026, 11, 2, 5, tzinfo=UTC)
    assert (first.status, first.body) == ("Motion pending", "The city sued over\na detainer.")
    assert first.noise == (("Judge", "Doe"),)


def test_columns_that_are_named_nowhere_are_facts() -> None:
    """So that no change passes unseen; named facts are all there are."""
    (fact,) = entries(parse(Table(**{**CASES, "key": ("Lawsuit",)})))[0].facts
    assert fact == ("docket number", "1:26-cv-00001")
    few = Table(**{**CASES, "facts": ("Docket Number", "Judge")})
    assert [name for name, _ in entries(parse(few))[0].facts] == ["Docket Number", "Judge"]


def test_a_key_survives_changes_of_the_row() -> None:
    """It is made of its columns alone; rows that share it are numbered."""
    first, second, third = (one.key for one in entries(parse(Table(**CASES))))
    changed = BODY.replace(b"Motion pending", b"Closed").replace(b"Sample", b"Specimen")
    assert entries(parse(Table(**CASES), changed))[0].key == first
    assert third == f"{second}#2"


def test_a_date_that_cannot_be_read_is_kept() -> None:
    """In the publisher's words."""
    second = entries(parse(Table(**CASES)))[1]
    assert (second.published, second.published_said) == (None, "no date")


def test_a_workbook_is_read_like_a_file_of_values() -> None:
    """The first sheet that is not hidden, or the named one; links behind cells count."""
    body = xlsx(
        {
            "Old": [["Name", "Signed"], ["Old Agency", 45000.0]],
            "List": [["Name", "Signed", "Number"], ["New Agency", 45726.0, 7.0]],
        },
        links={"A2": "https://x.example/old.pdf"},
        hidden=["Old"],
    )
    (entry,) = entries(parse(Table(url=URL, title=("Name",), date="Signed"), body))
    assert (entry.title, entry.facts) == ("New Agency", (("number", "7"),))
    assert entry.published == datetime(2025, 3, 10, 4, tzinfo=UTC)
    old = Table(url=URL, title=("Name",), link="Name", sheet="old")
    (entry,) = entries(parse(old, body))
    assert (entry.title, entry.url) == ("Old Agency", "https://x.example/old.pdf")
    with pytest.raises(FormatError, match="no sheet 'Other'"):
        parse(Table(url=URL, title=("Name",), sheet="Other"), body)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_and_encodings_are_found_out(separator: str) -> None:
    """By the first line; UTF-8 with its mark, UTF-16, Windows-1252."""
    text = f"Name{separator}City\r\nJos\xe9{separator}D\xeda\r\n"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        (entry,) = entries(parse(Table(url=URL, title=("name", "city")), text.encode(encoding)))
        assert entry.title == "Jos\xe9, D\xeda"


def test_what_is_no_table_is_an_error() -> None:
    """Never an empty table."""
    connector = Table(**CASES)
    for body, error, reason in (
        (b"", SoftError, "empty"),
        (b"\n<!DOCTYPE html><p>Sign in", SoftError, "a page instead of the table"),
        (b"\x89PNG\x00\x01", FormatError, "neither CSV nor XLSX"),
        (b"PK\x03\x04", FormatError, "damaged"),
        (b"a,b\n1,2\n", FormatError, "no row of headings has all the columns 'Docket Number'"),
        (b'Lawsuit\n"' + b"x" * 200_000, FormatError, "cannot be read|no row of headings"),
    ):
        with pytest.raises(error, match=reason):
            parse(connector, body)


def test_a_full_table_tells_what_is_gone() -> None:
    """Then each poll counts, changed or not."""
    (request,) = Table(**CASES, complete=True).requests(POLL)
    assert (request.access, request.conditional) == (Access.DOCUMENT, False)
    assert Table(**CASES, complete=True).lists_all
    (request,) = Table(**CASES).requests(POLL)
    assert request.conditional


def test_options_are_checked() -> None:
    """A table without a title is none."""
    with pytest.raises(ValidationError, match="names no column"):
        Table(url=URL, title=())
    with pytest.raises(ValidationError, match="http or https address"):
        Table(url="x", title=("a",))


def test_the_real_tracker(shared: Path) -> None:
    """637 rows: each a case with its docket's address; some stand twice."""
    body = (shared / "recordings" / "litigation-trackers" / "lawfare_tracker.csv").read_bytes()
    connector = Table(
        url=URL,
        title=("Lawsuit",),
        key=("Docket Number", "Jurisdiction", "Lawsuit"),
        link="Lawsuit",
        date="Last Updated",
        status="Status",
        office="Jurisdiction",
        body=("Executive Action", "Summary"),
        facts=("Docket Number", "Date Filed", "Terminated"),
    )
    found = parse(connector, body)
    cases = entries(found)
    assert len(cases) == len(found) == 637
    assert sum("courtlistener.com" in one.url for one in cases) > 600
    assert sum(one.published is not None for one in cases) > 600
    assert sum("immigra" in one.body.lower() for one in cases) > 50
    assert len({item.key for item in normalise_all(cases, "s", "us")}) == 637
