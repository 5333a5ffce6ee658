"""Whatever a publisher answers, its connector reads it, refuses it, or says why it failed.

Takes every kind with an `answers.yaml` beside its recordings (tests/recordings/<kind>/): `options`
are the source's, and `answers` names for each file the step (and what it is `about`) that the
connector had asked for.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.connectors import BaseConnector, kinds
from monitor.errors import SourceError
from monitor.models import Entry, Mark, Parsed, Poll, Reach, Refusal, Request, Response
from monitor.normalise import normalise_all

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
POLL = Poll(now=NOW, timezone="America/New_York")
ODD: tuple[object, ...] = (
    None, True, -1, 3.5, 10**30, "", "x", "\ud800", "\x00<b>", "2026-02-30T00:00:00", "http://[::1",
    [], [1], [None], [{}], {}, {"a": {"b": 1}},
)  # fmt: skip
NO_ANSWERS = (
    b"", b" ", b"null", b"[]", b"{}", b"[[]]", b"[null]", b"0", b'"x"', b"<", b"\x00",
    b"<html></html>",
    b"<?xml version='1.0'?><a/>", b"<!DOCTYPE html><html><body><p>Hello</p></body></html>",
    b"\xff\xfe<\x00h\x00", b"\xef\xbb\xbf", b"{" * 5_000, b"[" * 100_000, b"<div>" * 5_000,
)  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """One recording of a kind, and the request that it answers."""

    connector: BaseConnector
    request: Request
    body: bytes


def recordings() -> list[Any]:
    """Find all recordings that say what they answer."""
    found = []
    for described in sorted(RECORDINGS.glob("*/answers.yaml")):
        told = yaml.safe_load(described.read_text())
        kind = described.parent.name
        for name, asked in told["answers"].items():
            connector = kinds()[kind](**told.get("options", {}))
            about = tuple(str(one) for one in asked.get("about", ()))
            address = asked.get("url", f"https://{kind.replace('_', '-')}.example/a/b?c=d")
            request = Request(address, step=asked.get("step", ""), about=about)
            body = (described.parent / name).read_bytes()
            found.append(pytest.param(Recorded(connector, request, body), id=f"{kind}/{name}"))
    return found


def survived(recorded: Recorded, body: bytes) -> list[Parsed]:
    """Parse a body and make items of it; anything but a SourceError is a bug."""
    found: list[Parsed] = []
    response = Response(recorded.request, recorded.request.url, 200, (), body, NOW)
    with suppress(SourceError):
        for one in recorded.connector.parse(response, POLL):
            found.append(one)  # noqa: PERF402 - what came before a fault counts as well
    assert all(isinstance(one, Entry | Request | Refusal | Mark | Reach) for one in found)
    items = normalise_all([one for one in found if isinstance(one, Entry)], "s", "j")
    assert all(item.key and item.fingerprint for item in items)
    assert all(one.starts is None or one.starts.tzinfo for item in items for one in item.hearings)
    return found


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_has_a_recording(kind: str) -> None:
    """A kind that nobody could show an answer of is not read by any test either."""
    assert any(param.id.startswith(f"{kind}/") for param in recordings())
    assert (RECORDINGS / kind / "README.md").is_file()


@pytest.mark.parametrize("recorded", recordings())
def test_the_recording_itself_brings_something(recorded: Recorded) -> None:
    """A fuzz test over an answer that says nothing would prove nothing."""
    assert any(isinstance(one, Entry | Request) for one in survived(recorded, recorded.body))


@pytest.mark.parametrize("recorded", recordings())
def test_a_truncated_answer_is_survived(recorded: Recorded) -> None:
    """A connection that breaks off leaves the beginning of a body."""
    size = len(recorded.body)
    for cut in sorted({size * tenth // 10 for tenth in range(10)} | {1, size - 1, size - 7}):
        survived(recorded, recorded.body[: max(cut, 0)])


@pytest.mark.parametrize("recorded", recordings())
def test_flipped_bits_are_survived(recorded: Recorded) -> None:
    """Any byte of a body can be wrong."""
    chance = random.Random(0)  # noqa: S311 - no secret
    for _ in range(40):
        body = bytearray(recorded.body)
        for _ in range(chance.randint(1, 12)):
            body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        survived(recorded, bytes(body))


@pytest.mark.parametrize("recorded", recordings())
def test_another_encoding_is_survived(recorded: Recorded) -> None:
    """A body can be in an encoding that nobody announced."""
    text = recorded.body.decode("utf-8")
    for encoding in ("utf-16", "utf-32-be", "utf-8-sig", "cp1252", "utf-7"):
        survived(recorded, text.encode(encoding, "replace"))


@pytest.mark.parametrize("recorded", recordings())
def test_what_is_no_answer_at_all_is_survived(recorded: Recorded) -> None:
    """Nothing, rubbish, another page, brackets without end."""
    for body in NO_ANSWERS:
        found = survived(recorded, body)
        assert not any(isinstance(one, Entry) for one in found), body[:40]


@pytest.mark.parametrize("recorded", recordings())
def test_an_empty_body_is_a_failure(recorded: Recorded) -> None:
    """Silence must never read as "no news"."""
    for body in (b"", b" \n"):
        response = Response(recorded.request, recorded.request.url, 200, (), body, NOW)
        with pytest.raises(SourceError):
            list(recorded.connector.parse(response, POLL))


@pytest.mark.parametrize("recorded", recordings())
def test_a_wrong_value_at_any_key_is_survived(recorded: Recorded) -> None:
    """Every field of the first records of a JSON answer, with every odd value."""
    try:
        answer = json.loads(recorded.body)
    except ValueError:
        pytest.skip("not JSON")
    for place in places(answer):
        for odd in ODD:
            changed = copy.deepcopy(answer)
            inner = changed
            for step in place[:-1]:
                inner = inner[step]
            inner[place[-1]] = odd
            survived(recorded, json.dumps(changed).encode())


def places(answer: Any, depth: int = 0) -> Iterator[tuple[Any, ...]]:
    """Name the places of a JSON answer: all keys of an object, the first two of a list."""
    if depth > 6:
        return
    if isinstance(answer, dict):
        inner = list(answer.items())
    elif isinstance(answer, list):
        inner = list(enumerate(answer[:2]))
    else:
        return
    for name, value in inner:
        yield (name,)
        for rest in places(value, depth + 1):
            yield (name, *rest)


@pytest.mark.parametrize("kind", [name for name, kind in kinds().items() if kind.lists_upcoming])
def test_a_calendar_says_how_far_it_goes_and_is_read_at_every_poll(kind: str) -> None:
    """An answer that was not read because it is unchanged would hide what is missing from it."""
    own = [param.values[0] for param in recordings() if param.id.startswith(f"{kind}/")]
    reaches = [
        found
        for one in own
        for found in survived(one, one.body)
        if isinstance(found, Reach) and one.connector.kind == kind
    ]
    assert reaches
    assert all(one.until is None or one.until.tzinfo for one in reaches)
    asked = [request for one in own for request in one.connector.requests(POLL)]
    assert not any(request.conditional for request in asked)
