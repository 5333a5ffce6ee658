"""Every message that real answers of publishers make is one that Slack takes.

The recordings go through the real pipeline; what comes out is judged by a checker written from
Slack's published limits, the sum over a message included, and a sample is posted over the wire.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts import Routing, compose
from monitor.channels import SlackChannel
from monitor.cli.lines import read_lines
from monitor.config import load
from monitor.connectors import BaseConnector, kinds
from monitor.connectors.legistar import Legistar
from monitor.connectors.pacer_rss import PacerRss
from monitor.connectors.rss import Rss
from monitor.matching import Filter, FilterSet
from monitor.models import (
    Alert,
    Change,
    ChangeKind,
    Delivery,
    Entry,
    FieldChange,
    Hearing,
    Item,
    ItemType,
    Poll,
    Posted,
    Present,
    Receipt,
    Related,
    Response,
    Stage,
)
from monitor.normalise import normalise
from monitor.pipeline import Rules, collect, prepare, record
from monitor.render.blocks import units
from monitor.render.controls import controls
from monitor.render.notes import note
from monitor.render.slack import fallback, message, revised, told_before
from monitor.store import Store
from tests.connectors.test_other_recordings import READ
from tests.end_to_end.world import REPOSITORY
from tests.servers.slack_api import SlackServer, Workspace
from tests.servers.slack_limits import refusal
from tests.test_recordings import COURTS, FEED, feeds, replayed, source

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
FILTERS = FilterSet((Filter("any", "Anything", r"/\A.{1,40}/"),))
RULES = Rules(Routing("#immigration-alerts"), cap=100_000, backfill=LONG_AGO)
# Seconds of CPU are bounded: of large lists only each so many-th record is shown, and only each
# so many-th alert on other ways than Slack's app.
EACH = 25
SELDOM = 4
MOST_ROWS = 40


@dataclass
class Judge:
    """Counts alerts, and the messages that they make; fails where Slack would refuse one."""

    alerts: int = 0
    messages: int = 0
    longest: int = 0

    def hear(self, alert: Alert) -> None:
        """Judge everything that any way out makes of an alert."""
        self.alerts += 1
        row = controls(alert, NOW, first=True)
        parts = message(alert, NOW, row)
        self.longest = max(self.longest, len(parts))
        for shown in parts:
            self._accept(alert, shown.text, list(shown.blocks), shown.metadata)
        if self.alerts % SELDOM == 0:
            self._hear_elsewhere(alert)

    def _hear_elsewhere(self, alert: Alert) -> None:
        """Judge what a webhook is told, what stands in for refused blocks, and notes."""
        for shown in message(alert, NOW, state=(told_before(alert.headline),)):
            self._accept(alert, shown.text, list(shown.blocks))
        plain = fallback(alert, NOW)
        assert units(plain.text) <= 4_000, alert.headline
        self._accept(alert, plain.text, None)
        assert note(alert, NOW, alert.headline, markdown=True).body.strip()

    def hear_of_the_present(self, alert: Alert, present: Present) -> None:
        """Judge the first message as it is edited later."""
        posted = Posted(alert, Receipt("1700000000.000001", "C01ALERTS"), NOW, present)
        shown = revised(posted, NOW, controls(alert, NOW, first=True, present=present))
        self._accept(alert, shown.text, list(shown.blocks), shown.metadata)

    def _accept(
        self,
        alert: Alert,
        text: str,
        blocks: list[Any] | None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        arguments: dict[str, Any] = {"text": text}
        arguments |= {"blocks": blocks} if blocks else {}
        arguments |= {"metadata": metadata} if metadata else {}
        assert refusal(arguments) is None, alert.headline
        self.messages += 1


class Undone(Exception):
    """Takes back what was recorded, so that the next feed finds an empty database."""


@dataclass
class Pollster:
    """Polls one body after another through fetch, parse, normalise, match and record."""

    store: Store
    folder: Path

    def told(self, connector: BaseConnector, body: bytes) -> tuple[Alert, ...]:
        """Return the alerts of a first poll that may tell everything."""
        own = source(connector)
        task = prepare(self.store, own, NOW, pace=0.0, since=LONG_AGO)
        (request,) = list(connector.requests(task.poll))[:1]
        collected = collect(task, replayed(body, request, self.folder), FILTERS)
        alerts: tuple[Alert, ...] = ()
        with suppress(Undone), self.store.transaction():
            alerts = record(self.store, None, own, collected, RULES).alerts
            raise Undone
        return alerts


@pytest.fixture
def pollster(tmp_path: Path) -> Iterator[Pollster]:
    """Open an empty store in a real file."""
    with Store.open(tmp_path / "monitor.db") as store:
        yield Pollster(store, tmp_path)


def test_every_alert_of_every_recorded_feed_is_one_that_slack_takes(
    shared: Path, pollster: Pollster
) -> None:
    """News, agencies, councils; also the health posts of what is no feed."""
    judge = Judge()
    for path in feeds(shared):
        for alert in pollster.told(Rss(url=FEED), path.read_bytes()):
            judge.hear(alert)
    assert judge.alerts > 600
    assert judge.messages > judge.alerts


def test_every_alert_of_every_recorded_court_feed_is_one_that_slack_takes(
    shared: Path, pollster: Pollster
) -> None:
    """Thousands of docket entries; of each feed some."""
    judge = Judge()
    for path in sorted((shared / "recordings" / "pacer-rss").glob("*.xml")):
        stem = path.stem
        court = next((c for name, c in COURTS.items() if stem.startswith(name)), stem)
        for alert in pollster.told(PacerRss(court=court, url=FEED), path.read_bytes())[::3]:
            judge.hear(alert)
    assert judge.alerts > 100


@pytest.mark.parametrize("name", sorted(READ))
def test_rows_of_every_other_list_are_taken(shared: Path, name: str) -> None:
    """Calendars, opinions, agreements, orders, a legislature's history: some of each."""
    kind, options, number = READ[name]
    connector = kinds()[kind].model_validate_json(
        json.dumps({"url": "https://publisher.example/list", **options})
    )
    own = source(connector)
    poll = Poll(now=NOW, timezone="America/New_York")
    request = next(iter(connector.requests(poll)))
    body = (shared / "recordings" / name).read_bytes()
    answer = Response(request, request.url, 200, (), body, NOW)
    entries = [one for one in connector.parse(answer, poll) if isinstance(one, Entry)]
    judge = Judge()
    for entry in entries[:: max(number // MOST_ROWS, 1)]:
        for alert in shown_as(normalise(entry, own.id, own.jurisdiction), FILTERS):
            judge.hear(alert)
    assert judge.alerts or not entries


def shown_as(item: Item, filters: FilterSet) -> Iterator[Alert]:
    """Compose the alerts of an item: new, changed in all its fields, gone, and as a reminder."""
    matches = filters.match(item)
    if not matches:
        return
    fields = (
        FieldChange("title", item.title[::-1], item.title),
        FieldChange("text", item.text.upper()[:5_000], item.text),
        FieldChange("status", "Introduced", item.status or "Passed"),
        FieldChange("hearings", "hearing, 2026-12-01 10:00 EST", "hearing, 2026-12-02 10:00 EST"),
        FieldChange("stage", "introduced", "passed"),
    )
    others = tuple(Related(n, item.title, item.jurisdiction, item.url) for n in range(3))
    for change in (
        Change(ChangeKind.NEW, item, 7, stage=Stage.INTRODUCED, related=others),
        Change(ChangeKind.UPDATED, item, 7, fields, stage=Stage.PASSED),
        Change(ChangeKind.GONE, item, 7),
    ):
        yield from compose(change, matches, RULES.routing, "A publisher", NOW)


@pytest.fixture(scope="module")
def filters() -> FilterSet:
    """Load the filters that are shipped."""
    return load(REPOSITORY).filters


def test_labelled_items_make_messages_that_slack_takes(shared: Path, filters: FilterSet) -> None:
    """With the shipped filters' own passages; new, changed, gone, and as they stand later."""
    judge, present = Judge(), standing()
    for line in list(read_lines(shared / "relevance" / "items.jsonl"))[::2]:
        item = Item(
            source="labelled",
            key=line.id,
            type=line.type or ItemType.NEWS,
            jurisdiction="ocd-division/country:us/state:ny",
            title=line.title,
            text=line.body,
            url=line.url,
            fingerprint=line.id,
            published=line.date,
            hearings=(Hearing("hearing", NOW + timedelta(days=3), "America/New_York"),),
        )
        for alert in shown_as(item, filters):
            judge.hear(alert)
            if alert.change is ChangeKind.NEW:
                judge.hear_of_the_present(alert, present)
    assert judge.alerts > 500
    assert judge.messages > 1_000


def standing() -> Present:
    """Make a present state with everything in it."""
    return Present(
        7,
        stage=Stage.PASSED,
        stage_since=NOW,
        hearings=(
            Hearing("hearing", NOW + timedelta(days=3), "America/New_York", place="P" * 300),
        ),
        sources=tuple(f"A publisher with a long name, number {n}" for n in range(20)),
        changes=12,
        changed_at=NOW,
        claimed_by="U0ANA",
        claimed_at=NOW,
        relevant=3,
        not_relevant=1,
        muted=True,
    )


def test_a_thousand_meetings_are_taken(shared: Path) -> None:
    """The page cap's rows of a Web API; some of them."""
    body = (
        shared / "recordings" / "legistar-webapi" / "oakland_events_pubsafety.json"
    ).read_bytes()
    connector = Legistar(client="sampleville", matters=False, agendas=0, lookback_days=3660)
    poll = Poll(now=datetime(2016, 1, 1, tzinfo=UTC), timezone="America/New_York")
    request = next(iter(connector.requests(poll)))
    answer = Response(request, request.url, 200, (), body, NOW)
    own = source(connector)
    judge = Judge()
    entries = [one for one in connector.parse(answer, poll) if isinstance(one, Entry)]
    for entry in entries[::EACH]:
        for alert in shown_as(normalise(entry, own.id, own.jurisdiction), FILTERS):
            judge.hear(alert)
    assert len(entries) >= 900
    assert judge.alerts > 50


def sampled(alerts: Iterable[Alert], each: int) -> list[Alert]:
    """Take each so many-th alert."""
    return list(alerts)[::each]


def test_what_is_judged_is_what_goes_over_the_wire(shared: Path, pollster: Pollster) -> None:
    """A sample is posted to the strict Slack, and edited there; it refuses none."""
    workspace = Workspace(clock=lambda: NOW.timestamp() + 0.5)
    with SlackServer(workspace) as server:
        slack = SlackChannel(server.token, server.url, now=lambda: NOW)
        sent = 0
        for path in feeds(shared)[::10]:
            for alert in sampled(pollster.told(Rss(url=FEED), path.read_bytes()), 5):
                made = replace(alert, channel="#immigration-alerts")
                receipt = slack.send(Delivery(1, made, heard=True))
                assert not receipt.note
                if made.kind == "alert":
                    slack.revise(Posted(made, receipt, NOW, standing(), heard=True))
                sent += 1
    assert sent > 10
    assert len(workspace.posted) >= sent
    assert all("blocks" in posted for posted in workspace.posted)
