"""A case and a search on CourtListener: one item an entry, by feed or API, within the quota."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.connectors._courtlistener import court_named
from monitor.connectors._json_answers import read_object
from monitor.connectors.courtlistener_docket import CourtListenerDocket
from monitor.connectors.courtlistener_search import CourtListenerSearch
from monitor.errors import FetchError, FormatError
from monitor.models import Access, Entry, Identifier, ItemType, Request
from monitor.normalise import normalise
from tests.connectors.recorded_visits import LATER, POLL, Sorted, answer, by_sort, visit

CASE = CourtListenerDocket(docket=99999901, court="cand")
NAMES = (
    Identifier("docket", "cand", "3:26-cv-09901"),
    Identifier("courtlistener_docket", "courtlistener", "99999901"),
)
SPENT = (("api", "2026-11-23T16:30:00Z*45"),)


def read(kind: str, file: str) -> Sorted:
    """Read one of the made-up recordings."""
    return by_sort(visit(kind, file).read())


def entry(key: str, file: str = "feed.xml") -> Entry:
    """Read one docket entry."""
    found = read("courtlistener_docket", file).entries
    return next(one for one in found if one.key == f"99999901:{key}")


def cassette(path: Path) -> str:
    """Load a file of Free Law Project's tests, which is a template."""
    return path.read_text().replace("{{ webhook_version }}", "2")


# ------------------------------------------------------------------------------------ one case


def test_a_case_is_watched_by_its_feed() -> None:
    """No token and no quota; an equal feed is not read again."""
    [request] = CASE.requests(POLL)
    assert request.url == "https://www.courtlistener.com/docket/99999901/feed/"
    assert (request.access, request.conditional) == (Access.FEED, True)
    assert CASE.needs == ()
    assert CASE.window


def test_every_entry_of_a_watched_case_is_told_under_its_court_and_number() -> None:
    """Also as CourtListener's docket, for captions change with the officers."""
    found = read("courtlistener_docket", "feed.xml")
    assert [one.key for one in found.entries] == [
        "case:99999901",
        "99999901:entry-12",
        "99999901:entry-4",
        "99999901:minute-entry-777",
        "99999901:entry-1",
    ]
    assert {one.identifiers for one in found.entries} == {NAMES}
    assert {one.watched for one in found.entries} == {"CITY OF NOWHERE v. DOE"}
    assert {one.jurisdiction for one in found.entries} == {"cand"}
    assert found.entries[0].title == "City of Nowhere v. Doe"
    assert found.entries[0].type is ItemType.DOCKET_CAPTION
    assert found.refusals[0].why == "it is no docket entry"
    named = CASE.model_copy(update={"case": "Nowhere's grant conditions"})
    body = visit("courtlistener_docket", "feed.xml").body
    again = by_sort(named.parse(answer(next(iter(named.requests(POLL))), body), POLL))
    assert {one.watched for one in again.entries} == {"Nowhere's grant conditions"}


def test_a_ruling_and_a_motion_are_told_apart() -> None:
    """[Preliminary Injunction] is what somebody asks for."""
    order, motion = entry("entry-12"), entry("entry-4")
    assert order.labels == ("Ruling",)
    assert motion.labels == ("Motion",)
    assert motion.title == "City of Nowhere v. Doe — Preliminary Injunction (a motion)"
    assert order.title.startswith("City of Nowhere v. Doe — ORDER granting 4 Motion for Preli")
    assert order.body.endswith("the parties shall meet & confer.")


def test_only_the_free_copy_of_a_document_is_an_attachment() -> None:
    """PACER's costs money, and is named only."""
    order, motion = entry("entry-12"), entry("entry-4")
    assert [one.title for one in order.attachments] == ["Document 12"]
    assert motion.attachments == ()
    assert dict(motion.noise)["pacer_document"].startswith("https://ecf.cand.uscourts.gov/doc1/")


def test_the_clerks_own_entries_are_kept_and_not_told() -> None:
    """A filing whose text is unknown is told by its number."""
    assert entry("minute-entry-777").muted == "clerical: Set/Reset Hearing as to 4"
    assert entry("entry-1").title == "Entry #1 in CITY OF NOWHERE v. DOE, 3:26-cv-09901"
    assert entry("entry-1").muted == ""
    assert entry("entry-12").published == datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_the_api_and_the_feed_bring_the_same_items() -> None:
    """So that nothing is told twice when the quota is spent and the feed is read."""
    for key in ("entry-12", "minute-entry-777"):
        by_feed, by_api = entry(key), entry(key, "entries.json")
        one, other = normalise(by_feed, "s", "cand"), normalise(by_api, "s", "cand")
        assert (one.key, one.fingerprint) == (other.key, other.fingerprint)


def test_the_api_is_asked_for_the_state_while_the_quota_lasts() -> None:
    """45 an hour at most, and `daily` in a day; then the feed alone."""
    both = CourtListenerDocket(docket=99999901, court="cand", api="case", daily=125)
    feed, case = both.requests(POLL)
    assert (feed.step, case.step, case.pace) == ("feed", "case", 12.5)
    assert case.credentials[0].template == "Token {}"
    assert case.optional
    assert both.needs == ("COURTLISTENER_TOKEN",)
    assert [one.step for one in both.requests(replace(LATER, cursor=SPENT))] == ["feed"]
    earlier = (("api", "2026-11-23T10:00:00Z*45"),)
    assert len(list(both.requests(replace(LATER, cursor=earlier)))) == 2
    found = by_sort(both.parse(answer(case, visit("courtlistener_docket", "case.json").body), POLL))
    [state] = found.entries
    assert dict(state.facts)["judge"] == "Jane Q. Judge"
    assert state.status == ""
    assert found.marks == {"api": "2026-11-23T17:00:00Z*1"}


def test_entries_by_permission_fall_back_to_the_feed() -> None:
    """The API first, two requests; the feed where they are spent."""
    entries = CourtListenerDocket(docket=99999901, court="cand", api="entries")
    [case] = entries.requests(POLL)
    body = visit("courtlistener_docket", "case.json").body
    found = by_sort(entries.parse(answer(case, body), POLL))
    assert found.requests[0].url.endswith("?docket=99999901&order_by=-recap_sequence_number")
    assert found.marks["api"] == "2026-11-23T17:00:00Z*2"
    assert [one.step for one in entries.requests(replace(LATER, cursor=SPENT))] == ["feed"]


def test_another_dockets_answer_is_refused() -> None:
    """An error object, or the state of another case, must not become this one's."""
    request = Request("https://x.example/", step="case")
    for body in ({}, {"id": 5, "case_name": "Another"}):
        with pytest.raises(FormatError, match="not docket 99999901"):
            list(CASE.parse(answer(request, body), POLL))
    feed = answer(
        Request("https://x.example/", step="feed"),
        "<rss version='2.0'><channel><title>T</title></channel></rss>",
    )
    with pytest.raises(FormatError, match="no docket's feed"):
        list(CASE.parse(feed, POLL))


def test_a_case_is_recognised_by_its_address() -> None:
    """As it stands in the browser."""
    known = CourtListenerDocket.recognise
    assert known("https://www.courtlistener.com/docket/69623767/city-v-trump/", "") == (
        ("docket", "69623767"),
    )
    assert known("https://www.courtlistener.com/opinion/1/x/", "") is None
    assert known("https://evil.example/docket/1/", "") is None


def test_a_real_state_and_real_entries(shared: Path) -> None:
    """The documentation's docket, and the entry of Free Law Project's own test of its alerts."""
    folder = shared / "recordings" / "courtlistener"
    real = CourtListenerDocket(docket=4214664, api="entries")
    [case] = real.requests(POLL)
    found = by_sort(
        real.parse(answer(case, (folder / "documented_pacer-data_1.json").read_bytes()), POLL)
    )
    [state] = found.entries
    assert state.identifiers[0] == Identifier("docket", "dcd", "1:16-cv-00745")
    assert state.title == "NATIONAL VETERANS LEGAL SERVICES PROGRAM v. United States"
    [onward] = found.requests
    webhook = read_object(answer(onward, cassette(folder / "docket_alert_webhook_dummy.txt")))
    body = {"results": webhook.record("payload").fields["results"]}
    [filed] = by_sort(real.parse(answer(onward, body), POLL)).entries
    assert filed.key == "4214664:entry-140"
    assert filed.labels == ("Motion",)
    assert filed.attachments[0].url == (
        "https://storage.courtlistener.com/recap/gov.uscourts.dcd.178502/"
        "gov.uscourts.dcd.178502.140.0.pdf"
    )


# -------------------------------------------------------------------------------- the searches


def asked(**options: Any) -> str:
    """Return the address that a search begins with."""
    return next(iter(CourtListenerSearch.model_validate(options).requests(POLL))).url


def test_a_search_is_a_feed_of_opinions_dockets_or_one_court() -> None:
    """No token is needed for any of them."""
    assert asked(court=["scotus"]) == "https://www.courtlistener.com/feed/court/scotus/"
    assert asked(query='"civil detainer"', court=["ca9", "cand"]) == (
        "https://www.courtlistener.com/feed/search/?q=%22civil+detainer%22&type=o"
        "&order_by=dateFiled+desc&court=ca9+cand"
    )
    assert "type=r" in asked(query="x", type="dockets", case_name="City v. Trump")


def test_results_are_opinions_cases_and_documents() -> None:
    """The court stands as the author; one that is unknown is named all the same."""
    found = read("courtlistener_search", "feed.xml")
    opinion, case, document = found.entries
    assert (opinion.key, opinion.type, opinion.jurisdiction) == (
        "opinion:9900001",
        ItemType.OPINION,
        "ca9",
    )
    assert "detainer conditions exceed" in opinion.body
    assert (case.key, case.type, case.jurisdiction) == (
        "case:99999902",
        ItemType.DOCKET_CAPTION,
        "cand",
    )
    assert document.key == "99999902:entry-7.2"
    assert document.office == "A Court of No State"
    assert case.identifiers == document.identifiers
    assert found.refusals[0].why == "it leads neither to an opinion nor to a docket"


@pytest.mark.parametrize(
    ("name", "court"),
    [
        ("Court of Appeals for the Ninth Circuit", "ca9"),
        ("District Court, N.D. California", "cand"),
        ("District Court, D. Massachusetts", "mad"),
        ("District Court, District of Columbia", "dcd"),
        ("Supreme Court of the United States", "scotus"),
        ("Superior Court of Nowhere", ""),
    ],
)
def test_courts_are_known_by_courtlisteners_names(name: str, court: str) -> None:
    """Which differ from the courts' own."""
    assert court_named(name) == court


def test_the_api_gives_numbers_parties_and_documents() -> None:
    """A document that was found is an item of its case."""
    [opinion] = read("courtlistener_search", "opinions.json").entries
    assert opinion.identifiers[0] == Identifier("docket", "ca9", "26-9901")
    assert opinion.body.startswith("The detainer conditions exceed")
    found = read("courtlistener_search", "dockets.json")
    case, order, exhibit = found.entries
    assert case.identifiers == order.identifiers == NAMES
    assert dict(case.facts)["nature_of_suit"] == "Other Statutory Actions"
    assert (order.key, exhibit.key) == ("99999901:entry-12", "99999901:entry-12.1")
    assert order.attachments
    assert not exhibit.attachments
    assert "detainers are enjoined" in order.body
    assert len(found.refusals) == 1


def test_pages_of_the_api_are_counted_and_bounded() -> None:
    """Each page is a request; the last note counts."""
    search = CourtListenerSearch(query="detainer", api=True)
    [first] = search.requests(POLL)
    body = visit("courtlistener_search", "opinions.json").body
    found = by_sort(search.parse(answer(first, body), POLL))
    [second] = found.requests
    assert second.about == ("2", "2")
    assert found.marks == {"api": "2026-11-23T17:00:00Z*1"}
    last = by_sort(search.parse(answer(second, body), POLL))
    assert not last.requests
    assert last.marks == {"api": "2026-11-23T17:00:00Z*2"}
    elsewhere = {"results": [], "next": "https://evil.example/api/rest/v4/search/"}
    assert not by_sort(search.parse(answer(first, elsewhere), POLL)).requests


def test_a_spent_quota_is_a_failure_and_not_silence() -> None:
    """The search would seem to find nothing."""
    search = CourtListenerSearch(query="detainer", api=True, daily=45)
    with pytest.raises(FetchError, match="45 requests of this source are spent"):
        list(search.requests(replace(LATER, cursor=SPENT)))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "name one `court`"),
        ({"court": ["ca9", "cand"]}, "name one `court`"),
        ({"court": ["scotus"], "type": "dockets"}, "name one `court`"),
        ({"query": "x", "nature_of_suit": "Habeas"}, "type: dockets"),
        ({"query": "x", "court": ["sdny"]}, "is no federal court: nysd"),
    ],
)
def test_searches_that_ask_for_nothing_are_refused(options: dict[str, object], why: str) -> None:
    """And those that the API would reject."""
    with pytest.raises(ValidationError, match=why):
        CourtListenerSearch.model_validate(options)


def test_a_court_is_recognised_by_its_feed() -> None:
    """Others' feeds of that form are not."""
    known = CourtListenerSearch.recognise
    assert known("https://www.courtlistener.com/feed/court/ca9/", "") == (("court", "ca9"),)
    assert known("https://www.courtlistener.com/feed/court/atlantis/", "") is None


def test_a_real_result(shared: Path) -> None:
    """The opinion of Free Law Project's own test of its search alerts."""
    file = shared / "recordings" / "courtlistener" / "search_alert_webhook_dummy_v2.txt"
    search = CourtListenerSearch(query="x", api=True)
    [request] = search.requests(POLL)
    webhook = read_object(answer(request, cassette(file)))
    body = {"results": webhook.record("payload").fields["results"]}
    [opinion] = by_sort(search.parse(answer(request, body), POLL)).entries
    assert opinion.title == "Obergefell v. Hodges"
    assert opinion.identifiers[0] == Identifier("docket", "scotus", "14-556")
    assert opinion.url == "https://www.courtlistener.com/opinion/2812209/obergefell-v-hodges/"
