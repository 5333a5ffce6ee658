"""Chicago's eLMS: touched matters, their documents and actions, and meetings."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.connectors.chicago_elms import ChicagoElms
from monitor.errors import FormatError, SoftError
from monitor.models import Identifier, ItemType, Poll
from tests.connectors.agenda_visit import (
    NOW,
    answered,
    entries,
    items_in_manifest,
    marks,
    recorded,
    refusals,
    requests,
)

CITY = ChicagoElms()
POLL = Poll(now=NOW, timezone="America/Chicago")
MATTERS = recorded("chicago_elms", "matters.json")
MEETINGS = recorded("chicago_elms", "meetings.json")
ID = "2EB4D6A1-0000-F111-8F6E-001DD8090001"
SCOPE = "ocd-division/country:us/state:il/place:chicago"


def test_a_first_poll_looks_some_days_back_with_bare_times() -> None:
    """The API wants no datetime'' around its literals, and every date counts as a touch."""
    matters, meetings = CITY.requests(POLL)
    assert matters.url.startswith(
        "https://api.chicityclerkelms.chicago.gov/matter?filter=actions/any(a:%20a/actionDate%20gt"
        "%202026-11-09T17:00:00Z)%20or%20introductionDate%20gt%202026-11-09T17:00:00Z"
    )
    assert "lastPublicationDate%20gt" in matters.url
    assert matters.url.endswith("&sort=introductionDate%20asc&top=500&skip=0")
    assert "/meeting?filter=date%20gt%202026-11-09T17:00:00Z&sort=date%20asc" in meetings.url


def test_later_polls_overlap_and_meetings_are_always_read() -> None:
    """Matters since the last poll less three days; meetings by their own dates."""
    poll = replace(POLL, cursor=(("matter", "2026-11-23T16:00:00Z"), ("meeting", "x")))
    matters, meetings = CITY.requests(poll)
    assert "2026-11-20T16:00:00Z" in matters.url
    assert "2026-11-09T17:00:00Z" in meetings.url


def test_a_matter_is_read_with_its_stage_and_both_its_numbers() -> None:
    """A substitute ordinance is the same matter as the ordinance."""
    parsed = answered(CITY, MATTERS, "matter", ("0",), POLL)
    found = entries(parsed)[f"matter-{ID}"]
    assert found.type is ItemType.COUNCIL_ITEM
    assert found.status == "Final, Passed"
    assert found.url == f"https://chicityclerkelms.chicago.gov/Matter/?matterId={ID}"
    assert found.published == datetime(2026, 10, 16, 15, tzinfo=UTC)
    assert [str(one) for one in found.identifiers[1:]] == [
        f"council_file:{SCOPE}:SO2026-0012345",
        f"council_file:{SCOPE}:O2026-0012345",
    ]
    assert found.labels == ("Ordinance", "MUNICIPAL CODE AMENDMENTS")


def test_nulls_are_survived_and_a_matter_without_id_is_refused() -> None:
    """The short title stands in for a missing one."""
    parsed = answered(CITY, MATTERS, "matter", ("0",), POLL)
    other = entries(parsed)[f"matter-{ID[:-1]}2"]
    assert other.title == "Call for hearing"
    assert Identifier("council_file", SCOPE, "R2020-1") in other.identifiers
    assert [one.why for one in refusals(parsed)] == ["the record has no matterId"]


def test_touched_matters_are_asked_for_and_the_time_is_marked() -> None:
    """Documents and actions stand in another answer."""
    parsed = answered(CITY, MATTERS, "matter", ("0",), POLL)
    assert [one.url.rpartition("/")[2] for one in requests(parsed)] == [ID, f"{ID[:-1]}2"]
    assert all(one.optional for one in requests(parsed))
    assert marks(parsed) == {"details 0": "", "matter": "2026-11-23T17:00:00Z"}


def test_what_exceeds_the_bound_waits() -> None:
    """Only matters that were published since, and those that waited."""
    one = ChicagoElms(details=1)
    poll = replace(POLL, cursor=(("matter", "2026-11-20T15:00:00Z"),))
    first = answered(one, MATTERS, "matter", ("0",), poll)
    assert marks(first)["details 0"] == f"{ID[:-1]}2"
    later = replace(POLL, cursor=(("matter", "2026-11-23T15:00:00Z"), ("details 0", f"{ID[:-1]}9")))
    second = answered(one, MATTERS, "matter", ("0",), later)
    assert requests(second)[0].url.endswith("9")


def test_a_further_page_is_asked_for_where_there_is_one() -> None:
    """`meta.count` says how many there are, not the length of the page."""
    answer = json.loads(MATTERS)
    answer["meta"]["count"] = 1200
    parsed = answered(ChicagoElms(details=0), json.dumps(answer), "matter", ("500",), POLL)
    assert requests(parsed)[0].url.endswith("skip=1000")
    assert "matter" not in marks(parsed)
    answer["data"] = []
    assert "matter" in marks(answered(CITY, json.dumps(answer), "matter", ("1000",), POLL))


def test_documents_and_the_last_action_are_an_entry_of_their_own() -> None:
    """Clerical steps and dates ahead are no actions; one link counts once."""
    body = recorded("chicago_elms", "matter.json")
    [found] = entries(answered(CITY, body, "details", (ID,), POLL)).values()
    assert found.key == f"documents-{ID}"
    assert found.status == "Passed as Substitute, City Council, 2026-11-18"
    assert [one.title for one in found.attachments] == ["Text: SO2026-0012345.pdf"]
    assert found.noise == (("sponsors", "A. Alder"),)


def test_a_meeting_has_its_time_in_utc_and_a_deadline_for_comments() -> None:
    """The comment holds what people need to know."""
    found = list(entries(answered(CITY, MEETINGS, "meeting", ("0",), POLL)).values())
    held, deadline = found[0].hearings
    assert held.starts == datetime(2026, 12, 2, 16, tzinfo=UTC)
    assert deadline.kind == "comment_deadline"
    assert deadline.starts == datetime(2026, 12, 1, 21, tzinfo=UTC)
    assert found[0].status == ""
    assert [one.title for one in found[0].attachments] == ["Notice: Notice.pdf"]


def test_a_cancelled_meeting_is_told_from_one_that_replaces_another() -> None:
    """A meeting that says where it was rescheduled from is the new one."""
    found = list(entries(answered(CITY, MEETINGS, "meeting", ("0",), POLL)).values())
    assert [one.hearings[0].cancelled for one in found] == [False, True, False]
    assert found[1].status == "Cancelled"


@pytest.mark.parametrize(
    ("step", "body", "error"),
    [
        ("matter", b'{"message": "filter is malformed"}', SoftError),
        ("matter", b'{"data": []}', FormatError),
        ("meeting", b"<html><title>Maintenance</title></html>", SoftError),
        ("details", b'{"error": "not found"}', SoftError),
        ("details", b"{}", FormatError),
    ],
)
def test_an_answer_that_is_none_is_a_failure(step: str, body: bytes, error: type) -> None:
    """An error must not read as an empty list."""
    with pytest.raises(error):
        answered(CITY, body, step, ("0",), POLL)


def test_something_must_be_read() -> None:
    """Both lists off is a mistake in the YAML."""
    with pytest.raises(ValidationError, match="nothing is left"):
        ChicagoElms(matters=False, meetings=False)


def test_the_clerks_site_is_recognised() -> None:
    """It needs no options."""
    assert (
        ChicagoElms.recognise("https://chicityclerkelms.chicago.gov/Matter/?matterId=1", "") == ()
    )
    assert ChicagoElms.recognise("https://chicago.gov/", "") is None


def test_real_meetings_are_read_to_the_last(shared: Path) -> None:
    """All 99 of a page of a hundred; the count of statuses is the publisher's."""
    name = "chicago-elms/cs__chi_citycouncil.json"
    body = (shared / "recordings" / name).read_bytes()
    poll = Poll(now=datetime(2023, 9, 23, tzinfo=UTC), timezone="America/Chicago")
    parsed = answered(CITY, body, "meeting", ("0",), poll)
    found = list(entries(parsed).values())
    assert f"{len(found)} data" == items_in_manifest(shared, name)
    assert not refusals(parsed)
    assert Counter(one.status for one in found) == {
        "": 89, "Cancelled": 5, "Rescheduled": 3, "Reconvened": 1, "Recessed": 1,
    }  # fmt: skip
    assert all(one.hearings[0].starts for one in found)
    assert sum(one.hearings[0].cancelled for one in found) == 15
    assert sum(len(one.attachments) for one in found) == body.count(b'"path":')
    deadlines = [one.hearings[1] for one in found if len(one.hearings) > 1]
    assert len(deadlines) == 10
    assert all(one.starts for one in deadlines)
