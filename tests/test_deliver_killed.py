"""kill -9 in the middle of a post: afterwards each alert stands in Slack exactly once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.store import DeliveryState, Store
from tests.alerts.builders import alert
from tests.render.test_slack_messages import huge
from tests.servers.slack_api import SlackServer

ROOT = Path(__file__).resolve().parents[1]
CHANNEL = "#immigration-alerts"


def run(database: Path, server: SlackServer) -> subprocess.Popen[bytes]:
    """Start a deliverer in a process of its own."""
    command = [sys.executable, "-m", "tests.channels.deliver_process"]
    return subprocess.Popen([*command, str(database), server.url, server.token], cwd=ROOT)


def killed_in_the_middle(database: Path, server: SlackServer, kind: str) -> None:
    """Start a deliverer, wait until Slack holds its post, and kill it."""
    server.workspace.faults.append(("chat.postMessage", kind, None))
    with run(database, server) as process:
        assert server.held.acquire(timeout=30), "no post was held"
        process.kill()
    assert process.returncode == -9


def test_each_alert_arrives_once_however_often_the_program_is_killed(tmp_path: Path) -> None:
    """Killed while Slack has the message, and while it has not, several times in a row."""
    database = tmp_path / "monitor.db"
    wanted = [f"key-{n}" for n in range(6)]
    with Store.open(database) as store, SlackServer() as server:
        made = [alert(key=key, channel=CHANNEL, matter=n % 2) for n, key in enumerate(wanted)]
        store.outbox.enqueue(made, datetime.now(UTC))
        for kind in ("hold_after", "hold_before", "hold_before", "hold_after", "hold_after"):
            killed_in_the_middle(database, server, kind)
        with run(database, server) as process:
            assert process.wait(60) == 0
        assert sorted(server.workspace.keys) == wanted
        assert dict(store.outbox.counts()) == {DeliveryState.SENT: len(wanted)}


@pytest.mark.parametrize("kind", ["hold_after", "hold_before"])
def test_a_long_alert_is_completed_after_a_kill_between_its_parts(
    tmp_path: Path, kind: str
) -> None:
    """The first part is not told twice, the second not forgotten."""
    database = tmp_path / "monitor.db"
    with Store.open(database) as store, SlackServer() as server:
        store.outbox.enqueue([replace(huge(), channel=CHANNEL, matter=0)], datetime.now(UTC))
        server.workspace.faults.append(("chat.postMessage", "slow", 0))
        killed_in_the_middle(database, server, kind)
        with run(database, server) as process:
            assert process.wait(60) == 0
        keys = server.workspace.keys
        assert len(keys) == len(set(keys)) >= 2
        first, *rest = server.workspace.posted
        assert {message["thread_ts"] for message in rest} == {first["ts"]}
