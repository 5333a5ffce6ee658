"""When meetings are and whether they are held, in the words of many publishers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.connectors._meetings import (
    clock_in,
    is_called_off,
    kind_of,
    meeting_at,
    meeting_on,
    shown_between,
)
from monitor.models import Entry, Hearing, ItemType, Reach
from tests.connectors.meeting_visit import POLL


@pytest.mark.parametrize(
    ("said", "off"),
    [
        ("Arts Commission (CANCELED)", True),
        ("*CANCELLED* Finance", True),
        ("Notice of Cancellation", True),
        ("Meeting postponed to a later day", True),
        ("Rescheduled to May 5", True),
        ("Special meeting, rescheduled from May 5", False),
        ("In lieu of the cancelled meeting of May 5", False),
        ("This meeting is NOT cancelled", False),
        ("Regular Meeting", False),
    ],
)
def test_a_cancelled_meeting_is_seen_in_its_words(said: str, off: bool) -> None:
    """And another meeting's fate is not taken for this one's."""
    assert is_called_off("Regular", said) is off


def test_a_hearing_room_makes_no_hearing() -> None:
    """The public is heard at a hearing, and not in every room that is called after one."""
    assert kind_of("Public Hearing on zoning") == "hearing"
    assert kind_of("Board meeting, Hearing Room 2") == "meeting"


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        ("06:00 PM - 08:00 PM", "06:00 PM"),
        ("9 a.m.", "9 am"),
        ("18:30", "18:30"),
        ("Noon", "12:00 PM"),
        ("after the committee", ""),
        ("Canceled", ""),
    ],
)
def test_the_first_time_of_day_is_found(said: str, clock: str) -> None:
    """Words that are no time are none."""
    assert clock_in(said) == clock


def test_deferred_in_place_of_a_time_calls_a_meeting_off() -> None:
    """New York's council writes so; in a title it is the matter that is deferred."""
    assert meeting_on("1/10/2026", "Deferred", POLL).cancelled
    assert not meeting_on("1/10/2026", "9:00 AM", POLL, words=("Deferred items",)).cancelled


def test_a_day_without_a_time_is_a_whole_day() -> None:
    """What stands in its place may call the meeting off."""
    found = meeting_on("11/9/2026", "Canceled", POLL)
    assert (found.all_day, found.cancelled) == (True, True)
    assert found.starts == datetime(2026, 11, 9, 5, tzinfo=UTC)


def test_a_false_zone_is_not_believed() -> None:
    """Nine o'clock on the publisher's wall is nine o'clock there, whatever the letter behind it."""
    found = meeting_at("2026-11-09T09:30:00Z", POLL)
    assert found.starts == datetime(2026, 11, 9, 14, 30, tzinfo=UTC)
    assert not found.all_day


def test_midnight_stands_for_no_time() -> None:
    """Nobody meets then."""
    assert meeting_at("2026-11-09T00:00:00", POLL).all_day


@pytest.mark.parametrize("said", ["", "soon", "5025-01-01T10:00:00", "2026-13-41"])
def test_what_is_no_believable_time_stays_words(said: str) -> None:
    """It is shown as it was said."""
    found = meeting_at(said, POLL)
    assert (found.starts, found.said) == (None, said)


def on(*days: int) -> list[Entry]:
    """Make meetings on some days of November."""
    return [
        Entry(
            ItemType.MEETING,
            f"meeting-{day}",
            "City Council",
            hearings=(Hearing("meeting", datetime(2026, 11, day, 18, tzinfo=UTC)),),
        )
        for day in days
    ]


def test_a_page_of_meetings_goes_from_the_first_to_the_last_that_it_shows() -> None:
    """In either order; what is no meeting, or has no date, does not count."""
    first, last = (datetime(2026, 11, day, 18, tzinfo=UTC) for day in (3, 24))
    row = Entry(ItemType.AGENDA_ITEM, "item-1", "Lanterns", hearings=on(30)[0].hearings)
    undated = Entry(ItemType.MEETING, "meeting-0", "Gala", hearings=(Hearing("meeting", None),))
    for found in (on(3, 10, 24), on(24, 10, 10, 3), [row, *on(3, 24), undated]):
        assert shown_between(found, "meeting-") == (Reach(first, last, "meeting-"),)


def test_a_page_in_no_order_says_nothing_of_what_stands_between() -> None:
    """Unless it is the whole list: that shows all up to its last one."""
    assert shown_between(on(10, 3, 24)) == ()
    assert shown_between([]) == shown_between([], whole=True) == ()
    [whole] = shown_between(on(10, 3, 24), whole=True)
    assert whole == Reach(None, datetime(2026, 11, 24, 18, tzinfo=UTC))
