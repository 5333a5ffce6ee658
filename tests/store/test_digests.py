"""Digests in the store: kept once, and what is told of the rows that each covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.digest import Edition, MatterNews, Span
from monitor.models import (
    ChangeKind,
    Contact,
    ContactKind,
    Hearing,
    Identifier,
    ItemType,
    Outcome,
    Priority,
    Stage,
)
from monitor.store import Store
from monitor.store.digests import Digests
from tests.digest.builders import EDITION, PERIOD, composed, news
from tests.store.builders import BILL, DAY, HOUR, NEW_YORK, NOW, item, match, poll

MIDWEEK = NOW - 4 * DAY
AHEAD = Hearing("hearing", NOW + 2 * DAY, "America/New_York", "Room 240")
WEEKS = tuple(PERIOD.starts - timedelta(weeks=back) for back in (2, 1, 0))


def told(store: Store, edition: Edition = EDITION) -> dict[str, MatterNews]:
    """Return the matters of a digest made now, by title."""
    span = store.digests.span(edition.name, PERIOD)
    return {one.title: one for one in store.digests.matters_since(span, NOW)}


def polled(store: Store, source: str, at: datetime, outcome: Outcome = Outcome.CHANGED) -> None:
    """Record a poll of a source."""
    made = poll(source, outcome, polled_at=at, reason="403" if outcome is Outcome.FAILED else "")
    store.sources.finish_poll(made, at + HOUR)


# ---------------------------------------------------------------------------------------- keeping


def test_a_digest_is_read_back_as_it_was_composed(store: Store) -> None:
    """With all its parts."""
    digest = composed(news(1), news(2, stage=Stage.FILED), span=Span(3, 9, 1, 4))
    assert store.digests.save(digest)
    assert store.digests.of("weekly", "2026-W47") == digest
    assert store.digests.of("weekly", "2026-W46") is None
    (row,) = store.digests.listed()
    assert (row.name, row.period, row.matters, row.composed_at) == ("weekly", "2026-W47", 2, NOW)


def test_a_period_keeps_the_digest_that_was_composed_first(store: Store) -> None:
    """The second one changes nothing; another name or period stands beside it."""
    first = composed(news(1))
    assert store.digests.save(first)
    assert not store.digests.save(composed(news(2)))
    assert store.digests.of("weekly", "2026-W47") == first
    assert store.digests.save(replace(first, name="other"))
    assert [row.name for row in store.digests.listed()] == ["other", "weekly"]
    assert [row.name for row in store.digests.listed("weekly")] == ["weekly"]


def test_the_next_digest_begins_where_the_last_one_ended(store: Store) -> None:
    """By rows, whatever the clock says; each name has its own."""
    store.items.merge(item("1"), MIDWEEK, (match(),))
    assert store.digests.span("weekly", PERIOD) == Span(0, 1, 0, 0)
    store.digests.save(composed(span=store.digests.span("weekly", PERIOD)))
    store.items.merge(item("2"), NOW - 400 * DAY, (match(),))
    store.items.merge(item("1", status="Floor"), MIDWEEK, (match(),))
    assert store.digests.span("weekly", PERIOD) == Span(1, 2, 0, 1)
    assert list(told(store)) == ["Resolution 1", "Resolution 2"]
    assert store.digests.span("other", PERIOD).since_item == 0


def test_items_that_are_forgotten_take_no_digest_back(store: Store) -> None:
    """Else those before them would be told a second time."""
    store.items.merge(item("1"), MIDWEEK, (match(),))
    store.items.merge(item("2"), NOW - 400 * DAY, (match(),))
    store.digests.save(composed(span=store.digests.span("weekly", PERIOD)))
    assert store.retention.forget(NOW - 300 * DAY, NOW).items == 1
    span = store.digests.span("weekly", PERIOD)
    assert (span.since_item, span.until_item) == (2, 2)
    store.digests.save(composed(period=replace(PERIOD, id="2026-W48"), span=span))
    assert told(store) == {}


def test_the_first_digest_begins_with_its_period(store: Store) -> None:
    """What was known for months is no news of this week."""
    store.items.merge(item("old"), PERIOD.starts - HOUR, (match(),))
    store.items.merge(item("new"), PERIOD.starts, (match(),))
    assert list(told(store)) == ["Resolution new"]
    assert store.digests.span("weekly", replace(PERIOD, starts=NOW)).since_item == 2


# -------------------------------------------------------------------------------- what it tells of


def test_only_matters_that_concern_people_are_told(store: Store) -> None:
    """A filter holds, they were told, or the watch list names them; nothing that is muted."""
    store.items.merge(item("matched"), MIDWEEK, (match(),))
    store.items.merge(item("other"), MIDWEEK)
    store.items.merge(item("watched", watched="the suit"), MIDWEEK)
    store.items.merge(item("muted", muted="a transcript"), MIDWEEK, (match(),))
    asked = store.items.merge(item("told"), MIDWEEK)
    assert asked is not None
    store.matters.note_told([asked.change.matter], MIDWEEK)
    found = told(store)
    assert set(found) == {"Resolution matched", "Resolution watched", "Resolution told"}
    assert found["Resolution watched"].watched == "the suit"


def test_an_item_without_a_match_is_told_where_its_matter_has_one(store: Store) -> None:
    """A docket's entries say nothing of the subject: its caption did."""
    named = (BILL,)
    store.items.merge(item("1", identifiers=named), PERIOD.starts - DAY, (match(),))
    store.items.merge(item("2", identifiers=named), MIDWEEK)
    (found,) = told(store).values()
    assert [one.item.key for one in found.arrived] == ["2"]
    assert (found.fresh, found.identifiers, len(found.matches)) == (False, named, 1)


def test_what_a_first_poll_finds_is_told_nowhere(store: Store) -> None:
    """Its backlog is learnt silently; its later items and changes are news."""
    store.items.merge(item("old"), MIDWEEK, (match(),))
    polled(store, "council", MIDWEEK)
    store.items.merge(item("new"), MIDWEEK + HOUR, (match(),))
    polled(store, "council", MIDWEEK + HOUR)
    assert set(told(store)) == {"Resolution new"}
    store.items.merge(item("old", status="Floor"), MIDWEEK + 2 * HOUR, (match(),))
    found = told(store)["Resolution old"]
    assert (found.fresh, found.arrived, len(found.revised)) == (False, (), 1)


def test_a_first_poll_that_failed_half_way_is_still_the_first(store: Store) -> None:
    """What it read is kept, and was never announced."""
    store.items.merge(item("half"), MIDWEEK, (match(),))
    polled(store, "council", MIDWEEK, Outcome.FAILED)
    assert told(store) == {}
    store.items.merge(item("rest"), MIDWEEK + HOUR, (match(),))
    polled(store, "council", MIDWEEK + HOUR)
    assert told(store) == {}


def test_what_a_backfill_announced_is_told(store: Store) -> None:
    """People heard of it in the very poll that was the first."""
    merged = store.items.merge(item("1"), MIDWEEK, (match(),))
    assert merged is not None
    store.matters.note_told([merged.change.matter], MIDWEEK)
    polled(store, "council", MIDWEEK)
    assert set(told(store)) == {"Resolution 1"}


def test_changes_that_tell_nobody_anything_are_left_out(store: Store) -> None:
    """Spelling, and an item that goes back and forth."""
    store.items.merge(item("1", title="The “policy”"), MIDWEEK - 30 * DAY, (match(),))
    store.items.merge(item("1", title='The "policy"'), MIDWEEK, (match(),))
    assert told(store) == {}
    for turn in range(10):
        store.items.merge(item("1", status=("A", "B")[turn % 2]), MIDWEEK + turn * HOUR, (match(),))
    (found,) = told(store).values()
    assert 0 < len(found.revised) < 10


def test_an_item_that_is_gone_is_told_with_its_matters_stage(store: Store) -> None:
    """Three absences from a list of all that holds."""
    agreement = item("1", type=ItemType.AGREEMENT, stage=Stage.SIGNED)
    store.items.merge(agreement, PERIOD.starts - DAY, (match(),))
    for absence in range(3):
        store.items.missing("council", ("2",), MIDWEEK + absence * HOUR)
    (found,) = told(store).values()
    assert [one.kind for one in found.revised] == [ChangeKind.GONE]
    assert (found.stage, found.stage_since) == (Stage.TERMINATED, MIDWEEK + 2 * HOUR)


def test_dates_come_with_how_to_take_part_and_without_what_is_over(store: Store) -> None:
    """Of all items of the matter, seen long ago or now."""
    mail = Contact(ContactKind.EMAIL, "clerk@example.gov")
    past = replace(AHEAD, starts=NOW - 3 * DAY)
    store.items.merge(
        item("1", identifiers=(BILL,), hearings=(past, AHEAD), participation=(mail,)),
        PERIOD.starts - DAY,
        (match(),),
    )
    store.items.merge(item("2", source="herald", identifiers=(BILL,)), MIDWEEK)
    (found,) = told(store).values()
    assert [(one.hearing, one.contacts) for one in found.dates] == [(AHEAD, (mail,))]
    assert found.sources == ("council", "herald")


def test_matches_of_the_period_come_first_and_only_a_few_of_each_filter(store: Store) -> None:
    """A docket may have a thousand."""
    for number in range(9):
        seen_at = MIDWEEK if number == 0 else PERIOD.starts - DAY
        made = match("287g", terms=(f"of {number}",))
        store.items.merge(item(str(number), identifiers=(BILL,)), seen_at, (made,))
    store.digests.save(composed(span=Span(0, 8, 0, 0)))
    (found,) = told(store).values()
    assert [one.terms for one in found.matches] == [("of 8",), ("of 7",), ("of 6",)]


def test_only_the_beginning_of_a_text_is_carried(store: Store) -> None:
    """A bill may be a megabyte, and a digest has hundreds."""
    store.items.merge(item("1", text="word " * 10_000), MIDWEEK, (match(),))
    (found,) = told(store).values()
    assert 0 < len(found.arrived[0].item.text) <= 400


def test_a_matter_that_was_merged_is_told_under_the_number_under_which_it_goes_on(
    store: Store,
) -> None:
    """Each item once."""
    one = store.items.merge(item("1"), MIDWEEK, (match(),))
    other = store.items.merge(item("2"), MIDWEEK, (match(),))
    assert one is not None
    assert other is not None
    store.mending.merge(one.change.matter, other.change.matter, NOW)
    (found,) = told(store).values()
    assert found.id == one.change.matter
    assert [arrived.item.key for arrived in found.arrived] == ["1", "2"]


# ---------------------------------------------------------------------------------------- counting


def test_agreements_are_counted_by_matter_added_ended_and_in_force(store: Store) -> None:
    """What was applied for is not in force; the list's first reading counts from its signature."""

    def agreement(key: str, seen_at: datetime, signed: datetime, **fields: object) -> None:
        made = item(key, "ice", type=ItemType.AGREEMENT, published=signed, **fields)
        store.items.merge(made, seen_at, (match(),))

    first = WEEKS[1] + DAY
    agreement("old", first, WEEKS[0] - 400 * DAY)
    agreement("ended", first, WEEKS[1] - DAY)
    agreement("pending", first, WEEKS[0], status="pending")
    polled(store, "ice", first)
    agreement("new", MIDWEEK, first)
    for absence in range(3):
        store.items.missing("ice", ("old", "new", "pending"), MIDWEEK + absence * HOUR)
    span = store.digests.span("weekly", PERIOD)
    counted = store.digests.statistics(span, WEEKS, NOW)
    assert (counted.added, counted.ended, counted.in_force) == (1, 1, (2, 2, 2))


def test_without_a_list_there_is_no_number_of_agreements(store: Store) -> None:
    """None is not nought."""
    assert store.digests.statistics(Span(), WEEKS, NOW).in_force == ()


def test_activity_counts_matched_matters_week_by_week_once_each(store: Store) -> None:
    """New or changed; without what first polls learnt and what no filter holds on."""
    for key, when in (("1", WEEKS[0]), ("2", WEEKS[2]), ("3", WEEKS[2])):
        store.items.merge(item(key), when + HOUR, (match(),))
    store.items.merge(item("1", status="Floor"), WEEKS[2] + HOUR, (match(),))
    store.items.merge(item("1", status="Passed"), WEEKS[2] + DAY, (match(),))
    store.items.merge(item("other"), WEEKS[1] + HOUR)
    store.items.merge(item("learnt", "new-source"), WEEKS[1], (match(),))
    polled(store, "new-source", WEEKS[1])
    assert store.digests.statistics(Span(), WEEKS, NOW).active == (1, 0, 3)


def test_coming_dates_of_matched_matters_are_planned_once_in_order(store: Store) -> None:
    """Two weeks ahead; not those of weak matters, nor those called off, nor unmatched ones."""
    near, far = replace(AHEAD, starts=NOW + DAY), replace(AHEAD, starts=NOW + 15 * DAY)
    named = (Identifier("council_file", NEW_YORK, "INT 12"),)
    store.items.merge(item("1", hearings=(AHEAD, far), identifiers=named), MIDWEEK, (match(),))
    meeting = replace(AHEAD, kind="meeting")
    store.items.merge(item("1b", hearings=(meeting,), identifiers=named), MIDWEEK, (match(),))
    store.items.merge(item("2", hearings=(near,)), MIDWEEK, (match(),))
    store.items.merge(item("3", hearings=(replace(near, cancelled=True),)), MIDWEEK, (match(),))
    low = match(priority=Priority.LOW)
    store.items.merge(item("4", hearings=(near,)), MIDWEEK, (low,))
    store.items.merge(item("5", hearings=(near,)), MIDWEEK)
    planned = store.digests.statistics(Span(), WEEKS, NOW).coming
    assert [(one.title, one.hearing.starts) for one in planned] == [
        ("Resolution 2", near.starts),
        ("INT 12 — Resolution 1", AHEAD.starts),
    ]
    assert planned[1].jurisdiction == NEW_YORK
    assert planned[1].topics == ("287g",)


def test_visits_say_how_each_source_fared_in_the_span(store: Store) -> None:
    """Polls, the last success, gaps; whether it is broken now, and why."""
    store.sources.begin(("council", "herald", "idle"), NOW - 30 * DAY)
    polled(store, "council", NOW - 20 * DAY)
    store.sources.finish_poll(poll("council", polled_at=NOW - DAY, gap=True), NOW, new=3, updated=2)
    polled(store, "herald", NOW - DAY, Outcome.FAILED)
    visits = store.digests.visits(NOW - 7 * DAY, NOW)
    council, herald, idle = (visits[name] for name in ("council", "herald", "idle"))
    assert (council.polls, council.checked, council.gaps) == (1, True, 1)
    assert (council.broken, council.last_good) == (False, NOW - DAY)
    assert (herald.broken, herald.reason, herald.last_good) == (True, "403", None)
    assert (idle.polls, idle.checked, idle.broken) == (0, False, False)


def test_the_beginning_of_watching_is_known(store: Store) -> None:
    """By the first poll of any source."""
    assert not store.digests.began_before(NOW)
    polled(store, "council", NOW - DAY)
    assert store.digests.began_before(NOW)
    assert not store.digests.began_before(NOW - DAY)


@pytest.mark.parametrize("missing", ["", "nobody"])
def test_a_name_without_digests_has_none(store: Store, missing: str) -> None:
    """Neither a last one nor a list."""
    assert isinstance(store.digests, Digests)
    assert store.digests.latest(missing) is None
    assert store.digests.listed(missing) == ()
