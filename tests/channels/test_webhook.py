"""Slack's incoming webhooks: the same messages, and plain words about what they lack."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.channels import WebhookChannel
from monitor.errors import DeliveryError, FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Alert, Delivery, Posted, Receipt
from monitor.render.slack import fallback, message
from tests.alerts.builders import NOW, alert
from tests.render.test_slack_messages import huge
from tests.servers.posts import HOOK, PostServer, Say

VARIABLES = {"webhook": "SLACK_WEBHOOK_URL", "webhook:north": "SLACK_WEBHOOK_NORTH"}


@pytest.fixture
def server() -> Iterator[PostServer]:
    """Serve webhooks on loopback."""
    with PostServer() as running:
        yield running


@pytest.fixture
def slept() -> list[float]:
    """Keep what the channel slept; no time passes."""
    return []


@pytest.fixture
def webhook(server: PostServer, slept: list[float]) -> WebhookChannel:
    """Post to two webhooks."""
    urls = {"webhook": server.hook, "webhook:north": f"{server.hook}-north"}
    return WebhookChannel(urls, VARIABLES, now=lambda: NOW, timeout=5, sleep=slept.append)


def delivery(made: Alert | None = None, about: str = "", **fields: Any) -> Delivery:
    """Make a first attempt to deliver an alert."""
    return Delivery(7, replace(made or alert(), channel="webhook", **fields), about=about)


def failure(webhook: WebhookChannel, made: Delivery | None = None) -> DeliveryError:
    """Send, and return what went wrong."""
    with pytest.raises(DeliveryError) as caught:
        webhook.send(made or delivery())
    return caught.value


def test_the_same_blocks_and_words_are_posted(webhook: WebhookChannel, server: PostServer) -> None:
    """And no previews; the receipt opens no thread."""
    receipt = webhook.send(delivery())
    (shown,) = message(alert(), NOW)
    assert receipt == Receipt("", "webhook")
    assert server.taken == [
        (
            HOOK,
            {
                "text": shown.text,
                "blocks": list(shown.blocks),
                "unfurl_links": False,
                "unfurl_media": False,
            },
        )
    ]


def test_each_name_has_its_own_address(webhook: WebhookChannel, server: PostServer) -> None:
    """One webhook posts to one channel."""
    webhook.send(delivery())
    webhook.send(Delivery(8, alert(channel="webhook:north")))
    assert [path for path, _ in server.taken] == [HOOK, f"{HOOK}-north"]


def test_a_later_alert_names_its_matter(webhook: WebhookChannel, server: PostServer) -> None:
    """There is no thread that would."""
    webhook.send(delivery(about="Int 1234: An act about <!channel>, call 212-555-0134"))
    second = server.messages[0]["blocks"][1]["elements"][0]["text"]
    assert second.startswith("More on: Int 1234: An act about <\u200b!channel>")
    assert "555-0134" not in second


def test_a_long_alert_goes_on_in_further_messages(
    webhook: WebhookChannel, server: PostServer, slept: list[float]
) -> None:
    """At Slack's pace of one a second."""
    webhook.send(delivery(huge()))
    assert len(server.taken) == len(message(huge(), NOW)) > 1
    assert slept == [1.0] * (len(server.taken) - 1)


def test_a_pause_amid_a_message_is_kept(
    webhook: WebhookChannel, server: PostServer, slept: list[float]
) -> None:
    """The first part arrived: nothing may begin anew."""
    parts = len(message(huge(), NOW))
    server.script.extend([Say(takes=True), Say(429, "", (("Retry-After", "7"),))])
    webhook.send(delivery(huge()))
    assert len(server.taken) == parts
    assert slept[:2] == [1.0, 7.0]


def test_a_part_that_stays_missing_leaves_the_message_in_doubt(
    webhook: WebhookChannel, server: PostServer
) -> None:
    """A person decides; by itself it is not sent again."""
    server.script.extend([Say(takes=True), *[Say(429, "")] * 3])
    error = failure(webhook, delivery(huge()))
    assert isinstance(error, TemporaryDelivery)
    assert error.maybe_arrived
    assert "a later part of the message is missing" in error.reason


def test_refused_blocks_are_replaced_by_plain_text(
    webhook: WebhookChannel, server: PostServer
) -> None:
    """The alert arrives, and the receipt says that something is wrong."""
    server.script.append(Say(400, "invalid_blocks"))
    receipt = webhook.send(delivery())
    assert [body["text"] for body in server.messages] == [fallback(alert(), NOW).text]
    assert "blocks" not in server.messages[0]
    assert receipt.note.startswith("sent as plain text")


# ------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("status", "said", "scope"),
    [
        (400, "user_not_found", FailureScope.MESSAGE),
        (404, "channel_not_found", FailureScope.CHANNEL),
        (410, "channel_is_archived", FailureScope.CHANNEL),
        (403, "action_prohibited", FailureScope.CHANNEL),
        (403, "posting_to_general_channel_denied", FailureScope.CHANNEL),
        (404, "no_service", FailureScope.CHANNEL),
        (404, "no_team", FailureScope.CHANNEL),
        (403, "invalid_token", FailureScope.CHANNEL),
        (410, "<html>Gone</html>", FailureScope.CHANNEL),
        (404, "", FailureScope.CHANNEL),
    ],
)
def test_what_slack_refuses_needs_a_person(
    webhook: WebhookChannel, server: PostServer, status: int, said: str, scope: FailureScope
) -> None:
    """One message, or all of this webhook; never all webhooks."""
    server.script.append(Say(status, said))
    error = failure(webhook)
    assert isinstance(error, PermanentDelivery)
    assert error.scope is scope
    assert error.code == (said if said and "<" not in said else f"http_{status}")


def test_a_revoked_webhook_names_the_variable_to_change(
    webhook: WebhookChannel, server: PostServer
) -> None:
    """Not its value."""
    server.script.append(Say(404, "no_service"))
    assert "SLACK_WEBHOOK_URL" in failure(webhook).reason


def test_a_pause_that_is_asked_for_is_told(webhook: WebhookChannel, server: PostServer) -> None:
    """429 with Retry-After: surely not posted."""
    server.script.append(Say(429, "rate_limited", (("Retry-After", "30"),)))
    error = failure(webhook)
    assert isinstance(error, TemporaryDelivery)
    assert (error.maybe_arrived, error.retry_after) == (False, timedelta(seconds=30))


@pytest.mark.parametrize(
    "say", [Say(500, "rollup_error"), Say(503, ""), Say(200, "<html>Log in</html>"), Say(drop=True)]
)
def test_what_may_have_arrived_is_in_doubt(
    webhook: WebhookChannel, server: PostServer, say: Say
) -> None:
    """And goes out once."""
    server.script.append(say)
    error = failure(webhook)
    assert isinstance(error, TemporaryDelivery)
    assert error.maybe_arrived
    assert server.asked == 1


def test_nobody_can_find_out_what_arrived(webhook: WebhookChannel, server: PostServer) -> None:
    """The advice names the command and the alert."""
    with pytest.raises(PermanentDelivery) as caught:
        webhook.find(delivery())
    assert "monitor outbox resolve 7 sent" in caught.value.reason
    assert server.asked == 0


def test_nothing_is_edited(webhook: WebhookChannel, server: PostServer) -> None:
    """A webhook has no such method."""
    webhook.revise(Posted(alert(channel="webhook"), Receipt("", "webhook"), NOW))
    assert server.asked == 0


@pytest.mark.parametrize(
    ("urls", "code"),
    [
        ({}, "no_address"),
        ({"webhook": "hooks.example/x"}, "bad_address"),
        ({"webhook": "https://hooks.example:port/x"}, "bad_address"),
        ({"webhook": "http://hooks.example/x"}, "bad_address"),
    ],
)
def test_an_address_that_is_missing_or_none_is_said(urls: dict[str, str], code: str) -> None:
    """With the variable, without the value."""
    error = failure(WebhookChannel(urls, VARIABLES))
    assert (error.code, "SLACK_WEBHOOK_URL" in error.reason) == (code, True)
    assert "hooks.example" not in str(error)


def test_what_lacks_is_logged_once(
    webhook: WebhookChannel, caplog: pytest.LogCaptureFixture
) -> None:
    """At first use."""
    with caplog.at_level(logging.WARNING):
        webhook.send(delivery())
        webhook.send(delivery())
    (record,) = caplog.records
    assert "no threads" in vars(record)["lacks"]


# -------------------------------------------------------------------------------------- probes


def test_a_webhook_is_tried_without_posting(webhook: WebhookChannel, server: PostServer) -> None:
    """Slack refuses an empty message of a webhook that works, and others otherwise."""
    assert webhook.probe("webhook") is None
    assert (server.asked, server.taken) == (1, [])
    server.script.append(Say(404, "no_service"))
    error = webhook.probe("webhook")
    assert error is not None
    assert error.code == "no_service"


def test_the_address_never_shows(
    server: PostServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """At the noisiest level, for every kind of failure."""
    bad = "http://127.0.0.1:notaport/services/secretpath"
    urls = {"webhook": server.hook, "webhook:bad": bad, "webhook:file": "ftp://x/secretpath"}
    server.script.extend([Say(drop=True), Say(500), Say(404), Say(200, "<html>"), Say(400, "no")])
    shown = ""
    with caplog.at_level(logging.DEBUG):
        webhook = WebhookChannel(urls, VARIABLES, timeout=5)
        for channel in (*["webhook"] * 5, "webhook:bad", "webhook:file"):
            try:
                webhook.send(Delivery(1, alert(channel=channel)))
            except DeliveryError as error:
                shown += "".join(traceback.format_exception(error)) + repr(error)
    shown += caplog.text + str([vars(record) for record in caplog.records])
    shown += "".join(capfd.readouterr())
    assert "http_500" in shown
    assert not re.search("secretpath|/services/", shown)
