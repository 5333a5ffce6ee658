"""Reads the Supreme Court's own pages of orders and of slip opinions, one of each for a term.

    orders/ordersofthecourt/{YY}   order lists and miscellaneous orders, as PDF
    opinions/slipopinion/{YY}      opinions, with a sentence on each

The Court has feeds and a JSON file for each docket, but its robots.txt forbids all of /rss/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from lxml import etree
from pydantic import Field

from monitor.connectors import BaseConnector, register
from monitor.dates import local, parse_date, plausible
from monitor.errors import FormatError, SoftError
from monitor.identifiers import docket
from monitor.models import (
    Access,
    Attachment,
    Entry,
    ItemType,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.text import clean_text, one_line
from monitor.urls import absolute

_SITE = "https://www.supremecourt.gov"
_EASTERN = "America/New_York"
_PATHS = {"orders": "orders/ordersofthecourt", "opinions": "opinions/slipopinion"}
# "072826zr1_3f14.pdf": the day, the sort of order, and a hash that may change.
_ORDER = re.compile(r"/orders/courtorders/((\d{6})z\w*?)(?:_\w+)?\.pdf$", re.IGNORECASE)
_OPINION = re.compile(r"/opinions/\d\dpdf/[\w.-]+\.pdf$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{2}(?:-\d{1,5}|[AMO]\d{1,4})\b", re.IGNORECASE)
_FORMATS = ("%m/%d/%y", "%m/%d/%Y", "%m%d%y")
_OCTOBER = 10

What = Literal["orders", "opinions"]


@register
class Scotus(BaseConnector):
    """Orders and opinions of the Supreme Court, from its own pages.

    read: which pages are read: orders, opinions; default both. With `documents: true` the lists are
        searched for cases.
    """

    kind: ClassVar[str] = "scotus"
    platform: ClassVar[str] = "supremecourt"
    pace: ClassVar[float] = 2.0

    read: Annotated[tuple[What, ...], Field(strict=False, min_length=1)] = ("orders", "opinions")

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the pages of this term; around its first Monday in October, of both."""
        here = local(poll.now, _EASTERN)
        year = here.year if here.month >= _OCTOBER else here.year - 1
        for what in self.read:
            yield _page(what, year, optional=False)
            if here.month == _OCTOBER:
                yield _page(what, year - 1, optional=True)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page; raises SoftError or FormatError where it is not the Court's."""
        what = response.request.step
        found = list(_orders(response, poll) if what == "orders" else _opinions(response, poll))
        if not found and not _is_opened(response, what):
            raise FormatError(
                response.url, f"the page lists no {what}, and is not the Court's list"
            )
        yield from found


def _page(what: What, year: int, *, optional: bool) -> Request:
    url = f"{_SITE}/{_PATHS[what]}/{year % 100:02d}"
    return Request(url, access=Access.PAGE, step=what, optional=optional)


def _orders(response: Response, poll: Poll) -> Iterator[Entry]:
    """Make an entry of each order; its day stands before it, and in the name of its file."""
    for link in _tree(response).iterfind(".//a[@href]"):
        url = absolute(response.url, link.get("href", ""))
        found = _ORDER.search(urlsplit(url).path)
        title = _words(link)
        if found and title:
            day = _day(found[2], poll.now)
            yield Entry(
                type=ItemType.OPINION,
                key=f"order:{found[1].lower()}",
                title=f"{title}, {_spoken(day)}" if day else title,
                url=url,
                published=day,
                published_said=found[2],
                jurisdiction="scotus",
                office="Supreme Court of the United States",
                attachments=(Attachment(title, url, "application/pdf"),),
                labels=(title,),
            )


def _opinions(response: Response, poll: Poll) -> Iterator[Entry | Refusal]:
    """Make an entry of each row: R-number, date, docket, name with a summary, author, citation."""
    for row in _tree(response).iterfind(".//tr"):
        link = next(
            (
                one
                for one in row.iterfind(".//a[@href]")
                if _OPINION.search(urlsplit(absolute(response.url, one.get("href", ""))).path)
            ),
            None,
        )
        if link is None:
            continue
        cells = [_words(cell) for cell in row if cell.tag == "td"]
        numbers = [one for cell in cells[:3] for one in _NUMBER.findall(cell)]
        name = _words(link)
        if not numbers or not name:
            yield Refusal(one_line(" ".join(cells), 80), "the row has no docket number or no name")
            continue
        yield _opinion(absolute(response.url, link.get("href", "")), link, cells, numbers, poll.now)


def _opinion(
    url: str, link: etree._Element, cells: list[str], numbers: list[str], now: datetime
) -> Entry:
    days = (day for cell in cells if (day := _day(cell, now)))
    name = _words(link)
    return Entry(
        type=ItemType.OPINION,
        key=f"opinion:{numbers[0].upper()}",
        title=name,
        body=clean_text(link.get("title", "")),
        url=url,
        published=next(days, None),
        jurisdiction="scotus",
        office="Supreme Court of the United States",
        identifiers=tuple(found for one in numbers if (found := docket("scotus", one))),
        attachments=(Attachment(f"Opinion in {one_line(name, 80)}", url, "application/pdf"),),
        labels=("Slip opinion",),
    )


def _tree(response: Response) -> etree._Element:
    """Read a page; raises SoftError where it is empty, FormatError where it is no HTML."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    try:
        root = etree.fromstring(response.body, parser) if response.body.strip() else None
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise FormatError(response.url, "the page cannot be read") from fault
    if root is None:
        raise SoftError(response.url, "the page is empty")
    return root


def _is_opened(response: Response, what: str) -> bool:
    """Tell whether a page without entries is the Court's all the same: a term that just began."""
    text = _words(_tree(response)).lower()
    return "supreme court" in text and what.rstrip("s") in text


def _day(said: str, now: datetime) -> datetime | None:
    found = parse_date(said, _EASTERN, _FORMATS)
    return found if found and plausible(found, now) else None


def _spoken(day: datetime) -> str:
    here = local(day, _EASTERN)
    return f"{here:%B} {here.day}, {here.year}"


def _words(element: etree._Element) -> str:
    return one_line(clean_text("".join(map(str, element.itertext()))))
