"""Troubles are told once, reminded of at most daily, and ended once (TRAPS 13)."""

from __future__ import annotations

import pytest

from monitor.store import Notice, Store, Telling
from tests.store.builders import DAY, HOUR, NOW


def test_a_trouble_is_told_once_however_often_it_happens(store: Store) -> None:
    """An error every poll is no alert every poll."""
    told = [store.notices.trouble("council", "refused", NOW + n * HOUR) for n in range(20)]
    assert told == [Telling.FIRST, *[Telling.NOTHING] * 19]
    assert store.notices.notice("council") == Notice("council", "refused", NOW, NOW, 20)


def test_a_trouble_that_lasts_is_reminded_of_daily(store: Store) -> None:
    """Not at every poll after the first day."""
    told = [store.notices.trouble("council", "refused", NOW + n * HOUR) for n in range(73)]
    reminded = [hour for hour, telling in enumerate(told) if telling is Telling.REMINDER]
    assert reminded == [24, 48, 72]


def test_a_recovery_is_told_once(store: Store) -> None:
    """It says since when and why; without a trouble there is none."""
    store.notices.trouble("council", "refused", NOW)
    store.notices.trouble("council", "timed out", NOW + HOUR)
    over = store.notices.recovery("council")
    assert over == Notice("council", "timed out", NOW, NOW, 2)
    assert store.notices.recovery("council") is None
    assert store.notices.trouble("council", "refused", NOW + DAY) is Telling.FIRST


def test_troubles_of_different_subjects_are_apart(store: Store) -> None:
    """The present ones are listed, the oldest first."""
    store.notices.trouble("senate", "silent", NOW + HOUR)
    store.notices.trouble("council", "refused", NOW)
    assert [notice.subject for notice in store.notices.present()] == ["council", "senate"]


def test_what_was_told_is_forgotten_with_the_post_that_was_not_queued(store: Store) -> None:
    """A crash between the note and the post must not swallow the post."""

    def crash() -> None:
        with store.transaction():
            store.notices.trouble("council", "refused", NOW)
            raise KeyError

    with pytest.raises(KeyError):
        crash()
    assert store.notices.trouble("council", "refused", NOW) is Telling.FIRST
