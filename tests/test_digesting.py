"""Digests made: once for a period, with all that came since the last one, and none of it twice."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import Expectation, Period, Source
from monitor.connectors import kinds
from monitor.connectors.pacer_rss import PacerRss
from monitor.digest import Edition, following
from monitor.digest.turns import MOST
from monitor.digesting import Newsroom, _goes_on, draft, due, publish, superseded, watched
from monitor.floods import Manners
from monitor.jurisdictions import Feed, courts
from monitor.models import Digest, Frequency, Hearing, Outcome, Person, Subscriber
from monitor.store import DeliveryState, Store
from tests.store.builders import DAY, HOUR, NEW_YORK, NOW, item, match, poll

EDITION = Edition("weekly", "The week", time(8), channel="#digest")
PERIOD = EDITION.period("2026-W47")
FEED = kinds()["rss"].model_validate({"url": "https://council.example/feed"})
COUNCIL = Source("council", "Sampleville Council", "rss", FEED, NEW_YORK, HOUR, "", "UTC")
ROOM = Newsroom((COUNCIL,))
MONDAY = datetime(2026, 11, 23, 13, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a store whose only source was polled first long ago."""
    with Store.open(tmp_path / "monitor.db") as opened:
        _begin(opened)
        yield opened


def _begin(store: Store) -> None:
    store.sources.begin(("council",), NOW - 90 * DAY)
    store.sources.finish_poll(poll(polled_at=NOW - 90 * DAY), NOW)


def record(store: Store, key: str, seen_at: datetime, **fields: Any) -> None:
    """Record an item of the council, which a filter holds on, as a poll would."""
    store.items.merge(item(key, **fields), seen_at, (match(),))


def subscribe(store: Store, *names: str, frequency: Frequency = Frequency.WEEKLY) -> None:
    """Add confirmed subscribers."""
    for name in names:
        wanted = Subscriber(0, f"{name}@example.org", frequency=frequency)
        store.subscribers.add(wanted, NOW, confirmed=True)


def titles(digest: Digest) -> list[str]:
    """List what a digest tells of."""
    return sorted(one.title for one in digest.matters)


# ------------------------------------------------------------------------------------------- once


def test_a_digest_is_kept_copied_and_posted_in_one_go(store: Store) -> None:
    """For each confirmed subscriber who wants it weekly, and for the channel."""
    record(store, "1", MONDAY - 2 * DAY, hearings=(Hearing("hearing", MONDAY + DAY),))
    subscribe(store, "ana", "bo")
    subscribe(store, "daily", frequency=Frequency.DAILY)
    published = publish(store, EDITION, PERIOD, ROOM, MONDAY)
    assert (published.fresh, published.copies) == (True, 2)
    assert store.digests.of("weekly", "2026-W47") == published.digest
    assert titles(published.digest) == ["Resolution 1"]
    (row,) = store.outbox.listed()
    assert (row.alert.kind, row.alert.channel, row.state) == (
        "digest",
        "#digest",
        DeliveryState.QUEUED,
    )
    assert published.post == row.alert


def test_composing_twice_returns_the_first_and_queues_nobody_twice(store: Store) -> None:
    """What came in between is left for the next one; who subscribed meanwhile gets a copy."""
    record(store, "1", MONDAY - DAY)
    subscribe(store, "ana")
    first = publish(store, EDITION, PERIOD, ROOM, MONDAY)
    record(store, "2", MONDAY)
    subscribe(store, "bo")
    again = publish(store, EDITION, PERIOD, ROOM, MONDAY + HOUR)
    assert (again.fresh, again.digest, again.copies, again.post) == (False, first.digest, 1, None)
    assert len(store.mailings.listed()) == 2
    assert len(store.outbox.listed()) == 1
    following_one = publish(store, EDITION, following(PERIOD), ROOM, MONDAY + WEEK)
    assert titles(following_one.digest) == ["Resolution 2"]


def test_a_crash_between_composing_and_queueing_leaves_nothing_behind(store: Store) -> None:
    """The next start composes the digest, and everybody gets the one copy."""
    record(store, "1", MONDAY - DAY)
    subscribe(store, "ana")
    with stopping_at(store, "mailings"), pytest.raises(sqlite3.IntegrityError):
        publish(store, EDITION, PERIOD, ROOM, MONDAY)
    with stopping_at(store, "alerts"), pytest.raises(sqlite3.IntegrityError):
        publish(store, EDITION, PERIOD, ROOM, MONDAY)
    assert store.digests.listed() == ()
    assert store.mailings.listed() == ()
    assert due(store, EDITION, MONDAY) == PERIOD
    made = publish(store, EDITION, PERIOD, ROOM, MONDAY + HOUR)
    assert (made.fresh, made.copies, titles(made.digest)) == (True, 1, ["Resolution 1"])


@contextmanager
def stopping_at(store: Store, table: str) -> Iterator[None]:
    """Let the database refuse each new row of a table."""
    raises = "BEGIN SELECT RAISE(ABORT, 'the machine stops here'); END"
    with closing(sqlite3.connect(store.path)) as db:
        db.execute(f"CREATE TRIGGER stop BEFORE INSERT ON {table} {raises}")
        yield
        db.execute("DROP TRIGGER stop")


def test_two_processes_compose_one_digest_while_a_third_records(tmp_path: Path) -> None:
    """The service and a command at the same moment; what is recorded meanwhile is told once."""
    path, together = tmp_path / "monitor.db", threading.Barrier(3)
    with Store.open(path) as store:
        _begin(store)
        subscribe(store, "ana")
        for number in range(50):
            record(store, f"early {number}", MONDAY - DAY)

    def compose(_: int) -> bool:
        with Store.open(path) as own:
            together.wait()
            return publish(own, EDITION, PERIOD, ROOM, MONDAY).fresh

    def write(_: int) -> bool:
        with Store.open(path) as own:
            together.wait()
            for number in range(50):
                record(own, f"late {number}", MONDAY)
        return False

    with ThreadPoolExecutor(3) as pool:
        fresh = list(pool.map(lambda work: work(0), (compose, compose, write)))
    assert sorted(fresh) == [False, False, True]
    with Store.open(path) as store:
        first = store.digests.of("weekly", PERIOD.id)
        assert first is not None
        second = publish(store, EDITION, following(PERIOD), ROOM, MONDAY + WEEK).digest
        told = Counter(titles(first) + titles(second))
        assert len(told) == 100
        assert set(told.values()) == {1}
        assert len(store.mailings.listed()) == 2


def test_a_draft_that_another_digest_overtook_is_composed_anew(store: Store) -> None:
    """Else what both cover would be told twice."""
    record(store, "1", MONDAY - DAY)
    drafted = draft(store, EDITION, PERIOD, ROOM, MONDAY)
    assert _goes_on(store, EDITION, drafted)
    publish(store, EDITION, EDITION.period("2026-W46"), ROOM, MONDAY)
    assert not _goes_on(store, EDITION, drafted)


def test_a_matter_that_is_muted_in_a_channel_still_stands_in_the_digest(store: Store) -> None:
    """Muting is about a channel's noise, not about the record."""
    record(store, "1", MONDAY - DAY)
    matter = store.matters.of_item("council", "1")
    assert matter is not None
    store.acts.mute(matter, "#digest", Person("U1"), MONDAY)
    assert titles(draft(store, EDITION, PERIOD, ROOM, MONDAY)) == ["Resolution 1"]


def test_a_draft_shows_the_digest_and_keeps_nothing(store: Store) -> None:
    """However often somebody looks."""
    record(store, "1", MONDAY - DAY)
    seen = draft(store, EDITION, PERIOD, ROOM, MONDAY)
    assert draft(store, EDITION, PERIOD, ROOM, MONDAY) == seen
    assert store.digests.listed() == ()
    assert publish(store, EDITION, PERIOD, ROOM, MONDAY).digest == seen


def test_quiet_hours_hold_the_short_version_back(store: Store) -> None:
    """A digest of six in the morning is posted when the night is over."""
    nightly = Manners((time(21), time(9)), "America/New_York")
    publish(store, EDITION, PERIOD, replace(ROOM, manners={"#digest": nightly}), MONDAY)
    (row,) = store.outbox.listed()
    assert row.next_attempt_at == MONDAY + HOUR


def test_where_nothing_is_queued_the_short_version_is_handed_over(store: Store) -> None:
    """Without Slack the console shows it."""
    made = publish(store, EDITION, PERIOD, replace(ROOM, queued=False), MONDAY)
    assert made.post is not None
    assert store.outbox.listed() == ()


# ------------------------------------------------------------------------------------------- when


def test_a_digest_is_due_from_its_hour_on_until_it_is_composed(store: Store) -> None:
    """Monday at eight."""
    publish(store, EDITION, EDITION.period("2026-W46"), ROOM, MONDAY - WEEK)
    assert due(store, EDITION, MONDAY - timedelta(minutes=1)) is None
    assert due(store, EDITION, MONDAY) == PERIOD
    publish(store, EDITION, PERIOD, ROOM, MONDAY)
    assert due(store, EDITION, MONDAY) is None
    assert due(store, EDITION, MONDAY + WEEK) == following(PERIOD)


def test_after_weeks_without_power_one_digest_tells_of_all_of_them(store: Store) -> None:
    """The last period's, with what the ones between would have held."""
    publish(store, EDITION, EDITION.period("2026-W43"), ROOM, MONDAY - 4 * WEEK)
    record(store, "1", MONDAY - 4 * WEEK + DAY)
    record(store, "2", MONDAY - DAY)
    period = due(store, EDITION, MONDAY + DAY)
    assert period == PERIOD
    made = publish(store, EDITION, PERIOD, ROOM, MONDAY + DAY)
    assert titles(made.digest) == ["Resolution 1", "Resolution 2"]
    assert due(store, EDITION, MONDAY + 2 * DAY) is None


def test_a_monitor_that_began_on_wednesday_has_nothing_to_tell_of_the_week_before(
    tmp_path: Path,
) -> None:
    """Its first digest comes next Monday."""
    with Store.open(tmp_path / "new.db") as store:
        wednesday = MONDAY + 2 * DAY
        assert due(store, EDITION, wednesday) is None
        store.sources.begin(("council",), wednesday)
        store.sources.finish_poll(poll(polled_at=wednesday), wednesday)
        assert due(store, EDITION, wednesday + HOUR) is None
        assert due(store, EDITION, MONDAY + WEEK) == following(PERIOD)


@pytest.mark.parametrize("back", [timedelta(hours=1), DAY, WEEK, 3 * WEEK])
def test_a_clock_that_is_set_back_brings_no_second_digest(store: Store, back: timedelta) -> None:
    """Neither of the same period nor of an older one; afterwards all goes on as before."""
    publish(store, EDITION, PERIOD, ROOM, MONDAY)
    assert due(store, EDITION, MONDAY - back) is None or back >= 3 * WEEK
    assert due(store, EDITION, MONDAY) is None
    assert due(store, EDITION, MONDAY + WEEK) == following(PERIOD)


def test_a_digest_of_the_year_2036_does_not_silence_the_years_before(store: Store) -> None:
    """A wrong clock composed it; when the clock is right again, digests come."""
    future = MONDAY.replace(year=2036)
    wrong = publish(store, EDITION, EDITION.last_period(future), ROOM, future)
    assert superseded(store, EDITION, wrong.digest.period, MONDAY) is None
    assert due(store, EDITION, MONDAY) == PERIOD
    record(store, "1", MONDAY)
    assert titles(publish(store, EDITION, PERIOD, ROOM, MONDAY).digest) == ["Resolution 1"]


def test_an_earlier_period_than_the_last_one_is_refused(store: Store) -> None:
    """What happened in it stands in the later digest already."""
    publish(store, EDITION, PERIOD, ROOM, MONDAY)
    with pytest.raises(ValueError, match="2026-W47 was composed already"):
        publish(store, EDITION, EDITION.period("2026-W46"), ROOM, MONDAY)


# --------------------------------------------------------------------------------------- coverage


def test_what_was_checked_counts_from_the_last_digest_on(store: Store) -> None:
    """The poll of ninety days ago does not make this week's coverage."""
    assert draft(store, EDITION, PERIOD, ROOM, MONDAY).checked.never == ("Sampleville Council",)
    store.sources.finish_poll(poll(polled_at=MONDAY - DAY), NOW)
    checked = publish(store, EDITION, PERIOD, ROOM, MONDAY).digest.checked
    assert (checked.sources, checked.checked, checked.polls) == (1, 1, 1)
    failed = poll(outcome=Outcome.FAILED, polled_at=MONDAY + DAY, reason="403 Forbidden")
    store.sources.finish_poll(failed, NOW)
    later = draft(store, EDITION, following(PERIOD), ROOM, MONDAY + WEEK).checked
    assert (later.checked, later.polls) == (0, 1)
    assert later.failed[0][1].startswith("403 Forbidden; last read Sun, Nov 22")


def court_feed(court: str) -> Source:
    """Configure the feed of a court."""
    connector = PacerRss(court=court, url="https://ecf.example.gov/rss")
    return Source(court, f"Court {court}", "pacer_rss", connector, court, HOUR, "", "UTC")


def test_a_court_whose_feed_leaves_filings_out_is_named() -> None:
    """By what is known of each court's feed."""
    partial = next(one for one in courts().values() if one.feed is Feed.PARTIAL)
    whole = next(one for one in courts().values() if one.feed is Feed.ALL)
    found = watched((court_feed(partial.id), court_feed(whole.id)), NOW)
    assert [one.partial for one in found] == [partial.short, ""]


def test_sources_bring_their_rhythm() -> None:
    """Only those that are switched on."""
    one = court_feed("cand")
    (found,) = watched((one, replace(one, enabled=False)), NOW)
    assert (found.id, found.name, found.every) == ("cand", "Court cand", HOUR)


def test_a_source_that_brings_less_than_expected_is_named_as_silent(store: Store) -> None:
    """By the same judgement as `status` and the health channel give."""
    expecting = replace(ROOM.sources[0], expect=Expectation(5, Period.WEEK))
    checked = draft(store, EDITION, PERIOD, Newsroom((expecting,)), MONDAY).checked
    assert [name for name, _ in checked.silent] == ["Sampleville Council"]


# ------------------------------------------------------------------------------ exactly once, ever

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("new"), st.integers(-20, 3)),
        st.tuples(st.just("change"), st.integers(0, 5)),
        st.tuples(st.just("digest"), st.integers(0, 2)),
        st.tuples(st.just("crash"), st.integers(0, 2)),
        st.tuples(st.just("draft"), st.just(0)),
    ),
    max_size=16,
)


class _Newspaper:
    """Records and composes in any order, and notes what each digest told of."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.period = PERIOD
        self.now = MONDAY
        self.happened: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.changed: Counter[int] = Counter()
        self.items = 0

    def new(self, late: int) -> None:
        """Record an item at some time of the past weeks: the clock may go wrong, or it is late."""
        self.items += 1
        record(self.store, str(self.items), self.now + late * DAY)
        self.happened[f"new {self.items}"] += 1

    def change(self, number: int) -> None:
        """Let an item come to a status that it never had; four are told of one matter at most."""
        self.changed[number] += 1
        if number < self.items and self.changed[number] <= MOST - 2:
            key = str(number + 1)
            serial = sum(self.happened.values())
            record(self.store, key, self.now, status=f"Reading {serial}")
            self.happened[f"change {key} to {serial}"] += 1

    def digest(self, weeks: int) -> None:
        """Compose the next digest, perhaps some weeks late; and once more."""
        self.changed.clear()
        for _ in range(2):
            made = publish(self.store, EDITION, self.period, ROOM, self.now)
        self._note(made.digest)
        for _ in range(weeks + 1):
            self.period = following(self.period)
            self.now += WEEK

    def crash(self, where: int) -> None:
        """Break off a digest after some of its steps."""
        table = ("digests", "mailings", "alerts")[where]
        with stopping_at(self.store, table), suppress(sqlite3.IntegrityError):
            publish(self.store, EDITION, self.period, ROOM, self.now)

    def draft(self, _: int) -> None:
        """Look at the next digest."""
        draft(self.store, EDITION, self.period, ROOM, self.now)

    def _note(self, digest: Digest) -> None:
        for one in digest.matters:
            key = one.title.removeprefix("Resolution ")
            for said in one.happened:
                change = said.rpartition("Reading ")[2]
                self.told[f"change {key} to {change}" if "Reading" in said else f"new {key}"] += 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_is_recorded_stands_in_one_digest_and_in_no_second(
    steps: list[tuple[str, int]],
) -> None:
    """In any order of recording, changing, composing, crashing, looking and late starts."""
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "monitor.db") as store:
        _begin(store)
        subscribe(store, "ana")
        paper = _Newspaper(store)
        # What was there before the first digest's period is told by none.
        paper.digest(0)
        for act, number in steps:
            getattr(paper, act)(number)
        paper.digest(0)
        rows = store.digests.listed()[::-1]
        kept = [store.digests.of(row.name, row.period) for row in rows]
        spans = [(one.since_item, one.until_item) for one in kept if one]
        assert all(one[1] == other[0] for one, other in pairwise(spans))
        assert paper.told == paper.happened
