"""Whatever a Legistar tenant answers, the connector reads it, refuses it, or says why it failed."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.connectors.legistar import Legistar
from monitor.errors import FetchError, SourceError
from monitor.models import Entry, Mark, Parsed, Reach, Refusal, Request
from monitor.normalise import normalise_all
from tests.connectors.legistar_visit import POLL, answer, asked, read, recorded

COUNCIL = Legistar(client="exampleville", details=3)
ODD: tuple[object, ...] = (
    None, True, False, 0, -1, 3.5, 1e308, float("inf"), 10**30, "", " ", "x", "0", "\ud800", "\x00",
    "<script>", "/Date(99999999999999)/", "/Date(-99999999999999-9999)/",
    "9999-12-31T23:59:59.9999999",
    "2026-02-30T00:00:00", [], [1], [[]], [{}], [None], {}, {"a": 1}, "http://[::1", "9" * 400,
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def request_of(step: str) -> Request:
    """Find a request that leads to the step."""
    if step in {"matters", "events"}:
        return asked(COUNCIL, step)
    parent = "events" if step == "agenda" else "matters"
    found = read(COUNCIL, parent, recorded(f"{parent}.json"))
    return next(one for one in found if isinstance(one, Request) and one.step == step)


RECORDS = {
    "matters": recorded("matters.json")[0],
    "events": recorded("events.json")[0],
    "agenda": recorded("agenda.json")[5],
    "documents": recorded("attachments.json")[0],
}
REQUESTS = {step: request_of(step) for step in RECORDS}


def survived(step: str, body: bytes | list[Any]) -> list[Parsed]:
    """Parse an answer and make items of it; anything but a SourceError is a bug."""
    found: list[Parsed] = []
    with suppress(SourceError):
        found += COUNCIL.parse(answer(REQUESTS[step], body), POLL)
    assert all(isinstance(one, Entry | Request | Refusal | Mark | Reach) for one in found)
    items = normalise_all([one for one in found if isinstance(one, Entry)], "s", "j")
    assert all(item.key and item.fingerprint for item in items)
    return found


@pytest.mark.parametrize("step", RECORDS)
def test_a_wrong_value_at_any_key_is_survived(step: str) -> None:
    """Every field of every record with every odd value; the sound record beside it is kept."""
    record = RECORDS[step]
    sound = recorded("agenda.json")[6] if step == "agenda" else record
    for key in record:
        for odd in ODD:
            found = survived(step, [record | {key: odd}, sound])
            assert any(isinstance(one, Entry | Refusal) for one in found), (key, odd)


@pytest.mark.parametrize("step", ["matters", "events"])
def test_a_record_of_the_wrong_shape_is_refused_and_the_rest_is_read(step: str) -> None:
    """One bad row must not silence a council, nor vanish."""
    key = {"matters": "MatterId", "events": "EventId"}[step]
    rows = [RECORDS[step] | {key: {"id": 5}}, None, RECORDS[step]]
    found = survived(step, rows)
    assert sum(isinstance(one, Refusal) for one in found) == 2
    assert sum(isinstance(one, Entry) for one in found) == 1


def test_a_refusal_says_which_field_of_which_record() -> None:
    """So that a maintainer can look it up."""
    [refusal, *_] = read(COUNCIL, "matters", [RECORDS["matters"] | {"MatterTitle": ["x"]}])
    assert refusal == Refusal("MatterId 7001", "MatterTitle is list, not text")


@pytest.mark.parametrize("step", RECORDS)
@given(
    body=st.lists(
        st.dictionaries(st.sampled_from(sorted({k for r in RECORDS.values() for k in r})), JSON)
    )
)
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_any_json_is_survived(step: str, body: list[dict[str, Any]]) -> None:
    """Records of known keys with arbitrary values."""
    survived(step, json.dumps(body).encode())


@pytest.mark.parametrize("step", RECORDS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"null",
        b'"Invalid parameters!"',
        b"Invalid parameters!",
        b"{}",
        b'{"Message":"An error has occurred."}',
        b"<html><head><title>Just a moment...</title></head></html>",
        b"<!DOCTYPE html><html><title>The resource cannot be found.</title><hr width=100%></html>",
        b"<rss><channel/></rss>",
        b"[" * 100_000,
        b"[" + b"9" * 5000 + b"]",
        b'[{"MatterId": 1',
        b"\xff\xfe\x00",
        b"\x1f\x8b\x08garbage",
    ],
)
def test_what_is_no_list_of_records_fails(step: str, body: bytes) -> None:
    """An error page, an error object or half an answer never reads as "no news"."""
    with pytest.raises(SourceError):
        list(COUNCIL.parse(answer(REQUESTS[step], body), POLL))


def test_an_error_names_the_address_without_its_query() -> None:
    """The query is long, and a token's place."""
    with pytest.raises(SourceError) as caught:
        read(COUNCIL, "matters", b"")
    assert caught.value.subject == "https://webapi.legistar.com/v1/exampleville/matters"


def test_words_of_an_error_within_a_record_are_no_error() -> None:
    """A council may debate a Token that is required, or somebody's LegistarConnectionString."""
    rows = [{"MatterId": 1, "MatterTitle": "Key or Token is required; LegistarConnectionString"}]
    assert any(isinstance(one, Entry) for one in read(COUNCIL, "matters", rows))


# -------------------------------------------------------------------------- real error answers


def error_files(shared: Path) -> list[Path]:
    """List the recorded error bodies."""
    folder = shared / "recordings" / "legistar-webapi"
    return [one for one in sorted(folder.glob("ERROR_*")) if not one.name.endswith(".headers.txt")]


def test_every_recorded_error_is_recognised(shared: Path) -> None:
    """Eight real bodies: unknown clients, a missing resource, invalid parameters."""
    files = error_files(shared)
    assert len(files) == 8
    for file in files:
        for status in (200, 500):
            response = answer(REQUESTS["matters"], file.read_bytes(), status)
            with pytest.raises(SourceError):
                list(COUNCIL.parse(response, POLL))


def test_an_unknown_client_is_told_from_other_errors(shared: Path) -> None:
    """Its HTTP 500 says so inside a stack trace."""
    unknown = []
    for file in error_files(shared):
        with pytest.raises(FetchError) as caught:
            list(COUNCIL.parse(answer(REQUESTS["matters"], file.read_bytes(), 500), POLL))
        unknown += [file.name] if "knows no client" in caught.value.reason else []
    assert len(unknown) == 6
    assert "ERROR_lakewales_eventitems.json" not in unknown
