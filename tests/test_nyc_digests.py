"""Two months of New York City's legislation, as ten weekly digests would have told them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.digest import Edition
from monitor.digesting import Newsroom, due, publish
from monitor.models import Digest, Section, Stage
from monitor.store import Store
from tests.replay.nyc import History, matter_record
from tests.servers.legistar_api import LegistarApi
from tests.test_nyc_history import BEFORE, Monitor

EDITION = Edition("weekly", "The week", time(8))


@dataclass
class Weeks:
    """What the polls brought until each Monday, by title, and what the digests told."""

    brought: list[set[str]] = field(default_factory=list)
    told: list[Digest] = field(default_factory=list)


@pytest.fixture(scope="module")
def weeks(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Weeks:
    """Poll each step, and compose whenever a digest is due."""
    history, database = History(shared), tmp_path_factory.mktemp("nyc") / "monitor.db"
    state = {path: matter_record(file) for path, file in history.base.items()}
    found, brought = Weeks(), set[str]()
    with LegistarApi("nyc") as api:
        api.matters = list(state.values())
        monitor = Monitor(api, database)
        monitor.poll(BEFORE)
        for step in history.steps():
            state |= {path: matter_record(after) for path, _, after in step.changes}
            api.matters = list(state.values())
            compose(database, step.time, found, brought)
            collected, _, _, _ = monitor.poll(step.time)
            brought |= {one.item.key for one in collected.fresh}
        monitor.close()
    compose(database, step.time + timedelta(weeks=1), found, brought)
    return found


def compose(database: Path, now: datetime, found: Weeks, brought: set[str]) -> None:
    """Compose what is due, and note what was brought until then."""
    with Store.open(database) as store:
        period = due(store, EDITION, now)
        if period is None:
            return
        found.told.append(publish(store, EDITION, period, Newsroom(), now).digest)
    found.brought.append(set(brought))
    brought.clear()


def test_each_digest_tells_of_what_its_week_brought_and_of_nothing_else(weeks: Weeks) -> None:
    """More than three hundred matters; each change stands in one digest."""
    assert [digest.period.id for digest in weeks.told] == [f"2026-W{n}" for n in range(18, 28)]
    assert [len(digest.matters) for digest in weeks.told] == list(map(len, weeks.brought))
    assert sum(map(len, weeks.brought)) == 335


def test_the_digests_follow_each_other_without_gap_and_overlap(weeks: Weeks) -> None:
    """By rows of items and of revisions."""
    for one, other in pairwise(weeks.told):
        assert (one.until_item, one.until_revision) == (other.since_item, other.since_revision)


def test_new_matters_and_known_ones_stand_apart(weeks: Weeks) -> None:
    """164 were new in these weeks; a measure that was enacted says so first."""
    counts = Counter(one.section for digest in weeks.told for one in digest.matters)
    assert counts == {Section.NEW: 164, Section.MOVING: 171}
    enacted = [
        one.happened[0]
        for digest in weeks.told
        for one in digest.matters
        if one.stage is Stage.ENACTED
    ]
    assert enacted
    assert set(enacted) == {"Enacted"}


def test_activity_is_what_the_digests_counted(weeks: Weeks) -> None:
    """The chart of the last one shows the weeks of those before it."""
    activity = weeks.told[-1].activity
    assert activity is not None
    assert activity.values[-10:] == tuple(len(digest.matters) for digest in weeks.told)
    assert weeks.told[0].is_quiet
