"""Workers go round the sources: at most one source of a host at a time."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

import monitor.rounds
from monitor.config import Source
from monitor.connectors.rss import Rss
from monitor.errors import DocumentError
from monitor.models import Collected, Outcome, Poll
from monitor.rounds import Crew, lane
from monitor.visit import Task

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PATIENCE = 5.0


def source(name: str, host: str) -> Source:
    """Make a source that reads a feed of a host."""
    return Source(
        id=name,
        name=name,
        kind="rss",
        connector=Rss(url=f"https://{host}/{name}.xml"),
        jurisdiction="ocd-division/country:us",
        every=timedelta(hours=1),
        cron="",
        timezone="UTC",
    )


def prepared(wanted: Source) -> Task:
    """Make a task without a database."""
    return Task(wanted, Poll(NOW))


def done(task: Task) -> Collected:
    """Bring nothing."""
    return Collected(task.source.id, NOW, Outcome.UNCHANGED)


def all_of(crew: Crew) -> list[tuple[Source, Collected]]:
    """Wait until nothing waits and nothing is in work."""
    found: list[tuple[Source, Collected]] = []
    for _ in range(1000):
        if crew.idle:
            return found
        found.extend(crew.finished(PATIENCE))
    raise AssertionError("the crew never came to an end")


def test_every_source_is_visited_once() -> None:
    """A hundred sources of ten hosts bring a hundred results."""
    with Crew(prepared, done, workers=4) as crew:
        for number in range(100):
            crew.send(source(f"s{number}", f"host{number % 10}.example.org"))
        found = all_of(crew)
    assert sorted(one.id for one, _ in found) == sorted(f"s{n}" for n in range(100))


def test_a_host_is_visited_by_one_worker_at_a_time() -> None:
    """However many workers are free, the sources of a host come one after the other."""
    inside: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()
    met = threading.Barrier(2, timeout=PATIENCE)

    def visit(task: Task) -> Collected:
        name = lane(task.source)
        with lock:
            inside[name] += 1
            most[name] = max(most[name], inside[name])
        met.wait()
        with lock:
            inside[name] -= 1
        return done(task)

    with Crew(prepared, visit, workers=4) as crew:
        for number in range(4):
            for name in ("a.example.org", "b.example.org"):
                crew.send(source(f"{name[0]}{number}", name))
        found = all_of(crew)
    assert len(found) == 8
    assert most == {"a.example.org": 1, "b.example.org": 1}


def test_a_host_that_hangs_holds_one_worker_and_not_the_others() -> None:
    """The other hosts' sources come back while it hangs."""
    release = threading.Event()

    def visit(task: Task) -> Collected:
        if lane(task.source) == "slow.example.org":
            release.wait(PATIENCE)
        return done(task)

    with Crew(prepared, visit, workers=2) as crew:
        for number in range(3):
            crew.send(source(f"slow{number}", "slow.example.org"))
        for number in range(5):
            crew.send(source(f"quick{number}", f"quick{number}.example.org"))
        quick: list[str] = []
        for _ in range(100):
            quick += [one.id for one, _ in crew.finished(PATIENCE)]
            if len(quick) == 5:
                break
        release.set()
        rest = [one.id for one, _ in all_of(crew)]
    assert sorted(quick) == [f"quick{n}" for n in range(5)]
    assert rest == ["slow0", "slow1", "slow2"]


def test_a_bug_in_one_connector_is_that_sources_failure() -> None:
    """It is told as what it is, and stops no other source."""

    def visit(task: Task) -> Collected:
        if task.source.id == "s1":
            raise ZeroDivisionError
        return done(task)

    with Crew(prepared, visit, workers=2) as crew:
        for number in range(3):
            crew.send(source(f"s{number}", f"host{number}.example.org"))
        found = {one.id: collected for one, collected in all_of(crew)}
    assert found["s0"].outcome is Outcome.UNCHANGED
    assert found["s1"].outcome is Outcome.FAILED
    assert "fault of the monitor itself" in found["s1"].reason


def test_a_worker_without_memory_for_a_line_of_the_log_does_not_end_the_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody would ever hear of what it had in hand."""

    def without_memory(*_: object, **__: object) -> None:
        raise MemoryError

    def visit(task: Task) -> Collected:
        if task.source.id == "s0":
            raise MemoryError
        return done(task)

    monkeypatch.setattr(monitor.rounds.log, "exception", without_memory)
    with Crew(prepared, visit, workers=1) as crew:
        for number in range(2):
            crew.send(source(f"s{number}", f"host{number}.example.org"))
        found = {one.id: collected for one, collected in all_of(crew)}
    assert found["s0"].reason == "this machine has too little memory for the answer"
    assert found["s1"].outcome is Outcome.UNCHANGED


def test_an_error_that_a_visit_lets_through_is_that_sources_failure() -> None:
    """Whatever kind of expected error it is, the round goes on."""

    def visit(task: Task) -> Collected:
        if task.source.id == "s0":
            raise DocumentError("https://host0.example.org/a.pdf", "it is no PDF")
        return done(task)

    with Crew(prepared, visit, workers=2) as crew:
        for number in range(2):
            crew.send(source(f"s{number}", f"host{number}.example.org"))
        found = {one.id: collected for one, collected in all_of(crew)}
    assert found["s0"].reason == "https://host0.example.org/a.pdf: it is no PDF"
    assert found["s1"].outcome is Outcome.UNCHANGED


def test_what_waits_can_be_dropped_and_what_is_in_work_is_finished() -> None:
    """So a wish to stop is obeyed soon, and nothing is left half-done."""
    started, release = threading.Event(), threading.Event()

    def visit(task: Task) -> Collected:
        started.set()
        release.wait(PATIENCE)
        return done(task)

    with Crew(prepared, visit, workers=1) as crew:
        for number in range(3):
            crew.send(source(f"s{number}", "one.example.org"))
        assert list(crew.finished(0.0)) == []
        assert started.wait(PATIENCE)
        assert crew.holds(source("s2", "one.example.org"))
        crew.drop_waiting()
        assert not crew.holds(source("s2", "one.example.org"))
        release.set()
        assert [one.id for one, _ in all_of(crew)] == ["s0"]


def test_what_was_made_ready_for_a_worker_is_dropped_with_the_rest() -> None:
    """Tasks are prepared ahead of the workers, and only what one has in hand is finished."""
    started, release = threading.Event(), threading.Event()

    def visit(task: Task) -> Collected:
        started.set()
        release.wait(PATIENCE)
        return done(task)

    with Crew(prepared, visit, workers=1) as crew:
        for number in range(3):
            crew.send(source(f"s{number}", f"{number}.example.org"))
        assert list(crew.finished(0.0)) == []
        assert started.wait(PATIENCE)
        assert crew.holds(source("s1", "1.example.org"))
        crew.drop_waiting()
        assert not crew.holds(source("s1", "1.example.org"))
        release.set()
        assert [one.id for one, _ in all_of(crew)] == ["s0"]


def test_winding_down_takes_what_comes_soon_and_abandons_what_hangs() -> None:
    """A host that hangs keeps nobody from ending."""
    release = threading.Event()

    def visit(task: Task) -> Collected:
        if lane(task.source) == "slow.example.org":
            release.wait(PATIENCE)
        return done(task)

    with Crew(prepared, visit, workers=2) as crew:
        crew.send(source("slow", "slow.example.org"))
        crew.send(source("quick", "quick.example.org"))
        crew.send(source("waiting", "slow.example.org"))
        found: list[str] = []
        for one, _ in crew.finished(PATIENCE):
            found.append(one.id)
        found += [one.id for one, _ in crew.wind_down(0.05)]
        assert not crew.idle
    release.set()
    assert found == ["quick"]


def test_what_breaks_after_the_end_is_no_bug_to_report(caplog: pytest.LogCaptureFixture) -> None:
    """The fetcher is closed while an abandoned visit still uses it."""
    started, release, over = threading.Event(), threading.Event(), threading.Event()

    def visit(task: Task) -> Collected:
        started.set()
        release.wait(PATIENCE)
        over.set()
        raise RuntimeError(f"the transport was closed under {task.source.id}")

    with Crew(prepared, visit, workers=1) as crew:
        crew.send(source("slow", "slow.example.org"))
        assert list(crew.finished(0.0)) == []
        assert started.wait(PATIENCE)
    release.set()
    assert over.wait(PATIENCE)
    for thread in threading.enumerate():
        if thread.name.startswith("poll-"):
            thread.join(PATIENCE)
    assert "bug" not in caplog.text


def test_a_lane_is_the_host_of_the_first_request() -> None:
    """Sources of one host wait behind each other."""
    assert lane(source("a", "news.example.org")) == "news.example.org"
