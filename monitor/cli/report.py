"""`filters report`: how often people found right what the filters told them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from monitor.cli.common import Age, Desk, counted, now, plain, print_json, say, table
from monitor.models import Judgement
from monitor.precision import Report, Score, label
from monitor.precision import report as reported
from monitor.store import Store
from monitor.text import one_line

_TABLES = (("FILTER", "filters"), ("TERM", "terms"), ("SOURCE", "sources"))


@click.command()
@click.option("--since", type=Age(), help="Only what was judged within AGE (30d).")
@click.option("--topic", default="", help="Only alerts that this filter made.")
@click.option("--source", default="", metavar="ID", help="Only alerts from this source.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=15,
    show_default=True,
    help="Show so many of each sort, the worst first.",
)
@click.option(
    "--export",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.jsonl",
    help="Write the judged items as labelled lines, for `filters score`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def report(
    desk: Desk,
    since: timedelta | None,
    topic: str,
    source: str,
    limit: int,
    export: Path | None,
    *,
    as_json: bool,
) -> int:
    """Show how often people found alerts relevant, by filter, term and source, the worst first.

    "Wrong topic" counts against filter and term, "wrong place" against the source, "old news"
    against neither.
    """
    with desk.store() as store:
        judgements = store.ledger.judgements(
            since=now() - since if since else None,
            topics=(topic,) if topic else (),
            source=source,
        )
        if export is not None:
            lines = list(labelled(store, judgements))
            export.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            say(f"{counted(len(lines), 'labelled line')} written to {export}.")
    found = reported(judgements)
    if as_json:
        print_json(_laid_out(found))
        return 0
    _print(found, limit)
    return 0


def labelled(store: Store, judgements: Sequence[Judgement]) -> Iterator[str]:
    """Yield each judged item as a line of JSON, as `filters score` reads it."""
    by_item: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        if judgement.item_key:
            by_item[judgement.source, judgement.item_key].append(judgement)
    for (source, key), own in by_item.items():
        said, stored = label(own), store.items.find(source, key)
        if said is None or stored is None:
            continue
        item = stored.item
        line = {
            "id": f"{source}/{key}",
            "kind": item.type.value,
            "jurisdiction": item.jurisdiction,
            "date": item.published.date().isoformat() if item.published else "",
            "title": item.title,
            "body": item.text,
            "url": item.url,
            "label": said,
        }
        yield json.dumps(line, ensure_ascii=False)


def _laid_out(found: Report) -> dict[str, Any]:
    document: dict[str, Any] = {"judgements": found.judgements}
    for _, name in _TABLES:
        document[name] = [
            {**plain(score), "precision": score.precision} for score in getattr(found, name)
        ]
    return document


def _print(found: Report, limit: int) -> None:
    if not found.judgements:
        click.echo("Nobody has judged an alert yet: the buttons below each message do that.")
        return
    click.echo(f"{counted(found.judgements, 'judgement')}.\n")
    for heading, name in _TABLES:
        scores: tuple[Score, ...] = getattr(found, name)
        if scores:
            _print_scores(heading, scores, limit)


def _print_scores(heading: str, scores: tuple[Score, ...], limit: int) -> None:
    rows = [
        (
            one_line(score.name, 50),
            "" if score.precision is None else f"{score.precision:.0%}",
            str(score.right),
            str(score.wrong),
            str(score.aside),
            one_line(score.examples[0], 80) if score.examples else "",
        )
        for score in scores[:limit]
    ]
    table((heading, "RIGHT", "YES", "NO", "ASIDE", "WRONG, FOR EXAMPLE"), rows)
    if len(scores) > limit:
        click.echo(f"… and {len(scores) - limit} more (--limit shows them)")
    click.echo()
