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
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass

_PIECE = 512
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
    return "".join(part if part.isalnum() or _is_mark(part) else " " for part in folded)


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
    finish: mends quotes; trace: does the same for characters that carry their origin.
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

    def trace(self, text: str) -> tuple[str, list[int]]:
        """Fold slowly, with the index in `text` from which each character comes."""
        chars: list[str] = []
        owners: list[int] = []
        for index, char in enumerate(text):
            for part in self.table[ord(char)]:
                chars.append(part)
                owners.append(index)
        folded = "".join(chars)
        keep = _kept(f"{folded} ") if self.words else range(len(folded))
        return _spaced(folded, keep, owners, self.pad, len(text))


def collapsed(text: str) -> str:
    """Make every run of spaces one space; linear even where the runs are long."""
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _mended(text: str) -> str:
    """Drop the quotes of a word-folded text, and each 's with its quote."""
    while _MARKER * 2 in text:
        text = text.replace(_MARKER * 2, _MARKER)
    text = text.replace(f"{_MARKER} ", " ").replace(f"{_MARKER}s ", " ")
    return text.replace(_MARKER, "")


_MEND = re.compile(r"\x01+s\x01*(?= )|\x01+")


def _kept(text: str) -> list[int]:
    """Say which characters `_mended` keeps of a text that ends in one more space."""
    kept: list[int] = []
    last = 0
    for found in _MEND.finditer(text):
        kept.extend(range(last, found.start()))
        last = found.end()
    kept.extend(range(last, len(text) - 1))
    return kept


def _spaced(
    folded: str, keep: list[int] | range, owners: list[int], pad: str, length: int
) -> tuple[str, list[int]]:
    """Collapse spaces and pad, keeping each character's owner; a pad belongs to the ends."""
    chars, origins = ([pad], [0]) if pad else ([], [])
    for index in keep:
        if folded[index] == " " and chars and chars[-1] == " ":
            continue
        chars.append(folded[index])
        origins.append(owners[index])
    if pad and chars[-1] != " ":
        chars.append(pad)
        origins.append(length)
    return "".join(chars), origins


def _ascii_table(table: _Table) -> str:
    return "".join(table[code] if chr(code) != "&" else " " for code in range(128))


_WORD_TABLE = _Table(_word_char)
_PLAIN_TABLE = _Table(_plain_char)
WORDS = Folding(
    table=_WORD_TABLE,
    ascii=_ascii_table(_WORD_TABLE),
    cut=re.compile(r"[^\w'\"`&\x00-\x08\x0e-\x1b\x80-\U0010ffff]"),
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


class Folded:
    """A text beside its folding; the way back is worked out only where somebody asks.

    The original is cut at separators into pieces of about 512 characters. Where each piece begins
    in the folded text is found by folding the pieces fast; only pieces with a hit are traced.
    """

    __slots__ = ("_begins", "_cuts", "_folding", "_traces", "folded", "text")

    def __init__(self, text: str, folding: Folding, folded: str | None = None) -> None:
        self.text = text
        self.folded = folding.fold(text) if folded is None else folded
        self._folding = folding
        self._cuts: list[int] = []
        self._begins: list[int] = []
        self._traces: dict[int, list[int]] = {}

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
        owners = self._trace(piece)
        return self._begins[piece] + bisect_left(owners, position)

    def _is_tail(self, char: str) -> bool:
        return not char.isascii() and self._folding.table[ord(char)] == ""

    def _owner(self, index: int) -> int:
        self._survey()
        piece = max(bisect_right(self._begins, index) - 1, 0)
        owners = self._trace(piece)
        offset = index - self._begins[piece]
        return owners[offset] if offset < len(owners) else self._cut_after(piece)

    def _cut_after(self, piece: int) -> int:
        return self._cuts[piece + 1] if piece + 1 < len(self._cuts) else len(self.text)

    def _survey(self) -> None:
        """Cut the text, and find where each piece begins in the folded text."""
        if self._cuts:
            return
        position = begin = 0
        ends_in_space = False
        while True:
            found = self._folding.cut.search(self.text, position + _PIECE)
            end = found.start() if found else len(self.text)
            folded = self._folding.fold(self.text[position:end])
            self._cuts.append(position)
            self._begins.append(begin)
            shared = 1 if ends_in_space and folded.startswith(" ") else 0
            begin += len(folded) - shared
            ends_in_space = folded.endswith(" ") or (ends_in_space and not folded)
            if end == len(self.text):
                return
            position = end

    def _trace(self, piece: int) -> list[int]:
        if piece not in self._traces:
            start, end = self._cuts[piece], self._cut_after(piece)
            folded, owners = self._folding.trace(self.text[start:end])
            begin = self._begins[piece]
            shared = begin and folded.startswith(" ") and self.folded[begin - 1] == " "
            self._traces[piece] = [start + owner for owner in owners[1 if shared else 0 :]]
        return self._traces[piece]
