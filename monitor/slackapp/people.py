"""Asks Slack in which time zone somebody lives, and remembers it for an hour."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.channels.slack_api import SlackApi
from monitor.errors import DeliveryError

log = logging.getLogger(__name__)

_KEPT = timedelta(hours=1)
_MOST = 1_000


class People:
    """The people of one workspace: https://docs.slack.dev/reference/methods/users.info."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._known: dict[str, tuple[datetime, str]] = {}

    def timezone(self, person: str, now: datetime) -> str:
        """Return somebody's IANA zone; "" where Slack does not tell it (scope users:read)."""
        asked_at, zone = self._known.get(person, (None, ""))
        if asked_at is not None and now - asked_at < _KEPT:
            return zone
        try:
            body = self._api.call("Slack", "users.info", user=person).body
        except DeliveryError as error:
            log.warning("a time zone cannot be asked for", extra={"code": error.code})
            return ""
        found = (body.get("user") or {}).get("tz")
        zone = found if isinstance(found, str) and _is_zone(found) else ""
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[person] = (now, zone)
        return zone


def _is_zone(name: str) -> bool:
    """Say whether this machine knows a zone; a name may be no path, and lead nowhere."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError):
        return False
    return True
