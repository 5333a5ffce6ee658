"""Measure what it costs to find the matter of an item, in a small store and in a ten times larger.

    python benchmarks/matters.py [--quick]

Ten thousand items, then a hundred thousand (with --quick a tenth of both) come in polls of fifty:
stories of many outlets, items of many councils, bills of all states with releases that name them,
and docket entries. Their titles are made of few words, so that many share keys, and every one
matches a filter, so that all are looked at. What counts is the last thousand of each size, in this
run: below one millisecond an item, and no more of it in the larger store. The steps of SQLite's
machine are counted beside the time: no other load on the machine enters into them. All is made up.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from monitor.jurisdictions import ocd
from monitor.look import all_clues
from monitor.models import Direction, Entry, Identifier, Item, ItemType, Match, Passage, Priority
from monitor.normalise import normalise
from monitor.store import Arrival, Store

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
POLL = 50
# SQLite tells of every thousand steps; that costs nothing that could be measured.
STEPS = 1_000
LAST = 1_000
STATES = ("al", "az", "ca", "co", "fl", "ga", "il", "ny", "nc", "tx", "va", "wa")
TOWNS = [f"{one}{two}" for one in ("Sample", "Other", "New", "Lake", "Fair", "Oak", "West")
         for two in ("ville", "ton", "field", "wood", "port", "dale", "burg", "haven")]  # fmt: skip
WHO = ("sheriff", "council", "mayor", "police chief", "county board", "attorney general",
       "judge", "governor", "school board", "prosecutor")  # fmt: skip
DOES = ("ends", "signs", "rejects", "defends", "suspends", "reviews", "delays", "renews", "debates",
        "blocks", "approves", "questions")  # fmt: skip
WHAT = ("287(g) agreement", "detainer policy", "sanctuary ordinance", "ICE contract",
        "jail agreement", "immigration task force", "courthouse arrests rule",
        "license plate data deal", "welcoming city act", "detention center lease")  # fmt: skip
WHY = ("after long vote", "amid protests", "as lawsuit looms", "over cost concerns",
       "before deadline", "despite state law", "following audit", "in split decision")  # fmt: skip
WHY_MATCHED = (
    Match(
        "ice",
        "ICE",
        Priority.NORMAL,
        Direction.UNCLEAR,
        (Passage("text", 0, 3, "ICE", ((0, 3),)),),
    ),
)


class World:
    """Makes items up, the same ones in each run, an hour apart for every few of them."""

    def __init__(self) -> None:
        self._chance = random.Random(287)
        self._number = 0
        self._stories: list[tuple[str, str, str]] = []

    def arrivals(self) -> Iterator[Arrival]:
        """Yield items with their clues, without end."""
        makers = (self._story, self._story, self._story, self._council, self._council, self._bill,
                  self._release, self._docket)  # fmt: skip
        while True:
            self._number += 1
            item = self._chance.choice(makers)()
            yield Arrival(item, WHY_MATCHED, clues=all_clues(item))

    @property
    def _now(self) -> datetime:
        return BEGIN + timedelta(minutes=4 * self._number)

    def _pick(self, words: tuple[str, ...] | list[str]) -> str:
        return self._chance.choice(words)

    def _made(self, kind: ItemType, place: str, title: str, body: str, **fields: object) -> Item:
        number = self._number
        source = f"source-{self._chance.randrange(400)}"
        entry = Entry(
            kind,
            str(number),
            title,
            body,
            url=f"https://{source}.example/{number}/{'-'.join(title.lower().split()[:7])}",
            published=self._now,
        )
        return normalise(replace(entry, **fields), source, place)  # type: ignore[arg-type]

    def _story(self) -> Item:
        """Print a story of the last days again, or a new one."""
        if self._stories and self._chance.random() < 0.4:
            place, title, body = self._pick(self._stories[-60:])  # type: ignore[arg-type,misc]
            if self._chance.random() < 0.5:
                title = f"{title.rsplit(' ', 3)[0]} {self._pick(WHY)}"
        else:
            town = self._pick(TOWNS)
            place = ocd(self._pick(STATES))
            title = (
                f"{town} {self._pick(WHO)} {self._pick(DOES)} {self._pick(WHAT)} {self._pick(WHY)}"
            )
            body = (
                f"{town.upper()} (AP) - The {self._pick(WHO)} said on Monday that the "
                f"{self._pick(WHAT)} would be taken up {self._pick(WHY)}, and that "
                f"{self._chance.randrange(2, 900)} people had been held. "
            ) * 3
            self._stories.append((place, title, body))
        return self._made(ItemType.NEWS, place, title, body)

    def _council(self) -> Item:
        town = self._pick(TOWNS).lower()
        place = ocd(f"{self._pick(STATES)}/{town}")
        title = (
            f"Resolution: {self._pick(WHO)} {self._pick(DOES)} {self._pick(WHAT)} "
            f"{self._pick(WHY)}, and reporting on it by district {self._chance.randrange(40)}"
        )
        names = ()
        if self._chance.random() < 0.5:
            number = f"26-{self._number:04}"
            names = (Identifier("council_file", place, number),)
        return self._made(ItemType.AGENDA_ITEM, place, title, "", identifiers=names)

    def _bill(self) -> Item:
        state = self._pick(STATES)
        name = f"HB {self._chance.randrange(1, 2_000)}"
        title = f"An act relating to the {self._pick(WHAT)} of the {self._pick(WHO)}"
        names = (Identifier("bill", f"{ocd(state)}/2026", name),)
        return self._made(ItemType.BILL, ocd(state), title, f"{title}. " * 20, identifiers=names)

    def _release(self) -> Item:
        state = self._pick(STATES)
        name = f"HB {self._chance.randrange(1, 2_000)}"
        title = f"Statement of the {self._pick(WHO)} on {name}: {self._pick(WHAT)}"
        return self._made(ItemType.PRESS_RELEASE, ocd(state), title, f"{name} {self._pick(WHY)}.")

    def _docket(self) -> Item:
        number = f"1:26-cv-{self._chance.randrange(1, 3_000):05}"
        title = f"City of {self._pick(TOWNS)} v. {self._pick(TOWNS)}"
        names = (Identifier("docket", "nysd", number),)
        words = f"MOTION on the {self._pick(WHAT)} by {self._pick(TOWNS)} ({self._number})"
        return self._made(ItemType.DOCKET_ENTRY, "nysd", title, words, identifiers=names)


class Steps:
    """Counts the steps that SQLite takes for a store."""

    def __init__(self, store: Store) -> None:
        self.count = 0
        store._db.database.conn.set_progress_handler(self._told, STEPS)  # noqa: SLF001

    def _told(self) -> int:
        self.count += STEPS
        return 0


def filled(
    store: Store, world: Iterator[Arrival], items: int, steps: Steps
) -> tuple[float, float, float]:
    """Let items come in; say what merging one cost at last.

    Returns milliseconds an item, those of the worst poll, and steps of SQLite an item.
    """
    polls: list[float] = []
    counts: list[int] = []
    done = 0
    while done < items:
        poll = list(islice(world, POLL))
        began, before = time.process_time(), steps.count
        store.items.merge_all(poll, BEGIN + timedelta(minutes=4 * done))
        polls.append((time.process_time() - began) * 1_000 / POLL)
        counts.append(steps.count - before)
        done += POLL
    last = polls[-LAST // POLL :]
    return median(last), max(last), sum(counts[-LAST // POLL :]) / LAST


def main() -> None:
    """Fill a store twice, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the items")
    small = 1_000 if parser.parse_args().quick else 10_000
    made = World()
    world = made.arrivals()
    print(f"{'items':>8}  {'ms an item':>10}  {'worst poll':>10}  {'steps':>8}  {'matters':>8}")
    costs = []
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "m.db") as store:
        steps = Steps(store)
        for items in (small, 9 * small):
            cost, worst, taken = filled(store, world, items, steps)
            costs.append((cost, taken))
            print(
                f"{store.items.count():>8,}  {cost:>10.3f}  {worst:>10.3f}  {taken:>8,.0f}  "
                f"{store.matters.count():>8,}"
            )
    began = time.process_time()
    arrivals = list(islice(world, LAST))
    clues = (time.process_time() - began) * 1_000 / LAST
    keys = sum(len(one.clues.keys) for one in arrivals) / LAST
    print(f"making an item up with its {keys:.1f} keys and its names: {clues:.3f} ms")
    (early, few), (late, many) = costs
    print(
        f"ten times as many items cost {late / early:.2f} times as much time each, and "
        f"{many / few:.2f} times as many steps of SQLite"
    )


if __name__ == "__main__":
    main()
