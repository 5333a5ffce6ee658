"""Calendars become meetings at the right hour; each meeting of a series is one of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.connectors._recurrence import Rule, rule_of
from monitor.connectors.ical import Ical
from monitor.errors import FormatError, SoftError
from monitor.models import Access, Entry, ItemType, Parsed, Poll, Reach, Request, Response
from tests.connectors.feed_visit import NOW, POLL, RECORDINGS, entries, refusals
from tests.connectors.meeting_visit import counted

URL = "https://city.example/calendar.ics"
CALENDAR = Ical(url=URL)
BODY = (RECORDINGS / "ical" / "council.ics").read_bytes()


def parse(
    body: bytes | str = BODY, connector: Ical = CALENDAR, poll: Poll = POLL
) -> tuple[Parsed, ...]:
    """Read a calendar."""
    raw = body.encode() if isinstance(body, str) else body
    return tuple(connector.parse(Response(Request(URL), URL, 200, (), raw, NOW), poll))


def event(*lines: str, calendar: str = "") -> str:
    """Write a calendar of one event."""
    inner = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{calendar}{inner}\r\nEND:VCALENDAR\r\n"


def by_key(parsed: tuple[Parsed, ...]) -> dict[str, Entry]:
    """Arrange entries by their keys."""
    return {one.key: one for one in entries(parsed)}


def days(parsed: tuple[Parsed, ...]) -> list[str]:
    """List the days of all meetings, by their keys."""
    return [one.key.partition("/")[2] for one in entries(parsed)]


def test_a_meeting() -> None:
    """Outlook's zones, commas, lists, documents; the count of edits is no news."""
    council = by_key(parse())["council-1"]
    assert (council.title, council.type) == ("Council, regular meeting", ItemType.MEETING)
    (hearing,) = council.hearings
    assert hearing.starts == datetime(2026, 11, 9, 23, tzinfo=UTC)
    assert (hearing.place, hearing.kind, hearing.cancelled) == ("Hall Room 2", "meeting", False)
    assert council.body == "Item 1: the 287(g) agreement"
    assert council.url == "https://city.example/council-1"
    assert council.labels == ("Council", "Public")
    (agenda,) = council.attachments
    assert (agenda.url, agenda.media_type) == (
        "https://city.example/agenda%201.pdf",
        "application/pdf",
    )
    assert council.noise == (("sequence", "4"),)
    assert council.status == "CONFIRMED"


def test_a_time_without_a_zone_is_the_calendars() -> None:
    """X-WR-TIMEZONE says which; else it is the source's."""
    floating = by_key(parse())["hearing-2"].hearings[0]
    assert floating.starts == datetime(2026, 11, 13, 1, tzinfo=UTC)
    (entry,) = entries(parse(event("UID:1", "DTSTART:20261112T190000", "SUMMARY:X")))
    assert entry.hearings[0].starts == datetime(2026, 11, 13, 0, tzinfo=UTC)
    nowhere = event("UID:1", "DTSTART:20261112T190000", calendar="X-WR-TIMEZONE:../etc\r\n")
    (entry,) = entries(parse(nowhere))
    assert entry.hearings[0].starts == datetime(2026, 11, 13, 0, tzinfo=UTC)


def test_cancelled_meetings_are_seen() -> None:
    """By status, by the calendar's method, by the title; a hearing is called one."""
    hearing = by_key(parse())["hearing-2"].hearings[0]
    assert (hearing.kind, hearing.cancelled) == ("hearing", True)
    lines = ("UID:1", "DTSTART:20261112T190000Z", "SUMMARY:Council")
    (entry,) = entries(parse(event(*lines, calendar="METHOD:CANCEL\r\n")))
    assert entry.hearings[0].cancelled
    (entry,) = entries(parse(event(*lines[:2], "SUMMARY:CANCELLED - Council")))
    assert entry.hearings[0].cancelled


def test_a_whole_day_stays_on_its_day() -> None:
    """Midnight is local."""
    closed = by_key(parse())["day-3"].hearings[0]
    assert (closed.starts, closed.all_day) == (datetime(2026, 11, 26, 6, tzinfo=UTC), True)


def test_each_meeting_of_a_series_is_an_entry() -> None:
    """Struck ones are missing, a moved one stands where it was moved to, at the hour on the wall.

    The zone is the calendar's own, and ends summer time between October and November.
    """
    assert len(entries(parse())) == len(by_key(parse()))
    series = {key: one for key, one in by_key(parse()).items() if key.startswith("series-4")}
    assert sorted(series) == ["series-4/2026-10-06", "series-4/2026-11-03"]
    october, november = (series[key].hearings[0].starts for key in sorted(series))
    assert october == datetime(2026, 10, 6, 22, 30, tzinfo=UTC)
    assert november == datetime(2026, 11, 5, 23, 30, tzinfo=UTC)
    later = by_key(parse(connector=Ical(url=URL, days_ahead=100)))
    assert "series-4/2027-01-05" in later
    assert "series-4/2026-12-01" not in later


def test_what_is_long_past_is_left_out() -> None:
    """As far back as is wished."""
    assert "old-5" not in by_key(parse())
    week = Ical(url=URL, days_back=0)
    assert "series-4/2026-10-06" not in by_key(parse(connector=week))


def test_an_event_without_a_date_is_refused_alone() -> None:
    """It is counted; the others stand."""
    (refusal,) = refusals(parse())
    assert refusal.what == "event bad-6 No date"
    (refusal,) = refusals(parse(event("UID:1", "DTSTART:50251112T190000Z", "SUMMARY:X")))
    assert "cannot be meant" in refusal.why


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("FREQ=DAILY;COUNT=3", ["2026-11-02", "2026-11-03", "2026-11-04"]),
        ("FREQ=DAILY;INTERVAL=30", ["2026-11-02", "2026-12-02", "2027-01-01"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4",
         ["2026-11-02", "2026-11-05", "2026-11-16", "2026-11-19"]),
        ("FREQ=WEEKLY;UNTIL=20261116T235959Z", ["2026-11-02", "2026-11-09", "2026-11-16"]),
        ("FREQ=WEEKLY;UNTIL=20261109", ["2026-11-02", "2026-11-09"]),
        ("FREQ=MONTHLY;BYDAY=-1MO", ["2026-11-30", "2026-12-28"]),
        ("FREQ=MONTHLY;BYDAY=MO,WE;BYSETPOS=2", ["2026-11-04", "2026-12-07", "2027-01-06"]),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1",
         ["2026-11-15", "2026-11-30", "2026-12-15", "2026-12-31"]),
        ("FREQ=MONTHLY", ["2026-11-02", "2026-12-02", "2027-01-02"]),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=2TU", ["2026-12-08"]),
        ("FREQ=YEARLY", ["2026-11-02"]),
        ("FREQ=YEARLY;BYDAY=1MO", ["2027-01-04"]),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", []),
    ],
)  # fmt: skip
def test_rules_of_recurrence(rule: str, wanted: list[str]) -> None:
    """As RFC 5545 has them; the last one never falls on a day, and is found out quickly."""
    body = event("UID:1", "DTSTART:20261102T230000Z", f"RRULE:{rule}", "SUMMARY:X")
    assert days(parse(body, Ical(url=URL, days_ahead=65))) == wanted


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=HOURLY;COUNT=5", "FREQ=YEARLY;BYWEEKNO=2", "FREQ=DAILY;INTERVAL=0"],
)
def test_a_rule_that_is_not_understood_keeps_the_first_meeting(rule: str) -> None:
    """And says so; no rule can make the reading endless."""
    found = parse(event("UID:1", "DTSTART:20261102T230000Z", f"RRULE:{rule}", "SUMMARY:X"))
    assert days(found) in (["2026-11-02"], [""])
    assert len(refusals(found)) == 1 or rule.endswith("INTERVAL=0")


def test_a_series_is_bounded() -> None:
    """A daily event brings no more than sixty entries a poll."""
    body = event("UID:1", "DTSTART:19960101T230000Z", "RRULE:FREQ=DAILY", "SUMMARY:X")
    assert len(entries(parse(body, Ical(url=URL, days_ahead=400)))) == 60


def test_days_may_be_added() -> None:
    """RDATE."""
    body = event(
        "UID:1", "DTSTART:20261102T230000Z", "RRULE:FREQ=MONTHLY;COUNT=1",
        "RDATE:20261105T230000Z", "SUMMARY:X",
    )  # fmt: skip
    assert days(parse(body)) == ["2026-11-02", "2026-11-05"]


def test_an_event_without_an_id_has_one_of_its_words_and_time() -> None:
    """Two of one name on two days are two."""
    one, two = (
        entries(parse(event(f"DTSTART:202611{day}T190000Z", "SUMMARY:X")))[0].key
        for day in ("12", "13")
    )
    assert one != two
    assert one.startswith("event:")


def test_what_is_no_calendar_is_an_error() -> None:
    """An empty calendar is none too many."""
    for body in (b"", b" \n"):
        with pytest.raises(SoftError):
            parse(body)
    with pytest.raises(SoftError, match="a page instead"):
        parse(b"<html>Sign in</html>")
    for body in (b"hello", b"BEGIN:VCALENDAR\r\n", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"):
        with pytest.raises(FormatError):
            parse(body)
    assert parse(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n") == ()


def test_two_calendars_in_one_file_are_both_read() -> None:
    """Some exports write one after another."""
    one = event("UID:1", "DTSTART:20261112T190000Z", "SUMMARY:X")
    assert len(entries(parse(one + one.replace("UID:1", "UID:2")))) == 2


def test_addresses() -> None:
    """Webcal is https; each poll counts, as a series brings new meetings by itself."""
    (request,) = Ical(url="webcal://city.example/a.ics").requests(POLL)
    assert request.url == "https://city.example/a.ics"
    assert (request.access, request.conditional) == (Access.FEED, False)
    assert Ical.recognise("https://x.example/a.ICS?x=1", "") is not None
    assert Ical.recognise("https://x.example/a.html", "") is None
    with pytest.raises(ValidationError, match="webcal"):
        Ical(url="file:///etc/passwd")


CIVICPLUS = Ical(url="https://city.example/common/modules/iCalendar/iCalendar.aspx?catID=14")


def test_the_page_of_an_event_may_stand_at_the_end_of_its_description() -> None:
    """CivicPlus gives the calendar's own address for all of them."""
    own = "URL:/common/modules/iCalendar/iCalendar.aspx?feed=calendar"
    start = "DTSTART:20261112T190000Z"
    for lines, page in (
        ((own, "DESCRIPTION:Budget talk https://city.example/calendar.aspx?EID=7"),
         "https://city.example/calendar.aspx?EID=7"),
        (("DESCRIPTION:https://city.example/calendar.aspx?EID=7",),
         "https://city.example/calendar.aspx?EID=7"),
        ((own, "DESCRIPTION:Join https://video.example/1"),
         "https://city.example/common/modules/iCalendar/iCalendar.aspx?feed=calendar"),
        (("URL:/events/9", "DESCRIPTION:See https://city.example/budget"),
         "https://city.example/events/9"),
        (("DESCRIPTION:Budget talk",), ""),
    ):  # fmt: skip
        (entry,) = entries(parse(event("UID:7", start, "SUMMARY:X", *lines), CIVICPLUS))
        assert entry.url == page


def test_a_real_calendar_of_civicplus(shared: Path) -> None:
    """All 348 meetings of a town, years ahead, each with a page of its own."""
    folder = shared / "recordings" / "civicplus"
    body = (folder / "lake-alfred-fl-calendar-ics.ics").read_bytes()
    site = "https://www.mylakealfred.com/common/modules/iCalendar/iCalendar.aspx?feed=calendar"
    known = Ical.recognise(site, "")
    assert known == (("url", site),)
    then = datetime(2026, 4, 18, 12, tzinfo=UTC)
    poll = replace(POLL, now=then, timezone="America/New_York")
    found = parse(body, Ical(url=site), poll)
    meetings = entries(found)
    assert len(meetings) == counted(shared, "civicplus/lake-alfred-fl-calendar-ics.ics") == 348
    assert not refusals(found)
    assert len({one.url for one in meetings}) == 348
    assert all("/calendar.aspx?EID=" in one.url for one in meetings)
    starts = [one.hearings[0].starts for one in meetings]
    assert all(one is not None and one > then for one in starts)
    council = next(one for one in meetings if one.key == "1527")
    assert council.hearings[0].starts == datetime(2029, 12, 18, 21, 30, tzinfo=UTC)
    # A single event lies years ahead; a series would not be followed so far.
    assert found[-1] == Reach(until=then + timedelta(days=60))
    with pytest.raises(SoftError):
        parse((folder / "SOFT404_lake-hamilton-fl-calendarics-cid14.ics").read_bytes())


@settings(max_examples=60, deadline=None)
@given(
    freq=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.integers(1, 5),
    start=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    by=st.sampled_from(
        ["", "BYDAY=MO,FR", "BYMONTHDAY=1,31", "BYMONTH=2,11", "BYDAY=TU;BYMONTH=3"]
    ),
)
def test_rules_agree_with_dateutil(freq: str, interval: int, start: date, by: str) -> None:
    """An older library that walks a rule from its beginning finds the same days."""
    from dateutil.rrule import rrulestr  # noqa: PLC0415

    said = ";".join(filter(None, [f"FREQ={freq}", f"INTERVAL={interval}", by]))
    first = datetime(start.year, start.month, start.day)  # noqa: DTZ001
    end = date(2027, 6, 1)
    begin = date(2026, 6, 1)
    after, before = (datetime(one.year, one.month, one.day) for one in (begin, end))  # noqa: DTZ001
    theirs = rrulestr(said, dtstart=first).between(after, before, inc=True)
    parts = {
        name: value.split(",") for name, _, value in (p.partition("=") for p in said.split(";"))
    }
    rule = rule_of(parts, start, None)
    assert isinstance(rule, Rule)
    assert list(rule.days(begin, end)) == [moment.date() for moment in theirs]


def test_a_poll_on_another_day_brings_further_meetings() -> None:
    """The window moves on, and keys stay."""
    body = event("UID:1", "DTSTART:20261102T230000Z", "RRULE:FREQ=WEEKLY", "SUMMARY:X")
    now = set(days(parse(body)))
    later = set(days(parse(body, poll=replace(POLL, now=datetime(2026, 11, 10, 12, tzinfo=UTC)))))
    assert len(later - now) == 1
    assert now - later == set()
