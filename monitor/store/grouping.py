"""Which matter an item belongs to: official identifiers decide, else it is a matter of its own.

Two matters are never merged here because one item names both: that is noted for a person
(DESIGN decision 6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from monitor.models import Direction, Identifier, Item, ItemType, Match
from monitor.store.connection import Connection

# What names a matter best: the thing itself, then what is done about it, then what is said of it.
_RANK = {
    ItemType.BILL: 0,
    ItemType.COUNCIL_ITEM: 0,
    ItemType.DOCKET_CAPTION: 0,
    ItemType.EXECUTIVE_ORDER: 0,
    ItemType.FEDERAL_REGISTER: 0,
    ItemType.AGREEMENT: 0,
    ItemType.MEETING: 1,
    ItemType.OPINION: 1,
    ItemType.AGENDA_ITEM: 2,
    ItemType.DOCKET_ENTRY: 2,
    ItemType.ROW: 3,
    ItemType.PAGE_CHANGE: 3,
    ItemType.PRESS_RELEASE: 4,
    ItemType.NEWS: 5,
}


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an item was put; `opened` says that the matter is a new one."""

    matter: int
    opened: bool


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
        self._joined: list[tuple[int, int, Item, tuple[Match, ...]]] = []
        self._named: dict[Identifier, int] = {}
        self._notes: list[tuple[Any, ...]] = []

    def place(self, item: Item, item_id: int, matches: tuple[Match, ...]) -> Placing:
        """Put a new item into a matter that one of its identifiers names, else into its own."""
        for identifier in item.identifiers:
            matter = self._matter_of(identifier)
            if matter is not None:
                self._joined.append((matter, item_id, item, matches))
                self._note(item_id, matter, None, "joined", str(identifier))
                self._name(item, item_id, matter)
                return Placing(matter, opened=False)
        matter = self._open(item, item_id, matches)
        self._name(item, item_id, matter)
        return Placing(matter, opened=True)

    def replace(self, item: Item, item_id: int, matter: int, matches: tuple[Match, ...]) -> Placing:
        """Keep a changed item in its matter, unless it now names another one for the first time.

        A stub that was a matter of its own, without any identifier, moves to the matter that its
        full entry names.
        """
        target = self._named_elsewhere(item, matter)
        if target is not None and self._stands_alone(matter, item_id):
            self._note(item_id, target, matter, "moved", "its full entry names the matter")
            self.write()
            retire(self._db, matter, target)
            matter = target
        self._joined.append((matter, item_id, item, matches))
        self._name(item, item_id, matter)
        return Placing(matter, opened=False)

    def write(self) -> None:
        """Write what was decided so far."""
        self._db.insert(
            "matters",
            "id, title, type, jurisdiction, url, status, direction, lead_item, first_seen, "
            "last_changed",
            self._opened,
        )
        if self._named:
            self._db.write_many(
                "INSERT INTO matter_identifiers (scheme, scope, value, matter_id) "
                "VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [(n.scheme, n.scope, n.value, matter) for n, matter in self._named.items()],
            )
        for matter, item_id, item, matches in self._joined:
            self._touch(matter, item_id, item, direction_of(matches))
        self._db.write_many(
            "INSERT INTO groupings (item_id, matter_id, from_matter, decision, reason, strength, "
            "decided_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            self._notes,
        )
        self._opened, self._joined, self._notes = [], [], []
        self._named = {}

    def _open(self, item: Item, item_id: int, matches: tuple[Match, ...]) -> int:
        self._last += 1
        self._opened.append(
            (
                self._last,
                item.title,
                item.type.value,
                item.jurisdiction,
                item.url,
                item.status,
                direction_of(matches).value,
                item_id,
                self._seen_at,
                self._seen_at,
            )
        )
        return self._last

    def _matter_of(self, identifier: Identifier) -> int | None:
        if identifier in self._named:
            return self._named[identifier]
        found: int | None = self._db.value(
            "SELECT matter_id FROM matter_identifiers WHERE scheme = ? AND scope = ? AND value = ?",
            (identifier.scheme, identifier.scope, identifier.value),
        )
        return found

    def _name(self, item: Item, item_id: int, matter: int) -> None:
        for identifier in item.identifiers:
            other = self._matter_of(identifier)
            if other is None:
                self._named[identifier] = matter
            elif other != matter:
                self._note(item_id, matter, other, "left apart", str(identifier))

    def _note(
        self, item_id: int, matter: int, other: int | None, decision: str, reason: str
    ) -> None:
        note = (item_id, matter, other, decision, reason, "official", self._seen_at)
        self._notes.append(note)

    def _named_elsewhere(self, item: Item, matter: int) -> int | None:
        known = (self._matter_of(identifier) for identifier in item.identifiers)
        return next((other for other in known if other not in {None, matter}), None)

    def _stands_alone(self, matter: int, item_id: int) -> bool:
        others = self._db.value(
            "SELECT EXISTS (SELECT 1 FROM matter_identifiers WHERE matter_id = ?) "
            "OR EXISTS (SELECT 1 FROM items WHERE matter_id = ? AND id <> ?)",
            (matter, matter, item_id),
        )
        return not others

    def _touch(self, matter: int, item_id: int, item: Item, direction: Direction) -> None:
        said, lead = self._db.row(
            "SELECT type, lead_item FROM matters WHERE id = ?", (matter,)
        ) or (item.type.value, item_id)
        if lead == item_id or _RANK[item.type] < _RANK[ItemType(said)]:
            self._db.write(
                "UPDATE matters SET title = ?, type = ?, jurisdiction = ?, url = ?, status = ?, "
                "lead_item = ? WHERE id = ?",
                (
                    item.title,
                    item.type.value,
                    item.jurisdiction,
                    item.url,
                    item.status,
                    item_id,
                    matter,
                ),
            )
        self._db.write(
            "UPDATE matters SET last_changed = max(last_changed, ?), "
            "direction = CASE ? WHEN 'unclear' THEN direction ELSE ? END WHERE id = ?",
            (self._seen_at, direction.value, direction.value, matter),
        )


def direction_of(matches: Iterable[Match]) -> Direction:
    """Tell which way the matches go: the first that says so decides."""
    said = (match.direction for match in matches if match.direction is not Direction.UNCLEAR)
    return next(said, Direction.UNCLEAR)


def retire(db: Connection, matter: int, target: int) -> None:
    """Move everything of one matter to another; where both have a thread, the target's stays."""
    db.write("UPDATE items SET matter_id = ? WHERE matter_id = ?", (target, matter))
    db.write("UPDATE matter_identifiers SET matter_id = ? WHERE matter_id = ?", (target, matter))
    db.write("UPDATE alerts SET matter_id = ? WHERE matter_id = ?", (target, matter))
    db.write("UPDATE OR IGNORE threads SET matter_id = ? WHERE matter_id = ?", (target, matter))
    db.write("DELETE FROM threads WHERE matter_id = ?", (matter,))
    db.write("UPDATE matters SET merged_into = ? WHERE merged_into = ?", (target, matter))
    db.write("UPDATE matters SET merged_into = ? WHERE id = ?", (target, matter))
    db.write(
        "UPDATE matters SET "
        "first_seen = min(first_seen, (SELECT first_seen FROM matters WHERE id = ?)) WHERE id = ?",
        (matter, target),
    )
