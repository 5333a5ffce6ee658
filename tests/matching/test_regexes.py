"""Expressions: what they see, what they find, and that they cannot run away."""

from __future__ import annotations

import random
import time

import pytest

from monitor.errors import QueryError
from monitor.matching import parse_query
from monitor.matching.regexes import MOST_STEPS, compiled
from tests.matching.held import hits, holds


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        (r"/\bI-?247[ADN]?\b/", "Form I-247A and I247, ami-247a9e", ["I-247A", "I247"]),
        ("/sanctuar(y|ies)/", "Sanctuaries", ["Sanctuaries"]),
        ("/ICE raids?/", "ICE raid, ice raid", ["ICE raid"]),
        ("/(?i)ICE raids?/", "ICE raid, ice raid", ["ICE raid", "ice raid"]),
        (r"/\Bgration\b/", "Immigration", ["gration"]),
        (r"/\bcaf\b/", "caf\u00e9", []),
        (r"/\bICE\b/", "ICE\u043c\u0438\u0440", []),
        (r"/cafe\w/", "caf\u00e9s", ["caf\u00e9s"]),
        ("/agree with/", "Agree\n  with, agree\u00a0with", ["Agree\n  with", "agree\u00a0with"]),
        ("/mask.{0,20}agents/", "masks on\nfederal agents", ["masks on\nfederal agents"]),
        ("/isn't \"here\"/", "isn\u2019t \u201chere\u201d", ["isn\u2019t \u201chere\u201d"]),
        ("/strasse/", "Stra\u00dfe", ["Stra\u00dfe"]),
        ("/immigration/", "immi\u00adgration", ["immi\u00adgration"]),
        (r"/\$\d+/", "\U0001f600 $100 \U0001f600", ["$100"]),
        ("/x*y/", "xxy y", ["xxy", "y"]),
        (r"/\b/", "word", []),
    ],
)  # fmt: skip
def test_an_expression_finds_exact_places(query: str, text: str, found: list[str]) -> None:
    """Accents, typography and line breaks do not stand in the way; offsets are the original's."""
    assert hits(query, text) == found


def test_expressions_combine_with_words() -> None:
    """An expression is a term like any other."""
    assert holds(r"/287\W{0,2}g/ NEAR/3 agreement", "a 287(g) style agreement")
    assert not holds(r"/287\W{0,2}g/ NEAR/3 agreement", "a 287(g) and after many words agreement")
    assert holds("detainer NOT /unlawful|forcible/", "immigration detainer")
    assert not holds("detainer NOT /unlawful|forcible/", "unlawful detainer")
    assert holds("detainer", "detainer, unlawful detainer", exclude="/unlawful detainer/")
    assert not holds("detainer", "unlawful detainer", exclude="/unlawful.{1,9}/")


def test_an_expression_alone_is_run_on_every_text() -> None:
    """A filter without a literal word is weighed every time."""
    assert holds(r"/\d{3}\(g\)/", "number 287(g)")
    assert holds(r"/\d{3}\(g\)/ OR zebra", "number 287(g)")


@pytest.mark.parametrize(
    "pattern",
    [
        "a{201}",
        "(?:ab){0,300}",
        "((a{1,60}){1,60}){1,60}",
        "[a-z]{200}[a-z]{200}[a-z]{200}[a-z]{200}",
        "(.{0,150}a){20}",
        "x" * 1001,
        "(" * 500 + "a" + ")" * 500 + "{200}",
    ],
)
def test_an_expression_too_large_is_refused(pattern: str) -> None:
    """Size is bounded before anything runs."""
    with pytest.raises(QueryError, match=r"at most 200|too large|longer than|cannot be read"):
        parse_query(f"/{pattern}/")


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a|aa)+$",
        r"(a+)+b$",
        r"(.*)(.*)(.*)(.*)(.*)[x]",
        r"[ab]*a[ab]{100}c",
        r"a.{0,190}x",
        r"(a|b|c){0,120}.{0,60}x",
        r"(a?){100}a{100}",
        r"(((a*)*)*)*b",
    ],
)
def test_hostile_expressions_take_linear_time(pattern: str) -> None:
    """What is exponential elsewhere ends within seconds on hostile text."""
    parse_query(f"/{pattern}/")
    source = random.Random(3)  # noqa: S311 - made-up text
    expression = compiled(pattern)
    for text in (b"a" * 400_000, b"ab" * 200_000, bytes(source.choices(b"abcdefg ", k=400_000))):
        begin = time.process_time()
        assert sum(1 for _ in expression.spans(text, 10_000)) <= 10_000
        assert time.process_time() - begin < 10


def test_the_bound_on_steps_leaves_room_for_real_expressions() -> None:
    """The widest windows that a filter needs fit."""
    pattern = r"(mask(s|ing|ed)?|face coverings?|unmarked (vehicle|car)s?).{0,120}(federal|agents?)"
    assert parse_query(f"/{pattern}/")
    assert compiled(pattern).steps < MOST_STEPS


@pytest.mark.parametrize(
    ("pattern", "offset", "cure"),
    [
        ("a(b(c", 1, "never closed"),
        ("a)b", 1, r"write \)"),
        ("[(]a)", 4, r"write \)"),
        (r"\(a)", 3, r"write \)"),
        ("x[a", 1, "never closed"),
        ("ab**", 2, "repeat once"),
        ("*a", 0, "nothing stands before"),
        (r"ab\q", 2, "escape"),
        (r"x\2", 1, "back-reference"),
        ("a(?!b)", 1, "exclude"),
        ("(?>a)", 0, "(?:"),
        ("(?P<n>a)(?P=n)", 8, "alternatives"),
        ("a{3,1}", 1, "at most 200"),
        ("it\u2019s", 2, "write '"),
        ("a\u2013b", 1, "write -"),
        ("\u043c\u0438\u0440", 0, "plain letter"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_expression_is_pointed_at(pattern: str, offset: int, cure: str) -> None:
    """The column is that of the fault within the expression."""
    query = f"a1 OR /{pattern}/"
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert caught.value.column == query.index("/") + 1 + offset
    assert cure in caught.value.message
