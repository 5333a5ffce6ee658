"""Reads Chicago's council through the City Clerk's eLMS: matters touched, and meetings.

/matter?filter=… ─→ council items ─→ /matter/{id} → documents and last action
/meeting?filter=… ─→ meetings

Format: https://api.chicityclerkelms.chicago.gov/swagger.json
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

from pydantic import Field, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors import _chicago_entries as entries
from monitor.connectors._json_answers import (
    Record,
    complaint,
    made,
    named,
    read_object,
    rows,
    subject_of,
)
from monitor.dates import iso, parse_date
from monitor.errors import FormatError
from monitor.models import Entry, Mark, Pairs, Parsed, Poll, Refusal, Request, Response
from monitor.urls import host

_HOSTS = ("chicityclerkelms.chicago.gov", "api.chicityclerkelms.chicago.gov")
# The API gives no more; without `top` it gives 100.
_PAGE = 500
_MOST_PAGES = 40
_ID = re.compile(r"[0-9A-Fa-f-]{8,40}")
_TOUCHED = (
    "actions/any(a: a/actionDate gt {since}) or introductionDate gt {since}"
    " or recordCreateDate gt {since} or lastPublicationDate gt {since}"
)


@register
class ChicagoElms(BaseConnector):
    """Chicago's City Council, by the City Clerk's eLMS (no key).

    api: where the API is; default https://api.chicityclerkelms.chicago.gov.
    matters: read legislation; default true.
    meetings: read meetings; default true.
    details: for how many touched matters of a page (of 500) one poll also reads documents and last
        action, default 40; the others have their turn next time. One more request each.
    lookback_days: how far back a first poll looks, and each poll for meetings; default 14.
    overlap_hours: how far each poll looks back behind the one before; default 72.
    """

    kind: ClassVar[str] = "chicago_elms"
    platform: ClassVar[str] = "chicago_elms"
    pace: ClassVar[float] = 1.0
    increments: ClassVar[bool] = True

    api: str = Field(
        default="https://api.chicityclerkelms.chicago.gov", pattern=r"^https?://[^\s/]+$"
    )
    matters: bool = True
    meetings: bool = True
    details: int = Field(default=40, ge=0, le=200)
    lookback_days: int = Field(default=14, ge=1, le=3660)
    overlap_hours: int = Field(default=72, ge=1, le=720)

    @model_validator(mode="after")
    def _reads_something(self) -> ChicagoElms:
        if not (self.matters or self.meetings):
            raise ValueError("both `matters` and `meetings` are false: nothing is left to read")
        return self

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know the Clerk's site by its host; no option is needed."""
        del page
        return () if host(url) in _HOSTS else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the touched matters, and for meetings."""
        if self.matters:
            yield self._page("matter", 0, poll)
        if self.meetings:
            yield self._page("meeting", 0, poll)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page of matters or meetings, or one matter."""
        answer = read_object(response)
        step, about = response.request.step, response.request.about
        if step == "details":
            if "matterId" not in answer.fields:
                raise complaint(answer, response) or FormatError(
                    subject_of(response), "the answer holds no matter"
                )
            one = made(f"matter {about[0]}", lambda: entries.documents(answer, poll))
            yield from () if one is None else (one,)
            return
        listed = rows(answer, "data", response)
        count = answer.record("meta").number("count")
        if count is None:
            raise FormatError(step, "the answer does not say how many records there are")
        make = entries.matter if step == "matter" else entries.meeting
        found = [
            made(named(step, record, f"{step}Id"), lambda r=record: make(r, poll))  # type: ignore[misc]
            for record in listed
        ]
        yield from found
        if step == "matter" and self.details:
            fresh = [one for one in found if isinstance(one, Entry)]
            yield from self._details(fresh, int(about[0]), poll)
        yield from self._onward(step, int(about[0]), listed, count, poll)

    def _details(self, found: list[Entry], skip: int, poll: Poll) -> Iterator[Request | Mark]:
        """Ask for matters touched since the last poll, those that had to wait first.

        Each page has a bound and a queue of its own: an answer knows nothing of the others.
        """
        last, name = self._last("matter", poll), f"details {skip}"
        touched = [
            one.key.removeprefix("matter-")
            for one in found
            if last is None or one.updated is None or one.updated > last - timedelta(hours=1)
        ]
        waited = [one for one in poll.mark(name).split() if _ID.fullmatch(one)]
        order = list(dict.fromkeys([*waited, *filter(_ID.fullmatch, touched)]))
        for number in order[: self.details]:
            yield self._ask(f"matter/{number}", "details", (number,), optional=True)
        # The first poll is silent: what waited then would be told as news later.
        yield Mark(name, " ".join(order[self.details :]) if last else "")

    def _onward(
        self, step: str, skip: int, listed: tuple[Record, ...], count: int, poll: Poll
    ) -> Iterator[Parsed]:
        """Ask for the next page, or mark the time where there is none."""
        onward = skip + _PAGE
        if not listed or onward >= count:
            yield Mark(step, iso(poll.now))
        elif onward >= _MOST_PAGES * _PAGE:
            yield Refusal(f"{step} beyond {onward}", "one poll reads no more")
            yield Mark(step, iso(poll.now))
        else:
            yield self._page(step, onward, poll)

    # -------------------------------------------------------------------------------- requests

    def _page(self, step: str, skip: int, poll: Poll) -> Request:
        since = self._since(step, poll)
        condition = (
            _TOUCHED.format(since=iso(since)) if step == "matter" else f"date gt {iso(since)}"
        )
        order = "introductionDate asc" if step == "matter" else "date asc"
        pairs = (("filter", condition), ("sort", order), ("top", _PAGE), ("skip", skip))
        query = "&".join([f"{name}={quote(str(value), safe='/():')}" for name, value in pairs])
        return self._ask(f"{step}?{query}", step, (str(skip),), optional=False)

    def _ask(self, path: str, step: str, about: tuple[str, ...], *, optional: bool) -> Request:
        return Request(
            f"{self.api}/{path}",
            headers=(("Accept", "application/json"),),
            step=step,
            about=about,
            conditional=False,
            optional=optional,
        )

    def _since(self, step: str, poll: Poll) -> datetime:
        last = self._last(step, poll)
        usual = poll.now - timedelta(days=self.lookback_days)
        # All meetings ahead are read at every poll: a new time need not touch anything else.
        if last is not None and step == "matter":
            usual = last - timedelta(hours=self.overlap_hours)
        return min(usual, poll.since) if poll.since else usual

    def _last(self, step: str, poll: Poll) -> datetime | None:
        return parse_date(poll.mark(step), "UTC")
