"""Meetings that a council takes off its calendar without a word: from answers to alerts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors import BaseConnector
from monitor.connectors.civicclerk import CivicClerk
from monitor.connectors.primegov import PrimeGov
from monitor.fetch import FetchSettings, HttpFetcher, ReplayTransport, append
from monitor.matching import Filter, FilterSet
from monitor.models import Request, Response
from monitor.pipeline import Recorded, Rules, collect, prepare, record
from monitor.store import Store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILTERS = FilterSet((Filter("any", "Anything", "council OR committee OR board"),))
RULES = Rules(Routing("#alerts", health="#health"))
PORTAL = PrimeGov(client="exampleville", lookback_days=7)
SITE = "https://exampleville.primegov.com/api/v2/PublicPortal"
Answers = dict[str, tuple[int, object]]


class Town:
    """Polls one source an hour apart, each poll from a recording of its own."""

    def __init__(self, folder: Path, store: Store, connector: BaseConnector) -> None:
        self.folder = folder
        self.store = store
        self.now = NOW
        self.source = Source(
            id="town",
            name="The Town",
            kind=connector.kind,
            connector=connector,
            jurisdiction="ocd-division/country:us/state:ny",
            every=HOUR,
            cron="",
            timezone="America/New_York",
        )

    def poll(self, answers: Answers) -> Recorded:
        """Poll once from these answers, and let an hour pass."""
        path = self.folder / f"{self.now:%d-%H}.warc.gz"
        bodies = [
            Response(Request(url), url, status, (), json.dumps(body).encode(), self.now)
            for url, (status, body) in answers.items()
        ]
        append(path, bodies)
        settings = FetchSettings("tests@example.org")
        task = prepare(self.store, self.source, self.now, pace=0.0)
        fetcher = HttpFetcher(settings, {}, ReplayTransport([path]))
        collected = collect(task, fetcher, FILTERS)
        self.now += HOUR
        return record(self.store, None, self.source, collected, RULES)

    def told(self, answers: Answers) -> list[str]:
        """Poll once; write what is told."""
        return [alert.headline for alert in self.poll(answers).alerts]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a new database."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


@pytest.fixture
def town(tmp_path: Path, store: Store) -> Town:
    """Make a town on PrimeGov."""
    return Town(tmp_path, store, PORTAL)


def meeting(number: int, title: str, day: str = "2026-12-01", clock: str = "18:00") -> Any:
    """Make a meeting as PrimeGov shows it."""
    return {"id": number, "title": title, "dateTime": f"{day}T{clock}:00", "documentList": []}


def portal(*upcoming: object, archived: tuple[object, ...] = (), status: int = 200) -> Answers:
    """Make the two lists of a portal; the archive's may fail."""
    return {
        f"{SITE}/ListUpcomingMeetings": (200, list(upcoming)),
        f"{SITE}/ListArchivedMeetings?year=2026": (status, list(archived)),
    }


COUNCIL = meeting(1, "City Council")
BUDGET = meeting(2, "Budget Committee", "2026-12-03")
PARKS = meeting(3, "Parks Board", "2026-12-04")


def test_a_meeting_that_vanishes_is_told_once_after_three_absences(town: Town) -> None:
    """It was announced, and nobody said that it is off."""
    assert town.told(portal(COUNCIL, BUDGET)) == []
    told = [town.told(portal(COUNCIL)) for _ in range(5)]
    assert [len(one) for one in told] == [0, 0, 1, 0, 0]
    assert told[2][0].startswith("Taken off the calendar: Budget Committee")


def test_a_meeting_that_comes_back_is_told(town: Town) -> None:
    """It is listed again, under the same number."""
    town.poll(portal(COUNCIL, BUDGET))
    for _ in range(3):
        town.poll(portal(COUNCIL))
    [back] = town.poll(portal(COUNCIL, BUDGET)).alerts
    assert back.headline.startswith("Back on the calendar: Budget Committee")


def test_an_emptied_list_proves_nothing(town: Town) -> None:
    """Meetings of the past are still shown, so that the answer is not empty; nothing is said."""
    over = meeting(9, "City Council", "2026-11-20")
    town.poll(portal(COUNCIL, BUDGET, archived=(over,)))
    assert [town.told(portal(archived=(over,))) for _ in range(4)] == [[]] * 4
    assert town.told(portal(COUNCIL, BUDGET, archived=(over,))) == []


def test_meetings_that_are_over_leave_without_a_word(town: Town) -> None:
    """The list of what is ahead drops them as time passes."""
    tonight = meeting(4, "Parks Board", "2026-11-23", "08:00")
    town.poll(portal(COUNCIL, tonight))
    town.now = NOW + 2 * HOUR
    assert [town.told(portal(COUNCIL)) for _ in range(4)] == [[]] * 4


def test_an_absence_in_an_incomplete_poll_does_not_count(town: Town) -> None:
    """The page that failed may have shown the meeting."""
    town.poll(portal(COUNCIL, BUDGET))
    half = portal(COUNCIL, status=404)
    assert [town.told(half) for _ in range(4)] == [[]] * 4
    assert [len(town.told(portal(COUNCIL))) for _ in range(3)] == [0, 0, 1]


def test_an_absence_beside_a_refused_record_does_not_count(town: Town) -> None:
    """The record that could not be read may be the very meeting."""
    town.poll(portal(COUNCIL, BUDGET))
    broken = {"id": 2, "title": None}
    assert [town.told(portal(COUNCIL, broken)) for _ in range(4)] == [[]] * 4


def test_an_unchanged_list_still_shows_what_is_missing(town: Town) -> None:
    """The second and the third absence come with an answer that equals the first one's."""
    town.poll(portal(COUNCIL, BUDGET))
    polls = [town.poll(portal(COUNCIL)) for _ in range(3)]
    assert [one.collected.complete for one in polls] == [True] * 3
    assert len(polls[2].alerts) == 1


def test_a_meeting_with_a_new_number_is_one_story(town: Town) -> None:
    """A clerk who enters a meeting anew, an hour later, moves it: the new one alone is told."""
    town.poll(portal(COUNCIL, BUDGET, PARKS))
    moved = meeting(20, "Budget Committee", "2026-12-03", "19:00")
    told = [town.told(portal(COUNCIL, moved, PARKS)) for _ in range(4)]
    assert [len(one) for one in told] == [1, 0, 0, 0]
    assert "Budget Committee" in told[0][0]
    assert "Taken off" not in told[0][0]


def test_a_meeting_that_moves_to_another_day_is_told_as_both(town: Town) -> None:
    """Under a new number there is no telling that it is the same one; the old date must go."""
    town.poll(portal(COUNCIL, BUDGET, PARKS))
    moved = meeting(20, "Budget Committee", "2026-12-10")
    told = [town.told(portal(COUNCIL, moved, PARKS)) for _ in range(3)]
    assert [len(one) for one in told] == [1, 0, 1]
    assert told[2][0].startswith("Taken off the calendar: Budget Committee")


def test_a_meeting_of_which_no_filter_knew_leaves_in_silence(tmp_path: Path, store: Store) -> None:
    """Only those who would have heard of it hear that it is off."""
    town = Town(tmp_path, store, PORTAL)
    gala = meeting(5, "Winter gala", "2026-12-05")
    town.poll(portal(COUNCIL, gala))
    assert [town.told(portal(COUNCIL)) for _ in range(4)] == [[]] * 4
    stored = store.items.find("town", "meeting-5")
    assert stored is not None
    assert stored.gone_at is not None


def test_meetings_that_are_no_longer_wanted_leave_in_silence(tmp_path: Path, store: Store) -> None:
    """Who narrows a source in YAML has taken nothing off anybody's calendar."""
    town = Town(tmp_path, store, PORTAL)
    shown = portal(
        *({**one, "committeeId": number} for number, one in enumerate((COUNCIL, BUDGET, PARKS)))
    )
    town.poll(shown)
    town.source = replace(town.source, connector=PORTAL.model_copy(update={"committees": (0, 1)}))
    assert [town.told(shown) for _ in range(5)] == [[]] * 5
    parks = store.items.find("town", "meeting-3")
    assert parks is not None
    assert parks.gone_at == NOW + HOUR
    fewer = portal({**COUNCIL, "committeeId": 0})
    assert [len(town.told(fewer)) for _ in range(3)] == [0, 0, 1]


CLERK = CivicClerk(tenant="exampleville", lookback_days=0, agendas=1)
API = "https://exampleville.api.civicclerk.com/v1"
LIST = f"{API}/Events?$filter=startDateTime%20ge%202026-11-23T00%3A00%3A00Z&$orderby=startDateTime"


def event(number: int, name: str, day: str, agenda: int = 0) -> dict[str, object]:
    """Make a meeting as CivicClerk shows it."""
    files = [{"fileId": 7, "type": "Agenda", "name": "Agenda"}] if agenda else []
    return {
        "id": number,
        "eventName": name,
        "startDateTime": f"2026-{day}T18:00:00Z",
        "agendaId": agenda,
        "publishedFiles": files,
    }


def test_an_agenda_that_cannot_be_had_makes_the_poll_incomplete(
    tmp_path: Path, store: Store
) -> None:
    """And so does a page of the list that is still to come."""
    town = Town(tmp_path, store, CLERK)
    council = event(1, "City Council", "12-01", agenda=70)
    board = event(2, "Board of Parks", "12-02")
    agenda = f"{API}/Meetings/70"
    item = {"id": 700, "agendaObjectItemName": "Lanterns on Main Street"}
    full: Answers = {LIST: (200, {"value": [council, board]}), agenda: (200, {"items": [item]})}
    less: Answers = {LIST: (200, {"value": [council]}), agenda: (404, {})}
    assert town.poll(full).collected.complete
    lame = [town.poll(less) for _ in range(3)]
    assert [(one.collected.complete, len(one.alerts)) for one in lame] == [(False, 0)] * 3
    less[agenda] = (200, {"items": [item]})
    assert [len(town.told(less)) for _ in range(3)] == [0, 0, 1]
