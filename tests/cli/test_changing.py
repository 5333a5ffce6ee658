"""Tools for those who change YAML: `sources add`, `sources record`, `filters backtest`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from monitor.cli.adding import free_id, id_of, quoted
from tests.cli.conftest import Command
from tests.end_to_end.world import World, feed, news
from tests.servers.misbehaving import answer

PAGE = (("Content-Type", "text/html; charset=utf-8"),)


def git(world: World, *words: str) -> None:
    """Keep the world's folder under version control."""
    name = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    subprocess.run(["git", "-C", str(world.root), *name, *words], check=True, capture_output=True)


# ------------------------------------------------------------------------------------ sources add


@pytest.mark.parametrize(
    ("address", "kind", "option"),
    [
        ("https://webapi.legistar.com/v1/seattle/matters", "legistar", "client: seattle"),
        ("https://oakland.legistar.com/Calendar.aspx", "legistar", "client: oakland"),
        ("https://ecf.cand.uscourts.gov/cgi-bin/rss_outside.pl", "pacer_rss", "court: cand"),
    ],
)
def test_an_address_tells_the_platform(
    monitor: Command, address: str, kind: str, option: str
) -> None:
    """Nothing is asked of the network where the address says enough."""
    ran = monitor("sources", "add", address, "--in", "ny", "--print")
    assert ran.status == 0
    assert f"kind: {kind}" in ran.out
    assert option in ran.out


def test_a_page_leads_to_the_feed_that_it_names(world: World, monitor: Command) -> None:
    """Autodiscovery: the page's own link to its feed is what is polled."""
    (world.root / "sources.yaml").write_text(
        "sources:\n- id: herald\n  name: The Herald\n  kind: rss\n  jurisdiction: ny\n"
        f"  url: {world.publisher.url('/herald')}\n"
    )
    link = '<link rel="alternate" type="application/rss+xml" href="/news/feed.xml?a=1&amp;b=2">'
    world.publisher.on("/news/", answer(f"<html><head>{link}</head></html>".encode(), headers=PAGE))
    ran = monitor("sources", "add", world.publisher.url("/news/"), "--in", "ny/new_york")
    assert ran.status == 0
    assert "kind: rss" in ran.out
    written = (world.root / "sources.yaml").read_text(encoding="utf-8")
    assert world.publisher.url("/news/feed.xml?a=1&b=2") in written
    assert monitor("check").status == 0


@pytest.mark.parametrize("indent", ["", "  "])
def test_the_rest_of_sources_yaml_stays_as_it_was(
    world: World, monitor: Command, indent: str
) -> None:
    """Comments, order and spelling are the volunteers' own, and so is how far they indent."""
    path = world.root / "sources.yaml"
    entry = (
        "- id: herald",
        "  kind: rss  # a remark",
        "  name: The Herald",
        "  url: https://x.example/f",
        "  jurisdiction: ny",
    )
    before = "sources:\n" + "".join(f"{indent}{line}\n" for line in entry) + "# the end\n"
    path.write_text(before, encoding="utf-8")
    assert monitor("sources", "add", "https://boston.legistar.com/", "--in", "ma").status == 0
    assert path.read_text(encoding="utf-8").startswith(before)
    assert monitor("check").status == 0


def test_what_no_kind_knows_is_said_and_nothing_is_written(world: World, monitor: Command) -> None:
    """An address that answers with no page ends in a sentence."""
    before = (world.root / "sources.yaml").read_text(encoding="utf-8")
    ran = monitor("sources", "add", "no address")
    assert ran.status == 2
    assert "http" in ran.err
    assert (world.root / "sources.yaml").read_text(encoding="utf-8") == before


def test_ids_are_made_of_the_host_and_never_taken_twice() -> None:
    """Two councils on one platform get different ids."""
    assert id_of("https://www.council.example.gov/x") == "council-example"
    assert free_id("council", {"council", "council-2"}) == "council-3"


@pytest.mark.parametrize(
    ("text", "yaml"),
    [("oakland", "oakland"), ("no", '"no"'), ("12:30", '"12:30"'), ("a: b", '"a: b"'), ("", '""')],
)
def test_what_yaml_would_misread_is_quoted(text: str, yaml: str) -> None:
    """`no` is a word here, and 12:30 no number."""
    assert quoted(text) == yaml


# --------------------------------------------------------------------------------- sources record


def test_a_recording_answers_like_the_publisher(
    world: World, monitor: Command, tmp_path: Path
) -> None:
    """What was recorded can be polled again when the publisher is gone."""
    target = tmp_path / "herald.warc.gz"
    assert monitor("sources", "record", "herald", "--to", str(target)).status == 0
    world.publisher.on("/herald", answer(b"gone", headers=PAGE))
    ran = monitor("sources", "test", "herald", "--replay", str(target), "--json")
    assert ran.status == 0
    assert len(ran.json["entries"]) == 2


def test_recording_an_unknown_source_names_the_nearest(monitor: Command) -> None:
    """A slip of the pen is told, with what was probably meant."""
    ran = monitor("sources", "record", "herold")
    assert ran.status == 2
    assert "did you mean 'herald'?" in ran.err


def test_no_recording_is_written_where_no_answer_came(
    world: World, monitor: Command, tmp_path: Path
) -> None:
    """A file that holds nothing but its own header would only puzzle who replays it."""
    target = tmp_path / "herald.warc.gz"
    world.publisher.on("/herald", answer(b"gone", status=410, headers=PAGE))
    ran = monitor("sources", "record", "herald", "--to", str(target))
    assert ran.status == 1
    assert "The poll failed: " in ran.err
    assert "Nothing was written" in ran.err
    assert not target.exists()


def test_a_recording_made_before_survives_a_poll_without_answer(
    world: World, monitor: Command, tmp_path: Path
) -> None:
    """It may be the last one of a publisher who is gone."""
    target = tmp_path / "herald.warc.gz"
    monitor("sources", "record", "herald", "--to", str(target))
    before = target.read_bytes()
    world.publisher.on("/herald", answer(b"gone", status=410, headers=PAGE))
    ran = monitor("sources", "record", "herald", "--to", str(target))
    assert ran.status == 1
    assert "is the recording made before" in ran.err
    assert target.read_bytes() == before


def test_an_answer_that_cannot_be_read_is_recorded_and_said_to_fail(
    world: World, monitor: Command, tmp_path: Path
) -> None:
    """So that it can be looked at, and the connector mended."""
    target = tmp_path / "herald.warc.gz"
    world.publisher.on("/herald", answer(b"{}", headers=(("Content-Type", "application/json"),)))
    ran = monitor("sources", "record", "herald", "--to", str(target))
    assert ran.status == 1
    assert "1 answer, 0 entries, up to where the poll failed" in ran.out
    again = monitor("sources", "test", "herald", "--replay", str(target))
    assert again.status == 1
    assert "cannot be read" in again.out


# ------------------------------------------------------------------------------- filters backtest


@pytest.fixture
def changed(world: World, monitor: Command) -> World:
    """Store two entries, commit the filters, then change them so that the other entry matches."""
    assert monitor("once").status == 0
    git(world, "init", "-q")
    git(world, "add", "filters", "sources.yaml", "monitor.yaml")
    git(world, "commit", "-q", "-m", "before")
    path = world.root / "filters" / "detainers.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('query: detainer* OR "287(g)"', "query: '\"ice rink\" OR valve'")
    text = text.replace("A detainer was lodged", "The valve").replace(
        "The water detainer valve", "Nothing"
    )
    path.write_text(text, encoding="utf-8")
    return world


def test_a_backtest_lists_alerts_gained_and_lost(changed: World, monitor: Command) -> None:
    """As Markdown, with counts by topic and samples."""
    assert changed.database.exists()
    ran = monitor("filters", "backtest")
    assert ran.status == 0
    assert "Gained: 1; lost: 1." in ran.out
    assert "| detainers | 1 | 1 |" in ran.out
    assert "Ice rink opens" in ran.out


def test_a_backtest_as_json(changed: World, monitor: Command) -> None:
    """The same, for programs."""
    assert changed.database.exists()
    found = json.loads(monitor("filters", "backtest", "--json").out)
    assert [one["title"] for one in found["gained"]] == ["Ice rink opens"]
    assert (found["alerts_before"], found["alerts_now"]) == (1, 1)


@pytest.mark.parametrize("revision", ["no-such-commit", "--output=x"])
def test_a_commit_that_is_not_there_is_said(
    changed: World, monitor: Command, revision: str
) -> None:
    """Nor can a revision be an option of git."""
    assert changed.database.exists()
    ran = monitor("filters", "backtest", f"--against={revision}")
    assert ran.status == 2
    assert ran.out == ""


def test_feeds_are_known_by_their_first_words(world: World, monitor: Command) -> None:
    """The address of a feed itself is polled as it is."""
    world.publisher.on("/f", answer(feed(news("z")), headers=PAGE))
    ran = monitor("sources", "add", world.publisher.url("/f"), "--in", "us", "--print")
    assert f"url: {world.publisher.url('/f')}" in ran.out
