"""Where statements are read: which fields and pages, what belongs together, what contradicts."""

from __future__ import annotations

import pickle
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.models import Contact, ContactKind, Entry, Hearing, ItemType
from monitor.normalise import differences, fingerprint, material, normalise
from monitor.participation import participation, shared, with_participation
from monitor.participation.days import business_day_before, day_near
from monitor.participation.sentences import LONGEST, sentences
from monitor.store.coding import item_of, item_values
from tests.participation import corpus
from tests.participation.test_participation import MEETING, meeting, stated, written

BY_FIVE = "Written comments must be received by 5:00 p.m. on Monday, November 30, 2026."
BY_NOON = "Written comments must be received by noon on Monday, November 30, 2026."
E_MAIL = "Written comments may be e-mailed to clerk@example.gov."
FIVE = datetime(2026, 11, 30, 22, tzinfo=UTC)
DEADLINE = Hearing("comment_deadline", FIVE, "America/New_York")


# ------------------------------------------------------------------------------------ the source


def test_each_statement_has_its_sentence_and_the_page_it_stands_on() -> None:
    """Title, text, and a document's name with its page."""
    fields = (("Agenda p. 1", "Call to order"), ("Agenda p. 2", f"1. Roll call\n{E_MAIL} Thanks."))
    found = participation(meeting(BY_FIVE), fields)
    assert [(one.kind.value, one.said, one.field) for one in found] == [
        ("comment_deadline", BY_FIVE, "text"),
        ("email", E_MAIL, "Agenda p. 2"),
    ]


@pytest.mark.parametrize("name", ["Minutes p. 1", "Draft minutes", "Transcript p. 2", "Actas"])
def test_minutes_tell_of_another_day(name: str) -> None:
    """What was asked for at the last meeting is over."""
    assert participation(meeting(), ((name, E_MAIL),)) == ()


def test_of_a_packet_only_the_first_pages_are_read() -> None:
    """Behind them stand letters of residents; a short agenda is read to its end."""
    packet = [(f"Packet p. {number}", E_MAIL if number == 9 else "x") for number in range(1, 40)]
    assert participation(meeting(), packet) == ()
    assert participation(meeting(), packet[:15]) != ()


@pytest.mark.parametrize("sort", [ItemType.NEWS, ItemType.DOCKET_ENTRY, ItemType.OPINION])
def test_news_and_dockets_are_not_read(sort: ItemType) -> None:
    """Nobody comments on a docket entry."""
    assert participation(meeting(E_MAIL, type=sort)) == ()


def test_what_a_publisher_gives_as_a_field_comes_first() -> None:
    """And is not said twice where its sentences say it, too."""
    given = Contact(ContactKind.FORM, "https://www.example.gov/comment", field="comment_url")
    text = "Submit comments online at http://example.gov/comment/ or at forms.gle/AbCdEf."
    found = participation(meeting(text, participation=(given,)))
    assert [one.value for one in found] == [given.value, "https://forms.gle/AbCdEf"]


# ------------------------------------------------------------------------------------- deadlines


def test_deadlines_that_contradict_each_other_are_listed_without_a_time() -> None:
    """Both sentences are shown; nobody is told that one of them holds."""
    found = participation(meeting(f"{BY_FIVE}\n{BY_NOON}"))
    assert [(one.due, one.said) for one in found] == [(None, BY_FIVE), (None, BY_NOON)]


def test_a_day_and_an_hour_of_that_day_agree() -> None:
    """The hour says more."""
    text = f"Comments are due by November 30, 2026.\n{BY_FIVE}"
    assert stated(text) == ("comment by 2026-11-30 17:00",)


def test_two_ways_to_say_one_time_are_one_deadline() -> None:
    """Twenty-five hours before six o'clock on Tuesday is five o'clock on Monday."""
    text = f"{BY_FIVE}\nWritten comments must be submitted 25 hours before the meeting."
    assert stated(text) == ("comment by 2026-11-30 17:00",)


@pytest.mark.parametrize(
    "hearings",
    [
        (),
        (replace(MEETING, starts=None, said="soon"),),
        (replace(MEETING, all_day=True),),
        (replace(MEETING, cancelled=True),),
        (MEETING, replace(MEETING, starts=datetime(2026, 12, 8, 23, tzinfo=UTC))),
        (DEADLINE,),
    ],
    ids=["none", "unknown", "only the day", "cancelled", "two", "no meeting"],
)
def test_what_counts_from_a_meeting_needs_its_hour(hearings: tuple[Hearing, ...]) -> None:
    """Without one meeting with a known hour the words stay words."""
    text = "Written comments must be submitted at least 24 hours before the meeting."
    [found] = participation(meeting(text, hearings=hearings))
    assert (found.due, found.value) == (None, "at least 24 hours before the meeting")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("America/Los_Angeles", "2026-12-01 01:00"), ("America/Chicago", "2026-11-30 23:00")],
)
def test_a_clock_is_that_of_the_place(zone: str, expected: str) -> None:
    """Five o'clock in Los Angeles is one o'clock in UTC."""
    [found] = participation(meeting(BY_FIVE, hearings=(replace(MEETING, timezone=zone),)))
    assert f"{found.due:%Y-%m-%d %H:%M}" == expected
    assert found.timezone == zone


def test_a_deadline_far_from_the_meeting_is_another_matters() -> None:
    """A packet quotes what was due years ago."""
    assert stated("Comments on the plan must be received by May 1, 2019.") == ()


def test_a_deadline_of_the_new_year_belongs_to_a_meeting_of_december() -> None:
    """The weekday tells the year."""
    held = replace(MEETING, starts=datetime(2027, 1, 5, 23, tzinfo=UTC))
    text = "Comments must be received by noon on Wednesday, December 30."
    [found] = participation(meeting(text, hearings=(held,)))
    assert found.due == datetime(2026, 12, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        (
            "The deadline for written comments on all items before the Town of Example\n"
            "Board of Trustees is 5:00 p.m. on Monday, November 30, 2026."
        ),
        "Written comments must be received by 5:00 p.m.\nMonday, November 30, 2026.",
    ],
)
def test_a_line_that_fills_the_page_goes_on_in_the_next(text: str) -> None:
    """Also where that begins with a capital, and where the first one ends in "p.m."."""
    assert stated(text) == ("comment by 2026-11-30 17:00",)


@pytest.mark.parametrize(
    "held", ["2026-11-27", "2026-11-30", "2026-12-28", "2027-01-04", "2026-05-26", "2026-07-06"]
)
def test_no_working_day_is_counted_near_a_holiday(held: str) -> None:
    """Thanksgiving, Christmas, New Year, Memorial Day, a Fourth of July on Saturday."""
    assert business_day_before(datetime.fromisoformat(held).date()) is None


def test_the_working_day_before_monday_is_friday() -> None:
    """Where no holiday stands near."""
    monday = datetime(2026, 10, 5, tzinfo=UTC).date()
    assert business_day_before(monday) == monday - timedelta(days=3)


def test_a_day_that_does_not_exist_is_no_deadline() -> None:
    """February has no thirtieth."""
    assert day_near("2026", 2, 30, "", None) is None


# ------------------------------------------------------------------------- calls and their codes


def test_two_meetings_do_not_share_their_codes() -> None:
    """Each link keeps the passcode that stands below it."""
    text = (
        "Join Zoom: https://zoom.us/j/81234567890\nPasscode: 111111\n"
        "Join Zoom: https://zoom.us/j/89876543210\nPasscode: 222222"
    )
    assert stated(text) == (
        "video https://zoom.us/j/81234567890 [passcode 111111]",
        "video https://zoom.us/j/89876543210 [passcode 222222]",
    )


def test_a_call_gets_the_code_that_follows_it() -> None:
    """Two numbers, each with its own code."""
    text = (
        "To listen, dial in:\nCall: (877) 555-0100 Access Code: 111111\nTo address the board\n"
        "Call: (877) 555-0101\nParticipant code: 222222"
    )
    assert stated(text) == (
        "phone (877) 555-0100 [access code 111111]",
        "phone (877) 555-0101 [access code 222222]",
    )


def test_a_code_far_below_belongs_to_something_else() -> None:
    """A page lists more than one call."""
    between = "\n".join(["Roll call."] * 9)
    text = (
        f"Join Zoom: https://zoom.us/j/81234567890\n{between}\n"
        "To listen, dial (646) 555-0199, access code 111111."
    )
    assert stated(text) == (
        "phone (646) 555-0199 [access code 111111]",
        "video https://zoom.us/j/81234567890",
    )


def test_a_link_that_the_pages_edge_cuts_is_put_together() -> None:
    """A PDF's lines end where the paper ends."""
    text = (
        "Members of the public may join by Zoom at https://us02web.zoom.us/j/81234567890?\npwd=abc1"
    )
    assert stated(text) == ("video https://us02web.zoom.us/j/81234567890?pwd=abc1",)


def test_a_wrapped_sentence_is_one_sentence() -> None:
    """And its deadline stands in two lines."""
    text = (
        "PUBLIC COMMENT\nMembers of the public may comment on any item. Written comments must be\n"
        "received by the City Clerk no later than 5:00 p.m. on\nMonday, November 30, 2026."
    )
    assert stated(text) == ("comment by 2026-11-30 17:00",)


# ---------------------------------------------------------------------- dates, and what is news


def test_a_sure_deadline_becomes_a_date_of_the_item() -> None:
    """For reminders and calendars; said to be derived."""
    item = with_participation(meeting(BY_FIVE))
    assert item.hearings == (
        MEETING,
        replace(DEADLINE, said="by 5:00 p.m. on Monday, November 30, 2026", derived=True),
    )


@pytest.mark.parametrize(
    ("text", "hearings"),
    [
        (f"{BY_FIVE}\n{BY_NOON}", (MEETING,)),
        (BY_FIVE, (MEETING, replace(DEADLINE, starts=FIVE - timedelta(days=1)))),
        (BY_FIVE, (replace(MEETING, cancelled=True),)),
        ("Sign up to speak by noon on Monday, November 30, 2026.", (MEETING,)),
    ],
    ids=["contradictory", "the publisher gave one", "cancelled", "only to speak"],
)
def test_no_other_deadline_becomes_a_date(text: str, hearings: tuple[Hearing, ...]) -> None:
    """The item keeps the dates that its publisher gave."""
    assert with_participation(meeting(text, hearings=hearings)).hearings == hearings


def test_what_was_read_is_no_news() -> None:
    """A document that becomes readable, or a better reader, changes nothing that is compared."""
    item = meeting()
    told = with_participation(item, (("Agenda", f"{BY_FIVE} {E_MAIL}"),))
    assert told.participation
    assert len(told.hearings) == 2
    assert differences(material(item), material(told)) == ()
    assert fingerprint(material(item)) == fingerprint(material(told))


def test_a_changed_deadline_that_the_publisher_gives_is_news() -> None:
    """It is one of the item's dates."""
    before = meeting(hearings=(DEADLINE,))
    after = meeting(hearings=(replace(DEADLINE, starts=FIVE + timedelta(days=7)),))
    assert [one.name for one in differences(material(before), material(after))] == ["hearings"]


def test_reading_again_doubles_nothing() -> None:
    """Also where a document can no longer be had."""
    fields = (("Agenda", f"{BY_FIVE} {E_MAIL}"),)
    once = with_participation(meeting(), fields)
    assert with_participation(once, fields) == once
    assert with_participation(once) == meeting()


def test_statements_are_stored_and_travel() -> None:
    """Through the database's columns, and to another process."""
    item = with_participation(meeting(f"{BY_FIVE} {E_MAIL}"))
    assert item_of(item_values(item)) == item
    assert pickle.loads(pickle.dumps(item)) == item  # noqa: S301 - our own


# -------------------------------------------------------------------------- an agenda's items


def test_an_agenda_item_says_what_its_meeting_says() -> None:
    """The notice stands on the agenda; the item is what people are told of."""
    held = with_participation(meeting(BY_FIVE, office="City Council"))
    own = with_participation(meeting(E_MAIL, type=ItemType.AGENDA_ITEM, office="City Council"))
    _, item = shared([held, own])
    assert [written(one) for one in item.participation] == [
        "comment by 2026-11-30 17:00",
        "email clerk@example.gov",
    ]
    assert [one.derived for one in item.hearings] == [False, True]


def test_another_bodys_meeting_says_nothing_about_an_item() -> None:
    """Nor a meeting at another hour, nor two that cannot be told apart."""
    item = meeting(type=ItemType.AGENDA_ITEM, office="City Council")
    later = (replace(MEETING, starts=FIVE),)
    board = with_participation(meeting(BY_FIVE, office="School Board"))
    past = with_participation(meeting(BY_FIVE, office="City Council", hearings=later))
    twins = [
        with_participation(meeting(text, office="City Council")) for text in (BY_FIVE, BY_NOON)
    ]
    for others in ([board], [past], twins):
        assert shared([*others, item])[-1] == item


# --------------------------------------------------------------------------------- any text


_PIECES = st.sampled_from(
    [
        *(text for text, _ in (*corpus.DEADLINES, *corpus.WAYS, *corpus.TRAPS)),
        "\n", " ", "comments by ", "99/99/9999", "31:61 pm", "by 0 hours before the meeting",
        "Meeting ID: ", "000 000 0000", "@", "https://", "January 99", "a" * 200, "999 days before",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=6).map("".join)))
def test_no_text_whatever_stops_the_reader(text: str) -> None:
    """And what it finds stands in the text that it was given."""
    for one in participation(meeting(text), (("Agenda p. 1", text),)):
        assert one.said
        assert one.kind in ContactKind
        assert one.due is None or one.due.tzinfo is not None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_cutting_into_sentences_loses_no_word(text: str) -> None:
    """Only white space and bullets go."""
    cut = "".join("".join(sentences(text)).split())
    plain = "".join(text.split())
    bullets = dict.fromkeys(map(ord, "\u2022\u25aa\u25cf\u25e6"))
    assert cut.translate(bullets) == plain.translate(bullets)


@pytest.mark.parametrize(
    "piece",
    ["comment by ", "Comments are due by 5 p.m. on Monday. ", "comment\n", "a@", "please submit ",
     "call 212 555 ", "deadline ", "a.", "\u2022 comment ", "https://zoom.us/j/8", "comment"],
)  # fmt: skip
def test_ten_megabytes_cost_what_is_read_of_them(piece: str) -> None:
    """Reading is bounded, and linear below the bound."""
    text = piece * (10_000_000 // len(piece))
    begun = time.process_time()
    participation(meeting(text))
    assert time.process_time() - begun < 10


def test_no_sentence_is_longer_than_its_bound() -> None:
    """Tables and minified pages have no full stops."""
    assert max(map(len, sentences("comment " * 5_000))) <= LONGEST


# ----------------------------------------------------------------------------- links behind words


def linked_to(body: str, **fields: Any) -> list[tuple[str, str, str]]:
    """Read a meeting's HTML through normalisation, and say what it leads to."""
    entry = Entry(ItemType.MEETING, "1", "City Council", body, html=True, **fields)
    item = with_participation(normalise(entry, "town", meeting().jurisdiction))
    return [(one.kind.value, one.value, one.field) for one in item.participation]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<p>Watch the meeting live: <a href='https://www.example.gov/tv'>click here</a></p>",
            [("video", "https://www.example.gov/tv", "link")],
        ),
        (
            '<a class="b" href="https://us02web.zoom.us/j/81234567890?pwd=a&amp;x=1">Join</a>',
            [("video", "https://us02web.zoom.us/j/81234567890?pwd=a&x=1", "link")],
        ),
        (
            "<ul><li><a href='https://example.gov/comment'>Submit public comment</a></li></ul>",
            [("form", "https://example.gov/comment", "link")],
        ),
        (
            "<p>E-mail comments to <a href='mailto:clerk@example.gov?subject=x'>the clerk</a>.</p>",
            [("email", "clerk@example.gov", "link")],
        ),
        (
            "<p>Comments may be made in person.</p><a href='https://example.gov/'>Home</a>",
            [("in_person", "", "text")],
        ),
        ("<p><a href='https://example.gov/agenda.pdf'>Agenda</a> and comments</p>", []),
        ("<p><a href='javascript:x'>Submit public comment</a></p>", []),
        ("<a " * 50_000 + "href=https://x", []),
    ],
)  # fmt: skip
def test_a_link_behind_words_is_read_with_its_words(
    body: str, expected: list[tuple[str, str, str]]
) -> None:
    """Clean text has no addresses; the item's text and fingerprint stay as they are."""
    assert linked_to(body) == expected


def test_a_link_that_also_stands_in_the_text_is_said_once() -> None:
    """And reading again keeps it."""
    page = "https://example.gov/comment"
    body = f"<p>Submit comments online at <a href='{page}'>{page}</a>.</p>"
    assert linked_to(body) == [("form", page, "link")]
