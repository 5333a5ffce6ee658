"""`sources`: list them, or try one without storing anything."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli import Group
from monitor.cli.adding import add, record_source
from monitor.cli.common import Desk, counted, now, plain, print_json, say, unknown_source
from monitor.cli.looking import print_sources, source_row
from monitor.config import Source
from monitor.errors import ConfigError
from monitor.models import Collected, Item, Match, Outcome, Poll, Priority
from monitor.overview import WEEK, source_status
from monitor.pipeline import collect
from monitor.store import SourceHealth
from monitor.text import one_line
from monitor.visit import Task

MOST_SHOWN = 20


@click.group(cls=Group)
def sources() -> None:
    """List the sources, or try one without storing anything."""


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_(desk: Desk, *, as_json: bool) -> int:
    """List all sources with their health."""
    config, present = desk.config, now()
    health: dict[str, SourceHealth] = {}
    if desk.places.database.exists():
        with desk.store() as store:
            health = {h.id: h for h in store.sources.health(present - WEEK)}
    told = (
        source_status(one, health.get(one.id), desk.missing_keys(one)) for one in config.sources
    )
    rows = [source_row(one, present) for one in told]
    if as_json:
        print_json(rows)
    else:
        print_sources(rows)
    return 0


@sources.command()
@click.argument("source_id", metavar="ID")
@click.option(
    "--replay",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="PATH",
    help="Answer every request from this WARC file instead of the network; can be repeated.",
)
@click.option("--all", "everything", is_flag=True, help="Show every entry, not the first few.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def test(
    desk: Desk, source_id: str, replay: tuple[Path, ...], *, everything: bool, as_json: bool
) -> int:
    """Poll one source now and show its entries and matches; nothing is stored or sent."""
    source = desk.config.source(source_id)
    if source is None:
        raise ConfigError((unknown_source(source_id, [s.id for s in desk.config.sources]),))
    with desk.station(replay) as station:
        if keys := station.missing_keys(source):
            say(f"{source.id}: set {' and '.join(keys)} first")
            return 1
        task = Task(source, Poll(now=now(), timezone=source.timezone), pace=station.pace(source))
        collected = collect(task, station.fetcher, desk.config.filters)
    if as_json:
        print_json(_laid_out(collected))
    else:
        _print(source, collected, everything=everything)
    return int(collected.outcome is Outcome.FAILED)


sources.add_command(add)
sources.add_command(record_source)


def _laid_out(collected: Collected) -> dict[str, object]:
    return {
        "source": collected.source,
        "outcome": collected.outcome.value,
        "reason": collected.reason,
        "requests": collected.requests,
        "entries": [
            {"item": plain(one.item), "matches": [plain(match) for match in one.matches]}
            for one in collected.fresh
        ],
        "refused": [plain(refusal) for refusal in collected.refusals],
        "warnings": list(collected.warnings),
    }


def _print(source: Source, collected: Collected, *, everything: bool) -> None:
    if collected.outcome is Outcome.FAILED:
        click.echo(f"{source.name} cannot be read: {collected.reason}")
    matched = [one for one in collected.fresh if one.matches or one.item.watched]
    silent = [one for one in collected.fresh if not (one.matches or one.item.watched)]
    most = len(collected.fresh) if everything else MOST_SHOWN
    for one in [*matched, *silent][:most]:
        _print_entry(one.item, one.matches)
    if len(collected.fresh) > most:
        click.echo(f"… and {len(collected.fresh) - most} more (--all shows them)")
    for refusal in collected.refusals[:most]:
        click.echo(f"refused: {refusal.what}: {refusal.why}")
    for warning in collected.warnings:
        click.echo(f"warning: {warning}")
    if collected.outcome is Outcome.EMPTY:
        click.echo(f"{source.name}: {collected.reason}. Has it moved?")
    told = sum(is_told(one.item, one.matches) for one in matched)
    digest = len(matched) - told
    click.echo(
        f"\n{counted(len(collected.fresh), 'entry', 'entries')} in "
        f"{counted(collected.requests, 'request')}, {told} would be alerted"
        + (f", {digest} for the digest only" if digest else "")
        + (f", {len(collected.refusals)} refused" if collected.refusals else "")
        + ". Nothing was stored or sent."
    )


def is_told(item: Item, matches: tuple[Match, ...]) -> bool:
    """Say whether people would be alerted at once."""
    return bool(item.watched) or any(match.priority is not Priority.LOW for match in matches)


def _print_entry(item: Item, matches: tuple[Match, ...]) -> None:
    mark = "*" if matches or item.watched else " "
    day = f"{item.published:%Y-%m-%d}" if item.published else "no date   "
    click.echo(f"{mark} {day}  {one_line(item.title, 100)}")
    if item.watched:
        click.echo(f"      on the watch list: {item.watched}")
    if item.muted:
        click.echo(f"      never alerted: {item.muted}")
    for match in matches:
        where = match.passages[0].text if match.passages else ""
        click.echo(f"      {match.topic} ({match.priority.value}): {one_line(where, 120)}")
