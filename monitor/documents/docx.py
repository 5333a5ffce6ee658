"""Reads Word files (DOCX): paragraphs and tables in order, split at the page breaks written down.

Format: WordprocessingML, ECMA-376 part 1, section 17.
"""

from __future__ import annotations

import io

import docx
from docx.opc.exceptions import OpcError
from lxml import etree

from monitor.documents.packages import DAMAGE
from monitor.documents.values import Budget, DocumentKind, DocumentText
from monitor.errors import DocumentError
from monitor.text import clean_text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _PARAGRAPH, _CELL, _TAB = f"{_W}t", f"{_W}p", f"{_W}tc", f"{_W}tab"
_BREAKS = (f"{_W}br", f"{_W}cr")
_PAGE_DRAWN = f"{_W}lastRenderedPageBreak"
# A text box is written twice: once for today's Word and once for that of 2007.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PAGE = "\f"
# What python-docx raises for a package that is not a Word file's.
_ODD = (*DAMAGE, OpcError, etree.LxmlError, AttributeError, TypeError, IndexError)


def read_docx(body: bytes, subject: str, budget: Budget) -> DocumentText:
    """Read a Word file's text; text that tracked changes deleted is not part of it.

    The package must have been opened with bounds before. Raises DocumentError.
    """
    try:
        root = docx.Document(io.BytesIO(body)).element.body
    except _ODD as fault:
        raise DocumentError(subject, "the file is damaged: it is not a readable Word file") from (
            fault
        )
    whole = _words(root)
    pages: list[str] = []
    parts = whole.split(_PAGE)
    while len(pages) < len(parts) and budget.left:
        pages.append(budget.take(clean_text(parts[len(pages)])))
    return DocumentText(
        DocumentKind.DOCX, tuple(pages), truncated=len(pages) < len(parts) or budget.cut
    )


def _words(root: etree._Element) -> str:
    """Write an element's text with a line for each paragraph, a page's end as a form feed."""
    etree.strip_elements(root, _FALLBACK, with_tail=False)
    wanted = root.iter(_TEXT, _PARAGRAPH, _CELL, _TAB, _PAGE_DRAWN, *_BREAKS)
    return "".join([_word(element) for element in wanted])


def _word(element: etree._Element) -> str:
    tag = element.tag
    if tag == _TEXT:
        return element.text or ""
    if tag == _PAGE_DRAWN or (tag in _BREAKS and element.get(f"{_W}type") == "page"):
        return _PAGE
    return "\t" if tag == _TAB else "\n"
