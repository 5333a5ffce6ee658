"""`matters`: what belongs together, with its history; and mending what was grouped wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from monitor.cli import Group
from monitor.cli.common import Age, Desk, counted, now, print_json, print_json_line, say, table
from monitor.cli.lines import Line, read_lines
from monitor.jurisdictions import label
from monitor.look import all_clues
from monitor.models import Entry, FieldChange, Hearing, Item, ItemType, Present, Stage
from monitor.normalise import normalise
from monitor.store import Arrival, Matter, Store, Timeline
from monitor.text import one_line
from monitor.wording import HEARINGS, field_name, hearing_time, is_ahead

MOST_CHANGED = 160
_BATCH = 500


@click.group(cls=Group)
def matters() -> None:
    """See what belongs together and its history; mend what was put together wrong."""


@matters.command("list")
@click.option("--in", "place", default="", metavar="PLACE", help="Only there: ny, ny/new_york.")
@click.option("--topic", default="", help="Only what this filter matched.")
@click.option(
    "--type",
    "types",
    type=click.Choice([t.value for t in ItemType]),
    multiple=True,
    help="Only matters of this type; can be repeated.",
)
@click.option("--stage", type=click.Choice([s.value for s in Stage]), help="Only at this stage.")
@click.option("--since", type=Age(), help="Only those to which something happened within AGE.")
@click.option("--all", "everything", is_flag=True, help="Also those that no filter matched.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=30,
    show_default=True,
    help="List at most so many.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_matters(
    desk: Desk,
    place: str,
    topic: str,
    types: tuple[str, ...],
    stage: str | None,
    since: timedelta | None,
    limit: int,
    *,
    everything: bool,
    as_json: bool,
) -> int:
    """List matters, the one to which something happened last first."""
    with desk.store() as store:
        found = store.matters.recent(
            since=now() - since if since else None,
            topic=topic,
            jurisdiction=desk.jurisdiction(place),
            types=tuple(ItemType(name) for name in types),
            stage=Stage(stage) if stage else None,
            matched_only=not everything,
            limit=limit,
        )
    if as_json:
        print_json([_laid_out(matter) for matter in found])
        return 0
    if not found:
        click.echo("There are no such matters (--all lists those that no filter matched, too).")
        return 0
    rows = [
        (
            str(matter.id),
            f"{matter.last_changed:%Y-%m-%d}",
            matter.stage.value if matter.stage else "",
            one_line(label(matter.jurisdiction) if matter.jurisdiction else "", 30),
            one_line(matter.title, 110),
        )
        for matter in found
    ]
    table(("MATTER", "CHANGED", "STAGE", "PLACE", "TITLE"), rows)
    return 0


def _laid_out(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.id,
        "title": matter.title,
        "type": matter.type.value,
        "jurisdiction": matter.jurisdiction,
        "url": matter.url,
        "stage": matter.stage.value if matter.stage else None,
        "stage_said": matter.stage_said,
        "stage_since": matter.stage_since,
        "direction": matter.direction.value,
        "topics": list(matter.topics),
        "items": matter.items,
        "first_seen": matter.first_seen,
        "last_changed": matter.last_changed,
    }


# ---------------------------------------------------------------------------------------- show


@matters.command("show")
@click.argument("number", type=int, metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def show_matter(desk: Desk, number: int, *, as_json: bool) -> int:
    """Show one matter with all that happened to it, in order of time."""
    with desk.store() as store:
        timeline = _timeline(store, number)
        present = store.matters.present(timeline.matter.id, now())
    if as_json:
        print_json(_document(timeline, present))
        return 0
    _print_head(timeline, present)
    click.echo()
    for when, number_, what in sorted(_events(timeline), key=lambda event: event[:2]):
        del number_
        click.echo(f"{when:%Y-%m-%d %H:%M}  {what}")
    return 0


def _timeline(store: Store, number: int) -> Timeline:
    try:
        return store.matters.timeline(number)
    except KeyError as fault:
        raise click.BadParameter(
            f"there is no matter {number} (`monitor matters list` names them)"
        ) from fault


def _document(timeline: Timeline, present: Present) -> dict[str, Any]:
    return {
        **_laid_out(timeline.matter),
        "identifiers": [str(name) for name in timeline.identifiers],
        "hearings": list(present.hearings),
        "items": [
            {
                "id": stored.id,
                "source": stored.item.source,
                "key": stored.item.key,
                "type": stored.item.type.value,
                "title": stored.item.title,
                "url": stored.item.url,
                "published": stored.item.published,
                "first_seen": stored.first_seen,
                "gone_at": stored.gone_at,
                "stage": stored.item.stage.value if stored.item.stage else None,
                "topics": [match.topic for match in stored.matches],
                "record": stored.record,
            }
            for stored in timeline.items
        ],
        "events": [
            {"at": when, "item": item, "what": what}
            for when, item, what in sorted(_events(timeline), key=lambda event: event[:2])
        ],
        "alerts": [
            {
                "id": row.id,
                "channel": row.alert.channel,
                "headline": row.alert.headline,
                "state": row.state.value,
                "created_at": row.created_at,
            }
            for row in timeline.alerts
        ],
    }


def _print_head(timeline: Timeline, present: Present) -> None:
    matter = timeline.matter
    click.echo(click.style(f"Matter {matter.id}: {matter.title}", bold=True))
    named = ", ".join(name.value for name in timeline.identifiers)
    stage = matter.stage.value if matter.stage else ""
    said = f" (“{one_line(matter.stage_said, 80)}”)" if stage and matter.stage_said else ""
    ahead = [_date(hearing) for hearing in present.hearings if is_ahead(hearing, now())]
    facts = (
        ("Place", label(matter.jurisdiction) if matter.jurisdiction else ""),
        ("Names", named),
        ("Stage", stage + said),
        ("Direction", "" if matter.direction.value == "unclear" else matter.direction.value),
        ("Topics", ", ".join(matter.topics)),
        ("Ahead", "; ".join(ahead)),
        ("Open", matter.url),
    )
    for name, value in facts:
        if value:
            click.echo(f"  {name:<10}{value}")


def _date(hearing: Hearing) -> str:
    name = HEARINGS.get(hearing.kind, hearing.kind)
    return f"{name} {hearing_time(hearing)}" + (" (cancelled)" if hearing.cancelled else "")


def _events(timeline: Timeline) -> Iterator[tuple[datetime, int, str]]:
    """Tell what happened as (when, item, what), in no order."""
    for stored in timeline.items:
        item = stored.item
        what = f"item {stored.id}, {item.source}, {item.type.value}: {one_line(item.title, 100)}"
        yield stored.first_seen, stored.id, what
    for revision in timeline.revisions:
        fields = "; ".join(map(_changed, revision.fields))
        kept = " (flaps: not told)" if revision.held else ""
        yield revision.seen_at, revision.item_id, f"item {revision.item_id} {fields}{kept}"
    for grouping in timeline.groupings:
        other = f" (matter {grouping.from_matter})" if grouping.from_matter else ""
        what = f"item {grouping.item_id} {grouping.decision}{other}: {grouping.reason}"
        yield grouping.decided_at, grouping.item_id, f"{what} [{grouping.strength}]"
    for row in timeline.alerts:
        yield (
            row.created_at,
            0,
            f"told {row.alert.channel} ({row.state.value}): {row.alert.headline}",
        )


def _changed(field: FieldChange) -> str:
    name = field_name(field.name).lower()
    if not field.old:
        return f"{name}: {one_line(field.new, MOST_CHANGED)}"
    new = one_line(field.new, MOST_CHANGED) or "nothing"
    return f"{name}: {one_line(field.old, MOST_CHANGED)} → {new}"


# ---------------------------------------------------------------------------------------- mend


@matters.command("merge")
@click.argument("target", type=int, metavar="ID")
@click.argument("others", type=int, nargs=-1, required=True, metavar="OTHER...")
@click.pass_obj
def merge_matters(desk: Desk, target: int, others: tuple[int, ...]) -> int:
    """Put the OTHER matters into the first one: items, history and threads."""
    with desk.store_to_change() as store:
        goal = _timeline(store, target).matter.id
        for other in others:
            number = _timeline(store, other).matter.id
            try:
                store.mending.merge(goal, number, now())
            except ValueError as fault:
                raise click.BadParameter(str(fault)) from fault
            say(f"Matter {number} is now part of matter {goal}.")
    return 0


@matters.command("split")
@click.argument("number", type=int, metavar="ID")
@click.argument("items", type=int, nargs=-1, required=True, metavar="ITEM...")
@click.pass_obj
def split_matter(desk: Desk, number: int, items: tuple[int, ...]) -> int:
    """Take ITEMs out of a matter into one of their own; `matters show ID` numbers them.

    They stay apart from then on, whatever they have in common.
    """
    with desk.store_to_change() as store:
        matter = _timeline(store, number).matter.id
        try:
            new = store.mending.split(matter, items, now())
        except ValueError as fault:
            raise click.BadParameter(str(fault)) from fault
    make = "makes" if len(set(items)) == 1 else "make"
    say(f"{counted(len(set(items)), 'item')} of matter {matter} now {make} matter {new}.")
    return 0


# --------------------------------------------------------------------------------------- group


@matters.command("group")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each line.")
def group_lines(file: Path, *, as_json: bool) -> int:
    """Group the lines of a JSON Lines file as a poll would; nothing is stored.

    A line has id, kind, jurisdiction, title and body, and may have url and date. Lines of one
    matter get one number.
    """
    lines = list(read_lines(file))
    found = list(group(lines))
    if as_json:
        for line, matter in zip(lines, found, strict=True):
            print_json_line({"id": line.id, "matter": matter})
        return 0
    by_matter: dict[int, list[Line]] = {}
    for line, matter in zip(lines, found, strict=True):
        by_matter.setdefault(matter, []).append(line)
    for matter, own in by_matter.items():
        for line in own:
            click.echo(f"{matter:>6}  {line.id}  {one_line(line.title, 100)}")
    together = sum(len(own) > 1 for own in by_matter.values())
    say(
        f"{counted(len(lines), 'line')}, {counted(len(by_matter), 'matter')}, "
        f"{together} of several lines."
    )
    return 0


def group(lines: Iterable[Line]) -> Iterator[int]:
    """Yield the matter of each line, as a store numbers them that has seen nothing else."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "lines.db") as store:
        present = datetime.now(UTC)
        batch: list[Arrival] = []
        places: list[str] = []
        for line in lines:
            item = item_of(line)
            batch.append(Arrival(item, clues=all_clues(item)))
            places.append(item.key)
            if len(batch) == _BATCH:
                store.items.merge_all(batch, present)
                batch = []
        store.items.merge_all(batch, present)
        for key in places:
            yield store.matters.of_item(_SOURCE, key) or 0


_SOURCE = "lines"


def item_of(line: Line) -> Item:
    """Make a line an item, as its publisher would have given it; its number is its key."""
    entry = Entry(
        type=line.type or ItemType.NEWS,
        key=str(line.number),
        title=line.title,
        body=line.body,
        url=line.url,
        published=line.date,
        jurisdiction=line.jurisdiction,
    )
    return normalise(entry, _SOURCE, line.jurisdiction)
