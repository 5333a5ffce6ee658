"""The Supreme Court's pages, and its dockets where the Court has agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from monitor.connectors.scotus import Scotus
from monitor.connectors.scotus_docket import ScotusDocket
from monitor.errors import FormatError, SoftError
from monitor.models import Access, Entry, Hearing, Identifier, Poll
from tests.connectors.recorded_visits import NOW, POLL, Sorted, answer, by_sort, visit

COURT = Scotus()


def read(file: str) -> Sorted:
    """Read a page."""
    return by_sort(visit("scotus", file).read())


def pages(now: datetime) -> list[tuple[str, bool]]:
    """List the pages that a poll asks for, and whether they may be missing."""
    found = COURT.requests(Poll(now=now))
    return [(one.url.removeprefix("https://www.supremecourt.gov/"), one.optional) for one in found]


def test_the_pages_of_the_term_are_asked_for() -> None:
    """A term bears the year in which it began; in October there are two."""
    assert pages(NOW) == [("orders/ordersofthecourt/26", False), ("opinions/slipopinion/26", False)]
    assert pages(datetime(2026, 6, 1, tzinfo=UTC))[0] == ("orders/ordersofthecourt/25", False)
    assert pages(datetime(2026, 10, 2, tzinfo=UTC))[:2] == [
        ("orders/ordersofthecourt/26", False),
        ("orders/ordersofthecourt/25", True),
    ]
    # They are pages: robots.txt is asked, and allows them.
    assert {one.access for one in COURT.requests(POLL)} == {Access.PAGE}


def test_opinions_have_their_docket_and_the_courts_own_summary() -> None:
    """Two dockets that were decided together are both named; a revision is no opinion."""
    found = read("opinions.html")
    stay, joined = found.entries
    assert stay.key == "opinion:26A901"
    assert stay.body == "The application to stay the invented injunction on detainers is denied."
    assert stay.identifiers == (Identifier("docket", "scotus", "26A901"),)
    assert stay.published == datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert joined.identifiers == (
        Identifier("docket", "scotus", "25-901"),
        Identifier("docket", "scotus", "25-902"),
    )
    assert len(found.refusals) == 1


def test_orders_keep_their_key_when_the_file_is_put_up_again() -> None:
    """The hash in its name changes; two orders of one day have a number each."""
    miscellaneous, listed = read("orders.html").entries
    assert (miscellaneous.key, listed.key) == ("order:112026zr1", "order:111626zor")
    assert listed.title == "Order List, November 16, 2026"
    assert listed.attachments[0].url.endswith("/orders/courtorders/111626zor_22q3.pdf")


def test_a_page_of_something_else_is_no_empty_list() -> None:
    """A term that has just begun is; a challenge or another page is not."""
    request = next(iter(COURT.requests(POLL)))
    opened = "<html><h1>Supreme Court of the United States</h1><p>Orders of the Court</p></html>"
    assert list(COURT.parse(answer(request, opened), POLL)) == []
    with pytest.raises(FormatError, match="not the Court's list"):
        list(COURT.parse(answer(request, "<html><p>Welcome</p></html>"), POLL))
    with pytest.raises(SoftError, match="empty"):
        list(COURT.parse(answer(request, ""), POLL))


# --------------------------------------------------------------------------------- one docket


def docket() -> list[Entry]:
    """Read the made-up docket."""
    return by_sort(visit("scotus_docket", "docket.json").read()).entries


def test_the_courts_files_are_not_read_against_its_robots() -> None:
    """Only where somebody says that the Court has agreed."""
    with pytest.raises(ValidationError, match=r"robots\.txt forbids these files"):
        ScotusDocket(docket="26A901")
    with pytest.raises(ValidationError, match="no docket number"):
        ScotusDocket(docket="3:26-cv-09901", despite_robots=True)
    [request] = ScotusDocket(docket="No. 26A901", despite_robots=True).requests(POLL)
    assert request.url == "https://www.supremecourt.gov/rss/cases/JSON/26a901.json"


def test_entries_are_told_with_their_dates_and_documents() -> None:
    """In any order; an entry is known by its day and words."""
    case, application, denied, conference, argument = docket()
    assert case.title == "City of Nowhere, et al. v. John Doe"
    assert {one.identifiers for one in docket()} == {(Identifier("docket", "scotus", "26A901"),)}
    assert application.labels == ("Motion",)
    assert application.attachments[0].title == "Main Document"
    assert denied.labels == ("Ruling",)
    assert denied.title.endswith("— Application (26A901) denied by the Court.")
    assert denied.published == datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert conference.hearings[0] == Hearing(
        "meeting",
        datetime(2026, 12, 4, 5, tzinfo=UTC),
        "America/New_York",
        said="12/4/2026",
        all_day=True,
    )
    assert argument.hearings[0].kind == "hearing"
    assert len({one.key for one in docket()}) == 5
    assert all(one.watched for one in docket())


def test_what_concerns_private_people_is_not_read() -> None:
    """Addresses and telephone numbers stand in the same file."""
    assert all("Invented Street" not in repr(one) and "555" not in repr(one) for one in docket())


def test_a_file_without_proceedings_is_no_docket() -> None:
    """An error object must not read as a case in which nothing happened."""
    request = visit("scotus_docket", "docket.json").request
    connector = ScotusDocket(docket="26A901", despite_robots=True)
    with pytest.raises(FormatError, match="no proceedings"):
        list(connector.parse(answer(request, {"CaseNumber": "26A901"}), POLL))
    quiet = by_sort(connector.parse(answer(request, {"ProceedingsandOrder": []}), replace(POLL)))
    assert [one.key for one in quiet.entries] == ["case:26A901"]
