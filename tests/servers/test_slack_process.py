"""The strict Slack in a process of its own, for tests that kill its clients."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from monitor.channels import SlackChannel
from monitor.errors import TemporaryDelivery
from monitor.models import Delivery
from tests.alerts.builders import alert
from tests.servers.slack_api import TOKEN

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Start the server, and read its port where it says so."""
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "tests.servers.slack_api", "--port-file", str(port_file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield f"http://127.0.0.1:{port_file.read_text()}"
        process.terminate()


def test_it_takes_faults_and_shows_what_it_has(address: str) -> None:
    """What was accepted is there, although the client heard nothing."""
    faults = json.dumps([["chat.postMessage", "drop_after", None]]).encode()
    urlopen(Request(f"{address}/control/faults", faults)).close()  # noqa: S310 - loopback
    slack = SlackChannel(TOKEN, f"{address}/api/")
    with pytest.raises(TemporaryDelivery):
        slack.send(Delivery(1, alert()))
    with urlopen(f"{address}/control/messages") as answer:  # noqa: S310 - loopback
        (message,) = json.load(answer)["messages"]
    assert message["metadata"]["event_payload"]["k"] == alert().key
