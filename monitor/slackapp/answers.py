"""What one person is answered: a few lines, in which a publisher's words are only ever words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.render.blocks import (
    Block,
    Element,
    bullets,
    clip,
    context,
    date,
    link,
    mrkdwn,
    paragraphs,
    said,
    user,
    words,
)
from monitor.render.links import address_of
from monitor.text import clean_text, mask_private, one_line
from monitor.wording import spoken

MOST_LINES = 8
TITLE = 110
_TEXT = 3_000

Line = Sequence[Element]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: opening lines, a list, and a quiet line below it."""

    opening: tuple[Line, ...]
    points: tuple[Line, ...] = ()
    note: str = ""

    @property
    def blocks(self) -> list[Block]:
        """Build the blocks; far below Slack's limits, by the bounds of each part."""
        made = paragraphs(self.opening) + bullets(self.points)
        return [*made, context(self.note)] if self.note else made

    @property
    def text(self) -> str:
        """Write the same for clients that show no blocks, and for screen readers."""
        lines = [_plain(line) for line in (*self.opening, *self.points)]
        return clip("\n".join([*lines, *([mrkdwn(self.note)] if self.note else [])]), _TEXT)


def plain_answer(*sentences: str) -> Answer:
    """Make an answer of our own words, a line each."""
    return Answer(tuple((words(sentence),) for sentence in sentences))


def listed(opening: Line, points: Iterable[Line], note: str = "", most: int = MOST_LINES) -> Answer:
    """Make a list of at most `most` points; what is left out is counted below."""
    lines = tuple(points)
    more = f"{len(lines) - most} more are not shown. " if len(lines) > most else ""
    return Answer((opening,), lines[:most], (more + note).strip())


def titled(title: str, url: str) -> Element:
    """Show a title of a publisher's as a link, where its address is one to trust."""
    shown = one_line(mask_private(clean_text(title)), TITLE) or "(without a title)"
    return link(shown, address_of(url))


def outside(text: str, most: int = TITLE) -> Element:
    """Show words that come from outside."""
    return said(one_line(mask_private(clean_text(text)), most))


def person(name: str) -> Element:
    """Show somebody's name; `name` is Slack's id."""
    return user(name)


def when(moment: datetime) -> Element:
    """Show a time on the reader's own clock."""
    return date(moment, spoken(moment))


def _plain(line: Line) -> str:
    return "".join(_said(element) for element in line)


def _said(element: Element) -> str:
    if element["type"] == "user":
        return f"<@{element['user_id']}>"
    if element["type"] == "link":
        return f"{mrkdwn(element['text'])} ({element['url'].replace('&', '&amp;')})"
    return mrkdwn(element.get("text") or element.get("fallback") or "")
