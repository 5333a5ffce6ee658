"""A small world to run the monitor in as people do: a folder of YAML, publishers, and a Slack.

    with World(tmp_path) as world:
        world.watch("herald")                        # a feed on loopback, in sources.yaml
        world.publish("herald", news("a"), news("b"))
        run = world.monitor("once")                  # python -m monitor, a process of its own
        ... run.status, run.out, run.err ... world.told()

Everything in it is made up.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from monitor.cli import main
from monitor.config import load
from monitor.pipeline import collect, prepare
from monitor.station import Places, Station
from monitor.store import DeliveryState, OutboxRow, Store
from monitor.store.coding import stamp
from tests.servers.misbehaving import Behaviour, Misbehaving, answer
from tests.servers.slack_api import Room, SlackServer

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST = 60.0
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HEALTH = "#health"
FEED = (("Content-Type", "application/rss+xml; charset=utf-8"),)

DETAINERS = """\
topic: detainers
title: Detainer requests
query: detainer* OR "287(g)"
exclude: '"water detainer"'
direction:
  limits: [prohibit*, '"shall not"']
  expands: [honor*]
priority: high
channels: {channels}
examples:
  match: ["A detainer was lodged"]
  reject: ["The water detainer valve"]
"""
SANCTUARY = """\
topic: sanctuary
title: Sanctuary policy
query: '"sanctuary city" OR "sanctuary county"'
priority: low
examples:
  match: ["Resolution declaring Sampleville a sanctuary city"]
"""


@dataclass(frozen=True, slots=True)
class News:
    """One entry of a feed; without a date it counts as new whenever the tests run."""

    key: str
    title: str
    text: str = ""
    date: str = ""


def news(key: str, title: str = "", text: str = "") -> News:
    """Make an entry that the filters match, unless its title says otherwise."""
    return News(key, title or f"A detainer policy named {key}", text)


def own_news(outlet: str, number: int) -> News:
    """Make an entry that no other outlet has: one story in two papers would be one matter."""
    place = "".join(chr(ord("a") + int(one)) if one.isdigit() else one for one in outlet)
    title = f"A detainer policy in {place.replace('-', '').title()} counts {211 + number} cells"
    return news(f"{outlet}-{number}", title)


def feed(*entries: News, outlet: str = "herald") -> bytes:
    """Write an outlet's feed (RSS 2.0)."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><guid isPermaLink='false'>{one.key}</guid>"
        f"<link>https://{outlet}.example.org/{one.key}</link>"
        + (f"<pubDate>{one.date}</pubDate>" if one.date else "")
        + f"<description>{escape(one.text)}</description></item>"
        for one in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        "<title>Made up</title><link>https://herald.example.org/</link>"
        f"<description>Made up</description>{items}</channel></rss>"
    ).encode()


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: exit status, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Read stdout as one JSON document."""
        return json.loads(self.out)


@dataclass
class World:
    """A folder of configuration, loopback publishers and a Slack; a context manager.

    cap: most alerts of one poll in one channel.
    speaks_slack: the token is in the environment.
    channels: those of the workspace; the filter for detainers sends to all of them, unless
        `filter_channels` says otherwise.
    """

    root: Path
    cap: int = 10
    speaks_slack: bool = True
    channels: tuple[str, ...] = ("#alerts",)
    publisher: Misbehaving = field(default_factory=Misbehaving)
    slack: SlackServer = field(default_factory=SlackServer)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    routes: list[dict[str, str]] = field(default_factory=list)
    filter_channels: tuple[str, ...] | None = None
    fetch: dict[str, Any] = field(default_factory=dict)
    digests: list[dict[str, str]] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.publisher.__enter__()
        self.slack.__enter__()
        for number, name in enumerate((*self.channels, HEALTH)):
            self.slack.workspace.rooms.append(Room(f"C9{number:03}", name.removeprefix("#")))
        self.write_configuration()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.publisher.__exit__(kind, fault, trace)
        self.slack.__exit__(kind, fault, trace)

    # ------------------------------------------------------------------------------ what there is

    @property
    def database(self) -> Path:
        """Name the database file."""
        return self.root / "state" / "monitor.db"

    def watch(self, name: str, host: str = "127.0.0.1", **options: Any) -> None:
        """Add a feed to sources.yaml; its path is /NAME."""
        url = self.publisher.url(f"/{name}", host)
        self.sources[name] = {"kind": "rss", "url": url, "jurisdiction": "ny", **options}
        self.write_configuration()

    def publish(self, name: str, *entries: News) -> None:
        """Let a feed hold these entries."""
        self.publisher.on(f"/{name}", answer(feed(*entries, outlet=name), headers=FEED))

    def misbehave(self, name: str, *behaviours: Behaviour) -> None:
        """Let a feed's publisher do these, one for each request."""
        self.publisher.on(f"/{name}", *behaviours)

    def write_configuration(self) -> None:
        """Write the YAML files anew."""
        sources = [{"id": name, "name": f"The {name}", **o} for name, o in self.sources.items()]
        self.write("sources.yaml", {"defaults": {"every": "1h"}, "sources": sources})
        self.write(
            "monitor.yaml",
            {
                "contact": "watch@coalition.test",
                "slack": {"default": self.channels[0], "health": HEALTH, "routes": self.routes},
                "alerts": {"cap": self.cap},
                "fetch": {"pace": {"feed": 0}, **self.fetch},
                "digests": self.digests,
            },
        )
        (self.root / "filters").mkdir(exist_ok=True)
        chosen = self.channels if self.filter_channels is None else self.filter_channels
        channels = json.dumps(list(chosen))
        self.write("filters/detainers.yaml", DETAINERS.replace("{channels}", channels))
        self.write("filters/sanctuary.yaml", SANCTUARY)

    def write(self, name: str, content: str | Mapping[str, Any]) -> Path:
        """Write a file of the folder; JSON is YAML, too."""
        path = self.root / name
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        path.write_text(text, encoding="utf-8")
        return path

    # ------------------------------------------------------------------------------------ running

    @property
    def environment(self) -> dict[str, str]:
        """Say what the monitor's process finds in its environment."""
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        own = {"HOME": str(self.root), "LANG": "C.UTF-8", "PYTHONPATH": str(REPOSITORY)}
        if self.speaks_slack:
            own |= {"SLACK_BOT_TOKEN": self.slack.token, "SLACK_API_URL": self.slack.url}
        return kept | own | self.secrets

    def command(self, *arguments: str) -> list[str]:
        """Write the command line of a monitor in this folder."""
        return [sys.executable, "-m", "monitor", "--config", str(self.root), *arguments]

    def monitor(
        self, *arguments: str, given: str = "", patience: float = LONGEST, **environment: str
    ) -> Ran:
        """Run a command to its end; `given` is its standard input, `patience` is in seconds."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.root,
            env=self.environment | environment,
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=patience,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command beside the test; it is killed at the end where it still runs."""
        with (
            (self.root / "stderr").open("a+", encoding="utf-8") as err,
            subprocess.Popen(
                self.command(*arguments),
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=err,
                encoding="utf-8",
            ) as process,
        ):
            try:
                yield process
            finally:
                process.kill()

    def here(self, *arguments: str, given: str = "") -> Ran:
        """Run a command in this process: the same `main`, without the cost of a new Python."""
        out, err = StringIO(), StringIO()
        with (
            in_environment(self.environment),
            with_logging_restored(),
            chdir(self.root),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            stdin, sys.stdin = sys.stdin, StringIO(given)
            try:
                status = main(arguments)
            finally:
                sys.stdin = stdin
        return Ran(status, out.getvalue(), err.getvalue())

    def learn(self) -> None:
        """Let every source be polled once, in this process: what comes later is news."""
        config, present = load(self.root), datetime.now(UTC)
        with Station(config, Places(self.database.parent), {}) as station:
            station.store.sources.begin(self.sources, present)
            for source in config.sources:
                task = prepare(station.store, source, present, pace=0.0)
                collected = collect(task, station.fetcher, config.filters)
                station.record(station.store, source, collected, station.rules())

    # ------------------------------------------------------------------------------- what came out

    def told(self, channel: str = "#alerts") -> list[str]:
        """List the texts of the messages in a channel, oldest first."""
        return [str(message["text"]) for message in self.slack.workspace.room(channel).messages]

    def outbox(self) -> tuple[OutboxRow, ...]:
        """List all alerts in the database."""
        with Store.open(self.database, read_only=True) as store:
            return store.outbox.listed(limit=100_000)

    def states(self) -> set[DeliveryState]:
        """Say in which states alerts are."""
        return {row.state for row in self.outbox()}

    def began(self, since: datetime) -> None:
        """Let the monitor have watched since then: digests that were to come before are due."""
        with closing(sqlite3.connect(self.database)) as db, db:
            db.execute("UPDATE sources SET first_polled_at = ?", (stamp(since),))

    def make_due(self, *names: str) -> None:
        """Let time pass for these sources, or for all: they are due now."""
        with Store.open(self.database) as store:
            for name in names or tuple(self.sources):
                store.sources.reschedule(name, LONG_AGO)


@contextmanager
def in_environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """Have these variables and no secret or token of whoever runs the tests."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(("SLACK", "LEGISTAR", "APPRISE", "SMTP")):
            del os.environ[name]
    os.environ |= wanted
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


@contextmanager
def with_logging_restored() -> Iterator[None]:
    """Take back what a command sets up for its own streams."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:], root.level = handlers, level


def until(holds: Callable[[], object], seconds: float = LONGEST) -> None:
    """Wait until something holds; raises AssertionError where it never does."""
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            raise AssertionError(f"waited {seconds:.0f} seconds in vain")
        time.sleep(0.01)  # a process of its own has no other way to be waited for
