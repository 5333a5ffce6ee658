"""What is counted over all matters for a digest: 287(g) agreements, activity, coming dates."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime, timedelta

from monitor.digest import Span, Statistics
from monitor.models import Coming, Hearing, Identifier
from monitor.store.coding import hearing_of, stamp
from monitor.store.connection import Connection
from monitor.store.happenings import Learnt
from monitor.wording import numbered

AHEAD = timedelta(days=14)
MOST_PLANNED = 200
# Those that were applied for are not in force.
_AGREEMENTS = (
    "SELECT source, matter_id, first_seen, coalesce(published, first_seen), gone_at, id "
    "FROM items WHERE type = 'agreement' AND status <> 'pending'"
)
_ENDED = (
    "SELECT count(DISTINCT i.matter_id) FROM revisions r JOIN items i ON i.id = r.item_id "
    "WHERE r.id > ? AND r.id <= ? AND r.kind = 'gone' AND i.type = 'agreement' "
    "AND i.status <> 'pending' AND i.gone_at IS NOT NULL"
)
_MATCHED = "SELECT DISTINCT i.matter_id FROM matches x JOIN items i ON i.id = x.item_id"
_ACTIVE = (
    f"WITH matched (id) AS ({_MATCHED}) "  # noqa: S608
    "SELECT i.source, i.matter_id, i.first_seen FROM matched JOIN items i "
    "ON i.matter_id = matched.id WHERE i.first_seen >= ?1 UNION ALL "
    "SELECT i.source, i.matter_id, r.seen_at FROM matched JOIN items i "
    "ON i.matter_id = matched.id JOIN revisions r ON r.item_id = i.id "
    "WHERE r.seen_at >= ?1 AND r.held = 0"
)
_PLANNED = (
    "SELECT m.id, m.title, h.hearing, m.jurisdiction "
    "FROM hearings h JOIN items i ON i.id = h.item_id JOIN matters m ON m.id = i.matter_id "
    "WHERE h.cancelled = 0 AND h.starts >= ? "
    "AND h.starts <= ? AND i.gone_at IS NULL AND (m.told_at IS NOT NULL OR EXISTS (SELECT 1 "
    "FROM items j JOIN matches x ON x.item_id = j.id WHERE j.matter_id = m.id "
    "AND x.priority <> 'low')) AND NOT EXISTS (SELECT 1 FROM items j JOIN hearings c "
    "ON c.item_id = j.id WHERE j.matter_id = i.matter_id AND c.cancelled = 1 "
    "AND c.starts = h.starts AND c.kind = h.kind AND j.last_changed > i.last_changed) "
    "ORDER BY h.starts, m.id"
)
_NAMES = (
    "SELECT matter_id, scheme, scope, value FROM matter_identifiers "
    "WHERE matter_id IN (SELECT value FROM json_each(?)) ORDER BY scheme, scope, value"
)
_TOPICS = (
    "SELECT DISTINCT i.matter_id, x.topic FROM items i JOIN matches x ON x.item_id = i.id "
    "WHERE i.matter_id IN (SELECT value FROM json_each(?)) ORDER BY i.matter_id, x.topic"
)


class Tables:
    """Counts for digests."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def of(self, span: Span, weeks: tuple[datetime, ...], now: datetime) -> Statistics:
        """Count; `weeks` are the beginnings of the weeks that are told of, the last one open."""
        learnt = Learnt(self._db)
        added, in_force = self._agreements(span, weeks, learnt, now)
        return Statistics(
            active=self._active(weeks, learnt),
            added=added,
            ended=int(self._db.value(_ENDED, (span.since_revision, span.until_revision))),
            in_force=in_force,
            coming=self._coming(now),
        )

    def _agreements(
        self, span: Span, weeks: tuple[datetime, ...], learnt: Learnt, now: datetime
    ) -> tuple[int, tuple[int, ...]]:
        """Count the agreements that were added, and those in force at each week's end.

        What the list held when it was first read counts from the day of its signature on; what
        had ended by then is not known, so that the past is told a little low.
        """
        held: dict[int, list[tuple[str, str]]] = {}
        added: set[int] = set()
        for source, matter, first_seen, signed, gone_at, number in self._db.stream(_AGREEMENTS):
            is_old = learnt.by(source, first_seen)
            if span.since_item < number <= span.until_item and not is_old:
                added.add(matter)
            begins = min(signed, first_seen) if is_old else first_seen
            held.setdefault(matter, []).append((begins, gone_at or "9999"))
        if not held:
            return 0, ()
        ends = [stamp(week) for week in weeks[1:]] + [stamp(now)]
        counts = [
            sum(any(begins <= end < gone for begins, gone in spans) for spans in held.values())
            for end in ends
        ]
        return len(added), tuple(counts)

    def _active(self, weeks: tuple[datetime, ...], learnt: Learnt) -> tuple[int, ...]:
        begins = [stamp(week) for week in weeks]
        found: list[set[int]] = [set() for _ in weeks]
        for source, matter, seen_at in self._db.stream(_ACTIVE, (begins[0],)):
            if not learnt.by(source, seen_at):
                found[bisect_right(begins, seen_at) - 1].add(matter)
        return tuple(map(len, found))

    def _coming(self, now: datetime) -> tuple[Coming, ...]:
        """List the dates of the coming two weeks, each once."""
        found: dict[tuple[object, ...], tuple[int, str, Hearing, str]] = {}
        for matter, title, text, place in self._db.rows(_PLANNED, (stamp(now), stamp(now + AHEAD))):
            hearing = hearing_of(text)
            kind = "meeting" if hearing.kind == "hearing" else hearing.kind
            found.setdefault((matter, kind, hearing.starts), (matter, title, hearing, place))
        first = list(found.values())[:MOST_PLANNED]
        among = json.dumps([one[0] for one in first])
        names: dict[int, list[Identifier]] = defaultdict(list)
        for matter, *name in self._db.rows(_NAMES, (among,)):
            names[matter].append(Identifier(*name))
        topics: dict[int, list[str]] = defaultdict(list)
        for matter, topic in self._db.rows(_TOPICS, (among,)):
            topics[matter].append(topic)
        return tuple(
            Coming(
                matter=matter,
                title=numbered(title, tuple(names[matter])),
                hearing=date,
                jurisdiction=place,
                topics=tuple(topics[matter]),
            )
            for matter, title, date, place in first
        )
