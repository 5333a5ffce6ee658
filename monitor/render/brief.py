"""Leaves out what the reader of a thread knows, and what the present state says better."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.models import Alert, ChangeKind, Hearing, Present
from monitor.render.changes import VALUE, said
from monitor.render.shown import Shown, dates_of
from monitor.render.ways import ways
from monitor.wording import ADDED_LATE, READ_NOW, is_ahead, next_hearing

# Changes of which the passage itself is the news.
_IN_WORDS = frozenset({"text", "title", "attachments", ADDED_LATE, READ_NOW})
_STANDING = frozenset({"Stage", "Status"})


def as_reply(view: Shown, alert: Alert) -> Shown:
    """Tell a change below the message that says what the matter is, and no more.

    A new item of the matter stays whole; so does what the whole channel sees by itself, mostly.
    """
    if alert.change is ChangeKind.NEW or alert.kind != "alert":
        return view
    names = {field.name for field in alert.fields}
    left_out = {"Status"} if alert.for_everyone else {"Status", "Direction"}
    return replace(
        view,
        title=view.title if alert.for_everyone else None,
        facts=tuple(fact for fact in view.facts if fact.label not in left_out),
        quotes=view.quotes if names & _IN_WORDS else (),
        why=(),
    )


def beside_present(view: Shown, alert: Alert, present: Present, now: datetime) -> Shown:
    """Show the words of the first day below the present state, to be read for days.

    Without the time left; without the stage and status that the state says; and with the further
    dates of today, not those of the first day.
    """
    if alert.item is None:
        return view
    first_dates = {fact.value for fact in dates_of(alert.item, now)}
    kept = [fact for fact in view.facts if fact.value not in first_dates]
    if present.stage is not None:
        kept = [fact for fact in kept if fact.label not in _STANDING]
    told = ways(alert.item, None) if view.ways else ()
    further = _further(present, now, without_deadlines=bool(told))
    return replace(
        view,
        headline=said(alert.headline, VALUE) or view.headline,
        when="",
        facts=(*dates_of(replace(alert.item, hearings=further), None), *kept),
        ways=told,
    )


def _further(present: Present, now: datetime, *, without_deadlines: bool) -> tuple[Hearing, ...]:
    """List the dates ahead beyond the next one, which stands in the state."""
    following = next_hearing(present.hearings, now)
    return tuple(
        one
        for one in present.hearings
        if one != following
        and is_ahead(one, now)
        and not (without_deadlines and one.kind == "comment_deadline")
    )
