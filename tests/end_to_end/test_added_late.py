"""An agenda posted again, through the whole monitor: its commands, its database, a Slack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.store import Store
from tests.documents.builders import pdf
from tests.end_to_end.world import World
from tests.servers.misbehaving import answer

JSON = (("Content-Type", "application/json"),)
OLD = ("SAMPLEVILLE CITY COUNCIL", "1. Call to order", "2. Paving of Elm Street", "3. Adjournment")
LATE = "Resolution to honor no detainer without a warrant"
NEW = (*OLD[:3], f"3. {LATE}", "4. Adjournment")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world with a council that meets in three days."""
    with World(tmp_path) as made:
        meets = datetime.now(UTC) + timedelta(days=3)
        meeting = {
            "id": "1",
            "title": "City Council",
            "date": meets.isoformat(),
            "documents": [made.publisher.url("/agenda.pdf")],
        }
        made.publisher.on("/calendar", answer(json.dumps([meeting]).encode(), headers=JSON))
        made.sources["council"] = {
            "kind": "json",
            "url": made.publisher.url("/calendar"),
            "key": "id",
            "title": "title",
            "date": "date",
            "date_is": "meeting",
            "attachments": "documents",
            "jurisdiction": "ny",
        }
        made.write_configuration()
        yield made


def post(world: World, lines: Sequence[str]) -> None:
    """Put an agenda on the server."""
    world.publisher.on("/agenda.pdf", answer(pdf([lines])))


def later(world: World) -> None:
    """Let six hours pass for the documents."""
    with Store.open(world.database) as store:
        store._db.write("UPDATE documents SET asked_at = '2026-01-01T00:00:00.000000Z'")


def test_what_was_added_late_arrives_in_slack_once(world: World) -> None:
    """Nothing else about the meeting has changed, and a second poll says nothing."""
    post(world, OLD)
    world.learn()
    assert world.monitor("once").status == 0
    post(world, NEW)
    assert world.here("once").status == 0
    assert world.told() == []
    later(world)
    assert world.monitor("once").status == 0
    (said,) = world.told()
    assert "Added late" in said
    (message,) = world.slack.workspace.room("#alerts").messages
    assert "agenda.pdf, added late" in json.dumps(message["blocks"])
    assert "without a warrant" in json.dumps(message["blocks"])
    assert "Elm Street" not in json.dumps(message["blocks"])
    later(world)
    assert world.here("once").status == 0
    assert len(world.told()) == 1
