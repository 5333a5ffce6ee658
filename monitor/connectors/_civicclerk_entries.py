"""Makes entries of CivicClerk's records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.connectors._json_answers import Record, made, named, needed
from monitor.connectors._meetings import meeting_at, watched
from monitor.identifiers import council_file
from monitor.models import Attachment, Entry, Identifier, ItemType, Pairs, Poll, Refusal
from monitor.text import clean_text, fold, one_line

_HTML = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_DEPTH = 12
# Sections and procedure: "Roll Call", "Consent Agenda" have no business of their own.
_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Tenant:
    """Who publishes: the portal's first word, where its API is, and the visit."""

    name: str
    api: str
    poll: Poll


def meeting(record: Record, tenant: Tenant) -> Entry:
    """Read a record of /Events; raises FormatError.

    A time's "Z" is false: it is the wall's clock. A deleted meeting is one that is not held.
    """
    number, title = needed(record, "id"), needed(record, "eventName")
    times = [record.text(name) for name in ("startDateTime", "eventDate", "MeetingStartDate")]
    deleted = record.flag("isDeleted")
    notice = record.text("eventNotice")
    files = tuple(_files(record, tenant))
    gone = ("cancelled",) if deleted else ()
    held = meeting_at(
        next((one for one in times if one), ""),
        tenant.poll,
        place=_place(record.record("eventLocation")),
        words=(title, notice, *gone),
    )
    media = "externalMediaUrl"
    return Entry(
        type=ItemType.MEETING,
        key=f"event-{number}",
        title=title,
        body="\n".join([one for one in (record.text("eventDescription"), notice) if one]),
        html=True,
        url=f"https://{tenant.name}.portal.civicclerk.com/event/{number}/overview",
        office=record.line("categoryName") or record.line("eventCategoryName") or title,
        status="deleted" if deleted else "",
        hearings=(held,),
        attachments=files,
        participation=watched(record.text(media), media, held, tenant.poll.now),
        noise=_told(
            record, ("agendaName", "publishedAgendaTimeStamp", "externalMediaUrl", "isPublished")
        ),
    )


def agenda_items(
    found: Iterable[Record], held: Entry, tenant: Tenant, depth: int = 0
) -> Iterator[Entry | Refusal]:
    """Read the tree of an agenda's items; sections and procedure are passed over."""
    for record in found:
        what = named("agenda item", record, "id")
        entry = made(what, lambda r=record: _item(r, held, tenant))  # type: ignore[misc]
        if entry is not None:
            yield entry
        inner = made(what, lambda r=record: r.records("childItems"))  # type: ignore[misc]
        if isinstance(inner, Refusal):
            yield inner
        elif depth < _DEPTH:
            yield from agenda_items(inner, held, tenant, depth + 1)


def _item(record: Record, held: Entry, tenant: Tenant) -> Entry | None:
    number = needed(record, "id")
    title = one_line(clean_text(record.text("agendaObjectItemName"), html=True))
    body = record.text("agendaObjectItemDescription")
    files = tuple(_item_files(record, tenant))
    numbers = (record.text("ordinanceFormattedNumber"), record.text("resolutionFormattedNumber"))
    plain = clean_text(body, html=True)
    idle = not files and not any(numbers) and len(fold(plain).split()) <= _FEW_WORDS
    if not title or (idle and (record.flag("isSection") or len(title.split()) <= _FEW_WORDS)):
        return None
    return Entry(
        type=ItemType.AGENDA_ITEM,
        key=f"item-{number}",
        title=title,
        body=plain,
        url=held.url,
        office=held.office,
        hearings=held.hearings,
        identifiers=tuple(_names(numbers, tenant)),
        attachments=files,
        noise=_told(record, ("agendaObjectItemOutlineNumber",)),
    )


def _names(numbers: tuple[str, ...], tenant: Tenant) -> Iterator[Identifier]:
    for said in numbers:
        found = council_file(f"civicclerk/{tenant.name}", said) if said else None
        if found:
            yield found


def _files(record: Record, tenant: Tenant) -> Iterator[Attachment]:
    """List the published files; their own `url` is a path that nobody can fetch."""
    for one in record.records("publishedFiles"):
        number, name, sort = one.number("fileId"), one.line("name"), one.line("type")
        if number is None:
            continue
        title = name if fold(sort) in fold(name) else f"{sort}: {name}".strip(": ")
        path = f"/Meetings/GetMeetingFileStream(fileId={number},plainText=false)"
        yield Attachment(title or "File", f"{tenant.api}{path}")


def _item_files(record: Record, tenant: Tenant) -> Iterator[Attachment]:
    for one in record.records("attachmentsList"):
        number = one.number("id")
        shown = one.fields.get("isPublished") is not False and not one.flag("isDeleted")
        if number is not None and shown:
            name = one.line("fileName") or one.line("mediaFileName") or "Attachment"
            yield Attachment(name, f"{tenant.api}/Meetings/GetAttachmentFile(fileId={number})")


def _place(where: Record) -> str:
    """Write an address in one line; some tenants repeat the street in its second line."""
    names = ("name", "address1", "address2", "city", "state")
    parts = dict.fromkeys([where.line(name) for name in names if where.line(name)])
    return f"{', '.join(parts)} {where.line('zipCode')}".strip() if parts else ""


def _told(record: Record, names: tuple[str, ...]) -> Pairs:
    pairs = [(name, record.text(name)) for name in names]
    return tuple([pair for pair in pairs if pair[1]])
