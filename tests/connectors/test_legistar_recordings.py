"""Real answers of the Legistar Web API, read to the last row."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.connectors.legistar import Legistar
from monitor.models import Entry, Parsed, Poll, Refusal, Request
from monitor.normalise import normalise_all
from tests.connectors.legistar_visit import answer

PACIFIC = "America/Los_Angeles"


def body_of(shared: Path, name: str) -> bytes:
    """Read a recorded answer."""
    return (shared / "recordings" / "legistar-webapi" / name).read_bytes()


def rows_in_manifest(shared: Path, name: str) -> int:
    """Look up how many records a recorded answer holds."""
    with (shared / "recordings" / "MANIFEST.tsv").open(newline="") as file:
        [row] = [
            one
            for one in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if one["file"] == f"legistar-webapi/{name}"
        ]
    return int(row["item_count"])


def parse(
    client: str, step: str, body: bytes, about: tuple[str, ...], now: datetime
) -> list[Parsed]:
    """Parse a recorded answer as one step's."""
    poll = Poll(now=now, timezone=PACIFIC)
    request = Request(f"https://webapi.legistar.com/v1/{client}/{step}", step=step, about=about)
    return list(Legistar(client=client).parse(answer(request, body), poll))


def entries(found: list[Parsed]) -> list[Entry]:
    """Keep the entries."""
    assert not any(isinstance(one, Refusal) for one in found)
    return [one for one in found if isinstance(one, Entry)]


@pytest.mark.parametrize(
    ("client", "name", "now", "cancelled"),
    [
        ("seattle", "seattle_events.json", datetime(2016, 6, 1, tzinfo=UTC), 214),
        ("oakland", "oakland_events_pubsafety.json", datetime(2004, 6, 1, tzinfo=UTC), 37),
    ],
)
def test_every_meeting_of_a_full_page_is_read(
    shared: Path, client: str, name: str, now: datetime, cancelled: int
) -> None:
    """Both answers hold exactly the cap of 1,000 rows; all times are read."""
    found = entries(parse(client, "events", body_of(shared, name), ("0", ""), now))
    assert len(found) == rows_in_manifest(shared, name) == 1000
    assert len(normalise_all(found, "s", "j")) == 1000
    hearings = [one.hearings[0] for one in found]
    assert all(one.starts is not None and not one.all_day for one in hearings)
    assert sum(one.cancelled for one in hearings) == cancelled
    assert all(one.url.startswith(f"https://{client}.legistar.com/MeetingDetail") for one in found)
    assert not any(one.title.startswith("*") for one in found)


def test_a_full_page_whose_last_rows_are_wanted_leads_to_the_next(shared: Path) -> None:
    """At the cap the answer may go on, and the next question continues after it."""
    body = body_of(shared, "seattle_events.json")
    found = parse("seattle", "events", body, ("0", ""), datetime(2017, 8, 1, tzinfo=UTC))
    pages = [one for one in found if isinstance(one, Request) and one.step == "events"]
    assert len(pages) == 1
    assert "$skip=1000" in pages[0].url


def test_times_are_read_in_the_councils_zone(shared: Path) -> None:
    """Seattle's first meeting was at 9:30 on 3 February 2015, in winter time."""
    body = body_of(shared, "seattle_events.json")
    now = datetime(2016, 6, 1, tzinfo=UTC)
    first = entries(parse("seattle", "events", body, ("0", ""), now))[0]
    assert first.hearings[0].starts == datetime(2015, 2, 3, 17, 30, tzinfo=UTC)


def test_agendas_are_read_without_furniture(shared: Path) -> None:
    """Of Oakland's fifteen rows three are furniture; Seattle's single one is a call to order."""
    now = datetime(2019, 5, 1, tzinfo=UTC)
    event = '{"EventId": 8172, "EventDate": "2019-04-23T00:00:00", "EventTime": "6:30 PM"}'
    name = "oakland_eventitems_8172.json"
    found = entries(parse("oakland", "agenda", body_of(shared, name), (event,), now))
    assert (len(found), rows_in_manifest(shared, name)) == (12, 15)
    assert sum(bool(one.identifiers) for one in found) == 7
    assert not any(one.title.startswith("Subject") for one in found)


def test_a_single_record_is_no_list(shared: Path) -> None:
    """The sample of one Seattle row is an object, as /eventitems/{id} answers."""
    body = b"[" + body_of(shared, "seattle_eventitems.json").strip() + b"]"
    now = datetime(2015, 5, 1, tzinfo=UTC)
    assert entries(parse("seattle", "agenda", body, ('{"EventId": 1430}',), now)) == []
