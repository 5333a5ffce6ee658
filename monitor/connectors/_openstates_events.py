"""Makes entries of the hearings that Open States lists: a meeting, and the items of its agenda.

Format: openstates/api-v3, api/events.py and api/schemas.py (https://v3.openstates.org/docs)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from monitor.connectors._bill_names import state_bill
from monitor.connectors._json_answers import Record, moment, needed
from monitor.connectors._meetings import is_called_off, kind_of
from monitor.errors import FormatError
from monitor.jurisdictions import ocd, timezone_of
from monitor.models import Attachment, Entry, Hearing, Identifier, ItemType, Pairs
from monitor.text import digest, fold
from monitor.urls import absolute

INCLUDED = ("agenda", "documents", "links", "participants", "sources")
_CALLED_OFF = {"cancelled", "canceled", "postponed"}
_DAY_ALONE = re.compile(r"\d{4}-\d{2}-\d{2}")
# They are what the meeting is about, and no further names of it.
_COMMITTEES = {"committee", "organization"}


def event(record: Record, now: datetime) -> tuple[Entry, ...]:
    """Make a meeting of an event, and an item of each line of its agenda; raises FormatError.

    An event that Open States struck out is none.
    """
    if record.flag("deleted"):
        return ()
    number, name = needed(record, "id"), needed(record, "name")
    division = _division(record.record("jurisdiction").text("id"))
    offices = [
        one.line("name")
        for one in record.records("participants")
        if fold(one.text("entity_type")) in _COMMITTEES
    ]
    sources = [absolute("", one.text("url")) for one in record.records("sources")]
    held = Entry(
        type=ItemType.MEETING,
        key=number,
        title=name,
        body=record.text("description"),
        url=next((url for url in sources if url), ""),
        jurisdiction=division,
        office="; ".join(dict.fromkeys([one for one in offices if one])),
        status=record.line("status"),
        hearings=(_hearing(record, name, division, now),),
        attachments=tuple(_documents(record)),
        labels=tuple([one for one in [record.line("classification")] if one]),
    )
    return held, *_agenda(record, held)


def _hearing(record: Record, name: str, division: str, now: datetime) -> Hearing:
    zone, said = timezone_of(division), record.text("start_date")
    starts = moment(said, zone, now)
    whole_day = record.flag("all_day") or _DAY_ALONE.fullmatch(said) is not None
    return Hearing(
        kind_of(name, record.line("classification")),
        starts,
        zone,
        record.record("location").line("name"),
        said=said,
        all_day=whole_day and starts is not None,
        cancelled=fold(record.text("status")) in _CALLED_OFF or is_called_off(name),
    )


def _agenda(record: Record, held: Entry) -> Iterator[Entry]:
    """Make an item of each line; one on a bill belongs to the bill.

    A line has no number that stays: its bill, or its words, tell it from the others.
    """
    seen = set()
    for line in record.records("agenda"):
        words, bills = line.line("description"), tuple(_bills(line, held.jurisdiction))
        title = words or "; ".join(number for number, _, _ in bills)
        own = digest(*[number for number, _, _ in bills]) if bills else digest(fold(title))
        key = f"{held.key}/{own[:12]}"
        if not title or key in seen:
            continue
        seen.add(key)
        names = tuple([name for _, _, name in bills if name])
        yield Entry(
            type=ItemType.AGENDA_ITEM,
            key=key,
            title=title,
            body="\n".join([said for _, said, _ in bills if said]),
            url=held.url,
            jurisdiction=held.jurisdiction,
            office=held.office or held.title,
            # A line on several bills is none of them alone.
            identifiers=names if len(names) == 1 else (),
            hearings=held.hearings,
            noise=_numbers(bills),
            labels=line.texts("classification"),
        )


def _bills(line: Record, division: str) -> Iterator[tuple[str, str, Identifier | None]]:
    """List the bills of a line: number, title, official name where the session is known."""
    for one in line.records("related_entities"):
        bill = one.record("bill")
        number = bill.line("identifier") or (
            one.line("name") if fold(one.text("entity_type")) == "bill" else ""
        )
        if number:
            session = bill.text("session")
            yield number, bill.line("title"), _official(division, session, number)


def _official(division: str, session: str, number: str) -> Identifier | None:
    return state_bill(division, session, number) if session else None


def _numbers(bills: tuple[tuple[str, str, Identifier | None], ...]) -> Pairs:
    said = "; ".join([number for number, _, _ in bills])
    return (("bills", said),) if said else ()


def _documents(record: Record) -> Iterator[Attachment]:
    """List documents and links, each address once."""
    found: dict[str, Attachment] = {}
    for document in record.records("documents"):
        for link in document.records("links"):
            url = absolute("", link.text("url"))
            title = document.line("note") or "Document"
            found.setdefault(url, Attachment(title, url, link.text("media_type")))
    for link in record.records("links"):
        url = absolute("", link.text("url"))
        found.setdefault(url, Attachment(link.line("note") or "Link", url))
    found.pop("", None)
    yield from found.values()


def _division(jurisdiction: str) -> str:
    try:
        return ocd(jurisdiction)
    except ValueError as unknown:
        raise FormatError("jurisdiction", f"unknown jurisdiction {jurisdiction!r}") from unknown
