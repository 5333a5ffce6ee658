# ruff: noqa: RUF001, E501 - look-alikes are what is tested; a case stays on its line
"""Which spellings a word or phrase finds, and which it does not."""

from __future__ import annotations

import pytest

from monitor.matching import Shouting
from tests.matching.held import hits, holds


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        # Case.
        ("sanctuary", "SANCTUARY Sanctuary sanctuary", ["SANCTUARY", "Sanctuary", "sanctuary"]),
        ("Trust", "trust TRUST", ["trust", "TRUST"]),
        ("ICE", "The ICE, the ice, the Ice.", ["ICE"]),
        ("ICE", "the I.C.E. officer, the I. C. E. officer", ["I.C.E.", "I. C. E."]),
        ("I.C.E.", "by ICE and I.C.E. only", ["ICE", "I.C.E."]),
        ("ICE", "the i.c.e. and I C E and I-C-E", []),
        ('"ICE detainer*"', "ICE detainers, ice detainers, ICE Detainer", ["ICE detainers", "ICE Detainer"]),
        ('"TRUST act"', "The TRUST Act, a trust act", ["TRUST Act"]),
        ("ICE*", "ICEs are ices", ["ICEs"]),
        ("X-ray", "x-ray and X-Ray", ["x-ray", "X-Ray"]),
        ("ICE-free", "an ICE-free zone in ice-free waters, ICE free", ["ICE-free", "ICE free"]),
        # Whole words.
        ("ice", "office police icehouse de-ice", ["ice"]),
        ("none", "nonetheless", []),
        ('"NDS 2025"', "Jail BoNDS 2025", []),
        ("caf", "café", []),
        ("cafe", "café Cafe\u0301 CAFÉ", ["café", "Cafe\u0301", "CAFÉ"]),
        ("ICE", "ICEмир ICE1 1ICE ÉICE", []),
        ("ICE", "ICE_list (ICE) ICE/CBP «ICE» “ICE” ICE’s ICE¹ 😀ICE😀", ["ICE"] * 8),
        ("ICE", 'OF"F"ICE OF THE MAYOR', []),
        ("ICE", "O'ICE l’ICE", []),
        ("sheriff", "the sheriff's, sheriff’s and sheriffs", ["sheriff", "sheriff"]),
        ('"sheriff\'s office"', "Sheriff’s Office, Sheriff Office", ["Sheriff’s Office", "Sheriff Office"]),
        # Beginnings of words.
        ("immig*", "immigrants IMMIGRATION immig reimmigrate", ["immigrants", "IMMIGRATION", "immig"]),
        ('"immig* enforc*"', "immigration enforcement, immigrant law enforcer", ["immigration enforcement"]),
        ('"polic* of the city"', "Policies of the city; policy of a city", ["Policies of the city"]),
        # Phrases.
        ('"customs enforcement"', "Customs\nEnforcement customs,  enforcement", ["Customs\nEnforcement", "customs,  enforcement"]),
        ('"immigration and customs"', "Immigration & Customs", ["Immigration & Customs"]),
        ('"city council"', "city of council", []),
        ('"a b a"', "a b a b a", ["a b a b a"]),
        ("migra", "la migra\u00adción, mi\u200bgra", ["mi\u200bgra"]),
        # Sections.
        ("287(g)", "287(g), 287(G), 287g, 287-g, 287–G, §287(g), 287 (g), 287( g )", ["287(g)", "287(G)", "287g", "287-g", "287–G", "287(g)", "287 (g)", "287( g )"]),
        ('"287(g)"', "the 287(g) program and 287 g", ["287(g)", "287 g"]),
        ('"287 (g)"', "287(g)", ["287(g)"]),
        ("287(g)", "2870 g, 1287(g), 287(gg), 287, G street, Ordinance 287 (G) amends", []),
        ("287(g)", "THE 287 (G) TASK FORCE", ["287 (G)"]),
        ("287(a)", "Section 287 a person, 287 (a)", ["287 (a)"]),
        ("1357(g)", "8 USC 1357(g)(10)", ["1357(g)"]),
        ("212(d)(5)", "under 212(d)(5)(A)", ["212(d)(5)"]),
        ('"8 U.S.C. 1373"', "8 U.S.C. § 1373; 8 USC 1373; 8 U. S. C. §§ 1373", ["8 U.S.C. § 1373", "8 USC 1373", "8 U. S. C. §§ 1373"]),
        ('"8 USC 1373"', "8 U.S.C. § 1373 and 18 U.S.C. 1373", ["8 U.S.C. § 1373"]),
        ("I-247A", "Form I-247A, I–247A, I247A, i-247a, linkedin-247a9b", ["I-247A", "I–247A", "I247A"]),
        ("I-247*", "I-247A I-247D i-247x", ["I-247A", "I-247D"]),
        ("7283.1(d)", "Section 7283.1(d)", ["7283.1(d)"]),
        # Other scripts.
        ("миграция", "Миграция МИГРАЦИЯ", ["Миграция", "МИГРАЦИЯ"]),
        ("strasse", "Straße", ["Straße"]),
        ("fine", "ﬁne ＦＩＮＥ", ["ﬁne", "ＦＩＮＥ"]),
    ],
)  # fmt: skip
def test_a_term_finds_its_spellings(query: str, text: str, found: list[str]) -> None:
    """Each occurrence is found once, with its exact extent in the original."""
    assert [" ".join(each.split()) for each in hits(query, text, shouting=Shouting.COUNT)] == [
        " ".join(each.split()) for each in found
    ]


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2014\u2212")
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\n", "\t", "  "])
def test_typography_does_not_matter(dash: str, space: str) -> None:
    """Any dash and any space are as good as the plain one."""
    assert holds('"post-arrest detention"', f"post{dash}arrest{space}detention")
    assert holds("/post-arrest detention/", f"post{dash}arrest{space}detention")


def test_overlapping_terms_show_as_one_hit() -> None:
    """What two terms find together is marked once."""
    query = '"customs enforcement" OR "immigration and customs" OR immigration'
    assert hits(query, "the Immigration and Customs Enforcement agency") == [
        "Immigration and Customs Enforcement"
    ]


def test_a_phrase_of_many_spellings_is_still_found() -> None:
    """Past a bound only the outermost spellings are tried, all as written or all in one."""
    query = '"U.S. D.O.J. F.B.I. D.H.S. N.S.C."'
    assert holds(query, "the U.S. D.O.J. F.B.I. D.H.S. N.S.C. and")
    assert holds(query, "the US DOJ FBI DHS NSC and")
