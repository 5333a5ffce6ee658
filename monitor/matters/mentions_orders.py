"""Reads executive orders, rules and council files out of text.

    Executive Order 14159, EO 14287                    the President: five digits
    Executive Order 2026-03, 2025-EO-051, EO 267       a governor or mayor: the item's own, or named
    2025-02006 (with "FR Doc."), RIN 1653-AA90, USCIS-2025-0004
    Council File 25-0002-S62, Int. No. 1412-2025, Res 0391-2026, File #26-0123,
    Ordinance No. 2026-14, SO2025-0012345

Citations of the Federal Register by page ("90 FR 8443") are left out: short notices share a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice

from monitor import jurisdictions
from monitor.identifiers import council_file, executive_order, fr_document, rin
from monitor.matters.mentions_places import US, Found, Place, around, state_beside, state_id
from monitor.models import Identifier, ItemType

_MOST = 40
_WORD = 12
_PRESIDENTS_FIRST = 5

_ORDER = re.compile(
    r"(?:\b(?:[Ee]xecutive|EXECUTIVE)\s+(?:[Oo]rders?|ORDERS?)|(?<![\w.-])E\.?O\.?)"
    r"\s?(?:(?:[Nn]umber|NUMBER|[Nn]os?\.?|NO\.?|\#)\s?)?:?\s?"
    r"(?P<number>\d{2}\.\d{2}\.20\d\d\.\d{2}|[A-Z]\s20\d\d\s\d{3}|\d{2},\d{3}|(?:19|20)\d\d-\d{1,4}|\d{2}-\d{1,4}|\d{1,5}(?:\.\d{1,3})?)"
    r"(?:\s+[Oo]f\s+(?P<of>20\d\d))?"
    r"(?![\w%]|[.,-]\d)"
)
_EMERGENCY = re.compile(r"\bemergency\s+$", re.IGNORECASE)
_NYC_STYLE = re.compile(
    r"(?<![\w-])(?P<year>20\d\d)-(?P<kind>E?EO)-(?P<number>\d{1,4}(?:\.\d{1,3})?)(?![\w-])"
)
_MORE_ORDERS = re.compile(r"\s*(?:,\s*(?:and\s+)?|and\s+|&\s*)(?P<number>1[0-9]\d{3})(?!\d|[.,]\d)")
_MAYOR = re.compile(r"\b(?:Mayor|MAYOR|County (?:Executive|Mayor))\b")
_GOVERNOR = re.compile(r"\b(?:Governor|GOVERNOR|Gov\.)")
_OWN_ORDERS = frozenset({ItemType.EXECUTIVE_ORDER, ItemType.PRESS_RELEASE})

_FR = re.compile(
    r"\bFR\s?Doc(?:ument|\.)?\s?(?:No\.?|Number)?:?\s?(?P<said>(?:C\d-)?(?:20\d\d-\d{4,5}|E\d-\d{3,5}))(?!\d)"
    r"|\bfederalregister\.gov/(?:documents/\d{4}/\d\d/\d\d/|d/|public-inspection/)(?P<link>(?:C\d-)?20\d\d-\d{4,5})(?!\d)"
    r"|\b[Dd]ocument (?:[Nn]umber|[Nn]o\.?):?\s?(?P<number>20\d\d-\d{5})(?![\d-])"
)
_RIN = re.compile(r"\bRIN:?\s?(?:No\.?:?\s?)?(\d{4}-?[A-Z]{2}\d{2})\b")
# A docket of regulations.gov ("USCIS-2025-0004"), not a city's study ("ENV-2017-2261").
_RULEMAKING = re.compile(
    r"(?<![\w-])(?<!- )([A-Z]{2,8}(?:-[A-Z]{2,8}){0,2}-20\d\d-\d{4})(?=-\d{4}\b|(?![\w-]))"
)
_LOCAL_STUDIES = re.compile(r"^(?:ENV|CEQA|EIR|SCH|CPC|ZA|DIR|VTT|AA)-")

_NUMBERED = r"(?:[Nn]os?\.?|[Nn]umber|NO\.?|#)"
_LA_FILE = re.compile(
    r"\b(?:[Cc]ouncil\s[Ff]ile|COUNCIL\sFILE|C\.?F\.?)\s?"
    rf"{_NUMBERED}?:?\s?(?P<number>\d{{2}}-\d{{4}}(?:-S\d{{1,3}})?)(?![\w-])"
)
_NYC_FILE = re.compile(
    rf"\b(?P<kind>Int(?:ro(?:duction)?)?|INT|Res|RES)\b\.?\s?{_NUMBERED}?\s?"
    r"(?P<number>\d{1,4})(?:-[A-D])?(?:-(?P<year>(?:19|20)\d\d))?(?:-[A-D])?(?![\w-]|[.,]\d)"
)
# A substitute bears an S in front.
_CHICAGO_FILE = re.compile(r"(?<![\w-])S?(?P<number>(?:O|R|Or|A|F|C|CL|M)20\d\d-\d{3,7})(?![\w-])")
_OWN_FILE = re.compile(
    rf"\b(?:[Ff]ile|FILE|[Mm]atter)\s?(?:{_NUMBERED}|ID:?)\s?:?\s?"
    r"(?P<number>(?:[A-Z]{1,4}[- ]?)?\d{2,7}(?:-\d{1,6})?)(?![\w-])"
)
_OWN_ACT = re.compile(
    r"\b(?P<kind>[Oo]rdinance|ORDINANCE|[Rr]esolution|RESOLUTION|Bill)\s"
    rf"{_NUMBERED}\s?(?P<number>(?:\d{{2}}|(?:19|20)\d\d)\s?-\s?\d{{1,5}})(?![\w-])"
)
_LA_HEAD = re.compile(r"(?P<number>\d{2}-\d{4}(?:-S\d{1,3})?)(?=\s|:)")
_LA, _NYC, _CHICAGO = "ca/los_angeles", "ny/new_york", "il/chicago"
_CITIES = {
    _LA: re.compile(r"\bLos Angeles\b"),
    _NYC: re.compile(r"\bNew York City\b|\bNYC\b"),
    _CHICAGO: re.compile(r"\bChicago\b"),
}
_CITY_FILES = ((_LA, _LA_FILE), (_NYC, _NYC_FILE), (_CHICAGO, _CHICAGO_FILE))


def orders(text: str, field: str, place: Place) -> Iterator[Found]:
    """Yield the executive orders that a text names, each at its own level of government."""
    for found in islice(_ORDER.finditer(text), _MOST):
        named = _order(text, found, place)
        if named is not None:
            yield Found(named, field, found.start(), found.end(), found.group())
            yield from _more(text, found, field, named)
    if place.jurisdiction != jurisdictions.ocd(_NYC):
        return
    for found in _NYC_STYLE.finditer(text):
        is_emergency = found["kind"] == "EEO"
        named = _local(place.jurisdiction, found["number"], found["year"], is_emergency)
        yield Found(named, field, found.start(), found.end(), found.group())


def _more(text: str, found: re.Match[str], field: str, named: Identifier) -> Iterator[Found]:
    """Yield what follows in "Executive Orders 14159 and 14287"."""
    end = found.end()
    while named.scope == US and (more := _MORE_ORDERS.match(text, end)):
        end = more.end()
        also = executive_order(US, more["number"])
        if also is not None:
            yield Found(also, field, more.start("number"), end, more["number"])


def _order(text: str, found: re.Match[str], place: Place) -> Identifier | None:
    number = found["number"].replace(",", "")
    before = text[max(0, found.start() - _WORD) : found.start()]
    is_emergency = _EMERGENCY.search(before) is not None
    if len(number) == _PRESIDENTS_FIRST and number.isdigit():
        is_presidents = number.startswith("1") and not is_emergency
        return executive_order(US, number) if is_presidents else None
    if number.isdigit() and len(number) == len("2026") and number.startswith("20"):
        return None
    scope = _issuer(text, found, place)
    return _local(scope, number, found["of"] or "", is_emergency) if scope else None


def _local(scope: str, number: str, year: str, emergency: bool) -> Identifier:
    """Name a governor's or mayor's order: emergency orders are counted apart, and every year."""
    is_plain = number.count(".") <= 1 and number[0].isdigit()
    parts = number.split(".") if is_plain else ()
    plain = ".".join(part.lstrip("0") or "0" for part in parts) or number
    value = f"EMERGENCY {plain}" if emergency else plain
    return Identifier("executive_order", f"{scope}/{year}" if year else scope, value)


def _issuer(text: str, found: re.Match[str], place: Place) -> str:
    """Say whose order it is: the mayor's or the governor's whom the words before name."""
    before, behind = around(text, found.start(), found.end())
    beside = state_beside(before, behind)
    last = {
        name: max((one.start() for one in form.finditer(before)), default=-1)
        for name, form in (("mayor", _MAYOR), ("governor", _GOVERNOR))
    }
    who = max(last, key=lambda name: last[name]) if max(last.values()) >= 0 else ""
    if beside and who != "mayor":
        return state_id(beside)
    if who == "mayor":
        return place.jurisdiction if place.local else ""
    if who == "governor":
        return state_id(place.state) if place.state else ""
    is_own = place.type in _OWN_ORDERS and place.state and not place.court
    return place.jurisdiction if is_own else ""


def rules(text: str, field: str, place: Place) -> Iterator[Found]:
    """Yield documents of the Federal Register, rulemakings by RIN, and by docket."""
    del place
    for found in _FR.finditer(text):
        named = fr_document(found["said"] or found["link"] or found["number"])
        if named is not None:
            yield Found(named, field, found.start(), found.end(), found.group())
    for found in _RIN.finditer(text):
        named = rin(found[1])
        if named is not None:
            yield Found(named, field, found.start(), found.end(), found.group())
    for found in _RULEMAKING.finditer(text):
        if not _LOCAL_STUDIES.match(found[1]):
            named = Identifier("rulemaking", "us", found[1])
            yield Found(named, field, found.start(), found.end(), found.group())


def files(text: str, field: str, place: Place) -> Iterator[Found]:
    """Yield council files of the item's own city, and those of a city that the text names."""
    if field == "title" and place.jurisdiction == _ids()[_LA]:
        head = _LA_HEAD.match(text)
        if head:
            yield from _file(place.jurisdiction, head["number"], field, head)
    for city, form in _CITY_FILES:
        scope = _city(text, place, city)
        for found in islice(form.finditer(text) if scope else (), _MOST):
            if city == _NYC:
                yield from _of_nyc(scope, field, found)
            else:
                yield from _file(scope, found["number"], field, found)
    if place.local and place.jurisdiction not in _ids().values():
        yield from _own_files(text, field, place.jurisdiction)


def _own_files(text: str, field: str, scope: str) -> Iterator[Found]:
    """Read the forms that many councils share."""
    for found in islice(_OWN_FILE.finditer(text), _MOST):
        yield from _file(scope, found["number"], field, found)
    for found in islice(_OWN_ACT.finditer(text), _MOST):
        number = f"{found['kind'].title()} {''.join(found['number'].split())}"
        yield from _file(scope, number, field, found)


def _of_nyc(scope: str, field: str, found: re.Match[str]) -> Iterator[Found]:
    """Name an introduction, whose year is often left out, or a resolution, whose year never is."""
    kind = "Res" if found["kind"].upper() == "RES" else "Int"
    if found["year"]:
        yield from _file(scope, f"{kind} {found['number']}-{found['year']}", field, found)
    elif found["kind"].startswith("Intro") or found.group().startswith("Int."):
        yield from _file(scope, f"Int {found['number']}", field, found)


def _file(scope: str, number: str, field: str, found: re.Match[str]) -> Iterator[Found]:
    named = council_file(scope, number)
    if named is not None:
        yield Found(named, field, found.start(), found.end(), found.group())


def _city(text: str, place: Place, city: str) -> str:
    """Return the city's id where the item is of it, or names it in its own state or country."""
    scope = _ids()[city]
    if place.local:
        return scope if place.jurisdiction == scope else ""
    if place.state not in {"", city[:2]}:
        return ""
    return scope if _CITIES[city].search(text) else ""


@cache
def _ids() -> Mapping[str, str]:
    return {city: jurisdictions.ocd(city) for city in _CITIES}
