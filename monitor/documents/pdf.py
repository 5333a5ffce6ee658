"""Reads PDF: the text of each page, and where a page is a picture, the words in it."""

from __future__ import annotations

import threading
from typing import Self

import pypdfium2  # type: ignore[import-untyped]

from monitor.documents.values import Budget, DocumentKind, DocumentText, Ocr
from monitor.errors import DocumentError
from monitor.text import clean_text

# pdfium is one global state; it must never be entered by two threads.
_PDFIUM = threading.Lock()
# FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY of fpdfview.h.
_LOCKED = (4, 5)
# A page with less text than this may be a picture of a page.
_FEW = 50
_DPI = 200
_POINTS = 72
# 200 dpi of a page of 17 by 22 inches; larger ones are drawn smaller.
_MOST_PIXELS = 15_000_000


def read_pdf(body: bytes, subject: str, budget: Budget, ocr: Ocr | None = None) -> DocumentText:
    """Read a PDF's pages; raises DocumentError for a damaged or protected file.

    ocr: reads pages that have hardly any text but a picture, as far as the limits allow.
    """
    pages: list[str] = []
    unread: list[int] = []
    tried = 0
    with _Pdf(body, subject) as pdf:
        while len(pages) < pdf.count and budget.left:
            number = len(pages)
            text, is_picture = pdf.page(number)
            if is_picture and ocr is not None and tried < budget.limits.scanned:
                tried += 1
                words = clean_text(ocr.words(pdf.picture(number)))
                text, is_picture = f"{text}\n{words}".strip(), not words
            if is_picture:
                unread.append(number + 1)
            pages.append(budget.take(text))
        truncated = len(pages) < pdf.count or budget.cut
    return DocumentText(DocumentKind.PDF, tuple(pages), truncated, tuple(unread))


class _Pdf:
    """One open PDF; every call into pdfium holds its lock, and the lock is free in between."""

    def __init__(self, body: bytes, subject: str) -> None:
        self._subject = subject
        with _PDFIUM:
            try:
                self._pdf = pypdfium2.PdfDocument(body)
                self.count = len(self._pdf)
            except pypdfium2.PdfiumError as fault:
                raise DocumentError(subject, _why(fault)) from fault

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with _PDFIUM:
            self._pdf.close()

    def page(self, number: int) -> tuple[str, bool]:
        """Return a page's text, and whether it looks like a picture of a page."""
        with _PDFIUM:
            try:
                page = self._pdf[number]
            except pypdfium2.PdfiumError:
                return "", True
            try:
                text = _text(page)
                return text, len(text) < _FEW and _has_picture(page)
            except pypdfium2.PdfiumError:
                return "", True
            finally:
                page.close()

    def picture(self, number: int) -> bytes:
        """Draw a page as a grey picture (netpbm's PGM)."""
        with _PDFIUM:
            page = self._pdf[number]
            try:
                width, height = page.get_size()
                scale = _DPI / _POINTS
                pixels = width * height * scale * scale
                if pixels > _MOST_PIXELS:
                    scale *= (_MOST_PIXELS / pixels) ** 0.5
                bitmap = page.render(scale=scale, grayscale=True)
                try:
                    return _graymap(bitmap)
                finally:
                    bitmap.close()
            except (pypdfium2.PdfiumError, ValueError) as fault:
                raise DocumentError(
                    self._subject, f"page {number + 1} cannot be drawn: {fault}"
                ) from fault
            finally:
                page.close()


def _text(page: pypdfium2.PdfPage) -> str:
    words = page.get_textpage()
    try:
        raw: str = words.get_text_range()
    finally:
        words.close()
    # Where a word is divided at a line's end, pdfium puts U+FFFE, which is no letter and goes here.
    return clean_text(raw)


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    image = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    return next(iter(page.get_objects(filter=(image,), max_depth=3)), None) is not None


def _graymap(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """Write a grey bitmap as PGM; rows in pdfium are padded to `stride` bytes."""
    raw, stride, width = bytes(bitmap.buffer), bitmap.stride, bitmap.width
    lines = b"".join(raw[row * stride : row * stride + width] for row in range(bitmap.height))
    return b"P5\n%d %d\n255\n" % (width, bitmap.height) + lines


def _why(fault: pypdfium2.PdfiumError) -> str:
    if fault.err_code in _LOCKED:
        return "the file is protected by a password"
    return "the file is damaged: it is not a readable PDF"
