"""Reads a page of HTML into an element tree, and elements into words and links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from monitor.errors import FormatError, SoftError
from monitor.models import Response
from monitor.text import clean_text, one_line
from monitor.urls import absolute

Element = etree._Element  # noqa: SLF001 - the stubs offer no other name

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 4_096
_MOST_TAGS = 200_000
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))
# Pages that stand in another page's place, with status 200.
_NO_ANSWER = re.compile(
    r"just a moment|attention required|access denied|permission denied|request rejected"
    r"|are you a robot|custom\s?404|page not found|runtime error|server error|invalid parameters",
    re.IGNORECASE,
)


def read_page(response: Response) -> Element:
    """Read a body as HTML.

    Raises SoftError for an empty body, a challenge or an error page, FormatError where it is no
    HTML at all.
    """
    subject = response.url.partition("?")[0]
    body = response.body.strip()
    if not body:
        raise SoftError(subject, "the answer is empty")
    if body[:1] in b"{[":
        raise FormatError(subject, "JSON where a page should be")
    if body.count(b"<") > _MOST_TAGS:
        raise FormatError(subject, f"the page has more than {_MOST_TAGS:,} tags")
    text = _decoded(body, response.header("content-type"))
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as fault:
        raise FormatError(subject, "the body is no HTML") from fault
    if root is None or "<" not in text:
        raise FormatError(subject, f"no page: {one_line(text, 80)!r}")
    title = said(next(root.iter("title", "h1", "h2", "h3", "h4"), None))
    if _NO_ANSWER.search(title):
        raise SoftError(subject, f"a page instead of the answer: {one_line(title, 80)!r}")
    return root


def _decoded(body: bytes, content_type: str) -> str:
    found = _CHARSET.search(content_type.encode("ascii", "replace")) or _CHARSET.search(
        body[:_HEAD]
    )
    name = found[1].decode("ascii") if found else "utf-8"
    try:
        text = body.decode(name, "replace")
    except (LookupError, UnicodeError):
        text = body.decode("utf-8", "replace")
    return text.translate(_CONTROLS)


def said(element: Element | None) -> str:
    """Return an element's words on one line, "" for None."""
    if element is None:
        return ""
    markup = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return one_line(clean_text(markup, html=True))


def classed(root: Element, *names: str) -> Iterator[Element]:
    """Find the elements that bear one of the classes, in the page's order."""
    wanted = set(names)
    return (one for one in root.iter("*") if wanted & set((one.get("class") or "").split()))


def links(element: Element, base: str) -> Iterator[tuple[str, str]]:
    """Give words and absolute address of each link; an icon's words are its title or `alt`."""
    for anchor in element.iter("a"):
        url = absolute(base, anchor.get("href") or "")
        if url:
            yield said(anchor) or _labelled(anchor), url


def _labelled(anchor: Element) -> str:
    """Return what a link without words is called."""
    images = [image.get("alt") or "" for image in anchor.iter("img")]
    spoken = (anchor.get("aria-label") or "", anchor.get("title") or "", *images)
    return one_line(next((one for one in spoken if one.strip()), ""))
