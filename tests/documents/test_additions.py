"""Agendas that are posted again: what was added, and all that is no addition. All are made up."""

from __future__ import annotations

import random
import textwrap
import time
from pathlib import Path

import pytest

from monitor.documents import Added, added_lines, read_document
from tests.documents.builders import pdf

ITEMS = (
    "Call to order and roll call of the members present",
    "Approval of the minutes of the regular meeting of the third week of October",
    (
        "Resolution authorizing the City Manager to execute a contract with Sampleville "
        "Paving Company for the resurfacing of Elm Street and Oak Avenue in an amount not to "
        "exceed $50,000"
    ),
    (
        "Ordinance amending chapter 12 of the municipal code with regard to the keeping of bees in "
        "residential districts, second reading and adoption"
    ),
    (
        "Public hearing on the application of the Historical Society for a variance from the "
        "setback requirements of the downtown overlay district"
    ),
    "Appointment of two members to the Library Board for terms that end in the year 2029",
    "Report of the Director of Public Works on the condition of the storm sewers",
    "Resolution commending the volunteers of the Sampleville food bank for their service",
    "Discussion of the calendar of meetings for the first quarter of the coming year",
    "Adjournment of the meeting until the next regular session of the council",
)
LATE = (
    "Resolution directing the Chief of Police to decline immigration detainers that are not "
    "accompanied by a warrant signed by a judge"
)


def agenda(*items: str, width: int = 88, lines: int = 14, printed: str = "11/20/2026") -> list[str]:
    """Set an agenda: numbered, wrapped, with running heads and page numbers."""
    rows = [
        row
        for number, item in enumerate(items, start=1)
        for row in textwrap.wrap(f"{number}. {item}", width)
    ]
    bodies = [rows[start : start + lines] for start in range(0, len(rows), lines)]
    return [
        "\n".join(
            (
                "SAMPLEVILLE CITY COUNCIL",
                f"Page {number} of {len(bodies)}",
                *body,
                f"Printed on {printed} at 4:15 PM",
            )
        )
        for number, body in enumerate(bodies, start=1)
    ]


OLD = agenda(*ITEMS)


def said(new: list[str], old: list[str] | None = None) -> str:
    """Put all that was added into one line."""
    return " ".join(" ".join(one.text for one in added_lines(old or OLD, new)).split())


@pytest.mark.parametrize("place", range(len(ITEMS) + 1))
def test_an_item_that_is_put_in_late_is_all_that_is_new(place: int) -> None:
    """Wherever it stands; everything after it has another number, some of it another page."""
    new = agenda(*ITEMS[:place], LATE, *ITEMS[place:], printed="11/23/2026")
    assert said(new) == f"{place + 1}. {LATE}"


@pytest.mark.parametrize("width", [40, 60, 75, 100, 130])
@pytest.mark.parametrize("lines", [5, 9, 40])
def test_other_line_ends_and_pages_are_no_addition(width: int, lines: int) -> None:
    """The same words in another setting, printed on another day."""
    new = agenda(*ITEMS, width=width, lines=lines, printed="12/1/2026")
    assert added_lines(OLD, new) == ()
    assert added_lines(new, OLD) == ()


def test_an_item_is_found_in_an_agenda_that_was_set_anew() -> None:
    """Wrapped otherwise and longer by an item, both at once."""
    assert LATE in said(agenda(*ITEMS[:4], LATE, *ITEMS[4:], width=70, lines=8))
    assert len(said(agenda(*ITEMS[:4], LATE, *ITEMS[4:], width=70, lines=8))) < len(LATE) + 10


def test_items_in_another_order_are_no_addition() -> None:
    """Moved from page to page and renumbered."""
    shuffled = list(ITEMS)
    random.Random(4).shuffle(shuffled)  # noqa: S311 - no secret
    assert added_lines(OLD, agenda(*shuffled)) == ()


def test_a_changed_amount_shows_the_whole_sentence() -> None:
    """Its line is another one; the words before it say what is paid for."""
    items = [item.replace("$50,000", "$500,000") for item in ITEMS]
    assert said(agenda(*items)) == f"3. {items[2]}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("commending", "condemning"),
        ("second reading", "first reading"),
        ("two members", "three members"),
        ("2029", "2028"),
        ("authorizing", "not authorizing"),
    ],
)
def test_a_changed_word_is_new(old: str, new: str) -> None:
    """One word may turn a sentence round."""
    items = [item.replace(old, new) for item in ITEMS]
    assert new in said(agenda(*items))
    assert said(agenda(*items)).count(". ") <= 1


def test_a_word_that_was_turned_round_is_no_misreading() -> None:
    """Two letters more, and the opposite."""
    before = (
        "The county finds that a request to hold a person is lawful under the laws of the state"
    )
    after = before.replace("lawful", "unlawful")
    assert added_lines([before], [after]) == (Added(1, after),)


def test_what_a_scanner_misreads_is_no_addition() -> None:
    """Letters taken for others, words torn apart or run together, specks."""
    noisy = (
        "\n".join(OLD)
        .replace("Manager", "Manaqer")
        .replace("resurfacing", "resurfaclng")
        .replace("Ordinance", "Ord inance")
        .replace("the application", "theapplication")
        .replace("volunteers", "vo1unteers")
        .replace("Library", "Librarv")
        .replace("storm", "storrn")
        .replace("$50,000", "$5O,000")
        .replace("calendar", ". calendar l")
    )
    assert added_lines(OLD, [noisy]) == ()


def test_a_word_divided_at_the_end_of_a_line_is_no_addition() -> None:
    """Readers of PDF leave the hyphen out or in."""
    old = "The owner of a twelve-month permit shall be heard by the non-profit board of appeals"
    for new in (old.replace("-", ""), old.replace("-", "-\n"), old.replace("owner", "ow-\nner")):
        assert added_lines([old], [new]) == ()
        assert added_lines([new], [old]) == ()


def test_a_divided_word_of_an_item_that_moved_is_no_addition() -> None:
    """Where it stands among other neighbours than before."""
    bees = "Proclamation of the week of bees and other insects of the county"
    permit = "permit of the Sampleville Brewery to be heard by the board"
    before = f"1. {bees}\n2. Twelve-month {permit}"
    after = f"1. Twelvemonth {permit}\n2. {bees}"
    assert added_lines([before], [after]) == ()
    assert added_lines([after], [before]) == ()


def test_what_looks_like_a_number_at_the_end_of_a_line_is_no_addition() -> None:
    """Wrapped otherwise, the end of a sentence may begin a line."""
    old = "An agency shall honor a detainer that was issued pursuant to 8 C.F.R.\n287.7. It ends."
    assert added_lines([old], [old.replace("\n", " ")]) == ()
    assert added_lines([old.replace("\n", " ")], [old]) == ()


def test_a_table_of_contents_with_other_page_numbers_is_no_addition() -> None:
    """Dot leaders or not."""
    old = [
        "Resolution on parks ........ 14\nOrdinance on bees and other insects 15\nReport (pp. 3-9)"
    ]
    new = [
        "Resolution on parks ........ 16\nOrdinance on bees and other insects 17\nReport (pp. 5-11)"
    ]
    assert added_lines(old, new) == ()


def test_a_number_that_names_something_is_new() -> None:
    """The same words with the number of another bill."""
    old, new = "Second reading of House Bill No. 287", "Second reading of House Bill No. 288"
    assert added_lines([old], [new]) == (Added(1, new),)


def test_a_running_head_that_stands_on_more_pages_is_no_addition() -> None:
    """Nor is one that stood on many pages and now stands on one."""
    head = "COMMITTEE ON IMMIGRATION, Room {}"
    old = [f"{head.format(n)}\nItem about subject {word}" for n, word in enumerate("abcde")]
    assert added_lines(old, [f"{head.format(7)}\nItem about subject a"]) == ()
    assert added_lines([f"{head.format(0)}\nItem about subject a"], old[:1] * 5) == ()


def test_revision_lines_are_no_items() -> None:
    """When it was printed or revised is said of the agenda itself."""
    new = [
        f"REVISED AGENDA\nRevised: November 23, 2026 5:00 PM\nLast updated Mon Nov 23\n{OLD[0]}",
        *OLD[1:],
    ]
    assert added_lines(OLD, new) == ()


def test_an_addition_names_its_page_and_stands_apart_from_others() -> None:
    """Two items in two places are two additions."""
    new = agenda("Presentation of colors", *ITEMS, LATE)
    found = added_lines(OLD, new)
    assert [one.page for one in found] == [1, len(new)]


def test_a_short_agenda_grows() -> None:
    """Lines of two words are compared as lines."""
    old = ["1. Call to order\n2. Roll call\n3. Adjournment"]
    new = ["1. Call to order\n2. ICE contract\n3. Roll call\n4. Adjournment"]
    assert added_lines(old, new) == (Added(1, "2. ICE contract"),)


def test_all_of_it_is_new_where_nothing_was_read_before() -> None:
    """An empty text knows no line."""
    assert len(said(OLD, [""])) > 500
    assert added_lines(OLD, []) == ()


@pytest.mark.parametrize(
    "line",
    [
        ". " * 50_000 + "x",
        "posted " + "on " * 50_000 + "x",
        "1" + ", " * 50_000 + "x",
        "1. " * 30_000,
        "(" * 100_000,
        "ice the " * 20_000,
        "a" * 300_000,
    ],
    ids=["dots", "printed", "commas", "numbers", "brackets", "two words", "one word"],
)
def test_hostile_lines_take_no_time(line: str) -> None:
    """Twice the length takes about twice the time, not four times."""
    began = time.process_time()
    added_lines([line], [f"{line} detainers", line[::-1]])
    assert time.process_time() - began < 10.0


def test_real_texts_read_again_or_set_anew_gain_nothing(shared: Path) -> None:
    """Resolutions, orders and agendas of real publishers, as they are and wrapped anew."""
    texts = sorted((shared / "relevance" / "long").glob("*.txt"))
    assert texts
    for path in texts:
        pages = path.read_text(encoding="utf-8").split("\f")
        assert added_lines(pages, pages) == (), path.name
        for width in (60, 110):
            wrapped = [
                "\n".join(row for line in page.splitlines() for row in textwrap.wrap(line, width))
                for page in pages
            ]
            assert added_lines(pages, wrapped) == (), (path.name, width)


def test_a_late_item_is_found_in_real_texts(shared: Path) -> None:
    """Put in the middle of what was wrapped anew, it is found, and little else."""
    for path in sorted((shared / "relevance" / "long").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        middle = len(lines) // 2
        new = "\n".join((*lines[:middle], f"99. {LATE}.", *lines[middle:]))
        found = " ".join(one.text for one in added_lines(["\n".join(lines)], [new]))
        assert LATE in " ".join(found.split()), path.name
        assert len(found) < len(LATE) + 700, path.name


def as_pdf(lines: list[str], width: int, rows: int, day: int) -> tuple[str, ...]:
    """Set lines as a PDF with running heads and feet, and read it."""
    wrapped = [row for line in lines for row in textwrap.wrap(line, width)]
    bodies = [wrapped[start : start + rows] for start in range(0, len(wrapped), rows)]
    foot = f"Page {{}} of {len(bodies)}   Printed on 11/{day}/2026"
    file = pdf([["Sampleville Agenda", *body, foot.format(n)] for n, body in enumerate(bodies, 1)])
    return read_document(file, "application/pdf", "agenda.pdf").pages


def test_real_texts_set_anew_as_pdf_gain_hardly_anything_but_what_was_put_in(shared: Path) -> None:
    """Words are divided at the ends of lines then; measured, 7 lines in 137,000 words."""
    false = words = 0
    for path in sorted((shared / "relevance" / "long").glob("*.txt"))[:16]:
        text = path.read_text(encoding="utf-8").encode("latin-1", "ignore").decode("latin-1")
        lines = text.splitlines()
        middle = len(lines) // 2
        old = as_pdf(lines, 80, 50, 20)
        new = as_pdf([*lines[:middle], f"99. {LATE}.", *lines[middle:]], 97, 44, 23)
        found = [one for one in added_lines(old, new) if "detainers that are not" in one.text]
        assert len(found) == 1, path.name
        false += len(added_lines(old, new)) - 1
        words += len(text.split())
    assert words > 50_000
    assert false <= 7


def test_real_documents_read_twice_gain_nothing(shared: Path) -> None:
    """Files in the formats that agendas come in."""
    read = 0
    for path in sorted((shared / "recordings").rglob("*.pdf"))[:20]:
        pages = read_document(path.read_bytes(), "application/pdf", path.name).pages
        assert added_lines(pages, pages) == ()
        read += 1
    for path in sorted((shared / "recordings").rglob("*agenda*.html")):
        pages = read_document(path.read_bytes(), "text/html", path.name).pages
        assert added_lines(pages, pages) == ()
        read += 1
    assert read
