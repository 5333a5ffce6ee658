"""Reads the tables of Legistar's pages (Telerik RadGrid): a heading and a cell for each column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from monitor.connectors._meeting_pages import Element, classed, links, said
from monitor.text import fold

_GRID = re.compile(r"grid[A-Za-z]+")
_POSTBACK = re.compile(r"__doPostBack\('([^']+)'\s*,\s*'([^']*)'\)")
_UNAVAILABLE = re.compile(r"^not\W+available$", re.IGNORECASE)
_ICS = "icalendar"
_GRID_CLASS = "rgMasterTable"
_MOST_FIELDS = 2_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: its words without the remark, the remark (in italics), its links."""

    words: str
    remark: str
    links: tuple[tuple[str, str], ...]

    @property
    def link(self) -> str:
        """Return the first link's address, "" where there is none."""
        return self.links[0][1] if self.links else ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row, its cells by their column's heading in lower case; "icalendar" has no heading."""

    cells: tuple[tuple[str, Cell], ...]

    def cell(self, *names: str) -> Cell:
        """Return the first cell under one of the headings, an empty one where there is none."""
        held = dict(self.cells)
        return next((held[name] for name in names if name in held), Cell("", "", ()))


def grids(root: Element, base: str) -> Iterator[tuple[str, tuple[GridRow, ...]]]:
    """Find the tables of a page: the grid's own name ("gridCalendar") and its rows."""
    for table in classed(root, _GRID_CLASS):
        found = _GRID.search(table.get("id") or "")
        own = list(_own(table, "rgRow", "rgAltRow"))
        if not found:
            row_ids = [row.get("id") or "" for row in own]
            found = next((one for one in map(_GRID.search, row_ids) if one), None)
        headings = _headings(table)
        rows = [_row(row, headings, base) for row in own if row.tag == "tr"]
        yield found.group() if found else "", tuple(rows)


def _own(table: Element, *names: str) -> Iterator[Element]:
    """Find what belongs to a grid and to none within it: a page cut off leaves grids nested."""
    for one in classed(table, *names):
        above = (up for up in one.iterancestors() if _GRID_CLASS in (up.get("class") or ""))
        if next(above, None) is table:
            yield one


def _headings(table: Element) -> list[str]:
    """List the columns' headings; rows of pagers and pickers have others."""
    names = [fold(said(one)).strip() for one in _own(table, "rgHeader") if one.tag == "th"]
    return [_ICS if name in ("", "ics") else name for name in names]


def _row(row: Element, headings: list[str], base: str) -> GridRow:
    cells = [cell for cell in row.iterchildren() if cell.tag == "td"]
    return GridRow(
        tuple((name, _cell(cell, base)) for name, cell in zip(headings, cells, strict=False))
    )


def _cell(cell: Element, base: str) -> Cell:
    remarks = " ".join(filter(None, [said(one) for one in cell.iter("em", "i")]))
    words = said(cell)
    if remarks and words.endswith(remarks):
        words = words[: -len(remarks)].strip()
    words = "" if _UNAVAILABLE.match(words) else words
    return Cell(words, remarks, tuple([one for one in links(cell, base) if "#" not in one[1]]))


def next_page(root: Element) -> bytes:
    """Return the form that asks for the next page of a grid, b"" where this is the last one."""
    current = next(classed(root, "rgCurrentPage"), None)
    following = current.getnext() if current is not None else None
    target = _POSTBACK.search((following.get("href") or "") if following is not None else "")
    if not target:
        return b""
    fields = [
        (field.get("name") or "", field.get("value") or "")
        for field in root.iter("input")
        if field.get("type") == "hidden" and field.get("name")
    ]
    kept = [one for one in fields if one[0] not in ("__EVENTTARGET", "__EVENTARGUMENT")]
    asked = [("__EVENTTARGET", target[1]), ("__EVENTARGUMENT", target[2])]
    form = urlencode([*asked, *kept], errors="replace").encode()
    return form if len(form) <= _MOST_FIELDS else b""
