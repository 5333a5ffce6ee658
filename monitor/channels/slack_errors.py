"""What each of Slack's errors means for a delivery: try again, or who has to act.

The codes are those of https://docs.slack.dev/reference/methods/chat.postMessage and of the other
methods used; a code that stands nowhere here concerns the one message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.errors import FailureScope, PermanentDelivery, TemporaryDelivery

SlackFailure = TemporaryDelivery | PermanentDelivery

# Without its blocks (or its metadata) such a message may still be taken.
REFUSED_BLOCKS = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "markdown_text_conflict",
        "invalid_arguments",
        "invalid_array_arg",
        "block_mismatch",
    }
)
REFUSED_METADATA = frozenset(
    {
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "metadata_must_be_sent_from_app",
    }
)


@dataclass(frozen=True, slots=True)
class _Later:
    """Try again: at once with back-off, or not before `after`."""

    says: str
    maybe_arrived: bool = False
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Never:
    """A person must act; until then `scope` waits."""

    says: str
    scope: FailureScope


_THROTTLED = _Later("Slack asks for a pause")
_LATER = {
    "ratelimited": _THROTTLED,
    "rate_limited": _THROTTLED,
    "service_unavailable": _Later("Slack is out of order", maybe_arrived=True),
    "internal_error": _Later("Slack had a fault of its own", maybe_arrived=True),
    "fatal_error": _Later("Slack had a fault in the middle", maybe_arrived=True),
    "request_timeout": _Later("Slack got only a part of the request"),
    "team_added_to_org": _Later("the workspace is moving", after=timedelta(hours=1)),
    "org_login_required": _Later("the workspace is moving", after=timedelta(hours=1)),
    "external_channel_migrating": _Later("the channel is moving", after=timedelta(minutes=5)),
}

_TOKEN = "Slack does not accept the token; put a valid one in SLACK_BOT_TOKEN"  # noqa: S105 - words
_RIGHTS = "the app lacks a right; add the scope in the app's settings and install it again"
_POLICY = "the workspace's rules forbid it; ask an owner of the workspace"
_SERVICE = {
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"), _TOKEN
    ),
    **dict.fromkeys(("missing_scope", "no_permission", "not_allowed_token_type"), _RIGHTS),
    **dict.fromkeys(
        (
            "ekm_access_denied",
            "accesslimited",
            "access_denied",
            "enterprise_is_restricted",
            "team_access_not_granted",
            "two_factor_setup_required",
        ),
        _POLICY,
    ),
    "message_limit_exceeded": "the workspace has reached its limit of messages",
    "deprecated_endpoint": "Slack has ended this method; a newer version of the monitor is needed",
    "method_deprecated": "Slack has ended this method; a newer version of the monitor is needed",
}
_CHANNEL = {
    "channel_not_found": "there is no such channel, or it is private and the bot was not invited",
    "not_in_channel": "the bot is not in the channel; type /invite @its-name there",
    "is_archived": "the channel is archived; choose another one in monitor.yaml or the filters",
    "posting_to_general_channel_denied": "only some people may post in this channel",
    "channel_type_not_supported": "the bot cannot post to this sort of channel",
    "method_not_supported_for_channel_type": "the bot cannot join this sort of channel; invite it",
}
_THREAD = {
    "thread_not_found": "the message to reply to was deleted",
    "message_not_found": "the message was deleted",
    "cannot_reply_to_message": "this message takes no replies",
    "restricted_action_thread_locked": "the thread is locked",
    "restricted_action_non_threadable_channel": "the channel has no threads",
}
# Of those who were to be told directly. Slack says of a person who left what it says of channels.
_PERSON = dict.fromkeys(
    ("user_not_found", "users_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot"),
    "this person cannot be reached any more",
)
_MESSAGE = {
    "messages_tab_disabled": "people cannot be written to; in the app's settings, under App Home, "
    "switch the Messages Tab on, then `monitor outbox retry`",
}
_TABLE: dict[str, _Later | _Never] = {
    **_LATER,
    **{code: _Never(says, FailureScope.SERVICE) for code, says in _SERVICE.items()},
    **{code: _Never(says, FailureScope.CHANNEL) for code, says in _CHANNEL.items()},
    **{code: _Never(says, FailureScope.THREAD) for code, says in _THREAD.items()},
    **{code: _Never(says, FailureScope.PERSON) for code, says in _PERSON.items()},
    **{code: _Never(says, FailureScope.MESSAGE) for code, says in _MESSAGE.items()},
}


def of_code(
    channel: str, code: str, detail: str = "", retry_after: timedelta | None = None
) -> SlackFailure:
    """Turn Slack's own error code into an error of the monitor.

    detail: what Slack adds: the scope that is missing, the place in the blocks.
    retry_after: from the header, where Slack sent it.
    """
    meaning = _TABLE.get(code) or _unlisted(code)
    says = f"{meaning.says}: {detail}" if detail else meaning.says
    if isinstance(meaning, _Never):
        return PermanentDelivery(channel, code, says, meaning.scope)
    after = retry_after or meaning.after
    return TemporaryDelivery(channel, code, says, meaning.maybe_arrived, after)


def of_status(channel: str, status: int, retry_after: timedelta | None = None) -> SlackFailure:
    """Turn an answer that carries no code of Slack's into an error, by its HTTP status."""
    code = f"http_{status}"
    if status == 429:  # noqa: PLR2004 - RFC 6585
        return TemporaryDelivery(channel, code, _THROTTLED.says, retry_after=retry_after)
    if status >= 500 or status in {200, 408}:  # noqa: PLR2004 - RFC 9110
        says = "Slack answered with something that is no answer"
        return TemporaryDelivery(channel, code, says, maybe_arrived=True, retry_after=retry_after)
    if status == 413:  # noqa: PLR2004 - RFC 9110
        return PermanentDelivery(channel, code, "the message is too large")
    says = "this is not Slack answering; is SLACK_API_URL right, or a proxy in between?"
    return PermanentDelivery(channel, code, says, FailureScope.SERVICE)


def _unlisted(code: str) -> _Never:
    if code.startswith("restricted_action"):
        return _Never("the channel's settings keep the bot from posting", FailureScope.CHANNEL)
    return _Never("Slack refuses the message", FailureScope.MESSAGE)
