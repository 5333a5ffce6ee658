"""How a matter stands: its stage, its dates ahead, and whether anybody was told of it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.models import (
    Change,
    ChangeKind,
    Direction,
    FieldChange,
    Hearing,
    Identifier,
    Item,
    ItemType,
    Stage,
)
from monitor.store import Arrival, Store
from tests.store.builders import BILL, DAY, HOUR, NEW_YORK, NOW, alert, item, match

AGREEMENT = Identifier("agreement", "ocd-division/country:us/state:nc", "nc|wake county sheriff||")
TOMORROW = Hearing("hearing", NOW + DAY, "America/New_York", "City Hall")


def record(key: str = "1", stage: Stage | None = None, said: str = "", **fields: Any) -> Item:
    """Make a bill's record at a stage."""
    told = {"type": ItemType.BILL, "identifiers": (BILL,), "stage": stage, "stage_said": said}
    return item(key, status=said, **(told | fields))


def merge(store: Store, made: Item, when: int = 0, *, matched: bool = True) -> Change:
    """Merge one item, so many hours later."""
    merged = store.items.merge(made, NOW + when * HOUR, (match(),) if matched else ())
    assert merged is not None
    return merged.change


def tell(store: Store, change: Change) -> None:
    """Note that people are alerted to a change."""
    store.outbox.enqueue([alert(f"a-{change.matter}", matter=change.matter)], NOW)
    store.matters.note_told({change.matter}, NOW)


def test_a_matter_advances_with_its_items(store: Store) -> None:
    """The stage, the publisher's words for it, and since when."""
    merge(store, record(stage=Stage.INTRODUCED, said="Introduced"))
    change = merge(store, record(stage=Stage.PASSED, said="Passed Assembly and Senate"), 5)
    assert change.before is not None
    assert (change.before.stage, change.stage) == (Stage.INTRODUCED, Stage.PASSED)
    matter = store.matters.matter(1)
    assert (matter.stage, matter.stage_said, matter.stage_since) == (
        Stage.PASSED,
        "Passed Assembly and Senate",
        NOW + 5 * HOUR,
    )


def test_a_stage_that_comes_late_does_not_take_a_matter_back(store: Store) -> None:
    """A committee's report that is published after the vote undoes nothing."""
    merge(store, record("1", Stage.PASSED, "Passed"))
    change = merge(store, record("2", Stage.IN_COMMITTEE, "Referred"), 1)
    assert change.stage is Stage.PASSED
    assert store.matters.matter(1).stage_said == "Passed"


@pytest.mark.parametrize("together", [False, True])
def test_items_of_one_poll_advance_as_those_of_two_do(store: Store, together: bool) -> None:
    """What each found before itself is the same."""
    items = [record("1", Stage.INTRODUCED, "Introduced"), record("2", Stage.PASSED, "Passed")]
    arrivals = [Arrival(made, (match(),)) for made in items]
    polls = [arrivals] if together else [[one] for one in arrivals]
    first, second = (one.change for poll in polls for one in store.items.merge_all(poll, NOW))
    assert (first.before, first.stage) == (None, Stage.INTRODUCED)
    assert second.before is not None
    assert (second.before.stage, second.stage) == (Stage.INTRODUCED, Stage.PASSED)
    assert (second.before.sources, second.before.stages) == (("council",), (Stage.INTRODUCED,))
    assert second.before.fresh is together


def test_the_thing_itself_names_its_matter(store: Store) -> None:
    """A bill's record goes before the press release and the agenda item that came first."""
    agenda = record("1", type=ItemType.AGENDA_ITEM, title="Item 7")
    merge(store, agenda)
    merge(store, record("2", title="An act on detainers"))
    merge(store, record("3", type=ItemType.NEWS, title="Vote nears"))
    matter = store.matters.matter(1)
    assert (matter.title, matter.type, matter.items) == ("An act on detainers", ItemType.BILL, 3)


def agreement(key: str, **fields: Any) -> Item:
    """Make a row of the list of agreements."""
    told = {"type": ItemType.AGREEMENT, "identifiers": (AGREEMENT,), "stage": Stage.SIGNED}
    return item(key, "ice", **(told | fields))


def absent(store: Store, *listed: str) -> list[Change]:
    """Let three polls show only these rows."""
    gone = [store.items.missing("ice", listed, NOW + n * HOUR) for n in range(1, 4)]
    return [one.change for each in gone for one in each]


def test_an_agreement_that_is_gone_is_terminated(store: Store) -> None:
    """Three absences say so, and people who were told of it are."""
    tell(store, merge(store, agreement("a")))
    merge(store, agreement("b", identifiers=()))
    (change,) = absent(store, "b")
    assert change.before is not None
    assert (change.kind, change.stage) == (ChangeKind.GONE, Stage.TERMINATED)
    assert (change.before.stage, change.before.told) == (Stage.SIGNED, True)
    matter = store.matters.matter(1)
    assert (matter.stage, matter.stage_said) == (Stage.TERMINATED, "no longer listed")
    back = store.items.merge(agreement("a"), NOW + DAY, (match(),))
    assert back is not None
    assert back.change.stage is Stage.SIGNED


def test_an_agreement_that_another_row_still_lists_stands(store: Store) -> None:
    """A row that was written anew leaves under its old key."""
    merge(store, agreement("old"))
    merge(store, agreement("new", title="Wake County Sheriff's Office"))
    (change,) = absent(store, "new")
    assert (change.kind, change.stage) == (ChangeKind.GONE, Stage.SIGNED)
    assert store.matters.matter(1).stage is Stage.SIGNED


# ----------------------------------------------------------------------------------- present


def test_the_present_sums_up_what_all_items_say(store: Store) -> None:
    """Stage, the dates ahead once each, and who reported it, the first one first."""
    past, later = Hearing("hearing", NOW - DAY), Hearing("comment_deadline", NOW + 3 * DAY)
    merge(store, record("1", Stage.HEARING_SET, "Hearing set", hearings=(past, TOMORROW)))
    other = record("2", source="senate", type=ItemType.AGENDA_ITEM, hearings=(later, TOMORROW))
    merge(store, other, 1)
    merge(store, record("1", Stage.HEARING_SET, "Set", hearings=(past, TOMORROW)), 2)
    present = store.matters.present(1, NOW + 2 * HOUR)
    assert (present.stage, present.direction) == (Stage.HEARING_SET, Direction.LIMITS)
    assert present.hearings == (TOMORROW, later)
    assert present.sources == ("council", "senate")
    assert (present.changes, present.changed_at) == (2, NOW + 2 * HOUR)


def test_a_day_without_a_time_is_ahead_until_it_is_over(store: Store) -> None:
    """Midnight stands for the whole day, on the clock of the place."""
    day = Hearing("hearing", NOW.replace(hour=5), "America/New_York", all_day=True)
    merge(store, record(hearings=(day,)))
    assert store.matters.present(1, NOW + 16 * HOUR).hearings == (day,)
    assert store.matters.present(1, NOW + 18 * HOUR).hearings == ()


def test_what_flaps_does_not_count_as_a_change(store: Store) -> None:
    """Else the first message would be edited at every poll."""
    words = ["Introduced", "Adopted"] * 4
    for number, said in enumerate(words):
        store.items.merge(item(status=said), NOW + number * HOUR)
    held = [one.held for one in store.items.revisions(1)]
    assert store.matters.present(1, NOW).changes == held.count(False) < len(held)


def test_a_matter_is_told_from_the_first_alert_on(store: Store) -> None:
    """A second one does not make it younger."""
    change = merge(store, record())
    assert store.items.merge(record(title="Amended"), NOW, (match(),)).change.before.told is False  # type: ignore[union-attr]
    store.matters.note_told({change.matter}, NOW)
    store.matters.note_told({change.matter}, NOW + DAY)
    told = store._db.value("SELECT told_at FROM matters")
    assert told == "2026-11-23T12:00:00.000000Z"
    later = merge(store, record(title="Amended twice"), 1)
    assert later.before is not None
    assert later.before.told


def test_what_no_filter_holds_on_still_knows_the_matter_that_was_told(store: Store) -> None:
    """An official record of it may bring a stage or a date that people wait for."""
    tell(store, merge(store, record("1", Stage.INTRODUCED)))
    change = merge(
        store, record("2", type=ItemType.AGENDA_ITEM, hearings=(TOMORROW,)), matched=False
    )
    assert change.before is not None
    assert (change.before.told, change.before.stage) == (True, Stage.INTRODUCED)


def test_a_matter_of_very_many_items_remembers_the_newest(store: Store) -> None:
    """A docket of thousands of entries costs no more than one of a hundred."""
    entries = [record(str(n), source=f"court-{n}") for n in range(150)]
    store.items.merge_all([Arrival(made, (match(),)) for made in entries], NOW)
    change = merge(store, record("new"), 1)
    assert change.before is not None
    assert change.before.sources == tuple(f"court-{n}" for n in range(50, 150))


# ------------------------------------------------------------------------------------- ahead


def ahead(store: Store, hours: int = 48, now: int = 0) -> list[tuple[int, str]]:
    """List the dates of the next hours as matter and place."""
    present = NOW + now * HOUR
    dates = store.matters.ahead(present, present + hours * HOUR)
    return [(date.matter, date.hearing.place) for date in dates]


def test_dates_ahead_are_those_of_matters_that_were_told(store: Store) -> None:
    """Nobody is reminded of what nobody heard of, nor of what is over or far away."""
    far = Hearing("hearing", NOW + 9 * DAY)
    tell(store, merge(store, record(hearings=(TOMORROW, far, Hearing("hearing", NOW - DAY)))))
    other = Identifier("bill", "us-119", "HR 2")
    merge(store, record("2", identifiers=(other,), hearings=(TOMORROW,)))
    assert ahead(store) == [(1, "City Hall")]
    (date,) = store.matters.ahead(NOW, NOW + 2 * DAY)
    assert (date.item.key, date.channels) == ("1", ("#alerts",))


def test_a_date_that_several_items_give_stands_once(store: Store) -> None:
    """The committee, the file and the agenda tell of one hearing."""
    tell(store, merge(store, record("1", hearings=(TOMORROW,))))
    merge(store, record("2", type=ItemType.AGENDA_ITEM, hearings=(TOMORROW,)))
    assert ahead(store) == [(1, "City Hall")]


def test_the_latest_word_on_a_date_counts(store: Store) -> None:
    """Called off by the calendar: no reminder; put on again by another record: one."""
    off = Hearing("hearing", TOMORROW.starts, "America/New_York", "City Hall", cancelled=True)
    tell(store, merge(store, record("1", hearings=(TOMORROW,))))
    merge(store, record("2", type=ItemType.MEETING, hearings=(off,)), 1)
    assert ahead(store) == []
    merge(store, record("3", type=ItemType.AGENDA_ITEM, hearings=(TOMORROW,)), 2)
    assert ahead(store) == [(1, "City Hall")]


def test_what_is_gone_reminds_of_nothing(store: Store) -> None:
    """A meeting that was taken off the calendar is not held."""
    tell(store, merge(store, record("1", hearings=(TOMORROW,))))
    merge(store, record("2", title="Other"))
    for hour in range(1, 4):
        store.items.missing("council", ("2",), NOW + hour * HOUR)
    assert ahead(store) == []


def test_a_date_is_known_since_it_was_set_or_told(store: Store) -> None:
    """Another change of its item does not make it newer; a move does."""
    tell(store, merge(store, record(hearings=(TOMORROW,))))

    def since() -> object:
        (date,) = store.matters.ahead(NOW, NOW + 2 * DAY)
        return date.known_since

    assert since() == NOW
    merge(store, record(said="Referred", hearings=(TOMORROW,)), 2)
    assert since() == NOW
    moved = Hearing("hearing", NOW + DAY + HOUR, "America/New_York")
    change = merge(store, record(said="Referred", hearings=(moved,)), 3)
    assert [field.name for field in change.fields] == ["hearings"]
    assert since() == NOW + 3 * HOUR


def test_a_date_of_a_matter_that_was_told_late_is_known_since_then(store: Store) -> None:
    """The alert itself gave the date a moment ago."""
    merge(store, record(hearings=(TOMORROW,)))
    store.matters.note_told({1}, NOW + 5 * HOUR)
    (date,) = store.matters.ahead(NOW + 5 * HOUR, NOW + 2 * DAY)
    assert date.known_since == NOW + 5 * HOUR


def test_the_dates_ahead_are_found_by_their_time(store: Store) -> None:
    """Every minute they are asked for: no walk through all items."""
    asked: list[str] = []
    store._db._raw.set_trace_callback(asked.append)
    store.matters.ahead(NOW, NOW + 2 * DAY)
    store._db._raw.set_trace_callback(None)
    (sql,) = [one for one in asked if "told_at IS NOT NULL" in one]
    plan = [row[3] for row in store._db.rows(f"EXPLAIN QUERY PLAN {sql}")]
    assert any("hearings_starts" in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN ") and "field" not in step], plan


def test_a_field_of_news_names_the_stage(store: Store) -> None:
    """What changed is said beside the stage that it brought."""
    merge(store, record(said="Introduced"))
    change = merge(store, record(stage=Stage.VETOED, said="Vetoed by Governor"), 1)
    assert FieldChange("status", "Introduced", "Vetoed by Governor") in change.fields
    assert change.stage is Stage.VETOED


def test_a_matter_of_one_place_keeps_its_direction(store: Store) -> None:
    """A report that does not say which way it goes takes nothing away."""
    merge(store, record("1"))
    store.items.merge(record("2", jurisdiction=NEW_YORK), NOW)
    assert store.matters.matter(1).direction is Direction.LIMITS
