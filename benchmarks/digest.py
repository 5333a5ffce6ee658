"""Measure time and memory of a digest of thousands of matters: composing, keeping, rendering.

    python benchmarks/digest.py [--matters 5000] [--readers 1000]

The store holds four times as many matters, and for each of the digest's a dozen older items, so
that reading a week out of the middle of everything is measured too. The readers share a dozen
choices of language, topics and places: what counts is a copy's cost beside that of the first one
of its choices. All text is made up.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor.config import Source
from monitor.config.settings import MonitorSettings
from monitor.connectors import kinds
from monitor.digest import Edition
from monitor.digesting import Newsroom, draft, publish
from monitor.jurisdictions import ocd
from monitor.letters import Letters
from monitor.models import (
    Collected,
    Direction,
    Frequency,
    Hearing,
    Identifier,
    Item,
    ItemType,
    Language,
    Match,
    Outcome,
    Passage,
    Priority,
    Subscriber,
)
from monitor.normalise import fingerprint, material
from monitor.store import Arrival, Store

NOW = datetime(2026, 11, 23, 13, tzinfo=UTC)
WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
EDITION = Edition("weekly", "The week", clock(8), channel="#x")
OLDER_ITEMS = 12
OTHERS = 3
SOURCES = 200
TEXT = "No officer shall enter into an agreement under section 287(g) of the Act. " * 70


def item(number: int, part: int, chance: random.Random) -> Item:
    """Make a docket's or council's item up; those of one number are one matter."""
    paper = number % 2 == 0
    hearing = Hearing("hearing", NOW + timedelta(days=chance.randint(1, 30)), "America/New_York")
    made = Item(
        source=f"source-{number % SOURCES}",
        key=f"{number}-{part}",
        type=ItemType.DOCKET_ENTRY if paper else ItemType.COUNCIL_ITEM,
        jurisdiction="cand" if paper else "ocd-division/country:us/state:ny",
        title=f"City of Sampleville and Others v. Doe, No. {number}" if paper else f"Item {number}",
        text=f"{part} {TEXT}",
        url=f"https://council.example/{number}/{part}",
        published=None,
        fingerprint="",
        identifiers=(Identifier("docket", "cand", f"3:25-cv-{number:05}"),),
        hearings=(hearing,) if number % 5 == 0 else (),
    )
    return replace(made, fingerprint=fingerprint(material(made)))


def match(number: int) -> tuple[Match, ...]:
    """Make a match with a passage of a letter's length up."""
    passage = Passage("text", 0, 400, TEXT[:400], ((50, 56),))
    priority = (Priority.HIGH, Priority.NORMAL)[number % 2]
    return (Match("287g", "287(g) agreements", priority, Direction.LIMITS, (passage,)),)


def fill(store: Store, matters: int, room: Newsroom) -> None:
    """Record the year before the week, compose its last digest, and record the week."""
    chance = random.Random(287)
    store.sources.begin([f"source-{n}" for n in range(SOURCES)], NOW - 60 * WEEK)
    for number in range(SOURCES):
        polled = Collected(f"source-{number}", NOW - 60 * WEEK, Outcome.CHANGED)
        store.sources.finish_poll(polled, NOW)
    for part in range(OLDER_ITEMS):
        seen_at = NOW - timedelta(weeks=2 + 4 * (OLDER_ITEMS - part))
        record(store, range(matters), part, seen_at, chance)
    record(store, range(matters, (OTHERS + 1) * matters), 0, NOW - 3 * WEEK, chance)
    publish(store, EDITION, EDITION.period("2026-W46"), room, NOW - timedelta(days=7))
    record(store, range(matters), OLDER_ITEMS, NOW - timedelta(days=2), chance)


def record(
    store: Store, numbers: range, part: int, seen_at: datetime, chance: random.Random
) -> None:
    """Record an item of each matter, as so many polls would."""
    for first in range(numbers.start, numbers.stop, 500):
        some = range(first, min(first + 500, numbers.stop))
        arrivals = [Arrival(item(n, part, chance), match(n)) for n in some]
        store.items.merge_all(arrivals, seen_at)


def sources() -> Iterator[Source]:
    """Make the configuration's sources up."""
    feed = kinds()["rss"].model_validate({"url": "https://council.example/feed"})
    for number in range(SOURCES):
        name = f"source-{number}"
        yield Source(name, f"Source {number}", "rss", feed, "us", HOUR, "", "UTC")


def main() -> None:
    """Fill a store, compose, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=5_000)
    parser.add_argument("--readers", type=int, default=1_000)
    chosen = parser.parse_args()
    matters = chosen.matters
    room = Newsroom(tuple(sources()))
    period = EDITION.period("2026-W47")
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "monitor.db") as store:
        began = time.perf_counter()
        fill(store, matters, room)
        print(f"{store.items.count():,} items of {store.matters.count():,} matters", end=", ")
        print(
            f"{store.upkeep.size() / 1e6:.0f} MB, recorded in {time.perf_counter() - began:.0f} s"
        )
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        taken = cost(lambda: draft(store, EDITION, period, room, NOW))
        tracemalloc.start()
        digest = draft(store, EDITION, period, room, NOW)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        kept = cost(lambda: publish(store, EDITION, period, room, NOW))
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        read = cost(lambda: store.digests.of("weekly", period.id))
        print(f"{len(digest.matters):,} matters in the digest")
        print(f"composed in {taken:.2f} s, with keeping {kept:.2f} s, read back in {read:.2f} s")
        print(
            f"peak {peak / 1e6:.0f} MB of Python's; resident {before // 1024} → {after // 1024} MB"
        )
        render(store, period.id, chosen.readers)


def render(store: Store, period: str, readers: int) -> None:
    """Write a copy for each reader, and say what the first of each choice and the others took."""
    choices = list(product(Language, ((), ("287g",)), ((), (ocd("ny"),), ("cand",))))
    with store.transaction():
        for number in range(readers):
            language, topics, places = choices[number % len(choices)]
            wanted = Subscriber(0, f"r{number}@people.test", "", topics, places, language=language)
            store.subscribers.add(wanted, NOW, confirmed=True)
    store.mailings.queue(EDITION.name, period, Frequency.WEEKLY, NOW)
    letters = Letters(store, MonitorSettings(contact="team@example.test"))
    spent: list[float] = []
    while mailing := store.mailings.reserve(NOW):
        began = time.process_time()
        letters.write(mailing, NOW)
        spent.append(time.process_time() - began)
        store.mailings.confirm(mailing.id, "", NOW)
    first, others = spent[: len(choices)], spent[len(choices) :]
    mean = sum(others) / len(others)
    print(f"{readers:,} copies of {len(choices)} choices: {sum(spent):.1f} s of the processor")
    print(
        f"the first of a choice {sum(first) / len(first):.2f} s, another {mean * 1000:.1f} ms",
        end="",
    )
    print(f": {len(first) * mean / sum(first):.4f} of it")


def cost(work: Callable[[], object]) -> float:
    """Measure the seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
