"""Matters: which items tell of one thing, by the names and by the words in them."""

from monitor.matters.likeness import Likeness, Relation, conflict, judge, keys
from monitor.matters.mentions import mentions
from monitor.matters.naming import Known, Lookup, dated, lookup, resolve

__all__ = [
    "Known",
    "Likeness",
    "Lookup",
    "Relation",
    "conflict",
    "dated",
    "judge",
    "keys",
    "lookup",
    "mentions",
    "resolve",
]
