"""Every status that is no success is an error that says what the publisher said."""

from __future__ import annotations

import json

import pytest

from monitor.errors import FetchError, Refused, SoftError, Throttled
from monitor.fetch import HttpFetcher
from monitor.models import Access, Credential, Request
from tests.fetch.conftest import FetcherMaker
from tests.servers.misbehaving import Misbehaving, answer, page

UNKNOWN_CLIENT = json.dumps(
    {"Message": "An error has occurred.", "ExceptionMessage": "client is not set up: nowhere"}
).encode()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, UNKNOWN_CLIENT, "HTTP 500 Internal Server Error: client is not set up: nowhere"),
        (400, b'{"Message": "not set up in settings"}', "HTTP 400 Bad Request: not set up in"),
        (400, b'{"error": {"code": 7, "message": "bad \xc3\xa9"}}', "bad é"),
        (422, b'{"errors": [{"detail": "year is wrong"}]}', "year is wrong"),
        (500, b"\n  Server too busy\nsecond line", "HTTP 500 Internal Server Error: Server too b"),
        (502, b"<html><title>Bad &amp; broken</title></html>", "Bad & broken"),
        (404, b"", "HTTP 404 Not Found (it has moved or is gone)"),
        (410, b"", "HTTP 410 Gone (it has moved or is gone)"),
        (500, b"<html><script>_cf_chl_opt</script></html>", "a challenge of Cloudflare"),
        (206, b"part", "HTTP 206 Partial Content"),
        (418, b"{not json", "HTTP 418"),
        (599, b"\x00\x01\x02", "HTTP 599"),
    ],
)
def test_an_error_quotes_the_publisher(
    server: Misbehaving, fetcher: HttpFetcher, status: int, body: bytes, words: str
) -> None:
    """The reason holds the status and the message of JSON, page or text."""
    if status == 599:
        server.on(
            "/x", lambda wire: wire.send(b"HTTP/1.1 599 \r\nContent-Length: 3\r\n\r\n" + body)
        )
    else:
        server.on("/x", answer(body, status))
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(Request(server.url("/x")))
    assert caught.value.status == status
    assert caught.value.subject == server.url("/x")
    assert words in caught.value.reason
    assert caught.value.reason.isprintable()
    assert caught.value.passes == (status >= 500)


def test_a_long_error_is_quoted_in_short(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """A body of megabytes adds at most 200 characters, and is no "too large" of its own."""
    server.on("/x", answer(b"word " * 400_000, 500))
    with pytest.raises(FetchError, match="HTTP 500") as caught:
        fetcher.fetch(Request(server.url("/x")))
    assert len(caught.value.reason) < 260


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_named(
    server: Misbehaving, fetcher_with: FetcherMaker, status: int
) -> None:
    """401 and 403 name the variable to look at, if the request carries one."""
    server.on("/x", answer(b'{"Message": "Key or Token is required"}', status))
    key = Credential("LEGISTAR_TOKEN_NYC", "query", "token")
    fetcher = fetcher_with({"LEGISTAR_TOKEN_NYC": "made-up-secret"})
    with pytest.raises(FetchError, match=r"Key or Token is required.*LEGISTAR_TOKEN_NYC right"):
        fetcher.fetch(Request(server.url("/x"), credentials=(key,)))
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(Request(server.url("/x")))
    assert "LEGISTAR" not in caught.value.reason


def test_a_busy_server_without_a_wish_is_throttled_without_a_time(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """503 without Retry-After says nothing about how long."""
    server.on("/x", answer(b"", 503))
    with pytest.raises(Throttled) as caught:
        fetcher.fetch(Request(server.url("/x")))
    assert (caught.value.status, caught.value.retry_after) == (503, None)


@pytest.mark.parametrize("access", list(Access))
def test_status_200_with_an_error_page_is_a_soft_error(
    server: Misbehaving, fetcher: HttpFetcher, access: Access
) -> None:
    """Whatever was asked for, "Page not found" is no news."""
    server.on("/x", page("Page not found | Exampleville"))
    with pytest.raises(SoftError, match="Page not found") as caught:
        fetcher.fetch(Request(server.url("/x"), access=access))
    assert caught.value.subject == server.url("/x")


@pytest.mark.parametrize("status", [200, 202, 204])
def test_an_empty_answer_is_a_soft_error(
    server: Misbehaving, fetcher: HttpFetcher, status: int
) -> None:
    """No byte, or white space only: a firewall's 202, PACER's empty feed."""
    server.on("/x", answer(b"" if status == 204 else b" \n", status))
    with pytest.raises(SoftError, match="empty"):
        fetcher.fetch(Request(server.url("/x")))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/x", "no address of http"),
        ("file:///etc/passwd", "no address of http"),
        ("/relative", "no address of http"),
        ("http://", "no address of http"),
        ("http://user:word@example.org/", "user name or password"),
        ("http://exa mple.org/", "no usable address"),
        ("http://[::1/", "no usable address"),
        ("http://example.org:99999/", "no usable address"),
        ("http://example.org/" + "x" * 9000, "longer than"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused(
    fetcher: HttpFetcher, url: str, words: str
) -> None:
    """Only http and https, a host, and nobody's password."""
    with pytest.raises(Refused, match=words):
        fetcher.fetch(Request(url))
