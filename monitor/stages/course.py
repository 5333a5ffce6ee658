"""Says which stage a matter has after an item, and which changes of stage concern everybody.

The tables name, for each stage, what may follow it; what is not named leaves the matter where it
stands. Publishers tell things late, twice and out of order, and courts and councils go on with
small steps after large ones: a motion that is filed under an injunction does not end it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from monitor.models import ItemType, Stage
from monitor.stages.values import Reading


class Track(StrEnum):
    """Which table a type of item follows."""

    LEGISLATION = "legislation"
    LITIGATION = "litigation"
    RULES = "rules"
    AGREEMENT = "agreement"


_TRACKS = {
    ItemType.BILL: Track.LEGISLATION,
    ItemType.COUNCIL_ITEM: Track.LEGISLATION,
    ItemType.AGENDA_ITEM: Track.LEGISLATION,
    ItemType.MEETING: Track.LEGISLATION,
    ItemType.DOCKET_ENTRY: Track.LITIGATION,
    ItemType.DOCKET_CAPTION: Track.LITIGATION,
    ItemType.OPINION: Track.LITIGATION,
    ItemType.ROW: Track.LITIGATION,
    ItemType.EXECUTIVE_ORDER: Track.RULES,
    ItemType.FEDERAL_REGISTER: Track.RULES,
    ItemType.AGREEMENT: Track.AGREEMENT,
}

S = Stage
# Before the floor a measure may go to and fro: committees amend, report, and get it back.
_BEFORE_PASSAGE = frozenset({S.IN_COMMITTEE, S.HEARING_SET, S.AMENDED, S.REPORTED})
_PASSAGE = frozenset({S.PASSED_ONE_CHAMBER, S.PASSED, S.SIGNED, S.VETOED, S.ENACTED, S.REPEALED})
_LOST = frozenset({S.FAILED, S.WITHDRAWN})
_LEGISLATION = {
    S.INTRODUCED: _BEFORE_PASSAGE | _PASSAGE | _LOST,
    S.IN_COMMITTEE: _BEFORE_PASSAGE | _PASSAGE | _LOST,
    S.HEARING_SET: _BEFORE_PASSAGE | _PASSAGE | _LOST,
    S.AMENDED: _BEFORE_PASSAGE | _PASSAGE | _LOST,
    S.REPORTED: _BEFORE_PASSAGE | _PASSAGE | _LOST,
    # Committees, hearings and amendments of the second chamber do not undo the first one's vote.
    S.PASSED_ONE_CHAMBER: _PASSAGE | _LOST,
    S.PASSED: frozenset({S.SIGNED, S.VETOED, S.ENACTED, S.REPEALED, S.FAILED}),
    S.SIGNED: frozenset({S.ENACTED, S.REPEALED}),
    # An override enacts, and votes of single chambers on the way to it do not count; what was
    # mended to meet the objections is signed.
    S.VETOED: frozenset({S.SIGNED, S.ENACTED, S.REPEALED}),
    S.ENACTED: frozenset({S.REPEALED}),
    S.REPEALED: frozenset[Stage](),
    # A vote can be reconsidered, and a withdrawn measure resubmitted under the same number.
    S.FAILED: _PASSAGE | {S.IN_COMMITTEE, S.REPORTED, S.WITHDRAWN},
    S.WITHDRAWN: _PASSAGE | {S.IN_COMMITTEE, S.REPORTED, S.FAILED},
}
_STEPS = frozenset({S.MOTION, S.HEARING_SET, S.ORDER})
_INJUNCTIONS = frozenset(
    {S.INJUNCTION_GRANTED, S.INJUNCTION_DENIED, S.INJUNCTION_STAYED, S.INJUNCTION_VACATED}
)
_RESTRAINTS = frozenset({S.TRO_GRANTED, S.TRO_DENIED})
_DECISIONS = _INJUNCTIONS | {S.JUDGMENT}
_ABOVE = frozenset({S.APPEALED, S.MANDATE, S.REMANDED})
_ALL_OF_A_CASE = _STEPS | _RESTRAINTS | _DECISIONS | _ABOVE | {S.CLOSED}
_LITIGATION = {
    S.FILED: _ALL_OF_A_CASE,
    S.MOTION: _ALL_OF_A_CASE,
    # Further papers before a hearing leave it set.
    S.HEARING_SET: _ALL_OF_A_CASE - {S.MOTION},
    S.ORDER: _ALL_OF_A_CASE,
    # A ruling on relief stands until the next one: motions, hearings and orders come daily.
    S.TRO_GRANTED: _RESTRAINTS | _DECISIONS | _ABOVE | {S.CLOSED},
    S.TRO_DENIED: _RESTRAINTS | _DECISIONS | _ABOVE | {S.CLOSED},
    S.INJUNCTION_GRANTED: _DECISIONS | _ABOVE | {S.CLOSED},
    S.INJUNCTION_DENIED: _DECISIONS | _ABOVE | {S.CLOSED, S.TRO_GRANTED},
    # A stay is asked for together with an appeal: the notice of it adds nothing.
    S.INJUNCTION_STAYED: _DECISIONS | {S.MANDATE, S.REMANDED, S.CLOSED},
    S.INJUNCTION_VACATED: _DECISIONS | _ABOVE | {S.CLOSED, S.TRO_GRANTED},
    S.JUDGMENT: _INJUNCTIONS | _ABOVE | {S.CLOSED},
    # The district court goes on meanwhile, and its small orders do not undo the appeal.
    S.APPEALED: _RESTRAINTS | _DECISIONS | {S.MANDATE, S.REMANDED, S.CLOSED},
    # The case is the lower court's again, and begins anew there.
    S.MANDATE: _ALL_OF_A_CASE,
    S.REMANDED: _ALL_OF_A_CASE,
    # Motions for fees and the like follow a closed case; a ruling on relief shows that it lives.
    S.CLOSED: _RESTRAINTS | _DECISIONS | _ABOVE,
}
_RULES = {
    S.PROPOSED: frozenset({S.FINAL, S.WITHDRAWN, S.REPEALED}),
    # A proposal to change a rule does not undo the rule that is in force.
    S.FINAL: frozenset({S.AMENDED, S.WITHDRAWN, S.REPEALED}),
    S.WITHDRAWN: frozenset({S.PROPOSED, S.FINAL}),
    S.SIGNED: frozenset({S.AMENDED, S.REPEALED}),
    S.AMENDED: frozenset({S.REPEALED, S.WITHDRAWN}),
    S.REPEALED: frozenset[Stage](),
}
_AGREEMENT = {
    S.PENDING: frozenset({S.SIGNED, S.AMENDED, S.WITHDRAWN, S.TERMINATED}),
    S.SIGNED: frozenset({S.AMENDED, S.TERMINATED}),
    S.AMENDED: frozenset({S.TERMINATED}),
    S.WITHDRAWN: frozenset({S.PENDING, S.SIGNED}),
    # The same agency may apply and sign again.
    S.TERMINATED: frozenset({S.PENDING, S.SIGNED, S.AMENDED}),
}
FOLLOWS: Mapping[Track, Mapping[Stage, frozenset[Stage]]] = {
    Track.LEGISLATION: _LEGISLATION,
    Track.LITIGATION: _LITIGATION,
    Track.RULES: _RULES,
    Track.AGREEMENT: _AGREEMENT,
}
_REOPENS = re.compile(r"\bre-?open", re.IGNORECASE)


def advance(present: Stage | None, new: Reading, type_: ItemType) -> Stage | None:
    """Return the stage of a matter after an item of this type with this reading.

    News and press releases move nothing: headlines never overrule a publisher's own records. What
    belongs to another track than the matter's stage moves nothing either. A measure that is
    carried over into a new session is another matter, and begins anew.
    """
    track = _TRACKS.get(type_)
    if track is None or new.weak:
        return present
    if present is None:
        return new.stage
    if present is Stage.CLOSED and new.stage is Stage.ORDER and _REOPENS.search(new.said):
        return new.stage
    return new.stage if new.stage in FOLLOWS[track].get(present, ()) else present


def stage_when_gone(type_: ItemType) -> Stage | None:
    """Say what it means that an item left a list of all that holds: an agreement was ended."""
    return Stage.TERMINATED if type_ is ItemType.AGREEMENT else None


# What the coalition acts or speaks upon. Everything else is a step that a thread's readers follow.
_MILESTONES = (
    _PASSAGE | _LOST | _RESTRAINTS | _DECISIONS | {S.PROPOSED, S.FINAL, S.CLOSED, S.TERMINATED}
)
# A first hearing is a date to act by; in a case whose orders already flow it is routine.
_BEFORE_FIRST_HEARING = frozenset(
    {None, S.INTRODUCED, S.IN_COMMITTEE, S.AMENDED, S.REPORTED, S.FILED, S.MOTION}
)


def worth_everyone(old: Stage | None, new: Stage) -> bool:
    """Say whether a matter's change of stage belongs before the whole channel, not only its thread.

    Votes, signatures, vetoes, rulings on relief, judgments and ends do; so does a hearing, which is
    a date to act by, unless orders in the case are routine. Appeals, referrals, motions and plain
    orders do not.
    """
    if new is old:
        return False
    return old in _BEFORE_FIRST_HEARING if new is Stage.HEARING_SET else new in _MILESTONES
