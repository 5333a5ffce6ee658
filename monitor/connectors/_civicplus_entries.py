"""Makes entries of CivicPlus' Agenda Center and of its feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.connectors._feed_record import FeedRecord
from monitor.connectors._meeting_pages import Element, classed, links, said
from monitor.connectors._meetings import meeting_on
from monitor.dates import parse_date, plausible, wall_clock
from monitor.models import Attachment, Entry, ItemType, Poll, Refusal
from monitor.text import clean_text, fold, one_line
from monitor.urls import absolute, canonical

# A guid ends in .NET ticks of the last edit.
_TICKS = re.compile(r"/6\d{17}$")
_FILE = re.compile(
    r"/AgendaCenter/ViewFile/(?P<sort>\w+)/_(?P<month>\d{2})(?P<day>\d{2})(?P<year>\d{4})-(?P<id>\d+)",
    re.IGNORECASE,
)
_POSTED = re.compile(r"\bPosted +([A-Z][a-z]+\.? +\d{1,2}, +\d{4}(?: +\d{1,2}:\d{2} +[AP]M)?)")
_AMENDED = re.compile(r"\bAmended +([A-Z][a-z]+\.? +\d{1,2}, +\d{4}(?: +\d{1,2}:\d{2} +[AP]M)?)")
_FIELD = re.compile(r"^\s*(event dates?|event times?|location)\s*:\s*(.*)$", re.IGNORECASE)
_RANGE = re.compile(r"\s+(?:-|to|through)\s+", re.IGNORECASE)
_BARE = {"agenda", "meeting", "minutes", "agenda packet", "regular meeting", "special meeting"}
CALENDAR = 58
AGENDAS = 65


def agendas(root: Element, base: str, poll: Poll) -> Iterator[Entry | Refusal]:
    """Read the rows of the Agenda Center, or of a search in it.

    They have a day and no time; the body that meets stands above its rows.
    """
    offices = _offices(root)
    for row in classed(root, "catAgendaRow"):
        entry = _agenda(row, offices.get(row, ""), base, poll)
        yield entry or Refusal(f"agenda {row.get('id') or said(row)[:40]}", "it has no file")


def _offices(root: Element) -> dict[Element, str]:
    """Say for each row what stands above it: its category's heading, or the department's."""
    found: dict[Element, str] = {}
    for section in classed(root, "listing", "category"):
        heading = next((one for one in section.iter("h2", "h3")), None)
        name = said(heading).lstrip("\u25bc\u25b6\u25b2\u25ba ")
        for row in classed(section, "catAgendaRow"):
            found[row] = name or found.get(row, "")
    return found


def _agenda(row: Element, office: str, base: str, poll: Poll) -> Entry | None:
    files, told = _files(row, base)
    if told is None:
        return None
    day = f"{told['year']}-{told['month']}-{told['day']}"
    header = said(next(row.iter("h3", "h4", "strong"), None))
    title = said(next(row.iter("p"), None)) or "Agenda"
    if office and fold(title) in _BARE:
        title = f"{office}: {title}"
    posted, amended = _POSTED.search(header), _AMENDED.search(header)
    published = parse_date(posted[1], poll.timezone) if posted else None
    return Entry(
        type=ItemType.MEETING,
        key=f"agenda-{told['id']}",
        title=title,
        url=files[0].url,
        office=office,
        published=published if published and plausible(published, poll.now) else None,
        hearings=(meeting_on(day, "", poll, words=(title,)),),
        attachments=files,
        facts=(("amended", amended[1]),) if amended else (),
    )


def _files(row: Element, base: str) -> tuple[tuple[Attachment, ...], re.Match[str] | None]:
    """List a row's files, each once, and read day and number off the first one's address."""
    found: dict[str, Attachment] = {}
    told = None
    for _, url in links(row, base):
        one = _FILE.search(url)
        if one:
            told = told or one
            sort = one["sort"].title()
            packet = " packet" if "packet=true" in url.lower() else ""
            page = " (page)" if "html=true" in url.lower() else ""
            found.setdefault(canonical(url), Attachment(f"{sort}{packet}{page}", url))
    return tuple(found.values()), told


def feed_entry(record: FeedRecord, module: int, base: str, poll: Poll) -> Entry:
    """Make an entry of a module's item.

    An event's pubDate is when it was posted; when it takes place stands in its description. The
    other modules have news.
    """
    # The stated offset is the same all the year: the clock is the site's own.
    published = wall_clock(record.published, poll.timezone)
    link = absolute(base, record.link)
    own = _TICKS.sub("", record.id) or (canonical(link) if link else "")
    title = one_line(clean_text(record.title, html=True))
    fields = _event(record.summary) if module == CALENDAR else {}
    day = _RANGE.split(fields.get("event date", ""))[0]
    clock, place = fields.get("event time", ""), fields.get("location", "")
    hearings = (meeting_on(day, clock, poll, place=place, words=(title,)),) if day else ()
    return Entry(
        type=ItemType.MEETING if module in {CALENDAR, AGENDAS} else ItemType.NEWS,
        key=f"feed-{module}-{own}" if own else "",
        title=title,
        body="" if fold(record.summary) == fold(record.title) else record.summary,
        html=True,
        url=link,
        published=published if published and plausible(published, poll.now) else None,
        published_said="" if published else record.published,
        hearings=hearings,
        attachments=tuple(_enclosed(record, base)),
        labels=record.labels,
    )


def _event(description: str) -> dict[str, str]:
    """Read "Event date: …", "Event Time: …" and "Location:" with the lines that follow it."""
    fields: dict[str, str] = {}
    label = ""
    for line in clean_text(description, html=True).split("\n"):
        found = _FIELD.match(line)
        if found:
            label = found[1].lower().removesuffix("s")
            fields.setdefault(label, found[2].strip())
        elif label == "location":
            fields[label] = f"{fields[label]}, {line}".strip(", ")
    return fields


def _enclosed(record: FeedRecord, base: str) -> Iterator[Attachment]:
    """List the enclosures but pictures."""
    for one in record.enclosures:
        url = absolute(base, one.url)
        if url and not one.media_type.startswith("image/"):
            yield Attachment(one.title or "Document", url, one.media_type)
