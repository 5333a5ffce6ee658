"""What a Legistar source asks for, and how its answers lead on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from pydantic import ValidationError

from monitor.connectors import kinds
from monitor.connectors.legistar import Legistar
from monitor.errors import FetchError, FormatError
from monitor.models import Credential, Entry, ItemType, Mark, Poll, Refusal, Request
from tests.connectors.legistar_visit import NOW, POLL, ZONE, answer, asked, read, recorded, visit
from tests.servers.legistar_api import NO_AGENDA_STATUS, LegistarApi

COUNCIL = Legistar(client="exampleville")


def matter(number: int, touched: datetime = NOW, **fields: Any) -> dict[str, Any]:
    """Make a record of /matters up."""
    stamp = touched.strftime("%Y-%m-%dT%H:%M:%S.123")
    record = {"MatterId": number, "MatterTitle": f"Matter {number}", "MatterLastModifiedUtc": stamp}
    return record | fields


def event(number: int, day: datetime, **fields: Any) -> dict[str, Any]:
    """Make a record of /events with a published agenda up."""
    record = {
        "EventId": number,
        "EventBodyName": "City Council",
        "EventBodyId": 138,
        "EventDate": day.strftime("%Y-%m-%dT00:00:00"),
        "EventTime": "6:00 PM",
        "EventLastModifiedUtc": "2026-01-05T12:00:00",
        "EventAgendaFile": f"https://exampleville.legistar1.com/{number}.pdf",
    }
    return record | fields


def after(hours: float, cursor: dict[str, str], **fields: Any) -> Poll:
    """Say what the next poll is told."""
    now = NOW + timedelta(hours=hours)
    return Poll(now=now, timezone=ZONE, cursor=tuple(cursor.items()), first=False, **fields)


def of(api: LegistarApi, **options: Any) -> Legistar:
    """Configure a source that reads the server on loopback."""
    return Legistar(client="exampleville", api=api.address, **options)


# ---------------------------------------------------------------------------------- questions


def test_it_is_found_by_its_kind() -> None:
    """The word in YAML leads to the connector, and helper modules register nothing."""
    assert kinds()["legistar"] is Legistar


def test_a_first_poll_looks_back_a_month_at_legislation() -> None:
    """Every date that an edit can touch counts, in one filter of the sixteen terms it can hold."""
    question = unquote(asked(COUNCIL, "matters").url)
    assert question.startswith("https://webapi.legistar.com/v1/exampleville/matters?$filter=")
    assert "MatterLastModifiedUtc gt datetime'2026-10-24T17:00:00' or" in question
    assert question.count(" or ") == 15
    assert question.endswith("&$orderby=MatterId desc&$top=1000&$skip=0")


def test_all_coming_meetings_are_asked_for_from_the_councils_own_today() -> None:
    """At 03:00 UTC it is still the day before in New York; LastModified alone would miss edits."""
    night = Poll(now=datetime(2026, 11, 24, 3, tzinfo=UTC), timezone=ZONE)
    question = unquote(asked(COUNCIL, "events", night).url)
    assert " or EventDate ge datetime'2026-11-23T00:00:00'&" in question


def test_a_later_poll_looks_back_three_days_behind_the_last_one() -> None:
    """The overlap catches what was edited without a new LastModified."""
    poll = after(1, {"matters": "2026-11-23T17:00:00Z"})
    assert "gt datetime'2026-11-20T17:00:00'" in unquote(asked(COUNCIL, "matters", poll).url)


def test_a_backfill_looks_as_far_back_as_it_is_told() -> None:
    """`--backfill` widens the look-back, and never narrows it."""
    cursor = {"matters": "2026-11-23T17:00:00Z"}
    wide = after(1, cursor, since=datetime(2025, 1, 1, tzinfo=UTC))
    narrow = after(1, cursor, since=NOW)
    assert "gt datetime'2025-01-01T00:00:00'" in unquote(asked(COUNCIL, "matters", wide).url)
    assert "gt datetime'2026-11-20T17:00:00'" in unquote(asked(COUNCIL, "matters", narrow).url)


def test_a_mark_that_cannot_be_read_falls_back_to_the_first_look() -> None:
    """Nothing is missed where the stored mark is damaged."""
    poll = after(0, {"matters": "yesterday"})
    assert asked(COUNCIL, "matters", poll) == asked(COUNCIL, "matters")


def test_json_is_asked_for() -> None:
    """Some tenants answer XML to whoever does not say."""
    assert ("Accept", "application/json") in asked(COUNCIL, "matters").headers


def test_every_answer_is_read_also_one_that_equals_the_last() -> None:
    """A list leads on to agendas; an agenda's items are heard anew when the meeting is moved."""
    found = read(COUNCIL, "events", recorded("events.json"))
    asked_for = [*COUNCIL.requests(POLL), *[one for one in found if isinstance(one, Request)]]
    assert len(asked_for) == 4
    assert not any(one.conditional for one in asked_for)


def test_what_is_not_wanted_is_not_asked_for() -> None:
    """A source may read only legislation, or only meetings."""
    assert [r.step for r in Legistar(client="x", events=False).requests(POLL)] == ["matters"]
    assert [r.step for r in Legistar(client="x", matters=False).requests(POLL)] == ["events"]


@pytest.mark.parametrize(
    "options",
    [
        {"client": "a/b"},
        {"client": ""},
        {"client": "x", "site": "exampleville.gov"},
        {"client": "x", "agendas": -1},
        {"client": "x", "texts": ("MatterTitel",)},
        {"client": "x", "matters": False, "events": False},
        {"client": "x", "evnts": True},
    ],
)
def test_options_that_would_do_nothing_are_refused(options: dict[str, Any]) -> None:
    """YAML that is accepted and does nothing is worse than an error."""
    with pytest.raises(ValidationError):
        Legistar(**options)


# -------------------------------------------------------------------------------------- token


def test_the_token_is_named_after_the_client() -> None:
    """Capitals, and an underscore for whatever cannot stand in a variable's name."""
    [secret] = asked(Legistar(client="cook-county"), "matters").credentials
    assert secret == Credential(
        "LEGISTAR_TOKEN_COOK_COUNTY",
        "query",
        "token",
        required=False,
        hosts=("webapi.legistar.com",),
    )


def test_a_source_that_demands_a_token_says_so() -> None:
    """`doctor` can then say what is missing before the first poll."""
    demanding = Legistar(client="nyc", token=True)
    assert demanding.needs == ("LEGISTAR_TOKEN_NYC",)
    assert all(secret.required for secret in asked(demanding, "matters").credentials)
    assert COUNCIL.needs == ()


def test_a_client_that_wants_a_token_names_the_variable_to_set() -> None:
    """The real answer is HTTP 403 with a few words."""
    with LegistarApi(token="made-up") as api:
        with pytest.raises(FetchError, match="set LEGISTAR_TOKEN_EXAMPLEVILLE"):
            visit(of(api), POLL)
        api.matters = [matter(1)]
        found = visit(of(api), POLL, {"LEGISTAR_TOKEN_EXAMPLEVILLE": "made-up"})
    assert list(found.entries) == ["matter-1"]


# --------------------------------------------------------------------------------------- pages


def test_all_pages_are_read_once() -> None:
    """A thousand rows are a full page; two thousand and one rows are three."""
    with LegistarApi() as api:
        api.matters = [matter(number) for number in range(1, 2002)]
        found = visit(of(api, events=False), POLL)
    assert len(found.entries) == 2001
    assert len(api.asked) == 3


def test_exactly_one_full_page_leads_to_an_empty_one() -> None:
    """At the cap nobody can know, so the next page is asked for."""
    with LegistarApi() as api:
        api.matters = [matter(number) for number in range(1, 1001)]
        found = visit(of(api, events=False), POLL)
    assert (len(found.entries), len(api.asked)) == (1000, 2)


def test_a_matter_that_is_added_between_two_pages_hides_none() -> None:
    """With descending ids it pushes others down: one comes twice, none is lost."""
    rows = [matter(number) for number in range(2000, 0, -1)]
    council = Legistar(client="x", events=False)
    [first] = council.requests(POLL)
    found = list(council.parse(answer(first, rows[:1000]), POLL))
    [second] = [one for one in found if isinstance(one, Request)]
    shifted = [matter(2001), *rows][1000:2000]
    found += council.parse(answer(second, shifted), POLL)
    keys = {one.key for one in found if isinstance(one, Entry)}
    assert {f"matter-{number}" for number in range(2, 2001)} <= keys


def test_the_time_is_marked_only_when_a_list_was_read_to_its_end() -> None:
    """A poll that breaks off between two pages must begin again where it began."""
    full = read(COUNCIL, "matters", [matter(number) for number in range(1000, 0, -1)])
    last = read(COUNCIL, "matters", [matter(1)])
    assert [one for one in full if isinstance(one, Mark)] == []
    assert Mark("matters", "2026-11-23T17:00:00Z") in last


def test_a_tenant_that_disregards_the_filter_is_read_as_far_as_it_is_new() -> None:
    """Nashville answers every matter ever; with newest first, the first old page is the last."""
    old = datetime(2019, 1, 1, tzinfo=UTC)
    with LegistarApi() as api:
        api.matters = [matter(n, old if n <= 3000 else NOW) for n in range(1, 3501)]
        api.ignores = frozenset({"$filter"})
        found = visit(of(api, events=False), POLL)
    assert len(api.asked) == 2
    assert "matter-3500" in found.entries


@pytest.mark.parametrize(
    ("ignored", "reason"),
    [
        (frozenset({"$filter", "$orderby"}), "neither filtered"),
        (frozenset({"$skip"}), "is the page before"),
    ],
)
def test_a_tenant_that_disregards_the_order_or_the_page_fails(
    ignored: frozenset[str], reason: str
) -> None:
    """Reading the oldest rows for ever, or one page for ever, must not look like no news."""
    old = datetime(2019, 1, 1, tzinfo=UTC)
    with LegistarApi() as api:
        api.matters = [matter(n, NOW if "$skip" in ignored else old) for n in range(1, 1501)]
        api.ignores = ignored
        with pytest.raises(FormatError, match=reason):
            visit(of(api, events=False), POLL)


def test_paging_ends_somewhere() -> None:
    """A bound is said, never kept silent."""
    request = Request("https://example.org", step="matters", about=("39000", "90000"))
    rows = [matter(number) for number in range(50_000, 49_000, -1)]
    found = list(COUNCIL.parse(answer(request, rows), POLL))
    assert [one.what for one in found if isinstance(one, Refusal)] == ["matters beyond 40000"]
    assert not any(isinstance(one, Request) for one in found)


# ------------------------------------------------------------------------------------ meetings


def test_a_client_whose_meetings_are_not_set_up_still_gives_its_matters() -> None:
    """San Francisco's and Lexington's /events answers 400 about a missing setting."""
    with LegistarApi() as api:
        api.matters = [matter(1)]
        api.refusals["events"] = (400, NO_AGENDA_STATUS)
        found = visit(of(api), POLL)
    assert list(found.entries) == ["matter-1"]
    assert "not set up to list its meetings" in found.warnings[0].reason
    assert "events" not in found.marks


def test_where_only_meetings_are_read_their_failure_is_the_polls() -> None:
    """Nothing read is a failure, never no news."""
    with LegistarApi() as api:
        api.refusals["events"] = (400, NO_AGENDA_STATUS)
        with pytest.raises(FetchError):
            visit(of(api, matters=False), POLL)


def test_an_unknown_client_is_said_to_be_one() -> None:
    """The API answers HTTP 500 with a stack trace."""
    with (
        LegistarApi("elsewhere") as api,
        pytest.raises(FetchError, match="no client 'exampleville'"),
    ):
        visit(of(api), POLL)


def test_a_coming_meeting_is_read_although_nothing_bumped_its_time_stamp() -> None:
    """A changed time or a cancellation often leaves LastModified as it was."""
    with LegistarApi() as api:
        api.events = [event(9, NOW + timedelta(days=40))]
        seen = visit(of(api, matters=False), POLL)
        api.events[0]["EventTime"] = "4:00 PM"
        again = visit(of(api, matters=False), after(200, seen.marks))
    before, now = seen.entries["event-9"].hearings[0], again.entries["event-9"].hearings[0]
    assert (before.said, now.said) == ("6:00 PM", "4:00 PM")


def test_only_the_meetings_of_named_bodies_are_read() -> None:
    """By name, whatever its capitals, or by BodyId."""
    rows = [
        event(1, NOW, EventBodyName="Library Board", EventBodyId=7),
        event(2, NOW, EventBodyName="City Council", EventBodyId=138),
        event(3, NOW, EventBodyName="Committee on Finance", EventBodyId=9),
    ]
    found = read(Legistar(client="x", bodies=("CITY COUNCIL", 7)), "events", rows)
    assert [one.key for one in found if isinstance(one, Entry)] == ["event-1", "event-2"]


def test_published_agendas_of_meetings_that_will_be_held_are_read() -> None:
    """Not the cancelled ones, not those without an agenda, not last year's."""
    found = read(COUNCIL, "events", recorded("events.json"))
    agendas = [one for one in found if isinstance(one, Request) and one.step == "agenda"]
    assert [one.url.partition("/events/")[2] for one in agendas] == [
        "906/EventItems?AgendaNote=1&MinutesNote=1&Attachments=1",
        "901/EventItems?AgendaNote=1&MinutesNote=1&Attachments=1",
    ]
    assert all(one.optional for one in agendas)


def test_agendas_over_the_bound_have_their_turn_at_the_next_poll() -> None:
    """A bound defers, it never drops: three polls of two read all five, and begin again."""
    with LegistarApi() as api:
        api.events = [event(number, NOW + timedelta(days=number)) for number in range(1, 6)]
        council, cursor, read_ids = of(api, matters=False, agendas=2), dict[str, str](), []
        for hour in range(3):
            found = visit(council, after(hour, cursor))
            cursor = found.marks
            read_ids.append([r.url.split("/")[-2] for r in found.steps("agenda")])
    assert read_ids == [["1", "2"], ["3", "4"], ["5", "1"]]


def test_an_agenda_that_cannot_be_read_leaves_its_meeting() -> None:
    """EventItems of a draft answer 400."""
    with LegistarApi() as api:
        api.events = [event(1, NOW)]
        api.refusals["EventItems"] = (
            400,
            b'{"Message":"Agenda status not viewable by the public"}',
        )
        found = visit(of(api, matters=False), POLL)
    assert list(found.entries) == ["event-1"]
    assert "not viewable" in found.warnings[0].reason


def test_no_agenda_is_read_where_none_is_wanted() -> None:
    """`agendas: 0` reads meetings alone."""
    found = read(Legistar(client="x", agendas=0), "events", recorded("events.json"))
    assert not any(isinstance(one, Request) for one in found)


# ----------------------------------------------------------------------------------- documents


def test_documents_are_an_entry_of_their_own_beside_the_matter() -> None:
    """So the matter stands where they cannot be had; both carry the matter's names."""
    with LegistarApi() as api:
        api.matters = recorded("matters.json")[:1]
        api.attachments[7001] = recorded("attachments.json")
        found = visit(of(api, events=False, details=5), POLL)
    documents, itself = found.entries["documents-7001"], found.entries["matter-7001"]
    assert documents.type is ItemType.COUNCIL_ITEM
    assert documents.identifiers == itself.identifiers
    assert [one.title for one in documents.attachments] == [
        "1. Summary of Int. No. 42",
        "2. Int. No. 42",
    ]
    assert itself.attachments == ()


def test_documents_are_asked_for_once_a_touch_and_a_bounded_number_at_a_time() -> None:
    """The matters beyond the bound wait; those that were read are not read again."""
    with LegistarApi() as api:
        council = of(api, events=False, details=2)
        cursor = visit(council, POLL).marks
        api.matters = [matter(number, NOW + timedelta(minutes=30)) for number in range(1, 6)]
        read_ids = []
        for hour in range(1, 10, 2):
            found = visit(council, after(hour, cursor))
            cursor = found.marks
            read_ids.append([r.url.split("/")[-2] for r in found.steps("documents")])
    assert read_ids == [["5", "4"], ["3", "2"], ["1"], [], []]


def test_a_first_poll_lets_no_documents_wait() -> None:
    """It is silent; what waited would be alerted as news at the second poll."""
    with LegistarApi() as api:
        api.matters = [matter(number) for number in range(1, 6)]
        found = visit(of(api, events=False, details=2), POLL)
    assert len(found.steps("documents")) == 2
    assert found.marks["details 0"] == ""
