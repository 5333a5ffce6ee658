"""The connection: drops, refreshes, silence and refusals; clicks are heard again after each."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from monitor.channels.slack_api import SlackApi
from monitor.slackapp import link as link_module
from monitor.slackapp.link import Link
from tests.end_to_end.world import until
from tests.servers.slack_api import APP_TOKEN, SlackServer
from tests.servers.slack_socket import MOST_SOCKETS, SocketMode

PAYLOAD = {"type": "block_actions", "actions": []}


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """Start a Slack."""
    with SlackServer() as server:
        yield server


@pytest.fixture
def socket(slack: SlackServer) -> Iterator[SocketMode]:
    """Switch Socket Mode on."""
    with SocketMode(slack.workspace) as server:
        yield server


class Taken:
    """What a link took; refuses where it is told to."""

    def __init__(self) -> None:
        self.envelopes: list[tuple[str, str, object]] = []
        self.refuses = False

    def __call__(self, kind: str, envelope: str, payload: object) -> bool:
        """Take an envelope."""
        self.envelopes.append((kind, envelope, payload))
        return not self.refuses


@contextmanager
def listening(slack: SlackServer, taken: Taken, wait: float = 0.01) -> Iterator[Link]:
    """Listen for a while."""
    made = Link(SlackApi(APP_TOKEN, slack.url), taken, wait)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def test_an_envelope_is_taken_and_acknowledged(slack: SlackServer, socket: SocketMode) -> None:
    """With its type, its id and its payload; pings are answered meanwhile."""
    with listening(slack, taken := Taken()) as link:
        socket.wait_for(1)
        assert socket.deliver(PAYLOAD)
        until(lambda: link.listens)
        socket.ping()
    ((kind, envelope, payload),) = taken.envelopes
    assert (kind, payload) == ("interactive", PAYLOAD)
    assert socket.acknowledged[envelope] == 1
    assert socket.faults == []
    socket.wait_until_left(0)


def test_what_is_not_taken_is_not_acknowledged(slack: SlackServer, socket: SocketMode) -> None:
    """Slack tells the person that it did not work, and sends it again."""
    taken = Taken()
    taken.refuses = True
    with listening(slack, taken):
        socket.wait_for(1)
        number = socket.send_only(PAYLOAD)
        until(lambda: taken.envelopes)
        assert socket.acknowledged[number] == 0
        taken.refuses = False
        assert socket.deliver(PAYLOAD)


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_a_refresh_opens_a_new_connection_before_the_old_one_ends(
    slack: SlackServer, socket: SocketMode, reason: str
) -> None:
    """Nothing that is clicked meanwhile is lost."""
    with listening(slack, taken := Taken()):
        socket.wait_for(1)
        socket.disconnect(reason)
        sent = [socket.deliver(PAYLOAD) for _ in range(20)]
        socket.wait_for(2)
        # While the old one closes, nothing can be acknowledged.
        socket.wait_until_left(1, 2.0)
        assert socket.deliver(PAYLOAD)
        assert all(sent)
    assert len({envelope for _, envelope, _ in taken.envelopes}) == 21
    assert socket.faults == []
    assert socket.slowest < 1.5, "an acknowledgement waited for the old connection to close"


@pytest.mark.parametrize("farewell", [True, False])
def test_after_a_drop_it_listens_again(
    slack: SlackServer, socket: SocketMode, farewell: bool
) -> None:
    """With a close frame, or with none: the library alone would spin for twenty seconds."""
    with listening(slack, Taken()):
        for joined in (2, 3, 4):
            socket.wait_for(joined - 1)
            socket.drop(farewell=farewell)
            socket.wait_for(joined)
        assert socket.deliver(PAYLOAD)


def test_a_hang_up_costs_no_processor_time(slack: SlackServer, socket: SocketMode) -> None:
    """A thread that asks a dead socket again and again would burn a core."""
    with listening(slack, Taken(), wait=2.0):
        socket.wait_for(1)
        socket.drop()
        socket.wait_until_left(0)
        before, began = time.process_time(), time.monotonic()
        until(lambda: time.monotonic() - began > 0.6)
        assert time.process_time() - before < 0.3


def test_an_envelope_cut_off_in_the_middle_harms_nothing(
    slack: SlackServer, socket: SocketMode
) -> None:
    """It comes again, whole, on the next connection."""
    with listening(slack, taken := Taken()):
        socket.wait_for(1)
        socket.drop_in_the_middle(PAYLOAD)
        socket.wait_for(2)
        assert socket.deliver(PAYLOAD)
    assert len(taken.envelopes) == 1


@pytest.mark.parametrize(
    "text",
    [
        b"not json",
        b"{",
        b"[]",
        b'"hello"',
        b'{"type": "unheard_of"}',
        b'{"type": "disconnect"',
        b'{"envelope_id": 7, "type": [], "payload": []}',
        b'{"envelope_id": "x", "type": "interactive", "payload": [1]}',
        b"\xff\xfe",
        b"",
        b'{"type": "hello", "x": "' + b"y" * 300_000 + b'"}',
    ],
)
def test_what_is_no_envelope_harms_nothing(
    slack: SlackServer, socket: SocketMode, text: bytes
) -> None:
    """The next one is taken, on this connection or on the next."""
    with listening(slack, Taken()):
        socket.wait_for(1)
        socket.say(text)
        until(lambda: socket.wires and socket.deliver(PAYLOAD, seconds=2))


def test_a_large_envelope_is_taken(slack: SlackServer, socket: SocketMode) -> None:
    """A click carries the whole message with it."""
    with listening(slack, taken := Taken()):
        socket.wait_for(1)
        large = {**PAYLOAD, "message": {"text": "移" * 100_000}}
        assert socket.deliver(large)
    assert taken.envelopes[0][2] == large


@pytest.mark.parametrize("from_the_start", [True, False])
def test_a_silent_connection_is_replaced(
    slack: SlackServer,
    socket: SocketMode,
    monkeypatch: pytest.MonkeyPatch,
    from_the_start: bool,
) -> None:
    """Four pings without an answer: nobody is there, whatever the network says."""
    monkeypatch.setattr(link_module, "_PING", 0.3)
    socket.first_is_silent = from_the_start
    with listening(slack, Taken()):
        socket.wait_for(1)
        until(lambda: socket.wires)
        socket.fall_silent()
        socket.wait_for(2)
        socket.wait_until_left(1)
        assert socket.deliver(PAYLOAD)


def test_of_two_listeners_each_envelope_reaches_one(slack: SlackServer, socket: SocketMode) -> None:
    """Slack shares envelopes out among the connections of an app."""
    with listening(slack, one := Taken()), listening(slack, other := Taken()):
        socket.wait_for(2)
        until(lambda: len(socket.wires) == 2)
        assert all(socket.deliver(PAYLOAD) for _ in range(8))
        assert len(one.envelopes) + len(other.envelopes) == 8


@pytest.mark.parametrize(
    ("method_fault", "code"),
    [
        ("429", "http_429"),
        ("500", "http_500"),
        ("garbage", "http_200"),
        ("drop_after", "no_answer"),
    ],
)
def test_trouble_on_the_way_is_waited_out(
    slack: SlackServer,
    socket: SocketMode,
    caplog: pytest.LogCaptureFixture,
    method_fault: str,
    code: str,
) -> None:
    """It is said loudly once it lasts, and not at every attempt."""
    faults = [("apps.connections.open", method_fault, 0)] * 6
    slack.workspace.faults.extend(faults)
    with caplog.at_level(logging.INFO), listening(slack, Taken(), 0.002):
        socket.wait_for(1)
        assert socket.deliver(PAYLOAD)
    unheard = [one for one in caplog.records if "not heard" in one.getMessage()]
    assert {vars(one)["code"] for one in unheard} == {code}
    assert len(unheard) == 6
    assert sum(one.levelno >= logging.ERROR for one in unheard) == 1
    assert "ticket" not in caplog.text
    assert APP_TOKEN not in caplog.text


def test_a_wrong_token_is_an_error_at_once_and_tried_again(
    slack: SlackServer, socket: SocketMode, caplog: pytest.LogCaptureFixture
) -> None:
    """A person has to act; when one has, no restart is needed."""
    slack.workspace.faults.append(("apps.connections.open", "error", "invalid_auth"))
    with listening(slack, Taken(), 0.001):
        socket.wait_for(1)
        assert socket.deliver(PAYLOAD)
    (said,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert vars(said)["code"] == "invalid_auth"


def test_socket_mode_switched_off_is_said_and_noticed_when_it_is_on_again(
    slack: SlackServer, socket: SocketMode, caplog: pytest.LogCaptureFixture
) -> None:
    """link_disabled: somebody changed the app's settings."""
    with listening(slack, Taken(), 0.001):
        socket.wait_for(1)
        socket.is_on = False
        socket.disconnect("link_disabled")
        until(lambda: "switch Socket Mode on" in str([vars(one) for one in caplog.records]))
        socket.is_on = True
        socket.wait_for(2)
        socket.wait_until_left(1)
        assert socket.deliver(PAYLOAD)


def test_an_eleventh_connection_is_sent_away_and_waits(
    slack: SlackServer, socket: SocketMode, caplog: pytest.LogCaptureFixture
) -> None:
    """Ten are allowed; the program says who is in the way."""
    ended = [threading.Event() for _ in range(MOST_SOCKETS)]

    class Other:
        is_silent = False

        def send(self, opcode: int, data: bytes, *, cut: int | None = None) -> None:
            """Take no notice."""

        def hang_up(self) -> None:
            """Go."""

    others = [Other() for _ in ended]
    socket.wires.extend(others)  # type: ignore[arg-type]
    with listening(slack, Taken(), 0.001):
        until(lambda: "too_many_websockets" in str([vars(one) for one in caplog.records]))
        socket.wires.clear()
        socket.wait_for(1)
        assert socket.deliver(PAYLOAD)


@pytest.mark.parametrize(
    "address",
    ["", "http://127.0.0.1:1/", "wss://evil.example:8080/link", "javascript:alert(1)", "ws://"],
)
def test_an_address_that_is_none_of_slacks_is_not_called(
    slack: SlackServer, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    """The library would talk in the clear to any port but 443."""
    slack.workspace.socket = lambda: address
    with listening(slack, Taken(), 0.001):
        until(lambda: any(one.levelno >= logging.ERROR for one in caplog.records))


def test_stopping_is_quick_in_every_state(slack: SlackServer, socket: SocketMode) -> None:
    """While it listens, while it waits, before it began."""
    began = time.monotonic()
    Link(SlackApi(APP_TOKEN, slack.url), Taken()).stop()
    with listening(slack, Taken(), 60.0):
        socket.wait_for(1)
    socket.is_on = False
    with listening(slack, Taken(), 60.0):
        until(lambda: sum(name == "apps.connections.open" for name, _ in slack.workspace.calls) > 1)
    assert time.monotonic() - began < 4.0
