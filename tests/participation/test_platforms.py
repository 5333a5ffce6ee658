"""Where a platform states a way to take part in a field of its own, the entry has it.

The answers are the made-up recordings of each connector, with the field filled in.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.connectors.civicclerk import CivicClerk
from monitor.connectors.escribe import Escribe
from monitor.connectors.legistar import Legistar
from monitor.connectors.primegov import PrimeGov
from monitor.models import Contact, ContactKind, Entry
from tests.connectors import legistar_visit as legistar
from tests.connectors.meeting_visit import POLL, answer, asked, entries, own, poll_in, read
from tests.connectors.recorded_visits import by_sort, visit


def ways(entry: Entry) -> tuple[tuple[ContactKind, str], ...]:
    """Return what an entry says about taking part; none of it comes from a sentence."""
    assert not any(one.said for one in entry.participation)
    return tuple((one.kind, one.value) for one in entry.participation)


def amended(kind: str, file: str, **fields: Any) -> list[Entry]:
    """Read a recording whose first record has other fields."""
    found = visit(kind, file)
    told = json.loads(found.body)
    record = next(iter(told.get("data") or told.get("results")))
    record.get("attributes", record).update(fields)
    return by_sort(found.read(json.dumps(told).encode())).entries


def test_an_open_document_of_regulations_gov_leads_to_its_form() -> None:
    """The link is made of the document's number; a closed one has none."""
    entry = amended("regulations", "documents.json", openForComment=True)[0]
    link = f"https://www.regulations.gov/commenton/{entry.key}"
    assert ways(entry) == ((ContactKind.FORM, link),)
    closed = amended("regulations", "documents.json", openForComment=False)[0]
    assert closed.participation == ()


def test_the_federal_register_says_where_comments_are_given() -> None:
    """Its field is asked for, and may be null."""
    link = "https://www.regulations.gov/commenton/ICEB-2026-0001-0001"
    entry = amended("federal_register", "documents.json", comment_url=link)[0]
    assert ways(entry) == ((ContactKind.FORM, link),)
    assert amended("federal_register", "documents.json", comment_url=None)[0].participation == ()
    requests = visit("federal_register", "documents.json").connector.requests(POLL)
    assert any("fields[]=comment_url" in one.url for one in requests)


def test_a_portals_video_is_a_way_to_watch_only_while_the_meeting_is_ahead() -> None:
    """Later the same field leads to a recording."""
    city = PrimeGov(client="exampleville")
    ahead = entries(read(city, own("primegov", "upcoming.json")))[0]
    assert ways(ahead) == ((ContactKind.VIDEO, "https://video.example/1"),)
    later = poll_in("America/New_York", "2026-11-20")
    assert entries(read(city, own("primegov", "upcoming.json"), later))[0].participation == ()


@pytest.mark.parametrize("said", ["https://video.example/9", "javascript:alert(1)", "", None])
def test_civicclerks_media_link_must_be_a_link(said: str | None) -> None:
    """What is no address is left out."""
    body = json.loads(own("civicclerk", "events.json"))
    body["value"][0]["externalMediaUrl"] = said
    council = entries(read(CivicClerk(tenant="Exampleville"), json.dumps(body)))[0]
    is_link = bool(said) and str(said).startswith("https")
    assert ways(council) == (((ContactKind.VIDEO, str(said)),) if is_link else ())


@pytest.mark.parametrize("live", [True, False])
def test_escribes_live_page_is_taken_out_of_its_html(live: bool) -> None:
    """The field holds the beginning of a link, also where nothing is shown live."""
    city = Escribe(tenant="Exampleville")
    body = json.loads(own("escribe", "calendar.json"))
    body["d"][0] |= {
        "HasLiveVideo": live,
        "LiveVideoStandAloneLink": "<a class='link' href='VideoStream.aspx?MeetingId=1'>",
    }
    [request] = asked(read(city, "<html></html>"))
    entry = entries(city.parse(answer(request, json.dumps(body)), POLL))[0]
    page = "https://pub-exampleville.escribemeetings.com/VideoStream.aspx?MeetingId=1"
    assert ways(entry) == (((ContactKind.VIDEO, page),) if live else ())


def test_legistars_video_belongs_to_the_meeting() -> None:
    """A meeting that is over has a recording, and nothing to join."""
    rows = legistar.recorded("events.json")
    for row in rows:
        row["EventVideoPath"] = "https://video.example/7"
    found = [
        one
        for one in legistar.read(Legistar(client="exampleville"), "events", rows)
        if isinstance(one, Entry)
    ]
    assert found
    for entry in found:
        starts = entry.hearings[0].starts
        ahead = starts is not None and starts >= legistar.NOW and not entry.hearings[0].cancelled
        told = Contact(ContactKind.VIDEO, "https://video.example/7", field="EventVideoPath")
        assert entry.participation == ((told,) if ahead else ())
    assert any(one.participation for one in found)
