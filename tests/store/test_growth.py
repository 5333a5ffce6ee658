"""What it costs to find the matter of an item does not depend on how much is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from monitor.jurisdictions import ocd
from monitor.look import all_clues
from monitor.models import Identifier, Item, ItemType
from monitor.store import Arrival, Store
from tests.store.builders import NOW, item, match

STATES = ("az", "ca", "co", "ga", "il", "nc", "ny", "tx", "va", "wa")
# SQLite tells of every so many steps of its machine; no clock and no load enter into that.
STEPS = 20
SMALL, LARGE = 300, 3_000


@dataclass
class Steps:
    """How often SQLite told that it goes on."""

    count: int = 0

    def told(self) -> int:
        """Count, and let it go on."""
        self.count += 1
        return 0


def story(number: int) -> Item:
    """Print a story of its own, with words that many stories share."""
    title = f"Sheriff of Sample{number} defends jail agreement before the county board"
    text = f"SAMPLE{number} (AP) - The sheriff said that {number} people had been held there."
    url = f"https://paper-{number % 40}.example/{number}/sheriff-defends-agreement-sample{number}"
    return item(f"s{number}", "papers", type=ItemType.NEWS, title=title, text=text, url=url)


def bill(number: int) -> Item:
    """Keep a bill in one of ten states."""
    state = ocd(STATES[number % 10])
    name = Identifier("bill", f"{state}/2026", f"HB {number // 10}")
    title = f"An act relating to detainers, part {number}"
    return item(
        f"b{number}", "states", type=ItemType.BILL, jurisdiction=state, title=title,
        identifiers=(name,),
    )  # fmt: skip


def release(number: int) -> Item:
    """Let somebody speak of a bill of such a state."""
    state = ocd(STATES[number % 10])
    title = f"Senator {number} speaks against HB {number // 10} on detainers"
    return item(
        f"r{number}", "press", type=ItemType.PRESS_RELEASE, jurisdiction=state, title=title,
        url=f"https://senator-{number}.example/",
    )  # fmt: skip


def docket(number: int) -> Item:
    """File a paper in a case of its own."""
    name = Identifier("docket", "nysd", f"1:26-cv-{number:05}")
    title = f"City of Sample{number} v. Sample"
    return item(
        f"d{number}", "court", type=ItemType.DOCKET_ENTRY, jurisdiction="nysd", title=title,
        text=f"MOTION to stay by Sample{number}", identifiers=(name,),
    )  # fmt: skip


def arrivals(numbers: Sequence[int]) -> Iterator[Arrival]:
    """Let items of each sort come in, a minute apart."""
    for number in numbers:
        for make in (story, bill, release, docket):
            made = replace(make(number), published=NOW + timedelta(minutes=number))
            yield Arrival(made, (match(),), clues=all_clues(made))


@contextmanager
def counted(store: Store) -> Iterator[Steps]:
    """Count the steps of SQLite's machine meanwhile."""
    steps, raw = Steps(), store._db.database.conn
    raw.set_progress_handler(steps.told, STEPS)
    try:
        yield steps
    finally:
        raw.set_progress_handler(None, 0)


def cost(store: Store, stored: int, upto: int) -> float:
    """Fill a store, and say how many steps a poll of a hundred items then takes."""
    store.items.merge_all(list(arrivals(range(stored, upto))), NOW)
    # They speak of bills that are there, and there are four sorts of them.
    poll = [*arrivals(range(upto, upto + 25))]
    with counted(store) as steps:
        store.items.merge_all(poll, NOW)
    return steps.count


def test_merging_costs_no_more_in_a_store_ten_times_as_large(store: Store) -> None:
    """SQLite takes as many steps for a poll after thousands of each sort as after hundreds."""
    small = cost(store, 0, SMALL)
    large = cost(store, SMALL + 25, LARGE)
    assert large < small * 1.25, (small, large)
