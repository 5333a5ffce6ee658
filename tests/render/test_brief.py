"""A reply tells what is new; an edited message tells how things stand, and nothing that is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.alerts import compose
from monitor.models import (
    Alert,
    Change,
    ChangeKind,
    FieldChange,
    Hearing,
    Item,
    ItemType,
    Posted,
    Present,
    Priority,
    Receipt,
    Stage,
)
from monitor.render.slack import message, revised
from monitor.render.text import plain
from tests.alerts.builders import HEARING, NOW, ROUTING, TEXT, item, match
from tests.render.hostile import strings

DAY = timedelta(days=1)


def changed(*fields: FieldChange, kind: ChangeKind = ChangeKind.UPDATED, **own: Any) -> Alert:
    """Compose the alert of a change."""
    made: Item = item(**own)
    matches = (match(priority=Priority.HIGH),)
    (alert,) = compose(Change(kind, made, 7, fields), matches, ROUTING, "City Council", now=NOW)
    return alert


def words(made: Any) -> str:
    """Join all words of a message's blocks."""
    said = " ".join(text for name, text in strings(list(made.blocks)) if name == "text")
    return " ".join(said.split())


def reply(alert: Alert) -> str:
    """Return the words of an alert below the first message of its thread."""
    (only,) = message(alert, NOW, reply=True)
    return words(only)


STATUS = FieldChange("status", "Committee", "Adopted")
MOVED = FieldChange("hearings", "hearing, 2026-11-30 10:00 EST", "hearing, 2026-11-25 10:00 EST")


@pytest.mark.parametrize("field", [STATUS, MOVED])
def test_a_reply_on_a_stage_or_date_quotes_nothing_again(field: FieldChange) -> None:
    """The message above it has the passage, and why it is told."""
    alert = changed(field)
    said = reply(alert)
    assert "No officer shall enter" not in said
    assert "Why:" not in said
    assert "Open at council.example" in said
    assert "No officer shall enter" in words(message(alert, NOW)[0]), "where it opens the thread"


@pytest.mark.parametrize("name", ["text", "title", "attachments"])
def test_a_reply_on_words_quotes_them(name: str) -> None:
    """Here the passage is the news."""
    assert "No officer shall enter" in reply(changed(FieldChange(name, "a", TEXT)))


def test_a_new_paper_of_a_matter_stays_whole_as_a_reply() -> None:
    """Nobody has read it yet."""
    said = reply(changed(kind=ChangeKind.NEW))
    assert "No officer shall enter" in said
    assert "Why:" in said


def test_what_all_see_by_itself_says_which_way_it_goes() -> None:
    """A reply that is shown in the channel has its parent's first words above it, and no more."""
    alert = changed(STATUS)
    assert "Direction:" not in reply(alert)
    assert "Direction:" in reply(replace(alert, for_everyone=True))


def test_what_is_gone_has_no_direction_and_no_status() -> None:
    """An agreement that was ended expands nothing, and is active no more."""
    gone = changed(kind=ChangeKind.GONE, type=ItemType.AGREEMENT, status="Active")
    said = plain(gone, NOW)
    assert "No longer listed" in said
    assert "Active" not in said
    assert "cooperation with ICE" not in said


def test_a_date_that_was_called_off_is_said_once() -> None:
    """Not struck out, written anew, and said a third time."""
    off = replace(HEARING, cancelled=True)
    old, new = "hearing, 2026-11-25 10:00 EST", "hearing, 2026-11-25 10:00 EST, cancelled"
    said = reply(changed(FieldChange("hearings", old, new), hearings=(off,)))
    assert "Dates:" not in said
    assert "Hearing cancelled: Wed, Nov 25" in said
    moved_too = FieldChange("hearings", old, f"{new}\nhearing, 2026-12-02 10:00 EST")
    later = replace(HEARING, starts=NOW + 9 * DAY)
    assert "Dates:" in reply(changed(moved_too, hearings=(off, later)))


def test_a_notification_says_a_date_once() -> None:
    """Where the headline has it, only the place follows."""
    moved = message(changed(MOVED), NOW)[0].text
    assert moved.count("Nov 25") == 1
    assert moved.endswith("Council Chambers, City Hall")
    assert message(changed(kind=ChangeKind.NEW), NOW)[0].text.count("Nov 25") == 1


@pytest.mark.parametrize("title", ["word " * 600, "x" * 3_000])
def test_the_place_at_an_urgent_headlines_end_is_not_cut_off(title: str) -> None:
    """The mark before it takes room, too."""
    header = message(changed(kind=ChangeKind.NEW, title=title), NOW)[0].blocks[0]["text"]["text"]
    assert header.startswith("❗ New: ")
    assert header.endswith("… (Committee on Immigration, New York City, NY)")
    assert len(header) <= 150


# ------------------------------------------------------------------------------ the first message


def edited(**state: Any) -> str:
    """Edit a first message a day after it was sent."""
    alert = changed(kind=ChangeKind.NEW)
    present = Present(7, **{"hearings": (HEARING,), **state})
    made = revised(Posted(alert, Receipt("1", "C1"), NOW, present), NOW + DAY)
    return words(made)


def test_an_edited_message_counts_no_days() -> None:
    """It is read for days: "in 2 days" would be wrong tomorrow."""
    said = edited()
    assert "in 2 days" not in said
    assert "tomorrow" not in said
    assert said.count("Nov 25") == 1
    assert "City Hall" in said


def test_an_edited_message_says_the_present_status_only() -> None:
    """Both that it passed and that it is in committee would be a riddle."""
    assert "Status:" not in edited(stage=Stage.PASSED)
    assert "Status:" in edited(), "nothing else says how it stands"


def test_an_edited_message_keeps_the_further_dates_and_drops_the_old_ones() -> None:
    """The hearing was moved; the law's first day stands."""
    moved = replace(HEARING, starts=NOW + 6 * DAY)
    force = Hearing("effective", NOW + 60 * DAY, "UTC", all_day=True)
    said = edited(hearings=(force, moved))
    assert "Nov 25" not in said
    assert "Next: Hearing Sun, Nov 29" in said
    assert "In force: Fri, Jan 22, 2027" in said


def test_an_ended_agreement_expands_nothing_any_more() -> None:
    """Its stage is all that is left to say."""
    said = edited(stage=Stage.TERMINATED, direction=changed(kind=ChangeKind.NEW).direction)
    now_line = said[said.index("Now:") : said.index("Next:")]
    assert "cooperation" not in now_line


def test_a_long_message_is_edited_in_the_parts_in_which_it_was_sent() -> None:
    """Its further parts stand in the thread, and cannot be divided anew."""
    alert = changed(kind=ChangeKind.NEW)
    lines = tuple((f"Document number {n} " + "x" * 200, "") for n in range(60))
    alert = replace(alert, lines=lines)
    parts = message(alert, NOW)
    assert len(parts) > 1
    made = revised(Posted(alert, Receipt("1", "C1"), NOW, Present(7, hearings=(HEARING,))), NOW)
    assert made.blocks[-1] == parts[0].blocks[-1]
