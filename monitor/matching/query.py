"""The query language: text -> tree. Every refusal names the column and the cure.

    or    := and {"OR" and}
    and   := not {["AND"] not}                   two terms side by side mean AND
    not   := "NOT" not | near
    near  := atom {"NEAR/"n atom}                at most n words apart, in either order
    atom  := field ":" atom | "(" or ")" | word | word* | "phrase" | /expression/

**Words** are whole words. What is no letter, digit or mark separates words, so that `287(g)` is
287 followed by g: it finds 287(g), 287(G), 287g, 287-g and 287 (g), but neither 2870(g) nor, in
"Ordinance 287 (G)", a capital that stands apart. `&` reads as "and", accents do not matter, 's at
a word's end does not count, and `8 U.S.C. 1373` also finds "8 USC § 1373".

**Case**: a word, or a part of one with two letters or more, that is all capitals (ICE, I-247A)
finds capitals only, and I.C.E. too; any other word finds any case.

**Fields**: title, headline (the title or the text's first sentence), body (all but the title),
type (as in DESIGN: bill, press_release, ...) and jurisdiction (ny takes ny/new_york in).

**NOT x** holds where x stands nowhere in the item. To take single passages out, use a filter's
`exclude` instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache

from monitor.errors import QueryError
from monitor.jurisdictions import ocd
from monitor.matching.lexer import Kind, Token, as_word, tokens
from monitor.matching.nodes import (
    And,
    Facet,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Scoped,
    Word,
    breadth,
    children,
    conjunction,
    disjunction,
)
from monitor.models import ItemType

DEEPEST = 40
WIDEST = 64
_STARTS = {Kind.WORD, Kind.PHRASE, Kind.REGEX, Kind.FIELD, Kind.OPEN, Kind.NOT}
_FACETS = ("type", "jurisdiction")
# What labelled lines call a bill (DESIGN section 2, "type").
_TYPE_NAMES = {"state_bill": ItemType.BILL, "congress_bill": ItemType.BILL}


@lru_cache(maxsize=1_024)
def parse_query(text: str) -> Node:
    """Read a query; raises QueryError."""
    parser = _Parser(text)
    if parser.token.kind is Kind.END:
        raise QueryError("the query is empty", text, 0)
    node = parser.disjunction()
    if parser.token.kind is Kind.CLOSE:
        raise QueryError("this ')' closes nothing", text, parser.token.column)
    return node


def parse_cue(text: str) -> Node:
    """Read a cue: plain words are a phrase, anything else is a query; raises QueryError."""
    found = tokens(text)
    if len(found) > 2 and all(token.kind is Kind.WORD for token in found[:-1]):  # noqa: PLR2004
        return Phrase(tuple(as_word(token.text) for token in found[:-1]))
    return parse_query(text)


class _Parser:
    """Reads tokens from left to right; each method returns the node that it read."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = tokens(query)
        self._index = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._index]

    def disjunction(self) -> Node:
        nodes = [self._conjunction()]
        while self.token.kind is Kind.OR:
            operator = self._take()
            nodes.append(self._right_of(operator, self._conjunction))
        return disjunction(nodes)

    def _conjunction(self) -> Node:
        nodes = [self._negation()]
        while True:
            if self.token.kind is Kind.AND:
                operator = self._take()
                nodes.append(self._right_of(operator, self._negation))
            elif self.token.kind in _STARTS:
                self._refuse_new_line()
                nodes.append(self._negation())
            else:
                return conjunction(nodes)

    def _refuse_new_line(self) -> None:
        """Refuse two lines that nothing joins: one reads them as OR, side by side means AND."""
        before = self._tokens[self._index - 1]
        if "\n" in self._query[before.end : self.token.column]:
            message = "a new line begins without AND or OR; did you mean OR?"
            raise self._error(message, self.token)

    def _negation(self) -> Node:
        if self.token.kind is not Kind.NOT:
            return self._proximity()
        operator = self._take()
        self._deeper(operator)
        node = Not(self._right_of(operator, self._negation))
        self._depth -= 1
        return node

    def _proximity(self) -> Node:
        begin = self.token
        node = self._atom()
        links = 0
        while self.token.kind is Kind.NEAR:
            operator = self._take()
            links += 1
            if links + self._depth > DEEPEST:
                raise self._error(f"more than {DEEPEST} links in one chain", operator)
            self._refuse_in_near(node, begin)
            begin = self.token
            right = self._right_of(operator, self._atom)
            self._refuse_in_near(right, begin)
            if breadth(node) * breadth(right) > WIDEST:
                message = "too many ANDs on the sides of NEAR; write several NEARs"
                raise self._error(message, operator)
            node = Near(node, right, int(operator.text))
        return node

    def _right_of(self, operator: Token, read: Callable[[], Node]) -> Node:
        if self.token.kind not in _STARTS:
            what = operator.kind if operator.kind is not Kind.FIELD else f"'{operator.text}:'"
            message = f"{what} needs a term on its right"
            raise self._error(message, operator)
        return read()

    def _atom(self) -> Node:
        token = self._take()
        match token.kind:
            case Kind.WORD:
                return as_word(token.text)
            case Kind.PHRASE:
                return Phrase(tuple(map(as_word, token.text.split())))
            case Kind.REGEX:
                return Regex(token.text)
            case Kind.OPEN:
                return self._group(token)
            case Kind.FIELD:
                return self._field(token)
            case Kind.AND | Kind.OR | Kind.NEAR:
                raise self._error(f"{token.kind} needs a term on its left", token)
            case Kind.NOT:
                message = "NOT cannot stand beside NEAR; join it with AND"
                raise self._error(message, token)
            case Kind.CLOSE:
                raise self._error("this ')' closes nothing", token)
        raise self._error("a term is missing at the end", token)

    def _group(self, opening: Token) -> Node:
        if self.token.kind is Kind.CLOSE:
            raise self._error("there is nothing in these brackets", opening)
        self._deeper(opening)
        node = self.disjunction()
        self._depth -= 1
        if self._take().kind is not Kind.CLOSE:
            raise self._error("this '(' is never closed", opening)
        return node

    def _field(self, field: Token) -> Node:
        begin = self.token
        self._deeper(field)
        node = self._right_of(field, self._atom)
        self._depth -= 1
        if field.text in _FACETS:
            return self._facets(field, node, begin)
        if _holds(node, Scoped) or _holds(node, Facet):
            message = f"a field within '{field.text}:' means nothing; join them with AND"
            raise self._error(message, begin)
        return Scoped(field.text, node)

    def _facets(self, field: Token, node: Node, begin: Token) -> Node:
        """Turn `type:(bill OR opinion)` into type:bill OR type:opinion."""
        match node:
            case And(nodes):
                return conjunction(self._facets(field, part, begin) for part in nodes)
            case Or(nodes):
                return disjunction(self._facets(field, part, begin) for part in nodes)
            case Not(inner):
                return Not(self._facets(field, inner, begin))
            case Word(text, False):
                return Facet(field.text, self._facet_value(field, text, begin))
            case Phrase(words) if not any(word.prefix for word in words):
                text = " ".join(word.text for word in words)
                return Facet(field.text, self._facet_value(field, text, begin))
        message = f"'{field.text}:' takes whole names, or a group of them joined with OR"
        raise self._error(message, begin)

    def _facet_value(self, field: Token, text: str, begin: Token) -> str:
        if field.text == "jurisdiction":
            try:
                return ocd(text)
            except ValueError as error:
                raise self._error(str(error), begin) from error
        name = re.sub(r"[\s-]+", "_", text.strip().lower())
        known = _TYPE_NAMES | {kind.value: kind for kind in ItemType}
        if name in known:
            return known[name].value
        close = get_close_matches(name, known, 1, 0.6)
        cure = f"did you mean {close[0]}?" if close else f"types are {', '.join(ItemType)}"
        raise self._error(f"there is no type '{text}'; {cure}", begin)

    def _refuse_in_near(self, node: Node, begin: Token) -> None:
        for kind, what in ((Not, "NOT"), (Facet, "a field of the item")):
            if _holds(node, kind):
                message = f"{what} cannot stand beside NEAR; join it with AND"
                raise self._error(message, begin)

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._error(f"more than {DEEPEST} levels of brackets", token)

    def _take(self) -> Token:
        token = self.token
        self._index = min(self._index + 1, len(self._tokens) - 1)
        return token

    def _error(self, message: str, token: Token) -> QueryError:
        return QueryError(message, self._query, token.column)


def _holds(node: Node, kind: type[Node]) -> bool:
    return isinstance(node, kind) or any(_holds(child, kind) for child in children(node))
