"""Shows how a text was amended: the words that went and those that came, with a few around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from monitor.text import one_line

AROUND = 6
SHOWN = 600
# Beyond this many words the comparison, which is quadratic, would take seconds.
_COMPARED = 500
_ALIKE = 0.3
_MOST_RUNS = 40
_LEAST = 20


class Edit(StrEnum):
    """What became of a run of words."""

    SAME = "same"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Run:
    """Words that were kept, went, or came."""

    edit: Edit
    text: str


def edits(old: str, new: str) -> tuple[Run, ...]:
    """Compare two states of a text word by word; about 600 characters are shown.

    Texts that have too little in common come as one old and one new run.
    """
    before, after = old.split(), new.split()
    start, end = _common_ends(before, after)
    gone, come = before[start : len(before) - end], after[start : len(after) - end]
    runs = [Run(Edit.SAME, _tail(after[:start])), *_compared(gone, come)]
    runs.append(Run(Edit.SAME, _head(after[len(after) - end :])))
    return tuple(_bounded([run for run in runs if run.text]))


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Count the words that both begin with, and those that both end with."""
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    room = shorter - start
    end = next((n for n in range(room) if old[-1 - n] != new[-1 - n]), room)
    return start, end


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    matcher = SequenceMatcher(None, old[:_COMPARED], new[:_COMPARED], autojunk=False)
    if matcher.ratio() < _ALIKE:
        yield Run(Edit.OLD, one_line(" ".join(old), SHOWN // 2))
        yield Run(Edit.NEW, one_line(" ".join(new), SHOWN // 2))
        return
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield Run(Edit.SAME, _middle(old[a:b]))
        else:
            yield Run(Edit.OLD, one_line(" ".join(old[a:b]), SHOWN // 2))
            yield Run(Edit.NEW, one_line(" ".join(new[c:d]), SHOWN // 2))


def _bounded(runs: Sequence[Run]) -> Iterator[Run]:
    """Stop where enough is shown."""
    room = SHOWN
    for number, run in enumerate(runs):
        if number == _MOST_RUNS or len(run.text) > room:
            yield Run(run.edit, one_line(run.text, max(room, _LEAST)))
            if run is not runs[-1]:
                yield Run(Edit.SAME, "…")
            return
        yield run
        room -= len(run.text)


def _tail(words: Sequence[str]) -> str:
    return " ".join(words) if len(words) <= AROUND else "… " + " ".join(words[-AROUND:])


def _head(words: Sequence[str]) -> str:
    return " ".join(words) if len(words) <= AROUND else " ".join(words[:AROUND]) + " …"


def _middle(words: Sequence[str]) -> str:
    if len(words) <= 2 * AROUND:
        return " ".join(words)
    return f"{' '.join(words[:AROUND])} … {' '.join(words[-AROUND:])}"
