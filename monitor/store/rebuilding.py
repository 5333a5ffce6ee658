"""Derives what a matter says of itself from its items, when these have moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.models import Direction, Stage
from monitor.stages import stage_when_gone
from monitor.store.coding import stamp
from monitor.store.connection import Connection
from monitor.store.grouping import direction_of
from monitor.store.standing import NOT_LISTED, advanced, leads
from monitor.store.values import StoredItem


def rebuild(db: Connection, matter: int, items: Sequence[StoredItem]) -> None:
    """Derive a matter's title, stage and direction from its items anew, all in order of time."""
    lead, direction = items[0], Direction.UNCLEAR
    for stored in items:
        if leads(stored.item, lead.item):
            lead = stored
        told = direction_of(stored.matches)
        direction = told if told is not Direction.UNCLEAR else direction
    stage, said, since = _stage_of(items)
    item = lead.item
    db.write(
        "UPDATE matters SET title = ?, type = ?, jurisdiction = ?, url = ?, status = ?, "
        "lead_item = ?, stage = ?, stage_said = ?, stage_since = ?, direction = ?, "
        "last_changed = ? WHERE id = ?",
        (
            item.title,
            item.type.value,
            item.jurisdiction,
            item.url,
            item.status,
            lead.id,
            stage.value if stage else "",
            said,
            stamp(since) if stage else None,
            direction.value,
            stamp(max(stored.last_changed for stored in items)),
            matter,
        ),
    )


def _stage_of(items: Sequence[StoredItem]) -> tuple[Stage | None, str, datetime]:
    """Say how far items have brought their matter, in whose words, and since when."""
    stage, said, since = None, "", items[0].first_seen
    for stored in items:
        following: Stage | None = advanced(stage, stored.item)
        if following is not stage:
            stage, said, since = following, stored.item.stage_said, stored.last_changed
    standing = {stored.item.type for stored in items if stored.gone_at is None}
    for stored in items:
        ended = stage_when_gone(stored.item.type)
        if ended and stored.gone_at and stored.item.type not in standing:
            stage, said, since = ended, NOT_LISTED, stored.gone_at
    return stage, said, since
