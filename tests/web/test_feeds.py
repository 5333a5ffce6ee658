"""The calendar and the feed: read by other programs, again and again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import feedparser
import pytest
from icalendar import Calendar

from tests.store.builders import NOW
from tests.web.site import Site, hearing

CALIFORNIA = "ocd-division/country:us/state:ca"


def events(site: Site, path: str = "/calendar.ics") -> list[Any]:
    """Read the calendar as a program does."""
    answer = site.ask(path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.text).walk("VEVENT")


def test_the_calendar_holds_the_dates_ahead(site: Site) -> None:
    """With what each is about."""
    site.see("a", title="Resolution on the jail", hearings=(hearing(),))
    site.see("b", title="Long ago", hearings=(hearing(-30),))
    (event,) = events(site)
    assert event["SUMMARY"] == "Hearing: Resolution on the jail"
    assert event["LOCATION"] == "Room 1"


def test_a_date_that_moves_replaces_itself(site: Site) -> None:
    """Its name is the same, its number is higher: a calendar that is subscribed to follows."""
    site.see("a", hearings=(hearing(5),))
    (before,) = events(site)
    site.see("a", hearings=(hearing(6),), at=NOW + timedelta(hours=1))
    (after,) = events(site)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTART"].dt > before["DTSTART"].dt


def test_asking_again_writes_nothing(site: Site) -> None:
    """A calendar that is asked for every minute keeps nobody from writing."""
    site.see("a", hearings=(hearing(5),))
    events(site)
    with site.store() as store, store.transaction():
        # While this transaction lasts, nobody else could write.
        assert len(events(site)) == 1


def test_both_can_be_narrowed(site: Site) -> None:
    """To a place, as `monitor export` is, and to a topic."""
    site.see("ny", title="In New York", hearings=(hearing(),))
    site.see("ca", title="In California", jurisdiction=CALIFORNIA, hearings=(hearing(),))
    assert [event["SUMMARY"] for event in events(site, "/calendar.ics?in=ca")] == [
        "Hearing: In California"
    ]
    assert events(site, "/calendar.ics?topic=other") == []
    assert "In New York" not in site.page("/feed.atom?in=ca")
    assert "In California" not in site.page("/feed.atom?topic=other")


@pytest.mark.parametrize("path", ["/calendar.ics?in=nowhere/at/all", "/feed.atom?in=%3Cscript%3E"])
def test_a_place_that_is_none_is_400(site: Site, path: str) -> None:
    """And is not repeated."""
    answer = site.ask(path)
    assert answer.status == 400
    assert "script" not in answer.text


def test_the_feed_holds_what_is_new(site: Site) -> None:
    """In order, each with a name of its own."""
    site.see("old", title="Old", at=NOW - timedelta(days=60))
    site.see("a", title="One & <b>only</b>", at=NOW - timedelta(days=1))
    site.see("b", title="Another", at=NOW)
    answer = site.ask("/feed.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.text)
    assert not read.bozo
    first, _ = read.entries
    assert first.title == "Another"
    assert len({entry.id for entry in read.entries}) == len(read.entries) == 2


def test_a_feed_that_is_known_is_not_sent_again(site: Site) -> None:
    """As feed readers ask: by its tag."""
    site.see("a", title="One")
    first = site.ask("/feed.atom")
    again = site.ask("/feed.atom", If_None_Match=first.headers["ETag"])
    assert again.status == 304
    assert again.text == ""
    site.see("b", title="Two")
    assert site.ask("/feed.atom", If_None_Match=first.headers["ETag"]).status == 200
