"""The one line that everybody reads."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.models import ChangeKind, FieldChange, Hearing, Identifier, Item, ItemType
from monitor.wording import countdown, headline, next_hearing, numbered_title, spoken
from tests.alerts.builders import HEARING, NOW, docket, item

COUNCIL = "New York City Council"


def updated(field: FieldChange, **fields: object) -> str:
    """Write the headline of a change of one field, as it is read at once."""
    return headline(ChangeKind.UPDATED, item(**fields), (field,), COUNCIL, NOW, NOW)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            item(title="Prohibiting agreements with ICE"),
            "New: INT 1234-2026 — Prohibiting agreements with ICE (New York City Council)",
        ),
        (
            docket(),
            "Docket: No. 3:25-cv-01350 — City of Example v. Doe (N.D. Cal.)",
        ),
        (
            item(type=ItemType.MEETING, title="Committee on Immigration", identifiers=()),
            "Meeting Wed, Nov 25, 10:00 am EST: Committee on Immigration (New York City Council)",
        ),
        (
            item(
                type=ItemType.EXECUTIVE_ORDER,
                jurisdiction="ocd-division/country:us",
                office="The White House",
                title="Protecting Communities",
                identifiers=(Identifier("executive_order", "us", "14999"),),
            ),
            "Executive order: EO 14999 — Protecting Communities (The White House)",
        ),
    ],
)
def test_something_new_says_what_it_is_and_where(made: Item, expected: str) -> None:
    """Sort, official number, title, body; a meeting also says when."""
    source = COUNCIL if made.jurisdiction.endswith("new_york") else "A feed"
    assert headline(ChangeKind.NEW, made, (), source, NOW) == expected


def test_a_number_that_the_title_says_is_not_said_twice() -> None:
    """However the publisher spells it."""
    title = "Int. No. 1234-2026: a local law"
    named = (Identifier("council_file", "x", "1234-2026"),)
    assert numbered_title(item(title=title, identifiers=named)) == title


@pytest.mark.parametrize(
    ("old", "new", "hearings", "expected"),
    [
        (
            "",
            "hearing, 2026-11-25 10:00 EST",
            (HEARING,),
            "Hearing set for Wed, Nov 25, 10:00 am EST",
        ),
        (
            "hearing, 2026-11-24 10:00 EST",
            "hearing, 2026-11-25 10:00 EST",
            (HEARING,),
            "Hearing moved to Wed, Nov 25, 10:00 am EST",
        ),
        (
            "hearing, 2026-11-25 10:00 EST",
            "hearing, 2026-11-25 10:00 EST, cancelled",
            (replace(HEARING, cancelled=True),),
            "Cancelled",
        ),
        ("hearing, 2026-11-25 10:00 EST", "", (), "Cancelled"),
        (
            "meeting, 2026-11-25 10:00 EST",
            "meeting, 2026-11-23 15:00 EST",
            (replace(HEARING, kind="meeting", starts=NOW + timedelta(hours=5)),),
            "Meeting moved to Mon, Nov 23, 3:00 pm EST (today)",
        ),
        (
            "",
            "comment_deadline, 2026-12-01",
            (Hearing("comment_deadline", NOW + timedelta(days=8), "UTC", all_day=True),),
            "Comments due: Tue, Dec 1",
        ),
        ("hearing, 2026-11-20", "hearing, 2026-11-21", (), "Dates changed"),
    ],
)
def test_a_date_that_changed_speaks_first(
    old: str, new: str, hearings: tuple[Hearing, ...], expected: str
) -> None:
    """Set, moved and cancelled are told apart; the new date stands in the headline."""
    said = updated(FieldChange("hearings", old, new), hearings=hearings)
    assert re.match(rf"{re.escape(expected)}(?:: | · )INT 1234-2026 — ", said)


def test_a_hearing_of_tomorrow_says_so() -> None:
    """The reader must act today."""
    soon = replace(HEARING, starts=NOW + timedelta(hours=23))
    said = updated(FieldChange("hearings", "a", "b"), hearings=(soon,))
    assert said.startswith("Hearing moved to Tue, Nov 24, 9:00 am EST (tomorrow): ")
    later = replace(HEARING, starts=NOW + timedelta(hours=30))
    said = updated(FieldChange("hearings", "a", "b"), hearings=(later,))
    assert said.startswith("Hearing moved to Tue, Nov 24, 4:00 pm EST (tomorrow): ")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (FieldChange("status", "Committee", "Adopted"), "Status: Committee → Adopted · INT"),
        (FieldChange("status", "", "Introduced"), "Status: Introduced · INT"),
        (FieldChange("title", "a", "b"), "Retitled: INT"),
        (FieldChange("text", "a", "b"), "Text amended: INT"),
        (FieldChange("attachments", "", "Report <https://x.example/1>"), "Documents changed: INT"),
        (FieldChange("lead_sponsor", "A", "B"), "Lead sponsor: B · INT"),
        (FieldChange("lead_sponsor", "A", "long " * 30), "Lead sponsor changed: INT"),
    ],
)
def test_what_changed_is_named_in_words(field: FieldChange, expected: str) -> None:
    """The stage is shown before and after; other fields by their name."""
    assert updated(field).startswith(expected)


def test_what_is_gone_says_so_in_the_words_of_its_sort() -> None:
    """An agreement leaves a list, a meeting the calendar."""
    gone = headline(ChangeKind.GONE, item(type=ItemType.AGREEMENT), (), COUNCIL, NOW)
    assert gone.startswith("No longer listed: ")
    gone = headline(ChangeKind.GONE, item(type=ItemType.MEETING), (), COUNCIL, NOW)
    assert gone.startswith("Taken off the calendar: ")


@pytest.mark.parametrize("title", ["word " * 600, "x" * 3_000, "🗽" * 3_000])
def test_a_headline_fits_its_line_and_keeps_its_place(title: str) -> None:
    """150 characters at most; the title gives way, what happened and where stay."""
    said = headline(ChangeKind.NEW, item(title=title), (), COUNCIL, NOW)
    assert len(said) <= 150
    assert said.startswith("New: INT 1234-2026 — ")
    assert said.endswith("… (New York City Council)")


def test_a_headline_never_repeats_an_a_number() -> None:
    """Nobody's number is said in a channel."""
    said = headline(ChangeKind.NEW, item(title="Matter of A 012 345 678"), (), COUNCIL, NOW)
    assert "345" not in said


@pytest.mark.parametrize(
    ("place", "office", "source", "expected"),
    [
        ("ocd-division/country:us/state:fl/county:polk", "", "ICE list", "(Polk County, FL)"),
        (
            "ocd-division/country:us/state:ny/county:kings",
            "Rules Committee",
            "",
            "(Rules Committee, Kings County, NY)",
        ),
        ("ocd-division/country:us", "Department of Justice", "FR", "(Department of Justice)"),
        ("ocd-division/country:us", "", "Congress.gov", "(Congress.gov)"),
        ("", "", "A feed", "(A feed)"),
    ],
)
def test_the_body_is_named_so_that_its_place_is_clear(
    place: str, office: str, source: str, expected: str
) -> None:
    """The source where it names the place, else office and place."""
    made = item(jurisdiction=place, office=office)
    assert headline(ChangeKind.NEW, made, (), source, NOW).endswith(expected)


# ---------------------------------------------------------------------------------- times


def test_a_time_is_said_with_weekday_and_zone() -> None:
    """On the clock of those who read it; summer and winter time by name."""
    assert spoken(NOW, "America/New_York") == "Mon, Nov 23, 2026, 10:00 am EST"
    summer = NOW.replace(month=7)
    assert spoken(summer, "America/Los_Angeles") == "Thu, Jul 23, 2026, 8:00 am PDT"
    assert spoken(NOW.replace(hour=17), "America/New_York", now=NOW) == "Mon, Nov 23, 12:00 pm EST"
    assert spoken(NOW, "America/New_York", all_day=True) == "Mon, Nov 23, 2026"


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(hours=2), "today, in 2 hours"),
        (timedelta(hours=1), "today, in 1 hour"),
        (timedelta(minutes=10), "today"),
        (timedelta(hours=20), "tomorrow, in 20 hours"),
        (timedelta(hours=30), "tomorrow"),
        (timedelta(days=3), "in 3 days"),
        (timedelta(hours=-1), ""),
    ],
)
def test_a_countdown_counts_days_of_the_calendar(ahead: timedelta, expected: str) -> None:
    """At 10:00 in New York, 30 hours ahead is tomorrow."""
    assert countdown(replace(HEARING, starts=NOW + ahead), NOW) == expected


def test_a_day_without_a_time_counts_until_it_is_over() -> None:
    """A deadline of today is still ahead at noon."""
    midnight = NOW.replace(hour=5, minute=0)
    deadline = Hearing("comment_deadline", midnight, "America/New_York", all_day=True)
    assert countdown(deadline, NOW) == "today"
    assert next_hearing((deadline,), NOW) == deadline
    assert next_hearing((deadline,), NOW + timedelta(days=1)) is None


def test_the_next_date_is_the_first_that_still_stands() -> None:
    """Cancelled ones come last, those past not at all."""
    past = replace(HEARING, starts=NOW - timedelta(days=1))
    cancelled = replace(HEARING, starts=NOW + timedelta(days=1), cancelled=True)
    unknown = Hearing("hearing", None, said="to be announced")
    assert next_hearing((past, cancelled, unknown, HEARING), NOW) == HEARING
    assert next_hearing((past, cancelled), NOW) == cancelled
    assert next_hearing((past,), NOW) is None
