"""A legislative and litigation monitor: polls publishers, matches, and tells people in time."""

import sys

# httpx loads its own command line where rich and pygments are installed: at every start 45 ms and
# 6 MB for something that nobody calls here. None in this place makes it go without.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
