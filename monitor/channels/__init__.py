"""Takes alerts to people: one module a channel, each an implementation of models.Channel."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from monitor.channels.console import ConsoleChannel

if TYPE_CHECKING:
    from monitor.channels.notify import NotifyChannel
    from monitor.channels.slack import SlackChannel
    from monitor.channels.slack_check import check as check_slack
    from monitor.channels.slack_check import check_socket
    from monitor.channels.webhook import WebhookChannel

__all__ = [
    "ConsoleChannel",
    "NotifyChannel",
    "SlackChannel",
    "WebhookChannel",
    "check_slack",
    "check_socket",
]

_LATER = {
    "NotifyChannel": ("notify", "NotifyChannel"),
    "SlackChannel": ("slack", "SlackChannel"),
    "WebhookChannel": ("webhook", "WebhookChannel"),
    "check_slack": ("slack_check", "check"),
    "check_socket": ("slack_check", "check_socket"),
}


def __getattr__(name: str) -> Any:
    """Load Slack's client where somebody asks for it: 5 MB, with asyncio."""
    if name not in _LATER:
        raise AttributeError(name)
    module, attribute = _LATER[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)
