"""Finds matters by the official names that stand in items' own words.

    named     an item's words name a matter (HB 12, No. 1:25-cv-02757), or what an item was about
    naming    a record finds the nameless matter whose items were about it, before it came

What one transaction has given and said so far counts as what is stored does, so that items of one
poll come to the same matters as items of two polls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from monitor.matters.naming import Known, Lookup, dated, lookup, resolve, scope_parts
from monitor.models import Clues, Identifier, Item, Joining, Mention
from monitor.store.coding import moment, stamp
from monitor.store.connection import Connection

_T = TypeVar("_T")
SAID = 200
_MOST_KNOWN = 50
# How long two texts that name one bill without its session can mean the same bill.
_STILL = timedelta(days=240)
# A scope with at most a session behind it: of the country, and not of all its states.
_AT_HOME = (
    "({table}.scope IN (?, '') OR (substr({table}.scope, 1, length(?)) = ? "
    "AND instr(substr({table}.scope, length(?) + 1), ':') = 0))"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A matter that an item probably belongs to, and why, for people to audit."""

    matter: int
    how: Joining
    reason: str


@dataclass(frozen=True, slots=True)
class _Said:
    """A name that an item was about, in which words, and the time of that item."""

    name: Identifier
    said: str
    matter: int
    when: datetime


class Names:
    """The official names that were given, and those that were said; `write` ends a transaction."""

    def __init__(self, db: Connection, now: datetime) -> None:
        self._db = db
        self._now = now
        self._begin()

    def _begin(self) -> None:
        self._given: dict[tuple[str, str], list[Known]] = defaultdict(list)
        self._bearers: set[int] = set()
        self._subjects: dict[tuple[str, str], list[_Said]] = defaultdict(list)
        self._mentioned: list[tuple[int, Mention]] = []

    def give(self, name: Identifier, matter: int, item: Item) -> None:
        """Note that a record gives its matter an official name."""
        known = Known(name, matter, item.jurisdiction, item.published or self._now)
        self._given[name.scheme, _stem(name.scheme, name.value)].append(known)
        self._bearers.add(matter)

    def remember(self, item_id: int, matter: int, item: Item, clues: Clues) -> None:
        """Keep the names that an item says."""
        for mention in clues.mentions:
            self._mentioned.append((item_id, mention))
            if mention.subject:
                name = mention.identifier
                said = _Said(name, mention.said, matter, item.published or self._now)
                self._subjects[name.scheme, _stem(name.scheme, name.value)].append(said)

    def forget(self, item_id: int) -> None:
        """Drop what an item's earlier words said."""
        self._db.write("DELETE FROM mentions WHERE item_id = ?", (item_id,))

    def write(self) -> None:
        """Write what was said; the items' rows must be there."""
        self._db.write_many(
            "INSERT INTO mentions (scheme, value, scope, item_id, subject, field, said) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "subject = max(subject, excluded.subject)",
            [_mention_row(number, mention) for number, mention in self._mentioned],
        )
        self._begin()

    # ---------------------------------------------------------------------------- text → record

    def named(self, clues: Clues, item: Item) -> Guess | None:
        """Find the matter that an item is about by the name that its words give.

        Where two matters could be meant, none is.
        """
        when = item.published or self._now
        for mention in clues.mentions:
            if not mention.subject:
                continue
            name = mention.identifier
            wanted = lookup(name, when)
            home = wanted.scope or name.scope
            known = [*self._official(wanted, home), *_looked_up(self._given, wanted)]
            chosen = resolve(name, known, when)
            if chosen is not None:
                reason = f"{mention.field} names {chosen.identifier}: {mention.said}"
                return Guess(chosen.matter, Joining.NAMED, reason[:SAID])
            matter = self._also_about(name, when)
            if matter is not None:
                reason = f"both name {name}: {mention.said}"
                return Guess(matter, Joining.NAMED, reason[:SAID])
        return None

    def _official(self, wanted: Lookup, home: str) -> Iterator[Known]:
        condition, values = _valued("n", wanted)
        if home:
            condition += f" AND (m.jurisdiction = ? OR {_AT_HOME.format(table='n')})"
            values += [home, *_at_home(home)]
        rows = self._db.rows(
            "SELECT n.scheme, n.scope, n.value, n.matter_id, m.jurisdiction, "  # noqa: S608
            # What was only stored late is as old as its publisher says.
            "iif(m.last_changed > m.first_seen, m.last_changed, "
            "coalesce(i.published, m.last_changed)) AS last "
            "FROM matter_identifiers n INDEXED BY matter_identifiers_value "
            "JOIN matters m ON m.id = n.matter_id "
            "LEFT JOIN items i ON i.id = m.lead_item "
            f"WHERE {condition} ORDER BY last DESC LIMIT {_MOST_KNOWN}",
            values,
        )
        for scheme, scope, value, matter, jurisdiction, last in rows:
            yield Known(Identifier(scheme, scope, value), matter, jurisdiction, moment(last))

    def _also_about(self, name: Identifier, when: datetime) -> int | None:
        """Find the matter of an item that is about the same name, which no record has given yet."""
        fresh = [
            (said.matter, said.when)
            for said in self._subjects.get((name.scheme, _stem(name.scheme, name.value)), ())
            if said.name == name
        ]
        stored = self._db.rows(
            "SELECT i.matter_id, coalesce(i.published, i.first_seen) AS said_at "  # noqa: S608
            "FROM mentions t JOIN items i ON i.id = t.item_id "
            "WHERE t.scheme = ? AND t.value = ? AND t.scope = ? AND t.subject = 1 "
            f"AND said_at BETWEEN ? AND ? ORDER BY i.id DESC LIMIT {_MOST_KNOWN}",
            (name.scheme, name.value, name.scope, stamp(when - _STILL), stamp(when + _STILL)),
        )
        found = [*reversed(fresh), *((matter, moment(at)) for matter, at in stored)]
        meant = dated(name, when)
        return next((matter for matter, at in found if _is_same(name, meant, at, when)), None)

    # ---------------------------------------------------------------------------- record → text

    def naming(self, item: Item) -> Guess | None:
        """Find a matter without an official name whose items were about what an item is.

        So a bill finds the press release that came before it.
        """
        when = item.published or self._now
        for identifier in item.identifiers:
            this = (Known(identifier, 0, item.jurisdiction, when),)
            for said in self._about(identifier, item, when):
                if resolve(said.name, this, said.when):
                    reason = f"an earlier item had named {identifier}: {said.said}"[:SAID]
                    return Guess(said.matter, Joining.NAMED, reason)
        return None

    def _about(self, identifier: Identifier, item: Item, when: datetime) -> Iterator[_Said]:
        """List what was said about a name, of matters that bear none, the oldest first."""
        wanted = lookup(identifier, when)
        condition, values = _valued("t", wanted)
        home = scope_parts(identifier.scope)[0]
        rows = self._db.rows(
            "SELECT t.scheme, t.scope, t.value, t.said, i.matter_id, "  # noqa: S608
            "coalesce(i.published, i.first_seen) FROM mentions t "
            f"JOIN items i ON i.id = t.item_id WHERE {condition} AND t.subject = 1 "
            f"AND (t.scope IN (?, ?) OR {_AT_HOME.format(table='t')}) AND NOT EXISTS "
            "(SELECT 1 FROM matter_identifiers n WHERE n.matter_id = i.matter_id) "
            f"ORDER BY i.id LIMIT {_MOST_KNOWN}",
            (*values, identifier.scope, item.jurisdiction, *_at_home(home)),
        )
        for scheme, scope, value, said, matter, at in rows:
            if matter not in self._bearers:
                yield _Said(Identifier(scheme, scope, value), said, matter, moment(at))
        for one in _looked_up(self._subjects, wanted):
            if one.matter not in self._bearers and not self._bears(one.matter):
                yield one

    def _bears(self, matter: int) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM matter_identifiers WHERE matter_id = ?)"
        return bool(self._db.value(query, (matter,)))


def _is_same(name: Identifier, meant: Identifier, at: datetime, when: datetime) -> bool:
    """Say whether a name means now what it meant then: SB 4 is another bill in each session."""
    return abs(when - at) <= _STILL and dated(name, at) == meant


def _looked_up(known: Mapping[tuple[str, str], list[_T]], wanted: Lookup) -> Iterator[_T]:
    """Yield what stands in memory for a lookup, in the order in which it came."""
    stems = [_stem(wanted.scheme, wanted.prefix)] if wanted.prefix else wanted.values
    for stem in stems:
        yield from known.get((wanted.scheme, stem), ())


def _stem(scheme: str, value: str) -> str:
    """Cut a name to what is looked up: of an agreement, its state and agency."""
    return "|".join(value.split("|")[:2]) if scheme == "agreement" else value


def _valued(table: str, wanted: Lookup) -> tuple[str, list[Any]]:
    """Write the condition that a name has one of the values, or begins so."""
    if wanted.prefix:
        condition = f"{table}.scheme = ? AND {table}.value >= ? AND {table}.value < ?"
        return condition, [wanted.scheme, wanted.prefix, wanted.prefix + "\U0010ffff"]
    marks = ", ".join("?" * len(wanted.values))
    return f"{table}.scheme = ? AND {table}.value IN ({marks})", [wanted.scheme, *wanted.values]


def _at_home(scope: str) -> list[str]:
    """Write the values of `_AT_HOME`."""
    within = f"{scope}/"
    return [scope, within, within, within]


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
