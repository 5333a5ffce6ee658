"""Bills of legislatures: chamber, number and session name one; companions have one text.

A bill that passed from one chamber to the other, or that comes again next session under another
number, is another bill: the same text is told of, never merged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from monitor.matters.language import tokens
from monitor.matters.places import state
from monitor.matters.signatures import hashed, resemblance, sketch_keys, squeezed
from monitor.matters.times import days_apart
from monitor.matters.values import Excerpt, Likeness, reprint, same
from monitor.matters.words import SILENT

# One class for the ways to write it: "H0005" (LegiScan), "HB 5", "H.B. No. 5", "House Bill 5".
_CLASSES = {
    "hb": "h", "h": "h", "house bill": "h", "hf": "h", "house file": "h", "house-bill": "h",
    "sb": "s", "s": "s", "senate bill": "s", "sf": "s", "senate file": "s", "senate-bill": "s",
    "ab": "a", "a": "a", "assembly bill": "a", "ld": "ld", "lb": "lb", "b": "b",
    "hr": "hr", "hres": "hres", "house resolution": "hres", "house-resolution": "hres",
    "sr": "sr", "sres": "sr", "senate resolution": "sr", "senate-resolution": "sr",
    "hjr": "hjr", "hjres": "hjr", "sjr": "sjr", "sjres": "sjr", "hcr": "hcr", "hconres": "hcr",
    "scr": "scr", "sconres": "scr", "house-joint-resolution": "hjr",
    "senate-joint-resolution": "sjr",
    "house-concurrent-resolution": "hcr", "senate-concurrent-resolution": "scr",
    "ar": "ar", "acr": "acr", "ajr": "ajr", "hm": "hm", "sm": "sm", "sp": "sp", "hp": "hp",
}  # fmt: skip
_KIND = (
    # Washington's prefixes say how often a bill was engrossed and substituted: "2ESSB 5486".
    r"(?:\d?e)?(?:\d?s)?[hs]b|(?:house|senate|assembly)\s(?:bill|file|resolution)|"
    r"[hs]\.?\s?(?:con|j)\.?\s?res\.?|[hs]\.?\s?res\.?|"
    r"[hsa]\.?\s?[jc]\.?\s?r\.?|[hsa]\.?\s?[bfrm]\.?|[hs]p|l\.?[db]\.?|[hsab]\.?"
)
_NUMBER = (
    rf"(?P<kind>{_KIND})\s?(?:no\.?\s?|#\s?)?[- ]?0*(?P<number>\d{{1,5}})(?:-?[a-d])?(?![\w-])"
)
_SUBSTITUTE = re.compile(r"(?:\d?e)?(?:\d?s)?[hs]b")
_AHEAD = re.compile(
    rf"^\s*(?:bill (?:text|number)\s*:\s*)?(?:[a-z]{{2}}\s+)?{_NUMBER}", re.IGNORECASE
)
_INSIDE = re.compile(rf"(?<![\w.]){_NUMBER}", re.IGNORECASE)
_PARTS = re.compile(r"Bill type:\s*(?P<kind>\w+)\.\s*Bill number:\s*(?P<number>\d+)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"/(?:bill|bills|text|legislation)/(?:[\w-]+/){0,4}?"
    r"(?P<kind>[a-z]{1,7}|house-[a-z-]+|senate-[a-z-]+)[/-]?0*(?P<number>\d{1,5})(?=[/?#]|$)|"
    r"[/=-](?P<congress>\d{3})(?P<kind2>[a-z]{1,7})(?P<number2>\d{1,5})(?=[/?#]|$)|"
    r"bill_id=\d{4,9}(?P<kind3>[a-z]{1,4})(?P<number3>\d{1,5})",
    re.IGNORECASE,
)
_CONGRESS = re.compile(
    r"country:us/(1[0-2]\d)\b|"
    r"\b(1[0-2]\d)(?:th|st|nd|rd)(?:[ -]congress|\))|congress:\s*(1[0-2]\d)\b|/us(1[0-2]\d)/|"
    r"[/-](1[0-2]\d)(?:hr|s|hres|sres)\d",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-\u2013/]\s?((?:19|20)?\d\d)(?!\d)")
_GLUED = re.compile(r"(?<!\d)((?:19|20)\d\d)((?:19|20)\d\d)(?:0(?=[A-Za-z]))?(?!\d)")
_SPECIAL = re.compile(
    r"/(?:19|20)\d\d/(x\d|s\d)\b|"
    r"\b((?:first|second|third|1st|2nd|3rd)? ?(?:special|extraordinary) session)|"
    r"sessiontype=(\d?x)|/(?:19|20)\d{2,6}[-_]?(s\d|x\d)\b",
    re.IGNORECASE,
)
_SESSION_SAID = re.compile(
    r"\(\d{2,3}(?:th|st|nd|rd)[^)]*\)\s*:?|\((?:19|20)\d\d(?:-(?:19|20)?\d\d)?\)"
)
_YEAR = re.compile(r"(?:/|year=|session=)((?:19|20)\d\d)(?=[/&?#\s]|$)", re.IGNORECASE)
_TEXT = 300
_FIRST_CONGRESS = 1789
_NEAR = 400
_COMMON_TITLE, _MODEL_TITLE = 3, 10
_LIKE = 0.8
_PREFIX = 60


@dataclass(frozen=True, slots=True)
class Bill:
    """What is read of a bill.

    number: class of chamber and number, "h32"; "" where none was found.
    session: the years that the publisher names; empty where it names none; special: which special
    session, "" for a regular one.
    """

    state: str
    number: str
    session: frozenset[int]
    special: str
    title: str
    words: int
    text: str
    published: datetime | None


def read_bill(part: Excerpt) -> Bill:
    """Read a bill's number and session out of its names, words and address."""
    where = state(part.jurisdiction) or "us"
    number, title = _number_of(part, where)
    telling = [word for word in tokens(title) if word not in SILENT and not word[0].isdigit()]
    return Bill(
        state=where,
        number=number,
        session=_session_of(part, where),
        special=_special_of(part),
        title=squeezed(title),
        words=len(set(telling)),
        text=part.text,
        published=part.published,
    )


def bill_keys(bill: Bill) -> tuple[str, ...]:
    """Return the keys of a bill: its number, its title, its text."""
    found = [f"b:{bill.state}:{bill.number}"] if bill.number else []
    if bill.words >= _COMMON_TITLE:
        found.append(f"bt:{bill.title[:_PREFIX]}")
    return (*map(hashed, found), *sketch_keys(bill.text))


def compare_bills(one: Bill, other: Bill) -> Likeness | None:
    """Say whether two items are one bill, or two bills of one text."""
    if one.state == other.state and one.number and one.number == other.number:
        return same(f"one bill, {one.number} of one session") if _one_session(one, other) else None
    return _companion(one, other)


def _companion(one: Bill, other: Bill) -> Likeness | None:
    """Compare the words of two bills: companions, bills that come again, model bills."""
    if not one.number or not other.number:
        return None
    where = "the same state" if one.state == other.state else "another state"
    least = _COMMON_TITLE if one.state == other.state else _MODEL_TITLE
    if min(one.words, other.words) >= least and one.title == other.title:
        return reprint(f"same title in {where}, bills {_both(one, other)}", 0.8)
    alike = resemblance(one.text, other.text)
    if alike >= _LIKE:
        return reprint(f"{alike:.0%} of the text in {where}, another bill", round(alike, 2))
    return None


def _both(one: Bill, other: Bill) -> str:
    return " and ".join(sorted((one.number, other.number)))


def _one_session(one: Bill, other: Bill) -> bool:
    """Say whether two bills of one number are of one session; unknown years go by the dates."""
    if one.special != other.special:
        return False
    if not (one.session or other.session):
        return days_apart(one.published, other.published) <= _NEAR and _year(one) == _year(other)
    return not (one.session or _year(one)).isdisjoint(other.session or _year(other))


def _year(bill: Bill) -> frozenset[int]:
    return frozenset({bill.published.year}) if bill.published else frozenset()


def _number_of(part: Excerpt, where: str) -> tuple[str, str]:
    """Return a bill's number, and the title without it; official names come first."""
    ahead = _AHEAD.match(part.title)
    title = _SESSION_SAID.sub(" ", part.title[ahead.end() :] if ahead else part.title)
    given = next((one.value for one in part.identifiers if one.scheme == "bill"), "")
    if given and (found := _AHEAD.match(given)):
        return _classed(found["kind"], found["number"], where), title
    if ahead:
        return _classed(ahead["kind"], ahead["number"], where), title
    if found := _ADDRESS.search(part.url):
        kind = found["kind"] or found["kind2"] or found["kind3"]
        number = found["number"] or found["number2"] or found["number3"]
        if named := _classed(kind, number, where):
            return named, title
    for pattern, text in ((_INSIDE, part.title), (_PARTS, part.text), (_INSIDE, part.text[:_TEXT])):
        if (found := pattern.search(text)) and (
            named := _classed(found["kind"], found["number"], where)
        ):
            return named, title
    return "", title


def _classed(kind: str, number: str, where: str) -> str:
    """Name a bill by its class and number: "HR" is a bill in Congress alone."""
    plain = re.sub(r"\s+", " ", kind.lower().replace(".", "")).strip()
    plain = plain[-2:] if _SUBSTITUTE.fullmatch(plain) else plain
    name = _CLASSES.get(plain) or _CLASSES.get(plain.replace(" ", ""), "")
    if name == "hr":
        name = "h" if where == "us" else "hres"
    return f"{name}{int(number)}" if name else ""


def _session_of(part: Excerpt, where: str) -> frozenset[int]:
    """Return the years of a session: of its official scope, else as title, text or address say."""
    scope = next((one.scope for one in part.identifiers if one.scheme == "bill"), "")
    said = f"{scope} {part.title} {part.text[:_TEXT]} {part.url}"
    if where == "us":
        found = _CONGRESS.search(said)
        number = next((one for one in found.groups() if one), "") if found else ""
        first = _FIRST_CONGRESS + 2 * (int(number) - 1) if number else 0
        return frozenset({first, first + 1}) if first else frozenset()
    for pattern in (_GLUED, _SPAN):
        if found := pattern.search(said):
            first, last = int(found[1]), int(found[2])
            last = last if len(found[2]) == len(found[1]) else first // 100 * 100 + last
            if first < last <= first + 2:
                return frozenset(range(first, last + 1))
    found = _YEAR.search(f"{scope} {part.url}")
    return frozenset({int(found[1])}) if found else frozenset()


def _special_of(part: Excerpt) -> str:
    scope = next((one.scope for one in part.identifiers if one.scheme == "bill"), "")
    found = _SPECIAL.search(f"{part.title} {part.text[:_TEXT]} {part.url} {scope}")
    return squeezed(next(filter(None, found.groups()))) if found else ""


def bills_conflict(one: Bill, other: Bill) -> str:
    """Return which official mark of two bills differs, "" where none does."""
    if one.state != other.state:
        return "other states"
    if one.number and other.number and one.number != other.number:
        return f"bills {_both(one, other)}"
    return "" if _one_session(one, other) else "other sessions"
