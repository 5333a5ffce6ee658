"""Merging: new, updated, the same, gone, and back."""

from __future__ import annotations

import pickle
from dataclasses import replace

from monitor.models import (
    Attachment,
    ChangeKind,
    Direction,
    FieldChange,
    Hearing,
    Identifier,
    Item,
    ItemType,
    Priority,
)
from monitor.store import Arrival, Merged, Store
from monitor.store.known import KNOWN_AMONG
from tests.store.builders import BILL, DAY, HOUR, NEW_YORK, NOW, item, match

MANY = 500


def full() -> Item:
    """Make an item in which every field is set."""
    return item(
        type=ItemType.BILL,
        title="Loi sur l\u2019immigration \u2014 caf\u00e9",
        office="Committee on Immigration",
        status="Introduced",
        identifiers=(BILL, Identifier("rin", "us", "1653-AA00")),
        hearings=(Hearing("hearing", NOW + DAY, "America/New_York", "Room 1", "", True, True),),
        attachments=(Attachment("Agenda", "https://council.example/a.pdf", "application/pdf"),),
        facts=(("sponsor", "A. Example"), ("sponsor", "B. Example")),
        noise=(("LastModified", "yesterday"),),
        labels=("Immigration", "Police"),
        muted="a transcript",
        watched="named in the configuration",
    )


def test_a_new_item_is_a_change_and_opens_its_matter(store: Store) -> None:
    """What was never seen is new."""
    merged = store.items.merge(item(), NOW, (match(),), "2026/11/23.warc.gz#7")
    assert merged is not None
    assert (merged.change.kind, merged.change.item) == (ChangeKind.NEW, item())
    assert (merged.opened, merged.returned, merged.held) == (True, False, False)
    assert merged.change.matter == store.matters.of_item("council", "1")
    stored = store.items.item(merged.item_id)
    assert (stored.first_seen, stored.record) == (NOW, "2026/11/23.warc.gz#7")
    assert stored.matches == merged.matches == (match(),)


def test_an_item_is_stored_without_loss(store: Store) -> None:
    """Every field comes back as it was, and the result can travel to another process."""
    store.items.merge(full(), NOW, (match(), match("ice", terms=("ICE",), channels=("#ice",))))
    stored = store.items.find("council", "1")
    assert stored is not None
    assert stored.item == full()
    assert stored.matches == (match(), match("ice", terms=("ICE",), channels=("#ice",)))
    assert pickle.loads(pickle.dumps(stored)) == stored  # noqa: S301 - our own value


def test_the_same_item_again_is_no_change(store: Store) -> None:
    """Restarting posts nothing again."""
    store.items.merge(full(), NOW)
    assert store.items.merge(full(), NOW + HOUR) is None
    assert store.items.merge(replace(full(), noise=(("LastModified", "today"),)), NOW) is None
    assert store.items.find("council", "1") is not None
    assert store.items.revisions(1) == ()


def test_a_changed_item_tells_which_fields_changed(store: Store) -> None:
    """Old and new stand side by side, and the old state is kept."""
    store.items.merge(item(status="Introduced"), NOW)
    merged = store.items.merge(item(status="Adopted", office="Council"), NOW + DAY, (), "rec")
    assert merged is not None
    fields = (FieldChange("status", "Introduced", "Adopted"), FieldChange("office", "", "Council"))
    assert (merged.change.kind, merged.change.fields) == (ChangeKind.UPDATED, fields)
    (revision,) = store.items.revisions(merged.item_id)
    assert (revision.fields, revision.seen_at, revision.record) == (fields, NOW + DAY, "rec")
    stored = store.items.item(merged.item_id)
    assert (stored.item.status, stored.first_seen, stored.last_changed) == (
        "Adopted",
        NOW,
        NOW + DAY,
    )


def test_a_new_way_to_make_fingerprints_is_no_news(store: Store) -> None:
    """A new version of the program does not report every item as updated."""
    store.items.merge(item(fingerprint="made by the old version"), NOW)
    assert store.items.merge(item(), NOW + DAY) is None
    assert store.items.known_fingerprints("council") == {"1": item().fingerprint}
    assert store.items.revisions(1) == ()
    assert store.items.item(1).last_changed == NOW


def test_matches_follow_the_item(store: Store) -> None:
    """A topic that no longer holds goes; one that goes on is brought up to date."""
    store.items.merge(item(), NOW, (match("287g"), match("ice")))
    lower = match("287g", priority=Priority.LOW)
    store.items.merge(item(status="Adopted"), NOW, (lower, match("zz")))
    assert store.items.item(1).matches == (lower, match("zz"))
    store.items.rematch(1, (match("ice"),), NOW)
    assert store.items.item(1).matches == (match("ice"),)


def test_known_fingerprints_are_those_of_one_source(store: Store) -> None:
    """The same key may stand in two sources."""
    store.items.merge_all([Arrival(item("1")), Arrival(item("1", "senate", title="Other"))], NOW)
    assert store.items.known_fingerprints("council") == {"1": item("1").fingerprint}
    assert store.items.known_fingerprints("nobody") == {}


def test_known_keys_are_looked_up_one_by_one(store: Store) -> None:
    """A poll costs as much as it brings, however much its source has brought before."""
    plan = [row[3] for row in store._db.rows(f"EXPLAIN QUERY PLAN {KNOWN_AMONG}", ("[]", "s"))]
    assert plan[-1] == ("SEARCH items USING COVERING INDEX items_known (source=? AND key=?)"), plan


def test_a_poll_of_many_is_merged_in_its_order(store: Store) -> None:
    """New, updated and known items may stand side by side."""
    store.items.merge_all([Arrival(item("b")), Arrival(item("c"))], NOW)
    merged = store.items.merge_all(
        [
            Arrival(item("a")),
            Arrival(item("b", status="Adopted")),
            Arrival(item("c")),
            Arrival(item("d"), (match(),)),
        ],
        NOW + DAY,
    )
    assert [(m.change.item.key, m.change.kind) for m in merged] == [
        ("a", ChangeKind.NEW),
        ("b", ChangeKind.UPDATED),
        ("d", ChangeKind.NEW),
    ]
    assert [store.items.item(m.item_id).item.key for m in merged] == ["a", "b", "d"]
    assert store.items.merge_all([], NOW) == ()


def test_a_key_twice_in_one_poll_is_one_item(store: Store) -> None:
    """The second one is a later state of the first."""
    merged = store.items.merge_all(
        [Arrival(item("1")), Arrival(item("1")), Arrival(item("1", status="Adopted"))], NOW
    )
    assert [m.change.kind for m in merged] == [ChangeKind.NEW, ChangeKind.UPDATED]
    assert store.items.count() == 1


def test_a_large_first_poll_is_whole(store: Store) -> None:
    """Each of many items has its own matter, and is found."""
    arrivals = [Arrival(item(str(number)), (match(),)) for number in range(MANY)]
    merged = store.items.merge_all(arrivals, NOW)
    assert len({m.change.matter for m in merged}) == len({m.item_id for m in merged}) == MANY
    assert len(store.items.known_fingerprints("council")) == store.matters.count() == MANY
    assert store.upkeep.check(thorough=True) == ()


def test_numbers_are_never_given_twice(store: Store) -> None:
    """A link to a matter means the same matter for ever."""
    first = store.items.merge(item("1"), NOW)
    assert first is not None
    with store.transaction():
        store._db.write("DELETE FROM items")
        store._db.write("DELETE FROM matters")
    second = store.items.merge(item("2"), NOW)
    assert second is not None
    assert second.item_id > first.item_id
    assert second.change.matter > first.change.matter


def test_an_item_that_flaps_is_recorded_and_held(store: Store) -> None:
    """The third return to an old state within a month is not worth an alert."""
    states = ["Introduced", "Adopted"] * 3
    merged = [store.items.merge(item(status=s), NOW + n * DAY) for n, s in enumerate(states)]
    changes = [m for m in merged if m]
    assert [m.returned for m in changes] == [False, False, True, True, True, True]
    assert [m.held for m in changes] == [False, False, False, False, True, True]
    assert [r.held for r in store.items.revisions(1)] == [False, False, False, True, True]


def test_returns_that_lie_far_apart_are_news(store: Store) -> None:
    """An ordinance may be suspended and restored each year."""
    states = ["In force", "Suspended"] * 4
    merged = [store.items.merge(item(status=s), NOW + n * 30 * DAY) for n, s in enumerate(states)]
    assert all(m and not m.held for m in merged)


def gone_after(store: Store, *polls: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Tell which keys are gone after each poll, given the keys that it listed."""
    return [
        tuple(m.change.item.key for m in store.items.missing("council", seen, NOW + number * HOUR))
        for number, seen in enumerate(polls, start=1)
    ]


def test_gone_needs_three_absences(store: Store) -> None:
    """A row that is missing once or twice is no news (DESIGN decision 9)."""
    store.items.merge_all([Arrival(item("a")), Arrival(item("b"))], NOW)
    assert gone_after(store, ("a",), ("a",), ("a",), ("a",)) == [(), (), ("b",), ()]
    stored = store.items.find("council", "b")
    assert stored is not None
    assert stored.gone_at == NOW + 3 * HOUR
    (revision,) = store.items.revisions(stored.id)
    assert (revision.kind, revision.fields) == (
        ChangeKind.GONE,
        (FieldChange("listing", "listed", "gone"),),
    )


def test_an_absence_is_forgotten_when_the_item_is_seen(store: Store) -> None:
    """Absences are counted in a row."""
    store.items.merge_all([Arrival(item("a")), Arrival(item("b"))], NOW)
    lists = (("a",), ("a",), ("a", "b"), ("a",), ("a",), ("a",))
    assert gone_after(store, *lists) == [(), (), (), (), (), ("b",)]


def test_an_empty_answer_makes_nothing_gone(store: Store) -> None:
    """Zero is not success."""
    store.items.merge(item("a"), NOW)
    assert gone_after(store, (), (), (), ()) == [(), (), (), ()]


def test_other_sources_are_not_missed(store: Store) -> None:
    """A list speaks for its own source."""
    store.items.merge_all([Arrival(item("a")), Arrival(item("b", "senate"))], NOW)
    assert gone_after(store, ("a",), ("a",), ("a",)) == [(), (), ()]


def test_what_is_gone_and_comes_back_is_news(store: Store) -> None:
    """Its key is known, its fingerprint is not, so that a poll brings it again."""
    store.items.merge_all([Arrival(item("a")), Arrival(item("b"), (match(),))], NOW)
    gone_after(store, ("a",), ("a",), ("a",))
    assert store.items.known_fingerprints("council") == {"a": item("a").fingerprint, "b": ""}
    merged = store.items.merge(item("b"), NOW + DAY, (match(),))
    assert merged is not None
    assert (merged.change.kind, merged.change.fields, merged.held) == (
        ChangeKind.UPDATED,
        (FieldChange("listing", "gone", "listed"),),
        False,
    )
    assert store.items.item(merged.item_id).gone_at is None
    assert gone_after(store, ("a",), ("a",)) == [(), ()]


def test_what_is_gone_still_tells_why_it_mattered(store: Store) -> None:
    """An alert on the end of an agreement goes where the agreement's alerts went."""
    store.items.merge_all([Arrival(item("a")), Arrival(item("b"), (match(),))], NOW)
    gone: tuple[Merged, ...] = ()
    for _ in range(3):
        gone = store.items.missing("council", ("a",), NOW)
    assert [(m.change.kind, m.matches) for m in gone] == [(ChangeKind.GONE, (match(),))]


def test_a_meeting_that_is_over_may_leave_a_list_of_everything(store: Store) -> None:
    """A calendar drops what is over; that is no end of it."""
    soon = item("soon", type=ItemType.MEETING, hearings=(Hearing("meeting", NOW + DAY),))
    over = item("over", type=ItemType.MEETING, hearings=(Hearing("meeting", NOW - DAY),))
    undated = item("undated", type=ItemType.MEETING)
    store.items.merge_all([*map(Arrival, (soon, over, undated)), Arrival(item("listed"))], NOW)
    assert gone_after(store, *[("listed",)] * 4) == [(), (), ("soon", "undated"), ()]


def test_stored_items_can_be_chosen(store: Store) -> None:
    """A backtest reads what was seen since a day, in the order in which it came."""
    store.items.merge(item("old"), NOW - DAY)
    store.items.merge(item("new", type=ItemType.NEWS), NOW, (match("ice"),))
    store.items.merge(item("other", "senate"), NOW, (match("287g"),))

    def keys(**wanted: object) -> list[str]:
        return [stored.item.key for stored in store.items.stored(**wanted)]  # type: ignore[arg-type]

    assert keys() == ["old", "new", "other"]
    assert keys(since=NOW) == ["new", "other"]
    assert keys(source="council") == ["old", "new"]
    assert keys(types=[ItemType.NEWS, ItemType.BILL]) == ["new"]
    assert keys(topic="287g") == ["other"]
    assert keys(topic="287g", since=NOW, source="council") == []


def test_the_direction_of_the_matches_becomes_the_matters(store: Store) -> None:
    """A later text that does not say does not take it away."""
    store.items.merge(item(), NOW, (match(direction=Direction.EXPANDS),))
    store.items.merge(item(status="Filed"), NOW, (match(direction=Direction.UNCLEAR),))
    (matter,) = store.matters.recent(jurisdiction=NEW_YORK)
    assert matter.direction is Direction.EXPANDS
