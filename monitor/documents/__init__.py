"""Documents: an attachment's bytes in, text with page numbers out; and what a new version added.

    read_document(body, media_type, name) → DocumentText(kind, pages, truncated, unread)
    added_lines(old.pages, new.pages)     → items that an agenda got late
    difference(old, new)                  → a readable comparison of two texts

Pure: reading pictures of pages (monitor/ocr.py) is given from outside.
"""

from monitor.documents.comparison import Added, added_lines, difference
from monitor.documents.reading import read_document
from monitor.documents.values import DocumentKind, DocumentText, Limits, Ocr

__all__ = [
    "Added",
    "DocumentKind",
    "DocumentText",
    "Limits",
    "Ocr",
    "added_lines",
    "difference",
    "read_document",
]
