"""Let a month pass: 500 publishers, faults on every hand, a restart each simulated day.

    python benchmarks/soak.py [--publishers 500] [--days 30] [--stretch 4] [--keep FOLDER]

Publishers, Slack and a mail server stand on loopback and keep the time of the simulation. One
request in twenty goes wrong, as do calls at Slack; every third day the monitor is killed, wherever
it is. In the end each event of the world must have been told exactly once. Then some days more pass
in one process. Printed: memory, files and threads of the process, cost of a poll, and the size of
each table, by day. Exit status 1 where anything was lost or told twice. All is made up. It takes
half an hour or more of two cores; --publishers 40 --days 3 takes half a minute.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.end_to_end.month import Month
from tests.end_to_end.month_world import A_MONTH, Setting

FULL_DAYS = 8
LARGEST = 12


def setting(publishers: int, days: int) -> Setting:
    """Choose the world: for few days, things follow each other more quickly."""
    if days >= FULL_DAYS:
        return replace(A_MONTH, publishers=publishers, days=days)
    return Setting(publishers, days)


def by_day(measures: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Gather what the monitor wrote down of itself by simulated day."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in measures:
        found[one["at"][:10]].append(one)
    return found


def tell_process(measures: Iterable[dict[str, Any]]) -> None:
    """Print how large and how quick the process was on each day."""
    print(
        f"\n{'day':<12}{'MB least':>9}{'most':>7}{'files':>7}{'threads':>8}{'objects':>9}", end=""
    )
    print(f"{'polls':>8}{'/s':>7}{'CPU ms each':>13}{'upkeep s':>10}{'processes':>11}")
    for day, own in by_day(measures).items():
        polls, wall = sum(o["polls"] for o in own), sum(o["polling"] for o in own)
        busy = sum(o.get("busy", 0.0) for o in own)
        memory = [o["rss"] / 1024 for o in own]
        print(
            f"{day:<12}{min(memory):>9.1f}{max(memory):>7.1f}{max(o['files'] for o in own):>7}"
            f"{max(o['threads'] for o in own):>8}{max(o['objects'] for o in own):>9}{polls:>8}"
            f"{polls / wall if wall else 0:>7.0f}{1000 * busy / polls if polls else 0:>13.2f}"
            f"{sum(o['upkeep'] for o in own):>10.2f}{len({o['process'] for o in own}):>11}"
        )


def tell_sizes(sizes: list[dict[str, int]]) -> None:
    """Print how large the largest tables were, with their indexes, in kilobytes."""
    last = sizes[-1]
    names = sorted(last, key=lambda name: -last[name])[:LARGEST]
    print(f"\n{'kB after day':<24}" + "".join(f"{n:>10}" for n in range(0, len(sizes), 5)))
    for name in (*names, "all of the database"):
        row = (
            sum(s for n, s in one.items() if n != "(archive)")
            if name.startswith("all")
            else one.get(name, 0)
            for one in sizes[::5]
        )
        print(f"{name:<24}" + "".join(f"{size / 1000:>10.0f}" for size in row))


def main() -> None:
    """Let the time pass, and print what it came to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--publishers", type=int, default=500)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--stretch", type=int, default=4, help="days without a restart, afterwards")
    parser.add_argument("--keep", type=Path, help="a new folder in which all of it stays")
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        folder = chosen.keep or Path(place)
        with Month(folder, setting(chosen.publishers, chosen.days)) as month:
            month.live()
            findings = month.findings()
            if chosen.stretch:
                month.stretch(chosen.stretch)
            tell_process(month.read_measures())
            tell_sizes(month.sizes)
            wrong, asked = month.publishers.wrong.total(), month.publishers.asked.total()
            print(f"\n{asked:,} requests, {wrong:,} of them went wrong; ended {dict(month.ended)}")
            print(f"{dict(month.counted)}; {time.monotonic() - began:.0f} s")
    print("\n".join(findings) or "nothing lost, nothing told twice, every thread in order")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
