"""Text is clean, comparable and safe to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import clean_text, digest, fold, mask_private, one_line


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Council adopts resolution", "Council adopts resolution"),
        ("  two\t words \u00a0 here ", "two words here"),
        ("first\r\n\r\n  second\u2028third", "first\nsecond\nthird"),
        ("I\u200bCE \u202eretainer\u202c de\u00adtainer", "ICE retainer detainer"),
        ("caf\u0065\u0301", "caf\u00e9"),
        ("\x93sanctuary\x94 policy\x85", "\u201csanctuary\u201d policy\u2026"),
        ("bell\x07 and null\x00 and half \ud800 pair", "bell and null and half pair"),
        ("<b>not markup</b> here", "<b>not markup</b> here"),
        ("", ""),
    ],
)
def test_plain_text_keeps_its_words_and_loses_what_nobody_sees(raw: str, clean: str) -> None:
    """Controls, zero-width marks and overrides go; lines stay lines."""
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<p>One<br>two</p><p>three</p>", "One\ntwo\nthree"),
        ("A&nbsp;<b>bold</b> <i>claim</i>.", "A bold claim."),
        ("<script>steal()</script><style>p{}</style>kept<!-- not this -->", "kept"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>Bill</td><td>AB 1</td></tr></table>", "Bill AB 1"),
        ("<p>in\nthe\nsource</p>", "in the source"),
        ("<pre>line 1\nline 2</pre>", "line 1\nline 2"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("cities < towns", "cities < towns"),
        ("<p>unclosed <b>tags", "unclosed tags"),
        ("<!-- only a comment -->", ""),
        ('<a href="javascript:alert(1)">link</a>', "link"),
        ("&#8220;quoted&#8221; &#146;s", "\u201cquoted\u201d \u2019s"),
    ],
)
def test_html_becomes_the_text_that_a_browser_shows(raw: str, clean: str) -> None:
    """Blocks make lines, scripts and comments leave nothing, entities are decoded once."""
    assert clean_text(raw, html=True) == clean


def test_what_was_escaped_twice_is_decoded_but_never_into_markup() -> None:
    """`&amp;amp;` becomes &, while an escaped tag stays text."""
    assert clean_text("Food &amp; Water Watch") == "Food & Water Watch"
    assert clean_text("Parks &amp;amp; Trees", html=True) == "Parks & Trees"
    assert clean_text("&amp;lt;script&amp;gt;", html=True) == "&lt;script&gt;"
    assert clean_text("AT&T and Q&A; R&D") == "AT&T and Q&A; R&D"


@given(st.text())
def test_cleaning_twice_changes_nothing_unless_it_was_escaped_again(raw: str) -> None:
    """Clean text is clean, and holds no control but the line feed."""
    clean = clean_text(raw)
    if "&" not in raw:
        assert clean_text(clean) == clean
    assert not any(character < " " and character != "\n" for character in clean)
    clean.encode("utf-8")


@given(st.text())
def test_any_string_is_readable_as_html(raw: str) -> None:
    """No input breaks the reader."""
    clean_text(raw, html=True).encode("utf-8")


def test_deep_markup_is_read_to_its_end() -> None:
    """Five thousand nested elements do not stop the text behind them."""
    raw = "<div>" * 5_000 + "deep" + "</div>" * 5_000 + "<p>after</p>"
    assert clean_text(raw, html=True).split() == ["deep", "after"]


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("short", 10, "short"),
        ("a resolution\non  detainers", None, "a resolution on detainers"),
        ("a resolution on immigration detainers", 25, "a resolution on\u2026"),
        ("a resolution, on detainers", 14, "a resolution\u2026"),
        ("Rechtsschutzversicherungsgesellschaften", 10, "Rechtssch\u2026"),
        ("exactly ten", 11, "exactly ten"),
    ],
)
def test_one_line_ends_at_a_word(text: str, limit: int | None, line: str) -> None:
    """A cut line says so with an ellipsis and stays within its limit."""
    assert one_line(text, limit) == line
    assert limit is None or len(one_line(text, limit)) <= limit


def test_folded_texts_are_equal_where_people_see_no_difference() -> None:
    """Case, quotes, dashes, ligatures and spaces do not count."""
    assert fold("Sheriff\u2019s  \u201cOffice\u201d \u2014 NORTH") == fold(
        'sheriff\'s "office" - north'
    )
    assert fold("e\ufb00ective") == fold("effective")
    assert fold("Resolution 12") != fold("Resolution 13")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("petitioner (A123456789) asks", "petitioner ([A-number]) asks"),
        ("A# 012-345-678 and A 012 345 678.", "[A-number] and [A-number]."),
        ("Alien Number: 012345678", "[A-number]"),
        ("call (212) 555-0199 or 212.555.0199", "call [phone] or [phone]"),
        ("who resides at 12 Main Street, Apt 4B, since", "who resides at [address], since"),
        ("at 350 Fifth Avenue, Apt. 12", "at [address]"),
    ],
)
def test_what_exposes_a_person_is_masked(text: str, masked: str) -> None:
    """A-numbers, telephone numbers and homes do not reach a channel."""
    assert mask_private(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Ordinance rezoning 120 Main Street to R-2",
        "Assembly Bill A1234 and AB 1234567",
        "Docket 1:25-cv-02757, Document 123456789",
        "$212,555,0199 appropriated; 2025-0000123 filed",
        "City Hall, 1400 John F. Kennedy Boulevard",
        "no numbers at all",
    ],
)
def test_official_words_are_not_masked(text: str) -> None:
    """Zoning addresses, bills, dockets and sums stay readable."""
    assert mask_private(text) == text


def test_a_digest_counts_the_borders_of_its_parts() -> None:
    """("ab", "c") and ("a", "bc") differ; half a surrogate pair is no error."""
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab", "c") == digest("ab", "c")
    assert len(digest("\ud800")) == 32


@pytest.mark.parametrize(
    "raw", ["<p>x&#1;y</p>", "<p>x\x0by</p>", "<p>\x1cz</p><br>\x0c", "<td>&#x1f;</td>"]
)
def test_control_characters_within_markup_are_dropped(raw: str) -> None:
    """As a character or as its number; neither ends the reading."""
    assert not any(ord(c) < 32 and c != "\n" for c in clean_text(raw, html=True))
    assert clean_text("<p>x&#1;y</p>", html=True) == "xy"
