"""Puts matters together that a new item has shown to be one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from monitor.store.connection import Connection
from monitor.store.grouping import Bridge, retire
from monitor.store.rebuilding import rebuild
from monitor.store.values import StoredItem


def bridge(
    db: Connection,
    bridges: Iterable[Bridge],
    items: Callable[[int], Sequence[StoredItem]],
    seen_at: str,
) -> Mapping[int, int]:
    """Merge each pair into its older matter; return where each of the others went.

    items: lists those of a matter. The rows of all items and matters must be there.
    """
    gone: dict[int, int] = {}
    for found in bridges:
        pair = {_final(found.older, gone), _final(found.newer, gone)}
        if len(pair) == 1:
            continue
        target, other = sorted(pair)
        for stored in items(other):
            db.write(
                "INSERT INTO groupings (item_id, matter_id, from_matter, decision, reason, "
                "strength, decided_at) VALUES (?, ?, ?, 'moved', ?, 'guess', ?)",
                (stored.id, target, other, found.reason, seen_at),
            )
        retire(db, other, target)
        rebuild(db, target, items(target))
        gone[other] = target
    return {matter: _final(matter, gone) for matter in gone}


def _final(matter: int, gone: Mapping[int, int]) -> int:
    """Follow a matter through all that it went into."""
    while matter in gone:
        matter = gone[matter]
    return matter
