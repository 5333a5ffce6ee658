"""Reads councils on IQM2 by the pages of their citizen portal; its RSS feed is broken.

calendar → meetings → agenda items → legislative files
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors import _iqm2_pages as pages
from monitor.connectors._iqm2_pages import Portal
from monitor.connectors._legistar_queries import in_turn
from monitor.connectors._meeting_pages import Element, read_page
from monitor.dates import local
from monitor.errors import FormatError
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
from monitor.text import fold
from monitor.urls import host

_HOST = re.compile(r"([\w-]+)\.iqm2\.com", re.IGNORECASE)
_LINK = re.compile(r"https?://(?!www\.)([\w-]+)\.iqm2\.com/(?:citizens|services)", re.IGNORECASE)
# An agenda is read again for some days after its meeting: then come the results.
_RESULTS = timedelta(days=14)
_MOST_MEETINGS = 2_000


@register
class Iqm2(BaseConnector):
    """Councils on IQM2 (Accela, now Granicus): meetings, agendas, legislative files.

    client: the name before .iqm2.com (miamifl).
    site: where the portal is; default https://<client>.iqm2.com.
    boards: read only the meetings of these boards, by name; default all.
    agendas: how many agendas one poll reads at most, default 20; the others have their turn next
        time. 0 reads none.
    details: how many legislative files one poll reads for each agenda, default 5; the next poll
        goes on with the others. 0 reads none.
    lookback_days: how far back each poll looks, default 30.
    ahead_days: how far ahead, default 180.
    """

    kind: ClassVar[str] = "iqm2"
    platform: ClassVar[str] = "iqm2"
    pace: ClassVar[float] = 2.7
    lists_upcoming: ClassVar[bool] = True

    client: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    site: str = Field(default="", pattern=r"^$|^https?://[^\s/]+/?$")
    boards: tuple[str, ...] = Field(default=(), strict=False)
    agendas: int = Field(default=20, ge=0, le=60)
    details: int = Field(default=5, ge=0, le=40)
    lookback_days: int = Field(default=30, ge=1, le=3660)
    ahead_days: int = Field(default=180, ge=1, le=730)

    @field_validator("site")
    @classmethod
    def _without_slash(cls, address: str) -> str:
        return address.rstrip("/")

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a client by <client>.iqm2.com, in the address or in a link to its portal."""
        found = _HOST.fullmatch(host(url)) or _LINK.search(page)
        return (("client", found.group(1).lower()),) if found else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the calendar's list."""
        today = local(poll.now, poll.timezone)
        usual = today - timedelta(days=self.lookback_days)
        first = min(usual, local(poll.since, poll.timezone)) if poll.since else usual
        last = today + timedelta(days=self.ahead_days)
        yield self._ask(
            f"Calendar.aspx?From={_american(first)}&To={_american(last)}&View=List", "calendar"
        )

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a calendar, a meeting's page or a legislative file."""
        page, portal = read_page(response), self._portal(poll)
        about = response.request.about
        match response.request.step:
            case "file":
                try:
                    yield pages.legislative_file(page, about[0], portal)
                except FormatError as fault:
                    yield Refusal(fault.subject, fault.reason)
            case "meeting":
                yield from self._agenda(page, about[0], portal)
            case _:
                yield from self._calendar(page, portal)

    def _calendar(self, page: Element, portal: Portal) -> Iterator[Parsed]:
        wanted = {fold(one) for one in self.boards}
        found: list[Entry] = []
        for one in pages.meetings(page, portal):
            if isinstance(one, Refusal) or not wanted or fold(one.office) in wanted:
                yield one
            if isinstance(one, Entry) and (not wanted or fold(one.office) in wanted):
                found.append(one)
            if len(found) >= _MOST_MEETINGS:
                yield Refusal(f"meetings beyond {_MOST_MEETINGS}", "one poll reads no more")
                break
        else:
            until = portal.poll.now + timedelta(days=self.ahead_days - 1)
            yield Reach(until=until, prefix="meeting-")
        if self.agendas:
            yield from self._agendas(found, portal)

    def _agendas(self, found: list[Entry], portal: Portal) -> Iterator[Request | Mark]:
        """Ask for agendas: those that had to wait, then the meetings nearest to now."""
        now = portal.poll.now
        near = sorted(
            [one for one in found if _has_agenda(one, now)], key=lambda one: _distance(one, now)
        )
        numbers = [int(one.key.removeprefix("meeting-")) for one in near]
        taken, waiting = in_turn(numbers, portal.poll.mark("agendas"), self.agendas)
        for number in taken:
            # Its page shows the meeting's time as well, so that an equal page is still read.
            yield self._ask(
                f"Detail_Meeting.aspx?ID={number}", "meeting", (str(number),), optional=True
            )
        yield Mark("agendas", waiting)
        kept = {f"files {number}" for number in numbers}
        for name, value in portal.poll.cursor:
            if name.startswith("files ") and value and name not in kept:
                yield Mark(name, "")

    def _agenda(self, page: Element, meeting: str, portal: Portal) -> Iterator[Parsed]:
        items = pages.agenda(page, meeting, portal)
        yield from items
        if not self.details:
            return
        name = f"files {meeting}"
        read = portal.poll.mark(name).split()
        fresh = [one for one in pages.files_of(items) if one not in read][: self.details]
        for number in fresh:
            yield self._ask(f"Detail_LegiFile.aspx?ID={number}", "file", (number,), optional=True)
        if fresh:
            yield Mark(name, " ".join([*read, *fresh]))

    def _ask(
        self, path: str, step: str, about: tuple[str, ...] = (), *, optional: bool = False
    ) -> Request:
        return Request(
            f"{self._folder()}{path}",
            access=Access.PAGE,
            step=step,
            about=about,
            conditional=False,
            optional=optional,
        )

    def _portal(self, poll: Poll) -> Portal:
        return Portal(self.client.lower(), self._folder(), poll)

    def _folder(self) -> str:
        return f"{self.site or f'https://{self.client.lower()}.iqm2.com'}/Citizens/"


def _american(day: datetime) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _has_agenda(entry: Entry, now: datetime) -> bool:
    """Tell whether a meeting's agenda is published, and still worth reading."""
    [held] = entry.hearings
    late = held.starts is None or held.starts < now - _RESULTS
    return bool(entry.attachments) and not late and not held.cancelled


def _distance(entry: Entry, now: datetime) -> timedelta:
    starts = entry.hearings[0].starts
    return abs(starts - now) if starts else timedelta.max
