"""Shows every source's health as a web page: whole without scripts, pictures or a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.jurisdictions import label
from monitor.render.changes import said
from monitor.render.status_values import MonitorStatus, SourceState, SourceStatus
from monitor.render.web_sheet import ZONE, Moment, moment, page

_TEXT = 200
_CLASSES = {
    SourceState.FAILING: "bad",
    SourceState.SILENT: "warn",
    SourceState.NEEDS_KEY: "warn",
    SourceState.EMPTY: "warn",
    SourceState.NOT_POLLED: "soft",
    SourceState.OK: "good",
    SourceState.OFF: "soft",
}
_MEANINGS = {
    SourceState.FAILING: "the last visit failed; what it publishes is not seen",
    SourceState.SILENT: "it answers, and brings less than it should",
    SourceState.NEEDS_KEY: "skipped until a key is set",
    SourceState.EMPTY: "it answered, and its list held nothing",
    SourceState.NOT_POLLED: "its first visit is still to come",
    SourceState.OK: "the last visit succeeded",
    SourceState.OFF: "switched off in sources.yaml",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One source's line; `command` is what a person can type."""

    id: str
    name: str
    place: str
    state: str
    turn: str
    marks: tuple[str, ...]
    last: Moment
    cadence: str
    items_week: int
    items: int
    reasons: tuple[str, ...]
    todo: str
    command: str
    note: str


def status_html(status: MonitorStatus, timezone: str = ZONE, *, served: bool = False) -> str:
    """Show all sources as one HTML page, what needs a person first.

    timezone: that of the readers. served: other pages can be reached from it.
    """
    order = {state: rank for rank, state in enumerate(SourceState)}
    ranked = sorted(
        status.sources, key=lambda one: (order[one.state], not _marks(one), one.name.casefold())
    )
    counts = [
        (status.count(state), state.value, _CLASSES[state], _MEANINGS[state])
        for state in SourceState
        if status.count(state)
    ]
    marked = [
        (sum(bool(one.gaps) for one in ranked), "gap", "more was published than a list holds"),
        (
            sum(bool(one.partial) for one in ranked),
            "partial court",
            "the court leaves filings out of its feed",
        ),
    ]
    return page(
        "status.html.j2",
        written=moment(status.at, status.at, timezone),
        rows=[_row(one, status, timezone) for one in ranked],
        counts=counts,
        marked=[one for one in marked if one[0]],
        alerts=status.alerts,
        served=served,
    )


def _row(one: SourceStatus, status: MonitorStatus, timezone: str) -> _Row:
    todo, command = _todo(one)
    return _Row(
        id=one.id,
        name=said(one.name, _TEXT),
        place=said(label(one.jurisdiction), _TEXT) if one.jurisdiction else "",
        state=one.state.value,
        turn=_CLASSES[one.state],
        marks=_marks(one),
        last=moment(one.last_success, status.at, timezone),
        cadence=one.cadence,
        items_week=one.items_week,
        items=one.items,
        reasons=tuple(reasons(one)),
        todo=todo,
        command=command,
        note=said(one.note, _TEXT),
    )


def _todo(one: SourceStatus) -> tuple[str, str]:
    """Part what a person can do into words and a command."""
    words, is_command, rest = one.todo.partition("monitor ")
    return words.strip(), f"monitor {rest}" if is_command else ""


def reasons(one: SourceStatus) -> Iterator[str]:
    """Say what is not as it should be with a source: a fault, silence, gaps, a partial court."""
    if one.reason:
        yield said(one.reason, _TEXT)
    if one.gaps:
        times = "once" if one.gaps == 1 else f"{one.gaps} times"
        yield f"more was published than its list holds, {times} in 7 days"
    if one.partial:
        yield f"{said(one.partial, _TEXT)} leaves filings out of this feed"


def _marks(one: SourceStatus) -> tuple[str, ...]:
    return (*(("gap",) if one.gaps else ()), *(("partial court",) if one.partial else ()))
