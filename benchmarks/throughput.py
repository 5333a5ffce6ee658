"""Poll 2,000 feeds on loopback: the monitor beside urlwatch, webchanges, reader and bare httpx.

    python benchmarks/throughput.py [--quick] [--rounds 3] [--rivals FOLDER]

Three polls: the first; one in which nothing changed (half of the feeds answer 304, half send the
same body again); and one in which a tenth has a new entry. Each poll is a process of its own, and
its time, its CPU time and its peak memory are what the system accounts to it. They take turns; the
table shows medians. webchanges and reader need minutes, and poll in one round only. urlwatch,
webchanges and reader are installed from the package registry into a virtual environment of their
own, which is made where it is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from _contenders import BARE, OURS, Contender, clean_environment, contenders, environment_of_rivals
from _publishers import address, changes, is_conditional

POLLS = ("first poll", "unchanged poll", "a tenth changed")


@dataclass(frozen=True)
class Cost:
    """What one poll took: seconds by the clock, seconds of CPU, megabytes at the peak."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Field:
    """Where it takes place: the publishers' port, and how many feeds there are."""

    port: int
    feeds: int

    @property
    def urls(self) -> tuple[str, ...]:
        """Name every feed's address."""
        return tuple(f"http://{address(n)}:{self.port}/feed.xml" for n in range(self.feeds))

    def spared(self, poll: int) -> int:
        """Count the feeds that answer a poll with 304."""
        return sum(
            is_conditional(n) and not (poll == 2 and changes(n)) for n in range(self.feeds)
        ) * (poll > 0)

    def ask(self, wish: str) -> dict[str, int]:
        """Tell the publishers something; returns what was asked of them before."""
        with urlopen(f"http://127.0.0.1:{self.port}/!{wish}") as answer:
            told: dict[str, int] = json.load(answer)
            return told


@contextmanager
def publishers(feeds: int) -> Iterator[Field]:
    """Start the publishers' process, and stop it in the end."""
    script = Path(__file__).with_name("_publishers.py")
    with subprocess.Popen([sys.executable, str(script), str(feeds)], stdout=subprocess.PIPE) as run:
        try:
            assert run.stdout is not None
            yield Field(int(run.stdout.readline()), feeds)
        finally:
            run.terminate()


def measured(contender: Contender, folder: Path) -> Cost:
    """Poll once; exits where the contender fails."""
    with (folder / "output.txt").open("ab") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            contender.command(folder),
            stdout=output,
            stderr=output,
            env=clean_environment(),
            cwd=Path(__file__).parents[1],  # `python -m monitor` takes the program of this folder
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = (folder / "output.txt").read_text(errors="replace")[-2_000:]
        sys.exit(f"{contender.name} ended with {process.returncode}: {said}")
    unit = 1_048_576 if sys.platform == "darwin" else 1024
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def polled(contender: Contender, field: Field, place: Path) -> tuple[Cost, ...]:
    """Make the three polls in a fresh folder; exits where a contender did not ask every feed."""
    folder = place / contender.name.replace(" ", "-")
    folder.mkdir(parents=True)
    contender.prepare(folder, field.urls)
    costs = []
    for number, name in enumerate(POLLS):
        field.ask(f"edition={int(number == 2)}")
        costs.append(measured(contender, folder))
        asked = field.ask("counts")
        expected = {"requests": field.feeds, "not_modified": field.spared(number)}
        if asked != expected:
            sys.exit(f"{contender.name}, {name}: {asked}, expected {expected}")
    return tuple(costs)


def rounds(
    field: Field, entrants: Sequence[Contender], most: int
) -> dict[str, list[tuple[Cost, ...]]]:
    """Let all take turns, `most` times; those that are slow take theirs once, at the end."""
    found: dict[str, list[tuple[Cost, ...]]] = {entrant.name: [] for entrant in entrants}
    quick = [entrant for entrant in entrants if not entrant.slow]
    # Whoever begins one round ends the next: caches and clocks favour nobody.
    turns = [each for n in range(most) for each in (quick if n % 2 == 0 else reversed(quick))]
    for entrant in (*turns, *(each for each in entrants if each.slow)):
        with tempfile.TemporaryDirectory(prefix="throughput-") as place:
            costs = polled(entrant, field, Path(place))
        found[entrant.name].append(costs)
        said = ", ".join(f"{cost.wall:.1f} s ({cost.cpu:.1f} s CPU)" for cost in costs)
        print(f"{entrant.name}: {said}", file=sys.stderr)
    return found


def table(found: dict[str, list[tuple[Cost, ...]]], entrants: Sequence[Contender]) -> None:
    """Print medians, and each as a multiple of ours."""
    for number, name in enumerate(POLLS):
        middle = {who: _median([costs[number] for costs in each]) for who, each in found.items()}
        ours = middle[OURS]
        print(f"\n{name:<28}{'time':>8}{'x':>6}{'CPU':>9}{'x':>6}{'memory':>10}{'x':>6}")
        for entrant in entrants:
            one = middle[entrant.name]
            print(
                f"{entrant.name + ' ' + entrant.version:<28}"
                f"{one.wall:>6.2f} s{one.wall / ours.wall:>6.2f}"
                f"{one.cpu:>7.2f} s{one.cpu / ours.cpu:>6.2f}"
                f"{one.memory:>7.0f} MB{one.memory / ours.memory:>6.2f}"
            )
        behind = [
            f"{who} ({column})"
            for who, one in middle.items()
            if who not in {OURS, BARE}
            for column in ("wall", "cpu", "memory")
            if getattr(one, column) <= getattr(ours, column)
        ]
        bare = middle[BARE]
        print(
            f"ahead of all three: {'no, behind ' + ', '.join(behind) if behind else 'yes'}", end=""
        )
        print(
            f"; {ours.wall / bare.wall:.2f} of the bare loop's time, {ours.cpu / bare.cpu:.2f} CPU"
        )


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(median(getattr(c, name) for c in costs) for name in ("wall", "cpu", "memory")))


def main() -> None:
    """Run the benchmark, and say how busy the machine was besides."""
    default = os.environ.get("RIVALS") or str(Path(tempfile.gettempdir()) / "monitor-rivals")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="200 feeds, one round")
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=(), help="names of contenders")
    parser.add_argument(
        "--rivals", type=Path, default=Path(default), help="their virtual environment ($RIVALS)"
    )
    chosen = parser.parse_args()
    feeds, most = (200, 1) if chosen.quick else (chosen.feeds, chosen.rounds)
    entrants = contenders(environment_of_rivals(chosen.rivals))
    if chosen.only:
        entrants = tuple(one for one in entrants if one.name in {OURS, BARE, *chosen.only})
    before = os.getloadavg()[0]
    with publishers(feeds) as field:
        found = rounds(field, entrants, most)
    after = os.getloadavg()[0]
    made = len(found[OURS])
    print(f"{feeds:,} feeds of 30 entries, 10 threads each, medians of {made} round(s)", end="")
    print(f"; {os.cpu_count()} cores, load {before:.1f} before and {after:.1f} after")
    table(found, entrants)


if __name__ == "__main__":
    main()
