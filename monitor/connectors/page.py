"""Watches one web page: what its text says, without what changes by itself.

The entry is the page: its text is kept by the store, and each change of it is told with both
states. What the rules below take out neither counts nor shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, ClassVar

import re2
from bs4 import BeautifulSoup, Tag
from pydantic import AfterValidator, Field

from monitor.connectors import BaseConnector, register
from monitor.connectors._listing import Address, Kind, Pattern
from monitor.connectors._soup import checked_selector, plain, soup_of, without
from monitor.errors import FormatError, SoftError
from monitor.models import Access, Entry, ItemType, Parsed, Poll, Request, Response
from monitor.text import clean_text, one_line

Selector = Annotated[str, AfterValidator(checked_selector)]

# Where the text of a page usually stands, the first that holds enough of it.
_MAINS = ("main", "[role=main]", "#main-content", "#maincontent", "article", "#content", "#main")
_ENOUGH = 200
# What stands around the text on every page of a site. Not forms: ASP.NET wraps whole pages in one;
# not what is folded up: that is text; and a heading or a box within the text belongs to it.
_AROUND = (
    "script", "style", "noscript", "template", "svg", "iframe", "button", "select", "nav",
    "[role=navigation]", "[role=banner]", "[role=contentinfo]", "[role=search]",
    "header:not(main header, article header)", "footer:not(main footer, article footer)",
    "aside:not(main aside, article aside)", "div[id^=footer]", "div[id^=header]",
    "div[id^=breadcrumb]", "[class~=breadcrumb]", "[class~=breadcrumbs]", "[id^=cookie]",
)  # fmt: skip
_EDITED = "(?:updated?|modified|reviewed|edited|changed|published|revised)"
_COUNTED = "visitors?|hits?|views?|visits?|shares?|likes?|downloads?"
# Whole lines that change by themselves: when the page was edited, printed or counted. A bare date
# is none of them: it may be a hearing's.
_NOISE = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:this )?(?:page|site|content)?\W*(?:was )?last\W*(?:content )?{_EDITED}\b.{{0,80}}",
        r"(?:page |site )?(?:updated|modified|revised)(?: on)?\W+.{0,12}\d.{0,30}",
        # Not "(c)": that is a subsection.
        r"(?:copyright|\u00a9)\W*(?:\u00a9\W*)?(?:(?:19|20)\d\d).{0,140}",
        rf"(?:page )?(?:{_COUNTED}|viewed)\W*[\d.,]+[km]?(?: times)?",
        rf"[\d.,]+[km]?\W*(?:{_COUNTED})",
        r"(?:today is|current (?:date|time)|local time|today's date)\b.{0,60}",
        r"(?:page )?(?:generated|rendered|printed|retrieved|loaded|cached)\b.{0,80}",
        r"\d+ (?:second|minute|hour|day|week|month|year)s? ago",
        r"[0-9a-f]{16,64}",
        r"[\w-]{0,40}(?:nonce|token|csrf)[\w-]{0,40}\W+\S{8,200}",
        r"-?\d{1,3}\s*\u00b0\s*[fc]?\b.{0,30}",
    )
)


@register
class Page(BaseConnector):
    """One page that is watched for change.

    Menus, the site's head and foot are left out, and so are lines that change by themselves: when
    the page was edited, counters, clocks, copyright.

    url: the page.
    title: how it is called in alerts; default the page's own title.
    select: elements whose text is watched; default the page's main part.
    ignore: elements to leave out.
    ignore_text: regular expressions (RE2) of text to leave out, such as "Session [0-9]+".
    noise: leave out lines that change by themselves; default true.
    watch: tell every change, whether or not a filter matches; default false.
    type: what it is: page_change (default), press_release, executive_order, …
    """

    kind: ClassVar[str] = "page"
    platform: ClassVar[str] = "web"
    pace: ClassVar[float] = 4.5

    url: Address
    title: str = ""
    select: Selector = ""
    ignore: Annotated[tuple[Selector, ...], Field(strict=False)] = ()
    ignore_text: Annotated[tuple[Pattern, ...], Field(strict=False)] = ()
    noise: bool = True
    watch: bool = False
    type: Kind = ItemType.PAGE_CHANGE

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the page."""
        del poll
        yield Request(self.url, access=Access.PAGE)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the page; raises SoftError or FormatError where what is watched is not on it."""
        del poll
        soup = soup_of(response)
        heading = soup.title.get_text(" ") if soup.title else ""
        text = self._watched(soup, response.url)
        if not text:
            raise SoftError(response.url, "what is watched on the page holds no words")
        yield Entry(
            type=self.type,
            key="page",
            title=self.title or one_line(clean_text(heading)) or self.url,
            body=text,
            url=self.url,
            watched="the page itself is watched" if self.watch else "",
        )

    def _watched(self, soup: BeautifulSoup, subject: str) -> str:
        without(soup, self.ignore)
        if self.select:
            parts = list(soup.select(self.select))
            if not parts:
                raise FormatError(subject, f"nothing on the page matches {self.select!r}")
        else:
            without(soup, _AROUND)
            parts = [_main(soup)]
        text = "\n".join(plain(str(part)) for part in parts)
        return self._without_noise(text)

    def _without_noise(self, text: str) -> str:
        """Take out what is no news. A line of which something is left keeps the rest."""
        for pattern in self.ignore_text:
            text = str(re2.sub(pattern, "", text))
        lines = [" ".join(line.split()) for line in text.splitlines()]
        return "\n".join(
            line
            for line in lines
            if line and not (self.noise and any(form.fullmatch(line) for form in _NOISE))
        )


def _main(soup: BeautifulSoup) -> Tag:
    for selector in _MAINS:
        found = soup.select(selector)
        if len(found) == 1 and len(found[0].get_text(" ", strip=True)) >= _ENOUGH:
            return found[0]
    return soup.body or soup
