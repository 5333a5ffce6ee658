"""`sources`, `status`, `search` and `check`: looking without changing anything."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Command
from tests.end_to_end.world import World, feed, news
from tests.servers.misbehaving import answer, page

# ------------------------------------------------------------------------------------- sources


def test_sources_are_listed_before_anything_was_polled(monitor: Command, world: World) -> None:
    """No database is needed, and none is made."""
    world.watch("off", enabled=False, note="a note on why")
    listed = monitor("sources", "list")
    assert listed.status == 0
    assert "not polled yet" in listed.out
    assert "a note on why" in listed.out
    states = {row["id"]: row["state"] for row in monitor("sources", "list", "--json").json}
    assert states == {"herald": "not polled yet", "off": "off"}
    assert not world.database.exists()


def test_a_source_that_needs_a_key_says_which(monitor: Command, world: World) -> None:
    """It is listed with the variable to set."""
    world.sources["nyc"] = {
        "kind": "legistar",
        "client": "nyc",
        "token": True,
        "jurisdiction": "ny/new_york",
    }
    world.write_configuration()
    (row,) = (row for row in monitor("sources", "list", "--json").json if row["id"] == "nyc")
    assert row["state"] == "needs key"
    assert row["todo"] == "set LEGISTAR_TOKEN_NYC"
    assert row["cadence"] == "1h"
    tried = monitor("sources", "test", "nyc")
    assert tried.status == 1
    assert "LEGISTAR_TOKEN_NYC" in tried.err


def test_a_source_is_tried_without_storing_or_sending(monitor: Command, world: World) -> None:
    """Entries are shown, the interesting ones first, and what would be alerted is counted."""
    world.publish(
        "herald", news("a"), news("b", "Ice rink"), news("s", "Albany is a sanctuary city")
    )
    tried = monitor("sources", "test", "herald")
    assert tried.status == 0
    assert tried.out.index("A detainer policy named a") < tried.out.index("Ice rink")
    assert "detainers (high)" in tried.out
    assert "3 entries in 1 request, 1 would be alerted, 1 for the digest only" in tried.out
    assert "Nothing was stored or sent." in tried.out
    assert not world.database.exists()
    assert world.told() == []


def test_a_tried_source_as_json(monitor: Command) -> None:
    """Each entry with its matches."""
    tried = monitor("sources", "test", "herald", "--json").json
    assert tried["outcome"] == "changed"
    assert [(e["item"]["key"], len(e["matches"])) for e in tried["entries"]] == [("a", 1), ("b", 0)]


def test_a_long_list_is_cut_unless_all_is_wanted(monitor: Command, world: World) -> None:
    """What is cut is counted."""
    world.publish("herald", *(news(f"n{n}") for n in range(30)))
    assert "… and 10 more (--all shows them)" in monitor("sources", "test", "herald").out
    assert "more (--all" not in monitor("sources", "test", "herald", "--all").out


def test_a_broken_source_is_status_1_and_says_why(monitor: Command, world: World) -> None:
    """As text and as JSON."""
    world.misbehave("herald", page("Please log in"))
    tried = monitor("sources", "test", "herald")
    assert tried.status == 1
    assert "The herald cannot be read: " in tried.out
    assert "web page" in tried.out
    broken = monitor("sources", "test", "herald", "--json")
    assert broken.status == 1
    assert broken.json["outcome"] == "failed"


def test_an_empty_list_is_told_as_such(monitor: Command, world: World) -> None:
    """Zero is not success: whoever tries it should look."""
    world.misbehave("herald", answer(feed()))
    assert "its list is empty" in monitor("sources", "test", "herald").out


def test_a_source_can_be_tried_from_a_recording(monitor: Command, world: World) -> None:
    """Without the network."""
    monitor("once")
    (recording,) = world.root.glob("state/archive/**/*.warc.gz")
    world.misbehave("herald", answer(b"", 500))
    assert "2 entries" in monitor("sources", "test", "herald", "--replay", str(recording)).out


def test_trying_an_unknown_source_is_status_2(monitor: Command) -> None:
    """With the one that was meant."""
    tried = monitor("sources", "test", "heralt")
    assert tried.status == 2
    assert "did you mean 'herald'?" in tried.err


# -------------------------------------------------------------------------------------- status


@pytest.mark.parametrize("arguments", [("status",), ("search", "x"), ("outbox", "list")])
def test_looking_before_the_first_round_says_what_to_do(
    monitor: Command, world: World, arguments: tuple[str, ...]
) -> None:
    """Status 1 and no traceback; no database is made."""
    looked = monitor(*arguments)
    assert looked.status == 1
    assert "run `monitor once` first" in looked.err
    assert not world.database.exists()


def test_status_tells_health_and_the_outbox(monitor: Command, world: World) -> None:
    """What fails stands first, with its reason and what to do."""
    monitor("once")
    assert monitor("status").status == 0
    world.watch("broken")
    monitor("once")
    told = monitor("status")
    assert told.status == 1
    assert told.out.splitlines()[1].startswith("broken")
    assert "monitor sources test broken" in told.out
    assert "Alerts: 1 sent." in told.out
    as_json = monitor("status", "--json")
    assert as_json.status == 1
    assert {row["id"]: row["state"] for row in as_json.json["sources"]} == {
        "broken": "failing",
        "herald": "ok",
    }
    assert as_json.json["outbox"] == {"sent": 1}


def test_status_says_how_often_a_source_is_polled_and_what_its_list_leaves_out(
    monitor: Command, world: World
) -> None:
    """A list that rolled over has its cure; a court's partial feed is named as such."""
    feed = {"kind": "pacer_rss", "court": "mnd", "url": world.publisher.url("/mnd")}
    world.sources["court"] = {**feed, "every": "20m"}
    world.write_configuration()
    for first in (1, 51):
        world.publish("herald", *(news(f"n{n}") for n in range(first, first + 20)))
        monitor("once")
    herald, court = (
        next(line for line in monitor("status").out.splitlines() if line.startswith(name))
        for name in ("herald", "court")
    )
    assert "its list rolled over in 1 poll of this week — poll it more often" in herald
    assert " 20m " in court
    assert "leaves filings out" in court
    rows = {row["id"]: row for row in monitor("status", "--json").json["sources"]}
    assert (rows["herald"]["gaps"], rows["herald"]["todo"]) == (1, "poll it more often")
    assert (rows["court"]["cadence"], bool(rows["court"]["partial"])) == ("20m", True)


def test_status_does_not_call_a_source_well_that_no_longer_answers(
    monitor: Command, world: World
) -> None:
    """The last success stays, and so do its items; its state is failing."""
    monitor("once")
    world.misbehave("herald", answer(b"", 503))
    monitor("once")
    (row,) = monitor("status", "--json").json["sources"]
    assert row["state"] == "failing"
    assert row["last_success"]
    assert row["items"] == 2
    assert row["failures"] == 1


def test_an_emptied_list_is_neither_well_nor_failing(monitor: Command, world: World) -> None:
    """It answers, and what used to be there is not: somebody should look."""
    monitor("once")
    world.misbehave("herald", answer(feed()))
    monitor("once")
    (row,) = monitor("status", "--json").json["sources"]
    assert row["state"] == "empty"


# -------------------------------------------------------------------------------------- search


def test_what_was_seen_is_found_whether_it_matched_or_not(monitor: Command) -> None:
    """By words; a person and a program read the same."""
    monitor("once")
    found = monitor("search", "rink")
    assert found.status == 0
    assert "Ice rink opens" in found.out
    assert "1 item" in found.out
    (hit,) = monitor("search", "detainer*", "--json").json
    assert hit["source"] == "herald"
    assert hit["topics"] == ["detainers"]
    assert hit["url"] == "https://herald.example.org/a"


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ((), 2),
        (("--limit", "1"), 1),
        (("--type", "news"), 2),
        (("--type", "bill"), 0),
        (("--type", "bill", "--type", "news"), 2),
        (("--in", "ny"), 2),
        (("--in", "us"), 2),
        (("--in", "ca"), 0),
        (("--topic", "detainers"), 1),
        (("--topic", "sanctuary"), 0),
        (("--source", "herald"), 2),
        (("--source", "other"), 0),
        (("--since", "1d"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_each_option_narrows_a_search(
    monitor: Command, options: tuple[str, ...], count: int
) -> None:
    """Alone, as a person would try them."""
    monitor("once")
    assert len(monitor("search", "detainer OR ice", "--json", *options).json) == count


def test_nothing_found_is_said(monitor: Command) -> None:
    """Status 0: that is an answer."""
    monitor("once")
    found = monitor("search", "zebra")
    assert found.status == 0
    assert "Nothing was found." in found.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("(",),
        ('"open',),
        ("x", "--in", "atlantis"),
        ("x", "--type", "rumour"),
        ("x", "--since", "y"),
    ],
    ids=" ".join,
)
def test_a_wrong_search_is_status_2(monitor: Command, arguments: tuple[str, ...]) -> None:
    """And says what is wrong, on stderr."""
    monitor("once")
    found = monitor("search", *arguments)
    assert found.status == 2
    assert found.err
    assert found.out == ""


# --------------------------------------------------------------------------------------- check


def test_check_counts_what_is_well(monitor: Command, world: World) -> None:
    """Doubts go to stderr and are no fault; nothing is polled."""
    checked = monitor("check")
    assert checked.status == 0
    assert "All is well: 1 source (1 enabled), 2 filters, 3 examples kept." in checked.out
    assert "no examples to reject" in checked.err
    assert monitor("check", "--json").json["complaints"] == []
    assert world.publisher.seen == []
    assert not world.database.exists()


def test_check_names_file_line_and_cure_of_every_fault(monitor: Command, world: World) -> None:
    """All at once, in every file."""
    world.write(
        "sources.yaml",
        "sources:\n"
        "  - id: a\n"
        "    kind: rss\n"
        "    url: https://a.example.org/\n"
        "    jurisdiction: ny\n"
        "    evry: 30m\n"
        "    topics: [santuary]\n",
    )
    world.write("filters/broken.yaml", "topic: broken\ntitle: Broken\nquery: |\n  (one OR\n")
    checked = monitor("check")
    assert checked.status == 2
    assert checked.out == ""
    assert "sources.yaml:6: unknown option 'evry' (did you mean 'every'?)" in checked.err
    assert "sources.yaml:7: " in checked.err
    assert "did you mean 'sanctuary'?" in checked.err
    assert "filters/broken.yaml:4:" in checked.err
    assert "3 things to mend" in checked.err
    as_json = monitor("check", "--json")
    assert as_json.status == 2
    assert len(as_json.json["complaints"]) == 3


def test_check_runs_the_examples_of_every_filter(monitor: Command, world: World) -> None:
    """An example that is not kept is a fault with its line."""
    path = world.root / "filters" / "sanctuary.yaml"
    path.write_text(path.read_text() + '  reject: ["Sampleville, a sanctuary city"]\n')
    checked = monitor("check")
    assert checked.status == 2
    assert "filters/sanctuary.yaml:7: " in checked.err


def test_a_token_in_the_yaml_is_refused_and_not_shown(monitor: Command, world: World) -> None:
    """Secrets come from the environment."""
    secret = f"xoxb-{123456789012}-{123456789012}-abcdefghijklmnopqrstuvwx"
    path = world.root / "monitor.yaml"
    path.write_text(path.read_text() + f"\n# {secret}\n")
    checked = monitor("check")
    assert checked.status == 2
    assert "monitor.yaml:" in checked.err
    assert secret not in checked.err + checked.out
