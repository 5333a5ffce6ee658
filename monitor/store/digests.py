"""Digests: composed once for a name and a period, and kept; what each covers, by row numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.digest import MatterNews, Span, Statistics, Visited
from monitor.models import Digest, Period
from monitor.store.coding import digest_of, digest_text, moment, optional_moment, stamp
from monitor.store.connection import Connection
from monitor.store.happenings import Happenings
from monitor.store.sources import Sources
from monitor.store.statistics import Tables

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A stored digest in short; `matters` counts those that it lists."""

    id: int
    name: str
    period: str
    starts: datetime
    composed_at: datetime
    matters: int
    until_item: int
    until_revision: int


class Digests:
    """The digests, and what they are composed of."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._happenings = Happenings(db)
        self._tables = Tables(db)
        self._sources = Sources(db)

    def save(self, digest: Digest) -> bool:
        """Keep a digest; False, and nothing changes, where its period has one already."""
        added = self._db.write(
            "INSERT INTO digests (name, period, starts, composed_at, since_item, until_item, "
            "since_revision, until_revision, matters, payload) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name, period) DO NOTHING",
            (
                digest.name,
                digest.period.id,
                stamp(digest.period.starts),
                stamp(digest.composed_at),
                digest.since_item,
                digest.until_item,
                digest.since_revision,
                digest.until_revision,
                len(digest.matters),
                digest_text(digest),
            ),
        )
        return added > 0

    def of(self, name: str, period: str) -> Digest | None:
        """Return the digest of a period, None where it was not composed."""
        text = self._db.value(
            "SELECT payload FROM digests WHERE name = ? AND period = ?", (name, period)
        )
        return None if text is None else digest_of(text)

    def has(self, name: str, period: str) -> bool:
        """Say whether the digest of a period was composed."""
        query = "SELECT EXISTS (SELECT 1 FROM digests WHERE name = ? AND period = ?)"
        return bool(self._db.value(query, (name, period)))

    def latest(self, name: str) -> DigestRow | None:
        """Return the digest of this name that was composed last, None where none was."""
        return next(iter(self.listed(name, limit=1)), None)

    def listed(self, name: str = "", limit: int = 100) -> tuple[DigestRow, ...]:
        """Return digests in short, the last one first; an empty name does not restrict."""
        rows = self._db.rows(
            "SELECT id, name, period, starts, composed_at, matters, until_item, until_revision "
            "FROM digests WHERE ?1 = '' OR name = ?1 ORDER BY id DESC LIMIT ?2",
            (name, limit),
        )
        return tuple(
            DigestRow(row[0], row[1], row[2], moment(row[3]), moment(row[4]), *row[5:])
            for row in rows
        )

    def span(self, name: str, period: Period) -> Span:
        """Say which rows the next digest of this name covers: all since the last one.

        Where it is the first, it begins with what was recorded since the period began. What is
        recorded later has higher numbers; where the newest rows were forgotten, it is empty.
        """
        last = self.latest(name)
        since = (
            (last.until_item, last.until_revision)
            if last
            else (
                self._before("items", "first_seen", period),
                self._before("revisions", "seen_at", period),
            )
        )
        until = max(since[0], self._newest("items")), max(since[1], self._newest("revisions"))
        return Span(since[0], until[0], since[1], until[1])

    def _newest(self, table: str) -> int:
        return int(self._db.value(f"SELECT coalesce(max(id), 0) FROM {table}"))  # noqa: S608

    def _before(self, table: str, column: str, period: Period) -> int:
        """Return the row before the first one of the period; the last one where there is none."""
        first = self._db.value(
            f"SELECT min(id) FROM {table} WHERE {column} >= ?",  # noqa: S608
            (stamp(period.starts),),
        )
        return self._newest(table) if first is None else int(first) - 1

    def matters_since(self, span: Span, now: datetime) -> tuple[MatterNews, ...]:
        """Return the matters to which something was recorded in a span, with what a digest says.

        Only those that a filter holds on, that people were told of, or that are watched; without
        what a source's first poll found, which is told nowhere.
        """
        return self._happenings.of(span, now)

    def statistics(self, span: Span, weeks: tuple[datetime, ...], now: datetime) -> Statistics:
        """Count agreements, activity and coming dates over all matters.

        weeks: when each begins, in the zone of the digest, the last one being that of `now` or of
        the period. Their names are left to the caller.
        """
        return self._tables.of(span, weeks, now)

    def began_before(self, moment_: datetime) -> bool:
        """Say whether any source was polled before a moment."""
        query = "SELECT EXISTS (SELECT 1 FROM sources WHERE first_polled_at < ?)"
        return bool(self._db.value(query, (stamp(moment_),)))

    def visits(self, since: datetime, until: datetime) -> Mapping[str, Visited]:
        """Tell how each source fared in [since, until], by id; silence is for others to tell."""
        states = {
            row[0]: row[1:]
            for row in self._db.rows("SELECT id, last_success, failures, reason FROM sources")
        }
        found: dict[str, Visited] = {}
        for one in self._sources.coverage(since, until + _MOMENT):
            good, failures, reason = states[one.source]
            found[one.source] = Visited(
                polls=one.polls,
                checked=one.checked,
                broken=failures > 0,
                reason=reason or one.reason,
                last_good=optional_moment(good),
                gaps=one.gaps,
            )
        return found
