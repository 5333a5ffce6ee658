"""Checks for `monitor doctor` whether Slack is usable, and says what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from monitor.channels.slack import SlackChannel, renamed
from monitor.channels.slack_api import SLACK, Answer, SlackApi
from monitor.channels.slack_scopes import APP_TOKEN, SCOPES, SOCKET_SCOPE
from monitor.errors import DeliveryError, TemporaryDelivery
from monitor.models import Finding, Level

_SOCKET = "Slack Socket Mode"
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


def check_socket(token: str, url: str = SLACK, *, heard: bool = True) -> Finding:
    """Try the app-level token: whether buttons and /monitor can work.

    heard: the service runs, and listens.
    """
    make = (
        "in the app's settings, turn Socket Mode on, and under Basic Information make an app-level "
        f"token with {SOCKET_SCOPE}; put it into SLACK_APP_TOKEN"
    )
    if not token:
        says = "not configured: no buttons, no menus, no /monitor"
        return Finding(Level.WARN, _SOCKET, says, make)
    if not token.startswith(APP_TOKEN):
        says = f"SLACK_APP_TOKEN holds no app-level token: those begin with {APP_TOKEN}"
        return Finding(Level.FAIL, _SOCKET, says, make)
    try:
        SlackApi(token, url).call("slack", "apps.connections.open")
    except TemporaryDelivery as error:
        says = f"could not be tried: {error.reason} ({error.code})"
        return Finding(Level.WARN, _SOCKET, says, "run `monitor doctor` again in a while")
    except DeliveryError as error:
        return Finding(Level.FAIL, _SOCKET, f"Slack refuses the token ({error.code})", make)
    if heard:
        return Finding(Level.OK, _SOCKET, "buttons, menus and /monitor work while the service runs")
    says = "works; nobody listens now, so messages carry no buttons until `monitor run` does"
    return Finding(Level.OK, _SOCKET, says)


def _scopes(scopes: frozenset[str]) -> tuple[Finding, ...]:
    """Compare the token's scopes with those that are used; none said is none known."""
    if not scopes:
        return (Finding(Level.WARN, "Slack scopes", "Slack does not say which scopes there are"),)
    cure = (
        "paste slack-app-manifest.yaml again under App Manifest in the app's settings (or add it "
        "under OAuth & Permissions), and install the app again"
    )
    missing = tuple(
        Finding(
            Level.FAIL if scope.needed else Level.WARN,
            "Slack scopes",
            f"{scope.name} is missing, {scope.why}",
            cure,
        )
        for scope in SCOPES
        if scope.name not in scopes
    )
    return missing or (Finding(Level.OK, "Slack scopes", "all that are used"),)


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
    return tuple(
        _renamed(name, other)
        if name not in known and (other := renamed(name, records))
        else _channel(name, known.get(name), scopes)
        for name in names
    )


def _renamed(name: str, record: Mapping[str, Any]) -> Finding:
    """Say that a channel has another name; alerts still reach it, by the name that it had."""
    present = f"#{record.get('name')}"
    cure = f'write "{present}" in the configuration'
    return Finding(Level.WARN, name, f"the channel is called {present} by now", cure)


def _channel(name: str, record: Mapping[str, Any] | None, scopes: frozenset[str]) -> Finding:
    """Judge one channel: whether it exists, is open, and lets the bot post and read."""
    invite = f"type /invite @the-bot's-name in {name}"
    if record is None:
        says = "there is no such channel, or it is private and the bot was not invited"
        return Finding(Level.FAIL, name, says, f"correct the name, or {invite}")
    if record.get("is_archived"):
        cure = "open it again in Slack, or choose another channel in monitor.yaml and the filters"
        return Finding(Level.FAIL, name, "the channel is archived", cure)
    if record.get("is_member"):
        return Finding(Level.OK, name, "the bot is a member")
    if not record.get("is_private") and "channels:join" in scopes:
        return Finding(Level.OK, name, "the bot will join with its first alert")
    return Finding(Level.FAIL, name, "the bot is not a member", invite)
