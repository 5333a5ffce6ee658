"""Writes matters and their dates for other programs: JSON, CSV, Atom (RFC 4287)."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from lxml import etree

from monitor.dates import iso, local
from monitor.jurisdictions import label, short
from monitor.models import CalendarEntry, Direction, ItemType, Stage
from monitor.render.changes import said
from monitor.render.links import address_of
from monitor.render.tongue import ENGLISH
from monitor.text import fold
from monitor.wording import DIRECTIONS, HEARINGS, TYPES, hearing_time

_TEXT = 1_000
_ATOM = "http://www.w3.org/2005/Atom"
# A spreadsheet takes what begins so for a formula (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
COLUMNS = (
    "record", "matter", "title", "type", "jurisdiction", "place", "stage", "direction", "topics",
    "url", "first_seen", "last_changed", "date_kind", "starts", "local_time", "timezone",
    "all_day", "cancelled", "location", "uid",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportedMatter:
    """A matter as others get it, with its dates ahead."""

    id: int
    title: str
    type: ItemType
    jurisdiction: str
    first_seen: datetime
    last_changed: datetime
    url: str = ""
    stage: Stage | None = None
    stage_said: str = ""
    direction: Direction = Direction.UNCLEAR
    topics: tuple[str, ...] = ()


def as_json(
    matters: Sequence[ExportedMatter], dates: Sequence[CalendarEntry], now: datetime
) -> str:
    """Write one JSON document: {"exported_at", "matters": […], "dates": […]}; times in UTC."""
    document = {
        "exported_at": iso(now),
        "matters": [_matter_values(one) for one in matters],
        "dates": [_date_values(one) for one in dates],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _matter_values(matter: ExportedMatter) -> dict[str, object]:
    return {
        "id": matter.id,
        "title": _clean(matter.title),
        "type": matter.type.value,
        "jurisdiction": matter.jurisdiction,
        "url": address_of(matter.url),
        "stage": matter.stage.value if matter.stage else None,
        "stage_said": _clean(matter.stage_said),
        "direction": matter.direction.value,
        "topics": [_clean(topic) for topic in matter.topics],
        "first_seen": iso(matter.first_seen),
        "last_changed": iso(matter.last_changed),
    }


def _date_values(entry: CalendarEntry) -> dict[str, object]:
    hearing = entry.hearing
    return {
        "uid": entry.uid,
        "matter": entry.matter,
        "title": _clean(entry.title),
        "kind": _clean(hearing.kind),
        "starts": iso(hearing.starts) if hearing.starts else None,
        "timezone": hearing.timezone,
        "all_day": hearing.all_day,
        "cancelled": hearing.cancelled,
        "place": _clean(hearing.place),
        "office": _clean(entry.office),
        "jurisdiction": entry.jurisdiction,
        "url": address_of(entry.url),
    }


def as_csv(matters: Sequence[ExportedMatter], dates: Sequence[CalendarEntry]) -> str:
    """Write one table (RFC 4180): a row a matter, then a row a date; `record` says which.

    What a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = StringIO()
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for row in (*map(_matter_row, matters), *map(_date_row, dates)):
        table.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _matter_row(matter: ExportedMatter) -> dict[str, str]:
    return {
        "record": "matter",
        "matter": str(matter.id),
        "title": _clean(matter.title),
        "type": matter.type.value,
        "jurisdiction": _clean(short(matter.jurisdiction)),
        "place": _place(matter.jurisdiction),
        "stage": matter.stage.value if matter.stage else "",
        "direction": matter.direction.value,
        "topics": _clean(" ".join(matter.topics)),
        "url": address_of(matter.url),
        "first_seen": iso(matter.first_seen),
        "last_changed": iso(matter.last_changed),
    }


def _date_row(entry: CalendarEntry) -> dict[str, str]:
    hearing = entry.hearing
    there = local(hearing.starts, hearing.timezone) if hearing.starts else None
    return {
        "record": "date",
        "matter": str(entry.matter),
        "title": _clean(entry.title),
        "type": entry.type.value,
        "jurisdiction": _clean(short(entry.jurisdiction)),
        "place": _place(entry.jurisdiction),
        "stage": entry.stage.value if entry.stage else "",
        "direction": entry.direction.value,
        "url": address_of(entry.url),
        "date_kind": _clean(hearing.kind),
        "starts": iso(hearing.starts) if hearing.starts else "",
        "local_time": f"{there:%Y-%m-%d}{'' if hearing.all_day else f'{there: %H:%M}'}"
        if there
        else "",
        "timezone": hearing.timezone,
        "all_day": "yes" if hearing.all_day else "no",
        "cancelled": "yes" if hearing.cancelled else "no",
        "location": _clean(hearing.place),
        "uid": entry.uid,
    }


# ---------------------------------------------------------------------------------------- Atom


def as_atom(
    matters: Sequence[ExportedMatter],
    dates: Sequence[CalendarEntry],
    now: datetime,
    authority: str,
    title: str = "Immigration policy monitor",
) -> bytes:
    """Write an Atom feed, one entry a matter with its dates ahead in the summary; UTF-8.

    authority: a domain name or e-mail address of who publishes it; with it ids are unique in the
    world and for all time (tag: URIs, RFC 4151).
    """
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # the stubs know no default
    newest = max((one.last_changed for one in matters), default=now)
    _add(feed, "id", f"tag:{authority},2026:matters")
    _add(feed, "title", _clean(title))
    _add(feed, "updated", iso(newest))
    _add(etree.SubElement(feed, f"{{{_ATOM}}}author"), "name", _clean(title))
    _add(feed, "generator", "immigration-policy-monitor")
    ahead: dict[int, list[CalendarEntry]] = defaultdict(list)
    for date in dates:
        ahead[date.matter].append(date)
    for matter in matters:
        _add_matter(feed, matter, ahead[matter.id], authority)
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _add_matter(
    feed: etree._Element,
    matter: ExportedMatter,
    dates: Sequence[CalendarEntry],
    authority: str,
) -> None:
    entry = etree.SubElement(feed, f"{{{_ATOM}}}entry")
    _add(entry, "id", f"tag:{authority},2026:matter/{matter.id}")
    _add(entry, "title", _clean(matter.title) or "(without a title)")
    _add(entry, "published", iso(matter.first_seen))
    _add(entry, "updated", iso(matter.last_changed))
    # RFC 4287, 4.1.1.1: an entry without content has a link to what it is about.
    if page := address_of(matter.url):
        etree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=page)
    for topic in dict.fromkeys(map(_clean, matter.topics)):
        if topic:
            etree.SubElement(entry, f"{{{_ATOM}}}category", term=topic)
    told = "\n".join(_summary(matter, dates))
    _add(entry, "summary" if page else "content", told)


def _summary(matter: ExportedMatter, dates: Sequence[CalendarEntry]) -> Iterator[str]:
    stage = ENGLISH.stage(matter.stage, matter.type) if matter.stage else ""
    own = _clean(matter.stage_said)
    parts = (
        _place(matter.jurisdiction),
        TYPES[matter.type],
        stage,
        "" if fold(own) == fold(stage) else own,
        DIRECTIONS.get(matter.direction, ""),
    )
    yield " · ".join(part for part in parts if part)
    for date in dates:
        kind = HEARINGS.get(date.hearing.kind, "Date")
        off = " (cancelled)" if date.hearing.cancelled else ""
        place = _clean(date.hearing.place)
        yield f"{kind}{off}: {_clean(hearing_time(date.hearing))}" + (f", {place}" if place else "")


def _clean(text: str) -> str:
    return said(text, _TEXT)


def _place(jurisdiction: str) -> str:
    return _clean(label(jurisdiction)) if jurisdiction else ""
