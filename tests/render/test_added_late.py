"""How an alert shows what was added late to an agenda, in text and in Slack."""

from __future__ import annotations

from typing import Any

from monitor.alerts import Routing, compose
from monitor.models import Alert, Change, ChangeKind, FieldChange, ItemType, Passage
from monitor.render.slack import message
from monitor.render.text import plain
from tests.alerts.builders import HEARING, NOW, item, match
from tests.render.hostile import strings

LATE = "Resolution ending the 287(g) agreement"
FIELD = FieldChange("added_late", "", f"Agenda p. 2: {LATE}\nAgenda p. 9: Bees")
PASSAGE = Passage("Agenda p. 2, added late", 0, len(LATE), LATE, ((22, 28),))


def added(*passages: Passage, fields: tuple[FieldChange, ...] = (FIELD,), **more: Any) -> Alert:
    """Make the alert of a meeting whose agenda gained lines."""
    meeting = item(type=ItemType.MEETING, hearings=(HEARING,), title="Stated meeting", **more)
    change = Change(ChangeKind.UPDATED, meeting, 7, fields)
    matches = (match(passages=passages),) if passages else ()
    (made,) = compose(change, matches, Routing("#alerts"), "New York City Council", now=NOW)
    return made


def test_the_headline_says_added_late_and_to_which_day() -> None:
    """A reader must know whether there is time to come."""
    assert added(PASSAGE).headline.startswith("Added late, Wed, Nov 25, 10:00 am EST: ")


def test_the_headline_says_so_even_where_more_changed() -> None:
    """The date stands in it anyway."""
    fields = (FieldChange("hearings", "a", "b"), FieldChange("attachments", "a", "b"), FIELD)
    assert added(PASSAGE, fields=fields).headline.startswith("Added late, Wed, Nov 25")


def test_a_meeting_without_a_date_says_added_late() -> None:
    """It is not left out for want of a day."""
    made = compose(
        Change(ChangeKind.UPDATED, item(hearings=()), 7, (FIELD,)),
        (match(passages=(PASSAGE,)),),
        Routing("#alerts"),
        now=NOW,
    )
    assert made[0].headline.startswith("Added late: ")


def test_the_passage_is_quoted_as_added_late_and_not_said_twice() -> None:
    """In text and in Slack alike; what did not match is not shown."""
    made = added(PASSAGE)
    (only,) = message(made, NOW)
    slack = " ".join(text for name, text in strings(list(only.blocks)) if name == "text")
    said = plain(made, NOW)
    assert said.count("ending") == 1
    assert slack.count("ending") == 1
    assert "Agenda p. 2, added late:" in said
    assert "Agenda p. 2, added late" in slack
    assert "Bees" not in said + slack


def test_what_was_added_to_a_watched_meeting_is_shown_without_a_match() -> None:
    """Somebody follows it for its own sake."""
    said = plain(added(watched="the council"), NOW)
    assert f"Added late  Agenda p. 2: {LATE} Agenda p. 9: Bees" in " ".join(
        said.replace("Added late  ", "Added late@@").split()
    ).replace("@@", "  ")
    assert "(nothing)" not in said


def test_what_could_be_read_at_last_names_the_document() -> None:
    """The item itself was told when it came."""
    made = added(PASSAGE, fields=(FieldChange("read_now", "", "Agenda p. 2"),))
    assert made.headline.startswith("On the agenda, Wed, Nov 25")
    assert "Read now" in plain(made, NOW)
