"""Resolves a name that was read out of text to the official name of one known matter, or to none.

Text leaves out what its reader knows: a bill's session, a case's court, the year of a council's
file, the county of a police department. Ask the store for what `lookup` names, and let `resolve`
choose. Where two matters fit, it chooses neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.identifiers import docket_core
from monitor.jurisdictions import ocd
from monitor.models import Identifier

# How long after its last news a matter of an unknown session can still be meant.
_STILL = timedelta(days=240)
# Orders of governors and mayors are counted anew with each of them.
_TERM = timedelta(days=4 * 365)
_US = ocd("us")
_FIRST_CONGRESS = 1789
_CONGRESS_DIGITS = 3
_OFFICES = 10
_COUNCIL_YEARS = 4
# Legislatures whose bills live for a term of two years; elsewhere they die with the year.
_TWO_YEARS = frozenset(
    re.findall(
        r"\w+",
        "ak ca dc de ga hi ia il ks ma me mi mn nc ne nh nj ny oh ok pa sc tn va vt wa wi wv",
    )
)
_FROM_EVEN = frozenset(("nj", "va"))
_SAME_LETTERS = (("HB", "H"), ("SB", "S"), ("AB", "A"))
_ACTS = (("ORDINANCE", "ORD", "O"), ("RESOLUTION", "RES", "R"), ("BILL", "BL", "CB"))
_WITH_YEAR = re.compile(r"-(?:19|20)\d\d$")
_LAST_YEARS = re.compile(r"(?P<first>(?:19|20)\d\d)(?:\s?[-\u2013/]?\s?(?P<last>(?:19|20)\d\d))?")


@dataclass(frozen=True, slots=True)
class Known:
    """An official name in the store: its matter, where that is at home, and its last news."""

    identifier: Identifier
    matter: int
    jurisdiction: str
    last_changed: datetime


@dataclass(frozen=True, slots=True)
class Lookup:
    """Which official names may be meant: a scheme, and exact values or the beginning of one.

    scope: how their scope begins, "" where it may be any (a council's portal, any court).
    """

    scheme: str
    values: tuple[str, ...] = ()
    prefix: str = ""
    scope: str = ""


def lookup(mention: Identifier, when: datetime) -> Lookup:
    """Say what to ask the store for; `when` the text is from."""
    scheme, value = mention.scheme, mention.value
    if scheme == "agreement":
        state, agency = (*value.split("|"), "", "")[:2]
        return Lookup(scheme, prefix=f"{state}|{agency}|", scope=mention.scope)
    makers: Mapping[str, Callable[[str], tuple[str, ...]]] = {
        "bill": _bill_spellings,
        "docket": _docket_spellings,
        "council_file": lambda said: _file_spellings(said, when),
    }
    values = makers[scheme](value) if scheme in makers else (value,)
    scope = "" if scheme == "council_file" else scope_parts(mention.scope)[0]
    return Lookup(scheme, values, scope=scope)


def resolve(mention: Identifier, known: Iterable[Known], when: datetime) -> Known | None:
    """Choose the one matter that is meant; None where none fits, or several do.

    known: what the store has for `lookup(mention, when)`; more does no harm.
    """
    fits = [one for one in known if _may_be(mention, one)]
    exact = [one for one in fits if one.identifier == mention]
    fits = exact or fits
    if mention.scheme in {"bill", "executive_order"}:
        fits = _at_the_time(mention, fits, when)
    if len({one.matter for one in fits}) != 1:
        return None
    return max(fits, key=lambda one: one.last_changed)


def dated(mention: Identifier, when: datetime) -> Identifier:
    """Give a bill without session the one that sits at a time; other names stay as they are.

    For items that no official record of the bill stands beside: SB 4 of 2023 is not SB 4 of 2025.
    """
    jurisdiction, session = scope_parts(mention.scope)
    if mention.scheme != "bill" or session:
        return mention
    code = jurisdiction.rpartition(":")[2]
    if jurisdiction == _US:
        term = str((when.year - _FIRST_CONGRESS) // 2 + 1)
    elif code in _TWO_YEARS:
        first = when.year - (when.year + (code not in _FROM_EVEN)) % 2
        term = f"{first}-{first + 1}"
    else:
        term = str(when.year)
    return replace(mention, scope=f"{jurisdiction}/{term}")


def scope_parts(scope: str) -> tuple[str, str]:
    """Split a scope into jurisdiction and session: "…/state:ca/2025-2026"; "" for no session."""
    head, _, tail = scope.rpartition("/")
    if not head or ":" in tail:
        return scope, ""
    return head, tail


def years(session: str) -> tuple[int, int] | None:
    """Return the first and last year of a session; None for words that do not tell.

    Reads "2025-2026", "20252026", "2026"; of Congress, "119".
    """
    if session.isdigit() and len(session) == _CONGRESS_DIGITS:
        first = _FIRST_CONGRESS + 2 * (int(session) - 1)
        return first, first + 1
    found = _LAST_YEARS.fullmatch(session)
    if found is None:
        return None
    return int(found["first"]), int(found["last"] or found["first"])


def _may_be(mention: Identifier, one: Known) -> bool:
    if one.identifier.scheme != mention.scheme:
        return False
    fitting: Mapping[str, Callable[[Identifier, Known], bool]] = {
        "bill": _is_bill,
        "docket": _is_docket,
        "council_file": _is_file,
        "agreement": _is_agreement,
        "executive_order": _is_order,
    }
    fits = fitting.get(mention.scheme)
    return fits(mention, one) if fits else one.identifier == mention


def _is_bill(mention: Identifier, one: Known) -> bool:
    where, session = scope_parts(mention.scope)
    there, other = scope_parts(one.identifier.scope)
    same = where == there and one.identifier.value in _bill_spellings(mention.value)
    return same and (not session or _overlap(session, other))


def _overlap(session: str, other: str) -> bool:
    mine, theirs = years(session), years(other)
    if mine is None or theirs is None:
        return session == other
    return mine[0] <= theirs[1] and theirs[0] <= mine[1]


def _is_docket(mention: Identifier, one: Known) -> bool:
    if mention.scope and mention.scope != one.identifier.scope:
        return False
    if docket_core(mention.value) != docket_core(one.identifier.value):
        return False
    mine, theirs = (name.partition(":") for name in (mention.value, one.identifier.value))
    # Courts count their cases anew in each office.
    return not (mine[1] and theirs[1]) or mine[0] == theirs[0]


def _is_file(mention: Identifier, one: Known) -> bool:
    at_home = mention.scope in {one.jurisdiction, one.identifier.scope}
    plain = one.identifier.value
    if "-" not in mention.value:
        plain = _WITH_YEAR.sub("", plain)
    return at_home and plain in _file_stems(mention.value)


def _is_agreement(mention: Identifier, one: Known) -> bool:
    mine = (*mention.value.split("|"), "", "", "")[:4]
    theirs = (*one.identifier.value.split("|"), "", "", "")[:4]
    if mine[:2] != theirs[:2] or mention.scope != one.identifier.scope:
        return False
    return all(not a or not b or a == b for a, b in zip(mine[2:], theirs[2:], strict=True))


def _is_order(mention: Identifier, one: Known) -> bool:
    if mention.value != one.identifier.value:
        return False
    where, year = scope_parts(mention.scope)
    there, other = scope_parts(one.identifier.scope)
    return where == there and (not year or not other or year == other)


def _at_the_time(mention: Identifier, fits: list[Known], when: datetime) -> list[Known]:
    """Keep those of the session that sits; where none does, those with news of late.

    A governor's order that has no year is one of the last years; presidents count on.
    """
    if scope_parts(mention.scope)[1] or (mention.scheme, mention.scope) == ("executive_order", _US):
        return fits
    if mention.scheme == "executive_order":
        return [one for one in fits if abs(when - one.last_changed) <= _TERM]
    sitting = [one for one in fits if _sits(one, when)]
    return sitting or [one for one in fits if abs(when - one.last_changed) <= _STILL]


def _sits(one: Known, when: datetime) -> bool:
    span = years(scope_parts(one.identifier.scope)[1])
    return span is not None and span[0] <= when.year <= span[1]


def _bill_spellings(value: str) -> tuple[str, ...]:
    """List how publishers write one bill: "HB 318" and "H 318", with or without its print."""
    kind, _, number = value.partition(" ")
    kinds = [kind]
    for pair in _SAME_LETTERS:
        if kind in pair:
            kinds = [kind, *(other for other in pair if other != kind)]
    year, dash, rest = number.partition("-")
    numbers = [number, rest] if dash and year.isdigit() and rest.isdigit() else [number]
    return tuple(f"{each} {said}" for said in numbers for each in kinds)


def _docket_spellings(value: str) -> tuple[str, ...]:
    """List one number with each office, and without."""
    office, colon, rest = value.rpartition(":")
    if "-" not in rest or rest.count("-") == 1:
        return (value,)
    if colon:
        return (f"{office}:{rest}", rest)
    return (rest, *(f"{each}:{rest}" for each in range(_OFFICES)))


def _file_stems(value: str) -> tuple[str, ...]:
    """List how councils file one act: "ORDINANCE 2026-14", "ORD 2026-14", "2026-14"."""
    kind, _, number = value.rpartition(" ")
    same = next((names for names in _ACTS if kind in names), ())
    stems = (value, *(f"{name} {number}" for name in same if name != kind))
    return (*stems, number) if len(same) > 1 and "-" in number else stems


def _file_spellings(value: str, when: datetime) -> tuple[str, ...]:
    """List the spellings of a council's file; one without its year in each of the last years."""
    stems = _file_stems(value)
    if "-" in value:
        return stems
    recent = range(when.year, when.year - _COUNCIL_YEARS, -1)
    return (*stems, *(f"{stem}-{year}" for stem in stems for year in recent))
