"""Watches one case on CourtListener: the docket entries that its users and feeds collect.

docket/{id}/feed/    the 30 newest entries; no token, no quota
dockets/{id}/        the case's state: judge, termination          (API, token)
docket-entries/      the entries with their documents              (API, by permission)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors import _courtlistener as shared
from monitor.connectors._feed_record import Feed, FeedRecord
from monitor.connectors._feeds import read_feed
from monitor.connectors._json_answers import (
    Record,
    complaint,
    made,
    moment,
    named,
    needed,
    read_object,
    rows,
    subject_of,
)
from monitor.dates import parse_date, plausible
from monitor.errors import FormatError
from monitor.models import Access, Entry, Pairs, Parsed, Poll, Refusal, Request, Response
from monitor.text import clean_text, one_line
from monitor.urls import host

_PACIFIC = "America/Los_Angeles"
_TITLE = re.compile(
    r"(?:Entry #(?P<number>\d+)|Minute entry from (?P<day>.{4,40}?)) in (?P<case>.+)", re.DOTALL
)
_ABOUT = re.compile(r"Docket updates for (?P<case>.+)", re.DOTALL)
_ANCHOR = re.compile(r"(?:minute-)?entry-\d+")
_ADDRESS = re.compile(r"/docket/(\d+)/")
_MAIN = 1


@register
class CourtListenerDocket(BaseConnector):
    """One case to be watched, by its docket on CourtListener; each entry is told.

    docket: the number in the case's address, www.courtlistener.com/docket/<docket>/.
    court: the court's id, such as cand or ca9; give it, so that the case is known as the same one
        in other sources.
    case: what the case is called in alerts; default its caption.
    api: what to ask of the API beside the feed: none (default); case, for the judge and the end of
        the case; or entries, in place of the feed, where Free Law Project has granted that. Both
        need COURTLISTENER_TOKEN.
    daily: how many requests to the API this source may send in a day, default 8; an account has 125
        for all its sources together. Once they are spent, the feed is read.
    """

    kind: ClassVar[str] = "courtlistener_docket"
    platform: ClassVar[str] = "courtlistener"
    pace: ClassVar[float] = 3.0
    window: ClassVar[bool] = True

    docket: int = Field(ge=1)
    court: str = ""
    case: str = ""
    api: Literal["none", "case", "entries"] = "none"
    daily: int = Field(default=8, ge=2, le=125)

    @field_validator("court")
    @classmethod
    def _is_court(cls, name: str) -> str:
        return shared.checked_court(name) if name else ""

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a case by its address, www.courtlistener.com/docket/<docket>/."""
        del page
        there = host(url) in {"www.courtlistener.com", "courtlistener.com"}
        found = _ADDRESS.match(urlsplit(url).path) if there else None
        return (("docket", found[1]),) if found else None

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the token's variable where the API is asked."""
        return () if self.api == "none" else (shared.TOKEN.variable,)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the feed, or the API where its quota is not spent."""
        wanted = {"none": 0, "case": 1, "entries": 2}[self.api]
        may_ask = 0 < wanted <= shared.room(poll, self.daily)
        if self.api != "entries" or not may_ask:
            yield Request(
                f"{shared.SITE}/docket/{self.docket}/feed/", access=Access.FEED, step="feed"
            )
        if may_ask:
            url = f"{shared.API}/dockets/{self.docket}/"
            yield shared.api_request(url, "case", optional=self.api == "case")

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the feed, the case, or its entries; raises SoftError or FormatError."""
        match response.request.step:
            case "case":
                answer = read_object(response)
                if answer.number("id") != self.docket:
                    raise complaint(answer, response) or FormatError(
                        subject_of(response), f"the answer is not docket {self.docket}"
                    )
                yield from self._state(answer, poll)
            case "entries":
                case = self._case(*response.request.about)
                for one in rows(read_object(response), "results", response):
                    yield made(
                        named("entry", one, "id"),
                        lambda r=one: _filed(r, case, poll.now),  # type: ignore[misc]
                    )
            case _:
                yield from self._feed(read_feed(response), poll)

    # ------------------------------------------------------------------------------- the feed

    def _feed(self, feed: Feed, poll: Poll) -> Iterator[Entry | Refusal]:
        if feed.fault:
            yield Refusal(
                "what follows the fault may be lost", f"not well-formed XML, {feed.fault}"
            )
        told = _ABOUT.fullmatch(clean_text(feed.title, html=True))
        if told is None:
            raise FormatError(f"{shared.SITE}/docket/{self.docket}/feed/", "no docket's feed")
        case = self._case(*_name_and_number(told["case"]), self.court)
        if self.api == "none":
            yield case
        for record in feed.records:
            found = made(record.id or record.link, lambda r=record: self._record(r, case, poll.now))  # type: ignore[misc]
            yield found

    def _record(self, record: FeedRecord, case: Entry, now: datetime) -> Entry:
        """Make an entry of a feed's item; raises FormatError where it is none of a docket."""
        title = _TITLE.fullmatch(clean_text(record.title, html=True))
        anchor = _ANCHOR.search(urlsplit(record.link).fragment)
        if title is None and anchor is None:
            raise FormatError(record.link, "it is no docket entry")
        number = title["number"] if title else ""
        key = (
            f"{self.docket}:{anchor[0]}" if anchor else f"{self.docket}:entry-{number or record.id}"
        )
        words = clean_text(record.content or record.summary, html=True)
        files = tuple(shared.site_link(one.url) for one in record.enclosures)
        filed = parse_date(record.published or record.updated, _PACIFIC)
        entry = shared.docket_entry(key, case, words, shared.site_link(record.link), files)
        if not words:
            entry = replace(entry, title=title[0] if title else f"{case.title} — {key}")
        return replace(
            entry,
            published=filed if filed and plausible(filed, now) else None,
            published_said=record.published,
        )

    def _case(self, caption: str, number: str, court: str) -> Entry:
        name = self.case or one_line(caption)
        return shared.case_entry(str(self.docket), court, number, caption, name or str(self.docket))

    # -------------------------------------------------------------------------------- the API

    def _state(self, answer: Record, poll: Poll) -> Iterator[Parsed]:
        """Read the case's state, and ask for its entries where they are wanted."""
        caption = answer.line("case_name") or answer.line("case_name_full")
        court = self.court or needed(answer, "court_id")
        about = (caption, answer.text("docket_number"), court)
        filed, ended = answer.text("date_filed"), answer.text("date_terminated")
        facts = (
            ("terminated", ended),
            ("judge", answer.line("assigned_to_str")),
            ("nature_of_suit", answer.line("nature_of_suit")),
        )
        case = self._case(*about)
        yield replace(
            case,
            url=shared.site_link(answer.text("absolute_url")) or case.url,
            published=moment(filed, poll.timezone, poll.now),
            published_said=filed,
            status="Terminated" if ended else "",
            facts=(*case.facts, *(pair for pair in facts if pair[1])),
            noise=tuple(
                (name, said)
                for name in ("cause", "date_last_filing", "pacer_case_id", "jurisdiction_type")
                if (said := answer.line(name))
            ),
        )
        yield shared.spent(poll, 2 if self.api == "entries" else 1)
        if self.api == "entries":
            query = f"docket={self.docket}&order_by=-recap_sequence_number"
            url = f"{shared.API}/docket-entries/?{query}"
            yield shared.api_request(url, "entries", about, optional=False)


def _name_and_number(said: str) -> tuple[str, str]:
    """Split "City v. Trump, 3:25-cv-01350"; a caption may hold commas, a number none."""
    caption, comma, number = said.rpartition(", ")
    if comma and any(map(str.isdigit, number)):
        return caption, number
    return said, ""


def _filed(record: Record, case: Entry, now: datetime) -> Entry:
    """Make an entry of the API's docket entry, with the words and document that the feed has."""
    number, own = record.text("entry_number"), needed(record, "id")
    docket = case.key.removeprefix("case:")
    main = next(
        (one for one in record.records("recap_documents") if one.number("document_type") == _MAIN),
        Record(),
    )
    words = record.text("description") or main.text("description")
    key = shared.entry_key(docket, number, own)
    path = main.text("filepath_local")
    files = (shared.STORAGE + path.lstrip("/"),) if path else ()
    link = f"{case.url}?order_by=desc#{key.partition(':')[2]}"
    entry = shared.docket_entry(key, case, clean_text(words), link, files)
    filed = record.text("date_filed")
    return replace(entry, published=moment(filed, _PACIFIC, now), published_said=filed)
