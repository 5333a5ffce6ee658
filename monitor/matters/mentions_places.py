"""Where an item stands, and which government its words speak of: states, Congress, cities."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor import jurisdictions
from monitor.jurisdictions import Court
from monitor.models import Identifier, Item, ItemType

US = jurisdictions.ocd("us")
_STATES = frozenset(
    re.findall(
        r"\w+",
        "al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh "
        "nj nm ny nc nd oh ok or pa pr ri sc sd tn tx ut vt va wa wv wi wy",
    )
)
# How far around a bill's number the words may stand that say whose bill it is.
_BEFORE, _AFTER = 160, 80
# An own name right before ("Texas' immigration law, SB 4"), or right behind ("SB 4 in Texas").
_BESIDE_BEFORE, _BESIDE_AFTER = 30, 24

_CONGRESS = re.compile(
    r"\bCongress(?! (?:Avenue|Street|Park))\b|\b[Cc]ongress(?:ional(?! [Dd]istrict)|man|woman)\b"
    r"|\bU\.?\s?S\.? (?:Senat|House|Sens?\.|Reps?\.)|\bUnited States (?:Senat|House)"
    r"|\bPresident to sign|\b(?i:federal) (?:bill|legislation|act)\b|\bCapitol Hill\b|\bH\.\s?R\.",
)
_LEGISLATURE = re.compile(
    r"\bLegislature\b|\bGovernor\b|\bGov\.|\bAssembly|\b[Ss]tate (?:Sen|Rep|House|Assembl|Legisl"
    r"|bill|law)|\bGeneral Assembly\b|\bA\.\s?\d",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands.

    jurisdiction: as the item has it. state: its code, "" where there is none. court: the court
    of a court's item. local: a city, county or school district. federal: the country.
    """

    jurisdiction: str
    state: str
    court: Court | None
    local: bool
    federal: bool
    type: ItemType


@dataclass(frozen=True, slots=True)
class Found:
    """One name in one field, where it stands, and in which words."""

    identifier: Identifier
    field: str
    start: int
    end: int
    said: str


def place_of(item: Item) -> Place:
    """Say where an item stands."""
    return _place(item.jurisdiction, item.type)


@lru_cache(maxsize=1024)
def _place(here: str, kind: ItemType) -> Place:
    court = jurisdictions.court(here)
    state = "" if court else jurisdictions.state_of(here)
    return Place(
        jurisdiction=here,
        state=state,
        court=court,
        local=bool(state) and here != jurisdictions.ocd(state),
        federal=here == US,
        type=kind,
    )


@cache
def state_id(code: str) -> str:
    """Return the division id of a state by its code."""
    return jurisdictions.ocd(code)


@cache
def _codes() -> dict[str, str]:
    return {jurisdictions.label(state_id(code)).casefold(): code for code in _STATES}


@cache
def _names() -> re.Pattern[str]:
    names = sorted((jurisdictions.label(state_id(code)) for code in _STATES), key=len, reverse=True)
    either = "|".join(re.escape(form) for name in names for form in (name, name.upper()))
    # Not the capital, its newspapers, or the city on the Missouri.
    return re.compile(
        rf"\b(?P<state>{either})\b(?!,? D\.?C\b| Post\b| Times\b| Avenue\b| Street\b)"
    )


def named_states(text: str) -> tuple[tuple[str, int, int], ...]:
    """List the states named in a text: code, start, end."""
    return tuple(
        [
            (_codes()[found["state"].casefold()], found.start(), found.end())
            for found in _names().finditer(text)
            if not (found["state"] == "Kansas" and text.startswith(" City", found.end()))
        ]
    )


def state_code(said: str) -> str:
    """Return the code of a state that is written as two capitals ("CA SB31"), else ""."""
    code = said.lower()
    return code if said.isupper() and code in _STATES else ""


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and behind a place in a text, within its paragraph."""
    before = text[max(0, start - _BEFORE) : start].rpartition("\n")[2]
    return before, text[end : end + _AFTER].partition("\n")[0]


def state_beside(before: str, behind: str) -> str:
    """Return the code of the state that is named right beside, "" where there is none."""
    for code, _, end in reversed(named_states(before)):
        gap = before[end:]
        if len(gap) <= _BESIDE_BEFORE and not re.search(r"[;()]|[.!?]\s|,\s*(?:and|or)\b", gap):
            return code
        break
    near = named_states(behind[: _BESIDE_AFTER + 20])
    if near and near[0][1] <= _BESIDE_AFTER:
        gap = behind[: near[0][1]]
        if re.fullmatch(r"(?:\s*\([^)]*\))?,?\s*(?:in|of|from|\(|-)\s*(?:the state of )?", gap):
            return near[0][0]
    return ""


def level(before: str, behind: str) -> str:
    """Say whose bill the nearest words around speak of: "us", "state", or "" for neither."""
    last = {"us": -1, "state": -1}
    for name, form in (("us", _CONGRESS), ("state", _LEGISLATURE)):
        for found in form.finditer(before):
            last[name] = found.start()
    best = max(last, key=lambda name: last[name])
    if last[best] >= 0:
        return best
    after = [(found.start(), "us") for found in [_CONGRESS.search(behind)] if found]
    after += [(found.start(), "state") for found in [_LEGISLATURE.search(behind)] if found]
    return min(after)[1] if after else ""
