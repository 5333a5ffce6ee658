"""Puts alerts into the outbox as their channels want them: now, after the night, or summed up.

The caller's transaction holds it all: an item is never known without its alerts being queued.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from monitor.floods import HOUR, NO_MANNERS, Flood, Manners, summaries
from monitor.models import Alert, Receipt
from monitor.personal import reckoned, wanted_reminder
from monitor.reminders import reminders
from monitor.render.slack import permalink
from monitor.store import MUTED, DeliveryState, Store


def enqueue(store: Store, flood: Flood, manners: Mapping[str, Manners], now: datetime) -> None:
    """Queue what is told, and keep what a summary lists; a second time is harmless."""
    for alert, summary in flood.deferred:
        store.deferrals.defer(alert, now, summary)
    for alert in flood.told:
        own = manners.get(alert.channel, NO_MANNERS)
        if _is_too_much(store, own, alert, now):
            store.deferrals.defer(alert, now)
        else:
            store.outbox.enqueue((alert,), now, due=own.due(alert, now))


def not_muted(store: Store, alerts: tuple[Alert, ...], now: datetime) -> tuple[Alert, ...]:
    """Return what may be told; what people muted in its channel is kept in the outbox, held."""
    muted = store.acts.muted() if alerts else frozenset()
    held = [alert for alert in alerts if (alert.matter, alert.channel) in muted]
    if not held:
        return alerts
    store.outbox.enqueue(held, now, DeliveryState.HELD, reason=MUTED)
    return tuple(alert for alert in alerts if (alert.matter, alert.channel) not in muted)


def _is_too_much(store: Store, manners: Manners, alert: Alert, now: datetime) -> bool:
    """Say whether a channel has heard enough this hour; a reply in a thread is never too much."""
    if manners.hourly is None or not manners.defers(alert, manners.hourly):
        return False
    if store.threads.of(alert.matter, alert.channel) is not None:
        return False
    since = manners.due(alert, now) - HOUR
    return manners.defers(alert, store.deferrals.told_since(alert.channel, since))


def sum_up(store: Store, manners: Mapping[str, Manners], now: datetime) -> tuple[Alert, ...]:
    """Queue one summary for each channel whose hour is over; return the summaries.

    In quiet hours it waits for their end, so that a night has one summary.
    """
    made: list[Alert] = []
    with store.transaction():
        waiting = store.deferrals.waiting()
        for channel, own in groupby(waiting, key=lambda row: row.alert.channel):
            rows = list(own)
            if min(row.created_at for row in rows) > now - HOUR:
                continue
            pages = summaries([row.alert for row in rows])
            if any(manners.get(channel, NO_MANNERS).due(one, now) > now for one, _ in pages):
                continue
            for summary, page in pages:
                store.outbox.enqueue((summary,), now)
                store.deferrals.note_summary([alert.key for alert in page], summary.key)
                made.append(summary)
    return tuple(made)


def remind(
    store: Store,
    leads: Sequence[timedelta],
    names: Mapping[str, str],
    manners: Mapping[str, Manners],
    now: datetime,
) -> tuple[Alert, ...]:
    """Queue the reminders that are due; return those that were not queued before.

    First messages learn which of their dates are over.
    leads: how long before a date. names: what people call each source. A reminder is told in
    quiet hours too where its date would be over when they end.
    """
    with store.transaction():
        store.threads.let_dates_pass(now)
        if not leads:
            return ()
        ahead = store.matters.ahead(now, now + max(leads))
        made = not_muted(store, reminders(ahead, leads, names, now), now)
        return tuple(
            alert
            for alert in made
            if store.outbox.enqueue((alert,), now, due=_reminded_at(alert, manners, now))
        )


def remind_people(store: Store, now: datetime) -> tuple[Alert, ...]:
    """Queue the reminders that people asked for and that are due; return them.

    One that was asked for before a date has moved with that.
    """
    with store.transaction():
        for unsure in store.acts.reminders_unsure():
            present = store.matters.present(unsure.matter, now)
            store.acts.reckon(reckoned(unsure, present, now), now)
        made = []
        for due in store.acts.reminders_due(now):
            item = store.matters.lead_item(due.matter)
            present = store.matters.present(due.matter, now)
            made.append(wanted_reminder(due, item, present, _threads(store, due.matter), now))
            store.outbox.enqueue(made[-1:], now)
            store.acts.reminded(due.id, now)
    return tuple(made)


def _threads(store: Store, matter: int) -> tuple[tuple[str, str], ...]:
    """List where a matter was told, each with its first message's address."""
    return tuple(
        (f"Told in {one.channel}", permalink(Receipt(one.reference, one.place)))
        for one in store.acts.threads(matter)
        if one.channel.startswith("#")
    )


def _reminded_at(alert: Alert, manners: Mapping[str, Manners], now: datetime) -> datetime:
    due = manners.get(alert.channel, NO_MANNERS).due(alert, now)
    starts = [one.starts for one in alert.item.hearings if one.starts] if alert.item else []
    ahead = [moment for moment in starts if moment > now]
    return now if ahead and min(ahead) <= due else due
