"""The server keeps its bounds, waits for its port, and ends when it is asked to."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from monitor.web import WebServer
from tests.web.site import LONGEST, Site


def status_of(site: Site, raw: bytes) -> int:
    """Send bytes as they are; return the status of the answer."""
    with closing(socket.create_connection(("127.0.0.1", site.server.port), LONGEST)) as talk:
        talk.sendall(raw)
        with closing(http.client.HTTPResponse(talk)) as answer:
            answer.begin()
            return answer.status


def test_many_ask_at_once(site: Site) -> None:
    """Each gets an answer of its own, from a connection of its own to the database."""
    for number in range(20):
        site.see(str(number), title=f"Number {number}")
    found: list[int] = []

    def ask(number: int) -> None:
        for _ in range(5):
            text = site.page(f"/matters/{number}")
            found.append(int(f"Number {number - 1}<" in text))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    assert found == [1] * 60


def test_pages_can_be_read_while_something_is_written(site: Site) -> None:
    """They show what was there before."""
    site.see("a", title="What was there")
    with site.store() as store, store.transaction():
        store.sources.begin(["council"], site.now)
        assert "What was there" in site.page("/")
        assert site.ask("/status").status == 200
        assert site.ask("/metrics").status == 200


HEAD = b" HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /unsubscribe/x" + HEAD


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /" + HEAD + b"X: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"a" * 20_000 + HEAD + b"\r\n", 431),
        (POST + b"Content-Length: 100000\r\n\r\n" + b"a" * 100_000, 413),
        (POST + b"Content-Length: -5\r\n\r\n", 400),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n", 501),
        (b"rubbish\r\n\r\n", 400),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
    ],
    ids=["header", "address", "body", "negative", "smuggled", "rubbish", "absolute"],
)
def test_what_is_too_much_or_no_request_is_refused(site: Site, raw: bytes, status: int) -> None:
    """And whoever comes after is answered."""
    try:
        found = status_of(site, raw)
    except (ConnectionResetError, BrokenPipeError):
        found = status  # it may hang up before all was said
    assert found == status
    assert site.ask("/").status == 200


def test_who_says_nothing_keeps_nobody_waiting(site: Site) -> None:
    """Many connections that hang in the middle of a request."""
    hanging = [
        socket.create_connection(("127.0.0.1", site.server.port), LONGEST) for _ in range(30)
    ]
    try:
        for talk in hanging:
            talk.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        assert site.ask("/").status == 200
    finally:
        for talk in hanging:
            talk.close()


def test_it_ends_at_once_although_somebody_is_connected(site: Site) -> None:
    """And the port is free."""
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=LONGEST)
    connection.request("GET", "/health")
    connection.getresponse().read()
    began = time.monotonic()
    site.server.stop()
    assert time.monotonic() - began < 3
    connection.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", site.server.port), 1)


def test_a_port_in_use_is_told_once_and_taken_when_it_is_free(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing ends because of it."""
    caplog.set_level(logging.INFO)
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    server = WebServer(site.premises, ("127.0.0.1", port), again=0.01)
    server.start()
    ends = time.monotonic() + LONGEST
    while not server.fault and time.monotonic() < ends:
        assert not server.await_listening(0.01)
    assert f"127.0.0.1:{port}" in server.fault
    assert "in use" in server.fault
    assert not server.await_listening(0.1)
    taken.close()
    assert server.await_listening(LONGEST)
    assert server.fault == ""
    server.stop()
    told = [one for one in caplog.records if one.getMessage() == "the web pages are not served"]
    assert len(told) == 1


def test_a_bug_in_the_server_is_told_and_it_begins_again(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """The service goes on meanwhile."""
    server = WebServer(site.premises, ("127.0.0.1", 0), again=0.01)
    server.premises = None  # type: ignore[assignment] # what stumbles over it is a bug
    server.start()
    ends = time.monotonic() + LONGEST
    while not server.fault and time.monotonic() < ends:
        assert not server.await_listening(0.01)
    assert "fault of the monitor itself" in server.fault
    server.premises = site.premises
    assert server.await_listening(LONGEST)
    server.stop()
    assert [one for one in caplog.records if one.getMessage() == "bug in the web server"]


def test_stopping_before_it_began_is_harmless(site: Site) -> None:
    """Nothing hangs."""
    WebServer(site.premises, ("127.0.0.1", 0)).stop()


def test_no_file_of_the_machine_can_be_reached(site: Site, tmp_path: Path) -> None:
    """There are no files behind the addresses."""
    (tmp_path / "secret.txt").write_text("a secret", encoding="utf-8")
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/static/../secret.txt", "/monitor.yaml"):
        answer = site.ask(path)
        assert answer.status == 404
        assert "a secret" not in answer.text
