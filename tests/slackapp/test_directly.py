"""Messages to one person: each once, whatever happens on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.personal import directly
from monitor.store import DeliveryState
from tests.alerts.builders import alert
from tests.servers.slack_clicks import ANA
from tests.slackapp.office import Office


def send(office: Office, *minutes: int) -> None:
    """Send a direct alert, and go on with what is in doubt after so many minutes each."""
    office.enqueue(alert(key="d" * 32, channel=directly(ANA), kind="direct", matter=0))
    office.deliver()
    for more in minutes:
        office.now += timedelta(minutes=more)
        office.deliver()


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_message_in_doubt_is_looked_for_in_the_conversation(office: Office, fault: str) -> None:
    """It stands there once: found again, or sent again because it was not there."""
    office.workspace.faults.append(("chat.postMessage", fault, None))
    send(office, 1, 1)
    assert len(office.workspace.conversation(ANA).messages) == 1
    assert [row.state for row in office.store.outbox.listed()] == [DeliveryState.SENT]


def test_without_the_right_to_look_a_person_settles_what_is_in_doubt(office: Office) -> None:
    """im:write opens the conversation; without it nobody can know."""
    office.workspace.scopes.discard("im:write")
    office.workspace.faults.append(("chat.postMessage", "drop_after", None))
    send(office, 1, 90)
    assert [row.state for row in office.store.outbox.listed()] == [DeliveryState.UNKNOWN]
    assert len(office.workspace.conversation(ANA).messages) == 1


def test_a_message_to_somebody_who_left_is_given_up(office: Office) -> None:
    """Slack knows the person no more: the message is given up, and nothing waits for anybody."""
    del office.workspace.zones[ANA]
    send(office)
    office.tell()
    (given_up,) = office.store.outbox.listed([DeliveryState.FAILED])
    assert given_up.alert.channel == directly(ANA)
    assert "cannot be reached" in given_up.error
    assert len(office.messages) == 1
