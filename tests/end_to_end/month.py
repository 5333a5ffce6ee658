"""A simulated month: publishers, Slack and mail on loopback, a monitor that is restarted each day.

    with Month(folder, Setting(publishers=40, days=3)) as month:
        month.live()
        ... month.findings() ... month.read_measures() ... month.sizes

Each day is a process of its own; it is killed in every third, wherever it is, and asked to end in
the others. One request in twenty goes wrong at the publishers, and as many calls at Slack unless
`slack_chance` says otherwise.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from monitor.models import Frequency, Subscriber
from monitor.store import Store
from tests.end_to_end.month_server import Publishers, SharedTime
from tests.end_to_end.month_world import BEGIN, DAY, GROUPS, Setting, Telling
from tests.servers.slack_api import Room, SlackServer, Workspace
from tests.servers.smtp import EVERYBODY, Fault, SmtpServer

REPOSITORY = Path(__file__).resolve().parents[2]
CHANCE = 0.05
SLACK_FAULTS = ("drop_after", "drop_before", "429", "503", "garbage", "error", "empty_429")
DETAINERS = """\
topic: detainers
title: Detainer requests
query: '"detainer policy"'
priority: high
examples:
  match: ["A detainer policy was adopted"]
  reject: ["street works"]
"""
READERS = (
    ("ann@example.org", "weekly"),
    ("ben@example.org", "daily"),
    ("cam@example.org", "daily"),
)
# Long enough for whatever was left alone after failures to be read again.
DRAIN = timedelta(hours=30)
LONGEST_DAY = 1_800.0


@dataclass
class Month:
    """The whole of it in one folder; a context manager."""

    folder: Path
    setting: Setting
    kills: bool = True
    pace: float = 5.0
    slack_chance: float = CHANCE
    sizes: list[dict[str, int]] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.time = SharedTime(self.folder / "clock", BEGIN - timedelta(hours=6))
        self.publishers = Publishers(self.setting, self.time)
        self.workspace = Workspace(clock=self.time.timestamp)
        self.slack = SlackServer(self.workspace)
        self.mail = SmtpServer()
        self._chance = random.Random(8)  # noqa: S311 - repeatable
        for number in range(GROUPS):
            self.workspace.rooms.append(Room(f"C8{number:03}", f"group-{number}"))
        for number, name in enumerate(("health", "digests", "elsewhere")):
            self.workspace.rooms.append(Room(f"C7{number:03}", name))

    def __enter__(self) -> Self:
        self.publishers.__enter__()
        self.slack.__enter__()
        self.mail.__enter__()
        self._configure()
        return self

    def __exit__(self, *exception: object) -> None:
        for server in (self.mail, self.slack, self.publishers):
            server.__exit__(None, None, None)

    @property
    def database(self) -> Path:
        """Name the database file."""
        return self.folder / "state" / "monitor.db"

    def _configure(self) -> None:
        sources = [one.options(self.publishers.url(one)) for one in self.setting.world]
        self._write("sources.yaml", {"defaults": {"every": "1h"}, "sources": sources})
        routes = [{"source": one.name, "channel": one.channel} for one in self.setting.world]
        leads = [f"{int(lead.total_seconds() // 3600)}h" for lead in self.setting.leads]
        digests = [
            {"id": "weekly", "at": "mon 08:00", "channel": "#digests", "from": "d@example.org"},
            {"id": "daily", "at": "daily 08:00", "channel": "#digests", "from": "d@example.org"},
        ]
        settings = {
            "contact": "watch@coalition.test",
            "slack": {"default": "#elsewhere", "health": "#health", "routes": routes},
            "alerts": {"cap": 100, "reminders": leads},
            "fetch": {"pace": {"feed": 0, "web": 0}, "silence": "2s"},
            "digests": digests,
            "retention": {"archive": "10d"},
            "mail": {"per_second": 1000},
        }
        self._write("monitor.yaml", settings)
        (self.folder / "filters").mkdir(exist_ok=True)
        (self.folder / "filters" / "detainers.yaml").write_text(DETAINERS, encoding="utf-8")
        with Store.open(self.database) as store:
            for address, frequency in READERS:
                store.subscribers.add(reader(address, frequency), BEGIN, confirmed=True)

    def _write(self, name: str, content: dict[str, Any]) -> None:
        (self.folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")

    # ------------------------------------------------------------------------------------- living

    def live(self) -> None:
        """Let the world be learnt, then all days pass, then what is left over be told."""
        self._day(BEGIN + DAY / 4)
        self.weigh()
        self._misbehave(CHANCE)
        for number in range(self.setting.days):
            self.day(number, BEGIN + (number + 1) * DAY)
        self._misbehave(0.0)
        self._day(self.setting.ends + DRAIN)
        self.weigh()

    def day(self, number: int, until: datetime) -> None:
        """Let one day pass; a third of them bring a kill."""
        if self._chance.random() < CHANCE * 6:
            self.mail.faults[EVERYBODY].append(Fault("mail", "451 4.3.2 Try again later"))
        if self.kills and number % 3 == 2:
            begun = self.time.now()
            self._killed(begun + self._chance.uniform(0.1, 0.9) * (until - begun), until)
        self._day(until)
        self.weigh()

    def stretch(self, days: int) -> None:
        """Let days pass in one process, without a restart."""
        self._misbehave(CHANCE)
        self._day(self.time.now() + days * DAY)
        self.weigh()

    def _misbehave(self, chance: float) -> None:
        self.publishers.chance = chance
        slack = self.slack_chance / len(SLACK_FAULTS) if chance else 0.0
        with self.workspace.lock:
            self.workspace.chances = dict.fromkeys(SLACK_FAULTS, slack)

    def _started(self, until: datetime) -> subprocess.Popen[bytes]:
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        own = {
            "HOME": str(self.folder),
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONWARNINGS": "error",
            "SLACK_BOT_TOKEN": self.slack.token,
            "SLACK_API_URL": self.slack.url,
            "SMTP_URL": self.mail.url,
        }
        command = (sys.executable, "-m", "tests.end_to_end.month_monitor", str(self.folder))
        with (self.folder / "stderr").open("ab") as err:
            return subprocess.Popen(
                [*command, until.isoformat(), "--every", str(self.pace)],
                cwd=self.folder,
                env=kept | own,
                stdin=subprocess.DEVNULL,
                stderr=err,
            )

    def _day(self, until: datetime) -> None:
        with self._started(until) as process:
            status = process.wait(LONGEST_DAY)
        if status:
            said = (self.folder / "stderr").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"the monitor ended with {status}: {said[-4_000:]}")
        self.ended["by itself"] += 1

    def _killed(self, when: datetime, until: datetime) -> None:
        with self._started(until) as process:
            while process.poll() is None and self.time.now() < when:
                time.sleep(0.005)  # a process of its own has no other way to be watched
            time.sleep(self._chance.random() * 0.05)
            process.send_signal(signal.SIGKILL)
            self.ended["killed" if process.wait() < 0 else "by itself"] += 1

    # ------------------------------------------------------------------------------------ measures

    def weigh(self) -> None:
        """Note how large each table is, in bytes, indexes with it."""
        with closing(sqlite3.connect(self.database)) as db:
            db.execute("PRAGMA wal_checkpoint (PASSIVE)").fetchall()
            rows = db.execute(
                "SELECT coalesce(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat d "
                "LEFT JOIN sqlite_schema s ON s.name = d.name GROUP BY 1"
            ).fetchall()
        archive = sum(one.stat().st_size for one in (self.folder / "state").rglob("*.gz"))
        self.sizes.append({**dict(rows), "(archive)": archive})

    def read_measures(self) -> list[dict[str, Any]]:
        """Return what the monitor wrote down of itself."""
        lines = (self.folder / "measures.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    # ------------------------------------------------------------------------------------ comparing

    def findings(self) -> list[str]:
        """Compare what was to be told with what was posted; return every difference."""
        self.counted.clear()
        found = [*self._posted_twice(), *self._left_in_the_outbox()]
        posts = self._by_token()
        counted: Counter[str] = Counter()
        for telling in self.setting.expected:
            found += differences(telling, posts.pop(telling.token, []), counted)
        found += [f"{token}: told, and not published as such" for token in posts]
        self.counted.update(counted)
        return found + self._wrongly_mailed()

    def _wrongly_mailed(self) -> list[str]:
        """Compare the digests that were composed with the copies that arrived."""
        with Store.open(self.database, read_only=True) as store:
            composed = Counter(row.name for row in store.digests.listed(limit=1_000))
        copies = Counter(str(one.message["Message-ID"]) for one in self.mail.taken)
        arrived = Counter(one.recipient for one in self.mail.taken)
        self.counted["copies mailed"] = arrived.total()
        found = [f"{name}: {times} copies" for name, times in copies.items() if times > 1]
        return found + [
            f"{address}: {arrived[address]} digests, not {composed[frequency]}"
            for address, frequency in READERS
            if arrived[address] != composed[frequency]
        ]

    def _posted_twice(self) -> list[str]:
        keys = Counter(self.workspace.keys)
        return [f"{key}: posted {times} times" for key, times in keys.items() if times > 1]

    def _left_in_the_outbox(self) -> list[str]:
        with Store.open(self.database, read_only=True) as store:
            counts = dict(store.outbox.counts())
        self.counted["posts in all"] = len(self.workspace.keys)
        return [f"{count} alerts are {state}" for state, count in counts.items() if state != "sent"]

    def _by_token(self) -> dict[str, list[dict[str, Any]]]:
        """Gather the posts of each record, threads with their parents, in order of time."""
        found: dict[str, list[dict[str, Any]]] = {}
        owner: dict[tuple[str, str], str] = {}
        for room in self.workspace.rooms:
            if not room.name.startswith("group-"):
                continue
            for message in room.messages:
                token = owner.get((room.id, message.get("thread_ts", ""))) or token_in(message)
                owner.setdefault((room.id, message["ts"]), token)
                found.setdefault(token, []).append(message | {"room": f"#{room.name}"})
        return found


def differences(telling: Telling, posts: list[dict[str, Any]], counted: Counter[str]) -> list[str]:
    """Compare what one record was to bring with its posts."""
    found = []
    who = f"{telling.token} of {telling.publisher}"
    firsts = [one for one in posts if "thread_ts" not in one]
    replies = [json.dumps(one["blocks"]) + one["text"] for one in posts if "thread_ts" in one]
    counted["alerts expected"] += 1 + len(telling.changes) + telling.reminders
    counted["alerts posted"] += len(posts)
    if len(firsts) != 1:
        found.append(f"{who}: {len(firsts)} first posts")
    if wrong := {one["room"] for one in posts} - {telling.channel}:
        found.append(f"{who}: told in {sorted(wrong)}")
    reminders = [text for text in replies if "Reminder" in text or "reminder" in text]
    changes = [text for text in replies if text not in reminders]
    if len(reminders) != telling.reminders:
        found.append(f"{who}: {len(reminders)} reminders, not {telling.reminders}")
    if len(changes) != len(telling.changes):
        found.append(f"{who}: {len(changes)} changes told, not {len(telling.changes)}")
    elif any(status not in text for status, text in zip(telling.changes, changes, strict=True)):
        found.append(f"{who}: changes told out of order")
    return found


def token_in(message: dict[str, Any]) -> str:
    """Find the word of its own in a post."""
    said: str = json.dumps(message["blocks"]) + message["text"]
    begin: int = said.find("Zq")
    return said[begin : begin + 9] if begin >= 0 else said[:200]


def reader(address: str, frequency: str) -> Subscriber:
    """Make a subscriber of everything."""
    return Subscriber(0, address, frequency=Frequency(frequency))
