"""robots.txt is asked for pages and documents, remembered for a day, and obeyed (RFC 9309)."""

from __future__ import annotations

import pytest

from monitor.errors import FetchError, Refused, Throttled, Unreachable
from monitor.fetch import HttpFetcher
from monitor.models import Access, Request
from tests.fetch.conftest import FakeTime, FetcherMaker
from tests.servers.misbehaving import Behaviour, Misbehaving, answer, busy, drop, page, redirect

PAGE = b"<!DOCTYPE html><html><head><title>Agendas</title></head><body>made up</body></html>"
RULES = b"""\xef\xbb\xbf
User-agent: *
Disallow: /private
Disallow: /*.pdf$
Allow: /private/open

User-agent: another-robot
Disallow: /
"""


def page_at(server: Misbehaving, path: str, access: Access = Access.PAGE) -> Request:
    """Ask for a page that would be there."""
    server.on(path.partition("?")[0], answer(PAGE))
    return Request(server.url(path), access=access)


@pytest.mark.parametrize("access", [Access.PAGE, Access.DOCUMENT])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/agendas", True),
        ("/private/minutes", False),
        ("/private/open/minutes", True),
        ("/agenda.pdf", False),
        ("/agenda.pdf?page=2", True),
    ],
)
def test_what_the_rules_forbid_is_not_asked(
    server: Misbehaving, fetcher: HttpFetcher, access: Access, path: str, allowed: bool
) -> None:
    """Wildcards, ends and the longest match count."""
    server.on("/robots.txt", answer(RULES))
    request = page_at(server, path, access)
    if allowed:
        assert fetcher.fetch(request).body == PAGE
    else:
        with pytest.raises(Refused, match=r"robots\.txt forbids"):
            fetcher.fetch(request)
        assert [seen.target for seen in server.seen] == ["/robots.txt"]


@pytest.mark.parametrize("access", [Access.API, Access.FEED])
def test_apis_and_feeds_are_made_for_machines(
    server: Misbehaving, fetcher: HttpFetcher, access: Access
) -> None:
    """Nobody asks robots.txt for them."""
    server.on("/robots.txt", answer(b"User-agent: *\nDisallow: /"))
    server.on("/feed", answer(b"<rss/>"))
    fetcher.fetch(Request(server.url("/feed"), access=access))
    assert [seen.target for seen in server.seen] == ["/feed"]


def test_rules_for_our_name_come_before_those_for_everybody(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """A publisher can address us by our product token, in any case."""
    named = b"User-agent: *\nDisallow:\n\nUser-agent: Immigration-Policy-Monitor\nDisallow: /x"
    server.on("/robots.txt", answer(named))
    with pytest.raises(Refused):
        fetcher.fetch(page_at(server, "/x"))


def test_the_rules_are_read_once_a_day(
    server: Misbehaving, fetcher: HttpFetcher, times: FakeTime
) -> None:
    """A day later they are read anew."""
    server.on("/robots.txt", answer(b""), answer(b"User-agent: *\nDisallow: /"))
    request = page_at(server, "/x")
    for _ in range(3):
        fetcher.fetch(request)
    assert len(server.asked("/robots.txt")) == 1
    times.passed += 24 * 3600 + 1
    with pytest.raises(Refused):
        fetcher.fetch(request)
    assert len(server.asked("/robots.txt")) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_rules_allows_all(
    server: Misbehaving, fetcher: HttpFetcher, status: int
) -> None:
    """4xx means that there is no robots.txt."""
    server.on("/robots.txt", answer(b"User-agent: *\nDisallow: /", status))
    assert fetcher.fetch(page_at(server, "/x")).body == PAGE


def test_a_web_page_in_place_of_rules_allows_all(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """A soft 404 has no rule in it."""
    server.on("/robots.txt", page("Page not found"))
    assert fetcher.fetch(page_at(server, "/x")).body == PAGE


@pytest.mark.parametrize(
    ("behaviour", "kind", "seconds"),
    [
        (answer(b"", 500), Refused, 900),
        (answer(b"", 503), Refused, 900),
        (busy("1"), Refused, 900),
        (redirect("/robots.txt"), Refused, 900),
        (drop(), Unreachable, 60),
    ],
)
def test_rules_that_cannot_be_had_close_the_site_for_now(
    server: Misbehaving,
    fetcher: HttpFetcher,
    times: FakeTime,
    behaviour: Behaviour,
    kind: type[FetchError],
    seconds: int,
) -> None:
    """5xx refuse everything for a quarter of an hour; a host that says nothing for a minute."""
    server.on("/robots.txt", behaviour, answer(b""))
    request = page_at(server, "/x")
    for _ in range(2):
        with pytest.raises(kind, match=r"robots\.txt cannot be read for now"):
            fetcher.fetch(request)
    assert len(server.asked("/robots.txt")) == 1
    times.passed += seconds + 1
    assert fetcher.fetch(request).body == PAGE


def test_a_host_that_is_closed_says_so_and_not_that_its_rules_are_missing(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """A pause that the host asked for stays a pause."""
    server.on("/api", busy("600"))
    with pytest.raises(Throttled):
        fetcher.fetch(Request(server.url("/api")))
    with pytest.raises(Throttled, match="600 seconds"):
        fetcher.fetch(page_at(server, "/x"))


def test_moved_rules_are_followed(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """A redirected robots.txt counts where it was asked for."""
    server.on("/robots.txt", redirect("/rules.txt", 301))
    server.on("/rules.txt", answer(b"User-agent: *\nDisallow: /x"))
    with pytest.raises(Refused):
        fetcher.fetch(page_at(server, "/x"))


def test_only_the_beginning_of_endless_rules_is_read(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """The first 500 KB count; the rest is left unread, and is no error."""
    filler = b"# made up\n" * 100_000
    server.on("/robots.txt", answer(b"User-agent: *\nDisallow: /x\n" + filler + b"Disallow: /y\n"))
    assert fetcher.fetch(page_at(server, "/y")).body == PAGE
    with pytest.raises(Refused):
        fetcher.fetch(page_at(server, "/x"))


@pytest.mark.parametrize(("asked", "kept"), [("7", 7.0), ("600", 30.0), ("0.5", 2.0)])
def test_a_crawl_delay_lengthens_the_pause(
    server: Misbehaving, fetcher_with: FetcherMaker, times: FakeTime, asked: str, kept: float
) -> None:
    """Never beyond half a minute, never below our own pace."""
    server.on("/robots.txt", answer(f"User-agent: *\nCrawl-delay: {asked}".encode()))
    fetcher = fetcher_with(pace=2.0)
    for _ in range(2):
        fetcher.fetch(page_at(server, "/x"))
    assert times.slept[-1] == kept


def test_every_hop_of_a_page_is_judged(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """A redirect is no way around the rules."""
    server.on("/robots.txt", answer(RULES))
    server.on("/open", redirect("/private/x"))
    with pytest.raises(Refused, match="forbids"):
        fetcher.fetch(Request(server.url("/open"), access=Access.PAGE))
    assert server.asked("/private/x") == []
