"""A configuration that is right: its values."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.config import Expectation, Period, WeeklyTime, load
from monitor.models import Direction, ItemType, Priority
from tests.config.conftest import KINDS, Loads, Portal


def test_a_source_has_what_its_yaml_says(loads: Loads) -> None:
    """Common options are read, options of the kind reach the connector."""
    source = loads().sources[0]
    assert source.id == "alder-council"
    assert source.name == "Alder City Council"
    assert source.connector == Portal(client="alder")
    assert source.jurisdiction == "ocd-division/country:us/state:ny/place:alder"
    assert source.every == timedelta(minutes=30)
    assert source.cron == ""
    assert source.topics == ("sanctuary", "287g")
    assert source.expect == Expectation(5, Period.WEEK)
    assert source.documents
    assert source.enabled
    assert source.note == "the council meets on Tuesdays"
    assert source.line == 4


def test_a_source_with_cron_has_no_interval(loads: Loads) -> None:
    """The default `every` does not stand beside a source's own cron."""
    source = loads().sources[1]
    assert source.every is None
    assert source.cron == "0 7-19 * * mon-fri"
    assert not source.documents
    assert not source.enabled
    assert source.name == "alder-news"
    assert source.topics is None


def test_defaults_hold_where_a_source_says_nothing(loads: Loads) -> None:
    """Every common option but id, kind, name and place can be a default."""
    defaults = (
        "defaults: {every: 1h}",
        (
            "defaults: {every: 2d, timezone: America/Denver, topics: [287g], expect: 1/day, "
            "documents: false, enabled: false}"
        ),
    )
    first, second, _ = loads(sources=defaults).sources
    assert first.every == timedelta(minutes=30)
    assert first.timezone == "America/Denver"
    assert first.topics == ("sanctuary", "287g")
    assert first.expect == Expectation(5, Period.WEEK)
    assert not first.documents
    assert not first.enabled
    assert second.every is None
    assert second.topics == ("287g",)
    assert second.expect == Expectation(1, Period.DAY)


def test_a_default_interval_holds_for_a_source_without_one(loads: Loads) -> None:
    """The shortest entry says nothing about time."""
    loads(sources=("    every: 30m\n    topics", "    topics"))
    assert loads(sources=("{every: 1h}", "{every: 3h}")).sources[0].every == timedelta(hours=3)


def test_a_default_cron_gives_way_to_a_source_with_every(loads: Loads) -> None:
    """What a source says replaces both forms of the default."""
    first, second, third = loads(
        sources=("defaults: {every: 1h}", 'defaults: {cron: "0 8 * * *"}')
    ).sources
    assert (first.every, first.cron) == (timedelta(minutes=30), "")
    assert (second.every, second.cron) == (None, "0 7-19 * * mon-fri")
    assert (third.every, third.cron) == (timedelta(minutes=30), "")
    assert (
        loads(sources=("    every: 30m\n    topics", "    topics")).sources[0].cron == "0 8 * * *"
    )


def test_without_any_interval_a_source_is_polled_hourly(loads: Loads) -> None:
    """Neither source nor defaults need to say it."""
    files = {
        "sources.yaml": "sources: [{id: a, kind: feed, url: 'https://x.gov', jurisdiction: us}]"
    }
    assert loads(files).sources[0].every == timedelta(hours=1)


def test_a_source_keeps_the_time_of_its_place(loads: Loads) -> None:
    """Publishers print local times: without an own or a default zone, the place decides."""
    zones = [source.timezone for source in loads().sources]
    assert zones == ["America/New_York", "America/New_York", "America/Los_Angeles"]


def test_a_source_of_a_court_belongs_to_it(loads: Loads) -> None:
    """A `court` makes `jurisdiction` unnecessary; written, it is kept."""
    assert loads().sources[2].jurisdiction == "cand"
    with_place = loads(sources=("court: cand", "court: cand\n    jurisdiction: ca"))
    assert with_place.sources[2].jurisdiction == "ocd-division/country:us/state:ca"


def test_options_of_a_kind_can_be_lists_words_and_groups(loads: Loads) -> None:
    """YAML lists become tuples, words enumerations, mappings models; all else stays strict."""
    options = "client: alder\n    bodies: [138, Council]\n    type: bill\n    bounds: {most: 20}"
    connector = loads(sources=("client: alder", options)).sources[0].connector
    assert isinstance(connector, Portal)
    assert connector.bodies == (138, "Council")
    assert connector.type is ItemType.BILL
    assert connector.bounds.most == 20


def test_only_hosts_that_the_yaml_names_may_be_private(loads: Loads) -> None:
    """Every URL of a source counts, disabled ones too; notes, filters and contact do not.

    A name of the public internet does not: its owner, or the next one, may let it lead anywhere.
    """
    sources = (
        "note: the council meets on Tuesdays",
        (
            "note: https://note.example.org/\n  - {id: x, kind: feed, jurisdiction: us, "
            "url: 'http://Printer.local.:8080/a'}\n  - {id: y, kind: feed, jurisdiction: us, "
            "url: 'http://[::1]/feed'}\n  - {id: z, kind: feed, jurisdiction: us, "
            "url: 'http://8.8.8.8/feed'}"
        ),
    )
    config = loads(
        sources=sources,
        monitor=("slack:", "fetch: {private_hosts: ['10.0.0.5:631']}\nslack:"),
    )
    assert config.named_hosts == {
        ("printer.local", 8080),
        ("::1", 80),
        ("10.0.0.5", 631),
    }
    assert sum("is in your own network" in line for line in config.warnings) == 2


def test_a_filter_reaches_the_matcher_whole(loads: Loads) -> None:
    """All its words, in the order of the files' names."""
    first, second = loads().filters.filters
    assert (first.topic, second.topic) == ("287g", "sanctuary")
    assert first.title == "287(g) agreements"
    assert first.query.startswith('"287(g)" OR "1357(g)"\nOR (')
    assert first.exclude == '"House Bill 287"'
    assert first.limits == ("opposing",)
    assert first.expands == ("entering into",)
    assert first.priority is Priority.HIGH
    assert first.channels == ("#alerts-287g",)
    assert first.examples_match == ("Resolution opposing participation in the 287(g) program",)
    assert first.examples_reject == ("Ordinance amending the zoning map",)


def test_a_filter_can_weigh_evidence(loads: Loads) -> None:
    """Clues, thresholds, places and types are read."""
    more = """\
also:
  - {query: sheriff, points: 1.5}
  - {query: '"heritage month"', points: -2}
threshold: 2
digest_threshold: 1
context: immigra*
shouting: ignore
places: {headline: 3}
background_suffices: false
types: [bill, council_item]
except_types: news
examples:"""
    first = loads(filter=("examples:", more)).filters.filters[0]
    assert [(clue.query, clue.points) for clue in first.also] == [
        ("sheriff", 1.5),
        ('"heritage month"', -2.0),
    ]
    assert (first.threshold, first.digest_threshold) == (2.0, 1.0)
    assert first.context == "immigra*"
    assert first.shouting == "ignore"
    assert (first.places.headline, first.places.body) == (3.0, 1.0)
    assert not first.background_suffices
    assert first.types == (ItemType.BILL, ItemType.COUNCIL_ITEM)
    assert first.except_types == (ItemType.NEWS,)


def test_what_stands_everywhere_is_excluded_by_every_filter(loads: Loads) -> None:
    """filters/_everywhere.yaml joins each filter's own exclusions, and is no topic."""
    config = loads({"filters/_everywhere.yaml": "exclude: |\n  'ice rink'\n"})
    first, second = config.filters.filters
    assert first.exclude == "(\"House Bill 287\")\nOR ('ice rink')"
    assert second.exclude == "'ice rink'"


def test_monitor_yaml_says_where_alerts_go(loads: Loads) -> None:
    """A route with several conditions stands for each combination; health falls to default."""
    settings = loads().monitor
    assert settings.contact == "monitor@alder-coalition.org"
    routing = settings.routing
    assert routing.default == "#immigration-alerts"
    assert routing.health == "#monitor-health"
    assert routing.routes[0].jurisdiction == "ocd-division/country:us/state:ny"
    assert {(route.channel, route.topic, route.priority) for route in routing.routes[1:]} == {
        (channel, topic, Priority.HIGH)
        for channel in ("#urgent", "#lawyers")
        for topic in ("287g", "sanctuary")
    }


def test_a_route_can_go_by_direction_and_source(loads: Loads) -> None:
    """All conditions of DESIGN section 5 are there."""
    route = '{direction: expands, source: alder-news, channel: "#x"}'
    routes = loads(monitor=('{jurisdiction: ny, channel: "#ny"}', route)).monitor.routing.routes
    assert routes[0].direction is Direction.EXPANDS
    assert routes[0].source == "alder-news"
    watched = loads(monitor=("direction: expands", "topic: [watched, litigation]"))
    assert [route.topic for route in watched.monitor.routing.routes[:2]] == [
        "watched",
        "litigation",
    ]


def test_monitor_yaml_says_when_and_how_long(loads: Loads) -> None:
    """Digests, retention, and the rest by default."""
    settings = loads().monitor
    digest = settings.digests[0]
    assert (digest.id, digest.title, digest.timezone) == ("weekly", "The week", "America/New_York")
    assert digest.at == WeeklyTime("mon", time(8))
    assert settings.retention.archive == timedelta(days=90)
    assert settings.retention.items is None
    assert settings.archive


def test_items_can_be_kept_for_years(loads: Loads) -> None:
    """A year is a unit of ages alone."""
    kept = loads(monitor=("items: forever", "items: 3y")).monitor.retention.items
    assert kept == timedelta(days=3 * 365)


def test_a_digest_can_come_daily_and_post_elsewhere(loads: Loads) -> None:
    """Every day at a time, with its short version in a channel of its own."""
    config = loads(monitor=('at: "mon 08:00"', 'at: "Daily 7:30", channel: "#digest"'))
    digest = config.monitor.digests[0]
    assert (digest.at, digest.at.weekday) == (WeeklyTime("daily", time(7, 30)), None)
    assert digest.channel == "#digest"
    assert "#digest" in config.channels
    assert str(digest.at) == "daily 07:30"
    assert WeeklyTime("mon", time(8)).weekday == 0


def test_one_line_of_monitor_yaml_is_enough(loads: Loads) -> None:
    """Everything else has a default that works."""
    config = loads({"monitor.yaml": "contact: https://alder-coalition.org/monitor"})
    settings = config.monitor
    assert settings.routing.default == "console"
    assert settings.routing.health == "console"
    assert settings.digests == ()
    assert settings.fetch.timeout == timedelta(seconds=60)
    assert settings.fetch.max_bytes == 25_000_000
    assert settings.fetch.max_redirects == 5
    assert settings.fetch.workers == 8
    assert settings.alerts.cap == 10
    assert settings.alerts.preview == timedelta(days=14)
    assert config.warnings == ()


def test_manners_can_be_changed(loads: Loads) -> None:
    """Paces go by platform or, with a dot in the name, by host."""
    fetch = (
        "fetch: {timeout: 2m, max_bytes: 5MB, pace: {portals: 2.7, slow.example.gov: 9}}\nslack:"
    )
    settings = loads(monitor=("slack:", fetch)).monitor.fetch
    assert settings.timeout == timedelta(minutes=2)
    assert settings.max_bytes == 5_000_000
    assert settings.platform_paces == (("portals", 2.7),)
    assert settings.host_paces == (("slow.example.gov", 9.0),)


def test_yaml_words_mean_what_people_mean(loads: Loads) -> None:
    """`no`, `on` and 12:30 are text (YAML 1.2), and options may come in any order."""
    note = loads(sources=("note: the council meets on Tuesdays", "note: no")).sources[0].note
    assert note == "no"
    files = {"monitor.yaml": "digests: [{at: mon 12:30, id: on}]\ncontact: a@b.org\n"}
    digest = loads(files).monitor.digests[0]
    assert (digest.id, digest.at.time) == ("on", time(12, 30))


def test_anchors_and_merge_keys_work(loads: Loads) -> None:
    """What a source says itself wins over what it merges."""
    text = """\
sources:
  - &base
    id: one
    kind: feed
    url: https://a.example.gov/feed
    jurisdiction: us
    every: 2h
  - <<: *base
    id: two
    url: https://b.example.gov/feed
"""
    one, two = loads({"sources.yaml": text}).sources
    assert (one.id, two.id) == ("one", "two")
    assert two.connector.model_dump() == {"url": "https://b.example.gov/feed"}
    assert two.every == timedelta(hours=2)


def test_a_byte_order_mark_and_windows_lines_are_no_matter(folder: Path) -> None:
    """Editors on Windows write both; line numbers stay right."""
    path = folder / "sources.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert [source.line for source in load(folder, kinds=KINDS).sources] == [4, 13, 20]


def test_the_configuration_travels_to_a_worker(loads: Loads) -> None:
    """All of it is picklable and frozen."""
    config = loads()
    copy = pickle.loads(pickle.dumps(config))  # noqa: S301 - our own bytes
    assert copy.sources == config.sources
    assert copy.monitor == config.monitor
    assert copy.filters.filters == config.filters.filters
    with pytest.raises(FrozenInstanceError):
        config.sources = ()  # type: ignore[misc]


def test_a_source_is_found_by_its_id(loads: Loads) -> None:
    """And an unknown id is told apart."""
    config = loads()
    assert config.source("alder-news") == config.sources[1]
    assert config.source("nobody") is None
