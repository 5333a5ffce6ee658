"""`search` and `status`: what was seen, and how well the monitor sees."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import click

from monitor.cli.common import Age, Desk, ago, counted, now, print_json, table
from monitor.config import Source
from monitor.config.fields import written_length
from monitor.models import ItemType, Outcome
from monitor.store import Found, SourceHealth
from monitor.text import one_line
from monitor.watching import silences

WEEK = timedelta(weeks=1)


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
@click.pass_obj
def status(desk: Desk, *, as_json: bool) -> int:
    """Show each source's health, and what waits in the outbox.

    Exit status 1 says that a source fails or that an alert could not be delivered.
    """
    config, present = desk.config, now()
    with desk.store() as store:
        health = {h.id: h for h in store.sources.health(present - WEEK)}
        waiting = store.outbox.counts()
        silent = silences(store, config.sources, present)
    rows = [
        source_row(desk, s, health.get(s.id), present, silent.get(s.id, "")) for s in config.sources
    ]
    failing = [row for row in rows if row["state"] == "failing"]
    if as_json:
        print_json({"sources": rows, "outbox": {state.value: n for state, n in waiting}})
    else:
        print_sources(rows)
        words = ", ".join(f"{count} {state.value}" for state, count in waiting)
        click.echo(f"\nAlerts: {words or 'none yet'}.")
    troubled = any(state.value in ("failed", "unknown") and n for state, n in waiting)
    return int(bool(failing) or troubled)


def source_row(
    desk: Desk, source: Source, health: SourceHealth | None, present: datetime, silence: str = ""
) -> dict[str, object]:
    """Lay one source's health out; `todo` says what a person can do.

    silence: why it counts as silent, "" where it does not.
    """
    state, todo = _standing(desk, source, health)
    if silence and state in {"ok", "empty"}:
        state, todo = "silent", f"has it moved? monitor sources test {source.id}"
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "jurisdiction": source.jurisdiction,
        "enabled": source.enabled,
        "state": state,
        "todo": todo,
        "cadence": source.cron or (written_length(source.every) if source.every else ""),
        "note": source.note,
        "last_success": health.last_success if health else None,
        "last_polled": health.last_polled_at if health else None,
        "next_due": health.next_due if health else None,
        "failures": health.failures if health else 0,
        "reason": silence or (health.reason if health else ""),
        "items": health.items if health else 0,
        "items_week": health.items_recent if health else 0,
        "age": ago(health.last_success, present) if health else "never",
    }


def _standing(desk: Desk, source: Source, health: SourceHealth | None) -> tuple[str, str]:
    if not source.enabled:
        return "off", ""
    missing = [name for name in source.connector.needs if not desk.secrets.get(name)]
    if missing:
        return "needs key", f"set {' and '.join(missing)}"
    if health is None or health.outcome is None:
        return "not polled yet", ""
    if health.outcome is Outcome.FAILED:
        return "failing", f"monitor sources test {source.id}"
    return ("empty" if health.outcome is Outcome.EMPTY else "ok"), ""


def print_sources(rows: list[dict[str, object]]) -> None:
    """Print the sources' health as a table, what needs a person first."""
    states = ("failing", "silent", "needs key", "empty", "not polled yet", "ok", "off")
    order = {state: rank for rank, state in enumerate(states)}
    ranked = sorted(rows, key=lambda row: (order[str(row["state"])], str(row["id"])))
    table(
        ("SOURCE", "STATE", "LAST SUCCESS", "ITEMS", "7 DAYS", "WHY / WHAT TO DO"),
        [
            (
                str(row["id"]),
                str(row["state"]),
                str(row["age"]),
                str(row["items"]),
                str(row["items_week"]),
                " — ".join(
                    one_line(str(part), 110)
                    for part in (row["reason"], row["todo"] or row["note"])
                    if part
                ),
            )
            for row in ranked
        ],
    )
