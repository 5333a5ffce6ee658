"""The whole road of one answer, in a real database, with answers that were spoilt on the way.

fetch → parse → normalise → match → record → compose → render (Slack, text)
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from traceback import extract_tb
from typing import Any

import httpx
import yaml

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors import BaseConnector, kinds
from monitor.fetch import FetchSettings, HttpFetcher, ReplayTransport, append
from monitor.matching import Filter, FilterSet
from monitor.models import Access, Outcome, Pairs, Poll, Request, Response, Validators
from monitor.pipeline import Recorded, Rules, collect, prepare, record
from monitor.render.slack import message
from monitor.render.text import plain
from monitor.store import Store
from tests.mutations import mutated
from tests.servers.slack_limits import refusal

_CLIENT = {"client": "exampleville"}
RECORDINGS = Path(__file__).resolve().parent / "recordings"
BEGAN = datetime(2026, 11, 23, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILTERS = FilterSet(
    (
        Filter("any", "Anything", "immigration OR court OR council OR ordinance OR bill OR the"),
        Filter("detainers", "Detainers", 'detainer* OR "287(g)" OR ICE', channels=("#second",)),
    )
)
RULES = Rules(Routing("#all", health="#health"), cap=10)
SETTINGS = FetchSettings("tests@example.org", pace=0.0, max_bytes=5_000_000)
_ACCESS = {".html": Access.PAGE, ".xml": Access.FEED, ".ics": Access.FEED}
REPLAYED = 8  # every eighth answer is written to a WARC file, and read from there


@dataclass(frozen=True)
class Recording:
    """One recorded answer, and the request of its connector that it answers."""

    name: str
    connector: BaseConnector
    request: Request
    body: bytes


def own_recordings() -> list[Recording]:
    """Find the made-up recordings of every kind."""
    found = []
    for described in sorted(RECORDINGS.glob("*/answers.yaml")):
        told = yaml.safe_load(described.read_text(encoding="utf-8"))
        kind = described.parent.name
        for name, asked in told["answers"].items():
            about = tuple(str(one) for one in asked.get("about", ()))
            options = told.get("options", {})
            made = recording(f"{kind}/{name}", kind, options, described.parent / name)
            url = asked.get("url", made.request.url)
            request = replace(made.request, url=url, step=asked.get("step", ""), about=about)
            found.append(replace(made, request=request))
    roster = RECORDINGS / "ice_287g" / "roster.xlsx"
    return [*found, recording("ice_287g/roster.xlsx", "ice_287g", {}, roster, "roster")]


def real_recordings(shared: Path) -> list[Recording]:
    """Find real recordings of the kinds that people watch most, those of a size to be quick."""
    return [
        recording(f"{path.parent.name}/{path.name}", kind, options, path, step, *about)
        for pattern, kind, options, step, about in _REAL
        for path in sorted((shared / "recordings").glob(pattern))
        if path.stat().st_size <= _LARGEST and not _NO_ANSWER.search(path.name)
    ]


_LARGEST = 300_000
_NO_ANSWER = re.compile(
    r"SOFT404|ERROR_|headers\.txt|FirstEntry|ScriptingNews|unknown|empty|\.out$"
    r"|DuplicateContent|bva_example|stl__cc_"
)
_URL = {"url": "https://publisher.example/list"}
_SITE = {"site": "https://www.exampleville.example"}
# Files, the kind that reads them, its options, and what it had asked for.
_REAL: tuple[tuple[str, str, dict[str, Any], str, tuple[str, ...]], ...] = (
    ("feeds-generic/*", "rss", _URL, "", ()),
    ("feeds-gov/*.xml", "rss", _URL, "", ()),
    ("court-other/*example.xml", "rss", _URL, "", ()),
    ("pacer-rss/*.xml", "pacer_rss", {"court": "cand"}, "", ()),
    ("legistar-webapi/*events*.json", "legistar", _CLIENT, "events", ("0", "")),
    ("legistar-webapi/*matters*.json", "legistar", _CLIENT, "matters", ("0", "")),
    ("civicplus/*modid58*.xml", "civicplus", _SITE, "feed", ("58",)),
    ("civicplus/*agenda*center*.html", "civicplus", _SITE, "agendas", ()),
    ("civicplus/*.ics", "ical", {"url": "https://city.example/a.ics"}, "", ()),
    ("granicus/*viewpub*.html", "granicus", {"site": "exampleville", "views": [2]}, "page", ()),
    ("granicus/*rss.xml", "granicus", {"site": "exampleville", "views": [2]}, "agendas", ()),
    ("iqm2/*.html", "iqm2", _CLIENT, "calendar", ()),
    ("primegov/*.json", "primegov", _CLIENT, "upcoming", ()),
    ("escribe/*calendar.json", "escribe", {"tenant": "exampleville"}, "calendar", ()),
    ("novusagenda/*.html", "novusagenda", _CLIENT, "search", ()),
    ("minneapolis-lims/*.json", "minneapolis_lims", {}, "calendar", ()),
    ("billstatus-xml/*BILLSTATUS*.xml", "billstatus", {"congress": 117}, "bill", ()),
    ("ice-287g/participatingAgencies*26am.xlsx", "ice_287g", {}, "roster", ()),
    ("web-pages/*.html", "page", _URL, "", ()),
)


def recording(
    name: str, kind: str, options: Mapping[str, Any], path: Path, step: str = "", *about: str
) -> Recording:
    """Make a recording of a file; its connector is built as from YAML."""
    connector = kinds()[kind].model_validate_json(json.dumps(dict(options)))
    url, access = f"https://{kind.replace('_', '-')}.example/a/b?c=d", _ACCESS.get(path.suffix)
    request = Request(url, access=access or Access.API, step=step, about=about)
    return Recording(name, connector, request, path.read_bytes())


def beginning_with(connector: BaseConnector, request: Request) -> BaseConnector:
    """Let a connector's poll begin with the very request that a recording answers."""

    class Begun(type(connector)):  # type: ignore[misc]
        def requests(self, poll: Poll) -> Iterator[Request]:
            del poll
            yield request

    made: BaseConnector = Begun.model_construct(**dict(connector))
    return made


class Wire(httpx.BaseTransport):
    """The network: answers everything with one body and its headers; robots.txt is not there."""

    def __init__(self) -> None:
        self.answer: tuple[bytes, Pairs] = (b"", ())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as a transport does, its content coding still to be undone."""
        if request.url.path == "/robots.txt":
            return httpx.Response(404, stream=httpx.ByteStream(b""))
        body, headers = self.answer
        raw = [(name.encode(), value.encode("utf-8")) for name, value in headers]
        return httpx.Response(200, headers=raw, stream=httpx.ByteStream(body))


@dataclass
class Publisher:
    """Implements Fetcher: one answer for the recording's step, the kind's others for theirs.

    others: bodies by step, for the requests that an answer leads to; what is not there is the
        spoilt answer itself, as from a publisher that sends every address the same.
    """

    asked: Request
    others: Mapping[str, bytes]
    folder: Path
    number: int = 0
    answer: tuple[bytes, Pairs] = (b"", ())
    wire: Wire = field(default_factory=Wire)

    def __post_init__(self) -> None:
        """Set the fetcher up; its pauses cost no time."""
        ticks = count()
        secrets = dict.fromkeys(_SECRETS, "a-made-up-key")
        self._fetcher = HttpFetcher(
            SETTINGS, secrets, self.wire, monotonic=lambda: next(ticks) * 0.001, sleep=_no_time
        )

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer one request by the real fetcher, from the wire or from a recording on disk."""
        is_asked = request.step == self.asked.step
        body, headers = self.answer
        if not is_asked:
            body, headers = self.others.get(request.step, body), ()
        if is_asked and self.number % REPLAYED == 0:
            return self._replayed(request, last, body, headers)
        self.wire.answer = body, headers
        return self._fetcher.fetch(request, last)

    def _replayed(
        self, request: Request, last: Validators | None, body: bytes, headers: Pairs
    ) -> Response:
        path = self.folder / "recorded.warc.gz"
        path.unlink(missing_ok=True)
        append(path, [Response(request, request.url, 200, headers, body, BEGAN)])
        with HttpFetcher(SETTINGS, {}, ReplayTransport([path])) as fetcher:
            return fetcher.fetch(request, last)


_SECRETS = (
    "OPENSTATES_API_KEY", "LEGISCAN_API_KEY", "CONGRESS_API_KEY", "REGULATIONS_API_KEY",
    "COURTLISTENER_TOKEN", "LEGISTAR_TOKEN_EXAMPLEVILLE", "LEGISTAR_TOKEN_NYC",
)  # fmt: skip


def _no_time(seconds: float) -> None:
    del seconds


@dataclass
class Found:
    """What many spoilt answers came to.

    outcomes: how many polls came to what. bugs: exceptions that were no expected error, by where
    they were raised, with one example. slowest: processor seconds, and the example.
    """

    answers: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    alerts: int = 0
    bugs: dict[str, str] = field(default_factory=dict)
    bug_counts: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    reasons: Counter[str] = field(default_factory=Counter)

    def note_time(self, seconds: float, example: str) -> None:
        """Remember the slowest."""
        self.slowest = max(self.slowest, (seconds, example))

    def note_bug(self, bug: BaseException, example: str) -> None:
        """Remember a bug once, by the place where it was raised."""
        own = [f for f in extract_tb(bug.__traceback__) if "/monitor/" in f.filename]
        frame = own[-1] if own else extract_tb(bug.__traceback__)[-1]
        place = f"{type(bug).__name__} in {Path(frame.filename).name}:{frame.lineno}"
        self.bugs.setdefault(place, f"{example}: {str(bug)[:200]}")
        self.bug_counts[place] += 1


class Road:
    """One recording's source in a database of its own, polled again and again."""

    def __init__(self, one: Recording, others: Mapping[str, bytes], folder: Path) -> None:
        self._one = one
        self._publisher = Publisher(one.request, others, folder)
        connector = beginning_with(one.connector, one.request)
        self._source = Source(
            id="recorded",
            name="Recorded",
            kind=one.connector.kind,
            connector=connector,
            jurisdiction="ocd-division/country:us",
            every=HOUR,
            cron="",
            timezone="America/New_York",
        )
        self._now = BEGAN
        self.store = Store.open(folder / "monitor.db")

    def poll(self, body: bytes, headers: Pairs = ()) -> Recorded:
        """Poll once, an hour after the last time, and render every alert for Slack and as text."""
        self._publisher.answer = body, headers
        self._publisher.number += 1
        self._now += HOUR
        task = prepare(self.store, self._source, self._now, pace=0.0)
        collected = collect(task, self._publisher, FILTERS)
        recorded = record(self.store, None, self._source, collected, RULES)
        for alert in recorded.alerts:
            assert plain(alert, self._now)
            for part in message(alert, self._now):
                told = {"text": part.text, "blocks": list(part.blocks), "metadata": part.metadata}
                assert refusal(told) is None, (alert.headline, refusal(told))
        return recorded

    def walk(self, times: int, found: Found) -> None:
        """Poll the recording itself, spoilt answers, and itself again: nothing may be lost."""
        first = self.poll(self._one.body).collected
        if first.outcome is Outcome.FAILED:
            found.lost.append(f"{self._one.name} itself cannot be read: {first.reason}")
        kept = first.seen
        for number in range(times):
            seed = f"{self._one.name} {number}"
            body, headers, what = mutated(self._one.body, (), Random(seed))  # noqa: S311
            self._spoilt(body, headers, f"{seed} {what}", found)
        self.poll(self._one.body)
        found.lost += [
            f"{self._one.name} {key}"
            for key in kept
            if self.store.items.find(self._source.id, key) is None
        ]
        found.lost += [f"{self._one.name}: {fault}" for fault in self.store.upkeep.check()]

    def _spoilt(self, body: bytes, headers: Pairs, example: str, found: Found) -> None:
        begun, before = time.thread_time(), self.store.items.count()
        found.answers += 1
        try:
            recorded = self.poll(body, headers)
        except Exception as bug:  # noqa: BLE001 - every kind of bug is looked for
            found.note_bug(bug, example)
            return
        finally:
            found.note_time(time.thread_time() - begun, example)
        outcome = recorded.collected.outcome
        found.outcomes[outcome.value] += 1
        found.alerts += len(recorded.alerts)
        if outcome is Outcome.FAILED:
            found.reasons[recorded.collected.reason] += 1
            if not recorded.collected.reason:
                found.lost.append(f"{example}: failed without a reason")
        if self.store.items.count() < before:
            found.lost.append(f"{example}: items are fewer")


def walk_all(recordings: Sequence[Recording], answers: int, folder: Path) -> Found:
    """Let about so many spoilt answers go the whole road, spread over the recordings."""
    found = Found()
    times = max(1, round(answers / len(recordings)))
    for number, one in enumerate(recordings):
        others = {
            other.request.step: other.body
            for other in recordings
            if other.connector.kind == one.connector.kind and other.request.step
        }
        own = folder / str(number)
        own.mkdir()
        road = Road(one, others, own)
        try:
            road.walk(times, found)
        finally:
            road.store.close()
    return found
