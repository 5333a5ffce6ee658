"""How far each list of coming meetings goes: what it asked for, what it showed, where it ended."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from monitor.connectors import BaseConnector, boarddocs, iqm2, kinds
from monitor.connectors._legistar_queries import PAGE
from monitor.connectors.escribe import Escribe
from monitor.connectors.granicus import Granicus
from monitor.connectors.ical import Ical
from monitor.connectors.iqm2 import Iqm2
from monitor.connectors.legistar import Legistar
from monitor.connectors.legistar_web import LegistarWeb
from monitor.connectors.municode_meetings import MunicodeMeetings
from monitor.models import Poll, Reach, Request
from tests.connectors.meeting_visit import answer, own, poll_in, real

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
POLL = Poll(now=NOW, timezone="America/New_York")
DAY = timedelta(days=1)


def reaches(
    connector: BaseConnector, body: bytes, step: str, *about: str, poll: Poll = POLL
) -> list[Reach]:
    """Parse one answer; keep what it says of its own reach."""
    request = Request("https://publisher.example/list", step=step, about=about)
    return [one for one in connector.parse(answer(request, body), poll) if isinstance(one, Reach)]


def made_up(kind: str, name: str) -> list[Reach]:
    """Parse one of the made-up recordings."""
    told = yaml.safe_load(own(kind, "answers.yaml"))
    asked = told["answers"][name]
    connector = kinds()[kind].model_validate_json(json.dumps(told["options"]))
    return reaches(connector, own(kind, name), asked.get("step", ""), *map(str, asked["about"]))


def test_the_last_page_of_a_list_proves_it_whole() -> None:
    """A page that leads to another one, or an agenda, proves nothing."""
    assert made_up("civicclerk", "last.json") == [Reach(prefix="event-")]
    assert made_up("civicclerk", "events.json") == []
    assert made_up("civicclerk", "meeting.json") == []


def test_a_full_page_of_legistar_is_not_the_last_one() -> None:
    """Neither is a list of matters one of meetings."""
    city = Legistar(client="exampleville")
    row = json.loads(own("legistar", "events.json"))[0] | {"EventDate": "2026-11-30T00:00:00"}
    full = json.dumps([row | {"EventId": 9_000 - n} for n in range(PAGE)]).encode()
    assert reaches(city, full, "events", "0", "") == []
    assert reaches(city, own("legistar", "events.json"), "events", "0", "") == [
        Reach(prefix="event-")
    ]
    assert reaches(city, own("legistar", "matters.json"), "matters", "0", "") == []


def test_a_calendar_of_some_days_goes_as_far_as_was_asked() -> None:
    """Not on the last day itself: it may be cut off in the middle."""
    body = own("escribe", "calendar.json")
    site = Escribe(tenant="exampleville", ahead_days=60)
    assert reaches(site, body, "calendar") == [Reach(until=NOW + 59 * DAY)]
    portal = Iqm2(client="exampleville", ahead_days=60, agendas=0)
    page = own("iqm2", "calendar.html")
    assert reaches(portal, page, "calendar") == [Reach(until=NOW + 59 * DAY, prefix="meeting-")]


def test_a_list_that_was_cut_off_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds against endless lists are bounds of what is known as well."""
    portal = Iqm2(client="exampleville", agendas=0)
    board = boarddocs.BoardDocs(place="xx/y", lookback_days=7_300)
    feed, page = own("boarddocs", "feed.xml"), own("iqm2", "calendar.html")
    assert reaches(board, feed, "feed") == [Reach(prefix="meeting-")]
    monkeypatch.setattr(boarddocs, "_MOST_MEETINGS", 1)
    monkeypatch.setattr(iqm2, "_MOST_MEETINGS", 1)
    assert reaches(board, feed, "feed") == []
    assert reaches(portal, page, "calendar") == []


def test_of_boards_whose_meetings_take_turns_nothing_is_known() -> None:
    """The lists alone are whole."""
    body = own("boarddocs", "list.json")
    board = boarddocs.BoardDocs(place="xx/y", committees=("A9HCRJ3251CA",), lookback_days=7_300)
    assert reaches(board, body, "list", "A9HCRJ3251CA") == []
    alone = board.model_copy(update={"agendas": 0})
    assert reaches(alone, body, "list", "A9HCRJ3251CA") == [Reach(prefix="meeting-")]


def test_of_two_views_neither_tells_which_meetings_were_the_others() -> None:
    """And a feed of the newest hundred agendas proves nothing at all."""
    view = own("granicus", "view.html")
    [one] = reaches(Granicus(site="exampleville"), view, "page")
    assert (one.since, one.prefix) == (None, "page-")
    assert one.until is not None
    assert reaches(Granicus(site="exampleville", views=(1, 2)), view, "page") == []
    assert reaches(Granicus(site="exampleville"), own("granicus", "agendas.xml"), "agendas") == []


def test_a_page_of_a_view_goes_from_its_first_to_its_last_meeting(shared: Path) -> None:
    """Two pages of Nashville's year, newest first: the second begins where the first one ends."""
    city = LegistarWeb(site="https://nashville.legistar.com", agendas=0)
    poll = poll_in("America/Chicago", "2025-04-01")
    pages = [
        reaches(city, real(shared, f"legistar-html/nashville_calendar_{n}.html"), "calendar", "1",
                poll=poll)
        for n in ("0_GET", "2_POST")
    ]  # fmt: skip
    [[first], [second]] = pages
    assert first.since is not None
    assert second.until is not None
    assert second.until <= first.since
    assert (first.prefix, second.prefix) == ("meeting-", "meeting-")


def test_a_table_that_is_in_no_order_says_nothing() -> None:
    """Municode's newest meetings stand on top, unless a council sorts them otherwise."""
    city = MunicodeMeetings(client="exampleville-va")
    table = own("municode_meetings", "table.html").decode()
    [ordered] = reaches(city, table.encode(), "table", "0")
    assert ordered.until == datetime(2026, 12, 2, tzinfo=UTC)
    mixed = table.replace("11/17/2026", "12/17/2026").encode()
    assert reaches(city, mixed, "table", "0") == []


def test_a_calendar_file_goes_as_far_as_its_last_meeting_or_its_series() -> None:
    """Whichever is nearer: an export of the next thirty says nothing of the thirty-first."""
    lines = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTART:{1}\r\nSUMMARY:Council\r\nEND:VEVENT\r\n"
    meetings = [lines.format(n, f"202611{10 + n}T190000Z") for n in range(3)]
    body = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(meetings)}END:VCALENDAR\r\n".encode()
    file = Ical(url="https://city.example/a.ics")
    assert reaches(file, body, "") == [Reach(until=datetime(2026, 11, 12, 19, tzinfo=UTC))]
    near = file.model_copy(update={"days_ahead": 5})
    assert reaches(near, body, "") == [Reach(until=NOW + 5 * DAY)]
    later = replace(POLL, now=NOW + 365 * DAY)
    assert reaches(file, body, "", poll=later) == []
