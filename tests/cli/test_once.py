"""`once`: one round through the sources, and what it says at its end."""

from __future__ import annotations

import shutil
from dataclasses import replace

from monitor.store import DeliveryState
from tests.cli.conftest import Command
from tests.end_to_end.world import HEALTH, World, news
from tests.servers.misbehaving import answer


def test_the_first_round_learns_silently_and_previews(monitor: Command, world: World) -> None:
    """The backlog is shown to whoever starts the monitor, and nobody is alerted."""
    first = monitor("once")
    assert first.status == 0
    assert "What the last 14 days would have brought (1)" in first.out
    assert "A detainer policy named a" in first.out
    assert "1 source polled: 1 changed." in first.out
    assert "their backlog is stored" in first.out
    assert world.told() == []


def test_news_of_the_next_round_is_told_once(monitor: Command, world: World) -> None:
    """A third round tells nothing."""
    monitor("once")
    world.publish("herald", news("a"), news("c"))
    second = monitor("once")
    assert second.status == 0
    assert "1 new item, 0 changed; 1 alert delivered." in second.out
    assert len(world.told()) == 1
    assert "named c" in world.told()[0]
    assert "0 alerts delivered" in monitor("once").out
    assert len(world.told()) == 1


def test_without_slack_alerts_are_printed_and_stay_out_of_the_outbox(
    monitor: Command, world: World
) -> None:
    """The console stands in; when Slack is set up later, nothing old is posted."""
    world.speaks_slack = False
    monitor("once")
    world.publish("herald", news("a"), news("c"))
    second = monitor("once")
    assert "A detainer policy named c" in second.out
    assert "1 alert shown" in second.out
    assert world.outbox() == ()
    world.speaks_slack = True
    monitor("once")
    assert world.told() == []


def test_json_is_one_document_whatever_happens(monitor: Command, world: World) -> None:
    """Alerts on the console do not stand in its way, nor do skipped and failed sources."""
    world.speaks_slack = False
    monitor("once")
    world.publish("herald", news("a"), news("c"))
    world.watch("broken")
    world.watch("nyc", kind="legistar", client="nyc", token=True, jurisdiction="ny/new_york")
    world.sources["nyc"].pop("url")
    world.write_configuration()
    ran = monitor("once", "--json")
    assert ran.status == 1
    rows = {row["id"]: row for row in ran.json["sources"]}
    assert rows["herald"]["alerts"] == 1
    assert rows["herald"]["outcome"] == "changed"
    assert rows["broken"]["outcome"] == "failed"
    assert "404" in rows["broken"]["reason"]
    assert "nyc: skipped until LEGISTAR_TOKEN_NYC is set" in ran.err
    assert "A detainer policy named c" in ran.err


def test_named_sources_are_polled_and_no_others(monitor: Command, world: World) -> None:
    """Disabled ones too, when a person names them."""
    world.watch("gazette", enabled=False)
    world.publish("gazette", news("g"))
    ids = [row["id"] for row in monitor("once", "--json").json["sources"]]
    assert ids == ["herald"]
    ids = [row["id"] for row in monitor("once", "gazette", "--json").json["sources"]]
    assert ids == ["gazette"]


def test_an_unknown_source_is_status_2_with_the_one_that_was_meant(monitor: Command) -> None:
    """Nothing is polled."""
    ran = monitor("once", "heralt")
    assert ran.status == 2
    assert "did you mean 'herald'?" in ran.err


def test_due_polls_only_what_is_due(monitor: Command, world: World) -> None:
    """After a round, nothing is due for an hour; a source whose time has come is polled."""
    monitor("once")
    assert monitor("once", "--due", "--json").json["sources"] == []
    assert "0 sources polled" in monitor("once", "--due").out
    world.watch("gazette")
    world.publish("gazette", news("g"))
    world.make_due("herald")
    ids = [row["id"] for row in monitor("once", "--due", "--json").json["sources"]]
    assert sorted(ids) == ["gazette", "herald"]


def test_backfill_alerts_on_a_first_polls_finds_if_they_are_newer(
    monitor: Command, world: World
) -> None:
    """What is older than the age stays silent."""
    assert "1 alert delivered" in monitor("once", "--backfill", "36500d").out
    assert len(world.told()) == 1
    world.watch("gazette")
    old = replace(news("g"), date="Mon, 05 Nov 2001 09:00:00 -0500")
    world.publish("gazette", old, news("h"))
    assert "2 new items, 0 changed; 1 alert delivered" in monitor("once", "--backfill", "7d").out


def test_a_recording_answers_instead_of_the_network(monitor: Command, world: World) -> None:
    """What one monitor archived, another reads without a request; what it lacks is a failure."""
    monitor("once")
    (recording,) = world.root.glob("state/archive/**/*.warc.gz")
    kept = shutil.copy(recording, world.root / "kept.warc.gz")
    asked = len(world.publisher.seen)
    ran = monitor("--state", "other", "once", "--replay", str(kept), "--backfill", "36500d")
    assert ran.status == 0
    assert len(world.told()) == 1
    assert len(world.publisher.seen) == asked
    world.watch("gazette")
    lacking = monitor("--state", "other", "once", "--replay", str(kept))
    assert lacking.status == 1
    assert "1 source could not be read" in lacking.out


def test_a_file_that_is_no_recording_is_status_2(monitor: Command) -> None:
    """The file is named, with what to do."""
    for name in ("missing.warc.gz", "sources.yaml"):
        ran = monitor("once", "--replay", name)
        assert ran.status == 2
        assert ran.err.startswith(name)


def test_a_failed_source_is_status_1_and_the_others_are_read(
    monitor: Command, world: World
) -> None:
    """The reason stands once, however many sources share it, and a way to try again."""
    monitor("once")
    for name in ("one", "two"):
        world.watch(name)
    world.misbehave("three", answer(b"", 500))
    world.publish("herald", news("a"), news("c"))
    ran = monitor("once")
    assert ran.status == 1
    assert ran.out.count("HTTP 404") == 1
    assert "2 sources: HTTP 404" in ran.out
    assert "monitor sources test ID" in ran.out
    assert len(world.told()) == 1
    assert len(world.told(HEALTH)) == 2


def test_an_alert_that_slack_refuses_is_status_1_and_is_named(
    monitor: Command, world: World
) -> None:
    """It stays in the outbox, and the summary says why."""
    monitor("once")
    world.publish("herald", news("a"), news("c"))
    world.slack.workspace.room("#alerts").is_archived = True
    ran = monitor("once")
    assert ran.status == 1
    assert "#alerts: " in ran.out
    assert "archived" in ran.out
    assert {row.state for row in world.outbox() if row.alert.kind == "alert"} == {
        DeliveryState.QUEUED
    }
    assert world.told(HEALTH) == ["Alerts do not reach #alerts"]


def test_a_wrong_configuration_is_status_2_and_nothing_runs(monitor: Command, world: World) -> None:
    """All complaints come at once, with file, line and cure."""
    world.write(
        "sources.yaml", "sources:\n  - id: a\n    kind: rsss\n    jurisdiction: ny\n    evry: 1h\n"
    )
    for arguments in (("once",), ("run",), ("status",), ("sources", "list"), ("filters", "list")):
        ran = monitor(*arguments)
        assert ran.status == 2, arguments
        assert "sources.yaml:3: unknown kind 'rsss' (did you mean 'rss'?)" in ran.err
        assert "nothing ran" in ran.err
        assert ran.out == ""
    assert world.publisher.seen == []
