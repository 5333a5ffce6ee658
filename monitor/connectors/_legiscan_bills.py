"""Makes an entry of a bill as LegiScan's getBill answers it (also in its JSON data sets)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.connectors._bill_names import federal_bill_of_legiscan, state_bill
from monitor.connectors._json_answers import Record, moment, needed
from monitor.dates import parse_date
from monitor.errors import FormatError
from monitor.identifiers import bill_number
from monitor.jurisdictions import ocd, timezone_of
from monitor.models import Attachment, Entry, Hearing, Identifier, ItemType, Pairs
from monitor.urls import absolute

# https://api.legiscan.com, manual 1.91: static values, bill status
_STATUS = {
    0: "Prefiled", 1: "Introduced", 2: "Engrossed", 3: "Enrolled", 4: "Passed", 5: "Vetoed",
    6: "Failed", 7: "Veto overridden", 8: "Chaptered", 9: "Referred", 10: "Reported: do pass",
    11: "Reported: do not pass", 12: "Draft",
}  # fmt: skip
_RECENT = 40


def bill_entry(record: Record, now: datetime) -> Entry:
    """Make an entry of a bill; raises FormatError."""
    number, state = needed(record, "bill_number"), needed(record, "state")
    division = _division(state)
    timezone = timezone_of(division)
    latest = _latest(record)
    official = _official(record, division, number)
    return Entry(
        type=ItemType.BILL,
        key=needed(record, "bill_id"),
        title=record.line("title") or number,
        body=_body(record),
        url=absolute("", record.text("state_link")) or absolute("", record.text("url")),
        published=moment(_introduced(record), timezone, now),
        published_said=_introduced(record),
        jurisdiction=division,
        office=record.record("committee").line("name"),
        status=_STATUS.get(record.number("status") or 0, f"status {record.text('status')}"),
        identifiers=(official,) if official else (),
        hearings=tuple(_hearings(record, timezone, now)),
        attachments=tuple(_documents(record)),
        facts=_pairs(("last_action", latest)),
        noise=_pairs(
            ("number", bill_number(number) or number),
            ("session", _session(record)),
            ("sponsors", "; ".join(one.line("name") for one in record.records("sponsors"))),
            ("legiscan", record.text("url")),
            ("history", _history(record)),
            ("change_hash", record.text("change_hash")),
        ),
        labels=tuple(
            one
            for one in (subject.line("subject_name") for subject in record.records("subjects"))
            if one
        ),
    )


def _division(state: str) -> str:
    try:
        return ocd(state.lower())
    except ValueError as unknown:
        raise FormatError("state", f"unknown state {state!r}") from unknown


def _official(record: Record, division: str, number: str) -> Identifier | None:
    """Name the bill: by its Congress, a regular session's years, or a special one's name."""
    session = record.record("session")
    first, last = session.number("year_start"), session.number("year_end")
    if not first:
        return None
    if division == ocd("us"):
        return federal_bill_of_legiscan(first, number)
    years = f"{first}-{last or first}"
    special = session.flag("special")
    return state_bill(
        division, (_session(record) or f"special {years}") if special else years, number
    )


def _session(record: Record) -> str:
    session = record.record("session")
    return session.line("session_name") or session.line("session_title")


def _body(record: Record) -> str:
    described = record.text("description")
    return "" if described == record.text("title") else described


def _latest(record: Record) -> str:
    history = record.records("history")
    return f"{history[-1].text('date')} {history[-1].line('action')}".strip() if history else ""


def _history(record: Record) -> str:
    found = [f"{one.text('date')} {one.line('action')}" for one in record.records("history")]
    return "; ".join(found[-_RECENT:])


def _introduced(record: Record) -> str:
    """Return the date of the first action."""
    steps = (*record.records("progress"), *record.records("history"))
    dates = [one.text("date") for one in steps if one.text("date")]
    return min(dates, default="")


def _hearings(record: Record, timezone: str, now: datetime) -> Iterator[Hearing]:
    """Read the calendar: hearings, executive sessions and markups, at local time."""
    for one in record.records("calendar"):
        day, clock = one.text("date"), one.text("time")
        starts = moment(f"{day} {clock}".strip(), timezone, now)
        known = starts is not None and bool(clock) and not clock.startswith("00:00")
        starts = starts or moment(day, timezone, now)
        said = " ".join((day, clock, one.line("description"))).strip()
        kind = "hearing" if one.text("type_id") in {"", "1"} else "meeting"
        if day or clock:
            place = one.line("location")
            yield Hearing(kind, starts, timezone, place, said, all_day=not known)


def _documents(record: Record) -> Iterator[Attachment]:
    """List texts, amendments and supplements; the state's own link where it has one."""
    for name, fallback in (
        ("texts", "Text"),
        ("amendments", "Amendment"),
        ("supplements", "Supplement"),
    ):
        for one in record.records(name):
            url = absolute("", one.text("state_link")) or absolute("", one.text("url"))
            title = one.line("type") or one.line("title") or fallback
            day = one.text("date")
            dated = f"{title} ({day})" if parse_date(day, "UTC") else title
            if url:
                yield Attachment(dated, url, one.text("mime"))


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
