"""Attachments become text with page numbers; what cannot be read says why in a sentence."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.documents import DocumentKind, Limits, read_document
from monitor.documents.workbooks import read_workbook, said
from monitor.errors import DocumentError
from tests.documents.builders import LOCKED, docx, packed, paragraph, pdf, xlsx

AGENDA = pdf([["Call to order"], ["7. 287(g) agreement", "with the Sheriff"]])


class Eyes:
    """Stands for a program that reads pictures; says the same of each, and counts them."""

    def __init__(self, words: str = "NOTICE OF HEARING") -> None:
        self.words_said = words
        self.seen: list[bytes] = []

    def words(self, picture: bytes) -> str:
        """Return the words."""
        self.seen.append(picture)
        return self.words_said


def why(body: bytes, media_type: str = "", name: str = "https://x.example/a", **limits: int) -> str:
    """Read what cannot be read, and return the reason."""
    with pytest.raises(DocumentError) as caught:
        read_document(body, media_type, name, Limits(**limits))
    assert caught.value.subject == name
    return caught.value.reason


def test_a_pdf_is_read_page_by_page() -> None:
    """So that an alert can name the page."""
    found = read_document(AGENDA, "application/pdf", "agenda.pdf")
    assert found.kind is DocumentKind.PDF
    assert found.pages == ("Call to order", "7. 287(g) agreement\nwith the Sheriff")
    assert (found.truncated, found.unread) == (False, ())
    assert found.text == "Call to order\n7. 287(g) agreement\nwith the Sheriff"


def test_the_bytes_say_what_a_document_is() -> None:
    """Publishers call PDFs text/html, and ViewFile.ashx has no ending."""
    assert read_document(AGENDA, "text/html; charset=utf-8", "View.ashx").kind is DocumentKind.PDF
    assert read_document(b"\xef\xbb\xbf\n" + AGENDA, "", "x").kind is DocumentKind.PDF


def test_many_threads_may_read_pdfs_at_once() -> None:
    """One lock keeps pdfium, which is one global state, from seeing two at once."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: read_document(AGENDA, "", "a.pdf").pages, range(64)))
    assert set(found) == {read_document(AGENDA, "", "a.pdf").pages}


def test_a_scanned_page_is_named_as_unread() -> None:
    """Without a reader of pictures nobody may think that the page was searched."""
    scan = pdf([[], ["a page with more than fifty letters of ordinary words in it"]], picture=True)
    found = read_document(scan, "", "scan.pdf")
    assert found.unread == (1,)
    assert found.pages[0] == ""


def test_a_scanned_page_is_read_from_its_picture() -> None:
    """The picture is a grey map of the page; pages with text are not drawn."""
    scan = pdf([[], ["a page with more than fifty letters of ordinary words in it"]], picture=True)
    eyes = Eyes()
    found = read_document(scan, "", "scan.pdf", ocr=eyes)
    assert found.pages[0] == "NOTICE OF HEARING"
    assert found.unread == ()
    (picture,) = eyes.seen
    head, size, depth, rest = picture.split(b"\n", 3)
    width, height = map(int, size.split())
    assert (head, depth, len(rest)) == (b"P5", b"255", width * height)
    assert (width, height) == (1700, 2200)


def test_only_so_many_pages_are_read_from_pictures() -> None:
    """A picture costs seconds; the rest is named as unread."""
    eyes = Eyes()
    found = read_document(pdf([[]] * 4, picture=True), "", "x", Limits(scanned=2), ocr=eyes)
    assert (len(eyes.seen), found.unread) == (2, (3, 4))


def test_an_empty_page_is_no_scan() -> None:
    """No text and no picture: there is nothing to read."""
    assert read_document(pdf([[], ["x"]]), "", "x").unread == ()


def test_word_divisions_at_a_line_end_are_undone() -> None:
    """The library marks them; "immi-gration" must be found as one word."""
    found = read_document(pdf([["immi-", "gration"]]), "", "x")
    assert found.pages == ("immigration",)


def test_a_word_file_is_read_in_order() -> None:
    """Paragraphs, tables, tabs and the page breaks that are written down."""
    body = (
        paragraph("Section 1", "<w:tab/>", "Policy")
        + "<w:tbl><w:tr><w:tc>" + paragraph("Item") + "</w:tc><w:tc>" + paragraph("ICE")
        + "</w:tc></w:tr></w:tbl>"
        + paragraph("before", '<w:br w:type="page"/>', "after")
        + paragraph("<w:lastRenderedPageBreak/>", "third")
    )  # fmt: skip
    found = read_document(docx(body), "", "a.docx")
    assert found.kind is DocumentKind.DOCX
    assert found.pages == ("Section 1 Policy\nItem\nICE\nbefore", "after", "third")


def test_words_that_were_deleted_are_not_read() -> None:
    """Tracked changes keep them in the file."""
    body = paragraph("kept", "<w:delText>struck</w:delText>")
    assert read_document(docx(body), "", "a.docx").pages == ("kept",)


def test_a_workbook_is_read_sheet_by_sheet() -> None:
    """Hidden sheets are left out; rows that a filter hides are not."""
    body = xlsx(
        {"List": [["STATE", "SIGNED"], ["UTAH", 45726.0]], "Notes": [["hidden"]]},
        hidden=["Notes"],
        hidden_rows=[2],
    )
    found = read_document(body, "", "a.xlsx")
    assert (found.kind, found.pages) == (
        DocumentKind.XLSX,
        ("List\nSTATE SIGNED\nUTAH 2025-03-10",),
    )


def test_cells_are_written_as_people_write_them() -> None:
    """Workbooks keep whole numbers as fractions."""
    assert [said(12.0), said(1.5), said(True), said("")] == ["12", "1.5", "True", ""]


def test_links_behind_cells_are_found() -> None:
    """Also those that stand for several cells."""
    links = {"B2": "https://x.example/1.pdf", "A3:B3": "https://x.example/2.pdf"}
    (sheet,) = read_workbook(xlsx({"S": [["a", "b"], ["c", "d"], ["e", "f"]]}, links), "x")
    assert sheet.links == (
        (1, 1, "https://x.example/1.pdf"),
        (2, 0, "https://x.example/2.pdf"),
        (2, 1, "https://x.example/2.pdf"),
    )


def test_pages_and_plain_text() -> None:
    """In their encodings; scripts are no text."""
    page = "<html><head><meta charset=iso-8859-1></head><body><script>x()</script><p>D\xeda</p>"
    assert read_document(page.encode("latin-1"), "text/html", "x").pages == ("D\xeda",)
    assert read_document("caf\xe9".encode("utf-16"), "text/plain", "x").pages == ("caf\xe9",)
    assert read_document(b"It\x92s", "text/plain", "x").pages == ("It\u2019s",)
    found = read_document(b"one\x0ctwo", "text/plain", "minutes.txt")
    assert (found.kind, found.pages) == (DocumentKind.TEXT, ("one", "two"))


@pytest.mark.parametrize(
    ("body", "media_type", "reason"),
    [
        (b"", "", "the file is empty"),
        (b"  \n", "application/pdf", "the file is empty"),
        (b"%PDF-1.7\nnothing", "", "the file is damaged: it is not a readable PDF"),
        (b"<html>Sign in", "application/pdf", "a web page came instead of the document"),
        (b"\x89PNG\r\n", "", "a picture cannot be read"),
        (b"{\\rtf1 a}", "", "a file in Rich Text Format cannot be read"),
        (b"\x00\x01\x02", "", "the file is in no format that can be read"),
        (b"PK\x03\x04cut", "", "the file is damaged: File is not a zip file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "",
            "an old Word or Excel file (.doc, .xls) cannot be read",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "",
            "the file is protected by a password",
        ),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, media_type: str, reason: str) -> None:
    """One sentence for people, and never an empty text instead."""
    assert why(body, media_type) == reason


def test_the_ending_counts_where_the_type_is_missing() -> None:
    """An error page at a PDF's address is not the agenda."""
    assert why(b"<html>Not here</html>", "", "https://x.example/a.PDF?x=1") == (
        "a web page came instead of the document"
    )


def test_a_protected_pdf_says_so() -> None:
    """Nobody here knows the password."""
    assert why(pdf([["x"]], encrypt=LOCKED)) == "the file is protected by a password"


def test_a_package_of_another_sort_is_refused() -> None:
    """A ZIP of recordings is no document."""
    assert why(packed({"a.txt": "x"})) == (
        "the file is a ZIP archive that holds neither Word nor Excel"
    )


def test_zip_bombs_are_refused_before_they_are_unpacked() -> None:
    """By what the parts say of themselves, and by their number."""
    bomb = packed({"word/document.xml": b"\0" * 3_000_000})
    assert why(bomb, unpacked=2_000_000).endswith("refused as a ZIP bomb")
    many = packed({f"xl/{n}.xml": b"" for n in range(5_001)})
    assert why(many) == "the file has 5001 parts; refused as a ZIP bomb"


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    """Its stated size is all that is unpacked, and then its sum is wrong."""
    honest = xlsx({"S": [["a" * 5_000]]})
    at = honest.index(b"PK\x01\x02")
    size = at + 24  # "uncompressed size" of the first entry of the central directory
    forged = honest[:size] + (10).to_bytes(4, "little") + honest[size + 4 :]
    assert why(forged).startswith("the file is damaged")


def test_a_sheet_with_two_cells_at_opposite_corners_is_refused() -> None:
    """A reader that allots the rectangle between them would need hundreds of gigabytes."""
    body = xlsx({"S": [["a"]]})
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(DocumentError, match="1,048,576 rows and 16,384 columns"):
        read_workbook(_with(body, "xl/worksheets/sheet1.xml", sheet), "x")


def test_entities_are_not_expanded() -> None:
    """A thousand million laughs stay one."""
    laughs = (
        '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>x&b;</w:t></w:r></w:p></w:body></w:document>"
    )
    found = read_document(_with(docx(""), "word/document.xml", laughs), "", "x")
    assert found.pages == ("x",)


def _with(body: bytes, name: str, part: str) -> bytes:
    """Put another part into a package."""
    from io import BytesIO  # noqa: PLC0415
    from zipfile import ZipFile  # noqa: PLC0415

    package = ZipFile(BytesIO(body))
    parts: dict[str, str | bytes] = {one: package.read(one) for one in package.namelist()}
    return packed({**parts, name: part})


def test_limits_cut_and_say_so() -> None:
    """Pages, characters, seconds; the file's own size refuses it."""
    three = pdf([["one one"], ["two two"], ["three"]])
    found = read_document(three, "", "x", Limits(pages=2))
    assert (found.pages, found.truncated) == (("one one", "two two"), True)
    found = read_document(three, "", "x", Limits(characters=10))
    assert (found.pages, found.truncated) == (("one one", "two"), True)
    ticks = iter(range(100))
    found = read_document(three, "", "x", Limits(seconds=2), clock=lambda: float(next(ticks)))
    assert (found.pages, found.truncated) == (("one one",), True)
    assert why(three, file=100).endswith("more than are read")
    whole = read_document(three, "", "x", Limits(pages=3, characters=19))
    assert (len(whole.pages), whole.truncated) == (3, False)


@pytest.mark.parametrize(
    "whole",
    [
        AGENDA,
        docx(paragraph("a", "<w:br/>", "b")),
        xlsx({"S": [["a", 45726.0], ["b", 1.0]]}, {"A1": "https://x.example/"}),
    ],
    ids=["pdf", "docx", "xlsx"],
)
def test_whatever_happened_to_a_file_only_document_errors_come_out(whole: bytes) -> None:
    """Cut at many places, and with bytes flipped at random."""
    chance = random.Random(287)  # noqa: S311 - the same faults every time
    broken = [whole[: len(whole) * n // 40] for n in range(1, 40)]
    for _ in range(150):
        changed = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        broken.append(bytes(changed))
    outcomes = set()
    for body in broken:
        try:
            outcomes.add(type(read_document(body, "", "x")).__name__)
        except DocumentError:
            outcomes.add("DocumentError")
    assert "DocumentError" in outcomes


def test_odd_xml_within_a_sound_package_is_survived() -> None:
    """Parts that are missing, of another sort, or point to nothing."""
    book = xlsx({"S": [["a"]]}, {"A1": "https://x.example/"})
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        for part in ("", "<a/>", "<a"):
            with pytest.raises(DocumentError):
                read_workbook(_with(book, name, part), "x")
    for part in ("", "<a", '<worksheet><sheetData><row r="x"><c r="1A"/></row>'):
        with pytest.raises(DocumentError):
            read_workbook(_with(book, "xl/worksheets/sheet1.xml", part), "x")
    for part in ("", "<a/>", "<a"):
        for name in ("word/document.xml", "[Content_Types].xml", "_rels/.rels"):
            with pytest.raises(DocumentError):
                read_document(_with(docx(paragraph("a")), name, part), "", "x")
