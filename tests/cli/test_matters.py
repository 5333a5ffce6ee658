"""`monitor matters`: what belongs together, its history, and mending it by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.store import Store
from tests.cli.conftest import Command
from tests.end_to_end.world import News, World, news

STORIES = (
    "Sampleville council ends its 287(g) agreement with ICE after a long vote",
    "Sampleville council ends 287(g) agreement with ICE after long vote",
)


@pytest.fixture
def told(world: World, monitor: Command) -> Command:
    """Let two outlets print one story, and a third matter come in; all are told."""
    world.watch("tribune")
    world.publish("tribune")
    monitor("once")
    day = "Fri, 20 Nov 2026 15:00:00 GMT"
    world.publish("herald", news("a"), News("s1", STORIES[0], date=day))
    world.publish("tribune", News("s2", STORIES[1], date=day))
    ran = monitor("once")
    assert ran.status == 0, ran.err
    return monitor


def number(monitor: Command, title: str) -> int:
    """Find a matter by a word of its title."""
    rows = monitor("matters", "list", "--json").json
    return next(int(row["id"]) for row in rows if title in row["title"])


# -------------------------------------------------------------------------------------- list


def test_matters_that_a_filter_matched_are_listed(told: Command) -> None:
    """The latest first; --all lists the others, too."""
    out = told("matters", "list").out
    assert "MATTER" in out.splitlines()[0]
    assert "Sampleville council ends" in out.splitlines()[1]
    assert "A detainer policy named a" in out
    assert "Ice rink" not in out
    assert "Ice rink" in told("matters", "list", "--all").out


def test_matters_can_be_chosen(told: Command) -> None:
    """By place, topic, type, stage, age, and number."""
    assert len(told("matters", "list", "--json").json) == 2
    for chosen, expected in (
        (("--in", "ny"), 2),
        (("--in", "tx"), 0),
        (("--topic", "detainers"), 2),
        (("--topic", "sanctuary"), 0),
        (("--type", "news"), 2),
        (("--type", "bill", "--type", "row"), 0),
        (("--stage", "vetoed"), 0),
        (("--since", "1h"), 2),
        (("--limit", "1"), 1),
    ):
        assert len(told("matters", "list", *chosen, "--json").json) == expected, chosen


def test_nothing_to_list_is_said(monitor: Command) -> None:
    """An empty table leaves one wondering."""
    monitor("once")
    ran = monitor("matters", "list", "--stage", "vetoed")
    assert ran.status == 0
    assert "There are no such matters (--all lists those" in ran.out


# -------------------------------------------------------------------------------------- show


def test_a_matter_is_shown_with_its_history(told: Command) -> None:
    """What came, what was guessed and why, and what was told to whom, in order of time."""
    ran = told("matters", "show", str(number(told, "Sampleville")))
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[0].endswith(STORIES[0])
    assert any(line.split() == ["Topics", "detainers"] for line in lines)
    history = lines[lines.index("") + 1 :]
    assert [line[:16] for line in history] == sorted(line[:16] for line in history)
    said = "\n".join(history)
    assert "herald, news: Sampleville council ends its" in said
    assert "tribune, news: Sampleville council ends 287(g)" in said
    assert "joined" in said
    assert "[guess]" in said
    assert "told #alerts (sent): News: Sampleville" in said
    assert said.count("told #alerts") == 1


def test_a_matter_is_shown_as_json(told: Command) -> None:
    """Items, events and alerts, by their numbers."""
    matter = number(told, "Sampleville")
    document = told("matters", "show", str(matter), "--json").json
    assert document["id"] == matter
    assert [one["source"] for one in document["items"]] == ["herald", "tribune"]
    assert [one["topics"] for one in document["items"]] == [["detainers"], ["detainers"]]
    assert [one["state"] for one in document["alerts"]] == ["sent"]
    assert len(document["events"]) == 4
    assert document["events"] == sorted(document["events"], key=lambda one: one["at"])


@pytest.mark.parametrize("command", [("show", "99"), ("merge", "1", "99"), ("split", "99", "1")])
def test_a_number_that_is_no_matter_is_an_error(told: Command, command: tuple[str, ...]) -> None:
    """It is named, and so is the way to find the right one."""
    ran = told("matters", *command)
    assert ran.status == 2
    assert ran.out == ""
    assert "there is no matter 99" in ran.err
    assert "monitor matters list" in ran.err


def test_what_is_no_number_is_an_error(told: Command) -> None:
    """Arguments that cannot be read end with status 2."""
    assert told("matters", "show", "abc").status == 2
    assert told("matters", "merge", "1").status == 2
    assert told("matters", "split", "1").status == 2


def test_without_a_database_the_next_step_is_named(monitor: Command) -> None:
    """Nothing is made by looking."""
    for command in (("list",), ("show", "1"), ("merge", "1", "2")):
        ran = monitor("matters", *command)
        assert ran.status == 1
        assert "monitor once" in ran.err


# -------------------------------------------------------------------------------------- mend


def test_matters_are_merged_and_found_by_both_numbers(told: Command, world: World) -> None:
    """The old number leads to the new one."""
    goal, other = number(told, "Sampleville"), number(told, "named a")
    ran = told("matters", "merge", str(goal), str(other))
    assert ran.status == 0
    assert f"Matter {other} is now part of matter {goal}." in ran.err
    for asked in (goal, other):
        document = told("matters", "show", str(asked), "--json").json
        assert (document["id"], len(document["items"])) == (goal, 3)
    again = told("matters", "merge", str(goal), str(other))
    assert again.status == 2
    assert f"matter {goal} is part of matter {goal} already" in again.err
    with Store.open(world.database, read_only=True) as store:
        assert store.matters.count() == 2


def test_items_are_split_out_and_stay_apart(told: Command) -> None:
    """The new number is said; the history tells that a person did it."""
    matter = number(told, "Sampleville")
    items = told("matters", "show", str(matter), "--json").json["items"]
    before = {int(one["id"]) for one in told("matters", "list", "--json").json}
    ran = told("matters", "split", str(matter), str(items[1]["id"]))
    assert ran.status == 0
    assert f"1 item of matter {matter} now makes matter" in ran.err
    (new,) = {int(one["id"]) for one in told("matters", "list", "--json").json} - before
    shown = told("matters", "show", str(new)).out
    assert f"split (matter {matter}): a person said so [person]" in shown
    assert told("matters", "show", str(matter), "--json").json["items"][0]["source"] == "herald"


def test_a_split_that_makes_no_sense_is_an_error(told: Command) -> None:
    """All items, or one of another matter: nothing is changed."""
    matter = number(told, "Sampleville")
    items = [str(one["id"]) for one in told("matters", "show", str(matter), "--json").json["items"]]
    whole = told("matters", "split", str(matter), *items)
    assert whole.status == 2
    assert "not all: the others stay" in whole.err
    stranger = told("matters", "split", str(matter), "1")
    assert stranger.status == 2
    assert f"item 1 is not part of matter {matter}" in stranger.err
    assert len(told("matters", "show", str(matter), "--json").json["items"]) == 2


# -------------------------------------------------------------------------------------- group


def lines(folder: Path, *rows: dict[str, str]) -> str:
    """Write JSON Lines."""
    path = folder / "lines.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def row(name: str, title: str, date: str = "2026-11-20", place: str = "ny") -> dict[str, str]:
    """Make a line of news."""
    return {
        "id": name,
        "kind": "news",
        "jurisdiction": place,
        "title": title,
        "body": "",
        "date": date,
    }


def test_lines_are_grouped_as_a_poll_would(monitor: Command, tmp_path: Path) -> None:
    """One line out for each line in, in their order; lines of one matter share a number."""
    file = lines(
        tmp_path,
        row("one", STORIES[0]),
        row("other", "Sheriff of Otherton County buys a boat for the lake patrol"),
        row("two", STORIES[1], "2026-11-21"),
        row("one", STORIES[0]),
    )
    ran = monitor("matters", "group", file, "--json")
    assert ran.status == 0
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["id"] for one in found] == ["one", "other", "two", "one"]
    numbers = [one["matter"] for one in found]
    assert numbers[0] == numbers[2] == numbers[3] != numbers[1]
    assert set(found[0]) == {"id", "matter"}


def test_grouped_lines_can_be_read_by_people(monitor: Command, tmp_path: Path) -> None:
    """Those of one matter stand together, and the sum is said."""
    file = lines(tmp_path, row("a", STORIES[0]), row("b", "A boat"), row("c", STORIES[1]))
    ran = monitor("matters", "group", file)
    assert [line.split()[1] for line in ran.out.splitlines()] == ["a", "c", "b"]
    assert "3 lines, 2 matters, 1 of several lines." in ran.err


def test_grouping_stores_nothing(monitor: Command, world: World, tmp_path: Path) -> None:
    """It needs no database, and makes none."""
    monitor("matters", "group", lines(tmp_path, row("a", STORIES[0])), "--json")
    assert not world.database.exists()


def test_a_file_of_many_lines_is_grouped_across_its_batches(
    monitor: Command, tmp_path: Path
) -> None:
    """The last line joins the first, a thousand lines before it."""
    between = [
        row(f"n{n}", f"Committee {n} of Ward {n * 7} discusses item {n * 13}") for n in range(1_100)
    ]
    rows = [row("first", STORIES[0]), *between, row("last", STORIES[1])]
    ran = monitor("matters", "group", lines(tmp_path, *rows), "--json")
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert len(found) == 1_102
    assert found[0]["matter"] == found[-1]["matter"]


@pytest.mark.parametrize(
    ("content", "complaint"), [("{broken\n", "lines.jsonl:1"), ('"text"\n', "lines.jsonl:1")]
)
def test_a_line_that_cannot_be_read_is_named(
    monitor: Command, tmp_path: Path, content: str, complaint: str
) -> None:
    """With its file and number, and nothing on stdout."""
    (tmp_path / "lines.jsonl").write_text(content, encoding="utf-8")
    ran = monitor("matters", "group", str(tmp_path / "lines.jsonl"), "--json")
    assert (ran.status, ran.out) == (2, "")
    assert complaint in ran.err
    assert monitor("matters", "group", str(tmp_path / "none.jsonl")).status == 2
