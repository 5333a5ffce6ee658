"""What subscribers do by the links in their mail: GET changes nothing, POST acts (RFC 8058)."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.models import Frequency, Language, Subscriber
from monitor.store import REMOVED
from tests.store.builders import NOW
from tests.web.page_checks import faults, words
from tests.web.site import PUBLIC, Site

ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
UNKNOWN = ["x", "A" * 32, "a" * 300, "%00", "..", "%2e%2e%2fstatus", "%22%3E%3Cscript%3E", "%ff"]


def subscribe(
    site: Site, *, confirmed: bool = True, language: Language = Language.ENGLISH, **more: object
) -> str:
    """Add a subscriber; return the token of its mail."""
    wanted = Subscriber(0, "ana@people.test", "Ana", language=language, **more)  # type: ignore[arg-type]
    with site.store() as store:
        return store.subscribers.add(wanted, NOW, confirmed=confirmed).subscriber.token


def standing(site: Site) -> Subscriber:
    """Say how the subscriber stands."""
    with site.store() as store:
        return store.subscribers.listed(ended=True)[0]


@pytest.mark.parametrize("act", ["confirm", "unsubscribe"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_a_link_changes_nothing(site: Site, act: str, method: str) -> None:
    """Scanners and mail programs open links by themselves; people see a button."""
    token = subscribe(site, confirmed=False)
    before = standing(site)
    answer = site.ask(f"/{act}/{token}", method)
    assert answer.status == 200
    assert standing(site) == before
    if method == "GET":
        assert faults(answer.text) == []
        assert '<form method="post">' in answer.text
        assert "<button" in answer.text


def test_pressing_the_button_confirms(site: Site) -> None:
    """Once; the second time says the same and changes nothing."""
    token = subscribe(site, confirmed=False)
    for later in range(2):
        site.now = NOW + timedelta(hours=later)
        answer = site.ask(f"/confirm/{token}", "POST", b"", Content_Type=FORM)
        assert answer.status == 200
        assert "You get the digest" in words(answer.text)
        assert "<form" not in answer.text
        assert faults(answer.text) == []
    assert standing(site).confirmed_at == NOW
    assert "<form" not in site.page(f"/confirm/{token}")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, FORM),
        (b"", FORM),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"\xff\xfe", "application/octet-stream"),
        (None, FORM),
    ],
)
def test_one_click_unsubscribes(site: Site, body: bytes | None, kind: str) -> None:
    """At once, without cookies or a redirect, however the mail program writes it; twice is fine."""
    token = subscribe(site)
    for _ in range(2):
        answer = site.ask(f"/unsubscribe/{token}", "POST", body, Content_Type=kind)
        assert answer.status == 200
        assert "Location" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert "You have left" in words(answer.text)
    one = standing(site)
    assert one.ended_why == "unsubscribed"
    assert "<form" not in site.page(f"/unsubscribe/{token}")


def test_who_was_only_asked_can_leave_too(site: Site) -> None:
    """And is not asked again."""
    token = subscribe(site, confirmed=False)
    assert site.ask(f"/unsubscribe/{token}", "POST", ONE_CLICK).status == 200
    assert standing(site).ended_why == "unsubscribed"
    for method in ("GET", "POST"):
        answer = site.ask(f"/confirm/{token}", method)
        assert answer.status == 200
        assert "Nothing is sent to your address" in words(answer.text)
    assert standing(site).confirmed_at is None


def test_who_was_removed_and_unsubscribes_stays_away(site: Site) -> None:
    """An imported list does not bring them back."""
    token = subscribe(site)
    with site.store() as store:
        store.subscribers.end(1, REMOVED, NOW)
    assert site.ask(f"/unsubscribe/{token}", "POST", ONE_CLICK).status == 200
    assert standing(site).ended_why == "unsubscribed"


@pytest.mark.parametrize("token", UNKNOWN)
@pytest.mark.parametrize("act", ["confirm", "unsubscribe"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_link_says_so_and_nothing_of_anybody(
    site: Site, method: str, act: str, token: str
) -> None:
    """The same words for all of them, and nothing is written."""
    subscribe(site)
    before = standing(site)
    answer = site.ask(f"/{act}/{token}", method, ONE_CLICK if method == "POST" else None)
    assert answer.status == 404
    assert "script" not in answer.text
    assert faults(answer.text) == []
    assert standing(site) == before


def test_no_page_tells_who_somebody_is(site: Site) -> None:
    """A digest that is passed on shows nobody's address or name."""
    token = subscribe(site)
    for act in ("confirm", "unsubscribe"):
        for method in ("GET", "POST"):
            answer = site.ask(f"/{act}/{token}", method)
            assert "ana" not in words(answer.text).lower().replace("ready", "")
            assert token not in answer.text
            assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("act", ["confirm", "unsubscribe"])
def test_subscribers_are_spoken_to_in_their_language(site: Site, act: str) -> None:
    """Whatever the browser asks for; strangers in the browser's."""
    token = subscribe(site, confirmed=False, language=Language.SPANISH)
    for method in ("GET", "POST"):
        html = site.ask(f"/{act}/{token}", method, Accept_Language="en").text
        assert '<html lang="es">' in html
        assert "boletín" in html or "baja" in html
        assert faults(html) == []
    stranger = site.ask(f"/{act}/nobody", Accept_Language="es-MX,es;q=0.9,en;q=0.5")
    assert '<html lang="es">' in stranger.text
    assert '<html lang="en">' in site.ask(f"/{act}/nobody", Accept_Language="de").text


def test_the_digest_is_called_by_its_title(tmp_path: Path) -> None:
    """Of those that they get: daily ones have another."""
    digests = (
        "digests:\n"
        "  - {id: weekly, at: 'mon 08:00', title: 'Week & <b>all</b>'}\n"
        "  - {id: daily, at: 'daily 08:00', title: The day}\n"
    )
    with Site(tmp_path, digests) as site:
        html = site.page(f"/unsubscribe/{subscribe(site)}")
        assert "Week &amp; &lt;b&gt;all&lt;/b&gt;" in html
        with site.store() as store:
            store.subscribers.erase(1)
        token = subscribe(site, frequency=Frequency.DAILY)
        assert "The day" in site.page(f"/unsubscribe/{token}")


def test_no_token_stands_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Also not where something goes wrong in the middle, however much is logged."""
    caplog.set_level(logging.DEBUG)
    token = subscribe(site, confirmed=False)
    for act in ("confirm", "unsubscribe"):
        for method in ("GET", "POST", "PUT"):
            site.ask(f"/{act}/{token}", method)
    for path in site.root.glob("monitor.db*"):
        path.write_bytes(b"this is no database" * 500)
    assert site.ask(f"/unsubscribe/{token}", "POST").status == 503
    logging.getLogger("waitress").error("Exception while serving /confirm/%s", token)
    logging.getLogger("waitress").info(f"Client disconnected while serving /confirm/{token}")  # noqa: G004 - as it does
    told = [f"{one.getMessage()} {vars(one)}" for one in caplog.records]
    assert any("an address was confirmed" in line for line in told)
    assert any("a page lacks the database" in line for line in told)
    assert not [line for line in told if token in line]


def test_a_bug_on_the_way_does_not_log_the_token(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Its trace is kept, without what stands in the address."""
    token = subscribe(site)

    def broken() -> None:
        raise RuntimeError(f"stumbled over {token}")

    object.__setattr__(site.server.premises, "clock", broken)
    assert site.ask(f"/unsubscribe/{token}", "POST").status == 500
    (record,) = [one for one in caplog.records if one.getMessage() == "bug in a web page"]
    assert "stumbled over …" in vars(record)["trace"]
    assert token not in f"{vars(record)}"


def test_links_work_under_the_public_name(public_site: Site) -> None:
    """As the proxy passes them on: by https outside, by http here."""
    token = subscribe(public_site)
    answer = public_site.ask(f"/news/unsubscribe/{token}", "POST", ONE_CLICK, Host=PUBLIC)
    assert answer.status == 200
    assert standing(public_site).ended_why == "unsubscribed"
