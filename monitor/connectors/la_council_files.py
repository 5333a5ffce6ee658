"""Reads council files of Los Angeles from a watch list: the City Clerk has no API and no feed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._aspnet_pages import cells, parameter
from monitor.connectors._json_answers import moment
from monitor.connectors._meeting_pages import Element, classed, links, read_page, said
from monitor.errors import FormatError
from monitor.identifiers import council_file
from monitor.jurisdictions import ocd
from monitor.models import (
    Access,
    Attachment,
    Entry,
    ItemType,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.text import fold, one_line
from monitor.urls import host

_NUMBER = re.compile(r"\d{2}-\d{4}(?:-S\d{1,4})?")
_PAGE = "/lacityclerkconnect/index.cfm?fa=ccfi.viewrecord&cfnumber="
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_SCOPE = ocd("ca/los_angeles")
_NONE = re.compile(r"no records? (?:were |was )?found", re.IGNORECASE)


@register
class LaCouncilFiles(BaseConnector):
    """Council files of the City of Los Angeles that you name (meetings are PrimeGov's).

    files: the numbers to watch, as YY-NNNN or YY-NNNN-S#, such as 25-0002-S62. Whatever changes on
        them is told, without any keyword. At most 150.
    site: where the City Clerk is; default https://cityclerk.lacity.org.
    """

    kind: ClassVar[str] = "la_council_files"
    platform: ClassVar[str] = "la_council_files"
    pace: ClassVar[float] = 4.5

    files: tuple[str, ...] = Field(strict=False, min_length=1, max_length=150)
    site: str = Field(default="https://cityclerk.lacity.org", pattern=r"^https?://[^\s/]+$")

    @field_validator("files", mode="before")
    @classmethod
    def _is_list(cls, files: object) -> object:
        """Take one number for a list of it, as `sources add` writes it."""
        return (files,) if isinstance(files, str) else files

    @field_validator("files")
    @classmethod
    def _are_numbers(cls, files: tuple[str, ...]) -> tuple[str, ...]:
        numbers = [one.strip().upper() for one in files]
        for one in numbers:
            if not _NUMBER.fullmatch(one):
                raise ValueError(f"{one!r} is no council file, such as 25-0002-S62")
        return tuple(dict.fromkeys(numbers))

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a council file's page by its address."""
        del page
        number = parameter(url, "cfnumber").upper()
        is_clerk = host(url) == "cityclerk.lacity.org" and "lacityclerkconnect" in url.lower()
        return (("files", number),) if is_clerk and _NUMBER.fullmatch(number) else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for each file; where the first cannot be had, the poll has failed."""
        del poll
        for position, number in enumerate(self.files):
            yield Request(
                self._address(number),
                access=Access.PAGE,
                step="file",
                about=(number,),
                optional=position > 0,
            )

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a council file's page; a number that the Clerk does not know is refused."""
        page = read_page(response)
        [number] = response.request.about
        told = dict(_told(page))
        title = told.get("title") or told.get("subject", "")
        if not title:
            if _NONE.search(said(page)):
                yield Refusal(f"council file {number}", "the City Clerk has no such file")
                return
            raise FormatError(self._address(number), "the page is no council file's")
        yield self._file(page, number, told, poll)

    def _file(self, page: Element, number: str, told: dict[str, str], poll: Poll) -> Entry:
        title, subject = told.get("title", ""), told.get("subject", "")
        introduced = told.get("date received / introduced", "")
        published = moment(introduced, poll.timezone, poll.now)
        named = council_file(_SCOPE, number)
        return Entry(
            type=ItemType.COUNCIL_ITEM,
            key=number,
            title=title or one_line(subject, 300),
            body=subject if title else "",
            url=self._address(number),
            published=published,
            published_said="" if published else introduced,
            office=told.get("pending in committee", ""),
            status=_last_activity(page, poll),
            identifiers=(named,) if named else (),
            attachments=_documents(page, self.site),
            facts=_some(told, "expiration date", "council district", "reference numbers"),
            noise=_some(told, "mover", "second", "initiated by", "last changed date"),
            labels=("council file",),
            watched=f"council file {number} is on the watch list",
        )

    def _address(self, number: str) -> str:
        return f"{self.site}{_PAGE}{number}"


def _told(page: Element) -> Iterator[tuple[str, str]]:
    """Give the page's fields: each label stands before its text, in boxes of varying depth."""
    label = ""
    for one in classed(page, "reclabel", "rectext"):
        if "reclabel" in (one.get("class") or "").split():
            label = fold(said(one)).rstrip(": ")
        elif label:
            yield label, said(one)
            label = ""


def _last_activity(page: Element, poll: Poll) -> str:
    """Return what was done last, with its day: the list's order is not relied upon.

    A row is a day and what was done; days ahead announce, and have not happened.
    """
    newest: tuple[float, str] = (float("-inf"), "")
    for row in page.iter("tr"):
        columns = [said(one) for one in cells(row)]
        if len(columns) < 2 or not _DATE.fullmatch(columns[0]):  # noqa: PLR2004 - day and words
            continue
        when = moment(columns[0], poll.timezone, poll.now)
        if when and when <= poll.now and columns[1] and when.timestamp() > newest[0]:
            newest = when.timestamp(), f"{columns[0]}: {one_line(columns[1], 400)}"
    return newest[1]


def _documents(page: Element, site: str) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for words, url in links(page, f"{site}/lacityclerkconnect/"):
        if "/onlinedocs/" in url.lower():
            found.setdefault(url, Attachment(one_line(words, 300) or "Document", url))
    return tuple(found.values())


def _some(told: dict[str, str], *names: str) -> Pairs:
    return tuple([(name, told[name]) for name in names if told.get(name)])
