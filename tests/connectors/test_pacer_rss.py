"""A court's feed becomes docket entries: one for each filing, whatever its guid says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from monitor.connectors.pacer_rss import PacerRss
from monitor.errors import FormatError, SoftError
from monitor.models import Entry, Identifier, ItemType, Poll
from tests.connectors.feed_visit import NOW, POLL, RECORDINGS, entries, marks, read, refusals

DISTRICT = PacerRss(court="dcd")


def body(name: str) -> bytes:
    """Load one of the feeds beside the tests."""
    return (RECORDINGS / "pacer_rss" / f"{name}.xml").read_bytes()


def filings(name: str, connector: PacerRss = DISTRICT) -> list[Entry]:
    """Read the docket entries of a feed, without the captions."""
    found = entries(read(connector, body(name)))
    return [entry for entry in found if entry.type is ItemType.DOCKET_ENTRY]


def feed(*items: tuple[str, str]) -> str:
    """Write a district court's feed of (title, description)."""
    written = "".join(
        f"<item><title>{title}</title><description>{description}</description>"
        f"<link>https://ecf.dcd.uscourts.gov/cgi-bin/DktRpt.pl?{number}</link>"
        "<pubDate>Tue, 03 Nov 2026 11:00:00 GMT</pubDate></item>"
        for number, (title, description) in enumerate(items, start=1)
    )
    return f'<rss version="2.0"><channel><title>T</title>{written}</channel></rss>'


def labelled(label: str, number: str = "1:26-cv-09905", connector: PacerRss = DISTRICT) -> Entry:
    """Read the docket entry of a filing with one event label."""
    found = entries(read(connector, feed((f"{number} Roe v. Doe", f"[{label}] "))))
    return next(entry for entry in found if entry.type is ItemType.DOCKET_ENTRY)


@pytest.mark.parametrize(
    ("court", "address"),
    [
        ("cand", "https://ecf.cand.uscourts.gov/cgi-bin/rss_outside.pl"),
        ("nyed", "https://ecf.nyed.uscourts.gov/cgi-bin/readyDockets.pl"),
        ("ared", "https://ecf.ared.uscourts.gov/cgi-bin/rss_outside4.pl"),
        (
            "ca4",
            "https://ecf.ca4.uscourts.gov/n/beam/servlet/TransportRoom?servlet=RSSGenerator",
        ),
        ("mdb", "https://ecf.mdb.uscourts.gov/cgi-bin/rss_outside.pl"),
    ],
)
def test_the_address_follows_from_the_court(court: str, address: str) -> None:
    """District, bankruptcy and appellate courts, and the two with programs of their own."""
    (request,) = PacerRss(court=court).requests(POLL)
    assert request.url == address
    assert PacerRss.window


def test_an_address_of_its_own_may_be_given() -> None:
    """Then even a court that published nothing can be read."""
    (request,) = PacerRss(court="mdd", url="https://mirror.example/mdd.xml").requests(POLL)
    assert request.url == "https://mirror.example/mdd.xml"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"court": "atlantis"}, "no federal court"),
        ({"court": "mdd"}, "publishes no feed"),
        ({"court": "cand", "url": "gopher://x"}, "http"),
        ({"court": "cand", "watch": ["San Francisco v. Trump"]}, "no docket number"),
        ({"court": "cand", "watch": {"25": "x"}}, "no docket number"),
        ({"court": "cand", "cases": "criminal"}, "civil"),
        ({}, "required"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, object], why: str) -> None:
    """With a reason that names the cure."""
    with pytest.raises(ValidationError, match=why):
        PacerRss.model_validate(options)


def test_a_filing_becomes_an_entry() -> None:
    """Caption, label, number, document, PACER's ids, the court's name."""
    first = filings("district")[0]
    assert first.title == "City of Example v. U.S. Department of Justice et al — [Complaint]"
    assert first.key == "dcd:990001:2"
    assert first.identifiers == (Identifier("docket", "dcd", "1:26-cv-09901"),)
    assert first.facts == (("docket_number", "1:26-cv-09901"), ("document_number", "1"))
    assert first.published == datetime(2026, 11, 3, 11, 40, tzinfo=UTC)
    assert first.url == "https://ecf.dcd.uscourts.gov/cgi-bin/DktRpt.pl?990001"
    assert first.office == "United States District Court for the District of Columbia"
    noise = dict(first.noise)
    assert noise["caption"] == "CITY OF EXAMPLE v. U.S. DEPARTMENT OF JUSTICE et al"
    assert (noise["pacer_case_id"], noise["pacer_document_id"]) == ("990001", "04509900001")


def test_several_events_of_one_filing_are_one_entry() -> None:
    """CM/ECF repeats guid, document and time for each event."""
    (both,) = [entry for entry in filings("district") if entry.key == "dcd:990001:7"]
    assert both.labels == ("Temporary Restraining Order", "Preliminary Injunction")
    assert both.title.endswith(
        "[Temporary Restraining Order] (a motion) / [Preliminary Injunction] (a motion)"
    )


def test_unnumbered_entries_with_one_guid_are_told_apart_by_their_time() -> None:
    """Their guid is the docket's address, for all of them."""
    keys = {entry.labels: entry.key for entry in filings("district")}
    assert keys["Minute Order",] == "dcd:990001:@20261103T115000Z"
    assert keys["Set/Reset Hearings",] == "dcd:990001:@20261103T115100Z"


def test_a_case_that_begins_is_told_once_as_a_case() -> None:
    """Its caption is an item of its own, whose key is the case's and whose words stay the same."""
    parsed = entries(read(DISTRICT, body("district")))
    (caption,) = [entry for entry in parsed if entry.type is ItemType.DOCKET_CAPTION]
    assert caption.key == "case:dcd:990001"
    assert caption.title == "City of Example v. U.S. Department of Justice et al"
    assert caption.identifiers == (Identifier("docket", "dcd", "1:26-cv-09901"),)
    assert not caption.muted


@pytest.mark.parametrize(
    ("label", "begins"),
    [
        ("Complaint (Attorney Civil Case Opening)", True),
        ("Notice of Removal", True),
        ("Petition for Writ of Habeas Corpus", True),
        ("Amended Complaint", False),
        ("Answer to Complaint", False),
        ("Order on Petition for Review", False),
    ],
)
def test_a_case_begins_with_a_complaint_a_removal_or_a_petition(label: str, begins: bool) -> None:
    """What answers or amends one opens no case."""
    found = entries(read(DISTRICT, feed(("1:26-cv-09906 Roe v. Doe", f"[{label}]"))))
    assert len(found) == (2 if begins else 1)


def test_what_cannot_be_read_is_refused_with_its_reason() -> None:
    """A grand jury's number, and an item without a label."""
    found = {refusal.what: refusal.why for refusal in refusals(read(DISTRICT, body("district")))}
    assert "docket number" in found["5:26-~gr-00001"]
    assert "label" in found["1:26-cv-09904 Doe v. Parks & Trees, Inc."]
    assert len(found) == 2


def test_eastern_new_york() -> None:
    """Exact repeats fall together, judges' initials go, an order outweighs the clerk's note."""
    order, scheduled = filings("nyed", PacerRss(court="nyed"))
    assert order.labels == ("Order on Motion to Quash", "~Util - Set Hearings")
    assert (
        order.title
        == "Roe et al v. Town of Example — [Order on Motion to Quash] / [~Util - Set Hearings]"
    )
    assert order.key == "nyed:499001:@20261103T114835Z"
    assert not order.muted
    assert dict(order.noise)["judges"] == "ABC-DE"
    assert dict(scheduled.facts)["document_number"] == "35"
    assert scheduled.key == "nyed:499001:35@20261103T100000Z"


def test_bankruptcy() -> None:
    """Office, chapter and trustee stand before the label; a sealed caption leaves the number."""
    first, second = filings("bankruptcy", PacerRss(court="mdb"))
    assert first.title == "Roe v. Example Motors, Inc. d/b/a A&E of D — [Close Adversary Case]"
    assert first.key == "mdb:799001:19"
    assert ("trustee", "Jane Example") in first.noise
    assert second.title == "26-90003 — [Miscellaneous Motion]"
    assert dict(second.noise)["pacer_document_id"] == "092041355320"


def test_appellate() -> None:
    """Local zone names; one order on two appeals stays an entry on each."""
    first, second = filings("appellate", PacerRss(court="ca10"))
    assert first.published == datetime(2026, 11, 2, 19, 20, 16, tzinfo=UTC)
    assert [entry.key for entry in (first, second)] == [
        "ca10:26-9989:19990001",
        "ca10:26-9990:19990001",
    ]
    assert dict(first.noise)["pacer_document_id"] == dict(second.noise)["pacer_document_id"]
    assert "document_number" not in dict(first.facts)


@pytest.mark.parametrize(
    "label",
    [
        "~Util - Set Hearings",
        "Utility Notice",
        "Summons Issued",
        "Notice of Appearance",
        "Motion for Leave to Appear Pro Hac Vice",
        "Set/Reset Deadlines",
        "Certificate of Service",
        "Notice of Electronic Filing Error",
        "Transcript",
        "Letter",
        "Initial Case Assignment",
        "Text Only Scheduling Order",
        "1 - Terminate Deadlines and Hearings",
    ],
)
def test_clerical_events_are_kept_and_muted(label: str) -> None:
    """Even in a watched case: they say nothing about it."""
    if label == "Utility Notice":
        assert not labelled(label).muted
        return
    assert labelled(label).muted == f"clerical: {label}"
    watching = PacerRss(court="dcd", watch=("1:26-cv-09905",))
    assert labelled(label, connector=watching).muted


@pytest.mark.parametrize(
    "label",
    ["Order", "Letter Motion for Stay", "Motion to Dismiss", "Notice of Appeal", "Judgment", "TRO"],
)
def test_events_that_are_news_are_not_muted(label: str) -> None:
    """Whether they match is for the filters to say."""
    assert not labelled(label).muted


@pytest.mark.parametrize(
    ("label", "motion"),
    [
        ("Preliminary Injunction", True),
        ("Dismiss/Lack of Jurisdiction", True),
        ("Summary Judgment", True),
        ("Stay", True),
        ("Order on Motion for Preliminary Injunction", False),
        ("Preliminary Injunction Order", False),
        ("Permanent Injunction", False),
        ("Order Dismissing Case", False),
        ("Temporary Restraining Order", True),
    ],
)
def test_a_motion_named_by_its_relief_is_not_told_as_a_ruling(label: str, motion: bool) -> None:
    """`[Preliminary Injunction]` is what somebody asks for."""
    assert labelled(label).title.endswith("(a motion)") is motion


def test_criminal_cases_are_muted_unless_watched() -> None:
    """And can be left unread."""
    assert labelled("Order", "1:26-cr-00001").muted == "a criminal case"
    assert labelled("Order", "1:26-mj-00001-ABC").muted == "a criminal case"
    watching = PacerRss(court="dcd", watch=("1:26-cr-00001",))
    assert not labelled("Order", "1:26-cr-00001", watching).muted
    civil = PacerRss(court="dcd", cases="civil")
    assert "1:24-cr-09902" not in str(filings("district", civil))
    assert len(filings("district", civil)) == len(filings("district")) - 1


@pytest.mark.parametrize(
    ("watch", "name"),
    [
        (["1:26-cv-09901"], "1:26-cv-09901"),
        (["26-cv-9901"], "26-cv-09901"),
        ({"1:26-cv-09901-RC": "Example v. DOJ"}, "Example v. DOJ"),
        ([{"1:26-cv-09901": "Example v. DOJ"}, "2:25-cv-1"], "Example v. DOJ"),
        (["2:26-cv-09901"], ""),
        (["1:26-cr-09901"], ""),
    ],
)
def test_a_watched_case_is_known_by_its_number(watch: object, name: str) -> None:
    """By number and court, never by caption; the office may be left out."""
    connector = PacerRss.model_validate({"court": "dcd", "watch": watch})
    found = {entry.watched for entry in filings("district", connector) if "990001" in entry.key}
    assert found == {name}
    only = connector.model_copy(update={"cases": "watched"})
    assert len(filings("district", only)) == (4 if name else 0)


@pytest.mark.parametrize(
    ("caption", "shown"),
    [
        ("MOHAMMAD et al v. RUBIO et al", "Mohammad et al v. Rubio et al"),
        ("STATE OF EXAMPLE v. ICE", "State of Example v. ICE"),
        ("DOE V. J. ROE, LLC", "Doe v. J. Roe, LLC"),
        ("O'NEIL v. USA", "O'neil v. USA"),
        ("McDonald v. ICE", "McDonald v. ICE"),
        ("In re Example", "In re Example"),
    ],
)
def test_a_caption_in_capitals_is_made_readable(caption: str, shown: str) -> None:
    """So that ICE CREAM COMPANY is no ICE; mixed captions stay as they are."""
    found = entries(read(DISTRICT, feed((f"1:26-cv-09907 {caption}", "[Order]"))))
    assert found[0].title == f"{shown} — [Order]"


def test_the_feed_says_what_it_carries() -> None:
    """A court that publishes orders only shows no complaint, and that is worth knowing."""
    assert marks(read(PacerRss(court="ca10"), body("appellate"))) == {"types": "orders, opinions"}


def test_a_feed_that_stands_still_is_reported() -> None:
    """Its entries are read, and what is missing is said."""
    late = Poll(now=NOW + timedelta(days=2))
    fresh, stale = read(DISTRICT, body("district")), read(DISTRICT, body("district"), late)
    assert entries(fresh) == entries(stale)
    (complaint,) = set(refusals(stale)) - set(refusals(fresh))
    assert "2026-11-03T11:55:01Z" in complaint.why


@pytest.mark.parametrize(
    "page",
    ["", "\n", "<html><body>Sign in</body></html>", feed().replace(">T<", ">RSS not configured<")],
)
def test_a_court_without_a_feed_is_a_failure(page: str) -> None:
    """An empty 200 (D. Md.), a page, "not configured": never `empty`."""
    with pytest.raises(SoftError):
        read(DISTRICT, page)


def test_another_document_is_a_failure() -> None:
    """The publisher's shape has changed."""
    with pytest.raises(FormatError):
        read(DISTRICT, '<?xml version="1.0"?><courts/>')


def test_a_quiet_day_is_no_failure() -> None:
    """A feed without items is `empty`."""
    assert read(DISTRICT, feed()) == ()


def test_a_broken_feed_is_read_as_far_as_it_goes() -> None:
    """An ampersand that was not escaped stops nothing."""
    parsed = read(DISTRICT, feed(("1:26-cv-09908 Roe & Doe v. Poe", "[Order]")))
    assert entries(parsed)[0].title == "Roe & Doe v. Poe — [Order]"
    assert "not well-formed" in refusals(parsed)[0].why
