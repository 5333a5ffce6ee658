"""Fills in the search of Legistar's Legislation.aspx, as its own button would send it.

The page has one of two forms, whichever the council chose: a simple one (txtSearch, lstYears) or
an advanced one (txtText, lstYearsAdvanced).

Format: opencivicdata/python-legistar-scraper, legistar/bills.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from monitor.connectors._meeting_pages import Element
from monitor.errors import FormatError

_WORDS = ("txtSearch", "txtText")
_YEARS = ("lstYears", "lstYearsAdvanced")
_BUTTON = "btnSearch"
_PLACE = "ctl00$ContentPlaceHolder1$"
_MOST_BYTES = 4_000_000
_TICKED = ("radio", "checkbox")
_TYPED = ("hidden", "text", "search")


def search_form(root: Element, words: str, period: str, subject: str) -> bytes:
    """Return the body that searches for some words within a period ("This Year").

    Raises FormatError where the page has no such form.
    """
    fields = list(_fields(root))
    names = {name.rpartition("$")[2] for name, _ in fields}
    box = next((one for one in _WORDS if one in names), "")
    if not box:
        raise FormatError(subject, "the page holds no search of Legistar")
    years = next((one for one in _YEARS if one in names), "")
    chosen = {
        f"{_PLACE}{box}": words,
        f"{_PLACE}{years}": period,
        f"{_PLACE.replace('$', '_')}{years}_ClientState": json.dumps({"value": period}),
    }
    pressed = [("__EVENTTARGET", f"{_PLACE}{_BUTTON}"), ("__EVENTARGUMENT", "")]
    kept = [(name, chosen.get(name, value)) for name, value in fields if name not in dict(pressed)]
    form = urlencode([*pressed, *kept], errors="replace").encode()
    if len(form) > _MOST_BYTES:
        raise FormatError(subject, "the page's form is too long to be sent back")
    return form


def _fields(root: Element) -> Iterator[tuple[str, str]]:
    """Give the fields that a browser would send: no buttons, no boxes that are not ticked."""
    for field in root.iter("input"):
        name, sort = field.get("name") or "", (field.get("type") or "text").lower()
        ticked = sort in _TICKED and field.get("checked") is not None
        if name and (ticked or sort in _TYPED):
            yield name, field.get("value") or ("on" if ticked else "")
