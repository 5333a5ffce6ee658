"""What meetings have in common, whoever publishes them: when, and whether they are held at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from itertools import pairwise

from monitor.dates import local, parse_date, plausible, wall_clock
from monitor.models import Contact, ContactKind, Entry, Hearing, ItemType, Poll, Reach
from monitor.text import fold, one_line
from monitor.urls import absolute

_NOUNS = (
    "agreement|bond|check|claim|contract|debt|easement|election|fee|fine|flight|grant|insurance"
    "|item|lease|levy|license|licence|lien|loan|matter|note|order|permit|plat|policy|policies"
    "|program|project|property tax|registration|stamp|tax|taxe|vote|warrant"
)
_MET = "meeting|hearing|session|workshop|retreat|conference|agenda"
# What says nothing about this meeting: another one's fate, a fate that is only possible, a new
# hour of the same day, and the cancelling of something that is no meeting.
_NOT_THIS = re.compile(
    r"(?:not|un)[\s-]*cancel+ed"
    # Who says "from the 25th to the 26th" says it on the 25th.
    r"|(?:rescheduled|postponed|deferred|moved|continued|adjourned)[\s-]+from\b"
    r"(?! *(?!\d{1,2}(?::\d{2})? ?[ap]\.?m)[^.;\n]{1,30} to )"
    r"|(?:replaces|replacing|in lieu of|instead of|in place of)[^.;\n]*"
    r"|\b(?:if|unless|when|whether|in case of|in the event of|subject to)\b[^.;,)\n]*"
    r"|\b(?:may|might|can|could|not) be (?:cancel+ed|postponed|rescheduled)"
    r"|rescheduled to \d{1,2}(?::\d{2})? ?[ap]\.?m"
    rf"|(?:cancel+ed|postponed|rescheduled) (?:{_NOUNS})s?\b"
    rf"|\b(?:{_NOUNS})s?,? (?:cancel+ations?|postponements?)\b"
    r"|(?:cancel+ation|postponement)s? of (?!(?:(?!(?:and|by|for|from|in|on|or|to|with)\b)"
    rf"[\w&/'\u2019.-]+ ){{0,6}}(?:{_MET})s?\b)[^.;\n]*",
    re.IGNORECASE,
)
_CALLED_OFF = re.compile(
    r"\b(?:cancel+ed|cancel+ation|postponed|postponement|rescheduled|called off)\b"
    r"|\b(?:no|lack of(?: an?)?) quorum\b"
    r"|\bno (?:(?:board|city|commission|committee|council|public|regular|special|town) ){0,2}"
    r"meetings?\b(?! (?:agenda|documents?|id|link|materials?|minutes|packet|rooms?|space))"
    r"|\bwill not (?:be held|convene|meet|take place)\b(?! (?:at|in|on|until|via|virtually))",
    re.IGNORECASE,
)
# Only as a status or in place of a time: elsewhere it is the matter that is deferred.
_DEFERRED = re.compile(r"\s*deferred\b", re.IGNORECASE)
_PUBLIC_HEARING = re.compile(r"\bhearings?\b(?! room)", re.IGNORECASE)
_CLOCK = re.compile(
    r"\d{1,2}(?::\d{2})?(?::\d{2})? ?[ap]\.? ?m\.?|(?:1[3-9]|2[0-3]):\d{2}(?::\d{2})?",
    re.IGNORECASE,
)
_WORDS = {"noon": "12:00 PM", "12 noon": "12:00 PM", "12:00 noon": "12:00 PM"}


def is_called_off(*said: str, stages: Iterable[str] = ()) -> bool:
    """Tell whether a meeting will not be held then, by its title, comment or place.

    stages: its status, and what stands in place of its time: there "Deferred" says it as well.
    """
    fixed = tuple(stages)
    free = any(_CALLED_OFF.search(_NOT_THIS.sub(" ", one)) for one in (*said, *fixed))
    return free or any(_DEFERRED.match(one) for one in fixed)


def kind_of(*said: str) -> str:
    """Return "hearing" where the public is to be heard by the words, else "meeting"."""
    return "hearing" if any(_PUBLIC_HEARING.search(one) for one in said) else "meeting"


def shown_between(
    found: Iterable[object], prefix: str = "", *, whole: bool = False
) -> tuple[Reach, ...]:
    """Say how far a page of meetings goes: from the first to the last that it shows.

    found: what was read; only its meetings count. whole: the page shows all that is ahead, up to
    the last one. Else it is one page of several: it must be in the order of days, or nothing is
    known of what stands between.
    """
    starts = [
        held.starts
        for one in found
        if isinstance(one, Entry) and one.type is ItemType.MEETING
        for held in one.hearings
        if held.starts
    ]
    steps = list(pairwise(starts))
    in_order = all(a <= b for a, b in steps) or all(a >= b for a, b in steps)
    if not starts or not (whole or in_order):
        return ()
    return (Reach(None if whole else min(starts), max(starts), prefix),)


def clock_in(text: str) -> str:
    """Return the first time of day in a text ("06:00 PM - 08:00 PM"), "" where there is none."""
    plain = fold(text)
    if plain in _WORDS:
        return _WORDS[plain]
    found = _CLOCK.search(text)
    return found.group().replace(".", "") if found else ""


def meeting_on(
    day: str, clock: str, poll: Poll, *, place: str = "", words: tuple[str, ...] = ()
) -> Hearing:
    """Read a meeting whose day and time are two texts, local to the source.

    A time that cannot be read leaves the day alone, a day that cannot be read its words.
    words: what else may say that it is cancelled, or that it is a hearing.
    """
    hour = clock_in(clock)
    timed = parse_date(f"{day} {hour}", poll.timezone) if hour else None
    starts = timed or parse_date(day, poll.timezone)
    said = f"{day} {clock}".strip()
    whole_day = timed is None
    off = ("cancelled",) if is_called_off(stages=(clock,)) else ()
    return _meeting(starts, said, poll, place, (*words, *off), whole_day=whole_day)


def meeting_at(said: str, poll: Poll, *, place: str = "", words: tuple[str, ...] = ()) -> Hearing:
    """Read a meeting whose time is one text; a zone in it is false, the clock is the source's.

    Midnight stands for a time that nobody entered.
    """
    starts = wall_clock(said, poll.timezone)
    midnight = starts is not None and local(starts, poll.timezone).time() == time(0)
    return _meeting(starts, said, poll, place, words, whole_day=midnight)


def watched(url: str, field: str, held: Hearing, now: datetime) -> tuple[Contact, ...]:
    """Return a portal's link to watch a meeting that is ahead; later it shows a recording.

    field: the portal's own name for it.
    """
    link = absolute("", url)
    ahead = held.starts is not None and not held.cancelled and held.starts >= now
    return (Contact(ContactKind.VIDEO, link, field=field),) if link and ahead else ()


def _meeting(
    starts: datetime | None,
    said: str,
    poll: Poll,
    place: str,
    words: tuple[str, ...],
    *,
    whole_day: bool,
) -> Hearing:
    believed = starts if starts and plausible(starts, poll.now) else None
    return Hearing(
        kind=kind_of(*words),
        starts=believed,
        timezone=poll.timezone,
        place=one_line(place),
        said=one_line(said),
        all_day=believed is not None and whole_day,
        cancelled=is_called_off(*words),
    )
