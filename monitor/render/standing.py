"""Says how a matter stands by now, in a few labelled values."""

from __future__ import annotations

from datetime import datetime

from monitor.models import Present, Stage
from monitor.render.shown import Fact
from monitor.text import clean_text, mask_private, one_line
from monitor.wording import DIRECTIONS, HEARINGS, hearing_time, next_hearing, spoken

_NAMED = 4
_NAME = 40
_PLACE = 60


def people(present: Present) -> tuple[Fact, ...]:
    """Say what people think of a matter, and whether the channel hears more of it."""
    said = (
        f"{present.relevant} relevant" if present.relevant else "",
        f"{present.not_relevant} not relevant" if present.not_relevant else "",
    )
    facts = (
        Fact("Judged", ", ".join(filter(None, said))),
        Fact("Muted", "no more alerts of this matter here" if present.muted else ""),
    )
    return tuple(fact for fact in facts if fact.value)


def standing(present: Present, now: datetime) -> tuple[Fact, ...]:
    """Say stage, next date, and who reported the matter; at most three values of one line.

    A matter of which only one source has said one thing has nothing to add to its first message.
    """
    facts = (
        Fact("Now", _stage(present, now)),
        Fact("Next", _next(present, now)),
        Fact("Seen", _seen(present, now)),
    )
    return tuple(fact for fact in facts if fact.value)


def _stage(present: Present, now: datetime) -> str:
    said = present.stage.value.capitalize() if present.stage else ""
    is_over = present.stage is Stage.TERMINATED
    direction = "" if is_over else DIRECTIONS.get(present.direction, "")
    since = spoken(present.stage_since, all_day=True, now=now) if present.stage_since else ""
    stage = f"{said} (seen {since})" if said and since else said
    return " · ".join(part for part in (stage, direction) if part)


def _next(present: Present, now: datetime) -> str:
    chosen = next_hearing(present.hearings, now)
    if chosen is None:
        return ""
    name = HEARINGS.get(chosen.kind, "Date")
    # No countdown: it will be read for days.
    said = f"{name} {hearing_time(chosen, now)}" + (", cancelled" if chosen.cancelled else "")
    place = one_line(mask_private(clean_text(chosen.place)), _PLACE)
    return f"{said} · {place}" if place else said


def _seen(present: Present, now: datetime) -> str:
    named = [one_line(clean_text(name), _NAME) for name in present.sources[:_NAMED]]
    more = len(present.sources) - len(named)
    who = ", ".join(named) + (f" and {more} more" if more > 0 else "")
    changes = present.changes
    if not changes or present.changed_at is None:
        return who
    count = "1 change" if changes == 1 else f"{changes} changes"
    return f"{who}; {count}, the last on {spoken(present.changed_at, all_day=True, now=now)}"
