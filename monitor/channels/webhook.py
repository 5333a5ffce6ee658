"""Slack's incoming webhooks, for where an app is not allowed: one address posts to one channel.

They take the same blocks and text, and nothing else: no replies, no edits, no buttons, no metadata.
Nobody can ask what arrived, so an attempt in doubt stays so until a person looks.

Documented at https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk.webhook import WebhookClient, WebhookResponse

from monitor.channels.slack_api import TIMEOUT, seconds, unsent
from monitor.channels.slack_errors import REFUSED_BLOCKS, SlackFailure, of_status
from monitor.channels.smtp_url import is_here
from monitor.errors import DeliveryError, FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Delivery, Posted, Receipt
from monitor.render.slack import SlackMessage, fallback, message, told_before

log = logging.getLogger(__name__)

LACKS = (
    "no threads (a later alert names its matter instead), no edits, no buttons, and after a crash "
    "nobody can find out whether an alert arrived"
)
_GONE = "the webhook was revoked; make a new one and put its address into {}"
_CHANNEL = {
    "channel_not_found": "the channel of the webhook was deleted; make a webhook for another one",
    "channel_is_archived": "the channel of the webhook is archived; make one for another channel",
    "is_archived": "the channel of the webhook is archived; make one for another channel",
    "action_prohibited": "the workspace's rules forbid it; ask an owner of the workspace",
    "posting_to_general_channel_denied": "only some people may post in this channel",
    "team_disabled": "the workspace is closed",
    **dict.fromkeys(
        ("no_service", "no_service_id", "no_active_hooks", "no_team", "invalid_token"), _GONE
    ),
}
# Slack answers so to a message without words: the webhook works, and nothing was posted.
_NOTHING_SAID = frozenset({"no_text", "missing_text_or_fallback_or_attachments"})
_CURED_BY_TEXT = REFUSED_BLOCKS | {"invalid_payload", "invalid_attachments"}
# A webhook takes one message a second; a pause that is asked for amid a message is kept so often.
_BETWEEN_PARTS = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(minutes=1)
_TRIES = 3


class WebhookChannel:
    """Posts to incoming webhooks; an alert's channel is "webhook" or "webhook:name".

    urls: the secret address of each channel. variables: in which variable each stands, for advice.
    """

    name = "webhooks"
    pause = 1.0

    def __init__(
        self,
        urls: Mapping[str, str],
        variables: Mapping[str, str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: int = TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._urls = urls
        self._variables = variables
        self._now = now
        self._timeout = timeout
        self._sleep = sleep
        self._warned: set[str] = set()

    def send(self, delivery: Delivery) -> Receipt:
        """Post one alert, in parts where it is long; the receipt has no reference.

        Raises TemporaryDelivery and PermanentDelivery as SlackChannel does.
        """
        channel = delivery.alert.channel
        self._say_once_what_lacks(channel)
        state = (told_before(delivery.about),) if delivery.about else ()
        first, *rest = message(delivery.alert, self._now(), state=state)
        try:
            self._post(channel, first)
        except PermanentDelivery as error:
            if error.code not in _CURED_BY_TEXT:
                raise
            log.error("slack refused the blocks of a message", extra=_facts(error))  # noqa: TRY400 - cured
            self._post(channel, fallback(delivery.alert, self._now()))
            return Receipt("", channel, note=f"sent as plain text: {error.reason}")
        for part in rest:
            self._follow(channel, part)
        return Receipt("", channel)

    def revise(self, posted: Posted) -> None:
        """Leave what was posted as it is."""

    def find(self, delivery: Delivery) -> NoReturn:
        """Raise PermanentDelivery: nobody but a person can look into the channel."""
        reason = (
            "a webhook cannot be asked whether a message arrived; look into its channel, then "
            f"`monitor outbox resolve {delivery.id} sent` or `… retry`"
        )
        raise PermanentDelivery(delivery.alert.channel, "webhook_is_blind", reason)

    def probe(self, channel: str) -> DeliveryError | None:
        """Try a webhook without posting anything; return what is wrong with it."""
        try:
            self._call(channel, {"text": ""})
        except DeliveryError as error:
            return None if error.code in _NOTHING_SAID else error
        return None

    def _say_once_what_lacks(self, channel: str) -> None:
        if channel not in self._warned:
            self._warned.add(channel)
            log.warning("a webhook has its limits", extra={"channel": channel, "lacks": LACKS})

    def _follow(self, channel: str, part: SlackMessage) -> None:
        """Post a further part, keeping the pauses that are asked for.

        Raises TemporaryDelivery with maybe_arrived, for the first part did arrive.
        """
        pause = _BETWEEN_PARTS
        for _ in range(_TRIES):
            self._sleep(pause.total_seconds())
            try:
                return self._post(channel, part)
            except TemporaryDelivery as error:
                reason = f"a later part of the message is missing: {error.reason}"
                failed = TemporaryDelivery(channel, error.code, reason, maybe_arrived=True)
                pause = min(error.retry_after or _BETWEEN_PARTS, _LONGEST_PAUSE)
                if error.maybe_arrived:
                    break
            except PermanentDelivery as error:
                log.error("a later part of a message was refused", extra=_facts(error))  # noqa: TRY400
                return None
        raise failed

    def _post(self, channel: str, shown: SlackMessage) -> None:
        body: dict[str, Any] = {
            "text": shown.text,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        self._call(channel, body | ({"blocks": list(shown.blocks)} if shown.blocks else {}))

    def _call(self, channel: str, body: Mapping[str, Any]) -> None:
        """Post once; every failure becomes a DeliveryError, without the address."""
        try:
            answer = self._client(channel).send_dict(dict(body))
        except URLError as error:
            raise unsent(channel, error) from None
        except (OSError, HTTPException) as error:
            reason = f"the connection broke off before Slack answered ({type(error).__name__})"
            raise TemporaryDelivery(channel, "no_answer", reason, maybe_arrived=True) from None
        except (ValueError, LookupError):
            raise of_status(channel, 200) from None
        if failure := self._failure(channel, answer):
            raise failure

    def _client(self, channel: str) -> WebhookClient:
        url = self._urls.get(channel, "")
        variable = self._variables.get(channel, "")
        if not url:
            reason = f"its address is missing; put it into {variable}"
            raise PermanentDelivery(channel, "no_address", reason, FailureScope.CHANNEL)
        if not _is_address(url):
            reason = f"{variable} holds no address that begins with https://"
            raise PermanentDelivery(channel, "bad_address", reason, FailureScope.CHANNEL)
        # The client's own retries would post twice; its log would write the address.
        silent = logging.Logger("webhook", logging.CRITICAL + 1)  # noqa: LOG001 - outside the tree
        return WebhookClient(url, self._timeout, retry_handlers=[], logger=silent)

    def _failure(self, channel: str, answer: WebhookResponse) -> SlackFailure | None:
        """Read an answer; None is a yes. Slack says its codes as plain text."""
        status, said = answer.status_code, answer.body.strip()
        headers = {name.lower(): text for name, text in answer.headers.items()}
        if status == 200 and (said == "ok" or _is_ok(said)):  # noqa: PLR2004 - RFC 9110
            return None
        code = said if said.replace("_", "").isalnum() and len(said) < 60 else ""  # noqa: PLR2004
        if code in _CHANNEL:
            reason = _CHANNEL[code].format(self._variables.get(channel, "the environment"))
            return PermanentDelivery(channel, code, reason, FailureScope.CHANNEL)
        if status in {401, 403, 404, 410}:
            reason = _GONE.format(self._variables.get(channel, "the environment"))
            return PermanentDelivery(
                channel, code or f"http_{status}", reason, FailureScope.CHANNEL
            )
        if status == 400:  # noqa: PLR2004 - RFC 9110
            return PermanentDelivery(channel, code or "http_400", "Slack refuses the message")
        return of_status(channel, status, seconds(headers.get("retry-after", "")))


def _is_address(url: str) -> bool:
    """Say whether a post gets there unread by others: the address itself is the key."""
    try:
        parts = urlsplit(url)
        encrypted = parts.scheme == "https" or (
            parts.scheme == "http" and is_here(parts.hostname or "")
        )
        return encrypted and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_ok(said: str) -> bool:
    """Say whether an answer is a yes in JSON, as of servers that speak like Slack."""
    try:
        body = json.loads(said)
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("ok") is True


def _facts(error: DeliveryError) -> dict[str, object]:
    return {"channel": error.channel, "code": error.code, "reason": error.reason}
