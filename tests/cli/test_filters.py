"""`filters`: list, test, explain, score."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Command
from tests.end_to_end.world import World

LINES: tuple[dict[str, Any], ...] = (
    {
        "id": "b-1",
        "kind": "state_bill",
        "jurisdiction": "ny",
        "title": "  An act on\u00a0<b>detainers</b> & “287(g)”  agreements",
        "body": "Section 1.\r\n\r\nAn officer SHALL  NOT honor a civil detai\u00adner 🚓 without\t"
        "a warrant.",
        "label": 1,
    },
    {"id": "b-2", "kind": "news", "title": "Sampleville is a sanctuary city", "label": 1},
    {"id": "b-3", "kind": "news", "title": "The water detainer valve leaks", "label": 0},
    {"id": "b-4", "kind": "press_release", "title": "Detainers at sea", "label": 0},
    {"id": 5, "kind": "unheard_of", "title": None, "body": "", "label": "borderline"},
)


@pytest.fixture
def lines(world: World) -> str:
    """Write labelled lines; the titles and bodies are made up."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES)
    return str(world.write("lines.jsonl", text))


def test_list_names_topics_priorities_and_channels(monitor: Command) -> None:
    """A table for people, all of each filter as JSON."""
    shown = monitor("filters", "list")
    assert shown.status == 0
    heading, first, second = shown.out.splitlines()
    assert heading.split() == ["TOPIC", "PRIORITY", "CHANNELS", "EXAMPLES", "TITLE"]
    assert first.split()[:4] == ["detainers", "high", "#alerts", "2"]
    assert "by route" in second
    assert [row["topic"] for row in monitor("filters", "list", "--json").json] == [
        "detainers",
        "sanctuary",
    ]


def test_a_text_is_held_against_all_filters(monitor: Command) -> None:
    """What matches is shown with its passage; what does not, with the way to find out why."""
    shown = monitor("filters", "test", "A detainer was lodged")
    assert shown.status == 0
    assert "detainers: Detainer requests (high)" in shown.out
    assert "title 0-21: A detainer was lodged" in shown.out
    assert "no filter matches" in monitor("filters", "test", "A picnic").out


def test_a_text_file_and_standard_input_are_read(monitor: Command, world: World) -> None:
    """The first line is the title; "-" is standard input."""
    world.write("item.txt", "City news\nThe county shall not honor a detainer.\n")
    for shown in (
        monitor("filters", "test", "item.txt"),
        monitor("filters", "test", "-", given="City news\nThe county shall not honor a detainer."),
    ):
        assert shown.out.startswith("City news\n")
        assert "body 0-38: The county shall not honor a detainer." in shown.out


def test_json_of_a_bare_text_is_one_line(monitor: Command) -> None:
    """It has the shape that lines have."""
    found = monitor("filters", "test", "A detainer was lodged", "--json").json
    assert found["relevant"] is True
    assert found["passages"] == [
        {"text": "A detainer was lodged", "start": 0, "end": 21, "field": "title"}
    ]


def test_each_line_gets_one_line_in_the_promised_shape(monitor: Command, lines: str) -> None:
    """In order, with exactly the promised fields."""
    ran = monitor("filters", "test", lines, "--json")
    assert ran.status == 0
    assert ran.err == ""
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["b-1", "b-2", "b-3", "b-4", "5"]
    for answer in answers:
        assert list(answer) == ["id", "relevant", "topics", "priority", "direction", "passages"]
        for passage in answer["passages"]:
            assert list(passage) == ["text", "start", "end", "field"]
    assert [answer["relevant"] for answer in answers] == [True, False, False, True, False]
    assert [answer["topics"] for answer in answers] == [
        ["detainers"],
        ["sanctuary"],
        [],
        ["detainers"],
        [],
    ]
    assert [answer["priority"] for answer in answers] == ["high", "low", None, "high", None]


def test_offsets_count_in_the_line_as_it_stands_in_the_file(monitor: Command, lines: str) -> None:
    """Tags, soft hyphens, emoji and odd spaces included: text is exactly raw[start:end]."""
    ran = monitor("filters", "test", lines, "--json")
    count = 0
    for raw, text in zip(LINES, ran.out.splitlines(), strict=True):
        for passage in json.loads(text)["passages"]:
            assert passage["field"] in {"title", "body"}
            assert raw[passage["field"]][passage["start"] : passage["end"]] == passage["text"]
            assert passage["text"].strip()
            count += 1
    assert count >= 4


def test_the_direction_is_told_where_the_words_agree(monitor: Command, world: World) -> None:
    """limits, expands, or unclear where both are said."""
    for text, direction in (
        ("An order to prohibit detainers", "limits"),
        ("A plan to honor detainers", "expands"),
        ("Detainers", "unclear"),
    ):
        world.write("one.jsonl", json.dumps({"id": "1", "title": text}) + "\n")
        assert monitor("filters", "test", "one.jsonl", "--json").json["direction"] == direction


@pytest.mark.parametrize("verb", ["test", "explain", "score"])
def test_a_faulty_line_is_status_2_with_its_number(
    monitor: Command, world: World, verb: str
) -> None:
    """File, line, and what is wrong."""
    for text, wrong in (("{", "no JSON"), ("[1]", "a line is an object")):
        world.write("bad.jsonl", f'{{"id": "1", "title": "x", "label": 1}}\n\n{text}\n')
        ran = monitor("filters", verb, "bad.jsonl")
        assert ran.status == 2
        assert "bad.jsonl:3: " in ran.err
        assert wrong in ran.err


def test_a_file_that_is_not_utf_8_is_status_2(monitor: Command, world: World) -> None:
    """With the cure."""
    for name in ("latin.txt", "latin.jsonl"):
        (world.root / name).write_bytes('{"id": "1", "title": "Détention"}'.encode("latin-1"))
        ran = monitor("filters", "test", name)
        assert ran.status == 2
        assert "save it as UTF-8" in ran.err


@pytest.mark.parametrize("name", ["lines.jsonl", "texts/item.txt", "./missing"])
def test_a_misspelt_file_is_not_taken_for_a_text(monitor: Command, name: str) -> None:
    """Otherwise "no filter matches" would be believed of a file that was never read."""
    ran = monitor("filters", "test", name)
    assert ran.status == 2
    assert f"there is no file {name}" in ran.err


def test_explain_says_what_was_found_excluded_and_missing(monitor: Command) -> None:
    """In words, and as JSON."""
    assert "detainers: matches" in monitor("filters", "explain", "A detainer").out
    excluded = monitor("filters", "explain", "The water detainer valve").out
    assert "does not match" in excluded
    assert "excluded" in excluded
    missing = monitor("filters", "explain", "A picnic", "--topic", "sanctuary").out
    assert "sanctuary city" in missing
    found = monitor("filters", "explain", "A detainer", "--json").json
    assert {one["topic"]: one["matches"] for one in found["filters"]} == {
        "detainers": True,
        "sanctuary": False,
    }


def test_an_unknown_topic_is_status_2(monitor: Command) -> None:
    """The topics that there are are named."""
    ran = monitor("filters", "explain", "x", "--topic", "santuary")
    assert ran.status == 2
    assert "did you mean 'sanctuary'?" in ran.err


def test_score_counts_right_wrong_and_missed(monitor: Command, lines: str) -> None:
    """By kind, by topic and in all; borderline lines are left out; misses are shown."""
    scored = monitor("filters", "score", lines, "--json").json
    assert scored["lines"] == 4
    assert scored["all"] == {
        "true_alerts": 1,
        "false_alerts": 1,
        "missed": 1,
        "rejected": 1,
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
    }
    assert set(scored["kinds"]) == {"news", "press_release", "state_bill"}
    assert [(miss["id"], miss["wrong"], miss["line"]) for miss in scored["misses"]] == [
        ("b-2", "missed", 2),
        ("b-4", "false alert", 4),
    ]
    shown = monitor("filters", "score", lines).out
    assert "False alerts (1):" in shown
    assert "Detainers at sea" in shown
    assert "Detainers at sea" not in monitor("filters", "score", lines, "--misses", "0").out


def test_score_can_look_at_titles_only(monitor: Command, world: World) -> None:
    """For all kinds, or for some."""
    world.write(
        "bodies.jsonl",
        '{"id": "1", "kind": "news", "title": "x", "body": "a detainer", "label": 1}\n'
        '{"id": "2", "kind": "bill", "title": "x", "body": "a detainer", "label": 1}\n',
    )
    for options, found in (
        ((), 2),
        (("--titles-only",), 0),
        (("--without-body", "news"), 1),
    ):
        scored = monitor("filters", "score", "bodies.jsonl", "--json", *options).json
        assert scored["all"]["true_alerts"] == found


def test_a_line_without_a_kind_is_counted_under_its_own_name(
    monitor: Command, world: World
) -> None:
    """A table with an empty name would puzzle."""
    world.write("bare.jsonl", '{"id": "1", "title": "a detainer", "label": 1}\n')
    assert set(monitor("filters", "score", "bare.jsonl", "--json").json["kinds"]) == {"(no kind)"}
