"""Groups items in memory, as a store would that got them one after another, with its bounds.

for each item: its keys -> the newest twenty items of each -> the eight that share most keys
               -> judge -> the likest matter that none of its items speaks against; else a
               matter of its own
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from monitor.matters.likeness import Relation, conflict, judge, keys
from monitor.models import Item

# As many stored items of one key are looked at, newest first.
CANDIDATES = 20
# Of these, so many are judged: those that share most keys, and of equals the newest.
MOST = 8
# As many items of one matter may speak against a newcomer: its first and its last.
_WITNESSES = 8


def group(items: Sequence[Item], *, bridging: bool = True) -> list[int]:
    """Return for each item the number of its matter, from 0 in order of appearance.

    bridging: an item that is the same as items of two matters joins these too, where none of their
    items contradicts another; without it the older matter takes the item alone.
    """
    index: dict[str, list[int]] = defaultdict(list)
    matter_of: list[int] = []
    members: dict[int, list[int]] = {}
    for number, item in enumerate(items):
        own = keys(item)
        liked = _liked(items, item, own, index, matter_of)
        home = next((one for one in liked if _fits(items, [number], members[one])), number)
        members.setdefault(home, []).append(number)
        matter_of.append(home)
        for other in liked if bridging else ():
            if other != home and _fits(items, members[other], members[home]):
                _move(members, matter_of, other, home)
        for key in own:
            index[key].append(number)
    return matter_of


def _liked(
    items: Sequence[Item],
    item: Item,
    own: tuple[str, ...],
    index: dict[str, list[int]],
    matter_of: list[int],
) -> list[int]:
    """Return the matters of which some item is the same, the likest first."""
    shared = Counter(old for key in own for old in index[key][: -CANDIDATES - 1 : -1])
    near = sorted(shared, key=lambda old: (-shared[old], -old))[:MOST]
    best: dict[int, float] = {}
    for old in near:
        found = judge(item, items[old])
        if found and found.relation is Relation.SAME:
            best[matter_of[old]] = max(best.get(matter_of[old], 0.0), found.score)
    return sorted(best, key=lambda matter: (-best[matter], matter))


def _fits(items: Sequence[Item], newcomers: list[int], settled: list[int]) -> bool:
    """Say whether no item of one matter speaks against an item of the other."""
    return not any(
        conflict(items[new], items[old])
        for new in _witnesses(newcomers)
        for old in _witnesses(settled)
    )


def _witnesses(members: list[int]) -> list[int]:
    return members if len(members) <= _WITNESSES else [members[0], *members[1 - _WITNESSES :]]


def _move(members: dict[int, list[int]], matter_of: list[int], other: int, home: int) -> None:
    for number in members.pop(other):
        members[home].append(number)
        matter_of[number] = home
