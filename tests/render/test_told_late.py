"""What is told late (after a night, after an outage) says the time that is left by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.alerts import compose
from monitor.floods import summaries
from monitor.models import Alert, Change, ChangeKind, FieldChange, Hearing
from monitor.reminders import Ahead, reminders
from monitor.render.notes import note
from monitor.render.slack import fallback, message
from monitor.render.text import plain
from tests.alerts.builders import NOW, ROUTING, alert, item, match

# NOW is ten in the morning of a Monday in New York.
TUESDAY = Hearing("hearing", NOW + timedelta(hours=24, minutes=30), "America/New_York")


def moved(hearing: Hearing = TUESDAY) -> Alert:
    """Compose the alert of a hearing that moved."""
    field = FieldChange(
        "hearings", "hearing, 2026-11-30 10:00 EST", "hearing, 2026-11-24 10:30 EST"
    )
    own = item(hearings=(hearing,))
    change = Change(ChangeKind.UPDATED, own, 7, (field,))
    (made,) = compose(change, (match(),), ROUTING, "New York City Council", now=NOW)
    return made


def reminder(hearing: Hearing = TUESDAY) -> Alert:
    """Make the reminder of a hearing, two days ahead of it."""
    date = Ahead(7, hearing, item(hearings=(hearing,)), NOW - timedelta(days=9), ("#a",))
    (made,) = reminders((date,), (timedelta(hours=48),), {}, NOW)
    return made


def test_a_moved_hearing_says_today_when_it_is_told_on_its_day() -> None:
    """Composed on Monday for "tomorrow", kept for the night, told on Tuesday."""
    made = moved()
    assert "tomorrow" not in made.headline
    at_once, late = (message(made, NOW + timedelta(hours=n))[0].text for n in (0, 21))
    assert at_once.startswith("Hearing moved to Tue, Nov 24, 10:30 am EST (tomorrow)")
    assert late.startswith("Hearing moved to Tue, Nov 24, 10:30 am EST (today)")


def test_a_reminder_counts_from_the_moment_in_which_it_is_told() -> None:
    """In Slack with and without blocks, on the console, and wherever only text goes."""
    made, late = reminder(), NOW + timedelta(hours=21)
    expected = "Reminder: hearing Tue, Nov 24, 10:30 am EST (today, in 4 hours)"
    (shown,) = message(made, late)
    assert shown.text.startswith(expected)
    assert shown.blocks[0]["text"]["text"].startswith(expected)
    for said in (fallback(made, late).text, plain(made, late), note(made, late).title):
        assert expected in " ".join(said.split())


def test_a_reminder_after_the_date_says_that_it_comes_too_late() -> None:
    """Slack was out of order for two days: nothing is lost, and nobody is sent to an empty hall."""
    (shown,) = message(reminder(), NOW + timedelta(days=2))
    assert shown.text.startswith("Reminder, too late: hearing Tue, Nov 24, 10:30 am EST is over")


def test_a_moved_date_that_is_over_keeps_its_words() -> None:
    """What happened did happen; only the time left is that of the reader."""
    late = message(moved(), NOW + timedelta(days=2))[0].text
    assert late.startswith("Hearing moved to Tue, Nov 24, 10:30 am EST: INT 1234-2026")


def test_a_line_of_a_summary_never_says_tomorrow() -> None:
    """It is read for days."""
    ((summary, _),) = summaries([moved()])
    assert summary.lines[0][0].startswith("Hearing moved to Tue, Nov 24, 10:30 am EST: INT")


def test_words_of_an_older_program_stay_as_they_are() -> None:
    """And so do those of an alert without an item, or of unknown age."""
    late = NOW + timedelta(hours=21)
    own = replace(moved(), headline="Hearing moved to Tue (tomorrow)")
    for made in (
        own,
        alert(kind="reminder"),
        alert(kind="health", item=None),
        alert(created_at=None),
    ):
        assert message(made, late)[0].text.startswith(made.headline.replace("*", ""))
