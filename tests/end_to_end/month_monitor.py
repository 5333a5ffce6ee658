"""The monitor of a simulated month: the service's own jobs, one after the other, by a given clock.

    python -m tests.end_to_end.month_monitor FOLDER UNTIL [--every MINUTES]

All is as `monitor run` does it but two things: nothing waits for the hour to come (waiting moves
the clock in FOLDER/clock), and the jobs take turns in one thread. What three hours cost, and how
large the process is, is written to FOLDER/measures.jsonl.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.clock import Clock
from monitor.config import load
from monitor.service import Service
from monitor.station import Places, Station
from tests.end_to_end.month_server import SharedTime

MOST_TURNS = 10_000


@dataclass
class Spent:
    """Seconds that each part of the work took since the last measure.

    busy: of the processor, for polling alone.
    """

    polling: float = 0.0
    busy: float = 0.0
    delivery: float = 0.0
    rest: float = 0.0
    upkeep: float = 0.0


class Life:
    """One run of the service, from the clock's time to another."""

    def __init__(self, folder: Path, time_: SharedTime) -> None:
        self._folder = folder
        self._time = time_
        clock = Clock(
            now=time_.now,
            monotonic=lambda: time.monotonic() + time_.timestamp(),
            sleep=time_.sleep,
        )
        self._stop = threading.Event()
        self.station = Station(load(folder), Places(folder / "state"), os.environ, clock=clock)
        self.service = Service(self.station, self._stop)
        self._spent = Spent()
        self._polls = self._polled()

    def last(self, until: datetime, pace: timedelta) -> None:
        """Live until then, a step of `pace` at a time; end as at SIGTERM."""
        service, clock = self.service, self._time
        service._begin()
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        while clock.now() < until:
            began = clock.now()
            self._step()
            if clock.now() >= hour + timedelta(hours=1):
                hour = clock.now().replace(minute=0, second=0, microsecond=0)
                self._hourly(hour)
            clock.go_to(min(began + pace, until))
        self.measure()
        self._stop.set()
        service._poll()
        service._deliver()
        service._mail()

    def _step(self) -> None:
        began, busy = time.perf_counter(), time.process_time()
        self._poll()
        polled = time.perf_counter()
        self._spent.busy += time.process_time() - busy
        self.service._remind()
        self.service._digest()
        told = time.perf_counter()
        self.service._deliver()
        self.service._mail()
        self._spent.polling += polled - began
        self._spent.rest += told - polled
        self._spent.delivery += time.perf_counter() - told

    def _poll(self) -> None:
        """Poll what is due until all is recorded."""
        for _ in range(MOST_TURNS):
            self.service._poll()
            store, crew = self.service._writing()
            if crew.idle and not store.sources.due(self._time.now()):
                return
        raise RuntimeError("polling does not come to an end")

    def _hourly(self, hour: datetime) -> None:
        began = time.perf_counter()
        self.service._listen()
        self._spent.rest += time.perf_counter() - began
        began = time.perf_counter()
        self.service._upkeep()
        self._spent.upkeep += time.perf_counter() - began
        if hour.hour % 3 == 0:
            self.measure()

    def _polled(self) -> int:
        return int(self.station.store._db.value("SELECT coalesce(max(id), 0) FROM polls"))

    def measure(self) -> None:
        """Write down what was spent, and how large the process is."""
        polls = self._polled()
        gc.collect()
        said = {
            "at": self._time.now().isoformat(),
            "process": os.getpid(),
            "polls": polls - self._polls,
            "polling": round(self._spent.polling, 3),
            "busy": round(self._spent.busy, 3),
            "delivery": round(self._spent.delivery, 3),
            "rest": round(self._spent.rest, 3),
            "upkeep": round(self._spent.upkeep, 3),
            "rss": _resident(),
            "threads": threading.active_count(),
            "files": sum(1 for _ in Path("/proc/self/fd").iterdir()),
            "objects": len(gc.get_objects()),
        }
        self._spent, self._polls = Spent(), polls
        with (self._folder / "measures.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(said) + "\n")


def _resident() -> int:
    """Return the resident memory in kilobytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def main() -> None:
    """Live until the given time."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("until", type=datetime.fromisoformat)
    parser.add_argument("--every", type=float, default=5.0, help="minutes of a step")
    chosen = parser.parse_args()
    life = Life(chosen.folder, SharedTime(chosen.folder / "clock"))
    with life.station:
        life.last(chosen.until, timedelta(minutes=chosen.every))


if __name__ == "__main__":
    main()
