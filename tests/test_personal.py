"""Reminders at nine: on the person's own clock, through changes of the clock, with the date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dates import local
from monitor.models import Hearing, Lead, Person, PersonalReminder, Present
from monitor.personal import next_date, reckoned, remind_at, wanted_reminder
from tests.alerts.builders import HEARING, NOW, item

ANGELES, YORK = "America/Los_Angeles", "America/New_York"
ZONES = (ANGELES, YORK, "America/Phoenix", "Pacific/Honolulu", "Europe/Berlin", "Asia/Kolkata")
LATE = Hearing("hearing", datetime(2026, 12, 3, 2, 0, tzinfo=UTC), YORK)
DAY = Hearing("effective", datetime(2026, 12, 10, 5, 0, tzinfo=UTC), YORK, all_day=True)
ASKED = PersonalReminder(3, Person("U0ANA"), 7, Lead.DAY_BEFORE, NOW, ANGELES, LATE.starts)


def at(lead: Lead, hearing: Hearing | None, zone: str, now: datetime = NOW) -> str:
    """Say when a reminder comes, on the person's clock; "never" for never."""
    due = remind_at(lead, hearing, zone, now)
    return f"{local(due, zone):%m-%d %H:%M}" if due else "never"


@pytest.mark.parametrize(
    ("lead", "hearing", "zone", "expected"),
    [
        (Lead.TOMORROW, None, YORK, "11-24 09:00"),
        (Lead.TOMORROW, LATE, ANGELES, "11-24 09:00"),
        (Lead.DAY_BEFORE, LATE, YORK, "12-01 09:00"),
        (Lead.DAY_BEFORE, LATE, "Europe/Berlin", "12-02 09:00"),
        (Lead.WEEK_BEFORE, LATE, YORK, "11-25 09:00"),
        (Lead.DAY_BEFORE, DAY, ANGELES, "12-09 09:00"),
        (Lead.DAY_BEFORE, None, YORK, "never"),
        (Lead.WEEK_BEFORE, replace(LATE, starts=NOW + timedelta(days=3)), YORK, "never"),
        (Lead.DAY_BEFORE, replace(LATE, starts=None), YORK, "never"),
    ],
)
def test_a_reminder_comes_at_nine_of_the_day_that_was_wished_for(
    lead: Lead, hearing: Hearing | None, zone: str, expected: str
) -> None:
    """9 pm in New York is the next day in Berlin; a day without a time is the place's own."""
    assert at(lead, hearing, zone) == expected


def test_nine_stays_nine_when_the_clocks_change() -> None:
    """The night of March 14, 2027 has 23 hours."""
    saturday = datetime(2027, 3, 13, 20, 0, tzinfo=UTC)
    assert at(Lead.TOMORROW, None, YORK, saturday) == "03-14 09:00"
    assert remind_at(Lead.TOMORROW, None, YORK, saturday) == datetime(2027, 3, 14, 13, tzinfo=UTC)


@given(
    st.sampled_from(list(Lead)),
    st.sampled_from(ZONES),
    st.integers(0, 2 * 365 * 24 * 60),
    st.integers(-48, 24 * 40),
)
def test_a_reminder_is_always_ahead_and_at_nine(
    lead: Lead, zone: str, minutes: int, hours: int
) -> None:
    """And before its date, whatever the zone and the season."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    starts = now + timedelta(hours=hours)
    due = remind_at(lead, Hearing("hearing", starts, YORK), zone, now)
    if due is None:
        assert lead is not Lead.TOMORROW
        return
    assert due > now
    assert (local(due, zone).hour, local(due, zone).minute) == (9, 0)
    assert lead is Lead.TOMORROW or due < starts


def test_the_next_date_is_one_that_stands() -> None:
    """Cancelled ones and those without a time are none to be reminded of."""
    called_off = replace(HEARING, cancelled=True)
    said = Hearing("hearing", None, YORK, said="to be announced")
    assert next_date(Present(7, hearings=(called_off, said, LATE)), NOW) == LATE
    assert next_date(Present(7, hearings=(called_off, said)), NOW) is None


@pytest.mark.parametrize(
    ("hearings", "due"),
    [
        ((LATE,), NOW),
        ((replace(LATE, starts=datetime(2026, 12, 9, 20, tzinfo=UTC)),), "12-08"),
        ((replace(LATE, cancelled=True),), NOW),
        ((), NOW),
        ((replace(LATE, cancelled=True), replace(DAY, all_day=False)), "12-08"),
    ],
)
def test_a_reminder_moves_only_where_its_date_has_moved(
    hearings: tuple[Hearing, ...], due: datetime | str
) -> None:
    """A date that is gone without another leaves it: the person asked to hear."""
    moved = reckoned(ASKED, Present(7, hearings=hearings), NOW)
    if isinstance(due, datetime):
        assert moved == ASKED
    else:
        assert f"{local(moved.due_at, ANGELES):%m-%d}" == due
        assert moved.starts != ASKED.starts


def test_a_date_brought_forward_past_the_morning_reminds_at_once() -> None:
    """Late is better than not at all."""
    tomorrow = replace(LATE, starts=NOW + timedelta(hours=10))
    assert reckoned(ASKED, Present(7, hearings=(tomorrow,)), NOW).due_at == NOW


def test_the_message_shows_the_dates_of_the_whole_matter() -> None:
    """Not only those of the item that names it; and the same reminder has the same key."""
    present = Present(7, hearings=(LATE,))
    made = wanted_reminder(ASKED, item(), present, (("Told in #ny", "https://x.example"),), NOW)
    assert made.item is not None
    assert made.item.hearings == (LATE,)
    assert (made.channel, made.kind, made.matter) == ("@U0ANA", "reminder", 0)
    assert made.headline.startswith("You asked to be reminded: INT 1234-2026")
    assert made.key == wanted_reminder(ASKED, item(), present, (), NOW + timedelta(1)).key
