"""Coming meetings that a calendar no longer shows: what proves it, and what does not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from monitor.models import ChangeKind, FieldChange, Hearing, Item, ItemType, Reach
from monitor.store import Arrival, Store
from tests.store.builders import DAY, HOUR, NOW, item, match

EVERYTHING = (Reach(),)


def meeting(key: str, starts: datetime = NOW + 3 * DAY, **fields: Any) -> Item:
    """Make a meeting ahead; its body is called after its key where none is given."""
    hearing = Hearing(
        "meeting",
        starts,
        "America/New_York",
        cancelled=fields.pop("cancelled", False),
        all_day=fields.pop("all_day", False),
    )
    named = {"office": f"Board of {key}", "title": f"Board of {key}"} | fields
    return item(key, type=ItemType.MEETING, hearings=(hearing,), **named)


class Calendar:
    """A source's calendar, shown again and again, an hour apart."""

    def __init__(self, store: Store, *meetings: Item) -> None:
        self.store = store
        self.now = NOW
        store.items.merge_all([Arrival(one, (match(),)) for one in meetings], NOW)

    def show(self, *keys: str, reaches: Iterable[Reach] = EVERYTHING) -> list[str]:
        """Show these meetings alone; name those that are gone by now."""
        self.now += HOUR
        gone = self.store.items.off_calendar("council", keys, self.now, reaches)
        return [one.change.item.key for one in gone]

    def add(self, new: Item) -> None:
        """Let a meeting come with the next showing."""
        self.store.items.merge(new, self.now + HOUR, (match(),))


def test_a_meeting_is_gone_after_three_absences(store: Store) -> None:
    """Once or twice is no news (DESIGN decision 9); a fourth time is none either."""
    calendar = Calendar(store, meeting("a"), meeting("b"))
    assert [calendar.show("a") for _ in range(4)] == [[], [], ["b"], []]
    stored = store.items.find("council", "b")
    assert stored is not None
    assert stored.gone_at == NOW + 3 * HOUR
    (revision,) = store.items.revisions(stored.id)
    assert (revision.kind, revision.fields) == (
        ChangeKind.GONE,
        (FieldChange("listing", "listed", "gone"),),
    )


def test_absences_are_counted_in_a_row(store: Store) -> None:
    """A meeting that is shown again begins anew."""
    calendar = Calendar(store, meeting("a"), meeting("b"))
    shown = [calendar.show(*keys) for keys in ("a", "a", "ab", "a", "a", "a")]
    assert shown == [[], [], [], [], [], ["b"]]


def test_a_calendar_that_is_empty_proves_nothing(store: Store) -> None:
    """Neither does one that shows only what is over, or records of another kind."""
    past = meeting("past", NOW - DAY)
    calendar = Calendar(store, meeting("a"), past, item("bill"))
    assert [calendar.show(*keys) for keys in ((), ("past",), ("bill",), ("past", "bill"))] == [
        []
    ] * 4
    stored = store.items.find("council", "a")
    assert stored is not None
    assert stored.gone_at is None


def test_meetings_that_are_over_may_leave(store: Store) -> None:
    """The one that begins this very minute as well."""
    calendar = Calendar(
        store, meeting("a"), meeting("past", NOW - DAY), meeting("soon", NOW + 2 * HOUR)
    )
    assert [calendar.show("a") for _ in range(4)] == [[]] * 4


def test_a_meeting_beyond_the_reach_is_not_missed(store: Store) -> None:
    """Who asks for sixty days knows nothing of the ninetieth."""
    calendar = Calendar(
        store, meeting("a"), meeting("near", NOW + 60 * DAY), meeting("far", NOW + 90 * DAY)
    )
    reaches = (Reach(until=NOW + 60 * DAY),)
    assert [calendar.show("a", reaches=reaches) for _ in range(4)] == [[], [], ["near"], []]


def test_a_meeting_before_the_page_begins_is_not_missed(store: Store) -> None:
    """The page of the latest meetings does not show the next one."""
    calendar = Calendar(
        store, meeting("a", NOW + 9 * DAY), meeting("next", NOW + DAY), meeting("b", NOW + 8 * DAY)
    )
    reaches = (Reach(since=NOW + 7 * DAY),)
    assert [calendar.show("a", reaches=reaches) for _ in range(4)] == [[], [], ["b"], []]


def test_without_a_reach_nothing_is_missed(store: Store) -> None:
    """A list that does not say how far it goes proves nothing."""
    calendar = Calendar(store, meeting("a"), meeting("b"))
    assert [calendar.show("a", reaches=()) for _ in range(4)] == [[]] * 4


def test_only_what_the_list_shows_is_missed(store: Store) -> None:
    """A feed's entries stand beside those of a page, and leave it on their own account."""
    calendar = Calendar(store, meeting("page-a"), meeting("page-b"), meeting("agendas-c"))
    reaches = (Reach(prefix="page-"),)
    assert [calendar.show("page-a", reaches=reaches) for _ in range(4)] == [[], [], ["page-b"], []]


def test_a_meeting_that_was_called_off_leaves_without_a_word(store: Store) -> None:
    """That it is not held has been told."""
    calendar = Calendar(store, meeting("a"), meeting("b", cancelled=True))
    assert [calendar.show("a") for _ in range(4)] == [[]] * 4


def test_a_calendar_that_lost_nearly_all_is_itself_in_doubt(store: Store) -> None:
    """A filter that was narrowed takes many at once; a council that calls off a few does not."""
    calendar = Calendar(store, *map(meeting, "abcdefgh"))
    assert [calendar.show("a", "b") for _ in range(4)] == [[]] * 4
    assert [len(calendar.show(*"abcd")) for _ in range(4)] == [0, 0, 4, 0]


def test_a_new_number_for_the_same_body_and_day_is_one_story(store: Store) -> None:
    """The new meeting is told; that the old number is gone is not, and it counts as gone."""
    calendar = Calendar(store, meeting("a"), meeting("old", office="City Council"))
    calendar.add(meeting("new", NOW + 3 * DAY + 2 * HOUR, office="City Council Special Meeting"))
    assert [calendar.show("a", "new") for _ in range(4)] == [[]] * 4
    stored = store.items.find("council", "old")
    assert stored is not None
    assert stored.gone_at == NOW + HOUR


def test_another_day_is_another_story(store: Store) -> None:
    """People who planned to come must hear that the old date does not hold."""
    calendar = Calendar(store, meeting("a"), meeting("old", office="City Council"))
    calendar.add(meeting("new", NOW + 4 * DAY, office="City Council"))
    assert [calendar.show("a", "new") for _ in range(4)] == [[], [], ["old"], []]


def test_two_meetings_of_one_body_on_one_day_are_two(store: Store) -> None:
    """One that stood beside it all the time takes no one's place; a repeat of it does."""
    noon, night = NOW + 3 * DAY, NOW + 3 * DAY + 6 * HOUR
    calendar = Calendar(
        store,
        meeting("noon", noon, office="City Council"),
        meeting("night", night, office="City Council"),
        meeting("again", night, office="City Council"),
    )
    assert [calendar.show("night") for _ in range(3)] == [[], [], ["noon"]]
    stored = store.items.find("council", "again")
    assert stored is not None
    assert stored.gone_at == NOW + HOUR


def test_meetings_without_a_time_are_not_taken_for_repeats(store: Store) -> None:
    """Midnight stands for "that day": two boards share it."""
    zoning = meeting("zoning", office="Zoning Board", all_day=True)
    appeals = meeting("appeals", office="Zoning Board of Appeals", all_day=True)
    calendar = Calendar(store, zoning, appeals)
    assert [calendar.show("appeals") for _ in range(3)] == [[], [], ["zoning"]]


def test_a_meeting_that_comes_back_is_news(store: Store) -> None:
    """Who heard that it was off hears that it is on again."""
    calendar = Calendar(store, meeting("a"), meeting("b"))
    for _ in range(3):
        calendar.show("a")
    merged = store.items.merge(meeting("b"), calendar.now, (match(),))
    assert merged is not None
    assert merged.change.fields == (FieldChange("listing", "gone", "listed"),)
    assert [calendar.show("a") for _ in range(3)] == [[], [], ["b"]]


def test_another_source_is_not_missed(store: Store) -> None:
    """A calendar speaks for its own source."""
    calendar = Calendar(store, meeting("a"), meeting("b", source="senate"))
    assert [calendar.show("a") for _ in range(4)] == [[]] * 4
