"""Where a matter stands in a digest: one section only, the first that fits."""

from __future__ import annotations

from datetime import datetime

from monitor.digest.values import MatterNews
from monitor.models import Direction, Hearing, ItemType, Priority, Section, Stage
from monitor.wording import is_ahead

COURT = frozenset({ItemType.DOCKET_CAPTION, ItemType.DOCKET_ENTRY, ItemType.OPINION})
# Dates that people can go to, or must write by; one on which a rule takes effect is none.
_TO_ACT_BY = frozenset({"hearing", "meeting", "comment_deadline"})
_CARRIED = frozenset({Stage.PASSED, Stage.SIGNED, Stage.ENACTED, Stage.FINAL})
_STOPPED = frozenset(
    {Stage.FAILED, Stage.WITHDRAWN, Stage.VETOED, Stage.REPEALED, Stage.TERMINATED}
)
_RULINGS = frozenset(
    {
        Stage.TRO_GRANTED,
        Stage.TRO_DENIED,
        Stage.INJUNCTION_GRANTED,
        Stage.INJUNCTION_DENIED,
        Stage.INJUNCTION_STAYED,
        Stage.INJUNCTION_VACATED,
        Stage.JUDGMENT,
        Stage.MANDATE,
        Stage.REMANDED,
        Stage.CLOSED,
    }
)


def section(news: MatterNews, hearings: tuple[Hearing, ...], now: datetime) -> Section:
    """Choose a matter's section; `hearings` are its dates ahead, those called off included.

    Whether a case is won is for lawyers to say: a ruling stands under SUITS, whatever it says.
    """
    if is_weak(news):
        return Section.WATCHING
    if any(to_act_by(one, now) for one in hearings):
        return Section.ACT
    if news.type is ItemType.AGREEMENT:
        return Section.AGREEMENTS
    if news.type in COURT:
        tells = news.fresh or rulings(news)
        return Section.SUITS if tells else Section.MOVING
    turned = _outcome(news.direction, news.stage) if stage_reached(news) else None
    return turned or (Section.NEW if news.fresh else Section.MOVING)


def is_weak(news: MatterNews) -> bool:
    """Say whether only filters of low priority hold, and nobody watches the matter."""
    if news.watched or not news.matches:
        return False
    return all(match.priority is Priority.LOW for match in news.matches)


def to_act_by(hearing: Hearing, now: datetime) -> bool:
    """Say whether a date is ahead, stands, and is one to be there or to write by."""
    standing = hearing.starts is not None and not hearing.cancelled
    return standing and hearing.kind in _TO_ACT_BY and is_ahead(hearing, now)


def rulings(news: MatterNews) -> frozenset[Stage]:
    """Name the rulings that the papers of the period bring, and that of the case's new stage."""
    said = {one.item.stage for one in news.arrived if one.item.type in COURT}
    reached = {news.stage} if stage_reached(news) else set()
    return frozenset(stage for stage in said | reached if stage in _RULINGS)


def stage_reached(news: MatterNews) -> bool:
    """Say whether the matter came to its present stage in the period."""
    if news.stage is None or news.stage_since is None:
        return False
    return news.stage_since in news.moments


def _outcome(direction: Direction, stage: Stage | None) -> Section | None:
    """Say who won by what became of a measure; None where that is open."""
    if direction is Direction.UNCLEAR or stage not in _CARRIED | _STOPPED:
        return None
    limits = direction is Direction.LIMITS
    return Section.WON if limits is (stage in _CARRIED) else Section.LOST
