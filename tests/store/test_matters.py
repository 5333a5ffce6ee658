"""Matters: what belongs together, and what is told about it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.models import ChangeKind, Identifier, ItemType, Receipt
from monitor.store import Arrival, Grouping, Store
from tests.store.builders import BILL, DAY, HOUR, NEW_YORK, NOW, alert, item, match

CASE = Identifier("docket", "cand", "3:25-cv-01234")
APPEAL = Identifier("docket", "ca9", "25-4321")
STATE = "ocd-division/country:us/state:ny"
JERSEY = "ocd-division/country:us/state:nj"


def merged_into(store: Store, key: str, **fields: Any) -> int:
    """Merge an item and return its matter."""
    merged = store.items.merge(item(key, **fields), NOW)
    assert merged is not None
    return merged.change.matter


def test_an_official_identifier_joins_items_of_any_source(store: Store) -> None:
    """A bill is one matter, whoever reports it."""
    first = merged_into(store, "1", identifiers=(BILL,))
    second = merged_into(store, "2", source="senate", identifiers=(BILL,))
    assert first == second == store.matters.named(BILL)
    assert merged_into(store, "3") != first


def test_items_of_one_poll_join_as_items_of_two_polls_do(store: Store) -> None:
    """The quick way for many items comes to the same groups."""
    keys = ("1", "2", "3")
    merged = store.items.merge_all([Arrival(item(k, identifiers=(CASE,))) for k in keys], NOW)
    assert len({m.change.matter for m in merged}) == 1
    assert [m.opened for m in merged] == [True, False, False]


def test_the_same_number_in_another_court_is_another_matter(store: Store) -> None:
    """A docket number is unique in its court only."""
    elsewhere = Identifier("docket", "nysd", CASE.value)
    first = merged_into(store, "1", identifiers=(CASE,))
    assert merged_into(store, "2", identifiers=(elsewhere,)) != first


def test_the_same_title_does_not_join(store: Store) -> None:
    """Two matters merged wrongly hide news; two left apart cost one post."""
    title = "Resolution on immigration"
    assert merged_into(store, "1", title=title) != merged_into(store, "2", title=title)


def test_an_item_that_names_two_matters_leaves_them_apart_and_says_so(store: Store) -> None:
    """A consolidated appeal does not merge the cases below it; a person may."""
    first = merged_into(store, "1", identifiers=(CASE,))
    second = merged_into(store, "2", identifiers=(APPEAL,))
    for key in ("3", "4"):
        assert merged_into(store, key, identifiers=(CASE, APPEAL)) == first
    assert store.matters.named(APPEAL) == second
    noted = [g for g in store.matters.timeline(first).groupings if g.decision == "left apart"]
    assert noted == [Grouping(3, first, second, "left apart", str(APPEAL), "official", NOW)]


def test_an_identifier_that_an_item_adds_names_its_matter_from_then_on(store: Store) -> None:
    """A case is filed, then appealed."""
    matter = merged_into(store, "1", identifiers=(CASE,))
    merged_into(store, "1", identifiers=(CASE, APPEAL), status="Appealed")
    assert merged_into(store, "2", identifiers=(APPEAL,)) == matter


def test_a_stub_moves_to_the_matter_that_its_full_entry_names(store: Store) -> None:
    """Its alerts and its thread move with it."""
    case = merged_into(store, "1", identifiers=(CASE,))
    stub = merged_into(store, "2", title="Order")
    store.outbox.enqueue([alert("a", matter=stub), alert("b", matter=stub)], NOW)
    delivery = store.outbox.reserve(NOW)
    assert delivery is not None
    store.outbox.confirm(delivery.id, Receipt("100.1"), NOW)
    assert merged_into(store, "2", title="Order granting", identifiers=(CASE,)) == case
    assert store.matters.current(stub) == case
    assert store.matters.matter(stub).id == case
    assert [matter.id for matter in store.matters.recent()] == [case]
    assert store.matters.count() == 1
    timeline = store.matters.timeline(stub)
    assert [s.item.key for s in timeline.items] == ["1", "2"]
    assert [row.alert.matter for row in timeline.alerts] == [case, case]
    following = store.outbox.reserve(NOW)
    assert following is not None
    assert (following.alert.matter, following.thread) == (case, "100.1")
    assert [(g.decision, g.from_matter) for g in timeline.groupings] == [("moved", stub)]


def test_an_item_with_a_matter_of_its_own_name_does_not_move(store: Store) -> None:
    """Only what had no name may take another's."""
    case = merged_into(store, "1", identifiers=(CASE,))
    appeal = merged_into(store, "2", identifiers=(APPEAL,))
    assert merged_into(store, "2", identifiers=(APPEAL, CASE), status="Stayed") == appeal
    assert store.matters.named(CASE) == case


def test_the_thing_itself_names_its_matter(store: Store) -> None:
    """A press release comes first; the bill's own title and stage take its place, and stay."""
    matter = merged_into(
        store, "1", type=ItemType.NEWS, title="Mayor hails bill", identifiers=(BILL,)
    )
    merged_into(
        store,
        "2",
        source="congress",
        type=ItemType.BILL,
        title="An Act",
        status="Introduced",
        identifiers=(BILL,),
    )
    merged_into(store, "3", type=ItemType.AGENDA_ITEM, title="Item 7", identifiers=(BILL,))
    short = store.matters.matter(matter)
    assert (short.title, short.type, short.status) == ("An Act", ItemType.BILL, "Introduced")
    merged_into(
        store,
        "2",
        source="congress",
        type=ItemType.BILL,
        title="An Act, as amended",
        status="Passed",
        identifiers=(BILL,),
    )
    merged_into(store, "3", type=ItemType.AGENDA_ITEM, title="Item 8", identifiers=(BILL,))
    short = store.matters.matter(matter)
    assert (short.title, short.status, short.items) == ("An Act, as amended", "Passed", 3)
    merged_into(store, "4", source="senate", type=ItemType.BILL, identifiers=(BILL,))
    assert store.matters.matter(matter).title == "An Act, as amended"


def test_a_timeline_tells_all_that_happened(store: Store) -> None:
    """Items, changes, alerts and the official names stand together."""
    store.items.merge(item("1", identifiers=(BILL,)), NOW, (match(),))
    changed = store.items.merge(item("1", status="Passed", identifiers=(BILL,)), NOW + DAY)
    assert changed is not None
    matter = changed.change.matter
    store.outbox.enqueue([alert("a", matter=matter), alert("b", matter=matter)], NOW)
    merged_into(store, "other")
    timeline = store.matters.timeline(matter)
    assert (timeline.matter.first_seen, timeline.matter.last_changed) == (NOW, NOW + DAY)
    assert timeline.identifiers == (BILL,)
    assert [stored.item.status for stored in timeline.items] == ["Passed"]
    assert [(r.kind, r.seen_at) for r in timeline.revisions] == [(ChangeKind.UPDATED, NOW + DAY)]
    assert [row.alert.key for row in timeline.alerts] == ["a", "b"]


def test_a_matter_that_does_not_exist_is_a_key_error(store: Store) -> None:
    """The command says that there is none."""
    with pytest.raises(KeyError):
        store.matters.timeline(7)
    with pytest.raises(KeyError):
        store.items.item(7)
    assert store.matters.of_item("council", "7") is None
    assert store.matters.named(BILL) is None


def test_matters_are_listed_by_what_happened_in_a_period(store: Store) -> None:
    """A digest that is composed late still holds what changed in its week."""
    store.items.merge(item("1"), NOW, (match("287g"),))
    store.items.merge(item("2", jurisdiction=STATE), NOW + HOUR)
    store.items.merge(item("3", jurisdiction=JERSEY, type=ItemType.BILL), NOW + DAY)
    store.items.merge(item("1", status="Passed"), NOW + 2 * DAY, (match("287g"), match("ice")))
    store.items.merge(item("1", status="Signed"), NOW + 9 * DAY, (match("287g"), match("ice")))

    def titles(**wanted: object) -> list[str]:
        return [matter.title for matter in store.matters.recent(**wanted)]  # type: ignore[arg-type]

    one, two, three = "Resolution 1", "Resolution 2", "Resolution 3"
    assert titles() == [one, three, two]
    assert titles(since=NOW + DAY, until=NOW + 3 * DAY) == [one, three]
    assert titles(since=NOW + 3 * DAY) == [one]
    assert titles(until=NOW + HOUR) == [one]
    assert titles(jurisdiction=STATE) == [one, two]
    assert titles(jurisdiction=NEW_YORK) == [one]
    assert titles(types=[ItemType.BILL]) == [three]
    assert titles(topic="ice") == titles(matched_only=True) == [one]
    assert titles(topic="unknown") == []
    assert titles(limit=1) == [one]
    assert store.matters.recent(limit=1)[0].topics == ("287g", "ice")


def test_matters_that_somebody_watches_are_listed_with_those_that_matched(store: Store) -> None:
    """A bill on a watch list concerns people although no filter holds on its words."""
    store.items.merge(item("1"), NOW, (match("287g"),))
    store.items.merge(item("2", watched="bills to watch"), NOW + HOUR)
    store.items.merge(item("3"), NOW + DAY)
    found = [matter.title for matter in store.matters.recent(matched_only=True)]
    assert found == ["Resolution 2", "Resolution 1"]
    assert [matter.title for matter in store.matters.recent(topic="287g")] == ["Resolution 1"]
