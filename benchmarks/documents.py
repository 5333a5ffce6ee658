"""Read agendas of 100 pages: the monitor beside pypdfium2 alone.

    python benchmarks/documents.py [--rounds 5]

The agendas are written here, with a third of a page of made-up items on each page. Both take turns
in every round; the table shows the median of the CPU time, and the pages read in a second of it.
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections.abc import Callable
from statistics import median

import pypdfium2

from monitor.documents import added_lines, read_document

PAGES = 100
LINES = 45
WORDS = (  # noqa: SIM905 - reads better
    "resolution ordinance agreement sheriff detainer budget parks zoning hearing committee "
    "council contract services department approve amend authorise county public works"
).split()


def line(page: int, row: int) -> str:
    """Write a line of an agenda; no two are equal."""
    chosen = [WORDS[(page * 7 + row * 3 + n * n) % len(WORDS)] for n in range(11)]
    return f"{page}.{row}. {' '.join(chosen)}"


def agenda(extra: str = "") -> bytes:
    """Write an agenda as a PDF; `extra` stands on the fiftieth page."""
    objects = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for page in range(1, PAGES + 1):
        lines = [line(page, row) for row in range(LINES)]
        if extra and page == PAGES // 2:
            lines.insert(10, extra)
        said = "".join(
            f"BT /F1 9 Tf 40 {770 - 15 * row} Td ({text}) Tj ET\n" for row, text in enumerate(lines)
        )
        packed = zlib.compress(said.encode())
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
            + packed
            + b"\nendstream"
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    kids = " ".join(f"{number} 0 R" for number in range(5, len(objects) + 1, 2))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {PAGES} >>".encode()
    return assembled(objects)


def assembled(objects: list[bytes]) -> bytes:
    """Put numbered objects into a file, with the table of their places."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def bare(body: bytes) -> int:
    """Read all pages with pypdfium2 and nothing else; returns the number of characters."""
    document = pypdfium2.PdfDocument(body)
    read = 0
    for number in range(len(document)):
        page = document[number]
        words = page.get_textpage()
        read += len(words.get_text_range())
        words.close()
        page.close()
    document.close()
    return read


def ours(body: bytes) -> int:
    """Read all pages as the monitor does; returns the number of characters."""
    return sum(map(len, read_document(body, "application/pdf", "agenda.pdf").pages))


def cost(work: Callable[[], object]) -> float:
    """Measure the CPU seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Take turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    old, new = agenda(), agenda("9.99. resolution ending the 287 agreement with the sheriff")
    before, after = (read_document(one, "", "agenda.pdf").pages for one in (old, new))
    (added,) = added_lines(before, after)
    assert added.page == PAGES // 2, added
    contenders = {
        "pypdfium2 alone": lambda: bare(old),
        "monitor, read_document": lambda: ours(old),
        "monitor, added_lines": lambda: added_lines(before, after),
    }
    costs: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            costs[name].append(cost(work))
    print(f"{PAGES} pages, {len(old):,} bytes, {ours(old):,} characters; {rounds} rounds")
    print(f"{'':24}{'ms':>8}{'pages/s':>10}{'agendas/s':>11}")
    for name, taken in costs.items():
        middle = median(taken)
        print(f"{name:24}{middle * 1000:8.1f}{PAGES / middle:10.0f}{1 / middle:11.1f}")


if __name__ == "__main__":
    main()
