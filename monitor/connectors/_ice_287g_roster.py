"""Reads ICE's workbook of 287(g) agreements row by row, whatever its columns are called this month.

Columns (2026): STATE, LAW ENFORCEMENT AGENCY, TYPE, COUNTY, SUPPORT TYPE, SIGNED, MOA, ADDENDUM.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from monitor.dates import parse_date, plausible, zone
from monitor.documents.workbooks import Cell, Sheet, said
from monitor.errors import FormatError
from monitor.identifiers import even_agency, even_county
from monitor.jurisdictions import label, ocd, state_of, suggestion
from monitor.models import Refusal
from monitor.text import clean_text, fold, one_line
from monitor.urls import absolute, host

_EASTERN = "America/New_York"
_HEADER_WITHIN = 10
_STATE, _AGENCY, _SORT, _COUNTY = "state", "agency", "sort", "county"
_MODEL, _SIGNED, _MOA, _ADDENDUM = "model", "signed", "moa", "addendum"
# What a heading is recognised by, in this order: "SUPPORT TYPE" before "TYPE".
_HEADINGS = (
    (_MODEL, re.compile(r"support type|model")),
    (_STATE, re.compile(r"state|state/territory")),
    (_AGENCY, re.compile(r"(?:law enforcement )?agency(?: name)?")),
    (_SORT, re.compile(r"(?:agency )?type")),
    (_COUNTY, re.compile(r"county(?:/parish)?|parish")),
    (_SIGNED, re.compile(r"(?:date )?signed(?: date)?")),
    (_MOA, re.compile(r"moa(?: link)?")),
    (_ADDENDUM, re.compile(r"addend(?:um|a)")),
)
_NEEDED = (_STATE, _AGENCY, _MODEL)
# With typing errors: "Warrant Services Officer", "Warrant Service Office", "Task Force Officer".
_MODELS = (
    ("Jail Enforcement Model", re.compile(r"\bjail\b")),
    ("Tribal Task Force Model", re.compile(r"\btribal\b")),
    ("Task Force Model", re.compile(r"\btask\s*force\b")),
    ("Warrant Service Officer", re.compile(r"\bwarrant\b")),
)
_NOTHING = re.compile(r"#?n/?a|none|-+|link pending|pending|county|")
_SLASH_LOST = re.compile(r"(\d{1,2})/(\d{1,2})(\d{4})")
_WRAPPED = re.compile(r"^chrome-extension:/+\w+/(https?):/+", re.IGNORECASE)
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/\d+[a-z_]*/(?=https?://)")


class Name(NamedTuple):
    """What a row is called, for comparing: states by their code, spelling and titles evened out."""

    state: str
    agency: str
    county: str
    model: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """One row, in the publisher's words but for blanks and apostrophes.

    state: code, "" where the name is none. signed: the day, None where it cannot be meant;
    signed_said keeps what stands there. moa, addendum: addresses of the documents.
    """

    state: str
    state_said: str
    agency: str
    sort: str
    county: str
    model: str
    signed: date | None
    signed_said: str
    moa: str = ""
    addendum: str = ""

    @property
    def name(self) -> Name:
        """Return what it is recognised by in another month's workbook."""
        state = self.state or fold(self.state_said)
        agency = even_agency(self.agency).removeprefix("city of ")
        return Name(state, agency, even_county(self.county), fold(self.model))

    @property
    def place(self) -> str:
        """Return the division id of the county, or else of the state; "" where both are unknown."""
        if not self.state:
            return ""
        return _county_id(self.county, self.state) or ocd(self.state)

    @property
    def signed_at(self) -> datetime | None:
        """Return midnight in Washington of the day."""
        if self.signed is None:
            return None
        day = self.signed
        return datetime(day.year, day.month, day.day, tzinfo=zone(_EASTERN)).astimezone(UTC)


def agreements(sheet: Sheet, subject: str, now: datetime) -> Iterator[Agreement | Refusal]:
    """Read a sheet's rows, those that a filter hides included; blank rows are passed over.

    Raises FormatError where no row is a heading with state, agency and support type.
    """
    start, columns = _heading(sheet, subject)
    links = {(row, column): address for row, column, address in sheet.links}
    for number, row in enumerate(sheet.rows[start + 1 :], start=start + 1):
        cells = {name: row[column] for name, column in columns.items() if column < len(row)}
        behind = {name: links.get((number, column), "") for name, column in columns.items()}
        if any(_line(cell) for cell in cells.values()):
            yield _agreement(cells, behind, number, now)


def _heading(sheet: Sheet, subject: str) -> tuple[int, Mapping[str, int]]:
    for number, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            heading = fold(_line(cell))
            for name, form in _HEADINGS:
                if name not in columns and form.fullmatch(heading):
                    columns[name] = column
                    break
        if all(name in columns for name in _NEEDED):
            return number, columns
    raise FormatError(subject, "the workbook has no heading with state, agency and support type")


def _agreement(
    cells: Mapping[str, Cell], behind: Mapping[str, str], number: int, now: datetime
) -> Agreement | Refusal:
    text = {name: _line(cell) for name, cell in cells.items()}
    missing = [name for name in _NEEDED if not text.get(name)]
    if missing:
        what = one_line(" ".join(filter(None, text.values())), 80)
        return Refusal(f"row {number + 1}: {what}", f"it names no {' and no '.join(missing)}")
    day, day_said = _day(cells.get(_SIGNED, ""), now)
    county = text.get(_COUNTY, "")
    return Agreement(
        state=_state(text[_STATE]),
        state_said=text[_STATE],
        agency=text[_AGENCY].replace("\u2019", "'").replace("\u2018", "'"),
        sort=text.get(_SORT, ""),
        county="" if _NOTHING.fullmatch(fold(county)) else county,
        model=_model(text[_MODEL]),
        signed=day,
        signed_said=day_said,
        moa=_address(behind.get(_MOA, "") or text.get(_MOA, "")),
        addendum=_address(behind.get(_ADDENDUM, "") or text.get(_ADDENDUM, "")),
    )


@cache
def _state(said: str) -> str:
    """Find a state's code: "PENNSLYVANIA" and "UTAHJ" are typing errors of ICE's own."""
    code = suggestion(said)
    known = bool(code) and "/" not in code and state_of(ocd(code)) == code
    return code if known else ""


@cache
def _county_id(county: str, state: str) -> str:
    if not even_county(county):
        return ""
    try:
        found = ocd(suggestion(f"{county}, {state}"))
    except ValueError:
        return ""
    return found if "/county:" in found or "/parish:" in found or "/borough:" in found else ""


def _model(text: str) -> str:
    folded = fold(text)
    return next((name for name, form in _MODELS if form.search(folded)), text)


def _day(cell: Cell, now: datetime) -> tuple[date | None, str]:
    """Read a day; the year 5025 cannot be meant, "7/72025" lacks a stroke."""
    if isinstance(cell, datetime):
        cell = cell.date()
    text = _line(cell)
    if isinstance(cell, date):
        found: date | None = cell
    else:
        mended = _SLASH_LOST.sub(r"\1/\2/\3", text) if _SLASH_LOST.fullmatch(text) else text
        moment = parse_date(mended, "UTC")
        found = moment.date() if moment else None
    if found is None or not plausible(datetime(found.year, found.month, 1, tzinfo=UTC), now):
        return None, text
    return found, found.isoformat()


def _address(link: str) -> str:
    """Take an address out of the wrapping in which it was copied: Outlook's, Chrome's, Wayback's.

    Outlook's "Safe Links" also carry the mail address of the person who copied them.
    """
    link = _ARCHIVED.sub("", _WRAPPED.sub(r"\1://", link.strip()))
    if host(link).endswith("safelinks.protection.outlook.com"):
        link = parse_qs(urlsplit(link).query).get("url", [""])[0]
    return absolute("", link)


def _line(cell: Cell) -> str:
    text = clean_text(said(cell))
    return text.replace("\n", " ")


def place_label(agreement: Agreement) -> str:
    """Name the state for people: "Pennsylvania"; as the publisher wrote it where unknown."""
    return label(ocd(agreement.state)) if agreement.state else agreement.state_said
