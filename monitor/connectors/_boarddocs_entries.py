"""Turns what BoardDocs publishes into entries: the feed of all meetings, lists, pages, agendas.

The feed (XML-ActiveMeetings) is often not well-formed: </category> stands where no category was
opened. A strict parser dies of it, and a recovering one loses most meetings without a word. So
each <meeting> is read by itself, as text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.connectors._json_answers import Record
from monitor.connectors._legistar_answers import Row
from monitor.connectors._legistar_entries import is_heading
from monitor.connectors._meeting_pages import Element, classed, said
from monitor.connectors._meetings import clock_in, meeting_on
from monitor.errors import FormatError
from monitor.models import Entry, ItemType, Poll, Refusal
from monitor.text import clean_text, one_line

_ROOT = re.compile(r"<meetings\b")
_MEETING = re.compile(r"<meeting\b(?!s)")
_ID = re.compile(r"""\bid\s*=\s*["']([A-Z0-9]{6,40})["']""", re.IGNORECASE)
_BODY_NAME = re.compile(r"""\bbodyname\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_TAG = re.compile(r"[^>]*>")
_NAME = re.compile(r"<name>(.*?)</name>", re.DOTALL)
_DATE = re.compile(r"<date\b[^>]*format[^>]*>\s*(\d{4}-\d{2}-\d{2})\s*</date>")
_DESCRIPTION = re.compile(r"<description>(.*?)</description>", re.DOTALL)
_ACTION = re.compile(r"<actiontype>(.*?)</actiontype>", re.DOTALL)
_PART = re.compile(r"<(category|item)\b([^>]*)>(.*?)(?=<category\b|<item\b|\Z)", re.DOTALL)
_DAY = re.compile(r"(?:19|20)\d{6}")
_NUMBERED = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})*\.?|[A-Z][.)]) +(\S.*)")
_UNIQUE = re.compile(r"[A-Z0-9]{6,40}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Board:
    """Whose meetings are read: its place ("oh/columbus"), the base of its addresses, the poll."""

    place: str
    base: str
    poll: Poll

    def permalink(self, unique: str) -> str:
        """Return the public page of a meeting or an item."""
        return f"{self.base}/goto?open&id={unique}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A meeting as a list names it: its id, its name in HTML, its day as 2026-11-24."""

    unique: str
    name: str
    day: str


# ---------------------------------------------------------------------------------------- feed


def feed(text: str, subject: str) -> Iterator[tuple[Listed, str] | Refusal]:
    """Cut a feed into its meetings: what the list says of each, and the whole of its text.

    Raises FormatError where it is no such feed. A meeting that breaks off is refused.
    """
    if not _ROOT.search(text[:2_000]):
        raise FormatError(subject, f"no feed of meetings: {one_line(clean_text(text[:200]), 60)!r}")
    starts = [found.start() for found in _MEETING.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        whole, closed, _ = text[start:end].partition("</meeting>")
        found = _listed(whole)
        if found is None:
            yield Refusal(
                one_line(clean_text(whole, html=True), 80), "the meeting has no id or day"
            )
        elif not closed:
            yield Refusal(f"meeting {found.unique}", "its record breaks off")
        else:
            yield found, whole


def _listed(whole: str) -> Listed | None:
    opening = _TAG.match(whole)
    unique = _ID.search(opening.group()) if opening else None
    day = _DATE.search(whole)
    if not unique or not day:
        return None
    name = _NAME.search(whole)
    return Listed(unique[1], _unescaped(name[1]) if name else "", day[1])


def from_feed(listed: Listed, whole: str, board: Board) -> tuple[Entry, ...]:
    """Make a meeting and its agenda items of a meeting's text in the feed."""
    opening = _TAG.match(whole)
    body_name = _BODY_NAME.search(opening.group()) if opening else None
    office = _line(_unescaped(body_name[1])) if body_name else ""
    told = _DESCRIPTION.search(whole)
    held = meeting(listed, _unescaped(told[1]) if told else "", board, office)
    category = ""
    items: list[Entry] = []
    for kind, attributes, content in _PART.findall(whole):
        name = _NAME.search(content)
        words = _unescaped(name[1]) if name else ""
        if kind == "category":
            category = _line(words)
            continue
        unique = _ID.search(attributes)
        action = _ACTION.search(content)
        if unique and words:
            labels = (category, _line(_unescaped(action[1])) if action else "")
            items += _item(unique[1], words, labels, held, board)
    return held, *items


def _unescaped(text: str) -> str:
    """Undo the escaping of XML; what is left is HTML."""
    plain = text.removeprefix("<![CDATA[").removesuffix("]]>") if text.startswith("<![") else text
    return html.unescape(plain) if plain is text else plain


# --------------------------------------------------------------------------------------- lists


def listed(record: Record) -> Listed:
    """Read a record of BD-GetMeetingsList; raises FormatError where it has no id or day."""
    unique, day = record.text("unique"), record.text("numberdate")
    if not _UNIQUE.fullmatch(unique) or not _DAY.fullmatch(day):
        raise FormatError("unique", "the meeting has no id or day")
    return Listed(unique, record.text("name"), f"{day[:4]}-{day[4:6]}-{day[6:]}")


def meeting(listed: Listed, description: str, board: Board, office: str = "") -> Entry:
    """Make a meeting of its name, its day and its description; both may hold the time.

    description: HTML, "" where there is none: place, time and links, as the clerk wrote them.
    """
    name, words = _line(listed.name), clean_text(description, html=True)
    clock = clock_in(name) or clock_in(words)
    held = meeting_on(listed.day, clock, board.poll, words=(name,))
    return Entry(
        type=ItemType.MEETING,
        key=f"meeting-{listed.unique}",
        title=name or f"Meeting {listed.day}",
        body=words,
        url=board.permalink(listed.unique),
        office=office,
        hearings=(held,),
    )


# --------------------------------------------------------------------------------------- pages


def description(page: Element) -> tuple[str, str]:
    """Return name and description of BD-GetMeeting's page, the latter as HTML.

    Raises FormatError where the page is no meeting's.
    """
    name = next(classed(page, "meeting-name"), None)
    told = next(classed(page, "meeting-description"), None)
    if name is None:
        raise FormatError("BD-GetMeeting", "the page is no meeting's")
    return said(name), _markup(told)


def _markup(element: Element | None) -> str:
    """Return an element's words with its line breaks."""
    if element is None:
        return ""
    rest = [f"{'' if one.tag == 'br' else said(one)}\n{one.tail or ''}" for one in element]
    lines = "".join([element.text or "", *rest]).split("\n")
    return "<br>".join([html.escape(line) for line in lines])


def agenda(page: Element, held: Entry, board: Board) -> tuple[Entry, ...]:
    """Read BD-GetAgenda's page into agenda items; raises FormatError where it is none."""
    items: list[Entry] = []
    category = ""
    found = list(classed(page, "category", "item"))
    if not found:
        raise FormatError("BD-GetAgenda", "the page is no agenda")
    for one in found:
        names = (one.get("class") or "").split()
        if "category" in names:
            category = said(next(classed(one, "category-name"), None))
            continue
        unique = one.get("unique") or one.get("id") or ""
        words = said(next(classed(one, "title"), None))
        kinds = said(next(classed(one, "actiontype"), None)).strip(" ,")
        if _UNIQUE.fullmatch(unique) and words:
            items += _item(unique, html.escape(words), (category, kinds), held, board)
    return tuple(items)


def _item(
    unique: str, words: str, labels: tuple[str, ...], held: Entry, board: Board
) -> tuple[Entry, ...]:
    """Make an agenda item of its HTML; nothing where it is a procedure or a heading."""
    title, number = _line(words), ""
    if numbered := _NUMBERED.fullmatch(title):
        number, title = numbered.groups()
    if is_heading(Row({"EventItemTitle": title})):
        return ()
    return (
        Entry(
            type=ItemType.AGENDA_ITEM,
            key=f"item-{unique}",
            title=title,
            url=board.permalink(unique),
            office=held.office,
            hearings=held.hearings,
            # Items are renumbered whenever another one is added.
            noise=(("agenda number", number),) if number else (),
            labels=tuple([one for one in labels if one]),
        ),
    )


def _line(words: str) -> str:
    return one_line(clean_text(words, html=True))
