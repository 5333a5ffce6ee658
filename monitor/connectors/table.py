"""Reads a table that somebody publishes as CSV or as a workbook: a row, an entry."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from pydantic import model_validator

from monitor.connectors import register
from monitor.connectors._listing import Listing, Told, Words, named_pairs
from monitor.connectors._soup import CONTROLS
from monitor.documents.plain import decoded, looks_binary
from monitor.documents.workbooks import read_workbook, said
from monitor.errors import DocumentError, FormatError, SoftError
from monitor.models import Access, Entry, ItemType, Parsed, Poll, Refusal, Request, Response
from monitor.text import clean_text, digest, fold, one_line

_DELIMITERS = ",;\t|"
_HEADER_WITHIN = 25
_MOST_ROWS = 200_000
_MARKUP = ("<html", "<!doctype", "<head", "<body", "<?xml")
_LINK = ("http://", "https://")


@register
class Table(Listing):
    """A table published as CSV or XLSX; columns are named by their headings, in any case.

    url: the file's address.
    sheet: of a workbook, by its name; default the first one that is not hidden.
    key: columns that together identify a row; default all columns of the title.
    title: columns that make the title.
    link: a column with an address, or with HTML that links one; default none.
    date: a column; default none.
    date_formats: how the date is written where it is not usual, as for strptime.
    date_is: publication (default), or meeting where it is the time of a meeting.
    body: columns that make the text; default none.
    place: a column that says where a meeting is held; default none.
    status: a column with the stage; default none.
    office: a column with the committee, court or agency; default none.
    facts: columns whose change is news; default all that are named nowhere else.
    noise: columns that are only kept.
    keep: where given, the only parameters that count in a link's identity.
    type: what the entries are: row (default), agreement, docket_caption, …
    complete: the table holds all that is valid, so that what is missing three times is gone;
        default false.
    """

    kind: ClassVar[str] = "table"
    platform: ClassVar[str] = "web"

    type: ItemType = ItemType.ROW
    sheet: str = ""
    key: Words = ()
    title: Words
    link: str = ""
    date: str = ""
    body: Words = ()
    place: str = ""
    status: str = ""
    office: str = ""
    facts: Words = ()
    noise: Words = ()

    @model_validator(mode="after")
    def _has_a_title(self) -> Table:
        if not any(self.title):
            raise ValueError("`title` names no column")
        return self

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the file."""
        del poll
        yield Request(self.url, access=Access.DOCUMENT, conditional=not self.complete)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the table; raises SoftError or FormatError where it is none."""
        rows = iter(self._rows(response))
        columns = self._heading(rows, response.url)
        seen: dict[str, int] = {}
        for number, row in enumerate(rows, start=2):
            cells = {
                name: row[column].strip() if column < len(row) else ""
                for name, column in columns.items()
            }
            if any(cells.values()):
                yield self._entry(cells, number, response.url, poll, seen)

    def _rows(self, response: Response) -> list[list[str]]:
        body = response.body
        if not body.strip():
            raise SoftError(response.url, "the answer is empty")
        if body.startswith(b"PK"):
            return self._worksheet(response)
        text = decoded(body, response.header("content-type"))
        text = CONTROLS.sub(" ", text)
        if text.lstrip("\ufeff \r\n\t").lower().startswith(_MARKUP):
            raise SoftError(response.url, "a page instead of the table")
        if looks_binary(body):
            raise FormatError(response.url, "the file is neither CSV nor XLSX")
        return _separated(text, response.url)

    def _worksheet(self, response: Response) -> list[list[str]]:
        try:
            sheets = read_workbook(response.body, response.url)
        except DocumentError as fault:
            raise FormatError(response.url, fault.reason) from fault
        wanted = [
            one
            for one in sheets
            if (fold(one.name) == fold(self.sheet) if self.sheet else not one.hidden)
        ]
        if not wanted:
            raise FormatError(response.url, f"the workbook has no sheet {self.sheet!r}")
        sheet = wanted[0]
        rows = [[said(cell) for cell in row] for row in sheet.rows]
        for row, column, address in sheet.links:
            if row < len(rows) and column < len(rows[row]) and address.startswith(_LINK):
                words = rows[row][column]
                rows[row][column] = f'<a href="{address}">{words}</a>' if words else address
        return rows

    def _heading(self, rows: Iterator[list[str]], subject: str) -> Mapping[str, int]:
        """Find the first row that holds every column that the options name."""
        needed = {fold(name): name for name in self._named()}
        for _, row in zip(range(_HEADER_WITHIN), rows, strict=False):
            columns: dict[str, int] = {}
            for column, cell in enumerate(row):
                columns.setdefault(fold(clean_text(cell, html=True)), column)
            if needed.keys() <= columns.keys():
                return {name: column for name, column in columns.items() if name}
        missing = ", ".join(repr(name) for name in needed.values())
        raise FormatError(subject, f"no row of headings has all the columns {missing}")

    def _named(self) -> Iterator[str]:
        yield from (*self.key, *self.title, *self.body, *self.facts, *self.noise)
        single = (self.link, self.date, self.place, self.status, self.office)
        yield from (name for name in single if name)

    def _entry(
        self, cells: Mapping[str, str], number: int, base: str, poll: Poll, seen: dict[str, int]
    ) -> Entry | Refusal:
        def words(name: str) -> str:
            return one_line(clean_text(cells[fold(name)], html=True)) if name else ""

        key = digest(*(fold(words(name)) for name in self.key or self.title))
        seen[key] = seen.get(key, 0) + 1
        taken = {fold(name) for name in (*self._named(),)} - {fold(name) for name in self.facts}
        facts = self.facts or tuple(name for name in cells if name not in taken)
        told = Told(
            what=f"row {number}: {' '.join(filter(None, cells.values()))}",
            # Rows that nothing tells apart are numbered, in their order.
            id=key if seen[key] == 1 else f"{key}#{seen[key]}",
            title=", ".join(filter(None, map(words, self.title))),
            link=_address(cells[fold(self.link)]) if self.link else "",
            date=words(self.date),
            body="\n".join(clean_text(cells[fold(name)], html=True) for name in self.body),
            status=words(self.status),
            office=words(self.office),
            place=words(self.place),
            facts=named_pairs((name, words(name)) for name in facts),
            noise=named_pairs((name, words(name)) for name in self.noise),
        )
        return self.entry(told, base, poll)


def _separated(text: str, subject: str) -> list[list[str]]:
    """Read separated values; the separator is what the first line holds most of."""
    head = text[:4_000].lstrip("\ufeff \r\n").split("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > _MOST_ROWS:
                raise FormatError(subject, f"the table has more than {_MOST_ROWS:,} rows")
    except csv.Error as fault:
        raise FormatError(subject, f"the table cannot be read: {fault}") from fault
    return rows


def _address(cell: str) -> str:
    """Take the address out of a cell that is one, or that links one."""
    if "<" not in cell:
        return cell
    start = cell.lower().find("href=")
    if start < 0:
        return clean_text(cell, html=True)
    rest = cell[start + len("href=") :].lstrip()
    quote = rest[:1] if rest[:1] in "\"'" else ""
    inner = rest[1:].partition(quote)[0] if quote else rest.split(">")[0].split()[0:1]
    return inner if isinstance(inner, str) else "".join(inner)
