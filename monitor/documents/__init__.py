"""Documents: an attachment's bytes in, text with page numbers out; and what a new version added.

    read_document(body, media_type, name) → DocumentText(kind, pages, truncated, unread)
    added_lines(old.pages, new.pages)     → items that an agenda got late
    difference(old, new)                  → a readable comparison of two texts
    followed(item, now)                   → the agendas that are read again before a meeting

Pure: reading pictures of pages (monitor/ocr.py) is given from outside.
"""

from monitor.documents.agendas import (
    AHEAD,
    EVERY,
    Followed,
    adds,
    followed,
    gained,
    gist,
    is_readable,
    packed,
    role_of,
    unpacked,
)
from monitor.documents.comparison import Added, added_lines, difference
from monitor.documents.reading import read_document
from monitor.documents.values import DocumentKind, DocumentText, Limits, Ocr

__all__ = [
    "AHEAD",
    "EVERY",
    "Added",
    "DocumentKind",
    "DocumentText",
    "Followed",
    "Limits",
    "Ocr",
    "added_lines",
    "adds",
    "difference",
    "followed",
    "gained",
    "gist",
    "is_readable",
    "packed",
    "read_document",
    "role_of",
    "unpacked",
]
