"""Sums up how well the monitor sees: each source's health, for commands, page and metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.config import Source
from monitor.config.fields import written_length
from monitor.digesting import watched
from monitor.models import Outcome
from monitor.render.status_values import MonitorStatus, SourceState, SourceStatus
from monitor.store import SourceHealth, Store
from monitor.watching import silences

WEEK = timedelta(weeks=1)


def overview(
    store: Store,
    sources: Iterable[Source],
    missing: Callable[[Source], tuple[str, ...]],
    now: datetime,
) -> MonitorStatus:
    """Tell how every source of the configuration fares, and what became of alerts.

    missing: names the keys that a source needs and that are not set; it is not polled then.
    """
    listed = tuple(sources)
    health = {one.id: one for one in store.sources.health(now - WEEK)}
    gaps = {one.source: one.gaps for one in store.sources.coverage(now - WEEK, now)}
    silent = silences(store, listed, now)
    partial = {one.id: one.partial for one in watched(listed, now)}
    found = (
        replace(
            source_status(
                source, health.get(source.id), missing(source), silent.get(source.id, "")
            ),
            gaps=gaps.get(source.id, 0),
            partial=partial.get(source.id, ""),
        )
        for source in listed
    )
    counts = tuple((state.value, number) for state, number in store.outbox.counts())
    return MonitorStatus(now, tuple(found), counts)


def source_status(
    source: Source, health: SourceHealth | None, missing: tuple[str, ...], silence: str = ""
) -> SourceStatus:
    """Tell how one source fares.

    health: None where it was never seen. missing: the keys that it lacks. silence: why it counts as
    silent, "" where it does not.
    """
    state, todo = _standing(source, health, missing)
    if silence and state in {SourceState.OK, SourceState.EMPTY}:
        state, todo = SourceState.SILENT, f"has it moved? monitor sources test {source.id}"
    told = SourceStatus(
        id=source.id,
        name=source.name,
        kind=source.kind,
        jurisdiction=source.jurisdiction,
        state=state,
        todo=todo,
        reason=silence or (health.reason if health else ""),
        cadence=source.cron or (written_length(source.every) if source.every else ""),
        note=source.note,
    )
    if health is None:
        return told
    return replace(
        told,
        last_success=health.last_success,
        last_polled=health.last_polled_at,
        next_due=health.next_due,
        failures=health.failures,
        items=health.items,
        items_week=health.items_recent,
    )


def _standing(
    source: Source, health: SourceHealth | None, missing: tuple[str, ...]
) -> tuple[SourceState, str]:
    if not source.enabled:
        return SourceState.OFF, ""
    if missing:
        return SourceState.NEEDS_KEY, f"set {' and '.join(missing)}"
    if health is None or health.outcome is None:
        return SourceState.NOT_POLLED, ""
    if health.outcome is Outcome.FAILED:
        return SourceState.FAILING, f"monitor sources test {source.id}"
    return (SourceState.EMPTY if health.outcome is Outcome.EMPTY else SourceState.OK), ""
