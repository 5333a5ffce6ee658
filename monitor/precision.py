"""How often people found right what the filters told them: by filter, by term, by source.

A judgement counts for every filter, term and source that made its alert. "Wrong topic", and "not
relevant" without a reason, count against filter and term; "wrong place" counts against the source,
and "old news" against neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import sqrt

from monitor.models import Judgement, Misfit, Relevance

# Two-sided, of nine in ten.
_Z = 1.645
_MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Score:
    """What people said of one filter, term or source.

    right, wrong: what counts for and against it. aside: judged, and neither.
    examples: headlines of what was wrong, the latest first.
    """

    name: str
    right: int = 0
    wrong: int = 0
    aside: int = 0
    examples: tuple[str, ...] = ()

    @property
    def precision(self) -> float | None:
        """Return the share that was right; None where nothing was judged."""
        counted = self.right + self.wrong
        return self.right / counted if counted else None

    @property
    def at_best(self) -> float:
        """Return how good it may be, given how little was judged (Wilson's upper bound, 90 %).

        A term that was wrong once is not yet worse than one that was wrong nine times of ten.
        """
        counted = self.right + self.wrong
        if not counted:
            return 1.0
        share, square = self.right / counted, _Z * _Z
        middle = share + square / (2 * counted)
        spread = _Z * sqrt(share * (1 - share) / counted + square / (4 * counted * counted))
        return float((middle + spread) / (1 + square / counted))


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of a period, the worst of each sort first."""

    judgements: int
    filters: tuple[Score, ...] = ()
    terms: tuple[Score, ...] = ()
    sources: tuple[Score, ...] = ()


@dataclass(slots=True)
class _Tally:
    right: int = 0
    wrong: int = 0
    aside: int = 0
    examples: list[str] = field(default_factory=list)


def report(judgements: Iterable[Judgement]) -> Report:
    """Count judgements, each as the last word of its person on its matter."""
    said = [one for one in judgements if one.counts]
    return Report(
        len(said),
        _scored(said, _topics, _ABOUT_WORDS),
        _scored(said, _terms, _ABOUT_WORDS),
        _scored(said, lambda one: (one.source,) if one.source else (), _ABOUT_PLACE),
    )


_ABOUT_WORDS = frozenset({Misfit.TOPIC, None})
_ABOUT_PLACE = frozenset({Misfit.PLACE, None})


def _topics(judgement: Judgement) -> Iterable[str]:
    return dict.fromkeys(match.topic for match in judgement.matches)


def _terms(judgement: Judgement) -> Iterable[str]:
    return dict.fromkeys(
        f"{match.topic}: {term}" for match in judgement.matches for term in match.terms
    )


def _scored(
    judgements: Iterable[Judgement],
    names: Callable[[Judgement], Iterable[str]],
    against: frozenset[Misfit | None],
) -> tuple[Score, ...]:
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for judgement in judgements:
        for name in names(judgement):
            tally = tallies[name]
            if judgement.relevance is Relevance.RELEVANT:
                tally.right += 1
            elif judgement.why in against:
                tally.wrong += 1
                tally.examples.append(judgement.headline)
            else:
                tally.aside += 1
    scores = (
        Score(
            name, one.right, one.wrong, one.aside, tuple(one.examples[: -_MOST_EXAMPLES - 1 : -1])
        )
        for name, one in tallies.items()
    )
    return tuple(sorted(scores, key=lambda score: (score.at_best, -score.wrong, score.name)))


def label(judgements: Iterable[Judgement]) -> int | str | None:
    """Say how people label one item: 1, 0, "b" where they disagree; None for no word on its topic.

    judgements: those on the item. "Wrong place" and "old news" say nothing about its words.
    """
    said = [one for one in judgements if one.counts]
    right = sum(one.relevance is Relevance.RELEVANT for one in said)
    wrong = sum(one.relevance is Relevance.NOT_RELEVANT and one.why in _ABOUT_WORDS for one in said)
    if not (right or wrong):
        return None
    return "b" if right == wrong else int(right > wrong)
