"""Dates for calendars, made up, and a strict reader of the files that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from monitor.models import CalendarEntry, Contact, ContactKind, Direction, Hearing, ItemType, Stage

NOW = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
NEW_YORK = "America/New_York"
ENTRY = CalendarEntry(
    uid="0123456789abcdef@immigration-policy-monitor",
    sequence=2,
    changed_at=datetime(2026, 10, 25, 8, 30, tzinfo=UTC),
    matter=11,
    item=7,
    title="Int 1412-2026 — Detainers; courts, and “communications”",
    type=ItemType.COUNCIL_ITEM,
    jurisdiction="ocd-division/country:us/state:ny/place:new_york",
    hearing=Hearing(
        "hearing", datetime(2026, 10, 30, 14, 0, tzinfo=UTC), NEW_YORK, "250 Broadway, 16th Floor"
    ),
    url="https://council.example.gov/matters/1412?a=1&b=2",
    office="Committee on Immigration",
    stage=Stage.HEARING_SET,
    direction=Direction.LIMITS,
    contacts=(
        Contact(ContactKind.EMAIL, "testimony@council.example.gov"),
        Contact(ContactKind.FORM, "https://council.example.gov/testify"),
    ),
)


def entry(uid: str = "a", **fields: Any) -> CalendarEntry:
    """Make a date; `fields` are those of CalendarEntry."""
    return replace(ENTRY, uid=uid, **fields)


def at(moment: datetime, **fields: Any) -> Hearing:
    """Make a hearing at a time; `fields` are those of Hearing."""
    return replace(ENTRY.hearing, starts=moment, **fields)


def content_lines(content: bytes) -> Iterator[str]:
    """Read a file as RFC 5545, 3.1 says: CRLF, at most 75 octets a line, folded by a blank."""
    assert content.endswith(b"\r\n")
    raw = content[:-2].split(b"\r\n")
    unfolded: list[bytes] = []
    for line in raw:
        assert b"\r" not in line, line
        assert b"\n" not in line, line
        assert len(line) <= 75, line
        line.decode("utf-8")  # no letter is torn apart
        if line.startswith(b" "):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    for line in unfolded:
        text = line.decode("utf-8")
        assert re.match(r"[A-Z-]+(;[A-Z-]+=(\"[^\"]*\"|[^\":;,]+))*:", text), text
        yield text


def tree_of(content: bytes) -> tuple[str, list[Any]]:
    """Check that what begins ends, in order; return the outermost component with its parts."""
    stack: list[tuple[str, list[Any]]] = [("", [])]
    for line in content_lines(content):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            stack.append((value, []))
        elif name == "END":
            done = stack.pop()
            assert done[0] == value
            stack[-1][1].append(done)
        else:
            stack[-1][1].append(line)
    assert len(stack) == 1
    (only,) = stack[0][1]
    return tuple(only)
