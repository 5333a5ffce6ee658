"""`web:` in monitor.yaml is checked like everything else, and what it exposes is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.config import load
from tests.end_to_end.world import REPOSITORY, World

PUBLIC = "https://watch.coalition.test"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world with one source."""
    with World(tmp_path) as made:
        made.watch("herald")
        yield made


def configure(world: World, **options: object) -> None:
    """Add options to monitor.yaml."""
    path = world.root / "monitor.yaml"
    world.write("monitor.yaml", json.loads(path.read_text("utf-8")) | options)


def findings(world: World) -> list[str]:
    """Say what doctor finds of the pages."""
    found = world.here("doctor", "--json").json
    return [f"{one['level']} {one['says']}" for one in found if one["subject"] == "web pages"]


@pytest.mark.parametrize(
    ("web", "said"),
    [
        ({"listen": "watch.example.org:80"}, "is no address of this machine (write 127.0.0.1:80)"),
        ({"listen": "127.0.0.1"}, "is no host with a port"),
        ({"listen": "127.0.0.1:0"}, "is no host with a port"),
        ({"listen": "127.0.0.1:99999"}, "is no host with a port"),
        ({"listen": 8287}, "should be a host with its port"),
        ({"lisen": "127.0.0.1:80"}, "unknown option 'lisen' (did you mean 'listen'?)"),
        ({"names": ["a b"]}, "is no name of a machine"),
        ({"names": ["monitor:80"]}, "is no name of a machine"),
    ],
)
def test_a_wrong_address_is_named_with_its_cure(
    world: World, web: dict[str, object], said: str
) -> None:
    """With its line, as every fault of the YAML."""
    configure(world, web=web)
    ran = world.here("check")
    assert ran.status == 2
    assert said in ran.err
    assert "monitor.yaml:" in ran.err


@pytest.mark.parametrize("listen", ["127.0.0.1:8287", "localhost:8287", "[::1]:8287"])
def test_an_address_of_this_machine_alone_needs_no_warning(world: World, listen: str) -> None:
    """Doctor says where it is."""
    configure(world, web={"listen": listen})
    assert "web" not in world.here("check").err
    (found,) = findings(world)
    assert found.startswith("ok http://")
    assert "for this machine alone" in found


@pytest.mark.parametrize("listen", ["0.0.0.0:8287", "10.1.2.3:8287", "[::]:8287"])
def test_what_others_can_reach_is_said(world: World, listen: str) -> None:
    """By check and by doctor, with what it shows."""
    configure(world, web={"listen": listen})
    checked = world.here("check")
    assert checked.status == 0
    assert "whoever reaches port 8287 reads matters" in checked.err
    (found,) = findings(world)
    assert found.startswith("warn ")
    assert "to whoever reaches that port" in found


def test_a_public_address_without_pages_is_a_warning(world: World) -> None:
    """Subscribers would be asked to open a page that is not there."""
    configure(world, public_url=PUBLIC)
    assert "nobody answers at public_url" in world.here("check").err
    assert findings(world) == ["warn nobody answers at public_url"]
    configure(world, public_url=PUBLIC, web={})
    assert "public_url" not in world.here("check").err
    assert [found[:2] for found in findings(world)] == ["ok"]


def test_without_either_there_is_nothing_to_say(world: World) -> None:
    """No pages are wanted."""
    assert findings(world) == []
    assert "web" not in world.here("check").err


def test_the_shipped_configuration_is_for_this_machine_alone() -> None:
    """Whoever starts it opens nothing to others."""
    web = load(REPOSITORY).monitor.web
    assert web is not None
    assert web.listen == ("127.0.0.1", 8287)
    assert not web.is_exposed
