"""A filter as people write it: one topic's queries, exclusions, weights, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.models import ItemType, Priority


class Shouting(StrEnum):
    """What an acronym (`ICE`) is worth in a line that is all capitals, where any word looks so.

    second: it counts only when a second term stands in the item too: one of the filter's
        `context`, or, where the filter has none, any other term of `query` and `also`.
    count: it counts as everywhere else.
    ignore: it never counts there.
    """

    SECOND = "second"
    COUNT = "count"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Clue:
    """Weaker evidence: a query that is worth some points, once an item, at its best place.

    Negative points speak against the item ("honoring", "heritage month").
    """

    query: str
    points: float = 1.0


@dataclass(frozen=True, slots=True)
class Places:
    """What points are multiplied with, by the best place where the query holds on its own.

    headline: the title, or the first sentence of the text.
    body: the rest of the text, and documents.
    background: recitals (WHEREAS ...), minutes, public comment.
    """

    headline: float = 2.0
    body: float = 1.0
    background: float = 0.5


@dataclass(frozen=True, slots=True)
class Filter:
    """One topic: what makes an item relevant, which way it goes, and who is told.

    An item matches when its score reaches `threshold`. `query` is worth the whole threshold, so
    any match of it suffices; every clue of `also` adds its points; both are multiplied by place.
    A filter without `also` is thus a plain boolean query.

    topic: its id, [a-z0-9-]+; title: its name for people.
    query: strong evidence, in the query language (monitor.matching.query); "" where there is none.
    exclude: a query; a term that begins in a passage which it covers does not count, and nothing
        else is touched. In lower case it covers capitals too: "on ice" takes "on ICE" out.
    also: weaker evidence; threshold: the points that an item needs.
    digest_threshold: from this score up to the threshold the item is kept with priority low, for
        the digest; 0 turns that off.
    context: a query that confirms a shouted acronym; see Shouting.
    places: the weights of places. background_suffices: whether a match of `query` that stands in
        the background only is worth the full threshold too.
    types: the filter is for items of these types only; () means all. except_types: never these.
    watch: court cases whose items match without any word, a line each; see monitor.matching.watch.
    limits, expands: cues, each a query (plain words are a phrase), that say which way it goes.
    channels: where alerts go beside the routes of monitor.yaml.
    examples_match, examples_reject: texts that `monitor check` tries; the first line is the title.
    """

    topic: str
    title: str
    query: str = ""
    exclude: str = ""
    also: tuple[Clue, ...] = ()
    threshold: float = 3.0
    digest_threshold: float = 0.0
    context: str = ""
    shouting: Shouting = Shouting.SECOND
    places: Places = Places()
    background_suffices: bool = True
    types: tuple[ItemType, ...] = ()
    except_types: tuple[ItemType, ...] = ()
    watch: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    expands: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    channels: tuple[str, ...] = ()
    examples_match: tuple[str, ...] = ()
    examples_reject: tuple[str, ...] = ()
