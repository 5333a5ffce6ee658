"""Coverage: what was looked at, what failed, fell silent, had gaps, or was never asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.digest import Visited, Watched, checked
from monitor.models import Checked
from tests.store.builders import DAY, HOUR, NOW

COUNCIL = Watched("council", "Sampleville Council", every=HOUR)
GOOD = Visited(polls=168, checked=True, last_good=NOW - HOUR)


def seen(visit: Visited | None, **fields: object) -> Checked:
    """Sum up the visits to one source."""
    source = replace(COUNCIL, **fields)  # type: ignore[arg-type]
    visits = {} if visit is None else {"council": visit}
    return checked((source,), visits, NOW, "America/New_York")


def test_a_source_that_answered_is_checked() -> None:
    """Polls are counted."""
    assert seen(GOOD) == Checked(sources=1, checked=1, polls=168)


def test_a_source_that_broke_is_named_with_the_reason_and_since_when() -> None:
    """It was read on Friday, and cannot be now: both are true."""
    broken = replace(GOOD, broken=True, reason="403 Forbidden", last_good=NOW - 3 * DAY)
    told = seen(broken)
    assert told.checked == 1
    assert told.failed == (
        ("Sampleville Council", "403 Forbidden; last read Fri, Nov 20, 2026, 7:00 am EST"),
    )
    never = seen(replace(broken, checked=False, last_good=None))
    assert never.checked == 0
    assert never.failed == (("Sampleville Council", "403 Forbidden; it was never read"),)


def test_silence_is_not_no_news() -> None:
    """A source that answers and brings less than it should is checked, and named."""
    told = seen(replace(GOOD, silent="nothing new in a week, where 5 were expected"))
    assert told.checked == 1
    assert told.silent == (("Sampleville Council", "nothing new in a week, where 5 were expected"),)


def test_gaps_and_partial_courts_are_named() -> None:
    """What was published and not seen; each court once."""
    assert seen(replace(GOOD, gaps=1)).gaps[0][1].endswith("once")
    assert seen(replace(GOOD, gaps=4)).gaps[0][1].endswith("4 times")
    two = (
        replace(COUNCIL, id="a", partial="N.D. Ill."),
        replace(COUNCIL, id="b", partial="N.D. Ill."),
    )
    assert checked(two, {}, NOW).partial == ("N.D. Ill.",)


def test_a_source_that_is_on_and_was_not_polled_is_named() -> None:
    """It wants a key, perhaps; the configuration knows it, the database may not."""
    assert seen(None).never == ("Sampleville Council",)
    assert seen(Visited()).never == ("Sampleville Council",)


def test_a_source_that_is_read_seldom_is_checked_by_its_own_rhythm() -> None:
    """A monthly list that was read ten days ago was not left out of this week."""
    monthly = Visited(last_good=NOW - 10 * DAY)
    told = seen(monthly, every=timedelta(days=30))
    assert (told.checked, told.never) == (1, ())
    late = seen(replace(monthly, last_good=NOW - 61 * DAY), every=timedelta(days=30))
    assert (late.checked, late.never) == (0, ("Sampleville Council",))
