"""Feeds of every format become entries; what is no feed is an error, never nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from monitor.connectors.rss import Rss
from monitor.errors import FormatError, SoftError
from monitor.models import Access, Entry, ItemType, Poll
from monitor.normalise import normalise, normalise_all
from tests.connectors.feed_visit import NOW, POLL, RECORDINGS, answer, entries, read, refusals

FEED = Rss(url="https://x.example/feed")


def recorded(name: str, connector: Rss = FEED) -> list[Entry]:
    """Read one of the feeds beside the tests."""
    return entries(read(connector, (RECORDINGS / "rss" / name).read_bytes()))


def rss(*items: str) -> str:
    """Write an RSS 2.0 feed around items."""
    return f'<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'


def one(body: str, connector: Rss = FEED, poll: Poll = POLL) -> Entry:
    """Read the only entry of a feed."""
    (entry,) = entries(read(connector, body, poll))
    return entry


def test_a_poll_asks_for_the_feed() -> None:
    """One request, as a feed: robots.txt is not asked."""
    (request,) = FEED.requests(POLL)
    assert (request.url, request.access, request.conditional) == (FEED.url, Access.FEED, True)


def test_wordpress() -> None:
    """Entities, the whole text instead of its excerpt, categories, a document, a stable id."""
    first, second = recorded("wordpress.xml")
    item = normalise(first, "s", "us")
    assert item.title == "Attorney General & Mayor Sue Over \u201cDetainer\u201d Rule"
    assert item.text == (
        "EXAMPLE CITY \u2013 The Attorney General today filed suit against the detainer rule.\n"
        "The rule conditions grants on honoring civil detainers."
    )
    assert first.key == "https://ag.example/?p=1201"
    assert first.labels == ("Immigration", "Lawsuits")
    assert first.published == datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
    (attachment,) = first.attachments
    assert attachment.url == "https://x.example/files/2026/11/Complaint%20as%20filed.pdf"
    assert (attachment.title, attachment.media_type) == (
        "Complaint as filed.pdf",
        "application/pdf",
    )
    assert second.published == datetime(2026, 10, 30, 13, tzinfo=UTC)


def test_drupal() -> None:
    """A relative link is resolved against xml:base, and the guid is no address."""
    (entry,) = recorded("drupal.xml")
    assert entry.url == "https://town.example/meeting/town-board-7"
    assert entry.key == "2791 at https://town.example"
    assert normalise(entry, "s", "us").text == "Town Board Meeting Thu, 11/05/2026 - 7:00 PM"


def test_atom() -> None:
    """Text is text, HTML is HTML, summary and content are both searched, an id serves as link."""
    first, second = recorded("atom.xml")
    item = normalise(first, "s", "us")
    assert item.title == "City of Example v. United States & others"
    assert item.text == "The conditions on grants are enjoined.\nHeld that 5 < 6."
    assert first.url == "https://x.example/opinions/26-101"
    assert [attachment.title for attachment in first.attachments] == ["26-101.pdf"]
    assert first.published == datetime(2026, 11, 1, 14, 17, 51, tzinfo=UTC)
    assert first.updated == datetime(2026, 11, 2, 18, 30, 2, tzinfo=UTC)
    assert normalise(second, "s", "us").title == "In re Example"
    assert second.url == second.key == "https://court.example/opinions/26-102"
    assert (second.published, second.updated) == (datetime(2026, 11, 2, tzinfo=UTC), None)


def test_rss_one_point_zero() -> None:
    """rdf:about is the id, Dublin Core gives date and subject."""
    (entry,) = recorded("rdf.xml")
    assert entry.key == "https://agency.example/1"
    assert entry.published == datetime(2026, 11, 2, 17, tzinfo=UTC)
    assert entry.labels == ("Rules",)


def test_json_feed() -> None:
    """Numbers as ids, titles that are text, entries without a title."""
    first, second = recorded("feed.json")
    assert (first.key, first.labels) == ("17", ("jail",))
    assert normalise(first, "s", "us").title == "Board adopts <policy> on jail access"
    assert "Adopted 5 to 0" in normalise(first, "s", "us").text
    assert [attachment.title for attachment in first.attachments] == ["Policy"]
    assert normalise(second, "s", "us").title == "A short note without a title, 5 < 6"


def test_a_calendar_may_put_the_time_of_the_meeting_into_pubdate() -> None:
    """Then it is a hearing at local time, and `feed` is stripped from links [New Orleans]."""
    connector = Rss(
        url="https://council.example/meetings/?rss=events",
        type=ItemType.MEETING,
        strip=("feed",),
        published_is="hearing",
        clock="local",
    )
    first, second = recorded("council.xml", connector)
    assert first.type is ItemType.MEETING
    assert first.url == first.key == "https://council.example/meetings/2026/20261105-ga/"
    (hearing,) = first.hearings
    assert hearing.starts == datetime(2026, 11, 5, 15, tzinfo=UTC)
    assert hearing.timezone == "America/New_York"
    assert first.published is None
    assert (second.hearings[0].starts, second.hearings[0].said) == (None, "to be announced")


def test_an_empty_feed_is_no_error() -> None:
    """Nothing was published; the poll is `empty`."""
    assert read(FEED, rss()) == ()
    assert read(FEED, '{"version": "https://jsonfeed.org/version/1", "items": []}') == ()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "  \n ",
        "\ufeff",
        "<!DOCTYPE html><html><head><title>Page not found</title></head><body>no</body></html>",
        "<!-- cached --><HTML><body>Just a moment...</body></HTML>",
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        "<div class='header'>Page not found</div>",
        rss().replace("<title>T", "<title>Invalid feed"),
    ],
)
def test_a_page_where_a_feed_should_be_is_a_failure(body: str) -> None:
    """Status 200 does not make an answer of an error page."""
    with pytest.raises(SoftError):
        read(FEED, body)


def test_the_title_of_the_page_is_told() -> None:
    """So that a person sees at once what the server sent."""
    with pytest.raises(SoftError, match="Page not found & gone"):
        read(FEED, "<html><title>Page not\n found &amp; gone</title></html>")


@pytest.mark.parametrize(
    "body",
    [
        "Service unavailable",
        '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>',
        '{"error": "not found"}',
        '{"version": "https://jsonfeed.org/version/1234", "items": []}',
        '{"version": "https://jsonfeed.org/version/1", "items": {}}',
        '{"version": "https://jsonfeed.org/ver',
        "[" * 100_000,
        "[]",
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel/></rss>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel/></rss>',
        '<?xml version="1.0"?>' + "\n" * 100_000 + "no element",
    ],
)
def test_anything_else_that_is_no_feed_is_a_failure(body: str) -> None:
    """Unknown XML, unknown JSON, and documents with entities of their own."""
    with pytest.raises(FormatError):
        read(FEED, body)


def test_entities_are_refused_in_any_encoding() -> None:
    """UTF-16 hides no entity bomb."""
    bomb = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aa">]><rss><channel/></rss>'
    with pytest.raises(FormatError, match="entities"):
        read(FEED, bomb.encode("utf-16"))


def test_an_external_document_type_is_not_fetched() -> None:
    """RSS 0.91 names Netscape's; the feed is read without it."""
    body = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://127.0.0.1:9/rss-0.91.dtd"><rss version="0.91"><channel>'
        "<item><title>Old but good</title></item></channel></rss>"
    )
    assert one(body).title == "Old but good"


ITEM = "<item><title>Caf\u00e9 \u201cpolicy\u201d</title><guid>1</guid></item>"


@pytest.mark.parametrize(
    "body",
    [
        rss(ITEM).encode(),
        b"\xef\xbb\xbf" + rss(ITEM).encode(),
        b"\n  \n<?xml version='1.0' encoding='utf-8'?>" + rss(ITEM).encode(),
        b"Warning: cannot open cache in /srv/x.php\n<?xml version='1.0'?>" + rss(ITEM).encode(),
        b"<?xml version='1.0' encoding='utf-8'?>" + rss(ITEM).encode("cp1252"),
        b"<?xml version='1.0' encoding='iso-8859-1'?>" + rss(ITEM).encode("cp1252"),
        b"<?xml version='1.0' encoding='iso-8859-1'?>" + rss(ITEM).encode(),
        rss(ITEM).encode("utf-16"),
    ],
    ids=["plain", "mark", "blank", "warning", "cp1252", "latin1", "utf8-as-latin1", "utf16"],
)
def test_letters_survive_every_encoding(body: bytes) -> None:
    """Declared, undeclared or wrongly declared, with text before the XML declaration."""
    (entry,) = entries(read(FEED, body))
    assert normalise(entry, "s", "us").title == "Caf\u00e9 \u201cpolicy\u201d"


def test_the_header_names_the_charset_where_the_body_does_not() -> None:
    """RFC 7303; an unknown charset is ignored."""
    body = rss(ITEM).encode("cp1252")
    for charset in ("windows-1252", "no-such-charset"):
        response = answer(body, f"text/xml; charset={charset}")
        (entry,) = entries(FEED.parse(response, POLL))
        assert normalise(entry, "s", "us").title == "Caf\u00e9 \u201cpolicy\u201d"


def test_a_broken_feed_is_read_as_far_as_it_goes_and_says_so() -> None:
    """Entries before and behind the fault survive; the fault is shown."""
    first = "<item><title>Parks & Trees</title><guid>1</guid></item>"
    second = "<item><title>Second</title><guid>2</guid></item>"
    parsed = read(FEED, rss(first, second))
    assert [entry.key for entry in entries(parsed)] == ["1", "2"]
    assert normalise(entries(parsed)[0], "s", "us").title == "Parks & Trees"
    (refusal,) = refusals(parsed)
    assert "line" in refusal.why


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<![CDATA[A <b>bold</b> claim]]>", "A bold claim"),
        ("Rule &lt;A&gt; v. &lt;B&gt;", "Rule <A> v. <B>"),
        ("Food &amp;amp; Water", "Food & Water"),
        ("Smith &amp; Co", "Smith & Co"),
        ("\n   Two\n   lines ", "Two lines"),
    ],
)
def test_a_title_may_be_text_or_html(title: str, shown: str) -> None:
    """RSS does not say which; no word is lost for it."""
    entry = one(rss(f"<item><title>{title}</title></item>"))
    assert normalise(entry, "s", "us").title == shown


def test_an_entry_without_any_words_is_refused_and_counted() -> None:
    """It is shown, never dropped silently."""
    parsed = read(FEED, rss("<item><guid>7</guid></item>", ITEM))
    assert len(entries(parsed)) == 1
    assert refusals(parsed)[0].what == "entry 1 7"


@pytest.mark.parametrize("said", ["soon", "Mon, 99 Nov 2026", "2026-11", "5025-01-01T00:00:00Z"])
def test_a_date_that_cannot_be_meant_stays_as_it_was_said(said: str) -> None:
    """The entry is kept, undated."""
    entry = one(rss(f"<item><title>x</title><pubDate>{said}</pubDate></item>"))
    assert (entry.published, entry.published_said) == (None, said)


@pytest.mark.parametrize(
    ("guid", "key"),
    [
        ("https://town.example/Calendar.aspx?EID=6652/639051257410000000", "EID=6652"),
        ("08396C01-1563-4E18-B521-B489520E087A-2025-09-22-16-48-13", "B489520E087A"),
        ("https://town.example/2026-11-02", "2026-11-02"),
        ("https://town.example/item/123456789012345678", "123456789012345678"),
    ],
)
def test_the_time_of_an_edit_is_no_part_of_the_identity(guid: str, key: str) -> None:
    """CivicPlus ends its guids with .NET ticks, Legistar with date and time."""
    assert one(rss(f"<item><title>x</title><guid>{guid}</guid></item>")).key.endswith(key)


def test_ten_items_with_one_title_and_no_guid_are_ten() -> None:
    """Their links tell them apart."""
    items = [f"<item><title>Closed</title><link>/{n}</link></item>" for n in range(10)]
    found = normalise_all(entries(read(FEED, rss(*items))), "s", "us")
    assert len({item.key for item in found}) == 10
    assert found[0].key == "url:https://x.example/0"


def test_identity_may_be_the_link_or_the_title() -> None:
    """For feeds whose guid changes at each visit."""
    item = "<item><title>A <i>b</i></title><link>/7</link><guid>{}</guid></item>"
    for identity in ("link", "title"):
        connector = Rss(url=FEED.url, identity=identity)
        before, after = (
            normalise(one(rss(item.format(guid)), connector), "s", "us") for guid in "xy"
        )
        assert before.key == after.key
    assert one(rss(item.format("x"))).key == "x"


def test_dates_without_a_zone_are_local_to_the_source() -> None:
    """The zone is the poll's."""
    body = rss("<item><title>x</title><pubDate>Mon, 02 Nov 2026 09:00:00</pubDate></item>")
    entry = one(body, poll=Poll(now=NOW, timezone="America/Los_Angeles"))
    assert entry.published == datetime(2026, 11, 2, 17, tzinfo=UTC)


def test_the_type_of_entries_is_configured() -> None:
    """YAML has words, not enumerations."""
    connector = Rss.model_validate({"url": FEED.url, "type": "press_release", "strip": ["feed"]})
    assert one(rss(ITEM), connector).type is ItemType.PRESS_RELEASE


@pytest.mark.parametrize(
    "options",
    [
        {"url": "ftp://x.example/"},
        {"url": "https://x.example/", "type": "gossip"},
        {"url": "https://x.example/", "identity": "hash"},
        {"url": "https://x.example/", "stripp": ["a"]},
        {},
    ],
)
def test_wrong_options_are_refused(options: dict[str, object]) -> None:
    """At once, not at the first poll."""
    with pytest.raises(ValidationError):
        Rss.model_validate(options)


def test_only_the_kept_parameters_tell_links_apart() -> None:
    """A session's token in the link makes no second entry, the meeting's number does."""
    connector = Rss(url=FEED.url, identity="link", keep=("meeting",))

    def key(link: str) -> str:
        return one(rss(f"<item><title>M</title><link>{link}</link></item>"), connector).key

    first = key("https://x.example/m?meeting=7&amp;token=aaa")
    assert first == key("https://x.example/m?token=bbb&amp;meeting=7")
    assert first != key("https://x.example/m?meeting=8&amp;token=aaa")
