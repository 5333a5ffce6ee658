"""A calendar and a feed, for programs that ask for them again and again."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus

from flask import Flask, Response, request

from monitor.exporting import AHEAD, authority_of, matters_since
from monitor.jurisdictions import ocd
from monitor.models import CalendarEntry
from monitor.render.calendar import calendar
from monitor.render.export import as_atom
from monitor.store import Store
from monitor.web.app import Premises, problem

FRESH = timedelta(days=30)
MOST = 200


class Feeds:
    """The calendar and the feed of one monitor; both take `in` and `topic`, as `export` does."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self._lock = threading.Lock()
        self._noted: dict[str, CalendarEntry] = {}

    def join(self, app: Flask) -> None:
        """Add both to an application."""
        app.add_url_rule("/calendar.ics", "calendar", self.calendar)
        app.add_url_rule("/feed.atom", "feed", self.feed)

    def calendar(self) -> Response:
        """Write the dates ahead."""
        try:
            place = _place()
        except ValueError:
            return problem(HTTPStatus.BAD_REQUEST)
        now, topic = self._premises.clock(), request.args.get("topic", "")
        with Store.open(self._premises.database, read_only=True) as store:
            ahead = store.calendar.entries(now, now + AHEAD, topic=topic, jurisdiction=place)
        self._note(ahead)
        return Response(calendar(ahead, now), content_type="text/calendar; charset=utf-8")

    def feed(self) -> Response:
        """Write the matters to which something happened of late."""
        try:
            place = _place()
        except ValueError:
            return problem(HTTPStatus.BAD_REQUEST)
        now, topic = self._premises.clock(), request.args.get("topic", "")
        with Store.open(self._premises.database, read_only=True) as store:
            found = matters_since(store, now - FRESH, topic, place, MOST)
            ahead = store.calendar.entries(now, now + AHEAD, topic=topic, jurisdiction=place)
        written = as_atom(found, ahead, now, authority_of(self._premises.settings.contact))
        response = Response(written, content_type="application/atom+xml; charset=utf-8")
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
        return response

    def _note(self, entries: Iterable[CalendarEntry]) -> None:
        """Remember the dates that calendars hold, so that one that moves replaces itself.

        What was noted last is known here: asking again and again writes nothing.
        """
        with self._lock:
            fresh = [one for one in entries if self._noted.get(one.uid) != one]
            if not fresh:
                return
            with Store.open(self._premises.database) as store:
                store.calendar.note(fresh)
            self._noted |= {one.uid: one for one in fresh}


def _place() -> str:
    """Read where things are wanted from, "" for anywhere; raises ValueError."""
    written = request.args.get("in", "")
    return ocd(written) if written else ""
