"""Takes an answer to the one person who asked, and to nobody else."""

from __future__ import annotations

import logging
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from monitor.channels.slack_api import TIMEOUT, SlackApi
from monitor.errors import DeliveryError
from monitor.slackapp.answers import Answer
from monitor.slackapp.payloads import Sender
from monitor.urls import host

log = logging.getLogger(__name__)

_SLACKS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})


class Replies:
    """Answers by the address that came with the question, else by chat.postEphemeral.

    The address takes five answers within half an hour:
    https://docs.slack.dev/interactivity/handling-user-interaction#message_responses.
    """

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    def send(self, sender: Sender, answer: Answer) -> None:
        """Send an answer; one that cannot be sent is logged, for what was asked is done."""
        if self._is_slacks(sender.reply_to) and self._answered(sender.reply_to, answer):
            return
        try:
            self._api.call(
                "Slack",
                "chat.postEphemeral",
                channel=sender.place,
                user=sender.person.id,
                text=answer.text,
                blocks=answer.blocks,
            )
        except DeliveryError as error:
            facts = {"code": error.code, "reason": error.reason}
            log.warning("an answer could not be delivered", extra=facts)

    def _is_slacks(self, address: str) -> bool:
        """Say whether an address is Slack's, or that of what stands in for it on this machine."""
        own = urlsplit(self._api.url)
        try:
            parts = urlsplit(address)
            if parts.scheme == "https" and parts.port in (None, 443):
                return host(address) in _SLACKS and not parts.username
        except ValueError:
            return False
        return own.scheme == "http" == parts.scheme and parts.hostname == own.hostname

    def _answered(self, address: str, answer: Answer) -> bool:
        silent = logging.Logger("slack", logging.CRITICAL)  # noqa: LOG001 - outside the tree
        client = WebhookClient(address, TIMEOUT, logger=silent, retry_handlers=[])
        if address.startswith("http:"):
            client.proxy = None
        try:
            response = client.send(
                text=answer.text,
                blocks=answer.blocks,
                response_type="ephemeral",
                replace_original=False,
            )
        except (OSError, HTTPException, ValueError, SlackClientError) as error:
            log.info("an address takes no answer", extra={"reason": type(error).__name__})
            return False
        return response.status_code == HTTPStatus.OK
