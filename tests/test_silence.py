"""A source that moved is told from one that rests."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.silence import Arrivals, Window, counted, falls_short, pauses, rolled_over

MONDAY = date(2026, 11, 23)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def weekdays(begin: date, end: date, step: int = 1) -> tuple[tuple[date, int], ...]:
    """Bring something on every `step`-th working day of [begin, end]."""
    days = [begin + n * DAY for n in range((end - begin).days + 1)]
    working = [day for day in days if day.weekday() < 5]
    return tuple((day, 1) for day in working[::step])


def habit(end: date, step: int = 1) -> Arrivals:
    """Watch a source for half a year, that brought its last news on or before `end`."""
    begin = MONDAY - timedelta(days=180)
    return Arrivals(begin, weekdays(begin + DAY, end, step))


def test_fewer_than_expected_is_silence() -> None:
    """Three a week were promised."""
    two = Arrivals(MONDAY - 4 * WEEK, ((MONDAY - 3 * DAY, 1), (MONDAY - DAY, 1)))
    assert falls_short(two, 3, WEEK, MONDAY) == "2 new in a week, where 3 were expected"
    assert falls_short(two, 2, WEEK, MONDAY) == ""
    assert falls_short(two, 1, DAY, MONDAY) == "nothing new in a day, where 1 were expected"


def test_nobody_is_judged_before_the_whole_span_was_watched() -> None:
    """A source of yesterday has no week behind it."""
    assert falls_short(Arrivals(MONDAY - DAY), 3, WEEK, MONDAY) == ""


def test_a_daily_source_is_silent_after_a_week() -> None:
    """And not over a weekend, nor over a holiday."""
    assert pauses(habit(MONDAY - 3 * DAY), MONDAY) == ""
    assert pauses(habit(MONDAY - 6 * DAY), MONDAY) == ""
    assert "working days ago" in pauses(habit(MONDAY - 9 * DAY), MONDAY)


def test_a_council_that_meets_twice_a_month_may_rest_for_weeks() -> None:
    """Its own longest pause is the measure."""
    rests = habit(MONDAY - 2 * WEEK, step=10)
    assert pauses(rests, MONDAY) == ""
    assert "its longest pause before was 10" in pauses(habit(MONDAY - 5 * WEEK, step=10), MONDAY)


def test_habits_that_are_hardly_known_judge_nobody() -> None:
    """Neither after a week, nor after nine days with news."""
    new = Arrivals(MONDAY - 3 * WEEK, weekdays(MONDAY - 3 * WEEK, MONDAY - 2 * WEEK))
    assert pauses(new, MONDAY) == ""
    assert pauses(Arrivals(MONDAY - 60 * WEEK, ((MONDAY - 50 * WEEK, 9),)), MONDAY) == ""
    assert pauses(Arrivals(MONDAY), MONDAY) == ""


@pytest.mark.parametrize("step", [1, 2, 5, 10, 21])
def test_who_keeps_to_its_habit_is_never_silent(step: int) -> None:
    """On any day up to its next turn."""
    days = habit(MONDAY, step).days
    for number in range(30, len(days)):
        known = Arrivals(MONDAY - timedelta(days=180), days[:number])
        assert pauses(known, days[number][0]) == ""


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=60), st.integers(0, 400))
def test_any_history_is_judged_without_fault(days: list[date], later: int) -> None:
    """And what came today is no silence."""
    arrivals = Arrivals(date(2026, 1, 1), counted(days))
    today = date(2026, 1, 1) + later * DAY
    assert isinstance(pauses(arrivals, today), str)
    if days:
        assert pauses(arrivals, max(days)) == ""


@pytest.mark.parametrize(
    ("seen", "window", "gap"),
    [
        (6, Window(6), True),
        (20, Window(6), True),
        (5, Window(6), False),
        (4, Window(), False),
        (5, Window(), True),
        (6, Window(6, 3 * DAY, DAY), True),
        (6, Window(6, DAY / 24, DAY), False),
        (1, Window(6, DAY, DAY), True),
        (6, Window(6, None, DAY), False),
    ],
)
def test_only_a_full_list_or_one_left_too_long_can_have_rolled_over(
    seen: int, window: Window, gap: bool
) -> None:
    """PACER says how long an entry stays; of other lists their length tells."""
    keys = [str(number) for number in range(seen)]
    assert rolled_over(keys, {"known"}, window) == gap
    assert not rolled_over(keys, {"known", "0"}, window)
    assert not rolled_over([], {"known"}, window)
