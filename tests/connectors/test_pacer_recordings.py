"""On real feeds we read what juriscraper reads, entry by entry."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.connectors._feeds import read_feed
from monitor.connectors._pacer_filings import Filing, merged, read_filing
from monitor.connectors.pacer_rss import PacerRss
from monitor.models import ItemType, Poll
from monitor.normalise import normalise_all
from tests.connectors.feed_visit import answer, entries, read, refusals

NOW = datetime(2026, 11, 23, tzinfo=UTC)
# Feed, juriscraper's entries, ours, items refused. wvsd: the grand jury's "5:18-~gr-00001" has no
# docket number; juriscraper drops it too, in silence.
FEEDS = (
    ("ca10", 6, 6, 0),
    ("ca11", 10, 10, 0),
    ("ca4_1", 20, 20, 0),
    ("cadc", 13, 13, 0),
    ("cafc", 2, 2, 0),
    ("mdb_1", 2, 2, 0),
    ("mdb_2", 1, 1, 0),
    ("nyed_1", 357, 357, 0),
    ("wvsd", 2, 2, 1),
)
# Where we differ on purpose: juriscraper calls a case without a caption "Unknown Case Title",
# drops "et al", writes USA as United States and puts small words in lower case ("harmonize"); it
# takes PACER's document id for the number of an appellate document that has none; it joins the
# labels of one filing with AND, in alphabetical order and with exact repeats.
_DROPPED = re.compile(r"\bet\.? ?al\.?|[^\w\s]")


def folder(shared: Path) -> Path:
    """Find the feeds."""
    return shared / "recordings" / "pacer-rss"


def caption(text: str) -> str:
    """Bring a caption to what harmonizing leaves."""
    plain = _DROPPED.sub(" ", text.lower().replace("u.s.a.", "usa"))
    words = re.sub(r"\b(usa?|(?:the )?united states(?: of america)?)\b", "united states", plain)
    words = re.sub(r"\bvs\b", "v", words)
    return " ".join(words.replace("unknown case title", "").split())


def ours(path: Path) -> list[Filing]:
    """Read a feed's filings."""
    records = read_feed(answer(path.read_bytes())).records
    read_all = [read_filing(record, "America/New_York") for record in records]
    return list(merged([filing for filing in read_all if isinstance(filing, Filing)]))


def theirs(row: dict[str, Any]) -> tuple[object, ...]:
    """Bring one of juriscraper's dockets to the fields that both have."""
    entry = row["docket_entries"][0]
    return (
        row["docket_number"],
        row["pacer_case_id"] or "",
        datetime.fromisoformat(entry["date_filed"]).astimezone(UTC),
        entry["pacer_doc_id"],
        entry["pacer_seq_no"] or "",
        frozenset(map(str.strip, entry["short_description"].split(" AND "))),
        caption(row["case_name"]),
        row["type"],
        row["office"],
        row["chapter"],
    )


def mine(filing: Filing) -> tuple[object, ...]:
    """Bring a filing to the same fields; the sequence only where a document's link has it."""
    of_link = "de_seq_num=" in filing.document_url
    bankruptcy = dict(filing.bankruptcy)
    return (
        filing.number,
        filing.case_id,
        filing.filed,
        filing.document_id,
        filing.sequence if of_link else "",
        frozenset(filing.labels),
        caption(filing.caption),
        bankruptcy.get("type", ""),
        bankruptcy.get("office", ""),
        bankruptcy.get("chapter", ""),
    )


def row_text(row: tuple[object, ...]) -> str:
    """Write a row so that rows can be sorted, whatever is in them."""
    return str([sorted(one) if isinstance(one, frozenset) else one for one in row])


@pytest.mark.parametrize(("name", "expected", "found", "refused"), FEEDS)
def test_we_agree_with_juriscraper(
    shared: Path, name: str, expected: int, found: int, refused: int
) -> None:
    """Number, case, time, document, sequence, labels, caption, and the bankruptcy fields."""
    path = folder(shared) / f"{name}.xml"
    rows = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    filings = ours(path)
    assert (len(rows), len(filings)) == (expected, found)
    assert sorted(map(row_text, map(mine, filings))) == sorted(map(row_text, map(theirs, rows)))
    documents = {filing.key: filing.document for filing in filings}
    for row, filing in zip(rows, filings, strict=True):
        said = row["docket_entries"][0]["document_number"] or ""
        assert documents[filing.key] in {said, ""}
        assert said in {filing.document, filing.document_id}
    parsed = read(PacerRss(court=name.partition("_")[0]), path.read_bytes(), Poll(now=NOW))
    assert len(refusals(parsed)) == refused + 1  # and each of these feeds was built long ago


def test_eastern_new_yorks_guids_are_not_unique(shared: Path) -> None:
    """432 items with 333 guids, 13 of them exact repeats, are 357 filings in as many items."""
    path = folder(shared) / "nyed_1.xml"
    records = read_feed(answer(path.read_bytes())).records
    assert len(records) == 432
    assert len({record.id for record in records}) == 333
    assert len(records) - len(set(records)) == 13
    found = entries(read(PacerRss(court="nyed"), path.read_bytes(), Poll(now=NOW)))
    items = normalise_all(found, "nyed", "us")
    assert len(items) == len(found) == len({entry.key for entry in found})
    assert sum(item.type is ItemType.DOCKET_ENTRY for item in items) == 357
    assert sum(item.type is ItemType.DOCKET_CAPTION for item in items) == 22


def test_a_real_window_that_slides_renames_nothing(shared: Path) -> None:
    """Half of the feed gives the same keys and fingerprints as the whole."""
    records = read_feed(answer((folder(shared) / "nyed_1.xml").read_bytes())).records
    read_all = [read_filing(record, "America/New_York") for record in records]
    filings = [filing for filing in read_all if isinstance(filing, Filing)]
    times = [filing.filed for filing in filings]
    cut = next(n for n in range(200, 432) if times[n] != times[n - 1])
    whole = {filing.key: filing for filing in merged(filings)}
    part = {filing.key: filing for filing in merged(filings[:cut])}
    assert all(whole[key] == filing for key, filing in part.items())
