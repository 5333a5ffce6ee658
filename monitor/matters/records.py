"""Council and agenda items: one council file, or one title before committee and full body.

A file number decides. Without one, a title must be the same letter for letter, but for what clerks
put around it (item numbers, "deferred from", "second reading") and where a system cut it off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from monitor.identifiers import council_file_number
from monitor.matters.language import tokens
from monitor.matters.places import named_places, place
from monitor.matters.signatures import hashed, resemblance, sketch_keys, squeezed
from monitor.matters.times import UNKNOWN, days_apart, exactly_one_day, said
from monitor.matters.values import Excerpt, Likeness, reprint, same
from monitor.matters.words import SILENT

# "25-0002-S62: …", "Int 1412-2025: …", "Res. No. 0569-2015 - …", "O2025-0012: …".
_FILE_AHEAD = re.compile(
    r"^\s*(?:(?:council\s+)?file\s*(?:no\.?|number|#)?\s*:?\s*)?"
    r"(?P<number>[A-Z]{0,4}\.?\s?(?:No\.?\s*)?#?\d{2,4}-\d{2,7}(?:-[A-Z]?\d{1,3})?"
    r"|(?:Int|Res|Ord|CF|CB|Bill|LU|SR|SLR|R|O|F|CL|SO|A)\.?\s?(?:No\.?\s*)?\d{2,6}"
    r"(?:-\d{2,7})?(?:-[A-Z]?\d{1,3})?)"
    r"\s*(?::|\s[\u2013\u2014-]\s)\s*(?=\S)",
    re.IGNORECASE,
)
_FILE_LABELLED = re.compile(
    r"\b(?:council\s+)?file\s*(?:#|no\.?|number)?\s*[:#]\s*(?P<number>[A-Z]{0,4}\.?\s?\d[\w-]{2,14})",
    re.IGNORECASE,
)
_LEGISTAR = re.compile(r"/LegislationDetail\.aspx\?(?:[^#]*&)?ID=(\d+)", re.IGNORECASE)
_ITEM_NUMBER = re.compile(
    r"^\s*(?:(?:agenda\s+)?item\s*(?:no\.?|#)?\s*)?"
    r"(?P<number>(?:[A-Z][.-]?)?\d{1,3}(?:[.-]?[a-z])?|[A-Z]|[ivx]{1,5})[.):]\s*"
    r"(?:\(.{1,3}\)\s*)?(?=\S)",
    re.IGNORECASE,
)
_SPONSOR = re.compile(
    r"^\s*(?:sponsors?(?:\(s\))?|introduced by|by)\s*:\s*.{3,120}?"
    r"(?=\b(?:(?:an?\s+)?(?:proposed\s+)?(?:ordinance|resolution)|committee substitute|amending|"
    r"authorizing|approving|requesting|urging|directing)\b)",
    re.IGNORECASE,
)
_COMMITTEE = re.compile(
    r"^(?:(?:sub)?committee on [^\u2014\u2013]{3,90}|[^\u2014\u2013]{3,60} (?:sub)?committee)"
    r"\s+[\u2014\u2013]\s+",
    re.IGNORECASE,
)
# "PROPOSED RESOLUTION A RESOLUTION URGING …", "A resolution urging …".
_ARTICLE = re.compile(
    r"^\s*(?:proposed\s+(?:resolution|ordinance)\s+(?=an?\s))?an?\s+(?=resolution|ordinance|motion)",
    re.IGNORECASE,
)
# What a clerk adds when an item comes back.
_RETURNED = re.compile(
    r"\((?:(?:item )?(?:was )?(?:deferred|continued|held|postponed|carried|referred|tabled|laid)\b"
    r"|to be (?:withdrawn|deferred|continued|held))[^()]{0,60}\)"
    r"|^(?:deferred|continued|held|postponed|carried over) from [^:.]{3,40}[:.]\s"
    r"|\(?\b(?:first|second|third|final|1st|2nd|3rd)\s+reading\b(?:\)|\s*[:.-]|$)",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:\u2026|\.{3})\s*$")
_CUT_LENGTH = 240
_PERIODIC_WORDS = """
annual annually monthly weekly quarterly semiannual yearly renewal renew renewing fiscal
"""
_PERIODIC = frozenset(_PERIODIC_WORDS.split())
_PROCEDURAL_WORDS = """
action actions add additional adjourn adjourned adjournment adjourning administrative adopt
adopted adopting adoption agenda agendas allegiance announcement announcements appointment
appointments approval approve approved approving attendance audience award awards bill bills board
briefing budget business calendar call ceremonial chair citizen citizens city claims clerk closed
closing comment comments commission commissioner commissioners committee committees communication
communications conference consent consideration consider continued council councilmember
councilmembers county court correspondence department discussion election excuse executive file
final finance financial first flag forum future general good hearing hearings informational
information introduction introductions invocation item items journal legal legislative litigation
manager mayor meeting meetings member members message minute minutes miscellaneous motion motions
moment new notice notices officer officers old oath opening order ordinance ordinances
organizational orders other pending petition petitions pledge policy possible prayer presentation
presentations presiding previous proclamation proclamations proposed public purchase questions
quorum reading real receive recess recognition recognitions recommendation recommendations regular
report reports request requests resolution resolutions review roll rules scheduled second session
sessions silence special staff standing state status study submission supervisors third town
unfinished update updates various vote voting warrant warrants welcome work workshop written
january february march april may june july august september october november december
"""
_PROCEDURAL = frozenset(_PROCEDURAL_WORDS.split())
# How many telling words make a title that may stand without dates, that is short, long, a model's.
_TOLD_TITLE, _SHORT_TITLE, _LONG_TITLE, _MODEL_TITLE = 5, 8, 15, 12
_WINDOWS = (75, 180, 330)
_PERIODIC_WINDOW = 14
_LEAST_WORDS = 3
_PREFIX = 60
_BODY = 400
_OTHER_BODY, _MODEL_TEXT = 0.3, 0.75


@dataclass(frozen=True, slots=True)
class Record:
    """What is read of a council's item.

    title: its letters; words: how many words tell something; bare: the title without names of
    places. cut: the system cut the title off. number: of the item on its agenda.
    """

    place: str
    body: str
    file: str
    matter_id: str
    title: str
    bare: str
    words: int
    cut: bool
    periodic: bool
    number: str
    text: str
    published: datetime | None


def read_record(part: Excerpt) -> Record:
    """Read a council's item."""
    title, file = _file_of(part)
    title, number = _core(title)
    words = [word for word in tokens(title) if not word[0].isdigit()]
    telling = {word for word in words if word not in SILENT and word not in _PROCEDURAL}
    legistar = _LEGISTAR.search(part.url)
    return Record(
        place=place(part.jurisdiction) or squeezed(part.office),
        body=squeezed(part.office),
        file=file,
        matter_id=legistar[1] if legistar else "",
        title=squeezed(title),
        bare="".join(word for word in words if (word,) not in named_places()),
        words=len(telling),
        cut=len(title) >= _CUT_LENGTH or bool(_CUT.search(title)),
        periodic=not _PERIODIC.isdisjoint(words),
        number=number,
        text=part.text,
        published=part.published,
    )


def record_keys(record: Record) -> tuple[str, ...]:
    """Return the keys of a council's item: its file, its title here, its text anywhere."""
    found = [f"f:{record.place}:{record.file}"] if record.file else []
    if record.words >= _LEAST_WORDS:
        found.append(f"t:{record.place}:{record.title[:_PREFIX]}")
    if record.words >= _MODEL_TITLE:
        found.append(f"x:{record.bare[:_PREFIX]}")
    return (*map(hashed, found), *sketch_keys(record.text))


def compare_records(one: Record, other: Record) -> Likeness | None:
    """Say whether two council items are one matter, or one text twice."""
    if one.place != other.place:
        return _elsewhere(one, other)
    if one.file and one.file == other.file:
        return same(f"one file number, {one.file}")
    if one.matter_id and one.matter_id == other.matter_id:
        return same("one matter in the council's own system")
    if against := records_conflict(one, other):
        return _again(one, other, against)
    return _by_title(one, other)


def _by_title(one: Record, other: Record) -> Likeness | None:
    days = days_apart(one.published, other.published)
    if min(one.words, other.words) < _LEAST_WORDS or not _same_title(one, other):
        return None
    if _speaks_against(one, other) or not _near(one, other, days):
        return None
    return same(f"same title before one council, {said(days)}", 0.9)


def _again(one: Record, other: Record, why: str) -> Likeness | None:
    alike = min(one.words, other.words) >= _LEAST_WORDS and one.title == other.title
    return reprint(f"same title, {why}", 0.9) if alike else None


def _elsewhere(one: Record, other: Record) -> Likeness | None:
    """Compare items of two places: a model ordinance is told of, never merged."""
    if min(one.words, other.words) >= _MODEL_TITLE and one.bare == other.bare:
        return reprint("same title in another jurisdiction", 0.9)
    alike = resemblance(one.text, other.text)
    if alike >= _MODEL_TEXT:
        return reprint(f"{alike:.0%} of the text stands in another jurisdiction's", round(alike, 2))
    return None


def _same_title(one: Record, other: Record) -> bool:
    if one.title == other.title:
        return True
    shorter, longer = sorted((one, other), key=lambda record: len(record.title))
    return shorter.cut and len(shorter.title) >= _PREFIX and longer.title.startswith(shorter.title)


def _speaks_against(one: Record, other: Record) -> bool:
    """Say whether equal titles stand over different things: two items of one agenda, two texts."""
    one_agenda = exactly_one_day(one.published, other.published) and one.body == other.body
    if one_agenda and one.number and other.number and one.number != other.number:
        return True
    if min(len(one.text), len(other.text)) < _BODY:
        return False
    return 0 < resemblance(one.text, other.text) < _OTHER_BODY


def _near(one: Record, other: Record, days: int) -> bool:
    """Say whether two dates fit: the less a title says, the nearer they must be."""
    words = min(one.words, other.words)
    if days == UNKNOWN:
        undated = one.published is other.published is None
        return words >= (_TOLD_TITLE if undated and not one.periodic else _LONG_TITLE)
    if one.periodic or other.periodic:
        return days <= _PERIODIC_WINDOW
    if words >= _LONG_TITLE:
        return days <= _WINDOWS[2]
    return days <= (_WINDOWS[1] if words >= _SHORT_TITLE else _WINDOWS[0])


def _file_of(part: Excerpt) -> tuple[str, str]:
    """Return a title without its file number, and the number: official, ahead, or labelled."""
    given = next((one.value for one in part.identifiers if one.scheme == "council_file"), "")
    ahead = _FILE_AHEAD.match(part.title)
    title = part.title[ahead.end() :] if ahead else part.title
    if given:
        return title, _file_spelled(given)
    if ahead:
        return title, _file_spelled(ahead["number"])
    labelled = _FILE_LABELLED.search(part.text[:_BODY])
    return title, _file_spelled(labelled["number"]) if labelled else ""


def _file_spelled(text: str) -> str:
    said_so = (council_file_number(text) or text).replace(".", "").replace("NO ", "")
    return re.sub(r"[\s.#]+|(?<=[A-Z])0+(?=\d)", "", said_so)


def _core(title: str) -> tuple[str, str]:
    """Return a title without what clerks put around it, and its number on the agenda."""
    text = _SPONSOR.sub("", title, count=1)
    number = _ITEM_NUMBER.match(text)
    text = text[number.end() :] if number else text
    text = _ARTICLE.sub("", _COMMITTEE.sub("", text, count=1), count=1)
    return _RETURNED.sub(" ", text).strip(), number["number"].casefold() if number else ""


def records_conflict(one: Record, other: Record) -> str:
    """Return which official mark of two council items differs, "" where none does."""
    if one.place != other.place:
        return "other places"
    if one.file and other.file:
        files = " and ".join(sorted((one.file, other.file)))
        return f"files {files}" if one.file != other.file else ""
    differ = one.matter_id and other.matter_id and one.matter_id != other.matter_id
    return "two matters in the council's own system" if differ else ""
