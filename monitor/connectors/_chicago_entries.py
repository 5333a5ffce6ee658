"""Turns records of Chicago's eLMS into entries: matters, their documents and actions, meetings."""

from __future__ import annotations

import re
from datetime import datetime

from monitor.connectors._json_answers import Record, moment, needed
from monitor.connectors._meetings import is_called_off, kind_of
from monitor.dates import parse_date, plausible
from monitor.identifiers import council_file
from monitor.jurisdictions import ocd
from monitor.models import Attachment, Entry, Hearing, Identifier, ItemType, Pairs, Poll
from monitor.text import one_line
from monitor.urls import absolute

_SITE = "https://chicityclerkelms.chicago.gov"
_SCOPE = ocd("il/chicago")
_STAGE = re.compile(r"^\d{1,3}\s*-\s*")
# What the system itself does with a record before the public sees it.
_CLERICAL = {"create", "submit", "accept", "post to public"}
_DEADLINE = re.compile(
    r"comments?\s+(?:deadline|due)[:\s]+(?:is\s+|by\s+|on\s+)?"
    r"(?:[A-Z][a-z]+day, )?([A-Z][a-z]+ \d{1,2}, \d{4})(?:[,;]| at|\s-)?\s*"
    r"(\d{1,2}(?::\d{2})? ?[AaPp]\.?[Mm]\.?)?",
    re.IGNORECASE,
)


def matter(record: Record, poll: Poll) -> Entry:
    """Read a record of /matter; raises FormatError where it has no id or number."""
    number, named = needed(record, "matterId"), needed(record, "recordNumber")
    kind, category = record.line("type"), record.line("matterCategory")
    stage = (_STAGE.sub("", record.line("status")), record.line("subStatus"))
    introduced = record.moment("introductionDate", poll.timezone, poll.now)
    return Entry(
        type=ItemType.COUNCIL_ITEM,
        key=f"matter-{number.upper()}",
        title=record.line("title") or record.line("shortTitle") or named,
        url=f"{_SITE}/Matter/?matterId={number}",
        published=introduced,
        published_said="" if introduced else record.line("introductionDate"),
        updated=record.moment("lastPublicationDate", poll.timezone, poll.now),
        office=record.line("controllingBody"),
        status=", ".join([one for one in stage if one]),
        identifiers=_names(number, named, record.line("legacyRecordNumber")),
        facts=_pairs(
            ("type", kind),
            ("file", named),
            ("introduced", record.line("introductionDate")[:10]),
            ("final action", record.line("finalActionDate")[:10]),
        ),
        noise=_pairs(("sponsor", record.line("filingSponsor"))),
        labels=tuple([one for one in (kind, category) if one]),
    )


def documents(record: Record, poll: Poll) -> Entry | None:
    """Read a record of /matter/{id} into what the list lacks: documents and the last action.

    An entry of its own beside the matter's, so that neither swings between two states. None where
    there is nothing of both.
    """
    number, named = needed(record, "matterId"), needed(record, "recordNumber")
    files = _files(record, "attachments")
    last = _last_action(record, poll)
    if not files and not last:
        return None
    return Entry(
        type=ItemType.COUNCIL_ITEM,
        key=f"documents-{number.upper()}",
        title=record.line("title") or record.line("shortTitle") or named,
        url=f"{_SITE}/Matter/?matterId={number}",
        office=record.line("controllingBody"),
        status=last,
        identifiers=_names(number, named, record.line("legacyRecordNumber")),
        attachments=files,
        noise=_pairs(("sponsors", _sponsors(record))),
        labels=("documents",),
    )


def meeting(record: Record, poll: Poll) -> Entry:
    """Read a record of /meeting; its times are true UTC. Raises FormatError where it has no id."""
    number = needed(record, "meetingId")
    body, comment = record.line("body"), record.line("comment")
    status = record.line("status")
    said = record.line("date")
    starts = moment(said, poll.timezone, poll.now)
    held = Hearing(
        kind=kind_of(comment, body),
        starts=starts,
        timezone=poll.timezone,
        place=record.line("location"),
        said=said,
        cancelled=is_called_off(comment, status),
    )
    return Entry(
        type=ItemType.MEETING,
        key=f"meeting-{number.upper()}",
        title=body or f"Meeting {said[:10]}",
        body=comment,
        url=f"{_SITE}/Meeting/?meetingId={number}",
        office=body,
        # A meeting without a word is scheduled like the others.
        status="" if status == "Scheduled" else status,
        hearings=(held, *_deadline(comment, poll)),
        attachments=_files(record, "files"),
    )


def _deadline(comment: str, poll: Poll) -> tuple[Hearing, ...]:
    """Find until when the public can write: "Written public comment deadline October 11, 2026"."""
    found = _DEADLINE.search(comment)
    if not found:
        return ()
    timed = parse_date(f"{found[1]} {found[2]}", poll.timezone) if found[2] else None
    ends = timed or parse_date(found[1], poll.timezone)
    if ends is None or not plausible(ends, poll.now):
        return ()
    return (Hearing("comment_deadline", ends, poll.timezone, said=found[0], all_day=timed is None),)


def _last_action(record: Record, poll: Poll) -> str:
    """Name what was done last, by whom and when; dates ahead are plans, and no action."""
    done: list[tuple[datetime, str]] = []
    for one in record.records("actions"):
        name, by = one.line("actionName"), one.line("actionByName")
        when = one.moment("actionDate", poll.timezone, poll.now)
        if name and when and when <= poll.now and name.lower() not in _CLERICAL:
            done.append((when, ", ".join([w for w in (name, by, when.strftime("%Y-%m-%d")) if w])))
    return max(done, default=(None, ""), key=lambda pair: pair[0] or poll.now)[1]


def _sponsors(record: Record) -> str:
    names = [one.line("sponsorName") for one in record.records("sponsors")]
    return ", ".join([name for name in names if name])


def _files(record: Record, name: str) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for one in record.records(name):
        url = absolute(_SITE, one.text("path"))
        kind, title = one.line("attachmentType"), one.line("fileName")
        if url:
            shown = ": ".join([word for word in (kind, title) if word]) or "Document"
            found.setdefault(url, Attachment(one_line(shown, 300), url))
    return tuple(found.values())


def _names(number: str, named: str, legacy: str) -> tuple[Identifier, ...]:
    """Name a matter by the system's id and its record numbers; a substitute bears an S in front."""
    spelled = [named, legacy]
    spelled += [one[1:] for one in spelled if re.match(r"S[A-Z]+\d{4}-", one)]
    files = [found for one in spelled if one and (found := council_file(_SCOPE, one))]
    return (Identifier("elms", _SCOPE, number.upper()), *dict.fromkeys(files))


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
