"""`digest`: look at the next one, send one now, list those that were composed."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from monitor.cli import Group
from monitor.cli.common import Desk, ago, counted, now, print_json, table
from monitor.cli.mailing import mail, mailed_words
from monitor.cli.running import deliver, delivered_words, stopping
from monitor.config import DigestSettings
from monitor.config.complaints import did_you_mean
from monitor.digest import Edition
from monitor.digest.short import coverage
from monitor.digesting import draft, due
from monitor.errors import ConfigError
from monitor.models import Digest, Language, Period, Section, Subscriber
from monitor.render.calendar import calendar
from monitor.render.digest_html import render_html
from monitor.render.digest_text import render_text
from monitor.station import Station
from monitor.store import DeliveryState, DigestRow, Store

DEFAULT = DigestSettings.model_validate({"id": "weekly", "at": "mon 08:00"})
# How far ahead the calendar goes.
AHEAD = timedelta(days=366)
_SECTIONS = {
    Section.ACT: "to act on",
    Section.WON: "won",
    Section.LOST: "lost",
    Section.SUITS: "in court",
    Section.AGREEMENTS: "287(g) agreements",
    Section.MOVING: "moving",
    Section.NEW: "new",
    Section.WATCHING: "watched",
}
_PERIOD = "A week as 2026-W47, or a day as 2026-11-23."


@click.group(cls=Group)
def digest() -> None:
    """Look at a digest, send one, or list those that were composed.

    A digest is composed once for a period, from all that was recorded since the last one, and is
    then the same for everybody. `monitor run` and `monitor once` do so when its time has come.
    """


@digest.command()
@click.option("--name", default="", help="Which digest of monitor.yaml; default: the first one.")
@click.option("--period", default="", help=f"{_PERIOD} Default: that of the next digest to come.")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the files go; default: preview/ in the state folder.",
)
@click.option(
    "--language", type=click.Choice([one.value for one in Language]), default="en", help="en or es."
)
@click.option("--open/--no-open", "opens", default=None, help="Show it in a browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the digest as one JSON document.")
@click.pass_obj
def preview(
    desk: Desk,
    name: str,
    period: str,
    folder: Path | None,
    language: str,
    *,
    opens: bool | None,
    as_json: bool,
) -> int:
    """Write a digest as HTML, text and calendar to a folder; nothing is stored or sent.

    A period whose digest was composed already is shown as it was sent; any other one as it would be
    now.
    """
    with desk.station(out=sys.stderr) as station, desk.store() as store:
        edition = chosen(station, name)
        tells_of = (
            wanted(edition, period) or due(store, edition, now()) or edition.next_period(now())
        )
        shown = told(store, station, edition, tells_of, now())
        if as_json:
            print_json(shown)
            return 0
        matters = [one.matter for one in shown.matters]
        dates = store.calendar.entries(now(), now() + AHEAD, matters=matters)
        tongue = Language(language)
        files = contents(shown, tongue)
        files |= {"digest.ics": calendar(dates, now(), edition.title, tongue)}
    place = folder or desk.places.state / "preview" / f"{edition.name}-{shown.period.id}"
    place.mkdir(parents=True, exist_ok=True)
    for file, data in files.items():
        (place / file).write_bytes(data)
    click.echo(summary(shown))
    for file in files:
        click.echo(f"  {place / file}")
    if opens or (opens is None and sys.stdout.isatty()):
        webbrowser.open((place / "digest.html").absolute().as_uri())
    return 0


@digest.command()
@click.option("--name", default="", help="Which digest of monitor.yaml; default: the first one.")
@click.option("--period", default="", help=f"{_PERIOD} Default: that of the last digest due.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
@click.pass_obj
def send(desk: Desk, name: str, period: str, *, as_json: bool) -> int:
    """Compose the digest of a period, once, and send it to everybody who has no copy yet.

    Sent a second time, it goes to nobody twice; who subscribed meanwhile gets a copy.
    """
    with desk.station(out=sys.stderr if as_json else sys.stdout) as station:
        desk.store().close()
        edition, present = chosen(station, name), now()
        tells_of = wanted(edition, period) or edition.last_period(present)
        if tells_of.starts > present:
            raise click.BadParameter(f"{tells_of.id} has not begun", param_hint="--period")
        try:
            made = station.publish(station.store, edition, tells_of, present)
        except ValueError as fault:
            raise click.BadParameter(str(fault), param_hint="--period") from fault
        all_well, fate = delivered(station)
        if as_json:
            print_json(
                {
                    "name": edition.name,
                    "period": tells_of.id,
                    "fresh": made.fresh,
                    "matters": len(made.digest.matters),
                    "copies": made.copies,
                    "delivered": fate,
                }
            )
        else:
            word = "composed" if made.fresh else "was composed before"
            click.echo(f"{summary(made.digest)} ({word})")
            click.echo(
                f"{counted(made.copies, 'copy', 'copies')} queued{'; ' if fate else ''}{fate}."
            )
    return 0 if all_well else 1


@digest.command("list")
@click.option("--name", default="", help="Only this one.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_(desk: Desk, name: str, limit: int, *, as_json: bool) -> int:
    """List the digests that were composed, the last one first."""
    with desk.store() as store:
        rows = store.digests.listed(name, limit)
        copies = {row.id: dict(store.mailings.counts(row.name, row.period)) for row in rows}
    if as_json:
        print_json([_laid_out(row, copies[row.id]) for row in rows])
    elif not rows:
        click.echo("No digest was composed yet; `monitor digest preview` shows the next one.")
    else:
        present = now()
        table(
            ("NAME", "PERIOD", "COMPOSED", "MATTERS", "COPIES"),
            [
                (
                    row.name,
                    row.period,
                    ago(row.composed_at, present),
                    str(row.matters),
                    ", ".join(f"{n} {state.value}" for state, n in copies[row.id].items())
                    or "none",
                )
                for row in rows
            ],
        )
    return 0


def _laid_out(row: DigestRow, copies: Mapping[Any, int]) -> dict[str, object]:
    return {
        "name": row.name,
        "period": row.period,
        "composed_at": row.composed_at,
        "matters": row.matters,
        "copies": {state.value: number for state, number in copies.items()},
    }


def chosen(station: Station, name: str) -> Edition:
    """Find a digest of monitor.yaml by its id; without any, there is a weekly one."""
    configured = station.config.monitor.digests or (DEFAULT,)
    ids = [one.id for one in configured]
    for one in configured:
        if name in ("", one.id):
            return station.edition(one)
    raise ConfigError((f"monitor.yaml has no digest '{name}'{did_you_mean(name, ids)}",))


def wanted(edition: Edition, period: str) -> Period | None:
    """Read a period as people write it; None for none."""
    if not period:
        return None
    try:
        return edition.period(period)
    except ValueError as fault:
        raise click.BadParameter(str(fault), param_hint="--period") from fault


def told(store: Store, station: Station, edition: Edition, period: Period, at: datetime) -> Digest:
    """Return a period's digest as it stands, or as it would be now."""
    kept = store.digests.of(edition.name, period.id)
    return kept or draft(store, edition, period, station.newsroom, at)


def contents(shown: Digest, language: Language) -> dict[str, bytes]:
    """Render a digest as files: HTML whose pictures stand beside it, and text."""
    reader = Subscriber(0, "", language=language)
    made = render_html(shown, reader)
    page, pictures = made.html, {}
    for image in made.images:
        page = page.replace(f"cid:{image.cid}", image.name)
        pictures[image.name] = image.data
    text = render_text(shown, reader)
    return {"digest.html": page.encode(), "digest.txt": text.encode(), **pictures}


def delivered(station: Station) -> tuple[bool, str]:
    """Send what is queued; say whether all went well, and how it fared in words."""
    with stopping() as stop:
        posted = deliver(station, stop)
        mailed = mail(station, stop)
        waiting = dict(station.store.mailings.counts()).get(DeliveryState.QUEUED, 0)
    said = [delivered_words(posted) if station.delivers else "", mailed_words(mailed)]
    if waiting and not station.mails:
        said.append(f"{counted(waiting, 'copy waits', 'copies wait')} until SMTP_URL is set")
    posted_well, mailed_well = posted.all_well or posted.busy, mailed.all_well or mailed.busy
    return posted_well and mailed_well, "; ".join(filter(None, said))


def summary(shown: Digest) -> str:
    """Say in one line what a digest holds."""
    if shown.is_quiet:
        return f"{shown.title}, {shown.period.id}: nothing new; {coverage(shown.checked)}"
    counts = {section: len(shown.of(section)) for section in Section}
    parts = [f"{count} {_SECTIONS[section]}" for section, count in counts.items() if count]
    return f"{shown.title}, {shown.period.id}: {', '.join(parts)}; {coverage(shown.checked)}"
