"""A monitor's pages on loopback, with made-up matters and a clock that stands still."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from monitor.config import Config, load
from monitor.models import Hearing
from monitor.store import Store
from monitor.web import Premises, WebServer
from tests.store.builders import NOW, item, match

LONGEST = 20.0
SOURCES = """\
defaults: {every: 1h}
sources:
  - {id: council, name: The council, kind: rss, url: "https://a.example/feed", jurisdiction: ny}
  - {id: herald, name: The herald, kind: rss, url: "https://b.example/feed", jurisdiction: ny}
"""
FILTER = "topic: 287g\ntitle: 287(g) agreements\nquery: '\"287(g)\"'\n"
PUBLIC = "watch.coalition.test"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Site:
    """One monitor's folder and its pages; a context manager that serves them.

    options: further options of monitor.yaml. now: what its clock says.
    """

    root: Path
    options: str = ""
    now: datetime = NOW
    config: Config = field(init=False)
    server: WebServer = field(init=False)

    def __enter__(self) -> Self:
        (self.root / "filters").mkdir()
        (self.root / "filters" / "287g.yaml").write_text(FILTER, encoding="utf-8")
        (self.root / "sources.yaml").write_text(SOURCES, encoding="utf-8")
        text = f"contact: team@coalition.test\nweb: {{}}\n{self.options}"
        (self.root / "monitor.yaml").write_text(text, encoding="utf-8")
        self.config = load(self.root)
        with self.store() as store:
            store.sources.begin(["council", "herald"], NOW)
        self.server = WebServer(self.premises, ("127.0.0.1", 0), again=0.05)
        self.server.start()
        assert self.server.await_listening(LONGEST)
        return self

    def __exit__(self, *fault: object) -> None:
        self.server.stop()

    @property
    def premises(self) -> Premises:
        """Say what the pages show."""
        return Premises(
            self.config.monitor,
            self.config.sources,
            self.database,
            self.root,
            self.root / "archive",
            clock=lambda: self.now,
        )

    @property
    def database(self) -> Path:
        """Name the database file."""
        return self.root / "monitor.db"

    def store(self) -> Store:
        """Open the database, to be changed."""
        return Store.open(self.database)

    def see(self, key: str, *, matched: bool = True, at: datetime = NOW, **fields: Any) -> int:
        """Let a poll find an item; return its matter."""
        with self.store() as store:
            merged = store.items.merge(item(key, **fields), at, (match(),) if matched else ())
        assert merged is not None
        return merged.change.matter

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Send one request; `headers` with _ for -."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=LONGEST)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, answer.headers, text)
        finally:
            connection.close()

    def page(self, path: str) -> str:
        """Return a page that is there."""
        answer = self.ask(path)
        assert answer.status == 200, answer
        return answer.text


def hearing(days: float = 2, **fields: Any) -> Hearing:
    """Make a hearing so many days ahead."""
    made = Hearing("hearing", NOW + timedelta(days=days), "America/New_York", "Room 1")
    return replace(made, **fields)
