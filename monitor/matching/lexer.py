"""A query cut into tokens, each with its column; refuses what was surely meant otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from monitor.errors import QueryError
from monitor.matching.folding import WORDS
from monitor.matching.nodes import Word
from monitor.matching.regexes import refuse_unusable

FIELDS = ("title", "headline", "body", "type", "jurisdiction")
LONGEST_QUERY = 50_000
SHORTEST_PREFIX = 3
FARTHEST = 1000

_OPEN_QUOTES = '"“”„'
_CLOSING_QUOTE = re.compile('["“”]')
_BLANK = re.compile(r"[\s\u200b\u2060\ufeff]*")
_RUN = re.compile('[^\\s()"“”„\u200b\u2060\ufeff]+')
# The bracketed part of 287(g) or 212(d)(5) belongs to the word; that of NOT(x) does not.
_SECTION = re.compile(r"\(\w{1,4}\)")
_FIELD = re.compile(r"([^\W\d]+):(?!//)")
_NEAR = re.compile(r"NEAR/(\d+)$")
_OPERATORS = {"AND": "AND", "OR": "OR", "NOT": "NOT"}
_FOREIGN = {"&&": "AND", "||": "OR", "|": "OR", "!": "NOT", "-": "NOT", "+": "AND"}


class Kind(StrEnum):
    """What a token is."""

    WORD = "a word"
    PHRASE = "a phrase"
    REGEX = "an expression"
    FIELD = "a field"
    OPEN = "'('"
    CLOSE = "')'"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    NEAR = "NEAR"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query: `text` without quotes or slashes, at [column, end) of the query."""

    kind: Kind
    text: str
    column: int
    end: int


def tokens(query: str) -> list[Token]:
    """Cut a query into tokens, the last one END; raises QueryError."""
    if len(query) > LONGEST_QUERY:
        message = f"the query is longer than {LONGEST_QUERY} characters; make two filters of it"
        raise QueryError(message, query, LONGEST_QUERY)
    found: list[Token] = []
    position = _after_blank(query, 0)
    while position < len(query):
        found.append(_token(query, position))
        position = _after_blank(query, found[-1].end)
    found.append(Token(Kind.END, "", len(query), len(query)))
    return found


def _after_blank(query: str, position: int) -> int:
    found = _BLANK.match(query, position)
    return found.end() if found else position


def _token(query: str, position: int) -> Token:
    char = query[position]
    if char in "()":
        kind = Kind.OPEN if char == "(" else Kind.CLOSE
        return Token(kind, char, position, position + 1)
    if char in _OPEN_QUOTES:
        return _phrase(query, position)
    if char == "/":
        return _regex(query, position)
    if field := _FIELD.match(query, position):
        return _field(query, field)
    return _word(query, position)


def _phrase(query: str, position: int) -> Token:
    closing = _CLOSING_QUOTE.search(query, position + 1)
    if closing is None:
        raise QueryError("this quotation mark is never closed", query, position)
    inner = query[position + 1 : closing.start()]
    if not WORDS.fold(inner).strip():
        raise QueryError("there is no word in these quotation marks", query, position)
    for word in re.finditer(r"\S+", inner):
        _refuse_stars(query, position + 1 + word.start(), word.group())
    return Token(Kind.PHRASE, inner, position, closing.end())


def _regex(query: str, position: int) -> Token:
    found = re.compile(r"/((?:[^/\\]|\\.)*)/", re.DOTALL).match(query, position)
    if found is None:
        message = "this expression is never closed; write \\/ for a slash in it, or quote a word"
        raise QueryError(message, query, position)
    after = _RUN.match(query, found.end())
    if after:
        message = f"'{after.group()}' follows the expression; flags go inside, as in /(?i)ice/"
        raise QueryError(message, query, found.end())
    pattern = found.group(1).replace("\\/", "/")
    refuse_unusable(pattern, query, position + 1)
    return Token(Kind.REGEX, pattern, position, found.end())


def _field(query: str, found: re.Match[str]) -> Token:
    name = found.group(1)
    if name in FIELDS:
        return Token(Kind.FIELD, name, found.start(), found.end())
    close = get_close_matches(name.lower(), FIELDS, 1, 0.6)
    cure = (
        f"did you mean '{close[0]}:'?"
        if close
        else f'fields are {", ".join(FIELDS)}; write "{found.group()} ..." to find a colon'
    )
    raise QueryError(f"there is no field '{name}'; {cure}", query, found.start())


def _word(query: str, position: int) -> Token:
    end = _end_of_word(query, position)
    text = query[position:end]
    if text in _OPERATORS:
        return Token(Kind(text), text, position, end)
    if near := _NEAR.match(text):
        return _near(query, position, end, near.group(1))
    _refuse_operators(query, position, text)
    _refuse_marks(query, position, text)
    _refuse_stars(query, position, text)
    if not WORDS.fold(text).strip():
        message = f"'{text}' has no letter or digit to find"
        raise QueryError(message, query, position)
    return Token(Kind.WORD, text, position, end)


def _end_of_word(query: str, position: int) -> int:
    """Find where a word ends that may hold bracketed sections: 212(d)(5)."""
    end = position
    while True:
        if run := _RUN.match(query, end):
            end = run.end()
        section = _SECTION.match(query, end)
        head = query[position:end]
        if not section or not any(map(str.isdigit, head)) or _NEAR.match(head):
            return end
        end = section.end()


def _near(query: str, position: int, end: int, number: str) -> Token:
    if not 1 <= int(number[:6]) <= FARTHEST:
        message = f"NEAR/{number} makes no sense; the distance is 1 (side by side) to {FARTHEST}"
        raise QueryError(message, query, position)
    return Token(Kind.NEAR, str(int(number)), position, end)


def _refuse_operators(query: str, position: int, text: str) -> None:
    """Refuse `and`, `&&`, `-ice` and their kin, which would be searched for as words."""
    meant = text.upper() if text.upper() in _OPERATORS else _FOREIGN.get(text, "")
    if meant:
        cure = f'did you mean {meant}? (to find the word itself, quote it: "{text}")'
        raise QueryError(f"'{text}' is no operator; {cure}", query, position)
    if text.upper().partition("/")[0] == "NEAR":
        cure = 'write NEAR/10 for "at most 10 words apart", or quote it to find the word'
        raise QueryError(f"'{text}' has no distance; {cure}", query, position)
    if text[0] in "-!":
        message = f"'{text[0]}' is no operator; did you mean NOT {text[1:]}?"
        raise QueryError(message, query, position)
    if text[0] == "+":
        message = f"'+' is no operator; write {text[1:]} without it"
        raise QueryError(message, query, position)


def _refuse_marks(query: str, position: int, text: str) -> None:
    """Refuse commas, question marks and tildes, which other search engines give a meaning."""
    if text[-1] in ",;":
        message = f"'{text[-1]}' means nothing here; did you mean OR?"
        raise QueryError(message, query, position + len(text) - 1)
    for mark, cure in (
        ("?", "write * at the end of a word for any ending"),
        ("~", "write NEAR/n between two terms"),
        ("^", "weights stand beside queries, under 'also'"),
    ):
        if mark in text:
            message = f"'{mark}' means nothing in a word; {cure}"
            raise QueryError(message, query, position + text.index(mark))


def _refuse_stars(query: str, position: int, text: str) -> None:
    """Refuse stars that are not at the end of a word long enough."""
    star = text.find("*")
    if star < 0:
        return
    if star != len(text) - 1:
        message = "'*' stands only at the end of a word; use /an expression/ for the rest"
        raise QueryError(message, query, position + star)
    letters = WORDS.fold(text).strip()
    if len(letters) < SHORTEST_PREFIX:
        message = f"'{text}' would match too much; give {SHORTEST_PREFIX} letters before the '*'"
        raise QueryError(message, query, position)


def as_word(text: str) -> Word:
    """Read the text of a WORD token, or one word of a phrase."""
    return Word(text.removesuffix("*"), prefix=text.endswith("*"))
