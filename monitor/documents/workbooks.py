"""Reads workbooks (XLSX): the cells of each sheet with their values, and the links behind them.

Format: SpreadsheetML, ECMA-376 part 1, section 18.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from posixpath import join, normpath
from zipfile import ZipFile

import python_calamine
from lxml import etree

from monitor.documents.packages import open_package, part, xml
from monitor.documents.values import Budget, DocumentKind, DocumentText, Limits
from monitor.errors import DocumentError
from monitor.text import clean_text

Cell = str | int | float | bool | date | datetime | time | timedelta

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LINKED_CELLS = 1_000
_NOT_EXCEL = "the file is damaged: it is not a readable workbook"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: rows as they stand, the first row is row 0; a missing cell is "".

    links: (row, column, address) of the cells behind which a link lies.
    hidden: the sheet itself is hidden. Rows that a filter hides are there like all others.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    links: tuple[tuple[int, int, str], ...] = ()
    hidden: bool = False


def read_workbook(body: bytes, subject: str, limits: Limits = Limits()) -> tuple[Sheet, ...]:  # noqa: B008 - frozen
    """Read all worksheets of an XLSX file; raises DocumentError.

    Whole numbers come as floats, dates as dates, where the cell's format says so.
    """
    if not body.startswith(b"PK"):
        raise DocumentError(subject, "the file is no XLSX workbook: it does not begin with PK")
    if len(body) > limits.file:
        raise DocumentError(subject, f"the file has {len(body):,} bytes, more than are read")
    return sheets_of(open_package(body, subject, limits), body, subject, limits)


def sheets_of(package: ZipFile, body: bytes, subject: str, limits: Limits) -> tuple[Sheet, ...]:
    """Read the worksheets of a package that is open; raises DocumentError."""
    links = {
        name: _surveyed(package, path, subject, limits)
        for name, path in _sheet_parts(package, subject)
    }
    if not links:
        raise DocumentError(subject, "the workbook has no worksheet")
    found: list[Sheet] = []
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)) as book:
            for about in book.sheets_metadata:
                if about.name not in links:
                    continue
                rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
                hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
                found.append(Sheet(about.name, tuple(map(tuple, rows)), links[about.name], hidden))
    except (python_calamine.CalamineError, ValueError, OSError) as fault:
        raise DocumentError(subject, _NOT_EXCEL) from fault
    return tuple(found)


def read_xlsx(package: ZipFile, body: bytes, subject: str, budget: Budget) -> DocumentText:
    """Read a workbook as text: a page for each sheet that is not hidden, a line for each row."""
    sheets = [one for one in sheets_of(package, body, subject, budget.limits) if not one.hidden]
    pages: list[str] = []
    while len(pages) < len(sheets) and budget.left:
        sheet = sheets[len(pages)]
        lines = [" ".join(map(said, row)) for row in sheet.rows]
        pages.append(budget.take(clean_text("\n".join([sheet.name, *lines]))))
    return DocumentText(
        DocumentKind.XLSX, tuple(pages), truncated=len(pages) < len(sheets) or budget.cut
    )


def said(cell: Cell) -> str:
    """Write a cell as a person would: 12, not 12.0; dates as 2026-11-02."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 - floats count up to here
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return str(cell)


def _sheet_parts(package: ZipFile, subject: str) -> list[tuple[str, str]]:
    """List the worksheets' names with the parts that hold them."""
    book = xml(package, "xl/workbook.xml", subject)
    related = xml(package, "xl/_rels/workbook.xml.rels", subject)
    if book is None or related is None:
        raise DocumentError(subject, _NOT_EXCEL)
    paths = {one.get("Id"): str(one.get("Target") or "") for one in related}
    return [
        (str(sheet.get("name")), normpath(join("/xl", paths[sheet.get(_RELATION)])).lstrip("/"))
        for sheet in book.iter("{*}sheet")
        if "worksheets/" in paths.get(sheet.get(_RELATION), "")
    ]


def _surveyed(
    package: ZipFile, path: str, subject: str, limits: Limits
) -> tuple[tuple[int, int, str], ...]:
    """Measure a sheet before it is read, and collect its links.

    Two cells at opposite corners make a rectangle of 17 thousand million cells, which the reader
    would allot.
    """
    rows = columns = seen = 0
    linked: list[tuple[str, str]] = []
    try:
        for _, element in etree.iterparse(
            io.BytesIO(part(package, path)),
            tag=("{*}c", "{*}row", "{*}hyperlink"),
            resolve_entities=False,
            no_network=True,
        ):
            tag = etree.QName(element).localname
            if tag == "hyperlink":
                linked.append((element.get("ref", ""), element.get(_RELATION, "")))
                continue
            row, column = _place(element.get("r", ""))
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if tag == "row":
                seen += 1
                rows, columns = max(rows, seen), max(columns, len(element))
                element.clear()
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise DocumentError(subject, f"the file is damaged: {path} is not XML") from fault
    if rows * columns > limits.cells:
        raise DocumentError(
            subject, f"a sheet of {rows:,} rows and {columns:,} columns is more than is read"
        )
    return _links(package, path, subject, linked)


def _links(
    package: ZipFile, path: str, subject: str, linked: list[tuple[str, str]]
) -> tuple[tuple[int, int, str], ...]:
    folder, _, name = path.rpartition("/")
    related = xml(package, f"{folder}/_rels/{name}.rels", subject)
    if related is None:
        return ()
    targets = {one.get("Id"): str(one.get("Target") or "") for one in related}
    found: list[tuple[int, int, str]] = []
    for reference, relation in linked:
        address = targets.get(relation, "")
        if address:
            found.extend((row, column, address) for row, column in _cells(reference))
    return tuple(found)


def _cells(reference: str) -> list[tuple[int, int]]:
    """List the cells of "G5" or "G5:H6"; of an endless range only the beginning."""
    first, _, last = reference.partition(":")
    top, left = _place(first)
    bottom, right = _place(last or first)
    cells = [
        (row, column)
        for row in range(max(top, 0), min(bottom, top + _LINKED_CELLS) + 1)
        for column in range(max(left, 0), min(right, left + _LINKED_CELLS) + 1)
    ]
    return cells[:_LINKED_CELLS]


def _place(reference: str) -> tuple[int, int]:
    """Read "AB12" into row 11 and column 27; a bare row number has no column (-1)."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return (int(reference) - 1, -1) if reference.isdigit() and len(reference) < 8 else (-1, -1)  # noqa: PLR2004 - digits
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
