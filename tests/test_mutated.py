"""Whatever comes in a publisher's name ends as items or as a failure with its reason.

Two hundred spoilt answers belong to the suite; MONITOR_MUTATIONS=10000 makes it ten thousand.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from monitor.connectors.rss import Rss
from monitor.models import Parsed, Poll, Response
from tests.mutated_road import Found, own_recordings, real_recordings, walk_all
from tests.mutations import mutated

log = logging.getLogger(__name__)

ANSWERS = int(os.environ.get("MONITOR_MUTATIONS", "180"))
# Processor time of one answer, on any machine; the slowest of 10,000 takes a third of it.
LONGEST = 30.0
# What a reason would say that blames the monitor, or that is Python's own word.
OURS = ("fault of the monitor", "TypeError", "KeyError", "AttributeError", "NoneType", "Traceback")


def assert_survived(found: Found) -> None:
    """Nothing crashed, nothing was lost, nothing took for ever; and the answers were spoilt."""
    log.info("%d answers: %s, slowest %s", found.answers, dict(found.outcomes), found.slowest)
    assert found.bugs == {}
    assert found.lost == []
    assert found.slowest[0] < LONGEST, found.slowest[1]
    assert sum(found.outcomes.values()) == found.answers
    assert found.outcomes["failed"] > found.answers // 10
    assert found.outcomes["changed"] > found.answers // 20
    assert found.alerts
    for reason in found.reasons:
        assert not any(word in reason for word in OURS), reason


def test_spoilt_answers_crash_nothing_and_lose_nothing(tmp_path: Path) -> None:
    """Of every kind, the whole road from the fetcher to Slack's blocks, in a real database."""
    assert_survived(walk_all(own_recordings(), ANSWERS, tmp_path))


def test_real_answers_that_were_spoilt_crash_nothing_and_lose_nothing(
    shared: Path, tmp_path: Path
) -> None:
    """Those of the kinds that people watch most; a part of them, unless many are wanted."""
    recordings = real_recordings(shared)
    chosen = recordings if len(recordings) * 5 < ANSWERS else recordings[::10]
    assert_survived(walk_all(chosen, ANSWERS // 6, tmp_path))


def test_a_seed_spoils_an_answer_always_in_the_same_way() -> None:
    """So that a defect can be looked at again."""
    one = own_recordings()[0]
    first, second = (mutated(one.body, (), Random("seed")) for _ in range(2))  # noqa: S311
    assert first == second
    others = {mutated(one.body, (), Random(f"{n}"))[0] for n in range(50)}  # noqa: S311
    assert len(others) > 30


def test_a_bug_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connector that trips over what it did not expect is told by its place."""
    one = next(each for each in own_recordings() if each.name == "rss/atom.xml")
    parse = Rss.parse

    def trip(self: Rss, response: Response, poll: Poll) -> Iterable[Parsed]:
        if response.body != one.body:
            raise ZeroDivisionError
        return parse(self, response, poll)

    monkeypatch.setattr(Rss, "parse", trip)
    found = walk_all([one], 9, tmp_path)
    (place,) = found.bugs
    assert place.startswith("ZeroDivisionError in ")
    assert found.bug_counts[place] > 3
