"""Reads councils on CivicClerk: meetings with their files, and the items of their agendas.

/v1/Events?$filter=startDateTime ge … ──→ meetings, page after page (@odata.nextLink)
                                          └→ /v1/Meetings/{agendaId} ──→ agenda items

Format: Engagic/engagic, vendors/adapters/civicclerk_adapter_async.py. The portal answers 200 for
any tenant; only the API tells whether there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote

from pydantic import Field

from monitor.connectors import BaseConnector, register
from monitor.connectors._civicclerk_entries import Tenant, agenda_items, meeting
from monitor.connectors._json_answers import Record, made, named, read_object, rows
from monitor.dates import local
from monitor.models import Entry, Pairs, Parsed, Poll, Reach, Refusal, Request, Response
from monitor.urls import absolute, host

_HOST = re.compile(r"([\w-]+)\.(?:portal|api)\.civicclerk\.com$", re.IGNORECASE)
_LINK = re.compile(r"https?://([\w-]+)\.(?:portal|api)\.civicclerk\.com", re.IGNORECASE)
_PAGES = 20
_AHEAD = timedelta(days=45)


@register
class CivicClerk(BaseConnector):
    """Councils and counties on CivicClerk, by the API behind their public portal.

    tenant: the first word of <tenant>.portal.civicclerk.com.
    api: where the API is; default https://<tenant>.api.civicclerk.com/v1.
    categories: read only the meetings of these category ids; default all.
    date_field: what the tenant calls a meeting's time: startDateTime (default), or eventDate or
        MeetingStartDate where that is answered with 400.
    lookback_days: how many past days of meetings are read again, for minutes; default 14.
    agendas: how many agendas one poll reads into items at most, the next meetings first; default
        20, and 0 reads none.
    """

    kind: ClassVar[str] = "civicclerk"
    platform: ClassVar[str] = "civicclerk"
    pace: ClassVar[float] = 2.7
    lists_upcoming: ClassVar[bool] = True

    tenant: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    api: str = Field(default="", pattern=r"^$|^https?://[^\s]+[^/\s]$")
    categories: Annotated[tuple[int, ...], Field(strict=False)] = ()
    date_field: Literal["startDateTime", "eventDate", "MeetingStartDate"] = "startDateTime"
    lookback_days: int = Field(default=14, ge=0, le=3660)
    agendas: int = Field(default=20, ge=0, le=100)

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a tenant by its portal or its API, or a page by its link to one."""
        found = _HOST.match(host(url)) or _LINK.search(page)
        return (("tenant", found.group(1).lower()),) if found else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the meetings of the last days and all that are ahead."""
        back = poll.now - timedelta(days=self.lookback_days)
        first = min(back, poll.since) if poll.since else back
        day = local(first, poll.timezone).date().isoformat()
        wanted = f"{self.date_field} ge {day}T00:00:00Z"
        if self.categories:
            wanted += f" and categoryId in ({','.join(map(str, self.categories))})"
        query = f"$filter={quote(wanted)}&$orderby={self.date_field}"
        yield self._ask(f"{self._api()}/Events?{query}", "events", ("1",))

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page of meetings, or an agenda; raises SoftError or FormatError otherwise."""
        answer = read_object(response)
        tenant = Tenant(self.tenant.lower(), self._api(), poll)
        if response.request.step == "agenda":
            held = meeting(Record(dict(_pairs(response.request.about))), tenant)
            yield from agenda_items(rows(answer, "items", response), held, tenant)
            return
        found = rows(answer, "value", response)
        for record in found:
            what = named("event", record, "id")
            yield made(what, lambda r=record: meeting(r, tenant))  # type: ignore[misc]
        yield from self._agendas(found, tenant)
        yield from self._onward(answer, response)

    def _agendas(self, found: Iterable[Record], tenant: Tenant) -> Iterator[Request]:
        """Ask for the agendas of the meetings that come next."""
        ahead = []
        for record in found:
            held = made("", lambda r=record: meeting(r, tenant))  # type: ignore[misc]
            number = record.fields.get("agendaId")
            if not isinstance(held, Entry) or not isinstance(number, int) or number <= 0:
                continue
            starts, now = held.hearings[0].starts, tenant.poll.now
            if starts and held.attachments and now - timedelta(days=1) <= starts <= now + _AHEAD:
                ahead.append((starts, number, record))
        for _, number, record in sorted(ahead, key=lambda one: one[:2])[: self.agendas]:
            yield self._ask(f"{self._api()}/Meetings/{number}", "agenda", _excerpt(record))

    def _onward(self, answer: Record, response: Response) -> Iterator[Parsed]:
        link, page = answer.text("@odata.nextLink"), int(response.request.about[0])
        url = absolute(response.request.url, link)
        if not link:
            yield Reach(prefix="event-")
        elif page >= _PAGES:
            yield Refusal(f"meetings beyond page {page}", "one poll reads no more")
        elif host(url) != host(response.request.url):
            yield Refusal("the next page", "its address leads to another host")
        else:
            yield self._ask(url, "events", (str(page + 1),))

    def _api(self) -> str:
        return self.api or f"https://{self.tenant.lower()}.api.civicclerk.com/v1"

    def _ask(self, url: str, step: str, about: tuple[str, ...]) -> Request:
        portal = f"https://{self.tenant.lower()}.portal.civicclerk.com"
        return Request(
            url,
            # Some tenants answer only what seems to come from their portal.
            headers=(("Accept", "application/json"), ("Origin", portal), ("Referer", f"{portal}/")),
            step=step,
            about=about,
            # A list leads on to agendas, and an equal agenda has a new time with its meeting.
            conditional=False,
            optional=step == "agenda",
        )


_EXCERPT = ("id", "eventName", "eventDate", "startDateTime", "MeetingStartDate", "categoryName")


def _excerpt(record: Record) -> tuple[str, ...]:
    """Write down what an agenda's items need of their meeting."""
    said = [(name, record.fields.get(name)) for name in _EXCERPT]
    return tuple([f"{name}={value}" for name, value in said if isinstance(value, str | int)])


def _pairs(about: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for one in about:
        name, _, value = one.partition("=")
        yield name, value
