"""Many that fail together are one outage; each that fails alone is its own trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors.rss import Rss
from monitor.models import Collected, Outcome
from monitor.neighbours import PATIENCE, neighbours, tell_outages
from monitor.outages import Sight, began, is_over
from monitor.pipeline import Rules, record
from monitor.store import Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ROUTING = Routing("#all", health="#health")


# --------------------------------------------------------------------------- what is an outage


def sights(failing: int, answering: int, at: datetime = NOW) -> list[Sight]:
    """Make so many hosts of each sort."""
    return [Sight(f"f{n}", at, fails=True) for n in range(failing)] + [
        Sight(f"a{n}", at + MINUTE, fails=False) for n in range(answering)
    ]


@pytest.mark.parametrize(
    ("failing", "answering", "together"),
    [(2, 0, False), (3, 0, True), (3, 1, False), (9, 1, True), (8, 1, False), (50, 6, False)],
)
def test_nearly_all_of_at_least_three_have_to_fail(
    failing: int, answering: int, together: bool
) -> None:
    """One in ten may go on answering."""
    assert (began(sights(failing, answering)) is not None) == together


def test_what_answered_before_says_nothing() -> None:
    """Everybody answered until the network went down."""
    before = [Sight(f"b{n}", NOW - MINUTE, fails=False) for n in range(100)]
    assert began([*before, *sights(3, 0)]) == NOW


def test_one_that_has_long_failed_does_not_hide_that_others_begin_to() -> None:
    """Others answered after it failed; the outage began later."""
    alone = Sight("alone", NOW - 10 * MINUTE, fails=True)
    answers = [Sight(f"b{n}", NOW - 5 * MINUTE, fails=False) for n in range(20)]
    assert began([alone, *answers, *sights(4, 0)]) == NOW


def test_sources_of_one_host_count_once_for_the_network() -> None:
    """A host that is down is not the network."""
    assert began([Sight("one.example", NOW, fails=True) for _ in range(60)]) is None


def test_it_is_over_where_half_of_all_answer_again() -> None:
    """Not with the first."""
    assert not is_over(sights(5, 1), NOW)
    assert is_over(sights(5, 5), NOW)
    assert is_over([], NOW)


# ------------------------------------------------------------------------------ days of polls


@dataclass
class Watch:
    """Polls sources on a clock of its own; what each does is said by `reasons`."""

    store: Store
    sources: tuple[Source, ...]
    now: datetime = NOW
    unheard: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    posts: list[str] = field(default_factory=list)
    asked: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let every source be known, and answer once."""
        self.near = neighbours(self.sources)
        self.rules = Rules(ROUTING, groups=self.near.groups)
        self.store.sources.begin(self.near.sources, self.now)
        self.until(self.now + 2 * HOUR)
        assert self.posts == []

    def until(self, end: datetime) -> None:
        """Poll what is due and judge, minute by minute."""
        while self.now < end:
            for name in self.store.sources.due(self.now):
                self.poll(name)
            posts = tell_outages(self.store, self.near, ROUTING, self.now)
            self.store.outbox.enqueue(posts, self.now)
            self.posts += [one.headline for one in posts]
            self.now += MINUTE

    def poll(self, name: str) -> None:
        """Poll one source."""
        self.asked.append((self.now, name))
        failed = name in self.unheard | self.failing | self.busy
        outcome = Outcome.FAILED if failed else Outcome.UNCHANGED
        reason = f"{name}.example cannot be reached" if failed else ""
        collected = Collected(
            name,
            self.now,
            outcome,
            reason,
            unheard=name in self.unheard,
            passing=name in self.unheard | self.busy,
        )
        recorded = record(self.store, None, self.near.sources[name], collected, self.rules)
        self.posts += [one.headline for one in recorded.alerts]

    def pass_time(self, length: timedelta) -> list[str]:
        """Return what was told meanwhile."""
        told = len(self.posts)
        self.until(self.now + length)
        return self.posts[told:]


def source(name: str, host: str) -> Source:
    """Make a feed at a host, polled every half an hour."""
    return Source(
        id=name,
        name=f"The {name}",
        kind="rss",
        connector=Rss(url=f"https://{host}/{name}"),
        jurisdiction="ocd-division/country:us",
        every=HOUR / 2,
        cron="",
        timezone="America/New_York",
    )


OWN = tuple(source(f"town{n}", f"town{n}.example") for n in range(20))
SHARED = tuple(source(f"court{n}", "platform.example") for n in range(12))
ALL = {one.id for one in (*OWN, *SHARED)}


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """Watch twenty hosts of their own, and twelve sources of one platform."""
    with Store.open(tmp_path / "monitor.db") as store:
        yield Watch(store, (*OWN, *SHARED))


def test_an_outage_of_our_own_network_is_one_post_and_one_at_its_end(watch: Watch) -> None:
    """However long it lasts, and however many sources there are."""
    watch.unheard = set(ALL)
    begun = watch.pass_time(5 * HOUR)
    assert len(begun) == 1
    assert begun[0].startswith("Own network down: ")
    watch.unheard = set()
    (over,) = watch.pass_time(HOUR)
    assert over == f"Own network is back: {len(ALL)} sources could not be reached"
    assert watch.pass_time(DAY) == []


def test_a_lasting_outage_is_reminded_of_once_a_day(watch: Watch) -> None:
    """Three days are one post, two or three reminders, and the end."""
    watch.unheard = set(ALL)
    told = watch.pass_time(3 * DAY)
    assert told[0].startswith("Own network down")
    assert all(one.startswith("Own network still down") for one in told[1:])
    assert 2 <= len(told[1:]) <= 3


def test_no_source_is_punished_for_our_own_network(watch: Watch) -> None:
    """After two days without a network, all are polled again within minutes of its return."""
    watch.unheard = set(ALL)
    watch.pass_time(2 * DAY)
    watch.unheard, back = set(), watch.now
    watch.pass_time(HOUR)
    first = {name: at for at, name in reversed(watch.asked) if at >= back}
    assert first.keys() == ALL
    assert max(first.values()) - back <= 45 * MINUTE
    assert all(watch.store.sources.state(name).failures == 0 for name in ALL)


def test_a_source_that_stays_broken_after_an_outage_is_told_by_itself(watch: Watch) -> None:
    """Once, when it was asked again."""
    watch.unheard = set(ALL)
    watch.pass_time(3 * HOUR)
    watch.unheard = {"town3"}
    told = watch.pass_time(3 * HOUR)
    assert [one for one in told if "Own network" not in one] == [
        "Broken: The town3 (town3) cannot be checked"
    ]
    watch.unheard = set()
    assert watch.pass_time(DAY) == ["Recovered: The town3 (town3) is checked again"]


def test_a_platform_that_fails_is_one_post_that_names_its_sources(watch: Watch) -> None:
    """The others go on; its end is told once."""
    watch.failing = {one.id for one in SHARED}
    (begun,) = watch.pass_time(3 * HOUR)
    assert begun.startswith("platform.example fails: ")
    row = next(one for one in watch.store.outbox.listed() if one.alert.headline == begun)
    assert "The court" in "".join(text for text, _ in row.alert.lines)
    watch.failing = set()
    (over,) = watch.pass_time(HOUR)
    assert over == "platform.example answers again: 12 sources failed meanwhile"
    assert watch.pass_time(DAY) == []


def test_a_source_of_a_platform_that_fails_alone_is_told_soon(watch: Watch) -> None:
    """Its neighbours answer meanwhile."""
    watch.failing = {"court5"}
    assert watch.pass_time(HOUR) == ["Broken: The court5 (court5) cannot be checked"]
    asked = next(at for at, name in reversed(watch.asked) if name == "court5")
    assert watch.now - asked < HOUR


def test_a_host_that_is_silent_for_a_moment_is_told_nobody(watch: Watch) -> None:
    """It answers at the next poll, before anybody had to know."""
    name = watch.store.sources.due(watch.now + HOUR)[0]
    watch.unheard = {name}
    watch.poll(name)
    watch.unheard = set()
    watch.poll(name)
    assert watch.pass_time(2 * HOUR) == []


def test_a_publisher_that_is_overloaded_for_a_moment_is_told_nobody(watch: Watch) -> None:
    """It is asked again in five minutes, not in half an hour, and answers."""
    watch.busy = {"town1"}
    watch.poll("town1")
    watch.busy = set()
    failed = watch.now
    assert watch.pass_time(3 * HOUR) == []
    asked = [at for at, name in watch.asked if name == "town1" and at > failed]
    assert asked[0] - failed < 7 * MINUTE
    assert asked[1] - asked[0] > 20 * MINUTE


def test_a_publisher_that_fails_twice_is_told_with_the_time_of_the_first(watch: Watch) -> None:
    """Once: the third failure tells nothing; it is asked ever more rarely from then on."""
    watch.busy = {"town1"}
    failed = watch.now
    watch.poll("town1")
    assert watch.pass_time(7 * MINUTE) == ["Broken: The town1 (town1) cannot be checked"]
    (notice,) = watch.store.notices.present()
    assert (notice.subject, notice.since) == ("town1", failed)
    assert watch.pass_time(6 * HOUR) == []
    asked = [at for at, name in watch.asked if name == "town1" and at > failed]
    assert asked[2] - asked[1] > 50 * MINUTE
    watch.busy = set()
    (over,) = watch.pass_time(DAY)
    assert over.startswith("Recovered: The town1")


def test_a_source_alone_with_its_fault_is_told_at_once(watch: Watch) -> None:
    """It answered, and with nothing that could be read: that is nobody else's fault."""
    watch.failing = {"town1"}
    watch.poll("town1")
    assert watch.posts[-1] == "Broken: The town1 (town1) cannot be checked"
    assert PATIENCE < HOUR
