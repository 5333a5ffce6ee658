"""Writes the message of a copy that is about to go out: what was composed, cut down, and rendered.

digest (stored) ─▶ for_subscriber ─▶ html, text, calendar ─▶ message ─▶ Sender

Pages are rendered once for all who made the same choices, for nobody in particular: a reader's own
token comes in last, in the place of one that is nobody's.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from monitor.channels.email import EMAIL, MailManners, MailServer
from monitor.channels.smtp_url import SmtpUrl
from monitor.clock import Clock
from monitor.config import MonitorSettings
from monitor.digest.audience import for_subscriber
from monitor.errors import FailureScope, PermanentDelivery
from monitor.mailing import Sender
from monitor.models import Digest, Language, Subscriber
from monitor.render.calendar import calendar
from monitor.render.digest_html import render_html
from monitor.render.digest_text import render_text
from monitor.render.digest_values import Html
from monitor.render.mail import Letterhead, calendar_name, invitation, links, message
from monitor.store import Mailing, MailKind, Store

_AHEAD = timedelta(days=366)
# Pages of 100 KB and calendars, each.
_REMEMBERED = 100
_TITLE = "Immigration policy digest"
_NO_SENDER = (
    "digests have no address to come from: give `from` to the digest in monitor.yaml "
    "(`contact` is a web page)"
)


@dataclass(frozen=True, slots=True)
class _Pages:
    """What is the same for all who made the same choices."""

    digest: Digest
    html: Html
    text: str
    calendar: bytes


class Letters:
    """Writes messages; belongs to the thread of the store, and remembers the last digest."""

    def __init__(self, store: Store, settings: MonitorSettings) -> None:
        self._store = store
        self._heads = letterheads(settings)
        self._last: Digest | None = None
        self._pages: dict[object, _Pages] = {}
        self._calendars: dict[tuple[Language, tuple[int, ...]], bytes] = {}
        self._nobody = secrets.token_urlsafe(24)

    def write(self, mailing: Mailing, now: datetime) -> EmailMessage:
        """Write the message of a copy.

        Raises PermanentDelivery where there is no such digest any more, and, for the whole
        service, where no address is configured from which it could come.
        """
        head = self._heads.get(mailing.digest) or next(iter(self._heads.values()), None)
        if head is None:
            raise PermanentDelivery(EMAIL, "no_sender", _NO_SENDER, FailureScope.SERVICE)
        subscriber = mailing.subscriber
        if mailing.kind is MailKind.INVITATION:
            return invitation(subscriber, head, now)
        pages = self._of_choices(self._digest(mailing), subscriber, head, now)
        html = pages.html.html.replace(self._nobody, subscriber.token)
        text = pages.text.replace(self._nobody, subscriber.token)
        return message(
            replace(pages.html, html=html),
            text,
            pages.calendar,
            subscriber,
            pages.digest,
            head,
            now,
        )

    def _of_choices(
        self, whole: Digest, subscriber: Subscriber, head: Letterhead, now: datetime
    ) -> _Pages:
        """Render the pages for a subscriber's choices, or return them again."""
        choices = (subscriber.language, subscriber.topics, subscriber.jurisdictions)
        if choices not in self._pages:
            language, topics, places = choices
            anyone = Subscriber(
                0, "", topics=topics, jurisdictions=places, language=language, token=self._nobody
            )
            digest = for_subscriber(whole, anyone)
            dates = self._calendar(digest, language, now)
            own = links(anyone, head, calendar_name(digest) if dates else "")
            html, text = render_html(digest, anyone, own), render_text(digest, anyone, own)
            _make_room(self._pages)
            self._pages[choices] = _Pages(digest, html, text, dates)
        return self._pages[choices]

    def _digest(self, mailing: Mailing) -> Digest:
        """Return the digest of a copy; most copies that follow are of the same."""
        last = self._last
        if last is None or (last.name, last.period.id) != (mailing.digest, mailing.period):
            last = self._store.digests.of(mailing.digest, mailing.period)
            if last is None:
                reason = f"the digest '{mailing.digest}' of {mailing.period} is not stored"
                raise PermanentDelivery(EMAIL, "no_digest", reason)
            self._last = last
            self._pages.clear()
            self._calendars.clear()
        return last

    def _calendar(self, digest: Digest, language: Language, now: datetime) -> bytes:
        """Write the dates ahead of a digest's matters; b"" where there are none."""
        key = (language, tuple(one.matter for one in digest.matters))
        if key not in self._calendars:
            dates = self._store.calendar.entries(now, now + _AHEAD, matters=key[1])
            known = [one for one in dates if one.hearing.starts is not None]
            made = calendar(known, now, digest.title, language) if known else b""
            # Next week a hearing that was moved meanwhile replaces the one of today.
            self._store.calendar.note(known)
            _make_room(self._calendars)
            self._calendars[key] = made
        return self._calendars[key]


def _make_room(remembered: dict[Any, Any]) -> None:
    """Forget what was remembered first, so that a thousand choices do not fill the memory."""
    while len(remembered) >= _REMEMBERED:
        del remembered[next(iter(remembered))]


def letterheads(settings: MonitorSettings) -> Mapping[str, Letterhead]:
    """Say what the messages of each digest bear, by its id.

    A digest without an address to come from is left out. Where none is configured, there is one
    all the same, "weekly".
    """
    contact = "" if "://" in settings.contact else settings.contact
    page = settings.public_url or ""
    senders = {one.id: (one.sender or contact, one.title) for one in settings.digests}
    return {
        name: Letterhead(sender, title, contact, page)
        for name, (sender, title) in (senders or {"weekly": (contact, _TITLE)}).items()
        if sender
    }


def mail_server(place: SmtpUrl, settings: MonitorSettings) -> MailServer:
    """Make the way to the mail server, with the manners of monitor.yaml."""
    options = settings.mail
    manners = MailManners(
        name=options.name or "",
        per_second=options.per_second,
        per_connection=options.per_connection,
    )
    return MailServer(place, manners)


def mailroom(
    store: Store,
    place: SmtpUrl,
    settings: MonitorSettings,
    *,
    stopped: Callable[[], bool],
    lock: Path,
    health: str,
    clock: Clock,
) -> Sender:
    """Put together who writes and who sends; in the thread of `store`. As for `Sender`."""
    server, letters = mail_server(place, settings), Letters(store, settings)
    return Sender(
        store,
        server,
        letters.write,
        stopped=stopped,
        lock=lock,
        health=health,
        clock=clock.now,
        sleep=clock.sleep,
    )
