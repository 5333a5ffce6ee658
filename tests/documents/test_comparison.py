"""What a new version of a text says that the old one did not."""

from __future__ import annotations

from monitor.documents import Added, added_lines, difference

OLD = (
    "CITY COUNCIL\nPage 1 of 2\n1. Call to order\n2. Roll call\n3. Resolution on parks",
    "Page 2 of 2\n4. Adjournment",
)


def test_an_item_put_in_late_is_found_with_its_page() -> None:
    """All other items got new numbers, and the pages too."""
    new = (
        "CITY COUNCIL\nPage 1 of 3\n1. Call to order\n2. Roll call",
        """Page 2 of 3
3. Resolution ending the 287(g) agreement
with the Sheriff
4. Resolution on parks""",
        "Page 3 of 3\n5. ADJOURNMENT",
    )
    assert added_lines(OLD, new) == (
        Added(2, "3. Resolution ending the 287(g) agreement\nwith the Sheriff"),
    )


def test_what_is_only_moved_or_set_otherwise_is_not_new() -> None:
    """Order, capitals, quotes, blanks and bullets do not count."""
    new = ("3.  RESOLUTION ON PARKS\n(b) Roll  call\nCall to order", "City Council\nAdjournment")
    assert added_lines(OLD, new) == ()


def test_a_line_that_stands_once_more_is_not_new() -> None:
    """Heads stand on each page, and a vote on each item: where they stand says nothing."""
    assert (
        added_lines(("Vote on the consent calendar",), ("Vote on the consent calendar\n" * 2,))
        == ()
    )


def test_nothing_is_new_in_a_shorter_agenda() -> None:
    """What went is the affair of `difference`."""
    assert added_lines(OLD, (OLD[0],)) == ()


def test_a_difference_shows_what_went_and_what_came() -> None:
    """By sentences, in order; what is equal is left out."""
    old = "We are a sanctuary city. Call 555. Offices are open."
    new = "We work with ICE. Call 555. Offices are open. Closed on Friday."
    assert difference(old, new) == (
        "- We are a sanctuary city.\n+ We work with ICE.\n+ Closed on Friday."
    )


def test_equal_texts_have_no_difference() -> None:
    """White space is no change."""
    assert difference("A b.\nC", "A  b. C") == ""


def test_very_long_texts_are_compared_too() -> None:
    """Without regard to order, so that the time stays in bounds."""
    old = "\n".join(f"Line {n}" for n in range(30_000))
    new = old.replace("Line 15000", "Line of ICE")
    assert difference(old, new) == "- Line 15000\n+ Line of ICE"
