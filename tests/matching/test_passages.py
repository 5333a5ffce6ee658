"""Evidence: windows that are exact, short, in order of weight, and never overlap."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.matching import Filter, FilterSet, Subject
from monitor.matching.passages import LONGEST, MOST_PASSAGES
from monitor.models import Passage
from tests.matching.held import matches, only, rule, subject

FILLER = "Nothing of note is said in this sentence. "


def quoted(passage: Passage) -> list[str]:
    """Quote the hits of a passage."""
    return [passage.text[start:end] for start, end in passage.hits]


def test_a_passage_is_the_sentence_around_its_hits() -> None:
    """The sentence is cut out with exact offsets; hits count from its start."""
    text = f"{FILLER * 3}The U.S. zebra of No. 7 meets Mr. Lion. {FILLER * 3}"
    (passage,) = only(rule("zebra AND lion"), subject("Agenda", text)).passages
    assert passage.text == "The U.S. zebra of No. 7 meets Mr. Lion."
    assert (passage.field, passage.text) == ("text", text[passage.start : passage.end])
    assert quoted(passage) == ["zebra", "Lion"]


def test_lines_are_apart_unless_a_line_was_wrapped() -> None:
    """A line break ends a passage, but not within the wrapped lines of a PDF."""
    short = "First item\nA zebra\nThird item"
    (passage,) = only(rule("zebra"), subject("Agenda", short)).passages
    assert passage.text == "A zebra"
    wrapped = (
        "The council hereby directs the manager to enter into the\n"
        "agreement on the zebra, and to report on it before the end\n"
        "of the year.\nNext item"
    )
    (passage,) = only(rule("zebra"), subject("Agenda", wrapped)).passages
    assert passage.text == wrapped.removesuffix("\nNext item")


def test_titles_come_first_and_recitals_last() -> None:
    """What decides is shown before what is only recited."""
    text = (
        f"{FILLER}\nWHEREAS, a zebra was seen and a lion too;\n"
        f"NOW, THEREFORE, BE IT RESOLVED, that the zebra go.\n{FILLER}"
    )
    match = only(rule("zebra OR lion"), subject("On the zebra", text))
    assert [passage.text.strip(";") for passage in match.passages] == [
        "On the zebra",
        "NOW, THEREFORE, BE IT RESOLVED, that the zebra go.",
        "WHEREAS, a zebra was seen and a lion too",
    ]


def test_a_passage_with_more_terms_comes_before_one_with_fewer() -> None:
    """Among equal places, different terms weigh more than their order."""
    text = f"{FILLER}A zebra. {FILLER * 9}A zebra and a lion. {FILLER * 9}Another zebra."
    match = only(rule("zebra OR lion"), subject("Agenda", text))
    assert [passage.text for passage in match.passages] == [
        "A zebra and a lion.",
        "A zebra.",
        "Another zebra.",
    ]


def test_only_a_few_passages_are_shown() -> None:
    """A text full of hits is shown by its best few windows."""
    text = (f"A zebra. {FILLER * 8}") * 50
    assert len(only(rule("zebra"), subject("Agenda", text)).passages) == MOST_PASSAGES


def test_hits_close_together_share_a_passage() -> None:
    """Windows that would overlap are one."""
    text = "word " * 20 + "zebra " + "word " * 10 + "zebra " + "word " * 100 + "zebra"
    match = only(rule("zebra"), subject("Agenda", text))
    assert [quoted(passage) for passage in match.passages] == [["zebra", "zebra"], ["zebra"]]
    assert all(len(passage.text) <= LONGEST for passage in match.passages)


def test_windows_within_one_long_sentence_do_not_overlap() -> None:
    """The second window begins where the first ends."""
    text = "word " * 20 + "zebra " + "word " * 58 + "zebra " + "word " * 60
    first, second = sorted(
        only(rule("zebra"), subject("Agenda", text)).passages, key=lambda each: each.start
    )
    assert quoted(first) == quoted(second) == ["zebra"]
    assert first.end <= second.start


def test_hits_that_overlap_are_marked_once() -> None:
    """A phrase and its words are one mark, wherever the passage begins."""
    text = f"{FILLER}Then a zebra zebra."
    (passage,) = only(rule('"zebra zebra" OR zebra'), subject("Agenda", text)).passages
    assert quoted(passage) == ["zebra zebra"]


def test_a_window_is_cut_between_words() -> None:
    """A long sentence is cut around the hit, at spaces."""
    text = "begin " * 100 + "zebra " + "finish " * 100
    (passage,) = only(rule("zebra"), subject("Agenda", text)).passages
    assert len(passage.text) <= LONGEST
    assert {*passage.text.split()} == {"begin", "zebra", "finish"}


def test_a_hit_longer_than_a_window_is_cut() -> None:
    """Not even an endless word makes an endless passage."""
    (passage,) = only(rule("zeb*"), subject("Agenda", "zeb" * 10_000)).passages
    assert len(passage.text) <= LONGEST
    assert passage.hits == ((0, len(passage.text)),)


def test_a_filter_without_words_shows_the_title() -> None:
    """A match by type alone has a passage too, without hits."""
    match = only(rule("NOT zebra"), subject("A long title"))
    assert match.passages == (Passage("title", 0, 12, "A long title"),)
    assert only(rule("NOT zebra"), subject("", "A text")).passages[0].field == "text"
    assert only(rule("NOT zebra"), subject()).passages == ()


def test_what_speaks_against_is_not_shown() -> None:
    """Passages show what made the item match."""
    found = rule("zebra", exclude='"zebra crossing"')
    text = f"A zebra crossing. {FILLER * 9}The zebra lives."
    (passage,) = only(found, subject("Agenda", text)).passages
    assert passage.text == "The zebra lives."


PARTS = st.sampled_from(
    [
        "zebra", "ZEBRA", "Ze\u0301bra", "ze\u00adbra", "\ufb01", "fi", "287(g)", "287 (g)",
        "stra\u00dfe", "\U0001f600", "word", "a" * 40, ". ", "\n", " ", "  ", "\u2019s", "'", '"',
        "(", ")", "\u200b", "\u0301", "WHEREAS", "RESOLVED", "No. ", "\u00a0",
        "\u6f22\u5b57", "&", "Meeting: x\n",
    ]
)  # fmt: skip
TEXTS = st.lists(PARTS | st.just(" ") | st.text(max_size=5), max_size=120).map("".join)
FOUND = FilterSet(
    (
        Filter("words", "", query='zebra OR strasse OR fi OR 287(g) OR "zebra zebra" OR wor*'),
        Filter("patterns", "", query=r"/z\w+/ OR /(?i)[a-z]{3} ?[(]/ OR /a{20}/"),
    )
)


@given(title=TEXTS, text=TEXTS)
def test_passages_are_exact_whatever_the_text(title: str, text: str) -> None:
    """text[start:end] is the passage; windows are bounded, apart, and hold their hits in order."""
    found = Subject((("title", title), ("text", text)))
    for match in FOUND.match_subject(found):
        taken: list[tuple[str, int, int]] = []
        for passage in match.passages:
            source = dict(found.fields)[passage.field]
            assert source[passage.start : passage.end] == passage.text
            assert 0 < len(passage.text) <= LONGEST + 20
            ends = [0, *(place for hit in passage.hits for place in hit)]
            assert ends == sorted(ends)
            assert all(start < end <= len(passage.text) for start, end in passage.hits)
            assert passage.hits
            taken.append((passage.field, passage.start, passage.end))
        for (name, _, end), (other, start, _) in zip(
            sorted(taken), sorted(taken)[1:], strict=False
        ):
            assert name != other or end <= start


@pytest.mark.parametrize("name", ["items.jsonl", "long.jsonl"])
def test_passages_are_exact_on_real_text(shared: Path, name: str) -> None:
    """On every recorded text each passage is where it says, and short."""
    filters = FilterSet(
        (
            Filter("any", "", query="ICE OR immigra* OR 287(g) OR sanctuar* OR detain* OR federal"),
            Filter("expression", "", query=r"/(?i)\b(ice|immigra\w+).{0,60}(agents?|officers?)\b/"),
        )
    )
    folder = shared / "relevance"
    matched = 0
    for line in (folder / name).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        body = row.get("body") or ""
        if "file" in row:
            body = (folder / row["file"]).read_text(encoding="utf-8")
        found = Subject((("title", row["title"]), ("text", body)))
        for match in filters.match_subject(found):
            matched += 1
            assert match.passages
            for passage in match.passages:
                source = dict(found.fields)[passage.field]
                assert source[passage.start : passage.end] == passage.text
                assert len(passage.text) <= LONGEST + 20
    assert matched > 20


def test_a_document_may_be_any_number_of_pages() -> None:
    """Each page is its own field, and shows its own passages."""
    pages = tuple((f"agenda.pdf p. {n}", f"Page {n}. {FILLER}") for n in range(1, 300))
    pages = (*pages, ("agenda.pdf p. 300", "Here is the zebra."))
    (match,) = matches(rule("zebra"), subject("Agenda", documents=pages))
    assert [passage.field for passage in match.passages] == ["agenda.pdf p. 300"]
