"""Looks at the items of one poll: which filters hold on them, and what their documents gained.

item, its documents, what was read of them before → Fresh
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from monitor.attachments import Additions, Reader
from monitor.matching import FilterSet, Subject
from monitor.matters.likeness import keys
from monitor.matters.mentions import mentions
from monitor.models import NO_CLUES, Clues, Due, Fresh, Item, Late, Match
from monitor.participation import with_participation
from monitor.text import digest, one_line
from monitor.visit import Task, Visit
from monitor.wording import LATE_MARK

_MOST_TOLD = 4_000
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Look:
    """Holds the filters against what a visit brought; `topics` narrows them, None means all."""

    task: Task
    reader: Reader
    filters: FilterSet
    topics: frozenset[str] | None = None

    def at(self, item: Item, number: int) -> Fresh:
        """Look at an item that is new or has changed; `number` is that of its answer."""
        if item.muted:
            return Fresh(item, (), number)
        fields = self.reader.fields(item)
        matches = self.filters.match(item, self.topics, fields)
        self.reader.remember(item, self.task.poll)
        found = self.reader.additions(item) if item.key in self.task.known else None
        late = self._late(item, found) if found is not None else None
        told = with_participation(item, fields)
        return Fresh(told, matches, number, clues_of(item, matches), late=late)

    def again(self, visit: Visit, done: Collection[str]) -> Iterator[Fresh]:
        """Ask again for the agendas that are due, and give the items whose agendas gained lines.

        done: keys of the items that were looked at already.
        """
        asked = {due.item.key: due.item for due in self.task.due if due.item.key not in done}
        changed: dict[str, Item] = {}
        for due in self.task.due:
            if due.item.key in asked and self.reader.again(due):
                if due.owed:
                    yield from self._owed(due, visit)
                else:
                    changed[due.item.key] = due.item
        for item in asked.values():
            self.reader.remember(item, self.task.poll)
        for item in changed.values():
            found = self.reader.additions(item)
            if found is not None and found.fields:
                number = visit.add(found.answers[0])
                late = self._late(item, found, alone=True)
                yield Fresh(item, late.matches, number, late=late)

    def _owed(self, due: Due, visit: Visit) -> Iterator[Fresh]:
        """Give an item of which a document can be read at last, where a filter holds on that."""
        fields, answer = self.reader.read_now(due)
        subject = Subject(fields, due.item.type, due.item.jurisdiction)
        matches = self.filters.match_subject(subject, self.topics) if fields else ()
        if matches and answer is not None:
            late = Late("", matches, after=digest(due.url), alone=True, read=fields[0][0])
            yield Fresh(due.item, matches, visit.add(answer), late=late)

    def _late(self, item: Item, found: Additions, *, alone: bool = False) -> Late:
        """Match the added lines by themselves: what stood there before has been told."""
        subject = Subject(found.fields, item.type, item.jurisdiction)
        matches = self.filters.match_subject(subject, self.topics) if found.fields else ()
        return Late(
            _told(found.fields, matches),
            matches,
            found.before,
            found.after,
            reposted=found.reposted,
            alone=alone,
        )


def clues_of(item: Item, matches: tuple[Match, ...]) -> Clues:
    """Return what tells of an item's matter; of what nobody will be told, official names do."""
    return all_clues(item) if matches or item.watched else NO_CLUES


def all_clues(item: Item) -> Clues:
    """Return the official names in an item's words, and the keys of what it may repeat."""
    return Clues(mentions(item), keys(item))


def _told(fields: tuple[tuple[str, str], ...], matches: tuple[Match, ...]) -> str:
    """Write added lines, a page a line; pages that matched come first, and not all of the rest."""
    telling = {passage.field for match in matches for passage in match.passages}
    ranked = sorted(fields, key=lambda field: field[0] not in telling)
    lines = [one_line(f"{name.removesuffix(LATE_MARK)}: {text}", _LONGEST) for name, text in ranked]
    told: list[str] = []
    room = _MOST_TOLD
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            told.append("…")
            break
        told.append(line)
    return "\n".join(told)
