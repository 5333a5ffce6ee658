"""Jurisdictions: Open Civic Data division ids and their short forms, and the federal courts' ids.

    short form               division id
    us                       ocd-division/country:us
    ny                       ocd-division/country:us/state:ny
    dc                       ocd-division/country:us/district:dc
    ny/new_york              ocd-division/country:us/state:ny/place:new_york
    ny/county:kings          ocd-division/country:us/state:ny/county:kings
    il/school_district:chicago_public_schools
    cand, ca9, scotus        (courts: their CourtListener id; a PACER id is understood too)

Division ids are those of https://github.com/opencivicdata/ocd-division-ids. The two tables beside
this module hold the states with their zones, and the courts with what their PACER feeds carry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

_COUNTRY = "ocd-division/country:us"
_FEDERAL_ZONE = "America/New_York"
_TYPES = (
    "place",
    "county",
    "parish",
    "borough",
    "census_area",
    "municipio",
    "school_district",
    "council_district",
    "ward",
    "precinct",
    "cd",
    "sldu",
    "sldl",
)
_NAME = re.compile(r"[\w.~-]+")
_PREFIX = re.compile(r"^ocd-(division|jurisdiction)/")
# What people call a place where the division id's words alone would mislead.
_CALLED = {"ny/new_york": "New York City"}
_SMALL_WORDS = frozenset({"and", "de", "del", "du", "in", "la", "las", "of", "on", "the"})
_UNITS = {
    "county": "{} County",
    "parish": "{} Parish",
    "borough": "{} Borough",
    "census_area": "{} Census Area",
    "municipio": "{} Municipio",
    "school_district": "{} School District",
    "council_district": "Council District {}",
    "ward": "Ward {}",
    "precinct": "Precinct {}",
    "cd": "Congressional District {}",
    "sldu": "Senate District {}",
    "sldl": "House District {}",
}


class CourtKind(StrEnum):
    """What sort of federal court."""

    SUPREME = "supreme"
    APPELLATE = "appellate"
    DISTRICT = "district"
    BANKRUPTCY = "bankruptcy"
    SPECIAL = "special"


class Feed(StrEnum):
    """What a court's free PACER feed carries."""

    ALL = "all"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Court:
    """One federal court.

    id: CourtListener's id; pacer: PACER's, which differs for three courts.
    states: codes of the states in which it sits (for an appellate court, those of its circuit).
    short: as lawyers cite it, "N.D. Cal.".
    entries: docket entry types of a partial feed, () where they are not known.
    path: of the feed, where it is not at the usual place.
    """

    id: str
    pacer: str
    kind: CourtKind
    states: tuple[str, ...]
    timezone: str
    short: str
    name: str
    feed: Feed
    entries: tuple[str, ...]
    path: str

    @property
    def feed_url(self) -> str:
        """Say where PACER publishes new docket entries; "" for a court known to publish none.

        Documented at https://pacer.uscourts.gov/file-case/court-cmecf-lookup.
        """
        if self.feed is Feed.NONE or self.kind is CourtKind.SUPREME:
            return ""
        host = f"https://ecf.{self.pacer}.uscourts.gov"
        if self.kind is CourtKind.APPELLATE:
            return f"{host}/n/beam/servlet/TransportRoom?servlet=RSSGenerator"
        return host + (self.path or "/cgi-bin/rss_outside.pl")


@dataclass(frozen=True, slots=True)
class _State:
    code: str
    name: str
    division: str
    timezone: str
    elsewhere: tuple[tuple[str, str], ...]


def ocd(short: str) -> str:
    """Write a short form, a division id or a court's id in its one normal form.

    Raises ValueError with a sentence for the person who wrote it, and the likely cure.
    """
    text = short.strip()
    if "/" not in text and (found := court(text)):
        return found.id
    path = _PREFIX.sub("", text.lower()).removesuffix("/government")
    if not path:
        raise ValueError("the jurisdiction is empty (write us, a state like ny, or ny/new_york)")
    if path in {"us", "country:us"}:
        return _COUNTRY
    parts = path.removeprefix("country:us/").split("/")
    state = _states().get(re.sub(r"^(state|district|territory):", "", parts[0]))
    if state is None:
        raise ValueError(_unknown(text))
    divisions = [_division(part, state, first=not n) for n, part in enumerate(parts[1:])]
    return "/".join((_COUNTRY, f"{state.division}:{state.code}", *divisions))


def short(jurisdiction: str) -> str:
    """Write a division id as people type it; `ocd` undoes it. Courts' ids stay."""
    rest = jurisdiction.removeprefix(_COUNTRY).lstrip("/")
    if not jurisdiction.startswith(_COUNTRY):
        return jurisdiction
    if not rest:
        return "us"
    first, *others = rest.split("/")
    if others:
        others[0] = others[0].removeprefix("place:")
    return "/".join((first.partition(":")[2], *others))


def label(jurisdiction: str) -> str:
    """Name a jurisdiction for people: "New York City, NY", "Kings County, NY", "N.D. Cal."."""
    if found := court(jurisdiction):
        return found.short
    if not jurisdiction.startswith(_COUNTRY):
        return jurisdiction
    parts = short(jurisdiction).split("/")
    if parts == ["us"]:
        return "United States"
    state = _states().get(parts[0])
    if len(parts) == 1:
        return state.name if state else parts[0].upper()
    called = _CALLED.get("/".join(parts[:2])) or _unit(parts[1])
    names = [_unit(part) for part in reversed(parts[2:])]
    return ", ".join((*names, called, parts[0].upper()))


@lru_cache(maxsize=4096)
def covers(outer: str, inner: str) -> bool:
    """Say whether a route for `outer` also takes what happens in `inner`.

    The country covers everything, a state its counties, places and the district and bankruptcy
    courts that sit in it, a place its wards. A county does not cover its cities, for ids do not
    say where they lie, and no state covers an appellate court. Unknown ids cover themselves only.
    """
    around, within = _normal(outer), _normal(inner)
    if not around or not within:
        return False
    if around == within:
        return True
    if found := court(within):
        if found.kind in {CourtKind.DISTRICT, CourtKind.BANKRUPTCY}:
            return around in {_COUNTRY, *(ocd(state) for state in found.states)}
        return around == _COUNTRY
    return within.startswith(around + "/")


def state_of(jurisdiction: str) -> str:
    """Return the code of the state, district or territory ("ny"); "" where there is not one."""
    if found := court(jurisdiction):
        one = found.kind in {CourtKind.DISTRICT, CourtKind.BANKRUPTCY}
        return found.states[0] if one else ""
    code = short(_normal(jurisdiction)).partition("/")[0]
    return code if code in _states() else ""


def timezone_of(jurisdiction: str) -> str:
    """Return the IANA zone in which a jurisdiction tells the time.

    A state's zone is that of most of its people; a few places and counties that keep another one
    are known by name. The country, and whatever is unknown, keeps Washington's.
    """
    if found := court(jurisdiction):
        return found.timezone
    code, _, place = short(_normal(jurisdiction)).partition("/")
    state = _states().get(code)
    if state is None:
        return _FEDERAL_ZONE
    return dict(state.elsewhere).get(place.partition("/")[0], state.timezone)


def court(name: str) -> Court | None:
    """Find a court by its CourtListener or PACER id; None where no such court is known."""
    key = name.strip().lower()
    return courts().get(key) or _pacer_ids().get(key)


@cache
def courts() -> Mapping[str, Court]:
    """Return the Supreme Court, the courts of appeals, district, bankruptcy and special courts."""
    rows = (Court(**_court_fields(row)) for row in _table("courts.tsv"))  # type: ignore[arg-type]
    return {row.id: row for row in rows}


def suggestion(text: str) -> str:
    """Guess the id that somebody meant: "" where nothing is near.

    Understands names ("California", "New York, NY", "Cook County, IL", "N.D. Cal.", "sdny") and
    near misses of courts' ids. Every guess is a short form that `ocd` accepts.
    """
    folded = re.sub(r"\s+", " ", text.strip().lower())
    names = {state.name.lower(): state.code for state in _states().values()}
    names |= {"united states": "us", "usa": "us", "u.s.": "us", "federal": "us"}
    if folded in names:
        return names[folded]
    if "," in folded:
        return _place_suggestion(folded, names)
    cited = {re.sub(r"[\s.]", "", found.short.lower()): key for key, found in courts().items()}
    if found := cited.get(re.sub(r"[\s.]", "", folded)):
        return found
    if turned := re.fullmatch(r"([cemnsw])d([a-z]{2})", folded):
        name = f"{turned[2]}{turned[1]}d"
        if name in courts():
            return name
    near = get_close_matches(folded, [*names, *courts()], n=1, cutoff=0.75)
    return names.get(near[0], near[0]) if near else ""


def _place_suggestion(folded: str, names: Mapping[str, str]) -> str:
    place, _, state = (part.strip() for part in folded.rpartition(","))
    code = names.get(state, state)
    if code not in _states():
        return ""
    for unit in ("county", "parish", "borough"):
        if place.endswith(f" {unit}"):
            return f"{code}/{unit}:{_spelled(place.removesuffix(f' {unit}'))}"
    place = "new york" if place == "new york city" else place
    return f"{code}/{_spelled(place)}"


def _spelled(name: str) -> str:
    return re.sub(r"\s+", "_", name.replace(".", "").replace("'", "~"))


def _normal(jurisdiction: str) -> str:
    try:
        return ocd(jurisdiction)
    except ValueError:
        return jurisdiction


def _division(part: str, state: _State, *, first: bool) -> str:
    unit, colon, name = part.rpartition(":")
    if not colon:
        unit = "place" if first else ""
    if unit not in _TYPES:
        near = get_close_matches(unit, _TYPES, n=1)
        cure = f"did you mean '{near[0]}:{name}'?" if near else f"one of {', '.join(_TYPES)}"
        raise ValueError(f"'{part}' is no part of a division id ({cure})")
    instead = {"la": "parish", "ak": "borough"}.get(state.code, "county")
    if unit == "county" and instead != "county":
        raise ValueError(f"{state.name} has no counties (write {state.code}/{instead}:{name})")
    if not _NAME.fullmatch(name):
        spelled = _spelled(name.removesuffix(f" {unit}"))
        cure = f"did you mean '{spelled}'?" if spelled else "write for example ny/new_york"
        raise ValueError(f"'{part}' is not how division ids are spelled ({cure})")
    return f"{unit}:{name}"


def _unknown(text: str) -> str:
    near = suggestion(text)
    cure = f"did you mean '{near}'?" if near else "write us, a state, ny/new_york, or a court's id"
    return f"unknown jurisdiction '{text}' ({cure})"


def _unit(part: str) -> str:
    unit, _, name = part.rpartition(":")
    words = [_word(word, n) for n, word in enumerate(name.split("_"))]
    spoken = " ".join(words)
    if unit == "school_district" and {"School", "Schools"} & set(words):
        return spoken
    return _UNITS.get(unit, "{}").format(spoken)


def _word(word: str, position: int) -> str:
    if word in {"st", "ste", "ft", "mt"}:
        return word.capitalize() + "."
    if position and word in _SMALL_WORDS:
        return word
    head, tilde, tail = word.partition("~")
    if not tilde:
        return "-".join(piece.capitalize() for piece in word.split("-"))
    # Coeur d'Alene and O'Fallon, but Prince George's.
    tail = tail if len(tail) == 1 else tail.capitalize()
    return f"{head if head == 'd' else head.capitalize()}'{tail}"


def _table(name: str) -> list[dict[str, str]]:
    text = files("monitor").joinpath(name).read_text(encoding="utf-8")
    header, *rows = (line.split("\t") for line in text.splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def _court_fields(row: dict[str, str]) -> dict[str, object]:
    return {
        **row,
        "pacer": row["pacer"] or row["id"],
        "kind": CourtKind(row["kind"]),
        "states": tuple(row["states"].split(",")) if row["states"] else (),
        "feed": Feed(row["feed"]),
        "entries": tuple(row["entries"].split(",")) if row["entries"] else (),
    }


@cache
def _pacer_ids() -> Mapping[str, Court]:
    return {found.pacer: found for found in courts().values()}


@cache
def _states() -> Mapping[str, _State]:
    rows = _table("states.tsv")
    return {
        row["code"]: _State(
            row["code"],
            row["name"],
            row["division"],
            row["timezone"],
            tuple(_pair(pair) for pair in row["elsewhere"].split(",") if pair),
        )
        for row in rows
    }


def _pair(text: str) -> tuple[str, str]:
    place, _, zone = text.partition("=")
    return place, zone
