"""Keeps channels readable: too much at once becomes a summary, and a night stays quiet.

    one poll      more alerts than the cap     → the most urgent, and the rest in one summary
    one hour      more than the channel takes  → the rest in one summary when it is over
    quiet hours                                → told when they end, but for what is urgent

Nothing is dropped: what is deferred stands in a summary's lines, in the outbox and in the digest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from monitor.dates import local
from monitor.models import Alert, Priority
from monitor.text import digest, one_line
from monitor.wording import HEADLINE

HOUR = timedelta(hours=1)
PAGE = 100
_RANK = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.LOW: 2}


@dataclass(frozen=True, slots=True)
class Flood:
    """What becomes of alerts: those that are told, and those that a told summary lists instead.

    deferred: each with the key of its summary.
    """

    told: tuple[Alert, ...]
    deferred: tuple[tuple[Alert, str], ...] = ()


def defer(alerts: tuple[Alert, ...], cap: int) -> Flood:
    """Turn what exceeds `cap` alerts of one poll in one channel into a summary that lists it.

    The most urgent ones stay as they are.
    """
    by_channel: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        by_channel[alert.channel].append(alert)
    told: list[Alert] = []
    deferred: list[tuple[Alert, str]] = []
    for own in by_channel.values():
        if len(own) <= cap:
            told.extend(own)
            continue
        stay, rest = _parted(own, max(cap, 1))
        told.extend(stay)
        for summary, page in summaries(rest):
            told.append(summary)
            deferred.extend((alert, summary.key) for alert in page)
    return Flood(tuple(told), tuple(deferred))


def _parted(alerts: list[Alert], cap: int) -> tuple[list[Alert], list[Alert]]:
    ranked = sorted(range(len(alerts)), key=lambda n: (_RANK[alerts[n].priority], n))
    stay = set(ranked[: cap - 1])
    return (
        [alert for n, alert in enumerate(alerts) if n in stay],
        [alert for n, alert in enumerate(alerts) if n not in stay],
    )


def summaries(alerts: Sequence[Alert]) -> tuple[tuple[Alert, Sequence[Alert]], ...]:
    """List alerts of one channel in summaries of up to a hundred lines, each with its alerts."""
    pages = [alerts[n : n + PAGE] for n in range(0, len(alerts), PAGE)]
    return tuple(
        (_summary(page, number, len(pages), len(alerts)), page)
        for number, page in enumerate(pages, start=1)
    )


def _summary(page: Sequence[Alert], number: int, pages: int, total: int) -> Alert:
    first = page[0]
    names = {alert.source_name for alert in page}
    whose = f" from {first.source_name}" if len(names) == 1 and first.source_name else ""
    part = f", part {number} of {pages}" if pages > 1 else ""
    return Alert(
        key=digest("summary", first.channel, *[alert.key for alert in page]),
        channel=first.channel,
        kind="summary",
        headline=one_line(
            f"{total} more {'items' if total > 1 else 'item'}{whose}{part}", HEADLINE
        ),
        priority=min((alert.priority for alert in page), key=_RANK.__getitem__),
        source_name=first.source_name if len(names) == 1 else "",
        lines=tuple((alert.headline, alert.item.url if alert.item else "") for alert in page),
        created_at=first.created_at,
    )


# ----------------------------------------------------------------------------- a channel's manners


@dataclass(frozen=True, slots=True)
class Manners:
    """How much a channel wants to hear, and when.

    quiet: from and until when (local times in `timezone`) it wants to hear nothing; None: never.
    wakes: the priorities that are told nevertheless.
    hourly: at most so many first messages an hour; None for any number.
    """

    quiet: tuple[time, time] | None = None
    timezone: str = "UTC"
    wakes: frozenset[Priority] = frozenset({Priority.HIGH})
    hourly: int | None = None

    def due(self, alert: Alert, now: datetime) -> datetime:
        """Say when an alert may be told: now, or when the quiet hours end."""
        if self.quiet is None or alert.kind == "health" or alert.priority in self.wakes:
            return now
        start, end = self.quiet
        here = local(now, self.timezone)
        clock = here.time()
        inside = start <= clock < end if start <= end else clock >= start or clock < end
        if not inside:
            return now
        day = here.date() if clock < end else here.date() + timedelta(days=1)
        return datetime.combine(day, end, here.tzinfo).astimezone(now.tzinfo)

    def defers(self, alert: Alert, told_within_the_hour: int) -> bool:
        """Say whether an alert that opens a thread is one too many for this hour."""
        return (
            self.hourly is not None
            and alert.kind == "alert"
            and alert.priority is not Priority.HIGH
            and told_within_the_hour >= self.hourly
        )


NO_MANNERS = Manners()
