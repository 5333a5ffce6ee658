"""Which matter an item belongs to: official identifiers decide, then its words, then its look.

    official   one of its identifiers names a matter
    named      its words name a matter, or a nameless matter's words named it
    alike      it tells the same as an item of a matter
    else       it is a matter of its own

Two matters are never merged here because one item names both: that is noted for a person
(DESIGN decision 6). What was guessed is noted with its reason, and can be undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.matters.likeness import paper_keys
from monitor.models import (
    NO_CLUES,
    Clues,
    Direction,
    Identifier,
    Item,
    ItemType,
    Joining,
    Match,
    Related,
    Standing,
)
from monitor.store.connection import Connection
from monitor.store.names import Guess
from monitor.store.recognition import Recognition
from monitor.store.standing import Standings
from monitor.store.threads import mark_stale


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an item was put, and how the matter stood before; None where the item opened it."""

    matter: int
    how: Joining
    before: Standing | None = None
    related: tuple[Related, ...] = ()

    @property
    def opened(self) -> bool:
        """Say whether the matter is a new one."""
        return self.how is Joining.OPENED


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two matters that turned out to be one, the older first, and why."""

    older: int
    newer: int
    reason: str


class Groups:
    """Puts the items of one transaction into matters; call `write` before the transaction ends.

    New matters get their numbers at once and their rows together, which is what makes the first
    poll of many sources quick.
    """

    def __init__(self, db: Connection, seen_at: str) -> None:
        self._db = db
        self._seen_at = seen_at
        self._last = db.value("SELECT seq FROM sqlite_sequence WHERE name = 'matters'") or 0
        self._opened: list[tuple[Any, ...]] = []
        self._named: dict[Identifier, int] = {}
        self._names_of: dict[int, list[Identifier]] = defaultdict(list)
        self._notes: list[tuple[Any, ...]] = []
        self.bridges: list[Bridge] = []
        self._recognition = Recognition(db, seen_at)
        self.standings = Standings(db, seen_at)

    def place(
        self, item: Item, item_id: int, matches: tuple[Match, ...], clues: Clues = NO_CLUES
    ) -> Placing:
        """Put a new item into the matter that is its own, or into one that is opened for it."""
        guesses, related = self._found(item, item_id, clues)
        guess = guesses[0] if guesses else None
        if guess is None:
            matter = self._open(item, item_id, matches)
            placing = Placing(matter, Joining.OPENED, related=related)
        else:
            matter = guess.matter
            # What nobody was told of, and nobody will be, need not be known.
            counts = matches or item.watched or self.standings.matters_to_people(matter)
            before = self.standings.before(matter, item_id) if counts else None
            self.standings.join(matter, item_id, item, direction_of(matches))
            self._note(item_id, matter, None, "joined", guess)
            placing = Placing(matter, guess.how, before or Standing(), related)
            self._bridge(guess, guesses[1:])
        self._name(item, item_id, matter)
        self._recognition.remember(item_id, matter, item, clues)
        return placing

    def replace(
        self,
        item: Item,
        item_id: int,
        matter: int,
        matches: tuple[Match, ...],
        clues: Clues | None = NO_CLUES,
    ) -> Placing:
        """Keep a changed item in its matter, unless it is alone there and now names another one.

        A stub that was a matter of its own, without any identifier, moves to the matter that its
        full entry names. clues: of its present words; None where these are what they were.
        """
        target = self._named_elsewhere(item, matter)
        if target is not None and self._may_move(matter, item_id, target):
            self._note(item_id, target, matter, "moved", _FULL_ENTRY)
            self.write()
            retire(self._db, matter, target)
            matter = target
        before = self.standings.before(matter, item_id)
        self.standings.join(matter, item_id, item, direction_of(matches))
        self._name(item, item_id, matter)
        if clues is not None:
            self._recognition.forget(item_id)
            self._recognition.remember(item_id, matter, item, clues)
        return Placing(matter, Joining.KEPT, before)

    def write(self) -> None:
        """Write what was decided so far about matters; `write_clues` follows the items."""
        self._db.insert(
            "matters",
            "id, title, type, jurisdiction, url, status, direction, lead_item, first_seen, "
            "last_changed, stage, stage_said, stage_since",
            self._opened,
        )
        if self._named:
            self._db.write_many(
                "INSERT INTO matter_identifiers (scheme, scope, value, matter_id) "
                "VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [(n.scheme, n.scope, n.value, matter) for n, matter in self._named.items()],
            )
        self.standings.write()
        self._db.write_many(
            "INSERT INTO groupings (item_id, matter_id, from_matter, decision, reason, strength, "
            "decided_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            self._notes,
        )
        self._opened, self._notes = [], []
        self._named, self._names_of = {}, defaultdict(list)

    def write_clues(self) -> None:
        """Write what the items may be recognised by; their own rows must be there."""
        self._recognition.write()

    # ------------------------------------------------------------------------------------ finding

    def _bridge(self, home: Guess, others: Sequence[Guess]) -> None:
        """Note matters that an item shows to be one with its own: all three tell the same.

        Only likeness has made them two, no official name speaks of either, none of their items
        contradicts another, and no person has put them apart.
        """
        for other in others:
            older, newer = sorted((home.matter, other.matter))
            hindered = (
                self._is_named(older) or self._is_named(newer) or self._is_apart(older, newer)
            )
            if not hindered and self._recognition.agree(older, newer):
                self.bridges.append(Bridge(older, newer, other.reason))

    def _is_named(self, matter: int) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM matter_identifiers WHERE matter_id = ?)"
        return bool(self._names_of.get(matter)) or bool(self._db.value(query, (matter,)))

    def _is_apart(self, one: int, other: int) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM apart WHERE ? IN (one, other) AND ? IN (one, other))"
        return bool(self._db.value(query, (one, other)))

    def _found(
        self, item: Item, item_id: int, clues: Clues
    ) -> tuple[list[Guess], tuple[Related, ...]]:
        """Go down the ladder; the first rung that holds decides, the best guess first."""
        for identifier in item.identifiers:
            matter = self._matter_of(identifier)
            if matter is not None:
                official = Guess(matter, Joining.OFFICIAL, str(identifier))
                return [official], self._same_paper(item, item_id, clues, matter)
        if clues == NO_CLUES and not item.identifiers:
            return [], ()
        by_name = self._by_name(item, clues)
        if by_name is not None:
            return [by_name], ()
        guesses, related = self._recognition.alike(item, item_id, clues)
        fitting = [guess for guess in guesses if not self._differs(item, guess.matter)]
        if not fitting and item.type is ItemType.DOCKET_ENTRY:
            related += self._recognition.one_paper(guesses)
        return fitting, related

    def _same_paper(
        self, item: Item, item_id: int, clues: Clues, matter: int
    ) -> tuple[Related, ...]:
        """Find the other cases in which the very same paper was filed."""
        if item.type is not ItemType.DOCKET_ENTRY or not clues.keys:
            return ()
        guesses, _ = self._recognition.alike(item, item_id, Clues(keys=paper_keys(item)))
        return self._recognition.one_paper([one for one in guesses if one.matter != matter])

    def _by_name(self, item: Item, clues: Clues) -> Guess | None:
        if item.identifiers:
            return self._recognition.names.naming(item)
        return self._recognition.names.named(clues, item)

    def _differs(self, item: Item, matter: int) -> bool:
        """Say whether a matter has another official name of a kind that the item has too."""
        if not item.identifiers:
            return False
        own = {name.scheme for name in item.identifiers}
        others = list(self._names_of.get(matter, ()))
        rows = self._db.rows(
            "SELECT scheme, scope, value FROM matter_identifiers WHERE matter_id = ?", (matter,)
        )
        others += [Identifier(*row) for row in rows]
        return any(other.scheme in own and other not in item.identifiers for other in others)

    def _matter_of(self, identifier: Identifier) -> int | None:
        if identifier in self._named:
            return self._named[identifier]
        found: int | None = self._db.value(
            "SELECT matter_id FROM matter_identifiers WHERE scheme = ? AND scope = ? AND value = ?",
            (identifier.scheme, identifier.scope, identifier.value),
        )
        return found

    def _named_elsewhere(self, item: Item, matter: int) -> int | None:
        known = (self._matter_of(identifier) for identifier in item.identifiers)
        return next((other for other in known if other not in {None, matter}), None)

    def _may_move(self, matter: int, item_id: int, target: int) -> bool:
        """Say whether a matter is but this one item, and no person took it out of the other."""
        hindered = self._db.value(
            "SELECT EXISTS (SELECT 1 FROM matter_identifiers WHERE matter_id = ?) "
            "OR EXISTS (SELECT 1 FROM items WHERE matter_id = ? AND id <> ?)",
            (matter, matter, item_id),
        )
        return not (hindered or self._is_apart(matter, target))

    # ------------------------------------------------------------------------------------ writing

    def _open(self, item: Item, item_id: int, matches: tuple[Match, ...]) -> int:
        self._last += 1
        direction = direction_of(matches)
        stage = self.standings.open(self._last, item_id, item)
        self._recognition.open(self._last, item)
        self._opened.append(
            (
                self._last,
                item.title,
                item.type.value,
                item.jurisdiction,
                item.url,
                item.status,
                direction.value,
                item_id,
                self._seen_at,
                self._seen_at,
                stage.value if stage else "",
                item.stage_said if stage else "",
                self._seen_at if stage else None,
            )
        )
        return self._last

    def _name(self, item: Item, item_id: int, matter: int) -> None:
        for identifier in item.identifiers:
            other = self._matter_of(identifier)
            if other is None:
                self._named[identifier] = matter
                self._names_of[matter].append(identifier)
                self._recognition.names.give(identifier, matter, item)
            elif other != matter:
                left = Guess(other, Joining.OFFICIAL, str(identifier))
                self._note(item_id, matter, other, "left apart", left)

    def _note(
        self, item_id: int, matter: int, other: int | None, decision: str, why: Guess
    ) -> None:
        strength = "official" if why.how is Joining.OFFICIAL else "guess"
        note = (item_id, matter, other, decision, why.reason, strength, self._seen_at)
        self._notes.append(note)


_FULL_ENTRY = Guess(0, Joining.OFFICIAL, "its full entry names the matter")


def direction_of(matches: Iterable[Match]) -> Direction:
    """Tell which way the matches go: the first that says so decides."""
    said = (match.direction for match in matches if match.direction is not Direction.UNCLEAR)
    return next(said, Direction.UNCLEAR)


def retire(db: Connection, matter: int, target: int) -> None:
    """Move everything of one matter to another.

    Where both have a thread in a channel, the target's goes on, and the other one ends: its first
    message will point there. What was put apart from the one is apart from the other.
    """
    moved = (target, matter)
    db.write("UPDATE items SET matter_id = ? WHERE matter_id = ?", moved)
    db.write("UPDATE matter_identifiers SET matter_id = ? WHERE matter_id = ?", moved)
    db.write("UPDATE alerts SET matter_id = ? WHERE matter_id = ?", moved)
    db.write("UPDATE OR IGNORE threads SET matter_id = ? WHERE matter_id = ?", moved)
    db.write(
        "INSERT OR REPLACE INTO ended_threads (channel, reference, place, alert_id, matter_id, "
        "stale) SELECT channel, reference, place, alert_id, ?, 1 FROM threads WHERE matter_id = ?",
        moved,
    )
    db.write("DELETE FROM threads WHERE matter_id = ?", (matter,))
    # They pointed to a thread that may have ended itself.
    db.write("UPDATE ended_threads SET matter_id = ?, stale = 1 WHERE matter_id = ?", moved)
    mark_stale(db, target)
    db.write(
        "INSERT OR IGNORE INTO apart (one, other, decided_at) "
        "SELECT ?, iif(one = ?, other, one), decided_at FROM apart WHERE ? IN (one, other) "
        "AND ? NOT IN (one, other)",
        (target, matter, matter, target),
    )
    db.write("DELETE FROM apart WHERE ? IN (one, other)", (matter,))
    db.write("UPDATE matters SET merged_into = ? WHERE merged_into = ?", moved)
    db.write("UPDATE matters SET merged_into = ? WHERE id = ?", moved)
    db.write(
        "UPDATE matters AS t SET first_seen = min(t.first_seen, o.first_seen), "
        "told_at = coalesce(min(t.told_at, o.told_at), t.told_at, o.told_at) "
        "FROM matters AS o WHERE o.id = ? AND t.id = ?",
        (matter, target),
    )
