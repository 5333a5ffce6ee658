"""The shipped filters on real labelled text: how much of what matters they find, and how cleanly.

The text itself stands in ../shared and not here. The figures are floors: rules that are tuned to
these very lines do better on them than on others.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.config import Config
from tests.filters.labelled import COURT, KINDS, Labelled, alerts, figures, read

# An item of the 287(g) list reaches the monitor through its own connector, without a keyword.
_BY_CONNECTOR = "287g_row"


@pytest.fixture(scope="module")
def lines(shared: Path) -> tuple[Labelled, ...]:
    """Read the labelled lines."""
    return read(shared / "relevance" / "items.jsonl")


def test_all_kinds_but_dockets_are_told_cleanly(
    shipped: Config, lines: tuple[Labelled, ...]
) -> None:
    """Precision 0.97 and recall 0.95 at least."""
    plain = [line for line in lines if line.kind not in (*COURT, _BY_CONNECTOR)]
    found = figures(shipped.filters, plain)
    assert found.precision >= 0.97, found.wrong
    assert found.recall >= 0.95, found.missed


@pytest.mark.parametrize("without_body", [True, False])
def test_cases_are_told_by_their_names(
    shipped: Config, lines: tuple[Labelled, ...], without_body: bool
) -> None:
    """Captions and entries: precision 0.95 and recall 0.85, with and without a summary."""
    court = [line for line in lines if line.kind in COURT]
    found = figures(shipped.filters, court, captions_without_body=without_body)
    assert found.precision >= 0.95, found.wrong
    assert found.recall >= 0.85, found.missed


@pytest.mark.parametrize(
    "kind",
    [
        "council_item",
        "state_bill",
        "congress_bill",
        "news",
        "press_release",
        "federal_register",
        "executive_order",
    ],
)
def test_no_kind_is_bad_behind_a_good_average(
    shipped: Config, lines: tuple[Labelled, ...], kind: str
) -> None:
    """Each kind for itself: both at least 0.85."""
    found = figures(shipped.filters, [line for line in lines if line.kind == kind])
    assert found.precision >= 0.85, found.wrong
    assert found.recall >= 0.85, found.missed


def test_few_borderline_items_are_alerted(shipped: Config, lines: tuple[Labelled, ...]) -> None:
    """They are best kept for the digest; a third at most is told at once."""
    border = [line for line in lines if line.label == "b" and line.kind not in COURT]
    told = [line.title for line in border if alerts(shipped.filters, line.subject())]
    assert len(told) <= len(border) / 3, told


def test_long_documents_show_what_is_relevant_and_nothing_else(
    shipped: Config, shared: Path
) -> None:
    """Nearly every marked passage is found; documents without one stay silent."""
    marked = found = 0
    for line in (shared / "relevance" / "long.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = (shared / "relevance" / row["file"]).read_bytes().decode("utf-8")
        item = Labelled(row["kind"], "", row["title"], text, row["label"])
        assert row["kind"] in {*KINDS, "executive_order", "press_release"}
        matches = alerts(shipped.filters, item.subject(), most_passages=1000)
        assert bool(matches) == bool(row["label"]), row["title"]
        shown = [p for match in matches for p in match.passages if p.field == "text"]
        for passage in row["passages"] or ():
            marked += 1
            found += any(
                each.start < passage["end"] and each.end > passage["start"] for each in shown
            )
    assert marked > 0
    assert found >= 0.95 * marked
