"""What is remembered of each source between two polls, and every poll that was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.models import Collected, Outcome, Validators
from monitor.store.coding import moment, optional_moment, pairs_of, pairs_text, stamp
from monitor.store.connection import Connection
from monitor.store.known import note_listed
from monitor.store.values import Coverage, LastPoll, PollRecord, SourceHealth, SourceState

# What a clock that NTP keeps may go back by.
_JITTER = timedelta(minutes=1)
_STATE = (
    "cursor, next_due, first_polled_at, last_polled_at, last_success, last_news, failures, "
    "outcome, reason"
)


class Sources:
    """The sources' states and polls."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def begin(self, ids: Iterable[str], now: datetime) -> None:
        """Make exactly these sources the active ones; new ones are due at once.

        A source that is no longer configured keeps its state and is never due.
        """
        wanted = sorted(set(ids))
        with self._db.transaction():
            self._db.write("UPDATE sources SET active = 0 WHERE active = 1")
            self._db.write_many(
                "INSERT INTO sources (id, next_due) VALUES (?, ?) "
                "ON CONFLICT (id) DO UPDATE SET active = 1, "
                "next_due = coalesce(next_due, excluded.next_due)",
                [(source, stamp(now)) for source in wanted],
            )
            self.recall(now)

    def recall(self, now: datetime) -> int:
        """Make due what was last polled in the future: the clock was set back since.

        Their next polls lie as far ahead, by hours or by years. Returns how many.
        """
        return self._db.write(
            "UPDATE sources SET next_due = ? WHERE last_polled_at > ? AND next_due > ?",
            (stamp(now), stamp(now + _JITTER), stamp(now)),
        )

    def state(self, source: str) -> SourceState:
        """Return a source's state; that of a source never seen is empty."""
        row = self._db.row(f"SELECT {_STATE} FROM sources WHERE id = ?", (source,))  # noqa: S608
        if row is None:
            return SourceState(source)
        return SourceState(
            id=source,
            cursor=pairs_of(row[0]),
            validators=self._validators(source),
            next_due=optional_moment(row[1]),
            first_polled_at=optional_moment(row[2]),
            last_polled_at=optional_moment(row[3]),
            last_success=optional_moment(row[4]),
            last_news=optional_moment(row[5]),
            failures=row[6],
            outcome=Outcome(row[7]) if row[7] else None,
            reason=row[8],
        )

    def standing(self, source: str) -> tuple[bool, int]:
        """Say whether no poll of a source ever succeeded, and how many failed since one did."""
        query = "SELECT last_success IS NULL, failures FROM sources WHERE id = ?"
        first, failures = self._db.row(query, (source,)) or (True, 0)
        return bool(first), failures

    def _validators(self, source: str) -> tuple[tuple[str, Validators], ...]:
        query = "SELECT url, etag, last_modified, sha256 FROM validators WHERE source = ?"
        return tuple((row[0], Validators(*row[1:])) for row in self._db.rows(query, (source,)))

    def due(self, now: datetime) -> tuple[str, ...]:
        """Name the active sources whose time has come, the longest overdue first."""
        query = "SELECT id FROM sources WHERE active = 1 AND next_due <= ? ORDER BY next_due, id"
        return tuple(source for (source,) in self._db.rows(query, (stamp(now),)))

    def next_due(self) -> datetime | None:
        """Return when the next active source is due; None where there is none."""
        earliest = self._db.value("SELECT min(next_due) FROM sources WHERE active = 1")
        return optional_moment(earliest)

    def polled_since(self, since: datetime) -> tuple[LastPoll, ...]:
        """Return the latest poll of each active source that was polled since then, by id."""
        query = (
            "SELECT id, last_polled_at, outcome = 'failed' FROM sources "
            "WHERE active = 1 AND last_polled_at >= ? ORDER BY id"
        )
        rows = self._db.rows(query, (stamp(since),))
        return tuple(LastPoll(name, moment(at), bool(failed)) for name, at, failed in rows)

    def failed_since(self, since: datetime) -> frozenset[str]:
        """Name the sources of which a poll failed since then."""
        query = "SELECT DISTINCT source FROM polls WHERE polled_at >= ? AND outcome = 'failed'"
        return frozenset(name for (name,) in self._db.rows(query, (stamp(since),)))

    def forgive(self, source: str, next_due: datetime) -> None:
        """Forget that a source's last polls failed: it was not its fault."""
        self._db.write(
            "UPDATE sources SET failures = 0, next_due = ? WHERE id = ?", (stamp(next_due), source)
        )

    def reschedule(self, source: str, next_due: datetime) -> None:
        """Set when a source is due, without a poll."""
        self._db.write("UPDATE sources SET next_due = ? WHERE id = ?", (stamp(next_due), source))

    def finish_poll(
        self, collected: Collected, next_due: datetime, new: int = 0, updated: int = 0
    ) -> None:
        """Record a poll and what its source is to remember.

        A failed poll changes neither cursor nor validators: what was not read must be read again.
        """
        with self._db.transaction():
            self._record(collected, new, updated)
            if collected.outcome is Outcome.FAILED:
                self._failed(collected, next_due)
            else:
                self._succeeded(collected, next_due, news=bool(new or updated))

    def _record(self, collected: Collected, new: int, updated: int) -> None:
        when = stamp(collected.polled_at)
        self._db.write("INSERT OR IGNORE INTO sources (id) VALUES (?)", (collected.source,))
        self._db.write(
            "INSERT INTO polls (source, polled_at, outcome, reason, entries, new, updated, "
            "refused, requests, seconds, gap) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                collected.source,
                when,
                collected.outcome.value,
                collected.reason,
                len(collected.seen),
                new,
                updated,
                len(collected.refusals),
                collected.requests,
                collected.seconds,
                int(collected.gap),
            ),
        )

    def _failed(self, collected: Collected, next_due: datetime) -> None:
        when = stamp(collected.polled_at)
        self._db.write(
            "UPDATE sources SET next_due = ?, first_polled_at = coalesce(first_polled_at, ?), "
            "last_polled_at = ?, failures = failures + 1, outcome = ?, reason = ? WHERE id = ?",
            (
                stamp(next_due),
                when,
                when,
                collected.outcome.value,
                collected.reason,
                collected.source,
            ),
        )

    def _succeeded(self, collected: Collected, next_due: datetime, news: bool) -> None:
        when = stamp(collected.polled_at)
        self._db.write(
            "UPDATE sources SET next_due = ?, first_polled_at = coalesce(first_polled_at, ?), "
            "last_polled_at = ?, last_success = ?, last_news = coalesce(?, last_news), "
            "failures = 0, outcome = ?, reason = ?, cursor = ? WHERE id = ?",
            (
                stamp(next_due),
                when,
                when,
                when,
                when if news else None,
                collected.outcome.value,
                collected.reason,
                pairs_text(collected.cursor),
                collected.source,
            ),
        )
        self._remember(collected, when)
        note_listed(self._db, collected.source, collected.seen, complete=collected.complete)

    def _remember(self, collected: Collected, when: str) -> None:
        if not collected.validators:
            return
        self._db.write_many(
            "INSERT INTO validators (source, url, etag, last_modified, sha256, seen_at) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source, url) DO UPDATE SET "
            "etag = excluded.etag, last_modified = excluded.last_modified, "
            "sha256 = excluded.sha256, seen_at = excluded.seen_at",
            [
                (collected.source, url, last.etag, last.last_modified, last.sha256, when)
                for url, last in collected.validators
            ],
        )

    def forget_validators(self, source: str) -> None:
        """Make the next poll of a source read every answer anew."""
        self._db.write("DELETE FROM validators WHERE source = ?", (source,))

    def health(self, since: datetime) -> tuple[SourceHealth, ...]:
        """Tell how each source fares, by id; `items_recent` counts from `since`."""
        total: dict[str, int] = dict(
            self._db.rows("SELECT source, count(*) FROM items GROUP BY source")
        )
        recent: dict[str, int] = dict(
            self._db.rows(
                "SELECT source, count(*) FROM items WHERE first_seen >= ? GROUP BY source",
                (stamp(since),),
            )
        )
        query = f"SELECT id, active, {_STATE} FROM sources ORDER BY id"  # noqa: S608
        return tuple(
            _health(row, total.get(row[0], 0), recent.get(row[0], 0))
            for row in self._db.rows(query)
        )

    def coverage(self, since: datetime, until: datetime) -> tuple[Coverage, ...]:
        """Tell how often each active source was checked in [since, until), by id.

        A source without any poll in the period is there, too.
        """
        period = (stamp(since), stamp(until))
        rows = self._db.rows(
            "SELECT s.id, count(p.id), coalesce(sum(p.outcome = 'failed'), 0), "
            "coalesce(sum(p.outcome = 'empty'), 0), coalesce(sum(p.gap), 0), "
            "coalesce(sum(p.entries), 0), coalesce(sum(p.new), 0), coalesce(sum(p.updated), 0), "
            "max(p.polled_at) FILTER (WHERE p.outcome <> 'failed') "
            "FROM sources s LEFT JOIN polls p ON p.source = s.id "
            "AND p.polled_at >= ? AND p.polled_at < ? WHERE s.active = 1 "
            "GROUP BY s.id ORDER BY s.id",
            period,
        )
        reasons: dict[str, str] = dict(
            self._db.rows(
                "SELECT source, reason FROM (SELECT source, reason, max(id) FROM polls "
                "WHERE polled_at >= ? AND polled_at < ? AND outcome = 'failed' GROUP BY source)",
                period,
            )
        )
        return tuple(_coverage(row, reasons.get(row[0], "")) for row in rows)

    def news(self, since: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """Return when each source brought something new or changed, to the hour, by its id.

        The backlog of a first poll is no news.
        """
        hours = "SELECT source, substr({}, 1, 13) AS hour FROM"
        rows = self._db.rows(
            f"{hours.format('i.first_seen')} items i JOIN sources s ON s.id = i.source "
            "WHERE i.first_seen >= ? AND i.first_seen > s.first_polled_at "
            f"UNION ALL {hours.format('r.seen_at')} revisions r JOIN items i ON i.id = r.item_id "
            "WHERE r.seen_at >= ? ORDER BY hour",
            (stamp(since), stamp(since)),
        )
        found: dict[str, list[datetime]] = defaultdict(list)
        for source, hour in rows:
            found[source].append(moment(f"{hour}:00:00Z"))
        return {source: tuple(moments) for source, moments in found.items()}

    def polls(self, source: str, limit: int = 20) -> tuple[PollRecord, ...]:
        """Return the latest polls of a source, newest first."""
        query = (
            "SELECT source, polled_at, outcome, reason, entries, new, updated, refused, requests, "
            "seconds, gap FROM polls WHERE source = ? ORDER BY polled_at DESC, id DESC LIMIT ?"
        )
        return tuple(_poll_record(row) for row in self._db.rows(query, (source, limit)))


def _health(row: tuple[Any, ...], items: int, recent: int) -> SourceHealth:
    return SourceHealth(
        id=row[0],
        active=bool(row[1]),
        next_due=optional_moment(row[3]),
        last_polled_at=optional_moment(row[5]),
        last_success=optional_moment(row[6]),
        last_news=optional_moment(row[7]),
        failures=row[8],
        outcome=Outcome(row[9]) if row[9] else None,
        reason=row[10],
        items=items,
        items_recent=recent,
    )


def _coverage(row: tuple[Any, ...], reason: str) -> Coverage:
    return Coverage(
        source=row[0],
        polls=row[1],
        failed=row[2],
        empty=row[3],
        gaps=row[4],
        entries=row[5],
        new=row[6],
        updated=row[7],
        last_success=optional_moment(row[8]),
        reason=reason,
    )


def _poll_record(row: tuple[Any, ...]) -> PollRecord:
    return PollRecord(
        source=row[0],
        polled_at=moment(row[1]),
        outcome=Outcome(row[2]),
        reason=row[3],
        entries=row[4],
        new=row[5],
        updated=row[6],
        refused=row[7],
        requests=row[8],
        seconds=row[9],
        gap=bool(row[10]),
    )
