"""Redirects are followed a little way, and never into a place that we would not go ourselves."""

from __future__ import annotations

import httpx
import pytest

from monitor.errors import FetchError, Refused
from monitor.fetch import FetchSettings, HttpFetcher
from monitor.fetch.credentials import keyring_of
from monitor.fetch.hops import first_hop, next_hop
from monitor.models import Credential, Request
from tests.fetch.conftest import FetcherMaker
from tests.servers.misbehaving import Behaviour, Misbehaving, Wire, answer, redirect


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_response_says_where_it_ended(
    server: Misbehaving, fetcher: HttpFetcher, status: int
) -> None:
    """Relative addresses are joined; the request stays the one that was asked."""
    server.on("/old/x", redirect("../new?a=1#part", status))
    server.on("/new", answer(b"{}", etag='"1"'))
    request = Request(server.url("/old/x"))
    response = fetcher.fetch(request)
    assert response.url.partition("#")[0] == server.url("/new?a=1")
    assert response.request == request
    assert fetcher.fetch(request, response.validators).unchanged


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [(301, "GET", b""), (303, "GET", b""), (307, "POST", b"q=1"), (308, "POST", b"q=1")],
)
def test_a_redirected_post_becomes_what_browsers_make_of_it(
    server: Misbehaving, fetcher: HttpFetcher, status: int, method: str, body: bytes
) -> None:
    """301, 302 and 303 turn it into a GET without a body; 307 and 308 repeat it."""
    server.on("/a", redirect("/b", status))
    server.on("/b", answer(b"{}"))
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    fetcher.fetch(Request(server.url("/a"), method="POST", headers=form, body=b"q=1"))
    last = server.seen[-1]
    assert (last.method, last.body) == (method, body)
    assert bool(last.header("content-type")) == bool(body)


def test_a_circle_is_noticed(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """The second visit to an address ends it."""
    server.on("/a", redirect("/b"))
    server.on("/b", redirect("/a"))
    with pytest.raises(FetchError, match="in a circle"):
        fetcher.fetch(Request(server.url("/a")))
    assert len(server.seen) == 2


def test_a_long_way_is_given_up(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """Five redirects are followed, a sixth is not."""
    for number in range(7):
        server.on(f"/{number}", redirect(f"/{number + 1}"))
    server.on("/7", answer(b"{}"))
    assert fetcher.fetch(Request(server.url("/2"))).body == b"{}"
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        fetcher.fetch(Request(server.url("/1")))


def test_a_site_that_waits_for_its_cookie_gets_it_back(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """Some sites redirect to themselves until their cookie comes; it is forgotten afterwards."""
    cookies = (("Set-Cookie", "seen=1; Path=/"), ("Set-Cookie", "other=2"))
    server.on("/a", redirect("/a", headers=cookies), answer(b"{}"))
    assert fetcher.fetch(Request(server.url("/a"))).body == b"{}"
    assert server.seen[1].header("cookie") == "seen=1; other=2"
    fetcher.fetch(Request(server.url("/a")))
    assert server.seen[2].header("cookie") == ""


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("file:///etc/passwd", "no address of http"),
        ("javascript:alert(1)", "no address of http"),
        ("http://user:word@127.0.0.1/", "user name or password"),
        ("http://[oops/", "redirects to no usable address"),
        ("http://169.254.169.254/latest/meta-data", "private address 169.254.169.254"),
        ("http://10.0.0.1/", "private address 10.0.0.1"),
        ("http://[::1]/", "private address ::1"),
        ("http://0x7f000001/", "private address 127.0.0.1"),
    ],
)
def test_a_redirect_leads_to_no_forbidden_place(
    server: Misbehaving, fetcher: HttpFetcher, to: str, words: str
) -> None:
    """What a publisher names is judged like what a configuration names."""
    server.on("/a", redirect(to))
    with pytest.raises(FetchError, match=words) as caught:
        fetcher.fetch(Request(server.url("/a")))
    assert caught.value.subject == server.url("/a")


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("http://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "https://A.example:443/y", True),
        ("https://a.example/x", "http://a.example/y", False),
        ("https://a.example/x", "https://a.example:8443/y", False),
        ("http://a.example:8080/x", "https://a.example/y", False),
        ("https://a.example/x", "https://b.a.example/y", False),
        ("https://a.example/x", "//b.example/y", False),
    ],
)
def test_secrets_follow_to_the_same_site_only(before: str, after: str, kept: bool) -> None:
    """Same host and port, or from plain http to https; never back, never beside."""
    key = Credential("MADE_UP_KEY", "header", "X-Api-Key")
    request = Request(before, credentials=(key,))
    keyring = keyring_of(request, {"MADE_UP_KEY": "canary"})
    hop = next_hop(first_hop(request, keyring, ()), 302, (("location", after),), keyring)
    assert (dict(hop.all_headers()).get("X-Api-Key") == "canary") == kept
    assert hop.carries_secrets == kept


class PublicSite(httpx.BaseTransport):
    """Stands for a site on the internet that sends every visitor to one address."""

    def __init__(self, to: str) -> None:
        self.to = to
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Redirect."""
        self.asked.append(str(request.url))
        return httpx.Response(302, headers=[("Location", self.to)])


def test_a_public_site_cannot_lead_to_a_named_private_address(
    settings: FetchSettings, server: Misbehaving
) -> None:
    """That the configuration names a private address is no leave for the world to go there."""
    site = PublicSite(server.url("/admin"))
    with pytest.raises(Refused, match=r"redirects into the private address 127\.0\.0\.1"):
        HttpFetcher(settings, {}, site).fetch(Request("https://example.org/"))
    assert site.asked == ["https://example.org/"]


def test_another_port_of_a_named_host_is_not_named(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """The configuration names host and port; the port beside is private still."""
    with Misbehaving() as other:
        server.on("/a", redirect(other.url("/secret")))
        with pytest.raises(Refused, match="private address"):
            fetcher.fetch(Request(server.url("/a")))
        assert other.seen == []


def test_a_redirect_without_a_place_is_an_error(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """302 without Location is no answer."""
    server.on("/a", answer(b"", 302))
    with pytest.raises(FetchError, match="HTTP 302 Found"):
        fetcher.fetch(Request(server.url("/a")))


def test_all_hops_share_one_time(server: Misbehaving, fetcher_with: FetcherMaker) -> None:
    """Redirects do not buy a slow site more time: a hop has what the ones before it left."""

    def slow(to: str) -> Behaviour:
        def behave(wire: Wire) -> None:
            wire.wait(0.1)
            redirect(to)(wire)

        return behave

    for number in range(5):
        server.on(f"/{number}", slow(f"/{number + 1}"))
    server.on("/5", answer(b"{}"))
    with pytest.raises(FetchError, match=r"no whole answer within 0.25 seconds"):
        fetcher_with(real=True, total_seconds=0.25).fetch(Request(server.url("/0")))
    assert len(server.seen) <= 3
