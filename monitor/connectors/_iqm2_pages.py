"""Reads the pages of an IQM2 citizen portal: calendar, meeting, legislative file.

Calendar.aspx?View=List  ─→ div.MeetingRow: link, time, board, type, status, documents
Detail_Meeting.aspx?ID=  ─→ table#MeetingDetail: headings, items, the documents of an item
Detail_LegiFile.aspx?ID= ─→ number, type, status, title, #tblLegiFileInfo, #divBody
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from monitor.connectors._aspnet_pages import number_in, titled, with_id
from monitor.connectors._legistar_answers import Row
from monitor.connectors._legistar_entries import is_heading
from monitor.connectors._meeting_pages import Element, classed, links, said
from monitor.connectors._meetings import meeting_on
from monitor.errors import FormatError
from monitor.identifiers import council_file
from monitor.models import Attachment, Entry, Hearing, Identifier, ItemType, Pairs, Poll, Refusal
from monitor.text import clean_text, digest, fold, one_line

_WHEN = re.compile(r"(?P<day>[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}|\d{1,2}/\d{1,2}/\d{4})(?P<clock>.*)")
_LABELLED = re.compile(r"\s*(Board|Type|Status)\s*:\s*(.*)")
# Whether a meeting lies ahead or behind says its date: neither word is news.
_ORDINARY = {"scheduled", "closed", "open", ""}
_OF_ITEMS = ("Detail_LegiFile", "Detail_Communication", "Detail_Item", "Detail_Report")
_REFUSED = re.compile(
    r"the requested document could not be retrieved|you do not have permissions? to view",
    re.IGNORECASE,
)
_TITLE = 300


@dataclass(frozen=True, slots=True)
class Portal:
    """Whose pages are read: the client, the address of its `/Citizens/` folder, the poll."""

    client: str
    folder: str
    poll: Poll

    @property
    def scope(self) -> str:
        """Say within what the portal's own ids are unique."""
        return f"iqm2/{self.client}"


# ------------------------------------------------------------------------------------ calendar


def meetings(page: Element, portal: Portal) -> Iterator[Entry | Refusal]:
    """Read a calendar's rows; raises FormatError where the page is no calendar.

    A calendar without rows is an empty one; it still shows the choice between its two views.
    """
    found = list(classed(page, "MeetingRow"))
    frame = with_id(page, "pnlMeetings"), with_id(page, "lnkListView")
    if not found and all(one is None for one in frame):
        raise FormatError(portal.folder, "the page holds no calendar of meetings")
    for row in found:
        yield _meeting(row, portal)


def _meeting(row: Element, portal: Portal) -> Entry | Refusal:
    anchor = _meeting_link(row)
    number = number_in(anchor.get("href") or "", "ID") if anchor is not None else ""
    if anchor is None or not number:
        return Refusal(one_line(said(row), 80) or "a meeting", "its row has no link to the meeting")
    told, place = _card(anchor.get("title") or "")
    name = said(next(classed(row, "RowDetails"), None))
    board, kind = told.get("Board", ""), told.get("Type", "")
    status = told.get("Status", "")
    called_off = said(next(classed(row, "MeetingCancelled"), None))
    when = _WHEN.fullmatch(said(anchor))
    held = meeting_on(
        when["day"] if when else said(anchor),
        when["clock"] if when else "",
        portal.poll,
        place=place,
        words=(name, kind, status, called_off),
    )
    return Entry(
        type=ItemType.MEETING,
        key=f"meeting-{number}",
        title=name or f"{board} - {kind}".strip(" -") or f"Meeting {number}",
        url=meeting_address(number, portal),
        office=board,
        status="" if fold(status) in _ORDINARY else status,
        hearings=(held,),
        attachments=_documents(_files(row, portal)),
        noise=_pairs(("meeting type", kind), ("portal status", status)),
    )


def _meeting_link(row: Element) -> Element | None:
    return next(
        (one for one in row.iter("a") if "detail_meeting" in (one.get("href") or "").lower()), None
    )


def meeting_address(number: str, portal: Portal) -> str:
    """Return the public page of a meeting."""
    return f"{portal.folder}Detail_Meeting.aspx?ID={number}"


def _card(told: str) -> tuple[dict[str, str], str]:
    """Read the tooltip: a time, "Board:", "Type:" and "Status:", then the place's lines."""
    fields: dict[str, str] = {}
    place: list[str] = []
    for line in re.split(r"[\r\n]+", told):
        found = _LABELLED.fullmatch(line)
        if found:
            fields[found[1]] = clean_text(found[2])
        elif fields and line.strip():
            place.append(clean_text(line))
    return fields, ", ".join(place)


# ------------------------------------------------------------------------------------- meeting


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of an agenda: how deep it is indented, its words, and where its link leads."""

    depth: int
    words: str
    link: str


def agenda(page: Element, number: str, portal: Portal) -> tuple[Entry, ...]:
    """Read a meeting's page into its agenda items; raises FormatError where it is no such page.

    Headings and procedures are passed over; a document that is indented below an item is its own.
    """
    table = with_id(page, "MeetingDetail")
    if table is None:
        if with_id(page, "lblMeetingDate") is None:
            raise FormatError(portal.folder, "the page is no meeting's")
        return ()
    held, office = _heading(page, portal)
    items: list[tuple[int, Entry]] = []
    for line in _lines(table, portal):
        if "fileopen.aspx" in line.link.lower() and items and line.depth > items[-1][0]:
            depth, item = items[-1]
            more = (*item.attachments, Attachment(one_line(line.words, _TITLE), line.link))
            items[-1] = (depth, replace(item, attachments=more))
        elif not _is_furniture(line):
            items.append((line.depth, _item(line, number, (held, office), portal)))
    return tuple([item for _, item in items])


def _heading(page: Element, portal: Portal) -> tuple[Hearing, str]:
    office = said(with_id(page, "lblMeetingGroup"))
    kind = said(with_id(page, "lblMeetingType"))
    status = said(with_id(page, "lblMeetingStatus"))
    when = _WHEN.fullmatch(said(with_id(page, "lblMeetingDate")))
    place = said(next(classed(page, "MeetingAddress"), None))
    held = meeting_on(
        when["day"] if when else "",
        when["clock"] if when else "",
        portal.poll,
        place=place,
        words=(kind, status),
    )
    return held, office


def _lines(table: Element, portal: Portal) -> Iterator[_Line]:
    for row in table.iter("tr"):
        columns = [one for one in row if one.tag == "td"]
        title = next((one for one in columns if "Title" in (one.get("class") or "").split()), None)
        if title is None:
            continue
        anchor = next(links(title, portal.folder), ("", ""))
        words = one_line(said(title))
        if words:
            yield _Line(columns.index(title), words, anchor[1])


def _is_furniture(line: _Line) -> bool:
    if any(name.lower() in line.link.lower() for name in _OF_ITEMS):
        return False
    return is_heading(Row({"EventItemTitle": line.words})) or bool(_MINUTES.match(line.words))


_MINUTES = re.compile(r"(?:approval of (?:the )?)?(?:draft )?minutes of ", re.IGNORECASE)


def _item(line: _Line, meeting: str, held: tuple[Hearing, str], portal: Portal) -> Entry:
    own = number_in(line.link, "ID")
    is_file = "detail_legifile" in line.link.lower()
    is_document = "fileopen.aspx" in line.link.lower()
    name = f"file-{own}" if is_file and own else digest(fold(line.words))[:12]
    if own and not is_file:
        name = f"{'document' if is_document else 'item'}-{own}"
    url = file_address(own, portal, meeting) if is_file and own else ""
    return Entry(
        type=ItemType.AGENDA_ITEM,
        key=f"agenda-{meeting}-{name}",
        title=line.words,
        url=url or meeting_address(meeting, portal),
        office=held[1],
        identifiers=_names(own, "", portal) if is_file else (),
        hearings=(held[0],),
        attachments=(Attachment(one_line(line.words, _TITLE), line.link),) if is_document else (),
    )


def files_of(items: Iterable[Entry]) -> tuple[str, ...]:
    """Name the legislative files on an agenda, in its order."""
    found = [one.value for item in items for one in item.identifiers if one.scheme == "iqm2"]
    return tuple(dict.fromkeys(found))


# -------------------------------------------------------------------------------- legislative file


def file_address(number: str, portal: Portal, meeting: str = "") -> str:
    """Return the public page of a legislative file, seen from a meeting where one is named."""
    place = f"MeetingID={meeting}&" if meeting else ""
    return f"{portal.folder}Detail_LegiFile.aspx?{place}ID={number}"


def legislative_file(page: Element, number: str, portal: Portal) -> Entry:
    """Read a legislative file; raises FormatError where the page is none.

    Its documents are linked and no more: among them are comment cards with people's addresses.
    """
    title = said(with_id(page, "lblLegiFileTitle"))
    if not title:
        words = one_line(said(page), 300)
        why = "the portal does not show it" if _REFUSED.search(words) else "the page is no file's"
        raise FormatError(f"file {number}", why)
    named = said(with_id(page, "lblResNum"))
    kind = said(with_id(page, "lblLegiFileType"))
    table = with_id(page, "tblLegiFileInfo")
    told = dict(titled(table)) if table is not None else {}
    body = with_id(page, "divBody")
    downloads = with_id(page, "divDownloads")
    return Entry(
        type=ItemType.COUNCIL_ITEM,
        key=f"file-{number}",
        title=title,
        body=_body(body),
        url=file_address(number, portal),
        office=told.get("department", ""),
        status=said(with_id(page, "lblStatus")),
        identifiers=_names(number, named, portal),
        attachments=_documents(links(downloads, portal.folder)) if downloads is not None else (),
        facts=_pairs(("type", kind), ("file", named)),
        noise=_pairs(*[(k, told.get(k, "")) for k in ("sponsors", "category", "functions")]),
        labels=(kind,) if kind else (),
    )


def _body(element: Element | None) -> str:
    if element is None:
        return ""
    inner = next(classed(element, "LegiFileSectionContents"), element)
    return "\n".join([text for one in inner if (text := said(one))]) or said(inner)


def _names(number: str, file: str, portal: Portal) -> tuple[Identifier, ...]:
    """Name a file by the portal's id, which agendas have, and by its number, which people use."""
    by_id = (Identifier("iqm2", portal.scope, number),) if number else ()
    found = council_file(portal.scope, file) if file else None
    return (*by_id, found) if found else by_id


# ---------------------------------------------------------------------------------------- both


def _files(row: Element, portal: Portal) -> Iterator[tuple[str, str]]:
    """Give the documents of a calendar's row; those that do not exist have an empty address."""
    for block in classed(row, "MeetingLinks"):
        for words, url in links(block, portal.folder):
            if "fileopen.aspx" in url.lower():
                yield words, url


def _documents(found: Iterable[tuple[str, str]]) -> tuple[Attachment, ...]:
    by_url: dict[str, Attachment] = {}
    for words, url in found:
        by_url.setdefault(url, Attachment(one_line(words, _TITLE) or "Document", url))
    return tuple(by_url.values())


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
