"""`monitor run` with `web:` answers, ends at SIGTERM, and polls whatever becomes of the pages."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.world import HEALTH, LONGEST, World, news, until

SOON = 10.0


@pytest.fixture
def port() -> int:
    """Find a port that is free."""
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        number: int = found.getsockname()[1]
        return number


@pytest.fixture
def world(tmp_path: Path, port: int) -> Iterator[World]:
    """Make a world whose feed was polled once, and which serves pages."""
    with World(tmp_path) as made:
        made.watch("herald")
        made.publish("herald", news("old"))
        made.learn()
        path = tmp_path / "monitor.yaml"
        options = json.loads(path.read_text("utf-8")) | {"web": {"listen": f"127.0.0.1:{port}"}}
        made.write("monitor.yaml", options)
        yield made


def ask(port: int, path: str) -> tuple[int, str]:
    """Ask for a page; (0, "") where nobody answers."""
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
    except OSError:
        return 0, ""


def stop(process: subprocess.Popen[Any]) -> float:
    """Ask a service to end; return how many seconds it took. It has to end well."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(LONGEST) == 0
    return time.monotonic() - began


def events(world: World) -> list[str]:
    """Read what the service logged."""
    lines = (world.root / "stderr").read_text("utf-8").splitlines()
    return [json.loads(line)["event"] for line in lines if line.startswith("{")]


def bring_news(world: World, key: str) -> None:
    """Let the herald print another entry, and let it be due."""
    world.publish("herald", news("old"), news(key))
    world.make_due("herald")


def test_the_service_answers_and_ends_at_sigterm(world: World, port: int) -> None:
    """Its health as soon as it has polled and delivered; what it polls is on the page."""
    with world.started("-v", "run") as service:
        until(lambda: ask(port, "/health")[0] == 200)
        bring_news(world, "one")
        until(lambda: "A detainer policy named one" in ask(port, "/")[1])
        assert "The herald" in ask(port, "/status")[1]
        assert "policy_monitor_polls_total" in ask(port, "/metrics")[1]
        until(lambda: len(world.told()) == 1)
        assert stop(service) < SOON
    assert ask(port, "/health") == (0, "")
    assert "the web pages are served" in events(world)
    assert not [event for event in events(world) if "bug" in event]


def test_a_port_in_use_stops_neither_polling_nor_delivery(world: World, port: int) -> None:
    """It is logged once with its reason, and told in the health channel."""
    taken = socket.create_server(("127.0.0.1", port))
    with closing(taken), world.started("-v", "run") as service:
        until(lambda: "the web pages are not served" in events(world))
        bring_news(world, "one")
        until(lambda: len(world.told()) == 1)
        until(lambda: world.here("health").status == 0)
        until(lambda: any("web pages are not served" in one for one in world.told(HEALTH)))
        assert stop(service) < SOON
    assert events(world).count("the web pages are not served") == 1
    (told,) = [one for one in world.told(HEALTH) if "web pages" in one]
    assert "The web pages are not served" in told


def test_a_page_that_hangs_at_the_database_does_not_keep_it_from_ending(
    world: World, port: int
) -> None:
    """Whoever reads is cut off; nothing that was begun is lost."""
    with world.started("-v", "run") as service:
        until(lambda: ask(port, "/health")[0] == 200)
        with closing(socket.create_connection(("127.0.0.1", port))) as hanging:
            hanging.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            assert stop(service) < SOON
    with closing(sqlite3.connect(world.database)) as db:
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_without_the_section_nobody_listens(world: World, port: int) -> None:
    """Nothing is opened that was not asked for."""
    world.write_configuration()
    with world.started("-v", "run") as service:
        until(lambda: "the monitor runs" in events(world))
        assert ask(port, "/health") == (0, "")
        stop(service)
    assert "the web pages are served" not in events(world)


LAZY = """
import importlib, pkgutil, sys
import monitor.cli, monitor.service, monitor.station, monitor.pipeline
for found in pkgutil.iter_modules(monitor.cli.__path__):
    importlib.import_module(f"monitor.cli.{found.name}")
heavy = {"flask", "waitress", "werkzeug", "prometheus_client", "monitor.web"}
print(sorted(heavy & set(sys.modules)))
"""


def test_no_other_command_loads_the_web_libraries() -> None:
    """They cost a tenth of a second and 20 MB."""
    done = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
