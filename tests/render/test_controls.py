"""The buttons below an alert: which messages have them, and what they look like."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.models import Alert, ChangeKind, FieldChange, Posted, Present, Receipt, Stage
from monitor.render.blocks import Control, size, text_units
from monitor.render.controls import controls
from monitor.render.slack import message, revised
from tests.alerts.builders import HEARING, NOW, alert, item
from tests.render.hostile import strings
from tests.servers.slack_limits import refusal

PRESENT = Present(7, Stage.IN_COMMITTEE, sources=("New York City Council",), hearings=(HEARING,))
CLAIMED = replace(PRESENT, claimed_by="U0ANA", claimed_at=NOW)
POSTED = Posted(alert(), Receipt("1.0", "C1"), NOW, PRESENT)
MOVED = (FieldChange("hearings", "2026-11-24 10:00 EST", "2026-11-25 10:00 EST"),)


def shown(buttons: tuple[Control, ...]) -> dict[str, Any]:
    """Return the row of buttons of a message."""
    (only,) = message(alert(), NOW, buttons)
    row = only.blocks[-1]
    assert row["type"] == "actions"
    return row


def words_of(row: dict[str, Any]) -> list[str]:
    """List the words on the controls, those of a menu's lines too."""
    return [text for name, text in strings(row) if name == "text"]


def test_the_first_message_of_a_thread_has_all_five_controls() -> None:
    """Two buttons, two menus, and the rest behind three dots."""
    row = shown(controls(alert(), NOW, first=True))
    kinds = [element["type"] for element in row["elements"]]
    assert kinds == ["button", "static_select", "button", "static_select", "overflow"]
    assert words_of(row) == [
        "Relevant",
        "Not relevant…",
        "Wrong place",
        "Wrong topic",
        "Old news",
        "Claim",
        "Remind me…",
        "Tomorrow, 9 am",
        "The day before, 9 am",
        "A week before, 9 am",
        "Follow: tell me directly",
        "Stop following",
        "Mute in this channel",
    ]


def test_the_values_tell_nothing_but_an_opaque_key() -> None:
    """Everybody in the workspace can read them."""
    row = shown(controls(alert(), NOW, first=True))
    key = alert().key
    assert row["block_id"].startswith(f"alert:{key}:")
    values = {text for name, text in strings(row) if name == "value"}
    ours = {"wrong place", "wrong topic", "old news", "tomorrow", "day before", "week before"}
    assert values == {key, *ours, "follow", "unfollow", "mute"}


@pytest.mark.parametrize(
    ("reply", "has_buttons"),
    [
        (alert(change=ChangeKind.UPDATED, item=item(hearings=())), False),
        (alert(change=ChangeKind.UPDATED), False),
        (alert(change=ChangeKind.UPDATED, for_everyone=True), True),
        (alert(change=ChangeKind.UPDATED, fields=MOVED), True),
        (alert(), True),
        (alert(item=item(hearings=())), False),
        (
            alert(item=item(hearings=(replace(HEARING, starts=NOW - timedelta(days=1)),))),
            False,
        ),
        (
            alert(
                item=item(hearings=(replace(HEARING, cancelled=True),)),
                change=ChangeKind.UPDATED,
                fields=MOVED,
            ),
            False,
        ),
    ],
)
def test_a_reply_has_buttons_where_all_see_it_or_it_brings_a_date(
    reply: Alert, has_buttons: bool
) -> None:
    """A date that is over or called off is none to be reminded of."""
    assert bool(controls(reply, NOW, first=False)) is has_buttons


@pytest.mark.parametrize(
    "without", [alert(kind="reminder"), alert(kind="health", item=None), alert(matter=0)]
)
def test_what_is_no_alert_of_a_matter_has_no_buttons(without: Alert) -> None:
    """Nobody can claim a summary or a broken source."""
    assert controls(without, NOW, first=True) == ()


def test_without_a_date_ahead_only_tomorrow_is_offered() -> None:
    """A reminder before nothing would never come."""
    row = shown(controls(alert(item=item(hearings=())), NOW, first=True))
    assert "Tomorrow, 9 am" in words_of(row)
    assert not [word for word in words_of(row) if "before" in word]


def test_a_claimed_message_says_by_whom_and_offers_to_release_it() -> None:
    """The name and the time are each reader's client's own."""
    posted = replace(POSTED, present=CLAIMED)
    made = revised(posted, NOW, controls(alert(), NOW, first=True, present=CLAIMED))
    state = made.blocks[1]["elements"][0]["elements"]
    assert {"type": "user", "user_id": "U0ANA"} in state
    (date,) = (element for element in state if element["type"] == "date")
    assert date["timestamp"] == int(NOW.timestamp())
    assert "Release" in words_of(made.blocks[-1])
    assert "Claim" not in words_of(made.blocks[-1])
    assert "Claimed; Now: In committee" in made.text
    assert "U0ANA" not in made.text


def test_judgements_are_a_quiet_count_and_a_mute_says_so() -> None:
    """One line each, and the way back is on the menu."""
    present = replace(PRESENT, relevant=3, not_relevant=1, muted=True)
    made = revised(
        replace(POSTED, present=present), NOW, controls(alert(), NOW, first=True, present=present)
    )
    assert made.blocks[2]["type"] == "context"
    said = " ".join(text for name, text in strings(made.blocks[2]) if name == "text")
    assert "3 relevant, 1 not relevant" in said
    assert "no more alerts of this matter here" in said
    assert "Unmute in this channel" in words_of(made.blocks[-1])


def test_a_message_whose_story_goes_on_elsewhere_has_no_buttons() -> None:
    """They stand there."""
    posted = replace(POSTED, present=None, goes_on=Receipt("2.0", "C1"))
    made = revised(posted, NOW, controls(alert(), NOW, first=True))
    assert all(block["type"] != "actions" for block in made.blocks)


def test_each_edit_has_a_row_of_its_own() -> None:
    """A client keeps what was chosen in a menu for as long as the row's id stays."""
    ids = {
        revised(replace(POSTED, present=present), NOW, controls(alert(), NOW, first=True)).blocks[
            -1
        ]["block_id"]
        for present in (PRESENT, CLAIMED)
    }
    assert len(ids) == 2


def test_the_fullest_state_and_row_fit_into_the_room_that_is_left_for_them() -> None:
    """Whatever the alphabet: 800 units and 4,000 bytes, with 1,500 bytes in reserve."""
    wide = "移民" * 60
    present = replace(
        CLAIMED,
        sources=(wide, wide, wide, wide, wide),
        relevant=999,
        not_relevant=999,
        muted=True,
        changes=99,
        changed_at=NOW,
        stage_since=NOW,
    )
    buttons = controls(alert(), NOW, first=True, present=present)
    made = revised(replace(POSTED, present=present), NOW, buttons)
    added = [*made.blocks[1:3], made.blocks[-1]]
    assert text_units(added) <= 800
    assert size(added) <= 5_500
    assert refusal({"text": made.text, "blocks": list(made.blocks)}) is None
    assert json.dumps(added).count("U0ANA") == 1
