"""Dates keep their names in calendars: when they move, are called off, or their items join."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.models import CalendarEntry, Hearing, Item
from monitor.store import Store
from tests.store.builders import BILL, DAY, HOUR, NOW, item, match

ZONE = "America/New_York"
FIRST, SECOND = NOW + 5 * DAY, NOW + 9 * DAY
YEAR = timedelta(days=366)


def hearing(starts: datetime | None, kind: str = "hearing", **fields: Any) -> Hearing:
    """Make a date; `fields` are those of Hearing."""
    return Hearing(kind, starts, ZONE, **fields)


def dated(*hearings: Hearing, key: str = "1", **fields: Any) -> Item:
    """Make an item with these dates."""
    return item(key, hearings=hearings, **fields)


def see(store: Store, seen: Item, now: datetime = NOW) -> int:
    """Let a poll find an item; return its matter."""
    merged = store.items.merge(seen, now, (match(),))
    assert merged is not None
    return merged.change.matter


def given(store: Store, now: datetime = NOW, **wanted: Any) -> tuple[CalendarEntry, ...]:
    """Give a calendar the dates ahead, as an export does."""
    entries = store.calendar.entries(now, now + YEAR, **wanted)
    store.calendar.note(entries)
    return entries


def only(store: Store, now: datetime = NOW) -> CalendarEntry:
    """Give a calendar the one date that there is."""
    (entry,) = given(store, now)
    return entry


def test_a_date_has_what_a_calendar_shows(store: Store) -> None:
    """Name, number 0, the item's words, the matter's stage."""
    matter = see(store, dated(hearing(FIRST, place="Room 1"), office="Council"))
    entry = only(store)
    assert entry.uid.endswith("@immigration-policy-monitor")
    assert (entry.sequence, entry.matter, entry.changed_at) == (0, matter, NOW)
    assert (entry.title, entry.office) == ("Resolution 1", "Council")
    assert entry.hearing == hearing(FIRST, place="Room 1")


def test_a_date_that_stays_keeps_its_number(store: Store) -> None:
    """However often calendars ask, and whatever else changes about the item."""
    see(store, dated(hearing(FIRST)))
    first = only(store)
    see(store, dated(hearing(FIRST), status="Read"), NOW + HOUR)
    assert only(store, NOW + 2 * HOUR) == first


def test_a_date_that_moves_keeps_its_name(store: Store) -> None:
    """And its number rises with each move, also back to where it was."""
    see(store, dated(hearing(FIRST)))
    entries = [only(store)]
    for place, starts in enumerate((SECOND, SECOND + HOUR, FIRST), start=1):
        now = NOW + place * HOUR
        see(store, dated(hearing(starts)), now)
        entries.append(only(store, now))
    assert len({one.uid for one in entries}) == 1
    assert [one.sequence for one in entries] == [0, 1, 2, 3]
    assert entries[-1].hearing.starts == FIRST
    assert entries[-1].changed_at == NOW + 3 * HOUR


@pytest.mark.parametrize("change", [{"title": "Another title"}, {"office": "Committee"}])
def test_what_a_calendar_shows_raises_the_number(store: Store, change: dict[str, str]) -> None:
    """A new title is a new form of the entry."""
    see(store, dated(hearing(FIRST)))
    before = only(store)
    see(store, dated(hearing(FIRST), **change), NOW + HOUR)
    assert only(store, NOW + HOUR).sequence == before.sequence + 1


def test_looking_does_not_raise_the_number(store: Store) -> None:
    """A preview reads; what was not given to a calendar leaves no trace."""
    see(store, dated(hearing(FIRST)))
    only(store)
    see(store, dated(hearing(SECOND)), NOW + HOUR)
    for _ in range(3):
        (seen,) = store.calendar.entries(NOW + HOUR, NOW + YEAR)
        assert seen.sequence == 1


def test_what_is_called_off_stays_with_a_higher_number(store: Store) -> None:
    """So that calendars take it out, or strike it through."""
    see(store, dated(hearing(FIRST)))
    before = only(store)
    see(store, dated(hearing(FIRST, cancelled=True)), NOW + HOUR)
    after = only(store, NOW + HOUR)
    assert (after.uid, after.sequence) == (before.uid, 1)
    assert after.hearing.cancelled


def test_a_date_that_its_publisher_no_longer_names_is_called_off(store: Store) -> None:
    """Once a calendar has it; one that no calendar has is left out."""
    see(store, dated(hearing(FIRST), hearing(SECOND)))
    both = given(store)
    see(store, dated(hearing(SECOND)), NOW + HOUR)
    gone, stays = given(store, NOW + HOUR)
    assert (gone.uid, gone.hearing.cancelled, gone.sequence) == (both[0].uid, True, 1)
    assert stays == both[1]
    assert [one.sequence for one in given(store, NOW + 2 * HOUR)] == [1, 0]


def test_of_several_dates_each_keeps_its_own_name(store: Store) -> None:
    """One is over, one is moved, one is new: none takes another's name."""
    see(store, dated(hearing(NOW + DAY), hearing(FIRST), hearing(SECOND)))
    first, second, third = given(store)
    later = NOW + 3 * DAY
    see(store, dated(hearing(FIRST), hearing(SECOND + HOUR), hearing(SECOND + DAY)), later)
    named = {one.hearing.starts: one for one in given(store, later)}
    assert named[FIRST] == second
    assert (named[SECOND + HOUR].uid, named[SECOND + HOUR].sequence) == (third.uid, 1)
    assert named[SECOND + DAY].uid not in {first.uid, second.uid, third.uid}


def test_a_date_after_one_that_is_over_is_another_one(store: Store) -> None:
    """A second hearing is not the first one, moved."""
    see(store, dated(hearing(NOW + HOUR)))
    first = only(store)
    see(store, dated(hearing(FIRST)), NOW + 2 * DAY)
    second = only(store, NOW + 2 * DAY)
    assert second.uid != first.uid
    assert second.sequence == 0


def test_dates_of_different_sorts_do_not_take_each_others_names(store: Store) -> None:
    """A deadline is no hearing; a meeting that becomes a hearing is the same."""
    see(store, dated(hearing(FIRST), hearing(SECOND, "comment_deadline")))
    before = {one.hearing.kind: one.uid for one in given(store)}
    see(store, dated(hearing(SECOND, "meeting"), hearing(FIRST, "comment_deadline")), NOW + HOUR)
    after = {one.hearing.kind: one.uid for one in given(store, NOW + HOUR)}
    assert after["meeting"] == before["hearing"]
    assert after["comment_deadline"] == before["comment_deadline"]


def test_a_date_that_two_items_give_stands_once(store: Store) -> None:
    """With the latest word, under the first one's name."""
    see(store, dated(hearing(FIRST), identifiers=(BILL,)))
    before = only(store)
    see(store, dated(hearing(FIRST, place="Room 2"), key="2", identifiers=(BILL,)), NOW + HOUR)
    entry = only(store, NOW + HOUR)
    assert (entry.uid, entry.hearing.place) == (before.uid, "Room 2")


def test_a_time_that_one_item_left_is_not_told_by_the_other(store: Store) -> None:
    """Two sources tell of one hearing; one of them is a day late with its move."""
    one = dated(hearing(FIRST), identifiers=(BILL,))
    other = dated(hearing(FIRST), key="2", source="senate", identifiers=(BILL,))
    see(store, one)
    see(store, other)
    before = only(store)
    see(store, dated(hearing(SECOND), identifiers=(BILL,)), NOW + HOUR)
    for now in (NOW + HOUR, NOW + 2 * HOUR):
        moved = only(store, now)
        assert (moved.uid, moved.sequence, moved.hearing.starts) == (before.uid, 1, SECOND)
    late = dated(hearing(SECOND), key="2", source="senate", identifiers=(BILL,))
    see(store, late, NOW + DAY)
    assert only(store, NOW + DAY).uid == before.uid


def test_names_survive_a_merge_of_matters(store: Store) -> None:
    """They are the items', and these go along."""
    first = see(store, dated(hearing(FIRST)))
    second = see(store, dated(hearing(SECOND), key="2"))
    before = {one.uid: one.hearing.starts for one in given(store)}
    store.mending.merge(first, second, NOW + HOUR)
    after = given(store, NOW + HOUR)
    assert {one.uid: one.hearing.starts for one in after} == before
    assert {one.matter for one in after} == {first}


def test_names_survive_the_loss_of_the_database(store: Store, tmp_path: Path) -> None:
    """The same item has the same names again, in another database with other numbers."""
    see(store, dated(hearing(FIRST)))
    with Store.open(tmp_path / "new.db") as new:
        see(new, dated(hearing(SECOND), key="0"))
        see(new, dated(hearing(FIRST)))
        assert given(store)[0].uid in {one.uid for one in given(new)}


def test_only_what_is_asked_for(store: Store) -> None:
    """By topic, place, matter, and time; nothing that no filter matched."""
    matter = see(store, dated(hearing(FIRST)))
    see(store, dated(hearing(FIRST), key="2", jurisdiction="ocd-division/country:us/state:tx"))
    store.items.merge(dated(hearing(FIRST), key="3"), NOW)
    assert len(given(store)) == 2
    assert len(given(store, jurisdiction="ocd-division/country:us/state:tx")) == 1
    assert len(given(store, topic="287g")) == 2
    assert given(store, topic="sanctuary") == ()
    assert [one.matter for one in given(store, matters=[matter])] == [matter]
    assert given(store, matters=[]) == ()
    assert store.calendar.entries(NOW, NOW + DAY) == ()
    assert given(store, FIRST + 2 * DAY) == ()


def test_a_date_without_a_time_is_left_out(store: Store) -> None:
    """A calendar cannot hold "to be announced"."""
    see(store, dated(hearing(None, said="TBA"), hearing(FIRST)))
    assert [one.hearing.starts for one in given(store)] == [FIRST]


def test_a_day_stays_until_it_is_over(store: Store) -> None:
    """A deadline of today began at midnight."""
    midnight = NOW - timedelta(hours=7)
    see(store, dated(replace(hearing(midnight, "comment_deadline"), all_day=True)))
    assert only(store).hearing.all_day


def test_dates_are_found_without_reading_them_all(store: Store) -> None:
    """By an index, also those that are called off."""
    plan = store._db.rows(
        "EXPLAIN QUERY PLAN SELECT item_id FROM hearings WHERE starts >= ? AND starts <= ?",
        ("2026", "2027"),
    )
    assert all("SEARCH" in str(step) for step in plan), plan
