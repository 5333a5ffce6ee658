"""Judges a message as strictly as Slack is known to: every published limit, and the sum over all.

Written from the published limits of Block Kit, not from the code under test. Where only reports
tell where the sum's limit lies (slackapi/bolt-js #2509 and #2867), the largest message that is
known to have been accepted is the limit here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

MOST_BLOCKS = 50
MOST_TEXT = 9_597
MOST_BYTES = 15_561
TRUNCATED = 40_000
MOST_METADATA = 1_024
STYLES = {"bold", "italic", "strike", "code", "underline", "highlight"}

Fault = tuple[str, str]  # (what is wrong, JSON pointer)


def length(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def refusal(arguments: dict[str, Any]) -> tuple[str, list[str]] | None:
    """Return the error code and messages for chat.postMessage's arguments; None is a yes."""
    blocks, text = arguments.get("blocks"), arguments.get("text")
    if blocks is not None:
        if not isinstance(blocks, list):
            return "invalid_blocks_format", []
        faults = list(_faults(blocks))
        if faults:
            return "invalid_blocks", [f"[ERROR] {what} [json-pointer:{at}]" for what, at in faults]
        if text_length(blocks) > MOST_TEXT or len(json.dumps(blocks)) > MOST_BYTES:
            return "msg_blocks_too_long", []
    if not blocks and not text:
        return "no_text", []
    if text is not None and not isinstance(text, str):
        return "invalid_arguments", ["[ERROR] text must be a string"]
    return _metadata_refusal(arguments["metadata"]) if "metadata" in arguments else None


def text_length(value: Any) -> int:
    """Sum up all text in blocks."""
    if isinstance(value, dict):
        own = length(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(text_length(part) for name, part in value.items() if name != "url")
    if isinstance(value, list):
        return sum(map(text_length, value))
    return 0


def _metadata_refusal(metadata: Any) -> tuple[str, list[str]] | None:
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        return "invalid_metadata_format", []
    kind, payload = metadata["event_type"], metadata["event_payload"]
    if not isinstance(kind, str) or not re.fullmatch(r"\w+", kind) or not isinstance(payload, dict):
        return "invalid_metadata_format", []
    if not all(isinstance(value, (str, int, float, bool)) for value in payload.values()):
        return "invalid_metadata_schema", []
    return ("metadata_too_large", []) if len(json.dumps(metadata)) > MOST_METADATA else None


def _faults(blocks: list[Any]) -> Iterator[Fault]:
    """Find everything that is wrong with the blocks of one message."""
    if len(blocks) > MOST_BLOCKS:
        yield f"no more than {MOST_BLOCKS} items allowed", "/blocks"
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        if not isinstance(block, dict) or block.get("type") not in _BLOCKS:
            yield "unsupported type", f"{at}/type"
            continue
        block_id = block.get("block_id")
        if block_id is not None:
            yield from _string(block_id, 255, f"{at}/block_id")
            if block_id in seen:
                yield "block_id must be unique", f"{at}/block_id"
            seen.add(block_id)
        fields, judge = _BLOCKS[block["type"]]
        yield from _extra(block, {"type", "block_id", *fields}, at)
        yield from judge(block, at)


def _extra(value: dict[str, Any], known: set[str], at: str) -> Iterator[Fault]:
    for name in set(value) - known:
        yield "additional property", f"{at}/{name}"


def _string(value: Any, most: int, at: str, least: int = 1) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield "must be a string", at
    elif not least <= length(value) <= most:
        yield f"must be {least} to {most} characters, is {length(value)}", at


def _text(
    value: Any, most: int, at: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")
) -> Iterator[Fault]:
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield f"must be {' or '.join(kinds)}", at
        return
    switch = "emoji" if value["type"] == "plain_text" else "verbatim"
    yield from _extra(value, {"type", "text", switch}, at)
    if not isinstance(value.get(switch, True), bool):
        yield "must be a boolean", f"{at}/{switch}"
    yield from _string(value.get("text"), most, f"{at}/text")


def _list(value: Any, most: int, at: str) -> Iterator[Fault]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        yield f"must be a list of 1 to {most}", at


def _header(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _text(block.get("text"), 150, f"{at}/text", ("plain_text",))


def _section(block: dict[str, Any], at: str) -> Iterator[Fault]:
    if "text" not in block and "fields" not in block:
        yield "text or fields is required", at
    if "text" in block:
        yield from _text(block["text"], 3_000, f"{at}/text")
    if "fields" in block:
        yield from _list(block["fields"], 10, f"{at}/fields")
        for number, field in enumerate(block["fields"]):
            yield from _text(field, 2_000, f"{at}/fields/{number}")


def _context(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _list(block.get("elements"), 10, f"{at}/elements")
    for number, element in enumerate(block.get("elements") or []):
        yield from _text(element, 3_000, f"{at}/elements/{number}")


def _actions(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _list(block.get("elements"), 25, f"{at}/elements")
    seen: set[Any] = set()
    for number, element in enumerate(block.get("elements") or []):
        here = f"{at}/elements/{number}"
        judge = _CONTROLS.get(str(element.get("type"))) if isinstance(element, dict) else None
        if judge is None:
            yield "unsupported type", f"{here}/type"
            continue
        yield from judge(element, here)
        yield from _string(element.get("action_id"), 255, f"{here}/action_id")
        if element.get("action_id") in seen:
            yield "action_id must be unique", f"{here}/action_id"
        seen.add(element.get("action_id"))


def _button(element: dict[str, Any], at: str) -> Iterator[Fault]:
    known = {"type", "text", "action_id", "value", "url", "style", "accessibility_label"}
    yield from _extra(element, known, at)
    yield from _text(element.get("text"), 75, f"{at}/text", ("plain_text",))
    yield from _string(element.get("value", "x"), 2_000, f"{at}/value")
    yield from _string(element.get("accessibility_label", "x"), 75, f"{at}/accessibility_label")


def _select(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _extra(element, {"type", "action_id", "placeholder", "options"}, at)
    yield from _text(element.get("placeholder"), 150, f"{at}/placeholder", ("plain_text",))
    yield from _options(element.get("options"), 100, f"{at}/options")


def _overflow(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _extra(element, {"type", "action_id", "options"}, at)
    yield from _options(element.get("options"), 5, f"{at}/options")


def _options(options: Any, most: int, at: str) -> Iterator[Fault]:
    yield from _list(options, most, at)
    for number, option in enumerate(options if isinstance(options, list) else []):
        yield from _extra(option, {"text", "value"}, f"{at}/{number}")
        yield from _text(option.get("text"), 75, f"{at}/{number}/text", ("plain_text",))
        yield from _string(option.get("value"), 150, f"{at}/{number}/value")


_CONTROLS = {"button": _button, "static_select": _select, "overflow": _overflow}


def _nothing(block: dict[str, Any], at: str) -> Iterator[Fault]:  # noqa: ARG001 - as the others
    yield from ()


def _rich_text(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _list(block.get("elements"), 100, f"{at}/elements")
    for number, element in enumerate(block.get("elements") or []):
        yield from _rich_part(element, f"{at}/elements/{number}")


def _rich_part(part: Any, at: str) -> Iterator[Fault]:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind in {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}:
        yield from _extra(part, {"type", "elements", "border"}, at)
        yield from _list(part.get("elements"), 1_000, f"{at}/elements")
        for number, element in enumerate(part.get("elements") or []):
            yield from _inline(element, f"{at}/elements/{number}")
    elif kind == "rich_text_list":
        yield from _extra(part, {"type", "elements", "style", "indent", "offset", "border"}, at)
        if part.get("style") not in {"bullet", "ordered"}:
            yield "must be bullet or ordered", f"{at}/style"
        yield from _list(part.get("elements"), 1_000, f"{at}/elements")
        for number, element in enumerate(part.get("elements") or []):
            if not isinstance(element, dict) or element.get("type") != "rich_text_section":
                yield "must be rich_text_section", f"{at}/elements/{number}/type"
            yield from _rich_part(element, f"{at}/elements/{number}")
    else:
        yield "unsupported type", f"{at}/type"


def _inline(element: Any, at: str) -> Iterator[Fault]:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind == "text":
        yield from _extra(element, {"type", "text", "style"}, at)
        yield from _string(element.get("text"), 3_000, f"{at}/text")
    elif kind == "link":
        yield from _extra(element, {"type", "url", "text", "style", "unsafe"}, at)
        yield from _string(element.get("url"), 3_000, f"{at}/url")
        yield from _string(element.get("text", "x"), 3_000, f"{at}/text")
        if not re.fullmatch(r"https?://[^\s<>|]+", str(element.get("url"))):
            yield "must be an address", f"{at}/url"
    elif kind == "user":
        yield from _extra(element, {"type", "user_id", "style"}, at)
        if not re.fullmatch(r"[UW][A-Z0-9]+", str(element.get("user_id"))):
            yield "must be a person", f"{at}/user_id"
    elif kind == "date":
        yield from _extra(element, {"type", "timestamp", "format", "url", "fallback"}, at)
        yield from _string(element.get("format"), 3_000, f"{at}/format")
        if not isinstance(element.get("timestamp"), int):
            yield "must be an integer", f"{at}/timestamp"
    else:
        yield "unsupported type", f"{at}/type"
    style = element.get("style", {"bold": True}) if isinstance(element, dict) else {"bold": True}
    if not isinstance(style, dict) or not style or not STYLES.issuperset(style):
        yield "unknown style", f"{at}/style"


_Judge = Callable[[dict[str, Any], str], Iterator[Fault]]
_BLOCKS: dict[str, tuple[set[str], _Judge]] = {
    "header": ({"text"}, _header),
    "section": ({"text", "fields", "expand"}, _section),
    "context": ({"elements"}, _context),
    "actions": ({"elements"}, _actions),
    "divider": (set(), _nothing),
    "rich_text": ({"elements"}, _rich_text),
}
