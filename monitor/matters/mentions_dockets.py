"""Reads cases out of text: a docket number, and the court that is named beside it.

    No. 1:25-cv-02757 (N.D. Cal.)          in the Northern District of Illinois, case 1:25-cv-…
    Case No. 25-1234 (9th Cir.)            Supreme Court, No. 25A169
    https://www.courtlistener.com/docket/69577100/larch-county-v-noem/

One number stands in many courts. A district court's number without a court has the scope "", which
means: this case, if one court alone has it among the known ones; it needs its office ("1:"), which
state courts do not write. Other numbers need their court.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice

from monitor import jurisdictions
from monitor.identifiers import docket
from monitor.jurisdictions import Court, CourtKind
from monitor.matters.mentions_places import Found, Place
from monitor.models import Identifier, ItemType

_MOST = 40
# How far from its number a court may be named.
_BEFORE, _AFTER = 220, 110
# Where an item of a court gives its own number.
_HEAD = 1_500
_COURT_ITEMS = frozenset({ItemType.DOCKET_CAPTION, ItemType.DOCKET_ENTRY, ItemType.OPINION})
_BANKRUPT = frozenset(("bk", "ap"))

_DISTRICT = re.compile(
    r"(?<![\w:$.-])(?P<office>\d{1,2}:)?(?P<year>\d{2}|20\d{2})[-\u2013]?(?P<type>cv|cr|mc|md|mj|ap|bk)[-\u2013]?"
    r"(?P<number>\d{1,6})"
    r"(?![\d])",
    re.IGNORECASE,
)
_HIGHER = re.compile(r"(?<![\w:$.-])\d{2}(?:-\d{2,5}|[AM]\d{1,4})(?![\w-])")
# What calls a number a case's; an application to the Supreme Court (25A169) needs no word.
_CALLED = re.compile(r"(?:\b(?:N[oO][sS]?\.|[Nn]umbers?|[Dd]ocket:?|[Cc]ase:?)|#)\s{0,2}$")
_WORD = 10
_OTHERS = re.compile(
    r"\b(?:appeal of|related to|consolidated with|see also|cf\.)\s*$", re.IGNORECASE
)
_LINK = re.compile(r"\bcourtlistener\.com/docket/(?P<id>\d{3,12})\b")
_PARTS = {
    "northern": "N", "southern": "S", "eastern": "E", "western": "W", "middle": "M", "central": "C",
}  # fmt: skip
_COURT = re.compile(
    r"\b(?P<part>Northern|Southern|Eastern|Western|Middle|Central)\s+District\s+of\s+"
    r"(?P<where>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)"
    r"|\bDistrict\s+(?:Court,?\s+)?(?:for\s+(?:the\s+)?)?(?:District\s+)?of\s+"
    r"(?P<whole>Columbia|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)(?!\s+v\.)"
    r"|\b(?P<letters>[NSEWMC]\.\s?D\.|D\.)\s?"
    r"(?P<short>D\.?\s?C\.|[A-Z][a-z]+\.?(?:\s[A-Z][a-z]+\.?)?|[A-Z]\.\s?[A-Z]\.)"
    r"|\b(?P<slug>[NSEWMC]D)\s?(?P<code>[A-Z]{2})\b"
    r"|\b(?P<nth>\d{1,2})(?:st|nd|rd|th|d)\s+(?:U\.S\.\s+)?Cir(?:cuit\b|\.)"
    r"|\b(?P<word>First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Federal"
    r"|D\.?\s?C\.?|District of Columbia)\s+Cir(?:cuit\b|\.)"
    r"|\bCourt of (?P<special>International Trade|Federal Claims)\b"
    r"|(?P<other>\b(?:Superior|County|Municipal|Immigration|State Supreme|Appellate) Court"
    r"|\bSupreme Court of (?!the United)|\bCourt of Common Pleas|\bJudicial Circuit"
    r"|\bCircuit Court (?:of|for)|\bDistrict Court of Appeal)"
    r"|(?P<highest>\bSupreme Court of the United States|\bSCOTUS\b|\bU\.?S\.? Supreme Court"
    r"|(?<!State )\bSupreme Court\b(?! of))"
)
_SINGLE = {"International Trade": "cit", "Federal Claims": "uscfc"}
_NTH = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
    "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10", "eleventh": "11",
}  # fmt: skip
_ADJACENT = re.compile(
    r"[\s,(\[;:]*(?:Court:?\s*)?(?:(?:U\.?S\.? )?District Court,?\s*)?(?:in (?:the )?)?"
)
_LONGEST_GAP = 40


def dockets(text: str, field: str, place: Place) -> Iterator[Found]:
    """Yield the cases whose number, or whose page at CourtListener, a text gives."""
    for found in _LINK.finditer(text):
        own = Identifier("courtlistener_docket", "courtlistener", found["id"])
        yield Found(own, field, found.start(), found.end(), found.group())
    for found in islice(_DISTRICT.finditer(text), _MOST):
        court = _court_of(text, found, place)
        if court is None and ":" not in found.group():
            continue
        parts = (found["year"], found["type"], found["number"])
        named = docket(court.id if court else "", (found["office"] or "") + "-".join(parts))
        if named is not None:
            yield Found(named, field, found.start(), found.end(), found.group())
    for found in islice(_HIGHER.finditer(text), _MOST):
        named = _higher(text, field, found, place)
        if named is not None:
            yield Found(named, field, found.start(), found.end(), found.group())


def court_named(said: str) -> Court | None:
    """Find the federal court that a text names first: "District Court, N.D. Illinois"."""
    found = _COURT.search(said)
    return _court(found) if found else None


def _court_of(text: str, found: re.Match[str], place: Place) -> Court | None:
    """Find the court of a number of a court of first instance."""
    others = _OTHERS.search(text[max(0, found.start() - 30) : found.start()])
    kinds = {CourtKind.BANKRUPTCY} if found["type"].lower() in _BANKRUPT else _FIRST
    here = place.court
    is_head = place.type in _COURT_ITEMS and found.start() < _HEAD and not others
    if is_head and here and here.kind in kinds:
        return here
    near = _near(text, found.start(), found.end())
    if near is None or near.kind not in _FIRST:
        return None
    if kinds is _FIRST:
        return near
    return jurisdictions.court(f"{near.id.removesuffix('d')}b")


_FIRST = frozenset({CourtKind.DISTRICT, CourtKind.SPECIAL})
_ABOVE = frozenset({CourtKind.APPELLATE, CourtKind.SUPREME})


def _higher(text: str, field: str, found: re.Match[str], place: Place) -> Identifier | None:
    number = found.group()
    supreme = number[2] in "AM"
    here = place.court if place.type in _COURT_ITEMS and found.start() < _HEAD else None
    before = text[max(0, found.start() - _WORD) : found.start()]
    is_head = field == "title" and here is not None and (not before or before.endswith(", "))
    if number[2] != "A" and not (is_head or _CALLED.search(before)):
        return None
    if is_head and here and here.kind is CourtKind.BANKRUPTCY:
        return docket(here.id, number)
    near = _near(text, found.start(), found.end())
    for court in (near, here):
        if court and court.kind in _ABOVE and (court.kind is CourtKind.SUPREME or not supreme):
            return docket(court.id, number)
    return None


def _near(text: str, start: int, end: int) -> Court | None:
    """Find the court named right behind a number, else the last before it, else the next.

    A court that is none of the federal ones hides those before it.
    """
    behind = text[end : end + _AFTER].partition("\n")[0]
    first = _COURT.search(behind)
    after = _court(first) if first else None
    if first and after and _ADJACENT.fullmatch(behind[: first.start()]):
        return after
    before = text[max(0, start - _BEFORE) : start].rpartition("\n")[2]
    named = list(_COURT.finditer(before))
    if named:
        return _court(named[-1])
    is_near = first is not None and first.start() <= _LONGEST_GAP
    return after if is_near else None


def _court(found: re.Match[str]) -> Court | None:
    if found["other"]:
        return None
    if found["highest"] or found["special"]:
        return jurisdictions.court(_SINGLE.get(found["special"] or "", "scotus"))
    if found["nth"] or found["word"]:
        word = (found["word"] or "").lower().replace(" ", "").replace(".", "")
        nth = found["nth"] or _NTH.get(word, "dc" if word.startswith("d") else "fc")
        return jurisdictions.court(f"ca{nth}")
    if found["slug"]:
        return _districts().get(f"{found['slug'][0]}|{_codes().get(found['code'], '')}")
    if found["part"] or found["whole"]:
        part = _PARTS.get((found["part"] or "").lower(), "")
        return _longest(part, found["where"] or found["whole"])
    letters = found["letters"].replace(".", "").replace(" ", "")
    return _longest(letters.removesuffix("D"), found["short"])


def _longest(part: str, where: str) -> Court | None:
    """Look up a district by the longest of its words that name a state: "Illinois Eastern"."""
    words = where.split()
    for count in range(len(words), 0, -1):
        place = re.sub(r"[\s.]", "", " ".join(words[:count])).casefold()
        found = _districts().get(f"{part}|{place}")
        if found:
            return found
    return None


@cache
def _codes() -> Mapping[str, str]:
    """Map two capitals to what districts are called: "CA" to "california"."""
    return {
        code.upper(): re.sub(r"\s", "", jurisdictions.label(jurisdictions.ocd(code))).casefold()
        for court in jurisdictions.courts().values()
        if court.kind is CourtKind.DISTRICT
        for code in court.states
    }


@cache
def _districts() -> Mapping[str, Court]:
    """Map "N|cal", "N|california", "|mass", "|columbia" to the district courts."""
    found: dict[str, Court] = {}
    for court in jurisdictions.courts().values():
        if court.kind is not CourtKind.DISTRICT:
            continue
        letters, _, short = court.short.partition("D.")
        place = court.name.rpartition("District of ")[2]
        for name in (short, place):
            found[f"{letters.strip(' .')}|{re.sub(r'[^a-z]', '', name.casefold())}"] = court
    found["|columbia"] = found["|dc"] = jurisdictions.courts()["dcd"]
    return found
