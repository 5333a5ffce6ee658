r"""Text made comparable, with the way back: every place in the folded text knows its origin.

Two foldings, both of which work character by character (so that any piece of a text that is cut
at a separator folds as it does within the whole) and keep no case:

words   lower case, accents off, ligatures and full-width forms written out, `&` read as "and",
        everything that is no letter, digit or mark a space, spaces collapsed, a space at both
        ends. A word is then what stands between two spaces, and " ice " finds whole words only.
        Quotes inside a word vanish (a scanned letterhead reads `OF"F"ICE`), and so does 's.
plain   ASCII with case and punctuation, for regular expressions: accents off, typographic quotes
        and dashes straight, white space collapsed, letters of other scripts as `_` (a word
        character, so that `\b` holds).
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

_PIECE = 384
_FEW = 40
_MARKER = "\x01"
_ASCII = bytes(range(128))
_QUOTES = "'\"`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u02b9\u02bc\u02bb"
_DASHES = "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
# Latin letters that Unicode does not decompose.
_LATIN = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "\u0131": "i",
    "ŧ": "t",
    "þ": "th",
    "ŋ": "n",
}


def _is_latin_mark(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


def _is_invisible(char: str) -> bool:
    """Say whether a character has no width of its own: format characters, variation selectors."""
    return (
        unicodedata.category(char) == "Cf"
        or "\ufe00" <= char <= "\ufe0f"
        or char in "\u034f\u20e3\u115f\u1160\u3164"
    )


def _bare(char: str) -> str:
    """Take a letter's accents off, and write out what stands for several letters."""
    kept = (part for part in unicodedata.normalize("NFKD", char) if not _is_latin_mark(part))
    return "".join(kept)


def _word_char(char: str) -> str:
    if char in _QUOTES:
        return _MARKER
    if char == "&":
        return " and "
    if _is_invisible(char) or _is_latin_mark(char):
        return ""
    if unicodedata.category(char)[0] not in "LM" and unicodedata.category(char) not in {"Nd", "Nl"}:
        return " "
    folded = _bare("".join(_LATIN.get(part, part) for part in _bare(char).casefold()))
    letters = (part for part in folded if part not in _QUOTES and not _is_invisible(part))
    return "".join(part if part.isalnum() or _is_mark(part) else " " for part in letters)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def _plain_char(char: str) -> str:
    if char.isspace() or unicodedata.category(char) in {"Cc", "Cs"}:
        return " "
    if char.isascii():
        return char
    if char in _QUOTES:
        return '"' if char in "\u201c\u201d\u201e\u201f\u2033" else "'"
    if char in _DASHES[1:]:
        return "-"
    if _is_invisible(char) or _is_latin_mark(char):
        return ""
    return "".join(map(_plain_part, _bare(char)))


def _plain_part(char: str) -> str:
    if char.isascii():
        return char
    if char.lower() in _LATIN:
        plain = _LATIN[char.lower()]
        return plain.upper() if char.isupper() else plain
    if char in "ßẞ":
        return "ss"
    return "_" if char.isalnum() or _is_mark(char) else " "


class _Table(dict[int, str]):
    """A table for str.translate that works out characters as they come, and remembers them."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        super().__init__()
        self._fold = fold

    def __missing__(self, code: int) -> str:
        self[code] = self._fold(chr(code))
        return self[code]


@dataclass(frozen=True, slots=True)
class Folding:
    """One way to fold: the table, the separators at which a text may be cut, what comes after.

    ascii: the table for plain ASCII, of one character each (`&` is seen to before).
    pad: what stands at both ends. words: whether quotes are left out.
    """

    table: _Table
    ascii: str
    cut: re.Pattern[str]
    pad: str
    words: bool

    def loose(self, text: str) -> str:
        """Fold, but leave runs of spaces as they are: enough to look for single words."""
        if not text.isascii():
            text = self._without_rarities(text)
        if text.isascii():
            if self.words and "&" in text:
                text = text.replace("&", " and ")
            text = text.translate(self.ascii)
        else:
            text = text.translate(self.table)
        text = f"{self.pad}{text}{self.pad}"
        return _mended(text) if self.words and _MARKER in text else text

    def _without_rarities(self, text: str) -> str:
        """Replace the characters beyond ASCII one by one, where they are few (a fast path)."""
        coded = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
        rare = set(coded.decode("utf-8", "surrogatepass"))
        if len(rare) > _FEW:
            return text
        for char in rare:
            # The marker and "&" are left for later: only plain characters may go in here.
            folded = self.table[ord(char)]
            text = text.replace(char, "'" if folded == _MARKER else folded)
        return text

    def fold(self, text: str) -> str:
        """Fold a whole text."""
        return collapsed(self.loose(text))

    def traced(self, text: str) -> Iterator[tuple[str, int]]:
        """Fold slowly: yield each character with the index in `text` from which it comes."""
        last = ""
        if self.pad:
            yield (last := " "), 0
        for char, owner in _unquoted(self._parts(text), len(text)):
            if char != " " or last != " ":
                yield char, owner
            last = char
        if self.pad and last != " ":
            yield " ", len(text)

    def _parts(self, text: str) -> Iterator[tuple[str, int]]:
        for index, char in enumerate(text):
            for part in self.table[ord(char)]:
                yield part, index

    def trace(self, text: str) -> Trace:
        """Say where each character of the folded text comes from."""
        if self.words and text.isascii() and not _INTRICATE.search(text):
            return _simple_trace(text)
        trace = Trace()
        before = -2
        for index, (_, owner) in enumerate(self.traced(text)):
            if owner != before + 1:
                trace.add(index, owner)
            before = owner
        return trace


class Trace:
    """The way back as runs, counted from the start of the piece that was traced."""

    __slots__ = ("_begins", "_origins")

    def __init__(self) -> None:
        self._begins = array("Q")
        self._origins = array("Q")

    def add(self, begin: int, origin: int) -> None:
        """Add a run: from `begin` in the folded text on, each character comes from the next."""
        self._begins.append(begin)
        self._origins.append(origin)

    def origin(self, index: int) -> int:
        """Give the place in the original of a character of the folded text."""
        run = bisect_right(self._begins, index) - 1
        return self._origins[run] + index - self._begins[run] if run >= 0 else 0

    def place(self, position: int) -> int:
        """Give the first place in the folded text that comes from `position` or later."""
        run = bisect_left(self._origins, position)
        if run and run < len(self._begins):
            inner = self._begins[run - 1] + position - self._origins[run - 1]
            return min(inner, self._begins[run])
        if run:
            return self._begins[run - 1] + position - self._origins[run - 1]
        return 0


_INTRICATE = re.compile("['\"`&]")
_SIMPLE_WORD = re.compile("[A-Za-z0-9]+")


def _simple_trace(text: str) -> Trace:
    """Trace the words of plain ASCII without quotes, which stand for themselves (a fast path)."""
    trace = Trace()
    trace.add(0, 0)
    begin = 1
    for word in _SIMPLE_WORD.finditer(text):
        start, end = word.span()
        trace.add(begin, start)
        begin += end - start + 1
    return trace


def _unquoted(parts: Iterable[tuple[str, int]], length: int) -> Iterator[tuple[str, int]]:
    """Leave the quotes out, and each 's with its quote; does slowly what `_mended` does."""
    quoted = False
    held: int | None = None
    for char, owner in chain(parts, ((" ", length),)):
        if char == _MARKER:
            quoted = True
            continue
        if held is not None and char != " ":
            yield "s", held
        held = None
        if quoted and char == "s":
            held = owner
        elif owner < length:
            yield char, owner
        quoted = False


def collapsed(text: str) -> str:
    """Make every run of spaces one space; linear even where the runs are long."""
    while "  " in text:
        text = text.replace("  ", " ")
    return text


_MEND = re.compile("\x01+(?:s\x01*(?= ))?")
# Splitting is much faster than the expression, but costs memory for every quote.
_MANY = 20_000


def _mended(text: str) -> str:
    """Drop the quotes of a word-folded text, and each 's with its quote."""
    if text.count(_MARKER) > _MANY or f"{_MARKER}s{_MARKER}" in text:
        return _MEND.sub("", text)
    head, *rest = text.split(_MARKER)
    return head + "".join(part[1:] if part.startswith("s ") else part for part in rest)


def _ascii_table(table: _Table) -> str:
    return "".join(table[code] if chr(code) != "&" else " " for code in range(128))


_WORD_TABLE = _Table(_word_char)
_PLAIN_TABLE = _Table(_plain_char)
WORDS = Folding(
    table=_WORD_TABLE,
    ascii=_ascii_table(_WORD_TABLE),
    cut=re.compile(r"[^\w'\"`&\x00-\x08\x0e-\x1b\x80-\U0010ffff]|_"),
    pad=" ",
    words=True,
)
PLAIN = Folding(
    table=_PLAIN_TABLE,
    ascii="".join(_plain_char(chr(code)) for code in range(128)),
    cut=re.compile(r"[ \t\n\r]"),
    pad="",
    words=False,
)


# Where there is no separator for very long, a text is cut among letters that fold one by one.
_LONGEST_PIECE = 1 << 14
_LETTER = r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u0391-\u03a1\u03a3-\u03ce\u0400-\u0481\u4e00-\u9fff]"
_AMONG_LETTERS = re.compile(f"{_LETTER}{{3}}(?={_LETTER})")


class Folded:
    """A text beside its folding; the way back is worked out only where somebody asks.

    The original is cut at separators into pieces of some 400 characters. Where each piece begins
    in the folded text is found by folding the pieces fast; only pieces with a hit are traced.
    """

    __slots__ = ("_begins", "_cuts", "_folding", "_shifts", "_traces", "folded", "text")

    def __init__(self, text: str, folding: Folding, folded: str | None = None) -> None:
        self.text = text
        self.folded = folding.fold(text) if folded is None else folded
        self._folding = folding
        self._cuts: list[int] = []
        self._begins: list[int] = []
        self._shifts: list[int] = []
        self._traces: dict[int, Trace] = {}

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Give the span of the original text that [start, end) of the folded text stands for.

        Combining marks and joiners that follow the last character belong to it.
        """
        first = self._owner(start)
        last = self._owner(end - 1) + 1 if end > start else first
        while last < len(self.text) and last > first and self._is_tail(self.text[last]):
            last += 1
        return first, last

    def place(self, position: int) -> int:
        """Give the first place in the folded text that comes from `position` or later."""
        self._survey()
        piece = max(bisect_right(self._cuts, position) - 1, 0)
        place = self._trace(piece).place(position - self._cuts[piece]) - self._shifts[piece]
        end = self._begins[piece + 1] if piece + 1 < len(self._begins) else len(self.folded)
        return min(max(self._begins[piece] + place, self._begins[piece]), end)

    def _is_tail(self, char: str) -> bool:
        return not char.isascii() and self._folding.table[ord(char)] == ""

    def _owner(self, index: int) -> int:
        self._survey()
        piece = max(bisect_right(self._begins, index) - 1, 0)
        offset = index - self._begins[piece] + self._shifts[piece]
        return min(self._cuts[piece] + self._trace(piece).origin(offset), self._end(piece))

    def _end(self, piece: int) -> int:
        return self._cuts[piece + 1] if piece + 1 < len(self._cuts) else len(self.text)

    def _survey(self) -> None:
        """Cut the text, and find where each piece begins in the folded text.

        A piece that folds to a space at its start shares that space with the piece before; one
        that was cut off among letters has no space of its own there.
        """
        if self._cuts:
            return
        position = begin = 0
        spaced = glued = False
        while position < len(self.text) or not position:
            end, within = self._next_cut(position)
            folded = self._folding.fold(self.text[position:end])
            shift = 1 if (spaced or glued) and folded.startswith(" ") else 0
            self._cuts.append(position)
            self._begins.append(begin)
            self._shifts.append(shift)
            glued = within and bool(self._folding.pad)
            begin += len(folded) - shift - glued
            spaced = not glued and (folded.endswith(" ") or (spaced and not folded))
            if end == len(self.text):
                return
            position = end

    def _next_cut(self, position: int) -> tuple[int, bool]:
        """Find where a piece ends, and whether that is within a word."""
        cut, text = self._folding.cut, self.text
        begin, limit = position + _PIECE, position + _LONGEST_PIECE
        if found := cut.search(text, begin, limit):
            return found.start(), False
        half = position + _LONGEST_PIECE // 2
        if limit < len(text) and (letters := _AMONG_LETTERS.search(text, half, limit)):
            return letters.end(), True
        found = cut.search(text, limit)
        return (found.start() if found else len(text)), False

    def _trace(self, piece: int) -> Trace:
        """Give the trace of a piece, counted from where the piece begins."""
        if piece not in self._traces:
            text = self.text[self._cuts[piece] : self._end(piece)]
            self._traces[piece] = self._folding.trace(text)
        return self._traces[piece]
