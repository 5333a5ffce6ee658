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
from datetime import datetime, timedelta
from typing import Any

from monitor.matters.likeness import Likeness, Relation, conflict, judge
from monitor.matters.naming import Known, Lookup, lookup, resolve, scope_parts
from monitor.models import Clues, Identifier, Item, Joining, Mention, Related
from monitor.store.coding import ITEM_COLUMNS, ITEM_WIDTH, item_of, moment, stamp
from monitor.store.connection import Connection

# A key that more items share than this tells little; the newest of them are looked at.
PER_KEY = 20
JUDGED = 8
SAID = 200
_MOST_RELATED = 3
_MOST_KNOWN = 50
# How long two texts that name one bill without its session can mean the same bill.
_STILL = timedelta(days=240)
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
        self._subjects: dict[Identifier, int] = {}

    def remember(self, item_id: int, matter: int, item: Item, clues: Clues) -> None:
        """Keep what an item may be recognised by."""
        if clues.keys:
            self._fresh[item_id] = _Candidate(item_id, matter, item)
            for key in clues.keys:
                self._keyed[key].append(item_id)
        self._mentioned.extend((item_id, mention) for mention in clues.mentions)
        for mention in clues.mentions:
            if mention.subject:
                self._subjects.setdefault(mention.identifier, matter)

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
        self._subjects = {}

    def forget(self, item_id: int) -> None:
        """Drop the clues of an item's earlier words."""
        self._db.write("DELETE FROM traces WHERE item_id = ?", (item_id,))
        self._db.write("DELETE FROM mentions WHERE item_id = ?", (item_id,))

    # ---------------------------------------------------------------------------------- by name

    def named(
        self, clues: Clues, item: Item, fresh: Iterable[tuple[Identifier, int]]
    ) -> Guess | None:
        """Find the matter that an item is about by the name that its words give.

        fresh: official names that this very transaction has given, with their matters. Where two
        matters could be meant, none is.
        """
        when = item.published or self._now
        for mention in clues.mentions:
            if not mention.subject:
                continue
            wanted = lookup(mention.identifier, when)
            known = [*self._official(wanted), *self._just_named(wanted, fresh)]
            chosen = resolve(mention.identifier, known, when)
            if chosen is not None:
                reason = f"{mention.field} names {chosen.identifier}: {mention.said}"
                return Guess(chosen.matter, Joining.NAMED, reason[:SAID])
            matter = self._named_alike(mention.identifier, when)
            if matter is not None:
                reason = f"both name {mention.identifier}: {mention.said}"
                return Guess(matter, Joining.NAMED, reason[:SAID])
        return None

    def _named_alike(self, name: Identifier, when: datetime) -> int | None:
        """Find the matter of an item that is about the same name, which no record has given yet."""
        if name in self._subjects:
            return self._subjects[name]
        found: int | None = self._db.value(
            "SELECT i.matter_id FROM mentions t JOIN items i ON i.id = t.item_id "
            "WHERE t.scheme = ? AND t.value = ? AND t.scope = ? AND t.subject = 1 "
            "AND coalesce(i.published, i.first_seen) BETWEEN ? AND ? ORDER BY i.id DESC LIMIT 1",
            (name.scheme, name.value, name.scope, stamp(when - _STILL), stamp(when + _STILL)),
        )
        return found

    def _official(self, wanted: Lookup) -> Iterator[Known]:
        condition, values = _valued("n", wanted)
        query = (
            "SELECT n.scheme, n.scope, n.value, n.matter_id, m.jurisdiction, m.last_changed "  # noqa: S608
            "FROM matter_identifiers n JOIN matters m ON m.id = n.matter_id "
            f"WHERE {condition} AND substr(n.scope, 1, length(?)) = ? LIMIT {_MOST_KNOWN}"
        )
        rows = self._db.rows(query, (*values, wanted.scope, wanted.scope))
        for scheme, scope, value, matter, jurisdiction, changed in rows:
            name = Identifier(scheme, scope, value)
            yield Known(name, matter, jurisdiction, moment(changed))

    def _just_named(
        self, wanted: Lookup, fresh: Iterable[tuple[Identifier, int]]
    ) -> Iterator[Known]:
        for name, matter in fresh:
            is_prefixed = wanted.prefix and name.value.startswith(wanted.prefix)
            if name.scheme == wanted.scheme and (is_prefixed or name.value in wanted.values):
                yield Known(name, matter, scope_parts(name.scope)[0], self._now)

    def naming(self, item: Item) -> Guess | None:
        """Find a matter without an official name whose items were about what an item is.

        So a bill finds the press release that came before it.
        """
        when = item.published or self._now
        for identifier in item.identifiers:
            condition, values = _valued("t", lookup(identifier, when))
            query = (
                "SELECT DISTINCT t.scope, t.value, t.said, i.matter_id FROM mentions t "  # noqa: S608
                f"JOIN items i ON i.id = t.item_id WHERE {condition} "
                "AND t.subject = 1 AND NOT EXISTS "
                "(SELECT 1 FROM matter_identifiers n WHERE n.matter_id = i.matter_id) "
                f"ORDER BY i.id LIMIT {_MOST_KNOWN}"
            )
            this = (Known(identifier, 0, item.jurisdiction, self._now),)
            for scope, value, said, matter in self._db.rows(query, values):
                if resolve(Identifier(identifier.scheme, scope, value), this, when):
                    reason = f"an earlier item had named {identifier}: {said}"[:SAID]
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
        guesses = [
            Guess(matter, Joining.ALIKE, found.reason[:SAID])
            for matter, found in ranked
            if not self._contradicts(item, matter)
        ]
        return guesses, self._others(item_id, related, set(same))

    def _contradicts(self, item: Item, matter: int) -> bool:
        """Say whether an item cannot be of the matter, by the item that names the matter."""
        row = self._db.row(
            f"SELECT {ITEM_COLUMNS} FROM items "  # noqa: S608
            "WHERE id = (SELECT lead_item FROM matters WHERE id = ?)",
            (matter,),
        )
        return row is not None and bool(conflict(item, item_of(row)))

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


def _valued(table: str, wanted: Lookup) -> tuple[str, list[str]]:
    """Write the condition that a name has one of the values, or begins so."""
    if wanted.prefix:
        condition = f"{table}.scheme = ? AND {table}.value >= ? AND {table}.value < ?"
        return condition, [wanted.scheme, wanted.prefix, wanted.prefix + "\U0010ffff"]
    marks = ", ".join("?" * len(wanted.values))
    return f"{table}.scheme = ? AND {table}.value IN ({marks})", [wanted.scheme, *wanted.values]


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
