"""Writes small documents in the formats' true form; all words in them are made up."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZipFile

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_T = 'xmlns="http://schemas.openxmlformats.org/package/2006/content-types"'
_RELS = (
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
)
_OFFICE = "application/vnd.openxmlformats-officedocument"


def pdf(pages: Sequence[Sequence[str]], picture: bool = False, encrypt: str = "") -> bytes:
    """Write a PDF with a page for each list of lines; `picture` puts a grey image on each page."""
    objects: list[bytes] = [b"", b""]
    kids: list[str] = []
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    objects.append(
        b"<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8 /Length 4 >>\nstream\n\x00\xff\xff\x00\nendstream"
    )
    for lines in pages:
        said = "".join(
            f"BT /F1 11 Tf 40 {760 - 14 * row} Td ({_escaped(line)}) Tj ET\n"
            for row, line in enumerate(lines)
        )
        drawn = "q 400 0 0 400 40 40 cm /I1 Do Q\n" if picture else ""
        packed = zlib.compress((said + drawn).encode("latin-1"))
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
            + packed
            + b"\nendstream"
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources "
            b"<< /Font << /F1 3 0 R >> /XObject << /I1 4 0 R >> >> >>" % len(objects)
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _assembled(objects, encrypt)


def _assembled(objects: list[bytes], encrypt: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        encrypt.encode(),
        start,
    )
    return bytes(out)


# A standard security handler whose password nobody knows (values at random).
LOCKED = (
    "/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] /Encrypt "
    f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <{'5a' * 32}> /U <{'a5' * 32}> >>"
)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def packed(parts: dict[str, str | bytes]) -> bytes:
    """Write a ZIP file of named parts."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, body in parts.items():
            package.writestr(name, body)
    return out.getvalue()


def docx(body: str, more: dict[str, str | bytes] | None = None) -> bytes:
    """Write a Word file around the WordprocessingML of its body."""
    return packed(
        {
            "[Content_Types].xml": f"<Types {_T}>"
            f"{_RELS}"
            '<Override PartName="/word/document.xml" '
            f'ContentType="{_OFFICE}.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships {_P}><Relationship Id="rId1" '
            f'Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            **(more or {}),
        }
    )


def paragraph(*runs: str) -> str:
    """Write a paragraph; a run that begins with "<" is markup, another one text."""
    inner = "".join(
        run if run.startswith("<") else f'<w:t xml:space="preserve">{run}</w:t>' for run in runs
    )
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def xlsx(
    sheets: dict[str, Sequence[Sequence[str | float | None]]],
    links: dict[str, str] | None = None,
    hidden: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
) -> bytes:
    """Write a workbook; a float is a date's serial number where it is between 20,000 and 99,999.

    links: addresses by cell ("G2"), on the first sheet. hidden_rows: numbers of rows, from 1.
    """
    names = list(sheets)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f"<Types {_T}>"
        f"{_RELS}"
        '<Override PartName="/xl/workbook.xml" '
        f'ContentType="{_OFFICE}.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships {_P}><Relationship Id="rId1" Type="{_R}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"<workbook {_S}><sheets>"
        + "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}" '
            f'state="{"hidden" if name in hidden else "visible"}"/>'
            for n, name in enumerate(names, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships {_P}>"
        + "".join(
            f'<Relationship Id="rId{n}" Type="{_R}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(names) + 1)
        )
        + f'<Relationship Id="rId99" Type="{_R}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f"<styleSheet {_S}><cellXfs><xf/>"
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    for n, name in enumerate(names, start=1):
        behind = dict(links or {}) if n == 1 else {}
        parts[f"xl/worksheets/sheet{n}.xml"] = _sheet(sheets[name], behind, hidden_rows)
        if behind:
            parts[f"xl/worksheets/_rels/sheet{n}.xml.rels"] = (
                f"<Relationships {_P}>"
                + "".join(
                    f'<Relationship Id="rId{i}" Type="{_R}/hyperlink" Target="{address}" '
                    'TargetMode="External"/>'
                    for i, address in enumerate(behind.values(), start=1)
                )
                + "</Relationships>"
            )
    return packed(parts)


def _sheet(
    rows: Sequence[Sequence[str | float | None]], links: dict[str, str], hidden: Sequence[int]
) -> str:
    said = "".join(
        f'<row r="{r}" hidden="{int(r in hidden)}">'
        + "".join(_cell(f"{chr(65 + c)}{r}", value) for c, value in enumerate(row))
        + "</row>"
        for r, row in enumerate(rows, start=1)
    )
    behind = "".join(f'<hyperlink ref="{ref}" r:id="rId{i}"/>' for i, ref in enumerate(links, 1))
    tail = f"<hyperlinks>{behind}</hyperlinks>" if behind else ""
    return f"<worksheet {_S}><sheetData>{said}</sheetData>{tail}</worksheet>"


def _cell(place: str, value: str | float | None) -> str:
    if value is None:
        return f'<c r="{place}"/>'
    if isinstance(value, str):
        said = value.replace("&", "&amp;").replace("<", "&lt;")
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
    style = ' s="1"' if 20_000 <= value <= 1_200_000 else ""
    return f'<c r="{place}"{style}><v>{value}</v></c>'
