"""Reads a feed of any format into records: RSS 0.9x, 1.0, 2.0, Atom, JSON Feed.

    body → trimmed → well-formed and usual?  ── yes → _feeds_quick    (lxml, 1/30 of the time)
                                             └─ no ─→ _feeds_lenient  (feedparser, the authority)

Both roads give the same records (tests/connectors/test_rss_roads.py); feedparser is loaded only
where a feed needs it.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from monitor.connectors import _feeds_json, _feeds_lenient, _feeds_quick
from monitor.connectors._feed_record import Feed
from monitor.errors import FormatError, SoftError
from monitor.models import Response
from monitor.text import clean_text, one_line

# Possessive, so that a hostile prolog costs no more than its length.
_PROLOG = re.compile(
    rb"(?:\s*+(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?[^>]*>))*+"
    rb"\s*+<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL | re.IGNORECASE,
)
_START = re.compile(rb"<\?xml|<(?:[\w.-]+:)?(?:rss|feed|RDF)[\s>]", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_PAGES = {b"html", b"head", b"body", b"div", b"p", b"section", b"main", b"center", b"script", b"h1"}
# Text may stand before a feed (a server's warning); further in, it is another document.
_BEFORE = 4_096
_HEAD = 65_536


def read_feed(response: Response, lenient: bool = False) -> Feed:
    """Read a response's body into a feed; `lenient` takes feedparser's road at once.

    Raises SoftError for an empty body or a page of HTML, FormatError for anything else that is no
    feed, and for a document type that declares entities: it is refused unread.
    """
    body = _trimmed(_in_utf8(response))
    subject = response.url
    if not body:
        raise SoftError(subject, "the answer is empty")
    if body[:1] in b"{[":
        return _feeds_json.read(body, subject)
    if _ENTITY.search(_as_ascii(body[:_HEAD])):
        raise FormatError(subject, "the document declares entities of its own; it is not read")
    root = _root(body)
    if root in _PAGES:
        raise SoftError(subject, f"a page of HTML where a feed should be{_called(body)}")
    feed = None if lenient else _feeds_quick.read(body)
    if feed is None:
        feed = _feeds_lenient.read(body, subject)
    if feed is None:
        name = root.decode("ascii", "replace")
        raise FormatError(subject, f"no feed: its first element is {name!r}" if name else "no feed")
    return feed


def _in_utf8(response: Response) -> bytes:
    """Apply the charset of the HTTP header where the body names none itself (RFC 7303)."""
    body = response.body
    if body.startswith((BOM_UTF8, b"\xff\xfe", b"\xfe\xff")) or _DECLARED.search(body[:512]):
        return body
    found = _CHARSET.search(response.header("content-type"))
    if not found or found[1].lower() in {"utf-8", "utf8"}:
        return body
    try:
        return body.decode(found[1]).encode("utf-8")
    except (LookupError, UnicodeError):
        return body


def _trimmed(body: bytes) -> bytes:
    """Cut off what stands before a feed: a byte-order mark, blank lines, a server's warning."""
    if b"\x00" in body[:4] or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body  # UTF-16 or UTF-32: feedparser finds out
    body = body.removeprefix(BOM_UTF8).strip()
    if body.startswith((b"<", b"{", b"[")):
        return body
    found = _START.search(body[:_BEFORE])
    return body[found.start() :] if found else body


def _as_ascii(head: bytes) -> bytes:
    """Let the ASCII of a UTF-16 document be seen."""
    return head.replace(b"\x00", b"") if b"\x00" in head else head


def _root(body: bytes) -> bytes:
    """Return the local name of the first element in lower case, empty where there is none."""
    found = _PROLOG.match(_as_ascii(body[:_HEAD]))
    return found[1].lower() if found else b""


def _called(body: bytes) -> str:
    """Quote a page's title, so that a person sees at once what it was."""
    found = _TITLE.search(body[:_BEFORE])
    title = (
        one_line(clean_text(found[1].decode("utf-8", "replace"), html=True), 80) if found else ""
    )
    return f": {title!r}" if title else ""
