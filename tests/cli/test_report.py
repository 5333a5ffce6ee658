"""`filters report` and its labelled lines, over a real database."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from monitor.cli import group
from monitor.models import Misfit, Person, Relevance
from monitor.store import Store
from tests.store.builders import NOW, alert, item, match

GOOD = item("1", title="Resolution opposing participation in the 287(g) program")
BAD = item("2", title="Marine sanctuary grant", text="Fish.")


def judged(folder: Path) -> None:
    """Store two alerts, and what two people said about them."""
    with Store.open(folder / "monitor.db") as store:
        for number, thing in enumerate((GOOD, BAD), start=1):
            store.items.merge(thing, NOW, (match(terms=("287(g)",)),))
            made = alert(f"k{number}", matter=number, item=thing, headline=thing.title)
            store.outbox.enqueue((made,), NOW)
        store.ledger.judge(1, Person("U1", "ana"), Relevance.RELEVANT, NOW)
        store.ledger.judge(2, Person("U1", "ana"), Relevance.NOT_RELEVANT, NOW, Misfit.TOPIC)
        store.ledger.judge(2, Person("U2", "bo"), Relevance.NOT_RELEVANT, NOW)


def ran(state: Path, *words: str) -> tuple[int, str]:
    """Run a command; return its exit status and what it printed."""
    result = CliRunner().invoke(
        group, ["--state", str(state), "filters", "report", *words], standalone_mode=False
    )
    assert result.exception is None, result.output
    return int(result.return_value or 0), result.stdout


def test_the_report_names_filters_terms_and_sources(tmp_path: Path) -> None:
    """With an example of what was wrong."""
    judged(tmp_path)
    status, text = ran(tmp_path)
    assert status == 0
    assert "3 judgements." in text
    assert "287g" in text
    assert "33%" in text
    assert "Marine sanctuary grant" in text


def test_as_json_it_is_one_document(tmp_path: Path) -> None:
    """For whoever draws charts."""
    judged(tmp_path)
    document = json.loads(ran(tmp_path, "--json")[1])
    assert document["judgements"] == 3
    (score,) = document["filters"]
    assert (score["name"], score["right"], score["wrong"]) == ("287g", 1, 2)


def test_judged_items_are_exported_as_lines_that_score_reads(tmp_path: Path) -> None:
    """So what people say becomes a test of the filters."""
    judged(tmp_path)
    file = tmp_path / "judged.jsonl"
    ran(tmp_path, "--export", str(file))
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(line["title"], line["label"]) for line in lines] == [(GOOD.title, 1), (BAD.title, 0)]
    root = Path(__file__).parents[2]
    result = CliRunner().invoke(
        group,
        ["--config", str(root), "filters", "score", str(file), "--json"],
        standalone_mode=False,
    )
    assert result.exception is None, result.output


def test_an_empty_ledger_says_how_to_fill_it(tmp_path: Path) -> None:
    """A table of nothing helps nobody."""
    with Store.open(tmp_path / "monitor.db"):
        pass
    assert "Nobody has judged" in ran(tmp_path)[1]
