"""Composes a digest out of what the store tells of a period; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from monitor.digest.editions import Edition
from monitor.digest.sections import COURT, is_weak, section, to_act_by
from monitor.digest.sentences import sentence
from monitor.digest.turns import turns
from monitor.digest.values import Dated, MatterNews, Span, Statistics
from monitor.models import (
    Agreements,
    Checked,
    Contact,
    Digest,
    DigestMatter,
    Hearing,
    Match,
    Passage,
    Period,
    Priority,
    Section,
    Turn,
    TurnKind,
    Weekly,
)
from monitor.text import fold
from monitor.wording import is_ahead, next_hearing, numbered

MOST_WEAK = 50
_MOST_CONTACTS = 8
_RANK = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.LOW: 2}
_PLACE = {section: place for place, section in enumerate(Section)}
_ENDS = frozenset({TurnKind.STAGE, TurnKind.GONE, TurnKind.LISTED_AGAIN})
# As routes of the configuration name them.
WATCHED, LITIGATION = "watched", "litigation"
ACTIVITY = "How many matters moved each week?"
IN_FORCE = "How many 287(g) agreements are in force?"


def compose(
    edition: Edition,
    period: Period,
    news: Iterable[MatterNews],
    statistics: Statistics,
    checked: Checked,
    *,
    span: Span,
    names: Mapping[str, str],
    now: datetime,
) -> Digest:
    """Put a digest together: each matter once, in its section, and there in a reader's order.

    What needs action comes by date, agreements with those added and ended first, all else by
    priority, place and date.
    news: matters to which something was recorded in `span`; those of which nothing is worth a
    word are left out. names: what people call each source.
    """
    told = [_told(one, names, now) for one in news]
    placed = sorted((pair for pair in told if pair is not None), key=lambda pair: pair[0])
    matters = [matter for _, matter in placed]
    strong = [matter for matter in matters if matter.section is not Section.WATCHING]
    weak = [matter for matter in matters if matter.section is Section.WATCHING]
    return Digest(
        name=edition.name,
        title=edition.title,
        period=period,
        composed_at=now,
        matters=(*strong, *weak[:MOST_WEAK]),
        agreements=_agreements(statistics),
        activity=_weekly(ACTIVITY, statistics.weeks, statistics.active),
        checked=checked,
        coming=statistics.coming,
        since_item=span.since_item,
        until_item=span.until_item,
        since_revision=span.since_revision,
        until_revision=span.until_revision,
        unlisted=len(weak[MOST_WEAK:]),
    )


def _told(
    news: MatterNews, names: Mapping[str, str], now: datetime
) -> tuple[tuple[object, ...], DigestMatter] | None:
    """Tell of one matter, with the key of its place; None where nothing is worth a word."""
    happened = turns(news, names)
    if not happened:
        return None
    ahead = _ahead(news.dates, now)
    where = section(news, ahead, now)
    rank = _rank(news)
    acts = any(to_act_by(one, now) for one in ahead)
    matter = DigestMatter(
        matter=news.id,
        section=where,
        title=numbered(news.title or news.url or "(without a title)", news.identifiers),
        type=news.type,
        jurisdiction=news.jurisdiction,
        url=news.url,
        stage=news.stage,
        stage_said=news.stage_said,
        direction=news.direction,
        happened=tuple(sentence(turn, news.type) for turn in happened),
        turns=happened,
        passage=None if is_weak(news) else _passage(news.matches, news.title),
        hearings=ahead,
        contacts=_contacts(news.dates, now) if acts else (),
        topics=_topics(news),
        reasons=_reasons(news),
        sources=tuple(dict.fromkeys(names.get(source, source) for source in news.sources)),
        priority_rank=rank,
    )
    return (_PLACE[where], *_order(matter, _when(news, ahead))), matter


def _order(matter: DigestMatter, when: datetime) -> tuple[object, ...]:
    """Place a matter within its section."""
    rest = (matter.priority_rank, matter.jurisdiction, when, matter.matter)
    if matter.section is Section.ACT:
        return (when, *rest)
    if matter.section is Section.AGREEMENTS:
        return (_came_or_went(matter.turns), *rest)
    return rest


def _came_or_went(turns: Sequence[Turn]) -> int:
    """Place agreements that were added first, then those that ended; the rest only changed."""
    kinds = {turn.kind for turn in turns}
    if TurnKind.NEW in kinds:
        return 0
    return 1 if kinds & _ENDS else 2


def _when(news: MatterNews, ahead: Sequence[Hearing]) -> datetime:
    """Name the date by which matters of one place are put in order: the next one, or the last."""
    coming = [one.starts for one in ahead if one.starts and not one.cancelled]
    return min(coming) if coming else max(news.moments)


def _rank(news: MatterNews) -> int:
    ranks = [_RANK[match.priority] for match in news.matches]
    if news.watched or not ranks:
        ranks.append(_RANK[Priority.NORMAL])
    return min(ranks)


def _ahead(dates: Iterable[Dated], now: datetime) -> tuple[Hearing, ...]:
    """List the dates ahead, the next one first, each once and as the latest word has it."""
    latest: dict[tuple[object, ...], Dated] = {}
    for date in dates:
        key = _identity(date.hearing)
        if key not in latest or _outdoes(date, latest[key]):
            latest[key] = date
    standing = [date.hearing for date in latest.values() if is_ahead(date.hearing, now)]
    known = [one for one in standing if one.starts is not None]
    return tuple(sorted(known, key=lambda one: (one.starts or now, one.kind, one.place)))


def _identity(hearing: Hearing) -> tuple[object, ...]:
    """Tell dates apart: a hearing and a meeting at one time are one."""
    return "meeting" if hearing.kind == "hearing" else hearing.kind, hearing.starts


def _outdoes(date: Dated, other: Dated) -> bool:
    """Say whether a word on a date holds against another: the later one, or the fuller one."""
    if date.hearing.cancelled is not other.hearing.cancelled:
        return date.said_at > other.said_at
    mine, its = bool(date.hearing.place), bool(other.hearing.place)
    return (mine, date.said_at) > (its, other.said_at)


def _contacts(dates: Iterable[Dated], now: datetime) -> tuple[Contact, ...]:
    """List how to take part, by what the items with the next dates say; nothing that is over."""
    coming = [date for date in dates if to_act_by(date.hearing, now)]
    coming.sort(key=lambda date: date.hearing.starts or now)
    said = [contact for date in coming for contact in date.contacts]
    open_ = [one for one in said if one.due is None or one.due >= now]
    once = {(one.kind, fold(one.value), one.due): one for one in reversed(open_)}
    kept = list(reversed(once.values()))
    return tuple(sorted(kept, key=lambda one: one.due is None)[:_MOST_CONTACTS])


def _topics(news: MatterNews) -> tuple[str, ...]:
    found = [match.topic for match in news.matches]
    if news.watched:
        found += [WATCHED, *([LITIGATION] if news.type in COURT else [])]
    return tuple(dict.fromkeys(found))


def _reasons(news: MatterNews) -> tuple[str, ...]:
    """Name the filters that hold, the weightiest first; weak ones only where there is no other."""
    strong = [match for match in news.matches if match.priority is not Priority.LOW]
    by_weight = sorted(strong or news.matches, key=lambda match: _RANK[match.priority])
    titles = [match.title or match.topic for match in by_weight]
    watch = [f"On the watch list: {news.watched}"] if news.watched else []
    return tuple(dict.fromkeys(watch + titles))


def _passage(matches: Sequence[Match], title: str) -> Passage | None:
    """Choose the passage that says most: of the weightiest filter, with the most hits.

    What only repeats the title says nothing.
    """
    called = fold(title)
    found = [
        (_RANK[match.priority], -min(len(passage.hits), 3), place, number, passage)
        for place, match in enumerate(matches)
        for number, passage in enumerate(match.passages)
        if fold(passage.text) not in called
    ]
    return min(found, key=lambda one: one[:-1])[-1] if found else None


def _agreements(statistics: Statistics) -> Agreements:
    if not statistics.in_force:
        return Agreements(statistics.added, statistics.ended)
    weeks = statistics.weeks[-len(statistics.in_force) :]
    trend = _weekly(IN_FORCE, weeks, statistics.in_force)
    return Agreements(statistics.added, statistics.ended, statistics.in_force[-1], trend)


def _weekly(question: str, weeks: tuple[str, ...], values: tuple[int, ...]) -> Weekly | None:
    return Weekly(question, weeks, values) if values else None


def next_date(digest: Digest) -> tuple[DigestMatter, Hearing] | None:
    """Return the first date to act by, with its matter; None where none is ahead."""
    now = digest.composed_at
    dates = [
        (matter, hearing)
        for matter in digest.of(Section.ACT)
        if (hearing := next_hearing(tuple(h for h in matter.hearings if to_act_by(h, now)), now))
    ]
    return min(dates, key=lambda pair: (pair[1].starts or now, pair[0].matter), default=None)
