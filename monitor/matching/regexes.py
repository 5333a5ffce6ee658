"""Regular expressions that cannot run away: RE2, bounded in size, over plain ASCII text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import re2

from monitor.errors import QueryError

MOST_CHARACTERS = 1000
MOST_REPEATS = 200
# RE2 takes time in proportion to the text, and at worst to the program too: at this size hostile
# patterns over hostile text took up to 1.7 s per MB, ordinary ones 2 ms.
MOST_STEPS = 600

# What RE2 says of a pattern -> what a person can do about it.
_CURES = (
    ("(?=", "look-ahead is not possible; use AND, or NEAR/n outside the expression"),
    ("(?!", "look-ahead is not possible; put what must not count into exclude"),
    ("(?<", "look-behind is not possible; put what must not count into exclude"),
    ("(?P", "named groups cannot be referred to; write the alternatives out"),
    ("(?", "this kind of group does not exist in RE2; use ( ) or (?: )"),
    ("missing )", "a '(' is never closed; write \\( for a bracket in the text"),
    ("unexpected )", "a ')' too many; write \\) for a bracket in the text"),
    ("missing ]", "a '[' is never closed; write \\[ for a bracket in the text"),
    ("no argument", "nothing stands before it that could be repeated; write \\* for a star"),
    ("bad repetition operator", "repeat once only; possessive and double repeats do not exist"),
    ("invalid repetition size", f"repeat at most {MOST_REPEATS} times, or use NEAR/n"),
    ("character class range", "a range goes from the lower to the higher character"),
    ("trailing \\", "a backslash ends the expression; write \\\\ for one in the text"),
)
_REPEAT = re.compile(r"(?<!\\)\{(\d+)(?:,(\d*))?\}")
_ESCAPED = re.compile(
    r"\\(?:[pP]\{\^?\w+\}|[pP]\w|x\{[0-9A-Fa-f]+\}|.)|\(\?P<\w+>|\(\?[\w-]*", re.DOTALL
)
_BACKREFERENCE = re.compile(r"(?<!\\)(?:\\\\)*\\([1-9])")
_PLAIN_FORMS = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
    "\u00a0": "a space",
}


class Expression:
    """A compiled expression that finds its places in plain ASCII text.

    Like words, an expression in lower case finds any case; with a capital in it, only that case.
    `.` also stands for what was a line break.
    """

    __slots__ = ("_regexp",)

    def __init__(self, regexp: re2._Regexp) -> None:
        self._regexp = regexp

    @property
    def steps(self) -> int:
        """The size of the compiled program."""
        return int(self._regexp._regexp.ProgramSize())  # noqa: SLF001 - re2 has no other way

    def spans(self, text: bytes, most: int) -> Iterator[tuple[int, int]]:
        """Yield up to `most` places (start, end), from left to right, none inside another."""
        for count, found in enumerate(self._regexp.finditer(text)):
            if count >= most:
                return
            if found.end() > found.start():
                yield found.span()


def refuse_unusable(pattern: str, query: str, column: int) -> None:
    """Raise QueryError where a pattern cannot be used; `column` is where it begins in `query`."""
    for offset, char in enumerate(pattern):
        if not char.isascii():
            raise QueryError(_not_ascii(char), query, column + offset)
    _refuse_size(pattern, query, column)
    if found := _BACKREFERENCE.search(pattern):
        message = "a back-reference is not possible here; write the alternatives out"
        raise QueryError(message, query, column + found.start(1) - 1)
    try:
        expression = compiled(pattern)
    except re2.error as error:
        said = error.args[0]
        raise _explained(
            said.decode() if isinstance(said, bytes) else str(said), pattern, query, column
        ) from error
    if expression.steps > MOST_STEPS:
        message = "the expression is too large; repeat less, or use NEAR/n"
        raise QueryError(message, query, column)
    if expression._regexp.search(b"") is not None:  # noqa: SLF001
        message = "the expression matches nothing at all, hence everywhere; ask for some text"
        raise QueryError(message, query, column)


def _refuse_size(pattern: str, query: str, column: int) -> None:
    if not pattern:
        raise QueryError("the expression is empty", query, column)
    if len(pattern) > MOST_CHARACTERS:
        message = f"the expression is longer than {MOST_CHARACTERS} characters"
        raise QueryError(message, query, column + MOST_CHARACTERS)
    for found in _REPEAT.finditer(pattern):
        if max(int(number) for number in found.groups() if number) > MOST_REPEATS:
            message = f"repeat at most {MOST_REPEATS} times, or use NEAR/n"
            raise QueryError(message, query, column + found.start())


def _not_ascii(char: str) -> str:
    cure = _PLAIN_FORMS.get(char, "the plain letter" if char.isalpha() else "a plain character")
    return f"write {cure} for '{char}': expressions see text without accents and typography"


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Expression:
    """Compile a pattern that `refuse_unusable` let pass."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.never_capture = True
    options.case_sensitive = minds_case(pattern)
    return Expression(re2.compile(pattern.encode("latin-1"), options))


def minds_case(pattern: str) -> bool:
    """Say whether a pattern tells capitals from small letters: it does where it holds one."""
    return any(map(str.isupper, _ESCAPED.sub("", pattern)))


def _explained(said: str, pattern: str, query: str, column: int) -> QueryError:
    """Turn RE2's words into what is wrong, where, and the cure."""
    what, _, fragment = said.partition(": ")
    cure = next((cure for mark, cure in _CURES if mark in said), "")
    offset = max(pattern.rfind(fragment) if fragment else 0, 0)
    if what == "missing ]":
        offset = max(pattern.find(fragment), 0)
    elif what == "missing )":
        offset = _unclosed(pattern)
    elif what.startswith("unexpected"):
        offset = _surplus(pattern)
    message = f"the expression cannot be read: {what}"
    if fragment and not what.startswith(("missing", "unexpected")):
        message += f" {fragment}"
    return QueryError(f"{message}; {cure}" if cure else message, query, column + offset)


def _brackets(pattern: str) -> Iterator[tuple[int, int]]:
    """Yield each bracket's place with the depth after it; escapes and classes are passed over."""
    inside = False
    depth = 0
    escaped = False
    for offset, (char, _) in enumerate(pairwise(f"{pattern} ")):
        if escaped or char == "\\":
            escaped = not escaped
        elif char in "[]":
            inside = char == "["
        elif char in "()" and not inside:
            depth += 1 if char == "(" else -1
            yield offset, depth


def _unclosed(pattern: str) -> int:
    """Find the outermost bracket that stays open."""
    opened: list[int] = []
    for offset, _ in _brackets(pattern):
        if pattern[offset] == "(":
            opened.append(offset)
        elif opened:
            opened.pop()
    return opened[0] if opened else 0


def _surplus(pattern: str) -> int:
    """Find the first bracket that closes nothing."""
    return next((offset for offset, depth in _brackets(pattern) if depth < 0), 0)
