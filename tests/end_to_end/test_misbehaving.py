"""Publishers and a Slack that misbehave in every way, all at once: nothing is lost or told twice.

The whole monitor, on a real database, in rounds as a day would bring them. Only the pauses between
posts are shortened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import monitor.deliver
from monitor.channels import SlackChannel
from monitor.store import Arrival, DeliveryState, Store
from monitor.store.items import Items
from tests.end_to_end.world import HEALTH, News, World, feed, news, own_news
from tests.servers.misbehaving import (
    Behaviour,
    answer,
    bomb,
    busy,
    cut,
    drip,
    drop,
    endless,
    hang,
    page,
    redirect,
    reset,
)

OLD = news("old")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n"
CHALLENGE = b"<html><head><title>Just a moment...</title></head><body></body></html>"
OTHER_SHAPE = b'<?xml version="1.0"?><catalogue><thing id="1"/></catalogue>'
OTHER_JSON = b'{"status": "ok", "rows": [{"headline": "A detainer"}]}'
BARE = b"<rss version='2.0'><channel><title>x</title><item/><item/></channel></rss>"

# What each publisher does, and words of the reason that people are told.
FAULTS: dict[str, tuple[Behaviour, str]] = {
    "error-page": (page("An error has occurred"), "error page"),
    "empty-body": (answer(b""), "empty"),
    "not-found": (answer(b"gone", 404), "HTTP 404"),
    "forbidden": (answer(CHALLENGE, 403), "challenge"),
    "challenge": (answer(CHALLENGE, 200, (("Content-Type", "text/html"),)), "challenge"),
    "html": (page("Welcome to Sampleville"), "web page"),
    "other-shape": (answer(OTHER_SHAPE), "no feed"),
    "other-json": (
        answer(OTHER_JSON, headers=(("Content-Type", "application/json"),)),
        "no JSON Feed",
    ),
    "bare-records": (answer(BARE), "none of 2 records was usable"),
    "hang": (hang(), "no whole answer within 2 seconds"),
    "drip": (drip(HEAD, b" ", every=0.2), "no whole answer within 2 seconds"),
    "circle": (redirect("/circle"), "circle"),
    "drop": (drop(), "broke"),
    "reset": (reset(), "broke"),
    "cut": (cut(feed(OLD), told=5_000), "broke"),
    "bomb": (bomb(30_000_000), "larger than"),
    "endless": (endless(2_000_000), "larger than"),
    "error": (answer(b"oops", 500), "HTTP 500"),
}
# These speak for a host, so they have one of their own.
BUSY: dict[str, tuple[Behaviour, str]] = {
    "busy": (busy("3600"), "HTTP 429"),
    "unavailable": (busy("3600", 503), "asked for a pause"),
}
EVERY_FAULT = FAULTS | BUSY
GOOD = ("good-one", "good-two", "good-three")

# What Slack does to posts, one after the other.
SLACK_FAULTS = (
    ("chat.postMessage", "429", 0),
    ("chat.postMessage", "drop_after", None),
    ("chat.postMessage", "500", None),
    ("chat.postMessage", "slow", 0.3),
    ("chat.postMessage", "503", None),
    ("chat.postMessage", "drop_before", None),
    ("chat.postMessage", "garbage", None),
    ("chat.postMessage", "error", "internal_error"),
    ("conversations.history", "500", None),
    ("chat.postMessage", "empty_429", 0),
)
CHANCES = ("429", "500", "503", "garbage", "drop_after", "drop_before")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Make a world of many publishers, all of which answered well until now."""
    monkeypatch.setattr(SlackChannel, "pause", 0.001)
    monkeypatch.setattr(monitor.deliver, "GRACE", timedelta(milliseconds=20))
    monkeypatch.setattr(monitor.deliver, "FIRST_WAIT", timedelta(milliseconds=100))
    fetch = {"silence": "1s", "timeout": "2s", "max_bytes": 1_000_000}
    with World(tmp_path, channels=("#alerts", "#second"), fetch=fetch) as made:
        for name in (*GOOD, *FAULTS):
            made.watch(name)
        for name in BUSY:
            made.watch(name, host="localhost")
        for name in made.sources:
            made.publish(name, replace(OLD, key=f"{name}-old"))
        made.learn()
        assert made.states() == set()
        yield made


def break_all(world: World) -> None:
    """Let every publisher but the good ones misbehave."""
    for name, (behaviour, _) in EVERY_FAULT.items():
        world.misbehave(name, behaviour)


def publish(world: World, name: str, *entries: News) -> None:
    """Publish beside the old entry."""
    world.publish(name, replace(OLD, key=f"{name}-old"), *entries)


def test_no_publishers_fault_reads_as_no_news_or_stops_another(world: World) -> None:
    """Each is failed with its reason, told once; good news comes through; then all recover."""
    break_all(world)
    for name in GOOD:
        publish(world, name, own_news(name, 1))
    first = world.here("once", "--json")
    assert first.status == 1
    rows = {row["id"]: row for row in first.json["sources"]}
    assert {name: rows[name]["outcome"] for name in EVERY_FAULT} == dict.fromkeys(
        EVERY_FAULT, "failed"
    )
    for name, (_, words) in EVERY_FAULT.items():
        assert words in rows[name]["reason"], (name, rows[name]["reason"])
    assert [rows[name]["outcome"] for name in GOOD] == ["changed"] * len(GOOD)
    assert len(world.told()) == len(GOOD)
    assert broken(world) == sorted(EVERY_FAULT)

    # The same faults again tell nothing again, and the good ones go on.
    for name in GOOD:
        publish(world, name, own_news(name, 1), own_news(name, 2))
    assert world.here("once").status == 1
    assert len(world.told()) == 2 * len(GOOD)
    assert len(world.told(HEALTH)) == len(EVERY_FAULT)

    # What was published meanwhile is told when they answer again.
    for name in EVERY_FAULT:
        publish(world, name, own_news(name, 3))
    assert world.here("once").status == 0
    assert recovered(world) == sorted(EVERY_FAULT)
    assert len(world.told(HEALTH)) == 2 * len(EVERY_FAULT)
    for channel in ("#alerts", "#second"):
        told = world.told(channel)
        assert len(told) == len(set(told)) == 2 * len(GOOD) + len(EVERY_FAULT)
    assert world.here("once").status == 0
    assert world.states() == {DeliveryState.SENT}
    assert len(world.slack.workspace.keys) == len(set(world.slack.workspace.keys))


def broken(world: World) -> list[str]:
    """Name the sources that were told as broken, each as often as it was."""
    return sorted(_subject(text) for text in world.told(HEALTH) if "Broken" in text)


def recovered(world: World) -> list[str]:
    """Name the sources that were told as recovered."""
    return sorted(_subject(text) for text in world.told(HEALTH) if "Recovered" in text)


def _subject(text: str) -> str:
    return text.partition("(")[2].partition(")")[0]


def test_a_list_that_used_to_have_entries_and_is_empty_is_no_success(world: World) -> None:
    """It is neither failed nor well; its items stay, and what comes back is not new."""
    world.publish("good-one")
    world.here("once")
    states = {row["id"]: row["state"] for row in world.here("status", "--json").json["sources"]}
    assert states["good-one"] == "empty"
    publish(world, "good-one", news("after"))
    assert world.here("once").status == 0
    assert len(world.told()) == 1


def test_a_feed_that_is_cut_off_is_read_as_far_as_it_goes(world: World) -> None:
    """What was whole is told at once, what was cut when it is whole; that it was cut is said."""
    whole = feed(replace(OLD, key="good-one-old"), news("first"), news("second"))
    world.misbehave("good-one", answer(whole[: whole.index(b"<title>A detainer policy named sec")]))
    ran = world.here("once", "good-one", "--json")
    assert "may be lost" in str(ran.json["sources"][0]["refused"])
    assert any("named first" in text for text in world.told())
    world.misbehave("good-one", answer(whole))
    world.here("once", "good-one")
    told = world.told()
    assert len(told) == len(set(told)) == 2


def test_slacks_faults_lose_and_repeat_nothing(world: World) -> None:
    """429, 5xx, nonsense, slow answers, connections that drop before and after it took a post."""
    world.slack.workspace.faults.extend(SLACK_FAULTS)
    entries = [news(f"n{n}") for n in range(8)]
    publish(world, "good-one", *entries)
    assert world.here("once").status == 0
    assert not world.slack.workspace.faults
    wanted = sorted(f"News: {entry.title} (New York)" for entry in entries)
    for channel in ("#alerts", "#second"):
        assert sorted(world.told(channel)) == wanted
    assert world.states() == {DeliveryState.SENT}


@pytest.mark.parametrize("seed", range(2))
def test_chance_loses_and_repeats_nothing(world: World, seed: int) -> None:
    """A third of Slack's answers are faults of one kind or another."""
    workspace = world.slack.workspace
    workspace.random.seed(seed)
    workspace.chances = dict.fromkeys(CHANCES, 0.06)
    entries = [news(f"n{n}") for n in range(9)]
    publish(world, "good-one", *entries)
    world.here("once")
    workspace.chances = {}
    for _ in range(5):
        if world.here("once").status == 0:
            break
    for channel in ("#alerts", "#second"):
        assert len(world.told(channel)) == len(set(world.told(channel))) == len(entries)
    assert world.states() == {DeliveryState.SENT}


def test_one_channel_in_trouble_keeps_back_no_other(world: World) -> None:
    """What it missed comes, once, when somebody has mended it."""
    alerts = world.slack.workspace.room("#alerts")
    alerts.is_archived = True
    publish(world, "good-one", *(news(f"n{n}") for n in range(3)))
    ran = world.here("once")
    assert ran.status == 1
    assert "#alerts" in ran.out
    assert len(world.told("#second")) == 3
    assert world.told("#alerts") == []
    alerts.is_archived = False
    assert world.here("once").status == 0
    assert len(world.told("#alerts")) == len(world.told("#second")) == 3


def test_hostile_and_endless_titles_are_told_and_harm_nobody(world: World) -> None:
    """`<!channel>` calls nobody, 3,000 characters fit, markup and control characters are text."""
    entries = [
        news("call", "<!channel> <!here> <@U01> detainer & <https://evil.example|click>"),
        news("long", "A detainer " + "very " * 600 + "long"),
        news("text", "A detainer", "<!everyone> detainer " * 4_000),
        news("marks", "*A* _detainer_ `code` ~x~ :tada: > quote"),
    ]
    publish(world, "good-one", *entries)
    assert world.here("once").status == 0
    messages = world.slack.workspace.room("#alerts").messages
    firsts = [message for message in messages if "thread_ts" not in message]
    assert len(firsts) == len(entries)
    for message in messages:
        shown = str({name: message.get(name) for name in ("text", "blocks")})
        for call in ("<!channel", "<!here", "<!everyone", "<@U01", "<https://evil"):
            assert call not in shown
    assert world.states() == {DeliveryState.SENT}


def test_a_flood_becomes_a_summary_and_every_entry_stays_reachable(world: World) -> None:
    """A hundred entries of one poll are nine alerts and a list of the rest; all can be found."""
    publish(world, "good-one", *(news(f"n{n}", f"Detainer report {n:03}") for n in range(100)))
    assert world.here("once").status == 0
    messages = world.slack.workspace.room("#alerts").messages
    shown = "".join(str(message) for message in messages)
    assert all(f"Detainer report {n:03}" in shown for n in range(100))
    assert len(messages) < 20
    with Store.open(world.database, read_only=True) as store:
        assert len(store.index.search("report", limit=1000)) == 100
    assert world.here("once").status == 0
    assert len(world.slack.workspace.room("#alerts").messages) == len(messages)


def test_a_bug_in_recording_one_source_is_that_sources_failure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told as what it is and backs off; the sources recorded with it lose nothing."""
    merge_all = Items.merge_all

    def poisoned(items: Items, arrivals: list[Arrival], now: datetime) -> object:
        if any("poison" in arrival.item.title for arrival in arrivals):
            raise ZeroDivisionError
        return merge_all(items, arrivals, now)

    monkeypatch.setattr(Items, "merge_all", poisoned)
    for name in GOOD:
        publish(world, name, own_news(name, 1))
    publish(world, "good-two", news("x", "A poisoned detainer"))
    ran = world.here("once", *GOOD)
    assert ran.status == 1
    assert len(world.told()) == len(GOOD) - 1
    assert broken(world) == ["good-two"]
    assert "fault of the monitor itself" in world.here("status").out
    monkeypatch.undo()
    assert world.here("once", *GOOD).status == 0
    assert len(world.told()) == len(GOOD)
