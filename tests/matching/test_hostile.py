"""Texts and filters made to be slow or large stay within linear time and flat memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from monitor.matching import Filter, FilterSet, Subject
from tests.matching.held import rule

MEGABYTE = 1_000_000
LARGE = 200_000

CASES = [
    ("ice", "ice ", ""),
    ("ICE", "ICE AGE ", ""),
    ("ICE AND I.C.E.", "I.C.E. ", ""),
    ("aaa*", "aaab", ""),
    ("aaa*", "a'", ""),
    ("aaa*", "\u00e9", ""),
    ("aaa NEAR/50 bbb", "aaa bbb ", ""),
    ("aaa NEAR/1000 bbb", "aaa ", ""),
    ("(aaa OR bbb) NEAR/9 (aaa OR ccc) NEAR/9 bbb", "aaa bbb ccc ", ""),
    ("aaa", "aaa bbb ", "aaa AND bbb"),
    ("aaa", "aaa bbb ", "aaa NEAR/3 bbb"),
    ('"a b a b c"', "a b ", ""),
    ('"aaa* bbb* ccc"', "aaa bbb ", ""),
    ("287(g)", "287 (G) ", ""),
    ("/(a|aa)+(b+)+$/", "a", ""),
    ("/ice/", "ice", ""),
    ("/a b/", "a  \n b", ""),
    ("ice", " ", ""),
    ("ice", "'", ""),
    ("ice", '"s ', ""),
    ("ice", "\u0301", ""),
    ("ice", "WHEREAS, ice; ", ""),
    ("ice", "Public comment\n", ""),
    ("ice", "A: b\n", ""),
    ("ice", "ice. A", ""),
    ("ice", "\U0001f600", ""),
]


@pytest.mark.parametrize(("query", "piece", "exclude"), CASES)
def test_time_grows_with_the_text_and_no_faster(query: str, piece: str, exclude: str) -> None:
    """Four times the text takes some four times as long."""
    filters = FilterSet((rule(query, exclude=exclude, limits=("aaa",), expands=("bbb",)),))
    filters.match_subject(Subject((("text", "warm up"),)))
    spent = []
    for size in (LARGE // 4, LARGE):
        found = Subject((("title", "Agenda"), ("text", piece * (size // len(piece)))))
        begin = time.process_time()
        filters.match_subject(found)
        spent.append(time.process_time() - begin)
    assert spent[1] < 20
    assert spent[1] < 12 * spent[0] + 0.5


@pytest.mark.parametrize("piece", ["ice ", "aaa bbb ", "a'", "word "])
def test_memory_does_not_grow_with_hits(piece: str) -> None:
    """A text full of hits needs a bounded amount of memory, and none of it is kept."""
    filters = FilterSet((rule("ice OR aaa NEAR/3 bbb OR aaa*"),))
    filters.match_subject(Subject((("text", "warm up"),)))
    text = piece * (MEGABYTE // 2 // len(piece))
    tracemalloc.start()
    try:
        filters.match_subject(Subject((("text", text),)))
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MEGABYTE
    assert kept < MEGABYTE


def test_ten_megabytes_on_one_line_are_searched_to_the_end() -> None:
    """A hit at the very end of a long line is found, by word and by expression."""
    text = "word " * 2_000_000 + "needle"
    filters = FilterSet((rule("needle"), Filter("re", "", query=r"/\bneed[a-z]e$/")))
    found = filters.match_subject(Subject((("text", text),)))
    assert [match.topic for match in found] == ["topic", "re"]
    for match in found:
        passage = match.passages[0]
        assert text[passage.start : passage.end] == passage.text
        assert passage.text.endswith("needle")


@pytest.mark.parametrize("before", range(262_130, 262_150, 3))
def test_a_phrase_is_found_where_a_long_text_is_cut(before: int) -> None:
    """Long texts are scanned in parts, and nothing falls between two."""
    text = f"{'x' * before} one two three four {'y' * 300_000}"
    (match,) = FilterSet((rule('"one two three four"'),)).match_subject(Subject((("text", text),)))
    assert match.passages[0].hits


def test_thousands_of_filters_compile_and_match() -> None:
    """Five thousand topics are no trouble, and each is found by its own word."""
    filters = FilterSet(
        tuple(Filter(f"t{n}", "", query=f'topic{n} OR "number {n} of"') for n in range(5_000))
    )
    found = filters.match_subject(Subject((("text", "topic17 and number 4999 of them"),)))
    assert [match.topic for match in found] == ["t17", "t4999"]


def test_halves_of_surrogate_pairs_are_harmless() -> None:
    """A string that UTF-8 cannot hold is matched around the fault."""
    text = "zebra \ud800 zebra\udfff \ud83d"
    (match,) = FilterSet((rule("zebra"),)).match_subject(Subject((("text", text),)))
    assert [text[p.start : p.end] for p in match.passages] == [p.text for p in match.passages]
    assert FilterSet((rule("/zebra./"),)).match_subject(Subject((("text", text),)))
