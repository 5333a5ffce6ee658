"""Remembers which row of ICE's workbook is which agreement: rows have no id, and ICE renames them.

Each row of a new workbook is paired with one of the last workbook, in this order:

    1  the same state, agency and model (county and day decide between several)
    2  another name, and the same model and day: the state or the county was corrected, or the
       agency was renamed and what is particular in its name stayed ("City of Melbourne Police
       Department", "Melbourne Police Department")
    3  the same name but for one letter in the same state, another day

What finds no partner is a new agreement. What vanished is remembered for three workbooks, as long
as the store waits until it says so.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from monitor.connectors._ice_287g_roster import Agreement, Name
from monitor.jurisdictions import label, ocd, state_of

_ABSENCES = 3
_LARGEST = 8_000_000
_ALIKE = 85.0
_LONG_ENOUGH = 5
# Words that many agencies share; what is left is particular to one.
_COMMON = re.compile(
    r"\b(?:police|department|division|sheriff|office|county|city|town|township|borough|village"
    r"|of|the|and|state|patrol|highway|board|commissioners|commission|constable|corrections"
    r"|correctional|rehabilitation|detention|prison|jail|facility|center|services?|public|safety"
    r"|law|enforcement|trustees|municipal|regional|parish|authority)\b"
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """One agreement of the last workbook.

    key: the name under which it first appeared. signed: as said. absent: workbooks in a row in
    which it was missing.
    """

    key: str
    name: Name
    signed: str
    absent: int = 0


def written(remembered: Iterable[Remembered]) -> str:
    """Write what is remembered into a mark: lines, compressed, about 14 bytes an agreement."""
    lines = [
        "\t".join((one.key, "" if one.key == key_of(one.name) else key_of(one.name), one.signed,
                   str(one.absent)))
        for one in remembered
    ]  # fmt: skip
    return base64.b85encode(zlib.compress("\n".join(lines).encode(), 9)).decode("ascii")


def read(mark: str) -> tuple[Remembered, ...]:
    """Read a mark; one that is empty or damaged remembers nothing."""
    try:
        raw = base64.b85decode(mark)
        text = zlib.decompressobj().decompress(raw, _LARGEST).decode()
    except (ValueError, zlib.error):
        return ()
    found = []
    for line in text.split("\n"):
        key, name, signed, absent = (*line.split("\t"), "", "", "", "")[:4]
        parts = (name or key).split("|")
        if len(parts) >= len(Name._fields) and absent.isdigit():
            found.append(Remembered(key, Name(*parts[:4]), signed, int(absent)))
    return tuple(found)


def key_of(name: Name) -> str:
    """Write a name as a key: "pa|bucks county sheriff|bucks|task force model"."""
    return "|".join(part.replace("|", " ").replace("\t", " ") for part in name)


def recognise(
    rows: Sequence[Agreement], last: Sequence[Remembered]
) -> tuple[tuple[str, ...], tuple[Remembered, ...]]:
    """Return each row's key, in the order of the rows, and what is to be remembered."""
    names = [row.name for row in rows]
    partners = _same(rows, names, last)
    _renamed(rows, names, last, partners)
    taken = {one.key for one in last}
    keys: list[str] = []
    for index, row in enumerate(rows):
        partner = partners.get(index)
        keys.append(
            last[partner].key if partner is not None else _new_key(row, names[index], taken)
        )
        taken.add(keys[-1])
    now = [
        Remembered(key, name, row.signed_said)
        for key, name, row in zip(keys, names, rows, strict=True)
    ]
    paired = set(partners.values())
    gone = [
        replace(one, absent=one.absent + 1)
        for index, one in enumerate(last)
        if index not in paired and one.absent + 1 < _ABSENCES
    ]
    return tuple(keys), (*now, *gone)


def _same(
    rows: Sequence[Agreement], names: Sequence[Name], last: Sequence[Remembered]
) -> dict[int, int]:
    """Pair what has the same state, agency and model: equal county and day first."""
    before: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, one in enumerate(last):
        before[one.name.state, one.name.agency, one.name.model].append(index)
    rated: list[tuple[float, int, int]] = []
    for index, (row, name) in enumerate(zip(rows, names, strict=True)):
        for other in before.get((name.state, name.agency, name.model), ()):
            one = last[other]
            likeness = 2 * (one.name.county == name.county) + (one.signed == row.signed_said)
            if likeness or not (one.name.county and name.county):
                rated.append((-float(likeness), index, other))
    return _one_to_one(rated, {})


def _renamed(
    rows: Sequence[Agreement],
    names: Sequence[Name],
    last: Sequence[Remembered],
    partners: dict[int, int],
) -> None:
    """Pair what is left by likeness; the most alike first."""
    paired = set(partners.values())
    left: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(last):
        if index not in paired:
            left[one.name.model].append(index)
    rated: list[tuple[float, int, int]] = []
    for index, (row, name) in enumerate(zip(rows, names, strict=True)):
        if index in partners:
            continue
        for other in left.get(name.model, ()):
            likeness = _likeness(name, row.signed_said, last[other])
            if likeness:
                rated.append((-likeness, index, other))
    _one_to_one(rated, partners)


def _likeness(name: Name, signed: str, one: Remembered) -> float:
    """Rate how surely two names mean one agreement of the same model, 0 where they do not."""
    same_day = bool(signed) and signed == one.signed
    if same_day and name.agency == one.name.agency:
        return 200.0
    if name.state != one.name.state or not _may_be_one(name.county, one.name.county):
        return 0.0
    here, there = _within_state(name), _within_state(one.name)
    if here == there or _mistyped(here, there):
        return 100.0 + same_day
    particular = fuzz.ratio(_particular(name.agency), _particular(one.name.agency))
    return particular if same_day and particular >= _ALIKE else 0.0


def _may_be_one(county: str, other: str) -> bool:
    """Tell whether two counties may be one: one is not known, or a letter is wrong."""
    return not (county and other) or county == other or _mistyped(county, other)


def _mistyped(one: str, other: str) -> bool:
    """Tell whether one letter is missing, too many, wrong, or two have changed places."""
    return min(len(one), len(other)) >= _LONG_ENOUGH and OSA.distance(one, other) <= 1


def _within_state(name: Name) -> str:
    """Drop the state from "alaska department of corrections", and not from "iowa county"."""
    called = label(ocd(name.state)).lower() if state_of(name.state) else name.state
    if name.agency.startswith(f"{called} county"):
        return name.agency
    return name.agency.removeprefix(f"{called} ")


def _particular(agency: str) -> str:
    rest = " ".join(dict.fromkeys(_COMMON.sub(" ", agency).split()))
    return rest or agency


def _one_to_one(rated: list[tuple[float, int, int]], partners: dict[int, int]) -> dict[int, int]:
    """Take pairs in the order of their rating; nobody gets two partners."""
    paired = set(partners.values())
    for _, index, other in sorted(rated):
        if index not in partners and other not in paired:
            partners[index] = other
            paired.add(other)
    return partners


def _new_key(row: Agreement, name: Name, taken: set[str]) -> str:
    """Make a key for a new agreement; one that is taken gets the day, then a number."""
    plain = key_of(name)
    if plain not in taken:
        return plain
    dated = f"{plain}|{row.signed_said}"
    number = 2
    key = dated
    while key in taken:
        key = f"{dated}|{number}"
        number += 1
    return key
