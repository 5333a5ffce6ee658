"""Reads by when one may comment; what a sentence does not fix stays words, and is never guessed.

A deadline stands behind a word such as "by" or "no later than". It is a time of day with a date, or
lies before the meeting; where the meeting's own time is unknown, so is the deadline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.dates import local, parse_date
from monitor.models import Hearing
from monitor.participation.days import business_day_before, day_near, weekday_number
from monitor.participation.purpose import COMMENT, WRITTEN, speaks


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline: the words that say when, and the time they fix, if any.

    comment, speak: for what it holds. timezone: in which it is read.
    """

    words: str
    due: datetime | None
    all_day: bool
    comment: bool
    speak: bool


# ------------------------------------------------------------------------------------- grammar

_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|"
    r"sun(?:day)?|lunes|martes|mi[e\u00e9]rcoles|jueves|viernes|s[a\u00e1]bado|domingo)\b\.?"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero", "february feb febrero", "march mar marzo", "april apr abril",
            "may mayo", "june jun junio", "july jul julio", "august aug agosto",
            "september sept sep septiembre", "october oct octubre", "november nov noviembre",
            "december dec diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_ZONE = (
    r"(?:\s?\(?(?P<zone>[ECMP][SD]?T|AK[SD]?T|HST|(?:eastern|central|mountain|pacific))\b"
    r"(?:\s(?:standard|daylight))?(?:\stime)?\)?)?"
)
_CLOCK = (
    r"(?:las?\s)?(?:(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\s?(?:(?P<half>[ap])\.?\s?m\b\.?|"
    r"de la (?P<part>ma\u00f1ana|tarde|noche))"
    r"|(?P<day24>1[3-9]|2[0-3]):(?P<minute24>[0-5]\d)(?:\s?(?:hours|hrs|horas|h)\b)?"
    r"|(?:12(?::00)?\s)?(?P<noon>noon|mediod[i\u00ed]a)|(?P<midnight>midnight|medianoche))"
    r"(?:\s?\(noon\))?" + _ZONE
)
_DATE = (
    rf"(?:(?P<weekday>{_WEEKDAY}),?\s(?:the\s)?)?(?:(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})"
    rf"(?:st|nd|rd|th)?\b(?:,?\s(?P<year>\d{{4}})\b)?"
    r"|(?P<month2>\d{1,2})/(?P<day2>\d{1,2})(?:/(?P<year2>\d{4}|\d{2}))?(?![\d/])"
    rf"|(?P<day3>\d{{1,2}})\sde\s(?P<month3>{_MONTH})(?:,?\s(?:del?\s)?(?P<year3>\d{{4}}))?)"
)
_EVENT = r"(?:meetings?|hearings?|sessions?|workshops?|reuni[o\u00f3]n|sesi[o\u00f3]n|audiencia)\b"
_NEAR_EVENT = rf"(?:the|each|any|every|a|this|said|la|una)?\s?(?:[\w'\u2019-]+\s){{0,5}}?{_EVENT}"
_BEFORE = r"(?:before|prior to|preceding|in advance of|ahead of|antes de|anterior a|previo a)\s"
_RELATIVE = (
    r"(?:the\s|el\s)?(?:(?P<same>same day as|(?:same )?day of|date of|d[i\u00ed]a de)\s"
    rf"|(?:(?:one|1)\s)?(?:(?P<work>business|working|work)\s)?(?P<before>day"
    rf"|d[i\u00ed]a)(?P<work_es>\sh[a\u00e1]bil)?\s(?:immediately\s)?{_BEFORE}"
    rf"|(?P<before_wday>{_WEEKDAY})\s(?:immediately\s)?{_BEFORE})"
    rf"{_NEAR_EVENT}"
)
_NUMBERS = {
    name: number
    for number, name in (
        (1, "one"), (1, "an"), (1, "a"), (2, "two"), (3, "three"), (4, "four"), (5, "five"),
        (6, "six"), (7, "seven"), (8, "eight"), (10, "ten"), (12, "twelve"), (14, "fourteen"),
        (15, "fifteen"), (24, "twenty-four"), (24, "twenty four"), (30, "thirty"),
        (36, "thirty-six"),
        (48, "forty-eight"), (48, "forty eight"), (72, "seventy-two"), (72, "seventy two"),
        (1, "una"), (1, "un"), (2, "dos"), (3, "tres"),
    )
}  # fmt: skip
_AMOUNT = (
    rf"(?:(?P<count>\d{{1,3}})|(?P<count_word>{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}))"
    r"(?:\s?\(\s?(?P<again>\d{1,3}|[a-z-]{3,12})\s?\))?\s(?:(?P<sort>full|calendar|business"
    r"|working|work)\s)?"
    r"(?P<unit>hours?|hrs?\.?|days?|minutes?|mins?\.?|weeks?|horas?|d[i\u00ed]as?"
    r"|minutos?)(?P<sort_es>\sh[a\u00e1]bil(?:es)?)?"
    rf"\s(?:{_BEFORE}|in advance)(?P<event>(?:(?:the|del?)\s)?(?:scheduled\s)?(?:(?:start"
    rf"|beginning|commencement|time|inicio)\s(?:time\s)?(?:of|for|de)\s)?"
    rf"{_NEAR_EVENT})?"
)
_START = (
    rf"(?:the\s)?(?:(?:scheduled\s)?(?:start|beginning|commencement"
    rf"|opening)(?:\stime)?\sof\s{_NEAR_EVENT}"
    rf"|{_NEAR_EVENT}\s(?:begins|starts|commences|is called to order))"
)
_CLOSE = (
    r"(?:the\s)?(?:(?:close|closing|conclusion|end|adjournment)\sof\s(?:[\w'\u2019-]+\s){0,5}?"
    r"(?:item|hearing|(?:comment|testimony)(?:\s(?:period|portion))?|meeting|period|matter"
    r"|discussion)\b"
    r"|(?:[\w'\u2019-]+\s){0,4}?(?:item|hearing|matter|vote|agenda item)\s(?:is|has been|being)\s"
    r"(?:called|closed|heard|announced|taken up|taken|considered|introduced|acted upon)"
    r"|(?:the\s)?vote\b"
    r"|el cierre de [\w ]{3,40})"
)
_WEEKDAY_ALONE = rf"(?P<lone>{_WEEKDAY})"
_BETWEEN = r"[,\s(]{1,3}(?:on\s|of\s|del?\s|el\s)?(?:the\s)?"
_TO_CLOCK = r"[,\s;]{1,3}(?:at\s|by\s|before\s|@\s?|a\s|-\s)?"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# In this order: the day before a meeting on a date is not that date.
_FORMS = tuple(
    _form(pattern)
    for pattern in (
        _CLOCK + _BETWEEN + _RELATIVE,
        _RELATIVE + _TO_CLOCK + _CLOCK,
        _CLOCK + _BETWEEN + _DATE,
        _DATE + _TO_CLOCK + _CLOCK,
        _AMOUNT,
        _CLOCK + rf"{_BETWEEN}{_WEEKDAY_ALONE}(?!\s(?:[ap]\.?m|{_MONTH}))",
        _WEEKDAY_ALONE + _TO_CLOCK + _CLOCK,
        _RELATIVE,
        _DATE,
        _CLOCK,
        _START,
        _CLOSE,
    )
)
_DATE_ALONE, _START_FORM = 8, 10
_CUE = _form(
    r"\b(?:(?:no|not) (?:later|less) than|on or before|by no later than|up until|up to|until"
    r"|prior to|before|by|through|at least|deadline(?: of|[^.;:]{0,120}?(?:\b(?:is|will be)|:))?"
    r"|due(?: by| on| at)?|clos(?:es?|ing) (?:on|at|by|date)?|ends? (?:on|at)|after"
    r"|a m[a\u00e1]s tardar|hasta|antes del?|por lo menos|al menos"
    r"|fecha l[i\u00ed]mite(?:[^.;:]{0,60}?\b(?:es|:))?)(?!\w)"
)
_AMOUNT_ALONE = _form(rf"\b{_AMOUNT}")
_FILLER = _form(
    r"(?:[\s,:(\u2013-]|\b(?:on|at|the|than|by|no|later|el|las?|a|del?|date|about|is)\b){0,6}"
)
_OPENS = _form(
    r"\b(?:(?<!remain )(?<!remains )open(?! until)(?! through)|opens|opened|opening|begins?|starts?"
    r"|posted|published|available|distributed|provided|delivered|limited|beginning|starting|from"
    r"|forwarded)\W+(?:\w+\W+){0,3}$"
)
_LATE_REFUSED = _form(
    r"\b(?:not|no longer|after|next|may not|cannot|will be (?:added|included|part|distributed"
    r"|provided))\b"
)
_ASKS = _form(
    r"\b(?:must|should|shall|may|can|need|required|requests?|requested|encouraged|asked|please"
    r"|deadline|due|receiv|submi|"
    r"accept|clos|open|regist|sign|send|sent|e-?mail|provid|wish|l[i\u00ed]mite|deben?|pueden?"
    r"|env[i\u00ed]|inscri|recib|acept|present)"
)
_HALF = _form(r"\bm\.$")
_REACH = 220
_MOST_CUES = 12


# --------------------------------------------------------------------------------------- reading


def deadlines(sentence: str, hearings: tuple[Hearing, ...], timezone: str) -> Iterator[Due]:
    """Read the deadlines of a sentence that is about comments or speaking.

    hearings: of the item; a relative deadline counts from the only one whose time is known.
    """
    if not _ASKS.search(sentence):
        return
    meeting = meeting_of(hearings)
    done, since = 0, 0
    cues = [*_CUE.finditer(sentence)][:_MOST_CUES]
    starts = [(cue.start(), cue.end(), cue[0].casefold()) for cue in cues]
    if not starts:
        starts = [(one.start(), one.start(), "") for one in _AMOUNT_ALONE.finditer(sentence)]
    for start, end, cue in starts:
        if start < done or _OPENS.search(sentence[max(start - 60, 0) : start]):
            continue
        if cue == "after" and not _LATE_REFUSED.search(sentence[end:]):
            continue
        ends = _FILLER.match(sentence, end)
        at = ends.end() if ends else end
        window = sentence[at : at + _REACH]
        found = next((one for one in (form.match(window) for form in _FORMS) if one), None)
        if found is None:
            continue
        due, all_day = _moment(found, cue, meeting, timezone)
        if due is None and found.re is _FORMS[_DATE_ALONE] and not found["month"]:
            continue
        comment, speak = _ends_of(sentence, since, start)
        words = _tidy(sentence[start : at + found.end()])
        yield Due(f"not {words}" if cue == "after" else words, due, all_day, comment, speak)
        done = since = at + found.end()


def _tidy(words: str) -> str:
    """Drop what stands about the words that say when; the dot of "p.m." stays."""
    plain = words.strip(" ,;:(").removeprefix("due ")
    return plain if _HALF.search(plain) else plain.rstrip(".")


def meeting_of(hearings: tuple[Hearing, ...]) -> Hearing | None:
    """Return the only meeting whose day is known; None where there is none, or several."""
    held = [
        one
        for one in hearings
        if one.starts and not one.cancelled and one.kind in {"hearing", "meeting"}
    ]
    moments = {one.starts for one in held}
    return held[0] if len(moments) == 1 else None


def _ends_of(sentence: str, since: int, until: int) -> tuple[bool, bool]:
    """Tell from the words before a deadline whether it is for comments, for speaking, or both."""
    for clause in (sentence[since:until], sentence):
        speak = speaks(clause)
        comment = bool(COMMENT.search(clause))
        if comment or speak:
            return comment and (not speak or bool(WRITTEN.search(clause))), speak
    return True, False


def _moment(
    found: re.Match[str], cue: str, meeting: Hearing | None, timezone: str
) -> tuple[datetime | None, bool]:
    """Compute what a form fixes: (None, False) where it does not."""
    parts = found.groupdict()
    zone = meeting.timezone if meeting else timezone
    if parts.get("unit"):
        return _before(parts, meeting)
    if found.re is _FORMS[_START_FORM]:
        return (meeting.starts, False) if meeting and not meeting.all_day else (None, False)
    day = _day(parts, meeting)
    if day is None:
        return None, False
    if not any(parts.get(name) for name in ("hour", "day24", "noon", "midnight")):
        # "Before December 1" leaves open whether that day still counts.
        exclusive = cue in {"before", "prior to", "after", "antes de", "antes del"}
        return (None, False) if exclusive else (parse_date(f"{day}", zone), True)
    return parse_date(f"{day:%B} {day.day}, {day.year} {_clock(parts)}", zone), False


def _clock(parts: dict[str, str | None]) -> str:
    """Write a time of day as dates.py reads it; what it cannot read ("midnight") stays unread."""
    zone = f" {parts['zone']}" if parts.get("zone") else ""
    if parts.get("noon"):
        return f"12:00 PM{zone}"
    if parts.get("day24"):
        return f"{parts['day24']}:{parts['minute24']}{zone}"
    part = (parts.get("part") or "")[:1].lower()
    half = {"m": "a", "t": "p", "n": "p"}.get(part, parts.get("half") or "")
    return f"{parts.get('hour') or 'midnight'}:{parts.get('minute') or '00'} {half}m{zone}"


def _before(parts: dict[str, str | None], meeting: Hearing | None) -> tuple[datetime | None, bool]:
    """Count back from a meeting: hours to the minute, days to a day."""
    count = int(parts["count"]) if parts["count"] else _NUMBERS[(parts["count_word"] or "").lower()]
    again = (parts["again"] or "").lower()
    disagrees = again and (int(again) if again.isdigit() else _NUMBERS.get(again)) != count
    unit = (parts["unit"] or "").lower()
    is_working = bool(parts["sort_es"]) or (parts["sort"] or "").lower() in {
        "business",
        "working",
        "work",
    }
    if meeting is None or meeting.starts is None or disagrees or not parts["event"]:
        return None, False
    if unit.startswith(("h", "m")):
        exact = not meeting.all_day and not is_working
        span = timedelta(hours=count) if unit.startswith("h") else timedelta(minutes=count)
        return (meeting.starts - span, False) if exact else (None, False)
    held = local(meeting.starts, meeting.timezone).date()
    if is_working:
        day = business_day_before(held) if count == 1 else None
    else:
        day = held - timedelta(days=count * (7 if unit.startswith("w") else 1))
    return (parse_date(f"{day}", meeting.timezone), True) if day else (None, False)


def _day(parts: dict[str, str | None], meeting: Hearing | None) -> date | None:
    """Find the day that a form names, in a year that is sure."""
    held = local(meeting.starts, meeting.timezone).date() if meeting and meeting.starts else None
    if parts.get("same"):
        return held
    if parts.get("before"):
        if held and (parts.get("work") or parts.get("work_es")):
            return business_day_before(held)
        return held - timedelta(days=1) if held else None
    if parts.get("before_wday"):
        wanted = weekday_number(parts["before_wday"] or "")
        back = (held.weekday() - wanted - 1) % 7 + 1 if held else 0
        return held - timedelta(days=back) if held else None
    month = parts.get("month") or parts.get("month3") or ""
    number = _MONTHS.get(month.lower().rstrip("."), 0) or int(parts.get("month2") or 0)
    day = parts.get("day") or parts.get("day2") or parts.get("day3")
    if not number or not day:
        return None
    year = parts.get("year") or parts.get("year2") or parts.get("year3") or ""
    return day_near(year, number, int(day), parts.get("weekday") or "", held)
