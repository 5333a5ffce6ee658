"""What is wrong with a filter before any item comes: queries, thresholds, and a reach too wide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.errors import QueryError
from monitor.matching.engine import FilterSet
from monitor.matching.filters import Filter
from monitor.matching.nodes import Facet, Node, children, terms
from monitor.matching.query import parse_cue, parse_query
from monitor.matching.subject import TEXT, TITLE, Subject, subject_of_text
from monitor.matching.watch import read_case

# Ordinary business of ordinary councils and courts, made up. A filter for one topic that holds
# on half of these holds on nearly everything.
_ORDINARY = (
    "Approval of the minutes of the regular meeting of the City Council held in March",
    "An ordinance amending the zoning code of the county in relation to outdoor dining",
    "Resolution honoring the high school team for the state championship it has won",
    "Contract with a vendor for the repair of water mains, not to exceed $1,250,000",
    "Appointment of a member to the Board of Library Trustees for a term of three years",
    "Scheduling order: the motion for summary judgment is due by the end of this month",
    "The bill would require owners of buildings to keep the sidewalk free of snow and ice",
    "Governor announces a grant of federal funds for the public health department",
    "Local law to amend the administrative code in relation to bicycle lanes and parking",
    "Sheriff's office requests an increase of the budget for new vehicles and training",
    "Notice of proposed rulemaking: safety zone for a fireworks display on the river",
    "Police department report on traffic stops, with statistics by district and by hour",
    "Mayor signs an executive order about heat emergencies and cooling centers for seniors",
    "Company A v. Company B, a complaint for breach of contract filed in the district court",
    "Public hearing on the sale of city property at auction; all persons may be heard",
    "Schools will open two hours late on Monday because of the storm, the district says",
)
_MOST_ORDINARY = len(_ORDINARY) // 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a filter.

    field: where, as in the YAML: query, exclude, also[0].query, direction.limits[1], threshold.
    message: what is wrong, and the cure. error: with the column, where a query cannot be read.
    """

    field: str
    message: str
    error: QueryError | None = None


def faults(found: Filter) -> tuple[Fault, ...]:
    """List everything that is wrong with a filter, in the order of its fields."""
    unreadable = tuple(_unreadable(found))
    if unreadable:
        return unreadable
    broad = too_broad(found)
    return (*_senseless(found), *((Fault("query", broad),) if broad else ()))


def too_broad(found: Filter) -> str | None:
    """Say why a filter would hold on nearly everything; None where it would not.

    Raises QueryError where a query cannot be read.
    """
    rule = replace(found, types=(), except_types=())
    filters = FilterSet((rule,))
    places = {facet.value for facet in _facets(found) if facet.field == "jurisdiction"}
    for place in ("", *sorted(places)):
        if filters.match_subject(Subject(((TITLE, ""), (TEXT, "")), None, place)):
            return (
                f"it holds on every item of {place}; add words to look for"
                if place
                else "it holds on a text without a single word; NOT needs something beside it"
            )
    held = [text for text in _ORDINARY if filters.match_subject(subject_of_text(text))]
    if len(held) >= _MOST_ORDINARY:
        return (
            f'it holds on {len(held)} of {len(_ORDINARY)} ordinary texts, such as "{held[0]}"; '
            "ask for rarer words"
        )
    return None


def _queries(found: Filter) -> Iterator[tuple[str, str, bool]]:
    """Yield each query with its name in the YAML, and whether it is a cue."""
    for name, query in (("query", found.query), ("exclude", found.exclude)):
        if query.strip():
            yield name, query, False
    for number, clue in enumerate(found.also):
        yield f"also[{number}].query", clue.query, False
    if found.context.strip():
        yield "context", found.context, False
    for name, cues in (("limits", found.limits), ("expands", found.expands)):
        for number, cue in enumerate(cues):
            yield f"direction.{name}[{number}]", cue, True


def _unreadable(found: Filter) -> Iterator[Fault]:
    for name, query, is_cue in _queries(found):
        try:
            node = parse_cue(query) if is_cue else parse_query(query)
        except QueryError as error:
            yield Fault(name, error.message, error)
            continue
        if (is_cue or name == "exclude") and next(terms(node, negated=False), None) is None:
            yield Fault(name, "it names no words, and so covers no passage")
    for number, line in enumerate(found.watch):
        try:
            read_case(line)
        except QueryError as error:
            yield Fault(f"watch[{number}]", error.message, error)


def _senseless(found: Filter) -> Iterator[Fault]:
    if not found.query.strip() and not found.also and not found.watch:
        yield Fault("query", "there is neither a query nor a clue under also: it never matches")
    if found.threshold <= 0:
        yield Fault("threshold", "the threshold must be above 0")
    elif not found.query.strip() and found.also:
        best = max(found.places.headline, found.places.body, found.places.background)
        most = best * sum(clue.points for clue in found.also if clue.points > 0)
        if most < found.threshold:
            yield Fault(
                "threshold",
                f"all clues together come to {most:g} points at most, {found.threshold:g} are "
                "needed: it never matches",
            )
    if found.digest_threshold < 0:
        yield Fault("digest_threshold", "the threshold must not be below 0")
    elif found.digest_threshold >= found.threshold > 0:
        yield Fault("digest_threshold", "it must be below the threshold, or 0 for none")
    if set(found.types) and set(found.types) <= set(found.except_types):
        yield Fault("except_types", "it takes away every one of types: it never matches")


def _facets(found: Filter) -> Iterator[Facet]:
    for _, query, is_cue in _queries(found):
        if not is_cue:
            yield from _facets_of(parse_query(query))


def _facets_of(node: Node) -> Iterator[Facet]:
    if isinstance(node, Facet):
        yield node
    for child in children(node):
        yield from _facets_of(child)
