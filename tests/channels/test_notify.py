"""Other services through apprise: plain words, whole messages, no secret in any log."""

from __future__ import annotations

import logging
import re
import socket
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from monitor.channels import NotifyChannel
from monitor.errors import DeliveryError, FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Alert, Delivery, Posted, Priority, Receipt
from tests.alerts.builders import NOW, alert
from tests.render.test_slack_messages import huge
from tests.servers.posts import PostServer, Say

pytest.importorskip("apprise", reason="the extra [apprise] is not installed")

BOARD = "apprise:board"
VARIABLES = {BOARD: "APPRISE_URL_BOARD"}


@pytest.fixture
def server() -> Iterator[PostServer]:
    """Take posts on loopback."""
    with PostServer() as running:
        yield running


def board(server: PostServer, more: str = "") -> NotifyChannel:
    """Post to that server as apprise's json:// does."""
    url = f"json://user:secretkey@{server.address}/secretpath{more}"
    return NotifyChannel({BOARD: url}, VARIABLES, now=lambda: NOW)


def delivery(made: Alert | None = None, about: str = "", **fields: Any) -> Delivery:
    """Make a first attempt to deliver an alert."""
    return Delivery(7, replace(made or alert(), channel=BOARD, **fields), about=about)


def failure(channel: NotifyChannel, made: Delivery | None = None) -> DeliveryError:
    """Send, and return what went wrong."""
    with pytest.raises(DeliveryError) as caught:
        channel.send(made or delivery())
    return caught.value


def test_an_alert_is_a_subject_and_a_text(server: PostServer) -> None:
    """Without a terminal's columns; links stay links."""
    assert board(server).send(delivery(priority=Priority.HIGH)) == Receipt("", BOARD)
    (message,) = server.messages
    assert message["title"] == f"❗ {alert().headline}"
    assert "Direction: Limits cooperation with ICE" in message["message"].splitlines()
    assert message["message"].rstrip().endswith(": https://council.example/report.pdf")
    assert "  " not in message["message"]


def test_a_later_alert_names_its_matter(server: PostServer) -> None:
    """There is no thread that would."""
    board(server).send(delivery(about="Int 1234"))
    assert server.messages[0]["message"].startswith("More on: Int 1234\n")


def test_markdown_goes_to_those_who_ask_for_it(server: PostServer) -> None:
    """The address says so, as apprise has it."""
    board(server, "?format=markdown").send(delivery())
    text = server.messages[0]["message"]
    assert "**Direction**: Limits" in text
    assert "<https://council.example/report.pdf>" in text


def test_a_long_alert_is_sent_in_pieces_and_nothing_is_cut(server: PostServer) -> None:
    """At line ends, within what the service takes."""
    channel = board(server)
    _, service = channel._service(BOARD)
    service.body_maxlen = 3_000
    channel.send(delivery(huge()))
    texts = [message["message"] for message in server.messages]
    assert len(texts) > 1
    assert max(map(len, texts)) <= 3_000
    whole = board(server)
    whole.send(delivery(huge()))
    assert "".join("".join(texts).split()) == "".join(server.messages[-1]["message"].split())


# ------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("status", "kind", "scope"),
    [
        (404, PermanentDelivery, FailureScope.CHANNEL),
        (401, PermanentDelivery, FailureScope.CHANNEL),
        (410, PermanentDelivery, FailureScope.CHANNEL),
        (400, PermanentDelivery, FailureScope.MESSAGE),
        (413, PermanentDelivery, FailureScope.MESSAGE),
        (429, TemporaryDelivery, None),
        (500, TemporaryDelivery, None),
        (503, TemporaryDelivery, None),
    ],
)
def test_a_status_that_apprise_logs_says_what_to_do(
    server: PostServer, status: int, kind: type[DeliveryError], scope: FailureScope | None
) -> None:
    """It returns no more than False."""
    server.script.append(Say(status, "no"))
    error = failure(board(server))
    assert (type(error), error.code) == (kind, f"http_{status}")
    assert scope is None or getattr(error, "scope", None) is scope
    assert getattr(error, "maybe_arrived", False) is (status >= 500)


def test_a_connection_that_breaks_leaves_it_in_doubt(server: PostServer) -> None:
    """It is sent once; nobody can know."""
    server.script.append(Say(drop=True, takes=True))
    error = failure(board(server))
    assert isinstance(error, TemporaryDelivery)
    assert error.maybe_arrived
    assert len(server.taken) == 1


def test_a_connection_that_was_never_made_surely_brought_nothing() -> None:
    """Nobody listens there."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        url = f"json://127.0.0.1:{holder.getsockname()[1]}/"
        error = failure(NotifyChannel({BOARD: url}, VARIABLES))
    assert isinstance(error, TemporaryDelivery)
    assert (error.code, error.maybe_arrived) == ("unreachable", False)


@pytest.mark.parametrize("status", [429, 404])
def test_a_later_piece_that_fails_leaves_it_in_doubt(server: PostServer, status: int) -> None:
    """The first one arrived: nothing may begin anew."""
    channel = board(server)
    _, service = channel._service(BOARD)
    service.body_maxlen = 3_000
    server.script.extend([Say(takes=True), Say(status)])
    error = failure(channel, delivery(huge()))
    assert isinstance(error, TemporaryDelivery)
    assert error.maybe_arrived


@pytest.mark.parametrize(
    ("urls", "code"), [({}, "no_address"), ({BOARD: "nonsense secretpath"}, "bad_address")]
)
def test_an_address_that_is_missing_or_none_is_said(urls: dict[str, str], code: str) -> None:
    """With the variable, without the value."""
    channel = NotifyChannel(urls, VARIABLES)
    error = failure(channel)
    assert (error.code, "APPRISE_URL_BOARD" in error.reason) == (code, True)
    assert "secretpath" not in str(error)
    assert str(channel.probe(BOARD)) == str(error)


def test_without_apprise_the_cure_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    error = failure(NotifyChannel({BOARD: "json://127.0.0.1"}, VARIABLES))
    assert isinstance(error, PermanentDelivery)
    assert (error.code, error.scope) == ("not_installed", FailureScope.SERVICE)
    assert "pip install" in error.reason


def test_nothing_is_edited_and_nobody_can_find_out(server: PostServer) -> None:
    """Neither asks anything of the service."""
    channel = board(server)
    channel.revise(Posted(alert(channel=BOARD), Receipt("", BOARD), NOW))
    with pytest.raises(PermanentDelivery) as caught:
        channel.find(delivery())
    assert "monitor outbox resolve 7 sent" in caught.value.reason
    assert server.asked == 0


def test_a_probe_reads_the_address_and_posts_nothing(server: PostServer) -> None:
    """No service can be tried without telling its readers."""
    channel = board(server)
    assert channel.probe(BOARD) is None
    assert channel.service_name(BOARD) == "JSON"
    assert server.asked == 0


def test_the_address_never_shows(
    server: PostServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """At the noisiest level, for every kind of failure; and apprise's log is whole afterwards."""
    server.script.extend([Say(drop=True), Say(500), Say(404), Say(400), Say()])
    shown = ""
    with caplog.at_level(logging.DEBUG):
        for _ in range(5):
            try:
                board(server).send(delivery())
            except DeliveryError as error:
                shown += "".join(traceback.format_exception(error)) + repr(error)
        logging.getLogger("apprise").warning("heard again")
    shown += caplog.text + str([vars(record) for record in caplog.records])
    shown += "".join(capfd.readouterr())
    assert "http_500" in shown
    assert "heard again" in shown
    assert not re.search("secret", shown)
