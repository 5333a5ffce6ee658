"""A second opinion on the wire: another project's Slack emulator, where it is installed.

`emulate` (Apache-2.0) 0.11.2, by `npm i emulate@0.11.2` in a folder of its own, which the variable
SLACK_EMULATOR then names. It enforces no limits; it shows that requests and answers fit.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.channels import SlackChannel
from monitor.models import Delivery
from tests.alerts.builders import alert
from tests.render.hostile import CORPUS, of_all_kinds, posted
from tests.render.test_slack_messages import huge

SEED = "slack:\n  team: {name: Made-up}\n  channels: [{name: immigration-alerts}]\n"


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[str]:
    """Run the emulator on a free port; skip, saying so, where it is not installed."""
    folder = os.environ.get("SLACK_EMULATOR", "")
    program = Path(folder, "node_modules", "emulate", "dist", "index.js")
    node = shutil.which("node")
    if not folder or node is None or not program.exists():
        pytest.skip("node and emulate@0.11.2 are not here (SLACK_EMULATOR names its folder)")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
    (tmp_path / "seed.yaml").write_text(SEED)
    command = [node, str(program), "start", "--service", "slack", "--port", str(port)]
    command += ["--seed", str(tmp_path / "seed.yaml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            _until_it_listens(process, port)
            yield f"http://127.0.0.1:{port}/api/"
        finally:
            process.terminate()


def _until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    """Read what it prints until it says where it listens."""
    assert process.stdout is not None
    for _ in range(50):
        line = process.stdout.readline()
        if str(port).encode() in line:
            return
    pytest.fail("the emulator did not start")


def test_what_is_posted_there_is_found_there(emulator: str) -> None:
    """Metadata makes the round trip, in the channel and in a thread."""
    slack = SlackChannel("test_token_admin", emulator)
    first = slack.send(Delivery(1, alert(key="one")))
    assert slack.find(Delivery(1, alert(key="one"))) == first
    reply = slack.send(Delivery(2, alert(key="two"), thread=first.reference))
    assert slack.find(Delivery(2, alert(key="two"), thread=first.reference)) == reply
    assert slack.find(Delivery(3, alert(key="three"))) is None


def test_messages_of_all_sorts_are_taken_and_edited_there(emulator: str) -> None:
    """With buttons, in several parts, with hostile words; and as they stand later."""
    slack = SlackChannel("test_token_admin", emulator)
    made = [huge(), *(one for text in CORPUS[::3] for one in of_all_kinds(text)[:3])]
    for number, one in enumerate(made):
        sent = replace(one, key=f"sort-{number}", channel="#immigration-alerts")
        assert not slack.send(Delivery(number, sent, heard=True)).note
    for text in CORPUS[::6]:
        for old in posted(text):
            first = replace(old.alert, key=f"present {text[:9]}", channel="#immigration-alerts")
            receipt = slack.send(Delivery(1, first, heard=True))
            slack.revise(replace(old, alert=first, receipt=receipt, heard=True))
