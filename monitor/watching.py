"""Watches whether sources fall silent, Slack is heard, pages are served; tells of each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts import HealthState, Routing, health, post
from monitor.config import Source
from monitor.models import Alert
from monitor.silence import Arrivals, counted, falls_short, pauses
from monitor.store import Store, Telling
from monitor.text import digest
from monitor.wording import spoken

LOOKED_BACK = timedelta(days=400)
REMIND_AFTER = timedelta(weeks=1)
DEAF_AFTER = timedelta(minutes=5)
_HEARING = "socket slack"
_PAGES = "web pages"


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


def tell_hearing(
    store: Store, routing: Routing, deaf_since: datetime | None, now: datetime
) -> tuple[Alert, ...]:
    """Make the health post that is due about Socket Mode; in one transaction with its queueing.

    deaf_since: when its connection was lost; None while it stands. A drop that mends itself within
    minutes is told nobody.
    """
    if deaf_since is None:
        over = store.notices.recovery(_HEARING)
        said = "Buttons and commands in Slack are heard again"
        return (_hearing(routing, said, over.since, now),) if over else ()
    if now - deaf_since < DEAF_AFTER:
        return ()
    telling = store.notices.trouble(_HEARING, "no connection", now)
    if telling is Telling.NOTHING:
        return ()
    still = "still " if telling is Telling.REMINDER else ""
    said = f"Buttons and commands in Slack are {still}not heard"
    return (_hearing(routing, said, deaf_since, now),)


def _hearing(routing: Routing, headline: str, since: datetime, now: datetime) -> Alert:
    channel = routing.health or routing.default
    lines = (
        f"Since: {spoken(since)}",
        "Alerts go out as usual. `monitor doctor` tries Socket Mode and says what to do.",
    )
    key = digest("hearing", channel, headline, since.isoformat(), f"{now:%Y-%m-%d}")
    return post(channel, key, headline, lines, now)


def tell_pages(store: Store, routing: Routing, fault: str, now: datetime) -> tuple[Alert, ...]:
    """Make the health post that is due about the web pages; in one transaction with its queueing.

    fault: why they are not served; "" while they are.
    """
    if not fault:
        over = store.notices.recovery(_PAGES)
        said = "The web pages are served again"
        return (_pages(routing, said, over.reason, over.since, now),) if over else ()
    telling = store.notices.trouble(_PAGES, fault, now)
    if telling is Telling.NOTHING:
        return ()
    told = store.notices.notice(_PAGES)
    still = "still " if telling is Telling.REMINDER else ""
    said = f"The web pages are {still}not served"
    return (_pages(routing, said, fault, told.since if told else now, now),)


def _pages(routing: Routing, headline: str, fault: str, since: datetime, now: datetime) -> Alert:
    channel = routing.health or routing.default
    lines = (f"Reason: {fault}", f"Since: {spoken(since)}", "Alerts go out as usual.")
    key = digest("pages", channel, headline, since.isoformat(), f"{now:%Y-%m-%d}")
    return post(channel, key, headline, lines, now)
