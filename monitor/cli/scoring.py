"""`filters score`: precision and recall on labelled lines, by kind and topic, with misses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from monitor.cli.common import Desk, print_json, table
from monitor.cli.lines import Line, is_relevant, read_lines
from monitor.models import Match, Priority
from monitor.text import one_line

ALL = "all"


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled line with what the filters say of it."""

    line: Line
    matches: tuple[Match, ...]

    @property
    def alerted(self) -> bool:
        """Say whether staff would have been alerted."""
        return is_relevant(self.matches)


@dataclass(frozen=True, slots=True)
class Figures:
    """How often the filters were right: counts of true and false alerts, and of misses."""

    true: int
    false: int
    missed: int
    rejected: int

    @property
    def precision(self) -> float | None:
        """Return the share of alerts that were wanted; None without an alert."""
        return self.true / (self.true + self.false) if self.true + self.false else None

    @property
    def recall(self) -> float | None:
        """Return the share of wanted items that were alerted; None where none was wanted."""
        return self.true / (self.true + self.missed) if self.true + self.missed else None

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean of precision and recall."""
        if self.precision is None or self.recall is None:
            return None
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--titles-only", is_flag=True, help="Look at the titles only.")
@click.option(
    "--without-body",
    "without_body",
    multiple=True,
    metavar="KIND",
    help="Look at the titles only for this kind, such as docket_caption; can be repeated.",
)
@click.option(
    "--misses",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Show at most so many false alerts, and so many missed lines.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def score(
    desk: Desk,
    file: Path,
    without_body: tuple[str, ...],
    misses: int,
    *,
    titles_only: bool,
    as_json: bool,
) -> int:
    """Print precision, recall and F1 on labelled lines, by kind and by topic, with the misses.

    Each line of FILE has a "label" beside "id", "kind", "jurisdiction", "title" and "body": 1
    where staff would want the alert, 0 where not. Other labels (borderline) are left out.
    """
    judged = judge(desk, file, set(without_body), titles_only=titles_only)
    kinds = grouped(judged, lambda one: (one.line.kind or "(no kind)",))
    topics = by_topic(judged)
    wrong = [one for one in judged if one.alerted != bool(one.line.label)]
    if as_json:
        print_json(
            {
                "lines": len(judged),
                ALL: _laid_out(figures(judged)),
                "kinds": {name: _laid_out(found) for name, found in kinds.items()},
                "topics": {name: _laid_out(found) for name, found in topics.items()},
                "misses": [_wrong(one) for one in wrong],
            }
        )
        return 0
    _print_figures("KIND", {**kinds, ALL: figures(judged)})
    click.echo()
    _print_figures("TOPIC", topics)
    _print_wrong(wrong, misses)
    return 0


def judge(
    desk: Desk, file: Path, without_body: set[str], *, titles_only: bool
) -> tuple[Judged, ...]:
    """Hold the labelled lines of a file against the filters; lines without a label are left out."""
    chosen = desk.config.filters
    judged = []
    for line in read_lines(file):
        if line.label is None:
            continue
        subject = line.subject
        if titles_only or line.kind in without_body:
            subject = Line(
                line.id, line.kind, line.jurisdiction, line.title, "", line.label, "", line.number
            ).subject
        judged.append(Judged(line, chosen.match_subject(subject)))
    return tuple(judged)


def figures(judged: Iterable[Judged]) -> Figures:
    """Count how often the filters were right."""
    counts = {(alerted, label): 0 for alerted in (True, False) for label in (True, False)}
    for one in judged:
        counts[one.alerted, bool(one.line.label)] += 1
    return Figures(
        counts[True, True], counts[True, False], counts[False, True], counts[False, False]
    )


def grouped(
    judged: Sequence[Judged], names: Callable[[Judged], Sequence[str]]
) -> dict[str, Figures]:
    """Give figures for each group, by name."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        for name in names(one):
            groups[name].append(one)
    return {name: figures(groups[name]) for name in sorted(groups)}


def by_topic(judged: Sequence[Judged]) -> dict[str, Figures]:
    """Say of each topic's alerts how many were wanted; misses belong to no topic."""
    return grouped(
        [one for one in judged if one.alerted],
        lambda one: [m.topic for m in one.matches if m.priority is not Priority.LOW],
    )


def _laid_out(found: Figures) -> dict[str, object]:
    return {
        "true_alerts": found.true,
        "false_alerts": found.false,
        "missed": found.missed,
        "rejected": found.rejected,
        "precision": found.precision,
        "recall": found.recall,
        "f1": found.f1,
    }


def _wrong(one: Judged) -> dict[str, object]:
    return {
        "id": one.line.id,
        "line": one.line.number,
        "kind": one.line.kind,
        "wrong": "false alert" if one.alerted else "missed",
        "topics": [match.topic for match in one.matches],
        "title": one.line.title,
    }


def _print_figures(heading: str, rows: dict[str, Figures]) -> None:
    table(
        (heading, "TRUE", "FALSE", "MISSED", "PRECISION", "RECALL", "F1"),
        [
            (
                name,
                str(found.true),
                str(found.false),
                str(found.missed),
                *(_share(value) for value in (found.precision, found.recall, found.f1)),
            )
            for name, found in rows.items()
        ],
    )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _print_wrong(wrong: Sequence[Judged], most: int) -> None:
    for heading, alerted in (("False alerts", True), ("Missed", False)):
        chosen = [one for one in wrong if one.alerted is alerted]
        if not chosen:
            continue
        click.echo(f"\n{heading} ({len(chosen)}):")
        for one in chosen[:most]:
            topics = ", ".join(match.topic for match in one.matches)
            told = f"  [{topics}]" if topics else ""
            click.echo(f"  {one.line.kind} {one.line.id}: {one_line(one.line.title, 110)}{told}")
