"""Gives bills the same official name whoever reports them: Open States, LegiScan, Congress.

A bill's number is unique within a jurisdiction and a session, and each publisher names sessions
in its own way: Open States "20252026", "2026", "104th"; LegiScan by years; Congress by number.
"""

from __future__ import annotations

import re

from monitor.identifiers import bill, bill_number
from monitor.jurisdictions import ocd
from monitor.models import Identifier

US = ocd("us")
_TWO_YEARS = re.compile(r"((?:19|20)\d\d)\s*[-\u2013/]?\s*((?:19|20)\d\d)")
_ONE_YEAR = re.compile(r"(?:19|20)\d\d")
_ORDINAL = re.compile(
    r"(\d{2,3})(?:st|nd|rd|th)?(?: (?:general assembly|general court|legislature))?"
)
# Legislatures that count their terms of two years: a term's number, and the year it began in.
_COUNTED = {
    "il": (104, 2025),
    "ma": (194, 2025),
    "me": (132, 2025),
    "nj": (222, 2026),
}
# What LegiScan calls the bills of Congress, and what Congress does.
_FEDERAL = {
    "HB": "HR", "HR": "HRES", "HJR": "HJRES", "HCR": "HCONRES",
    "SB": "S", "SR": "SRES", "SJR": "SJRES", "SCR": "SCONRES",
}  # fmt: skip
_FIRST_CONGRESS = 1789
_PATHS = {
    "HR": "house-bill", "S": "senate-bill", "HJRES": "house-joint-resolution",
    "SJRES": "senate-joint-resolution", "HCONRES": "house-concurrent-resolution",
    "SCONRES": "senate-concurrent-resolution", "HRES": "house-resolution",
    "SRES": "senate-resolution",
}  # fmt: skip


def state_bill(jurisdiction: str, session: str, number: str) -> Identifier | None:
    """Name a bill of a legislature; its session in any publisher's words.

    A session that is not certainly a regular one (a special session) keeps its own words, so that
    two bills with one number stay apart.
    """
    return bill(jurisdiction, years_of(jurisdiction, session), number)


def years_of(jurisdiction: str, session: str) -> str:
    """Write a regular session as its years, "2025-2026" or "2026"; else return it as it stands."""
    said = " ".join(session.lower().split())
    both = _TWO_YEARS.fullmatch(said)
    if both:
        first, last = int(both[1]), int(both[2])
        return f"{first}-{last}" if last != first else str(first)
    if _ONE_YEAR.fullmatch(said):
        return said
    counted, term = _COUNTED.get(jurisdiction.rpartition(":")[2]), _ORDINAL.fullmatch(said)
    if counted and term:
        year = counted[1] + 2 * (int(term[1]) - counted[0])
        return f"{year}-{year + 1}"
    return session


def federal_bill(congress: int | str, kind: str, number: int | str) -> Identifier | None:
    """Name a bill or resolution of Congress: 119, "hjres", 5 → HJRES 5."""
    return bill(US, str(congress), f"{kind} {number}")


def federal_bill_of_legiscan(year: int, number: str) -> Identifier | None:
    """Name a bill of Congress by LegiScan's number, which says HB for H.R. and HR for H.Res."""
    plain = bill_number(number)
    if plain is None:
        return None
    kind, _, digits = plain.partition(" ")
    return federal_bill(congress_of(year), _FEDERAL.get(kind, kind), digits)


def congress_of(year: int) -> int:
    """Return the number of the Congress that sits in a year (2025 → 119)."""
    return (year - _FIRST_CONGRESS) // 2 + 1


def congress_page(congress: int | str, kind: str, number: int | str) -> str:
    """Return the public page of a bill of Congress; "" for a type that has none."""
    path = _PATHS.get(kind.upper())
    there = f"https://www.congress.gov/bill/{ordinal(int(congress))}-congress"
    return f"{there}/{path}/{number}" if path else ""


def ordinal(number: int) -> str:
    """Write 119 as 119th, 121 as 121st."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in {11, 12, 13} else ending}"
