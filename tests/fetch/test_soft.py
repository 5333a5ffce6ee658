"""An error page is told from an answer, and an answer from an error page."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from monitor.fetch.answers import words_of
from monitor.fetch.soft import soft_error
from monitor.models import Access

MACHINE = (Access.API, Access.FEED)

# Made up, in the true form of each firewall's page.
CHALLENGES = {
    "Cloudflare": b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>",
    "Akamai": b"<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY>Reference #18.1 "
    b"https://errors.edgesuite.net/18.1</BODY></HTML>",
    "AWS WAF": b"<!DOCTYPE html><html><head><title></title><script>window.gokuProps = {};</script>"
    b"</head><body></body></html>",
    "Imperva": b'<html><head><script src="/_Incapsula_Resource?SWJIYLWA=1"></script></head></html>',
    "F5": b"<html><head><title>Request Rejected</title></head><body>support ID 1</body></html>",
    "PerimeterX": b'<html><body><div id="px-captcha"></div></body></html>',
    "a firewall": b"<html><head><title>Request Access</title></head><body>Request unblock</body>",
}
RSS = b'<?xml version="1.0"?>\n<!-- made up -->\n<rss version="2.0"><channel/></rss>'
ATOM = b"""<?xml version="1.0" encoding="utf-8"?><?xml-stylesheet href="a.xsl"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>404 Main Street: access denied</title>
<entry><content type="xhtml"><html xmlns="http://www.w3.org/1999/xhtml"><head/></html></content>
</entry></feed>"""
XHTML = b"""<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>News</title></head></html>"""


@pytest.mark.parametrize("access", list(Access))
@pytest.mark.parametrize("wall", list(CHALLENGES))
def test_a_challenge_is_named(wall: str, access: Access) -> None:
    """Each firewall has its own words."""
    assert soft_error(access, (), CHALLENGES[wall]) == f"answered with a challenge of {wall}"


@pytest.mark.parametrize("access", list(Access))
def test_a_challenge_is_known_by_its_header(access: Access) -> None:
    """Cloudflare and AWS say so outright."""
    headers = (("server", "cloudflare"), ("cf-mitigated", "challenge"))
    assert "Cloudflare" in soft_error(access, headers, b"<html></html>")


def test_a_page_behind_a_firewall_is_no_challenge() -> None:
    """Imperva and Cloudflare put a script of theirs into ordinary pages."""
    body = (
        b"<!DOCTYPE html><html><head><title>City Council</title>"
        b'<script src="/_Incapsula_Resource?x"></script><script src="/cdn-cgi/challenge-platform/'
        b'scripts/jsd/main.js"></script></head><body>' + b"<p>agenda</p>" * 3000 + b"</body></html>"
    )
    assert soft_error(Access.PAGE, (), body) == ""


@pytest.mark.parametrize(
    "title",
    [
        "Page not found | Exampleville",
        "404",
        "404 - File or directory not found.",
        "HTTP 404 Not Found",
        "Error 404 (Not Found)!!1",
        "Custom404 &bull; Exampleville",
        "The resource cannot be found.",
        "The page you requested was not found",
        "503 Service Temporarily Unavailable",
        "Access Denied",
        "Runtime Error",
        "Error",
        "Site Maintenance",
        "Are you a robot?",
    ],
)
@pytest.mark.parametrize("access", list(Access))
def test_a_page_that_calls_itself_an_error_is_one(title: str, access: Access) -> None:
    """By its title, whatever was asked for."""
    body = f"\n\n<html><head><meta charset=utf-8><title>\n {title} </title></head></html>".encode()
    assert "error page" in soft_error(access, (), body)


@pytest.mark.parametrize(
    "title",
    [
        "404 Main Street Zoning Appeal",
        "Resolution 404",
        "500, 502 Elm Street",
        "Error Correction Notices",
        "Maintenance Department",
        "Forbidden Weapons Ordinance",
        "Not in My Backyard",
        "Security Department",
        "News",
        "",
    ],
)
def test_a_page_that_only_sounds_like_an_error_is_kept(title: str) -> None:
    """Streets, resolutions and departments have such names."""
    body = f"<html><head><title>{title}</title></head><body>made up</body></html>".encode()
    assert soft_error(Access.PAGE, (), body) == ""


@pytest.mark.parametrize("access", MACHINE)
@pytest.mark.parametrize(
    "body",
    [
        XHTML,
        b"<html>",
        b"<html><body>our feed is at &lt;rss&gt;</body></html>",
        b"\xef\xbb\xbf \n<!-- x --><!doctype HTML><p>",
        b"<head><title>x</title></head>",
        "<!DOCTYPE html><html>".encode("utf-16"),
    ],
)
def test_a_web_page_is_no_feed_and_no_api(access: Access, body: bytes) -> None:
    """Whatever the content type says, the first element counts."""
    expected = "an API" if access is Access.API else "a feed"
    assert f"a web page where {expected}" in soft_error(access, (), body)


@pytest.mark.parametrize("access", MACHINE)
@pytest.mark.parametrize(
    "body",
    [
        RSS,
        ATOM,
        RSS.decode().encode("utf-16"),
        b"\xef\xbb\xbf" + RSS,
        b"Warning: made up on line 3\n" + RSS,
        b'<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]><rss/>',
        b'<rdf:RDF xmlns:rdf="x"/>',
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\r\nDESCRIPTION:<html><body><p>Agenda</p></body>\r\nEND:VCALENDAR",
        b'{"version": "https://jsonfeed.org/version/1", "title": "Not found", "items": []}',
        b'<html><body><feed xmlns="http://www.w3.org/2005/Atom"></feed></body></html>',
        b"[]",
        b'{"value": []}',
        b'{"error": null, "value": []}',
        b'{"status": "OK", "errors": []}',
        b'[{"MatterTitle": "<html>Page not found</html>"}]',
    ],
)
def test_an_answer_is_left_to_the_connector(access: Access, body: bytes) -> None:
    """An empty list is an answer; XHTML inside a feed is content."""
    assert soft_error(access, (), body) == ""


def test_an_api_may_answer_with_rows_or_a_piece_of_html() -> None:
    """CSV, plain text and HTML fragments are some APIs' way; a feed has none of them."""
    for body in (b"id,title\n1,made up\n", b"<div id='agenda'><title>x</title></div>", b"OK"):
        assert soft_error(Access.API, (), body) == ""
        assert soft_error(Access.FEED, (), body) != ""


@pytest.mark.parametrize("access", list(Access))
@pytest.mark.parametrize(
    "body", [b"Invalid parameters!", b"Error sanitizing file", b"  Access denied\n", b"Not Found"]
)
def test_a_few_words_can_be_an_error(access: Access, body: bytes) -> None:
    """Legistar and the House Clerk answer so, with status 200."""
    assert "an error in words" in soft_error(access, (), body)


@pytest.mark.parametrize("access", MACHINE)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"Message": "An error", "ExceptionMessage": "not set up"}', "not set up"),
        (b'{"error": {"message": "bad key"}, "status": 403}', "bad key"),
        (b'{"errors": ["too many"], "code": 1}', "too many"),
        (b"<Error><Code>NoSuchKey</Code><Message>It is gone</Message></Error>", "It is gone"),
        (b"<rss><channel><title>Invalid feed</title></channel></rss>", "ID or GUID"),
    ],
)
def test_an_error_in_the_shape_of_data_is_seen(access: Access, body: bytes, words: str) -> None:
    """An object or element that holds an error and nothing besides."""
    assert words in soft_error(access, (), body)


@pytest.mark.parametrize("access", list(Access))
@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 3000,
        b"[" * 19_000,
        b"<html>" + b"<title>" * 9000,
        b"<html>" + b"<feed " * 10_000,
        b"<!--" * 16_000,
        b"<!DOCTYPE x [" * 5000,
        b"<" * 65_536,
    ],
    ids=["deep", "deeper", "titles", "feeds", "comments", "doctypes", "brackets"],
)
def test_a_hostile_body_is_judged_quickly(access: Access, body: bytes) -> None:
    """Depth and repetition take neither the stack nor the time."""
    begun = time.process_time()
    soft_error(access, (), body)
    words_of(body)
    assert time.process_time() - begun < 0.5


def test_every_recorded_error_is_seen(shared: Path) -> None:
    """The real soft 404s and error bodies, served where a feed or an API should be."""
    recorded = [
        path
        for path in sorted((shared / "recordings").rglob("*"))
        if path.name.startswith(("SOFT404", "ERROR_")) and not path.name.endswith(".headers.txt")
    ]
    assert len(recorded) > 10
    for path in recorded:
        for access in MACHINE:
            assert soft_error(access, (), path.read_bytes()), (path, access)


def test_no_recorded_feed_or_answer_is_misjudged(shared: Path) -> None:
    """All real JSON is fit for an API, all real feeds for both; all real pages are pages."""
    judged = 0
    for path in sorted((shared / "recordings").rglob("*")):
        if not path.is_file() or path.name.startswith(("SOFT404", "ERROR_")):
            continue
        body = path.read_bytes()
        head = body[:5000].lower()
        feed = any(root in head for root in (b"<rss", b"<feed", b"<rdf:rdf", b"jsonfeed.org"))
        ways = {Access.PAGE} if path.suffix == ".html" else set()
        ways |= {Access.API} if path.suffix in {".json", ".xml", ".XML", ".csv"} else set()
        ways |= set(MACHINE) if feed and path.suffix != ".html" else set()
        if b"<html" in head and not feed:
            ways -= set(MACHINE)
        for access in ways:
            judged += 1
            assert soft_error(access, (), body) == "", (path, access)
    assert judged > 300
