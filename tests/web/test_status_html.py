"""`monitor status --html`, and what the page says of every state a source can be in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.render.status_page import status_html
from monitor.render.status_values import MonitorStatus, SourceState, SourceStatus
from tests.end_to_end.world import World, news
from tests.web.page_checks import faults, links, words

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world with one source that answers and one that does not."""
    with World(tmp_path) as made:
        made.watch("herald")
        made.publish("herald", news("a"))
        made.watch("broken")
        yield made


def source(name: str, state: SourceState = SourceState.OK, **more: object) -> SourceStatus:
    """Make a source's health."""
    return SourceStatus(name, f"The {name}", "rss", "", state, **more)  # type: ignore[arg-type]


def test_the_page_tells_what_the_command_tells(world: World) -> None:
    """Each source with its state; the exit status is the same, too."""
    world.here("once")
    rows = world.here("status", "--json").json["sources"]
    ran = world.here("status", "--html", "status.html")
    assert ran.status == 1
    assert ran.out == ""
    assert "status.html: 2 sources" in ran.err
    page = (world.root / "status.html").read_text(encoding="utf-8")
    assert faults(page) == []
    said = words(page)
    for row in rows:
        assert row["name"] in said
        assert row["state"] in said
        assert row["reason"] in said
    assert said.index("The broken") < said.index("The herald")
    assert links(page) == []


def test_a_dash_writes_the_page_to_the_screen(world: World) -> None:
    """To be piped elsewhere; nothing else is written."""
    world.here("once", "herald")
    ran = world.here("status", "--html", "-")
    assert faults(ran.out) == []
    assert ran.err == ""
    assert [path.name for path in world.root.iterdir() if path.suffix == ".html"] == []


def test_a_page_that_cannot_be_written_leaves_the_old_one(world: World) -> None:
    """Whole, or not at all."""
    world.here("once", "herald")
    ran = world.here("status", "--html", "no/such/folder/status.html")
    assert ran.status == 1
    assert "status.html" in ran.err
    assert world.here("status", "--html", "x", "--json").status == 2


def test_every_state_has_its_words_and_its_place() -> None:
    """What needs a person first; each state once in the counts, with what it means."""
    states = [source(f"s{number}", state) for number, state in enumerate(reversed(SourceState))]
    page = status_html(MonitorStatus(NOW, tuple(states), (("sent", 3), ("unknown", 1))))
    assert faults(page) == []
    said = words(page)
    places = [said.rindex(f"The s{len(SourceState) - 1 - n}") for n in range(len(SourceState))]
    assert places == sorted(places)
    assert all(f"1 {state.value}" in said for state in SourceState)
    assert "3 sent, 1 unknown" in said


def test_gaps_and_partial_courts_are_told_of_sources_that_are_well() -> None:
    """They are read, and yet not everything is seen."""
    gap, court = source("gap", gaps=2), source("court", partial="S.D.N.Y.")
    said = words(status_html(MonitorStatus(NOW, (source("well"), gap, court))))
    assert "more was published than its list holds, 2 times in 7 days" in said
    assert "S.D.N.Y. leaves filings out of this feed" in said
    assert said.index("The gap") < said.index("The well")
    assert "1 partial court" in said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=47), "47 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (None, "never"),
    ],
)
def test_the_last_success_is_told_in_words(passed: timedelta | None, said: str) -> None:
    """With the moment itself, on the readers' clock."""
    last = None if passed is None else NOW - passed
    page = status_html(MonitorStatus(NOW, (source("a", last_success=last),)), "America/Chicago")
    assert said in words(page)
    assert last is None or "CST" in words(page)


def test_what_to_do_is_told_apart_from_what_to_type() -> None:
    """A command can be copied."""
    todo = "has it moved? monitor sources test a"
    page = status_html(MonitorStatus(NOW, (source("a", SourceState.SILENT, todo=todo),)))
    assert "has it moved? <code>monitor sources test a</code>" in page
    key = status_html(MonitorStatus(NOW, (source("a", SourceState.NEEDS_KEY, todo="set A_KEY"),)))
    assert "<p>set A_KEY</p>" in key


def test_without_sources_it_says_so() -> None:
    """And is a whole page."""
    page = status_html(MonitorStatus(NOW, ()))
    assert "There are no sources yet." in words(page)
    assert faults(page) == []
