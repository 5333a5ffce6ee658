"""Shows an alert as a note of plain text or Markdown, for services that are told nothing else.

Many of them read plain text as markup too (Discord, Mattermost, Teams): a publisher's words are
taken apart by a zero-width space wherever they could mention, link or format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from monitor.models import Alert
from monitor.render.shown import shown
from monitor.render.text import Line, Span, Style, lines
from monitor.text import clean_text, mask_private, one_line

_TITLE = 200
_NEVER_WRAPPED = 100_000
_APART = "\u200b"
_MARKUP = re.compile(
    r"[*_~`\\|]|<(?!\s)|&(?=[#\w])|@(?=\w)|(?<=:)//|\](?=[(\[])|!(?=\[)|:(?=[\w+'-]+:)|^\s*[#>+-]"
)
# Names that reach everybody, also where they look like the end of an address.
_EVERYBODY = re.compile(r"@(?:everyone|here|channel|all|room)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """A subject line, and the whole message; the latter repeats the subject in its first line."""

    title: str
    body: str


def note(
    alert: Alert, now: datetime | None = None, about: str = "", *, markdown: bool = False
) -> Note:
    """Write an alert as a note; `about` names the matter of a later one."""
    head, *rest = lines(alert, now, _NEVER_WRAPPED)
    view = shown(alert, now)
    headline = harmless(view.headline)
    mark = "❗ " if view.urgent else ""
    rows = [mark + (f"**{headline}**" if markdown else headline)]
    if about:
        rows.append(harmless(f"More on: {one_line(mask_private(clean_text(about)), _TITLE)}"))
    rows += [_written(row, markdown=markdown) for row in rest]
    # A single line break is a space in Markdown, but for two blanks before it.
    joint = "  \n" if markdown else "\n"
    return Note(mark + headline, joint.join(rows).strip() or _written(head, markdown=markdown))


def harmless(text: str) -> str:
    """Take apart what any service could read as a mention, a link or a format."""
    return _MARKUP.sub(lambda found: _APART + found[0] + _APART, text)


def pieces(text: str, limit: int) -> tuple[str, ...]:
    """Share a text out among messages of at most `limit` characters, at line ends where it can."""
    made: list[str] = []
    while len(text) > limit:
        end = max(text.rfind("\n", 1, limit), 0) or max(text.rfind(" ", 1, limit), 0) or limit
        made.append(text[:end].rstrip())
        text = text[end:].lstrip("\n ")
    return tuple(piece for piece in (*made, text) if piece)


def _written(row: Line, *, markdown: bool) -> str:
    """Write a line without the columns that only a terminal shows."""
    if not row:
        return ""
    first, *others = row
    start = _words(first, markdown=markdown).lstrip()
    if first.style is Style.LABEL:
        label = harmless(first.text.strip() + ":").removesuffix(":")
        label = f"**{label}**" if markdown and label else label
        start = f"{label}: " if others else label
    elif first.text.strip() in {"|", "-"}:
        start = {"|": "> " if markdown else "| ", "-": "- "}[first.text.strip()]
    return start + "".join(_words(span, markdown=markdown) for span in others)


def _words(span: Span, *, markdown: bool) -> str:
    """Write a piece of a line; only our own links stay links."""
    if span.style is not Style.LINK or _EVERYBODY.search(span.text):
        return harmless(span.text)
    return f"<{span.text}>" if markdown and "://" in span.text else span.text
