"""Writes the message of a copy that is about to go out: what was composed, cut down, and rendered.

digest (stored) ─▶ for_subscriber ─▶ html, text, calendar ─▶ message
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from monitor.config import MonitorSettings
from monitor.digest.audience import for_subscriber
from monitor.errors import FailureScope, PermanentDelivery
from monitor.models import Digest, Subscriber
from monitor.render.digest_values import Html, Links
from monitor.render.mail import Letterhead, calendar_name, invitation, links, message
from monitor.store import Mailing, MailKind, Store

_CHANNEL = "email"
_NO_SENDER = (
    "digests have no address to come from: give `from` to the digest in monitor.yaml "
    "(`contact` is a web page)"
)


@dataclass(frozen=True, slots=True)
class Renderer:
    """How a digest is shown to one subscriber; calendar: b"" for none."""

    html: Callable[[Digest, Subscriber, Links], Html]
    text: Callable[[Digest, Subscriber, Links], str]
    calendar: Callable[[Digest, Subscriber], bytes] = lambda _digest, _subscriber: b""


class Letters:
    """Writes messages; belongs to the thread of the store, and keeps the last digest in memory."""

    def __init__(self, store: Store, settings: MonitorSettings, renderer: Renderer) -> None:
        self._store = store
        self._heads = letterheads(settings)
        self._renderer = renderer
        self._last: Digest | None = None

    def write(self, mailing: Mailing, now: datetime) -> EmailMessage:
        """Write the message of a copy.

        Raises PermanentDelivery where there is no such digest any more, and, for the whole
        service, where no address is configured from which it could come.
        """
        head = self._heads.get(mailing.digest) or next(iter(self._heads.values()), None)
        if head is None:
            raise PermanentDelivery(_CHANNEL, "no_sender", _NO_SENDER, FailureScope.SERVICE)
        if mailing.kind is MailKind.INVITATION:
            return invitation(mailing.subscriber, head, now)
        subscriber = mailing.subscriber
        digest = for_subscriber(self._digest(mailing), subscriber)
        calendar = self._renderer.calendar(digest, subscriber)
        own = links(subscriber, head, calendar_name(digest) if calendar else "")
        return message(
            self._renderer.html(digest, subscriber, own),
            self._renderer.text(digest, subscriber, own),
            calendar,
            subscriber,
            digest,
            head,
            now,
        )

    def _digest(self, mailing: Mailing) -> Digest:
        """Return the digest of a copy; most copies that follow are of the same."""
        last = self._last
        if last is None or (last.name, last.period.id) != (mailing.digest, mailing.period):
            last = self._store.digests.of(mailing.digest, mailing.period)
            if last is None:
                reason = f"the digest '{mailing.digest}' of {mailing.period} is not stored"
                raise PermanentDelivery(_CHANNEL, "no_digest", reason)
            self._last = last
        return last


def letterheads(settings: MonitorSettings) -> Mapping[str, Letterhead]:
    """Say what the messages of each digest bear, by its id; "" stands for invitations.

    A digest without an address to come from is left out.
    """
    contact = "" if "://" in settings.contact else settings.contact
    heads = {
        one.id: Letterhead(one.sender or contact, one.title, contact, settings.public_url or "")
        for one in settings.digests
        if one.sender or contact
    }
    if heads:
        return heads
    if not contact:
        return {}
    name = "Immigration policy digest"
    return {"": Letterhead(contact, name, contact, settings.public_url or "")}
