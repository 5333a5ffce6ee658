"""A hostile pull request to the YAML: what it can name, and what it cannot reach."""

from __future__ import annotations

import json
import time

import pytest

from tests.end_to_end.world import World
from tests.security.product import credentials


def test_every_key_of_a_connector_is_bound_to_its_service() -> None:
    """YAML that gives a service another address gets no key sent there."""
    found = list(credentials())
    assert len(found) > 5
    unbound = [name for name, call in found if "hosts" not in {k.arg for k in call.keywords}]
    assert unbound == []


def complaints(world: World) -> str:
    """Say what `check` says of the YAML; it has to be refused."""
    ran = world.here("check")
    assert ran.status == 2, ran.out
    return ran.err


@pytest.mark.parametrize("name", ["../x", "a/b", "/etc/passwd", "..", "a\x00b", "a b", "A", ""])
def test_an_id_is_no_path(world: World, name: str) -> None:
    """Ids of sources and digests and topics of filters become names of files."""
    text = json.dumps(name)
    world.write("filters/more.yaml", f"topic: {text}\ntitle: X\nquery: detainer\n")
    world.sources[name] = world.sources["herald"]
    world.digests = [{"id": name, "at": "mon 08:00", "timezone": "UTC", "title": "X"}]
    world.write_configuration()
    told = complaints(world)
    assert all(f"{file}:" in told for file in ("sources.yaml", "filters/more.yaml", "monitor.yaml"))


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system [id]",
        "!!python/name:os.system",
        "!!python/object/new:subprocess.Popen [[id]]",
        "!include /etc/passwd",
        "!ENV SLACK_BOT_TOKEN",
    ],
)
def test_no_tag_makes_an_object_or_reads_a_file(world: World, tag: str) -> None:
    """Tags are refused, each with its line."""
    world.write("sources.yaml", f"sources:\n  - id: a\n    note: {tag}\n")
    assert "sources.yaml:3: the tag" in complaints(world)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x.example/", "gopher://x.example/", "data:text/xml,<rss/>"]
)
def test_a_source_reads_no_file_and_speaks_no_other_protocol(world: World, url: str) -> None:
    """Only http and https: refused in the YAML, or at the latest before anything is sent."""
    world.sources["herald"]["url"] = url
    world.write_configuration()
    checked, polled = world.here("check"), world.here("sources", "test", "herald")
    assert checked.status == 2 or polled.status == 1
    assert "root:" not in polled.out


@pytest.mark.parametrize("written", ["${SLACK_BOT_TOKEN}", "$SLACK_BOT_TOKEN", "{SLACK_BOT_TOKEN}"])
def test_nothing_in_yaml_stands_for_a_secret(world: World, written: str) -> None:
    """No source's address, name or note can be made to hold another secret."""
    world.sources["herald"]["url"] = world.publisher.url(f"/herald?k={written}")
    world.sources["herald"]["note"] = written
    world.write_configuration()
    ran = world.here("-vv", "once")
    asked = [seen.target for seen in world.publisher.seen]
    assert any("SLACK_BOT_TOKEN" in target for target in asked)
    for text in (ran.out, ran.err, *asked):
        assert world.slack.token not in text


def test_an_address_in_ones_own_network_is_pointed_out(world: World) -> None:
    """Whoever reviews the change sees it, however it is written."""
    for number, host in enumerate(("localhost:9", "10.0.0.7", "[::ffff:a00:7]", "2130706433")):
        world.sources[f"inside{number}"] = world.sources["herald"] | {"url": f"http://{host}/x"}
    world.write_configuration()
    ran = world.here("check")
    assert ran.err.count("is in your own network") == 5


def test_a_regular_expression_of_yaml_takes_linear_time(world: World) -> None:
    """RE2 knows no backtracking: what would take Python for ever is answered at once."""
    world.write(
        "filters/slow.yaml",
        "topic: slow\ntitle: Slow\nquery: 'detainer AND /(a+)+b/'\n"
        "examples: {match: [detainer aab]}\n",
    )
    began = time.process_time()
    ran = world.here("filters", "test", f"detainer {'a' * 20_000}c")
    assert ran.status == 0
    assert time.process_time() - began < 20  # Python's own engine: longer than the universe lasts
