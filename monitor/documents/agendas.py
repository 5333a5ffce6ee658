"""Which documents of an item are read again when they are published again, and how they are kept.

item → its agendas, by their titles → followed until its last meeting is over
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.documents.comparison import Added, added_lines
from monitor.documents.lines import lines_of
from monitor.models import Attachment, Hearing, Item, ItemType, Reading
from monitor.text import digest, fold
from monitor.urls import without_tokens

# How far ahead of a meeting its agendas are asked for again, and how often.
AHEAD = timedelta(days=14)
EVERY = timedelta(hours=6)
MOST_AGENDAS = 3
# Characters of one document: what is kept, and of a new version what is looked at.
KEPT = 1_000_000
MOST_COMPARED = 3_000_000

_AGENDA = re.compile(r"agenda|addend|supplement|packet|notice|order paper|order of business")
_ADDS = re.compile(r"addend|supplement|late item|additional item|walk-?on")
_NO_AGENDA = re.compile(
    r"minutes|video|audio|transcript|recording|summary of action|action summary|votes?\b|results"
)
# What tells one version of a document from another, and not what it is.
_VERSION = re.compile(
    r"\b(?:re-?)?(?:revised?|revision|rev|amended|updated?|corrected|final|draft|version|ver|v|posted"
    r"|published|html|pdf|docx?|as of|new)\d*\b|\(.*?\)|\[.*?\]|\d+|[^a-z ]+"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
)
# What agendas are called; all else in such a title is a date, a body, or the name of a file.
_KINDS = re.compile(r"agenda|packet|addend|supplement|notice|late item|special|consent|closed")
# Pictures and recordings tell no filter anything.
_LEFT_OUT = (".mp3", ".mp4", ".m4v", ".jpg", ".jpeg", ".png", ".gif", ".zip", ".ics")
_MEETINGS = frozenset({"meeting", "hearing"})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Followed:
    """The agendas of an item, and when the first and the last of its meetings are over.

    agendas: (URL without tokens, role) pairs.
    """

    agendas: tuple[tuple[str, str], ...]
    begins: datetime
    ends: datetime


def followed(item: Item, now: datetime) -> Followed | None:
    """Say which documents of an item are worth another look, and until when; None where none is.

    They are those of meetings and hearings ahead. A meeting whose date nobody could read is
    taken to be two weeks ahead.
    """
    over = [
        _over(one)
        for one in item.hearings
        if one.kind in _MEETINGS and not one.cancelled and not one.derived
    ]
    ahead = sorted(moment for moment in over if moment is not None and moment > now)
    if not ahead and not (item.type is ItemType.MEETING and not item.hearings):
        return None
    agendas = agendas_of(item)
    if item.muted or not agendas:
        return None
    roles = tuple(dict.fromkeys((without_tokens(one.url), role_of(one.title)) for one in agendas))
    return Followed(roles, ahead[0] if ahead else now + AHEAD, ahead[-1] if ahead else now + AHEAD)


def is_readable(attachment: Attachment) -> bool:
    """Say whether an attachment may hold words, by its address and type."""
    return (
        attachment.url.startswith(("http://", "https://"))
        and not attachment.url.lower().partition("?")[0].endswith(_LEFT_OUT)
        and not attachment.media_type.startswith(("image/", "audio/", "video/"))
    )


def _over(hearing: Hearing) -> datetime | None:
    """Say when a hearing begins, and one of which only the day is known, when that is over."""
    if hearing.starts is None:
        return None
    return hearing.starts + _DAY if hearing.all_day else hearing.starts


def agendas_of(item: Item) -> tuple[Attachment, ...]:
    """Choose the attachments that say what will be dealt with: of a meeting, one at least."""
    usable = [
        one
        for one in item.attachments
        if is_readable(one) and not _NO_AGENDA.search(fold(one.title))
    ]
    named = [one for one in usable if _AGENDA.search(fold(one.title))]
    if item.type is ItemType.MEETING and not named:
        return tuple(usable[:1])
    return tuple(named[:MOST_AGENDAS])


def role_of(title: str) -> str:
    """Say what a document is, whichever version: "Revised Agenda (Nov 20).pdf" is an "agenda"."""
    said = fold(title).replace("_", " ")
    if _AGENDA.search(said):
        return " ".join(dict.fromkeys(_KINDS.findall(said))) or "agenda"
    return " ".join(_VERSION.sub(" ", said).split()) or "document"


def adds(role: str) -> bool:
    """Say whether a document of this role goes beside an earlier one: an addendum."""
    return bool(_ADDS.search(role))


def packed(pages: Sequence[str]) -> tuple[bytes, bool]:
    """Pack the pages of a document, and say whether it had to be cut; b"" where no page has words.

    Text is kept rather than hashes of its lines: lines are set anew where something is put in,
    scanners misread, and an amount that changed must be told from both. That needs the words. A
    packet of 100 pages takes some 70 KB, and is unpacked only where a new version came.
    """
    text = "\f".join(pages)
    if not text.strip():
        return b"", False
    return zlib.compress(text[:KEPT].encode("utf-8", "replace"), 6), len(text) > KEPT


def unpacked(reading: Reading) -> tuple[str, ...]:
    """Return the pages of what was read before."""
    return tuple(zlib.decompress(reading.text).decode("utf-8").split("\f"))


def gained(old: Iterable[Reading], new: Sequence[str]) -> tuple[Added, ...]:
    """Return what the pages of a document say and none of its earlier readings does."""
    readings = tuple(old)
    before = [page for reading in readings for page in unpacked(reading)]
    new = _cut(new, MOST_COMPARED)
    if any(reading.cut for reading in readings):
        new = _cut(new, KEPT - KEPT // 10)  # what went has let later pages come nearer
    return added_lines(before, new)


def _cut(pages: Sequence[str], room: int) -> list[str]:
    """Keep so many characters, and whole lines."""
    kept = []
    for page in pages:
        whole = len(page) <= room
        kept.append(page if whole else page[: max(room, 0)].rpartition("\n")[0])
        room -= len(page) + 1
    return kept


def gist(pages: Iterable[str]) -> str:
    """Hash what a document says, whatever its numbering, its wrapping and its page numbers."""
    bounded = _cut(tuple(pages), MOST_COMPARED)
    return digest(" ".join(word for line in lines_of(bounded) for word in line.words))
