"""An item's stage is stored, and told where it moved."""

from __future__ import annotations

from dataclasses import replace

from monitor.models import Entry, ItemType, Stage
from monitor.normalise import normalise
from monitor.store import Store
from tests.store.builders import NOW

ENTRY = Entry(ItemType.COUNCIL_ITEM, "k", "Ordinance", status="Committee")


def test_a_stage_is_stored_with_the_words_for_it(store: Store) -> None:
    """And comes back with the item."""
    store.items.merge(normalise(ENTRY, "council", "ny"), NOW)
    stored = store.items.find("council", "k")
    assert stored is not None
    assert (stored.item.stage, stored.item.stage_said) == (Stage.IN_COMMITTEE, "Committee")


def test_a_stage_that_moved_is_among_the_changes(store: Store) -> None:
    """Beside the publisher's own words; and it is kept in the item's history."""
    store.items.merge(normalise(ENTRY, "council", "ny"), NOW)
    adopted = normalise(replace(ENTRY, status="Adopted"), "council", "ny")
    merged = store.items.merge(adopted, NOW)
    assert merged is not None
    told = {field.name: (field.old, field.new) for field in merged.change.fields}
    assert told == {"status": ("Committee", "Adopted"), "stage": ("in committee", "passed")}


def test_a_stage_that_an_older_version_did_not_read_is_no_news(store: Store) -> None:
    """The words are the same; nothing is told, now or with the next small change."""
    blind = replace(normalise(ENTRY, "council", "ny"), stage=None, stage_said="")
    store.items.merge(blind, NOW)
    assert store.items.merge(normalise(ENTRY, "council", "ny"), NOW) is None
    retitled = normalise(replace(ENTRY, title="An ordinance"), "council", "ny")
    merged = store.items.merge(retitled, NOW)
    assert merged is not None
    assert [field.name for field in merged.change.fields] == ["title"]
