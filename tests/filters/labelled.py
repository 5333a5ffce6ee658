"""Labelled lines of ../shared/relevance, and how often the filters are right on them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monitor.matching import FilterSet, Subject
from monitor.models import ItemType, Match, Priority

KINDS = {
    "state_bill": ItemType.BILL,
    "congress_bill": ItemType.BILL,
    "bill_text": ItemType.BILL,
    "287g_row": ItemType.AGREEMENT,
    "287g_agreement": ItemType.AGREEMENT,
    "council_agenda": ItemType.AGENDA_ITEM,
    "council_transcript": ItemType.MEETING,
}
COURT = ("docket_caption", "docket_entry")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One line; label is 1, 0 or "b"."""

    kind: str
    place: str
    title: str
    body: str
    label: object

    def subject(self, *, without_body: bool = False) -> Subject:
        """See it as the filters see an item."""
        fields = (("title", self.title), ("text", "" if without_body else self.body))
        kind = KINDS.get(self.kind) or ItemType(self.kind)
        return Subject(fields, kind, self.place if self.kind in COURT else "")


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision and recall, and the titles on which they are lost."""

    precision: float
    recall: float
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def read(path: Path) -> tuple[Labelled, ...]:
    """Read labelled lines."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(
        Labelled(
            row["kind"], row["jurisdiction"] or "", row["title"], row["body"] or "", row["label"]
        )
        for row in rows
    )


def alerts(filters: FilterSet, subject: Subject, most_passages: int = 5) -> tuple[Match, ...]:
    """Give the matches that alert; those for the digest do not."""
    found = filters.match_subject(subject, most_passages=most_passages)
    return tuple(match for match in found if match.priority is not Priority.LOW)


def figures(
    filters: FilterSet, lines: Iterable[Labelled], *, captions_without_body: bool = True
) -> Figures:
    """Hold the filters against lines; the borderline ones are left out."""
    right, wrong, missed = 0, [], []
    for line in lines:
        bare = captions_without_body and line.kind == "docket_caption"
        alerted = bool(alerts(filters, line.subject(without_body=bare)))
        if line.label == 1 and alerted:
            right += 1
        elif line.label == 1:
            missed.append(line.title)
        elif line.label == 0 and alerted:
            wrong.append(line.title)
    return Figures(
        precision=right / (right + len(wrong)),
        recall=right / (right + len(missed)),
        wrong=tuple(wrong),
        missed=tuple(missed),
    )
