"""Makes entries of the items of Legistar's feeds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from monitor.connectors._feed_record import FeedRecord
from monitor.connectors._legistar_sites import names_of, numbered
from monitor.connectors._meetings import meeting_on
from monitor.dates import parse_date, plausible, wall_clock
from monitor.models import Entry, Hearing, ItemType, Pairs, Poll
from monitor.text import clean_text, one_line
from monitor.urls import absolute

# A guid ends in the time of the last edit: every edit gives a new one.
_EDITED = re.compile(r"-(?:19|20)\d\d(?:-\d\d){5}$")
# Body, day, time and remark: Arts Commission - 10/1/2025 - 6:30 PM (CANCELED).
_MEETING = re.compile(
    r"^(?P<body>.*?)\s+-\s+(?P<day>\d{1,2}/\d{1,2}/\d{4})"
    r"(?:\s+-\s+(?P<clock>\d{1,2}:\d{2}\s*[AP]M))?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
# The title of an agenda: Exampleville - Meeting of City Council on 11/9/2026 at 6:30 PM.
_AGENDA = re.compile(
    r"Meeting of (?P<body>.+?) on (?P<day>\d{1,2}/\d{1,2}/\d{4})"
    r"(?: at (?P<clock>\d{1,2}:\d{2} *[AP]M))?",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^(?P<label>[A-Z][\w #/.'-]{1,30}?)\s*:\s*(?P<value>.*)$")
_SAID = re.compile(r"(?P<day>\d{1,2}/\d{1,2}/\d{4})\s*(?P<clock>.*)")
# How councils call the same fields.
_FACTS = {
    "type": "type",
    "ver.": "version",
    "version": "version",
    "introduced": "introduced",
    "file created": "introduced",
    "on agenda": "agenda date",
    "final action": "passed",
    "passed": "passed",
    "enactment date": "enacted",
    "enactment #": "enactment number",
    "law number": "enactment number",
}
_OFFICES = ("in control", "committee", "current controlling legislative body", "body")
_STAGES = ("status", "action", "result")
_TOLD = {"title", "name", "file #", "file", *_FACTS, *_OFFICES, *_STAGES}


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose feed it is (scope of its file numbers), where it stands, and the poll."""

    scope: str
    base: str
    poll: Poll


def meeting(record: FeedRecord, visit: Visit) -> Entry:
    """Read a calendar's item: body, day, time and any notice all stand in its title.

    Its pubDate is the time of the last edit.
    """
    title = _plain(record.title)
    found, number = _MEETING.match(title), numbered(record.link)
    body = found["body"] if found else next(iter(record.labels), title)
    rest = found["rest"].strip() if found else ""
    day, clock = (found["day"], found["clock"] or "") if found else ("", "")
    comment = clean_text(record.summary, html=True)
    words = (title, comment)
    return Entry(
        type=ItemType.MEETING,
        key=f"meeting-{number.id}" if number else _EDITED.sub("", record.id),
        title=f"{body} {rest}".strip() if found else title,
        body=comment,
        url=absolute(visit.base, record.link),
        updated=_edited(record, visit.poll),
        office=body.lstrip("* "),
        hearings=(meeting_on(day, clock, visit.poll, words=words),),
    )


def matter(record: FeedRecord, visit: Visit) -> Entry:
    """Read an item of a search for legislation, or of one matter's history.

    The title is the file number; what the matter is about stands in the description's "Title:".
    The pubDate is the day of introduction at a false midnight in GMT.
    """
    fields, number = _fields(record.summary), numbered(record.link)
    file = fields.get("file #") or fields.get("file") or _plain(record.title)
    introduced = wall_clock(record.published, visit.poll.timezone)
    believable = introduced is not None and plausible(introduced, visit.poll.now)
    space = "action" if number and number.mode == "HD" else "matter"
    return Entry(
        type=ItemType.COUNCIL_ITEM,
        key=f"{space}-{number.id}" if number else _EDITED.sub("", record.id),
        title=_headline(fields) or _plain(record.title) or file,
        body="" if fields else record.summary,
        html=not fields,
        url=absolute(visit.base, record.link),
        published=introduced if believable else None,
        published_said="" if believable else record.published,
        office=next((fields[one] for one in _OFFICES if fields.get(one)), ""),
        status=", ".join([fields[one] for one in _STAGES if fields.get(one)]),
        identifiers=names_of(visit.scope, number.id if number else "", file),
        facts=_facts(fields),
        noise=_noise(fields),
        labels=record.labels,
    )


def agenda_item(record: FeedRecord, feed_title: str, about: tuple[str, ...], visit: Visit) -> Entry:
    """Read an item of one meeting's agenda.

    about: the body and the time of the meeting, where a calendar led here; else the feed's own
    title tells.
    """
    base = matter(record, visit)
    meeting_guid = numbered(visit.base)
    own = base.key.partition("-")[2] or base.key
    office, hearings = _held(feed_title, about, visit.poll)
    return Entry(
        type=ItemType.AGENDA_ITEM,
        key=f"item-{meeting_guid.id if meeting_guid else ''}-{own}",
        title=base.title,
        body=base.body,
        html=base.html,
        url=base.url,
        office=office,
        status=base.status,
        identifiers=base.identifiers,
        hearings=hearings,
        facts=base.facts,
        noise=base.noise,
        labels=base.labels,
    )


def _held(feed_title: str, about: tuple[str, ...], poll: Poll) -> tuple[str, tuple[Hearing, ...]]:
    """Say which body meets when."""
    if len(about) > 1 and (said := _SAID.match(about[1])):
        return about[0], (meeting_on(said["day"], said["clock"], poll, words=(about[0],)),)
    found = _AGENDA.search(_plain(feed_title))
    if found is None:
        return "", ()
    held = meeting_on(found["day"], found["clock"] or "", poll, words=(found["body"],))
    return found["body"], (held,)


def _fields(description: str) -> dict[str, str]:
    """Read "Label: value" lines; a line without a label continues the one before."""
    fields: dict[str, str] = {}
    label = ""
    for line in clean_text(description, html=True).split("\n"):
        found = _FIELD.match(line)
        if found and (found["label"].lower() in _TOLD or label != "title"):
            label = found["label"].lower()
            fields[label] = found["value"].strip()
        elif label:
            fields[label] = f"{fields[label]} {line}".strip()
        else:
            return {}
    return fields


def _headline(fields: dict[str, str]) -> str:
    return one_line(fields.get("title") or fields.get("name") or "")


def _facts(fields: dict[str, str]) -> Pairs:
    pairs = [(_FACTS[label], value) for label, value in fields.items() if label in _FACTS]
    return tuple([pair for pair in pairs if pair[1]])


def _noise(fields: dict[str, str]) -> Pairs:
    return tuple(
        [(label, value) for label, value in fields.items() if label not in _TOLD and value]
    )


def _edited(record: FeedRecord, poll: Poll) -> datetime | None:
    moment = parse_date(record.published, poll.timezone)
    return moment if moment and plausible(moment, poll.now) else None


def _plain(text: str) -> str:
    return one_line(clean_text(text, html=True))
