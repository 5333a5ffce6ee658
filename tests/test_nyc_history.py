"""Two months of New York City's legislation, polled step by step as they happened.

Of 2,450 modifications in the recorded history, 383 touch nothing but LastModified and 1,729 more
nothing but sponsors, attachments, actions or the text's formatting: alerting on a bumped time stamp
would be 2,613 alerts. What is left are 163 new matters, one file number that passed to another
matter, and 337 changes of status, dates, version, words or body.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors.legistar import Legistar
from monitor.fetch import FetchSettings, HttpFetcher
from monitor.matching import Filter, FilterSet
from monitor.models import Alert, ChangeKind, Collected, Outcome
from monitor.pipeline import Rules, collect, prepare, record
from monitor.store import Store
from tests.replay.nyc import History, Record, matter_record
from tests.servers.legistar_api import LegistarApi

BEFORE = datetime(2026, 5, 1, tzinfo=UTC)
EVERYTHING = FilterSet((Filter("all", "All legislation", "local OR resolution OR submitting"),))
RULES = Rules(Routing("#all"), cap=10_000)
# The mirror's fields whose change a reader wants to know; dates without their clocks.
WORDS = ("ID", "File", "Name", "Title", "Summary", "TypeName", "StatusName", "BodyName", "Version")
DATES = ("IntroDate", "AgendaDate", "PassedDate", "EnactmentDate")


def news(file: Record) -> tuple[str, ...]:
    """Say what is news about a file, independently of the connector."""
    words = [" ".join(str(file.get(name) or "").split()) for name in (*WORDS, "LocalLaw")]
    return (*words, *[str(file.get(name))[:10] for name in DATES])


@dataclass
class Walk:
    """What the polls of all steps brought.

    wanted, fresh: keys of what was news at each step, by the mirror and by the monitor.
    again: what a second poll of a step's state brought.
    """

    first: Collected
    wanted: list[set[str]] = field(default_factory=list)
    fresh: list[set[str]] = field(default_factory=list)
    again: list[Collected] = field(default_factory=list)
    told: list[Alert] = field(default_factory=list)
    told_again: list[Alert] = field(default_factory=list)
    modified: int = 0
    kinds: Counter[ChangeKind] = field(default_factory=Counter)


class Monitor:
    """One source, one database, one server."""

    def __init__(self, api: LegistarApi, database: Path) -> None:
        place = urlsplit(api.address)
        settings = FetchSettings(
            "tests@example.org",
            pace=0.0,
            named_hosts=frozenset({(place.hostname or "", place.port or 0)}),
        )
        self._fetcher = HttpFetcher(settings, {})
        self._database = database
        self._source = Source(
            id="nyc-council",
            name="New York City Council",
            kind="legistar",
            connector=Legistar(client="nyc", api=api.address, events=False, lookback_days=3660),
            jurisdiction="ocd-division/country:us/state:ny/place:new_york",
            every=timedelta(minutes=30),
            cron="",
            timezone="America/New_York",
        )

    def close(self) -> None:
        """Close the connections."""
        self._fetcher.close()

    def poll(self, now: datetime) -> tuple[Collected, tuple[Alert, ...], int, int]:
        """Poll once, with a database that is opened anew each time, as after a restart."""
        with Store.open(self._database) as store:
            task = prepare(store, self._source, now, pace=0.0)
            collected = collect(task, self._fetcher, EVERYTHING)
            recorded = record(store, None, self._source, collected, RULES)
        return collected, recorded.alerts, recorded.new, recorded.updated


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the database that the walk fills."""
    return tmp_path_factory.mktemp("nyc") / "monitor.db"


@pytest.fixture(scope="module")
def walk(shared: Path, database: Path) -> Iterator[Walk]:
    """Poll the state before, then each of the 102 steps, every tenth of them twice."""
    history = History(shared)
    state = {path: matter_record(file) for path, file in history.base.items()}
    with LegistarApi("nyc") as api:
        api.matters = list(state.values())
        monitor = Monitor(api, database)
        first, told, _, _ = monitor.poll(BEFORE)
        found = Walk(first, told=list(told))
        for step in history.steps():
            state |= {path: matter_record(after) for path, _, after in step.changes}
            api.matters = list(state.values())
            found.modified += sum(before is not None for _, before, _ in step.changes)
            found.wanted.append(
                {
                    f"matter-{after['ID']}"
                    for _, before, after in step.changes
                    if before is None or news(before) != news(after)
                }
            )
            collected, alerts, new, updated = monitor.poll(step.time)
            found.fresh.append({one.item.key for one in collected.fresh})
            found.told += alerts
            found.kinds[ChangeKind.NEW] += new
            found.kinds[ChangeKind.UPDATED] += updated
            if step.number % 10 == 0:
                second, alerts, _, _ = monitor.poll(step.time + timedelta(minutes=1))
                found.again.append(second)
                found.told_again += alerts
        monitor.close()
        yield found


def test_the_first_poll_is_silent(walk: Walk) -> None:
    """Thirteen hundred matters are stored, and nobody is told."""
    assert len(walk.first.fresh) == 1346
    assert not [alert for alert in walk.told if alert.created_at == BEFORE]


def test_what_is_news_in_each_step_and_nothing_else_is_fresh(walk: Walk) -> None:
    """2,112 of 2,450 modifications are none: time stamps, sponsors, attachments, formatting."""
    assert walk.modified == 2450
    assert walk.fresh == walk.wanted
    assert sum(map(len, walk.fresh)) == 163 + 1 + 337


def test_every_matter_is_stored_once(walk: Walk, database: Path) -> None:
    """163 were added, and one file number passed to another matter."""
    assert walk.kinds == {ChangeKind.NEW: 164, ChangeKind.UPDATED: 337}
    with Store.open(database) as store:
        assert store.items.count() == 1346 + 164
        assert len(store.items.known_fingerprints("nyc-council")) == 1346 + 164


def test_every_piece_of_news_is_told_once(walk: Walk) -> None:
    """One alert a change, each under a key of its own."""
    assert len({alert.key for alert in walk.told}) == len(walk.told)
    assert len(walk.told) == sum(map(len, walk.wanted))


def test_a_second_poll_of_the_same_state_delivers_nothing(walk: Walk) -> None:
    """Also after a restart: the database was opened anew for each poll."""
    assert len(walk.again) == 10
    assert not any(collected.fresh for collected in walk.again)
    assert {collected.outcome for collected in walk.again} <= {Outcome.UNCHANGED, Outcome.EMPTY}
    assert walk.told_again == []
