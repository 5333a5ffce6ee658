"""Does a filter hold on an item? The query language, the compiled matcher, and its evidence.

    Filter (words of the YAML) -> parse_query -> nodes -> FilterSet -> Match with passages

Everything here is pure. `faults` says what is wrong with a filter, `FilterSet.explain` why it
holds on an item or why not.
"""

from monitor.matching.engine import FilterSet
from monitor.matching.explaining import Explanation
from monitor.matching.filters import Clue, Filter, Places, Shouting
from monitor.matching.lexicon import required_literals
from monitor.matching.nodes import Node, unparse
from monitor.matching.query import parse_cue, parse_query
from monitor.matching.soundness import Fault, faults, too_broad
from monitor.matching.subject import Subject, subject_of, subject_of_text

__all__ = [
    "Clue",
    "Explanation",
    "Fault",
    "Filter",
    "FilterSet",
    "Node",
    "Places",
    "Shouting",
    "Subject",
    "faults",
    "parse_cue",
    "parse_query",
    "required_literals",
    "subject_of",
    "subject_of_text",
    "too_broad",
    "unparse",
]
