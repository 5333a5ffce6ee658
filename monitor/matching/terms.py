"""A word or phrase of a query as the strings to look for, and what to check where one stands.

287(g)             " 287 g "  (the letter as written where it stands apart)   " 287g "
ICE                " ice "    (capitals)      " i c e " (capitals, with dots)
"immig* agents"    " immig", then the rest of the word, then " agents "
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from monitor.matching.folding import WORDS, Folded
from monitor.matching.nodes import Phrase, Word, unparse

_MOST_SPELLINGS = 12
_LONGEST_ACRONYM = 6
_FEWEST_LETTERS = 4
_MOSTLY = 0.8
_WINDOW = 150
# "Section 287 a person" holds no 287(a): words of one letter need a bracket or a hyphen.
_ONE_LETTER_WORDS = frozenset("aeiouy")
_APART = re.compile(r"(?<=\d)\s+(?=\(\w{1,2}\))")
_DOTTED = re.compile(r"\w(?:\.\s?\w)+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of a spelling, folded.

    prefix: any ending may follow. capitals: it must be written in capitals.
    section: the letter of a section as the query writes it, "" for other words.
    """

    text: str
    prefix: bool = False
    capitals: bool = False
    section: str = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a term: pieces that follow each other; dotted: with dots, as in I.C.E."""

    pieces: tuple[Piece, ...]
    dotted: tuple[int, int] | None = None

    @property
    def literal(self) -> str:
        """The folded string that begins every occurrence, up to the first open ending."""
        words = []
        for piece in self.pieces:
            words.append(piece.text)
            if piece.prefix:
                return f" {' '.join(words)}"
        return f" {' '.join(words)} "

    @property
    def rarest(self) -> str:
        """The longest single word, as a string to look for first."""
        piece = max(self.pieces, key=lambda piece: len(piece.text))
        return f" {piece.text}" if piece.prefix else f" {piece.text} "

    @property
    def is_literal(self) -> bool:
        """Whether finding the literal is all that there is to do."""
        return self.dotted is None and not any(
            piece.prefix or piece.capitals or piece.section for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class Wording:
    """A word or phrase ready to be looked for.

    acronym: its folded letters where it is one word that is all capitals, or "".
    """

    text: str
    spellings: tuple[Spelling, ...]
    acronym: str


@lru_cache(maxsize=8_192)
def wording(node: Word | Phrase) -> Wording:
    """Work out how a word or phrase may be spelled."""
    words = (node,) if isinstance(node, Word) else _joined(node.words)
    ways = [_ways(word) for word in words]
    ways = [way for way in ways if way[0].pieces]
    count = 1
    for way in ways:
        count *= len(way)
    chosen = (
        list(product(*ways))
        if count <= _MOST_SPELLINGS
        else [tuple(way[0] for way in ways), tuple(way[-1] for way in ways)]
    )
    spellings = tuple(dict.fromkeys(map(_sequence, chosen)))
    first, *others = spellings[0].pieces
    is_acronym = not others and not first.prefix and first.capitals and first.text.isalpha()
    return Wording(unparse(node), spellings, first.text if is_acronym else "")


def _joined(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Close the gap of "287 (g)" in a phrase, so that it is read as 287(g)."""
    text = _APART.sub("", " ".join(unparse(word) for word in words))
    return tuple(Word(part.removesuffix("*"), part.endswith("*")) for part in text.split())


def _ways(word: Word) -> list[Spelling]:
    """List the ways to write one word: as it is, in one, and with the dots of an acronym."""
    pieces = _pieces(word)
    ways = [Spelling(pieces)]
    if len(pieces) > 1:
        whole = Piece(
            "".join(piece.text for piece in pieces),
            word.prefix,
            all(piece.capitals or piece.text.isdigit() for piece in pieces)
            and any(piece.capitals for piece in pieces),
        )
        ways.append(Spelling((whole,)))
    elif pieces and _is_acronym(pieces[0]) and not word.prefix:
        letters = tuple(Piece(letter, capitals=True) for letter in pieces[0].text)
        ways.append(Spelling(letters, (0, len(letters))))
    return ways


def _is_acronym(piece: Piece) -> bool:
    return piece.capitals and piece.text.isalpha() and 1 < len(piece.text) <= _LONGEST_ACRONYM


def _pieces(word: Word) -> tuple[Piece, ...]:
    """Cut a word where the folding cuts it, and say how each part must be written."""
    text = Folded(word.text, WORDS)
    pieces: list[Piece] = []
    position = 1
    whole = _is_capital(word.text)
    before = 0
    for part in text.folded.split():
        start, end = text.origin(position, position + len(part))
        raw = word.text[start:end]
        section = ""
        if pieces and pieces[-1].text.isdigit() and "(" in word.text[before:start]:
            section = raw if raw.isalpha() else ""
        capitals = _is_capital(raw) and (whole or len(part) > 1)
        pieces.append(Piece(part, capitals=capitals, section="" if capitals else section))
        position += len(part) + 1
        before = end
    if pieces and word.prefix:
        pieces[-1] = replace(pieces[-1], prefix=True)
    return tuple(pieces)


def _is_capital(text: str) -> bool:
    return text.isupper()


def _sequence(parts: tuple[Spelling, ...]) -> Spelling:
    """Write spellings of words one after the other."""
    pieces: tuple[Piece, ...] = ()
    dotted: tuple[int, int] | None = None
    for part in parts:
        if part.dotted and dotted is None:
            dotted = (len(pieces), len(pieces) + len(part.pieces))
        pieces += part.pieces
    return Spelling(pieces, dotted)


def occurrence(spelling: Spelling, text: Folded, start: int) -> tuple[int, int] | None:
    """Check a place where the spelling's literal stands.

    Returns its span in the folded text without the spaces around it; None where it does not hold.
    """
    if spelling.is_literal:
        return start + 1, start + len(spelling.literal) - 1
    spans = _walk(spelling, text.folded, start + 1)
    if spans is None or not _is_written_so(spelling, text, spans):
        return None
    return spans[0][0], spans[-1][1]


def _walk(spelling: Spelling, folded: str, position: int) -> list[tuple[int, int]] | None:
    """Find each piece in turn; None where one is missing."""
    spans = []
    for piece in spelling.pieces:
        if not folded.startswith(piece.text, position):
            return None
        end = position + len(piece.text)
        if piece.prefix:
            end = folded.find(" ", end)
        elif folded[end] != " ":
            return None
        spans.append((position, end))
        position = end + 1
    return spans


def _is_written_so(spelling: Spelling, text: Folded, spans: list[tuple[int, int]]) -> bool:
    """Compare with the original what the folding took away: capitals, dots, gaps."""
    for index, piece in enumerate(spelling.pieces):
        first = spans[index][0]
        if piece.capitals:
            start, end = text.origin(first, first + len(piece.text))
            if not _is_capital(text.text[start:end]):
                return False
        elif piece.section:
            start, end = text.origin(*spans[index])
            gap = text.text[text.origin(*spans[index - 1])[1] : start]
            if not _is_section(piece.section, text.text, start, end, gap):
                return False
    if spelling.dotted:
        first, last = spelling.dotted
        start = text.origin(*spans[first])[0]
        return bool(_DOTTED.fullmatch(text.text[start : text.origin(*spans[last - 1])[1]]))
    return True


def _is_section(letter: str, text: str, start: int, end: int, gap: str) -> bool:
    """Say whether a letter belongs to the number before it, as in 287(g), 287-G and 287 (g).

    Where a space stands between ("Ordinance 287 (G)"), the letter must be written as in the
    query, unless everything there is in capitals.
    """
    if not any(map(str.isspace, gap)):
        return True
    if text[start:end] != letter and not is_shouted(text, start, end):
        return False
    return "(" in gap or "-" in gap or letter.lower() not in _ONE_LETTER_WORDS


def is_shouted(text: str, start: int, end: int) -> bool:
    """Say whether the line around text[start:end] is nearly all capitals, itself left aside."""
    first = max(text.rfind("\n", 0, start) + 1, start - _WINDOW)
    stop = text.find("\n", end)
    last = min(len(text) if stop < 0 else stop, end + _WINDOW)
    around = text[first:start] + text[end:last]
    capitals = sum(map(str.isupper, around))
    small = sum(map(str.islower, around))
    return capitals >= _FEWEST_LETTERS and capitals >= _MOSTLY * (capitals + small)
