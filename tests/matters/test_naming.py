"""A name out of text becomes the official name of one matter, or none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.jurisdictions import ocd
from monitor.matters import Known, dated, lookup, resolve
from monitor.models import Identifier

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LONG_AGO = datetime(2023, 3, 1, tzinfo=UTC)
CA, NYC, LA = ocd("ca"), ocd("ny/new_york"), ocd("ca/los_angeles")


def known(name: Identifier, matter: int = 1, place: str = "", last: datetime = NOW) -> Known:
    """Make an official name of the store."""
    return Known(name, matter, place, last)


def bill(scope: str, value: str = "SB 4") -> Identifier:
    """Name a bill."""
    return Identifier("bill", scope, value)


def test_a_bill_without_session_is_the_sitting_session_s() -> None:
    """Numbers begin anew; a text of today means today's."""
    old = known(bill(f"{CA}/2023-2024"), 1, last=LONG_AGO)
    new = known(bill(f"{CA}/2025-2026"), 2)
    assert resolve(bill(CA), (old, new), NOW) == new
    assert resolve(bill(CA), (old, new), LONG_AGO) == old


def test_a_bill_of_no_sitting_session_needs_news_of_late() -> None:
    """In January the last session's bill can be meant, an old one cannot."""
    old = known(bill(f"{CA}/2023-2024"), 1, last=LONG_AGO)
    assert resolve(bill(CA), (old,), NOW) is None
    january = datetime(2025, 1, 10, tzinfo=UTC)
    late = known(bill(f"{CA}/2023-2024"), 1, last=datetime(2024, 11, 30, tzinfo=UTC))
    assert resolve(bill(CA), (late,), january) == late


def test_a_session_that_is_named_decides() -> None:
    """A year lies in its session of two years; special sessions keep their words."""
    regular = known(bill(f"{CA}/2025-2026"), 1)
    special = known(bill(f"{CA}/2025-2026 First Extraordinary Session"), 2)
    both = (regular, special)
    assert resolve(bill(f"{CA}/2026"), both, NOW) == regular
    assert resolve(bill(f"{CA}/2017-2018"), both, NOW) is None
    assert resolve(bill(CA), both, NOW) == regular


def test_a_bill_of_congress_has_the_number_of_its_congress() -> None:
    """The 119th sits in 2025 and 2026; states' bills are no candidates."""
    us = ocd("us")
    now = known(bill(f"{us}/119", "HR 32"), 1)
    last = known(bill(f"{us}/118", "HR 32"), 2, last=LONG_AGO)
    state = known(bill(f"{ocd('ga')}/2025-2026", "HR 32"), 3)
    assert resolve(bill(us, "HR 32"), (now, last, state), NOW) == now
    assert resolve(bill(f"{us}/118", "HR 32"), (now, last, state), NOW) == last


@pytest.mark.parametrize(
    ("said", "official"),
    [("SB 4", "S 4"), ("H 318", "HB 318"), ("HB 25-1276", "HB 1276")],
)
def test_a_bill_is_found_however_its_publisher_writes_it(said: str, official: str) -> None:
    """What is asked for and what is accepted are the same spellings."""
    scope = f"{ocd('co')}/2025"
    one = known(bill(scope, official))
    mention = bill(ocd("co"), said)
    assert official in lookup(mention, LONG_AGO).values
    assert resolve(mention, (one,), datetime(2025, 5, 1, tzinfo=UTC)) == one


def test_two_matters_that_fit_are_none() -> None:
    """A wrong join hides news; the same matter by two names is one."""
    one = known(bill(f"{CA}/2025-2026"), 1)
    other = known(bill(f"{CA}/2026"), 2)
    assert resolve(bill(CA), (one, other), NOW) is None
    assert resolve(bill(CA), (one, known(bill(f"{CA}/2026"), 1)), NOW) is not None


@pytest.mark.parametrize(
    ("code", "year", "session"),
    [
        ("us", 2026, "119"),
        ("ca", 2026, "2025-2026"),
        ("ca", 2025, "2025-2026"),
        ("nj", 2025, "2024-2025"),
        ("fl", 2025, "2025"),
    ],
)
def test_a_bill_is_dated_by_its_legislature_s_term(code: str, year: int, session: str) -> None:
    """Congress and many states sit for two years, New Jersey from the even one, Florida for one."""
    name = dated(bill(ocd(code)), datetime(year, 5, 1, tzinfo=UTC))
    assert name == bill(f"{ocd(code)}/{session}")
    assert dated(name, LONG_AGO) == name
    assert dated(docket("cand", "1:25-cv-1"), NOW) == docket("cand", "1:25-cv-1")


def docket(court: str, number: str) -> Identifier:
    """Name a case."""
    return Identifier("docket", court, number)


def test_a_number_without_court_is_the_one_case_that_has_it() -> None:
    """In two courts it is nobody's; offices of one court count apart."""
    cand = known(docket("cand", "1:25-cv-02757"), 1)
    ilnd = known(docket("ilnd", "1:25-cv-02757"), 2)
    mention = docket("", "1:25-cv-02757")
    assert resolve(mention, (cand,), NOW) == cand
    assert resolve(mention, (cand, ilnd), NOW) is None
    assert resolve(docket("ilnd", "25-cv-02757"), (cand, ilnd), NOW) == ilnd
    assert resolve(docket("cand", "2:25-cv-02757"), (cand,), NOW) is None
    assert "1:25-cv-02757" in lookup(docket("ilnd", "25-cv-02757"), NOW).values
    assert lookup(docket("ilnd", "25-cv-02757"), NOW).scope == "ilnd"


def test_a_council_s_file_is_found_in_its_portal_s_scope() -> None:
    """Portals name their own scope; the matter's place tells the city."""
    official = known(Identifier("council_file", "legistar/nyc", "INT 1412-2025"), 1, NYC)
    mention = Identifier("council_file", NYC, "INT 1412-2025")
    assert resolve(mention, (official,), NOW) == official
    elsewhere = Identifier("council_file", LA, "INT 1412-2025")
    assert resolve(elsewhere, (official,), NOW) is None


def test_an_introduction_without_year_is_of_the_last_years() -> None:
    """Newspapers leave the year out."""
    official = known(Identifier("council_file", "legistar/nyc", "INT 1412-2025"), 1, NYC)
    mention = Identifier("council_file", NYC, "INT 1412")
    assert "INT 1412-2025" in lookup(mention, NOW).values
    assert resolve(mention, (official,), NOW) == official
    again = known(Identifier("council_file", "legistar/nyc", "INT 1412-2023"), 2, NYC)
    assert resolve(mention, (official, again), NOW) is None


def test_a_sub_file_is_another_file() -> None:
    """25-0002-S62 is not 25-0002."""
    whole = known(Identifier("council_file", LA, "25-0002"), 1, LA)
    part = known(Identifier("council_file", LA, "25-0002-S62"), 2, LA)
    assert resolve(Identifier("council_file", LA, "25-0002"), (whole, part), NOW) == whole
    assert resolve(Identifier("council_file", LA, "25-0002"), (part,), NOW) is None


def test_an_ordinance_is_found_by_the_short_form_of_its_portal() -> None:
    """What people call Ordinance No. 2026-14 is filed as ORD 2026-14, or as 2026-14."""
    mention = Identifier("council_file", LA, "ORDINANCE 2026-14")
    for value in ("ORD 2026-14", "2026-14", "ORDINANCE 2026-14"):
        one = known(Identifier("council_file", "legistar/elm", value), 1, LA)
        assert value in lookup(mention, NOW).values
        assert resolve(mention, (one,), NOW) == one
    other = known(Identifier("council_file", "legistar/elm", "RES 2026-14"), 1, LA)
    assert resolve(mention, (other,), NOW) is None


def agreement(value: str) -> Identifier:
    """Name a 287(g) agreement of Pennsylvania."""
    return Identifier("agreement", ocd("pa"), value)


def test_an_agreement_may_lack_its_county_and_its_model() -> None:
    """One model fits; of two models none is chosen, and another county is another agency."""
    model = known(agreement("pa|elm police department|larch|task force model"), 1)
    jail = known(agreement("pa|elm police department|larch|jail enforcement model"), 2)
    plain = agreement("pa|elm police department||")
    assert lookup(plain, NOW).prefix == "pa|elm police department|"
    assert resolve(plain, (model,), NOW) == model
    assert resolve(plain, (model, jail), NOW) is None
    tasked = agreement("pa|elm police department||task force model")
    assert resolve(tasked, (model, jail), NOW) == model
    assert resolve(agreement("pa|elm police department|oak|"), (model,), NOW) is None


def test_a_governor_s_order_is_of_the_last_years() -> None:
    """Each governor begins with number 1."""
    order = Identifier("executive_order", ocd("nj"), "12")
    old = known(order, 1, last=datetime(2018, 3, 1, tzinfo=UTC))
    dated = known(Identifier("executive_order", f"{ocd('nj')}/2026", "12"), 2)
    assert resolve(order, (dated,), NOW) == dated
    assert resolve(Identifier("executive_order", f"{ocd('nj')}/2025", "12"), (dated,), NOW) is None
    assert resolve(Identifier("executive_order", ocd("nj"), "13"), (old, dated), NOW) is None


def test_a_president_s_order_is_meant_however_old() -> None:
    """Presidents go on counting where the last one stopped."""
    order = Identifier("executive_order", ocd("us"), "13768")
    old = known(order, 1, last=datetime(2017, 2, 1, tzinfo=UTC))
    assert resolve(order, (old,), NOW) == old


def test_other_names_are_taken_as_they_are() -> None:
    """A rule's number has one form."""
    rule = Identifier("rin", "us", "1653-AA90")
    assert resolve(rule, (known(rule),), NOW) == known(rule)
    assert resolve(rule, (known(Identifier("rin", "us", "1653-AA91")),), NOW) is None
    assert lookup(rule, NOW).values == ("1653-AA90",)
    assert resolve(rule, (), NOW) is None
