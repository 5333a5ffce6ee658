"""What goes wrong is told to the one person it concerns, is logged, and ends nothing."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.slackapp import app as app_module
from monitor.slackapp.acting import Acting
from monitor.store import Store
from tests.end_to_end.world import until
from tests.servers.slack_clicks import ANA, click
from tests.slackapp.office import Office


def test_a_bug_in_an_act_is_loud_is_told_and_ends_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The next click is done as ever, and the broken one can be tried again."""
    message = office.tell()

    def broken(*arguments: Any) -> None:
        raise ZeroDivisionError(arguments)

    with monkeypatch.context() as fault:
        fault.setattr(Acting, "claim", broken)
        payload = click(message, "claim", base=office.socket.base)
        assert "a fault of the monitor itself" in office.send(payload)
    (said,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert said.exc_info is not None
    assert "You have claimed this" in office.send(payload)


def test_a_database_that_cannot_be_used_is_told_as_such(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The act is not noted as done: the very same click works a minute later."""
    message = office.tell()

    def unusable(*arguments: Any, **more: Any) -> Store:
        raise StoreError(f"the disk is full {arguments} {more}")

    payload = click(message, "claim", base=office.socket.base)
    with monkeypatch.context() as fault:
        fault.setattr(Store, "open", unusable)
        assert "Please try again in a minute" in office.send(payload)
    assert "You have claimed this" in office.send(payload)


def test_an_acknowledgement_does_not_wait_for_the_database(office: Office) -> None:
    """A poll is being recorded: Slack hears at once, the person as soon as that is over."""
    message = office.tell()
    with office.store.transaction():
        assert office.socket.deliver(click(message, "claim", base=office.socket.base))
        assert office.socket.answers == []
    assert "You have claimed this" in office.socket.wait_for_answers(1)[0]
    assert office.socket.slowest < 1.5


@pytest.mark.parametrize("fault", ["429", "500", "drop_before", "garbage"])
def test_while_slack_does_not_say_whose_workspace_it_is_nothing_is_done(
    office: Office, fault: str
) -> None:
    """Nobody is taken for a member unproved; later the same click works."""
    message = office.tell()
    office.workspace.faults.append(("auth.test", fault, 1))
    payload = click(message, "claim", base=office.socket.base)
    assert "Please try again" in office.send(payload)
    assert office.store.acts.claimed(1) is None
    assert "You have claimed this" in office.send(payload)


def test_what_is_too_much_at_once_is_not_taken(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack then shows the person that it did not work; what was taken is done."""
    message = office.tell()
    office.app.stop()
    monkeypatch.setattr(app_module, "MOST_WAITING", 3)
    held, entered = threading.Event(), threading.Event()

    def slow(self: Acting, click: Any, now: Any) -> None:
        del self, click, now
        entered.set()
        held.wait(20)

    monkeypatch.setattr(Acting, "click", slow)
    office.hire()
    sent = [office.socket.send_only(click(message, "claim"))]
    assert entered.wait(20)
    sent += [office.socket.send_only(click(message, "claim")) for _ in range(9)]
    until(lambda: sum(office.socket.acknowledged[number] for number in sent) == 4)
    assert not office.socket.deliver(click(message, "claim"), seconds=0.3)
    held.set()
    until(lambda: office.socket.deliver(click(message, "claim"), seconds=1))


def test_an_answer_that_nobody_takes_is_logged_and_the_act_stands(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """The address is over, and the person has left the channel."""
    message = office.tell()
    office.socket.refuses_answers = True
    del office.workspace.zones[ANA]
    assert office.socket.deliver(click(message, "claim", base=office.socket.base))
    office.app.stop()
    assert "an answer could not be delivered" in caplog.text
    assert office.store.acts.claimed(1) is not None


def test_stopping_twice_or_before_the_start_is_harmless(office: Office) -> None:
    """Whatever the order of the end."""
    office.app.stop()
    office.app.stop()
    office.hire()
