"""The quick road and feedparser's give the same entries, and the quick one is the usual."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.connectors import _feeds_lenient, _feeds_quick
from monitor.connectors._feed_record import Feed
from monitor.connectors._feeds import read_feed
from monitor.connectors.rss import Rss
from monitor.errors import FormatError, SoftError
from monitor.models import Entry, Item
from monitor.normalise import normalise_all
from tests.connectors.feed_visit import POLL, RECORDINGS, answer, entries, read

FEED = Rss(url="https://x.example/feed")
OWN = sorted((RECORDINGS / "rss").glob("*.xml")) + sorted((RECORDINGS / "pacer_rss").glob("*.xml"))
FOLDERS = ("feeds-generic", "feeds-gov", "civicplus", "court-other", "granicus", "pacer-rss")
# Bodies in those folders that are no feed; each is refused, none is read as an empty feed.
NO_FEED = {
    "SOFT404_eagle-lake-fl-rss-news.out": SoftError,
    "SOFT404_lake-hamilton-fl-agendacenter-rss.xml": SoftError,
    "SOFT404_mulberry-fl-feed.out": SoftError,
    "auburndale-fl-feed.headers.txt": FormatError,
    "bva_example.xml": FormatError,
    "feedjira_DuplicateContentAtomFeed.xml": SoftError,
    "feedjira_HREFConsideredHarmfulFirstEntry.xml": SoftError,
    "feedjira_TenderLovemakingFirstEntry.xml": SoftError,
    "nnw_ScriptingNews.json": FormatError,
    "reader_unknown.json": FormatError,
    "winter-haven-fl-events-wntrhvn.rss.out": SoftError,
}
# How many entries feedparser finds in some that are hard to read.
COUNTS = {
    "feedjira_InvalidDateFormat.xml": 2,
    "ffp_osm-pl.xml": 8,
    "oral_ca1_example.xml": 21,
    "nyed_1.xml": 432,
    "cafc_example.xml": 100,
    "lake-wales-fl-granicus-viewpub-rss.xml": 100,
    "auburndale-fl-comments-feed.xml": 0,
}


def items(feed: Feed) -> tuple[Item, ...]:
    """Bring a feed to the items that the rest of the monitor sees."""
    parsed = FEED._entries(feed.records, FEED.url, POLL)
    return normalise_all([one for one in parsed if isinstance(one, Entry)], "s", "us")


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_both_roads_agree_on_our_own_feeds(path: Path) -> None:
    """And none of them needs feedparser."""
    body = path.read_bytes()
    quick, lenient = _feeds_quick.read(body), _feeds_lenient.read(body, "a feed")
    assert quick is not None
    assert lenient is not None
    assert items(quick) == items(lenient)
    assert (quick.title, quick.description, quick.built) == (
        lenient.title,
        lenient.description,
        lenient.built,
    )


def test_both_roads_agree_on_all_real_feeds(shared: Path) -> None:
    """Every feed of the recordings, and most of the quick ones take the quick road."""
    quick = slow = 0
    for folder in FOLDERS:
        for path in sorted((shared / "recordings" / folder).iterdir()):
            if path.suffix in {".json", ".html", ".txt"} or path.name in NO_FEED:
                continue
            body = path.read_bytes()
            if b"<rss" not in body and b"<feed" not in body and b"<rdf:RDF" not in body:
                continue
            sure = read_feed(answer(body), lenient=True)
            usual = read_feed(answer(body))
            assert items(usual) == items(sure), path.name
            assert len(sure.records) == COUNTS.get(path.name, len(sure.records)), path.name
            found = _feeds_quick.read(body)
            quick, slow = quick + (found is not None), slow + (found is None)
    assert quick >= 60
    assert slow <= 40


def test_what_is_no_feed_is_refused_on_all_real_bodies(shared: Path) -> None:
    """Some bodies are error pages, fragments or other formats; all others are read."""
    refused = {}
    for folder in FOLDERS[:4]:
        for path in sorted((shared / "recordings" / folder).iterdir()):
            if path.suffix != ".xml" and not folder.startswith("feeds-"):
                continue
            try:
                read(FEED, path.read_bytes())
            except (SoftError, FormatError) as error:
                refused[path.name] = type(error)
    assert refused == NO_FEED


UNUSUAL = {
    "xhtml content": '<entry><content type="xhtml"><div><p>x</p></div></content></entry>',
    "two titles": "<entry><title>a</title><title>b</title></entry>",
    "a nested base": '<entry xml:base="https://b.example/"><link href="c"/></entry>',
    "base64": '<entry><content type="application/octet-stream">eA==</content></entry>',
    "content elsewhere": '<entry><content src="https://x.example/1"/></entry>',
    "media titles": '<entry><m:title xmlns:m="http://search.yahoo.com/mrss/">x</m:title></entry>',
    "a page that is no HTML": '<entry><link href="/x.pdf" type="application/pdf"/></entry>',
    "unknown default namespace": '<entry><title xmlns="urn:x">x</title></entry>',
    "nested unknown": "<entry><event><title>x</title></event></entry>",
    "markup in a text": "<entry><title>a <b>bold</b> title</title></entry>",
    "summary and description": "<entry><summary>a</summary><description>b</description></entry>",
    "a link in text": '<entry><link href="/a">b</link></entry>',
    "a crooked link": '<entry><link href="https:///a.example/b"/></entry>',
    "Dublin Core's title": '<entry><d:title xmlns:d="http://purl.org/dc/elements/1.1/"/></entry>',
    "an image": "<entry><image><url>/a.png</url></image></entry>",
}


@pytest.mark.parametrize("entry", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_what_is_unusual_is_left_to_feedparser(entry: str) -> None:
    """The quick road never guesses."""
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'
    assert _feeds_quick.read(body.encode()) is None
    assert len(read_feed(answer(body)).records) == 1


def test_an_unusual_entry_is_read_all_the_same() -> None:
    """XHTML content keeps its words, and a page that is no HTML is still the link."""
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title>'
        '<link href="/x.pdf" type="application/pdf"/>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>one</p></div></content>'
        "</entry></feed>"
    )
    (entry,) = entries(read(FEED, body))
    assert entry.url == "https://x.example/x.pdf"
    assert "one" in entry.body


def test_plain_content_without_a_summary_is_read_alike() -> None:
    """Without one, feedparser repeats the content there, and forgets that brackets are text."""
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry>'
        "<content>History of the &lt;b&gt;tag&lt;/b&gt;</content></entry></feed>"
    )
    quick, sure = read_feed(answer(body)), read_feed(answer(body), lenient=True)
    assert [item.text for item in items(quick)] == ["History of the <b>tag</b>"]
    assert items(quick) == items(sure)


def test_a_usual_feed_never_loads_feedparser() -> None:
    """It costs 0.1 s at start, and thirty times the CPU at each poll."""
    program = (
        "import sys; from pathlib import Path; from monitor.connectors._feeds_quick import read;"
        "import monitor.connectors.rss, monitor.connectors.pacer_rss;"
        "assert read(Path(sys.argv[1]).read_bytes()).records;"
        "assert 'feedparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, OWN[0]], check=True, timeout=60)
