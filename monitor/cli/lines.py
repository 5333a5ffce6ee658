"""Lines of JSON as people exchange them: a text with its kind, place, title and body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor.matching import Subject
from monitor.models import Direction, ItemType, Match, Priority

# Words for an item's type that other collections use.
KINDS = {
    "state_bill": ItemType.BILL,
    "congress_bill": ItemType.BILL,
    "287g_row": ItemType.AGREEMENT,
    "ordinance": ItemType.COUNCIL_ITEM,
    "resolution": ItemType.COUNCIL_ITEM,
}
_MONTH = re.compile(r"\d{4}-\d\d")
RANKS = (Priority.HIGH, Priority.NORMAL, Priority.LOW)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: offsets of passages count in `title` and `body` as they stand in the file.

    label: 1 relevant, 0 not, None unknown or borderline.
    date: of publication, in UTC; the first day of a month that is all the line says.
    number: of the line in its file, from 1.
    """

    id: str
    kind: str
    jurisdiction: str
    title: str
    body: str
    label: int | None
    theme: str
    number: int
    url: str = ""
    date: datetime | None = None

    @property
    def type(self) -> ItemType | None:
        """Return the item type that the kind names; None for an unknown kind."""
        if self.kind in KINDS:
            return KINDS[self.kind]
        return ItemType(self.kind) if self.kind in set(ItemType) else None

    @property
    def subject(self) -> Subject:
        """See the line as the filters see an item."""
        fields = (("title", self.title), ("text", self.body))
        return Subject(fields, self.type, self.jurisdiction)


def read_lines(path: Path) -> Iterator[Line]:
    """Read a file of JSON Lines; raises click.BadParameter with file and line of what is wrong."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, start=1):
                if text.strip():
                    yield _line(text, number, path)
    except OSError as fault:
        raise click.BadParameter(f"{path}: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise click.BadParameter(f"{path}: not UTF-8 (save it as UTF-8)") from fault


def _line(text: str, number: int, path: Path) -> Line:
    try:
        row = json.loads(text)
    except ValueError as fault:
        raise click.BadParameter(f"{path}:{number}: no JSON: {fault}") from fault
    if not isinstance(row, dict):
        raise click.BadParameter(
            f'{path}:{number}: a line is an object such as {{"id": "1", "title": "…"}}'
        )
    label = row.get("label")
    return Line(
        id=_text(row, "id") or str(number),
        kind=_text(row, "kind"),
        jurisdiction=_text(row, "jurisdiction"),
        title=_text(row, "title"),
        body=_text(row, "body"),
        label=int(label) if label in (0, 1, "0", "1") else None,
        theme=_text(row, "theme"),
        number=number,
        url=_text(row, "url"),
        date=_date(_text(row, "date")),
    )


def _date(said: str) -> datetime | None:
    """Read a day, a month or a moment in ISO 8601; None for anything else."""
    try:
        read = datetime.fromisoformat(said + "-01" if _MONTH.fullmatch(said) else said)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def verdict(line: Line, matches: tuple[Match, ...]) -> dict[str, Any]:
    """Lay out what the filters say of a line, as DESIGN section 5 fixes it."""
    return {
        "id": line.id,
        "relevant": is_relevant(matches),
        "topics": [match.topic for match in matches],
        "priority": priority_of(matches),
        "direction": direction_of(matches).value,
        "passages": [
            {
                "text": passage.text,
                "start": passage.start,
                "end": passage.end,
                "field": "body" if passage.field == "text" else passage.field,
            }
            for match in matches
            for passage in match.passages
        ],
    }


def is_relevant(matches: tuple[Match, ...]) -> bool:
    """Say whether staff are alerted; what is for the digest only does not count."""
    return any(match.priority is not Priority.LOW for match in matches)


def priority_of(matches: tuple[Match, ...]) -> str | None:
    """Return the highest priority; None without a match."""
    return next((rank.value for rank in RANKS for m in matches if m.priority is rank), None)


def direction_of(matches: tuple[Match, ...]) -> Direction:
    """Return the direction in which the matches that have one agree."""
    said = {match.direction for match in matches} - {Direction.UNCLEAR}
    return said.pop() if len(said) == 1 else Direction.UNCLEAR
