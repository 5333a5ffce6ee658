"""Recognises the matter of an item that no official identifier of its publisher names.

    named    its words name a matter (HB 12, No. 1:25-cv-02757)       a guess, `mentions`
    alike    it tells the same as an item that is known               a guess, `traces` → judge

What a person has put apart stays apart, and a matter with another official name of the same kind
is another matter, however alike the words are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.models import Clues, Identifier, Item, Joining, Mention, Related
from monitor.store._pending import Likeness, Relation, judge, resolve
from monitor.store.coding import ITEM_COLUMNS, ITEM_WIDTH, item_of, moment
from monitor.store.connection import Connection

# A key that more items share than this tells little; the newest of them are looked at.
PER_KEY = 20
JUDGED = 8
SAID = 200
_MOST_RELATED = 3
_NEWEST = "SELECT item_id FROM traces WHERE key = ? AND item_id <> ? ORDER BY item_id DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Guess:
    """A matter that an item probably belongs to, and why, for people to audit."""

    matter: int
    how: Joining
    reason: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    matter: int
    item: Item


class Recognition:
    """What is known to recognise matters by; call `write` before the transaction ends."""

    def __init__(self, db: Connection, seen_at: str) -> None:
        self._db = db
        self._now = moment(seen_at)
        self._seen_at = seen_at
        self._fresh: dict[int, _Candidate] = {}
        self._keyed: dict[str, list[int]] = defaultdict(list)
        self._mentioned: list[tuple[int, Mention]] = []
        self._related: list[tuple[Any, ...]] = []

    def remember(self, item_id: int, matter: int, item: Item, clues: Clues) -> None:
        """Keep what an item may be recognised by."""
        if clues.keys:
            self._fresh[item_id] = _Candidate(item_id, matter, item)
            for key in clues.keys:
                self._keyed[key].append(item_id)
        self._mentioned.extend((item_id, mention) for mention in clues.mentions)

    def write(self) -> None:
        """Write what was remembered; the items' rows must be there."""
        self._db.write_many(
            "INSERT INTO traces (key, item_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(key, number) for key, numbers in self._keyed.items() for number in numbers],
        )
        self._db.write_many(
            "INSERT INTO mentions (scheme, value, scope, item_id, subject, field, said) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "subject = max(subject, excluded.subject)",
            [_mention_row(number, mention) for number, mention in self._mentioned],
        )
        self._db.write_many(
            "INSERT INTO related (item_id, other_id, reason, noticed_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            self._related,
        )
        self._fresh, self._keyed, self._mentioned, self._related = {}, defaultdict(list), [], []

    def forget(self, item_id: int) -> None:
        """Drop the clues of an item's earlier words."""
        self._db.write("DELETE FROM traces WHERE item_id = ?", (item_id,))
        self._db.write("DELETE FROM mentions WHERE item_id = ?", (item_id,))

    # ---------------------------------------------------------------------------------- by name

    def named(
        self, clues: Clues, item: Item, fresh: Iterable[tuple[Identifier, int]]
    ) -> Guess | None:
        """Find the matter that an item is about by the name that its words give.

        fresh: official names that this very transaction has given, with their matters. A name
        without its session is that of the present one; where two could be meant, none is.
        """
        for mention in clues.mentions:
            if not mention.subject:
                continue
            wanted = mention.identifier
            known = {name: (changed, matter) for name, changed, matter in self._official(wanted)}
            for name, matter in fresh:
                if (name.scheme, name.value) == (wanted.scheme, wanted.value):
                    known[name] = (self._now, matter)
            dated = tuple((name, changed) for name, (changed, _) in known.items())
            chosen = resolve(wanted, dated, item.published or self._now)
            if chosen is not None:
                reason = f"{mention.field} names {chosen}: {mention.said}"[:SAID]
                return Guess(known[chosen][1], Joining.NAMED, reason)
        return None

    def _official(self, wanted: Identifier) -> Iterator[tuple[Identifier, datetime, int]]:
        query = (
            "SELECT n.scope, m.last_changed, n.matter_id FROM matter_identifiers n "
            "JOIN matters m ON m.id = n.matter_id WHERE n.scheme = ? AND n.value = ? LIMIT 100"
        )
        for scope, changed, matter in self._db.rows(query, (wanted.scheme, wanted.value)):
            yield Identifier(wanted.scheme, scope, wanted.value), moment(changed), matter

    def naming(self, identifiers: Iterable[Identifier], when: datetime | None) -> Guess | None:
        """Find a matter without a name of its own whose items were about one of these names.

        So a bill finds the press release that came before it.
        """
        for identifier in identifiers:
            query = (
                "SELECT DISTINCT t.scope, t.said, i.matter_id FROM mentions t "
                "JOIN items i ON i.id = t.item_id WHERE t.scheme = ? AND t.value = ? "
                "AND t.subject = 1 AND NOT EXISTS "
                "(SELECT 1 FROM matter_identifiers n WHERE n.matter_id = i.matter_id) LIMIT 20"
            )
            present = when or self._now
            for scope, said, matter in self._db.rows(query, (identifier.scheme, identifier.value)):
                wanted = Identifier(identifier.scheme, scope, identifier.value)
                if resolve(wanted, ((identifier, self._now),), present):
                    reason = f"an item had named {identifier}: {said}"[:SAID]
                    return Guess(matter, Joining.NAMED, reason)
        return None

    # ---------------------------------------------------------------------------------- by look

    def alike(
        self, item: Item, item_id: int, clues: Clues
    ) -> tuple[list[Guess], tuple[Related, ...]]:
        """Find matters with an item that tells the same, the likeliest first.

        The second part names other matters whose text is the same although they are not.
        """
        same: dict[int, Likeness] = {}
        related: list[tuple[_Candidate, Likeness]] = []
        for candidate in self._candidates(item_id, clues.keys):
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
        guesses = [Guess(matter, Joining.ALIKE, found.reason[:SAID]) for matter, found in ranked]
        return guesses, self._others(item_id, related, set(same))

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


def _mention_row(item_id: int, mention: Mention) -> tuple[Any, ...]:
    name = mention.identifier
    return (
        name.scheme,
        name.value,
        name.scope,
        item_id,
        int(mention.subject),
        mention.field,
        mention.said[:SAID],
    )
