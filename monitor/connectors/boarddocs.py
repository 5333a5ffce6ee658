"""Reads boards on BoardDocs: the feed of all meetings, or the lists of some committees.

XML-ActiveMeetings ───────────────→ meetings and agenda items, all in one answer
BD-GetMeetingsList (committees) ──→ BD-GetMeeting → meetings
                                └─→ BD-GetAgenda  → agenda items
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors import _boarddocs_entries as made
from monitor.connectors._boarddocs_entries import Board, Listed
from monitor.connectors._json_answers import made as attempt
from monitor.connectors._json_answers import named
from monitor.connectors._json_lists import read_list
from monitor.connectors._meeting_pages import Element, read_page
from monitor.dates import parse_date
from monitor.errors import SoftError
from monitor.models import (
    Access,
    Entry,
    Mark,
    Pairs,
    Parsed,
    Poll,
    Reach,
    Refusal,
    Request,
    Response,
)
from monitor.text import clean_text, one_line
from monitor.urls import host

_PLACE = re.compile(r"boarddocs\.com/([a-z]{2,6}/[\w.-]+)/board\.nsf", re.IGNORECASE)
_HOSTS = ("go.boarddocs.com", "www.boarddocs.com")
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_MOST_MEETINGS = 3_000


@register
class BoardDocs(BaseConnector):
    """School boards and some councils on BoardDocs (Diligent).

    place: state and board as in go.boarddocs.com/<state>/<board>/Board.nsf (oh/columbus).
    committees: ids of committees whose lists are read instead of the feed, for boards whose feed
        is switched off; they stand in the page's source as current_committee_id. Default none.
    agendas: with `committees`, how many meetings one poll reads, default 20; the others have their
        turn next time. 0 reads the lists alone.
    lookback_days: meetings longer ago are left out; default 45.
    ahead_days: with `committees`, meetings further ahead are left out; default 180.
    """

    kind: ClassVar[str] = "boarddocs"
    platform: ClassVar[str] = "boarddocs"
    pace: ClassVar[float] = 3.0
    lists_upcoming: ClassVar[bool] = True

    place: str = Field(pattern=r"^[A-Za-z]{2,6}/[A-Za-z0-9_.-]+$")
    committees: tuple[str, ...] = Field(default=(), strict=False, max_length=20)
    agendas: int = Field(default=20, ge=0, le=60)
    lookback_days: int = Field(default=45, ge=1, le=7300)
    ahead_days: int = Field(default=180, ge=1, le=730)

    @field_validator("committees")
    @classmethod
    def _are_ids(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        for one in ids:
            if not re.fullmatch(r"[A-Za-z0-9]{6,40}", one):
                raise ValueError(f"{one!r} is no committee's id, such as A9HCRJ3251CA")
        return ids

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a board by go.boarddocs.com/<state>/<board>/Board.nsf, or by a link to it."""
        own = _PLACE.search(url) if host(url) in _HOSTS else None
        found = own or _PLACE.search(page)
        return (("place", found[1].lower()),) if found else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the feed, or for the committees' lists."""
        del poll
        if not self.committees:
            yield Request(
                f"{self._base()}/XML-ActiveMeetings",
                access=Access.FEED,
                step="feed",
                headers=(("Referer", f"{self._base()}/Public"),),
                # An equal feed can hold a meeting that has come into view since.
                conditional=False,
            )
        for one in self.committees:
            form = f"current_committee_id={one}"
            yield self._post("BD-GetMeetingsList", form, "list", (one,), optional=False)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the feed, a list, a meeting's page or an agenda."""
        board = Board(self.place.lower(), self._base(), poll)
        about = response.request.about
        match response.request.step:
            case "list":
                yield from self._list(response, about[0], board)
            case "meeting":
                yield from self._meeting(read_page(response), Listed(*about), board)
            case "agenda":
                held = made.meeting(Listed(*about[:3]), about[3], board)
                yield from made.agenda(read_page(response), held, board)
            case _:
                yield from self._feed(response, board)

    def _feed(self, response: Response, board: Board) -> Iterator[Parsed]:
        text = response.body.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
        if not text:
            raise SoftError(response.url, "the answer is empty")
        if re.match(r"(?i)<!doctype html|<html", text):
            shown = one_line(clean_text(text[:2_000], html=True), 80)
            raise SoftError(response.url, f"a page of HTML where the feed should be: {shown!r}")
        count = 0
        for one in made.feed(text, response.url):
            if isinstance(one, Refusal):
                yield one
            elif self._is_recent(one[0], board.poll) and count < _MOST_MEETINGS:
                count += 1
                yield from made.from_feed(*one, board)
        if count < _MOST_MEETINGS:
            yield Reach(prefix="meeting-")

    def _list(self, response: Response, committee: str, board: Board) -> Iterator[Parsed]:
        """Read a list; with `agendas`, its meetings are made of their own pages alone.

        A meeting that now had its description and now had not would seem to change.
        """
        found: list[Listed] = []
        records = read_list(response)
        # Every list ends with an empty record.
        for record in records[:-1] if records and not records[-1] else records:
            one = attempt(named("meeting", record, "unique"), lambda r=record: made.listed(r))  # type: ignore[misc]
            if isinstance(one, Refusal):
                yield one
            elif self._is_recent(one, board.poll):
                found.append(one)
        if not self.agendas:
            yield from [made.meeting(one, "", board) for one in found[:_MOST_MEETINGS]]
            if len(found) <= _MOST_MEETINGS:
                yield Reach(prefix="meeting-")
            return
        known = {one.unique: one for one in self._near(found, board.poll)}
        name = f"waiting {committee}"
        queue = [one for one in board.poll.mark(name).split() if one in known]
        order = list(dict.fromkeys([*queue, *known]))
        for unique in order[: self.agendas]:
            one = known[unique]
            about = (one.unique, one.name, one.day)
            yield self._post("BD-GetMeeting", f"id={unique}", "meeting", about, optional=True)
        yield Mark(name, " ".join(order[self.agendas :]))

    def _meeting(self, page: Element, listed: Listed, board: Board) -> Iterator[Entry | Request]:
        """Make a meeting of its page, and ask for its agenda."""
        name, told = made.description(page)
        whole = Listed(listed.unique, html.escape(name) or listed.name, listed.day)
        yield made.meeting(whole, told, board)
        about = (whole.unique, whole.name, whole.day, told)
        yield self._post("BD-GetAgenda", f"id={whole.unique}", "agenda", about, optional=True)

    def _near(self, found: list[Listed], poll: Poll) -> list[Listed]:
        """Choose the meetings that come into view, those nearest to now first."""
        last = poll.now + timedelta(days=self.ahead_days)
        dated = [(abs(day - poll.now), one) for one in found if (day := _day(one, poll)) <= last]
        return [one for _, one in sorted(dated, key=lambda pair: pair[0])]

    def _is_recent(self, listed: Listed, poll: Poll) -> bool:
        first = poll.now - timedelta(days=self.lookback_days)
        return _day(listed, poll) >= (min(first, poll.since) if poll.since else first)

    def _post(
        self, path: str, form: str, step: str, about: tuple[str, ...], *, optional: bool
    ) -> Request:
        return Request(
            f"{self._base()}/{path}?open",
            method="POST",
            headers=(
                ("Content-Type", _FORM),
                ("Referer", f"{self._base()}/Public"),
                ("X-Requested-With", "XMLHttpRequest"),
            ),
            body=form.encode(),
            access=Access.API if step == "list" else Access.PAGE,
            step=step,
            about=about,
            conditional=False,
            optional=optional,
        )

    def _base(self) -> str:
        return f"https://go.boarddocs.com/{self.place.lower()}/Board.nsf"


def _day(listed: Listed, poll: Poll) -> datetime:
    """Return a meeting's day; one that is no day (February 30) is in view, and refused by none."""
    return parse_date(listed.day, poll.timezone) or poll.now
