"""A day of recorded news in minutes, through a Slack that fails one call in ten.

The labelled items are recorded hour by hour as polls of as many sources would bring them, changes
included, and told by a clock that only waiting moves.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts import Route, Routing
from monitor.channels import SlackChannel
from monitor.cli.lines import read_lines
from monitor.cli.matters import item_of
from monitor.config import Source
from monitor.connectors.rss import Rss
from monitor.deliver import Deliverer
from monitor.look import all_clues
from monitor.models import (
    Collected,
    Direction,
    Fresh,
    Item,
    ItemType,
    Match,
    Outcome,
    Passage,
    Priority,
)
from monitor.normalise import fingerprint, material
from monitor.pipeline import Rules, record
from monitor.store import DeliveryState, Store
from tests.servers.slack_api import Room, SlackServer, Workspace

BEGIN = datetime(2026, 11, 23, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURS = 12
MOST = 360
CHANNELS = ("#immigration-alerts", "#ny", "#courts")
ROUTES = (
    Route("#courts", topic="dockets"),
    Route("#ny", topic="councils"),
    Route("#immigration-alerts", topic="councils"),
    Route("#immigration-alerts", topic="rest"),
)
RULES = Rules(Routing("#immigration-alerts", ROUTES), cap=1_000)
COURT = {ItemType.DOCKET_CAPTION, ItemType.DOCKET_ENTRY}
COUNCIL = {ItemType.COUNCIL_ITEM, ItemType.AGENDA_ITEM}
FAULTS = ("drop_after", "drop_before", "429", "503", "garbage", "error", "empty_429")


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def timestamp(self) -> float:
        """Tell the time in seconds, as Slack's server wants it."""
        return self.now.timestamp()

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.now += timedelta(seconds=seconds)


def matched(item: Item) -> Match:
    """Let a filter hold on an item, by its sort."""
    topic = "dockets" if item.type in COURT else "councils" if item.type in COUNCIL else "rest"
    passage = Passage("title", 0, len(item.title), item.title, ((0, min(5, len(item.title))),))
    return Match(topic, topic.title(), Priority.NORMAL, Direction.UNCLEAR, (passage,))


def day(shared: Path) -> list[list[Fresh]]:
    """Spread real items over the hours of a day; every fifth comes back changed an hour later."""
    spread = random.Random(287)  # noqa: S311 - the same day every time
    items = [item_of(line) for line in read_lines(shared / "relevance" / "items.jsonl")]
    hours: list[list[Fresh]] = [[] for _ in range(HOURS + 1)]
    for number, item in enumerate(spread.sample(items, MOST)):
        hour = spread.randrange(HOURS)
        dated = replace(item, published=BEGIN + hour * HOUR)
        hours[hour].append(Fresh(dated, (matched(dated),), 0, all_clues(dated)))
        if number % 5 == 0:
            changed = replace(dated, status="Passed", title=f"{dated.title} (amended)")
            changed = replace(changed, fingerprint=fingerprint(material(changed)))
            hours[hour + 1].append(Fresh(changed, (matched(changed),), 0, all_clues(changed)))
    return hours


def source() -> Source:
    """Make the source that brings it all."""
    return Source(
        id="lines",
        name="The Sampleville Herald",
        kind="rss",
        connector=Rss(url="https://herald.example.org/feed"),
        jurisdiction="ocd-division/country:us",
        every=HOUR,
        cron="",
        timezone="UTC",
    )


@pytest.fixture(scope="module")
def soaked(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[Any]]:
    """Let the day pass; return what Slack has, and what the outbox says."""
    clock = Clock()
    workspace = Workspace(clock=clock.timestamp)
    workspace.rooms.append(Room("C09COURTS", "courts"))
    workspace.random.seed(11)
    workspace.chances = dict.fromkeys(FAULTS, 0.1 / len(FAULTS))
    herald = source()
    folder = tmp_path_factory.mktemp("soak")
    with Store.open(folder / "monitor.db") as store, SlackServer(workspace) as server:
        store.sources.begin(["lines"], BEGIN)
        record(store, None, herald, Collected("lines", BEGIN - HOUR, Outcome.CHANGED), RULES)
        slack = SlackChannel(server.token, server.url, now=clock, timeout=5)
        deliverer = Deliverer(store, {"#": slack}, clock=clock, sleep=clock.sleep)
        for fresh in day(shared):
            collected = Collected(
                "lines", clock(), Outcome.CHANGED, fresh=tuple(fresh), seen=("x",)
            )
            record(store, None, herald, collected, RULES)
            deliverer.deliver_due(clock(), HOUR)
            clock.now = max(clock.now, collected.polled_at + HOUR)
        for _ in range(40):
            if deliverer.deliver_due(clock(), HOUR).all_well:
                break
            clock.sleep(3_600)
        rows = list(store.outbox.listed(limit=10_000))
    return workspace, rows


def test_every_alert_arrives_exactly_once(soaked: tuple[Workspace, list[Any]]) -> None:
    """Hundreds of them, whatever fails on the way."""
    workspace, rows = soaked
    firsts = [key for key in workspace.keys if "." not in key]
    assert len(rows) > 300
    assert {row.state for row in rows} == {DeliveryState.SENT}
    assert sorted(firsts) == sorted(row.alert.key for row in rows)


def test_faults_did_happen(soaked: tuple[Workspace, list[Any]]) -> None:
    """A tenth of some thousand calls."""
    workspace, rows = soaked
    assert sum(row.attempts for row in rows) > len(rows) * 1.05
    assert len(workspace.calls) > len(rows)


def test_a_thread_keeps_its_order(soaked: tuple[Workspace, list[Any]]) -> None:
    """No reply overtakes its parent, nor another reply."""
    workspace, rows = soaked
    order = {row.alert.key: row.id for row in rows}
    matter = {row.alert.key: (row.alert.channel, row.alert.matter) for row in rows}
    told: dict[Any, list[int]] = defaultdict(list)
    for key in workspace.keys:
        if "." not in key:
            told[matter[key]].append(order[key])
    assert any(len(numbers) > 1 for numbers in told.values())
    assert all(numbers == sorted(numbers) for numbers in told.values())


def test_a_matter_has_one_thread_in_each_channel(soaked: tuple[Workspace, list[Any]]) -> None:
    """All after the first are replies to it."""
    workspace, rows = soaked
    matter = {row.alert.key: row.alert.matter for row in rows}
    for name in CHANNELS:
        parents = [
            matter[message["metadata"]["event_payload"]["k"]]
            for message in workspace.room(name).messages
            if "thread_ts" not in message
        ]
        assert len(parents) == len(set(parents))


def test_a_channel_gets_one_message_a_second(soaked: tuple[Workspace, list[Any]]) -> None:
    """Slack's own limit, kept by the monitor's clock; parts of one message follow at once."""
    workspace, _ = soaked
    for name in CHANNELS:
        firsts = [
            float(message["ts"])
            for message in workspace.room(name).messages
            if "." not in message["metadata"]["event_payload"]["k"]
        ]
        assert all(later - earlier >= 0.999 for earlier, later in pairwise(firsts))


def test_first_messages_show_the_present_state(soaked: tuple[Workspace, list[Any]]) -> None:
    """Those whose matters were changed since say so."""
    workspace, _ = soaked
    edits = [arguments for method, arguments in workspace.calls if method == "chat.update"]
    assert edits
    assert any("change" in edit["text"] for edit in edits)
