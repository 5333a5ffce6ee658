"""Documents of regulations.gov, with the end of the time for comments."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from monitor.connectors.regulations import Regulations
from monitor.dates import local
from monitor.errors import FormatError, SoftError, SourceError
from monitor.models import Hearing, Identifier, Poll
from tests.connectors.cassettes import exchanges
from tests.connectors.recorded_visits import LATER, POLL, Sorted, answer, by_sort, visit

ICE = Regulations(agencies=("ICEB", "USCIS"))


def query_of(connector: Regulations, poll: Poll = POLL) -> dict[str, list[str]]:
    """Return the query of the first request."""
    return parse_qs(urlsplit(next(iter(connector.requests(poll))).url).query)


def page(*times: str, more: bool = False) -> dict[str, Any]:
    """Write a page of documents that were changed at these times."""
    documents = [
        {"id": f"ICEB-2026-0001-000{n}", "attributes": {"title": "T", "lastModifiedDate": one}}
        for n, one in enumerate(times)
    ]
    return {"data": documents, "meta": {"hasNextPage": more}}


def read(body: object, number: str = "1", connector: Regulations = ICE) -> Sorted:
    """Parse a page."""
    request = next(iter(connector.requests(POLL)))
    term, _, since = request.about
    return by_sort(
        connector.parse(answer(replace(request, about=(term, number, since)), body), POLL)
    )


def test_the_last_change_is_asked_for_in_eastern_time() -> None:
    """The filter takes Washington's clock, the answers are in UTC."""
    query = query_of(ICE)
    assert query["filter[lastModifiedDate][ge]"] == ["2026-11-09 12:00:00"]
    assert query["filter[agencyId]"] == ["ICEB,USCIS"]
    assert query["filter[documentType]"] == ["Rule,Proposed Rule,Notice"]
    assert query["sort"] == ["lastModifiedDate,documentId"]
    summer = replace(LATER, cursor=(("read", "2026-07-01T12:00:00Z"),))
    assert query_of(ICE, summer)["filter[lastModifiedDate][ge]"] == ["2026-07-01 08:00:00"]
    several = Regulations(terms=("287(g)", "detainer"))
    assert [one.about[0] for one in several.requests(POLL)] == ["287(g)", "detainer"]


def test_a_document_has_its_deadline_and_its_names() -> None:
    """The comments end with the last second of a day in Washington."""
    found = by_sort(visit("regulations", "documents.json").read())
    rule, notice = found.entries
    ends = datetime(2027, 1, 20, 4, 59, 59, tzinfo=UTC)
    assert rule.hearings == (
        Hearing("comment_deadline", ends, "America/New_York", said="2027-01-20T04:59:59Z"),
    )
    assert local(ends, "America/New_York").day == 19
    assert rule.identifiers == (
        Identifier("fr_document", "us", "2026-90001"),
        Identifier("rulemaking", "us", "ICEB-2026-0007"),
    )
    assert rule.url == "https://www.regulations.gov/document/ICEB-2026-0007-0001"
    assert notice.status == "Withdrawn"
    assert notice.title == "Document ICEB_FRDOC_0001-0100"
    assert notice.identifiers == ()
    assert found.refusals[0].what == "document USCIS-2026-0001-0001"
    assert found.marks == {"read": "2026-11-22T17:00:00Z"}


def test_that_a_period_ended_is_no_news() -> None:
    """The publisher's flag turns by itself; the deadline was told before."""
    rule = by_sort(visit("regulations", "documents.json").read()).entries[0]
    assert "open_for_comment" in dict(rule.noise)
    assert "open_for_comment" not in dict(rule.facts)


def test_what_is_left_over_waits_for_the_next_poll() -> None:
    """The oldest changes come first, and the mark is the last one that was read."""
    times = ("2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z")
    assert [one.about[1] for one in read(page(*times, more=True)).requests] == ["2"]
    last = read(page(*times, more=True), "4")
    assert last.marks == {"read": "2026-11-21T10:00:00Z"}
    stuck = read(page("2026-11-01T00:00:00Z", more=True), "4")
    assert stuck.refusals
    assert stuck.marks == {"read": "2026-11-22T17:00:00Z"}


def test_an_answer_that_does_not_say_whether_it_goes_on_is_refused() -> None:
    """Half a list must not be taken for all of it."""
    with pytest.raises(FormatError, match="whether it goes on"):
        read({"data": []})
    with pytest.raises(SoftError, match="Invalid filter"):
        read({"errors": [{"status": "400", "title": "Invalid filter field name"}]})


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "too much"),
        ({"agencies": ["ICE"]}, "did you mean 'ICEB'"),
        ({"terms": [" "]}, "empty"),
        ({"agencies": ["DHS"], "types": []}, "at least 1"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object], why: str) -> None:
    """ICE's own id is ICEB; a wrong one answers with nothing."""
    with pytest.raises(ValidationError, match=why):
        Regulations.model_validate(options)


ALL = ICE.model_copy(update={"dockets": True, "comments": True, "terms": ("detainer",)})


def test_dockets_and_comments_are_read_where_they_are_asked_for() -> None:
    """One more search each; the kinds of documents do not narrow them."""
    found = list(ALL.requests(POLL))
    assert [one.step for one in found] == ["documents", "dockets", "comments"]
    queries = [parse_qs(urlsplit(one.url).query) for one in found]
    assert ["filter[documentType]" in one for one in queries] == [True, False, False]
    assert [one["sort"] for one in queries] == [
        ["lastModifiedDate,documentId"],
        ["lastModifiedDate,docketId"],
        ["lastModifiedDate,documentId"],
    ]
    assert [one.step for one in ICE.requests(POLL)] == ["documents"]


def test_each_list_has_its_own_mark() -> None:
    """A list that was read to its end says nothing of the others."""
    marks = {
        name: by_sort(visit("regulations", f"{name}.json").read()).marks
        for name in ("documents", "dockets", "comments")
    }
    assert [list(one) for one in marks.values()] == [["read"], ["dockets"], ["comments"]]
    later = replace(LATER, cursor=(("dockets", "2026-11-22T17:00:00Z"),))
    asked = [
        parse_qs(urlsplit(one.url).query)["filter[lastModifiedDate][ge]"]
        for one in ICE.model_copy(update={"dockets": True}).requests(later)
    ]
    assert asked == [["2026-11-09 12:00:00"], ["2026-11-22 12:00:00"]]


def test_a_docket_is_the_rulemaking_of_its_documents() -> None:
    """But the docket of all that an agency posts is nobody's."""
    found = by_sort(visit("regulations", "dockets.json").read())
    own, everything = found.entries
    assert own.key == "docket-ICEB-2026-0007"
    assert own.identifiers == (Identifier("rulemaking", "us", "ICEB-2026-0007"),)
    assert own.labels == ("Docket", "Rulemaking")
    assert (everything.title, everything.identifiers) == ("Docket DHS_FRDOC_0001", ())
    assert [one.why for one in found.refusals] == ["docket USCIS-2026-0001 has no attributes"]


def test_people_who_comment_are_not_named() -> None:
    """What an organisation or an office sent in is told; what a person wrote is only counted."""
    found = by_sort(visit("regulations", "comments.json").read())
    assert [(one.title, bool(one.muted)) for one in found.entries] == [
        ("Comment on ICEB-2026-0007", True),
        ("Comment from Example Immigrants' Rights Coalition", False),
        ("Comment from Attorneys General of Invented States", False),
        ("Comment on DHS_FRDOC_0001", True),
    ]
    assert not any("Jane" in repr(one) for one in found.entries)
    assert [one.status for one in found.entries] == ["", "", "Withdrawn", ""]
    assert found.entries[1].identifiers == (Identifier("rulemaking", "us", "ICEB-2026-0007"),)
    assert [one.why for one in found.refusals] == ["the record has no id"]


def test_real_comments(shared: Path) -> None:
    """A page of 25 by people, none of whom is named; and two answers with one each."""
    sizes = []
    for one in exchanges(shared / "recordings" / "regulations-gov"):
        if b'"type" : "comments"' in one.body:
            request = next(r for r in ALL.requests(POLL) if r.step == "comments")
            found = by_sort(ALL.parse(answer(request, one.body), POLL))
            sizes.append(len(found.entries))
            assert not found.refusals
            assert all(entry.muted and "from" not in entry.title for entry in found.entries)
    assert sorted(sizes) == [1, 1, 25]


def test_real_answers(shared: Path) -> None:
    """Lists of version 4 are read; version 3, counts and errors are no lists."""
    sizes: Counter[int] = Counter()
    failed = 0
    for one in exchanges(shared / "recordings" / "regulations-gov"):
        try:
            found = read(one.body.replace(b"\xef\xbb\xbf", b""))
        except SourceError:
            failed += 1
        else:
            assert not found.refusals
            sizes[len(found.entries)] += 1
    assert sizes == {0: 12, 1: 3, 2: 3, 9: 2, 25: 1}
    assert failed == 65


def test_one_rule_of_two_agencies_is_one_matter(shared: Path) -> None:
    """It has two ids, one number in the Federal Register, and no docket of its own."""
    one = next(
        one
        for one in exchanges(shared / "recordings" / "regulations-gov")
        if b"BIA_FRDOC_0001-0140" in one.body
    )
    found = read(one.body)
    assert [entry.key for entry in found.entries] == ["DOI_FRDOC_0001-0108", "BIA_FRDOC_0001-0140"]
    assert {entry.identifiers for entry in found.entries} == {
        (Identifier("fr_document", "us", "2020-28306"),)
    }
