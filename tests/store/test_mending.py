"""Mending: what people say about groupings holds, with names, alerts and threads."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from monitor.look import all_clues
from monitor.models import Identifier, Item, ItemType, Receipt, Stage
from monitor.store import Arrival, Store
from tests.store.builders import BILL, DAY, HOUR, NEW_YORK, NOW, alert, item, match

OTHER = Identifier("bill", "us-119", "HR 2")
THIRD = Identifier("bill", "us-119", "HR 3")
_TOLD = "SELECT id, told_at IS NOT NULL FROM matters"


def merge(store: Store, made: Item, when: int = 0) -> int:
    """Merge one item, so many hours later; return its matter."""
    merged = store.items.merge(made, NOW + when * HOUR, (match(),))
    assert merged is not None
    return merged.change.matter


def record(key: str, name: Identifier = BILL, **fields: Any) -> Item:
    """Make a bill's record."""
    return item(key, identifiers=(name,), type=ItemType.BILL, **fields)


def tell(store: Store, made: Item, matter: int, channel: str = "#a") -> None:
    """Alert people to an item, and deliver it."""
    told = replace(alert(f"{channel}-{made.key}", channel, matter), item=made, created_at=NOW)
    store.outbox.enqueue([told], NOW)
    store.matters.note_told({matter}, NOW)
    delivery = store.outbox.reserve(NOW)
    assert delivery is not None
    store.outbox.confirm(delivery.id, Receipt(f"{channel}-{made.key}", "C1"), NOW)


def reference(store: Store, matter: int, channel: str = "#a") -> str:
    """Name the message that opened a matter's thread; "" for none."""
    thread = store.threads.of(matter, channel)
    return thread.reference if thread else ""


# ------------------------------------------------------------------------------------- merge


def test_merging_moves_everything(store: Store) -> None:
    """Items, names, alerts; the old number leads to the new one."""
    first, second = record("1"), record("2", OTHER, stage=Stage.PASSED, stage_said="Passed")
    merge(store, first)
    merge(store, second, 1)
    tell(store, second, 2)
    store.mending.merge(1, 2, NOW + DAY)
    assert store.matters.current(2) == 1
    assert store.matters.named(OTHER) == 1
    timeline = store.matters.timeline(2)
    assert [one.item.key for one in timeline.items] == ["1", "2"]
    assert [row.alert.matter for row in timeline.alerts] == [1]
    assert (timeline.matter.stage, timeline.matter.items) == (Stage.PASSED, 2)
    assert timeline.matter.last_changed == NOW + HOUR
    assert [(g.decision, g.from_matter, g.strength) for g in timeline.groupings] == [
        ("merged", 2, "person")
    ]


def test_who_was_told_of_one_was_told_of_both(store: Store) -> None:
    """A matter that nobody knew takes over that the other one was known."""
    merge(store, record("1"))
    second = record("2", OTHER)
    merge(store, second)
    tell(store, second, 2)
    store.mending.merge(1, 2, NOW)
    change = store.items.merge(record("1", status="Passed"), NOW + HOUR, (match(),))
    assert change is not None
    assert change.change.before is not None
    assert change.change.before.told
    assert store.threads.channels(1) == ("#a",)


def test_a_matter_is_not_merged_with_itself(store: Store) -> None:
    """Nothing is changed."""
    merge(store, record("1"))
    with pytest.raises(ValueError, match="part of matter 1 already"):
        store.mending.merge(1, 1, NOW)
    assert store.matters.timeline(1).groupings == ()


def test_merging_three_in_a_row_leaves_one_number(store: Store) -> None:
    """Every old number leads to the last goal at once."""
    for key, name in (("1", BILL), ("2", OTHER), ("3", THIRD)):
        merge(store, record(key, name))
    store.mending.merge(2, 1, NOW)
    store.mending.merge(3, 2, NOW)
    assert [store.matters.current(n) for n in (1, 2, 3)] == [3, 3, 3]
    assert store.matters.count() == 1


# ------------------------------------------------------------------------------------- split


def test_splitting_takes_items_with_their_names_and_alerts(store: Store) -> None:
    """A matter that was two becomes two."""
    first, second = record("1"), item("2", identifiers=(BILL, OTHER), title="Of another bill")
    merge(store, first)
    merge(store, second)
    tell(store, first, 1)
    tell(store, second, 1)
    new = store.mending.split(1, [2], NOW)
    assert store.matters.named(OTHER) == new
    assert store.matters.named(BILL) == 1
    assert store.matters.matter(new).title == "Of another bill"
    assert [row.alert.item.key for row in store.matters.timeline(new).alerts if row.alert.item] == [
        "2"
    ]
    assert (reference(store, 1), reference(store, new)) == ("#a-1", "")


def test_the_thread_goes_with_the_item_that_opened_it(store: Store) -> None:
    """The other one's next alert opens a new thread."""
    first, second = record("1"), record("2")
    merge(store, first)
    merge(store, second)
    tell(store, first, 1)
    tell(store, second, 1)
    new = store.mending.split(1, [1], NOW)
    assert (reference(store, 1), reference(store, new)) == ("", "#a-1")


def test_who_was_not_told_of_an_item_is_not_believed_to_know_it(store: Store) -> None:
    """A report that joined in silence and was taken out is news when it changes."""
    first, second = record("1"), record("2")
    merge(store, first)
    merge(store, second)
    tell(store, first, 1)
    new = store.mending.split(1, [2], NOW)
    told: dict[int, int] = dict(store._db.rows(_TOLD))
    assert told == {1: 1, new: 0}
    merge(store, record("3"))
    third = store.mending.split(1, [1], NOW)
    told = dict(store._db.rows(_TOLD))
    assert told == {1: 0, new: 0, third: 1}


def test_what_was_taken_out_stays_out(store: Store) -> None:
    """On the next change of the item, of the other items, and for a stub that names the matter."""
    merge(store, record("1"))
    merge(store, record("2"))
    new = store.mending.split(1, [2], NOW)
    assert merge(store, record("2", status="Referred"), 1) == new
    assert merge(store, record("1", status="Referred"), 1) == 1
    assert merge(store, record("3"), 1) == 1
    left = [g for g in store.matters.timeline(new).groupings if g.decision == "left apart"]
    assert [(g.matter, g.from_matter) for g in left] == [(new, 1)]
    assert merge(store, record("2", status="Passed"), 2) == new
    assert len(store.matters.timeline(new).groupings) == len(left) + 1


def test_what_was_put_apart_stays_apart_from_what_the_other_becomes(store: Store) -> None:
    """A merge of one of the two with a third does not bring it back."""
    merge(store, record("1"))
    merge(store, record("2"))
    new = store.mending.split(1, [2], NOW)
    third = merge(store, record("3", THIRD))
    store.mending.merge(third, 1, NOW)
    assert merge(store, record("2", status="Referred"), 1) == new


def test_a_person_may_change_their_mind(store: Store) -> None:
    """Split, then merged again: it holds as if it had never been apart."""
    merge(store, record("1"))
    merge(store, record("2"))
    new = store.mending.split(1, [2], NOW)
    store.mending.merge(1, new, NOW)
    assert store._db.value("SELECT count(*) FROM apart") == 0
    assert merge(store, record("2", status="Referred"), 1) == 1


@pytest.mark.parametrize(
    ("items", "complaint"), [([9], "item 9 is not part"), ([1, 2], "not all"), ([], "not all")]
)
def test_a_split_that_makes_no_sense_changes_nothing(
    store: Store, items: list[int], complaint: str
) -> None:
    """The matter stays whole."""
    merge(store, record("1"))
    merge(store, record("2"))
    with pytest.raises(ValueError, match=complaint):
        store.mending.split(1, items, NOW)
    assert store.matters.matter(1).items == 2
    assert store.matters.count() == 1


def test_a_terminated_agreement_stays_terminated_through_a_merge(store: Store) -> None:
    """That its row is gone is no word of the row itself."""
    name = Identifier("agreement", NEW_YORK, "ny|sampleville police department||")
    row = item("a", type=ItemType.AGREEMENT, identifiers=(name,), stage=Stage.SIGNED)
    merge(store, row)
    merge(store, item("b"))
    for hour in range(1, 4):
        store.items.missing("council", ("b",), NOW + hour * HOUR)
    merge(store, item("story", "herald", type=ItemType.NEWS))
    store.mending.merge(1, 3, NOW + DAY)
    matter = store.matters.matter(1)
    assert (matter.stage, matter.stage_said) == (Stage.TERMINATED, "no longer listed")


# ------------------------------------------------------------------------- merge, then split


def groups(store: Store) -> set[frozenset[str]]:
    """Tell which items are together."""
    found: dict[int, set[str]] = {}
    for key, matter in store._db.rows("SELECT key, matter_id FROM items"):
        found.setdefault(matter, set()).add(key)
    return {frozenset(keys) for keys in found.values()}


def standing(store: Store) -> dict[frozenset[str], tuple[object, ...]]:
    """Tell by the items how each matter stands: title, stage, names, thread, alerts."""
    found: dict[frozenset[str], tuple[object, ...]] = {}
    for (number,) in store._db.rows("SELECT id FROM matters WHERE merged_into IS NULL"):
        timeline = store.matters.timeline(number)
        matter = timeline.matter
        found[frozenset(one.item.key for one in timeline.items)] = (
            (matter.title, matter.type, matter.stage, matter.direction, matter.last_changed),
            timeline.identifiers,
            reference(store, number),
            [row.alert.key for row in timeline.alerts],
            store._db.value("SELECT told_at FROM matters WHERE id = ?", (number,)),
        )
    return found


@pytest.mark.parametrize("seed", range(12))
def test_merging_and_splitting_again_restores_what_was(store: Store, seed: int) -> None:
    """Groups, names, stages, alerts and threads: whatever was merged with what."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    names = [Identifier("bill", "us-119", f"HR {n}") for n in range(4)]
    for number in range(12):
        made = record(
            str(number),
            chance.choice(names),
            stage=chance.choice([Stage.INTRODUCED, Stage.PASSED, None]),
            title=f"Bill {number}",
        )
        matter = merge(store, made, number)
        if chance.random() < 0.5:
            tell(store, made, matter)
    before, stood = groups(store), standing(store)
    one, other = chance.sample(
        [number for (number,) in store._db.rows("SELECT id FROM matters")], 2
    )
    moved = [stored.id for stored in store.items.of_matter(other)]
    store.mending.merge(one, other, NOW + DAY)
    assert len(groups(store)) == len(before) - 1
    store.mending.split(one, moved, NOW + DAY)
    assert groups(store) == before
    assert standing(store) == stood
    assert store._db.value("SELECT count(*) FROM ended_threads") == 0
    assert store.upkeep.check(thorough=True) == ()


def test_a_wrong_guess_is_taken_back_with_its_thread(store: Store) -> None:
    """Two stories that look alike were told in one thread; after the split each has its own."""
    story = {
        "type": ItemType.NEWS,
        "title": "Sampleville council ends its 287(g) agreement with ICE",
    }
    for number, source in enumerate(("herald", "tribune")):
        made = item(str(number), source, **story)
        arrival = Arrival(made, (match(),), clues=all_clues(made))
        (merged,) = store.items.merge_all([arrival], NOW)
        assert merged.change.matter == 1
        tell(store, made, 1)
    new = store.mending.split(1, [2], NOW)
    later = item("1", "tribune", **story, status="Corrected")
    (merged,) = store.items.merge_all([Arrival(later, (match(),), clues=all_clues(later))], NOW)
    assert merged.change.matter == new
    tell(store, replace(later, key="1b"), new)
    assert (reference(store, 1), reference(store, new)) == ("#a-0", "#a-1b")
