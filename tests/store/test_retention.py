"""Retention: what is old is forgotten, and never new again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.models import Hearing, Item, Person, Receipt, Relevance
from monitor.store import Arrival, Store
from monitor.store.retention import AT_ONCE, Forgotten
from tests.store.builders import BILL, DAY, NOW, alert, item, match, poll

YEAR = timedelta(days=365)
LATER = NOW + 4 * YEAR
OLDER_THAN = LATER - 3 * YEAR
ANN = Person("U1", "Ann")


def seen(store: Store, *keys: str) -> None:
    """Let the source list these items at a moment, all of them at once."""
    items = [item(key) for key in keys]
    store.items.merge_all([Arrival(one, (match(),)) for one in items], NOW)
    listed(store, keys)


def listed(store: Store, keys: Iterable[str]) -> None:
    """Record a poll whose answer showed these."""
    collected = poll(seen=tuple(keys), complete=True)
    store.sources.begin(["council"], NOW)
    store.sources.finish_poll(collected, NOW + DAY)


def forget(store: Store) -> Forgotten:
    """Forget all that is older than three years, to the end."""
    total, after = Forgotten(), 0
    for _ in range(100):
        gone = store.retention.forget(OLDER_THAN, LATER, after)
        total = Forgotten(
            total.matters + gone.matters, total.items + gone.items, total.alerts + gone.alerts
        )
        if gone.goes_on is None:
            return total
        after = gone.goes_on
    raise AssertionError("it does not come to an end")


def count(store: Store, table: str) -> int:
    """Count the rows of a table."""
    return int(store._db.value(f"SELECT count(*) FROM {table}"))  # noqa: S608


def keys(store: Store) -> set[str]:
    """Name the items that are stored."""
    return {stored.item.key for stored in store.items.stored()}


def test_what_is_old_and_not_shown_any_more_is_forgotten(store: Store) -> None:
    """With its matter, its texts and its place in the index; the rest stays searchable."""
    seen(store, "old", "older")
    listed(store, ["present"])
    store.items.merge(item("present", title="Resolution that stands"), LATER)
    assert forget(store) == Forgotten(matters=2, items=2)
    assert keys(store) == {"present"}
    assert [hit.stored.item.key for hit in store.index.search("resolution")] == ["present"]
    assert store.matters.count() == 1
    assert store.upkeep.check(thorough=True) == ()


def test_what_comes_back_as_it_was_is_no_news(store: Store) -> None:
    """However often it is shown again: its key and fingerprint were kept."""
    seen(store, "old")
    listed(store, ["other"])
    forget(store)
    assert store.items.known_fingerprints("council") == {"old": item("old").fingerprint}
    assert store.items.merge(item("old"), LATER) is None
    assert store.items.merge(item("old"), LATER + DAY) is None
    assert store.items.count() == 0


def test_what_comes_back_in_another_state_is_news_once(store: Store) -> None:
    """Nobody knows what it was, so it is new; from then on it is known as ever."""
    seen(store, "old")
    listed(store, ["other"])
    forget(store)
    changed = item("old", status="Repealed")
    merged = store.items.merge(changed, LATER)
    assert merged is not None
    assert merged.change.fields == ()
    assert store.items.merge(changed, LATER + DAY) is None
    assert store.items.known_fingerprints("council") == {"old": changed.fingerprint}
    assert count(store, "forgotten") == 0


def test_what_was_gone_is_news_when_it_is_listed_again(store: Store) -> None:
    """An agreement that ended and was forgotten may be signed anew."""
    seen(store, "old")
    store._db.write("UPDATE items SET gone_at = last_changed")
    forget(store)
    assert store.items.known_fingerprints("council") == {"old": ""}
    assert store.items.merge(item("old"), LATER) is not None


def test_what_its_publisher_still_shows_stays(store: Store) -> None:
    """However old: a list of agreements is compared with all that it held."""
    seen(store, "standing", 'quoted "name"', "left")
    listed(store, ["standing", 'quoted "name"'])
    assert forget(store).items == 1
    assert keys(store) == {"standing", 'quoted "name"'}


def test_an_answer_that_was_not_read_whole_takes_nothing_off_the_list(store: Store) -> None:
    """A second page may have been unchanged, and so was not read again."""
    seen(store, "first", "second")
    store.sources.finish_poll(poll(seen=("first",)), NOW + DAY)
    store.sources.finish_poll(poll(), NOW + DAY)
    assert forget(store) == Forgotten()


def test_a_source_that_was_not_read_since_keeps_its_items(store: Store) -> None:
    """A database of an older version does not know what its sources show."""
    seen(store, "old")
    store._db.write("DELETE FROM listings")
    assert forget(store) == Forgotten()
    store.sources.begin(["other"], LATER)
    assert forget(store).items == 1


def later_date(store: Store, old: Item) -> None:
    """Give it a date that is kept."""
    hearing = Hearing("hearing", OLDER_THAN + DAY, "America/New_York")
    store.items.merge(replace(old, hearings=(hearing,), fingerprint="dated"), NOW)


def second_item(store: Store, old: Item) -> None:
    """Let another source tell of it later."""
    store.items.merge(replace(old, key="newer", source="herald"), OLDER_THAN + DAY)


def waiting_alert(store: Store, old: Item) -> None:
    """Queue an alert of it."""
    store.outbox.enqueue([alert("a", matter=matter_of(store, old))], NOW)


def recent_alert(store: Store, old: Item) -> None:
    """Tell people of it later."""
    store.outbox.enqueue([alert("a", matter=matter_of(store, old))], OLDER_THAN + DAY)
    send(store)


def judged(store: Store, old: Item) -> None:
    """Let a person say what they think of it."""
    waiting_alert(store, old)
    send(store)
    store.ledger.judge(1, ANN, Relevance.RELEVANT, NOW)


def claimed(store: Store, old: Item) -> None:
    """Let a person claim it."""
    store.acts.claim(matter_of(store, old), ANN, NOW)


def followed(store: Store, old: Item) -> None:
    """Let a person follow it."""
    store.acts.follow(matter_of(store, old), ANN, NOW)


def muted(store: Store, old: Item) -> None:
    """Let a person mute it."""
    store.acts.mute(matter_of(store, old), "#alerts", ANN, NOW)


def followed_before_a_merge(store: Store, old: Item) -> None:
    """Let a person follow what was put into it."""
    other = store.items.merge(item("other", source="herald"), NOW)
    assert other is not None
    store.acts.follow(other.change.matter, ANN, NOW)
    store.mending.merge(matter_of(store, old), other.change.matter, NOW)


def matter_of(store: Store, one: Item) -> int:
    """Return the number of an item's matter."""
    found = store.matters.of_item(one.source, one.key)
    assert found is not None
    return found


def send(store: Store) -> None:
    """Let what is queued be sent."""
    delivery = store.outbox.reserve(LATER)
    assert delivery is not None
    store.outbox.confirm(delivery.id, Receipt("100.1", "C1"), NOW)


REASONS = (
    later_date,
    second_item,
    waiting_alert,
    recent_alert,
    judged,
    claimed,
    followed,
    muted,
    followed_before_a_merge,
)


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.__name__)
def test_a_matter_stays_while_there_is_a_reason(store: Store, reason: object) -> None:
    """A date, a newer item, an alert on its way, or somebody's word on it keep all of it."""
    old = item("old", identifiers=(BILL,))
    store.items.merge(old, NOW, (match(),))
    store.items.merge(item("control"), NOW)
    store.sources.begin([], NOW)
    assert callable(reason)
    reason(store, old)
    assert forget(store).matters == 1
    assert "old" in keys(store)
    assert "control" not in keys(store)


def test_what_people_ended_keeps_nothing(store: Store) -> None:
    """A claim that was released, a matter that nobody follows any more: all of it goes."""
    old = item("old", identifiers=(BILL,))
    store.items.merge(old, NOW, (match(),))
    number = matter_of(store, old)
    claimed(store, old)
    followed(store, old)
    muted(store, old)
    store.acts.release(number, ANN, NOW)
    store.acts.unfollow(number, ANN, NOW)
    store.acts.unmute(number, "#alerts", ANN, NOW)
    store.outbox.enqueue([alert("a", matter=number)], NOW)
    send(store)
    assert count(store, "threads") == 1
    assert forget(store) == Forgotten(matters=1, items=1, alerts=1)
    left = ("matters", "items", "alerts", "deliveries", "threads", "claims", "follows", "mutes")
    for table in (*left, "matter_identifiers", "matches", "traces"):
        assert count(store, table) == 0, table
    assert store.acts.alert("a") is None


def test_matters_that_were_merged_go_together(store: Store) -> None:
    """With the note of why, and with what was put apart from them."""
    for key in ("one", "two", "three"):
        store.items.merge(item(key, source=key), NOW)
    store.mending.merge(1, 2, NOW)
    split = store.mending.split(1, [2], NOW)
    store.mending.merge(1, 3, NOW)
    assert forget(store).items == 3
    assert split == 4
    for table in ("matters", "groupings", "apart"):
        assert count(store, table) == 0, table
    assert store.upkeep.check(thorough=True) == ()


def test_the_newest_change_stays_so_that_digests_count_on(store: Store) -> None:
    """Row numbers tell a digest where the last one ended: none is used twice."""
    seen(store, "changed", "other")
    store.items.merge(item("changed", status="Passed"), NOW)
    store.sources.begin([], NOW)
    assert forget(store).items == 1
    assert keys(store) == {"changed"}


def test_it_is_done_in_short_steps_that_can_be_broken_off(store: Store) -> None:
    """Each forgets a few matters whole; a run that ended begins anew without harm."""
    number = 3 * AT_ONCE + 1
    seen(store, *(f"old-{n}" for n in range(number)))
    listed(store, ["other"])
    first = store.retention.forget(OLDER_THAN, LATER)
    assert (first.matters, first.goes_on) == (AT_ONCE, AT_ONCE)
    assert store.upkeep.check(thorough=True) == ()
    assert forget(store).matters == number - AT_ONCE
    assert forget(store) == Forgotten()
    assert len(store.items.known_fingerprints("council")) == number


def test_what_stays_does_not_hide_what_goes(store: Store) -> None:
    """Hundreds of agreements still in force stand before the one that is forgotten."""
    standing = [f"standing-{n}" for n in range(2 * AT_ONCE)]
    seen(store, *standing, "old")
    listed(store, standing)
    assert forget(store).items == 1
