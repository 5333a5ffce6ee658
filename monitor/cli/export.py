"""`export`: matters and their dates for other programs, calendars and feed readers."""

from __future__ import annotations

from codecs import BOM_UTF8
from datetime import datetime, timedelta
from pathlib import Path

import click

from monitor.cli.common import Age, Desk, counted, now, say, write_whole
from monitor.exporting import AHEAD, authority_of, matters_since
from monitor.models import CalendarEntry
from monitor.render.calendar import calendar
from monitor.render.export import ExportedMatter, as_atom, as_csv, as_json

FORMATS = ("json", "csv", "atom", "ics")
MOST = 100_000


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    required=True,
    help="json: one document; csv: a table; atom: a feed; ics: a calendar of the dates ahead.",
)
@click.option("--since", type=Age(), help="Only matters to which something happened within AGE.")
@click.option("--in", "place", default="", metavar="PLACE", help="Only there: ny, ny/new_york.")
@click.option("--topic", default="", help="Only what this filter matched.")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file, whole or not at all  [default: to the screen].",
)
@click.pass_obj
def export(
    desk: Desk, form: str, since: timedelta | None, place: str, topic: str, target: Path | None
) -> int:
    r"""Write matters that a filter matched, and their dates ahead, for other programs.

    \b
    monitor export --format ics --in ny --to ny.ics
    monitor export --format csv --since 30d --to matters.csv

    Dates are all those of the coming year, whatever --since says. A date that moves keeps its name
    (UID), so that a calendar that is given the next file replaces it.
    """
    jurisdiction, present = desk.jurisdiction(place), now()
    # What a calendar was given is remembered; the other forms leave no trace.
    with desk.store_to_change() if form == "ics" else desk.store() as store:
        dates = store.calendar.entries(
            present, present + AHEAD, topic=topic, jurisdiction=jurisdiction
        )
        begin = present - since if since else None
        found = () if form == "ics" else matters_since(store, begin, topic, jurisdiction, MOST)
        written = _written(desk, form, found, dates, present)
        # Excel takes a file of UTF-8 for what it is only with the mark at its beginning.
        is_sheet = form == "csv" and target is not None
        content = (BOM_UTF8 if is_sheet else b"") + written
        if target is None:
            click.echo(content, nl=False)
        else:
            write_whole(content, target)
        if form == "ics":
            store.calendar.note(dates)
    if target:
        told = [counted(len(dates), "date")]
        say(f"{target}: {', '.join([counted(len(found), 'matter')] * bool(found) + told)}")
    return 0


def _written(
    desk: Desk,
    form: str,
    matters: tuple[ExportedMatter, ...],
    dates: tuple[CalendarEntry, ...],
    present: datetime,
) -> bytes:
    if form == "ics":
        return calendar(dates, present)
    if form == "atom":
        return as_atom(matters, dates, present, authority_of(desk.config.monitor.contact))
    if form == "csv":
        return as_csv(matters, dates).encode()
    return as_json(matters, dates, present).encode()
