"""Asking again costs the publisher little, and tells us whether anything changed."""

from __future__ import annotations

import hashlib
import pickle

import pytest

from monitor.errors import ConfigError, FetchError
from monitor.fetch import FetchSettings, HttpFetcher
from monitor.models import Request, Validators
from tests.fetch.conftest import NOW
from tests.servers.misbehaving import Misbehaving, answer, raw

FEED = b'<rss version="2.0"><channel><title>Made up</title></channel></rss>'
DATE = "Mon, 23 Nov 2026 10:00:00 GMT"


def test_an_answer_is_a_value_with_all_that_a_connector_needs(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """Status, lower-case header names, body, time, validators and the request come back."""
    server.on("/feed", answer(FEED, headers=(("X-Made-Up", "Ja"),), etag='"1"', modified=DATE))
    request = Request(server.url("/feed"), step="list", about=("a", "b"))
    response = fetcher.fetch(request)
    assert (response.status, response.body, response.unchanged) == (200, FEED, False)
    assert response.request == request
    assert response.url == request.url
    assert response.header("x-made-up") == "Ja"
    assert response.fetched_at == NOW
    assert response.validators == Validators('"1"', DATE, hashlib.sha256(FEED).hexdigest())


def test_we_say_who_we_are(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """The User-Agent has the form that firewalls accept, and a contact; a connector can add."""
    server.on("/feed", answer(FEED))
    fetcher.fetch(Request(server.url("/feed"), headers=(("Accept", "application/json"),)))
    seen = server.seen[0]
    agent = seen.header("user-agent")
    assert agent.startswith("Mozilla/5.0 (compatible; immigration-policy-monitor/")
    assert "+monitor@example.org" in agent
    assert [value for name, value in seen.headers if name == "accept"] == ["application/json"]
    assert seen.header("accept-encoding") == "gzip, deflate"


@pytest.mark.parametrize("contact", ["", "m\u00f6nitor@example.org", "a@b\nX-Injected: 1"])
def test_a_contact_that_cannot_be_sent_is_a_fault_of_the_configuration(contact: str) -> None:
    """Said at the start, not at every request."""
    with pytest.raises(ConfigError, match="contact"):
        FetchSettings(contact)


def test_the_validators_of_the_last_visit_are_sent_and_a_304_is_unchanged(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """A 304 has no body, and keeps the hash of the body that it speaks of."""
    server.on("/feed", answer(FEED, etag='W/"1"', modified=DATE))
    first = fetcher.fetch(Request(server.url("/feed")))
    again = fetcher.fetch(Request(server.url("/feed")), first.validators)
    assert server.seen[1].header("if-none-match") == 'W/"1"'
    assert server.seen[1].header("if-modified-since") == DATE
    assert (again.status, again.unchanged, again.body) == (304, True, b"")
    assert again.validators == first.validators


def test_a_304_can_bring_new_validators(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """What the 304 repeats takes the old one's place; the rest stays."""
    server.on("/feed", raw(b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\n\r\n'))
    response = fetcher.fetch(Request(server.url("/feed")), Validators('"1"', DATE, "ab"))
    assert response.validators == Validators('"2"', DATE, "ab")


def test_an_equal_body_is_unchanged_without_any_validator(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """The hash speaks where the server has neither ETag nor date, or a new ETag each time."""
    server.on("/feed", answer(FEED), answer(FEED, etag='"new"'), answer(FEED + b"\n"))
    first = fetcher.fetch(Request(server.url("/feed")))
    again = fetcher.fetch(Request(server.url("/feed")), first.validators)
    assert (again.status, again.unchanged, again.body) == (200, True, b"")
    assert again.validators.etag == '"new"'
    other = fetcher.fetch(Request(server.url("/feed")), again.validators)
    assert not other.unchanged
    assert other.body == FEED + b"\n"


def test_a_request_that_wants_the_body_gets_it(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """Without `conditional`, neither validators nor the hash make an answer unchanged."""
    server.on("/feed", answer(FEED, etag='"1"'))
    first = fetcher.fetch(Request(server.url("/feed"), conditional=False))
    again = fetcher.fetch(Request(server.url("/feed"), conditional=False), first.validators)
    assert again.body == FEED
    assert not again.unchanged
    assert server.seen[1].header("if-none-match") == ""


def test_a_post_is_compared_by_its_body_alone(server: Misbehaving, fetcher: HttpFetcher) -> None:
    """A search by POST can be unchanged too, and is sent whole each time."""
    server.on("/search", answer(b'{"hits": []}', etag='"1"'))
    request = Request(server.url("/search"), method="POST", body=b'{"q": "ICE"}')
    first = fetcher.fetch(request)
    again = fetcher.fetch(request, first.validators)
    assert again.unchanged
    assert [seen.body for seen in server.seen] == [b'{"q": "ICE"}'] * 2
    assert server.seen[1].header("if-none-match") == ""


@pytest.mark.parametrize("etag", ["unquoted", "W/unquoted", '""'])
def test_an_odd_etag_goes_back_as_it_came(
    server: Misbehaving, fetcher: HttpFetcher, etag: str
) -> None:
    """We do not judge a server's spelling of its own tag."""
    server.on("/feed", answer(FEED, etag=etag))
    first = fetcher.fetch(Request(server.url("/feed")))
    assert first.validators.etag == etag
    assert fetcher.fetch(Request(server.url("/feed")), first.validators).status == 304


@pytest.mark.parametrize("etag", ["x" * 2000, "caf\u00e9"])
def test_an_etag_that_cannot_be_sent_back_is_forgotten(
    server: Misbehaving, fetcher: HttpFetcher, etag: str
) -> None:
    """Too long or not ASCII: the next request goes without it, and the hash decides."""
    server.on("/feed", answer(FEED, etag=etag))
    first = fetcher.fetch(Request(server.url("/feed")))
    assert first.validators.etag == ""
    assert fetcher.fetch(Request(server.url("/feed")), first.validators).unchanged


def test_a_304_that_nobody_asked_for_is_no_answer(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """Without validators there is nothing that could be unmodified."""
    server.on("/feed", raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    with pytest.raises(FetchError, match="304") as caught:
        fetcher.fetch(Request(server.url("/feed")))
    assert caught.value.status == 304


def test_an_error_page_never_becomes_the_last_usable_answer(
    server: Misbehaving, fetcher: HttpFetcher
) -> None:
    """After a failure the old validators are still sent, and the next good answer is new."""
    server.on("/feed", answer(FEED, etag='"1"'), answer(b"oops", 500, etag='"e"'), answer(FEED))
    first = fetcher.fetch(Request(server.url("/feed")))
    with pytest.raises(FetchError):
        fetcher.fetch(Request(server.url("/feed")), first.validators)
    assert fetcher.fetch(Request(server.url("/feed")), first.validators).unchanged
    assert server.seen[2].header("if-none-match") == '"1"'


def test_a_fetcher_and_its_settings_can_be_sent_to_a_worker(
    server: Misbehaving, settings: FetchSettings
) -> None:
    """Pickled and back, settings are equal and a fetcher works."""
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301  # our own
    server.on("/feed", answer(FEED))
    with pickle.loads(pickle.dumps(HttpFetcher(settings, {}))) as copy:  # noqa: S301  # our own
        assert copy.fetch(Request(server.url("/feed"))).body == FEED
