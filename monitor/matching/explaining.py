"""Why a filter holds on an item, or why not, in words for the person who edits the YAML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.matching.filters import Shouting
from monitor.matching.nodes import And, Facet, Near, Node, Not, Or, Scoped, unparse
from monitor.matching.reading import Occurrence
from monitor.matching.subject import Place
from monitor.matching.weighing import Evidence, Weighing
from monitor.models import Direction, Priority
from monitor.text import one_line

_MOST_LINES = 12
_MOST_TERMS = 8
_WIDTH = 80
_PLACES = {
    Place.HEADLINE: "in the headline",
    Place.BODY: "in the text",
    Place.BACKGROUND: "in recitals or minutes only",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one filter does or does not hold.

    score, needed: the points that the item has, and those that it needs.
    found: what speaks for or against it, with its points; ignored: what stands in the item and
    does not count, and why; missing: what would have to stand in it.
    cues: what tells the direction.
    """

    topic: str
    title: str
    matches: bool
    priority: Priority
    direction: Direction
    score: float
    needed: float
    found: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()

    def words(self) -> str:
        """Write it out, a line for each reason."""
        verdict = "matches" if self.matches else "does not match"
        lines = [f"{self.topic}: {verdict} (score {self.score:g}, needed {self.needed:g})"]
        if self.matches:
            lines[0] += f", priority {self.priority}, direction {self.direction}"
        lines += [f"  + {line}" for line in self.found]
        lines += [f"  - {line}" for line in self.ignored]
        lines += [f"  ? {line}" for line in self.missing]
        lines += [f"  > {line}" for line in self.cues]
        return "\n".join(lines)


def explanation(weighing: Weighing) -> Explanation:
    """Say in words what a weighing found."""
    rule = weighing.plan.filter
    missing = () if weighing.matches else tuple(_missing(weighing))[:_MOST_LINES]
    return Explanation(
        topic=rule.topic,
        title=rule.title,
        matches=weighing.matches,
        priority=weighing.priority if weighing.matches else rule.priority,
        direction=weighing.direction if weighing.matches else Direction.UNCLEAR,
        score=weighing.score,
        needed=weighing.needed,
        found=tuple(_found(weighing, each) for each in weighing.evidence)[:_MOST_LINES],
        ignored=tuple(_ignored(weighing))[:_MOST_LINES],
        missing=missing,
        cues=cue_texts(weighing) if weighing.matches else (),
    )


def cue_texts(weighing: Weighing) -> tuple[str, ...]:
    """Quote the cues that stand in the item, each with its direction: "limits: opposing"."""
    found: dict[str, None] = {}
    for direction, span in weighing.cues:
        first = weighing.reading.origin(min(span.parts))[0]
        last = max(weighing.reading.origin(part)[1] for part in span.parts)
        text = weighing.reading.fields[span.field].text[first:last]
        found[f"{direction}: {one_line(text, _WIDTH)}"] = None
    return tuple(found)


def _found(weighing: Weighing, evidence: Evidence) -> str:
    parts = dict.fromkeys(part for span in evidence.spans for part in span.parts)
    quoted = dict.fromkeys(f'"{weighing.reading.text(part)}"' for part in parts)
    shown = ", ".join(list(quoted)[:_MOST_TERMS]) or one_line(unparse(evidence.node), _WIDTH)
    first = min(parts) if parts else None
    where = f" ({_where(weighing, first)})" if first else ""
    return f"{evidence.score:+g} {_PLACES[evidence.place]}: {shown}{where}"


def _where(weighing: Weighing, found: Occurrence) -> str:
    return f"{weighing.reading.fields[found.field].name} {weighing.reading.origin(found)[0]}"


def _ignored(weighing: Weighing) -> Iterator[str]:
    """Say which occurrences of the filter's terms do not count."""
    reading = weighing.reading
    for term in sorted(weighing.plan.evidence, key=unparse):
        number = reading.lexicon.numbers[term]
        for each in reading.occurrences(number):
            if cover := weighing.cover(each):
                text = reading.fields[cover.field].text
                first = min(reading.origin(part)[0] for part in cover.parts)
                last = max(reading.origin(part)[1] for part in cover.parts)
                quote = one_line(text[first:last], _WIDTH)
                yield (
                    f'"{reading.text(each)}" ({_where(weighing, each)}) '
                    f'lies in "{quote}", which is excluded'
                )
        shouted = weighing.shouted(number)
        if shouted and not weighing.is_confirmed(number):
            yield _shouting(weighing, shouted[0])


def _shouting(weighing: Weighing, found: Occurrence) -> str:
    text = f'"{weighing.reading.text(found)}" ({_where(weighing, found)}) stands in a line that is'
    if weighing.plan.filter.shouting is Shouting.IGNORE:
        return f"{text} all capitals, and the filter ignores acronyms there"
    second = "one of context" if weighing.plan.context else "another term of the filter"
    return f"{text} all capitals, and no second term ({second}) stands in the item"


def _missing(weighing: Weighing) -> Iterator[str]:
    """Say what keeps the filter from holding."""
    if not weighing.applies:
        kind = weighing.reading.subject.type
        yield f"the filter is not for items of type {kind or 'unknown'}"
    if weighing.plan.query is not None and weighing.spans(weighing.plan.query) is None:
        yield from _lacks(weighing, weighing.plan.query)
    clues = [node for node, points in weighing.plan.clues if points > 0]
    absent = [node for node in clues if weighing.spans(node) is None]
    if absent:
        shown = "; ".join(one_line(unparse(node), _WIDTH) for node in absent[:_MOST_TERMS])
        yield f"{len(absent)} of {len(clues)} clues do not stand in it: {shown}"


def _lacks(weighing: Weighing, node: Node) -> Iterator[str]:
    """Say which part of a query that does not hold is to blame."""
    match node:
        case And(nodes):
            for part in nodes:
                if weighing.spans(part) is None:
                    yield from _lacks(weighing, part)
        case Or(nodes):
            shown = ", ".join(one_line(unparse(part), _WIDTH) for part in nodes[:_MOST_TERMS])
            more = f" and {len(nodes) - _MOST_TERMS} more" if len(nodes) > _MOST_TERMS else ""
            yield f"none of these counts: {shown}{more}"
        case Not(inner):
            yield f"{one_line(unparse(inner), _WIDTH)} stands in it, and the query says NOT"
        case Near(left, right, distance):
            yield from _far(weighing, left, right, distance)
        case Facet(field, value):
            yield f"the item's {field} is not {value}"
        case Scoped(field, inner):
            yield f"{one_line(unparse(inner), _WIDTH)} does not stand in the {field}"
        case _:
            yield f"{one_line(unparse(node), _WIDTH)} does not stand in it"


def _far(weighing: Weighing, left: Node, right: Node, distance: int) -> Iterator[str]:
    absent = [node for node in (left, right) if weighing.spans(node) is None]
    if not absent:
        one, other = (one_line(unparse(node), _WIDTH) for node in (left, right))
        yield f"{one} and {other} stand farther apart than {distance} words"
    for node in absent:
        yield from _lacks(weighing, node)
