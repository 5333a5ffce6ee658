"""The order of things: read this file first.

    collect   fetch → parse → normalise → drop what is known → match        touches no database
              agendas of meetings ahead: read again → what was added → match
    record    archive, then ONE transaction: merge → compose → enqueue → next poll
    deliver   reserve → send → confirm                                      in deliver.py

`collect` takes and returns plain picklable values, so it runs in a thread or a process here, or on
the worker of a distributed engine. `record` is the heart: an item is never known without its
alerts being queued.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from monitor.alerts import HealthState, Routing, compose, health
from monitor.attachments import Memory, Reader
from monitor.config import Source
from monitor.config.fields import written_length
from monitor.documents import Ocr
from monitor.errors import SourceError
from monitor.fetch import Archive
from monitor.floods import Flood, Manners, defer
from monitor.look import Look
from monitor.matching import FilterSet
from monitor.models import (
    Alert,
    Change,
    ChangeKind,
    Collected,
    Fetcher,
    Item,
    ItemType,
    Match,
    Outcome,
    Poll,
)
from monitor.neighbours import hold_back, is_excused, release
from monitor.participation import shared
from monitor.personal import for_followers
from monitor.queueing import enqueue, not_muted
from monitor.schedule import Cadence, interval, next_due
from monitor.store import Arrival, Merged, Store, Telling
from monitor.visit import Task, Visit
from monitor.wording import spoken

MOST_DOCUMENTS = 25
# A list that rolls over at every poll is told of once a day.
GAPS_TOLD = timedelta(days=1)
LEAST_EVERY = timedelta(minutes=5)


# ------------------------------------------------------------------------------------- collect


def collect(task: Task, fetcher: Fetcher, filters: FilterSet, ocr: Ocr | None = None) -> Collected:
    """Visit one source and match what is new; never raises for a fault of the publisher.

    ocr: reads pages that are pictures; without it they stay unread, with a warning.

    A failed poll keeps the entries that it did read, but neither marks nor validators: the next
    poll asks for everything again.
    """
    visit = Visit(task, fetcher)
    try:
        visit.walk()
    except SourceError as fault:
        visit.fail(fault)
    topics = None if task.source.topics is None else frozenset(task.source.topics)
    most = MOST_DOCUMENTS if _reads_documents(task) else 0
    reader = Reader(fetcher, task.pace, most=most, ocr=ocr, memory=Memory(task.readings))
    look = Look(task, reader, filters, topics)
    fresh = [look.at(item, number) for item, number in visit.fresh()]
    if not visit.failed:
        fresh += look.again(visit, {one.item.key for one in fresh})
    told = shared([one.item for one in fresh])
    found = (replace(one, item=item) for one, item in zip(fresh, told, strict=True))
    return visit.summed_up(tuple(found), reader)


def _reads_documents(task: Task) -> bool:
    """Say whether attachments are read; a first poll that alerts nothing leaves them alone."""
    return task.source.documents and (not task.poll.first or task.poll.since is not None)


# -------------------------------------------------------------------------------------- record


@dataclass(frozen=True, slots=True)
class Rules:
    """How news becomes alerts.

    cap: most alerts of one poll in one channel; more become a summary.
    backfill: what a first poll finds is alerted where it is newer than this; None: nothing of it.
    preview: what a first poll keeps silent is shown (`Recorded.seeded`) where it is newer.
    queued: alerts go to the outbox; false where nobody but the console hears them.
    directly: people can be told what they follow; only Slack's app can do that.
    manners: how much a channel wants to hear, and when, by its name.
    instead: which channel stands in for one that nobody can post to.
    groups: the host or platform that a source shares with others, by its id: failures that may not
        be its own are held back for `neighbours.tell_outages`. None: all are told at once.
    """

    routing: Routing
    cap: int = 10
    backfill: datetime | None = None
    preview: datetime | None = None
    queued: bool = True
    directly: bool = True
    manners: Mapping[str, Manners] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] | None = None

    def reachable(self, channels: Iterable[str]) -> tuple[str, ...]:
        """Name the channels that stand for these, each once."""
        return tuple(dict.fromkeys(self.instead.get(channel, channel) for channel in channels))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one poll changed: counts, the alerts it made, and what a first poll kept silent."""

    source: Source
    collected: Collected
    new: int = 0
    updated: int = 0
    alerts: tuple[Alert, ...] = ()
    seeded: tuple[Alert, ...] = ()
    entries: int = 0

    def in_short(self) -> Recorded:
        """Forget answers and items: a round through thousands of sources keeps all the rest."""
        short = replace(self.collected, fresh=(), seen=(), responses=(), validators=(), readings=())
        return replace(self, collected=short)


def cadence(source: Source) -> Cadence:
    """Say how often a source is polled."""
    return Cadence(source.every or timedelta(hours=1), source.cron, source.timezone)


def prepare(
    store: Store, source: Source, now: datetime, pace: float, since: datetime | None = None
) -> Task:
    """Gather what a visit to a source needs to know; `since` is a backfill's wish."""
    state = store.sources.state(source.id)
    return Task(
        source=source,
        poll=Poll(
            now=now,
            timezone=source.timezone,
            cursor=state.cursor,
            first=state.first,
            since=since,
        ),
        known=store.items.known_fingerprints(source.id),
        validators=dict(state.validators),
        pace=pace,
        due=store.documents.due(source.id, now) if source.documents else (),
        readings=store.documents.readings(source.id, now) if source.documents else (),
        unread=now - state.last_success if state.last_success else None,
    )


def record(
    store: Store, archive: Archive | None, source: Source, collected: Collected, rules: Rules
) -> Recorded:
    """Make one poll's news permanent, with its alerts, in one transaction.

    archive: where the answers that held news are kept; None keeps none. It is written first: an
    answer without its items is harmless, an item without its answer is not.
    """
    kept = _archived(archive, collected)
    arrivals = [
        Arrival(one.item, one.matches, kept.get(one.answer, ""), one.clues, one.late)
        for one in collected.fresh
    ]
    now = collected.polled_at
    with store.transaction():
        first, failures = store.sources.standing(source.id)
        merged = store.items.merge_all(arrivals, now)
        merged += _gone(store, source, collected)
        news = [change for change in merged if not change.held]
        flood, seeded = _told(store, news, source, first, rules, now)
        alerts = flood.told + _health(store, source, collected, rules)
        if rules.queued:
            enqueue(store, Flood(alerts, flood.deferred), rules.manners, now)
        if source.documents:
            looked_at = [one.item for one in collected.fresh if not (one.late and one.late.alone)]
            store.documents.follow(looked_at, now, owed=not first or rules.backfill is not None)
            store.documents.keep(source.id, collected.readings)
        new = sum(change.change.kind is ChangeKind.NEW for change in merged)
        excused = bool(failures) and is_excused(store, source.id, rules.groups or {})
        due = _next_due(source, collected, 1 if excused else failures + 1, again=not failures)
        store.sources.finish_poll(collected, due, new, len(merged) - new)
    entries = len(collected.seen)
    return Recorded(source, collected, new, len(merged) - new, alerts, seeded, entries)


def _gone(store: Store, source: Source, collected: Collected) -> tuple[Merged, ...]:
    """Count what a complete list no longer holds; three absences make it gone.

    A record that was refused may be the very one that is missed from a calendar.
    """
    connector, now = source.connector, collected.polled_at
    if not collected.complete:
        return ()
    if connector.lists_all:
        return store.items.missing(source.id, collected.seen, now)
    if connector.lists_upcoming and not collected.refusals:
        return store.items.off_calendar(
            source.id, collected.seen, now, collected.reaches, anew=collected.reconfigured
        )
    return ()


def _next_due(source: Source, collected: Collected, failures: int, *, again: bool) -> datetime:
    return next_due(
        source.id,
        cadence(source),
        collected.polled_at,
        outcome=collected.outcome,
        failures=failures,
        retry_after=collected.retry_after,
        again=again and collected.passing,
        gap=collected.gap,
    )


def _archived(archive: Archive | None, collected: Collected) -> dict[int, str]:
    if archive is None:
        return {}
    return {
        number: archive.write(collected.responses[number])
        for number in sorted({one.answer for one in collected.fresh})
    }


def _told(
    store: Store, news: list[Merged], source: Source, first: bool, rules: Rules, now: datetime
) -> tuple[Flood, tuple[Alert, ...]]:
    """Compose what is told, and what a first poll keeps silent but may be shown."""
    wanted = [one for one in news if not first or _newer(one.change.item, rules.backfill)]
    composed = _Teller(store, source, rules, now).alerts(wanted)
    store.matters.note_told({alert.matter for alert in composed}, now)
    flood = defer(not_muted(store, composed, now) if rules.queued else composed, rules.cap)
    if not first:
        return flood, ()
    shown = [one for one in news if one not in wanted and _newer(one.change.item, rules.preview)]
    return flood, _Teller(store, source, rules, now).alerts(shown)


class _Teller:
    """Composes the alerts of one poll, and remembers whom it told of which matter."""

    def __init__(self, store: Store, source: Source, rules: Rules, now: datetime) -> None:
        self._store = store
        self._source = source
        self._rules = rules
        self._now = now
        self._heard: dict[int, dict[str, None]] = {}

    @cached_property
    def _following(self) -> frozenset[tuple[int, str]]:
        return self._store.acts.following()

    def alerts(self, news: list[Merged]) -> tuple[Alert, ...]:
        return tuple(alert for merged in news for alert in self._of(merged))

    def _of(self, merged: Merged) -> tuple[Alert, ...]:
        change = merged.change
        alerts = compose(
            change,
            _routed(merged.matches, self._rules),
            self._rules.routing,
            self._source.name,
            now=self._now,
            heard=self._heard_of(merged),
        )
        alerts = self._without_twins(change, alerts)
        if alerts:
            own = self._heard.setdefault(change.matter, {})
            own.update(dict.fromkeys(alert.channel for alert in alerts))
        directly = self._rules.queued and self._rules.directly
        return alerts + (for_followers(alerts, self._following) if directly else ())

    def _without_twins(self, change: Change, alerts: tuple[Alert, ...]) -> tuple[Alert, ...]:
        """Tell a paper that was filed in consolidated cases once in each channel."""
        twins = [one.matter for one in change.related if one.one_paper]
        knowing = {channel for matter in twins for channel in self._heard.get(matter, {})}
        if twins and self._rules.queued:
            knowing.update(*map(self._store.threads.channels, twins))
        return tuple(alert for alert in alerts if alert.channel not in knowing)

    def _heard_of(self, merged: Merged) -> tuple[str, ...] | None:
        """Name the channels that know a matter; None where nobody was told of it.

        A story that was found before, and kept silent, is treated as one that was told: an
        editor's hand in it is no news.
        """
        change = merged.change
        own = tuple(self._heard.get(change.matter, {}))
        before = change.before
        if before is None or not before.told:
            is_edited = merged.matched_before and change.item.type is ItemType.NEWS
            return own if own or is_edited else None
        if not self._rules.queued:
            return (self._rules.routing.default,)
        return self._rules.reachable((*own, *self._store.threads.channels(change.matter)))


def _routed(matches: tuple[Match, ...], rules: Rules) -> tuple[Match, ...]:
    """Where nobody but the console hears, the filters' own channels do not multiply an alert."""
    return tuple(
        replace(match, channels=rules.reachable(match.channels) if rules.queued else ())
        for match in matches
    )


def _newer(item: Item, than: datetime | None) -> bool:
    """Say whether an item of a first poll is newer; where it bears no date, it is."""
    if than is None:
        return False
    dates = [hearing.starts for hearing in item.hearings if hearing.starts]
    if item.published:
        dates.append(item.published)
    return not dates or max(dates) >= than


def _health(store: Store, source: Source, collected: Collected, rules: Rules) -> tuple[Alert, ...]:
    """Tell once that a source broke, remind daily, tell once that it recovered; tell of gaps."""
    now = collected.polled_at

    def post(
        state: HealthState, reason: str, since: datetime | None, advice: str = ""
    ) -> tuple[Alert, ...]:
        told = health(
            rules.routing,
            source.id,
            state,
            reason,
            since=since,
            name=source.name,
            now=now,
            advice=advice,
        )
        return (told,)

    if collected.outcome is Outcome.FAILED:
        if rules.groups is not None and hold_back(store, collected, rules.groups):
            return ()
        since = release(store, source.id)
        telling = store.notices.trouble(source.id, collected.reason, now, since=since)
        if telling is Telling.NOTHING:
            return ()
        broken = telling is Telling.FIRST
        notice = store.notices.notice(source.id)
        state = HealthState.BROKEN if broken else HealthState.REMINDER
        return post(state, collected.reason, notice.since if notice else now)
    posts: tuple[Alert, ...] = ()
    release(store, source.id)
    if over := store.notices.recovery(source.id):
        posts += post(HealthState.RECOVERED, over.reason, over.since)
    if _is_new_gap(store, source, collected):
        last = store.sources.state(source.id).last_success
        posts += post(HealthState.GAP, "", now, _advice(source, last, now))
    return posts


def _is_new_gap(store: Store, source: Source, collected: Collected) -> bool:
    """Say whether a gap is to be told: once, and again only after a day, however often it comes."""
    subject, now = f"gap {source.id}", collected.polled_at
    if collected.gap:
        return store.notices.trouble(subject, "rolled over", now) is not Telling.NOTHING
    told = store.notices.notice(subject)
    if told is not None and now - told.told_at >= GAPS_TOLD:
        store.notices.recovery(subject)
    return False


def _advice(source: Source, last: datetime | None, now: datetime) -> str:
    """Say what to do where a list rolled over between two polls."""
    usual = interval(cadence(source), now)
    if last is not None and now - last > 2 * usual:
        return f"It had not been read since {spoken(last)}."
    oftener = max(usual / 4 // LEAST_EVERY * LEAST_EVERY, LEAST_EVERY)
    if source.cron or oftener >= usual:
        return "Poll it more often, as far as its publisher allows."
    return f"Poll it more often, in sources.yaml: `every: {written_length(oftener)}`"
