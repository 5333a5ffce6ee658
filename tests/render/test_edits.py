"""How an amended text is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.render.edits import SHOWN, Edit, edits

WORDS = st.text("ab cdef   ", max_size=80)


def text_of(old: str, new: str) -> str:
    """Write the runs as wdiff does."""
    form = {Edit.SAME: "{}", Edit.OLD: "[-{}-]", Edit.NEW: "{{+{}+}}"}
    return " ".join(form[run.edit].format(run.text) for run in edits(old, new))


def test_a_word_that_was_replaced_stands_between_the_words_around_it() -> None:
    """Six words on each side."""
    old = "one two three four five six seven shall eight nine ten eleven twelve thirteen fourteen"
    new = old.replace("shall", "may")
    assert text_of(old, new) == (
        "… two three four five six seven [-shall-] {+may+} eight nine ten eleven twelve thirteen …"
    )


def test_what_was_only_added_or_only_removed_says_so() -> None:
    """No empty run appears."""
    assert text_of("a b c", "a b new c") == "a b {+new+} c"
    assert text_of("a b old c", "a b c") == "a b [-old-] c"
    assert text_of("", "all new") == "{+all new+}"


def test_texts_that_have_nothing_in_common_are_shown_one_after_the_other() -> None:
    """A patchwork of single words would tell nothing."""
    assert text_of("the old words stood here", "quite other things are now said") == (
        "[-the old words stood here-] {+quite other things are now said+}"
    )


@given(WORDS, WORDS)
def test_the_new_text_can_be_read_in_what_is_shown(old: str, new: str) -> None:
    """Where nothing is left out, kept and new words make the new text, kept and old the old."""
    runs = edits(old, new)
    if any("…" in run.text for run in runs):
        return
    read = [word for run in runs if run.edit is not Edit.OLD for word in run.text.split()]
    assert read == new.split()
    read = [word for run in runs if run.edit is not Edit.NEW for word in run.text.split()]
    assert read == old.split()


@given(st.text(max_size=2_000), st.text(max_size=2_000))
def test_what_is_shown_is_bounded(old: str, new: str) -> None:
    """Any two texts: about 600 characters, a few dozen runs."""
    runs = edits(old, new)
    assert len(runs) <= 42
    assert sum(len(run.text) for run in runs) <= SHOWN + 40


def test_of_two_long_bills_the_first_differences_are_shown() -> None:
    """Half a million characters that differ at both ends and in the middle."""
    old = " ".join(f"word{n % 997}" for n in range(70_000))
    said = text_of(old, "begin " + old.replace("word500", "other") + " end")
    assert said.startswith("{+begin+} word0 word1")
    assert len(said) < 2 * SHOWN
