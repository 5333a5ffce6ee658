"""Reminds people of a date ahead, in the thread of its matter: by default 48 and 4 hours before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.models import Alert, Hearing, Item
from monitor.text import digest
from monitor.wording import reminder_headline


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date ahead of a matter that people were told of.

    known_since: when it was last new or changed. channels: who was told of the matter.
    merged: the matters that went into it. reminded: keys of all its reminders so far.
    """

    matter: int
    hearing: Hearing
    item: Item
    known_since: datetime
    channels: tuple[str, ...]
    merged: tuple[int, ...] = ()
    reminded: frozenset[str] = frozenset()


def reminders(
    dates: Iterable[Ahead], leads: Sequence[timedelta], names: Mapping[str, str], now: datetime
) -> tuple[Alert, ...]:
    """Make the reminders that are due now, one for each date, lead and channel.

    leads: how long before a date; of several that are due at once only the last is told, and none
    for a date that became known within it. The same reminder made again has the same key.
    """
    found: dict[str, Alert] = {}
    for date in dates:
        lead = _due(date, leads, now)
        if lead is None:
            continue
        for channel in date.channels:
            if date.reminded.isdisjoint(_keys(date, lead, channel)):
                alert = _reminder(date, lead, channel, names, now)
                found.setdefault(alert.key, alert)
    return tuple(found.values())


def _due(date: Ahead, leads: Sequence[timedelta], now: datetime) -> timedelta | None:
    starts = date.hearing.starts
    if starts is None or starts <= now or date.hearing.cancelled:
        return None
    ripe = [lead for lead in leads if starts - lead <= now and date.known_since < starts - lead]
    return min(ripe, default=None)


def _reminder(
    date: Ahead, lead: timedelta, channel: str, names: Mapping[str, str], now: datetime
) -> Alert:
    return Alert(
        key=_keys(date, lead, channel)[0],
        channel=channel,
        kind="reminder",
        headline=reminder_headline(date.hearing, date.item, now),
        matter=date.matter,
        item=date.item,
        source_name=names.get(date.item.source, date.item.source),
        created_at=now,
    )


def _keys(date: Ahead, lead: timedelta, channel: str) -> tuple[str, ...]:
    """Name a reminder, by the matter of today first, then by those that went into it."""
    starts = date.hearing.starts
    when = starts.isoformat() if starts else ""
    seconds = str(int(lead.total_seconds()))
    return tuple(
        digest("reminder", channel, str(matter), date.hearing.kind, when, seconds)
        for matter in (date.matter, *date.merged)
    )
