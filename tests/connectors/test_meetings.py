"""When meetings are and whether they are held, in the words of many publishers."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

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

REAL = {True: 277, False: 2_488}


@pytest.mark.parametrize(
    ("said", "off"),
    [
        ("Arts Commission (CANCELED)", True),
        ("*CANCELLED* Finance", True),
        ("Notice of Cancellation", True),
        ("CANCELLATION of Virtual Meeting", True),
        ("Cancellation of the January 5 regular City Council meeting", True),
        ("Special Meeting - Public Hearing Cancellation", True),
        ("Meeting postponed to a later day", True),
        ("Rescheduled to May 5", True),
        ("Committee meeting to be rescheduled", True),
        ("Policy Review Committee-NO QUORUM", True),
        ("Called off due to a lack of a quorum", True),
        ("No Council meeting: holiday", True),
        ("The board will not meet this month", True),
        ("Canceled (a special meeting was scheduled in place of this meeting)", True),
        ("Special meeting, rescheduled from May 5", False),
        ("RESCHEDULED-from May 5 to May 6", True),
        ("Rescheduled from 5:30 p.m. to 7:00 p.m.", False),
        ("Regular Meeting - RESCHEDULED TO 7:00 p.m.", False),
        ("In lieu of the cancelled meeting of May 5", False),
        ("This meeting is NOT cancelled", False),
        ("Notice of Potential Quorum", False),
        ("Annual Recess Agenda", False),
        ("Deferred Compensation Board", False),
        ("Public hearing on the cancellation of debt", False),
        ("Hearing: Cancellation of a land conservation contract", False),
        ("Study session: student debt cancellation", False),
        ("Ordinance cancelling the lease of the old hall", False),
        ("Review of cancelled warrants", False),
        ("Work session on postponed items", False),
        ("Meetings may be cancelled for want of business", False),
        ("Subject to cancellation without notice", False),
        ("If cancelled, the hearing is held on May 12", False),
        ("No meeting materials have been filed", False),
        ("The meeting will not be held in person", False),
        ("Regular Meeting", False),
    ],
)
def test_a_cancelled_meeting_is_seen_in_its_words(said: str, off: bool) -> None:
    """And another meeting's fate, or a debt's, is not taken for this one's."""
    assert is_called_off("Regular", said) is off


@pytest.mark.parametrize(
    ("stage", "off"),
    [("Deferred", True), ("deferred to May 5", True), ("Final", False), ("1:00 PM", False)],
)
def test_a_status_may_say_that_a_meeting_is_deferred(stage: str, off: bool) -> None:
    """Elsewhere it is the matter that is."""
    assert is_called_off("City Council", stages=(stage,)) is off
    assert is_called_off("City Council", "Deferred items will be heard") is False


def test_no_real_title_of_a_matter_is_taken_for_a_cancelled_meeting(shared: Path) -> None:
    """Laws speak of cancellation as well: none of 16,577 of New York's says so of a meeting."""
    corpus = shared / "recordings" / "corpora" / "nyc_council_matters_titles_1996-2023.tsv.gz"
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        titles = list(lines)[1:]
    assert len(titles) == 16_577
    assert [title for title in titles if is_called_off(title)] == []


def test_real_cancelled_meetings_are_seen(shared: Path) -> None:
    """Of 2,765 meetings of two councils and a board, by name, comment, place or status."""
    found = Counter(
        is_called_off(name, comment, stages=(status,))
        for name, comment, status in real_meetings(shared)
    )
    assert found == REAL


def real_meetings(shared: Path) -> Iterator[tuple[str, str, str]]:
    """Read what names, comments and statuses say of recorded meetings."""
    folder = shared / "recordings"
    for name in ("seattle_events.json", "oakland_events_pubsafety.json"):
        for row in json.loads((folder / "legistar-webapi" / name).read_bytes()):
            said = (row["EventBodyName"], row["EventComment"], row["EventAgendaStatusName"])
            yield tuple([one or "" for one in said])  # type: ignore[misc]
    board = json.loads((folder / "boarddocs" / "coloh__colum_boe_meetings.json").read_bytes())
    for row in board:
        yield row.get("name") or "", "", ""


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
