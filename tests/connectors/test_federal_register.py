"""Documents of the Federal Register become entries, from public inspection to publication."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import ValidationError

from monitor.connectors.federal_register import FederalRegister
from monitor.errors import SourceError
from monitor.models import Entry, Hearing, Identifier, ItemType
from monitor.normalise import differences, material, normalise
from tests.connectors.cassettes import exchanges
from tests.connectors.recorded_visits import LATER, POLL, answer, by_sort, visit

US = "ocd-division/country:us"
REGISTER = FederalRegister(agencies=("homeland-security-department",))


def asked(step: str, connector: FederalRegister = REGISTER) -> list[tuple[str, str]]:
    """Return the query of the request that begins a step."""
    request = next(one for one in connector.requests(POLL) if one.step == step)
    return parse_qsl(urlsplit(request.url).query)


def entry(file: str, key: str) -> Entry:
    """Read one entry of a recording."""
    found = by_sort(visit("federal_register", file).read()).entries
    return next(one for one in found if one.key == key)


def test_a_poll_asks_for_inspection_for_the_agencies_and_for_the_president() -> None:
    """Each page leads on, so that an equal one is read again; the list in the cache is avoided."""
    inspection, documents, presidential = REGISTER.requests(POLL)
    assert inspection.url.endswith("/public-inspection-documents/current.json?_=1795453200")
    assert {one.conditional for one in (inspection, documents, presidential)} == {False}
    query = asked("documents")
    assert ("conditions[agencies][]", "homeland-security-department") in query
    assert ("conditions[type][]", "PRORULE") in query
    assert ("conditions[publication_date][gte]", "2026-11-09") in query
    assert ("conditions[type][]", "PRESDOCU") in asked("presidential")
    # Asked for as a field, it is a 400: it is a condition only.
    assert ("fields[]", "presidential_document_type") not in query


def test_later_polls_look_a_week_behind_the_last() -> None:
    """The mark of a list is the time of the poll that read it to its end."""
    marks = by_sort(visit("federal_register", "documents.json").read()).cursor
    assert marks == (("documents", "2026-11-23T17:00:00Z"),)
    poll = replace(LATER, cursor=(("documents", "2026-11-20T12:00:00Z"),))
    request = next(one for one in REGISTER.requests(poll) if one.step == "documents")
    assert "publication_date][gte]=2026-11-13" in request.url


def test_a_proposed_rule_has_its_deadline_its_names_and_its_document() -> None:
    """The deadline is a day in Washington; the docket and the RIN name the rulemaking."""
    rule = entry("documents.json", "2026-90001")
    assert rule.type is ItemType.FEDERAL_REGISTER
    assert rule.hearings == (
        Hearing(
            "comment_deadline",
            datetime(2027, 1, 19, 5, tzinfo=UTC),
            "America/New_York",
            said="2027-01-19",
            all_day=True,
        ),
    )
    assert rule.identifiers == (
        Identifier("fr_document", "us", "2026-90001"),
        Identifier("rin", "us", "1653-ZA99"),
        Identifier("rulemaking", "us", "ICEB-2026-0007"),
    )
    assert rule.office == ("Homeland Security Department; U.S. Immigration and Customs Enforcement")
    assert "honoring civil detainers" in rule.body
    assert rule.attachments[0].url.endswith("/pdf/2026-90001.pdf")
    assert rule.published == datetime(2026, 11, 20, 5, tzinfo=UTC)


def test_nulls_and_a_catch_all_docket_are_survived() -> None:
    """A correction without any date; "ICEB_FRDOC_0001" names no rulemaking."""
    correction = entry("documents.json", "C1-2026-90000")
    assert correction.url == "https://www.federalregister.gov/d/C1-2026-90000"
    assert correction.identifiers == (Identifier("fr_document", "us", "C1-2026-90000"),)
    assert correction.hearings[0].kind == "effective"
    [refusal] = by_sort(visit("federal_register", "documents.json").read()).refusals
    assert refusal.what == "document None"


def test_an_executive_order_is_one_item_from_inspection_to_publication() -> None:
    """On public inspection its number stands in the table of contents alone."""
    before = entry("inspection.json", "2026-90002")
    after = entry("presidential.json", "2026-90002")
    assert before.type is after.type is ItemType.EXECUTIVE_ORDER
    assert before.identifiers[0] == after.identifiers[0]
    assert after.identifiers[0] == Identifier("executive_order", US, "19999")
    assert before.published == datetime(2026, 11, 16, 16, 15, tzinfo=UTC)
    changed = {
        change.name: (change.old, change.new)
        for change in differences(
            material(normalise(before, "s", US)), material(normalise(after, "s", US))
        )
    }
    assert changed["status"] == ("On public inspection", "Published")


def test_inspection_keeps_the_agencies_and_the_president() -> None:
    """The list of the day cannot be narrowed by a query; another agency's is passed over."""
    keys = [one.key for one in by_sort(visit("federal_register", "inspection.json").read()).entries]
    assert keys == ["2026-90002", "2026-90003"]
    wide = FederalRegister()
    request = next(iter(wide.requests(POLL)))
    body = visit("federal_register", "inspection.json").body
    found = by_sort(wide.parse(answer(request, body), POLL)).entries
    assert [one.key for one in found] == ["2026-90002", "2026-90003", "2026-90004", "2026-90005"]
    assert found[3].status == "Withdrawn from public inspection"
    assert found[3].published is None
    rules = FederalRegister(types=("rule",), presidential=False)
    found = by_sort(rules.parse(answer(request, body), POLL)).entries
    assert [one.key for one in found] == ["2026-90005"]


def test_pages_are_followed_to_the_end_of_the_window() -> None:
    """The API shows 2,000 results of a query; what is beyond is said."""
    first = next(one for one in REGISTER.requests(POLL) if one.step == "documents")
    page = {"count": 2400, "total_pages": 12, "results": []}
    found = by_sort(REGISTER.parse(answer(first, page), POLL))
    assert [one.about for one in found.requests] == [("2",)]
    assert not found.marks
    last = replace(first, about=("10",))
    found = by_sort(REGISTER.parse(answer(last, page), POLL))
    assert found.refusals
    assert found.marks
    assert not found.requests


def test_a_query_without_results_is_an_answer() -> None:
    """Then there is no list at all; anywhere else its absence is a fault."""
    first = next(one for one in REGISTER.requests(POLL) if one.step == "documents")
    assert by_sort(REGISTER.parse(answer(first, {"count": 0}), POLL)).marks
    with pytest.raises(SourceError, match="no list 'results'"):
        list(REGISTER.parse(answer(first, {"count": 4}), POLL))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"agencies": ["department-of-homeland-security"]}, "did you mean 'homeland-security-dep"),
        ({"agencies": ["Homeland Security"]}, "pattern"),
        ({"inspection": False, "published": False}, "nothing is left"),
        ({"types": [], "presidential": False}, "nothing is left"),
    ],
)
def test_options_that_would_read_nothing_are_refused(options: dict[str, object], why: str) -> None:
    """Wrong slugs answer with an error or with nothing, for years."""
    with pytest.raises(ValidationError, match=why):
        FederalRegister.model_validate(options)


@pytest.mark.parametrize(("name", "count"), [("barack-obama", 276), ("donald-trump", 96)])
def test_real_executive_orders(shared: Path, name: str, count: int) -> None:
    """Each is an order with its number; one document number of 2010 has two digits ("2010-38")."""
    file = shared / "recordings" / "federal-register" / f"documents_EO_{name}.json"
    request = next(one for one in REGISTER.requests(POLL) if one.step == "presidential")
    found = by_sort(REGISTER.parse(answer(request, file.read_bytes()), POLL))
    assert len({one.key for one in found.entries}) == count
    assert not found.refusals
    assert {one.type for one in found.entries} == {ItemType.EXECUTIVE_ORDER}
    assert all(one.identifiers[0].scheme == "executive_order" for one in found.entries)
    assert all(one.published for one in found.entries)


def test_real_answers_of_the_site_itself(shared: Path) -> None:
    """Lists are read whole; tables of contents, counts and error pages are errors."""
    request = next(one for one in REGISTER.requests(POLL) if one.step == "documents")
    read, failed = [], []
    for one in exchanges(shared / "recordings" / "federal-register"):
        try:
            found = by_sort(REGISTER.parse(answer(request, one.body), POLL))
        except SourceError as fault:
            failed.append((one.status, fault.reason))
        else:
            assert not found.refusals
            read.append(len(found.entries))
    assert sorted(read) == [2] * 3 + [3] * 8 + [129] * 8
    assert len(failed) == 17
    assert (404, "the API answers: Record Not Found") in failed
