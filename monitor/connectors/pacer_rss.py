"""Reads the free feeds of new docket entries in federal courts (PACER, CM/ECF).

A feed holds the entries of the last 24 hours: a caption and an event label, never a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._docket_labels import (
    event,
    is_clerical,
    is_criminal,
    opens_a_case,
    readable,
)
from monitor.connectors._feed_record import Feed
from monitor.connectors._feeds import read_feed
from monitor.connectors._pacer_filings import Filing, merged, read_filing
from monitor.dates import iso, parse_date
from monitor.errors import SoftError
from monitor.identifiers import docket_core, docket_number
from monitor.jurisdictions import Court, court, suggestion
from monitor.models import (
    Access,
    Entry,
    Identifier,
    ItemType,
    Mark,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.urls import absolute, host

_STALE = timedelta(days=1)
_ECF = re.compile(r"ecf\.(\w+)\.uscourts\.gov$")


@register
class PacerRss(BaseConnector):
    """New docket entries of one federal court, from its public CM/ECF feed.

    court: the court's PACER or CourtListener id: cand, nyed, ca4, mdb.
    url: the feed's address, where it is not the usual one for the court.
    watch: docket numbers of cases that are told without any keyword: a list, or a map from number
        to the case's name. The office digit may be left out.
    cases: which cases are read: all (default), civil, or watched.
    """

    kind: ClassVar[str] = "pacer_rss"
    platform: ClassVar[str] = "pacer"
    pace: ClassVar[float] = 2.0
    window: ClassVar[bool] = True
    span: ClassVar[timedelta | None] = timedelta(days=1)

    court: str
    url: str = ""
    watch: Annotated[tuple[str | dict[str, str], ...], Field(strict=False)] | dict[str, str] = ()
    cases: Literal["all", "civil", "watched"] = "all"

    @field_validator("court")
    @classmethod
    def _is_court(cls, name: str) -> str:
        if court(name) is None:
            raise ValueError(f"is no federal court{suggestion(name)}")
        return name

    @field_validator("watch")
    @classmethod
    def _are_numbers(
        cls, watch: tuple[str | dict[str, str], ...] | dict[str, str]
    ) -> tuple[str | dict[str, str], ...] | dict[str, str]:
        for number in _names(watch):
            if docket_number(number) is None:
                raise ValueError(f"{number!r} is no docket number such as 3:25-cv-01350")
        return watch

    @model_validator(mode="after")
    def _has_feed(self) -> PacerRss:
        if self.url and not absolute("", self.url):
            raise ValueError("url must be an http or https address")
        if not self.url and not self._court.feed_url:
            raise ValueError(f"{self._court.short} publishes no feed; watch it on CourtListener")
        return self

    @property
    def _court(self) -> Court:
        found = court(self.court)
        if found is None:
            raise KeyError(self.court)
        return found

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a court by its CM/ECF address, ecf.<court>.uscourts.gov."""
        del page
        name = _ECF.match(host(url))
        found = court(name.group(1)) if name else None
        return (("court", found.id),) if found and found.feed_url else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the court's feed."""
        del poll
        yield Request(self.url or self._court.feed_url, access=Access.FEED)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the feed; raises SoftError for an empty body or a court without one."""
        feed = read_feed(response)
        if not feed.records and b"not configured" in response.body.lower():
            raise SoftError(response.url, "the court has not set up its feed")
        yield from _state(feed, poll)
        filings = []
        for record in feed.records:
            filing = read_filing(record, self._court.timezone)
            if isinstance(filing, Refusal):
                yield filing
            else:
                filings.append(filing)
        yield from self._entries(merged(filings))

    def _entries(self, filings: tuple[Filing, ...]) -> Iterator[Entry]:
        watched = _watched(_names(self.watch))
        opened = set()
        for filing in filings:
            name = _watched_name(filing, watched)
            if not self._is_read(filing, name):
                continue
            if filing.number not in opened and any(map(opens_a_case, filing.labels)):
                opened.add(filing.number)
                yield self._caption(filing, name)
            yield self._entry(filing, name)

    def _is_read(self, filing: Filing, name: str) -> bool:
        if name or self.cases == "all":
            return True
        return self.cases == "civil" and not is_criminal(filing.number)

    def _entry(self, filing: Filing, name: str) -> Entry:
        """Make an entry of a filing."""
        caption = readable(filing.caption)
        labels = " / ".join(map(event, filing.labels))
        facts = (("docket_number", filing.number), ("document_number", filing.document))
        return Entry(
            type=ItemType.DOCKET_ENTRY,
            key=f"{self._court.id}:{filing.key}",
            title=f"{caption or filing.number} — {labels}",
            url=filing.link,
            published=filing.filed,
            published_said="" if filing.filed else filing.said,
            office=self._court.name,
            identifiers=(Identifier("docket", self._court.id, filing.number),),
            facts=tuple(pair for pair in facts if pair[1]),
            noise=_noise(filing, caption),
            labels=filing.labels,
            muted=_muted(filing, name),
            watched=name,
        )

    def _caption(self, filing: Filing, name: str) -> Entry:
        """Make an entry of a case that begins; its key is the case's, so that it is told once."""
        caption = readable(filing.caption)
        return Entry(
            type=ItemType.DOCKET_CAPTION,
            key=f"case:{self._court.id}:{filing.case_id or filing.number}",
            title=caption or filing.number,
            url=filing.link,
            published=filing.filed,
            published_said="" if filing.filed else filing.said,
            office=self._court.name,
            identifiers=(Identifier("docket", self._court.id, filing.number),),
            facts=(("docket_number", filing.number),),
            noise=_noise(filing, caption),
            labels=filing.labels,
            muted="" if name or not is_criminal(filing.number) else "a criminal case",
            watched=name,
        )


def _state(feed: Feed, poll: Poll) -> Iterator[Parsed]:
    """Say which entries the feed carries, and complain where it is broken or has stood still."""
    if feed.description:
        yield Mark("types", feed.description.removeprefix("Docket entries of type:").strip())
    if feed.fault:
        yield Refusal("what follows the fault may be lost", f"not well-formed XML, {feed.fault}")
    built = parse_date(feed.built, poll.timezone)
    if built and poll.now - built > _STALE:
        yield Refusal("entries since then", f"the court last built its feed at {iso(built)}")


def _names(watch: tuple[str | dict[str, str], ...] | dict[str, str]) -> dict[str, str]:
    """Bring the forms of `watch` into one: docket number to name, "" where it has none."""
    if isinstance(watch, dict):
        return watch
    found: dict[str, str] = {}
    for one in watch:
        found.update({one: ""} if isinstance(one, str) else one)
    return found


def _watched(names: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Index watched cases by number without office: (office or "", name)."""
    found = {}
    for said, name in names.items():
        number = docket_number(said) or said
        office = number.partition(":")[0] if ":" in number else ""
        found[docket_core(number)] = (office, name or number)
    return found


def _watched_name(filing: Filing, watched: Mapping[str, tuple[str, str]]) -> str:
    """Return the name under which a filing's case is watched, "" where it is not."""
    if not watched:
        return ""
    office, name = watched.get(docket_core(filing.number), ("-", ""))
    own = filing.number.partition(":")[0] if ":" in filing.number else ""
    return name if name and (not office or not own or office == own) else ""


def _muted(filing: Filing, name: str) -> str:
    """Say why an entry is not alerted; one event that is news speaks for the whole filing."""
    if all(map(is_clerical, filing.labels)):
        return f"clerical: {filing.labels[0]}"
    return "a criminal case" if is_criminal(filing.number) and not name else ""


def _noise(filing: Filing, shown: str) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("caption", filing.caption if filing.caption != shown else ""),
        ("pacer_case_id", filing.case_id),
        ("pacer_document_id", filing.document_id),
        ("pacer_document", filing.document_url),
        ("sequence", filing.sequence),
        ("judges", filing.judges),
        *filing.bankruptcy,
    )
    return tuple(pair for pair in pairs if pair[1])
