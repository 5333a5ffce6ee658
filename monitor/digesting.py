"""Makes digests: when one is due it is composed, kept and queued for everybody, all at once.

    due       its time has come, and its period has none yet
    publish   compose, then ONE transaction: keep → copies for subscribers → short version for Slack
    draft     the same digest, and nothing is kept

What was recorded since the last digest is in the next one, however long the machine was down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.config import Source
from monitor.digest import Edition, Watched, checked, compose, first_day, midnight, period_of, short
from monitor.floods import NO_MANNERS, Manners
from monitor.jurisdictions import Feed, court
from monitor.models import Alert, Checked, Digest, Frequency, Period
from monitor.pipeline import cadence
from monitor.schedule import interval
from monitor.store import DigestRow, Store
from monitor.watching import silences

WEEKS = 12
_FAR = {True: timedelta(days=2), False: timedelta(weeks=2)}


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What a digest needs to know beyond the database.

    sources: of the configuration. manners: of the channels that get short versions.
    queued: alerts leave this machine; else the caller shows the short version.
    """

    sources: tuple[Source, ...] = ()
    manners: Mapping[str, Manners] = field(default_factory=dict)
    queued: bool = True

    @property
    def names(self) -> Mapping[str, str]:
        """Say what people call each source, by its id."""
        return {source.id: source.name for source in self.sources}


@dataclass(frozen=True, slots=True)
class Published:
    """A digest that stands, whoever composed it.

    fresh: it was composed just now. copies: for subscribers who had none yet.
    post: the short version, where it was made just now.
    """

    digest: Digest
    fresh: bool
    copies: int = 0
    post: Alert | None = None


def due(store: Store, edition: Edition, now: datetime) -> Period | None:
    """Return the period whose digest is to be composed now; None where none is.

    Of several that were missed only the last one is made, and holds what the others would have. A
    monitor that began after the digest was to come has nothing to tell.
    """
    period = edition.last_period(now)
    if _is_settled(store, edition, period, now):
        return None
    return period if store.digests.began_before(edition.last_time(now)) else None


def superseded(store: Store, edition: Edition, period: Period, now: datetime) -> DigestRow | None:
    """Return the last digest where that tells of a later period; None where it does not.

    One from far ahead was composed under a wrong clock, and stands in nobody's way.
    """
    last = store.digests.latest(edition.name)
    if last is None or last.starts <= period.starts:
        return None
    return last if last.composed_at - now < _FAR[edition.daily] else None


def draft(store: Store, edition: Edition, period: Period, room: Newsroom, now: datetime) -> Digest:
    """Compose the digest that would be made now; nothing is kept."""
    span = store.digests.span(edition.name, period)
    weeks = _weeks(period)
    counted = replace(
        store.digests.statistics(span, weeks, now),
        weeks=tuple(first_day(period_of(week, edition.timezone)).isoformat() for week in weeks),
    )
    return compose(
        edition,
        period,
        store.digests.matters_since(span, now),
        counted,
        _covered(store, edition, period, room, now),
        span=span,
        names=room.names,
        now=now,
    )


def publish(
    store: Store, edition: Edition, period: Period, room: Newsroom, now: datetime
) -> Published:
    """Compose a period's digest once, keep it, and queue it; a second time returns the first.

    Raises ValueError where a later period has its digest already: what was recorded is in that.
    Who subscribed since the first time gets a copy, too. Composing may take seconds, and keeps
    nobody else from writing: what is recorded meanwhile has higher numbers, and is left for the
    next digest.
    """
    settled = _is_settled(store, edition, period, now)
    drafted = None if settled else draft(store, edition, period, room, now)
    with store.transaction(durable=True):
        kept = store.digests.of(edition.name, period.id)
        if kept is not None:
            return Published(kept, fresh=False, copies=_mailed(store, edition, kept, now))
        if last := superseded(store, edition, period, now):
            raise ValueError(
                f"the digest '{edition.name}' of {last.period} was composed already, and holds "
                f"what {period.id} would have"
            )
        if drafted is None or not _goes_on(store, edition, drafted):
            drafted = draft(store, edition, period, room, now)
        return _kept(store, edition, drafted, room, now)


def _kept(
    store: Store, edition: Edition, digest: Digest, room: Newsroom, now: datetime
) -> Published:
    """Keep a digest, and queue all that goes out of it; inside one transaction."""
    store.digests.save(digest)
    copies = _mailed(store, edition, digest, now)
    post = short(digest, edition.channel) if edition.channel else None
    if post and room.queued:
        at = room.manners.get(post.channel, NO_MANNERS).due(post, now)
        store.outbox.enqueue((post,), now, due=at)
    return Published(digest, fresh=True, copies=copies, post=post)


def _is_settled(store: Store, edition: Edition, period: Period, now: datetime) -> bool:
    """Say whether there is nothing to compose: it was, or a later one was."""
    return store.digests.has(edition.name, period.id) or bool(
        superseded(store, edition, period, now)
    )


def _goes_on(store: Store, edition: Edition, digest: Digest) -> bool:
    """Say whether a draft still begins where the last digest ended; another may be kept since."""
    span = store.digests.span(edition.name, digest.period)
    return (span.since_item, span.since_revision) == (digest.since_item, digest.since_revision)


def _mailed(store: Store, edition: Edition, digest: Digest, now: datetime) -> int:
    frequency = Frequency.DAILY if edition.daily else Frequency.WEEKLY
    return store.mailings.queue(digest.name, digest.period.id, frequency, now)


def watched(sources: Iterable[Source], now: datetime) -> tuple[Watched, ...]:
    """Say which sources are switched on, how often they are read, and what they leave out."""
    return tuple(
        Watched(
            source.id,
            source.name,
            every=interval(cadence(source), now),
            partial=_partial_court(source),
        )
        for source in sources
        if source.enabled
    )


def _partial_court(source: Source) -> str:
    """Name the court whose free feed, which this source reads, leaves filings out."""
    if source.kind != "pacer_rss":
        return ""
    found = court(getattr(source.connector, "court", ""))
    return found.short if found and found.feed is Feed.PARTIAL else ""


def _weeks(period: Period) -> tuple[datetime, ...]:
    """Say when the last twelve weeks begin, up to that of the period, on its zone's calendar."""
    last = first_day(period_of(period.starts, period.timezone))
    return tuple(
        midnight(last - timedelta(weeks=back), period.timezone) for back in range(WEEKS - 1, -1, -1)
    )


def _covered(
    store: Store, edition: Edition, period: Period, room: Newsroom, now: datetime
) -> Checked:
    """Sum up what was checked since the last digest, or since the period began."""
    last = store.digests.latest(edition.name)
    since = min(last.composed_at if last else period.starts, now)
    silent = silences(store, room.sources, now)
    visits = {
        name: replace(visit, silent=silent.get(name, ""))
        for name, visit in store.digests.visits(since, now).items()
    }
    return checked(watched(room.sources, now), visits, now, edition.timezone)
