"""Two requests are the same where they ask for the same at another time, and only there."""

from __future__ import annotations

import pytest

from monitor.fetch.moments import blind_key, exact_key

BASE = "https://api.example.org/v1/matters"


def key(query: str, body: bytes = b"", path: str = "") -> tuple[str, str, str, str]:
    """Spell a request to a made-up API."""
    return blind_key("POST" if body else "GET", f"{BASE}{path}?{query}", body)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "$filter=LastModified gt datetime'2026-11-22T08:00:00' and Type eq 'ICE'",
            "$filter=LastModified%20gt%20datetime%272026-11-23%27%20and%20Type+eq+%27ICE%27",
        ),
        ("since=2026-11-22", "since=2026-11-23"),
        ("since=2026-11-22T08:00:00Z", "since=2026-11-23T09:10:11.123+00:00"),
        ("from=11/22/2026", "from=1%2F2%2F2027"),
        ("from=11/22/2026 8:00 AM", "from=11/23/2026 12:00:00 PM"),
        ("day=20261122", "day=20270101"),
        ("t=20261122T080000Z", "t=20270101T000000Z"),
        ("since=1763971200", "since=1764057600"),
        ("since=1763971200000", "since=1764057600123"),
        ("year=2026&month=11", "month=1&year=2027"),
        ("a=1&_=1763971200", "a=1"),
        ("a=1&cb=xyz", "cb=abc&a=1"),
        ("open&0.123456789012345", "open&0.987654321"),
        ("a=1&token=one", "a=1"),
        ("api_key=one&a=1", "a=1&API_KEY=two"),
        ("a=%7e%41", "a=~A"),
    ],
)
def test_moments_cache_breakers_and_keys_do_not_count(one: str, other: str) -> None:
    """However they are written, and whatever the order of the parameters."""
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("skip=0", "skip=1000"),
        ("id=12345678", "id=12345679"),
        ("page=1", "page=2"),
        ("q=287(g)", "q=287"),
        ("since=2026-11-22", "until=2026-11-22"),
        ("since=2026-11-22", "since="),
        ("a=1", "a=1&b=2"),
        ("ID=1&GUID=0d1c-11", "ID=1&GUID=0d1c-12"),
        ("docket=2026-1234", "docket=2026-1235"),
        ("n=99999999999", "n=99999999998"),
    ],
)
def test_all_else_counts(one: str, other: str) -> None:
    """Pages, identifiers, words and the names of parameters tell requests apart."""
    assert key(one) != key(other)


def test_a_date_in_the_path_is_a_document_of_its_own() -> None:
    """The order of the day of one day is not that of another."""
    assert key("", path="/2026-11-22.xml") != key("", path="/2026-11-23.xml")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (
            b'{"q": "ICE", "from": "2026-11-22", "n": 1}',
            b'{"n":1,"from":"2026-11-23","q":"ICE"}',
            1,
        ),
        (
            b'{"at": 1763971200, "deep": [{"d": "11/22/2026"}]}',
            b'{"deep": [{"d": "11/23/2026"}], "at": 1764057600}',
            1,
        ),
        (b'{"q": "ICE"}', b'{"q": "ice"}', 0),
        (b'{"year": 2026, "n": null}', b'{"year": 2027, "n": null}', 1),
        (b'{"n": true}', b'{"n": false}', 0),
        (b"from=11%2F22%2F2026&q=ICE", b"q=ICE&from=11/23/2026", 1),
        (b"from=11%2F22%2F2026&q=ICE", b"q=jail&from=11/23/2026", 0),
        (b"<q since='2026-11-22'/>", b"<q since='2026-11-23'/>", 1),
        (b"\xff\xfe1", b"\xff\xfe2", 0),
    ],
)
def test_bodies_are_compared_like_queries(one: bytes, other: bytes, equal: int) -> None:
    """JSON, forms and plain text; names in any order."""
    assert (key("", one) == key("", other)) == bool(equal)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("https://Example.org:443/a%20b?x=1&y=%C3%A9", "https://example.org/a b?y=é&x=1", True),
        ("https://example.org", "https://example.org/", True),
        ("https://example.org/?since=2026-11-22", "https://example.org/?since=2026-11-23", False),
        ("https://example.org/a", "https://example.org/A", False),
        ("https://example.org/a/", "https://example.org/a", False),
        ("http://example.org/", "https://example.org/", False),
        ("https://example.org:8443/", "https://example.org/", False),
        ("not an address", "not an address", True),
    ],
)
def test_exactly_the_same_is_the_same_in_any_spelling(one: str, other: str, equal: bool) -> None:
    """Percent-encoding, default ports, case of the host and order of parameters do not count."""
    assert (exact_key("GET", one, b"") == exact_key("get", other, b"")) == equal


def test_the_method_counts() -> None:
    """A GET is no POST."""
    assert exact_key("GET", BASE, b"") != exact_key("POST", BASE, b"")
