"""The way of a subscriber: asked by mail, confirms on a page, gets a digest, leaves by a click.

As people and mail programs do it: with the links that stand in the messages, under the public name,
against `monitor run` as the process that it is.
"""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.store import Store
from tests.end_to_end.world import LONGEST, World, news, until
from tests.servers.smtp import SmtpServer
from tests.web.page_checks import faults

HOST = "watch.coalition.test"
READER = "ana@people.test"


@dataclass(frozen=True, slots=True)
class Road:
    """A world, its mail server, and the port at which its pages are."""

    world: World
    mail: SmtpServer
    port: int

    def open(self, link: str, method: str = "GET", body: str | None = None) -> tuple[int, str]:
        """Open a link of a message as a proxy would pass it on; return status and page."""
        parts = urlsplit(link)
        assert (parts.scheme, parts.netloc) == ("https", HOST)
        sent = {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, parts.path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def letters(self) -> list[EmailMessage]:
        """List what arrived."""
        return [one.message for one in self.mail.taken]


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    """Run a monitor with mail, pages, and a public name with a path of its own."""
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        port = found.getsockname()[1]
    with SmtpServer() as mail, World(tmp_path) as world:
        world.secrets["SMTP_URL"] = mail.url
        world.digests.append({"id": "weekly", "at": "mon 08:00", "title": "The week"})
        world.watch("herald")
        world.publish("herald", news("old"))
        world.learn()
        path = tmp_path / "monitor.yaml"
        more = {"public_url": f"https://{HOST}/news", "web": {"listen": f"127.0.0.1:{port}"}}
        world.write("monitor.yaml", json.loads(path.read_text("utf-8")) | more)
        with world.started("-vv", "run") as service:
            made = Road(world, mail, port)
            until(lambda: answers(port))
            yield made
            service.send_signal(signal.SIGTERM)
            assert service.wait(LONGEST) == 0


def answers(port: int) -> bool:
    """Say whether somebody listens at a port."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def link_in(letter: EmailMessage, act: str) -> str:
    """Find the link of a message's text that leads to an act."""
    body = letter.get_body(("plain",))
    assert body is not None
    (found,) = set(re.findall(rf"https://\S+/{act}/[\w-]+", body.get_content()))
    return str(found)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_subscriber_comes_reads_and_leaves(road: Road, language: str) -> None:
    """Nothing happens by looking; what is pressed counts; who has left gets nothing more."""
    added = road.world.here("subscribers", "add", READER, "--language", language)
    assert added.status == 0, added.err
    until(lambda: len(road.letters()) == 1)
    link = link_in(road.letters()[0], "confirm")
    token = link.rpartition("/")[2]

    # A scanner opens the link, and the person after it; both see a button, and nothing happens.
    for method in ("HEAD", "GET", "GET"):
        status, page = road.open(link, method)
        assert status == 200
    assert f'<html lang="{language}">' in page
    assert "The week" in page
    assert faults(page) == []
    assert confirmed(road.world) == 0
    assert road.world.here("digest", "send").status == 0
    assert len(road.letters()) == 1

    # The form leads to the page's own address.
    assert re.search(r'<form method="post">\s*<button', page)
    status, page = road.open(link, "POST", "")
    assert status == 200
    assert "<form" not in page
    assert confirmed(road.world) == 1

    # The digest that was composed before goes to those who have no copy of it.
    assert road.world.here("digest", "send").status == 0
    until(lambda: len(road.letters()) == 2)
    letter = road.letters()[1]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (leave,) = re.findall(r"<(https://[^>]+)>", letter["List-Unsubscribe"])
    assert leave == f"https://{HOST}/news/unsubscribe/{token}"
    shown = letter.get_body(("html",))
    assert shown is not None
    assert f'href="{leave}"' in unescape(shown.get_content())

    # The person looks at the page first; then the mail program's button is pressed, twice.
    status, page = road.open(leave)
    assert status == 200
    assert "<button" in page
    assert confirmed(road.world) == 1
    for _ in range(2):
        status, page = road.open(leave, "POST", "List-Unsubscribe=One-Click")
        assert status == 200
        assert "<form" not in page
    assert confirmed(road.world) == 0

    # Nobody gets the next one.
    with Store.open(road.world.database) as store:
        assert store.mailings.queue("weekly", "2030-W01", None, datetime.now(UTC)) == 0
    assert len(road.letters()) == 2
    assert road.mail.violations == []
    log = (road.world.root / "stderr").read_text("utf-8")
    assert "an address was confirmed" in log
    assert token not in log
    assert READER not in log


def confirmed(world: World) -> int:
    """Count those who get digests."""
    with Store.open(world.database, read_only=True) as store:
        return dict(store.subscribers.counts()).get("confirmed", 0)
