"""A hostile publisher, and a hostile link: what they send, and how far it gets."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from monitor.cli.adding import recognised
from monitor.errors import ConfigError, FetchError
from monitor.fetch import FetchSettings, HttpFetcher
from monitor.models import Request
from tests.end_to_end.world import World, news
from tests.servers.misbehaving import Behaviour, Misbehaving, raw


def fetcher(server: Misbehaving) -> HttpFetcher:
    """Make a fetcher that may ask this server."""
    settings = FetchSettings("tests@example.org", pace=0.0, named_hosts=server.named)
    return HttpFetcher(settings, {})


@pytest.mark.parametrize(
    "behaviour",
    [
        raw(b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"a" * 5_000_000 + b"\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 500_000 + b"\r\n"),
        raw(b"HTTP/1.1 200 " + b"O" * 5_000_000),
        raw(b"HTTP/1.1 200 OK\r\nX-A: b\r\n X-Folded: c\x00d\r\n\r\n{}"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\n{}"),
        raw(b"\x1b]0;pwned\x07 not HTTP at all\r\n\r\n"),
    ],
    ids=["one header", "many headers", "status line", "nul", "two lengths", "no http"],
)
def test_headers_beyond_measure_are_an_error(behaviour: Behaviour) -> None:
    """Bounded, and the reason shows none of them."""
    with Misbehaving() as server:
        server.on("/x", behaviour)
        with fetcher(server) as asking, pytest.raises(FetchError) as told:
            asking.fetch(Request(server.url("/x")))
    assert len(str(told.value)) < 500
    assert "\x1b" not in str(told.value)


class Site(httpx.BaseTransport):
    """Stands for a site on the internet whose page names this feed."""

    def __init__(self, feed: str) -> None:
        self.feed = feed

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with the page."""
        del request
        kind = "application/rss+xml"
        body = f'<html><head><link rel="alternate" type="{kind}" href="{self.feed}"></head></html>'
        return httpx.Response(200, headers={"Content-Type": "text/html"}, text=body)


@pytest.mark.parametrize(
    "feed", ["http://127.0.0.1:8080/admin", "http://10.0.0.1/", "http://[::1]/", "http://router/"]
)
def test_a_link_that_is_added_leads_nowhere_inside(feed: str) -> None:
    """`sources add` follows a stranger's page; it writes no address of one's own network."""
    with pytest.raises(ConfigError, match="leads into your own network"):
        recognised("https://council.example.org/", station(feed))
    kind, options = recognised("https://council.example.org/", station("/feed.xml"))
    assert (kind, dict(options)["url"]) == ("rss", "https://council.example.org/feed.xml")


def station(feed: str) -> Any:
    """Make what `sources add` asks through."""
    asking = HttpFetcher(FetchSettings("tests@example.org", pace=0.0), {}, Site(feed))
    return cast("Any", SimpleNamespace(fetcher=asking))


def test_no_word_of_a_publisher_becomes_a_path(world: World) -> None:
    """Ids, titles and links that are paths: outside of state/ nothing is written."""
    paths = ("../../../tmp/x", "/etc/cron.d/x", "..\\..\\x", "C:\\x", "%2e%2e%2fx", "x\x01y")
    before = {path for path in world.root.rglob("*") if "state" not in path.parts}
    world.publish(
        "herald", *(news(key.replace("\x01", ""), f"A detainer {key!r}") for key in paths)
    )
    assert world.here("once").status == 0
    assert {path for path in world.root.rglob("*") if "state" not in path.parts} == before
    names = {path.name for path in (world.root / "state").rglob("*")}
    assert not any("cron" in name or "%2e" in name for name in names)


def test_titles_that_are_made_to_take_time_take_little(world: World) -> None:
    """Through every stage: cleaning, grouping, matching, composing, rendering."""
    pieces = (
        "a", "A ", "1 ", "(", "1 Main St ", "A-1", "v. ", "No. ", "$1,", "\n", "&amp;", "Ab, ", "-",
        "287(g", "H.R. ", "detainer ", "<b>", "http://a.b/", "a@", "1:25-cv-", "Jan. ", "City of ",
    )  # fmt: skip
    entries = [
        news(
            f"k{n}",
            f"detainer {piece * (3_000 // len(piece))}",
            f"detainer {piece * 20_000}"[:60_000],
        )
        for n, piece in enumerate(pieces)
    ]
    world.learn()
    world.publish("herald", news("a"), *entries)
    began = time.process_time()
    assert world.here("once").status == 0
    assert time.process_time() - began < 60  # seconds; 22 titles of 3,000 and texts of 60,000
