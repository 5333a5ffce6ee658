"""The text that shows why: short windows around what was found, the most telling first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from monitor.matching.reading import Occurrence, Reading
from monitor.matching.subject import Place, sentence_end, sentence_start
from monitor.models import Passage

MOST_PASSAGES = 5
LONGEST = 300
# Per field; a text of a thousand hits needs no thousand windows to choose from.
_MOST_WINDOWS = 40


@dataclass(slots=True)
class _Window:
    """A window that is still growing: [start, end) of the text of field `number`, and its hits."""

    number: int
    start: int
    end: int
    place: Place
    hits: list[tuple[int, int]] = field(default_factory=list)
    terms: set[int] = field(default_factory=set)


def passages(
    reading: Reading, found: Iterable[Occurrence], most: int = MOST_PASSAGES
) -> tuple[Passage, ...]:
    """Show occurrences in their sentences.

    A passage is a sentence or line, cut to about 300 characters around its hits; those that touch
    are one. Titles come first, then the operative text, then recitals and minutes; among equals,
    those that show more different terms.
    """
    windows: list[_Window] = []
    fields: dict[int, list[Occurrence]] = {}
    for each in sorted(set(found)):
        fields.setdefault(each.field, []).append(each)
    for group in fields.values():
        windows += _windows(reading, group, max(most, _MOST_WINDOWS))
    windows.sort(key=lambda window: (window.place, -len(window.terms), window.number, window.start))
    return tuple(_passage(reading, window) for window in windows[:most])


def title_passage(reading: Reading) -> tuple[Passage, ...]:
    """Show the title, for a filter that holds without a word of the text."""
    for each in reading.fields:
        if each.text:
            end = min(len(each.text), LONGEST)
            return (Passage(each.name, 0, end, each.text[:end]),)
    return ()


def _windows(reading: Reading, group: Sequence[Occurrence], most: int) -> list[_Window]:
    """Make up to `most` windows of one field, from left to right, none overlapping another."""
    windows: list[_Window] = []
    number = group[0].field
    text = reading.fields[number].text
    for each in group:
        start, end = reading.origin(each)
        end = min(end, start + LONGEST)
        last = windows[-1] if windows else None
        if last is None or not _takes(last, text, start, end):
            if len(windows) >= most:
                break
            lowest = last.end if last else 0
            first, stop = _bounds(text, start, end, lowest)
            last = _Window(number, first, stop, reading.place(each))
            windows.append(last)
        last.hits.append((start, end))
        last.terms.add(each.term)
        last.place = min(last.place, reading.place(each))
    return windows


def _takes(window: _Window, text: str, start: int, end: int) -> bool:
    """Say whether a window holds a hit, or can grow to hold it within its bound."""
    if end <= window.end:
        return True
    if end - window.start > LONGEST:
        if start < window.end:
            window.end = end
        return start < window.end
    if start >= window.end and sentence_start(text, start) >= window.end:
        return False
    window.end = min(sentence_end(text, end), window.start + LONGEST, len(text))
    window.end = max(end, _word_end(text, window.end, end))
    return True


def _bounds(text: str, start: int, end: int, lowest: int) -> tuple[int, int]:
    """Choose the window of a hit: its sentence, or as much of it as is allowed."""
    first = max(sentence_start(text, start), lowest)
    last = sentence_end(text, end)
    if last - first > LONGEST:
        room = max(LONGEST - (end - start), 0)
        before = min(start - first, room // 2)
        after = min(last - end, room - before)
        before = min(start - first, room - after)
        first = _word_start(text, start - before, start) if start - before > first else first
        last = _word_end(text, end + after, end) if end + after < last else last
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, max(last, end)


def _word_start(text: str, position: int, limit: int) -> int:
    """Move right to the next beginning of a word, but not past `limit`."""
    space = text.find(" ", position, limit)
    return position if space < 0 else space + 1


def _word_end(text: str, position: int, limit: int) -> int:
    """Move left to the last end of a word, but not before `limit`."""
    if position >= len(text):
        return len(text)
    space = text.rfind(" ", limit, position + 1)
    return position if space < 0 else space


def _passage(reading: Reading, window: _Window) -> Passage:
    source = reading.fields[window.number]
    start, end = window.start, window.end
    while source.text[end - 1].isspace() and end > max(stop for _, stop in window.hits):
        end -= 1
    hits: list[tuple[int, int]] = []
    for first, last in sorted(set(window.hits)):
        begin, stop = first - start, last - start
        if not hits or begin >= hits[-1][1]:
            hits.append((begin, stop))
        else:
            hits[-1] = (hits[-1][0], max(hits[-1][1], stop))
    return Passage(source.name, start, end, source.text[start:end], tuple(hits))
