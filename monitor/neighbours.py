"""Watches whether sources fail together, and tells one outage instead of as many broken sources.

    a poll failed  →  held back: is it alone?  ─ no, many  →  one post, one when it is over
                                               ─ yes       →  told as broken, after a while

A failure is held back where it often passes by itself (no answer, 429, 5xx), and where the source
shares its host or platform with others. What is held back stands among the notices, so that a
restart forgets nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts import HealthState, Routing, health
from monitor.config import Source
from monitor.models import Alert, Collected
from monitor.outages import JUST_BEFORE, LEAST, Outage, Sight, began, begins, ends, is_over
from monitor.rounds import lane
from monitor.schedule import SOON, Cadence, first_due
from monitor.store import Notice, Store, Telling

PATIENCE = timedelta(minutes=15)
_UNHEARD, _FAILING, _OUTAGE = "unheard", "failing", "outage"
_NETWORK = f"{_OUTAGE} network"
_NO_PLATFORM = frozenset({"", "feed", "web"})


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Which sources can fail together.

    hosts: of each source's first request. groups: the host or platform that it shares with at least
    two others; a source that stands alone is in none.
    """

    sources: Mapping[str, Source]
    hosts: Mapping[str, str]
    groups: Mapping[str, str]


def neighbours(sources: Iterable[Source]) -> Neighbours:
    """Find out which sources share a host or a platform."""
    known = {source.id: source for source in sources if source.enabled}
    hosts = {name: lane(source) for name, source in known.items()}
    platforms = {name: source.connector.platform for name, source in known.items()}
    by_host, by_platform = Counter(hosts.values()), Counter(platforms.values())
    groups: dict[str, str] = {}
    for name in known:
        if by_host[hosts[name]] >= LEAST:
            groups[name] = hosts[name]
        elif by_platform[platforms[name]] >= LEAST and platforms[name] not in _NO_PLATFORM:
            groups[name] = platforms[name]
    return Neighbours(known, hosts, groups)


def hold_back(store: Store, collected: Collected, groups: Mapping[str, str]) -> bool:
    """Keep a failure for `tell_outages` to judge, where it may not be the source's own.

    False where it is, or where people know already that the source is broken; what often passes is
    its own when it fails again.
    """
    name = collected.source
    if store.notices.notice(name) is not None:
        return False
    if not collected.unheard and name not in groups:
        failed_before = store.notices.notice(f"{_FAILING} {name}") is not None
        if failed_before or not collected.passing:
            return False
    kind, other = (_UNHEARD, _FAILING) if collected.unheard else (_FAILING, _UNHEARD)
    before = store.notices.recovery(f"{other} {name}")
    since = before.since if before else None
    store.notices.trouble(f"{kind} {name}", collected.reason, collected.polled_at, since=since)
    return True


def release(store: Store, name: str) -> datetime | None:
    """Hold a failure back no longer: it passed, or is told. Return since when it was held back."""
    held = [store.notices.recovery(f"{kind} {name}") for kind in (_UNHEARD, _FAILING)]
    return min((one.since for one in held if one), default=None)


def is_excused(store: Store, name: str, groups: Mapping[str, str]) -> bool:
    """Say whether an outage that was told is to blame for a source's failures."""
    if store.notices.notice(f"{_UNHEARD} {name}") and store.notices.notice(_NETWORK):
        return True
    return name in groups and store.notices.notice(f"{_OUTAGE} {groups[name]}") is not None


@dataclass(frozen=True, slots=True)
class PresentOutage:
    """An outage that was told and is not over; `where` is "" for this machine's own network."""

    where: str
    since: datetime
    reason: str


def present_outages(store: Store) -> tuple[PresentOutage, ...]:
    """Name the outages that last."""
    told = (one for one in store.notices.present() if one.subject.startswith(f"{_OUTAGE} "))
    return tuple(
        PresentOutage(
            "" if one.subject == _NETWORK else one.subject.partition(" ")[2], one.since, one.reason
        )
        for one in told
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """A failure that was held back."""

    source: str
    unheard: bool
    since: datetime
    reason: str


def tell_outages(
    store: Store,
    near: Neighbours,
    routing: Routing,
    now: datetime,
    patience: timedelta = PATIENCE,
) -> tuple[Alert, ...]:
    """Judge what was held back; make the posts that are due, in the transaction that queues them.

    patience: how long a source that fails alone is waited for, before it is told as broken; others
        that are polled meanwhile show whether it is alone.
    """
    notices = store.notices.present()
    held = _held(store, notices, near)
    outages = {one.subject: one for one in notices if one.subject.startswith(f"{_OUTAGE} ")}
    if not held and not outages:
        return ()
    judge = _Judge(store, near, routing, now, held)
    return tuple(judge.posts(outages, patience))


def _held(store: Store, notices: Iterable[Notice], near: Neighbours) -> dict[str, _Held]:
    """Read what was held back; a source that is not watched any more is forgotten."""
    held: dict[str, _Held] = {}
    for one in notices:
        kind, _, name = one.subject.partition(" ")
        if kind not in (_UNHEARD, _FAILING):
            continue
        if name in near.sources:
            held[name] = _Held(name, kind == _UNHEARD, one.since, one.reason)
        else:
            store.notices.recovery(one.subject)
    return held


class _Judge:
    """One look at all failures that were held back."""

    def __init__(
        self,
        store: Store,
        near: Neighbours,
        routing: Routing,
        now: datetime,
        held: dict[str, _Held],
    ) -> None:
        self._store = store
        self._near = near
        self._routing = routing
        self._now = now
        self._held = held

    def posts(self, outages: Mapping[str, Notice], patience: timedelta) -> Iterator[Alert]:
        """Judge the network first, then each host and platform, then each source."""
        begun = [one.since for one in self._held.values()]
        earliest = min([*begun, *(one.since for one in outages.values())])
        polls = self._store.sources.polled_since(earliest - JUST_BEFORE)
        answered = {one.source: one.at for one in polls if not one.failed}
        polled = {one.source: one.at for one in polls}
        heard = answered | {
            one.source: polled.get(one.source, one.since)
            for one in self._held.values()
            if not one.unheard
        }
        hosts = self._near.hosts
        down = [one for one in self._held.values() if one.unheard]
        sights = [Sight(hosts[one.source], one.since, fails=True) for one in down]
        sights += [Sight(hosts[n], at, fails=False) for n, at in heard.items() if n in hosts]
        yield from self._judged(_NETWORK, "", outages.get(_NETWORK), sights, down, polled)
        groups = {self._near.groups[name] for name in self._held if name in self._near.groups}
        groups |= {subject.partition(" ")[2] for subject in outages if subject != _NETWORK}
        for group in sorted(groups):
            down = [o for o in self._held.values() if self._near.groups.get(o.source) == group]
            sights = [Sight(one.source, one.since, fails=True) for one in down]
            members = [n for n in answered if self._near.groups.get(n) == group]
            sights += [Sight(name, answered[name], fails=False) for name in members]
            subject = f"{_OUTAGE} {group}"
            yield from self._judged(subject, group, outages.get(subject), sights, down, polled)
        yield from self._alone(patience)

    def _judged(
        self,
        subject: str,
        where: str,
        told: Notice | None,
        sights: list[Sight],
        down: list[_Held],
        polled: Mapping[str, datetime],
    ) -> Iterator[Alert]:
        """Judge one outage; what it explains is taken from what is held."""
        if told is not None and is_over(sights, told.since):
            self._store.notices.recovery(subject)
            failed = self._store.sources.failed_since(told.since)
            yield ends(self._routing, self._outage(where, told.since, failed), self._now)
            self._forgive(down)
            return
        since = told.since if told else began(sights)
        if since is None:
            return
        reason = Counter(one.reason for one in down).most_common(1)[0][0] if down else ""
        telling = self._store.notices.trouble(subject, reason, self._now, since=since)
        if telling is not Telling.NOTHING:
            outage = self._outage(where, since, {one.source for one in down}, reason)
            lasts = telling is Telling.REMINDER
            yield begins(self._routing, outage, self._now, lasts=lasts)
        self._ask_again(sights, down, polled)
        for one in down:
            del self._held[one.source]

    def _outage(
        self, where: str, since: datetime, failed: Iterable[str], reason: str = ""
    ) -> Outage:
        groups = self._near.groups
        there = {
            name: source.name
            for name, source in self._near.sources.items()
            if not where or groups.get(name) == where
        }
        names = tuple(sorted(there.values()))
        return Outage(where, since, names, len(there.keys() & set(failed)), reason)

    def _forgive(self, down: Iterable[_Held]) -> None:
        """Poll soon what an outage kept from being polled, as if it had never failed."""
        for one in down:
            release(self._store, one.source)
            source = self._near.sources[one.source]
            cadence = Cadence(source.every or timedelta(hours=1), source.cron, source.timezone)
            self._store.sources.forgive(one.source, first_due(one.source, cadence, self._now))
            del self._held[one.source]

    def _ask_again(
        self, sights: Iterable[Sight], down: Iterable[_Held], polled: Mapping[str, datetime]
    ) -> None:
        """Poll all at once where the newest poll was answered: the outage may be over."""
        failed = {one.source: polled.get(one.source, one.since) for one in down}
        answers = [one.at for one in sights if not one.fails]
        if not failed or not answers or max(answers) <= max(failed.values()):
            return
        for name, at in failed.items():
            if self._now - at >= SOON:
                self._store.sources.reschedule(name, self._now)

    def _alone(self, patience: timedelta) -> Iterator[Alert]:
        """Tell each source that fails by itself, and has been waited for."""
        for one in self._held.values():
            if self._now - one.since < patience:
                continue
            release(self._store, one.source)
            source = self._near.sources[one.source]
            self._store.notices.trouble(one.source, one.reason, self._now, since=one.since)
            yield health(
                self._routing,
                one.source,
                HealthState.BROKEN,
                one.reason,
                since=one.since,
                name=source.name,
                now=self._now,
            )
