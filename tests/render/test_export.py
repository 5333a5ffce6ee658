"""What is exported can be read by other programs, and does nothing in a spreadsheet."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import feedparser
import pytest
from lxml import etree

from monitor.models import Direction, ItemType, Stage
from monitor.render.export import COLUMNS, ExportedMatter, as_atom, as_csv, as_json
from tests.render.calendars import ENTRY, NOW

ATOM = "{http://www.w3.org/2005/Atom}"
MATTER = ExportedMatter(
    id=11,
    title="Int 1412-2026 — Detainers, “communications”\nand courts",
    type=ItemType.COUNCIL_ITEM,
    jurisdiction="ocd-division/country:us/state:ny/place:new_york",
    first_seen=NOW - timedelta(days=9),
    last_changed=NOW - timedelta(days=1),
    url="https://council.example.gov/matters/1412?a=1&b=2",
    stage=Stage.HEARING_SET,
    stage_said="Hearing scheduled",
    direction=Direction.LIMITS,
    topics=("287g", "detainers"),
)
OTHER = replace(MATTER, id=12, title="Other", url="", last_changed=NOW, topics=(), stage=None)


def rows(text: str) -> list[dict[str, str]]:
    """Read a table as a spreadsheet does."""
    return list(csv.DictReader(StringIO(text, newline="")))


def feed(*matters: ExportedMatter, dates: Any = (ENTRY,)) -> Any:
    """Read the feed as a reader of feeds does."""
    return feedparser.parse(as_atom(matters, dates, NOW, "team@example.org"))


def test_json_is_one_document() -> None:
    """Times in UTC, words clean."""
    read = json.loads(as_json([MATTER, OTHER], [ENTRY], NOW))
    assert read["exported_at"] == "2026-10-26T12:00:00Z"
    assert read["matters"][0] == {
        "id": 11,
        "title": "Int 1412-2026 — Detainers, “communications” and courts",
        "type": "council_item",
        "jurisdiction": MATTER.jurisdiction,
        "url": MATTER.url,
        "stage": "hearing set",
        "stage_said": "Hearing scheduled",
        "direction": "limits",
        "topics": ["287g", "detainers"],
        "first_seen": "2026-10-17T12:00:00Z",
        "last_changed": "2026-10-25T12:00:00Z",
    }
    assert read["dates"][0]["uid"] == ENTRY.uid
    assert read["dates"][0]["starts"] == "2026-10-30T14:00:00Z"
    assert read["dates"][0]["timezone"] == "America/New_York"


def test_csv_has_a_row_a_matter_and_a_row_a_date() -> None:
    """With the same columns; the date on its own clock as well."""
    matter, date = rows(as_csv([MATTER], [ENTRY]))
    assert tuple(matter) == COLUMNS
    assert (matter["record"], matter["matter"]) == ("matter", "11")
    assert matter["place"] == "New York City, NY"
    assert (matter["jurisdiction"], matter["topics"]) == ("ny/new_york", "287g detainers")
    assert (date["record"], date["matter"]) == ("date", "11")
    assert (date["starts"], date["local_time"]) == ("2026-10-30T14:00:00Z", "2026-10-30 10:00")
    assert (date["date_kind"], date["cancelled"], date["all_day"]) == ("hearing", "no", "no")
    day = replace(ENTRY, hearing=replace(ENTRY.hearing, all_day=True))
    assert rows(as_csv([], [day]))[0]["local_time"] == "2026-10-30"


FORMULAS = (
    '=HYPERLINK("https://evil.example")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "\r\n=1",
    "\uff1d1",
    "\u200b=1",
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(formula: str) -> None:
    """Whatever a publisher writes into any field (OWASP, CSV injection)."""
    matter = replace(MATTER, title=formula, stage_said=formula, topics=(formula,), url=formula)
    held = replace(ENTRY.hearing, place=formula, kind=formula)
    date = replace(ENTRY, title=formula, hearing=held, url=formula)
    for row in rows(as_csv([matter], [date])):
        for name, cell in row.items():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d")), (name, cell)
    assert rows(as_csv([matter], []))[0]["title"].startswith("'")


def test_the_feed_is_valid_atom() -> None:
    """What RFC 4287 demands of a feed and of an entry, each once."""
    root = etree.fromstring(as_atom([MATTER, OTHER], [ENTRY], NOW, "team@example.org"))
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(f"{ATOM}{name}")) == 1, name
    for entry in root.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "published"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1, name
        link = entry.find(f"{ATOM}link[@rel='alternate']")
        assert (link is not None) != (entry.find(f"{ATOM}content") is not None)
        for name in ("updated", "published"):
            said = entry.findtext(f"{ATOM}{name}") or ""
            assert datetime.fromisoformat(said).tzinfo == UTC
    ids = [one.text for one in root.iter(f"{ATOM}id")]
    assert ids == [
        "tag:team@example.org,2026:matters",
        "tag:team@example.org,2026:matter/11",
        "tag:team@example.org,2026:matter/12",
    ]
    assert root.findtext(f"{ATOM}updated") == "2026-10-26T12:00:00Z"


def test_a_reader_of_feeds_understands_it() -> None:
    """Title, link, topics, and in the summary where it stands and which dates are ahead."""
    read = feed(MATTER)
    assert not read.bozo
    (entry,) = read.entries
    assert entry.title == "Int 1412-2026 — Detainers, “communications” and courts"
    assert entry.link == MATTER.url
    assert [tag.term for tag in entry.tags] == ["287g", "detainers"]
    assert "New York City, NY · Council item · Hearing set" in entry.summary
    assert "Limits cooperation with ICE" in entry.summary
    assert "Hearing: Fri, Oct 30, 2026, 10:00 am EDT, 250 Broadway, 16th Floor" in entry.summary


def test_ids_stay_and_the_time_moves() -> None:
    """A changed matter is the same entry, updated."""
    (before,) = feed(MATTER).entries
    (after,) = feed(replace(MATTER, title="Other words", last_changed=NOW)).entries
    assert before.id == after.id
    assert before.updated < after.updated


def test_nothing_to_export_is_said_in_each_form() -> None:
    """An empty document is a document."""
    assert json.loads(as_json([], [], NOW))["matters"] == []
    assert rows(as_csv([], [])) == []
    assert as_csv([], []).startswith("record,matter,title")
    assert feed(dates=()).entries == []
    assert not feed(dates=()).bozo
