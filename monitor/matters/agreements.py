"""287(g) agreements: state, agency and model name one, whoever lists it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from monitor import jurisdictions
from monitor.matters.places import named_places, state
from monitor.matters.signatures import hashed, squeezed
from monitor.matters.values import Excerpt, Likeness, same
from monitor.text import fold

_MODELS = (
    ("jem", re.compile(r"\bjem\b|jail enforcement", re.IGNORECASE)),
    ("tfm", re.compile(r"\btfm\b|task force", re.IGNORECASE)),
    ("wso", re.compile(r"\bwso\b|warrant services? officer", re.IGNORECASE)),
    ("tribal", re.compile(r"\btribal task\b", re.IGNORECASE)),
)
# "287(g) JEM: Lee County Sheriff's Office (FL)".
_NAMED = re.compile(r"^287\s?\(?g\)?[^:]{0,30}:\s*(?P<agency>.+?)\s*\((?P<state>[A-Z]{2})\)\s*$")
# "287(g) agreement of Lee County Sheriff's Office, Lee County, FL: Jail Enforcement Model".
_OF = re.compile(
    r"^287\s?\(?g\)?\s+agreement\s+(?:of|with|between ICE and)\s+"
    r"(?P<agency>[^,:]+?),\s*(?P<where>[^:]+?)\s*:",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\b(?P<iso>20\d\d-\d\d-\d\d)\b|"
    r"[Ss]igned\s*:?\s*(?P<month>[A-Z][a-z]+)\s+(?P<day>\d{1,2}),\s*(?P<year>20\d\d)|"
    r"\b(?P<us>\d{1,2}/\d{1,2}/20\d\d)\b"
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SPELLINGS = (
    (
        re.compile(r"\b(?:office of the\s+)?sheriff'?s?'?(?:\s+(?:office|department|dept\.?))?\b"),
        "sheriff",
    ),
    (
        re.compile(r"\bpolice\s+(?:department|dept\.?|dep't)|\bp\.?d\.?$|\bdepartment of police\b"),
        "police",
    ),
    (re.compile(r"\bdep(?:artmen)?t\.?\b"), "department"),
    (re.compile(r"\bdept\.?\s+of\b"), "department of"),
    (re.compile(r"\bst\.?\s(?=[a-z])|\bsaint\s"), "st "),
    (re.compile(r"\bpct\.?\b|\bprecinct\s+no\.?"), "precinct"),
)
_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is read of a 287(g) agreement: all of it must agree, the day where both name one."""

    state: str
    agency: str
    model: str
    signed: date | None


def read_agreement(part: Excerpt) -> Agreement:
    """Read a row of ICE's sheet, a compiled record, or the monitor's own item."""
    said = f"{part.title} {part.text}"
    agency, where = _parties(part)
    return Agreement(
        state=where or state(part.jurisdiction),
        agency=_agency(agency),
        model=next((name for name, words in _MODELS if words.search(part.title)), ""),
        signed=_signed(said),
    )


def agreement_keys(agreement: Agreement) -> tuple[str, ...]:
    """Return the one key of an agreement; none where it is not known whose it is."""
    if not (agreement.state and agreement.agency and agreement.model):
        return ()
    return (hashed(f"g:{agreement.state}:{agreement.agency}:{agreement.model}"),)


def compare_agreements(one: Agreement, other: Agreement) -> Likeness | None:
    """Say whether two rows are one agreement; one signed on another day is another one."""
    whole = one.state and one.agency and one.model
    if not whole or (one.state, one.agency, one.model) != (other.state, other.agency, other.model):
        return None
    if one.signed and other.signed and one.signed != other.signed:
        return None
    return same("same state, agency and model of 287(g) agreement")


def _parties(part: Excerpt) -> tuple[str, str]:
    """Return the agency and the code of its state."""
    if "|" in part.title:
        cells = [cell.strip() for cell in part.title.split("|")]
        code = next((named_places().get(tuple(fold(cell).split()), "") for cell in cells[:1]), "")
        return (cells[1], code) if len(cells) >= _COLUMNS else ("", code)
    if found := _NAMED.match(part.title):
        return found["agency"], found["state"].lower()
    if found := _OF.match(part.title):
        guess = jurisdictions.suggestion(found["where"])
        return found["agency"], guess.partition("/")[0] if guess else ""
    return part.office, ""


def _agency(name: str) -> str:
    """Spell an agency one way: "Lee County Sheriffs Dept." as "leecountysheriff"."""
    text = fold(name)
    for pattern, spelled in _SPELLINGS:
        text = pattern.sub(spelled, text)
    return squeezed(text)


def _signed(text: str) -> date | None:
    """Return the day of signing; None where none is stated or it is no date."""
    found = _SIGNED.search(text)
    if not found:
        return None
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        if found["us"]:
            month, day, year = map(int, found["us"].split("/"))
            return date(year, month, day)
        return date(
            int(found["year"]), _MONTHS.index(found["month"].lower()) + 1, int(found["day"])
        )
    except ValueError:
        return None


def agreements_conflict(one: Agreement, other: Agreement) -> str:
    """Return what differs between two agreements, "" where they are one."""
    return "" if compare_agreements(one, other) else "other agency, model or day"
