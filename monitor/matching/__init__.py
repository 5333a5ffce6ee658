"""Does a filter hold on an item? The query language, the compiled matcher, and its evidence.

Filter (words of the YAML) -> parse_query -> nodes -> engine -> Match with passages
"""

from monitor.matching.filters import Clue, Filter, Places, Shouting

__all__ = ["Clue", "Filter", "Places", "Shouting"]
