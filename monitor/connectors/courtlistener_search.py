"""Searches CourtListener: opinions by their words, and dockets of federal courts.

feed/search/?q=…      the 20 newest results; no token, no quota
feed/court/{court}/   the 20 newest opinions of a court
api/rest/v4/search/   more of them, with numbers and parties      (API, token)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote_plus, urlsplit

from lxml import etree
from pydantic import Field, field_validator, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors import _courtlistener as shared
from monitor.connectors._courtlistener_results import result_entries
from monitor.connectors._feed_record import FeedRecord
from monitor.connectors._feeds import read_feed
from monitor.connectors._json_answers import moment, read_object, rows
from monitor.errors import FetchError
from monitor.jurisdictions import court
from monitor.models import (
    Access,
    Attachment,
    Entry,
    ItemType,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.text import one_line
from monitor.urls import host

_PACIFIC = "America/Los_Angeles"
_ATOM = "{http://www.w3.org/2005/Atom}"
_OPINION = re.compile(r"/opinion/(\d+)/")
_DOCKET = re.compile(r"/docket/(\d+)/(?:(\d+)/(?:(\d+)/)?)?")
_COURT = re.compile(r"/feed/court/([a-z0-9]+)/")


@register
class CourtListenerSearch(BaseConnector):
    """A search on CourtListener, or all new opinions of a court.

    query: words and operators as in the site's own search. Without it, every new opinion of the one
        court that is named.
    court: ids of the courts, such as [scotus, ca9, cand]; default all.
    type: opinions (default), or dockets: cases and documents in federal courts.
    case_name: words that must stand in the caption; default any.
    nature_of_suit: of dockets, words of the nature of suit; default any.
    api: ask the API instead of the feed: numbers, parties and more than 20 results; needs
        COURTLISTENER_TOKEN. Default false.
    pages: how many pages of 20 results one poll reads from the API at most; default 2.
    daily: how many requests to the API this source may send in a day, default 24; an account has
        125 for all its sources together.
    """

    kind: ClassVar[str] = "courtlistener_search"
    platform: ClassVar[str] = "courtlistener"
    pace: ClassVar[float] = 3.0
    window: ClassVar[bool] = True

    query: str = ""
    court: Annotated[tuple[str, ...], Field(strict=False)] = ()
    type: Literal["opinions", "dockets"] = "opinions"
    case_name: str = ""
    nature_of_suit: str = ""
    api: bool = False
    pages: int = Field(default=2, ge=1, le=10)
    daily: int = Field(default=24, ge=1, le=125)

    @field_validator("court")
    @classmethod
    def _are_courts(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(shared.checked_court(name) for name in names)

    @model_validator(mode="after")
    def _asks_for_something(self) -> CourtListenerSearch:
        searches = self.query or self.case_name or self.nature_of_suit
        if not searches and (len(self.court) != 1 or self.type == "dockets"):
            raise ValueError("without `query` or `case_name`, name one `court`, for its opinions")
        if self.nature_of_suit and self.type == "opinions":
            raise ValueError("`nature_of_suit` belongs to dockets: add `type: dockets`")
        return self

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know the feed of a court, www.courtlistener.com/feed/court/<court>/."""
        del page
        found = _COURT.match(urlsplit(url).path) if host(url) == host(shared.SITE) else None
        return (("court", found[1]),) if found and court(found[1]) else None

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the token's variable where the API is asked."""
        return (shared.TOKEN.variable,) if self.api else ()

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the feed or the API's first page; raises FetchError where the quota is spent."""
        if not self.api:
            yield Request(self._feed_url(), access=Access.FEED, step="feed")
            return
        room = shared.room(poll, self.daily)
        if not room:
            raise FetchError(
                f"{shared.API}/search/",
                f"the day's {self.daily} requests of this source are spent (option `daily`): poll "
                "less often",
            )
        pages = min(room, self.pages)
        url = f"{shared.API}/search/?{self._query()}"
        yield shared.api_request(url, "api", ("1", str(pages)), optional=False)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the feed or a page of results; raises SoftError or FormatError."""
        if response.request.step == "api":
            yield from self._results(response, poll)
            return
        feed = read_feed(response)
        if feed.fault:
            yield Refusal(
                "what follows the fault may be lost", f"not well-formed XML, {feed.fault}"
            )
        authors = _authors(response.body)
        alone = self.court[0] if len(self.court) == 1 else ""
        for record in feed.records:
            where = alone or shared.court_named(authors.get(record.id, ""))
            yield _found(record, where, authors.get(record.id, ""), poll.now)

    def _results(self, response: Response, poll: Poll) -> Iterator[Parsed]:
        answer = read_object(response)
        page, most = (int(one) for one in response.request.about)
        for one in rows(answer, "results", response):
            yield from result_entries(one, poll.now)
        yield shared.spent(poll, page)
        onward = answer.text("next")
        if onward and page < most and onward.startswith(f"{shared.API}/"):
            yield shared.api_request(onward, "api", (str(page + 1), str(most)), optional=False)

    def _feed_url(self) -> str:
        if not (self.query or self.case_name or self.nature_of_suit):
            return f"{shared.SITE}/feed/court/{self.court[0]}/"
        return f"{shared.SITE}/feed/search/?{self._query()}"

    def _query(self) -> str:
        dockets = self.type == "dockets"
        pairs = [
            ("q", self.query),
            ("type", "r" if dockets else "o"),
            ("order_by", "entry_date_filed desc" if dockets and self.api else "dateFiled desc"),
            ("court", " ".join(self.court)),
            ("case_name", self.case_name),
            ("nature_of_suit", self.nature_of_suit),
        ]
        return "&".join(f"{name}={quote_plus(value)}" for name, value in pairs if value)


def _found(record: FeedRecord, court_id: str, author: str, now: datetime) -> Entry | Refusal:
    """Make an entry of a feed's result: an opinion, a case, or a document in a case."""
    path = urlsplit(shared.site_link(record.link)).path
    opinion, docket = _OPINION.match(path), _DOCKET.match(path)
    where = court(court_id)
    if opinion:
        kind, key, names = ItemType.OPINION, f"opinion:{opinion[1]}", shared.case_names("", "", "")
    elif docket:
        entry = shared.entry_key(docket[1], docket[2], "") if docket[2] else f"case:{docket[1]}"
        key = f"{entry}.{docket[3]}" if docket[3] else entry
        kind = ItemType.DOCKET_ENTRY if docket[2] else ItemType.DOCKET_CAPTION
        names = shared.case_names(docket[1], "", "")
    else:
        words = one_line(record.title or record.link, 80)
        return Refusal(words, "it leads neither to an opinion nor to a docket")
    said = record.published or record.updated
    return Entry(
        type=kind,
        key=key,
        title=record.title or f"Docket {key}",
        body=record.content or record.summary,
        html=True,
        url=shared.site_link(record.link),
        published=moment(said, _PACIFIC, now),
        published_said=said,
        jurisdiction=where.id if where else "",
        office=where.name if where else author,
        identifiers=names,
        attachments=tuple(
            Attachment("Opinion", url, one.media_type)
            for one in record.enclosures
            if (url := shared.site_link(one.url)) and host(url) == host(shared.STORAGE)
        ),
        labels=record.labels,
    )


def _authors(body: bytes) -> dict[str, str]:
    """Read the court of each result, which the feed gives as its author; by the result's id."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    if root is None:
        return {}
    return {
        (entry.findtext(f"{_ATOM}id") or "").strip(): name.strip()
        for entry in root.iterfind(f"{_ATOM}entry")
        if (name := entry.findtext(f"{_ATOM}author/{_ATOM}name"))
    }
