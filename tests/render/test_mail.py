"""A subscriber's message: what its headers say, and how other programs read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.models import Checked, Digest, Hearing, Language, Section
from monitor.render.digest_values import Html, Image
from monitor.render.mail import (
    Letterhead,
    confirm_link,
    invitation,
    links,
    list_id,
    message,
    message_id,
    subject,
)
from tests.channels.mails import CALENDAR, HEAD, NOW, hearing, matter, subscriber, weekly

PAGE = Html(
    '<html lang="en"><p>Zażółć “quoted” — ñ</p><img src="cid:weeks" alt="3 a week"></html>',
    (Image("weeks@coalition.test", "weeks.png", b"\x89PNG made up", "3 a week"),),
)
TEXT = "Hearings\n\n" + "a long line of words " * 20 + "\n.\nñ\n"
PUBLIC = replace(HEAD, public_url="https://watch.coalition.test/a/rather/long/path/to/the/monitor")
TOKEN = subscriber().token


def written(head: Letterhead = HEAD, name: str = "Ana, Díaz", calendar: bytes = CALENDAR) -> bytes:
    """Write a message as it goes out."""
    who = subscriber(name=name)
    return bytes(message(PAGE, TEXT, calendar, who, weekly(matter()), head, NOW))


def read(raw: bytes) -> EmailMessage:
    """Read a message as another program does."""
    made = message_from_bytes(raw, policy=default)
    assert isinstance(made, EmailMessage)
    assert made.defects == []
    return made


def test_it_is_read_back_as_it_was_written() -> None:
    """Text, HTML with its picture, and a calendar, in this order and nesting."""
    mail = read(written())
    assert mail.get_content_type() == "multipart/mixed"
    shown, attached = mail.iter_parts()
    assert shown.get_content_type() == "multipart/alternative"
    text, related = shown.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert text.get_content().splitlines() == TEXT.splitlines()
    assert related.get_content_type() == "multipart/related"
    html, image = related.iter_parts()
    assert html.get_content().strip() == PAGE.html
    assert image.get_content_type() == "image/png"
    assert image["Content-ID"] == "<weeks@coalition.test>"
    assert image.get_content_disposition() == "inline"
    assert image.get_content() == PAGE.images[0].data
    assert attached.get_content_type() == "text/calendar"
    assert attached["Content-Type"].params == {"charset": "utf-8", "method": "PUBLISH"}
    assert attached.get_filename() == "weekly-2026-W47.ics"
    assert attached.get_payload(decode=True) == CALENDAR


def test_the_headers_are_exactly_these() -> None:
    """In a mail to one subscriber there is nothing of another, and nothing that reports back."""
    mail = read(written())
    found = dict(mail.items())
    for name in ("Content-Type", "MIME-Version"):
        del found[name]
    assert found == {
        "From": "Weekly digest <digest@coalition.test>",
        "To": '"Ana, Díaz" <ana@people.test>',
        "Reply-To": "staff@coalition.test",
        "Date": "Mon, 23 Nov 2026 17:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "en",
        "Message-ID": message_id(weekly(), subscriber(), HEAD),
        "Subject": "Immigration policy digest: 1 matter",
        "List-Id": "Immigration policy digest <weekly.coalition.test>",
        "List-Unsubscribe": f"<mailto:staff@coalition.test?subject=unsubscribe%20{TOKEN}>",
        "Precedence": "bulk",
    }


def test_one_click_is_offered_only_where_a_page_can_be_reached() -> None:
    """RFC 8058; the two links stand bare, however long they are (RFC 2369)."""
    assert "List-Unsubscribe-Post" not in read(written())
    raw = written(PUBLIC)
    mail = read(raw)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page, by_mail = [one.strip(" <>") for one in mail["List-Unsubscribe"].split(",")]
    assert page == f"{PUBLIC.public_url}/unsubscribe/{TOKEN}"
    assert parse_qs(urlsplit(by_mail).query) == {"subject": [f"unsubscribe {TOKEN}"]}
    assert b"=?utf-8?" not in raw.partition(b"List-Unsubscribe:")[2].partition(b"Precedence")[0]
    assert confirm_link(subscriber(), PUBLIC) == f"{PUBLIC.public_url}/confirm/{TOKEN}"


def test_it_passes_through_any_server() -> None:
    """Seven bits, lines that are short enough, and no line break but CRLF."""
    raw = message(
        PAGE, TEXT, CALENDAR, subscriber(name="Ana Díaz"), weekly(matter()), PUBLIC, NOW
    ).as_bytes()
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_a_copy_has_one_name_for_ever_which_does_not_tell_the_token() -> None:
    """Made anew after a crash, it is the same for whoever removes doubles."""
    first = message_id(weekly(), subscriber(), HEAD)
    assert first == read(written())["Message-ID"] == read(written(PUBLIC))["Message-ID"]
    other = replace(subscriber(), token="another")
    names = {
        first,
        message_id(weekly(), other, HEAD),
        message_id(replace(weekly(), name="daily"), subscriber(), HEAD),
        message_id(
            replace(weekly(), period=replace(weekly().period, id="2026-W48")), subscriber(), HEAD
        ),
    }
    assert len(names) == 4
    assert TOKEN not in first
    assert first.endswith("@coalition.test>")


@pytest.mark.parametrize(
    "name", ["Ana\r\nBcc: bea@people.test", 'Ana" <x@y.test>', "=?utf-8?q?x?=", "Ana\u2028B: c"]
)
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    """What stands in the list is one recipient's name, whatever is written there."""
    mail = read(written(name=name))
    assert [one.addr_spec for one in mail["To"].addresses] == ["ana@people.test"]
    assert mail["Bcc"] is None
    assert mail["B"] is None


def test_a_hostile_title_stays_in_its_header() -> None:
    """It comes from monitor.yaml, and once perhaps from elsewhere."""
    digest = weekly(matter(), title="Digest\r\nBcc: bea@people.test <b>")
    head = replace(HEAD, name=digest.title)
    mail = read(bytes(message(PAGE, TEXT, b"", subscriber(), digest, head, NOW)))
    assert mail["Bcc"] is None
    assert "Bcc: bea" in mail["Subject"]
    assert mail["List-Id"].count("<") == 1
    assert [one.addr_spec for one in mail["From"].addresses] == [HEAD.sender]


def test_a_list_with_a_title_beyond_ascii_is_named_by_its_label() -> None:
    """RFC 2919 gives encoded words there no meaning."""
    assert list_id(weekly(title="Boletín"), HEAD) == "<weekly.coalition.test>"


def test_without_dates_there_is_no_calendar() -> None:
    """Nor an empty attachment."""
    parts = [part.get_content_type() for part in read(written(calendar=b"")).walk()]
    assert "text/calendar" not in parts
    assert links(subscriber(), HEAD).calendar == ""
    assert links(subscriber(), HEAD, "x.ics").calendar == "x.ics"


def test_letters_beyond_ascii_before_the_at_stay_as_they_are() -> None:
    """They are for a server with SMTPUTF8; elsewhere the copy is refused."""
    who = subscriber("josé@people.test")
    made = message(PAGE, TEXT, b"", who, weekly(matter()), HEAD, NOW)
    assert "josé@people.test" in made.as_bytes(policy=SMTP.clone(utf8=True)).decode()


# -------------------------------------------------------------------------------------- subject

SOON = hearing(1.27)  # 6:30 pm on Tuesday in New York


@pytest.mark.parametrize(
    ("digest", "says"),
    [
        (weekly(matter(1, SOON)), "1 matter, 1 hearing — next Tue 6:28 pm"),
        (
            weekly(matter(1, SOON, hearing(3)), matter(2, SOON), matter(3, hearing(2, "meeting"))),
            "3 matters, 3 hearings — next Tue 6:28 pm",
        ),
        (
            weekly(matter(1, hearing(9)), matter(2, hearing(8.8, "comment_deadline"))),
            "2 matters, 1 hearing, 1 deadline — next Wed Dec 2 7:12 am",
        ),
        (weekly(matter(1, hearing(-1))), "1 matter"),
        (weekly(matter(1, replace(SOON, cancelled=True))), "1 matter"),
        (weekly(matter(1, replace(SOON, starts=None, said="soon"))), "1 matter"),
        (weekly(matter(1, replace(SOON, all_day=True))), "1 matter, 1 hearing — next Tue"),
        (weekly(matter(1, hearing(2, "effective"))), "1 matter"),
        (weekly(), "nothing new; 41 of 43 sources checked"),
        (weekly(matter(1, section=Section.WATCHING)), "nothing new; 41 of 43 sources checked"),
        (replace(weekly(), checked=Checked()), "nothing new"),
    ],
)
def test_the_subject_counts_and_names_the_first_hearing(digest: Digest, says: str) -> None:
    """One hearing of many matters counts once; what is over or called off, not at all."""
    assert subject(digest, Language.ENGLISH, NOW) == f"Immigration policy digest: {says}"


def test_the_subject_is_in_the_subscribers_language() -> None:
    """A title of one's own stays as it is in monitor.yaml; ours is translated."""
    digest = weekly(matter(1, SOON), matter(2, hearing(9, "comment_deadline")))
    says = "2 asuntos, 1 audiencia, 1 plazo — lo próximo: mar 6:28 p. m."
    ours = subject(digest, Language.SPANISH, NOW)
    assert ours == f"Boletín de política migratoria: {says}"
    assert subject(replace(digest, title="La semana"), Language.SPANISH, NOW).startswith(
        "La semana"
    )
    quiet = subject(weekly(), Language.SPANISH, NOW)
    assert quiet.endswith("sin novedades; 41 de 43 fuentes revisadas")
    far = subject(weekly(matter(1, hearing(20))), Language.SPANISH, NOW)
    assert far.endswith("dom 13 dic 12:00 p. m.")


def test_a_hearing_is_told_on_the_clock_of_its_place() -> None:
    """Late on Tuesday in Los Angeles it is Wednesday elsewhere."""
    late = Hearing("hearing", NOW + timedelta(hours=36), "America/Los_Angeles")
    assert subject(weekly(matter(1, late)), Language.ENGLISH, NOW).endswith("next Tue 9:00 pm")


# -------------------------------------------------------------------------------------- invitation


@pytest.mark.parametrize("language", list(Language))
def test_an_invitation_asks_and_says_what_happens_otherwise(language: Language) -> None:
    """Only text, with the link and the line that can be sent back."""
    who = subscriber(language=language)
    mail = read(bytes(invitation(who, PUBLIC, NOW)))
    assert mail.get_content_type() == "text/plain"
    text = mail.get_content()
    assert confirm_link(who, PUBLIC) in text.split()
    assert TOKEN in text.split()
    assert "Weekly digest" in mail["Subject"]
    assert mail["List-Unsubscribe"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    again = invitation(who, PUBLIC, NOW + timedelta(days=1))
    assert again["Message-ID"] != mail["Message-ID"]


@pytest.mark.parametrize("language", list(Language))
def test_an_invitation_names_no_page_where_there_is_none_any_more(language: Language) -> None:
    """It waited while `public_url` was taken out of monitor.yaml."""
    who = subscriber(language=language)
    text = read(bytes(invitation(who, replace(PUBLIC, public_url=""), NOW))).get_content()
    assert "/confirm/" not in text
    assert TOKEN in text.split()
