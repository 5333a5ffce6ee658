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
    fits,
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
# Of points that take two lines each.
MOST_PAIRS = 5
TITLE = 110
_TEXT = 3_000
_ADDRESS = 500

Line = Sequence[Element]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: opening lines, a list, and a quiet line below it.

    left_out: how many further points there are.
    """

    opening: tuple[Line, ...]
    points: tuple[Line, ...] = ()
    note: str = ""
    left_out: int = 0

    @property
    def blocks(self) -> list[Block]:
        """Build the blocks; points that exceed Slack's limits are left out, and counted."""
        shown = self.points
        while True:
            left_out = self.left_out + len(self.points) - len(shown)
            more = f"{left_out} more are not shown." if left_out else ""
            note = " ".join(filter(None, (more, self.note)))
            made = paragraphs(self.opening) + bullets(shown)
            made += [context(note)] if note else []
            if fits(made) or not shown:
                return made
            shown = shown[:-1]

    @property
    def text(self) -> str:
        """Write the same for clients that show no blocks, and for screen readers."""
        lines = [_plain(line) for line in (*self.opening, *self.points)]
        lines += [f"{self.left_out} more are not shown."] if self.left_out else []
        return clip("\n".join([*lines, *([mrkdwn(self.note)] if self.note else [])]), _TEXT)


def plain_answer(*sentences: str) -> Answer:
    """Make an answer of our own words, a line each."""
    return Answer(tuple((words(sentence),) for sentence in sentences))


def listed(opening: Line, points: Iterable[Line], note: str = "", most: int = MOST_LINES) -> Answer:
    """Make a list of at most `most` points; what is left out is counted below."""
    lines = tuple(points)
    return Answer((opening,), lines[:most], note, max(len(lines) - most, 0))


def titled(title: str, url: str) -> Element:
    """Show a title of a publisher's as a link, where its address is one to trust."""
    shown = one_line(mask_private(clean_text(title)), TITLE) or "(without a title)"
    address = address_of(url)
    return link(shown, address if len(address) <= _ADDRESS else "")


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
