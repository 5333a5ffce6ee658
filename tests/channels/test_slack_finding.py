"""Whether an attempt in doubt arrived: the channel itself knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.channels import SlackChannel
from monitor.errors import PermanentDelivery, TemporaryDelivery
from monitor.models import Delivery
from tests.alerts.builders import NOW, alert
from tests.channels.test_slack_posting import delivery, methods
from tests.render.test_slack_messages import huge
from tests.servers.slack_api import SlackServer, Workspace


def lost(slack: SlackChannel, workspace: Workspace, kind: str, made: Delivery) -> None:
    """Send, and lose the answer."""
    workspace.faults.append(("chat.postMessage", kind, None))
    with pytest.raises(TemporaryDelivery):
        slack.send(made)


def test_a_message_whose_answer_was_lost_is_found(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """By its key; the receipt is the one that was lost."""
    lost(slack, workspace, "drop_after", delivery())
    receipt = slack.find(delivery())
    assert receipt is not None
    assert (receipt.reference, receipt.place) == (workspace.posted[0]["ts"], "C01ALERTS")


def test_a_message_that_never_arrived_is_not_found(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Other messages, other people's and our own, are not taken for it."""
    slack.send(delivery(key="another"))
    workspace.room("C01ALERTS").messages.append(
        {"ts": f"{NOW.timestamp():.6f}", "text": "hello", "channel": "C01ALERTS"}
    )
    lost(slack, workspace, "drop_before", delivery())
    assert slack.find(delivery()) is None


def test_a_reply_is_looked_for_in_its_thread(slack: SlackChannel, workspace: Workspace) -> None:
    """Replies do not stand in the channel's history."""
    parent = slack.send(delivery(key="parent")).reference
    lost(slack, workspace, "drop_after", delivery(thread=parent))
    receipt = slack.find(delivery(thread=parent))
    assert receipt is not None
    assert receipt.reference == workspace.posted[1]["ts"]
    assert "conversations.history" not in methods(workspace)


def test_a_thread_that_is_gone_holds_nothing(slack: SlackChannel) -> None:
    """The parent was deleted: the reply cannot be there."""
    assert slack.find(delivery(thread="1234.000000")) is None


@pytest.mark.parametrize("apart", [-9, 9])
def test_clocks_may_differ_by_minutes(
    slack: SlackChannel, workspace: Workspace, apart: int
) -> None:
    """Slack's time of the message is Slack's, that of the attempt is ours."""
    workspace.clock = (NOW + timedelta(minutes=apart)).timestamp
    lost(slack, workspace, "drop_after", delivery())
    assert slack.find(delivery()) is not None


def test_only_messages_around_the_attempt_are_read(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """A week's downtime in a busy channel does not mean a week's messages."""
    week_later = replace(delivery(), tried_at=NOW - timedelta(days=7))
    slack.send(delivery())
    assert slack.find(week_later) is None
    arguments = workspace.calls[-1][1]
    assert (
        float(arguments["latest"]) - float(arguments["oldest"])
        == timedelta(minutes=20).total_seconds()
    )
    assert arguments["include_all_metadata"] == "1"


def test_all_pages_are_read(slack: SlackChannel, workspace: Workspace) -> None:
    """The message stands on the third page, the channel on the second."""
    workspace.limit_pages_to = 3
    slack.send(delivery())
    for number in range(7):
        slack.send(delivery(key=f"later {number}"))
    fresh = SlackChannel(SlackServer.token, slack.api.url, now=lambda: NOW)
    assert fresh.find(delivery()) is not None
    assert methods(workspace).count("conversations.history") == 3


def test_pages_without_end_are_no_answer(
    slack: SlackChannel, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not read to its end cannot say that a message is missing."""
    monkeypatch.setattr("monitor.channels.slack._PAGES", 2)
    workspace.limit_pages_to = 1
    for number in range(4):
        slack.send(delivery(key=str(number)))
    with pytest.raises(PermanentDelivery) as caught:
        slack.find(delivery(key="missing"))
    assert caught.value.code == "too_many_pages"


def test_the_bot_joins_to_look(slack: SlackChannel, workspace: Workspace) -> None:
    """With chat:write.public one posts without being there, but cannot read."""
    lost(slack, workspace, "drop_after", delivery(channel="#open"))
    assert slack.find(delivery(channel="#open")) is not None
    assert workspace.room("#open").is_member


@pytest.mark.parametrize("scope", ["channels:history", "channels:read"])
def test_without_the_right_to_read_nobody_can_know(
    slack: SlackChannel, workspace: Workspace, scope: str
) -> None:
    """The outcome stays unknown, for a person to resolve."""
    workspace.scopes -= {scope}
    with pytest.raises(PermanentDelivery) as caught:
        slack.find(delivery())
    assert scope in caught.value.reason


def test_without_the_right_to_private_channels_public_ones_are_found(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """groups:read is a convenience."""
    workspace.scopes -= {"groups:read"}
    assert slack.channel_id("#ny") == "C02NY"


def test_a_fault_while_looking_is_worth_another_look(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Neither found nor missing: not known yet."""
    workspace.faults.append(("conversations.history", "429", 5))
    with pytest.raises(TemporaryDelivery):
        slack.find(delivery())


def test_a_cut_off_message_is_completed(slack: SlackChannel, workspace: Workspace) -> None:
    """The first part arrived, the second did not: only what is missing is posted."""
    workspace.faults.extend(
        [("chat.postMessage", "slow", 0), ("chat.postMessage", "drop_before", 0)]
    )
    made = delivery(huge())
    with pytest.raises(TemporaryDelivery):
        slack.send(made)
    receipt = slack.find(made)
    assert receipt is not None
    assert receipt.reference == workspace.posted[0]["ts"]
    assert len(workspace.keys) == len(set(workspace.keys)) >= 2
    slack.find(made)
    assert len(workspace.keys) == len(set(workspace.keys))


def test_an_archived_namesake_does_not_hide_a_channel(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Slack lists both; the open one is meant."""
    workspace.room("#old").name = "ny"
    workspace.rooms.reverse()
    assert slack.channel_id("#ny") == "C02NY"


def test_an_alert_of_another_channel_is_another_alert(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Its copy elsewhere is no receipt."""
    slack.send(delivery(channel="#ny"))
    assert alert().key in workspace.keys
    assert slack.find(delivery()) is None
