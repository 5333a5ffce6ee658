"""Chooses what a digest shows beside its matters: numbers, what is planned, what was checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from monitor.models import Agreements, Checked, Coming, Weekly
from monitor.render.changes import said
from monitor.render.digest_matters import ShownDate, shown_date
from monitor.render.tongue import Tongue

BARS = 8
PLANNED = 25
_NAMES = 15
_NAME = 80
_WHY = 200
_TITLE = 140


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of a chart: its first day, its number, and its share of the largest in percent."""

    label: str
    value: int
    percent: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A number a week: the last weeks as bars, all weeks in a picture and in its words.

    bars: () for a total, of which `summary` says how it grew.

    span: what stands under the picture.
    """

    heading: str
    bars: tuple[Bar, ...]
    values: tuple[int, ...]
    alt: str
    span: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with its words: "12" "added"."""

    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A date ahead and what it is about."""

    date: ShownDate
    title: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Sources with one sort of trouble, each with the reason where one is known."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was checked: in a sentence, and each sort of trouble."""

    summary: str
    troubles: tuple[Trouble, ...] = ()
    is_whole: bool = True


def chart(weekly: Weekly | None, tongue: Tongue) -> Chart | None:
    """Draw a number a week; None where there are not two weeks to compare."""
    if weekly is None or len(weekly.values) < 2:  # noqa: PLR2004 - one week is no chart
        return None
    days = [tongue.day(date.fromisoformat(week)) for week in weekly.weeks]
    values = tuple(weekly.values)
    largest = max((*values, 1))
    bars = [
        Bar(day, value, round(100 * value / largest))
        for day, value in zip(days, values, strict=True)
    ]
    return Chart(
        heading=tongue.say_known(said(weekly.question, _TITLE)),
        bars=tuple(bars[-BARS:]),
        values=values,
        alt=_chart_in_words(days, values, tongue),
        span=tongue.say(
            "All {count} weeks, {first} to {last}", count=len(days), first=days[0], last=days[-1]
        ),
    )


def trend(weekly: Weekly | None, tongue: Tongue) -> Chart | None:
    """Draw a total by weeks, whose bars would hardly differ: as a sentence and a line."""
    drawn = chart(weekly, tongue)
    if drawn is None:
        return None
    first, last = drawn.values[0], drawn.values[-1]
    summary = tongue.say(
        "From {first} to {last} in {count} weeks ({change}).",
        first=f"{first:,}",
        last=f"{last:,}",
        count=len(drawn.values),
        change=f"{last - first:+,}",
    )
    return replace(drawn, bars=(), summary=summary)


def _chart_in_words(days: list[str], values: tuple[int, ...], tongue: Tongue) -> str:
    """Say what the picture shows: its span, its ends, and where it stands now."""
    high, low = max(values), min(values)
    return tongue.say(
        "Chart of {count} weeks, {first} to {last}: most {high} (week of {high_week}), "
        "least {low} (week of {low_week}), last {now}.",
        count=len(values),
        first=days[0],
        last=days[-1],
        high=f"{high:,}",
        high_week=days[values.index(high)],
        low=f"{low:,}",
        low_week=days[values.index(low)],
        now=f"{values[-1]:,}",
    )


def counts(agreements: Agreements, tongue: Tongue) -> tuple[Counted, ...]:
    """Count 287(g) agreements; () where the list was never read."""
    if agreements.total is None and not agreements.added and not agreements.ended:
        return ()
    made = [
        Counted(f"{agreements.added:,}", tongue.say("added")),
        Counted(f"{agreements.ended:,}", tongue.say("ended")),
    ]
    if agreements.total is not None:
        made.append(Counted(f"{agreements.total:,}", tongue.say("in force nationwide")))
    return tuple(made)


def planned(
    dates: tuple[Coming, ...], tongue: Tongue, now: datetime, most: int = PLANNED
) -> tuple[Planned, ...]:
    """List what is planned, as it was composed, in order of time."""
    return tuple(
        Planned(shown_date(one.hearing, tongue, now), said(one.title, _TITLE))
        for one in dates[:most]
    )


def coverage(checked: Checked, tongue: Tongue) -> Coverage:
    """Say what was checked and what was not, each trouble with its sources by name."""
    summary = tongue.say(
        "{checked} of {sources} sources were checked ({polls}).",
        checked=f"{checked.checked:,}",
        sources=f"{checked.sources:,}",
        polls=tongue.counted(checked.polls, "{n} visit", "{n} visits"),
    )
    told = (
        ("Sources that failed", checked.failed),
        ("Silent for longer than expected", checked.silent),
        ("Entries may have been missed", checked.gaps),
        ("Not visited in this time", tuple((name, "") for name in checked.never)),
        (
            "These courts' feeds carry only a part of the filings",
            tuple((name, "") for name in checked.partial),
        ),
    )
    troubles = tuple(_trouble(heading, pairs, tongue) for heading, pairs in told if pairs)
    is_whole = not (checked.failed or checked.silent or checked.gaps or checked.never)
    if is_whole and checked.sources:
        summary = f"{summary} {tongue.say('All of them answered.')}"
    return Coverage(summary, troubles, is_whole)


def _trouble(heading: str, pairs: tuple[tuple[str, str], ...], tongue: Tongue) -> Trouble:
    """Name the sources of one trouble: one a line with a reason, else all on one line."""
    names = tuple(said(name, _NAME) for name, _ in pairs)
    heading = tongue.say(heading)
    if not any(why for _, why in pairs):
        return Trouble(heading, (tongue.listed(names, _NAMES),))
    reasons = (said(tongue.reworded(why), _WHY) for _, why in pairs)
    lines = [f"{name}: {why}" if why else name for name, why in zip(names, reasons, strict=True)]
    left = len(lines) - _NAMES
    more = (tongue.say("and {n} more", n=left),) if left > 0 else ()
    return Trouble(heading, (*lines[:_NAMES], *more))
