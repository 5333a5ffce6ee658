"""The strict Slack is strict: each limit of Slack's documentation is enforced at its border."""

from __future__ import annotations

from typing import Any

import pytest

from tests.servers.slack_limits import MOST_BYTES, MOST_TEXT, refusal

PLAIN = {"type": "plain_text", "text": "x"}


def header(length: int) -> dict[str, Any]:
    """Make a header of so many letters."""
    return {"type": "header", "text": {"type": "plain_text", "text": "x" * length}}


def section(length: int) -> dict[str, Any]:
    """Make a section of so many letters."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}}


def fields(number: int, length: int) -> dict[str, Any]:
    """Make a section with fields."""
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * length}] * number}


def buttons(number: int, **more: Any) -> dict[str, Any]:
    """Make a row of buttons."""
    row = [{"type": "button", "text": PLAIN, "action_id": str(n), **more} for n in range(number)]
    return {"type": "actions", "elements": row}


def control(kind: str, **more: Any) -> dict[str, Any]:
    """Make a row of one control."""
    return {"type": "actions", "elements": [{"type": kind, "action_id": "a", **more}]}


def options(number: int, text: int = 1, value: int = 1) -> list[dict[str, Any]]:
    """Make so many lines of a menu."""
    return [{"text": {**PLAIN, "text": "x" * text}, "value": "x" * value}] * number


def rich(element: Any) -> dict[str, Any]:
    """Make a rich text of one element."""
    section = {"type": "rich_text_section", "elements": [element]}
    return {"type": "rich_text", "elements": [section]}


def context(number: int) -> dict[str, Any]:
    """Make a context of so many elements."""
    return {"type": "context", "elements": [PLAIN] * number}


@pytest.mark.parametrize(
    ("most", "too_much"),
    [
        (header(150), header(151)),
        (header(1), header(0)),
        (section(3_000), section(3_001)),
        (fields(4, 2_000), fields(1, 2_001)),
        (fields(10, 1), fields(11, 1)),
        (context(10), context(11)),
        (buttons(25), buttons(26)),
        (buttons(1, value="x" * 2_000), buttons(1, value="x" * 2_001)),
        (
            buttons(1, text={**PLAIN, "text": "x" * 75}),
            buttons(1, text={**PLAIN, "text": "x" * 76}),
        ),
        (
            buttons(1, accessibility_label="x" * 75),
            buttons(1, accessibility_label="x" * 76),
        ),
        (
            control("static_select", placeholder=PLAIN, options=options(100)),
            control("static_select", placeholder=PLAIN, options=options(101)),
        ),
        (
            control("static_select", placeholder=PLAIN, options=options(1)),
            control("static_select", options=options(1)),
        ),
        (
            control("overflow", options=options(5)),
            control("overflow", options=options(6)),
        ),
        (
            control("overflow", options=options(1)),
            control("overflow", options=options(1, 76)),
        ),
        (
            control("overflow", options=options(1)),
            control("overflow", options=options(1, 1, 151)),
        ),
        (
            rich({"type": "user", "user_id": "U0ANA"}),
            rich({"type": "user", "user_id": "U0|ANA"}),
        ),
        (
            rich({"type": "date", "timestamp": 1, "format": "{date}"}),
            rich({"type": "date", "timestamp": "1", "format": "{date}"}),
        ),
        ({**header(1), "block_id": "x" * 255}, {**header(1), "block_id": "x" * 256}),
        (rich({"type": "text", "text": "x"}), rich({"type": "text", "text": ""})),
        (
            rich({"type": "link", "url": "https://x.example", "text": "x"}),
            rich({"type": "link", "url": "javascript:x", "text": "x"}),
        ),
        (
            rich({"type": "text", "text": "x", "style": {"bold": True}}),
            rich({"type": "text", "text": "x", "style": {"loud": True}}),
        ),
        (header(1), {"type": "headline", "text": PLAIN}),
        (header(1), {**header(1), "colour": "red"}),
        (header(1), {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
        (rich({"type": "text", "text": "x"}), rich({"type": "shout", "text": "x"})),
    ],
)
def test_a_limit_is_enforced_at_its_border(most: dict[str, Any], too_much: dict[str, Any]) -> None:
    """The most that is allowed passes; one more does not, and the place is named."""
    assert refusal({"text": "x", "blocks": [most]}) is None
    code, messages = refusal({"text": "x", "blocks": [too_much]}) or ("", [])
    assert code == "invalid_blocks"
    assert all("[json-pointer:/blocks/0" in message for message in messages)


def test_fifty_blocks_are_allowed_and_their_ids_are_unique() -> None:
    """Per message."""
    assert refusal({"blocks": [header(1)] * 50}) is None
    assert refusal({"blocks": [header(1)] * 51}) is not None
    assert refusal({"blocks": [{**header(1), "block_id": "a"}] * 2}) is not None


def test_the_sum_over_all_blocks_is_bounded() -> None:
    """Each block alone is allowed; nothing of it would be delivered."""
    blocks = [section(2_900)] * 3
    assert refusal({"blocks": blocks}) is None
    assert refusal({"blocks": [*blocks, section(2_900)]}) == ("msg_blocks_too_long", [])
    wide = [rich({"type": "text", "text": "漢" * 2_600})]
    assert MOST_TEXT > 2_600
    assert MOST_BYTES < 2_600 * 6
    assert refusal({"blocks": wide}) == ("msg_blocks_too_long", [])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": "[]"}, "invalid_blocks_format"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "a b", "event_payload": {}}},
            "invalid_metadata_format",
        ),
        (
            {"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": None}}},
            "invalid_metadata_schema",
        ),
        (
            {"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": "x" * 2_000}}},
            "metadata_too_large",
        ),
    ],
)
def test_what_slack_does_not_understand_is_refused(arguments: dict[str, Any], code: str) -> None:
    """With Slack's own codes."""
    assert (refusal(arguments) or ("",))[0] == code
