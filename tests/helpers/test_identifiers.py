"""Official names have one spelling, and none is guessed."""

from __future__ import annotations

import pytest

from monitor import identifiers
from monitor.identifiers import bill_number, council_file_number, docket_core, docket_number
from monitor.models import Identifier


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1:25-cv-02757", "1:25-cv-02757"),
        ("3:25-cv-01350-WHO", "3:25-cv-01350"),
        ("Case 1:17-cr-00554-MKB-2 Document 22", "1:17-cr-00554"),
        ("1:25\u2013cv\u20132757", "1:25-cv-02757"),
        ("25-CV-1350", "25-cv-01350"),
        ("02:2025-cv-05917", "2:25-cv-05917"),
        ("8:18-ap-00123", "8:18-ap-00123"),
        ("22-1214", "22-1214"),
        ("No. 25-5320", "25-5320"),
        ("11-8", "11-8"),
        ("18-00079", "18-00079"),
        ("25A169", "25A169"),
        ("No. 22o155", "22O155"),
        ("5:18-~gr-00001", None),
        ("Ordinance 25-1234 on parking", None),
        ("December 25, 2026", None),
        ("", None),
    ],
)
def test_a_docket_number_is_found_in_its_normal_form(text: str, number: str | None) -> None:
    """Judges' initials go, zeros and dashes are as courts write them."""
    assert docket_number(text) == number


def test_a_docket_is_compared_by_its_core() -> None:
    """Neither office nor zeros nor initials tell cases of one court apart."""
    assert docket_core("2:25-cv-02757-ABC") == docket_core("25-cv-2757") == "25-cv-2757"
    assert docket_core("1:25-cv-02757") != docket_core("1:25-cr-02757")


def test_one_number_in_two_courts_is_two_cases() -> None:
    """The scope of a docket is its court."""
    first = identifiers.docket("NYND", "1:26-cv-01360")
    assert first == Identifier("docket", "nynd", "1:26-cv-01360")
    assert first != identifiers.docket("nysd", "1:26-cv-01360")
    assert identifiers.docket("nysd", "sealed") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("HB 1234", "HB 1234"),
        ("H.B. 1234", "HB 1234"),
        ("HB01234", "HB 1234"),
        ("House Bill No. 1234", "HB 1234"),
        ("Senate Joint Resolution 3", "SJR 3"),
        ("H. Con. Res. 5", "HCONRES 5"),
        ("hr205", "HR 205"),
        ("S. 707", "S 707"),
        ("LD 1971", "LD 1971"),
        ("S01234A", "S 1234-A"),
        ("HB25-1276", "HB 25-1276"),
        ("B26-0001", "B 26-1"),
        ("Ordinance", None),
        ("2025-0017", None),
        ("", None),
    ],
)
def test_a_bill_has_one_spelling(text: str, number: str | None) -> None:
    """Dots, spaces, words and zeros do not count; New York's print does."""
    assert bill_number(text) == number


def test_a_bill_is_scoped_by_its_session() -> None:
    """SB 1 of one session is not SB 1 of the next."""
    place = "ocd-division/country:us/state:ca"
    assert identifiers.bill(place, "20252026", "SB 1") == Identifier(
        "bill", f"{place}/20252026", "SB 1"
    )
    assert identifiers.bill(place, "", "SB1") == Identifier("bill", place, "SB 1")
    assert identifiers.bill(place, "", "none") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("25-0002-S62", "25-0002-S62"),
        ("Council File: 25-0002-s62", "25-0002-S62"),
        ("Int 0214-2024", "INT 214-2024"),
        ("Int. No. 214-2024", "INT 214-2024"),
        ("O2025-0012345", "O2025-0012345"),
        ("File #: 250113", "250113"),
        ("no number here", None),
    ],
)
def test_a_council_file_has_one_spelling(text: str, number: str | None) -> None:
    """Zeros go behind a word only, where systems disagree about them."""
    assert council_file_number(text) == number
    named = identifiers.council_file("ocd-division/country:us", text)
    assert named == (number and Identifier("council_file", "ocd-division/country:us", number))


def test_orders_and_rules_are_named() -> None:
    """Executive orders, Federal Register documents and RINs."""
    order = Identifier("executive_order", "us", "14159")
    for text in ("14159", "Executive Order 14,159", "E.O. No. 14159", "EO 14159"):
        assert identifiers.executive_order("us", text) == order
    assert identifiers.executive_order("us", "an order") is None
    for text in ("2025-02006", "FR Doc. No. 2025\u201302006"):
        assert identifiers.fr_document(text) == Identifier("fr_document", "us", "2025-02006")
    assert identifiers.fr_document("C1-2025-02006") is not None
    assert identifiers.fr_document("January 2025") is None
    assert identifiers.rin("RIN 1653-AA90") == Identifier("rin", "us", "1653-AA90")
    assert identifiers.rin("none") is None


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Larch County Sheriff\u2019s Office", "larch county sheriff"),
        ("LARCH COUNTY SHERIFFS DEPT.", "larch county sheriff"),
        ("Elm Twp. PD", "elm township police department"),
    ],
)
def test_an_agency_has_one_name_however_it_is_typed(said: str, plain: str) -> None:
    """Titles, short forms and apostrophes tell no agencies apart."""
    assert identifiers.even_agency(said) == plain


@pytest.mark.parametrize(
    ("said", "plain"),
    [("St. Mary's County", "st marys"), ("Caddo Parish", "caddo"), ("N/A", ""), ("County", "")],
)
def test_a_county_is_called_without_its_unit(said: str, plain: str) -> None:
    """What says that there is none is no county."""
    assert identifiers.even_county(said) == plain
