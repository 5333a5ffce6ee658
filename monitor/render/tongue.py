"""Speaks a language: fixed phrases, dates, countdowns, stages. What publishers wrote stays theirs.

English is written where it is used; every other language has a table from it, `words_es`. A phrase
that the table lacks is an error: nobody gets a mail that is half in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from monitor import wording
from monitor.dates import local
from monitor.jurisdictions import label
from monitor.models import Direction, Hearing, ItemType, Language, Stage
from monitor.render.words_es import MONTHS, PATTERNS, PHRASES, WEEKDAYS
from monitor.stages.spoken import stage_words
from monitor.wording import time_left

_TABLES: Mapping[Language, Mapping[str, str]] = {Language.SPANISH: PHRASES}
_NOON = 12
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ENGLISH_DAY = re.compile(rf"desde el (?P<month>{'|'.join(_MONTHS)}) (?P<day>\d{{1,2}})")
# As wording.spoken says it.
_ENGLISH_TIME = re.compile(
    r"(?P<day>[A-Z][a-z]{2}, [A-Z][a-z]{2} \d{1,2}, \d{4})"
    r"(?:, (?P<clock>\d{1,2}:\d{2}) (?P<half>[ap]m) (?P<zone>[A-Z]{2,5}))?"
)


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language, and how it says things."""

    language: Language = Language.ENGLISH

    def say(self, phrase: str, **values: object) -> str:
        """Say a fixed phrase, given in English with {names} for the values.

        Raises KeyError where the language does not have it.
        """
        table = _TABLES.get(self.language)
        known = phrase if table is None else table[phrase]
        return known.format(**values) if values else known

    def say_known(self, words: str) -> str:
        """Say words that may be a fixed phrase; others are somebody's own and stay as they are."""
        table = _TABLES.get(self.language, {})
        return table.get(words, words)

    def reworded(self, words: str) -> str:
        """Say words that the composer put together in English of parts, dates among them."""
        if self.language is Language.SPANISH:
            for pattern, spanish in PATTERNS:
                words = re.sub(pattern, spanish, words)
            words = _ENGLISH_TIME.sub(_spanish_again, words)
            return _ENGLISH_DAY.sub(_spanish_day_again, words)
        return words

    def counted(self, number: int, one: str, many: str) -> str:
        """Say how many: `one` and `many` are phrases with {n}."""
        return self.say(one if number == 1 else many, n=f"{number:,}")

    def listed(self, names: tuple[str, ...], most: int) -> str:
        """Name the first ones, and count the rest: "A, B and 3 more"."""
        named = ", ".join(names[:most])
        left = len(names) - most
        return self.say("{named} and {n} more", named=named, n=left) if left > 0 else named

    def spoken(
        self,
        moment: datetime,
        timezone: str,
        *,
        all_day: bool = False,
        now: datetime | None = None,
    ) -> str:
        """Say a time with its weekday and zone; this year is left out where `now` is given."""
        if self.language is Language.SPANISH:
            return _spanish_time(local(moment, timezone), all_day=all_day, now=now)
        return wording.spoken(moment, timezone, all_day=all_day, now=now)

    def hearing_time(self, hearing: Hearing, now: datetime | None = None) -> str:
        """Say when a hearing is, in the publisher's words where those are all there is."""
        if hearing.starts is None:
            return hearing.said
        return self.spoken(hearing.starts, hearing.timezone, all_day=hearing.all_day, now=now)

    def countdown(self, hearing: Hearing, now: datetime) -> str:
        """Say how far ahead a hearing lies: "tomorrow", "in 3 days"; "" once it is over."""
        left = time_left(hearing, now)
        if left is None:
            return ""
        days, hours = left
        named = {0: self.say("today"), 1: self.say("tomorrow")}.get(days, "")
        if hours:
            return f"{named}, {self.counted(hours, 'in {n} hour', 'in {n} hours')}"
        return named or self.say("in {n} days", n=days)

    def day(self, day: date) -> str:
        """Say a day of the year in short: "Nov 16", "16 nov"."""
        if self.language is Language.SPANISH:
            return f"{day.day} {MONTHS[day.month - 1][:3]}"
        return f"{day:%b} {day.day}"

    def span(self, first: date, last: date) -> str:
        """Say a span of days with its year: "Nov 16 to 22, 2026", "Dec 28, 2026 to Jan 3, 2027"."""
        if self.language is Language.SPANISH:
            return _spanish_span(first, last)
        if first == last:
            return f"{self.day(first)}, {first.year}"
        year = f", {first.year}" if first.year != last.year else ""
        end = str(last.day) if (first.year, first.month) == (last.year, last.month) else ""
        return f"{self.day(first)}{year} to {end or self.day(last)}, {last.year}"

    def stage(self, stage: Stage, type_: ItemType) -> str:
        """Say a stage in plain words."""
        return self.say(stage_words(stage, type_))

    def type(self, type_: ItemType) -> str:
        """Say what sort of thing it is."""
        return self.say(wording.TYPES[type_])

    def direction(self, direction: Direction) -> str:
        """Say which way a matter goes; "" where its text does not tell."""
        said = wording.DIRECTIONS.get(direction, "")
        return self.say(said) if said else ""

    def date_kind(self, kind: str) -> str:
        """Say what sort of date it is: "Hearing", "Comments due"."""
        return self.say(wording.HEARINGS.get(kind, "Date"))

    def place(self, jurisdiction: str) -> str:
        """Name a jurisdiction; names of places and courts are the same in every language."""
        return self.say_known(label(jurisdiction)) if jurisdiction else ""


ENGLISH = Tongue()
SPANISH = Tongue(Language.SPANISH)


def tongue_of(language: Language) -> Tongue:
    """Return who speaks a language."""
    return {Language.ENGLISH: ENGLISH, Language.SPANISH: SPANISH}[language]


def _spanish_time(there: datetime, *, all_day: bool, now: datetime | None) -> str:
    """Say "martes 24 de noviembre de 2026, 10:00 a. m. EST"."""
    year = "" if now and now.year == there.year else f" de {there.year}"
    month = MONTHS[there.month - 1]
    said = f"{WEEKDAYS[there.weekday()]} {there.day} de {month}{year}"
    if all_day:
        return said
    half = "a. m." if there.hour < _NOON else "p. m."
    zone = there.tzname() or ""
    return f"{said}, {there.hour % _NOON or _NOON}:{there:%M} {half} {zone}".rstrip()


def _spanish_day_again(found: re.Match[str]) -> str:
    """Say a day anew that was said in English as "Nov 3"."""
    month = MONTHS[_MONTHS.index(found["month"])]
    return f"desde el {found['day']} de {month}"


def _spanish_again(found: re.Match[str]) -> str:
    """Say a time anew that was said in English."""
    day = datetime.strptime(found["day"], "%a, %b %d, %Y").replace(tzinfo=UTC)
    said = _spanish_time(day, all_day=True, now=None)
    half = {"am": "a. m.", "pm": "p. m.", None: ""}[found["half"]]
    return f"{said}, {found['clock']} {half} {found['zone']}" if half else said


def _spanish_span(first: date, last: date) -> str:
    end = f"{last.day} de {MONTHS[last.month - 1]} de {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"del {first.day} al {end}"
    year = f" de {first.year}" if first.year != last.year else ""
    return f"del {first.day} de {MONTHS[first.month - 1]}{year} al {end}"
