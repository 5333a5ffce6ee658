"""Shows as pages what is ahead, what is new, what a search found, and one matter's history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.jurisdictions import label
from monitor.models import CalendarEntry, Hearing, ItemType
from monitor.render.changes import said
from monitor.render.export import ExportedMatter
from monitor.render.links import address_of
from monitor.render.tongue import ENGLISH
from monitor.render.web_sheet import ZONE, Moment, moment, page, pieces
from monitor.wording import DIRECTIONS, HEARINGS, TYPES, countdown, hearing_time, is_ahead

_TITLE = 300
_PLACE = 120
_WORDS = 240


@dataclass(frozen=True, slots=True)
class Pager:
    """The addresses of the pages before and after this one; "" where there is none."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item that a search found: (start, end) of the words in `snippet`."""

    matter: int
    title: str
    type: ItemType
    source: str
    jurisdiction: str
    seen: datetime
    snippet: str = ""
    hits: tuple[tuple[int, int], ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a matter; `words` may be a publisher's.

    what: "Seen in …", "Changed", "Told #channel". address: where it stands, "" for nowhere.
    """

    at: datetime
    what: str
    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class MatterPage:
    """All that a matter's page tells; `happened` is one page of it, the latest first."""

    matter: ExportedMatter
    names: tuple[str, ...] = ()
    ahead: tuple[Hearing, ...] = ()
    happened: tuple[Happening, ...] = ()
    pager: Pager = Pager()


@dataclass(frozen=True, slots=True)
class _Date:
    """A hearing or deadline as it is shown."""

    when: str
    soon: str
    kind: str
    cancelled: bool
    place: str
    matter: int = 0
    title: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A matter, a hit, or a happening as it is shown; `words` are (text, is found)."""

    title: str
    about: str
    at: Moment
    matter: int = 0
    turned: str = ""
    direction: str = ""
    address: str = ""
    words: tuple[tuple[str, bool], ...] = ()


def front_html(
    dates: Sequence[CalendarEntry],
    further: int,
    matters: Sequence[ExportedMatter],
    pager: Pager,
    now: datetime,
    timezone: str = ZONE,
) -> str:
    """Show what is ahead and what is new.

    dates: the next ones, in order of time. further: how many more there are. pager: of the matters;
    on their later pages `dates` is not shown. timezone: that of the readers.
    """
    return page(
        "web_front.html.j2",
        dates=[_entry(one, now) for one in dates if is_ahead(one.hearing, now)],
        further=further,
        is_first=not pager.before,
        matters=[_matter(one, now, timezone) for one in matters],
        pager=pager,
        served=True,
    )


def search_html(
    query: str,
    found: Sequence[FoundItem],
    pager: Pager,
    now: datetime,
    timezone: str = ZONE,
    fault: str = "",
) -> str:
    """Show what a search found, the best first; `fault`: why the query cannot be read."""
    return page(
        "web_search.html.j2",
        query=query,
        found=[_hit(one, now, timezone) for one in found],
        pager=pager,
        fault=said(fault, _WORDS),
        served=True,
    )


def matter_html(shown: MatterPage, now: datetime, timezone: str = ZONE) -> str:
    """Show one matter: how it stands, what is ahead, and what happened, the latest first."""
    one = shown.matter
    stage = ENGLISH.stage(one.stage, one.type) if one.stage else ""
    own = said(one.stage_said, _WORDS) if one.stage_said else ""
    facts = (
        ("Place", _place(one.jurisdiction)),
        ("Sort", TYPES[one.type]),
        ("Names", ", ".join(said(name, _PLACE) for name in shown.names)),
        ("Stage", f"{stage} (“{own}”)" if stage and own else stage or own),
        ("Direction", DIRECTIONS.get(one.direction, "")),
        ("Topics", ", ".join(said(topic, _PLACE) for topic in one.topics)),
    )
    return page(
        "web_matter.html.j2",
        title=said(one.title, _TITLE) or "(without a title)",
        number=one.id,
        facts=[fact for fact in facts if fact[1]],
        address=address_of(one.url),
        dates=[_date(hearing, now) for hearing in shown.ahead],
        happened=[_happening(event, now, timezone) for event in shown.happened],
        pager=shown.pager,
        served=True,
    )


def problem_html(title: str, words: str, *, served: bool, language: str = "en") -> str:
    """Say why there is no page, and what to do; `served`: other pages can be reached."""
    return page("web_problem.html.j2", title=title, words=words, served=served, language=language)


# ------------------------------------------------------------------------------------- laying out


def _entry(entry: CalendarEntry, now: datetime) -> _Date:
    shown = _date(entry.hearing, now)
    about = " · ".join(part for part in (_place(entry.jurisdiction), TYPES[entry.type]) if part)
    title = said(entry.title, _TITLE) or "(without a title)"
    return _Date(
        shown.when, shown.soon, shown.kind, shown.cancelled, shown.place, entry.matter, title, about
    )


def _date(hearing: Hearing, now: datetime) -> _Date:
    return _Date(
        when=said(hearing_time(hearing, now), _PLACE),
        soon="" if hearing.cancelled else countdown(hearing, now),
        kind=HEARINGS.get(hearing.kind, "Date"),
        cancelled=hearing.cancelled,
        place=said(hearing.place, _PLACE),
    )


def _matter(one: ExportedMatter, now: datetime, timezone: str) -> _Line:
    stage = ENGLISH.stage(one.stage, one.type) if one.stage else ""
    parts = (_place(one.jurisdiction), TYPES[one.type], stage)
    return _Line(
        title=said(one.title, _TITLE) or "(without a title)",
        about=" · ".join(part for part in parts if part),
        at=moment(one.last_changed, now, timezone),
        matter=one.id,
        turned={"limits": "good", "expands": "warn"}.get(one.direction.value, ""),
        direction=DIRECTIONS.get(one.direction, ""),
    )


def _hit(one: FoundItem, now: datetime, timezone: str) -> _Line:
    parts = (_place(one.jurisdiction), TYPES[one.type], said(one.source, _PLACE))
    title = said(one.title, _TITLE) or "(without a title)"
    words = _masked(one)
    return _Line(
        title=title,
        about=" · ".join(part for part in parts if part),
        at=moment(one.seen, now, timezone),
        matter=one.matter,
        address=address_of(one.url),
        words=words,
    )


def _masked(one: FoundItem) -> tuple[tuple[str, bool], ...]:
    """Mark the words that were found, wherever cleaning and masking have moved them."""
    shown = said(one.snippet, len(one.snippet) + 1)
    if shown in one.title:
        return ()
    words = {one.snippet[start:end].strip() for start, end in one.hits} - {""}
    if not words:
        return pieces(shown, ())
    longest_first = sorted(words, key=len, reverse=True)
    found = re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", shown)
    return pieces(shown, (match.span() for match in found))


def _happening(event: Happening, now: datetime, timezone: str) -> _Line:
    return _Line(
        title=said(event.what, _PLACE),
        about="",
        at=moment(event.at, now, timezone),
        address=address_of(event.address),
        words=((said(event.words, _TITLE), False),),
    )


def _place(jurisdiction: str) -> str:
    return said(label(jurisdiction), _PLACE) if jurisdiction else ""
