"""Lists in JSON become entries; what does not fit is refused alone, what is no list is an error."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.connectors.json import Json
from monitor.errors import FormatError, SoftError
from monitor.models import Access, Entry, ItemType, Parsed, Request, Response
from monitor.normalise import normalise_all
from tests.connectors.feed_visit import NOW, POLL, RECORDINGS, entries, refusals

URL = "https://city.example/api/calendar"
CALENDAR: dict[str, Any] = {
    "url": URL,
    "items": "data[].Items[]",
    "key": "Id",
    "title": "Name",
    "link": "Path",
    "date": "DateTime",
    "date_is": "meeting",
    "place": "Place",
    "attachments": "Agenda",
    "facts": {"seats": "Seats"},
    "noise": {"tags": "Tags"},
}
BODY = (RECORDINGS / "json" / "calendar.json").read_bytes()


def parse(connector: Json, body: bytes = BODY, page: int = 1) -> tuple[Parsed, ...]:
    """Read an answer."""
    request = Request(URL, about=(str(page),))
    return tuple(connector.parse(Response(request, URL, 200, (), body, NOW), POLL))


def one(record: object, **options: Any) -> Entry:
    """Read an answer that holds one record."""
    (entry,) = entries(
        parse(Json(**{"url": URL, "title": "t", **options}), json.dumps([record]).encode())
    )
    return entry


def test_a_record_becomes_an_entry() -> None:
    """Lists of lists are flattened; entities, addresses and numbers are read."""
    first, second = entries(parse(Json(**CALENDAR)))
    (item, _) = normalise_all([first, second], "s", "us")
    assert (item.key, item.title) == ("a1", "City Council & Public Hearing")
    assert item.url == "https://city.example/meetings/a1"
    (hearing,) = item.hearings
    assert hearing.starts == datetime(2026, 11, 2, 22, tzinfo=UTC)
    assert (hearing.kind, hearing.place, hearing.all_day) == ("hearing", "Hall", False)
    (document,) = item.attachments
    assert (document.title, document.url) == ("a1.pdf", "https://city.example/files/a1.pdf?v=2")
    assert item.facts == (("seats", "9"),)
    assert item.noise == (("tags", "x, y"),)
    assert item.type is ItemType.MEETING


def test_midnight_stands_for_no_time_and_cancelled_in_the_title_counts() -> None:
    """As calendars write whole days."""
    second = entries(parse(Json(**CALENDAR)))[1]
    (hearing,) = second.hearings
    assert (hearing.all_day, hearing.cancelled) == (True, True)
    assert (second.url, second.attachments, second.facts) == ("", (), ())


def test_what_does_not_fit_is_refused_alone() -> None:
    """An object where a text should be, a record without words."""
    found = refusals(parse(Json(**CALENDAR)))
    assert [refusal.why for refusal in found] == ["'Id' is an object, not text", "it has no words"]


def test_what_is_no_list_is_a_failure() -> None:
    """Whatever stands there instead, it is shown; never an empty list."""
    connector = Json(**CALENDAR)
    for body in (b'{"error": "gone"}', b'{"data": null}', b"null", b"[1]", b"5"):
        with pytest.raises(FormatError, match="no list at"):
            parse(connector, body)
    for body in (b'{"message": "Not found"}', b'"x"', b"7"):
        with pytest.raises(FormatError, match="no list at '@'"):
            parse(Json(url=URL, title="t"), body)
    with pytest.raises(FormatError, match="the answer is not JSON"):
        parse(connector, b"{'a'")
    with pytest.raises(SoftError, match="a page instead of JSON: Sign in"):
        parse(connector, b"<html>Sign in</html>")
    with pytest.raises(SoftError, match="empty"):
        parse(connector, b" ")
    with pytest.raises(FormatError, match="does not fit"):
        parse(Json(url=URL, title="t", items="sort_by(@, &a)"), b'[{"a": 1}, {"a": "x"}]')


def test_an_empty_list_is_none_too_many() -> None:
    """The publisher answered, and has nothing."""
    assert parse(Json(**CALENDAR), b'{"data": []}') == ()


def test_texts_may_be_html_or_not() -> None:
    """A title of plain text may hold "<"; a field of facts is cleaned like the title."""
    assert one({"t": "A <b>b</b> &amp; c", "f": "<i>x</i>"}, facts={"f": "f"}).facts == (
        ("f", "x"),
    )
    plain = one({"t": "AT&amp;T <10"}, html=False)
    assert (plain.title, plain.html) == ("AT&amp;T <10", False)


def test_expressions_may_compose() -> None:
    """JMESPath joins and picks; true, numbers and lists are written as text."""
    entry = one(
        {"t": "x", "n": 7, "tags": ["a", None, "b"], "c": True},
        title="join(' ', [t, to_string(n)])",
        status="c",
        office="tags",
    )
    assert (entry.title, entry.status, entry.office) == ("x 7", "true", "a, b")


def test_without_an_id_the_link_is_the_identity() -> None:
    """Of which only some parameters may count."""
    entry = one({"t": "x", "l": "/m?id=3&s=99"}, link="l", keep=("id",))
    assert entry.key == "https://city.example/m?id=3"


def test_half_a_character_is_survived() -> None:
    """Broken JSON may hold a lone surrogate, which nothing can store."""
    (entry,) = entries(parse(Json(url=URL, title="t"), b'[{"t": "x \\ud800 y"}]'))
    assert entry.title == "x ? y"


def test_further_pages_are_read_as_far_as_allowed() -> None:
    """The answer names the next one."""
    connector = Json(**CALENDAR, next="next", pages=2)
    (more,) = [found for found in parse(connector) if isinstance(found, Request)]
    assert (more.url, more.about) == ("https://city.example/api/calendar?page=2", ("2",))
    assert not [found for found in parse(connector, page=2) if isinstance(found, Request)]
    assert [found.conditional for found in connector.requests(POLL)] == [False]


def test_a_question_may_be_posted() -> None:
    """GraphQL and some calendars want it; such an answer has no validators."""
    (request,) = Json(**CALENDAR, post='{"year": 2026}').requests(POLL)
    assert (request.method, request.body, request.conditional) == ("POST", b'{"year": 2026}', False)
    assert request.headers == (("content-type", "application/json"),)
    (request,) = Json(**CALENDAR).requests(POLL)
    assert (request.method, request.access, request.conditional) == ("GET", Access.API, True)


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ({"title": "a["}, "is no JMESPath expression"),
        ({"title": "nope(a)"}, "is no JMESPath expression|nope"),
        ({"facts": {"a": "b c"}}, "is no JMESPath expression"),
        ({"url": "x"}, "http or https address"),
    ],
)
def test_options_are_checked(option: dict[str, Any], complaint: str) -> None:
    """Before the first poll; an unknown function only when it is used."""
    if option == {"title": "nope(a)"}:
        (refusal,) = refusals(parse(Json(url=URL, title="nope(a)"), b'[{"a": 1}]'))
        assert "does not fit" in refusal.why
        return
    with pytest.raises(ValidationError, match=complaint):
        Json(**{**CALENDAR, **option})


# File, options, how many records, how many of them dated.
ANSWERS: tuple[tuple[str, dict[str, Any], int, int], ...] = (
    ("coloh__colum_city_council_upcoming",
     {"items": "data[].Items[]", "key": "Id", "title": "Name", "date": "DateTime",
      "date_formats": ("%d/%m/%Y %I:%M:%S %p",)}, 71, 71),
    ("fortx__fortx_Fort_Worth_Boards",
     {"items": "data[].Items[]", "key": "Id", "title": "Name", "date": "DateTime",
      "date_formats": ("%d/%m/%Y %I:%M:%S %p",)}, 18, 18),
    ("cs__il_adcrc",
     {"items": "eventFeedItemList", "key": "datalayerId", "title": "eventTitle", "date": "start",
      "link": "eventPath", "status": "canceledEvent"}, 10, 10),
    ("cs__il_criminal_justice_information",
     {"items": "data.meetings", "key": "id", "title": "title", "date": "start", "body": "summary",
      "status": "isCancelled"}, 177, 177),
    ("dallas__daltx_school_district",
     {"key": "Id", "title": "Name", "date": "MeetingDateTime", "place": "MeetingLocation"}, 80, 80),
    ("fortx__fortx_Tarrant_County_Commissioners_Court_archived_meetings",
     {"items": "data", "key": "id", "title": "description", "date": "meetingStartDateTime",
      "status": "meetingStatus"}, 9, 9),
    ("kancit__kancit_board_of_directors",
     {"key": "Master_MeetingID", "title": "MM_MeetingTitle", "date": "MM_DateTime",
      "place": "join(', ', [MM_Address1, MM_Address2])"}, 4, 4),
    ("kancit__kancit_kckpsboe", {"key": "Id", "title": "Name", "date": "MeetingDateTime"}, 12, 12),
    ("tulsa__tulok_asian_affairs",
     {"key": "Agenda_ID", "title": "join(', ', [Board_Name, File_Nme])",
      "date": "join(' ', [Meeting_Date, Meeting_Time])"}, 34, 34),
    ("tampa_onbase_meeting_2589_2025-07-31",
     {"items": "agendaItems", "title": "title", "key": "fileNumber"}, 81, 0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "options", "count", "dated"), ANSWERS, ids=lambda one: str(one)[:30]
)
def test_real_answers(
    shared: Path, name: str, options: dict[str, Any], count: int, dated: int
) -> None:
    """Of ten systems, each read with a few expressions, to the last record."""
    connector = Json(url=URL, date_is="meeting", **options)
    body = (shared / "recordings" / "agenda-other" / f"{name}.json").read_bytes()
    found = parse(connector, body)
    assert refusals(found) == []
    assert len(entries(found)) == count
    starts = [hearing.starts for entry in entries(found) for hearing in entry.hearings]
    assert sum(moment is not None for moment in starts) == dated


def test_wordpress(shared: Path) -> None:
    """Its posts, and the events of a common plug-in."""
    folder = shared / "recordings" / "web-json"
    posts = Json(
        url=URL, items="payload", key="id", title="title.rendered", link="link", date="date_gmt"
    )
    found = entries(parse(posts, (folder / "auburndale-fl-wp-posts.json").read_bytes()))
    assert (len(found), all(one.published for one in found)) == (3, True)
    events = Json(
        url=URL,
        items="events",
        key="id",
        title="title",
        link="url",
        date="utc_start_date",
        body="description",
        place="venue.venue",
        next="next_rest_url",
        date_is="meeting",
    )
    found = entries(parse(events, (folder / "auburndale-fl-tribe-events.json").read_bytes()))
    assert (len(found), all(one.hearings[0].starts for one in found)) == (3, True)


def test_a_real_error_is_no_answer(shared: Path) -> None:
    """Columbus answers with a status and no data."""
    name = "coloh__colum_franklin_boc_detail_invalid.json"
    body = (shared / "recordings" / "agenda-other" / name).read_bytes()
    with pytest.raises(FormatError, match="no list at"):
        parse(Json(**CALENDAR), body)
