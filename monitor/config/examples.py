"""Tries every filter's examples."""

from __future__ import annotations

from monitor.config.model import Config, Example
from monitor.matching import Filter, FilterSet
from monitor.models import Item, ItemType
from monitor.text import one_line

_SHOWN = 90
_SAID = {True: "match but does not", False: "be rejected but matches"}


def failing_examples(config: Config) -> tuple[str, ...]:
    """Try every example on its own filter; a line with its place for each that fails."""
    return tuple(
        f"{example.place}: example should {_SAID[example.matches]}: "
        f"{one_line(example.text, _SHOWN)}"
        for example in config.examples
        if holds(config.filters, example) is not example.matches
    )


def holds(filters: FilterSet, example: Example) -> bool:
    """Say whether an example's own filter holds on it; its first line is the title."""
    title, _, text = example.text.partition("\n")
    item = Item(
        source="example",
        key="example",
        type=_type(filters, example.topic),
        jurisdiction="",
        title=title.strip(),
        text=text.strip(),
        url="",
        published=None,
        fingerprint="",
    )
    return bool(filters.match(item, frozenset({example.topic})))


def _type(filters: FilterSet, topic: str) -> ItemType:
    """Choose a type that the filter takes: an example is a text, and not about types."""
    mine: Filter = next(one for one in filters.filters if one.topic == topic)
    allowed = mine.types or tuple(ItemType)
    return next((kind for kind in allowed if kind not in mine.except_types), allowed[0])
