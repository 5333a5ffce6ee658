"""Says in English what happened to a matter, in one short sentence for each thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.models import Hearing, ItemType, Turn, TurnKind
from monitor.stages import stage_words
from monitor.text import fold, mask_private, one_line
from monitor.wording import HEARINGS, TYPES, field_name, hearing_time

_LIMIT = 240
_QUOTE = 120
_NEW = {
    ItemType.FEDERAL_REGISTER: "New in the Federal Register",
    ItemType.NEWS: "New story",
    ItemType.PAGE_CHANGE: "Page changed",
    ItemType.ROW: "New in a list",
    ItemType.AGENDA_ITEM: "New on an agenda",
}
_GONE = {
    ItemType.MEETING: "Taken off the calendar",
    ItemType.AGENDA_ITEM: "Taken off the agenda",
}
_BACK = {
    ItemType.MEETING: "Back on the calendar",
    ItemType.AGENDA_ITEM: "Back on the agenda",
}
_FIXED = {
    TurnKind.AMENDED: "Text amended",
    TurnKind.RETITLED: "Retitled",
    TurnKind.DOCUMENTS: "Documents changed",
    TurnKind.ADDED_LATE: "Added late to the agenda",
    TurnKind.READ_NOW: "The agenda can be read now",
}


def sentence(turn: Turn, type_: ItemType) -> str:
    """Say one thing that happened to a matter of this type, without a full stop."""
    return one_line(mask_private(_said(turn, type_)), _LIMIT)


def _said(turn: Turn, type_: ItemType) -> str:
    if turn.kind in _FIXED:
        return _FIXED[turn.kind]
    return _WORDS[turn.kind](turn, type_)


def _new(turn: Turn, type_: ItemType) -> str:
    del turn
    return _NEW.get(type_) or f"New {TYPES[type_].lower()}"


def _stage(turn: Turn, type_: ItemType) -> str:
    words = stage_words(turn.stage, type_) if turn.stage else "Another stage"
    said = fold(turn.new)
    if not said or said in fold(words) or fold(words) == said:
        return words
    return f"{words} (“{one_line(turn.new, _QUOTE)}”)"


def _date(turn: Turn, type_: ItemType) -> str:
    del type_
    if turn.hearing is None:
        return "Date called off" if turn.kind is TurnKind.DATE_CANCELLED else "Dates changed"
    word, when = HEARINGS.get(turn.hearing.kind, "Date"), hearing_time(turn.hearing)
    if turn.kind is TurnKind.DATE_CANCELLED:
        return f"Cancelled: {word.lower()} {when}".rstrip()
    if turn.kind is TurnKind.DATE_MOVED:
        return f"{word} moved to {when}"
    return f"{word} set for {when}" if _is_meeting(turn.hearing) else f"{word} {when}"


def _is_meeting(hearing: Hearing) -> bool:
    return hearing.kind in {"hearing", "meeting"}


def _filed(turn: Turn, type_: ItemType) -> str:
    del type_
    ruling = stage_words(turn.stage, ItemType.DOCKET_ENTRY) if turn.stage else ""
    quoted = f"“{one_line(turn.new, _QUOTE)}”" if turn.new else ""
    if fold(turn.new) in fold(ruling):
        quoted = ""
    chief = f"{ruling} ({quoted})" if ruling and quoted else ruling or quoted
    if turn.count == 1:
        return f"Filed: {chief}" if chief else "One paper filed"
    return f"{turn.count} papers filed" + (f", the weightiest: {chief}" if chief else "")


def _value(turn: Turn, type_: ItemType) -> str:
    del type_
    name = "Status" if turn.kind is TurnKind.STATUS else field_name(turn.name)
    if turn.old and turn.new:
        return f"{name}: {one_line(turn.old, _QUOTE)} → {one_line(turn.new, _QUOTE)}"
    return f"{name}: {one_line(turn.new, _QUOTE) or 'none any more'}"


def _reported(turn: Turn, type_: ItemType) -> str:
    del type_
    # It may be the source that opened the matter.
    if turn.count > 1:
        return f"{turn.count} further reports by {turn.new}"
    return f"Further report by {turn.new}"


def _gone(turn: Turn, type_: ItemType) -> str:
    del turn
    return _GONE.get(type_, "No longer listed")


def _back(turn: Turn, type_: ItemType) -> str:
    del turn
    return _BACK.get(type_, "Listed again")


_WORDS: Mapping[TurnKind, Callable[[Turn, ItemType], str]] = {
    TurnKind.NEW: _new,
    TurnKind.STAGE: _stage,
    TurnKind.DATE_SET: _date,
    TurnKind.DATE_MOVED: _date,
    TurnKind.DATE_CANCELLED: _date,
    TurnKind.FILED: _filed,
    TurnKind.REPORTED: _reported,
    TurnKind.GONE: _gone,
    TurnKind.LISTED_AGAIN: _back,
    TurnKind.STATUS: _value,
    TurnKind.FIELD: _value,
}
