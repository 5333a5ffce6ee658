"""Makes entries of what api.congress.gov lists: bills, summaries, committee meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.connectors._bill_names import US, congress_page, federal_bill, ordinal
from monitor.connectors._json_answers import Record, moment, needed
from monitor.errors import FormatError
from monitor.models import Attachment, Entry, Hearing, Identifier, ItemType, Pairs
from monitor.urls import absolute

_EASTERN = "America/New_York"
_SITE = "https://www.congress.gov"
_KINDS = {
    "HR": "H.R.", "S": "S.", "HJRES": "H.J.Res.", "SJRES": "S.J.Res.", "HCONRES": "H.Con.Res.",
    "SCONRES": "S.Con.Res.", "HRES": "H.Res.", "SRES": "S.Res.",
}  # fmt: skip
_CALLED_OFF = {"canceled", "cancelled", "postponed"}


def bill(record: Record, now: datetime) -> Entry:
    """Make an entry of a bill, from a list or its own answer; raises FormatError.

    Some bills have no title in their first days.
    """
    congress, kind, number = _named(record)
    action = record.record("latestAction")
    introduced = record.text("introducedDate")
    sponsors = "; ".join(one.line("fullName") for one in record.records("sponsors"))
    return Entry(
        type=ItemType.BILL,
        key=f"bill:{congress}-{kind.lower()}-{number}",
        title=record.line("title") or f"{_KINDS.get(kind, kind)} {number}",
        url=congress_page(congress, kind, number),
        published=moment(introduced or action.text("actionDate"), _EASTERN, now),
        published_said=introduced or action.text("actionDate"),
        updated=moment(record.text("updateDate"), "UTC", now),
        jurisdiction=US,
        office=record.line("originChamber"),
        status=action.line("text"),
        identifiers=_official(congress, kind, number),
        facts=_pairs(("latest_action_date", action.text("actionDate"))),
        noise=_pairs(
            ("number", f"{_KINDS.get(kind, kind)} {number}"),
            ("congress", congress),
            ("policy_area", record.record("policyArea").line("name")),
            ("sponsors", sponsors),
        ),
    )


def summary(record: Record, now: datetime) -> Entry:
    """Make an entry of the Library's summary of a bill; raises FormatError.

    It belongs to the bill's matter, and is an item of its own: the bill's list has no text.
    """
    about = record.record("bill")
    congress, kind, number = _named(about)
    return Entry(
        type=ItemType.BILL,
        key=f"summary:{congress}-{kind.lower()}-{number}",
        # The title is plain text in an entry of HTML.
        title=_escaped(about.line("title") or f"{_KINDS.get(kind, kind)} {number}"),
        body=record.text("text"),
        html=True,
        url=congress_page(congress, kind, number),
        published=moment(record.text("actionDate"), _EASTERN, now),
        published_said=record.text("actionDate"),
        updated=moment(record.text("updateDate"), "UTC", now),
        jurisdiction=US,
        office=record.line("currentChamber"),
        status=_escaped(record.line("actionDesc")),
        identifiers=_official(congress, kind, number),
        labels=("Summary",),
    )


def meeting(record: Record, event: str, now: datetime) -> Entry:
    """Make an entry of a committee meeting; raises FormatError.

    Its status stays "Scheduled" when it is over. The Senate calls every meeting a meeting.
    """
    status, kind = record.line("meetingStatus"), record.line("type") or "Meeting"
    offices = "; ".join(one.line("name") for one in record.records("committees"))
    said = record.text("date")
    held = Hearing(
        "hearing" if kind.lower() == "hearing" else "meeting",
        moment(said, "UTC", now),
        _EASTERN,
        _place(record.record("location")),
        said=said,
        cancelled=status.lower() in _CALLED_OFF,
    )
    return Entry(
        type=ItemType.MEETING,
        key=f"meeting:{event}",
        title=record.line("title") or f"{kind}: {offices}",
        body="\n".join(_agenda(record)),
        url=_meeting_page(record, event),
        jurisdiction=US,
        office=offices,
        status=status,
        identifiers=(),
        hearings=(held,),
        attachments=tuple(_documents(record)),
        noise=_pairs(("related_bills", "; ".join(str(one) for one in _bills(record)))),
        labels=(kind,),
    )


def _named(record: Record) -> tuple[str, str, str]:
    congress, kind, number = (needed(record, name) for name in ("congress", "type", "number"))
    if not (congress.isascii() and congress.isdigit() and number.isascii() and number.isdigit()):
        raise FormatError("number", f"{kind} {number} of {congress} is no bill's number")
    return congress, kind.upper(), number


def _official(congress: str, kind: str, number: str) -> tuple[Identifier, ...]:
    found = federal_bill(congress, kind, number)
    return (found,) if found else ()


def _bills(record: Record) -> Iterator[str]:
    """List the bills that a meeting is about; they are no names of the meeting."""
    for one in record.record("relatedItems").records("bills"):
        kind, number = one.text("type").upper(), one.text("number")
        if kind and number:
            yield f"{_KINDS.get(kind, kind)} {number}"


def _agenda(record: Record) -> Iterator[str]:
    """Put together what a meeting is about and who speaks: its words for the filters."""
    for one in record.records("witnesses"):
        parts = (one.line("name"), one.line("position"), one.line("organization"))
        yield ", ".join(part for part in parts if part)
    for one in record.records("meetingDocuments"):
        yield one.line("description") or one.line("name")


def _place(location: Record) -> str:
    """Write a room and building, or the address of a field meeting."""
    address = location.record("address")
    parts = (
        location.line("room"),
        location.line("building").strip("-"),
        address.line("buildingName"),
        address.line("streetAddress"),
        address.line("city"),
        address.line("state"),
    )
    return ", ".join(part for part in parts if part)


def _meeting_page(record: Record, event: str) -> str:
    congress, chamber = record.text("congress"), record.text("chamber").lower()
    if not (congress.isascii() and congress.isdigit() and chamber in {"house", "senate"}):
        return ""
    return f"{_SITE}/event/{ordinal(int(congress))}-congress/{chamber}-event/{event}"


def _documents(record: Record) -> Iterator[Attachment]:
    for one in (*record.records("meetingDocuments"), *record.records("witnessDocuments")):
        url = absolute(_SITE, one.text("url"))
        if url:
            title = one.line("name") or one.line("documentType") or "Document"
            yield Attachment(title, url, "application/pdf" if one.text("format") == "PDF" else "")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
