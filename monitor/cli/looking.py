"""`search` and `status`: what was seen, and how well the monitor sees."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from monitor.cli.common import Age, Desk, ago, counted, now, print_json, say, table, write_whole
from monitor.models import ItemType
from monitor.neighbours import present_outages
from monitor.overview import overview
from monitor.render.status_values import MonitorStatus, SourceState, SourceStatus
from monitor.store import Found
from monitor.text import one_line
from monitor.wording import spoken

_MORE_OFTEN = "poll it more often"


@click.command()
@click.argument("query")
@click.option(
    "--type",
    "types",
    type=click.Choice([t.value for t in ItemType]),
    multiple=True,
    help="Only items of this type; can be repeated.",
)
@click.option(
    "--in", "place", default="", metavar="PLACE", help="Only there: ny, ny/new_york, cand."
)
@click.option("--topic", default="", help="Only what this filter matched.")
@click.option("--source", default="", metavar="ID", help="Only from this source.")
@click.option("--since", type=Age(), help="Only what was first seen within AGE (30d).")
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="Show at most so many.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def search(
    desk: Desk,
    query: str,
    types: tuple[str, ...],
    place: str,
    topic: str,
    source: str,
    since: timedelta | None,
    limit: int,
    *,
    as_json: bool,
) -> int:
    r"""Search all items ever seen: words, "phrases", pre*, AND, OR, NOT.

    \b
    monitor search '"287(g)" sheriff'
    monitor search 'detainer*' --in ca --since 30d
    """
    with desk.store() as store:
        found = store.index.search(
            query,
            limit=limit,
            types=tuple(ItemType(name) for name in types),
            jurisdiction=desk.jurisdiction(place),
            since=now() - since if since else None,
            topic=topic,
            source=source,
        )
    if as_json:
        print_json([_found(hit) for hit in found])
        return 0
    for hit in found:
        _print_hit(hit)
    if not found:
        click.echo("Nothing was found.")
        return 0
    more = " (--limit shows more)" if len(found) == limit else ""
    click.echo(counted(len(found), "item") + more)
    return 0


def _found(hit: Found) -> dict[str, object]:
    item = hit.stored.item
    return {
        "id": hit.stored.id,
        "matter": hit.stored.matter,
        "source": item.source,
        "key": item.key,
        "type": item.type.value,
        "jurisdiction": item.jurisdiction,
        "title": item.title,
        "url": item.url,
        "published": item.published,
        "first_seen": hit.stored.first_seen,
        "topics": [match.topic for match in hit.stored.matches],
        "snippet": hit.snippet,
    }


def _print_hit(hit: Found) -> None:
    item = hit.stored.item
    day = item.published or hit.stored.first_seen
    click.echo(click.style(one_line(item.title, 100), bold=True))
    click.echo(f"  {item.type.value}, {item.source}, {day:%Y-%m-%d}, matter {hit.stored.matter}")
    if one_line(hit.snippet) not in item.title:
        click.echo(f"  {_marked(hit)}")
    if item.url:
        click.echo(f"  {item.url}")
    click.echo()


def _marked(hit: Found) -> str:
    """Show the words that were found in bold on a terminal."""
    if not sys.stdout.isatty():
        return one_line(hit.snippet)
    parts, last = [], 0
    for start, end in hit.hits:
        parts += [hit.snippet[last:start], click.style(hit.snippet[start:end], bold=True)]
        last = end
    return one_line("".join([*parts, hit.snippet[last:]]))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write it as a web page to this file; - for the screen.",
)
@click.pass_obj
def status(desk: Desk, *, as_json: bool, page: Path | None) -> int:
    """Show each source's health, and what waits in the outbox.

    Exit status 1 says that a source fails or that an alert could not be delivered.
    """
    if as_json and page:
        raise click.UsageError("--json and --html are two forms of one thing; choose one")
    config, present = desk.config, now()
    with desk.store() as store:
        seen = overview(store, config.sources, desk.missing_keys, present)
        outages = present_outages(store)
    if as_json:
        rows = [source_row(one, present) for one in seen.sources]
        print_json({"sources": rows, "outages": outages, "outbox": dict(seen.alerts)})
    elif page:
        _write_page(seen, page)
    else:
        print_sources([source_row(one, present) for one in seen.sources])
        for outage in outages:
            what = f"{outage.where} fails" if outage.where else "Own network down"
            click.echo(f"\n{what}, since {spoken(outage.since)}: {outage.reason}")
        words = ", ".join(f"{count} {state}" for state, count in seen.alerts)
        click.echo(f"\nAlerts: {words or 'none yet'}.")
    troubled = any(state in ("failed", "unknown") and n for state, n in seen.alerts)
    return int(bool(seen.count(SourceState.FAILING)) or troubled)


def _write_page(seen: MonitorStatus, target: Path) -> None:
    from monitor.render.status_page import status_html  # noqa: PLC0415 - the templates, for a page

    written = status_html(seen)
    if str(target) == "-":
        click.echo(written, nl=False)
        return
    write_whole(written.encode(), target)
    say(f"{target}: {counted(len(seen.sources), 'source')}")


def source_row(told: SourceStatus, present: datetime) -> dict[str, object]:
    """Lay one source's health out; `todo` says what a person can do."""
    return {
        "id": told.id,
        "name": told.name,
        "kind": told.kind,
        "jurisdiction": told.jurisdiction,
        "enabled": told.state is not SourceState.OFF,
        "state": told.state.value,
        "todo": told.todo or (_MORE_OFTEN if told.gaps else ""),
        "cadence": told.cadence,
        "note": told.note,
        "last_success": told.last_success,
        "last_polled": told.last_polled,
        "next_due": told.next_due,
        "failures": told.failures,
        "reason": told.reason,
        "items": told.items,
        "items_week": told.items_week,
        "gaps": told.gaps,
        "partial": told.partial,
        "age": ago(told.last_success, present),
    }


def _doubts(row: dict[str, object]) -> tuple[str, str]:
    """Say what a source that answers may leave out."""
    gaps, court = row["gaps"], row["partial"]
    return (
        f"its list rolled over in {gaps} poll{'' if gaps == 1 else 's'} of this week"
        if gaps
        else "",
        f"the feed of {court} leaves filings out" if court else "",
    )


def print_sources(rows: list[dict[str, object]]) -> None:
    """Print the sources' health as a table, what needs a person first."""
    order = {state.value: rank for rank, state in enumerate(SourceState)}
    ranked = sorted(rows, key=lambda row: (order[str(row["state"])], str(row["id"])))
    table(
        ("SOURCE", "STATE", "LAST SUCCESS", "EVERY", "ITEMS", "7 DAYS", "WHY / WHAT TO DO"),
        [
            (
                str(row["id"]),
                str(row["state"]),
                str(row["age"]),
                str(row["cadence"]),
                str(row["items"]),
                str(row["items_week"]),
                " — ".join(
                    one_line(str(part), 110)
                    for part in (row["reason"], *_doubts(row), row["todo"] or row["note"])
                    if part
                ),
            )
            for row in ranked
        ],
    )
