"""Dates as a calendar file: two other readers understand it, zones and changes of clocks too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from monitor.connectors.ical import Ical
from monitor.models import Entry, Language, Poll, Request, Response
from monitor.render.calendar import calendar
from tests.render.calendars import ENTRY, NEW_YORK, NOW, at, content_lines, entry, tree_of

# Clocks in New York went back on 1 November 2026, at 2 am.
BEFORE = datetime(2026, 10, 30, 14, 0, tzinfo=UTC)
CHANGE = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
AFTER = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)


def parts(content: bytes, name: str) -> list[Any]:
    """Read the components of a sort with the icalendar library."""
    return list(Calendar.from_ical(content).walk(name))


def only_event(content: bytes) -> Any:
    """Read the one event."""
    (event,) = parts(content, "VEVENT")
    return event


def test_a_hearing_has_all_that_a_calendar_needs() -> None:
    """Name, number, times in its zone, place, page, and how to comment."""
    content = calendar([ENTRY], NOW)
    event = only_event(content)
    assert str(event["UID"]) == ENTRY.uid
    assert event["SEQUENCE"] == 2
    assert event["DTSTAMP"].dt == NOW
    assert event["LAST-MODIFIED"].dt == ENTRY.changed_at
    assert event["DTSTART"].dt == BEFORE
    assert event["DTSTART"].params["TZID"] == NEW_YORK
    assert event["STATUS"] == "CONFIRMED"
    assert (
        str(event["SUMMARY"]) == "Hearing: Int 1412-2026 — Detainers; courts, and “communications”"
    )
    assert str(event["LOCATION"]) == "250 Broadway, 16th Floor"
    assert str(event["URL"]) == ENTRY.url
    assert str(event["DESCRIPTION"]).split("\n") == [
        "New York City, NY · Committee on Immigration · Council item",
        "Hearing set · Limits cooperation with ICE",
        "How to take part",
        "- E-mail: testimony@council.example.gov",
        "- Form: council.example.gov https://council.example.gov/testify",
        ENTRY.url,
    ]


def test_the_file_keeps_to_the_format() -> None:
    """Folded lines, CRLF, blocks that close, the properties that RFC 5545 demands, once each."""
    long = entry("b", title="Straße " * 60, hearing=replace(ENTRY.hearing, place="漢" * 90))
    content = calendar([ENTRY, long], NOW)
    name, found = tree_of(content)
    assert name == "VCALENDAR"
    assert {"VERSION:2.0", "METHOD:PUBLISH", "CALSCALE:GREGORIAN"} <= {
        part for part in found if isinstance(part, str)
    }
    components = [part for part in found if not isinstance(part, str)]
    assert sorted(part[0] for part in components) == ["VEVENT", "VEVENT", "VTIMEZONE"]
    for component in components:
        names = [
            line.partition(":")[0].partition(";")[0]
            for line in component[1]
            if isinstance(line, str)
        ]
        assert len(names) == len(set(names))
        if component[0] == "VEVENT":
            assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(names)


def test_text_is_escaped() -> None:
    """Semicolons, commas, backslashes and line breaks are not structure (RFC 5545, 3.3.11)."""
    odd = "a; b, c\\d\nEND:VEVENT\r\nX-EVIL:1"
    content = calendar(
        [entry(title=odd, office=odd, hearing=replace(ENTRY.hearing, place=odd))], NOW
    )
    assert str(only_event(content)["LOCATION"]) == "a; b, c\\d END:VEVENT X-EVIL:1"
    lines = list(content_lines(content))
    assert "LOCATION:a\\; b\\, c\\\\d END:VEVENT X-EVIL:1" in lines
    assert not [line for line in lines if line.startswith("X-EVIL")]


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("America/New_York", "10:00", "10:00"),
        ("America/Chicago", "09:00", "09:00"),
        ("America/Phoenix", "07:00", "08:00"),
        ("Pacific/Honolulu", "04:00", "05:00"),
        ("America/Anchorage", "06:00", "06:00"),
    ],
)
def test_two_readers_see_the_same_times_across_a_change_of_clocks(
    zone: str, before: str, after: str
) -> None:
    """By the rules of the zone that the file itself carries."""
    dates = [
        entry("a", hearing=at(BEFORE, timezone=zone)),
        entry("b", hearing=at(AFTER, timezone=zone)),
    ]
    content = calendar(dates, NOW)
    first = {str(e["UID"]): e["DTSTART"].dt for e in parts(content, "VEVENT")}
    second = {
        event.uid.value: event.dtstart.value
        for event in vobject.readOne(content.decode()).vevent_list
    }
    for read in (first, second):
        assert read["a"].astimezone(UTC) == BEFORE
        assert read["b"].astimezone(UTC) == AFTER
        assert (f"{read['a']:%H:%M}", f"{read['b']:%H:%M}") == (before, after)


def test_every_zone_that_is_named_is_in_the_file() -> None:
    """RFC 5545, 3.2.19: a TZID has its VTIMEZONE."""
    zones = (NEW_YORK, "America/Los_Angeles", "America/Denver")
    content = calendar([entry(z, hearing=at(BEFORE, timezone=z)) for z in zones], NOW)
    assert {str(one["TZID"]) for one in parts(content, "VTIMEZONE")} == set(zones)


def test_a_day_without_a_time_is_a_whole_day() -> None:
    """VALUE=DATE, on the calendar of its place, ending before the next day."""
    midnight = datetime(2026, 11, 10, 6, 0, tzinfo=UTC)
    day = at(midnight, timezone="America/Chicago", all_day=True, kind="comment_deadline")
    content = calendar([entry(hearing=day)], NOW)
    assert "DTSTART;VALUE=DATE:20261110" in list(content_lines(content))
    assert "DTEND;VALUE=DATE:20261111" in list(content_lines(content))
    event = only_event(content)
    assert event["TRANSP"] == "TRANSPARENT"
    assert str(event["SUMMARY"]).startswith("Comments due: ")
    assert vobject.readOne(content.decode()).vevent.dtstart.value == date(2026, 11, 10)


def test_what_is_called_off_stays_and_says_so() -> None:
    """In its status, and in its title for those who see nothing else; without ways to comment."""
    event = only_event(calendar([entry(hearing=at(BEFORE, cancelled=True))], NOW))
    assert event["STATUS"] == "CANCELLED"
    assert str(event["SUMMARY"]).startswith("Hearing (cancelled): Int 1412")
    assert "take part" not in str(event["DESCRIPTION"])


def test_a_deadline_is_a_moment_and_a_hearing_an_hour() -> None:
    """A deadline takes no time and keeps nobody from other appointments."""
    due = only_event(calendar([entry(hearing=at(BEFORE, kind="comment_deadline"))], NOW))
    assert "DTEND" not in due
    assert due["TRANSP"] == "TRANSPARENT"
    held = only_event(calendar([ENTRY], NOW))
    assert held["DTEND"].dt - held["DTSTART"].dt == timedelta(hours=1)
    assert held["TRANSP"] == "OPAQUE"


@pytest.mark.parametrize("minutes", [-90, -30, 0, 30, 60, 90, 150])
@pytest.mark.parametrize("change", [CHANGE, datetime(2026, 3, 8, 7, 0, tzinfo=UTC)])
def test_times_around_a_change_of_clocks_are_the_right_ones(change: datetime, minutes: int) -> None:
    """Of two equal hours RFC 5545 knows only the first: the second is written in UTC."""
    starts = change + timedelta(minutes=minutes)
    content = calendar([entry(hearing=at(starts))], NOW)
    event = only_event(content)
    other = vobject.readOne(content.decode()).vevent
    for begin, end in (
        (event["DTSTART"].dt, event["DTEND"].dt),
        (other.dtstart.value, other.dtend.value),
    ):
        assert begin.astimezone(UTC) == starts
        assert end.astimezone(UTC) == starts + timedelta(hours=1)


@pytest.mark.parametrize("zone", ["America/New_York", "America/Phoenix", "Europe/Dublin", "UTC"])
def test_rules_of_zones_are_short(zone: str) -> None:
    """Two yearly rules, or one that always holds; UTC needs none."""
    dates = [entry("a", hearing=at(BEFORE, timezone=zone)), entry("b", hearing=at(AFTER))]
    rules = {
        str(one["TZID"]): len(one.subcomponents) for one in parts(calendar(dates, NOW), "VTIMEZONE")
    }
    assert rules.get(zone) == {"America/Phoenix": 1, "UTC": None}.get(zone, 2)


def test_clocks_that_follow_no_yearly_rule_are_listed() -> None:
    """Morocco's go by the moon: each change stands for itself, and times are right."""
    zone = "Africa/Casablanca"
    dates = [
        entry(str(n), hearing=at(BEFORE + n * timedelta(days=30), timezone=zone)) for n in range(12)
    ]
    content = calendar(dates, NOW)
    read = {str(one["UID"]): one["DTSTART"].dt for one in parts(content, "VEVENT")}
    other = {
        one.uid.value: one.dtstart.value for one in vobject.readOne(content.decode()).vevent_list
    }
    for date_ in dates:
        assert read[date_.uid].astimezone(UTC) == date_.hearing.starts
        assert other[date_.uid].astimezone(UTC) == date_.hearing.starts


def test_a_date_without_a_time_is_left_out() -> None:
    """A calendar cannot hold "to be announced"."""
    unknown = entry(hearing=replace(ENTRY.hearing, starts=None, said="TBA"))
    assert parts(calendar([unknown], NOW), "VEVENT") == []


def test_spanish_calendars() -> None:
    """Words of ours in Spanish, titles as published."""
    event = only_event(calendar([ENTRY], NOW, language=Language.SPANISH))
    assert str(event["SUMMARY"]).startswith("Audiencia: Int 1412-2026 — Detainers")
    assert "Limita la cooperación con ICE" in str(event["DESCRIPTION"])
    assert "Correo electrónico: testimony@" in str(event["DESCRIPTION"])


def test_the_monitor_reads_its_own_calendar() -> None:
    """Its connector for calendars finds the same date again, and that one is called off."""
    off = entry("b", hearing=at(AFTER, cancelled=True))
    content = calendar([ENTRY, off], NOW)
    url = "https://monitor.example.org/dates.ics"
    response = Response(Request(url), url, 200, (), content, NOW)
    poll = Poll(NOW, NEW_YORK)
    read = [one for one in Ical(url=url).parse(response, poll) if isinstance(one, Entry)]
    assert [one.hearings[0].starts for one in read] == [BEFORE, AFTER]
    assert [one.hearings[0].cancelled for one in read] == [False, True]
    assert read[0].hearings[0].place == "250 Broadway, 16th Floor"
