"""Reads filters/*.yaml: one topic a file, every query checked where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from monitor.config.complaints import Complaints, Spot
from monitor.config.fields import (
    ChannelName,
    Id,
    ItemTypeWord,
    OneOrMany,
    Options,
    PriorityWord,
    Said,
    ShoutingWord,
)
from monitor.config.model import Example
from monitor.config.options import read_options, root_mapping
from monitor.config.tree import Document, Mapping, Node, Scalar, Sequence
from monitor.errors import QueryError
from monitor.matching import Clue, Filter, Places, Shouting, faults, parse_cue, parse_query
from monitor.models import Priority

_CURE = "write topic:, title: and query:"
_POINTS = 100.0
_AROUND = 60
_CUES = ("limits", "expands")


class ClueOptions(Options):
    """Weaker evidence: a query that is worth some points, once an item."""

    query: Said = Field(description="in the query language")
    points: float = Field(
        default=1.0, ge=-_POINTS, le=_POINTS, description="negative points speak against the item"
    )


class PlaceOptions(Options):
    """What points are multiplied with, by the best place where a query holds."""

    headline: float = Field(default=2.0, ge=0, le=_POINTS, description="title or first sentence")
    body: float = Field(default=1.0, ge=0, le=_POINTS, description="the text, and documents")
    background: float = Field(
        default=0.5, ge=0, le=_POINTS, description="recitals, minutes, public comment"
    )


class DirectionOptions(Options):
    """Cues, each a query, that say which way an item goes."""

    limits: Annotated[tuple[Said, ...], OneOrMany()] = Field(
        default=(), description="less cooperation with immigration enforcement"
    )
    expands: Annotated[tuple[Said, ...], OneOrMany()] = Field(
        default=(), description="more cooperation with immigration enforcement"
    )


class ExampleOptions(Options):
    """Texts that `monitor check` tries; the first line of each is its title."""

    match: Annotated[tuple[Said, ...], OneOrMany()] = Field(
        default=(), description="the filter must hold on these"
    )
    reject: Annotated[tuple[Said, ...], OneOrMany()] = Field(
        default=(), description="the filter must not hold on these"
    )


class FilterOptions(Options):
    """One topic: what is relevant, which way it goes, and where it is told."""

    topic: Id = Field(description="its id: a-z, 0-9 and -; sources and routes name it")
    title: Said = Field(description="its name for people")
    query: Said | None = Field(default=None, description="strong evidence: any match suffices")
    exclude: str = Field(
        default="", description="passages that do not count; nothing else is hidden by them"
    )
    also: Annotated[tuple[ClueOptions, ...], OneOrMany()] = Field(
        default=(), description="weaker evidence: points are added up to `threshold`"
    )
    threshold: float = Field(default=3.0, gt=0, le=_POINTS, description="points an item needs")
    digest_threshold: float = Field(
        default=0.0, ge=0, le=_POINTS, description="from here on for the digest only; 0: off"
    )
    context: str = Field(
        default="", description="a query that confirms an acronym in a line of capitals"
    )
    shouting: ShoutingWord = Field(
        default=Shouting.SECOND, description="what an acronym in a line of capitals is worth"
    )
    places: PlaceOptions = PlaceOptions()
    background_suffices: bool = Field(
        default=True, description="a match of `query` in the background alone is enough"
    )
    types: Annotated[tuple[ItemTypeWord, ...], OneOrMany()] = Field(
        default=(), description="only items of these types"
    )
    except_types: Annotated[tuple[ItemTypeWord, ...], OneOrMany()] = Field(
        default=(), description="never items of these types"
    )
    watch: Annotated[tuple[Said, ...], OneOrMany()] = Field(
        default=(), description="court cases: court's id, docket number, caption; no word is needed"
    )
    direction: DirectionOptions = DirectionOptions()
    priority: PriorityWord = Field(
        default=Priority.NORMAL, description="high: at once; normal; low: digest only"
    )
    channels: Annotated[tuple[ChannelName, ...], OneOrMany()] = Field(
        default=(), description="where alerts go beside the routes of monitor.yaml"
    )
    examples: ExampleOptions = ExampleOptions()
    note: Said | None = Field(default=None, description="for maintainers")

    @property
    def filter(self) -> Filter:
        """Say the same in the words of the matcher."""
        return Filter(
            topic=self.topic,
            title=self.title,
            query=self.query or "",
            exclude=self.exclude.strip(),
            also=tuple(Clue(clue.query, clue.points) for clue in self.also),
            threshold=self.threshold,
            digest_threshold=self.digest_threshold,
            context=self.context.strip(),
            shouting=self.shouting,
            places=Places(self.places.headline, self.places.body, self.places.background),
            background_suffices=self.background_suffices,
            types=self.types,
            except_types=self.except_types,
            watch=self.watch,
            limits=self.direction.limits,
            expands=self.direction.expands,
            priority=self.priority,
            channels=self.channels,
            examples_match=self.examples.match,
            examples_reject=self.examples.reject,
        )


@dataclass(frozen=True, slots=True)
class FilterFile:
    """One topic, and its examples with their places."""

    filter: Filter
    examples: tuple[Example, ...]


class EverywhereOptions(Options):
    """What holds for every filter."""

    exclude: Said = Field(description="passages that no filter counts")
    note: Said | None = Field(default=None, description="for maintainers")


def read_everywhere(document: Document, complaints: Complaints) -> str:
    """Read the exclusion that every filter shares; "" where something is wrong."""
    root = root_mapping(document, "write exclude:, or delete the file", complaints)
    if root is None:
        return ""
    readable = [_check_query(name, text, document, complaints) for name, text in _queries(root)]
    options = read_options(EverywhereOptions, root, complaints)
    return options.exclude if options is not None and all(readable) else ""


def excluding(mine: Filter, everywhere: str) -> Filter:
    """Let a filter exclude what all filters exclude, beside its own exclusions."""
    both = [query for query in (mine.exclude, everywhere) if query]
    exclude = both[0] if len(both) == 1 else "\nOR ".join(f"({query})" for query in both)
    return replace(mine, exclude=exclude) if both else mine


def topic_of(document: Document) -> tuple[str, Spot] | None:
    """Say which topic a file claims and where, be the rest of it faulty; None where it does not."""
    topic = document.root.get("topic") if isinstance(document.root, Mapping) else None
    return (topic.text, topic.spot) if isinstance(topic, Scalar) else None


def read_filter(document: Document, complaints: Complaints) -> FilterFile | None:
    """Read one file; None where something is wrong, with all the complaints."""
    root = root_mapping(document, _CURE, complaints)
    if root is None:
        return None
    readable = [_check_query(name, text, document, complaints) for name, text in _queries(root)]
    options = read_options(FilterOptions, root, complaints)
    if options is None or not all(readable):
        return None
    mine = options.filter
    if _senseless(root, mine, complaints):
        return None
    _doubt(root, mine, complaints)
    return FilterFile(mine, tuple(_examples(root, mine.topic)))


def _senseless(root: Mapping, mine: Filter, complaints: Complaints) -> bool:
    """Complain of a filter that can never match, or matches nearly everything."""
    found = faults(mine)
    for fault in found:
        spot, name = root.spot, fault.field.partition("[")[0].partition(".")[0]
        if root.get(name) is not None:
            spot = root.key_spot(name)
        complaints.add(spot, f"{fault.field}: {fault.message}")
    return bool(found)


def _doubt(root: Mapping, mine: Filter, complaints: Complaints) -> None:
    kinds = {"match": mine.examples_match, "reject": mine.examples_reject}
    missing = " or ".join(name for name, examples in kinds.items() if not examples)
    if missing:
        complaints.warn(
            root.key_spot("examples"),
            f"no examples to {missing}: nothing shows that the filter does what it is for",
        )


def _queries(root: Mapping) -> Iterator[tuple[str, Scalar]]:
    """Find every text that is written in the query language, with its option's name."""
    direction = root.get("direction")
    cues = direction.only(frozenset(_CUES)) if isinstance(direction, Mapping) else None
    for name, node in (
        *((name, root.get(name)) for name in ("query", "exclude", "context")),
        *((name, cues.get(name)) for name in _CUES if cues),
        *(
            ("also", clue.get("query"))
            for clue in _listed(root.get("also"))
            if isinstance(clue, Mapping)
        ),
    ):
        for text in _listed(node):
            if isinstance(text, Scalar) and isinstance(text.value, str) and text.value.strip():
                yield name, text


def _listed(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def _check_query(name: str, text: Scalar, document: Document, complaints: Complaints) -> bool:
    try:
        (parse_cue if name in _CUES else parse_query)(text.text)
    except QueryError as fault:
        spot = document.locate(text, min(fault.column, len(text.text.rstrip())))
        complaints.add(spot, f"{name}: {fault.message}\n{_shown(fault)}", with_column=True)
        return False
    return True


def _shown(fault: QueryError) -> str:
    """Show the query's words around the fault, with a caret below it."""
    start = fault.query.rfind("\n", 0, fault.column) + 1
    line = fault.query[start:].partition("\n")[0]
    caret = fault.column - start
    first = max(0, caret - _AROUND)
    return f"    {line[first : caret + _AROUND].rstrip()}\n    {' ' * (caret - first)}^"


def _examples(root: Mapping, topic: str) -> Iterator[Example]:
    examples = root.get("examples")
    for name in ("match", "reject"):
        for text in _listed(examples.get(name) if isinstance(examples, Mapping) else None):
            if isinstance(text, Scalar):
                yield Example(topic, text.text.strip(), name == "match", str(text.spot))
