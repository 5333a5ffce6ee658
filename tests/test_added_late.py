"""Agendas that are posted again: asked for politely, compared, and told once where it matters.

A council's calendar and its documents stand on a server on loopback; all words are made up.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors.json import Json
from monitor.fetch import Archive, FetchSettings, HttpFetcher
from monitor.matching import Filter, FilterSet
from monitor.models import Alert, ChangeKind, Collected
from monitor.pipeline import MOST_DOCUMENTS, Recorded, Rules, collect, prepare, record
from monitor.render.text import plain
from monitor.store import Store
from monitor.store.documents import MOST_DUE
from tests.documents.builders import pdf
from tests.servers.misbehaving import Misbehaving, answer, busy

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILTERS = FilterSet((Filter("detainers", "Detainers", "detainer*"),))
RULES = Rules(Routing("#alerts", health="#health"))
OLD = (
    "SAMPLEVILLE CITY COUNCIL",
    "1. Call to order",
    "2. Approval of the minutes of October",
    "3. Contract for the resurfacing of Elm Street",
    "4. Adjournment",
)
LATE = "Resolution on immigration detainers at the city jail"
NEW = (*OLD[:4], f"4. {LATE}", "5. Adjournment")
OTHER = (*OLD[:4], "4. Proclamation of Bee Day", "5. Adjournment")
MATCHING = (OLD[0], "1. Call to order", "2. Report on detainers in the past year", "3. Adjournment")


@dataclass
class Meeting:
    """One line of the calendar."""

    key: str = "m1"
    title: str = "City Council, regular meeting"
    ahead: timedelta = timedelta(days=4)
    status: str = ""
    documents: Sequence[str] = ("/m1/agenda.pdf",)


@dataclass
class Council:
    """A council with its calendar, a monitor that polls it, and a clock that is told."""

    server: Misbehaving
    store: Store
    fetcher: HttpFetcher
    archive: Archive
    meetings: list[Meeting] = field(default_factory=lambda: [Meeting()])
    now: datetime = NOW
    begun: datetime = NOW

    def source(self, **changes: Any) -> Source:
        """Make the source that reads the calendar."""
        fields: dict[str, Any] = {
            "id": "council",
            "name": "Sampleville City Council",
            "kind": "json",
            "connector": Json(
                url=self.server.url("/calendar"),
                key="id",
                title="title",
                date="date",
                date_is="meeting",
                status="status",
                attachments="documents",
            ),
            "jurisdiction": "ocd-division/country:us/state:ny",
            "every": HOUR,
            "cron": "",
            "timezone": "America/New_York",
        }
        return Source(**(fields | changes))

    def post(self, path: str, lines: Sequence[str], version: str = "") -> None:
        """Put an agenda of one page on the server."""
        self.server.on(path, answer(pdf([lines]), etag=version))

    def publish(self) -> None:
        """Put the calendar on the server."""
        rows = [
            {
                "id": one.key,
                "title": one.title,
                "date": (self.begun + one.ahead).isoformat(),
                "status": one.status,
                "documents": [self.server.url(path) for path in one.documents],
            }
            for one in self.meetings
        ]
        headers = (("Content-Type", "application/json"),)
        self.server.on("/calendar", answer(_json(rows), headers=headers))

    def collected(self, **changes: Any) -> Collected:
        """Poll without recording anything."""
        self.publish()
        source = self.source(**changes)
        task = prepare(self.store, source, self.now, pace=0.0)
        return collect(pickle.loads(pickle.dumps(task)), self.fetcher, FILTERS)  # noqa: S301

    def poll(self, hours: float = 7, rules: Rules = RULES, **changes: Any) -> Recorded:
        """Poll once, and let time pass."""
        found = self.collected(**changes)
        self.now += hours * HOUR
        return record(self.store, self.archive, self.source(**changes), found, rules)

    def settled(self, *lines: str) -> None:
        """Let the calendar and the first form of the agenda be known."""
        self.post("/m1/agenda.pdf", lines or OLD)
        assert self.poll().alerts == ()
        assert self.poll().alerts == ()

    def asked(self, path: str) -> int:
        """Count the requests for a path."""
        return sum(seen.target == path for seen in self.server.seen)


def _json(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows).encode()


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    """Open a council with one meeting, four days ahead."""
    with Misbehaving() as server, Store.open(tmp_path / "monitor.db") as store:
        settings = FetchSettings("tests@example.org", pace=0.0, named_hosts=server.named)
        with HttpFetcher(settings, {}) as fetcher:
            yield Council(server, store, fetcher, Archive(tmp_path / "archive"))


def only(recorded: Recorded) -> Alert:
    """Return the one alert of a poll."""
    (alert,) = recorded.alerts
    return alert


# ------------------------------------------------------------------------------ the same address


def test_an_item_added_late_under_the_same_address_is_told_as_such(council: Council) -> None:
    """Nothing about the meeting changed; its agenda did."""
    council.settled()
    council.post("/m1/agenda.pdf", NEW)
    alert = only(council.poll())
    assert alert.change is ChangeKind.UPDATED
    assert alert.headline.startswith("Added late, Tue, Nov 24")
    assert [(one.name, one.old, one.new) for one in alert.fields] == [
        ("added_late", "", f"agenda.pdf: 4. {LATE}")
    ]
    shown = plain(alert, council.now)
    assert "agenda.pdf, added late:" in shown
    assert LATE in shown
    assert "Elm Street" not in shown


def test_the_same_agenda_polled_again_tells_nothing(council: Council) -> None:
    """Whether the server says 304 or sends the same bytes again."""
    council.settled()
    council.post("/m1/agenda.pdf", NEW, version='"2"')
    assert len(council.poll().alerts) == 1
    again = council.poll()
    assert (again.alerts, again.updated) == ((), 0)
    council.post("/m1/agenda.pdf", NEW)
    assert council.poll().updated == 0


def test_an_added_line_that_no_filter_matches_is_recorded_and_not_told(council: Council) -> None:
    """Even where the agenda matched before: that has been told."""
    council.settled(*MATCHING)
    council.post("/m1/agenda.pdf", (*MATCHING[:3], "3. Proclamation of Bee Day", "4. Adjournment"))
    recorded = council.poll()
    assert recorded.alerts == ()
    assert recorded.updated == 1
    stored = council.store.items.find("council", "m1")
    assert stored is not None
    (revision,) = council.store.items.revisions(stored.id)
    assert revision.fields[0].new == "agenda.pdf: 3. Proclamation of Bee Day"


def test_a_meeting_that_was_told_is_not_told_again_for_other_items(council: Council) -> None:
    """Its agenda matched when it came; what is added now does not."""
    council.meetings = []
    council.poll()
    council.meetings = [Meeting()]
    council.post("/m1/agenda.pdf", MATCHING)
    assert only(council.poll()).change is ChangeKind.NEW
    council.post("/m1/agenda.pdf", (*MATCHING[:3], "3. Proclamation of Bee Day", "4. Adjournment"))
    recorded = council.poll()
    assert (recorded.alerts, recorded.updated) == ((), 1)
    stored = council.store.items.find("council", "m1")
    assert stored is not None
    assert [match.topic for match in stored.matches] == ["detainers"]


def test_an_agenda_that_was_only_set_anew_changes_nothing(council: Council) -> None:
    """Other numbers, another order, another date of printing."""
    council.settled(*MATCHING, "Printed on 11/20/2026")
    moved = (MATCHING[0], "1. Call to order", "2. Adjournment", "3. Report on detainers in the")
    council.post("/m1/agenda.pdf", (*moved, "past year", "Printed on 11/21/2026", "Page 1 of 1"))
    recorded = council.poll()
    assert (recorded.alerts, recorded.updated) == ((), 0)


def test_a_changed_amount_in_a_matching_item_is_told(council: Council) -> None:
    """The line is another one now."""
    council.settled(*OLD[:4], "4. Grant of $50,000 to serve detainers", "5. Adjournment")
    council.post(
        "/m1/agenda.pdf", (*OLD[:4], "4. Grant of $90,000 to serve detainers", "5. Adjournment")
    )
    assert "$90,000" in only(council.poll()).fields[0].new


def test_the_file_that_held_the_addition_is_archived(council: Council) -> None:
    """One can show what was public when."""
    council.settled()
    council.post("/m1/agenda.pdf", NEW)
    council.poll()
    stored = council.store.items.find("council", "m1")
    assert stored is not None
    (revision,) = council.store.items.revisions(stored.id)
    assert council.archive.read(revision.record).body == pdf([NEW])
    assert stored.record != revision.record


def test_the_match_is_found_by_search_and_digest_from_then_on(council: Council) -> None:
    """The item carries it like any other."""
    council.settled()
    council.post("/m1/agenda.pdf", NEW)
    council.poll()
    stored = council.store.items.find("council", "m1")
    assert stored is not None
    assert [match.topic for match in stored.matches] == ["detainers"]


# ------------------------------------------------------------------------------- another address


def test_an_agenda_posted_under_another_name_is_held_against_the_old_one(council: Council) -> None:
    """The new link by itself is no news; the added line is, and only that."""
    council.settled(*MATCHING)
    council.meetings = [Meeting(documents=["/m1/agenda-rev2.pdf"])]
    council.post("/m1/agenda-rev2.pdf", MATCHING)
    recorded = council.poll()
    assert (recorded.alerts, recorded.updated) == ((), 1)
    council.meetings = [Meeting(documents=["/m1/agenda-final.pdf"])]
    council.post("/m1/agenda-final.pdf", (*MATCHING[:3], f"3. {LATE}", "4. Adjournment"))
    alert = only(council.poll())
    assert alert.headline.startswith("Added late")
    assert [passage.text for passage in alert.matches[0].passages] == [LATE]


def test_an_item_put_into_the_agenda_and_its_packet_is_told_once(council: Council) -> None:
    """At once, or the packet later; what is new in the packet alone is told."""
    council.meetings = [Meeting(documents=["/m1/agenda.pdf", "/m1/agenda-packet.pdf"])]
    report = ("Staff report on agenda item 3", "Elm Street has not been paved since 1987.")
    council.post("/m1/agenda-packet.pdf", (*OLD, *report))
    council.settled()
    council.post("/m1/agenda.pdf", NEW)
    council.post("/m1/agenda-packet.pdf", (*NEW, *report))
    alert = only(council.poll())
    assert alert.fields[0].new.count(LATE) == 1
    later = f"4a. {LATE.replace('city', 'county')}"
    council.post("/m1/agenda.pdf", (*NEW, later))
    assert len(council.poll().alerts) == 1
    council.post("/m1/agenda-packet.pdf", (*NEW, later, *report))
    assert council.poll().alerts == ()
    council.post("/m1/agenda-packet.pdf", (*NEW, later, *report, "Detainers cost us $12 a day."))
    assert only(council.poll()).fields[0].new == "agenda-packet.pdf: Detainers cost us $12 a day."


def test_a_change_of_the_item_is_told_as_ever_and_says_what_was_added(council: Council) -> None:
    """A new status of a meeting on detainers is news, and so is what its agenda gained."""
    council.settled(*MATCHING)
    council.meetings = [Meeting(status="Room changed", documents=["/m1/agenda_v2.pdf"])]
    council.post("/m1/agenda_v2.pdf", (*MATCHING[:3], f"3. {LATE}", "4. Adjournment"))
    alert = only(council.poll())
    assert {one.name for one in alert.fields} == {"status", "attachments", "added_late"}
    assert [one.text for one in alert.matches[0].passages] == [
        LATE,
        "Report on detainers in the past year",
    ]


def test_an_addendum_is_held_against_the_agenda(council: Council) -> None:
    """What it repeats is no news, what it adds is added late."""
    council.settled(*MATCHING)
    council.meetings = [Meeting(documents=["/m1/agenda.pdf", "/m1/addendum.pdf"])]
    council.post("/m1/addendum.pdf", (MATCHING[0], MATCHING[2], f"A1. {LATE}"))
    alert = only(council.poll())
    assert alert.headline.startswith("Added late")
    assert alert.matches[0].passages[0].text == LATE
    assert "past year" not in alert.fields[-1].new


def test_one_address_for_whichever_meeting_is_next_compares_no_two_meetings(
    council: Council,
) -> None:
    """The file goes on to another meeting; all of its agenda is new, and none of it late."""
    council.settled(*MATCHING)
    later = Meeting("m2", "City Council, special meeting", timedelta(days=9))
    council.meetings = [Meeting(documents=()), Meeting(**(vars(later)))]
    council.post("/m1/agenda.pdf", NEW)
    alerts = council.poll().alerts
    assert [alert.change for alert in alerts] == [ChangeKind.NEW]
    assert not any("late" in alert.headline for alert in alerts)


# --------------------------------------------------------------------------------------- manners


def test_a_document_is_asked_for_every_six_hours_at_most(council: Council) -> None:
    """However often the calendar is polled; and with what the last answer carried."""
    council.post("/m1/agenda.pdf", OLD, version='"1"')
    for _ in range(26):
        council.poll(hours=1)
    assert council.asked("/calendar") == 26
    assert council.asked("/m1/agenda.pdf") == 5
    later = [seen for seen in council.server.seen if seen.target == "/m1/agenda.pdf"][1:]
    assert {seen.header("if-none-match") for seen in later} == {'"1"'}


@pytest.mark.parametrize(
    "meeting",
    [
        Meeting(ahead=timedelta(days=-1)),
        Meeting(ahead=timedelta(days=20)),
        Meeting(documents=()),
        Meeting(documents=["/m1/minutes.pdf"]),
    ],
    ids=["over", "far ahead", "no documents", "minutes"],
)
def test_nothing_is_asked_for_without_an_agenda_of_a_meeting_soon(
    council: Council, meeting: Meeting
) -> None:
    """A source without such meetings costs no request more."""
    council.meetings = [meeting]
    for path in meeting.documents:
        council.post(path, OLD)
    for _ in range(4):
        council.poll()
    assert [seen.target for seen in council.server.seen if "robots" not in seen.target] == [
        "/calendar"
    ] * 4


def test_a_source_that_reads_no_documents_is_not_asked_for_them(council: Council) -> None:
    """`documents: false` holds for these, too."""
    council.post("/m1/agenda.pdf", OLD)
    for _ in range(3):
        council.poll(documents=False)
    assert council.asked("/m1/agenda.pdf") == 0


def test_a_poll_asks_for_a_few_documents_and_the_next_ones_go_on(council: Council) -> None:
    """All of them get their turn, the soonest meetings first."""
    council.meetings = [
        Meeting(f"m{n}", f"Committee {n}", timedelta(days=1 + n), documents=[f"/m{n}/agenda.pdf"])
        for n in range(10)
    ]
    for n in range(10):
        council.post(f"/m{n}/agenda.pdf", OLD)
    council.poll(hours=1)
    assert council.poll(hours=1).collected.requests == 1 + MOST_DUE
    assert council.asked("/m0/agenda.pdf") == 1
    assert council.asked("/m9/agenda.pdf") == 0
    council.poll(hours=1)
    assert council.asked("/m9/agenda.pdf") == 1


def test_a_publisher_that_asks_for_a_pause_is_left_alone(council: Council) -> None:
    """The poll stands, says so, and asks for no further document."""
    council.meetings = [
        Meeting(f"m{n}", f"Committee {n}", timedelta(days=1 + n), documents=[f"/m{n}/agenda.pdf"])
        for n in range(3)
    ]
    council.poll()
    for n in range(3):
        council.server.on(f"/m{n}/agenda.pdf", busy())
    found = council.poll().collected
    assert found.requests == 2
    assert len(found.warnings) == 1


def test_a_document_that_cannot_be_read_is_not_carried_again_and_again(council: Council) -> None:
    """A scan without a reader of pictures, an old Word file: only another version is fetched."""
    scan = pdf([[]], picture=True)
    for body in (scan, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old Word"):
        council.server.on("/m1/agenda.pdf", answer(body, etag=f'"{len(body)}"'))
        for _ in range(3):
            assert council.poll().alerts == ()
        last = [seen for seen in council.server.seen if seen.target == "/m1/agenda.pdf"][-1]
        assert last.header("if-none-match") == f'"{len(body)}"'
    council.post("/m1/agenda.pdf", OLD)
    assert council.poll().alerts == ()
    council.post("/m1/agenda.pdf", NEW)
    assert len(council.poll().alerts) == 1


def test_a_document_that_fails_keeps_what_was_read_of_it(council: Council) -> None:
    """An error page in between is no other version."""
    council.settled()
    council.server.on("/m1/agenda.pdf", answer(b"<html>Sorry</html>", 404))
    assert len(council.poll().collected.warnings) == 1
    council.post("/m1/agenda.pdf", NEW)
    assert only(council.poll()).headline.startswith("Added late")


def test_a_poll_that_failed_asks_for_no_documents(council: Council) -> None:
    """A publisher in trouble is not troubled further."""
    council.settled()
    asked = council.asked("/m1/agenda.pdf")
    source, task = council.source(), prepare(council.store, council.source(), council.now, 0.0)
    council.server.on("/calendar", answer(b"down", 500))
    record(council.store, None, source, collect(task, council.fetcher, FILTERS), RULES)
    assert task.due
    assert council.asked("/m1/agenda.pdf") == asked


# ----------------------------------------------------------------------------------------- once


def test_a_crash_before_recording_loses_nothing(council: Council) -> None:
    """What was collected and not recorded is found again."""
    council.settled()
    council.post("/m1/agenda.pdf", NEW)
    lost = council.collected()
    assert [one.late is not None for one in lost.fresh] == [True]
    assert len(council.poll().alerts) == 1
    assert council.poll().alerts == ()


@pytest.mark.parametrize("step", ["documents.keep", "outbox.enqueue", "sources.finish_poll"])
def test_a_fault_while_recording_leaves_no_trace(
    council: Council, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The change, its alert and what was read are one transaction."""
    council.settled()
    council.post("/m1/agenda.pdf", NEW)
    part, _, method = step.partition(".")

    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patched:
        patched.setattr(getattr(council.store, part), method, fault)
        with pytest.raises(RuntimeError):
            council.poll()
    assert len(council.poll().alerts) == 1


def test_an_agenda_that_flaps_is_held_like_an_item(council: Council) -> None:
    """An item taken off and put back is told again, until it is clear that it goes on so."""
    council.settled()
    told = []
    for lines in (NEW, OLD) * 5:
        council.post("/m1/agenda.pdf", lines)
        told.append(len(council.poll().alerts))
    assert told == [1, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    stored = council.store.items.find("council", "m1")
    assert stored is not None
    assert [one.held for one in council.store.items.revisions(stored.id)] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_two_additions_in_turn_are_two_alerts(council: Council) -> None:
    """Each says only what it adds."""
    council.settled()
    council.post("/m1/agenda.pdf", NEW)
    first = only(council.poll())
    council.post("/m1/agenda.pdf", (*NEW[:5], "5. Report on detainers of 2025", "6. Adjournment"))
    second = only(council.poll())
    assert first.key != second.key
    assert second.fields[0].new == "agenda.pdf: 5. Report on detainers of 2025"


def test_a_meeting_of_the_first_poll_gets_its_agenda_read_in_silence(council: Council) -> None:
    """A backlog is not told, and what comes later is held against it."""
    council.post("/m1/agenda.pdf", MATCHING)
    assert council.poll().alerts == ()
    assert council.asked("/m1/agenda.pdf") == 0
    assert council.poll().alerts == ()
    assert council.asked("/m1/agenda.pdf") == 1


def test_a_cancelled_meeting_is_followed_no_longer(council: Council) -> None:
    """Nor is one that left the calendar."""
    council.settled()
    council.meetings = [Meeting(ahead=timedelta(days=-2))]
    council.poll()
    asked = council.asked("/m1/agenda.pdf")
    council.poll()
    assert council.asked("/m1/agenda.pdf") == asked


# ---------------------------------------------------------------------------------- read at last


def test_an_agenda_that_could_not_be_read_at_first_is_told_once_it_can(council: Council) -> None:
    """The calendar named the file an hour before it was there."""
    council.meetings = []
    council.poll()
    council.meetings = [Meeting()]
    council.server.on("/m1/agenda.pdf", answer(b"not yet", 404))
    assert council.poll().alerts == ()
    council.post("/m1/agenda.pdf", MATCHING)
    alert = only(council.poll())
    assert alert.headline.startswith("On the agenda, Tue, Nov 24")
    assert "agenda.pdf" in plain(alert, council.now)
    assert council.poll().alerts == ()
    council.post("/m1/agenda.pdf", (*MATCHING[:3], f"3. {LATE}", "4. Adjournment"))
    assert only(council.poll()).headline.startswith("Added late")


def test_more_agendas_than_a_poll_reads_are_read_by_the_next_ones(council: Council) -> None:
    """A bound defers, and drops nothing."""
    council.meetings = []
    council.poll()
    council.meetings = [
        Meeting(f"m{n}", f"Committee {n}", timedelta(days=1 + n / 9), documents=[f"/m{n}/agenda"])
        for n in range(MOST_DOCUMENTS + 4)
    ]
    for n in range(MOST_DOCUMENTS + 4):
        council.post(f"/m{n}/agenda", MATCHING)
    rules = replace(RULES, cap=100)
    first = council.poll(hours=1, rules=rules)
    assert len(first.alerts) == MOST_DOCUMENTS
    assert len(council.poll(hours=1, rules=rules).alerts) == 4
    assert council.poll(hours=1, rules=rules).alerts == ()
