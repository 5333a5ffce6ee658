"""Where: one spelling for jurisdictions and courts, and the places that a headline names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from monitor import jurisdictions
from monitor.text import fold

_ALL_CODES = (
    "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm "
    "ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr"
)
_CODES = tuple(_ALL_CODES.split())
# As headlines and datelines shorten and bend them; no English word among them.
_SHORT_NAMES = (
    ("mn", "mn minn minnesotan"), ("ca", "calif californian"), ("ny", "ny"), ("nj", "nj"),
    ("tx", "tx texan"), ("fl", "fla floridian"), ("wi", "wis"),
    ("mi", "mich"), ("az", "ariz"), ("nv", "nev"), ("tn", "tenn"), ("ct", "conn"), ("nc", "nc"),
    ("va", "virginian"), ("or", "oregonian"), ("md", "md"), ("nm", "nm"),
)  # fmt: skip
_CALLED = {"la": "los_angeles", "saint": "st_paul", "nyc": "new_york_city"}
# Cities whose name alone says where something happened.
_CITIES = """
ak: anchorage
al: birmingham montgomery huntsville
az: phoenix tucson mesa
ca: la_county la_city la_council la_mayor la_police
ca: los_angeles san_francisco san_diego san_jose oakland sacramento fresno long_beach santa_ana
co: denver aurora
dc: washington_dc
fl: miami orlando tampa jacksonville tallahassee
ga: atlanta savannah
hi: honolulu
id: boise
il: chicago evanston cicero broadview
in: indianapolis
ky: louisville
la: new_orleans baton_rouge
ma: boston worcester
md: baltimore
me: lewiston
mi: detroit lansing ann_arbor grand_rapids
mn: minneapolis st_paul saint_paul duluth rochester twin_cities
mo: st_louis kansas_city
nc: charlotte raleigh durham greensboro
ne: omaha
nj: newark jersey_city trenton paterson elizabeth
nm: albuquerque santa_fe
nv: las_vegas reno
ny: new_york_city nyc brooklyn queens bronx manhattan albany buffalo
oh: cleveland cincinnati columbus
ok: oklahoma_city tulsa
or: eugene salem
pa: philadelphia pittsburgh
ri: providence
sc: charleston
tn: nashville memphis knoxville
tx: houston dallas austin san_antonio el_paso fort_worth
ut: salt_lake_city
va: richmond
wa: seattle tacoma spokane bellevue
wi: milwaukee madison
"""


@cache
def named_places() -> Mapping[tuple[str, ...], str]:
    """Return what the names of states and large cities stand for: "mn", "mn/minneapolis"."""
    found = {tuple(name.split()): code for code, name in _state_names().items()}
    found |= {(short,): code for code, shorts in _SHORT_NAMES for short in shorts.split()}
    for line in _CITIES.strip().splitlines():
        code, _, cities = line.partition(":")
        for city in cities.split():
            called = _CALLED.get(city.partition("_")[0], city)
            found[tuple(city.split("_"))] = f"{code}/{called}"
    return found


@cache
def place_openers() -> frozenset[str]:
    """Return the first words of all names of places."""
    return frozenset(name[0] for name in named_places())


@lru_cache(maxsize=4096)
def place(jurisdiction: str) -> str:
    """Give a jurisdiction one spelling: a division id or a court's id, else its folded words."""
    text = fold(jurisdiction)
    if found := court(text):
        return found
    try:
        return jurisdictions.ocd(text)
    except ValueError:
        guess = jurisdictions.suggestion(text)
    return jurisdictions.ocd(guess) if guess and _is_name(text, guess) else text


@lru_cache(maxsize=4096)
def state(jurisdiction: str) -> str:
    """Return the code of a jurisdiction's state, "" where it lies in none."""
    return jurisdictions.state_of(place(jurisdiction))


@lru_cache(maxsize=4096)
def court(text: str) -> str:
    """Return the id of a federal court by its id, citation or name; "" where it is none.

    Reads "cand", "N.D. Cal.", "District Court, N.D. California" and "Court of Appeals for the
    First Circuit".
    """
    if found := jurisdictions.court(text):
        return found.id
    return _courts().get(_court_words(text), "")


@cache
def _state_names() -> Mapping[str, str]:
    return {code: fold(jurisdictions.label(jurisdictions.ocd(code))) for code in _CODES}


@cache
def _courts() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, one in jurisdictions.courts().items():
        for name in (one.short, one.name):
            found.setdefault(_court_words(name), key)
    return found


def _court_words(text: str) -> str:
    """Write "U.S. District Court, N.D. California" and the full name alike: "n.d. california"."""
    said = fold(text).replace("united states ", "").replace("u.s. ", "")
    said = re.sub(r"^district court(?:,| for the)\s+", "district: ", said)
    for word in ("northern", "southern", "eastern", "western", "middle", "central"):
        said = said.replace(f"{word} district of ", f"{word[0]}.d. ")
    said = said.replace("d.c. circuit", "d. columbia circuit").replace("district of ", "d. ")
    return re.sub(r"[^a-z0-9:]", "", said)


def _is_name(text: str, guess: str) -> bool:
    """Say whether a suggestion is what the text names, and no near miss of an id."""
    named = fold(jurisdictions.label(jurisdictions.ocd(guess)))
    return "," in text or text in {named, "us", "usa", "united states"}
