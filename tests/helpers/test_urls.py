"""A link has one spelling for comparing, and is resolved as a browser would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.urls import absolute, canonical, host, without_tokens


@pytest.mark.parametrize(
    ("url", "spelling"),
    [
        ("HTTPS://Council.Example.ORG:443/News", "https://council.example.org/News"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a/", "https://example.org/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/../a", "https://example.org/a"),
        ("https://example.org/a#top", "https://example.org/a"),
        ("https://example.org/#!/bill/12", "https://example.org/#!/bill/12"),
        ("https://example.org/a?b=2&a=1&utm_source=x&fbclid=y", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a?mc_cid=1&gclid=2&mcid=3", "https://example.org/a?mcid=3"),
        ("https://b\u00fccher.example/\u00fc b", "https://xn--bcher-kva.example/%C3%BC%20b"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        (" https://example.org/a ", "https://example.org/a"),
        ("https://example.org:port/a", "https://example.org:port/a"),
        ("urn:uuid:1", "urn:uuid:1"),
        ("", ""),
    ],
)
def test_links_that_lead_to_one_place_are_spelled_alike(url: str, spelling: str) -> None:
    """Case, ports, fragments, dots, trackers and order do not count."""
    assert canonical(url) == spelling
    assert canonical(spelling) == spelling


def test_a_publishers_keep_list_drops_every_other_parameter() -> None:
    """Legistar's pages are named by ID and GUID alone."""
    link = "https://x.legistar.com/LegislationDetail.aspx?GUID=AB&Options=ID|Text|&Search=ice&ID=7"
    assert canonical(link, keep=("id", "guid")).endswith("aspx?GUID=AB&ID=7")
    assert "Search=ice" in canonical(link)


def test_a_signed_link_is_the_same_after_it_was_signed_again() -> None:
    """Tokens, signatures and cache breakers go; what names the document stays."""
    first = "https://s3.example.org/a.pdf?X-Amz-Signature=1&X-Amz-Date=2&versionId=v1"
    again = "https://s3.example.org/a.pdf?versionId=v1&X-Amz-Date=9&X-Amz-Signature=8"
    assert (
        without_tokens(first)
        == without_tokens(again)
        == "https://s3.example.org/a.pdf?versionId=v1"
    )
    assert without_tokens("https://x.org/a.pdf?sv=1&se=2&sig=3&id=4") == "https://x.org/a.pdf?id=4"
    assert (
        without_tokens("https://x.org/doc?policy=12&st=ny") == "https://x.org/doc?policy=12&st=ny"
    )
    assert without_tokens("https://x.org/doc?_=171&id=1") == "https://x.org/doc?id=1"
    assert without_tokens("https://x.org/doc?token=a") == "https://x.org/doc"


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("../e", "https://a.example/e"),
        ("//b.example/x", "https://b.example/x"),
        ("?page=2", "https://a.example/c/d?page=2"),
        ("HTTP://b.example/x", "HTTP://b.example/x"),
        (" a\nb c.pdf ", "https://a.example/c/ab%20c.pdf"),
        ("javascript:alert(1)", ""),
        ("mailto:clerk@example.org", ""),
        ("file:///etc/passwd", ""),
        ("http://", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_a_link_becomes_an_address_or_nothing(link: str, whole: str) -> None:
    """Only http and https lead anywhere."""
    assert absolute("https://a.example/c/d", link) == whole


def test_a_host_is_in_lower_case() -> None:
    """What has no host has an empty one."""
    assert host("https://Council.Example.org:8443/x") == "council.example.org"
    assert host("not a link") == host("http://[broken") == ""


@given(st.text(max_size=60))
def test_no_text_breaks_a_link(text: str) -> None:
    """Every string has a spelling, and it is its own."""
    canonical(text)
    absolute("https://example.org/", text)
    link = f"https://example.org/{text}"
    assert canonical(canonical(link)) == canonical(link)
