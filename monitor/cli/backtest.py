"""`filters backtest`: what changed filters would have alerted, on everything that is stored."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import click

from monitor.cli.common import Age, Desk, counted, now, print_json, say
from monitor.cli.lines import is_relevant
from monitor.config import load
from monitor.errors import ConfigError
from monitor.matching import FilterSet
from monitor.models import Item, Match, Priority
from monitor.store import StoredItem
from monitor.text import mask_private, one_line

MOST_SAMPLES = 10
YEAR = timedelta(days=365)
FILES = ("filters", "sources.yaml", "monitor.yaml")


@dataclass
class Ledger:
    """What changed between two sets of filters, counted as items go by.

    gained, lost: items that only the new, or only the old filters alert.
    """

    items: int = 0
    before: int = 0
    after: int = 0
    gained: list[tuple[Item, tuple[Match, ...]]] = field(default_factory=list)
    lost: list[tuple[Item, tuple[Match, ...]]] = field(default_factory=list)
    topics: Counter[str] = field(default_factory=Counter)
    topics_lost: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)

    def count(self, item: Item, old: tuple[Match, ...], new: tuple[Match, ...]) -> None:
        """Enter one item."""
        self.items += 1
        was, is_now = is_relevant(old), is_relevant(new)
        self.before += was
        self.after += is_now
        then, today = _alerting(old), _alerting(new)
        self.topics.update(today - then)
        self.topics_lost.update(then - today)
        self.held.update(match.topic for match in new)
        if is_now and not was:
            self.gained.append((item, new))
        elif was and not is_now:
            self.lost.append((item, old))


def _alerting(matches: tuple[Match, ...]) -> set[str]:
    return {match.topic for match in matches if match.priority is not Priority.LOW}


@click.command()
@click.option(
    "--against",
    default="HEAD",
    show_default=True,
    metavar="REV",
    help="The filters of this commit.",
)
@click.option("--since", type=Age(), help="Only items first seen within AGE (90d); default: all.")
@click.option(
    "--samples",
    type=click.IntRange(0),
    default=MOST_SAMPLES,
    show_default=True,
    help="Show at most so many gained, and so many lost.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def backtest(
    desk: Desk, against: str, since: timedelta | None, samples: int, *, as_json: bool
) -> int:
    """Run the filters as they are now, and those of a commit, over all stored items.

    Prints the alerts gained and lost, with samples, as Markdown to paste into a pull request.
    A filter that held on nothing stored in a year is pointed out.
    """
    new = desk.config.filters
    old = filters_at(desk.config_dir, against)
    ledger = Ledger()
    with desk.store() as store:
        begin = now() - since if since else None
        for stored in store.items.stored(since=begin):
            ledger.count(stored.item, _matches(old, stored), _matches(new, stored))
        oldest = next(iter(store.items.stored()), None)
    whole_year = oldest is not None and now() - oldest.first_seen >= YEAR
    idle = sorted({rule.topic for rule in new.filters} - set(ledger.held)) if whole_year else []
    if as_json:
        print_json(_laid_out(ledger, against, idle))
    else:
        for line in report(ledger, against, idle, samples):
            click.echo(line)
    return 0


def _matches(filters: FilterSet, stored: StoredItem) -> tuple[Match, ...]:
    return () if stored.item.muted else filters.match(stored.item)


def filters_at(folder: Path, revision: str) -> FilterSet:
    """Read the filters of a commit; raises ConfigError where git or the commit is not there."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        packed = _git(folder, "archive", "--format=tar", revision, "--", *FILES)
        subprocess.run(["tar", "-xf", "-", "-C", name], input=packed, check=True)  # noqa: S603, S607 - fixed words
        for file in FILES[1:]:
            if not (place / file).exists():
                say(f"{revision} has no {file}; today's stands in")
                (place / file).write_bytes((folder / file).read_bytes())
        return load(place).filters


def _git(folder: Path, *words: str) -> bytes:
    """Ask git; the words are fixed but for the revision, which cannot be an option."""
    if words[2].startswith("-"):
        raise ConfigError((f"'{words[2]}' is no commit",))
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the revision cannot be an option
            ["git", "-C", str(folder), *words],  # noqa: S607
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as fault:
        raise ConfigError(("git is not installed; `filters backtest` compares commits",)) from fault
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ConfigError((f"git: {said[-1] if said else 'failed'}",))
    return done.stdout


def report(ledger: Ledger, against: str, idle: list[str], samples: int) -> Iterator[str]:
    """Write the comparison as Markdown."""
    yield f"### Filters against `{against}`, on {counted(ledger.items, 'stored item')}"
    yield ""
    yield f"Alerts before: {ledger.before}; now: {ledger.after}."
    yield f"Gained: {len(ledger.gained)}; lost: {len(ledger.lost)}."
    changed = sorted(set(ledger.topics) | set(ledger.topics_lost))
    if changed:
        yield ""
        yield "| topic | gained | lost |"
        yield "| --- | ---: | ---: |"
        for topic in changed:
            yield f"| {topic} | {ledger.topics[topic]} | {ledger.topics_lost[topic]} |"
    for heading, entries in (("Gained", ledger.gained), ("Lost", ledger.lost)):
        yield from _samples(heading, entries, samples)
    for topic in idle:
        yield ""
        yield f"`{topic}` held on nothing that was stored in a year: is it still needed?"


def _samples(
    heading: str, entries: list[tuple[Item, tuple[Match, ...]]], most: int
) -> Iterator[str]:
    if not entries or not most:
        return
    yield ""
    yield f"**{heading}** ({len(entries)}):"
    yield ""
    # Spread over all that changed, not its oldest part only.
    step = max(len(entries) // most, 1)
    for item, matches in entries[::step][:most]:
        topics = ", ".join(sorted({match.topic for match in matches}))
        yield f"- {one_line(mask_private(item.title), 140)} ({item.source}; {topics})"
        passage = next((p for match in matches for p in match.passages if p.field != "title"), None)
        if passage:
            yield f"  > {one_line(mask_private(passage.text), 200)}"


def _laid_out(ledger: Ledger, against: str, idle: list[str]) -> dict[str, object]:
    def shown(entries: list[tuple[Item, tuple[Match, ...]]]) -> list[dict[str, object]]:
        return [
            {
                "source": item.source,
                "key": item.key,
                "title": item.title,
                "topics": sorted({match.topic for match in matches}),
            }
            for item, matches in entries
        ]

    return {
        "against": against,
        "items": ledger.items,
        "alerts_before": ledger.before,
        "alerts_now": ledger.after,
        "gained": shown(ledger.gained),
        "lost": shown(ledger.lost),
        "topics_gained": dict(ledger.topics),
        "topics_lost": dict(ledger.topics_lost),
        "idle": idle,
    }
