"""The query language: what is read, how it is written back, and what is refused with which cure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.matching import parse_cue, parse_query, unparse
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
    conjunction,
    disjunction,
    distributed,
    terms,
)

A, B, C, D = Word("a1"), Word("b2"), Word("c3"), Word("d4")


def phrase(*words: str) -> Phrase:
    """Make a phrase of plain words."""
    return Phrase(tuple(Word(word) for word in words))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("sanctuary", Word("sanctuary")),
        ("immig*", Word("immig", prefix=True)),
        ('"sanctuary city"', phrase("sanctuary", "city")),
        ('"sanctuary polic*"', Phrase((Word("sanctuary"), Word("polic", prefix=True)))),
        ("“sanctuary city”", phrase("sanctuary", "city")),
        ("a1 AND b2", And((A, B))),
        ("a1 b2", And((A, B))),
        ("a1 OR b2 AND c3", Or((A, And((B, C))))),
        ("a1 OR b2 c3", Or((A, And((B, C))))),
        ("(a1 OR b2) c3", And((Or((A, B)), C))),
        ("a1 AND (b2 AND c3)", And((A, B, C))),
        ("a1 OR (b2 OR c3)", Or((A, B, C))),
        ("NOT a1", Not(A)),
        ("NOT NOT a1", Not(Not(A))),
        ("a1 NOT b2", And((A, Not(B)))),
        ("NOT a1 NEAR/3 b2", Not(Near(A, B, 3))),
        ("a1 NEAR/3 b2 NEAR/4 c3", Near(Near(A, B, 3), C, 4)),
        ("a1 NEAR/3 (b2 NEAR/4 c3)", Near(A, Near(B, C, 4), 3)),
        ("a1 b2 NEAR/3 c3 d4", And((A, Near(B, C, 3), D))),
        ("NOT(a1)", Not(A)),
        ("a1 NEAR/5(b2 OR c3)", Near(A, Or((B, C)), 5)),
        ("title:a1", Scoped("title", A)),
        ("title: a1", Scoped("title", A)),
        ("title:a1 b2", And((Scoped("title", A), B))),
        ("headline:(a1 OR b2)", Scoped("headline", Or((A, B)))),
        ("body:(a1 NEAR/2 b2)", Scoped("body", Near(A, B, 2))),
        ('title:"a1 b2"', Scoped("title", phrase("a1", "b2"))),
        ("type:bill", Facet("type", "bill")),
        ("type:Press-Release", Facet("type", "press_release")),
        ('type:"press release"', Facet("type", "press_release")),
        ("type:state_bill", Facet("type", "bill")),
        ("type:(bill OR opinion)", Or((Facet("type", "bill"), Facet("type", "opinion")))),
        ("type:(NOT bill)", Not(Facet("type", "bill"))),
        ("jurisdiction:us", Facet("jurisdiction", "ocd-division/country:us")),
        ("jurisdiction:cand", Facet("jurisdiction", "cand")),
        (
            "jurisdiction:ny/county:kings",
            Facet("jurisdiction", "ocd-division/country:us/state:ny/county:kings"),
        ),
        (
            "jurisdiction:ocd-division/country:us/state:ny",
            Facet("jurisdiction", "ocd-division/country:us/state:ny"),
        ),
        ("/a+b/", Regex("a+b")),
        (r"/a\/b/", Regex("a/b")),
        (r"/a\\b/ c3", And((Regex(r"a\\b"), C))),
        ("/(a b)/", Regex("(a b)")),
        ("287(g)", Word("287(g)")),
        ("212(d)(5) a1", And((Word("212(d)(5)"), A))),
        ("(287(g))", Word("287(g)")),
        ("I-247A", Word("I-247A")),
        ("U.S.C.", Word("U.S.C.")),
        ("ICE/CBP", Word("ICE/CBP")),
        ("10:30", Word("10:30")),
        ('"8 U.S.C. § 1373"', phrase("8", "U.S.C.", "§", "1373")),
        ("a1 OR\n  b2\nAND c3", Or((A, And((B, C))))),
        ("a1\u00a0OR\u200b b2", Or((A, B))),
        ('"and"', phrase("and")),
        ("ANDES", Word("ANDES")),
    ],
)
def test_a_query_is_read_as_its_tree(text: str, tree: Node) -> None:
    """Each form of the language has one tree."""
    assert parse_query(text) == tree


@pytest.mark.parametrize(
    ("text", "marked", "cure"),
    [
        ("", "", "empty"),
        ("   ", "", "empty"),
        ("()", "(", "nothing in these brackets"),
        ("a1 AND ()", "()", "nothing in these brackets"),
        ("(a1 OR b2", "(", "never closed"),
        ("((a1) OR b2", "((", "never closed"),
        ("a1)", ")", "closes nothing"),
        (")", ")", "closes nothing"),
        ('a1 "b2', '"b2', "never closed"),
        ('""', '""', "no word in these quotation marks"),
        ('"—"', '"', "no word in these quotation marks"),
        ("a1 AND", "AND", "AND needs a term on its right"),
        ("OR a1", "OR", "OR needs a term on its left"),
        ("a1 OR OR b2", "OR OR", "OR needs a term on its right"),
        ("a1 OR AND b2", "OR AND", "OR needs a term on its right"),
        ("a1 NOT", "NOT", "NOT needs a term on its right"),
        ("(NOT)", "NOT", "NOT needs a term on its right"),
        ("NEAR/3 a1", "NEAR", "NEAR needs a term on its left"),
        ("a1 NEAR/3", "NEAR", "NEAR needs a term on its right"),
        ("a1 NEAR/0 b2", "NEAR/0", "1 (side by side)"),
        ("a1 NEAR/1001 b2", "NEAR/1001", "to 1000"),
        ("a1 NEAR b2", "NEAR", "write NEAR/10"),
        ("a1 near/5 b2", "near", "write NEAR/10"),
        ("a1 NEAR/x b2", "NEAR/x", "write NEAR/10"),
        ("a1 NEAR/3 NOT b2", "NOT", "cannot stand beside NEAR"),
        ("a1 NEAR/3 (b2 OR NOT c3)", "(b2", "NOT cannot stand beside NEAR"),
        ("type:bill NEAR/3 a1", "type:", "cannot stand beside NEAR"),
        ("a1 and b2", "and", "did you mean AND?"),
        ("a1 Or b2", "Or", "did you mean OR?"),
        ("not a1", "not", "did you mean NOT?"),
        ("a1 && b2", "&&", "did you mean AND?"),
        ("a1 || b2", "||", "did you mean OR?"),
        ("a1 -b2", "-b2", "did you mean NOT b2?"),
        ("+a1", "+a1", "without it"),
        ("a1, b2", ", ", "did you mean OR?"),
        ("a1 | b2", "|", "did you mean OR?"),
        ("immi?ration", "?ration", "write * at the end"),
        ("a1~2", "~2", "write NEAR/n"),
        ("a1^2", "^2", "under 'also'"),
        ("§ 1373", "§", "no letter or digit"),
        ("*gration", "*", "only at the end"),
        ("im*gration", "*gration", "only at the end"),
        ('"im*gration law"', "*gration", "only at the end"),
        ("im*", "im*", "give 3 letters"),
        ('"a* city"', "a*", "give 3 letters"),
        ("titel:a1", "titel", "did you mean 'title:'?"),
        ("colour:a1", "colour", "fields are title"),
        ("Title:a1", "Title", "did you mean 'title:'?"),
        ("title:", "title:", "needs a term on its right"),
        ("title:(a1 body:b2)", "(a1", "a field within 'title:'"),
        ("title:type:bill", "type:bill", "a field within 'title:'"),
        ("type:bil", "bil", "did you mean bill?"),
        ("type:zebra", "zebra", "types are bill"),
        ("type:bill*", "bill*", "whole names"),
        ("type:(bill NEAR/2 opinion)", "(bill", "whole names"),
        ("jurisdiction:atlantis", "atlantis", "atlantis"),
        ("a1\nb2", "b2", "did you mean OR?"),
        ("/a1", "/a1", "never closed"),
        ("/a1/i", "i", "flags go inside"),
        ("//", "/", "empty"),
        ("a1 /x(/", "(/", "never closed"),
        (r"/(a)\1/", r"\1", "back-reference"),
        ("/a(?=b)/", "(?=", "look-ahead"),
        ("/(?<!a)b/", "(?<!", "look-behind"),
        ("/a{900}/", "{900}", "at most 200 times"),
        ("/[z-a]/", "z-a", "lower to the higher"),
        ("/caf\u00e9/", "\u00e9", "plain letter"),
        ("/a.*|b*/", "a.*", "everywhere"),
        ("(" * 41 + "a1" + ")" * 41, "(a1", "levels of brackets"),
        ("NOT " * 41 + "a1", "NOT a1", "levels of brackets"),
        ("a1" + " NEAR/2 a1" * 41, "NEAR/2 a1", "links in one chain"),
        (f"({' '.join('abcdefghi')}) NEAR/2 ({' '.join('jklmnopqr')})", "NEAR/2", "several NEARs"),
        ("word " * 10_001, "", "longer than"),
    ],
)
def test_a_refusal_names_the_column_and_the_cure(text: str, marked: str, cure: str) -> None:
    """The caret stands below what is wrong, and the message says what to write instead."""
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert caught.value.query == text
    assert text[caught.value.column :].startswith(marked)
    assert cure in caught.value.message


def test_the_caret_stands_below_the_fault_on_its_line() -> None:
    """A query of several lines shows the one that is wrong."""
    with pytest.raises(QueryError) as caught:
        parse_query('"sanctuary city" OR\n  ICE, OR\n  detainer')
    assert str(caught.value).splitlines()[1:] == ["      ICE, OR", "         ^"]


def test_plain_words_are_a_phrase_in_a_cue() -> None:
    """Direction cues are mostly phrases, and need no quotation marks."""
    assert parse_cue("terminate the agreement") == phrase("terminate", "the", "agreement")
    assert parse_cue("oppos*") == Word("oppos", prefix=True)
    assert parse_cue("end NEAR/3 287(g)") == Near(Word("end"), Word("287(g)"), 3)
    with pytest.raises(QueryError):
        parse_cue("")


def test_terms_under_not_can_be_left_out() -> None:
    """What must not stand in an item is no evidence."""
    tree = parse_query("a1 NOT (b2 OR c3)")
    assert list(terms(tree)) == [A, B, C]
    assert list(terms(tree, negated=False)) == [A]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("(a1 AND b2) NEAR/3 c3", "a1 NEAR/3 c3 AND b2 NEAR/3 c3"),
        ("c3 NEAR/3 (a1 AND b2)", "c3 NEAR/3 a1 AND c3 NEAR/3 b2"),
        ("(a1 OR b2) NEAR/3 c3", "(a1 OR b2) NEAR/3 c3"),
        ("((a1 AND b2) OR d4) NEAR/3 c3", "(a1 NEAR/3 c3 AND b2 NEAR/3 c3) OR d4 NEAR/3 c3"),
        ("title:(a1 b2) NEAR/3 c3", "title:a1 NEAR/3 c3 AND title:b2 NEAR/3 c3"),
        ("NOT title:((a1 b2) NEAR/3 c3)", "NOT title:(a1 NEAR/3 c3 AND b2 NEAR/3 c3)"),
    ],
)
def test_and_beside_near_means_each_of_its_terms(text: str, same: str) -> None:
    """A group with AND on a side of NEAR asks that every term of it be near."""
    assert distributed(parse_query(text)) == parse_query(same)


WORDS = st.from_regex(
    r"[a-zA-Z0-9\u00e9\u0436]{3,8}(-[A-Z0-9]{1,3})?(\([a-z0-9]{1,2}\))?", fullmatch=True
)
PLAIN_WORDS = WORDS.filter(
    lambda text: (
        text.upper() not in {"AND", "OR", "NOT", "NEAR"}
        and ("(" not in text or any(map(str.isdigit, text.partition("(")[0])))
    )
)
TERMS = st.one_of(
    st.builds(Word, PLAIN_WORDS, st.booleans()),
    st.builds(Phrase, st.lists(st.builds(Word, PLAIN_WORDS), min_size=1, max_size=3).map(tuple)),
    st.sampled_from(["ice", "a/b", r"\d{3}\\", r"[(/]x", "(?i)Ab+"]).map(Regex),
)
FACETS = st.sampled_from([Facet("type", "bill"), Facet("jurisdiction", "cand")])


def _near(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(Near, inner, inner, st.integers(1, 1000))


PROXIMATE: st.SearchStrategy[Node] = st.recursive(
    TERMS,
    lambda inner: _near(inner) | st.lists(inner, min_size=2, max_size=3).map(disjunction),
    max_leaves=5,
)
TREES: st.SearchStrategy[Node] = st.recursive(
    PROXIMATE | FACETS | st.builds(Scoped, st.sampled_from(["title", "body"]), PROXIMATE),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(conjunction),
        st.lists(inner, min_size=2, max_size=3).map(disjunction),
    ),
    max_leaves=12,
)


@given(TREES)
def test_what_is_written_back_reads_the_same(tree: Node) -> None:
    """Writing a tree as text and reading it again changes nothing."""
    assert parse_query(unparse(tree)) == tree


@given(
    st.text("ab(\"'/*:!-,)\n \u201c§{}[]\\?+AND OR NOT NEAR/35title:type:", max_size=40)
    | st.text(max_size=30)
)
def test_any_text_is_read_or_refused_with_a_column_inside_it(text: str) -> None:
    """No text makes the parser fail in another way."""
    tree: Node | None = None
    fault: QueryError | None = None
    try:
        tree = parse_query(text)
    except QueryError as error:
        fault = error
    assert fault is None or 0 <= fault.column <= len(text)
    assert tree is None or parse_query(unparse(tree)) == tree
