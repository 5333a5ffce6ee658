"""Reads a list on a web page by CSS selectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar
from urllib.parse import unquote, urlsplit

from bs4 import Tag
from pydantic import AfterValidator, Field

from monitor.connectors import register
from monitor.connectors._listing import Listing, Told, named_pairs
from monitor.connectors._soup import (
    checked_selector,
    chosen,
    markup_at,
    plain,
    soup_of,
    text_at,
    texts_at,
    without,
)
from monitor.errors import FormatError
from monitor.models import Access, Attachment, Entry, Parsed, Poll, Refusal, Request, Response
from monitor.text import clean_text, fold, one_line
from monitor.urls import absolute

Selector = Annotated[str, AfterValidator(checked_selector)]
Selectors = Annotated[tuple[Selector, ...], Field(strict=False)]
_MOST_DOCUMENTS = 200


@register
class Html(Listing):
    """A list on a web page, found by CSS selectors; "time@datetime" means an attribute.

    url: the page.
    item: what one record is, such as "article.news" or "table tbody tr".
    title: within the record; default its first link.
    link: within the record; default its first link.
    date: within the record, such as "time@datetime"; several elements make one date; default none.
    date_formats: how the date is written where it is not usual, as for strptime ("%d.%m.%Y").
    date_is: publication (default), or meeting where it is the time of a meeting.
    body: within the record; default none.
    place: where a meeting is held; default none.
    status: the stage, within the record; default none.
    office: the committee or agency, within the record; default none.
    attachments: links within the record to documents, such as 'a[href$=".pdf"]'; default none.
    facts: further fields whose change is news, each a name with its selector.
    key: an id within the record, such as "@data-id"; default the link.
    keep: where given, the only parameters that count in a link's identity.
    ignore: elements to take out first.
    empty: words that the page shows while its list is truly empty; without them a page on which
        nothing is found is a failure.
    next: the link to the next page; default none.
    pages: how many pages are read at most; default 1.
    type: what the entries are: news (default), press_release, meeting, agenda_item, …
    complete: the list holds all that is valid, so that what is missing three times is gone; default
        false.
    """

    kind: ClassVar[str] = "html"
    platform: ClassVar[str] = "web"

    item: Selector
    title: Selector = ""
    link: Selector = ""
    date: Selector = ""
    body: Selector = ""
    place: Selector = ""
    status: Selector = ""
    office: Selector = ""
    attachments: Selector = ""
    facts: dict[str, Selector] = Field(default_factory=dict)
    key: Selector = ""
    ignore: Selectors = ()
    empty: str = ""
    next: Selector = ""
    pages: int = Field(default=1, ge=1, le=50)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the page."""
        del poll
        yield self._page(self.url, 1)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the page; raises SoftError or FormatError where it does not hold the list."""
        soup = soup_of(response)
        without(soup, self.ignore)
        items = soup.select(self.item)
        number = int(response.request.about[0]) if response.request.about else 1
        if not items and number == 1 and not self._says_empty(soup):
            raise FormatError(response.url, f"nothing on the page matches {self.item!r}")
        for place, item in enumerate(items, start=1):
            yield self._entry(item, place, response.url, poll)
        if self.next and items and number < self.pages:
            link = chosen(soup, self.next)
            address = absolute(response.url, str(link.get("href") or "")) if link else ""
            if address and address != response.url:
                yield self._page(address, number + 1)

    def _page(self, url: str, number: int) -> Request:
        # An unchanged page is not read again, and would hide the pages behind it.
        followed = self.complete or (bool(self.next) and self.pages > 1)
        return Request(
            url,
            access=Access.PAGE,
            about=(str(number),),
            conditional=not followed,
        )

    def _says_empty(self, soup: Tag) -> bool:
        return bool(self.empty) and fold(self.empty) in fold(soup.get_text(" "))

    def _entry(self, item: Tag, number: int, base: str, poll: Poll) -> Entry | Refusal:
        first = item if item.name == "a" else item.find("a", href=True)
        anchor = chosen(item, self.link) if self.link else first
        told = Told(
            what=f"record {number}: {one_line(item.get_text(' '), 60)}",
            id=text_at(item, self.key) if self.key else "",
            title=self._title(item, first if isinstance(first, Tag) else None),
            link=_link_of(anchor, item, self.link),
            date=texts_at(item, self.date) if self.date else "",
            body=plain(markup_at(item, self.body)) if self.body else "",
            status=text_at(item, self.status) if self.status else "",
            office=text_at(item, self.office) if self.office else "",
            place=text_at(item, self.place) if self.place else "",
            attachments=tuple(self._documents(item, base)) if self.attachments else (),
            facts=named_pairs((name, text_at(item, css)) for name, css in self.facts.items()),
        )
        return self.entry(told, base, poll)

    def _title(self, item: Tag, first: Tag | None) -> str:
        if self.title:
            return text_at(item, self.title)
        words = one_line(first.get_text(" ")) if first is not None else ""
        return words or one_line(item.get_text(" "))

    def _documents(self, item: Tag, base: str) -> Iterator[Attachment]:
        seen: set[str] = set()
        for link in item.select(self.attachments)[:_MOST_DOCUMENTS]:
            address = absolute(base, str(link.get("href") or ""))
            if address and address not in seen:
                seen.add(address)
                name = unquote(urlsplit(address).path.rpartition("/")[2])
                yield Attachment(one_line(link.get_text(" ")) or clean_text(name), address)


def _link_of(anchor: object, item: Tag, selector: str) -> str:
    if not isinstance(anchor, Tag):
        return ""
    if "@" in selector:
        return text_at(item, selector)
    return str(anchor.get("href") or "")
