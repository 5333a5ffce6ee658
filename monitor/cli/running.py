"""`run` and `once`: the service, and one round through the sources."""

from __future__ import annotations

import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from monitor.cli.common import Age, Desk, counted, now, plain, print_json, say, unknown_source
from monitor.cli.mailing import mail, mailed_words
from monitor.cli.progress import Progress
from monitor.config import Source
from monitor.errors import ConfigError
from monitor.models import Alert, Collected, Outcome
from monitor.neighbours import PATIENCE as HOLD_BACK
from monitor.pipeline import Recorded, Rules
from monitor.rounds import Crew, lane
from monitor.station import Station
from monitor.store import DeliveryState
from monitor.tally import DeliverySummary

PREVIEW = timedelta(days=14)
MOST_PREVIEWED = 25
MOST_NAMED = 6
MOST_AT_ONCE = 3
# How long one round waits for a channel that asks for a pause, before it leaves the rest queued.
PATIENCE = timedelta(minutes=2)
UNHEARD = (
    "Posted without buttons, for nobody hears them: `monitor run` does, and adds them when it runs."
)
# How long after Ctrl-C the round waits for the answers that are on their way.
LAST_RESULTS_SECONDS = 2.0


@click.command()
@click.pass_obj
def run(desk: Desk) -> int:
    """Poll on schedule, deliver alerts and stay, until SIGTERM or Ctrl-C.

    Each source is polled at its own `every` or `cron`. What is in hand when the signal comes, a
    transaction or a post, is finished; nothing is left half-done.
    """
    from monitor.service import Service  # noqa: PLC0415 - one round needs no scheduler

    with desk.station() as station, stopping() as stop:
        Service(station, stop).run()
    return 0


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--due", is_flag=True, help="Poll only what is due by its schedule.")
@click.option(
    "--replay",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="PATH",
    help="Answer every request from this WARC file instead of the network; can be repeated.",
)
@click.option(
    "--backfill",
    type=Age(),
    help="Alert also on what a source's first poll finds, where it is newer than AGE (7d).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON document.")
@click.pass_obj
def once(
    desk: Desk,
    ids: tuple[str, ...],
    *,
    due: bool,
    replay: tuple[Path, ...],
    backfill: timedelta | None,
    as_json: bool,
) -> int:
    """Poll every source once, or those named, deliver what is new, and print a summary.

    A source that is polled for the first time is learnt silently: its backlog is stored and
    searchable, and alerts begin with its next poll. --backfill changes that.
    """
    out = sys.stderr if as_json else sys.stdout
    with desk.station(replay, out) as station, stopping() as stop:
        sources = chosen(station, ids, due=due)
        newcomer = station.store.items.count() == 0
        rules = station.rules(
            backfill=now() - backfill if backfill else None,
            preview=now() - PREVIEW if newcomer else None,
        )
        recorded = walk(station, sources, rules, backfill, stop)
        station.remind(station.store)
        station.sum_up(station.store)
        station.publish_due(station.store)
        station.bulletin.silences(station.store)
        # A whole round shows at once what fails together; a part of one leaves that to the next.
        station.bulletin.outages(station.store, HOLD_BACK if due else timedelta())
        delivered = deliver(station, stop)
        mailed = mail(station, stop)
        station.keep_house(station.store, stop.is_set)
        if as_json:
            print_json(summary(recorded, delivered) | {"mailed": plain(mailed)})
        else:
            report(station, recorded, delivered, newcomer=newcomer)
            if words := mailed_words(mailed):
                click.echo(f"Digests: {words}.")
        if stop.is_set():
            say("Stopped before the round was complete; nothing was left half-done.")
        troubled = any(r.collected.outcome is Outcome.FAILED for r in recorded)
        well = (delivered.all_well or delivered.busy) and (mailed.all_well or mailed.busy)
        return int(troubled or not well)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Turn SIGTERM and Ctrl-C into an event; a second Ctrl-C breaks off at once."""
    stop = threading.Event()

    def wish(number: int, frame: object) -> None:
        del frame
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, wish) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def chosen(station: Station, ids: Sequence[str], *, due: bool) -> tuple[Source, ...]:
    """Pick the sources of this round; says which are skipped for want of a key."""
    by_id = {source.id: source for source in station.config.sources}
    unknown = [name for name in ids if name not in by_id]
    if unknown:
        raise ConfigError(tuple(unknown_source(name, by_id) for name in unknown))
    wanted = [by_id[name] for name in ids] or [s for s in by_id.values() if s.enabled]
    station.store.sources.begin([s.id for s in by_id.values() if s.enabled], now())
    if due:
        ripe = set(station.store.sources.due(now()))
        wanted = [source for source in wanted if source.id in ripe]
    usable: list[Source] = []
    for source in wanted:
        if keys := station.missing_keys(source):
            say(f"{source.id}: skipped until {' and '.join(keys)} is set")
        else:
            usable.append(source)
    return tuple(usable)


def walk(
    station: Station,
    sources: Sequence[Source],
    rules: Rules,
    backfill: timedelta | None,
    stop: threading.Event,
) -> tuple[Recorded, ...]:
    """Poll the sources with all workers; shows progress; ends early when `stop` is set."""
    recorded: list[Recorded] = []
    with Progress(len(sources)) as progress, station.crew(station.store, backfill) as crew:
        for source in sources:
            crew.send(source)
        for brought in results(crew, stop):
            for done in station.record_all(station.store, brought, rules):
                recorded.append(done.in_short())
                progress.advance(done.source.name, done.collected.outcome)
    return tuple(recorded)


def results(crew: Crew, stop: threading.Event) -> Iterator[tuple[tuple[Source, Collected], ...]]:
    """Yield what the workers bring together, until all is done or `stop` is set."""
    while not crew.idle and not stop.is_set():
        if brought := tuple(crew.finished(0.5)):
            yield brought
    for last in crew.wind_down(LAST_RESULTS_SECONDS):
        yield (last,)


def deliver(station: Station, stop: threading.Event) -> DeliverySummary:
    """Send what is queued; without Slack there is nothing queued, and what was stays there."""
    if not station.delivers:
        return DeliverySummary()
    queued = dict(station.store.outbox.counts()).get(DeliveryState.QUEUED, 0)
    if queued > MOST_AT_ONCE and sys.stderr.isatty():
        say(f"Delivering {queued} alerts; a channel takes one a second. Ctrl-C leaves the rest.")
    return station.deliverer(station.store, stop.is_set).deliver_due(now(), PATIENCE)


def summary(recorded: Sequence[Recorded], delivered: DeliverySummary) -> dict[str, object]:
    """Lay the round out for --json."""
    return {
        "sources": [
            {
                "id": r.source.id,
                "outcome": r.collected.outcome.value,
                "reason": r.collected.reason,
                "entries": r.entries,
                "new": r.new,
                "updated": r.updated,
                "refused": [plain(refusal) for refusal in r.collected.refusals],
                "warnings": list(r.collected.warnings),
                "alerts": len(r.alerts),
                "gap": r.collected.gap,
            }
            for r in recorded
        ],
        "delivered": plain(delivered),
    }


def report(
    station: Station,
    recorded: Sequence[Recorded],
    delivered: DeliverySummary,
    *,
    newcomer: bool,
) -> None:
    """Tell a person what the round came to: a preview, then counts, then troubles."""
    seeded = [alert for r in recorded for alert in r.seeded]
    if newcomer and seeded:
        preview(station, seeded)
    counts = Counter(r.collected.outcome for r in recorded)
    words = ", ".join(
        f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome]
    )
    click.echo(f"{counted(len(recorded), 'source')} polled: {words or 'none'}.")
    new, updated = sum(r.new for r in recorded), sum(r.updated for r in recorded)
    told = sum(alert.kind != "health" for r in recorded for alert in r.alerts)
    fate = delivered_words(delivered) if station.delivers else f"{counted(told, 'alert')} shown"
    click.echo(f"{counted(new, 'new item')}, {updated} changed; {fate}.")
    if newcomer and any(r.seeded or (r.new and not r.alerts) for r in recorded):
        click.echo("These were first polls: their backlog is stored, and alerts begin from here.")
    troubles(recorded)
    for trouble in delivered.troubles:
        click.echo(f"{trouble.channel}: {trouble.reason} ({trouble.code})")
    if delivered.sent and station.hears_slack and not station.ears.hear(now()):
        click.echo(UNHEARD)


def delivered_words(delivered: DeliverySummary) -> str:
    """Say how the alerts fared."""
    if delivered.busy:
        return "another process is delivering the alerts"
    parts = [f"{counted(delivered.sent, 'alert')} delivered"]
    parts += [f"{delivered.postponed} to be tried again"] if delivered.postponed else []
    parts += [f"{delivered.failed} failed"] if delivered.failed else []
    parts += [f"{delivered.unknown} of unknown fate"] if delivered.unknown else []
    return ", ".join(parts)


def preview(station: Station, seeded: Sequence[Alert]) -> None:
    """Show a newcomer what the last days would have brought."""
    days = PREVIEW.days
    click.echo(f"\nWhat the last {days} days would have brought ({len(seeded)}):\n")
    newest = sorted(seeded, key=_published, reverse=True)
    for alert in newest[:MOST_PREVIEWED]:
        station.show(alert)
    if len(seeded) > MOST_PREVIEWED:
        click.echo(f"… and {len(seeded) - MOST_PREVIEWED} more; `monitor search` finds them.\n")


def _published(alert: Alert) -> datetime:
    published = alert.item.published if alert.item else None
    return published or datetime.min.replace(tzinfo=UTC)


def troubles(recorded: Sequence[Recorded]) -> None:
    """Sum up what could not be read by reason, a line each, not a wall of errors."""
    for r in recorded:
        if r.collected.gap:
            click.echo(f"{r.source.id}: no entry known before was left; some were missed.")
        if r.collected.refusals and r.collected.outcome is not Outcome.FAILED:
            first = r.collected.refusals[0]
            count = counted(len(r.collected.refusals), "record")
            click.echo(f"{r.source.id}: {count} not usable: {first.what}: {first.why}")
    failed = [r for r in recorded if r.collected.outcome is Outcome.FAILED]
    if not failed:
        return
    by_reason: dict[str, list[str]] = {}
    for r in failed:
        # The same fault at a hundred hosts is one line.
        reason = r.collected.reason.replace(lane(r.source), "the host")
        by_reason.setdefault(reason, []).append(r.source.id)
    click.echo(f"\n{counted(len(failed), 'source')} could not be read:")
    for reason, ids in sorted(by_reason.items(), key=lambda pair: -len(pair[1])):
        more = len(ids) - MOST_NAMED
        names = ", ".join(ids[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        click.echo(f"  {counted(len(ids), 'source')}: {reason}\n    {names}")
    click.echo("`monitor status` shows each; `monitor sources test ID` tries one again.")
