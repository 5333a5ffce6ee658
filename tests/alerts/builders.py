"""Made-up council items, dockets and alerts that fill every part of a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.alerts import Routing, compose
from monitor.models import (
    Alert,
    Attachment,
    Change,
    ChangeKind,
    Direction,
    FieldChange,
    Hearing,
    Identifier,
    Item,
    ItemType,
    Match,
    Passage,
    Priority,
)

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NEW_YORK = "ocd-division/country:us/state:ny/place:new_york"
STATE_NY = "ocd-division/country:us/state:ny"
ROUTING = Routing("#immigration-alerts", health="#monitor-health")
TEXT = (
    "No officer shall enter into an agreement under section 287(g) of the Act, or detain any "
    "person on the basis of a civil immigration detainer."
)
HEARING = Hearing(
    "hearing", NOW + timedelta(days=2), "America/New_York", "Council Chambers, City Hall"
)


def item(**fields: Any) -> Item:
    """Make a council item; `fields` are those of Item."""
    made = Item(
        source="nyc-council",
        key="int-1234",
        type=ItemType.COUNCIL_ITEM,
        jurisdiction=NEW_YORK,
        title="Prohibiting agreements with federal immigration authorities",
        text=TEXT,
        url="https://council.example/LegislationDetail.aspx?ID=1&GUID=2",
        published=NOW - timedelta(hours=3),
        fingerprint="f1",
        office="Committee on Immigration",
        status="Committee",
        identifiers=(Identifier("council_file", NEW_YORK, "INT 1234-2026"),),
        hearings=(HEARING,),
        attachments=(Attachment("Committee report", "https://council.example/report.pdf"),),
        facts=(("sponsors", "A. Member; B. Member"),),
    )
    return replace(made, **fields)


def docket(**fields: Any) -> Item:
    """Make a docket entry of the Northern District of California."""
    return item(
        type=ItemType.DOCKET_ENTRY,
        jurisdiction="cand",
        title="City of Example v. Doe",
        text="ORDER granting motion for preliminary injunction.",
        office="",
        status="",
        identifiers=(Identifier("docket", "cand", "3:25-cv-01350"),),
        hearings=(),
        attachments=(),
        facts=(),
        **fields,
    )


def match(topic: str = "287g", **fields: Any) -> Match:
    """Make a match whose passage is the item's text."""
    start, end = TEXT.index("287(g)"), TEXT.index("287(g)") + len("287(g)")
    passage = Passage("text", 0, len(TEXT), TEXT, ((start, end),))
    made = Match(
        topic, "287(g) agreements", Priority.NORMAL, Direction.LIMITS, (passage,), ("287(g)",)
    )
    return replace(made, **fields)


def change(kind: ChangeKind = ChangeKind.NEW, *fields: FieldChange, **more: Any) -> Change:
    """Make a change of an item; `more` are the fields of Change."""
    return replace(Change(kind, item(), 7, tuple(fields)), **more)


def alert(**fields: Any) -> Alert:
    """Compose the alert of a new council item; `fields` then replace its own."""
    (made,) = compose(change(), (match(),), ROUTING, "New York City Council", NOW)
    return replace(made, **fields)


def alerts(number: int, **fields: Any) -> tuple[Alert, ...]:
    """Make alerts about so many items of one source."""
    return tuple(
        alert(
            key=f"key-{n}",
            headline=f"New: Resolution {n} (New York City Council)",
            item=item(key=str(n), title=f"Resolution {n}", url=f"https://council.example/{n}"),
            **fields,
        )
        for n in range(number)
    )
