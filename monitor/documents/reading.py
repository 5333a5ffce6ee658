"""Finds out what a document is, by its bytes before its name, and reads it.

%PDF-  → pdf.py        PK → packages.py → docx.py or workbooks.py        else → plain.py
"""

from __future__ import annotations

from collections.abc import Callable

from monitor.documents.packages import open_package, package_kind
from monitor.documents.plain import looks_binary, read_html, read_text
from monitor.documents.values import Budget, DocumentKind, DocumentText, Limits, Ocr
from monitor.documents.workbooks import read_xlsx
from monitor.errors import DocumentError

_HEAD = 1_024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# [MS-OFFCRYPTO] 2.3.4.4: the stream that holds an encrypted Office file, in UTF-16.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml")
_UNREADABLE = (
    (_OLE, "an old Word or Excel file (.doc, .xls)"),
    (b"{\\rtf", "a file in Rich Text Format"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"%!PS", "a PostScript file"),
)
_BINARY_NAMES = (".pdf", ".docx", ".xlsx", ".doc", ".xls")
_BINARY_TYPES = ("application/pdf", "application/vnd.", "application/msword")


def read_document(
    body: bytes,
    media_type: str,
    name: str,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    ocr: Ocr | None = None,
    clock: Callable[[], float] | None = None,
) -> DocumentText:
    """Read an attachment into text with pages.

    media_type: as the publisher says, "" where it says nothing. name: its URL or file name, for
    errors. ocr: reads pages that are pictures; without it they stay unread. clock: seconds that
    only grow; without it the limit of seconds does not hold.
    Raises DocumentError for what is damaged, protected, too large, empty or in another format.
    """
    if not body.strip():
        raise DocumentError(name, "the file is empty")
    if len(body) > limits.file:
        raise DocumentError(name, f"the file has {len(body):,} bytes, more than are read")
    budget = Budget(limits, clock)
    if b"%PDF-" in body[:_HEAD]:
        from monitor.documents.pdf import read_pdf  # noqa: PLC0415 - 4 MB that few polls need

        return read_pdf(body, name, budget, ocr)
    if body.startswith(b"PK"):
        return _read_package(body, name, budget)
    return _read_words(body, media_type.lower(), name, budget)


def _read_package(body: bytes, name: str, budget: Budget) -> DocumentText:
    with open_package(body, name, budget.limits) as package:
        kind = package_kind(package)
        if kind is DocumentKind.DOCX:
            from monitor.documents.docx import read_docx  # noqa: PLC0415 - 3 MB that few polls need

            return read_docx(body, name, budget)
        if kind is DocumentKind.XLSX:
            return read_xlsx(package, body, name, budget)
    raise DocumentError(name, "the file is a ZIP archive that holds neither Word nor Excel")


def _read_words(body: bytes, media_type: str, name: str, budget: Budget) -> DocumentText:
    for mark, what in _UNREADABLE:
        if body.startswith(mark):
            if mark == _OLE and _ENCRYPTED in body:
                raise DocumentError(name, "the file is protected by a password")
            raise DocumentError(name, f"{what} cannot be read")
    beginning = body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_page = beginning.startswith(_MARKUP) or (
        media_type.startswith(("text/html", "application/xhtml")) and b"<" in beginning
    )
    wanted = media_type.startswith(_BINARY_TYPES) or (
        not media_type and name.partition("?")[0].lower().endswith(_BINARY_NAMES)
    )
    if wanted:
        came = "a web page" if is_page else "something else"
        raise DocumentError(name, f"{came} came instead of the document")
    if is_page:
        return read_html(body, media_type, budget)
    if looks_binary(body):
        raise DocumentError(name, "the file is in no format that can be read")
    return read_text(body, media_type, budget)
