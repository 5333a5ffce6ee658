"""Headlines: weak, and silent in every doubtful case."""

from __future__ import annotations

import pytest

from monitor.models import Entry, ItemType, Stage
from monitor.stages import read_stage

S = Stage


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("Gov. Example signs bill limiting 287(g) agreements", S.SIGNED),
        ("Governor signs sanctuary ban into law", S.SIGNED),
        ("Mayor Example vetoes detention center ordinance", S.VETOED),
        ("Federal judge blocks sanctuary funding order", S.INJUNCTION_GRANTED),
        ("Judge grants preliminary injunction in ICE case", S.INJUNCTION_GRANTED),
        ("Judge issues temporary restraining order against raids", S.TRO_GRANTED),
        ("Judge refuses to grant an injunction in ICE case", S.INJUNCTION_DENIED),
        ("Appeals court pauses the injunction in ICE case", S.INJUNCTION_STAYED),
        ("City Council passes ordinance limiting ICE", S.PASSED),
        ("Governor could veto the bill", None),
        ("Advocates urge governor to veto the bill", None),
        ("Judge weighs whether to block the order", None),
        ("Will the judge block the order?", None),
        ("Judge blocks city's effort to end ICE surge", None),
        ("Judge refuses to block ICE raids", None),
        ("After governor signs bill, sheriffs react", None),
        ("Council passes the time at long meeting", None),
        ("Governor signs autographs", None),
        ("ICE storm closes roads", None),
    ],
)
def test_only_safe_forms_are_read(title: str, stage: Stage | None) -> None:
    """The present tense of what happened; wishes, questions and asides say nothing."""
    for sort in (ItemType.NEWS, ItemType.PRESS_RELEASE):
        found = read_stage(Entry(sort, "k", title))
        assert (found.stage if found else None) is stage
        assert found is None or (found.weak and found.said == title)
