"""Builds Slack blocks in which a publisher's words are only ever words.

All text is expected to be clean (shown.py sees to that): no controls, nothing invisible.
Publishers' text stands in `plain_text` and in rich_text's literal elements, where nothing mentions,
links or formats; `mrkdwn` is for the notification text alone. Limits and the escaping rules:
https://docs.slack.dev/reference/block-kit/blocks and
https://docs.slack.dev/messaging/formatting-message-text. That the *sum* over a message is bounded
too stands only in reports (slackapi/bolt-js #2509 and #2867).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Block = dict[str, Any]
Element = dict[str, Any]

HEADER = 150
CONTEXT = 1_500
BLOCKS = 40
UNITS = 8_000
BYTES = 14_000
# Of one rich_text block: small enough that blocks pack well, and below every limit of Slack.
_BLOCK_UNITS = 2_400
_BLOCK_BYTES = 6_000

_APART = "\u200b"
_OPENING = re.compile(r"<(?!\s)")
_FORMATTING = re.compile(r"[*_~`]|:(?=[\w+'-]+:)|(?<=:)//|@(?=\w)|^(?=&gt;)", re.MULTILINE)


def units(text: str) -> int:
    """Count UTF-16 units, as Slack's own clients do: an emoji counts two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """Shorten to at most `limit` UTF-16 units, with an ellipsis where something is missing."""
    if units(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * max(limit - 1, 0)]
    return kept.decode("utf-16-le", "ignore").rstrip() + "…"


def literal(text: str) -> str:
    """Take "<!channel>" and "<https://…|…>" apart, even where no client would obey them."""
    return _OPENING.sub("<" + _APART, text)


def mrkdwn(text: str) -> str:
    """Escape text for Slack's markup, so that it shows as it is written.

    Only &, < and > have escapes; marks of formatting, emoji names, bare links, @names and quotes
    at a line's start are taken apart by a zero-width space.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _FORMATTING.sub(lambda found: _APART + found[0] + _APART, escaped)


def header(text: str) -> Block:
    """Build the large line at the top; 150 units at most."""
    return {"type": "header", "text": _plain(text, HEADER)}


def context(text: str) -> Block:
    """Build a small grey line."""
    return {"type": "context", "elements": [_plain(text, CONTEXT)]}


def _plain(text: str, limit: int) -> Element:
    return {"type": "plain_text", "text": clip(literal(text), limit) or "…", "emoji": False}


def words(text: str, **style: bool) -> Element:
    """Build literal text of our own; `style` is bold, italic, strike or code, each True."""
    element: Element = {"type": "text", "text": text}
    return {**element, "style": style} if style else element


def said(text: str, **style: bool) -> Element:
    """Build literal text out of a publisher's words."""
    return words(literal(text) or "…", **style)


def link(text: str, address: str) -> Element:
    """Build a link; without an address its words stand alone."""
    shown = literal(text) or "…"
    return {"type": "link", "url": address, "text": shown} if address else words(shown)


def paragraphs(lines: Iterable[Sequence[Element]]) -> list[Block]:
    """Build rich_text blocks out of lines, as few as their sizes allow."""
    return [
        _rich({"type": "rich_text_section", "elements": _joined(group)}) for group in _groups(lines)
    ]


def bullets(lines: Iterable[Sequence[Element]]) -> list[Block]:
    """Build rich_text blocks with one bullet for each line."""
    return [
        _rich({"type": "rich_text_list", "style": "bullet", "elements": [*map(_section, group)]})
        for group in _groups(lines)
    ]


def quotation(intro: Sequence[Element], quoted: Sequence[Element]) -> Block:
    """Build one indented quotation with an optional line above it."""
    quote = {"type": "rich_text_quote", "elements": list(quoted)}
    return _rich(_section(intro), quote) if intro else _rich(quote)


def user(person: str) -> Element:
    """Build somebody's name, as each reader's client writes it; `person` is Slack's id."""
    return {"type": "user", "user_id": person}


def date(moment: datetime, fallback: str) -> Element:
    """Build a time that each reader's client shows on the reader's own clock."""
    return {
        "type": "date",
        "timestamp": int(moment.timestamp()),
        "format": "{date_short_pretty}, {time}",
        "fallback": fallback,
    }


@dataclass(frozen=True, slots=True)
class Button:
    """A button; `value` is opaque, at most 2,000 characters, and verified when it comes back.

    label: what a screen reader says instead of the words, at most 75 characters.
    """

    action_id: str
    words: str
    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu."""

    words: str
    value: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A list to choose one line from; `words` stand in it until somebody chose."""

    action_id: str
    words: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class More:
    """What hides behind three dots: at most five lines."""

    action_id: str
    options: tuple[Option, ...]


Control = Button | Menu | More


def actions(block_id: str, controls: Sequence[Control]) -> Block:
    """Build a row of buttons and menus."""
    return {"type": "actions", "block_id": block_id, "elements": [*map(_control, controls)]}


def _control(control: Control) -> Element:
    element: Element = {"action_id": control.action_id}
    if isinstance(control, Button):
        element |= {"type": "button", "text": _plain(control.words, 75), "value": control.value}
        return element | ({"accessibility_label": control.label} if control.label else {})
    options = [
        {"text": _plain(option.words, 75), "value": option.value} for option in control.options
    ]
    if isinstance(control, More):
        return element | {"type": "overflow", "options": options}
    placeholder = _plain(control.words, 150)
    return element | {"type": "static_select", "placeholder": placeholder, "options": options}


def pack(blocks: Sequence[Block], first: int, later: int) -> list[list[Block]]:
    """Share blocks out among as few messages as the limits of one allow.

    first, later: how many blocks to leave free in the first message and in those that follow; the
    room that such blocks may need is left, too.
    """
    messages: list[list[Block]] = [[]]
    for block in blocks:
        spare = later if len(messages) > 1 else first
        if messages[-1] and not fits([*messages[-1], block], spare):
            messages.append([])
        messages[-1].append(block)
    return messages


def fits(blocks: Sequence[Block], spare: int = 0) -> bool:
    """Say whether blocks fit into one message beside `spare` others of modest size."""
    return (
        len(blocks) <= BLOCKS - spare
        and text_units(blocks) <= UNITS - spare * _SPARE_UNITS
        and size(blocks) <= BYTES - spare * _SPARE_BYTES
    )


_SPARE_UNITS = 400
_SPARE_BYTES = 2_000


def text_units(value: Any) -> int:
    """Sum up the text (and the addresses) in blocks, in UTF-16 units."""
    if isinstance(value, dict):
        own = sum(
            units(value[name]) for name in ("text", "url") if isinstance(value.get(name), str)
        )
        return own + sum(text_units(part) for part in value.values() if not isinstance(part, str))
    if isinstance(value, (list, tuple)):
        return sum(map(text_units, value))
    return 0


def size(value: Any) -> int:
    """Count the bytes of JSON as the Slack client sends it: six for a letter beyond ASCII."""
    return len(json.dumps(value))


def _rich(*elements: Element) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _section(elements: Sequence[Element]) -> Element:
    return {"type": "rich_text_section", "elements": list(elements)}


def _joined(lines: Sequence[Sequence[Element]]) -> list[Element]:
    joined: list[Element] = []
    for line in lines:
        joined += [words("\n"), *line] if joined else line
    return joined


def _groups(lines: Iterable[Sequence[Element]]) -> list[list[Sequence[Element]]]:
    """Put lines together until a block is full."""
    groups: list[list[Sequence[Element]]] = []
    used_units = used_bytes = 0
    for line in lines:
        line_units, line_bytes = text_units(line) + 1, size(line) + 60
        full = used_units + line_units > _BLOCK_UNITS or used_bytes + line_bytes > _BLOCK_BYTES
        if not groups or full:
            groups.append([])
            used_units = used_bytes = 0
        groups[-1].append(line)
        used_units += line_units
        used_bytes += line_bytes
    return groups
