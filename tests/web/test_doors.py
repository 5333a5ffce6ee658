"""The pages answer to names that are theirs alone, and show strangers what mail links to alone."""

from __future__ import annotations

import http.client
from pathlib import Path

import pytest

from monitor.config.settings import MonitorSettings
from monitor.web.doors import Door, Doors
from tests.web.page_checks import faults
from tests.web.site import LONGEST, PUBLIC, Site

PATHS = ("/", "/search?q=a", "/status", "/metrics", "/health", "/calendar.ics", "/feed.atom")
OWN = ["localhost", "127.0.0.1", "localhost:8287", "127.0.0.1:1", "[::1]:8287", "LOCALHOST."]
FOREIGN = [
    "evil.example",
    "evil.example:8287",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.2",
    "10.0.0.1",
    "localhost, evil.example",
    "localhost/evil",
    "user@localhost",
    "",
    "localhost:8287:1",
    "[::1",
    "xn--e1afmkfd.example",
    "\xff",
]


@pytest.mark.parametrize("host", OWN)
def test_a_name_of_this_machine_is_let_in(site: Site, host: str) -> None:
    """Whatever the port: a container's is another outside."""
    assert site.ask("/health", Host=host).status in {200, 503}
    assert site.ask("/", Host=host).status == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_turned_away(site: Site, host: str) -> None:
    """A page in somebody's browser that leads its own name here reads nothing (DNS rebinding)."""
    site.see("secret", title="A secret plan")
    for path in (*PATHS, "/matters/1", "/unsubscribe/x", "/nowhere"):
        answer = site.ask(path, Host=host)
        assert answer.status in {400, 403}, path
        assert "secret plan" not in answer.text
        assert "evil" not in answer.text


def test_a_request_without_a_host_is_turned_away(site: Site) -> None:
    """HTTP/1.0 knows requests without."""
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=LONGEST)
    connection.putrequest("GET", "/", skip_host=True)
    connection.endheaders()
    assert connection.getresponse().status in {400, 403}
    connection.close()


@pytest.mark.parametrize("path", PATHS)
def test_under_the_public_name_there_is_nothing_but_what_mail_links_to(
    public_site: Site, path: str
) -> None:
    """Also where a proxy lets everything through by mistake."""
    for given in (path, f"/news{path}"):
        answer = public_site.ask(given, Host=PUBLIC)
        assert answer.status == 404
        assert faults(answer.text) == []
        assert 'href="/status"' not in answer.text
    assert public_site.ask(path).status != 404


def test_the_public_name_leads_to_what_mail_links_to(public_site: Site) -> None:
    """With the path of public_url or without it, as the proxy has it."""
    for path in ("/news/unsubscribe/none", "/unsubscribe/none", "/news/confirm/none"):
        answer = public_site.ask(path, Host=PUBLIC)
        assert answer.status == 404
        assert "This link leads nowhere" in answer.text


def test_what_a_proxy_says_of_the_name_is_not_believed(site: Site) -> None:
    """Anybody can say it."""
    evil, own = "evil.example", "localhost"
    assert site.ask("/", Host=evil, X_Forwarded_Host=own).status == 403
    assert site.ask("/", Host=evil, X_Original_Host=own, X_Forwarded_For="127.0.0.1").status == 403
    assert site.ask("/", Host=evil, Forwarded=f"host={own};for=127.0.0.1").status == 403


def settings(text: str) -> MonitorSettings:
    """Read options as monitor.yaml gives them."""
    return MonitorSettings.model_validate_json(text)


def test_a_name_that_is_configured_is_let_in() -> None:
    """As a container's neighbours call it."""
    web = '{"listen": "0.0.0.0:8287", "names": ["Monitor"]}'
    doors = Doors.of(settings(f'{{"contact": "a@b.test", "web": {web}}}'))
    assert doors.door("monitor:8287") is Door.INSIDE
    assert doors.door("10.1.2.3:8287") is Door.INSIDE
    assert doors.door("[fe80::1]:8287") is Door.INSIDE
    assert doors.door("other:8287") is None
    assert doors.door("10.1.2.3.example") is None


def test_the_address_that_is_listened_on_is_let_in() -> None:
    """And no other one in numbers."""
    doors = Doors.of(settings('{"contact": "a@b.test", "web": {"listen": "10.1.2.3:80"}}'))
    assert doors.door("10.1.2.3") is Door.INSIDE
    assert doors.door("10.1.2.4") is None


def test_only_whole_steps_of_the_public_path_are_taken_out() -> None:
    """What only begins like it is another page."""
    doors = Doors(frozenset({"localhost"}), "watch.test", "/news")
    assert doors.path("/news/confirm/x") == "/confirm/x"
    assert doors.path("/newspaper") == "/newspaper"
    assert doors.path("/confirm/x") == "/confirm/x"
    assert Doors(frozenset()).path("/x") == "/x"


# ------------------------------------------------------------------------------- every answer


EVERY = (*PATHS, "/nowhere", "/matters/7", "/unsubscribe/x", "/confirm/x", "/search?q=%22")


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_bears_what_keeps_browsers_from_harm(site: Site, path: str) -> None:
    """Pages, faults and files alike."""
    headers = site.ask(path).headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Server" not in headers
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    assert "charset=utf-8" in headers["Content-Type"].lower() or path == "/health"
    if path != "/feed.atom":
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X-ODD"])
@pytest.mark.parametrize("path", ["/", "/status", "/metrics", "/matters/1", "/feed.atom"])
def test_pages_are_only_looked_at(site: Site, path: str, method: str) -> None:
    """Any other method is refused, and said which ones are not."""
    site.see("a")
    answer = site.ask(path, method, Host="localhost")
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/status", "/metrics", "/calendar.ics", "/feed.atom"])
def test_only_the_head_can_be_asked_for(site: Site, path: str) -> None:
    """Of the same length, without the body."""
    head, whole = site.ask(path, "HEAD"), site.ask(path)
    assert head.status == whole.status == 200
    assert head.text == ""
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//status", "/matters//1", "/status/", "/%2e%2e/x"]
)
def test_nobody_is_sent_elsewhere(site: Site, path: str) -> None:
    """There is no redirect at all, so none that leads out."""
    answer = site.ask(path)
    assert answer.status in {200, 404}
    assert "Location" not in answer.headers


def test_a_bug_is_told_without_its_trace(tmp_path: Path) -> None:
    """To the reader; the log has it, without what stands in the address."""
    with Site(tmp_path) as site:
        site.see("a")
        object.__setattr__(site, "now", "no time at all")
        answer = site.ask("/")
        assert answer.status == 500
        assert "Traceback" not in answer.text
        assert "monitor/web" not in answer.text
        assert faults(answer.text) == []
