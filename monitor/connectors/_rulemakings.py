"""Names rulemakings by their docket on regulations.gov."""

from __future__ import annotations

import re

from monitor.models import Identifier

# "DHS Docket No. USCIS-2025-0040" and "ICEB-2020-0006-0001", but not the catch-all dockets of all
# documents of an agency ("ICEB_FRDOC_0001"): those would make one matter of everything.
_DOCKET = re.compile(r"\b([A-Z]{2,8}(?:-[A-Z]{2,8}){0,3}-\d{4}-\d{4})(?!\d)")


def rulemaking_docket(text: str) -> Identifier | None:
    """Find a docket of regulations.gov in a text; None where there is none of its own."""
    found = _DOCKET.search(text)
    return Identifier("rulemaking", "us", found[1]) if found else None
