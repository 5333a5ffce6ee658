"""Makes entries of the rows and labels of Legistar's pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.connectors._legistar_grids import Cell, GridRow, grids
from monitor.connectors._legistar_sites import names_of, numbered
from monitor.connectors._meeting_pages import Element, links, said
from monitor.connectors._meetings import meeting_on
from monitor.dates import parse_date, plausible
from monitor.errors import FormatError
from monitor.models import Attachment, Entry, Hearing, ItemType, Pairs, Poll
from monitor.text import one_line

_LABEL = re.compile(r"_lbl(?P<name>[A-Za-z]+)2$")
_SAID = re.compile(r"(?P<day>\d{1,2}/\d{1,2}/\d{4})\s*(?P<clock>.*)")
_VIEW = re.compile(r"/View\.ashx\?", re.IGNORECASE)
# Columns that every calendar has; all others are documents, whatever a council calls them.
_OWN = {"name", "meeting date", "icalendar", "meeting time", "meeting location", "meeting details"}
_NO_PAPERS = {"video", "audio", "multimedia", "ecomment", "meeting topic"}
_LATEST = 12
_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose page it is (scope of its file numbers), where it stands, and the poll."""

    scope: str
    base: str
    poll: Poll


def meeting(row: GridRow, visit: Visit) -> Entry | None:
    """Read a row of the calendar, None where it names no body.

    A remark in italics stands below the place; "Canceled" may stand in place of the time.
    """
    name, place = row.cell("name"), row.cell("meeting location")
    time, day = row.cell("meeting time"), row.cell("meeting date")
    details, calendar = row.cell("meeting details"), row.cell("icalendar")
    known = numbered(details.link) or numbered(calendar.link) or numbered(name.link)
    if not name.words:
        return None
    topic = row.cell("meeting topic").words
    body = "\n".join([one for one in (topic, place.remark, name.remark) if one])
    words = (name.words, name.remark, place.words, place.remark, topic, time.words, day.words)
    number = known.id if known and known.mode not in ("DD", "") else ""
    return Entry(
        type=ItemType.MEETING,
        key=f"meeting-{number}" if number else "",
        title=name.words.lstrip("* "),
        body=body,
        url=details.link or visit.base,
        office=name.words.lstrip("* "),
        hearings=(meeting_on(day.words, time.words, visit.poll, place=place.words, words=words),),
        attachments=tuple(_papers(row)),
    )


def _papers(row: GridRow) -> Iterator[Attachment]:
    seen = set()
    for name, cell in row.cells:
        if name in _OWN or name in _NO_PAPERS:
            continue
        for words, url in cell.links:
            if url not in seen:
                seen.add(url)
                yield Attachment(words or name.title(), url)


def agenda_item(row: GridRow, about: tuple[str, ...], visit: Visit) -> Entry | None:
    """Read a row of a meeting's page; None where it is a heading or procedure.

    about: the meeting's number, its body, and when it is, as the calendar says.
    """
    meeting_number, office, when = (*about, "", "", "")[:3]
    base = listed_matter(row, visit)
    title = row.cell("title").words
    if base is None and len(title.split()) <= _FEW_WORDS:
        return None
    file = row.cell("file #", "file")
    known = numbered(file.link)
    time = _SAID.match(when)
    hearings: tuple[Hearing, ...] = ()
    if time:
        hearings = (meeting_on(time["day"], time["clock"], visit.poll, words=(office,)),)
    number = known.id if known else f"row-{row.cell('agenda #', '#').words or one_line(title, 60)}"
    result = (row.cell("action").words, row.cell("result").words)
    return Entry(
        type=ItemType.AGENDA_ITEM,
        key=f"item-{meeting_number}-{number}",
        title=base.title if base else title,
        url=file.link or visit.base,
        office=office,
        status=", ".join([one for one in result if one]),
        identifiers=base.identifiers if base else (),
        hearings=hearings,
        facts=base.facts if base else (),
        labels=base.labels if base else (),
    )


def listed_matter(row: GridRow, visit: Visit) -> Entry | None:
    """Read a row of a list of legislation, None where it has no file number."""
    file = row.cell("file #", "file", "record #")
    known = numbered(file.link)
    if not file.words or known is None:
        return None
    sort = row.cell("type")
    facts = (
        ("type", sort.words),
        ("version", row.cell("ver.").words),
        ("introduced", row.cell("file created", "introduced").words),
        ("passed", row.cell("final action").words),
        ("enactment number", row.cell("law number", "enactment #").words),
    )
    name, title = row.cell("name").words, row.cell("title").words
    return Entry(
        type=ItemType.COUNCIL_ITEM,
        key=f"matter-{known.id}",
        title=title or name or file.words,
        body=name if title and name != title else "",
        url=file.link,
        office=row.cell("committee", "in control").words,
        status=row.cell("status").words,
        identifiers=names_of(visit.scope, known.id, file.words),
        facts=_told(facts),
        noise=_told((("prime sponsor", row.cell("prime sponsor", "sponsors").words),)),
        labels=(sort.words,) if sort.words else (),
    )


def matter(root: Element, address: str, visit: Visit) -> Entry:
    """Read the page of a matter; raises FormatError where its labels are missing."""
    labels = dict(_labels(root))
    known = numbered(address)
    file = labels.get("File", "")
    if known is None or not (file or labels.get("Title")):
        raise FormatError(visit.base, "the page shows no matter of Legistar")
    introduced = parse_date(
        labels.get("Introduced") or labels.get("OnAgenda", ""), visit.poll.timezone
    )
    facts = (
        ("type", labels.get("Type", "")),
        ("version", labels.get("Version", "")),
        ("introduced", labels.get("Introduced", "")),
        ("agenda date", labels.get("OnAgenda", "")),
        ("passed", labels.get("Passed", "")),
        ("enactment number", labels.get("EnactmentNumber", "")),
        ("latest actions", "; ".join(_history(root, visit.base))),
    )
    noise = (("sponsors", labels.get("Sponsors", "")), ("indexes", labels.get("Indexes", "")))
    return Entry(
        type=ItemType.COUNCIL_ITEM,
        key=f"matter-{known.id}",
        title=labels.get("Title") or labels.get("Name") or file,
        body=labels.get("Name", "") if labels.get("Title") else "",
        url=address,
        published=introduced if introduced and plausible(introduced, visit.poll.now) else None,
        office=labels.get("InControlOf") or labels.get("Committee", ""),
        status=labels.get("Status", ""),
        identifiers=names_of(visit.scope, known.id, file),
        attachments=tuple(_documents(root, visit.base)),
        facts=_told(facts),
        noise=_told(noise),
        labels=(labels["Type"],) if labels.get("Type") else (),
        watched="named in the configuration",
    )


def _labels(root: Element) -> Iterator[tuple[str, str]]:
    """Give the page's labels: lblFile2 holds what stands beside "File #:", and so on."""
    for element in root.iter("span", "a"):
        found = _LABEL.search(element.get("id") or "")
        words = said(element) if found else ""
        if found and words:
            yield found["name"], words


def _documents(root: Element, base: str) -> Iterator[Attachment]:
    seen = set()
    for words, url in links(root, base):
        if _VIEW.search(url) and "M=F" in url and url not in seen:
            seen.add(url)
            yield Attachment(words or "Attachment", url)


def _history(root: Element, base: str) -> Iterable[str]:
    """Write the latest actions of the history's table, the newest first as it stands there."""
    for name, rows in grids(root, base):
        if name == "gridLegislation":
            return [_action(row) for row in rows[:_LATEST]]
    return []


def _action(row: GridRow) -> str:
    cells: tuple[Cell, ...] = (
        row.cell("date"),
        row.cell("action by"),
        row.cell("action"),
        row.cell("result"),
    )
    return " ".join([cell.words for cell in cells if cell.words])


def _told(pairs: Pairs) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
