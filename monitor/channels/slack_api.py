"""Calls Slack's Web API once: no retries, and every failure becomes a DeliveryError here."""

from __future__ import annotations

import errno
import logging
import math
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from socket import gaierror
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from monitor.channels.slack_errors import SlackFailure, of_code, of_status
from monitor.errors import PermanentDelivery, TemporaryDelivery

SLACK = WebClient.BASE_URL
TIMEOUT = 15
_READS = frozenset(
    {
        "auth.test",
        "conversations.list",
        "conversations.history",
        "conversations.replies",
        "users.info",
    }
)
_LONGEST_PAUSE = 3600
_MEANT_BY_STATUS = frozenset({429, *range(500, 600)})
# The connection was never made, so nothing can have arrived.
_NEVER_SENT = (ConnectionRefusedError, gaierror, ssl.SSLCertVerificationError)
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack answered; header names in lower case."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]


class SlackApi:
    """Slack's Web API with one token. The token leaves this object only towards Slack.

    The client's own retries are off: it would post twice where a connection drops after the
    request. Its log is silent: it would write whole messages.
    """

    def __init__(self, token: str, url: str = SLACK, timeout: int = TIMEOUT) -> None:
        self.url = url
        silent = logging.Logger("slack", logging.CRITICAL)  # noqa: LOG001 - outside the tree
        self._client = WebClient(token, url, timeout, retry_handlers=[], logger=silent)
        # The client would send plain http (what stands in for Slack on this machine) through
        # HTTPS_PROXY; without a proxy of its own, urllib follows the environment as others do.
        self._client.proxy = None

    def call(self, channel: str, method: str, /, **arguments: Any) -> Answer:
        """Call a method once; `channel` is named in errors.

        Raises TemporaryDelivery (with maybe_arrived where the request may have been taken) and
        PermanentDelivery.
        """
        # Slack takes JSON only for methods that write.
        way = {"params": arguments} if method in _READS else {"json": arguments}
        try:
            answer = self._client.api_call(method, **way)  # type: ignore[arg-type]
        except SlackApiError as error:
            raise _refused(channel, error) from error
        except URLError as error:
            raise unsent(channel, error) from error
        except (OSError, HTTPException) as error:
            reason = f"the connection broke off before Slack answered: {error}"
            raise TemporaryDelivery(channel, "no_answer", reason, maybe_arrived=True) from error
        except (ValueError, LookupError, AttributeError) as error:
            # A body in an unknown encoding, or JSON that is no object: not Slack's own words.
            raise of_status(channel, 200) from error
        except SlackClientError as error:
            raise PermanentDelivery(channel, "unusable", str(error)) from error
        body = answer.data if isinstance(answer.data, dict) else {}
        return Answer(body, {name.lower(): text for name, text in answer.headers.items()})

    def pages(
        self, channel: str, method: str, name: str, most: int, /, **arguments: Any
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the records `name` of at most `most` pages; the cursor is followed.

        Raises as `call`, and PermanentDelivery "too_many_pages" where more would follow.
        """
        cursor = ""
        for _ in range(most):
            extra = {"cursor": cursor} if cursor else {}
            body = self.call(channel, method, **arguments, **extra).body
            yield from body.get(name) or ()
            cursor = (body.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        reason = f"{method} has more than {most} pages"
        raise PermanentDelivery(channel, "too_many_pages", reason)


def _refused(channel: str, error: SlackApiError) -> SlackFailure:
    """Read Slack's own "no", or an answer that is not Slack's."""
    response = error.response
    if not isinstance(response, SlackResponse):
        return of_status(channel, 200)
    headers = {name.lower(): text for name, text in response.headers.items()}
    pause = seconds(headers.get("retry-after", ""))
    body = response.data if isinstance(response.data, dict) else {}
    code = str(body.get("error") or "")
    # The client puts a sentence of its own where the body was no JSON.
    is_code = code.isascii() and code.replace("_", "").isalnum()
    if response.status_code in _MEANT_BY_STATUS or not is_code:
        return of_status(channel, response.status_code, pause)
    return of_code(channel, code, _detail(body), pause)


def _detail(body: Mapping[str, Any]) -> str:
    """Collect what Slack adds: the missing scope; the JSON pointers into refused blocks."""
    needed = str(body.get("needed") or "")
    messages = (body.get("response_metadata") or {}).get("messages") or []
    return "; ".join(part for part in (needed, *map(str, messages[:5])) if part)


def seconds(text: str) -> timedelta | None:
    """Read Retry-After in seconds (Slack sends no dates); at most an hour is believed."""
    try:
        wish = float(text)
    except ValueError:
        return None
    return timedelta(seconds=min(max(wish, 0), _LONGEST_PAUSE)) if math.isfinite(wish) else None


def unsent(channel: str, error: URLError) -> TemporaryDelivery:
    """Tell a connection that was never made from one that broke while the message went out."""
    cause = error.reason
    reason = f"Slack cannot be reached: {cause}"
    never_sent = isinstance(cause, _NEVER_SENT) or getattr(cause, "errno", None) in _NO_WAY
    code = "unreachable" if never_sent else "no_answer"
    return TemporaryDelivery(channel, code, reason, maybe_arrived=not never_sent)
