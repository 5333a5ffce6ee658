"""Puts an item's statements together: codes to their calls, each once, contradictions undecided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from monitor.dates import local
from monitor.models import Contact, ContactKind
from monitor.participation.contacts import is_joined, room_of
from monitor.participation.statements import Heard
from monitor.text import fold

DEADLINES = (ContactKind.COMMENT_DEADLINE, ContactKind.SPEAK_DEADLINE)
_LINKS = {ContactKind.FORM, ContactKind.VIDEO}
_MOST = {
    ContactKind.COMMENT_DEADLINE: 4,
    ContactKind.SPEAK_DEADLINE: 3,
    ContactKind.EMAIL: 3,
    ContactKind.PHONE: 2,
    ContactKind.FORM: 3,
    ContactKind.VIDEO: 3,
    ContactKind.IN_PERSON: 1,
    ContactKind.ACCOMMODATION: 2,
}
_NEAR = 6
_MOST_CODES = 3
_ID = "meeting ID"


def gathered(given: Sequence[Contact], heard: Iterable[Heard]) -> tuple[Contact, ...]:
    """Return what is told, by kind in the order of `ContactKind`, a few of each.

    given: the publisher's own fields; they come first. Deadlines of one kind that contradict each
    other are all kept, without their times.
    """
    held: dict[tuple[str, ...], Contact] = {}
    for one in (*given, *_coded([*heard])):
        key = _key(one)
        if key not in held or (one.code and not held[key].code):
            held[key] = one
    reached = {key[1] for key in held if key[0] in {ContactKind.EMAIL, ContactKind.PHONE}}
    kept: list[Contact] = []
    for kind in ContactKind:
        of_kind = [
            one
            for key, one in held.items()
            if one.kind is kind and not (kind is ContactKind.ACCOMMODATION and key[1] in reached)
        ]
        kept += (_settled(of_kind) if kind in DEADLINES else of_kind)[: _MOST[kind]]
    return tuple(kept)


def _key(one: Contact) -> tuple[str, ...]:
    """Name a statement so that another writing of it has the same name."""
    if one.kind in DEADLINES:
        return one.kind, f"{one.due} {one.all_day}" if one.due else fold(one.value)
    if one.kind is ContactKind.IN_PERSON:
        return one.kind, ""
    if one.kind in _LINKS:
        plain = re.sub(r"^https?://(?:www\.)?", "", one.value, flags=re.IGNORECASE).rstrip("/")
        return one.kind, room_of(one.value) or plain.partition("?")[0].casefold()
    if "@" in one.value:
        return one.kind, one.value.casefold()
    return one.kind, re.sub(r"\D", "", one.value)[-10:] if len(one.value) < 20 else one.value  # noqa: PLR2004


def _settled(found: Sequence[Contact]) -> list[Contact]:
    """Take the times from deadlines that contradict each other; a day says less than its hour."""
    timed = {local(one.due, one.timezone).date() for one in found if one.due and not one.all_day}
    kept = [
        one
        for one in found
        if not (one.due and one.all_day and local(one.due, one.timezone).date() in timed)
    ]
    if len({(one.due, one.all_day) for one in kept if one.due}) > 1:
        return [replace(one, due=None, all_day=False) for one in kept]
    return sorted(kept, key=lambda one: one.due is None)


def _coded(heard: Sequence[Heard]) -> Iterator[Contact]:
    """Give each call and video meeting the codes that stand beside it.

    Where a block holds two codes of one sort, each call gets those that follow it, and no others.
    """
    for block in _blocks(heard):
        pairs = [*dict.fromkeys((one.label, one.code) for one in block if one.code)]
        is_mixed = len({label for label, _ in pairs}) < len(pairs)
        for place, one in enumerate(block):
            if one.contact is not None:
                own = [*_following(block[place + 1 :])] if is_mixed else pairs
                yield _with_codes(one.contact, own)


def _following(rest: Sequence[Heard]) -> Iterator[tuple[str, str]]:
    for one in rest:
        if one.contact is not None and is_joined(one.contact):
            return
        if one.code:
            yield one.label, one.code


def _with_codes(contact: Contact, pairs: list[tuple[str, str]]) -> Contact:
    if not is_joined(contact):
        return contact
    room = room_of(contact.value)
    wanted = [(label, code) for label, code in pairs if not (room and label == _ID)]
    return replace(contact, code=", ".join([" ".join(pair) for pair in wanted[:_MOST_CODES]]))


def _blocks(heard: Sequence[Heard]) -> Iterator[list[Heard]]:
    """Keep together what stands together, and apart what belongs to two meetings."""
    block: list[Heard] = []
    last, meeting = -_NEAR, ""
    for one in heard:
        is_of_call = bool(one.code) or (one.contact is not None and is_joined(one.contact))
        own = _meeting_number(one)
        if is_of_call and ((own and meeting and own != meeting) or one.number - last > _NEAR):
            yield block
            block, meeting = [], ""
        block.append(one)
        if is_of_call:
            last = one.number
        meeting = own or meeting
    yield block


def _meeting_number(one: Heard) -> str:
    if one.contact is not None:
        return room_of(one.contact.value)
    return one.code.replace(" ", "") if one.label == _ID else ""
