"""Shows an alert as plain text: for the console, and where Slack refuses the blocks.

! New bill: HB 12 — Ending 287(g) agreements (House of Delegates, Maryland)
  Maryland · House of Delegates · Bill

  Direction  Limits cooperation with ICE
  Hearing    Tue, Nov 24, 2026, 10:00 am EST (in 3 days) · Room 240

  How to comment
  Comments due  Mon, Nov 23, 2026, 5:00 pm EST (in 2 days) “Written comments are due …”
  E-mail        clerk@example.gov

  “… shall not enter into an agreement under 8 U.S.C. 1357(g) …”

  Why        287(g) agreements: “1357(g)”
  https://…
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.models import Alert
from monitor.render.changes import Changed
from monitor.render.edits import Edit, Run
from monitor.render.shown import Link, Quote, Shown, shown
from monitor.text import one_line

WIDTH = 96
_INDENT = "  "
_LEAST_WIDTH = 40
_WIDEST_LABEL = 24


class Style(StrEnum):
    """What a piece of a line is; whether it gets a colour is the terminal's affair."""

    PLAIN = "plain"
    HEADLINE = "headline"
    URGENT = "urgent"
    LABEL = "label"
    DIM = "dim"
    HIT = "hit"
    OLD = "old"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line in one style."""

    text: str
    style: Style = Style.PLAIN


Line = tuple[Span, ...]


def plain(alert: Alert, now: datetime | None = None, width: int = WIDTH) -> str:
    """Write an alert as lines of text, without any markup, wrapped at `width` columns."""
    return "\n".join("".join(span.text for span in line) for line in lines(alert, now, width))


def lines(alert: Alert, now: datetime | None = None, width: int = WIDTH) -> tuple[Line, ...]:
    """Write an alert as wrapped lines of styled pieces; links are never broken."""
    view = shown(alert, now)
    room = max(width, _LEAST_WIDTH)
    return tuple(_without_gaps(_parts(view, room)))


def _parts(view: Shown, width: int) -> Iterator[Line]:
    """Write the parts in reading order; an empty line stands between two groups."""
    mark = Span("! ", Style.URGENT) if view.urgent else Span("* ", Style.LABEL)
    style = Style.URGENT if view.urgent else Style.HEADLINE
    yield from _wrapped(mark, _words(view.headline, style), width)
    if view.place:
        yield from _indented(_words(" · ".join(view.place), Style.DIM), width)
    if view.title:
        yield from _indented(_quote_words(view.title), width)
    yield ()
    yield from _table(view, width)
    yield ()
    yield from _ways(view, width)
    yield ()
    for quote in view.quotes:
        yield from _quoted(quote, width)
        yield ()
    for line in view.lines:
        yield from _listed(line, width)
    yield ()
    yield from _labelled("Why", _words("; ".join(view.why)), width, _column(view))
    if view.notes:
        yield from _indented(_words(" · ".join(view.notes), Style.DIM), width)
    for link in view.links:
        yield from _linked(link, width)


def _table(view: Shown, width: int) -> Iterator[Line]:
    """Write facts and changes in two columns."""
    column = _column(view)
    for change in view.changes:
        yield from _labelled(change.label, _changed(change), width, column)
    for fact in view.facts:
        yield from _labelled(fact.label, _words(fact.value), width, column)


def _ways(view: Shown, width: int) -> Iterator[Line]:
    """Write how to comment under a heading; a link stands in a line of its own."""
    if view.ways:
        yield (Span(f"{_INDENT}How to comment", Style.LABEL),)
    for way in view.ways:
        style = Style.LINK if way.is_mail else Style.PLAIN
        told = [*_words(way.value, style), *_words(way.sentence, Style.DIM)]
        yield from _labelled(way.label, told, width, _column(view))
        if way.address:
            yield (Span(f"{_INDENT}{' ' * _column(view)}  "), Span(way.address, Style.LINK))


def _column(view: Shown) -> int:
    """Make the first column as wide as its longest label."""
    labels = ["Why", *(fact.label for fact in view.facts), *(row.label for row in view.changes)]
    labels += [way.label for way in view.ways]
    return min(max(map(len, labels)), _WIDEST_LABEL)


def _changed(change: Changed) -> list[Span]:
    if change.runs:
        return [span for run in change.runs for span in _run(run)]
    old = _words(change.old or "(nothing)", Style.OLD)
    return [*old, Span("→", Style.DIM), *_words(change.new or "(nothing)")]


def _run(run: Run) -> list[Span]:
    """Write amended words as [-old-] {+new+}, which wdiff has made known."""
    if run.edit is Edit.OLD:
        return _words(f"[-{run.text}-]", Style.OLD)
    return _words(f"{{+{run.text}+}}", Style.HIT) if run.edit is Edit.NEW else _words(run.text)


def _labelled(name: str, words: list[Span], width: int, column: int) -> Iterator[Line]:
    head = Span(f"{_INDENT}{one_line(name, column):<{column}}  ", Style.LABEL)
    return _wrapped(head, words, width)


def _quoted(quote: Quote, width: int) -> Iterator[Line]:
    if quote.where:
        yield from _indented(_words(f"{quote.where}:", Style.DIM), width)
    yield from _wrapped(Span(f"{_INDENT}| ", Style.DIM), _quote_words(quote), width, repeat=True)


def _quote_words(quote: Quote) -> list[Span]:
    """Cut a quotation into words, each wholly in the style of its matched letters."""
    words: list[Span] = []
    position = 0
    for word in quote.text.split():
        start = quote.text.index(word, position)
        position = start + len(word)
        hit = any(a < position and start < b for a, b in quote.hits)
        words.append(Span(word, Style.HIT if hit else Style.PLAIN))
    return words


def _listed(link: Link, width: int) -> Iterator[Line]:
    yield from _wrapped(Span(f"{_INDENT}- ", Style.DIM), _words(link.words), width)
    if link.address:
        yield (Span(f"{_INDENT}  "), Span(link.address, Style.LINK))


def _linked(link: Link, width: int) -> Iterator[Line]:
    if not link.address:
        yield from _indented(_words(link.words, Style.DIM), width)
    elif link.words.startswith("Open at "):
        yield (Span(_INDENT), Span(link.address, Style.LINK))
    else:
        yield from _indented([*_words(f"{link.words}:"), Span(link.address, Style.LINK)], width)


def _words(text: str, style: Style = Style.PLAIN) -> list[Span]:
    return [Span(word, style) for word in text.split()]


def _indented(words: list[Span], width: int) -> Iterator[Line]:
    return _wrapped(Span(_INDENT), words, width, repeat=True)


def _wrapped(
    head: Span, words: Iterable[Span], width: int, *, repeat: bool = False
) -> Iterator[Line]:
    """Fill lines with words; later lines begin under the first word, or with the head again."""
    hang = head if repeat else Span(" " * len(head.text))
    line: list[Span] = [head]
    used = len(head.text)
    for word in words:
        if len(line) > 1 and used + 1 + len(word.text) > width:
            yield tuple(line)
            line, used = [hang], len(hang.text)
        if len(line) > 1:
            line.append(Span(" ", word.style if line[-1].style is word.style else Style.PLAIN))
            used += 1
        line.append(word)
        used += len(word.text)
    if len(line) > 1:
        yield tuple(line)


def _without_gaps(parts: Iterable[Line]) -> Iterator[Line]:
    """Leave one empty line between groups, none at the ends."""
    waiting = False
    begun = False
    for line in parts:
        if not line:
            waiting = begun
            continue
        if waiting:
            yield ()
        waiting, begun = False, True
        yield line
