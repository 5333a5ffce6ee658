"""Readings as items carry them: never raising, quick, kept beside the raw words, and no news."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.models import Entry, Hearing, Identifier, Item, ItemType, Stage
from monitor.normalise import item_changes, normalise
from monitor.stages import Reading, read_item, read_stage
from monitor.stages.values import LONGEST

US = "ocd-division/country:us"
FLORIDA = f"{US}/state:fl"
WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "ORDER granting denying in part as moot 12 Motion for Preliminary Injunction TRO stay of "
        "the district court's vacated remanded Passed House Senate amendment Approved by Committee "
        "Governor Vetoed hearing set for . ; - [ ] ( ) Enacted withdrawn reopen",
    )
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))
PAIRS = st.lists(
    st.tuples(st.sampled_from(["action", "signed", "history", "actions", "number"]), TEXTS),
    max_size=3,
).map(tuple)
HEARING = Hearing("hearing", datetime(2026, 11, 30, tzinfo=UTC))


@given(
    st.sampled_from(list(ItemType)), TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3), PAIRS, PAIRS,
    st.booleans(),
)  # fmt: skip
def test_no_entry_can_break_the_reader(
    sort: ItemType,
    title: str,
    body: str,
    status: str,
    labels: list[str],
    facts: Any,
    noise: Any,
    html: bool,
) -> None:
    """Whatever a publisher writes; what is read is a stage with bounded words."""
    entry = Entry(
        sort,
        "k",
        title,
        body=body,
        status=status,
        html=html,
        labels=tuple(labels),
        facts=facts,
        noise=noise,
        hearings=(HEARING,),
        identifiers=(Identifier("docket", "ca9", "26-1"), Identifier("bill", "us", "")),
    )
    found = read_stage(entry)
    assert found is None or (isinstance(found.stage, Stage) and len(found.said) <= LONGEST)


@pytest.mark.parametrize(
    "unit",
    [
        "order granting ", "granting in part ", "motion for ", "the district court's ", "stay of ",
        "amendment ", "a.", "( ", "committee on x ", "denied as ", "preliminary injunction ",
        "vacating the ", "of re the order ", "\u2014 ", "2026-01-01 Passed; ",
    ],
)  # fmt: skip
def test_long_words_take_no_longer_than_their_length(unit: str) -> None:
    """Patterns do not go astray: a megabyte of any of their own words is read in a moment."""
    words = unit * (1_000_000 // len(unit))
    begun = time.process_time()
    for sort in ItemType:
        noise = (("history", words[:40_000]),)
        read_stage(Entry(sort, "k", words, body=words, status=words, labels=(words,), noise=noise))
    assert time.process_time() - begun < 5


def bill(*actions: str, number: str = "HB 12", **fields: Any) -> Entry:
    """Make a bill of Florida whose actions Open States tells."""
    record = "; ".join(f"2026-03-{n:02} {one}" for n, one in enumerate(actions, 1))
    entry = Entry(
        ItemType.BILL,
        "b",
        "A bill",
        jurisdiction=FLORIDA,
        status=actions[-1] if actions else "",
        identifiers=(Identifier("bill", f"{FLORIDA}/2026", number),),
        noise=(("actions", record),),
    )
    return replace(entry, **fields)


def test_a_bills_record_is_followed_from_its_beginning() -> None:
    """A referral in the second chamber leaves it passed by the first; silence changes nothing."""
    passed = ("Filed", "Referred to Judiciary", "Passed House", "Referred to Senate Judiciary")
    assert read_stage(bill(*passed)) == Reading(Stage.PASSED_ONE_CHAMBER, "Passed House")
    both = (*passed, "Passed Senate", "Immediately certified")
    assert read_stage(bill(*both)) == Reading(Stage.PASSED, "Passed Senate")
    resolution = ("Introduced", "Adopted")
    assert read_stage(bill(*resolution, number="HR 5")) == Reading(Stage.PASSED, "Adopted")
    assert read_stage(bill("Introduced; and, as 2026 began, printed")) is not None


def test_legiscans_number_and_its_last_action_are_both_read() -> None:
    """The status is coarse, the last action fine; neither takes the other back."""
    entry = bill(status="Engrossed", noise=())
    late = replace(entry, facts=(("last_action", "2026-03-09 Referred to Senate Judiciary"),))
    assert read_stage(late) == Reading(Stage.PASSED_ONE_CHAMBER, "Engrossed")
    fine = replace(entry, status="Introduced", facts=late.facts)
    assert read_stage(fine) == Reading(Stage.IN_COMMITTEE, "Referred to Senate Judiciary")


def test_an_undated_record_is_told_newest_first() -> None:
    """As the Library's BILLSTATUS files do; the status is the latest action."""
    entry = bill(
        status="Received in the Senate and referred to Finance",
        noise=(("actions", "Received in the Senate; Passed House; Referred to Finance"),),
    )
    assert read_stage(entry) == Reading(Stage.PASSED_ONE_CHAMBER, "Passed House")


def test_a_public_laws_package_is_law() -> None:
    """Whatever its title says."""
    law = bill(title="Public Law 119-12 - An Act", labels=("PLAW",), noise=())
    assert read_stage(law) == Reading(Stage.ENACTED, "Public Law 119-12 - An Act")


def test_markup_is_no_word() -> None:
    """An entry in HTML is read as its text."""
    entry = Entry(ItemType.DOCKET_ENTRY, "k", "A v. B &mdash; <b>MOTION</b> for Stay", html=True)
    found = read_stage(entry)
    assert found is not None
    assert found.stage is Stage.MOTION


def item(**fields: Any) -> Item:
    """Make the item of a council's file."""
    entry = Entry(ItemType.COUNCIL_ITEM, "k", "Ordinance", status="Committee")
    return normalise(replace(entry, **fields), "source", "ny")


def test_an_item_bears_its_stage_and_the_words_for_it() -> None:
    """And the same is read out of what is stored of it."""
    made = item()
    assert (made.stage, made.stage_said) == (Stage.IN_COMMITTEE, "Committee")
    assert read_item(made) == Reading(Stage.IN_COMMITTEE, "Committee")
    unknown = item(status="Something else")
    assert (unknown.stage, unknown.stage_said) == (None, "")


def test_a_stage_is_no_part_of_the_fingerprint() -> None:
    """A better reader re-alerts nothing."""
    assert (
        item().fingerprint
        == normalise(
            Entry(ItemType.ROW, "k", "Ordinance", status="Committee"), "source", "ny"
        ).fingerprint
    )


def test_a_stage_that_moved_is_named_beside_what_moved_it() -> None:
    """With the raw words, which are told as well."""
    fields = item_changes(item(), item(status="Adopted"))
    assert [(one.name, one.old, one.new) for one in fields] == [
        ("status", "Committee", "Adopted"),
        ("stage", "in committee", "passed"),
    ]


def test_another_stage_alone_is_no_change() -> None:
    """An older version of this program stored none, or another: the old words are read anew."""
    old = replace(item(), stage=None, stage_said="")
    assert item_changes(old, item()) == ()
    retitled = item_changes(old, item(title="Ordinance, as amended"))
    assert [one.name for one in retitled] == ["title"]


def test_a_stage_that_is_lost_or_the_same_is_not_told() -> None:
    """What is laid over in committee is still there; unknown words say nothing."""
    for status in ("Laid Over in Committee", "Something else"):
        assert [one.name for one in item_changes(item(), item(status=status))] == ["status"]
