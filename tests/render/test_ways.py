"""How to comment, as people see it: the deadline first, short, with nobody's private data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.models import Alert, ChangeKind, Contact, ContactKind, Hearing, Item, ItemType
from monitor.participation import with_participation
from monitor.render.blocks import text_units
from monitor.render.slack import SlackMessage, fallback, message
from monitor.render.text import plain
from monitor.wording import headline
from tests.alerts.builders import HEARING, NOW, alert, item
from tests.render.hostile import strings
from tests.servers.slack_limits import refusal

NOTICE = (
    "Public comment: written comments must be received by 5:00 p.m. on Tuesday, "
    "November 24, 2026.\n"
    "E-mail comments to clerk@council.example.gov.\n"
    "Submit an eComment at https://council.example/ecomment.\n"
    "Join Zoom: https://us02web.zoom.us/j/81234567890\nPasscode: 424242\n"
    "Or dial in: (646) 555-0199, meeting ID 812 3456 7890.\n"
    "Public comment is also taken in person.\n"
    "For an interpreter call (646) 555-0111."
)
SHOWN = """\
  How to comment
  Comments due   Tue, Nov 24, 2026, 5:00 pm EST (tomorrow) “Public comment: written comments
                 must be received by 5:00 p.m. on Tuesday, November 24, 2026.”
  E-mail         clerk@council.example.gov
  Call           (646) 555-0199, passcode 424242, meeting ID 812 3456 7890
  Form           council.example
                 https://council.example/ecomment
  Join or watch  us02web.zoom.us, passcode 424242
                 https://us02web.zoom.us/j/81234567890
  In person      Council Chambers, City Hall
  Access help    (646) 555-0111
"""


def held(text: str = NOTICE, **fields: Any) -> Item:
    """Make an agenda item whose text says how to comment."""
    return with_participation(item(type=ItemType.AGENDA_ITEM, text=text, **fields))


def told(text: str = NOTICE, **fields: Any) -> Alert:
    """Make an alert on it."""
    return alert(item=held(text), **fields)


def arguments(made: SlackMessage) -> dict[str, Any]:
    """Return what chat.postMessage is told."""
    return {"text": made.text, "blocks": list(made.blocks), "metadata": made.metadata}


def test_a_note_says_how_to_comment() -> None:
    """By when and until then how long, where to write, whom to call with which code, which link."""
    assert SHOWN in plain(told(), NOW)


def test_the_deadline_is_said_once() -> None:
    """It is no date beside the hearing, but stands with the ways to comment."""
    assert plain(told(), NOW).count("Comments due") == 1
    assert plain(told(), NOW).count("Hearing ") == 1


def test_a_slack_message_says_the_same() -> None:
    """In one block with a heading; the form is a link that shows its host."""
    (only,) = message(told(), NOW)
    said = " ".join(text for name, text in strings(list(only.blocks)) if name == "text")
    for expected in (
        "How to comment",
        "Comments due: ",
        "Tue, Nov 24, 2026, 5:00 pm EST (tomorrow)",
        "clerk@council.example.gov",
        "passcode 424242, meeting ID 812 3456 7890",
        "Access help: ",
    ):
        assert expected in said
    assert ("url", "https://council.example/ecomment") in strings(list(only.blocks))
    assert refusal(arguments(only)) is None


def test_a_notification_names_the_first_thing_that_is_due() -> None:
    """The deadline comes before the hearing."""
    (only,) = message(told(), NOW)
    assert "Comments due: Tue, Nov 24, 2026, 5:00 pm EST (tomorrow)" in only.text
    assert (
        "<mailto:clerk@council.example.gov|clerk@council.example.gov>" in fallback(told(), NOW).text
    )
    assert "<https://council.example/ecomment>" in fallback(told(), NOW).text


def test_a_derived_deadline_makes_no_headline() -> None:
    """What happened is that a hearing was set, not that comments are due."""
    said = headline(ChangeKind.NEW, held(), now=NOW)
    assert said.startswith("On the agenda Wed, Nov 25, 10:00 am EST")


def test_words_that_fix_no_time_are_shown_as_they_stand() -> None:
    """The sentence, so that a person can decide."""
    said = plain(told("Comments may be submitted until the close of the public hearing."), NOW)
    assert "“Comments may be submitted until the close of the public hearing.”" in said


def test_a_deadline_that_is_over_says_so() -> None:
    """People should not write in vain."""
    said = plain(told("Comments must be received by noon on November 22, 2026."), NOW)
    assert "Sun, Nov 22, 2026, 12:00 pm EST (over)" in said


@pytest.mark.parametrize(
    ("hearing", "change"),
    [
        (replace(HEARING, starts=NOW - timedelta(days=1)), ChangeKind.NEW),
        (replace(HEARING, cancelled=True), ChangeKind.NEW),
        (HEARING, ChangeKind.GONE),
    ],
    ids=["over", "cancelled", "gone"],
)
def test_nobody_is_sent_where_nothing_is_held(hearing: Hearing, change: ChangeKind) -> None:
    """A meeting that is over, called off, or off the calendar takes no comments."""
    made = alert(item=held(hearings=(hearing,)), change=change)
    assert "How to comment" not in plain(made, NOW)


def test_a_publishers_own_deadline_stands_with_its_form() -> None:
    """A rule has a date of its own and a form; no sentence is needed."""
    due = Hearing(
        "comment_deadline", datetime.fromisoformat("2027-01-04T05:00Z"), "America/New_York",
        all_day=True,
    )  # fmt: skip
    form = Contact(ContactKind.FORM, "https://www.regulations.gov/commenton/X-1", field="u")
    rule = item(type=ItemType.FEDERAL_REGISTER, hearings=(due,), participation=(form,))
    said = plain(alert(item=rule), NOW)
    assert "  Comments due  Mon, Jan 4, 2027 (in 42 days)\n" in said
    assert said.count("Comments due") == 1
    assert "https://www.regulations.gov/commenton/X-1" in said


def test_a_quoted_sentence_hides_what_is_private() -> None:
    """A person's telephone number in it is masked, as in every quotation."""
    text = "Comments may be made until the vote; she resides at 12 Elm Street, 646-555-0123."
    said = " ".join(plain(told(text), NOW).split())
    assert "until the vote; she resides at [address], [phone].”" in said


def test_links_that_are_none_are_left_out() -> None:
    """A field of a publisher is as hostile as its text."""
    bad = Contact(ContactKind.FORM, "javascript:alert(1)")
    sly = Contact(ContactKind.VIDEO, "https://zoom.us/j/1|<!channel>")
    (only,) = message(alert(item=item(participation=(bad, sly))), NOW)
    addresses = [text for name, text in strings(list(only.blocks)) if name == "url"]
    assert "https://zoom.us/j/1%7C%3C!channel%3E" in addresses
    assert all(one.startswith("https://") for one in addresses)


def test_endless_statements_stay_within_slacks_limits() -> None:
    """Ten lines, each bounded."""
    many = tuple(
        Contact(kind, "x" * 3_000, said="y" * 3_000, code="z" * 3_000)
        for kind in ContactKind
        for _ in range(20)
    )
    for made in message(alert(item=item(participation=many)), NOW):
        assert refusal(arguments(made)) is None
        assert text_units(list(made.blocks)) < 10_000
