"""A strict Slack on loopback, and a channel that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.channels import SlackChannel
from tests.alerts.builders import NOW
from tests.servers.slack_api import SlackServer, Workspace


@pytest.fixture
def server() -> Iterator[SlackServer]:
    """Serve a workspace whose clock stands near the tests' own."""
    with SlackServer(Workspace(clock=lambda: NOW.timestamp() + 0.5)) as running:
        yield running


@pytest.fixture
def workspace(server: SlackServer) -> Workspace:
    """Look into what Slack knows, and set its faults."""
    return server.workspace


@pytest.fixture
def slack(server: SlackServer) -> SlackChannel:
    """Talk to that Slack."""
    return SlackChannel(server.token, server.url, now=lambda: NOW, timeout=5)
