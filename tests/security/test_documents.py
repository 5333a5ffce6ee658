"""Hostile documents: they cost a child process, and nothing else."""

from __future__ import annotations

import os
import threading
import zlib
from typing import Any

import pytest

from monitor.apart import read_apart
from monitor.documents import DocumentKind, Limits, read_document
from monitor.errors import DocumentError
from tests.documents.builders import docx, paragraph, pdf

MB = 1 << 20
NAME = "https://council.example.org/agenda.pdf"


def deflated(piece: bytes, times: int) -> bytes:
    """Compress a piece, repeated."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()


def pdf_of(stream: bytes, filters: bytes) -> bytes:
    """Write a PDF of one page whose content is this stream."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(stream), filters, stream),
    )
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def test_a_small_pdf_that_asks_for_gigabytes_is_refused() -> None:
    """Two kilobytes, packed twice: 1.8 GB where it is read without a bound."""
    bomb = pdf_of(zlib.compress(deflated(b" " * MB, 900), 9), b"[/FlateDecode /FlateDecode]")
    assert len(bomb) < 4_000
    with pytest.raises(DocumentError, match="takes more memory or time than is allowed"):
        read_apart(bomb, "application/pdf", NAME)


class Dawdler:
    """Reads a picture for ever."""

    def words(self, picture: bytes) -> str:
        """Wait for what never comes."""
        del picture
        threading.Event().wait()
        return ""


def test_a_page_that_takes_for_ever_is_ended() -> None:
    """Limits that are looked at between pages do not help against one page."""
    with pytest.raises(DocumentError, match="takes too long"):
        read_apart(pdf([[]], picture=True), "", NAME, Limits(seconds=2), ocr=Dawdler(), grace=0)


@pytest.mark.parametrize(
    "body",
    [
        pdf([["Notice of a detainer hearing"], ["page two"]]),
        docx(paragraph("One") + paragraph("Two")),
    ],
)
def test_an_honest_document_reads_apart_as_it_does_here(body: bytes) -> None:
    """The same words, pages and kind."""
    assert read_apart(body, "", NAME) == read_document(body, "", NAME)


def test_what_cannot_be_read_has_the_same_reason() -> None:
    """The child's complaint is told as its own."""
    for body in (b"", b"%PDF-1.7 damaged", b"\x89PNG", b"x" * 100):
        reasons = set()
        for read in (read_document, read_apart):
            with pytest.raises(DocumentError) as told:
                read(body, "application/pdf", NAME, Limits(file=50))
            reasons.add((told.value.subject, told.value.reason))
        assert len(reasons) == 1


class Eyes:
    """Reads no picture, but shows what the child has around it."""

    def words(self, picture: bytes) -> str:
        """Say which variables there are."""
        del picture
        return " ".join(os.environ)


def test_who_takes_over_the_child_finds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flaw in a library that reads documents leads to a process without keys."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    found = read_apart(pdf([[]], picture=True), "", NAME, ocr=Eyes())
    assert found.kind is DocumentKind.PDF
    assert "PATH" in found.text
    assert "SLACK" not in found.text


class Broken:
    """A bug of our own."""

    def words(self, picture: bytes) -> Any:
        """Fail."""
        raise ZeroDivisionError(len(picture))


def test_a_bug_of_our_own_is_no_fault_of_the_document() -> None:
    """It is said to be one, and stops nothing else."""
    with pytest.raises(DocumentError, match=r"a fault of the monitor itself.*ZeroDivisionError"):
        read_apart(pdf([[]], picture=True), "", NAME, ocr=Broken())
