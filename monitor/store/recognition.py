"""Recognises the matter of an item that no official identifier of its publisher names.

    named    its words name a matter (HB 12, No. 1:25-cv-02757)       a guess, `mentions` (names)
    alike    it tells the same as an item that is known               a guess, `traces` → judge

A matter with another official name of the same kind is another matter, however alike the words
are, and so is one of whose items one speaks against the new one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from monitor.matters.likeness import Likeness, Relation, conflict, judge
from monitor.models import Clues, Item, Joining, Related
from monitor.store.coding import ITEM_COLUMNS, ITEM_WIDTH, item_of, moment
from monitor.store.connection import Connection
from monitor.store.names import SAID, Guess, Names
from monitor.store.standing import leads

# A key that more items share than this tells little; the newest of them are looked at.
PER_KEY = 20
JUDGED = 8
_MOST_RELATED = 3
_NEWEST = "SELECT item_id FROM traces WHERE key = ? AND item_id <> ? ORDER BY item_id DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    matter: int
    item: Item


class Recognition:
    """What is known to recognise matters by; call `write` before the transaction ends."""

    def __init__(self, db: Connection, seen_at: str) -> None:
        self._db = db
        self._seen_at = seen_at
        self.names = Names(db, moment(seen_at))
        self._begin()

    def _begin(self) -> None:
        self._fresh: dict[int, _Candidate] = {}
        self._keyed: dict[str, list[int]] = defaultdict(list)
        self._related: list[tuple[Any, ...]] = []
        self._leads: dict[int, Item | None] = {}

    def remember(self, item_id: int, matter: int, item: Item, clues: Clues) -> None:
        """Keep what an item may be recognised by."""
        if clues.keys:
            self._fresh[item_id] = _Candidate(item_id, matter, item)
            for key in clues.keys:
                self._keyed[key].append(item_id)
        lead = self._leads.get(matter)
        if lead is not None and leads(item, lead):
            self._leads[matter] = item
        self.names.remember(item_id, matter, item, clues)

    def open(self, matter: int, item: Item) -> None:
        """Note the item that opens a matter."""
        self._leads[matter] = item

    def write(self) -> None:
        """Write what was remembered; the items' rows must be there."""
        self._db.write_many(
            "INSERT INTO traces (key, item_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(key, number) for key, numbers in self._keyed.items() for number in numbers],
        )
        self._db.write_many(
            "INSERT INTO related (item_id, other_id, reason, noticed_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            self._related,
        )
        self.names.write()
        self._begin()

    def forget(self, item_id: int) -> None:
        """Drop the clues of an item's earlier words."""
        self._db.write("DELETE FROM traces WHERE item_id = ?", (item_id,))
        self.names.forget(item_id)

    # ---------------------------------------------------------------------------------- by look

    def alike(
        self, item: Item, item_id: int, clues: Clues
    ) -> tuple[list[Guess], tuple[Related, ...]]:
        """Find matters with an item that tells the same, the likeliest first.

        The second part names other matters whose text is the same although they are not.
        """
        same: dict[int, Likeness] = {}
        related: list[tuple[_Candidate, Likeness]] = []
        candidates = self._candidates(item_id, clues.keys)
        for candidate in candidates:
            likeness = judge(item, candidate.item)
            if likeness is None:
                continue
            if likeness.relation is Relation.SAME:
                best = same.get(candidate.matter)
                if best is None or best.score < likeness.score:
                    same[candidate.matter] = likeness
            else:
                related.append((candidate, likeness))
        ranked = sorted(same.items(), key=lambda pair: (-pair[1].score, pair[0]))
        guesses = [
            Guess(matter, Joining.ALIKE, found.reason[:SAID])
            for matter, found in ranked
            if not self._contradicts(item, matter, candidates)
        ]
        return guesses, self._others(item_id, related, set(same))

    def _contradicts(self, item: Item, matter: int, candidates: list[_Candidate]) -> bool:
        """Say whether an item cannot be of a matter, by those looked at and the one that leads."""
        own = (one.item for one in candidates if one.matter == matter)
        if any(conflict(item, other) for other in own):
            return True
        lead = self._lead(matter)
        return lead is not None and bool(conflict(item, lead))

    def agree(self, one: int, other: int) -> bool:
        """Say whether none of the items looked at of two matters contradicts another."""
        these, those = self._witnesses(one), self._witnesses(other)
        return not any(conflict(item, twin) for item in these for twin in those)

    def _witnesses(self, matter: int) -> list[Item]:
        """Return the newest items of a matter, and the one that leads."""
        fresh = [one.item for one in self._fresh.values() if one.matter == matter]
        rows = self._db.rows(
            f"SELECT {ITEM_COLUMNS} FROM items WHERE matter_id = ? ORDER BY id DESC LIMIT ?",  # noqa: S608
            (matter, JUDGED),
        )
        lead = self._lead(matter)
        return [*fresh[-JUDGED:], *map(item_of, rows), *([lead] if lead else [])]

    def _lead(self, matter: int) -> Item | None:
        """Return the item that names a matter, as it will stand when all is written."""
        if matter not in self._leads:
            row = self._db.row(
                f"SELECT {ITEM_COLUMNS} FROM items "  # noqa: S608
                "WHERE id = (SELECT lead_item FROM matters WHERE id = ?)",
                (matter,),
            )
            self._leads[matter] = None if row is None else item_of(row)
        return self._leads[matter]

    def _candidates(self, item_id: int, keys: tuple[str, ...]) -> list[_Candidate]:
        """Choose the few items that share the most keys, the newest of them first."""
        shared: Counter[int] = Counter()
        for key in keys:
            numbers = [n for n in self._keyed.get(key, ())[-PER_KEY:] if n != item_id]
            room = PER_KEY - len(numbers)
            if room > 0:
                numbers += [n for (n,) in self._db.rows(_NEWEST, (key, item_id, room))]
            shared.update(numbers)
        chosen = sorted(shared, key=lambda n: (-shared[n], -n))[:JUDGED]
        return self._loaded(chosen)

    def _loaded(self, numbers: list[int]) -> list[_Candidate]:
        stored = [n for n in numbers if n not in self._fresh]
        found = {n: self._fresh[n] for n in numbers if n in self._fresh}
        if stored:
            marks = ", ".join("?" * len(stored))
            rows = self._db.rows(
                f"SELECT {ITEM_COLUMNS}, id, matter_id FROM items WHERE id IN ({marks})",  # noqa: S608
                stored,
            )
            for row in rows:
                number, matter = row[ITEM_WIDTH:]
                found[number] = _Candidate(number, matter, item_of(row))
        return [found[number] for number in numbers if number in found]

    def _others(
        self, item_id: int, related: list[tuple[_Candidate, Likeness]], same: set[int]
    ) -> tuple[Related, ...]:
        """Name each other matter with the same text once."""
        found: dict[int, Related] = {}
        for candidate, likeness in sorted(related, key=lambda pair: -pair[1].score):
            if candidate.matter in same or candidate.matter in found:
                continue
            other = candidate.item
            found[candidate.matter] = Related(
                candidate.matter, other.title, other.jurisdiction, other.url, likeness.reason
            )
            self._related.append((item_id, candidate.id, likeness.reason[:SAID], self._seen_at))
        return tuple(found.values())[:_MOST_RELATED]
