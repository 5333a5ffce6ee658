"""The console: text for people, colours only on a terminal."""

from __future__ import annotations

import io
import re

import pytest

from monitor.channels import ConsoleChannel
from monitor.errors import TemporaryDelivery
from monitor.models import Delivery
from monitor.render.text import plain
from tests.alerts.builders import NOW, alert
from tests.render.hostile import everywhere


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def printed(stream: io.StringIO, **fields: object) -> str:
    """Send an alert to the console and return what was written."""
    receipt = ConsoleChannel(stream, lambda: NOW).send(Delivery(1, alert(**fields)))
    assert (receipt.reference, receipt.place) == (alert().key, "console")
    return stream.getvalue()


def test_an_alert_is_plain_text_followed_by_an_empty_line() -> None:
    """A file or a pipe gets no escape sequences."""
    assert printed(io.StringIO()) == f"{plain(alert(), NOW)}\n\n"


def test_a_terminal_gets_colours_and_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matched words stand out; every colour is ended."""
    monkeypatch.setenv("COLUMNS", "200")  # wide enough for the same lines as elsewhere
    shown = printed(Terminal())
    assert "\x1b[1;33m287(g)\x1b[0m" in shown
    assert shown.count("\x1b[0m") * 2 == shown.count("\x1b[")
    bare = re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert bare.split() == plain(alert(), NOW).split()


def test_a_publisher_cannot_steer_the_terminal() -> None:
    """Only our own colours are sent."""
    stream = Terminal()
    ConsoleChannel(stream, lambda: NOW).show(everywhere("\x1b[2J\x1b]0;owned\x07\x9b31m"))
    assert not re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue()).count("\x1b")
    assert "\x07" not in stream.getvalue()
    assert "\x9b" not in stream.getvalue()


def test_nobody_reading_is_said_to_be_for_later() -> None:
    """A closed pipe is no crash."""
    stream = io.StringIO()
    stream.close()
    with pytest.raises(TemporaryDelivery):
        ConsoleChannel(stream, lambda: NOW).send(Delivery(1, alert()))


def test_a_terminal_without_unicode_shows_what_it_can() -> None:
    """Arrows and dashes become question marks; nothing is lost, nothing crashes."""
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, "ascii") as stream:
        ConsoleChannel(stream, lambda: NOW).show(alert())
        assert b"INT 1234-2026 ? Prohibiting agreements" in raw.getvalue()


def test_the_console_is_never_in_doubt() -> None:
    """What may have been printed is printed again."""
    assert ConsoleChannel(io.StringIO(), lambda: NOW).find(Delivery(1, alert())) is None
