"""Turns rows of the Legistar Web API into entries: matters, meetings, agenda items, documents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.connectors._legistar_answers import Row
from monitor.connectors._meetings import is_called_off, watched
from monitor.dates import parse_date, plausible
from monitor.identifiers import council_file
from monitor.models import Attachment, Entry, Hearing, Identifier, ItemType, Pairs
from monitor.text import fold, one_line
from monitor.urls import absolute

EVENT_FIELDS = (
    "EventId", "EventBodyName", "EventDate", "EventTime", "EventLocation", "EventComment",
    "EventAgendaStatusName", "EventAgendaLastPublishedUTC", "EventInSiteURL",
)  # fmt: skip
MATTER_FIELDS = ("MatterId", "MatterFile", "MatterName", "MatterTitle", "MatterBodyName")

_HTML = re.compile(
    r"</?(?:p|br|div|span|em|strong|b|i|u|font|a|ul|ol|li|table|tr|td)\b[^<>]*>", re.IGNORECASE
)
# A name of one or two words is a number or a heading ("CB 120001"), and the title says more.
_TELLING_WORDS = 3
# A shorter note names the committee or a stage ("Preconsidered"): it would make every item that a
# committee hears match its name.
_PROSE_WORDS = 8
_LABELLED = re.compile(r"(?P<label>[A-Z][A-Za-z/ .&'()-]{1,40}?) ?:(?: (?P<value>.*))?")
_HEADLINES = ("subject", "purpose", "title", "type of service")
_TIME = re.compile(
    r"\d{1,2}(?::\d{2})?(?::\d{2})? ?(?:[ap]\.? ?m\.?)|(?:1[3-9]|2[0-3]):\d{2}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tenant:
    """Who publishes: the client's id, its public site, its zone, and the time of the poll.

    texts: fields of a matter whose words belong to its text.
    """

    client: str
    site: str
    timezone: str
    now: datetime
    texts: tuple[str, ...] = ()


def matter(row: Row, tenant: Tenant) -> Entry | None:
    """Read a record of /matters; raises FormatError where a field has the wrong type.

    None where the council keeps it from public view. Status, body, dates, number and version are
    news; when the record was touched, by whom it was asked for and free fields that nobody named
    are noise.
    """
    if row.flag("MatterRestrictViewViaWeb"):
        return None
    number = row.key("MatterId")
    title, body = headline(row.text("MatterName"), row.text("MatterTitle"))
    words = "\n".join([body, *[row.text(name) for name in tenant.texts]]).strip()
    introduced = row.wall("MatterIntroDate", tenant.timezone)
    believable = introduced is not None and plausible(introduced, tenant.now)
    kind = row.text("MatterTypeName")
    return Entry(
        type=ItemType.COUNCIL_ITEM,
        key=f"matter-{number}",
        title=title or row.text("MatterFile") or f"Matter {number}",
        body=words,
        html=bool(_HTML.search(title) or _HTML.search(words)),
        url=permalink(number, tenant),
        published=introduced if believable else None,
        published_said="" if believable else row.day("MatterIntroDate"),
        updated=row.moment("MatterLastModifiedUtc"),
        office=row.text("MatterBodyName"),
        status=row.text("MatterStatusName"),
        identifiers=names_of(number, row.text("MatterFile"), tenant),
        facts=_matter_facts(row, kind),
        noise=_matter_noise(row, tenant),
        labels=(kind,) if kind else (),
    )


def meeting(row: Row, tenant: Tenant) -> Entry:
    """Read a record of /events; its agenda and minutes are attachments."""
    number = row.key("EventId")
    office = row.text("EventBodyName").lstrip("* ")
    comment = row.text("EventComment")
    files = (("Agenda", row.text("EventAgendaFile")), ("Minutes", row.text("EventMinutesFile")))
    published = row.moment("EventAgendaLastPublishedUTC")
    held = hearing(row, tenant)
    return Entry(
        type=ItemType.MEETING,
        key=f"event-{number}",
        title=office or f"Meeting {number}",
        body=comment,
        html=bool(_HTML.search(comment)),
        url=absolute(tenant.site, row.text("EventInSiteURL")) or f"{tenant.site}/Calendar.aspx",
        published=published if published and plausible(published, tenant.now) else None,
        updated=row.moment("EventLastModifiedUtc"),
        office=office,
        status=row.text("EventAgendaStatusName"),
        hearings=(held,),
        attachments=_attachments(files, tenant),
        participation=watched(row.text("EventVideoPath"), "EventVideoPath", held, tenant.now),
        noise=_told(row, (("minutes status", "EventMinutesStatusName"),)),
    )


def agenda_item(row: Row, event: Row, tenant: Tenant) -> Entry | None:
    """Read a record of /events/{id}/EventItems; None where it is a heading, no business.

    event: the meeting's own record, or its excerpt of EVENT_FIELDS. A result (action, passed or
    not) is news; the place in the agenda, mover and seconder are not.
    """
    if is_heading(row):
        return None
    about = row.number("EventItemMatterId")
    title, body = headline(row.text("EventItemMatterName"), row.text("EventItemTitle"))
    notes = (row.text("EventItemAgendaNote"), row.text("EventItemMinutesNote"))
    prose = [note for note in notes if len(note.split()) >= _PROSE_WORDS]
    words = "\n".join([one for one in (body, *prose) if one])
    held = meeting(event, tenant)
    done = (row.text("EventItemActionName"), row.text("EventItemPassedFlagName"))
    return Entry(
        type=ItemType.AGENDA_ITEM,
        key=f"item-{row.key('EventItemId')}",
        title=title or row.text("EventItemMatterFile"),
        body=words,
        html=bool(_HTML.search(title) or _HTML.search(words)),
        url=held.url if about is None else permalink(about, tenant),
        published=held.published,
        updated=row.moment("EventItemLastModifiedUtc"),
        office=held.office,
        status=", ".join([one for one in done if one]),
        identifiers=names_of(about, row.text("EventItemMatterFile"), tenant),
        hearings=held.hearings,
        attachments=documents(row.rows("EventItemMatterAttachments"), tenant),
        facts=_told(row, (("type", "EventItemMatterType"), ("version", "EventItemVersion"))),
        noise=_told(
            row,
            (
                ("agenda number", "EventItemAgendaNumber"),
                ("agenda note", "EventItemAgendaNote"),
                ("matter status", "EventItemMatterStatus"),
                ("mover", "EventItemMover"),
                ("seconder", "EventItemSeconder"),
                ("tally", "EventItemTally"),
            ),
        ),
        labels=tuple([one for one in [row.text("EventItemMatterType")] if one]),
    )


def documents_of(matter_row: Row, rows: Iterable[Row], tenant: Tenant) -> Entry | None:
    """Read the records of /matters/{id}/attachments into one entry beside the matter's own.

    matter_row: the matter's record, or its excerpt of MATTER_FIELDS. None where there are no
    documents. An entry of its own: a matter is known even where its documents cannot be had, and
    its fingerprint does not swing between two states.
    """
    found = documents(rows, tenant)
    if not found:
        return None
    number, file = matter_row.key("MatterId"), matter_row.text("MatterFile")
    title, _ = headline(matter_row.text("MatterName"), matter_row.text("MatterTitle"))
    return Entry(
        type=ItemType.COUNCIL_ITEM,
        key=f"documents-{number}",
        title=title or file,
        html=bool(_HTML.search(title)),
        url=permalink(number, tenant),
        office=matter_row.text("MatterBodyName"),
        identifiers=names_of(number, file, tenant),
        attachments=found,
        labels=("documents",),
    )


def hearing(row: Row, tenant: Tenant) -> Hearing:
    """Read when and where a meeting is; a time that cannot be read leaves the day alone.

    EventDate is a local midnight, EventTime text such as "1:30 PM", blank or malformed at times.
    """
    day, said = row.day("EventDate"), row.text("EventTime")
    timed = parse_date(f"{day} {said}", tenant.timezone) if _TIME.fullmatch(said) else None
    starts = timed or parse_date(day, tenant.timezone)
    if starts is not None and not plausible(starts, tenant.now):
        starts = None
    words = (row.text("EventComment"), row.text("EventBodyName"))
    public_hearing = any(re.search(r"\bhearing\b(?! room)", one, re.IGNORECASE) for one in words)
    return Hearing(
        kind="hearing" if public_hearing else "meeting",
        starts=starts,
        timezone=tenant.timezone,
        place=", ".join(row.text("EventLocation").split("\n")).lstrip("* "),
        said=said if starts is not None else f"{day} {said}".strip(),
        all_day=starts is not None and timed is None,
        cancelled=is_cancelled(row),
    )


def is_cancelled(row: Row) -> bool:
    """Tell whether a meeting will not be held then: by its name, comment, time or status."""
    free = [row.text(f"Event{name}") for name in ("BodyName", "Comment", "Location")]
    stages = [row.text(f"Event{name}") for name in ("AgendaStatusName", "Time")]
    return is_called_off(*free, stages=stages)


_PROCEDURE = re.compile(
    r"page break|roll call(?: */ *call to order)?|call(?:ed)? to order|adjourn(?:ment|ed)?|recess"
    r"|invocation|moment of silence|pledge of allegiance|consent (?:calendar|agenda)"
    r"|(?:passed the )?consent agenda|(?:general )?public comments?|open forum|announcements?"
    r"|(?:unfinished|old|new|other) business|executive session|land use call-ups"
    r"|(?:approval|adoption|reading) of (?:the )?(?:minutes|agenda)|extension of remarks"
    r"|(?:(?:coupled|discussion) (?:on|of) )?general orders(?: calendar)?|see .{0,60}"
    r"|(?:jointly with|reports? of) (?:the )?(?:standing |special )?committees?\b.*"
)
_FEW_WORDS = 3


def is_heading(row: Row) -> bool:
    """Tell whether an agenda's row is furniture: blank, a page break, a procedure, a heading.

    What hangs on a matter or has documents never is. Of the rest, known procedures, whatever has
    at most three words ("Immigration" heads the items of that committee), and a short title that
    is only said again in the note.
    """
    if row.number("EventItemMatterId") is not None or row.rows("EventItemMatterAttachments"):
        return False
    title, note = _heading(row.text("EventItemTitle")), _heading(row.text("EventItemAgendaNote"))
    if title == note and len(title.split()) < _PROSE_WORDS:
        return True
    return all(len(one.split()) <= _FEW_WORDS or _PROCEDURE.fullmatch(one) for one in (title, note))


def _heading(text: str) -> str:
    """Fold a heading without its number, its remarks in brackets, and rules of dashes."""
    said = re.sub(
        r"\([^)]*\)|^(?:\d{1,3}|[ivx]{1,4}|[a-z])[.)] | - none$|[_=*#.:-]{2,}", "", fold(text)
    )
    return said.strip(" .:*-_")


def headline(name: str, title: str) -> tuple[str, str]:
    """Choose what stands over a record, and what is left for its text.

    NYC has a short plain name and a formal title: both are wanted. Newark and Oakland write a fact
    sheet of "Label: value" lines into the title: its subject or purpose stands over the whole.
    """
    sheet = _fact_sheet(title)
    if len(name.split()) >= _TELLING_WORDS:
        return one_line(name), title if fold(title) != fold(name) else ""
    if sheet:
        return one_line(sheet), title
    return title or name, ""


def _fact_sheet(title: str) -> str:
    """Return the subject of a title that is a list of labels and values, "" where it is none."""
    values: dict[str, str] = {}
    label = ""
    for line in title.split("\n"):
        found = _LABELLED.fullmatch(line)
        if found:
            label = found["label"].lower()
            values.setdefault(label, found["value"] or "")
        elif not label:
            return ""
        else:
            values[label] = f"{values[label]} {line}".strip()
    if len(values) < 2:  # noqa: PLR2004 - one label is a sentence with a colon
        return ""
    return next((values[name] for name in _HEADLINES if values.get(name)), "")


def permalink(number: int, tenant: Tenant) -> str:
    """Return the page of a matter: the site's gateway leads from the API's id to the web's own."""
    return f"{tenant.site}/gateway.aspx?m=l&id={number}"


def names_of(number: int | None, file: str, tenant: Tenant) -> tuple[Identifier, ...]:
    """Name a matter by the API's id, which stays when a file is renamed, and by its file number.

    The id comes first: some councils give one file number to several matters.
    """
    scope = f"legistar/{tenant.client}"
    by_id = () if number is None else (Identifier("legistar", scope, str(number)),)
    found = council_file(scope, file)
    return (*by_id, found) if found else by_id


def documents(rows: Iterable[Row], tenant: Tenant) -> tuple[Attachment, ...]:
    """Read attachments that are shown to the public; the same link counts once."""
    shown = [
        row for row in rows if row.fields.get("MatterAttachmentShowOnInternetPage") is not False
    ]
    return _attachments(
        [
            (row.text("MatterAttachmentName"), row.text("MatterAttachmentHyperlink"))
            for row in shown
        ],
        tenant,
    )


def _attachments(files: Iterable[tuple[str, str]], tenant: Tenant) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for title, link in files:
        url = absolute(tenant.site, link)
        if url:
            found.setdefault(url, Attachment(one_line(title) or "Attachment", url))
    return tuple(found.values())


def _matter_facts(row: Row, kind: str) -> Pairs:
    dates = (
        ("introduced", "MatterIntroDate"),
        ("agenda date", "MatterAgendaDate"),
        ("passed", "MatterPassedDate"),
        ("enacted", "MatterEnactmentDate"),
    )
    pairs = (
        ("type", kind),
        ("file", row.text("MatterFile")),
        *((name, row.day(field)) for name, field in dates),
        ("enactment number", row.text("MatterEnactmentNumber")),
        ("version", row.text("MatterVersion")),
    )
    return tuple([pair for pair in pairs if pair[1]])


def _matter_noise(row: Row, tenant: Tenant) -> Pairs:
    name = row.text("MatterName")
    short = (("name", name),) if len(name.split()) < _TELLING_WORDS else ()
    told = _told(row, (("requester", "MatterRequester"), ("reference", "MatterReference")))
    free = [f"MatterEXText{n}" for n in range(1, 12)]
    more = _told(row, tuple((name, name) for name in free if name not in tenant.texts))
    return tuple([pair for pair in (*short, *told, *more) if pair[1]])


def _told(row: Row, wanted: tuple[tuple[str, str], ...]) -> Pairs:
    pairs = [(name, row.text(field)) for name, field in wanted]
    return tuple([pair for pair in pairs if pair[1]])
