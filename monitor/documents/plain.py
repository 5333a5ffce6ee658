"""Reads what is text already: web pages and plain text, in whatever encoding."""

from __future__ import annotations

import codecs
import re

from monitor.documents.values import Budget, DocumentKind, DocumentText
from monitor.text import clean_text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STATED = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HEAD = 2_048
# RTF and PostScript are text, too, but not to a person.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_html(body: bytes, media_type: str, budget: Budget) -> DocumentText:
    """Read a web page's text as one page."""
    text = clean_text(decoded(body, media_type, in_head=True), html=True)
    return DocumentText(DocumentKind.HTML, (budget.take(text),), truncated=budget.cut)


def read_text(body: bytes, media_type: str, budget: Budget) -> DocumentText:
    """Read plain text; form feeds divide pages."""
    parts = decoded(body, media_type).split("\f")
    pages: list[str] = []
    while len(pages) < len(parts) and budget.left:
        pages.append(budget.take(clean_text(parts[len(pages)])))
    return DocumentText(
        DocumentKind.TEXT, tuple(pages), truncated=len(pages) < len(parts) or budget.cut
    )


def looks_binary(body: bytes) -> bool:
    """Tell bytes that no encoding makes text of; UTF-16 and UTF-32 say by a mark what they are."""
    if any(body.startswith(mark) for mark, _ in _BOMS):
        return False
    return _CONTROLS.search(body[:_HEAD]) is not None


def decoded(body: bytes, media_type: str = "", *, in_head: bool = False) -> str:
    """Decode text by its mark, its media type, what its head says, UTF-8, or Windows-1252.

    in_head: an HTML page may name its encoding in its first 2,048 bytes.
    """
    named = [name for mark, name in _BOMS if body.startswith(mark)][:1]
    named += _STATED.findall(media_type)
    if in_head:
        named += _STATED.findall(body[:_HEAD].decode("latin-1"))
    for name in (*named, "utf-8"):
        try:
            return body.decode(name)
        except (LookupError, ValueError):
            continue
    return body.decode("cp1252", "replace")
