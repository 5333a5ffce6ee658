"""Reads Minneapolis' Legislative Information Management System, where its key is at hand.

The whole site stands behind a browser check (Cloudflare); only /api/v1 does not, and wants a key
that no page says how to get. Without it, this source fails and says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar, Literal
from urllib.parse import quote

from pydantic import Field

from monitor.connectors import BaseConnector, register
from monitor.connectors._json_answers import Record, made, named, needed, subject_of
from monitor.connectors._json_lists import read_list
from monitor.connectors._meetings import meeting_at
from monitor.dates import local
from monitor.errors import FormatError, SoftError
from monitor.models import (
    Access,
    Attachment,
    Credential,
    Entry,
    ItemType,
    Pairs,
    Parsed,
    Poll,
    Request,
    Response,
)
from monitor.text import clean_text
from monitor.urls import absolute, host

_KEY = Credential(
    "MINNEAPOLIS_LIMS_KEY",
    "header",
    "Authorization",
    "Bearer {}",
    hosts=("lims.minneapolismn.gov",),
)
_COUNCIL = 3
_NEEDS = (
    "the site lets only browsers in: it needs the key of its API (MINNEAPOLIS_LIMS_KEY), which the"
    " City Clerk gives, or a person with a browser"
)


@register
class MinneapolisLims(BaseConnector):
    """Meetings of Minneapolis' council and boards (needs MINNEAPOLIS_LIMS_KEY; else use news).

    road: api (default; the shape of its answers could not be verified), or page: the calendar that
        the site's own pages read, which a browser check guards.
    site: where it is; default https://lims.minneapolismn.gov.
    lookback_days: meetings longer ago are left out; default 14.
    ahead_days: how far ahead; default 120.
    """

    kind: ClassVar[str] = "minneapolis_lims"
    platform: ClassVar[str] = "minneapolis_lims"
    pace: ClassVar[float] = 4.5

    road: Literal["api", "page"] = "api"
    site: str = Field(default="https://lims.minneapolismn.gov", pattern=r"^https?://[^\s/]+$")
    lookback_days: int = Field(default=14, ge=1, le=1460)
    ahead_days: int = Field(default=120, ge=1, le=730)

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the key's variable, on the road that takes one."""
        return (_KEY.variable,) if self.road == "api" else ()

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know the site by its host; no option is needed."""
        del page
        return () if host(url) == "lims.minneapolismn.gov" else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the calendar: of the years in view from the API, or of the days from the page."""
        today = local(poll.now, poll.timezone)
        first = today - timedelta(days=self.lookback_days)
        last = today + timedelta(days=self.ahead_days)
        if self.road == "page":
            days = f"fromDate={quote(f'{first:%b %d, %Y}')}&toDate={quote(f'{last:%b %d, %Y}')}"
            rest = "meetingType=&committeeId=&pageCount=1000&offsetStart=0&abbreviation=&keywords="
            yield Request(
                f"{self.site}/Calendar/GetCalenderList?{days}&{rest}&sortOrder=1",
                access=Access.API,
                step="calendar",
                conditional=False,
            )
            return
        for year in sorted({today.year, last.year}):
            wanted = {
                "CalendarYear": year,
                "MeetingBodyAbbreviation": None,
                "MeetingDateFrom": None,
                "MeetingDateTo": None,
                "MemberId": None,
            }
            yield Request(
                f"{self.site}/api/v1/search/meetingCalendar",
                method="POST",
                headers=(("Content-Type", "application/json"), ("Accept", "application/json")),
                body=json.dumps(wanted).encode(),
                step="calendar",
                credentials=(_KEY,),
                conditional=False,
            )

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a calendar; raises SoftError for the browser check, FormatError otherwise."""
        body = response.body.lstrip()
        if body.startswith(b"<"):
            raise SoftError(subject_of(response), _NEEDS)
        first = poll.now - timedelta(days=self.lookback_days)
        wanted = min(first, poll.since) if poll.since else first
        for record in read_list(response):
            one = made(named("meeting", record, "Id"), lambda r=record: self._meeting(r, poll))  # type: ignore[misc]
            starts = one.hearings[0].starts if isinstance(one, Entry) else None
            if starts is None or starts >= wanted:
                yield one

    def _meeting(self, record: Record, poll: Poll) -> Entry:
        number, office = needed(record, "Id"), needed(record, "CommitteeName")
        when = record.text("MeetingTime") or record.text("MeetingDate")
        if not when:
            raise FormatError("MeetingTime", "the meeting has no time")
        description = clean_text(record.text("Description"), html=True)
        kind = record.line("MeetingType")
        called_off = "cancelled" if record.flag("Cancelled") else ""
        spoken = "public hearing" if record.flag("PublicHearing") else ""
        place = ", ".join([one for name in ("Location", "Address") if (one := record.line(name))])
        held = meeting_at(when, poll, place=place, words=(kind, called_off, spoken))
        agenda = self._agenda(record)
        return Entry(
            type=ItemType.MEETING,
            key=f"meeting-{number}",
            title=f"{office} - {kind}" if kind else office,
            body=description,
            url=agenda or f"{self.site}/Calendar/all/monthly",
            office=office,
            status=record.line("AgendaStatus"),
            hearings=(held,),
            attachments=(Attachment("Agenda", agenda),) if agenda else (),
            noise=_some(("department", record.line("Department"))),
            labels=_labels(record.line("CommitteeType")),
        )

    def _agenda(self, record: Record) -> str:
        """Return the page of a published agenda: boards have theirs in a folder of their own."""
        number, short = record.number("AgendaId"), record.line("Abbreviation")
        if not number or not record.flag("MarkedAgendaPublished"):
            return ""
        if not re.fullmatch(r"[\w-]{1,40}", short):
            return ""
        folder = "" if record.number("CommitteeTypeId") == _COUNCIL else "Board/"
        return absolute(self.site, f"/{folder}MarkedAgenda/{short}/{number}")


def _labels(kind: str) -> tuple[str, ...]:
    return (kind,) if kind else ()


def _some(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
