"""From poll to alert: what is read about commenting travels with the news, and makes none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors import BaseConnector
from monitor.matching import Filter, FilterSet
from monitor.models import (
    Attachment,
    Change,
    ChangeKind,
    ContactKind,
    Entry,
    Hearing,
    ItemType,
    Joining,
    Parsed,
    Poll,
    Request,
    Response,
    Standing,
    Validators,
)
from monitor.pipeline import Recorded, Rules, collect, prepare, record
from monitor.store import Store
from monitor.telling import adds
from tests.participation.test_participation import meeting

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HELD = Hearing("meeting", datetime(2026, 12, 1, 23, tzinfo=UTC), "America/New_York")
FILTERS = FilterSet((Filter("287g", "287(g) agreements", "287g OR detainer"),))
RULES = Rules(Routing("#alerts"))
LIST, AGENDA = "https://town.example.org/list", "https://town.example.org/agenda.html"
BY_FIVE = "<p>Written comments must be received by 5:00 p.m. on Monday, November 30, 2026.</p>"
BY_NOON = BY_FIVE.replace("5:00 p.m.", "noon")


class Calendar(BaseConnector):
    """A made-up publisher: a line is `type|key|title`; what is called off says so."""

    kind: ClassVar[str] = "participation-calendar"

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the list."""
        del poll
        yield Request(LIST, conditional=False)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the lines."""
        del poll
        for line in response.body.decode().splitlines():
            sort, key, title = line.split("|")
            papers = (Attachment("Agenda", AGENDA),) if sort == "meeting" else ()
            yield Entry(
                ItemType(sort),
                key,
                title,
                office="Town Board",
                hearings=(replace(HELD, cancelled="called off" in title),),
                attachments=papers,
            )


@dataclass
class Town:
    """The town's answers, and what it polled into."""

    store: Store
    answers: dict[str, str] = field(default_factory=dict)
    now: datetime = NOW

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer one request; what is not there is an empty page."""
        del last
        body = self.answers.get(request.url, "<p>Nothing yet.</p>").encode()
        kind = (("content-type", "text/html"),)
        return Response(request, request.url, 200, kind, body, self.now)

    def poll(self, listed: str, agenda: str = "") -> Recorded:
        """Poll the list with this agenda, an hour later than the last time."""
        self.now += timedelta(hours=1)
        self.answers = {LIST: listed} | ({AGENDA: agenda} if agenda else {})
        source = Source(
            id="town",
            name="The Town",
            kind="participation-calendar",
            connector=Calendar(),
            jurisdiction="ocd-division/country:us/state:ny",
            every=timedelta(hours=1),
            cron="",
            timezone="America/New_York",
        )
        task = prepare(self.store, source, self.now, 0.0)
        return record(self.store, None, source, collect(task, self, FILTERS), RULES)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Open a new database, and poll an empty list."""
    with Store.open(tmp_path / "monitor.db") as store:
        made = Town(store)
        made.poll("meeting|0|Garden Committee")
        yield made


def told(recorded: Recorded) -> list[tuple[str, str, str]]:
    """Return what the alerts say about commenting: kind, time, and where it stands."""
    return [
        (one.kind.value, f"{one.due:%m-%d %H:%M}" if one.due else one.value, one.field)
        for alert in recorded.alerts
        if alert.item
        for one in alert.item.participation
    ]


def test_an_alert_says_what_the_agenda_says_about_comments(town: Town) -> None:
    """The agenda's page is read before the alert is made, and stored with the item."""
    recorded = town.poll("meeting|1|287g program", BY_FIVE)
    assert told(recorded) == [("comment_deadline", "11-30 22:00", "Agenda")]
    [alert] = recorded.alerts
    assert alert.item is not None
    assert [one.derived for one in alert.item.hearings] == [False, True]


def test_an_item_on_the_agenda_says_it_too(town: Town) -> None:
    """It has no papers of its own; its meeting came with the same poll."""
    recorded = town.poll("meeting|1|Town Board\nagenda_item|2|287g program", BY_FIVE)
    assert told(recorded) == [("comment_deadline", "11-30 22:00", "Agenda")]


def test_a_deadline_that_appears_or_moves_in_an_agenda_is_no_news(town: Town) -> None:
    """The item's own record is as it was."""
    town.poll("meeting|1|287g program")
    assert town.poll("meeting|1|287g program", BY_FIVE).alerts == ()
    assert town.poll("meeting|1|287g program", BY_NOON).alerts == ()


def test_beside_other_news_a_derived_deadline_is_no_change_of_dates(town: Town) -> None:
    """What is told is the new title; the way to comment stands beside it."""
    town.poll("meeting|1|287g program")
    recorded = town.poll("meeting|1|The 287g program", BY_FIVE)
    [alert] = recorded.alerts
    assert "hearings" not in {change.name for change in alert.fields}
    assert told(recorded) == [("comment_deadline", "11-30 22:00", "Agenda")]


def test_a_meeting_that_is_called_off_keeps_no_deadline(town: Town) -> None:
    """Its dates are those that its publisher gave."""
    town.poll("meeting|1|287g program", BY_FIVE)
    [alert] = town.poll("meeting|1|287g program called off", BY_FIVE).alerts
    assert alert.item is not None
    assert [one.kind for one in alert.item.hearings] == ["meeting"]


def test_without_any_statement_an_item_stays_as_it_was(town: Town) -> None:
    """No empty part is shown."""
    assert told(town.poll("meeting|1|287g program", "<p>Call to order.</p>")) == []


def test_only_a_publishers_own_date_tells_a_known_matter_again() -> None:
    """A deadline in a sentence is shown with the next news, and is none."""
    due = replace(HELD, kind="comment_deadline")
    assert not adds(seen_again(replace(due, derived=True)), NOW)
    assert adds(seen_again(due), NOW)


def seen_again(due: Hearing) -> Change:
    """Put an item with a further date on an agenda of a known matter."""
    item = meeting(type=ItemType.AGENDA_ITEM, hearings=(HELD, due))
    before = Standing(hearings=(HELD,), told=True)
    return Change(ChangeKind.NEW, item, 1, joined=Joining.OFFICIAL, before=before)


def test_every_kind_of_statement_has_a_name_of_its_own() -> None:
    """They are stored by it."""
    assert len({kind.value for kind in ContactKind}) == 8
