"""Meetings: one body at one time, listed by two sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from monitor.matters.places import place
from monitor.matters.signatures import hashed, squeezed
from monitor.matters.values import Excerpt, Likeness, same

# What calendars add to a body's name.
_ADDED = re.compile(
    r"\b(?:regular|special|meetings?|agenda|hybrid|virtual|in[- ]person|cancell?ed|canceled|the|of|"
    r"session|hearing|public|amended|revised|final)\b|\d{1,4}[/:.-]\d{1,2}(?:[/.-]\d{1,4})?|\d+|\b[ap]\.?m\.?\b|"
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is read of a meeting: who meets, where, and when."""

    place: str
    body: str
    starts: datetime | None


def read_meeting(part: Excerpt) -> Meeting:
    """Read a meeting's body and beginning."""
    first = next((one for one in part.hearings if one.starts and not one.all_day), None)
    return Meeting(
        place=place(part.jurisdiction),
        body=squeezed(_ADDED.sub(" ", part.office or part.title)),
        starts=first.starts if first else None,
    )


def meeting_keys(meeting: Meeting) -> tuple[str, ...]:
    """Return the one key of a meeting; none where its hour is not known."""
    if not (meeting.place and meeting.body and meeting.starts):
        return ()
    return (hashed(f"m:{meeting.place}:{meeting.body}:{meeting.starts:%Y-%m-%dT%H:%M}"),)


def compare_meetings(one: Meeting, other: Meeting) -> Likeness | None:
    """Say whether two listings are one meeting."""
    known = one.place and one.body and one.starts
    return same("one body at one hour") if known and one == other else None


def meetings_conflict(one: Meeting, other: Meeting) -> str:
    """Return what differs between two meetings, "" where they are one."""
    return "" if one == other else "other body or hour"
