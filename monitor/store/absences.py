"""Absences: what a list no longer shows, and from when on that is believed (DESIGN decision 9)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.dates import local
from monitor.models import Hearing, Item, ItemType, Reach
from monitor.store.coding import ITEM_COLUMNS, ITEM_WIDTH, item_of, stamp
from monitor.store.connection import Connection
from monitor.text import fold

ABSENCES_BEFORE_GONE = 3
# A list that lost more than this, and more than it still shows, is itself in doubt: a filter that
# was narrowed, a page that was cut off.
MOST_AT_ONCE = 3
_SHORTEST_NAME = 4

_DATED = "EXISTS (SELECT 1 FROM hearings AS h WHERE h.item_id = items.id AND h.starts IS NOT NULL)"
_AHEAD = "EXISTS (SELECT 1 FROM hearings AS h WHERE h.item_id = items.id AND h.starts > ?)"
# What is over may leave any list: that is no end of it.
_STANDING = f"(type <> '{ItemType.MEETING.value}' OR NOT {_DATED} OR {_AHEAD})"
_UPCOMING = (
    f"SELECT {ITEM_COLUMNS}, id, absences, first_seen FROM items "  # noqa: S608
    f"WHERE source = ? AND type = '{ItemType.MEETING.value}' AND gone_at IS NULL AND {_AHEAD}"
)


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A meeting that lies ahead, as it is stored."""

    item: Item
    id: int
    absences: int
    first_seen: str


class Absences:
    """Counts the polls in which an item was missed; finds those that are gone by now."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def missing(self, source: str, seen: Collection[str], now: datetime) -> tuple[int, ...]:
        """Count what a list of everything does not hold; return the ids of what is gone by now.

        seen: the keys in the answer; an empty answer proves nothing and counts nothing. A meeting
        that is over may leave the list.
        """
        if not seen:
            return ()
        keys = json.dumps(list(seen))
        with self._db.transaction():
            self._forget(source, keys)
            absent = self._db.rows(
                "UPDATE items SET absences = absences + 1 "  # noqa: S608
                "WHERE source = ? AND gone_at IS NULL "
                f"AND key NOT IN (SELECT value FROM json_each(?)) AND {_STANDING} "
                "RETURNING id, absences",
                (source, keys, stamp(now)),
            )
        return tuple(sorted(number for number, times in absent if times >= ABSENCES_BEFORE_GONE))

    def off_calendar(
        self,
        source: str,
        seen: Collection[str],
        now: datetime,
        reaches: Iterable[Reach],
        *,
        anew: bool = False,
    ) -> tuple[int, ...]:
        """Count the coming meetings that a calendar does not show; return what is gone by now.

        reaches: how far the calendar went; what lies beyond is not missed. A calendar that shows
        no meeting ahead proves nothing. One that was called off has been told. One in whose place
        the same body has another on that day got a new number: it leaves without a word. So do all
        that are not shown where the source is read with new options (`anew`): they are not wanted.
        """
        spans, shown = tuple(reaches), set(seen)
        ahead = self._ahead(source, now)
        within = [one for one in ahead if any(_is_within(one.item, span, now) for span in spans)]
        listed = [one for one in within if one.item.key in shown]
        absent = [one for one in within if one.item.key not in shown and not _called_off(one.item)]
        with self._db.transaction():
            if any(one.absences for one in listed):
                self._forget(source, json.dumps([one.item.key for one in listed]))
            if anew and listed:
                for one in absent:
                    self._dismiss(one, now)
                return ()
            if not listed or len(absent) > max(MOST_AT_ONCE, len(listed)):
                return ()
            return tuple(one.id for one in absent if self._is_gone(one, listed, now))

    def _dismiss(self, absent: _Meeting, now: datetime) -> None:
        """Let a meeting leave without a word."""
        self._db.write("UPDATE items SET gone_at = ? WHERE id = ?", (stamp(now), absent.id))

    def _is_gone(self, absent: _Meeting, listed: list[_Meeting], now: datetime) -> bool:
        if any(_replaces(one, absent, now) for one in listed):
            self._dismiss(absent, now)
            return False
        self._db.write("UPDATE items SET absences = absences + 1 WHERE id = ?", (absent.id,))
        return absent.absences + 1 >= ABSENCES_BEFORE_GONE

    def _ahead(self, source: str, now: datetime) -> list[_Meeting]:
        rows = self._db.rows(_UPCOMING, (source, stamp(now)))
        return [_Meeting(item_of(row), *row[ITEM_WIDTH:]) for row in rows]

    def _forget(self, source: str, keys: str) -> None:
        """Absences are counted in a row: what is seen again begins anew."""
        self._db.write(
            "UPDATE items SET absences = 0 WHERE source = ? AND absences > 0 "
            "AND gone_at IS NULL AND key IN (SELECT value FROM json_each(?))",
            (source, keys),
        )


def _is_within(item: Item, reach: Reach, now: datetime) -> bool:
    """Tell whether a list that goes so far would show a meeting."""
    first = max(now, reach.since or now)
    return item.key.startswith(reach.prefix) and any(
        starts > first and (reach.until is None or starts <= reach.until)
        for starts in (one.starts for one in item.hearings if not one.derived)
        if starts is not None
    )


def _called_off(item: Item) -> bool:
    return all(one.cancelled for one in item.hearings)


def _replaces(other: _Meeting, missed: _Meeting, now: datetime) -> bool:
    """Tell whether a meeting is another under a new number: same body, same day.

    A body may well meet twice on a day: so the other one came with this poll, or begins at the
    same minute.
    """
    if not _same_body(other.item, missed.item):
        return False
    is_new = other.first_seen == stamp(now)
    return any(
        _day(one) == _day(two) and (is_new or (one.starts == two.starts and not one.all_day))
        for one in other.item.hearings
        for two in missed.item.hearings
        if one.starts and two.starts
    )


def _same_body(one: Item, two: Item) -> bool:
    """Compare the bodies, or the titles where no body is named; a word more is no other body."""
    short, long = sorted((fold(one.office or one.title), fold(two.office or two.title)), key=len)
    return short == long or (len(short) >= _SHORTEST_NAME and short in long)


def _day(hearing: Hearing) -> str:
    return f"{local(hearing.starts, hearing.timezone):%Y-%m-%d}" if hearing.starts else ""
