"""Reads 287(g) agreements out of text: the agency, its state, and the model where one is named.

The name has the form that ICE's own list gets here: "pa|larch county sheriff|larch|task force
model"; what the text does not say is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from monitor import jurisdictions
from monitor.identifiers import even_agency, even_county
from monitor.matters.mentions_places import Found, Place, named_states, state_id
from monitor.models import Identifier, ItemType

_MOST = 20
# How far from the words "287(g)" an agency or a model may stand to be meant.
_NEAR = 200
_PROGRAM = re.compile(r"\b287\s?\(?g\)?(?!\w)", re.IGNORECASE)
_AGENCY = re.compile(
    r"(?P<name>(?:(?:St|Ste|Ft|Mt)\.\s)?(?:[A-Z][A-Za-z'\u2019-]+\s){1,4}?)"
    r"(?P<unit>(?:(?:County|Parish|Borough)\s)?"
    r"(?:Sheriff(?:[\u2019']?s)?(?:\s(?:Office|Department|Dept\.))?|Police\s(?:Department|Dept\.)"
    r"|Constable(?:[\u2019']?s)?(?:\sOffice)?(?:\s(?:District|Precinct)\s\d{1,2})?|Department\sof\sCorrections|Board\sof\sCounty\sCommissioners))"
    r"(?![A-Za-z])"
)
_COUNTY = re.compile(r"(?P<county>.+?)\s(?:County|Parish|Borough)\b")
_MODELS = (
    ("jail enforcement model", re.compile(r"\b(?i:jail enforcement)\b|\bJEM\b")),
    ("tribal task force model", re.compile(r"\btribal task force\b", re.IGNORECASE)),
    ("task force model", re.compile(r"\b(?i:task force (?:model|officer|agreement))\b|\bTFM\b")),
    ("warrant service officer", re.compile(r"\b(?i:warrant services? offic)|\bWSO\b")),
)
_NOT_NAMES = re.compile(
    r"^(?:(?:The|A|An|And|In|On|At|By|With|For|As|When|If|But|After|ICE|Local|State|Former|New|Our"
    r"|That|This|These|Some|Many|How|Why|Will|Does|Should|Can|US|Deputy|County|Immigration|Trump)\s)+"
)
_CELLS = " | "
_FEWEST_CELLS = 5


def agreements(text: str, field: str, place: Place) -> Iterator[Found]:
    """Yield the agreements of agencies that a text names near the words "287(g)"."""
    if place.type is ItemType.AGREEMENT and text.count(_CELLS) + 1 >= _FEWEST_CELLS:
        yield from _row(text, field)
        return
    spots = [found.start() for found in _PROGRAM.finditer(text)]
    if not spots:
        return
    for found in islice(_AGENCY.finditer(text), _MOST):
        near = min(abs(found.start() - spot) for spot in spots)
        named = _agreement(text, found, place) if near <= _NEAR else None
        if named is not None:
            yield Found(named, field, found.start(), found.end(), found.group())


def _agreement(text: str, found: re.Match[str], place: Place) -> Identifier | None:
    name = _NOT_NAMES.sub("", found["name"]).strip()
    unit = found["unit"]
    if not name and not unit.startswith("Department of Corr"):
        return None
    state = _state(text, found, place)
    if not state:
        return None
    code, name = state, _without_state(name, state)
    is_sheriff = "Sheriff" in unit
    if is_sheriff and not unit.startswith(("County", "Parish", "Borough")) and " " not in name:
        said = f"{name} County {unit}"
    else:
        said = f"{name} {unit}"
    county = _COUNTY.match(said)
    return _named(code, said, county["county"] if county else "", _model(text, found))


def _without_state(name: str, code: str) -> str:
    state = jurisdictions.label(state_id(code))
    return name.removeprefix(f"{state} ").strip() if name != state else name


def _state(text: str, found: re.Match[str], place: Place) -> str:
    """Return the state of an agency: named right behind or before it, else the item's."""
    behind = named_states(text[found.end() : found.end() + 40])
    if behind and re.fullmatch(r"(?:,| in| of)\s?", text[found.end() : found.end() + behind[0][1]]):
        return behind[0][0]
    before = named_states(text[max(0, found.start() - 40) : found.start() + len(found["name"])])
    if before:
        return before[-1][0]
    if place.state:
        return place.state
    named = {code for code, _, _ in named_states(text[:600])}
    return named.pop() if len(named) == 1 else ""


def _model(text: str, found: re.Match[str]) -> str:
    window = text[max(0, found.start() - 2 * _NEAR) : found.end() + 2 * _NEAR]
    named = [name for name, form in _MODELS if form.search(window)]
    if "tribal task force model" in named and "task force model" in named:
        named.remove("task force model")
    return named[0] if len(named) == 1 else ""


def _row(text: str, field: str) -> Iterator[Found]:
    """Read a row of a list: "STATE | agency | type | county | model | signed"."""
    cells = [cell.strip() for cell in text.split(_CELLS)]
    states = named_states(cells[0].title())
    models = [name for name, form in _MODELS for cell in cells if form.search(cell)]
    if states and models:
        county = cells[3] if len(cells) > _FEWEST_CELLS else ""
        named = _named(states[0][0], cells[1], county, models[0])
        yield Found(named, field, 0, len(text), text[:120])


def _named(code: str, agency: str, county: str, model: str) -> Identifier:
    plain = even_agency(agency).removeprefix("city of ")
    value = "|".join((code, plain, even_county(county), model))
    return Identifier("agreement", state_id(code), value)
