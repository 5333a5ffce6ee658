"""Lists on web pages become entries; a page on which nothing is found is no success."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.connectors.html import Html
from monitor.errors import FormatError, SoftError
from monitor.models import Access, ItemType, Parsed, Request, Response
from monitor.normalise import normalise_all
from tests.connectors.feed_visit import NOW, POLL, RECORDINGS, entries, refusals

URL = "https://county.example/news"
NEWS: dict[str, Any] = {
    "url": URL,
    "item": "article.news",
    "title": "h3",
    "date": "time@datetime",
    "body": "p.teaser",
    "status": "span.stage",
    "attachments": 'a[href$=".pdf"]',
}
LIST = (RECORDINGS / "html" / "list.html").read_bytes()


def parse(connector: Html, body: bytes = LIST, url: str = URL, page: int = 1) -> tuple[Parsed, ...]:
    """Read a page."""
    request = Request(url, about=(str(page),))
    return tuple(connector.parse(Response(request, url, 200, (), body, NOW), POLL))


def test_a_poll_asks_for_the_page() -> None:
    """As a page: robots.txt is asked. An unchanged one need not be read again."""
    (request,) = Html(url=URL, item="li").requests(POLL)
    assert (request.url, request.access, request.conditional) == (URL, Access.PAGE, True)


def test_a_record_becomes_an_entry() -> None:
    """Title, link, time, teaser, stage and documents, each once."""
    first, second = entries(parse(Html(**NEWS)))
    assert first.title == "Sheriff ends 287(g) agreement & detainer policy"
    assert first.url == "https://county.example/news/801?utm_source=home"
    assert first.key == "https://county.example/news/801"
    assert first.published == datetime(2026, 11, 2, 19, 30, tzinfo=UTC)
    assert first.body == "The county will no longer hold people for ICE."
    assert (first.status, first.html, first.type) == ("Final", False, ItemType.NEWS)
    (document,) = first.attachments
    assert (document.title, document.url) == ("Order", "https://county.example/files/Order%201.pdf")
    assert (second.published, second.published_said) == (None, "soon")


def test_a_record_without_words_is_refused() -> None:
    """It is counted; the others stand."""
    (refusal,) = refusals(parse(Html(**NEWS)))
    assert refusal.why == "it has no words"


def test_without_selectors_the_first_link_is_title_and_address() -> None:
    """So that the shortest configuration works."""
    first = entries(parse(Html(url=URL, item="article.news")))[0]
    assert first.title == "Sheriff ends 287(g) agreement & detainer policy"
    assert first.url.endswith("/news/801?utm_source=home")


def test_an_attribute_may_be_the_id() -> None:
    """Where links change and an id does not."""
    keys = [one.key for one in entries(parse(Html(**NEWS, key="@data-id")))]
    assert keys == ["801", "802"]


def test_meetings_are_read_from_a_table() -> None:
    """Their time is local; "CANCELLED" in the title counts; without a time the day is known."""
    connector = Html(
        url=URL,
        item="#cal tbody tr",
        title="td:nth-of-type(1)",
        date="td:nth-of-type(2)",
        place="td:nth-of-type(3)",
        date_is="meeting",
        facts={"room": "td:nth-of-type(3)"},
    )
    found = entries(parse(connector, (RECORDINGS / "html" / "meetings.html").read_bytes()))
    (council,), (hearing,) = (one.hearings for one in found)
    assert council.starts == datetime(2026, 11, 10, 23, tzinfo=UTC)
    assert (council.cancelled, council.place, council.kind) == (True, "Room 1", "meeting")
    assert (hearing.cancelled, hearing.all_day, hearing.kind) == (False, True, "hearing")
    assert found[0].facts == (("room", "Room 1"),)
    assert {one.type for one in found} == {ItemType.MEETING}
    assert all(one.published is None for one in found)


def test_the_publishers_own_form_of_dates() -> None:
    """As for strptime."""
    connector = Html(url=URL, item="li", date="time", date_formats=("%d.%m.%Y",))
    page = b"<ul><li><time>02.11.2026</time> Order</li></ul>"
    (entry,) = entries(parse(connector, page))
    assert entry.published == datetime(2026, 11, 2, 5, tzinfo=UTC)


def test_a_page_without_the_list_is_a_failure() -> None:
    """The page was rebuilt, or it is an error page; never "no news"."""
    with pytest.raises(FormatError, match=r"nothing on the page matches 'article\.news'"):
        parse(Html(**NEWS), b"<html><body><p>We have a new site!</p></body></html>")
    with pytest.raises(SoftError):
        parse(Html(**NEWS), b"  ")


def test_a_page_that_says_that_it_is_empty_is_a_success() -> None:
    """Only in the words that the configuration expects."""
    page = b"<html><body><p>There are no  Notices at this time.</p></body></html>"
    assert parse(Html(**NEWS, empty="no notices at this time"), page) == ()


def test_further_pages_are_read_as_far_as_allowed() -> None:
    """An unchanged first page would hide them: it is asked for without validators."""
    connector = Html(**NEWS, next="a.next", pages=2)
    (first,) = connector.requests(POLL)
    assert not first.conditional
    (more,) = [one for one in parse(connector) if isinstance(one, Request)]
    assert (more.url, more.about) == ("https://county.example/news?page=2", ("2",))
    assert not [one for one in parse(connector, page=2) if isinstance(one, Request)]
    assert parse(connector, b"<p>nothing</p>", page=2) == ()


def test_elements_may_be_ignored() -> None:
    """Before anything is looked for."""
    found = entries(parse(Html(**NEWS, ignore=("article[data-id='802']",))))
    assert len(found) == 1


def test_a_full_list_tells_what_is_gone() -> None:
    """Then each poll counts, changed or not."""
    full, part = Html(**NEWS, complete=True), Html(**NEWS)
    assert (full.lists_all, part.lists_all) == (True, False)
    assert [one.conditional for one in full.requests(POLL)] == [False]


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("item", "div[", "is no CSS selector"),
        ("title", "p:nope", "is no CSS selector"),
        ("url", "county.example", "must be an http or https address"),
        ("facts", {"a": ">>"}, "is no CSS selector"),
        ("pages", 0, "greater than or equal to 1"),
    ],
)
def test_options_are_checked(option: str, value: object, complaint: str) -> None:
    """Before the first poll, with what is wrong."""
    with pytest.raises(ValidationError, match=complaint):
        Html(**{**NEWS, option: value})


def test_encodings_are_found_out() -> None:
    """By the header, by the head, else by trying."""
    page = "<meta charset='iso-8859-1'><li>D\xeda</li>".encode("latin-1")
    (entry,) = entries(parse(Html(url=URL, item="li"), page))
    assert entry.title == "D\xeda"


# File, options, how many records, how many of them dated.
PAGES: tuple[tuple[str, dict[str, Any], int, int], ...] = (
    ("web-pages/rand_paul_press.html", {"item": "#press h2.title"}, 20, 0),
    ("web-pages/bill_nelson_press-coldfusion.html", {"item": "#primaryContent li"}, 26, 0),
    ("web-pages/year-2026-agendas.html", {"item": "article.fullDisplay div.attachment"}, 16, 0),
    ("web-pages/page-news.html", {"item": "article.summaryDisplay"}, 10, 0),
    (
        "agenda-other/akr__akr_city_council.html",
        {"item": "tr.meeting-row", "title": "td[data-sortable-type=mtgType]",
         "date": "td[data-sortable-type=mtgTime]", "key": "@data-meeting-id"},
        8, 8,
    ),
    (
        "agenda-other/ca__la_county_bos.html",
        {"item": "div.upcoming-meeting-body", "title": ".calendar-date", "date": "time",
         "attachments": "a.card-link"},
        10, 10,
    ),
    (
        "agenda-other/ca__sf_bos.html",
        {"item": "table.views-table tbody tr", "title": "td.views-field-title",
         "date": ".date-display-single@content"},
        30, 30,
    ),
    (
        "agenda-other/colgo__colgo_stevenson_city.html",
        {"item": "table.views-table tbody tr", "title": "td.views-field-title",
         "date": "td.views-field-field-calendar-date", "link": "td.views-field-view-node a",
         "attachments": "td.views-field-field-agendas a"},
        17, 17,
    ),
    (
        "agenda-other/dallas__daltx_dart_video.html",
        {"item": "#video-table tbody tr", "date": "td:nth-of-type(2)"},
        10, 10,
    ),
    ("agenda-other/cs__chi_human_relations.html", {"item": "h5:has(a)"}, 67, 0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "options", "count", "dated"), PAGES, ids=lambda one: str(one)[:40]
)
def test_real_listings(
    shared: Path, name: str, options: dict[str, Any], count: int, dated: int
) -> None:
    """Pages of ten systems, each read with a few selectors, to the last record."""
    connector = Html(url=URL, date_is="meeting", **options)
    found = entries(parse(connector, (shared / "recordings" / name).read_bytes()))
    assert len(found) == count
    assert all(one.title for one in found)
    assert sum(one.hearings != () and one.hearings[0].starts is not None for one in found) == dated
    items = normalise_all(found, "s", "us")
    assert len({item.key for item in items}) == len(items)


def test_a_cancelled_meeting_on_a_real_page(shared: Path) -> None:
    """San Francisco says it in the title."""
    options = next(options for name, options, *_ in PAGES if "sf_bos" in name)
    body = (shared / "recordings" / "agenda-other" / "ca__sf_bos.html").read_bytes()
    found = entries(parse(Html(url=URL, date_is="meeting", **options), body))
    cancelled = [one for one in found if one.hearings[0].cancelled]
    assert 0 < len(cancelled) < len(found)
    assert all("cancelled" in one.title.lower() for one in cancelled)


def test_every_real_page_is_survived(shared: Path) -> None:
    """With a selector that fits nearly everything, and one that fits nothing."""
    for folder in ("web-pages", "agenda-other"):
        for path in sorted((shared / "recordings" / folder).glob("*.html"))[::3]:
            body = path.read_bytes()
            if not body.lstrip().startswith(b"<"):
                continue
            assert entries(parse(Html(url=URL, item="body"), body)), path.name
            with pytest.raises(FormatError):
                parse(Html(url=URL, item="no-such-element"), body)
