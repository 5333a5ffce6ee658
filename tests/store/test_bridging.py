"""A story that is like two matters shows that they are one, where nothing speaks against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.look import all_clues
from monitor.models import Identifier, Item, ItemType, Receipt
from monitor.store import Arrival, Merged, Store
from tests.store.builders import BILL, HOUR, NOW, alert, item

# The second is like the first and like the third, which are not like enough by themselves.
FIRST = "Federal judge refuses to halt immigration enforcement surge in Sampleville"
BOTH = (
    "Federal judge refuses to halt immigration enforcement surge in Sampleville, "
    "says lawsuit over agents at schools may proceed"
)
LAST = "Sampleville lawsuit over immigration agents at schools may proceed, federal judge says"


def story(key: str, title: str, **fields: object) -> Item:
    """Make a headline of its own outlet."""
    made = item(key, source=f"outlet-{key}", type=ItemType.NEWS, title=title, text="")
    return replace(made, url=f"https://outlet-{key}.example/{key}", **fields)  # type: ignore[arg-type]


def arrival(one: Item) -> Arrival:
    """Let an item come with all that tells of its matter."""
    return Arrival(one, clues=all_clues(one))


def seen(store: Store, *stories: Item, hours: int = 0) -> list[Merged]:
    """Poll once; return what came of it."""
    return list(store.items.merge_all([arrival(one) for one in stories], NOW + hours * HOUR))


STORIES = (story("a", FIRST), story("b", LAST), story("c", BOTH))


def test_a_story_like_two_matters_makes_them_one(store: Store) -> None:
    """The older goes on; what moved is written down as a guess that can be undone."""
    one, other = (seen(store, each)[0].change.matter for each in STORIES[:2])
    assert one != other
    (third,) = seen(store, STORIES[2], hours=1)
    assert third.change.matter == one
    assert store.matters.current(other) == one
    timeline = store.matters.timeline(one)
    assert [stored.item.key for stored in timeline.items] == ["a", "b", "c"]
    moved = [note for note in timeline.groupings if note.decision == "moved"]
    assert (2, other, "guess") in [(n.item_id, n.from_matter, n.strength) for n in moved]


def test_in_one_poll_it_comes_to_the_same(store: Store) -> None:
    """And what is told of the changes names the matter that goes on."""
    changes = seen(store, *STORIES)
    assert {one.change.matter for one in changes} == {changes[0].change.matter}
    assert store.matters.count() == 1


def test_the_thread_of_the_newer_points_to_that_of_the_older(store: Store) -> None:
    """Both had been told in the channel."""
    matters = [seen(store, each)[0].change.matter for each in STORIES[:2]]
    for number, matter in enumerate(matters):
        store.outbox.enqueue((alert(f"k{number}", matter=matter),), NOW)
        delivery = store.outbox.reserve(NOW + timedelta(seconds=number))
        assert delivery is not None
        store.outbox.confirm(delivery.id, Receipt(f"10{number}.1", "C1"), NOW)
    seen(store, STORIES[2], hours=1)
    thread = store.threads.of(matters[0], "#alerts")
    assert thread is not None
    assert thread.reference == "100.1"
    stale = store.threads.stale({"#none"})
    references = []
    while stale is not None:
        references.append((stale.thread.reference, stale.goes_on))
        store.threads.show(stale, "shown")
        stale = store.threads.stale({"#none"})
        assert len(references) < 9
    assert ("101.1", Receipt("100.1", "C1")) in references


@pytest.mark.parametrize("which", [0, 1])
def test_what_an_official_name_opened_is_never_bridged(store: Store, which: int) -> None:
    """Likeness of words does not outweigh a record."""
    named = [
        replace(one, identifiers=(BILL,)) if n == which else one
        for n, one in enumerate(STORIES[:2])
    ]
    one, other = (seen(store, each)[0].change.matter for each in named)
    seen(store, STORIES[2], hours=1)
    assert store.matters.current(one) != store.matters.current(other)


def test_what_a_person_put_apart_stays_apart(store: Store) -> None:
    """However many stories are like both."""
    seen(store, *STORIES)
    matter = store.matters.of_item("outlet-a", "a")
    assert matter is not None
    new = store.mending.split(matter, [2], NOW)
    seen(store, story("d", BOTH), hours=1)
    assert store.matters.current(new) == new
    assert store.matters.named(Identifier("bill", "none", "HB 1")) is None
