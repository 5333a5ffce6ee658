"""Reads the rows of ViewPublisher.php: every council lays them out in its own way.

A row is what bears a date and a link to a viewer, or stands in the table of coming events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.connectors._meeting_pages import Element, links, said
from monitor.connectors._meetings import clock_in
from monitor.models import Attachment
from monitor.text import fold, one_line
from monitor.urls import absolute

# An hour for sorting may stand right before a date, where nobody sees it.
_DAY = re.compile(
    r"(?<![a-z])(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? +\d{1,2},? +"
    r"(?:19|20)\d\d\b|\b\d{1,2}/\d{1,2}/(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b(?P<name>clip_id|event_id|meta_id)=(?P<number>\d{1,12})\b")
_EVENT = re.compile(r"\d{1,12}")
_VIEWERS = re.compile(
    r"(?:Agenda|GeneratedAgenda|Minutes|Meta)Viewer\.php|\.pdf(?:$|\?)", re.IGNORECASE
)
_PLAYED = re.compile(r"[\"'](?P<url>[^\"']*(?:MediaPlayer|AgendaViewer|MinutesViewer)\.php[^\"']*)")
_UPCOMING = ("upcoming", "upcomingEvents")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: what it is called, its day and time as written, and its documents.

    number: "event-339" or "clip-957" of the viewer's address, "" where the row has none.
    """

    title: str
    day: str
    clock: str
    number: str
    files: tuple[Attachment, ...]
    upcoming: bool = False


def listed(root: Element, base: str) -> Iterator[Listed]:
    """Find the meetings on a page, in its order; each row once."""
    coming = {
        row
        for place in root.iter("*")
        if place.get("id") in _UPCOMING
        for row in place.iter("tr", "div")
    }
    for row in root.iter("tr", "div"):
        if row.tag == "div" and "row" not in (row.get("class") or "").split():
            continue
        if any(one is not row and _is_row(one) for one in row.iter("tr", "div")):
            continue
        found = _row(row, base, upcoming=row in coming)
        if found:
            yield found


def _is_row(element: Element) -> bool:
    return element.tag == "tr" or "row" in (element.get("class") or "").split()


def _is_listing(row: Element) -> bool:
    """Tell whether a row is one of Granicus' own tables: a meeting ahead may have no link yet."""
    cells = [cell.get("headers") or "" for cell in row.iter("td")]
    return "listingRow" in (row.get("class") or "").split() or any(
        cell.split(" ")[0] in ("Date", "EventDate") for cell in cells
    )


def _row(row: Element, base: str, *, upcoming: bool) -> Listed | None:
    words = said(row)
    day = _DAY.search(words)
    if not day:
        return None
    files, number = _files(row, base), _number(row)
    if not (files or number or upcoming or _is_listing(row)):
        return None
    title = _title(row, day.group())
    rest = words[day.end() :]
    clock = clock_in(rest) or clock_in(words[: day.start()])
    return Listed(title, one_line(day.group()), clock, number, files, upcoming) if title else None


def _title(row: Element, day: str) -> str:
    """Return what a row is called: its first cell, or what stands before the date."""
    for cell in row.iter("td", "th", "span", "strong"):
        words = said(cell)
        if words and not _DAY.match(words) and not words.isdigit():
            return words
    return said(row).partition(day)[0].strip(" -")


def _number(row: Element) -> str:
    """Find the number of the meeting: an event's before it is held, then a clip's."""
    found: dict[str, str] = {}
    for element in row.iter("*"):
        for name in ("href", "onclick", "link"):
            for one in _NUMBER.finditer(element.get(name) or ""):
                found.setdefault(one["name"], one["number"])
        number = element.get("data-event-id") or ""
        if _EVENT.fullmatch(number):
            found.setdefault("event_id", number)
    for name in ("clip_id", "event_id"):
        if name in found:
            return f"{name.removesuffix('_id')}-{found[name]}"
    return ""


def _files(row: Element, base: str) -> tuple[Attachment, ...]:
    """List agendas and minutes, each link once; recordings of sound and film are none."""
    found: dict[str, Attachment] = {}
    anchors = [*links(row, base), *_opened(row, base)]
    for words, url in anchors:
        if _VIEWERS.search(url) and "media" not in fold(words):
            found.setdefault(url, Attachment(words or _called(url), url))
    return tuple(found.values())


def _opened(row: Element, base: str) -> Iterator[tuple[str, str]]:
    """Give the addresses that a script opens."""
    for anchor in row.iter("a"):
        found = _PLAYED.search(anchor.get("onclick") or "")
        if found and (url := absolute(base, found["url"])):
            yield said(anchor), url


def _called(url: str) -> str:
    return "Minutes" if "Minutes" in url else "Agenda"
