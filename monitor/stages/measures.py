"""Reads bills and council items: their status, and the record of what was done before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.models import ItemType, Stage
from monitor.stages.actions import stage_of_action
from monitor.stages.course import advance
from monitor.stages.papers import read_hearing
from monitor.stages.values import Chambers, Reading, Said, reading

_COUNCIL = Chambers(alone=True)
# govinfo's collection of public laws.
_LAW = "PLAW"
# "2026-01-09 Introduced; 2026-02-01 Referred to Judiciary; with amendments"
_DATED = re.compile(r"(?:^|; )(?=\d{4}-\d{2}-\d{2} )")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2} ")


def read_bill(said: Said) -> Reading | None:
    """Follow a bill's actions from the first to its present status.

    A referral in the second chamber does not take it back behind its passage in the first.
    """
    if _LAW in said.labels:
        return reading(Stage.ENACTED, said.title)
    chambers = said.chambers
    present: Reading | None = None
    for words in _history(said):
        stage = stage_of_action(words, chambers)
        if stage is None:
            continue
        new = reading(stage, words)
        if present is None or advance(present.stage, new, ItemType.BILL) is not present.stage:
            present = new
    if present is None and not said.status:
        return read_hearing(said)
    return present


def _history(said: Said) -> Iterator[str]:
    """Give a bill's actions, oldest first, and its status at the end.

    BILLSTATUS files tell them without days, the newest first.
    """
    for name in ("actions", "history"):
        told = said.aside(name)
        if _DAY.match(told):
            yield from (_DAY.sub("", one) for one in _DATED.split(told) if one)
        else:
            yield from reversed(told.split("; "))
    yield said.status
    yield _DAY.sub("", said.fact("last_action"))


def read_council_item(said: Said) -> Reading | None:
    """Read a council's file: by its status, its enactment's number, a hearing that is ahead."""
    stage = stage_of_action(said.status, _COUNCIL, bill=False)
    number = said.fact("enactment number")
    if number and stage in {None, Stage.PASSED}:
        return reading(Stage.ENACTED, f"enactment number {number}")
    if stage:
        return reading(stage, said.status)
    return None if said.status else read_hearing(said)


def read_agenda_item(said: Said) -> Reading | None:
    """Read an item of an agenda: by its result, else it is set for the meeting."""
    by_committee = "committee" in said.office.lower()
    stage = stage_of_action(said.status, _COUNCIL, bill=False, by_committee=by_committee)
    if stage:
        return reading(stage, said.status)
    return None if said.status else read_hearing(said)
