"""Reads the status words of litigation trackers: "PI Granted in Part", "Stay Denial Appealed"."""

from __future__ import annotations

from monitor.models import Stage
from monitor.stages.values import Reading, any_of, reading
from monitor.text import fold

_INJ = r"(?:\bpi\b|(?:preliminary|permanent) injunction)"
_TRO = r"(?:\btro\b|restraining order)"
# In this order: an appeal outdates the ruling that it names.
_RULES = (
    (
        None,
        any_of(r"^consolidated|^appeal consolidated|^partial dismissal|^class certified in part$"),
    ),
    (
        Stage.CLOSED,
        any_of(
            r"^appeal (?:dismissed|terminated)|^dismissed\b|^(?:suit|case"
            r"|habeas petition) dismissed",
            r"administratively closed|^petition denied$|^terminated|^application withdrawn",
        ),
    ),
    (Stage.APPEALED, any_of(r"\bappeal(?:ed)?(?: filed)?$")),
    (Stage.INJUNCTION_VACATED, any_of(rf"(?:{_INJ}|{_TRO}) (?:vacated|dissolved|overturned)")),
    (Stage.REMANDED, any_of(r"\bremanded to (?:the )?district")),
    (Stage.MANDATE, any_of(r"mandate (?:returned|issued)")),
    (Stage.INJUNCTION_STAYED, any_of(rf"(?:{_INJ}|{_TRO}) stayed")),
    (Stage.INJUNCTION_GRANTED, any_of(rf"{_INJ}(?: and [\w ]+?)? (?:granted|entered)")),
    (Stage.INJUNCTION_DENIED, any_of(rf"{_INJ}(?: and [\w ]+?)? denied")),
    (Stage.TRO_GRANTED, any_of(rf"{_TRO} (?:granted|extended|entered)")),
    (Stage.TRO_DENIED, any_of(rf"{_TRO} denied")),
    (
        Stage.JUDGMENT,
        any_of(
            r"^(?:defendants? )?summary judge?ment (?:granted(?! in part)|upheld)",
            r"^lower court (?:affirmed|overturned)",
        ),
    ),
    (
        Stage.FILED,
        any_of(r"^(?:suit|application|indictment|amended complaint|petition .{0,40}) filed$"),
    ),
    (
        Stage.ORDER,
        any_of(
            r"\b(?:granted|denied|entered|stayed|dissolved|postponed|upheld|enjoined|vacated"
            r"|overturned)(?: in part| as moot| by \w+)?$",
            r"^case held in abeyance|^stayed pending|(?:granted|denied) in part\b",
            r"\bgranted (?:for|and)\b",
        ),
    ),
)
_COURTLY = any_of(
    rf"{_INJ}|{_TRO}|appeal|suit\b|dismiss|summary judg|habeas|mandate|remanded|stay\b|stayed"
    rf"|cert\b",
    r"indictment|complaint|lower court|petition|application|abeyance|rehearing|terminated|^case ",
)


def read_tracker(status: str) -> Reading | None:
    """Read a tracker's status of a case; None where it is no word of litigation."""
    plain = fold(status)
    if not plain or not _COURTLY.search(plain):
        return None
    stage = next((stage for stage, pattern in _RULES if pattern.search(plain)), None)
    return reading(stage, status) if stage else None
