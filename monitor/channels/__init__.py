"""Takes alerts to people: one module a channel, each an implementation of models.Channel."""

from monitor.channels.console import ConsoleChannel
from monitor.channels.slack import SlackChannel
from monitor.channels.slack_check import check as check_slack

__all__ = ["ConsoleChannel", "SlackChannel", "check_slack"]
