"""Gives official names one spelling: dockets, bills, council files, orders, rules.

A name is unique only within its scope: `1:26-cv-01360` stands in four districts at once, and HB 1
in fifty legislatures. A function that returns None saw no such name; none guesses.
"""

from __future__ import annotations

import re

from monitor.models import Identifier
from monitor.text import fold

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"))

# CM/ECF: office:year-type-number, then initials of judges ("-ABC-DEF") and a defendant ("-1").
_DISTRICT = re.compile(
    r"(?<![\w:-])(?:(?P<office>\d{1,2}):)?(?P<year>\d{2}|(?:19|20)\d{2})-(?P<type>[a-z]{2,4})-"
    r"(?P<number>\d{1,6})(?!\d)",
    re.IGNORECASE,
)
# Supreme Court: applications 25A169, motions 25M12, original 22O155; petitions are plain, 25-123.
_SUPREME = re.compile(r"(?P<year>\d{2})(?P<letter>[AMO])(?P<number>\d{1,4})", re.IGNORECASE)
_PLAIN = re.compile(r"(?P<year>\d{2})-(?P<number>\d{1,6})(?:-[a-z]{2,5}\d?)?", re.IGNORECASE)
_CALLED = re.compile(
    r"^(?:case|civil action|civ\.?(?: a\.?)?|docket|adv\.? proc\.?|appeal|bankr?\.?)?\s*"
    r"(?:numbers?|nos?\.?|#)?[:\s]*",
    re.IGNORECASE,
)


def docket_number(text: str) -> str | None:
    """Find a docket number and return it as courts write it, without judges' initials.

    District and bankruptcy `1:25-cv-02757` (number of five digits, office only where stated);
    appellate `22-1214` and bankruptcy `18-00079` only where they are the whole text but for words
    like "No."; Supreme Court `25A169`.
    """
    said = text.translate(_DASHES).strip()
    found = _DISTRICT.search(said)
    if found:
        office = f"{int(found['office'])}:" if found["office"] else ""
        number = found["number"].zfill(5)
        return f"{office}{found['year'][-2:]}-{found['type'].lower()}-{number}"
    rest = _CALLED.sub("", said, count=1).strip()
    found = _SUPREME.fullmatch(rest)
    if found:
        return f"{found['year']}{found['letter'].upper()}{int(found['number'])}"
    found = _PLAIN.fullmatch(rest)
    return f"{found['year']}-{found['number']}" if found else None


def docket_core(number: str) -> str:
    """Return a docket number without office and leading zeros, for comparing within one court.

    `1:25-cv-02757`, `25-cv-2757` and `2:25-cv-02757-ABC` become `25-cv-2757`.
    """
    plain = (docket_number(number) or number).lower().rpartition(":")[2]
    head, dash, tail = plain.rpartition("-")
    return f"{head}{dash}{tail.lstrip('0') or '0'}"


def docket(court: str, text: str) -> Identifier | None:
    """Name a case: `court` is its CourtListener or PACER id (cand, ca9, scotus)."""
    number = docket_number(text)
    return Identifier("docket", court.lower(), number) if number else None


_CHAMBERS = (
    (re.compile(r"house\s+concurrent\s+resolution", re.IGNORECASE), "HCR"),
    (re.compile(r"senate\s+concurrent\s+resolution", re.IGNORECASE), "SCR"),
    (re.compile(r"house\s+joint\s+resolution", re.IGNORECASE), "HJR"),
    (re.compile(r"senate\s+joint\s+resolution", re.IGNORECASE), "SJR"),
    (re.compile(r"house\s+resolution", re.IGNORECASE), "HR"),
    (re.compile(r"senate\s+resolution", re.IGNORECASE), "SR"),
    (re.compile(r"assembly\s+bill", re.IGNORECASE), "AB"),
    (re.compile(r"house\s+bill", re.IGNORECASE), "HB"),
    (re.compile(r"senate\s+bill", re.IGNORECASE), "SB"),
    (re.compile(r"house\s+file", re.IGNORECASE), "HF"),
    (re.compile(r"senate\s+file", re.IGNORECASE), "SF"),
    (re.compile(r"legislative\s+document", re.IGNORECASE), "LD"),
)
_BILL = re.compile(
    r"(?P<chamber>[A-Z](?:[\s.]*[A-Z]){0,6}?)[\s.]*(?:No\.?|#)?[\s.-]*"
    r"(?:(?P<session>\d{2})-)?(?P<number>\d{1,6})(?:-?(?P<print>[A-Z]))?",
    re.IGNORECASE,
)


def bill_number(text: str) -> str | None:
    """Return a bill's number as "HB 1234", without leading zeros; None where it is none.

    Reads "H.B. 1234", "HB01234", "House Bill No. 1234", "H. Con. Res. 5" ("HCONRES 5"), New York's
    "S01234A" with its print: "S 1234-A", and numbers that hold their session, as in Colorado and
    the District of Columbia: "HB25-1276" becomes "HB 25-1276".
    """
    said = " ".join(text.translate(_DASHES).split())
    for words, short in _CHAMBERS:
        said = words.sub(short, said, count=1)
    found = _BILL.fullmatch(said)
    if not found:
        return None
    chamber = re.sub(r"[\s.]", "", found["chamber"]).upper().removesuffix("NO")
    letter = f"-{found['print'].upper()}" if found["print"] else ""
    session = f"{found['session']}-" if found["session"] else ""
    return f"{chamber} {session}{int(found['number'])}{letter}" if chamber else None


def bill(jurisdiction: str, session: str, text: str) -> Identifier | None:
    """Name a bill; the scope is "jurisdiction/session" ("…/state:ca" with "20252026")."""
    number = bill_number(text)
    scope = f"{jurisdiction}/{session}" if session else jurisdiction
    return Identifier("bill", scope, number) if number else None


_PREFIXED = re.compile(
    r"(?P<prefix>[A-Z]+)\.?\s*(?:No\.?|#)?\s*(?P<number>\d+)(?P<rest>.*)", re.IGNORECASE
)


def council_file_number(text: str) -> str | None:
    """Return a council's file number in one spelling: "25-0002-S62", "INT 214-2024".

    Capitals, single spaces, plain dashes; leading zeros go only behind a word, where some systems
    pad ("Int 0214-2024") and others do not.
    """
    said = " ".join(text.translate(_DASHES).upper().replace("#", " ").split())
    said = said.removeprefix("COUNCIL FILE").removeprefix("FILE").lstrip(" :.")
    said = re.sub(r"^(?:NUMBER|NO)\b[.:\s]*", "", said)
    if not any(map(str.isdigit, said)):
        return None
    found = _PREFIXED.fullmatch(said)
    if found and not re.match(r"[A-Z]+\d", said):
        return f"{found['prefix']} {int(found['number'])}{found['rest'].rstrip()}"
    return said


def council_file(jurisdiction: str, text: str) -> Identifier | None:
    """Name a council's matter by its file number; the scope is the jurisdiction."""
    number = council_file_number(text)
    return Identifier("council_file", jurisdiction, number) if number else None


_ORDER = re.compile(
    r"(?:executive\s+orders?|e\.?\s?o\.?)?\s*(?:numbers?|nos?\.?|#)?\s*(?P<number>\d{1,6}(?:[-.]\d{1,4})?|\d{4}-\d{1,4})",
    re.IGNORECASE,
)


def executive_order(jurisdiction: str, text: str) -> Identifier | None:
    """Name an executive order: "Executive Order 14159", "E.O. No. 14,159", "2025-03"."""
    said = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.translate(_DASHES)).strip()
    found = _ORDER.fullmatch(said)
    if not found:
        return None
    number = found["number"]
    return Identifier("executive_order", jurisdiction, number.lstrip("0") or "0")


_FR_DOCUMENT = re.compile(r"(?:[A-Z]\d?-)?(?:\d{4}|\d{2}|E\d|Z\d)-\d{2,6}", re.IGNORECASE)
_RIN = re.compile(r"\b(\d{4})-?([A-Z]{2}\d{2})\b", re.IGNORECASE)


def fr_document(text: str) -> Identifier | None:
    """Name a Federal Register document: "2025-02006", "E9-12345", corrections "C1-2025-02006"."""
    said = re.sub(
        r"^FR\s*Doc\.?\s*(?:No\.?)?[:\s]*", "", text.translate(_DASHES).strip(), flags=re.IGNORECASE
    )
    found = _FR_DOCUMENT.fullmatch(said)
    return Identifier("fr_document", "us", said.upper()) if found else None


def rin(text: str) -> Identifier | None:
    """Name a rulemaking by its Regulation Identifier Number: "RIN 1653-AA90"."""
    found = _RIN.search(text.translate(_DASHES))
    return Identifier("rin", "us", f"{found[1]}-{found[2].upper()}") if found else None


_SHERIFF = re.compile(r"\bsheriffs?\b(?: (?:office|department))?")
_AGENCY_WORDS = {
    "dept": "department", "depart": "department", "co": "county", "ft": "fort", "mt": "mount",
    "saint": "st", "doc": "department of corrections", "pd": "police department",
    "constables": "constable", "so": "sheriff", "bocc": "board of county commissioners",
    "twp": "township",
}  # fmt: skip
_NO_COUNTY = re.compile(r"#?n/?a|none|-+|link pending|pending|county|")
_COUNTY_UNIT = re.compile(r" (?:county|parish|borough|co)$")


def even_agency(said: str) -> str:
    """Even out an agency's name: "Dept." and "Department", "Sheriffs Office" and "Sheriff's"."""
    folded = fold(said).replace("'", "").replace("&", " and ").replace("#na", " ")
    words = re.sub(r"[^\w\s]", " ", folded).split()
    plain = " ".join(_AGENCY_WORDS.get(word, word) for word in words)
    return _SHERIFF.sub("sheriff", plain)


def even_county(said: str) -> str:
    """Even out a county's name: "St. Mary's County" becomes "st marys", "N/A" nothing."""
    folded = fold(said)
    if _NO_COUNTY.fullmatch(folded):
        return ""
    plain = " ".join(re.sub(r"[^\w\s]", " ", folded.replace("'", "")).split())
    return _COUNTY_UNIT.sub("", plain)
