"""What publishers really answered goes through the real pipeline, into a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors import BaseConnector
from monitor.connectors.legistar import Legistar
from monitor.connectors.pacer_rss import PacerRss
from monitor.connectors.rss import Rss
from monitor.errors import FetchError
from monitor.fetch import FetchSettings, HttpFetcher, ReplayTransport, append
from monitor.matching import Filter, FilterSet
from monitor.models import Access, Fetcher, Outcome, Request, Response, Validators
from monitor.pipeline import Recorded, Rules, collect, prepare, record
from monitor.store import Store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FILTERS = FilterSet((Filter("any", "Anything", "immigration OR court OR council OR the"),))
RULES = Rules(Routing("#all"), cap=10_000)
FEED = "https://feeds.example.org/feed"
# Courts of the recordings by the beginning of their file names; samples have no court of their own.
COURTS = {"rss_ca10": "ca10", "rss_sample": "mdb", "ca4_1": "ca4", "mdb": "mdb", "nyed": "nyed"}
# Files beside the feeds that are no feeds: what answers they are is said by the error.
NO_FEEDS = {
    "auburndale-fl-feed.headers.txt",  # the headers of an answer
    "feedjira_DuplicateContentAtomFeed.xml",  # a feed inside a page of HTML
    "feedjira_HREFConsideredHarmfulFirstEntry.xml",  # one entry's HTML
    "feedjira_TenderLovemakingFirstEntry.xml",  # one entry's HTML
    "nnw_ScriptingNews.json",  # RSS put into JSON, which is no JSON Feed
    "reader_empty.atom",  # its one entry has no words
    "reader_empty.rss",  # the same
    "reader_unknown.json",  # a version of JSON Feed that does not exist
    "winter-haven-fl-events-wntrhvn.rss.out",  # an error page
}


@dataclass
class Recording:
    """Answers every request with one body, through the replay that `--replay` uses."""

    fetcher: HttpFetcher

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer one request."""
        return self.fetcher.fetch(request, last)


def replayed(body: bytes, request: Request, folder: Path) -> Fetcher:
    """Write a body into a WARC file, and answer from there."""
    path = folder / "recording.warc.gz"
    path.unlink(missing_ok=True)
    append(path, [Response(request, request.url, 200, (), body, NOW)])
    return Recording(HttpFetcher(FetchSettings("tests@example.org"), {}, ReplayTransport([path])))


def source(connector: BaseConnector) -> Source:
    """Make a source of a connector."""
    return Source(
        id="recorded",
        name="Recorded",
        kind=connector.kind,
        connector=connector,
        jurisdiction="ocd-division/country:us",
        every=timedelta(hours=1),
        cron="",
        timezone="America/New_York",
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a new database."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


def polled(
    store: Store, connector: BaseConnector, body: bytes, folder: Path, now: datetime = NOW
) -> Recorded:
    """Poll one body through fetch, parse, normalise, match and record."""
    task = prepare(store, source(connector), now, pace=0.0)
    (request,) = list(connector.requests(task.poll))[:1]
    collected = collect(task, replayed(body, request, folder), FILTERS)
    return record(store, None, source(connector), collected, RULES)


def feeds(shared: Path) -> list[Path]:
    """List the recorded feeds, and what was answered in their place."""
    folders = (shared / "recordings" / "feeds-generic", shared / "recordings" / "feeds-gov")
    return [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]


def test_every_recorded_feed_is_stored_once_or_refused_with_a_reason(
    shared: Path, tmp_path: Path
) -> None:
    """A second poll of the same brings nothing; what is no feed fails, and says why."""
    stored = failed = 0
    for number, path in enumerate(feeds(shared)):
        body = path.read_bytes()
        with Store.open(tmp_path / f"{number}.db") as store:
            first = polled(store, Rss(url=FEED), body, tmp_path)
            again = polled(store, Rss(url=FEED), body, tmp_path, NOW + timedelta(hours=1))
            assert again.new == again.updated == 0, path.name
            assert not [alert for alert in again.alerts if alert.kind != "health"], path.name
            assert store.items.count() == first.new
        stored += first.new
        if first.collected.outcome is Outcome.FAILED:
            failed += 1
            assert first.collected.reason, path.name
            assert path.name.startswith("SOFT404") or path.name in NO_FEEDS, path.name
    assert stored == 745
    assert failed == len(NO_FEEDS) + 2


def test_every_recorded_court_feed_is_stored_once(shared: Path, tmp_path: Path) -> None:
    """All entries of a feed come in, and none of them twice."""
    for path in sorted((shared / "recordings" / "pacer-rss").glob("*.xml")):
        stem = path.stem
        court = next((c for name, c in COURTS.items() if stem.startswith(name)), stem)
        connector = PacerRss(court=court, url=FEED)
        with Store.open(tmp_path / f"{stem}.db") as store:
            first = polled(store, connector, path.read_bytes(), tmp_path)
            again = polled(store, connector, path.read_bytes(), tmp_path, NOW + timedelta(hours=1))
            assert first.collected.outcome is Outcome.CHANGED, (path.name, first.collected.reason)
            assert (again.new, again.updated, again.collected.gap) == (0, 0, False)


@pytest.mark.parametrize(
    ("file", "path", "least"),
    [("oakland_events_pubsafety.json", "events", 900), ("seattle_events.json", "events", 900)],
)
def test_a_page_of_a_thousand_meetings_is_stored(
    shared: Path, store: Store, tmp_path: Path, file: str, path: str, least: int
) -> None:
    """The page cap's thousand rows become as many meetings."""
    body = (shared / "recordings" / "legistar-webapi" / file).read_bytes()
    connector = Legistar(client="sampleville", matters=False, agendas=0, lookback_days=3660)

    class Once:
        """Answers the first page with the recording, and the next with nothing."""

        pages = 0

        def fetch(self, request: Request, last: Validators | None = None) -> Response:
            del last
            assert request.access is Access.API
            assert f"/{path}" in request.url
            self.pages += 1
            answer = body if self.pages == 1 else b"[]"
            return Response(request, request.url, 200, (), answer, NOW)

    task = prepare(store, source(connector), datetime(2016, 1, 1, tzinfo=UTC), pace=0.0)
    recorded = record(store, None, source(connector), collect(task, Once(), FILTERS), RULES)
    assert recorded.collected.outcome is Outcome.CHANGED
    assert recorded.new >= least
    assert tmp_path.exists()


def test_every_recorded_error_of_the_web_api_is_a_failure(shared: Path, store: Store) -> None:
    """A body that says what went wrong is never an empty list."""
    folder = shared / "recordings" / "legistar-webapi"
    connector = Legistar(client="sampleville", events=False)
    for path in sorted(folder.glob("ERROR_*")):
        if path.name.endswith(".headers.txt"):
            continue
        body = path.read_bytes()

        class Broken:
            """Answers with status 200 and the body of an error."""

            answer = body

            def fetch(self, request: Request, last: Validators | None = None) -> Response:
                del last
                if not self.answer:
                    raise FetchError(request.url, "nothing")
                return Response(request, request.url, 200, (), self.answer, NOW)

        collected = collect(prepare(store, source(connector), NOW, pace=0.0), Broken(), FILTERS)
        assert collected.outcome is Outcome.FAILED, path.name
        assert collected.reason
