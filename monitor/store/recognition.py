"""Recognises the matter of an item that no official identifier of its publisher names.

    named    its words name a matter (HB 12, No. 1:25-cv-02757)       a guess, `mentions` (names)
    alike    it tells the same as an item that is known               a guess, `traces` → judge

A matter with another official name of the same kind is another matter, however alike the words
are, and so is one of whose items one speaks against the new one.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
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
# Stories resemble each other in chains. Who would join a crowd must be like the item that leads it.
_CROWD = 25
# Candidates are kept until the transaction ends: items of one poll resemble the same ones.
_KEPT = 300
# As many of each of two matters must not contradict each other, beside the items that lead them.
_WITNESSES = 3
_NEWEST = (
    "SELECT wanted.value, (SELECT json_group_array(item_id) FROM (SELECT item_id FROM traces "  # noqa: S608
    f"WHERE key = wanted.value AND item_id <> ? ORDER BY item_id DESC LIMIT {PER_KEY})) "
    "FROM json_each(?) AS wanted"
)


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
        self._members: dict[int, list[int]] = defaultdict(list)
        self._stored: dict[int, _Candidate] = {}

    def remember(self, item_id: int, matter: int, item: Item, clues: Clues) -> None:
        """Keep what an item may be recognised by."""
        if clues.keys:
            self._fresh[item_id] = _Candidate(item_id, matter, item)
            self._members[matter].append(item_id)
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

    def one_paper(self, guesses: Sequence[Guess]) -> tuple[Related, ...]:
        """Name the cases in which a paper was filed, too, as the items say that lead them."""
        leads_of = ((guess, self._lead(guess.matter)) for guess in guesses)
        return tuple(
            Related(
                guess.matter, lead.title, lead.jurisdiction, lead.url, guess.reason, one_paper=True
            )
            for guess, lead in leads_of
            if lead is not None
        )

    def _contradicts(self, item: Item, matter: int, candidates: list[_Candidate]) -> bool:
        """Say whether an item cannot be of a matter, by those looked at and the one that leads."""
        own = (one.item for one in candidates if one.matter == matter)
        if any(conflict(item, other) for other in own):
            return True
        lead = self._lead(matter)
        if lead is None:
            return False
        return bool(conflict(item, lead)) or (self._is_crowded(matter) and not _same(item, lead))

    def _is_crowded(self, matter: int) -> bool:
        """Say whether so many items tell of a matter that likeness to any one of them is chance."""
        fresh = len(self._members.get(matter, ()))
        query = "SELECT EXISTS (SELECT 1 FROM items WHERE matter_id = ? LIMIT 1 OFFSET ?)"
        return fresh >= _CROWD or bool(self._db.value(query, (matter, _CROWD - fresh - 1)))

    def agree(self, one: int, other: int) -> bool:
        """Say whether none of the items looked at of two matters contradicts another."""
        if self._is_crowded(one) or self._is_crowded(other):
            return False
        these, those = self._witnesses(one), self._witnesses(other)
        return not any(conflict(item, twin) for item in these for twin in those)

    def _witnesses(self, matter: int) -> list[Item]:
        """Return the newest items of a matter, and the one that leads."""
        own = self._members.get(matter, [])[-_WITNESSES:]
        room = _WITNESSES - len(own)
        if room:
            rows = self._db.rows(
                "SELECT id FROM items WHERE matter_id = ? ORDER BY id DESC LIMIT ?", (matter, room)
            )
            own = [*own, *(number for (number,) in rows)]
        items = [one.item for one in self._loaded(own)]
        lead = self._lead(matter)
        return [lead, *(one for one in items if one != lead)] if lead else items

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
        if not keys:
            return []
        for key, stored in self._db.rows(_NEWEST, (item_id, json.dumps(keys))):
            fresh = [n for n in self._keyed.get(key, ())[: -PER_KEY - 1 : -1] if n != item_id]
            shared.update([*fresh, *json.loads(stored)][:PER_KEY])
        chosen = sorted(shared, key=lambda n: (-shared[n], -n))[:JUDGED]
        return self._loaded(chosen)

    def _loaded(self, numbers: list[int]) -> list[_Candidate]:
        unread = [n for n in numbers if n not in self._fresh and n not in self._stored]
        if unread:
            marks = ", ".join("?" * len(unread))
            rows = self._db.rows(
                f"SELECT {ITEM_COLUMNS}, id, matter_id FROM items WHERE id IN ({marks})",  # noqa: S608
                unread,
            )
            if len(self._stored) > _KEPT:
                self._stored = {n: self._stored[n] for n in numbers if n in self._stored}
            for row in rows:
                number, matter = row[ITEM_WIDTH:]
                self._stored[number] = _Candidate(number, matter, item_of(row))
        found = (self._fresh.get(number) or self._stored.get(number) for number in numbers)
        return [one for one in found if one is not None]

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


def _same(item: Item, other: Item) -> bool:
    found = judge(item, other)
    return found is not None and found.relation is Relation.SAME
