"""Reads headlines of news and press releases, in safe forms only; such readings are weak.

A headline says "signs", "vetoes", "judge blocks" in the present tense when it happened. "Could
block", "urges governor to veto", "judge weighs blocking" and questions say nothing.
"""

from __future__ import annotations

from monitor.models import Stage
from monitor.stages.values import Reading, any_of, reading
from monitor.text import fold

_WHO = r"\b(?:governor|gov\.|mayor|president)"
_JUDGE = r"\b(?:judge|district court|federal court)\b"
_HIGHER = r"\b(?:appeals court|supreme court|circuit)\b"
_COUNCIL = r"\b(?:city council|county board|board of supervisors|legislature|county commission)"
_WRIT = r"\b(?:law|bill|act|ordinance|orders?|legislation|measure|ban|policy|resolution)\b"
_RULES = (
    (Stage.INJUNCTION_STAYED, any_of(rf"{_HIGHER} (?:stays|pauses) .{{0,40}}\binjunction\b")),
    (
        Stage.INJUNCTION_DENIED,
        any_of(rf"{_JUDGE}.{{0,30}} (?:denies|refuses to grant) .{{0,40}}\binjunction\b"),
    ),
    (
        Stage.INJUNCTION_GRANTED,
        any_of(rf"{_JUDGE}.{{0,30}} (?:grants|issues) .{{0,40}}\binjunction\b"),
    ),
    (
        Stage.TRO_GRANTED,
        any_of(rf"{_JUDGE}.{{0,30}} (?:grants|issues) .{{0,30}}restraining order"),
    ),
    # Whose effort is blocked, a headline does not tell well enough.
    (
        Stage.INJUNCTION_GRANTED,
        any_of(
            rf"{_JUDGE}(?: in [\w ]{{2,20}})?(?: temporarily)? (?:blocks|enjoins)\b"
            r"(?!.{0,40}\b(?:effort|attempt|bid|lawsuit|challenge|request|push|move|suit)\b)"
        ),
    ),
    (Stage.VETOED, any_of(rf"{_WHO}(?: [\w.'-]+){{0,3}} vetoes\b")),
    (Stage.SIGNED, any_of(rf"{_WHO}(?: [\w.'-]+){{0,3}} signs\b.{{0,80}}(?:{_WRIT}|into law)")),
    (Stage.PASSED, any_of(rf"{_COUNCIL} (?:passes|adopts|approves)\b.{{0,80}}{_WRIT}")),
)
# Most headlines have none of these, and are not looked at any further.
_VERB = any_of(
    r"(?:stay|pause|grant|issue|block|enjoin|sign|adopt|approve)s\b|(?:denie|refuse|vetoe|passe)s\b"
)
_UNSURE = any_of(
    r"\?|\b(?:could|would|may|might|will|urge[sd]?|asks?|asked|calls? (?:on|for)|weighs?"
    r"|considers?",
    r"seeks?|expected|vows?|plans?|threatens?|if|why|how|what|whether|after|before|until|unless",
    r"not|won't|doesn't|to (?:sign|veto|block)|refuses? to (?:block|sign|veto)|opinion:)\b",
)


def read_headline(title: str) -> Reading | None:
    """Read a headline; weak, and None in every doubtful case."""
    plain = fold(title)
    if not _VERB.search(plain) or _UNSURE.search(plain):
        return None
    stage = next((stage for stage, pattern in _RULES if pattern.search(plain)), None)
    return reading(stage, title, weak=True) if stage else None
