"""Reads councils on PrimeGov: coming meetings, and those of the last days.

/api/v2/PublicPortal/ListUpcomingMeetings
/api/v2/PublicPortal/ListArchivedMeetings?year=…     (minutes and late cancellations)

Format: CouncilDataProject/cdp-scrapers, cdp_scrapers/prime_gov_utils.py
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._json_answers import Record, made, named, needed
from monitor.connectors._json_lists import read_list
from monitor.connectors._meetings import meeting_at, watched
from monitor.dates import local
from monitor.models import (
    Attachment,
    Entry,
    ItemType,
    Pairs,
    Parsed,
    Poll,
    Reach,
    Refusal,
    Request,
    Response,
)
from monitor.urls import absolute, host

_HOST = re.compile(r"([\w-]+)\.primegov\.com$", re.IGNORECASE)
# Los Angeles publishes each meeting twice, the second time in Spanish (secondary audio program).
_SPANISH = re.compile(r"^\s*SAP\b|\bSAP\s*$")
_NOT_HELD = re.compile(r"\bcancel|\brecess notice\b|\bpostpone", re.IGNORECASE)
_PDF = 1
_SHOWN = re.compile(r"^HTML\s+", re.IGNORECASE)


@register
class PrimeGov(BaseConnector):
    """Councils on PrimeGov, by the JSON behind their public portal.

    client: the first word of <client>.primegov.com.
    site: where the portal is; default https://<client>.primegov.com.
    committees: read only the meetings of these committee ids; default all. In Los Angeles 1 is the
        City Council.
    lookback_days: how many past days of meetings are read again, for minutes and late notices;
        default 7, and 0 reads only what is ahead.
    spanish: true to read the Spanish duplicates ("SAP") too; default false.
    """

    kind: ClassVar[str] = "primegov"
    platform: ClassVar[str] = "primegov"
    pace: ClassVar[float] = 2.7
    lists_upcoming: ClassVar[bool] = True

    client: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    site: str = Field(default="", pattern=r"^$|^https?://[^\s/]+")
    committees: Annotated[tuple[int, ...], Field(strict=False)] = ()
    lookback_days: int = Field(default=7, ge=0, le=365)
    spanish: bool = False

    @field_validator("site")
    @classmethod
    def _without_slash(cls, address: str) -> str:
        return address.rstrip("/")

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a portal by <client>.primegov.com."""
        del page
        found = _HOST.match(host(url))
        return (("client", found.group(1).lower()),) if found else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for what is ahead, and for the years in which the last days lie."""
        yield self._ask("ListUpcomingMeetings", "upcoming")
        if self.lookback_days:
            first = local(poll.now - timedelta(days=self.lookback_days), poll.timezone).year
            for year in range(first, local(poll.now, poll.timezone).year + 1):
                yield self._ask(f"ListArchivedMeetings?year={year}", "archived")

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a list of meetings; raises SoftError or FormatError where it is none."""
        site = self._site()
        for record in read_list(response):
            what = named("meeting", record, "id")
            entry = made(what, lambda r=record: _meeting(r, site, poll))  # type: ignore[misc]
            if isinstance(entry, Entry) and not self._is_wanted(entry, record):
                continue
            if isinstance(entry, Refusal) or self._is_near(entry, response, poll):
                yield entry
        if response.request.step == "upcoming":
            yield Reach()

    def _is_wanted(self, entry: Entry, record: Record) -> bool:
        if self.committees and record.fields.get("committeeId") not in self.committees:
            return False
        return self.spanish or not _SPANISH.search(entry.title)

    def _is_near(self, entry: Entry, response: Response, poll: Poll) -> bool:
        """Tell whether a meeting of a whole year's list lies within the last days."""
        starts = entry.hearings[0].starts
        if response.request.step != "archived" or starts is None:
            return True
        return starts >= poll.now - timedelta(days=self.lookback_days)

    def _site(self) -> str:
        return self.site or f"https://{self.client}.primegov.com"

    def _ask(self, path: str, step: str) -> Request:
        return Request(
            f"{self._site()}/api/v2/PublicPortal/{path}",
            headers=(("Accept", "application/json"),),
            step=step,
            # Where one of the lists is not read, what it shows would seem to be missing.
            conditional=False,
            optional=step == "archived",
        )


def _meeting(record: Record, site: str, poll: Poll) -> Entry:
    """Make an entry of a meeting; raises FormatError.

    The portal says only by a document's name that a meeting is cancelled.
    """
    title = needed(record, "title")
    papers = tuple(_documents(record, site))
    notices = tuple([_SHOWN.sub("", one.line("templateName")) for one in _sorted(record)])
    notices = tuple(dict.fromkeys([one for one in notices if one]))
    not_held = ("cancelled",) if any(_NOT_HELD.search(one) for one in notices) else ()
    said = record.text("dateTime") or f"{record.text('date')} {record.text('time')}".strip()
    held = meeting_at(said, poll, words=(title, *not_held))
    return Entry(
        type=ItemType.MEETING,
        key=f"meeting-{needed(record, 'id')}",
        title=title,
        url=papers[0].url if papers else f"{site}/public/portal",
        office=title,
        status=", ".join(notices),
        hearings=(held,),
        attachments=papers,
        participation=watched(record.text("videoUrl"), "videoUrl", held, poll.now),
        noise=_told(record, ("committeeId", "meetingTypeId", "meetingState", "videoUrl")),
    )


def _sorted(record: Record) -> list[Record]:
    papers = record.records("documentList")
    return sorted(papers, key=lambda one: one.number("sortOrder") or 0)


def _documents(record: Record, site: str) -> Iterator[Attachment]:
    """List the documents, each once: as PDF where there is one, else as a page.

    The address goes by the template, so that a document compiled anew is still the same.
    """
    seen = set()
    for paper in sorted(_sorted(record), key=lambda one: one.number("compileOutputType") != _PDF):
        template = paper.text("templateId")
        if template in seen:
            continue
        seen.add(template)
        title = _SHOWN.sub("", paper.line("templateName")) or "Document"
        is_pdf = paper.number("compileOutputType") == _PDF
        path = (
            f"/Public/CompiledDocument?meetingTemplateId={template}&compileOutputType=1"
            if is_pdf
            else f"/Portal/Meeting?meetingTemplateId={template}"
        )
        url = absolute(site, paper.text("link") or path)
        if template and url:
            yield Attachment(title, url, "application/pdf" if is_pdf else "text/html")


def _told(record: Record, names: tuple[str, ...]) -> Pairs:
    pairs = [(name, record.text(name)) for name in names]
    return tuple([pair for pair in pairs if pair[1]])
