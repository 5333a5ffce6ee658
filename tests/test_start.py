"""What a command loads before it begins: every start pays for it in time and memory."""

from __future__ import annotations

import subprocess
import sys

ASK = "import sys, monitor.cli.{module}; print(*sys.modules)"


def loaded(module: str) -> set[str]:
    """Name what a fresh process has loaded once a command's module is there."""
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(module=module)],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stdout.split())


def test_a_round_loads_neither_a_scheduler_nor_what_only_terminals_need() -> None:
    """`monitor once` is a process each time; what reads broken feeds, PDF and Word waits its turn.

    httpx would load its command line, with rich and pygments.
    """
    spared = {
        "apscheduler",
        "asyncio",
        "slack_sdk",
        "rich",
        "pygments",
        "feedparser",
        "pypdfium2",
        "docx",
    }
    assert not spared & loaded("running")
