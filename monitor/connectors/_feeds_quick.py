"""The quick road: reads well-formed, usual feeds with lxml, as feedparser would.

It follows feedparser's rules element by element and steps aside (None) for whatever it does not
know for certain: XHTML content, elements twice, Media RSS titles, nested bases, a document type.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from monitor.connectors._feed_record import Feed, FeedRecord, text_as_html, title_as_html
from monitor.models import Attachment
from monitor.text import mend_windows

_ATOM = "http://www.w3.org/2005/atom"
# feedparser reads elements of these namespaces like those without one.
_PLAIN = {
    "",
    _ATOM,
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://purl.org/rss/1.0/modules/rss091#",
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIELDS = {
    "title": "title",
    "link": "link",
    "guid": "id",
    "id": "id",
    "description": "description",
    "summary": "summary",
    "content": "content",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "updated": "updated",
    "modified": "updated",
    "category": "category",
    "keywords": "category",
    "enclosure": "enclosure",
}
_CHANNEL = {
    "title": "title",
    "description": "description",
    "subtitle": "description",
    "lastbuilddate": "built",
    "updated": "built",
}
# People and the feed that an entry was taken from; what is inside concerns no entry.
_PASSED = {"author", "contributor", "source"}
# Elements that feedparser treats in its own way, with an effect on fields above.
_OWN_WAY = {
    "abstract", "base", "body", "channel", "created", "div", "entry", "feed", "fullitem", "image",
    "info", "item", "newlocation", "rss", "subtitle", "svg", "tagline", "tags", "textinput",
}  # fmt: skip
_OTHERS: dict[str, dict[str, str]] = {
    "http://purl.org/rss/1.0/modules/content/": {"encoded": "encoded"},
    "http://purl.org/dc/elements/1.1/": {
        "subject": "category", "date": "updated", "title": "", "description": "",
    },
    "http://search.yahoo.com/mrss/": {
        "title": "", "description": "", "category": "", "keywords": "", "group": "",
    },
    "http://www.itunes.com/dtds/podcast-1.0.dtd": {
        "summary": "", "subtitle": "", "category": "", "keywords": "", "link": "",
    },
    "http://purl.org/rss/1.0/modules/slash/": {},
    "http://wellformedweb.org/commentapi/": {},
    "http://purl.org/rss/1.0/modules/syndication/": {},
    "http://rssnamespace.org/feedburner/ext/1.0": {"browserfriendly": ""},
    "http://purl.org/rss/1.0/modules/threading/": {},
    "http://purl.org/syndication/thread/1.0": {},
    "http://www.w3.org/2003/01/geo/wgs84_pos#": {},
}  # fmt: skip
# Prefixes under which feedparser looks for handlers even where it does not know the namespace.
_KNOWN_PREFIXES = {
    "admin", "cc", "content", "creativecommons", "dc", "dcterms", "feedburner", "georss", "gml",
    "itunes", "media", "psc", "rdf", "xhtml", "xml",
}  # fmt: skip
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252"}
_TEXT_TYPES = {"text": False, "text/plain": False, "html": True, "text/html": True}
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_STRAY_ENTITY = re.compile(r"&([A-Za-z0-9_]+);")


class _Unusual(Exception):
    """The feed is for feedparser."""


def read(body: bytes) -> Feed | None:
    """Read a feed; None where it is not well-formed or not usual. Never raises."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None
    document: Any = root.getroottree().docinfo
    if document.doctype or (document.encoding or "utf-8").lower() not in _ENCODINGS:
        return None
    base = root.get(_BASE, "")
    if body.count(b"xml:base") != (1 if base else 0):
        return None
    try:
        return _feed(root, base)
    except _Unusual:
        return None


def _feed(root: etree._Element, base: str) -> Feed:
    """Find the items where each format keeps them."""
    space, name = _split(root.tag)
    if name == "feed" and space == _ATOM:
        holder, wanted, atom = root, "entry", True
    elif name == "rss" and space in _PLAIN and len(root) == 1:
        holder, wanted, atom = root[0], "item", False
        if _split(holder.tag) != (space, "channel"):
            raise _Unusual
    elif name == "rdf" and space == _RDF:
        holder, wanted, atom = root, "item", False
    else:
        raise _Unusual
    reader = _Reader(base, atom=atom)
    records = []
    for child in holder:
        child_space, child_name = _split(child.tag)
        if child_space in _PLAIN and child_name == wanted:
            records.append(reader.record(child))
        elif child_space in _PLAIN and child_name in {"item", "entry"}:
            raise _Unusual
    about = next(iter(root), root) if name == "rdf" else holder
    return Feed(records=tuple(records), **{"title": "", **_about(about)})


def _about(channel: etree._Element) -> dict[str, str]:
    """Read what a feed says of itself."""
    said: dict[str, str] = {}
    for child in channel:
        space, name = _split(child.tag)
        if space in _PLAIN and name in _CHANNEL and not len(child):
            said.setdefault(_CHANNEL[name], _text(child))
    return said


def _split(tag: str) -> tuple[str, str]:
    """Split lxml's "{namespace}name", both in lower case."""
    space, mark, name = tag.lower().rpartition("}")
    return (space[1:], name) if mark else ("", name)


class _Reader:
    """Reads the items of one feed; remembers what each tag means in it."""

    def __init__(self, base: str, *, atom: bool) -> None:
        self._base = base
        self._atom = atom
        self._meanings: dict[str, str] = {}

    def record(self, item: etree._Element) -> FeedRecord:
        """Read one item; raises _Unusual."""
        texts: dict[str, etree._Element] = {}
        labels: list[str] = []
        links: list[etree._Element] = []
        enclosures: list[Attachment] = []
        for child in item:
            meaning = self._meanings.get(child.tag) or self._meaning(child)
            if child.attrib and "base" in child.attrib:
                raise _Unusual
            if meaning == "pass":
                if len(child) and _split(child.tag)[1] not in _PASSED:
                    raise _Unusual
            elif len(child):
                raise _Unusual
            elif meaning == "category":
                labels.extend(_category(child))
            elif meaning == "link" and (child.attrib or self._atom):
                links.append(child)
            elif meaning == "enclosure":
                enclosures.extend(self._enclosure(child))
            elif meaning in texts:
                raise _Unusual
            else:
                texts[meaning] = child
        return self._built(item, texts, labels, links, enclosures)

    def _meaning(self, child: etree._Element) -> str:
        """Say which field an element fills; "pass" for none; raises _Unusual."""
        space, name = _split(child.tag)
        if space in _PLAIN:
            if name in _OWN_WAY:
                raise _Unusual
            meaning = _FIELDS.get(name, "pass")
        elif space in _OTHERS:
            meaning = _OTHERS[space].get(name, "pass")
        elif not child.prefix and not any(name in known for known in (_FIELDS, _PASSED, _OWN_WAY)):
            meaning = "pass"  # WordPress: <post-id xmlns="com-wordpress:feed-additions:1">
        elif child.prefix and child.prefix.lower() not in _KNOWN_PREFIXES:
            meaning = "pass"
        else:
            raise _Unusual
        if not meaning:
            raise _Unusual
        self._meanings[child.tag] = meaning
        return meaning

    def _built(
        self,
        item: etree._Element,
        texts: dict[str, etree._Element],
        labels: list[str],
        links: list[etree._Element],
        enclosures: list[Attachment],
    ) -> FeedRecord:
        identity, is_link = self._identity(item, texts.get("id"))
        link = self._text_link(texts["link"]) if "link" in texts else None
        if links:
            link = self._atom_link(links, enclosures) or link
        if link is None:
            link = identity if is_link else ""
        content = "encoded" if "encoded" in texts else "content"
        if "content" in texts and (content == "encoded" or not self._atom):
            raise _Unusual
        summary = "description" if "description" in texts else "summary"
        if "summary" in texts and summary == "description":
            raise _Unusual
        return FeedRecord(
            id=identity,
            link=link,
            title=self._title(texts.get("title")),
            summary=self._words(texts.get(summary), html=summary == "description"),
            content=self._words(texts.get(content), html=content == "encoded"),
            published=_text(texts.get("published")),
            updated=_text(texts.get("updated")),
            labels=tuple(dict.fromkeys(labels)),
            enclosures=tuple(enclosures),
        )

    def _title(self, element: etree._Element | None) -> str:
        if self._atom:
            return self._words(element, html=False)
        if element is not None and element.attrib:
            raise _Unusual
        return title_as_html(_text(element))

    def _words(self, element: etree._Element | None, *, html: bool) -> str:
        """Read a text as HTML; `html` is what holds where no type is stated."""
        if element is None:
            return ""
        for name in element.attrib:
            if name in {"src", "mode"}:
                raise _Unusual
        stated = element.get("type")
        if stated is not None:
            if not self._atom or stated.lower() not in _TEXT_TYPES:
                raise _Unusual
            html = _TEXT_TYPES[stated.lower()]
        elif not html and not self._atom:
            raise _Unusual
        return _text(element) if html else text_as_html(_text(element))

    def _identity(self, item: etree._Element, element: etree._Element | None) -> tuple[str, bool]:
        """Return the id, and whether it may serve as the link."""
        if element is None:
            return item.get(f"{{{_RDF}}}about", ""), False
        is_link = True
        for name, value in element.attrib.items():
            if name.lower() == "ispermalink":
                is_link = value == "true"
        said = _text(element)
        return (self._resolved(said) if is_link and said else said), is_link

    def _text_link(self, element: etree._Element) -> str:
        said = _text(element)
        if not said:
            return ""
        return _STRAY_ENTITY.sub(r"&\1", self._resolved(said).replace("&amp;", "&"))

    def _atom_link(self, links: list[etree._Element], enclosures: list[Attachment]) -> str | None:
        """Find the page among Atom links; put enclosures where they belong."""
        page = None
        others = False
        for one in links:
            href = one.get("href")
            if not href or one.get("url") or one.get("uri") or one.text:
                raise _Unusual
            relation = (one.get("rel") or "alternate").lower()
            media_type = (one.get("type") or "text/html").lower()
            if relation == "enclosure":
                given = (one.get("type") or "text/html").lower()
                enclosures.append(Attachment("", self._resolved(href), given))
            elif relation == "alternate" and media_type in {"text/html", "application/xhtml+xml"}:
                page = self._resolved(href)
            elif relation == "alternate":
                others = True
        if page is None and others:
            raise _Unusual
        return page

    def _enclosure(self, element: etree._Element) -> Iterable[Attachment]:
        href = element.get("url")
        if element.get("uri") or element.get("href"):
            raise _Unusual
        if href:
            yield Attachment("", href, (element.get("type") or "").lower())

    def _resolved(self, link: str) -> str:
        if "///" in link:
            raise _Unusual
        try:
            return urljoin(self._base, link)
        except ValueError:
            return ""


def _text(element: etree._Element | None) -> str:
    """Return an element's text as feedparser mends it: no mojibake, Windows' quotes as quotes."""
    if element is None:
        return ""
    text = (element.text or "").strip()
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return mend_windows(text)


def _category(element: etree._Element) -> Iterable[str]:
    term, text = element.get("term"), _text(element)
    if term:
        yield term
    if text:
        yield text
    elif not term and element.get("label"):
        yield element.get("label", "")
