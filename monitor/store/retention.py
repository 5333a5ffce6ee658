"""Forgets what is old (`retention: items` in monitor.yaml), a few matters at a time.

A matter goes as a whole, with its items, their texts and all that hangs on them, when nothing was
heard of it for the time given. It stays while

    its publisher still shows one of its items      a date of it lies within that time, or ahead
    an alert of it is on its way                    somebody claimed, follows, muted or judged it

Of each item its key and fingerprint stay (`known`), so that it is never new again. The space is
used again; the file does not shrink.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from monitor.store.coding import stamp
from monitor.store.connection import Connection

AT_ONCE = 25
_SAME = "(SELECT o.id FROM matters o WHERE o.id = m.id OR o.merged_into = m.id)"
# A source that was never read since this is kept account of may show anything.
_SHOWN = (
    "EXISTS (SELECT 1 FROM sources s LEFT JOIN listings l ON l.source = s.id "
    "WHERE s.id = i.source AND s.active = 1 AND i.gone_at IS NULL "
    "AND (l.keys IS NULL OR instr(l.keys, json_quote(i.key)) > 0))"
)
# The newest revision stays: row numbers tell digests where the next one begins.
_STANDING = (
    "EXISTS (SELECT 1 FROM items i WHERE i.matter_id = m.id AND ("  # noqa: S608
    "i.last_changed >= ?2 OR i.first_seen >= ?2 "
    "OR EXISTS (SELECT 1 FROM hearings h WHERE h.item_id = i.id AND h.starts >= ?2) "
    "OR EXISTS (SELECT 1 FROM revisions r WHERE r.item_id = i.id "
    "AND r.id = (SELECT max(id) FROM revisions)) "
    f"OR {_SHOWN}))"
)
_TOLD = (
    "EXISTS (SELECT 1 FROM alerts a WHERE a.matter_id = m.id AND (a.created_at >= ?2 "
    "OR a.state NOT IN ('sent', 'dropped', 'failed', 'deferred', 'held') "
    "OR EXISTS (SELECT 1 FROM judgements j WHERE j.alert_id = a.id)))"
)
_HOLDING = (
    _STANDING,
    _TOLD,
    f"EXISTS (SELECT 1 FROM claims WHERE released_at IS NULL AND matter_id IN {_SAME})",  # noqa: S608
    f"EXISTS (SELECT 1 FROM follows WHERE ended_at IS NULL AND matter_id IN {_SAME})",  # noqa: S608
    f"EXISTS (SELECT 1 FROM mutes WHERE ended_at IS NULL AND matter_id IN {_SAME})",  # noqa: S608
    f"EXISTS (SELECT 1 FROM personal_reminders WHERE sent_at IS NULL AND matter_id IN {_SAME})",  # noqa: S608
)
_OLD = (
    "SELECT m.id FROM matters m WHERE m.id IN (SELECT value FROM json_each(?1)) "  # noqa: S608
    f"AND m.merged_into IS NULL AND m.last_changed < ?2 AND NOT ({' OR '.join(_HOLDING)})"
)
_CANDIDATES = (
    "SELECT id FROM matters WHERE merged_into IS NULL AND last_changed < ? AND id > ? "
    "ORDER BY id LIMIT ?"
)
_MATTERS = "(SELECT id FROM matters WHERE id IN {0} OR merged_into IN {0})"
_GIVEN = "(SELECT value FROM json_each(?1))"
_ITEMS = f"(SELECT id FROM items WHERE matter_id IN {_GIVEN})"  # noqa: S608
_ALL = _MATTERS.format(_GIVEN)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten in one go, and where the next one goes on; None where all is done."""

    matters: int = 0
    items: int = 0
    alerts: int = 0
    goes_on: int | None = None


class Retention:
    """Throws away what is old."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def forget(self, before: datetime, now: datetime, after: int = 0) -> Forgotten:
        """Forget matters of which nothing was heard since `before`: a few, in one transaction.

        after: the number up to which they were looked through; begin with 0. A run that is broken
        off begins anew the next time, and nothing is lost by that.
        """
        candidates = [
            number for (number,) in self._db.rows(_CANDIDATES, (stamp(before), after, AT_ONCE))
        ]
        goes_on = candidates[-1] if len(candidates) == AT_ONCE else None
        if not candidates:
            return Forgotten()
        with self._db.transaction():
            old = self._db.rows(_OLD, (json.dumps(candidates), stamp(before)))
            if not old:
                return Forgotten(goes_on=goes_on)
            numbers = json.dumps([number for (number,) in old])
            items = self._forget_items(numbers, now)
            alerts = self._db.write(f"DELETE FROM alerts WHERE matter_id IN {_GIVEN}", (numbers,))  # noqa: S608
            self._forget_matters(numbers)
        return Forgotten(len(old), items, alerts, goes_on)

    def _forget_items(self, numbers: str, now: datetime) -> int:
        """Keep what tells these items from new ones, and throw all else of them away."""
        self._db.write(
            "INSERT OR REPLACE INTO forgotten (source, key, fingerprint, forgotten_at) "  # noqa: S608
            "SELECT source, key, iif(gone_at IS NULL, fingerprint, ''), ?2 FROM items "
            f"WHERE matter_id IN {_GIVEN}",
            (numbers, stamp(now)),
        )
        self._db.write(
            "DELETE FROM documents WHERE (source, item_key) IN "  # noqa: S608
            f"(SELECT source, key FROM items WHERE matter_id IN {_GIVEN})",
            (numbers,),
        )
        return self._db.write(f"DELETE FROM items WHERE id IN {_ITEMS}", (numbers,))  # noqa: S608

    def _forget_matters(self, numbers: str) -> None:
        for table in ("threads", "ended_threads"):
            self._db.write(f"DELETE FROM {table} WHERE matter_id IN {_ALL}", (numbers,))  # noqa: S608
        for table, columns in _HANGING:
            for column in columns:
                self._db.write(f"DELETE FROM {table} WHERE {column} IN {_ALL}", (numbers,))  # noqa: S608
        self._db.write(f"DELETE FROM matters WHERE merged_into IN {_GIVEN}", (numbers,))  # noqa: S608
        self._db.write(f"DELETE FROM matters WHERE id IN {_GIVEN}", (numbers,))  # noqa: S608

    def forget_digests(self, before: datetime) -> int:
        """Forget the digests composed before then, and the record of who got them.

        The last one of each name stays: the next one goes on where it ended.
        """
        with self._db.transaction():
            self._db.write(
                "DELETE FROM mailings WHERE created_at < ? AND state IN ('sent', 'dropped')",
                (stamp(before),),
            )
            return self._db.write(
                "DELETE FROM digests WHERE composed_at < ? "
                "AND id NOT IN (SELECT max(id) FROM digests GROUP BY name) AND NOT EXISTS "
                "(SELECT 1 FROM mailings g WHERE g.digest = digests.name "
                "AND g.period = digests.period)",
                (stamp(before),),
            )


# What refers to matters: by which columns.
_HANGING = (
    ("matter_identifiers", ("matter_id",)),
    ("groupings", ("matter_id", "from_matter")),
    ("apart", ("one", "other")),
    ("claims", ("matter_id",)),
    ("follows", ("matter_id",)),
    ("mutes", ("matter_id",)),
    ("personal_reminders", ("matter_id",)),
)
