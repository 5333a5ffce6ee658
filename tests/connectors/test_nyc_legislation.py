"""New York City by its public mirror: what changed, and the files themselves."""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.connectors.legistar import Legistar
from monitor.connectors.nyc_legislation import NycLegislation
from monitor.errors import FormatError, SoftError
from monitor.models import Entry, ItemType, Parsed, Poll
from monitor.normalise import normalise_all
from tests.connectors.agenda_visit import (
    POLL,
    answered,
    entries,
    items_in_manifest,
    marks,
    recorded,
    refusals,
    requests,
)

CITY = NycLegislation()
BASE, MIDDLE, HEAD = "a" * 40, "b" * 40, "c" * 40
COMPARE = recorded("nyc_legislation", "compare.json")
MATTER = recorded("nyc_legislation", "matter.json")
EVENT = recorded("nyc_legislation", "event.json")
LATER = replace(POLL, first=False, cursor=(("commit", BASE), ("waiting", "")))


def file(body: bytes, path: str, poll: Poll = POLL) -> list[Parsed]:
    """Read a file of the mirror."""
    return answered(CITY, body, "file", (path,), poll)


def test_a_first_poll_looks_for_the_commit_of_some_days_ago() -> None:
    """And compares from there; a token is used where there is one."""
    [request] = CITY.requests(POLL)
    assert request.url == (
        "https://api.github.com/repos/jehiah/nyc_legislation/commits"
        "?sha=master&until=2026-11-20T17%3A00%3A00Z&per_page=1"
    )
    assert not request.credentials[0].required
    assert CITY.needs == ()
    [compare] = requests(answered(CITY, recorded("nyc_legislation", "base.json"), "base"))
    assert compare.url.endswith(f"/compare/{BASE}...master")


def test_later_polls_compare_with_the_last_commit_that_was_read() -> None:
    """A backfill starts from further back instead."""
    [request] = CITY.requests(LATER)
    assert request.url.endswith(f"/compare/{BASE}...master")
    [back] = CITY.requests(replace(LATER, since=datetime(2026, 10, 1, tzinfo=UTC)))
    assert "until=2026-10-01" in back.url


def test_changed_files_are_asked_for_at_the_newest_commit() -> None:
    """Indexes, people and removed files are passed over."""
    parsed = answered(CITY, COMPARE, "compare", (BASE,), LATER)
    raw = f"https://raw.githubusercontent.com/jehiah/nyc_legislation/{HEAD}"
    assert [one.url for one in requests(parsed, "file")] == [
        f"{raw}/events/2026/2026-12-03_10_00_immigration_23001.json",
        f"{raw}/introduction/2026/1001.json",
        f"{raw}/resolution/2026/0501.json",
    ]
    assert not any(one.optional for one in requests(parsed))
    assert marks(parsed) == {"commit": HEAD, "waiting": ""}


def test_folders_and_the_bound_narrow_a_poll_and_lose_nothing() -> None:
    """What waits comes first the next time, at that time's newest commit."""
    one = NycLegislation(files=1, folders=("introduction", "resolution"))
    first = answered(one, COMPARE, "compare", (BASE,), LATER)
    assert [r.about for r in requests(first)] == [("introduction/2026/1001.json",)]
    assert marks(first)["waiting"] == "resolution/2026/0501.json"
    poll = replace(LATER, cursor=tuple(marks(first).items()))
    second = answered(one, COMPARE, "compare", (HEAD,), poll)
    assert [r.about for r in requests(second)] == [("resolution/2026/0501.json",)]


def test_a_first_poll_lets_nothing_wait() -> None:
    """It is silent; what waited would be told as news later."""
    first = answered(NycLegislation(files=1), COMPARE, "compare", (BASE,))
    assert marks(first)["waiting"] == ""


def test_a_comparison_that_is_too_long_goes_half_the_way() -> None:
    """The API lists 300 files and says nothing of the others."""
    answer = json.loads(COMPARE)
    answer["files"] = [answer["files"][1]] * 300
    [half] = answered(CITY, json.dumps(answer), "compare", (BASE,), LATER)
    assert requests([half])[0].url.endswith(f"/compare/{BASE}...{MIDDLE}")
    answer["commits"] = answer["commits"][:1]
    answer["total_commits"] = 1
    parsed = answered(CITY, json.dumps(answer), "compare", (BASE,), LATER)
    assert "more than 300" in refusals(parsed)[0].why
    assert requests(parsed)


def test_nothing_new_keeps_the_mark() -> None:
    """An unchanged mirror is not a silent one."""
    answer = json.loads(COMPARE) | {"commits": [], "files": [], "total_commits": 0}
    parsed = answered(CITY, json.dumps(answer), "compare", (BASE,), LATER)
    assert marks(parsed) == {"commit": BASE, "waiting": ""}


def test_a_mirror_that_is_no_longer_synchronised_is_a_failure() -> None:
    """Nobody promised to go on with it."""
    poll = replace(LATER, now=datetime(2026, 12, 10, tzinfo=UTC))
    with pytest.raises(SoftError, match="not been synchronised since 2026-11-23"):
        answered(CITY, COMPARE, "compare", (BASE,), poll)


@pytest.mark.parametrize(
    ("step", "body", "error"),
    [
        ("base", b'{"message": "API rate limit exceeded"}', SoftError),
        ("base", b"[]", FormatError),
        ("compare", b'{"message": "Not Found"}', SoftError),
        ("compare", b'{"base_commit": {}, "commits": [], "files": []}', FormatError),
        ("file", b"404: Not Found", FormatError),
        ("file", b"", SoftError),
    ],
)
def test_an_answer_that_is_none_is_a_failure(step: str, body: bytes, error: type) -> None:
    """The mark does not move on, and the next poll asks again."""
    with pytest.raises(error):
        answered(CITY, body, step, ("introduction/2026/1.json",), LATER)


def test_a_matter_is_read_as_the_web_api_would_give_it() -> None:
    """The same key, names and words, so that both sources meet in one matter."""
    [found] = entries(file(MATTER, "introduction/2026/1001.json")).values()
    record = {
        "MatterId": 90001,
        "MatterFile": "Int 1001-2026",
        "MatterName": "Limiting the use of city property by immigration enforcement.",
        "MatterTitle": "A Local Law to amend the administrative code, in relation to city property",
        "MatterTypeName": "Introduction",
        "MatterStatusName": "Committee",
        "MatterBodyName": "Committee on Immigration",
        "MatterIntroDate": "2026-11-12T00:00:00",
        "MatterAgendaDate": "2026-11-12T00:00:00",
        "MatterVersion": "*",
        "MatterEXText5": "This bill would limit access to city property.",
        "MatterLastModifiedUtc": "2026-11-23T14:42:16.22",
    }
    api = Legistar(client="nyc", site="https://legistar.council.nyc.gov")
    [same] = entries(answered(api, json.dumps([record]), "matters", ("0", ""))).values()
    assert replace(found, attachments=()) == same
    assert [one.title for one in found.attachments] == ["Summary of Int. No. 1001"]


def test_a_meeting_is_read_with_its_agenda() -> None:
    """Local times with their offset; roll calls are furniture."""
    parsed = file(EVENT, "events/2026/2026-12-03_10_00_immigration_23001.json")
    meeting, item = entries(parsed).values()
    assert meeting.key == "event-23001"
    assert meeting.hearings[0].starts == datetime(2026, 12, 3, 15, tzinfo=UTC)
    assert not meeting.hearings[0].all_day
    assert item.key == "item-440002"
    assert item.identifiers[0].value == "90001"
    assert item.url == "https://legistar.council.nyc.gov/gateway.aspx?m=l&id=90001"


@pytest.mark.parametrize(
    ("said", "starts"),
    [
        ("2026-12-03T00:30:00-05:00", datetime(2026, 12, 3, 5, 30, tzinfo=UTC)),
        ("2026-12-03T12:00:00-05:00", datetime(2026, 12, 3, 17, tzinfo=UTC)),
        ("2026-07-03T13:05:00-04:00", datetime(2026, 7, 3, 17, 5, tzinfo=UTC)),
        ("2026-12-03T00:00:00-05:00", datetime(2026, 12, 3, 5, tzinfo=UTC)),
        ("soon", None),
    ],
)
def test_hours_survive_the_way_through_the_apis_words(said: str, starts: datetime | None) -> None:
    """Noon, half past midnight, summer; midnight is no time, and words are kept."""
    body = EVENT.replace(b"2026-12-03T10:00:00-05:00", said.encode())
    held = entries(file(body, "events/2026/x.json"))["event-23001"].hearings[0]
    assert held.starts == starts
    assert held.all_day == ("T00:00:00" in said)


def test_a_file_that_is_none_is_refused() -> None:
    """One file out of shape does not end a poll."""
    [found] = refusals(file(b'{"File": "Int 1"}', "introduction/2026/1.json"))
    assert found.what == "introduction/2026/1.json"


def test_folders_are_checked() -> None:
    """A folder that the mirror lacks is an error of the YAML."""
    with pytest.raises(ValidationError, match="no folder"):
        NycLegislation(folders=("bills",))


def test_the_mirror_is_recognised() -> None:
    """By its address at GitHub."""
    assert NycLegislation.recognise("https://github.com/jehiah/nyc_legislation", "") == ()
    assert NycLegislation.recognise("https://github.com/jehiah/legislator", "") is None


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("nyc_introduction_2024.tar.gz", {ItemType.COUNCIL_ITEM: 1158}),
        ("nyc_resolution_2024.tar.gz", {ItemType.COUNCIL_ITEM: 706}),
        ("nyc_introduction_2025.tar.gz", {ItemType.COUNCIL_ITEM: 368}),
        ("nyc_resolution_2025.tar.gz", {ItemType.COUNCIL_ITEM: 507}),
        ("nyc_events_2026.tar.gz", {ItemType.MEETING: 504, ItemType.AGENDA_ITEM: 5263}),
    ],
)
def test_all_real_files_are_read(shared: Path, name: str, kinds: dict[ItemType, int]) -> None:
    """Each file of a year: no refusal, a time for each meeting, a key of its own for each entry."""
    poll = Poll(now=datetime(2026, 6, 1, tzinfo=UTC), timezone="America/New_York")
    found: list[Entry] = []
    count = 0
    with tarfile.open(shared / "recordings" / "legistar-nyc" / name) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is None:
                continue
            count += 1
            parsed = file(content.read(), member.name, poll)
            assert not refusals(parsed), member.name
            found += entries(parsed).values()
    assert items_in_manifest(shared, f"legistar-nyc/{name}") == f"{count} members"
    assert Counter(one.type for one in found) == kinds
    assert len(normalise_all(found, "s", "j")) == len(found)
    held = [one.hearings[0] for one in found if one.type is ItemType.MEETING]
    assert all(one.starts and not one.all_day for one in held)
    assert sum(one.cancelled for one in held) == (97 if held else 0)


def test_the_single_real_matter_is_read(shared: Path) -> None:
    """Enacted, with its local law's number and twenty documents."""
    body = (shared / "recordings/legistar-nyc/int_0001_2024.json").read_bytes()
    [found] = entries(file(body, "introduction/2024/0001.json")).values()
    assert found.status == "Enacted"
    assert ("enactment number", "2024/048") in found.facts
    assert len(found.attachments) == 20
