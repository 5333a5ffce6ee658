"""Watches whether sources fall silent; tells the health channel once, weekly, and at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts import HealthState, Routing, health
from monitor.config import Source
from monitor.models import Alert
from monitor.silence import Arrivals, counted, falls_short, pauses
from monitor.store import Store, Telling

LOOKED_BACK = timedelta(days=400)
REMIND_AFTER = timedelta(weeks=1)


def silences(store: Store, sources: Iterable[Source], now: datetime) -> Mapping[str, str]:
    """Say which of the sources are silent, by id, and why.

    A source that fails is broken, not silent; one that was never read has no habits.
    """
    news = store.sources.news(now - LOOKED_BACK)
    found: dict[str, str] = {}
    for source in sources:
        state = store.sources.state(source.id)
        if not source.enabled or state.failures or state.first_polled_at is None:
            continue
        zone = ZoneInfo(source.timezone)
        days = counted(moment.astimezone(zone).date() for moment in news.get(source.id, ()))
        since = state.first_polled_at.astimezone(zone).date()
        if why := _why(source, Arrivals(since, days), now.astimezone(zone)):
            found[source.id] = why
    return found


def _why(source: Source, arrivals: Arrivals, there: datetime) -> str:
    """Say why a source counts as silent: what its maintainers expect goes before its habits."""
    if source.expect is None:
        return pauses(arrivals, there.date())
    return falls_short(arrivals, source.expect.count, source.expect.period.length, there.date())


def tell_silences(
    store: Store, sources: Iterable[Source], routing: Routing, now: datetime
) -> tuple[Alert, ...]:
    """Make the health posts that are due; call it in one transaction with their queueing."""
    watched = tuple(sources)
    silent = silences(store, watched, now)
    posts: list[Alert] = []
    for source in watched:
        subject, why = f"silence {source.id}", silent.get(source.id, "")
        state: HealthState | None = None
        since = now
        if why:
            telling = store.notices.trouble(subject, why, now, REMIND_AFTER)
            state = None if telling is Telling.NOTHING else HealthState.SILENT
        elif over := store.notices.recovery(subject):
            state, since = HealthState.HEARD, over.since
        if state is not None:
            made = health(routing, source.id, state, why, since=since, name=source.name, now=now)
            posts.append(made)
    return tuple(posts)
