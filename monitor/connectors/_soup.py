"""Reads web pages with CSS selectors: a page is parsed once, and nothing in it is executed."""

from __future__ import annotations

import re

import soupsieve
from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

from monitor.documents.plain import decoded
from monitor.errors import FormatError, SoftError
from monitor.models import Response
from monitor.text import clean_text

# XHTML begins so; an HTML parser has no use for it.
_DECLARATION = re.compile(r"^\s*(?:<\?xml[^>]*>\s*)+", re.IGNORECASE)
# Form feeds and separators stand in real pages, and say nothing.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]+")
_ATTRIBUTE = re.compile(r"(?P<css>.*?)@(?P<attribute>[\w:-]+)\s*", re.DOTALL)
_MOST_BYTES = 10_000_000
# Each becomes an object of a kilobyte, and every selector looks at all of them.
_MOST_TAGS = 100_000


def checked_selector(selector: str) -> str:
    """Return a selector that can be used; raises ValueError with what is wrong in it."""
    css, _ = parted(selector)
    if css:
        try:
            soupsieve.compile(css)
        except soupsieve.SelectorSyntaxError as fault:
            reason = str(fault).partition("\n")[0]
            raise ValueError(f"is no CSS selector: {reason}") from fault
    return selector


def parted(selector: str) -> tuple[str, str]:
    """Divide "time@datetime" into the element's selector and the attribute's name.

    An "@" within brackets or quotes belongs to the selector.
    """
    found = _ATTRIBUTE.fullmatch(selector)
    if (
        found
        and "[" not in found["attribute"]
        and found["css"].count("[") == found["css"].count("]")
    ):
        return found["css"].strip(), found["attribute"]
    return selector.strip(), ""


def soup_of(response: Response) -> BeautifulSoup:
    """Parse a page; raises SoftError for an empty one, FormatError for what is none."""
    body = response.body[:_MOST_BYTES]
    if not body.strip():
        raise SoftError(response.url, "the answer is empty")
    if body.count(b"<") > _MOST_TAGS:
        raise FormatError(response.url, f"the page has more than {_MOST_TAGS:,} tags")
    text = _DECLARATION.sub("", decoded(body, response.header("content-type"), in_head=True))
    if "<" not in text:
        raise FormatError(response.url, "the answer is no web page")
    try:
        soup = BeautifulSoup(text, "lxml")
    except (ParserRejectedMarkup, AssertionError, ValueError, RecursionError) as fault:
        raise FormatError(response.url, "the answer is no web page") from fault
    if soup.find(True) is None:
        raise FormatError(response.url, "the answer is no web page")
    return soup


def chosen(scope: Tag, selector: str) -> Tag | None:
    """Find the first element; an empty selector means the scope itself."""
    css, _ = parted(selector)
    return scope.select_one(css) if css else scope


def text_at(scope: Tag, selector: str) -> str:
    """Return the words of the first element, or its attribute where the selector names one."""
    element = chosen(scope, selector)
    if element is None:
        return ""
    _, attribute = parted(selector)
    if attribute:
        value = element.get(attribute)
        return " ".join(value) if isinstance(value, list) else str(value or "")
    return " ".join(element.get_text(" ").split())


def texts_at(scope: Tag, selector: str) -> str:
    """Return the words of all elements that are meant: some pages part the day from the hour."""
    css, attribute = parted(selector)
    if attribute or not css:
        return text_at(scope, selector)
    return " ".join(text_at(element, "") for element in scope.select(css))


def markup_at(scope: Tag, selector: str) -> str:
    """Return the HTML of all elements that are meant, one after another."""
    css, attribute = parted(selector)
    if attribute:
        return text_at(scope, selector)
    return "\n".join(str(element) for element in (scope.select(css) if css else [scope]))


def plain(markup: str) -> str:
    """Return markup's text, a line for each block; what cannot be printed is left out."""
    return clean_text(CONTROLS.sub(" ", markup), html=True)


def without(scope: Tag, selectors: tuple[str, ...]) -> None:
    """Take elements out of a page."""
    for selector in selectors:
        for element in scope.select(selector):
            element.decompose()
