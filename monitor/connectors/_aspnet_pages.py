"""Finds elements of ASP.NET pages, whose ids wear their containers' names in front."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from monitor.connectors._meeting_pages import Element, said
from monitor.models import Response

_MOST_COOKIES = 4_000


def with_id(root: Element, name: str) -> Element | None:
    """Find the element whose id is `name`, alone or behind "ctl00_ContentPlaceHolder1_"."""
    behind = f"_{name}"
    for one in root.iter("*"):
        own = one.get("id") or ""
        if own == name or own.endswith(behind):
            return one
    return None


def cells(row: Element) -> tuple[Element, ...]:
    """Return a table row's own cells."""
    return tuple([one for one in row if one.tag in ("td", "th")])


def titled(cell: Element) -> Iterator[tuple[str, str]]:
    """Give what a page's table says of itself: header and value of neighbouring cells."""
    label = ""
    for one in cell.iter("th", "td"):
        words = said(one)
        if words.endswith(":"):
            label = words.rstrip(":").strip().lower()
        elif label:
            yield label, words
            label = ""


def parameter(link: str, name: str) -> str:
    """Return a link's query parameter, its name in any case; "" where it has none."""
    try:
        pairs = parse_qsl(urlsplit(link).query)
    except ValueError:
        return ""
    wanted = name.lower()
    return next((value.strip() for key, value in pairs if key.lower() == wanted), "")


def number_in(link: str, name: str) -> str:
    """Return a link's numeric parameter without leading zeros, "" where it is no number."""
    found = parameter(link, name)
    return str(int(found)) if re.fullmatch(r"[0-9]{1,12}", found) else ""


def cookies_of(response: Response) -> str:
    """Return what a page set, as the next request sends it back; "" where it set nothing."""
    given = [
        value.partition(";")[0].strip() for name, value in response.headers if name == "set-cookie"
    ]
    held = "; ".join([one for one in given if "=" in one and one.isascii() and one.isprintable()])
    return held if len(held) <= _MOST_COOKIES else ""
