# ruff: noqa: RUF001 - look-alikes are what is tested
"""Folded text and the way back: fast and slow folding agree, and every offset is exact."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.matching.folding import PLAIN, WORDS, Folded, Folding

ODD = (
    "aAbs'\"`& -.(§)\n\t\x00\x01_éßﬁİ½²’“”—–\u00a0\u00ad\u200b\u200d\ufeff\u0301\u0345"
    "😀👩‍👧жأ漢가ŉǆ\ud800™Ａ１ſªk̈"
)
TEXTS = st.text(ODD, max_size=60) | st.text(max_size=40) | st.text("abs' ", max_size=30)
# A text longer than several pieces, with and without places where it can be cut.
LONG_TEXTS = st.builds(
    lambda parts, times: "".join(parts) * times,
    st.lists(TEXTS | st.text("abcdefsé", max_size=60), min_size=1, max_size=4),
    st.integers(1, 60),
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", " "),
        ("ICE", " ice "),
        ("  Trust\n\tAct  ", " trust act "),
        ("Renée Ñandú", " renee nandu "),
        ("Rene\u0301e", " renee "),
        ("Straße, ﬁne", " strasse fine "),
        ("Łódź Ørsted", " lodz orsted "),
        ("ＩＣＥ １２", " ice 12 "),
        ("287(g)", " 287 g "),
        ("§287(g)", " 287 g "),
        ("287–g", " 287 g "),
        ("U.S.C.", " u s c "),
        ("Immigration & Customs", " immigration and customs "),
        ("sheriff's office", " sheriff office "),
        ("sheriff’s office", " sheriff office "),
        ("the sheriff’s” office", " the sheriff office "),
        ("sheriffs’ office", " sheriffs office "),
        ("O'Neill", " oneill "),
        ('OF"F"ICE', " office "),
        ("''ICE''", " ice "),
        ('"ICE"', " ice "),
        ("immi\u00adgra\u200btion", " immigration "),
        ("ICE\u00a0agents", " ice agents "),
        ("ICE² agents¹", " ice agents "),
        ("ICE™", " ice "),
        ("file_name", " file name "),
        ("a\x00b", " a b "),
        ("миграция", " миграция "),
        ("😀", " "),
    ],
)
def test_words_fold(text: str, folded: str) -> None:
    """Folding leaves lower-case words with one space around each."""
    assert WORDS.fold(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ICE  is\nhere", "ICE is here"),
        ("“ICE” isn’t – or — is", '"ICE" isn\'t - or - is'),
        ("Renée", "Renee"),
        ("Straße", "Strasse"),
        ("im\u00admi\u200bgration", "immigration"),
        ("мир ICEмир", "___ ICE___"),
        ("a\u00a0b\x00c", "a b c"),
        ("😀§", " "),
    ],
)
def test_plain_text_keeps_case_and_punctuation(text: str, folded: str) -> None:
    """Expressions see ASCII of the same look."""
    assert PLAIN.fold(text) == folded
    assert folded.isascii()


@pytest.mark.parametrize("folding", [WORDS, PLAIN], ids=["words", "plain"])
def test_folding_twice_changes_nothing(folding: Folding) -> None:
    """Every character of Unicode folds to characters that fold to themselves."""
    marks = {"\x01", " and "}
    unstable = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if (once := folding.table[code]) not in marks
        and "".join(folding.table[ord(char)] for char in once) != once
    ]
    assert unstable == []


@pytest.mark.parametrize("folding", [WORDS, PLAIN], ids=["words", "plain"])
@given(text=LONG_TEXTS)
def test_slow_and_fast_folding_agree(folding: Folding, text: str) -> None:
    """The characters that are traced are those of the folded text."""
    traced = list(folding.traced(text))
    assert "".join(char for char, _ in traced) == folding.fold(text)
    owners = [owner for _, owner in traced]
    assert owners == sorted(owners)


@pytest.mark.parametrize("folding", [WORDS, PLAIN], ids=["words", "plain"])
@given(text=LONG_TEXTS)
def test_every_letter_knows_where_it_comes_from(folding: Folding, text: str) -> None:
    """A place in the folded text leads to the character that made it, in pieces as in a whole."""
    folded = Folded(text, folding)
    for index, (char, owner) in enumerate(folding.traced(text)):
        if char == " ":
            continue
        start, end = folded.origin(index, index + 1)
        assert start == owner
        assert end > start
        assert char in folding.fold(text[start:end])


@given(text=LONG_TEXTS, data=st.data())
def test_a_place_in_the_text_leads_to_its_folded_word(text: str, data: st.DataObject) -> None:
    """The way there is the inverse of the way back, for letters."""
    folded = Folded(text, WORDS)
    position = data.draw(st.integers(0, len(text)))
    place = folded.place(position)
    traced = list(WORDS.traced(text))
    assert all(char == " " or owner < position for char, owner in traced[:place])
    assert all(char == " " or owner >= position for char, owner in traced[place:])


@given(st.lists(st.text("abcéßﬁ\u0301'’-", min_size=1, max_size=8), min_size=1, max_size=200))
def test_the_origin_of_a_word_folds_to_the_word(words: list[str]) -> None:
    """What stands at the origin of a folded word folds to that word again."""
    folded = Folded(" ".join(words), WORDS)
    position = 1
    for word in folded.folded.split():
        start, end = folded.origin(position, position + len(word))
        assert WORDS.fold(folded.text[start:end]).strip() == word
        position += len(word) + 1


def test_an_origin_takes_combining_marks_and_joiners_along() -> None:
    """A hit never splits a letter from its accent."""
    text = "ICE cafe\u0301\u200d now"
    folded = Folded(text, WORDS)
    start = folded.folded.index("cafe")
    assert folded.origin(start, start + 4) == (4, 10)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "é" * 100_000,
        "漢" * 100_000,
        "a'" * 50_000,
        "\u0301" * 100_000,
        " " * 100_000,
    ],
)
def test_a_text_without_separators_keeps_its_offsets(text: str) -> None:
    """Where there is nothing to cut at, offsets stay exact."""
    whole = f"before {text} after"
    folded = Folded(whole, WORDS)
    start = folded.folded.index(" after ") + 1
    assert folded.origin(start, start + 5) == (len(whole) - 5, len(whole))


def test_latin_marks_are_the_only_marks_that_vanish() -> None:
    """A vowel sign of another script is part of its word."""
    assert WORDS.fold("हिन्दी") == " हिन्दी "
    assert all(
        WORDS.table[code] == ""
        for code in range(0x300, 0x370)
        if unicodedata.category(chr(code)) == "Mn"
    )
