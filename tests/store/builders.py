"""Made-up items and alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.models import (
    Alert,
    Collected,
    Direction,
    Identifier,
    Item,
    ItemType,
    Match,
    Outcome,
    Passage,
    Priority,
)
from monitor.normalise import fingerprint, material

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEW_YORK = "ocd-division/country:us/state:ny/place:new_york"
BILL = Identifier("bill", "us-119", "HR 1")


def item(key: str = "1", source: str = "council", **fields: Any) -> Item:
    """Make an item with its true fingerprint; `fields` are those of Item."""
    made = Item(
        source=source,
        key=key,
        type=ItemType.COUNCIL_ITEM,
        jurisdiction=NEW_YORK,
        title=f"Resolution {key}",
        text="The council opposes participation in the 287(g) program.",
        url=f"https://council.example/{key}",
        published=NOW - DAY,
        fingerprint="",
    )
    made = replace(made, **fields)
    return replace(made, fingerprint=made.fingerprint or fingerprint(material(made)))


def match(topic: str = "287g", **fields: Any) -> Match:
    """Make a match with a passage."""
    passage = Passage("text", 41, 47, "287(g)", ((0, 6),))
    made = Match(topic, "287(g) agreements", Priority.HIGH, Direction.LIMITS, (passage,))
    return replace(made, **fields)


def alert(key: str, channel: str = "#alerts", matter: int = 0, **fields: Any) -> Alert:
    """Make an alert about an item."""
    made = Alert(key, channel, "alert", f"News {key}", matter, item(), matches=(match(),))
    return replace(made, **fields)


def poll(source: str = "council", outcome: Outcome = Outcome.CHANGED, **fields: Any) -> Collected:
    """Make the result of a poll."""
    return replace(Collected(source, NOW, outcome), **fields)
