"""`sources add` and `sources record`: from an address to an entry in YAML, and to a recording."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from textwrap import dedent, indent

import click

from monitor.cli.common import Desk, counted, now, say, unknown_source
from monitor.config import load
from monitor.config.hosts import leads_inside
from monitor.connectors import kinds
from monitor.errors import ConfigError, MonitorError, SourceError
from monitor.fetch import append as append_records
from monitor.models import Access, Fetcher, Outcome, Pairs, Poll, Request, Response, Validators
from monitor.pipeline import collect
from monitor.station import Station
from monitor.text import fold
from monitor.urls import absolute, host
from monitor.visit import Task

# How far the entries of sources.yaml are indented.
_DASH = re.compile(r"^( *)- +(?:id|name|kind):", re.MULTILINE)
LAST = ("html", "page", "rss")


@click.command()
@click.argument("url")
@click.option("--id", "source_id", default="", help="Its id; default: made from the host.")
@click.option("--name", default="", help="Its name for people; default: the host.")
@click.option("--in", "place", default="", metavar="PLACE", help="Its place: ny, ny/new_york, us.")
@click.option("--print", "only_print", is_flag=True, help="Print the YAML, write nothing.")
@click.pass_obj
def add(desk: Desk, url: str, source_id: str, name: str, place: str, *, only_print: bool) -> int:
    """Find out who publishes URL, and write an entry for it into sources.yaml.

    The address alone often tells the platform; else the page behind it is read, for a feed that it
    names or for a platform's marks. The rest of sources.yaml stays as it is.
    """
    address = absolute("", url)
    if not address:
        raise click.BadParameter(f"{url!r} is no address that begins with http:// or https://")
    desk.jurisdiction(place)
    with desk.station() as station:
        kind, options = recognised(address, station)
    taken = {source.id for source in desk.config.sources}
    entry = written(
        kind, options, free_id(source_id or id_of(address), taken), name, place, address
    )
    if only_print:
        click.echo(entry)
        return 0
    append(desk.config_dir / "sources.yaml", entry)
    click.echo(entry)
    click.echo("Added to sources.yaml. `monitor sources test` tries it without storing anything.")
    return 0


def recognised(address: str, station: Station) -> tuple[str, Pairs]:
    """Find the kind that knows an address, by the address alone or by the page behind it."""
    if found := _asked(address, ""):
        return found
    page = ""
    try:
        answer = station.fetcher.fetch(Request(address, access=Access.PAGE))
        page = answer.body.decode("utf-8", "replace")
    except SourceError as fault:
        say(f"the page could not be read: {fault.reason}")
    if found := _asked(address, page):
        _refuse_inside(address, found[1])
        return found
    raise ConfigError((f"{address}: no kind knows it (`kind: page` watches any page for change)",))


def _refuse_inside(address: str, options: Pairs) -> None:
    """Refuse what a page of the internet leads to in one's own network."""
    inside = [value for _, value in options if leads_inside(value)]
    if inside and not leads_inside(address):
        fault = f"{address} leads into your own network, to {inside[0]} (nothing was written)"
        raise ConfigError((fault,))


def _asked(address: str, page: str) -> tuple[str, Pairs] | None:
    """Ask every kind; those that take nearly anything come last."""
    for name in sorted(kinds(), key=lambda name: (name in LAST, name)):
        options = kinds()[name].recognise(address, page)
        if options is not None:
            return name, options
    return None


def id_of(address: str) -> str:
    """Make an id of a host's name: council-nola."""
    words = [word for word in host(address).split(".") if word not in ("www", "com", "org", "gov")]
    return "-".join(words[:3]).lower() or "source"


def free_id(wanted: str, taken: set[str]) -> str:
    """Give an id a number where it is taken."""
    clean = "".join(c if c.isalnum() else "-" for c in fold(wanted)).strip("-")
    return next(i for i in (clean, *(f"{clean}-{n}" for n in range(2, 1000))) if i not in taken)


def written(kind: str, options: Pairs, source_id: str, name: str, place: str, address: str) -> str:
    """Write an entry as a volunteer would."""
    lines = [
        f"  - id: {source_id}",
        f"    name: {quoted(name or host(address))}",
        f"    kind: {kind}",
        *(f"    {option}: {quoted(value)}" for option, value in options),
    ]
    if not kinds()[kind].model_fields.get("court"):
        lines.append(
            f"    jurisdiction: {place or 'us'}" + ("" if place else "  # put in its place")
        )
    lines += ["    every: 1h", f"    note: {quoted(f'added from {address}')}"]
    return "\n".join(lines)


def quoted(text: str) -> str:
    """Quote a value where YAML would read it as something else."""
    plain = text and not set(text) & set("#:{}[]&*!|>'\"%@`,?") and text.strip() == text
    if (
        plain
        and not text[0].isdigit()
        and text.lower() not in ("true", "false", "null", "yes", "no")
    ):
        return text
    if text in ("true", "false") or (
        text.startswith("http") and " " not in text and "#" not in text
    ):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def append(path: Path, entry: str) -> None:
    """Append an entry to sources.yaml; where the result would be faulty, it stays as it was."""
    before = path.read_text(encoding="utf-8")
    as_there = _DASH.search(before)
    shifted = indent(dedent(entry), as_there.group(1) if as_there else "  ")
    after = before.rstrip("\n") + "\n\n" + shifted + "\n"
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name)
        (trial / "sources.yaml").write_text(after, encoding="utf-8")
        shutil.copytree(path.parent / "filters", trial / "filters")
        shutil.copyfile(path.parent / "monitor.yaml", trial / "monitor.yaml")
        try:
            load(trial)
        except MonitorError as fault:
            raise ConfigError((f"{fault}", "sources.yaml was left as it was")) from fault
    path.write_text(after, encoding="utf-8")


@click.command("record")
@click.argument("source_id", metavar="ID")
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it  [default: ID.warc.gz].",
)
@click.pass_obj
def record_source(desk: Desk, source_id: str, to: Path | None) -> int:
    """Poll one source and write all that was asked and answered into a WARC file.

    `monitor sources test ID --replay FILE` then polls from it. No key stands in the file. Where
    the poll fails, the answers up to there are kept; where none came, nothing is written.
    """
    source = desk.config.source(source_id)
    if source is None:
        raise ConfigError((unknown_source(source_id, [s.id for s in desk.config.sources]),))
    target = to or Path(f"{source_id}.warc.gz")
    with desk.station() as station:
        recorder = Recorder(station.fetcher)
        task = Task(source, Poll(now=now(), timezone=source.timezone), pace=station.pace(source))
        collected = collect(task, recorder, desk.config.filters)
    failed = collected.outcome is Outcome.FAILED
    if failed:
        say(f"The poll failed: {collected.reason}")
    if not recorder.answers:
        say(f"Nothing was written: there was no answer to keep{_left(target)}.")
        return 1
    target.unlink(missing_ok=True)
    append_records(target, recorder.answers)
    click.echo(
        f"{target}: {counted(len(recorder.answers), 'answer')}, "
        f"{counted(len(collected.seen), 'entry', 'entries')}"
        + (", up to where the poll failed" if failed else "")
    )
    return int(failed)


def _left(target: Path) -> str:
    return f"; {target} is the recording made before" if target.exists() else ""


class Recorder:
    """Passes requests on, and keeps every answer."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.answers: list[Response] = []

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer one request, and keep the answer."""
        response = self._fetcher.fetch(request, last)
        self.answers.append(response)
        return response
