"""Checks for `monitor doctor` whether Slack is usable, and says what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from monitor.channels.slack import SlackChannel
from monitor.channels.slack_api import Answer
from monitor.errors import DeliveryError
from monitor.models import Finding, Level

# https://docs.slack.dev/reference/scopes
_NEEDED = {
    "chat:write": "to post",
    "channels:read": "to find channels by their names",
    "channels:history": "to see after a crash whether a message arrived",
}
_USEFUL = {
    "channels:join": "to join public channels by itself",
    "groups:read": "to find private channels",
    "groups:history": "to see after a crash whether a message arrived in a private channel",
}
_CLOCKS_APART = timedelta(minutes=5)


def check(slack: SlackChannel, channels: Iterable[str], now: datetime) -> tuple[Finding, ...]:
    """Try the token, its scopes, the clock, and every channel that alerts may go to."""
    try:
        answer = slack.api.call(slack.name, "auth.test")
    except DeliveryError as error:
        return (Finding(Level.FAIL, "Slack", "the token does not work", str(error)),)
    body = answer.body
    who = f"signed in as {body.get('user', '?')} in {body.get('team', '?')}"
    scopes = frozenset(filter(None, answer.headers.get("x-oauth-scopes", "").split(",")))
    scopes = frozenset(scope.strip() for scope in scopes)
    return (
        Finding(Level.OK, "Slack", who),
        *_scopes(scopes),
        *_clock(answer, now),
        *_channels(slack, channels, scopes),
    )


def _scopes(scopes: frozenset[str]) -> tuple[Finding, ...]:
    """Compare the token's scopes with those that are used; none said is none known."""
    if not scopes:
        return (Finding(Level.WARN, "Slack scopes", "Slack does not say which scopes there are"),)
    lacking = [_lacking(Level.FAIL, scope, why) for scope, why in _NEEDED.items()]
    lacking += [_lacking(Level.WARN, scope, why) for scope, why in _USEFUL.items()]
    missing = tuple(finding for scope, finding in lacking if scope not in scopes)
    return missing or (Finding(Level.OK, "Slack scopes", "all that are used"),)


def _lacking(level: Level, scope: str, why: str) -> tuple[str, Finding]:
    cure = "add it under OAuth & Permissions in the app's settings, and install the app again"
    return scope, Finding(level, "Slack scopes", f"{scope} is missing, {why}", cure)


def _clock(answer: Answer, now: datetime) -> tuple[Finding, ...]:
    """Compare the clocks: messages are found again by their time."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return ()
    if abs(theirs - now) <= _CLOCKS_APART:
        return ()
    says = f"this machine says {now:%Y-%m-%d %H:%M} UTC, Slack says {theirs:%Y-%m-%d %H:%M} UTC"
    return (Finding(Level.FAIL, "clock", says, "set this machine's clock, best by NTP"),)


def _channels(
    slack: SlackChannel, channels: Iterable[str], scopes: frozenset[str]
) -> tuple[Finding, ...]:
    names = tuple(dict.fromkeys(channels))
    if not names:
        return ()
    try:
        records = slack.channels(slack.name)
    except DeliveryError as error:
        says = "the channels cannot be listed"
        return (Finding(Level.WARN, "Slack channels", says, str(error)),)
    known: dict[str, Mapping[str, Any]] = {}
    for record in records:
        known.setdefault(f"#{record.get('name')}", record)
        known.setdefault(str(record.get("id")), record)
    return tuple(_channel(name, known.get(name), scopes) for name in names)


def _channel(name: str, record: Mapping[str, Any] | None, scopes: frozenset[str]) -> Finding:
    """Judge one channel: whether it exists, is open, and lets the bot post and read."""
    invite = f"type /invite @the-bot's-name in {name}"
    if record is None:
        says = "there is no such channel, or it is private and the bot was not invited"
        return Finding(Level.FAIL, name, says, f"correct the name, or {invite}")
    if record.get("is_archived"):
        return Finding(Level.FAIL, name, "the channel is archived", "choose another channel")
    if record.get("is_member"):
        return Finding(Level.OK, name, "the bot is a member")
    if not record.get("is_private") and "channels:join" in scopes:
        return Finding(Level.OK, name, "the bot will join with its first alert")
    return Finding(Level.FAIL, name, "the bot is not a member", invite)
