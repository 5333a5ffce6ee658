"""What subscribers do by the links in their mail: confirm an address, and leave (RFC 8058).

GET shows a button and changes nothing, for mail programs and scanners open links by themselves.
POST acts; a mail program's one-click POST is the same as a press of the button, and takes neither
cookies nor a second question. The token in the path is all that is needed, so it stands in no log.
"""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, request

from monitor.models import Frequency, Language, Subscriber
from monitor.render.tongue import tongue_of
from monitor.render.web_acts import Step, act_html
from monitor.store import Store
from monitor.web.app import HTML, Premises

log = logging.getLogger(__name__)

_LONGEST_TOKEN = 100
_TITLE = "Immigration policy digest"


class Acts:
    """The pages that one monitor's mail links to."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises

    def join(self, app: Flask) -> None:
        """Add the pages to an application."""
        confirm, leave = "/confirm/<token>", "/unsubscribe/<token>"
        app.add_url_rule(confirm, "confirm", self.ask_confirm)
        app.add_url_rule(confirm, "confirm_now", self.confirm, methods=["POST"])
        app.add_url_rule(leave, "unsubscribe", self.ask_leave)
        app.add_url_rule(leave, "unsubscribe_now", self.leave, methods=["POST"])

    def ask_confirm(self, token: str) -> Response:
        """Ask whether somebody wants digests."""
        one = self._named(token)
        if one is None or one.ended_at is not None:
            return self._page(one, Step.GONE)
        return self._page(one, Step.CONFIRMED if one.confirmed_at else Step.ASK_CONFIRM)

    def confirm(self, token: str) -> Response:
        """Confirm an address; a second time changes nothing."""
        one = self._named(token)
        if one is None:
            return self._page(None, Step.GONE)
        with Store.open(self._premises.database) as store:
            confirmed = store.subscribers.confirm(token, self._premises.clock())
        if confirmed is None:
            return self._page(one, Step.GONE)
        log.info("an address was confirmed", extra={"subscriber": one.id})
        return self._page(one, Step.CONFIRMED)

    def ask_leave(self, token: str) -> Response:
        """Ask whether somebody wants to leave."""
        one = self._named(token)
        return self._page(one, Step.ASK_LEAVE if one and one.ended_at is None else Step.LEFT)

    def leave(self, token: str) -> Response:
        """Send somebody nothing more, whatever the body says; a second time changes nothing."""
        one = self._named(token)
        if one is not None:
            with Store.open(self._premises.database) as store:
                store.subscribers.unsubscribe(token, self._premises.clock())
            log.info("a subscriber left", extra={"subscriber": one.id})
        return self._page(one, Step.LEFT)

    def _named(self, token: str) -> Subscriber | None:
        """Find whom a link belongs to."""
        if len(token) > _LONGEST_TOKEN:
            return None
        with Store.open(self._premises.database, read_only=True) as store:
            return store.subscribers.named(token)

    def _page(self, one: Subscriber | None, step: Step) -> Response:
        """Show a step in the subscriber's language; that of the browser where there is none."""
        if one is None:
            wish = request.accept_languages.best_match([language.value for language in Language])
            page = act_html(Step.UNKNOWN, "", Language(wish or Language.ENGLISH))
            return Response(page, HTTPStatus.NOT_FOUND, content_type=HTML)
        return Response(act_html(step, self._title(one), one.language), content_type=HTML)

    def _title(self, one: Subscriber) -> str:
        """Name the digest that somebody gets, by how often they want it."""
        daily = one.frequency is Frequency.DAILY
        titles = (
            digest.title
            for digest in self._premises.settings.digests
            if (digest.at.weekday is None) is daily
        )
        return tongue_of(one.language).say_known(next(titles, _TITLE))
