"""Lets the items of an agenda say how to comment as their meeting says it.

A meeting's notice stands on its agenda's first page, and the items are what is alerted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.models import Contact, Item, ItemType
from monitor.participation.gathering import gathered
from monitor.participation.reading import with_dates

_Held = tuple[str, datetime]


def shared(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return items in their order; those on an agenda also say what their meeting says.

    A meeting is theirs where the body and the minute are the same; of two such, neither is.
    """
    told: dict[_Held, set[tuple[Contact, ...]]] = {}
    for item in items:
        if item.type is ItemType.MEETING:
            for held in _held(item):
                told.setdefault(held, set()).add(item.participation)
    return tuple(_as_told(item, told) for item in items)


def _held(item: Item) -> Iterable[_Held]:
    return {
        (item.office, one.starts)
        for one in item.hearings
        if one.starts and not one.all_day and not one.derived and not one.cancelled
    }


def _as_told(item: Item, told: dict[_Held, set[tuple[Contact, ...]]]) -> Item:
    if item.type is not ItemType.AGENDA_ITEM:
        return item
    found = [said for held in _held(item) for said in told.get(held, ())]
    if len(found) != 1 or not found[0]:
        return item
    return with_dates(item, gathered((*item.participation, *found[0]), ()))
