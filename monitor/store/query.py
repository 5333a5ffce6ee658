"""The language of `monitor search`: words, "phrases", pre*, AND OR NOT, parentheses, title:word.

It is compiled into an FTS5 expression (https://sqlite.org/fts5.html, section 3) in which every
word of the user stands in quotes, so that nothing a person types is an operator by accident.
NOT binds before AND, AND before OR; words side by side must all occur.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.errors import QueryError

_COLUMNS = {"title": "title", "text": "text", "body": "text", "office": "office", "label": "labels"}
_DEEPEST = 30
_LONGEST = 2_000

# A parenthesis that follows a letter or digit belongs to the word: 287(g), 8 U.S.C. 1357(g)(1).
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<open>\()
  | (?P<close>\))
  | (?P<column>[A-Za-z]+):(?=["\w(])
  | "(?P<phrase>[^"]*)"(?P<phrase_prefix>\*?)
  | (?P<unclosed>")
  | (?P<word>(?:[^\s()"*]|(?<=\w)\([^\s()"]*\)|(?<=\))\([^\s()"]*\))+)(?P<prefix>\*?)
  | (?P<stray>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# FTS5 ends a query at a NUL; a lone surrogate cannot be written as UTF-8.
_UNUSABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_OPERATORS = {"AND", "OR", "NOT"}


@dataclass(frozen=True, slots=True)
class _Token:
    sort: str
    text: str
    column: int


def compile_query(query: str) -> str:
    """Return the FTS5 expression; raises QueryError with the column of the fault."""
    if len(query) > _LONGEST:
        raise QueryError(f"a query has at most {_LONGEST} characters", query, _LONGEST)
    tokens = _tokens(query)
    if len(tokens) == 1:
        raise QueryError("nothing to search for", query, 0)
    reader = _Reader(query, tokens)
    expression = reader.either(0)
    reader.expect_end()
    return expression


def _tokens(query: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(_UNUSABLE.sub(" ", query)):
        sort = match.lastgroup or ""
        column = match.start()
        if sort == "space":
            continue
        if sort == "stray":
            raise QueryError(f"{match.group()} does not belong here", query, column)
        if sort == "unclosed":
            raise QueryError("this quotation mark is not closed", query, column)
        tokens.append(_token(match, query))
    return [*tokens, _Token("end", "", len(query))]


def _token(match: re.Match[str], query: str) -> _Token:
    column = match.start()
    if name := match["column"]:
        if name.lower() not in _COLUMNS:
            known = ", ".join(f"{column}:" for column in _COLUMNS)
            raise QueryError(f"there is no field {name}: (there are {known})", query, column)
        return _Token("column", _COLUMNS[name.lower()], column)
    if match["open"] or match["close"]:
        return _Token(match.group(), match.group(), column)
    word, phrase = match["word"], match["phrase"]
    if word in _OPERATORS and not match["prefix"]:
        return _Token(word, word, column)
    said = word if phrase is None else phrase
    if not re.search(r"[^\W_]", said):
        raise QueryError("there is no letter or digit to search for", query, column)
    prefix = match["prefix"] or match["phrase_prefix"] or ""
    quoted = said.replace('"', '""')
    return _Token("word", f'"{quoted}"{prefix}', column)


class _Reader:
    """Reads tokens by descent; each method returns an FTS5 expression."""

    def __init__(self, query: str, tokens: list[_Token]) -> None:
        self._query = query
        self._tokens = tokens
        self._place = 0

    @property
    def _now(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._now
        self._place += 1
        return token

    def either(self, depth: int) -> str:
        if depth > _DEEPEST:
            raise self._fault("parentheses are nested too deeply")
        parts = [self._all(depth)]
        while self._now.sort == "OR":
            self._take()
            parts.append(self._all(depth))
        return _joined(" OR ", parts)

    def _all(self, depth: int) -> str:
        wanted, unwanted = [self._first(depth)], []
        while self._now.sort not in {"OR", ")", "end"}:
            if self._now.sort == "AND":
                self._take()
            if self._now.sort == "NOT":
                self._take()
                unwanted.append(self._one(depth))
            else:
                wanted.append(self._one(depth))
        expression = _joined(" AND ", wanted)
        return f"({expression} NOT {_joined(' OR ', unwanted)})" if unwanted else expression

    def _first(self, depth: int) -> str:
        if self._now.sort == "NOT":
            raise self._fault("NOT needs something before it from which to take away")
        return self._one(depth)

    def _one(self, depth: int) -> str:
        token = self._now
        if token.sort == "(":
            self._take()
            inner = self.either(depth + 1)
            if self._now.sort != ")":
                raise QueryError("this parenthesis is not closed", self._query, token.column)
            self._take()
            return inner
        if token.sort == "column":
            self._take()
            return f"({{{token.text}}} : ({self._one(depth)}))"
        if token.sort == "word":
            return self._take().text
        raise self._fault(self._missing(token))

    def _missing(self, token: _Token) -> str:
        if token.sort == "end":
            return "a word is missing at the end"
        if token.sort == ")" and not self._place:
            return "this parenthesis was never opened"
        return f"a word is missing before {token.text}"

    def expect_end(self) -> None:
        if self._now.sort != "end":
            raise self._fault("this parenthesis was never opened")

    def _fault(self, message: str) -> QueryError:
        return QueryError(message, self._query, self._now.column)


def _joined(operator: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"
