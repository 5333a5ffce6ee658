"""Reads bills out of text: "HB 1234", "Senate Bill 4", "S.B. 4", "H.R. 7284", "A.3506/S.2235".

A number alone says little: SB 4 stands in fifty legislatures. Whose it is, is said by the words
beside it ("Texas SB 4", "calling on Congress to pass S. 707"), else by the item's own state, and
only where that state's bills are called so: New York has no SB, Texas no AB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from monitor.identifiers import bill
from monitor.matters.mentions_places import (
    US,
    Found,
    Place,
    around,
    level,
    named_states,
    state_beside,
    state_code,
    state_id,
)
from monitor.models import Identifier, ItemType

_MOST = 60
_HEAD = 600

_BILL = re.compile(
    r"(?<![\w.$#&@'\u2019-])"
    r"(?P<kind>"
    r"[HS]\.?\s?(?:J(?:t|oint)?\.?\s?|Con(?:c|current)?\.?\s?|C\.\s?)?Res\.?(?=\s?\d)"
    r"|(?i:house|senate|assembly|legislative)\s+(?:(?i:joint|concurrent)\s+)?"
    r"(?i:bill|file|resolution|document)(?P<many>s|S)?(?:\s+[HSA]\.?(?=\s?\d)|\s\([HSA]\.?B\.?\))?"
    r"|[HSA]\.?\s?[JC]\.?\s?R\.?|[HSA]\.?B(?:s|\.)?|[HSA]\.\s[BFR]\.|H\.?R\.?|S\.?R\.?|[HS]\.?F\.?|[E2-4]{1,3}S?[HS]B|S[HS]B"
    r"|L\.?[BD]\.?|B(?=\d\d-\d)|[HSA]\.?"
    r")"
    r"(?P<gap>\s?(?:(?:Nos?\.?|NO\.|\#)\s?)?-?)"
    r"(?:(?P<year>\d\d)-)?(?P<number>\d{1,5})(?P<print>-?[A-K](?![\w.]))?"
    r"(?![\w%]|[.,:]\d|-\w|/\d|\s?\(g\)|\s?(?:percent|million|billion|a\.?m\.?|p\.?m\.?|MIN)\b)"
)
_NEXT = re.compile(
    r"\s*(?:,\s*(?:and\s+|or\s+)?|and\s+|or\s+|&\s*)(?P<number>\d{1,5})(?![\w%:.,-]\d|\w)"
)
_LEGISLATIVE = re.compile(
    r"\b(?:bills?|acts?|laws?|legislat\w+|senat\w+|assembl\w+|congress\w*|pass(?:es|ed|age|ing)?"
    r"|sponsor\w*|enact\w*|introduc\w+|veto\w*|amend\w*|resolutions?)\b|\b(?:signs?|signed) ",
    re.IGNORECASE,
)
_NOT_A_BILL = re.compile(
    r"(?:\d|\b(?:CR|[Ff]orm|[Pp]age|[Ee]xhibit|[Ss]ection|[Dd]ep(?:artmen)?t\.?|[Ff]light|[Hh]ighway"
    r"|[Rr]oute|[Rr]oom|[Ss]uite))\s*$"
)
# "12 LB 50", but "the 2025 SB 4".
_COUNTED = re.compile(r"(?<!\d)\d{1,3}\s$|\d{5}\s$")
_YEAR_BEFORE = re.compile(r"(?<![\w-])(?P<year>20\d\d)\s$")
_STREET = re.compile(r"\s+(?:[A-Z][a-z]+ )?(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Drive)\b")
_RESOLUTION = re.compile(r"\bresolution\b", re.IGNORECASE)

_YEARS = re.compile(
    r"\s*(?:\((?:[A-Z][\w.'\u2019-]+,?\s+)?|of\s+|,\s+)(?P<first>(?:19|20)\d\d)"
    r"(?:\s?[-\u2013/]\s?(?P<last>(?:20)?\d\d))?(?:\s+(?:[Rr]egular\s+)?[Ss]ession)?\s*(?P<close>\)?)"
)
_SESSION = re.compile(
    r"\b(?P<first>(?:19|20)\d\d)(?:\s?[-\u2013/]\s?(?P<last>(?:20)?\d\d))?\s*(?:\|\s*)?"
    r"(?:[Rr]egular |[Ll]egislative )*[Ss]ession\b"
)
_ACT_OF = re.compile(r"\bAct of (?P<year>(?:19|20)\d\d)\b[^;]{0,50}$")
_NTH_CONGRESS = re.compile(r"\b(?P<congress>1[01]\d)(?:st|nd|rd|th)\s+Congress\b")

# House and senate forms where they are not HB and SB.
_HOUSE = dict.fromkeys(("ny", "nj"), "A") | dict.fromkeys(("ca", "nv", "wi"), "AB")
_HOUSE |= dict.fromkeys(("ma", "vt", "sc"), "H") | dict.fromkeys(("mn", "ia"), "HF")
_HOUSE |= {"me": "LD", "ne": "LB", "dc": "B"}
_SENATE = dict.fromkeys(("ny", "nj", "ma", "vt", "sc"), "S")
_SENATE |= dict.fromkeys(("mn", "ia", "wy"), "SF") | {"me": "LD", "ne": "LB", "dc": "B"}
# Where H 353 is said for HB 353.
_SHORT = frozenset(("fl", "nc", "ri", "id"))
_HOUSE_KINDS = frozenset(("H", "HB", "A", "AB", "HF"))
_SENATE_KINDS = frozenset(("S", "SB", "SF"))
_OTHER_KINDS = frozenset(("HJR", "SJR", "HCR", "SCR", "AJR", "ACR"))
_CONGRESS_KINDS = {
    "HR": "HR", "S": "S", "HRES": "HRES", "SRES": "SRES", "HJRES": "HJRES", "SJRES": "SJRES",
    "HCONRES": "HCONRES", "SCONRES": "SCONRES", "HJR": "HJRES", "SJR": "SJRES", "HCR": "HCONRES",
    "SCR": "SCONRES",
}  # fmt: skip
_WORDS = (
    (re.compile(r"JOINT RES(?:OLUTION)?"), "JRES"),
    (re.compile(r"CONCURRENT RES(?:OLUTION)?"), "CONRES"),
    (re.compile(r"RESOLUTION"), "RES"),
    (re.compile(r"HOUSE"), "H"),
    (re.compile(r"SENATE"), "S"),
    (re.compile(r"ASSEMBLY"), "A"),
    (re.compile(r"LEGISLATIVE"), "L"),
    (re.compile(r"\bBILLS?|(?<=[HSAL] )BILLS?"), "B"),
    (re.compile(r"FILES?"), "F"),
    (re.compile(r"DOCUMENTS?"), "D"),
)
# Laws that are known by their bill's number long after: whoever says SB 54 today does not mean the
# bill that bears the number this year.
_LAWS = {
    ("al", "HB 56"): "2011", ("az", "SB 1070"): "2010", ("ca", "AB 450"): "2017-2018",
    ("ca", "SB 54"): "2017-2018", ("ca", "AB 103"): "2017-2018", ("ca", "AB 2792"): "2015-2016",
    ("ca", "AB 60"): "2013-2014", ("fl", "SB 168"): "2019", ("fl", "SB 1718"): "2023",
    ("ga", "HB 87"): "2011-2012", ("ga", "HB 1105"): "2023-2024", ("ia", "SF 481"): "2017-2018",
    ("ia", "SF 2340"): "2023-2024", ("la", "SB 388"): "2024", ("ok", "HB 4156"): "2024",
    ("tx", "SB 4"): "2023", ("wa", "SB 5497"): "2019-2020",
}  # fmt: skip


class _Said(NamedTuple):
    """One number as it stands: its kind in capitals, and the words around."""

    kind: str
    words: bool
    dotted: bool
    attached: bool
    prefix: str
    paired: str
    year: str
    number: str
    before: str
    behind: str
    start: int


def bills(text: str, field: str, place: Place) -> Iterator[Found]:
    """Yield the bills named in a text, in its order."""
    only = ""
    for count, found in enumerate(_BILL.finditer(text)):
        if count >= _MOST:
            return
        if not count:
            only = _only_state(text)
        said = _said(text, found)
        where = _owner(said, place, only)
        if where is None:
            continue
        near = _session_near(said.before, said.behind, federal=where[0] == "us")
        for number, start, end in _numbers(text, found):
            session = _session(text[end : end + _BEHIND]) or near
            named = _bill(where, said, number, session, famous=place.type is not ItemType.BILL)
            if named is not None:
                yield Found(named, field, start, end, text[start:end])


def _said(text: str, found: re.Match[str]) -> _Said:
    before, behind = around(text, found.start(), found.end())
    raw = found["kind"]
    prefix = re.search(r"(?:^|[\s:(|])([A-Z]{2})\s$", before)
    pair_before = re.search(r"([A-Z.]{1,6})\s?\d{1,5}(?:-?[A-Z])?\s?/\s?$", before)
    pair_behind = re.match(r"\s?/\s?([A-Z.]{1,6})\s?\d{1,5}", behind)
    pair = pair_before or pair_behind
    return _Said(
        kind=_kind(raw),
        words=raw[:2].isalpha() and len(raw) > _SHORTHAND,
        dotted="." in raw,
        attached=not found["gap"],
        prefix=state_code(prefix[1]) if prefix else "",
        paired=pair[1].replace(".", "") if pair else "",
        year=found["year"] or "",
        number=found["number"],
        before=before,
        behind=behind,
        start=found.start(),
    )


_SHORTHAND = 5


def _kind(raw: str) -> str:
    """Write what stands before the number in short: "House Joint Resolution" as HJRES."""
    plain = " ".join(raw.upper().split())
    if re.match(r"(?:HOUSE|SENATE|ASSEMBLY|LEGISLATIVE)\b", plain):
        plain = re.sub(r"\s(?:[HSA]\.?|\(.*\))$", "", plain)
        for form, short in _WORDS:
            plain = form.sub(short, plain)
    plain = re.sub(r"[\s.]", "", plain).removesuffix("NO")
    plain = plain.replace("JTRES", "JRES").replace("CRES", "CONRES").replace("CONCRES", "CONRES")
    return plain.replace("CONCONRES", "CONRES") if not plain.endswith("BS") else plain[:-1]


def _numbers(text: str, found: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the number, and those that follow it in "House Bills 12, 13 and 40"."""
    yield found["number"], found.start(), found.end()
    if not (found["many"] or found["kind"].endswith("Bs")):
        return
    end = found.end()
    for _ in range(_MOST):
        more = _NEXT.match(text, end)
        if more is None:
            return
        end = more.end()
        yield more["number"], more.start("number"), end


def _owner(said: _Said, place: Place, only: str) -> tuple[str, str] | None:
    """Say whose bill it is, and how that legislature calls it; None where it may be any."""
    is_single = said.kind in {"H", "S", "A"}
    if (is_single and not _is_plausible(said)) or _COUNTED.search(said.before):
        return None
    if said.prefix:
        return _of_state(said.prefix, said, loose=True)
    beside = state_beside(said.before, said.behind)
    if said.kind in {"HR", "SR"} or "RES" in said.kind:
        return _resolution(said, place, beside)
    if said.kind == "S" and _is_federal(said, place, beside):
        return ("us", "S")
    if place.federal and not beside and said.kind in _OTHER_KINDS & _CONGRESS_KINDS.keys():
        return ("us", _CONGRESS_KINDS[said.kind])
    return _of_state(beside or _home(said, place, only), said, loose=False)


def _of_state(code: str, said: _Said, *, loose: bool) -> tuple[str, str] | None:
    """Take a bill for a state's, where the state has such."""
    kind = _state_kind(code, said.kind, loose=loose) if code else ""
    # New York and New Jersey write S and A; SB and AB there are another state's.
    if code in {"ny", "nj"} and said.kind in {"SB", "AB"} and not said.words:
        return None
    with_year = bool(said.year) and code not in {"co", "dc"}
    return (code, kind) if kind and not with_year else None


def _is_plausible(said: _Said) -> bool:
    """Tell whether a single letter with a number is a bill, not a street, a road or a page."""
    if said.year or _NOT_A_BILL.search(said.before) or _STREET.match(said.behind):
        return False
    is_head = said.start == 0 and said.behind.startswith((":", " -", " \u2013"))
    if is_head or said.prefix or said.paired in {"A", "S", "HR", "H", "AB"}:
        return True
    fewest = 2 if said.dotted else 3
    is_written_so = (said.dotted or said.attached) and len(said.number) >= fewest
    return is_written_so and any(map(_LEGISLATIVE.search, (said.before, said.behind)))


def _is_federal(said: _Said, place: Place, beside: str) -> bool:
    """Tell a bill of the Senate of the United States from one of a state's."""
    if said.paired:
        return said.paired == "HR" or (place.federal and said.paired != "A")
    if place.federal or beside:
        return not beside
    near = level(said.before, said.behind)
    has_such = bool(place.state) and bool(_state_kind(place.state, "S", loose=False))
    return near == "us" or (not has_such and said.dotted and near == "")


def _resolution(said: _Said, place: Place, beside: str) -> tuple[str, str] | None:
    """Settle H.R. and the resolutions, whose letters Congress and the states share."""
    of_state = said.kind.replace("CONRES", "CR").replace("JRES", "JR").replace("RES", "R")
    of_congress = _CONGRESS_KINDS.get(said.kind, "")
    if place.type is ItemType.BILL and place.state and said.start <= 1:
        return (place.state, of_state)
    is_congress = not said.words and (said.dotted or "RES" in said.kind)
    if not is_congress and beside:
        return (beside, of_state)
    if is_congress or place.federal or level(said.before, said.behind) == "us":
        return ("us", of_congress) if of_congress else None
    is_stated = said.words or _RESOLUTION.search(said.before[-40:] + said.behind[:20])
    at_home = bool(place.state) and not place.local and is_stated
    return (place.state, of_state) if at_home else None


def _home(said: _Said, place: Place, only: str) -> str:
    """Return the state whose bill it is if nothing beside it says so; "" where that is open."""
    near = {code for code, _, _ in named_states(said.before + said.behind)}
    if place.state:
        strangers = near - {place.state}
        return "" if strangers and place.state not in near else place.state
    if len(near) == 1:
        return near.pop()
    return only if not near else ""


def _state_kind(code: str, kind: str, *, loose: bool) -> str:
    """Write a kind as the state does; "" for one that it does not have.

    loose: any letters of that chamber will do, as in trackers' "CA A 1252".
    """
    if kind in _OTHER_KINDS:
        return kind
    if code == "wa" and kind.endswith(("SHB", "SSB", "EHB", "ESB")):
        return kind[-2:]
    house, senate = _HOUSE.get(code, "HB"), _SENATE.get(code, "SB")
    own = house if kind in _HOUSE_KINDS else senate if kind in _SENATE_KINDS else ""
    if loose or kind in {house, senate}:
        return own or kind
    # Senate Bill 8539 is New York's S 8539; S 353 is Florida's SB 353, and nobody's in Texas.
    differ_by_b = own and {kind, own} == {own[0], f"{own[0]}B"}
    return own if differ_by_b and (len(kind) > len(own) or code in _SHORT) else ""


def _bill(
    where: tuple[str, str], said: _Said, number: str, session: str, *, famous: bool
) -> Identifier | None:
    code, kind = where
    value = f"{kind}{said.year}-{number}" if said.year else f"{kind} {number}"
    if code == "us":
        return bill(US, session if len(session) == _CONGRESS_DIGITS else "", value)
    plain = bill(state_id(code), "", value)
    if plain is None:
        return None
    if len(session) == _CONGRESS_DIGITS:
        session = ""
    if famous:
        session = session or _LAWS.get((code, plain.value), "")
    return replace(plain, scope=f"{plain.scope}/{session}") if session else plain


_CONGRESS_DIGITS = 3
_FIRST_CONGRESS = 1789
_BEHIND = 40


def _session(behind: str) -> str:
    """Read a session right behind a number: "SB 4 (2026)", "SB 627 (Wiener, 2025)"."""
    found = _YEARS.match(behind)
    if found is None or (behind.lstrip().startswith("(") and not found["close"]):
        return ""
    if behind.lstrip().startswith(",") and not found["last"]:
        return ""
    return _years(found["first"], found["last"])


def _session_near(before: str, behind: str, *, federal: bool) -> str:
    """Read the one session named around a bill: "2025-2026", or a Congress, "119".

    "Fair Elm Act of 2023 (H.R. 4052)" is of the year in which it was introduced.
    """
    texts = (before, behind)
    said = {found["congress"] for text in texts for found in _NTH_CONGRESS.finditer(text)}
    years = {
        _years(found["first"], found["last"]) for text in texts for found in _SESSION.finditer(text)
    }
    act = _ACT_OF.search(before) or _YEAR_BEFORE.search(before)
    if act and not (said or years):
        year = int(act["year"])
        return str((year - _FIRST_CONGRESS) // 2 + 1) if federal else act["year"]
    named = said or years
    return named.pop() if len(named) == 1 else ""


def _years(first: str, last: str | None) -> str:
    if not last:
        return first
    last = last if len(last) == len(first) else first[:2] + last
    return f"{first}-{last}" if first < last else first


def _only_state(text: str) -> str:
    """Return the one state that the beginning of a text names, "" where it is none or several."""
    named = {code for code, _, _ in named_states(text[:_HEAD])}
    return named.pop() if len(named) == 1 else ""
