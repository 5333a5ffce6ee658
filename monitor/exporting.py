"""Gathers what others are given: matters that a filter matched, for files and for the web pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.render.export import ExportedMatter
from monitor.store import Matter, Store

# How far ahead calendars go.
AHEAD = timedelta(days=366)


def matters_since(
    store: Store, since: datetime | None, topic: str, jurisdiction: str, most: int
) -> tuple[ExportedMatter, ...]:
    """Return the matters to which something happened since then, the latest first.

    topic, jurisdiction: "" does not restrict.
    """
    found = store.matters.recent(
        since=since, topic=topic, jurisdiction=jurisdiction, matched_only=True, limit=most
    )
    return tuple(map(exported, found))


def exported(matter: Matter) -> ExportedMatter:
    """Say of a matter what others are given."""
    return ExportedMatter(
        id=matter.id,
        title=matter.title,
        type=matter.type,
        jurisdiction=matter.jurisdiction,
        first_seen=matter.first_seen,
        last_changed=matter.last_changed,
        url=matter.url,
        stage=matter.stage,
        stage_said=matter.stage_said,
        direction=matter.direction,
        topics=matter.topics,
    )


def authority_of(contact: str) -> str:
    """Take a feed's authority (RFC 4151) from the contact: an e-mail address, or a page's host."""
    return urlsplit(contact).hostname or contact.removeprefix("mailto:")
