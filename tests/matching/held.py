"""Short ways to hold a query or a filter against a text."""

from __future__ import annotations

from monitor.matching import Explanation, Filter, FilterSet, Subject
from monitor.models import ItemType, Match


def subject(
    title: str = "",
    text: str = "",
    kind: ItemType | None = None,
    jurisdiction: str = "",
    documents: tuple[tuple[str, str], ...] = (),
) -> Subject:
    """Make something to hold a filter against."""
    return Subject((("title", title), ("text", text), *documents), kind, jurisdiction)


def rule(query: str = "", **rest: object) -> Filter:
    """Make a filter of one query and what else the test needs."""
    return Filter("topic", "A topic", query=query, **rest)  # type: ignore[arg-type]


def matches(found: Filter, item: Subject) -> tuple[Match, ...]:
    """Hold one filter against a subject."""
    return FilterSet((found,)).match_subject(item)


def only(found: Filter, item: Subject) -> Match:
    """Hold one filter against a subject on which it must hold."""
    (match,) = matches(found, item)
    return match


def holds(query: str, text: str, **rest: object) -> bool:
    """Say whether a query holds on a text without a title."""
    return bool(matches(rule(query, **rest), subject(text=text)))


def hits(query: str, text: str, **rest: object) -> list[str]:
    """Quote what a query finds in a text, from left to right."""
    found = [
        (passage.start + start, passage.text[start:end])
        for match in matches(rule(query, **rest), subject(text=text))
        for passage in match.passages
        for start, end in passage.hits
    ]
    return [quote for _, quote in sorted(found)]


def explained(found: Filter, item: Subject) -> Explanation:
    """Explain one filter on a subject."""
    (explanation,) = FilterSet((found,)).explain_subject(item)
    return explanation
