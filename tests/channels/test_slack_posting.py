"""What is posted, where, and how refusals are cured."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from monitor.channels import SlackChannel
from monitor.errors import FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Alert, Delivery, Match
from tests.alerts.builders import NOW, alert
from tests.render.test_slack_messages import huge
from tests.servers.slack_api import SlackServer, Workspace


def delivery(made: Alert | None = None, thread: str = "", **fields: Any) -> Delivery:
    """Make a first attempt to deliver an alert."""
    return Delivery(1, replace(made or alert(), **fields), thread=thread, tried_at=NOW)


def methods(workspace: Workspace) -> list[str]:
    """Name the methods that were called."""
    return [method for method, _ in workspace.calls]


def test_an_alert_is_posted_with_its_key_and_without_previews(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Metadata holds the opaque key; nothing unfurls; the receipt names the message."""
    receipt = slack.send(delivery())
    ((method, arguments),) = workspace.calls
    assert method == "chat.postMessage"
    assert arguments["metadata"]["event_payload"] == {"k": alert().key}
    assert (arguments["unfurl_links"], arguments["unfurl_media"]) == (False, False)
    assert (arguments["link_names"], arguments["parse"]) == (False, "none")
    assert (receipt.reference, receipt.place) == (workspace.posted[0]["ts"], "C01ALERTS")


def test_the_same_alert_has_the_same_client_message_id(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """A bonus where Slack drops doubles; another channel's copy is another message."""
    for channel in ("#immigration-alerts", "#immigration-alerts", "#ny"):
        slack.send(delivery(channel=channel))
    ids = [arguments["client_msg_id"] for _, arguments in workspace.calls]
    assert ids[0] == ids[1] != ids[2]


def test_a_channels_id_is_learnt_from_the_first_answer(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """A name goes out once; a renamed channel is then still reached."""
    slack.send(delivery())
    workspace.room("C01ALERTS").name = "renamed"
    slack.send(delivery())
    assert [arguments["channel"] for _, arguments in workspace.calls] == [
        "#immigration-alerts",
        "C01ALERTS",
    ]


def test_an_id_can_stand_for_a_name(slack: SlackChannel, workspace: Workspace) -> None:
    """Private channels are best named by their id."""
    slack.send(delivery(channel="C02NY"))
    assert workspace.room("#ny").messages


def test_a_later_alert_of_a_matter_replies_in_its_thread(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """The first message is the parent."""
    parent = slack.send(delivery()).reference
    slack.send(delivery(key="later", thread=parent))
    assert workspace.posted[1]["thread_ts"] == parent


def test_a_long_alert_goes_on_in_its_own_thread(slack: SlackChannel, workspace: Workspace) -> None:
    """The receipt names the first part; each part has a key of its own."""
    receipt = slack.send(delivery(huge()))
    first, *rest = workspace.posted
    assert receipt.reference == first["ts"]
    assert rest
    assert {message["thread_ts"] for message in rest} == {first["ts"]}
    assert workspace.keys == [huge().key, *(f"{huge().key}.{n}" for n in range(2, 2 + len(rest)))]


def test_a_long_reply_stays_in_the_matters_thread(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Slack has no threads within threads."""
    parent = slack.send(delivery()).reference
    slack.send(delivery(huge(), thread=parent))
    assert {message["thread_ts"] for message in workspace.posted[1:]} == {parent}


# -------------------------------------------------------------------------------- cures


def test_the_bot_joins_a_public_channel_that_wants_members(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Once; then the alert is posted."""
    workspace.scopes -= {"chat:write.public"}
    slack.send(delivery(channel="#open"))
    assert workspace.room("#open").is_member
    assert len(workspace.posted) == 1


def test_a_channel_that_cannot_be_joined_needs_a_person(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """The first refusal is what is told: type /invite."""
    workspace.scopes -= {"chat:write.public", "channels:join"}
    with pytest.raises(PermanentDelivery) as caught:
        slack.send(delivery(channel="#open"))
    assert (caught.value.code, caught.value.scope) == ("not_in_channel", FailureScope.CHANNEL)
    assert "/invite" in caught.value.reason
    assert methods(workspace).count("conversations.join") == 1


def test_a_name_that_slack_does_not_take_is_looked_up(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Slack may want ids: channel_not_found leads to the list of channels."""
    workspace.faults.append(("chat.postMessage", "error", "channel_not_found"))
    slack.send(delivery())
    assert methods(workspace) == ["conversations.list", "chat.postMessage"]
    assert workspace.calls[-1][1]["channel"] == "C01ALERTS"


def test_a_channel_that_does_not_exist_stops_only_itself(slack: SlackChannel) -> None:
    """A typing error in monitor.yaml."""
    with pytest.raises(PermanentDelivery) as caught:
        slack.send(delivery(channel="#imigration"))
    assert (caught.value.code, caught.value.scope) == ("channel_not_found", FailureScope.CHANNEL)


def test_refused_blocks_are_replaced_by_plain_text_once(
    slack: SlackChannel, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    """The alert arrives; the JSON pointer is in the log for those who mend the program."""
    workspace.faults.append(("chat.postMessage", "error", "invalid_blocks"))
    with caplog.at_level(logging.ERROR):
        slack.send(delivery())
    (posted,) = workspace.posted
    assert "blocks" not in posted
    assert "Limits cooperation with ICE" in posted["text"]
    assert workspace.keys == [alert().key]
    assert any("refused the blocks" in record.getMessage() for record in caplog.records)


def test_a_pointer_into_refused_blocks_is_logged(
    slack: SlackChannel,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As Slack itself says it."""
    monkeypatch.setattr("monitor.render.blocks.HEADER", 500)
    slack.send(delivery(headline="x" * 200))
    assert "/blocks/0/text/text" in str([vars(record)["reason"] for record in caplog.records])
    assert len(workspace.posted) == 1


def test_blocks_refused_twice_are_given_up(slack: SlackChannel, workspace: Workspace) -> None:
    """One message's trouble: it stops nothing else."""
    workspace.faults.extend([("chat.postMessage", "error", "no_text")] * 2)
    with pytest.raises(PermanentDelivery) as caught:
        slack.send(delivery())
    assert caught.value.scope is FailureScope.MESSAGE
    assert workspace.posted == []


def test_refused_metadata_is_left_out(slack: SlackChannel, workspace: Workspace) -> None:
    """Better an alert that cannot be found again than none."""
    workspace.faults.append(("chat.postMessage", "error", "invalid_metadata_schema"))
    slack.send(delivery())
    assert "metadata" not in workspace.posted[0]
    assert "blocks" in workspace.posted[0]


def test_a_refused_later_part_does_not_undo_the_first(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Readers have the alert; the part that is missing is in the log."""
    workspace.room("C01ALERTS").messages.clear()
    parent = slack.send(delivery())
    workspace.calls.clear()
    whole = len(workspace.posted)
    workspace.faults.extend(
        [("chat.postMessage", "slow", 0), ("chat.postMessage", "error", "msg_too_long")]
    )
    receipt = slack.send(delivery(huge(), key="huge"))
    assert receipt.reference != parent.reference
    later = workspace.posted[whole + 1]
    assert "blocks" not in later
    assert later["text"].startswith("Continued: ")


def test_a_parent_that_is_gone_is_told_as_such(slack: SlackChannel) -> None:
    """Who delivers opens a new thread."""
    with pytest.raises(PermanentDelivery) as caught:
        slack.send(delivery(thread="1234.000000"))
    assert (caught.value.code, caught.value.scope) == ("thread_not_found", FailureScope.THREAD)


def test_a_later_part_that_did_not_go_out_puts_the_alert_in_doubt(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Sending it all again would double the first part."""
    workspace.faults.extend([("chat.postMessage", "slow", 0), ("chat.postMessage", "429", 7)])
    with pytest.raises(TemporaryDelivery) as caught:
        slack.send(delivery(huge()))
    assert caught.value.maybe_arrived
    assert caught.value.retry_after is not None


def test_nothing_is_sent_without_a_notification_text(
    slack: SlackChannel, workspace: Workspace
) -> None:
    """Telephones and screen readers show only that."""
    slack.send(delivery(headline="", item=None, matches=()))
    assert workspace.posted[0]["text"]


def test_an_empty_alert_does_not_break_the_rest(slack: SlackChannel, workspace: Workspace) -> None:
    """Every field at its default."""
    slack.send(Delivery(1, Alert("k", "#ny", "alert", "")))
    slack.send(Delivery(1, Alert("k", "#ny", "alert", "x", matches=(Match(*_EMPTY_MATCH),))))
    assert len(workspace.posted) == 2


_EMPTY_MATCH: tuple[Any, ...] = ("", "", alert().priority, alert().direction, ())


def test_a_proxy_for_the_world_is_not_used_for_this_machine(
    server: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client would send plain http through HTTPS_PROXY."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    monkeypatch.delenv("http_proxy", raising=False)
    SlackChannel(server.token, server.url, now=lambda: NOW).send(delivery())
    assert len(server.workspace.posted) == 1
