"""What documents gained, as a part of an item's change, and which filters make that change news."""

from __future__ import annotations

from dataclasses import replace

from monitor.documents import role_of
from monitor.models import FieldChange, Item, Late, Match, Passage
from monitor.store.values import Arrival
from monitor.text import digest
from monitor.wording import ADDED_LATE, READ_NOW

_MOST_PASSAGES = 5


def late_fields(late: Late | None) -> tuple[FieldChange, ...]:
    """Write the added lines, and what could be read at last, as changes of the item."""
    if late is None:
        return ()
    written = ((ADDED_LATE, late.text), (READ_NOW, late.read))
    return tuple(FieldChange(name, "", text) for name, text in written if text)


def late_states(late: Late | None, fingerprint: str) -> tuple[str, str]:
    """Name an item's state before and after its documents alone changed."""
    if late is None or not late.alone:
        return fingerprint, ""
    return digest(fingerprint, late.before), digest(fingerprint, late.after)


def telling(
    arrival: Arrival, fields: tuple[FieldChange, ...], known: Item, before: tuple[Match, ...]
) -> tuple[Match, ...]:
    """Choose the matches that make a change news.

    Where documents alone changed, or only stand at another address, those that lie in the added
    lines; what they say besides has been told. Else all of them, the added lines first.
    before: the matches that held so far. Words that were struck out are news to those who were
    told that they stood there.
    """
    late = arrival.late
    if late is None:
        return arrival.matches or before
    if late.alone or _is_reposted(late, fields, known, arrival.item):
        return late.matches
    return with_late(arrival.matches, late) or before


def with_late(matches: tuple[Match, ...], late: Late) -> tuple[Match, ...]:
    """Put the passages that were added late first, and the filters that hold on them alone."""
    added = {match.topic: match for match in late.matches}
    joined = [
        replace(match, passages=_passages(added.pop(match.topic), match))
        if match.topic in added
        else match
        for match in matches
    ]
    return (*joined, *added.values())


def _passages(late: Match, match: Match) -> tuple[Passage, ...]:
    """Leave out what the added lines quote already."""
    said = [passage.text for passage in late.passages]
    rest = tuple(
        passage
        for passage in match.passages
        if not any(text in passage.text or passage.text in text for text in said)
    )
    return (*late.passages, *rest)[:_MOST_PASSAGES]


def _is_reposted(late: Late, fields: tuple[FieldChange, ...], known: Item, item: Item) -> bool:
    """Say whether nothing but the addresses of the same documents changed."""
    names = {field.name for field in fields} - {ADDED_LATE}
    return late.reposted and names == {"attachments"} and _roles(known) == _roles(item)


def _roles(item: Item) -> list[str]:
    return sorted(role_of(one.title) for one in item.attachments)
