"""Reads councils on eSCRIBE: the meetings of its calendar with their documents.

/ (for its cookies) ──→ POST /MeetingsCalendarView.aspx/GetCalendarMeetings ──→ meetings

Format: Engagic/engagic, vendors/adapters/escribe_adapter_async.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._aspnet_pages import cookies_of
from monitor.connectors._json_answers import Record, made, named, needed, read_object, rows
from monitor.connectors._meetings import meeting_at
from monitor.dates import local
from monitor.errors import FormatError
from monitor.models import (
    Access,
    Attachment,
    Contact,
    ContactKind,
    Entry,
    ItemType,
    Pairs,
    Parsed,
    Poll,
    Reach,
    Request,
    Response,
)
from monitor.text import fold, one_line
from monitor.urls import absolute, host

_HOST = re.compile(r"pub-([\w-]+)\.escribemeetings\.com$", re.IGNORECASE)
_LINK = re.compile(r"https?://pub-([\w-]+)\.escribemeetings\.com", re.IGNORECASE)
_LINKED = re.compile(r"href=['\"]([^'\"]+)")
_TICKS = re.compile(r"/Date\((-?\d{1,14})(?:[+-]\d{4})?\)/")


@register
class Escribe(BaseConnector):
    """Councils on eSCRIBE, by the calendar of their public site.

    tenant: the word in pub-<tenant>.escribemeetings.com.
    site: where the calendar is; default https://pub-<tenant>.escribemeetings.com.
    lookback_days: how many past days of meetings are read again, for minutes; default 14.
    ahead_days: how far ahead the calendar is read; default 120.
    language: which documents are listed where the site has two languages; default English.
    """

    kind: ClassVar[str] = "escribe"
    platform: ClassVar[str] = "escribe"
    pace: ClassVar[float] = 2.7
    lists_upcoming: ClassVar[bool] = True

    tenant: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    site: str = Field(default="", pattern=r"^$|^https?://[^\s/]+")
    lookback_days: int = Field(default=14, ge=0, le=3660)
    ahead_days: int = Field(default=120, ge=1, le=730)
    language: str = "English"

    @field_validator("site")
    @classmethod
    def _without_slash(cls, address: str) -> str:
        return address.rstrip("/")

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a site by pub-<tenant>.escribemeetings.com, or a page by its link there."""
        found = _HOST.match(host(url)) or _LINK.search(page)
        return (("tenant", found.group(1).lower()),) if found else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the page first: without its cookies the calendar does not answer everywhere."""
        del poll
        yield Request(f"{self._site()}/", access=Access.PAGE, step="page", conditional=False)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Take the page's cookies along, or read the calendar; raises SoftError, FormatError."""
        if response.request.step == "page":
            yield self._calendar(response, poll)
            return
        for record in rows(read_object(response), "d", response):
            what = named("meeting", record, "ID")
            yield made(what, lambda r=record: self._meeting(r, poll))  # type: ignore[misc]
        yield Reach(until=poll.now + timedelta(days=self.ahead_days - 1))

    def _calendar(self, response: Response, poll: Poll) -> Request:
        back = poll.now - timedelta(days=self.lookback_days)
        first = min(back, poll.since) if poll.since else back
        last = poll.now + timedelta(days=self.ahead_days)
        # With any other name the server answers 500.
        span = {
            "calendarStartDate": local(first, poll.timezone).date().isoformat(),
            "calendarEndDate": local(last, poll.timezone).date().isoformat(),
        }
        cookies = cookies_of(response)
        return Request(
            f"{self._site()}/MeetingsCalendarView.aspx/GetCalendarMeetings",
            method="POST",
            headers=(
                ("Accept", "application/json"),
                ("Content-Type", "application/json; charset=utf-8"),
                ("X-Requested-With", "XMLHttpRequest"),
                ("Referer", f"{self._site()}/"),
                *((("Cookie", cookies),) if cookies else ()),
            ),
            body=json.dumps(span).encode(),
            step="calendar",
            # An equal calendar still shows what is missing from it.
            conditional=False,
        )

    def _meeting(self, record: Record, poll: Poll) -> Entry:
        """Make an entry of a meeting; raises FormatError."""
        number, title = needed(record, "ID"), needed(record, "MeetingName")
        base = f"{self._site()}/"
        said = record.line("TimeOverride")
        return Entry(
            type=ItemType.MEETING,
            key=f"meeting-{number.lower()}",
            title=title,
            body=record.text("Description"),
            html=True,
            url=f"{base}Meeting.aspx?Id={number}&Agenda=Agenda&lang={self.language}",
            office=record.line("MeetingType") or title,
            hearings=(
                meeting_at(
                    _start(record, poll),
                    poll,
                    place=record.line("Location"),
                    words=(title, said),
                ),
            ),
            attachments=tuple(self._documents(record, base)),
            participation=tuple(_live(record, base)),
            facts=(("time", said),) if said else (),
            noise=(("formatted start", record.line("FormattedStart")),),
        )

    def _documents(self, record: Record, base: str) -> Iterator[Attachment]:
        """List the documents: each sort once, as PDF where there is one; no video."""
        wanted = fold(self.language)
        papers = sorted(
            record.records("MeetingDocumentLink"),
            key=lambda one: fold(one.text("Format")) != ".pdf",
        )
        seen = set()
        for paper in papers:
            sort, url = paper.text("Type"), absolute(base, paper.text("Url"))
            spoken = fold(paper.text("LanguageName"))
            if not url or sort in seen or "video" in fold(sort) or spoken not in ("", wanted):
                continue
            seen.add(sort)
            is_pdf = fold(paper.text("Format")) == ".pdf"
            title = paper.line("Title") or sort or "Document"
            yield Attachment(title, url, "application/pdf" if is_pdf else "text/html")

    def _site(self) -> str:
        return self.site or f"https://pub-{self.tenant.lower()}.escribemeetings.com"


def _live(record: Record, base: str) -> Iterator[Contact]:
    """Return the page that shows a meeting live, while the portal announces it.

    The field holds the beginning of an HTML link.
    """
    found = _LINKED.search(record.text("LiveVideoStandAloneLink"))
    link = absolute(base, found[1]) if found and record.flag("HasLiveVideo") else ""
    if link:
        yield Contact(ContactKind.VIDEO, link, field="LiveVideoStandAloneLink")


def _start(record: Record, poll: Poll) -> str:
    """Return when a meeting starts, on the council's clock; .NET's ticks are in UTC."""
    said = record.text("StartDate")
    found = _TICKS.fullmatch(said)
    if not found:
        return said
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(found[1]))
        return local(moment, poll.timezone).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError as fault:
        raise FormatError("StartDate", f"no time: {one_line(said, 40)}") from fault
