"""Headlines lead with the stage to which an item came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.models import ChangeKind, Entry, FieldChange, Hearing, Item, ItemType, Stage
from monitor.normalise import item_changes, normalise
from monitor.render.shown import shown
from monitor.stages import stage_words
from monitor.wording import headline
from tests.alerts.builders import alert

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
S = Stage
T = ItemType


def item(type_: ItemType, title: str, **fields: Any) -> Item:
    """Make an item as the pipeline does."""
    return normalise(replace(Entry(type_, "k", title), **fields), "source", "cand")


def updated(old: Item, new: Item) -> str:
    """Write the headline of a change."""
    return headline(ChangeKind.UPDATED, new, item_changes(old, new), "", NOW)


@pytest.mark.parametrize(
    ("old", "new", "lead"),
    [
        ("Committee", "Adopted", "Passed: "),
        ("Passed", "Vetoed", "Vetoed: "),
        ("Introduced", "Referred to Committee", "In committee: "),
        ("In Committee", "Reported from Committee", "Reported from committee: "),
        ("Sent to Mayor", "Returned Unsigned by Mayor", "Enacted: "),
        ("Committee", "Laid Over in Committee", "Status: Committee → Laid Over in Committee · "),
        ("Committee", "Some new word", "Status: Committee → Some new word · "),
    ],
)
def test_a_change_of_status_is_led_by_its_stage(old: str, new: str, lead: str) -> None:
    """In plain words where the stage moved, else in the publisher's."""
    before, after = (item(T.COUNCIL_ITEM, "Ordinance", status=word) for word in (old, new))
    assert updated(before, after).startswith(lead)


def test_a_vote_outweighs_a_date_and_a_date_a_step() -> None:
    """Of two changes the weightier one leads."""
    soon = Hearing("hearing", datetime(2026, 11, 25, 15, tzinfo=UTC), "America/New_York")
    old = item(T.COUNCIL_ITEM, "Ordinance", status="Introduced")
    referred = item(T.COUNCIL_ITEM, "Ordinance", status="Committee", hearings=(soon,))
    assert updated(old, referred).startswith("Hearing set for Wed, Nov 25, 10:00 am EST")
    adopted = item(T.COUNCIL_ITEM, "Ordinance", status="Adopted", hearings=(soon,))
    assert updated(old, adopted).startswith("Passed: ")


@pytest.mark.parametrize(
    ("label", "lead"),
    [
        ("Preliminary Injunction", "Motion: "),
        ("Temporary Restraining Order", "Motion: "),
        ("Order on Motion for Preliminary Injunction", "Order: "),
        ("ORDER granting 12 Motion for Preliminary Injunction", "Injunction granted: "),
        ("ORDER granting 12 Motion for TRO", "Restraining order granted: "),
        ("Notice of Appeal", "Appealed: "),
        ("Order Dismissing Case", "Case closed: "),
        ("Amended Complaint", "Docket: "),
    ],
)
def test_a_new_docket_entry_says_what_it_is(label: str, lead: str) -> None:
    """Never "Injunction" for a motion."""
    made = item(T.DOCKET_ENTRY, f"A v. B — [{label}]", labels=(label,))
    said = headline(ChangeKind.NEW, made, (), "", NOW)
    assert said.startswith(lead)
    assert label in said


@pytest.mark.parametrize(
    ("made", "lead"),
    [
        (item(T.BILL, "A bill", status="Introduced"), "New bill: "),
        (item(T.BILL, "A bill", status="Vetoed by Governor"), "Vetoed: "),
        (item(T.COUNCIL_ITEM, "A file", status="Adopted"), "Passed: "),
        (item(T.COUNCIL_ITEM, "A file", status="Committee"), "New: "),
        (item(T.DOCKET_CAPTION, "A v. B", labels=("Complaint",)), "New case: "),
        (item(T.FEDERAL_REGISTER, "A rule", labels=("Proposed Rule",)), "Proposed rule: "),
        (item(T.FEDERAL_REGISTER, "A rule", labels=("Notice",)), "Federal Register: "),
        (item(T.EXECUTIVE_ORDER, "Executive Order 5"), "Executive order: "),
        (item(T.EXECUTIVE_ORDER, "Executive Order 5", status="Revoked"), "Revoked: "),
        (item(T.NEWS, "Governor signs sanctuary bill"), "News: "),
    ],
)
def test_a_new_item_is_led_by_what_says_most(made: Item, lead: str) -> None:
    """A measure that is first seen at its end is no new one; a headline's stage leads nothing."""
    assert headline(ChangeKind.NEW, made, (), "", NOW).startswith(lead)


def test_stages_are_said_in_the_words_of_their_sort() -> None:
    """Orders are revoked and rules rescinded where laws are repealed."""
    assert stage_words(S.REPEALED, T.BILL) == "Repealed"
    assert stage_words(S.REPEALED, T.EXECUTIVE_ORDER) == "Revoked"
    assert stage_words(S.FINAL, T.FEDERAL_REGISTER) == "Final rule"
    assert stage_words(S.INJUNCTION_GRANTED, T.DOCKET_ENTRY) == "Injunction granted"


def test_words_that_are_no_stage_lead_nowhere() -> None:
    """A stored change of an older version."""
    made = item(T.COUNCIL_ITEM, "Ordinance", status="Adopted")
    fields = (FieldChange("stage", "x", "y"), FieldChange("title", "a", "b"))
    assert headline(ChangeKind.UPDATED, made, fields, "", NOW).startswith("Retitled: ")


def test_the_publishers_own_words_stand_below_the_stage() -> None:
    """The status before and after; the stage itself only where no status tells it."""
    status, stage = FieldChange("status", "A", "B"), FieldChange("stage", "motion", "order")
    both = shown(alert(change=ChangeKind.UPDATED, fields=(status, stage)), NOW)
    assert [(one.label, one.old, one.new) for one in both.changes] == [("Status", "A", "B")]
    alone = shown(alert(change=ChangeKind.UPDATED, fields=(stage,)), NOW)
    assert [(one.label, one.old, one.new) for one in alone.changes] == [
        ("Stage", "motion", "order")
    ]
