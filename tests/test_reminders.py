"""Reminders: of each date ahead at each lead once, in the thread of its matter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.models import Alert, Hearing, Identifier, Item, ItemType, Receipt
from monitor.queueing import remind
from monitor.reminders import Ahead, reminders
from monitor.render.headlines import headline_now
from monitor.store import Store
from tests.store.builders import DAY, HOUR, MINUTE, NEW_YORK, NOW, alert, item, match

ZONE = "America/New_York"
LEADS = (timedelta(hours=48), timedelta(hours=4))
STARTS = NOW + 5 * DAY
FILE = Identifier("council_file", NEW_YORK, "INT 1234-2026")


def ahead(hearing: Hearing, known: datetime = NOW, *channels: str) -> Ahead:
    """Make a date ahead of a matter."""
    own = item(identifiers=(FILE,), hearings=(hearing,))
    return Ahead(7, hearing, own, known, channels or ("#a",))


def hearing(starts: datetime = STARTS, **fields: Any) -> Hearing:
    """Make a hearing."""
    return Hearing("hearing", starts, ZONE, "City Hall", **fields)


def told(date: Ahead, now: datetime) -> list[str]:
    """Tell the headlines of what is due at a moment, as they are read in it."""
    made = reminders((date,), LEADS, {"council": "The Council"}, now)
    return [headline_now(one, now) for one in made]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(hours=49), ""),
        (timedelta(hours=48), "in 2 days"),
        (timedelta(hours=30), "tomorrow"),
        (timedelta(hours=4), "today, in 4 hours"),
        (timedelta(minutes=40), "today, in 1 hour"),
        (timedelta(0), ""),
        (-HOUR, ""),
    ],
)
def test_a_date_is_reminded_of_from_each_lead_on(before: timedelta, expected: str) -> None:
    """The headline says what, when and how soon; nothing before the lead or after the date."""
    found = told(ahead(hearing()), STARTS - before)
    assert len(found) == bool(expected)
    assert all(f"({expected})" in one and "Sat, Nov 28, 7:00 am EST" in one for one in found)


def test_the_same_reminder_has_the_same_key_until_the_next_lead() -> None:
    """However often it is made; the next lead, another channel and a moved date have others."""

    def keys(date: Ahead, before: timedelta) -> set[str]:
        now = (date.hearing.starts or NOW) - before
        return {one.key for one in reminders((date,), LEADS, {}, now)}

    date = ahead(hearing())
    first = keys(date, timedelta(hours=48))
    assert keys(date, timedelta(hours=5)) == first
    assert keys(date, timedelta(hours=4)) != first
    assert len(keys(ahead(hearing(), NOW, "#a", "#b"), timedelta(hours=5)) - first) == 1
    assert not keys(ahead(hearing(STARTS + MINUTE)), timedelta(hours=5)) & first


def test_a_date_that_became_known_within_a_lead_is_not_reminded_of_at_it() -> None:
    """The alert a moment ago said it; the later lead still counts."""
    date = ahead(hearing(), STARTS - 30 * HOUR)
    assert told(date, STARTS - 29 * HOUR) == []
    assert len(told(date, STARTS - 4 * HOUR)) == 1
    assert told(ahead(hearing(), STARTS - 2 * HOUR), STARTS - HOUR) == []


def test_a_cancelled_date_and_one_without_a_time_are_not_reminded_of() -> None:
    """There is nowhere to be, or nobody knows when."""
    for one in (hearing(cancelled=True), Hearing("hearing", None, said="to be announced")):
        assert told(ahead(one), STARTS - HOUR) == []


@pytest.mark.parametrize(("month", "day"), [(3, 9), (11, 2)], ids=["spring", "autumn"])
def test_hours_are_hours_when_the_clocks_change(month: int, day: int) -> None:
    """48 hours before Monday at ten is Saturday at nine or eleven; the words count days."""
    starts = datetime(2026, month, day, 10, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    date = ahead(hearing(starts), starts - 9 * DAY)
    assert told(date, starts - timedelta(hours=48, seconds=1)) == []
    (headline,) = told(date, starts - timedelta(hours=48))
    assert "10:00 am" in headline
    assert "(in 2 days)" in headline


def test_a_day_without_a_time_is_reminded_of_before_it_begins() -> None:
    """Two days before, and on the evening before."""
    begins = datetime(2026, 11, 30, 5, tzinfo=UTC)
    date = ahead(Hearing("comment_deadline", begins, ZONE, all_day=True))
    (early,) = told(date, begins - timedelta(hours=48))
    assert early.startswith("Reminder: comments due Mon, Nov 30 (in 2 days)")
    (late,) = told(date, begins - timedelta(hours=4))
    assert "(tomorrow)" in late
    assert told(date, begins) == []


# ------------------------------------------------------------------------------- with a store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store in a real file."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


def known(store: Store, *hearings: Hearing, when: datetime = NOW, **fields: Any) -> int:
    """Let a matter with dates come in, and tell people of it."""
    made: Item = item(hearings=hearings, identifiers=(FILE,), **fields)
    merged = store.items.merge(made, when, (match(),))
    assert merged is not None
    matter = merged.change.matter
    store.outbox.enqueue([alert(f"first-{matter}", matter=matter)], when)
    store.matters.note_told({matter}, when)
    return matter


def walk(store: Store, begin: datetime, end: datetime, step: timedelta = HOUR) -> list[Alert]:
    """Ask again and again, as the service does; return what was queued."""
    found: list[Alert] = []
    for _ in range(500):
        if begin > end:
            break
        found += remind(store, LEADS, {}, {}, begin)
        begin += step
    return found


def test_every_minute_is_as_good_as_every_hour(store: Store) -> None:
    """Each lead is told once, also after a restart, and after a day of silence."""
    known(store, hearing())
    found = walk(store, NOW, STARTS + HOUR)
    assert [one.created_at for one in found] == [STARTS - 48 * HOUR, STARTS - 4 * HOUR]
    assert walk(store, STARTS - 5 * HOUR, STARTS, timedelta(minutes=7)) == []
    assert {one.kind for one in found} == {"reminder"}


def test_who_asks_once_a_day_is_told_the_last_lead_that_is_due(store: Store) -> None:
    """Not two reminders at once."""
    known(store, hearing())
    assert len(walk(store, STARTS - 3 * HOUR, STARTS - 3 * HOUR)) == 1
    assert walk(store, STARTS - 2 * HOUR, STARTS) == []


def test_a_reminder_goes_to_every_thread_of_its_matter(store: Store) -> None:
    """And is queued behind what is told there."""
    matter = known(store, hearing())
    store.outbox.enqueue([alert("other", "#b", matter)], NOW)
    found = walk(store, STARTS - 4 * HOUR, STARTS - 4 * HOUR)
    assert [(one.channel, one.matter) for one in found] == [("#alerts", matter), ("#b", matter)]
    first = store.outbox.reserve(NOW)
    assert first is not None
    store.outbox.confirm(first.id, Receipt("100.1", "C1"), NOW)
    rest = [store.outbox.reserve(STARTS) for _ in range(3)]
    threads = {one.alert.kind: one.thread for one in rest if one and one.alert.channel == "#alerts"}
    assert threads == {"reminder": "100.1"}


def test_a_moved_hearing_is_reminded_of_at_its_new_time_only(store: Store) -> None:
    """The old one is as if it had never been."""
    known(store, hearing())
    later = STARTS + 3 * DAY
    store.items.merge(item(hearings=(hearing(later),), identifiers=(FILE,)), NOW + HOUR, (match(),))
    found = walk(store, NOW + 2 * HOUR, later)
    assert [one.created_at for one in found] == [later - 48 * HOUR, later - 4 * HOUR]


def test_a_hearing_that_is_called_off_is_not_reminded_of(store: Store) -> None:
    """Nobody travels in vain."""
    known(store, hearing())
    off = item(hearings=(hearing(cancelled=True),), identifiers=(FILE,))
    store.items.merge(off, NOW + HOUR, (match(),))
    assert walk(store, NOW + 2 * HOUR, STARTS) == []


def test_a_merge_between_reminders_repeats_none(store: Store) -> None:
    """The matter has another number, and the hearing was reminded of."""
    known(store, hearing())
    assert len(walk(store, STARTS - 40 * HOUR, STARTS - 39 * HOUR)) == 1
    store.items.merge(item("story", type=ItemType.NEWS), NOW, (match(),))
    store.mending.merge(2, 1, NOW)
    assert walk(store, STARTS - 38 * HOUR, STARTS - 5 * HOUR) == []
    assert len(walk(store, STARTS - 4 * HOUR, STARTS)) == 1


def test_without_leads_nobody_is_reminded(store: Store) -> None:
    """Who wants none gets none."""
    known(store, hearing())
    assert remind(store, (), {}, {}, STARTS - HOUR) == ()
