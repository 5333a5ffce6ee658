"""Reads the Federal Register: published documents, and those on public inspection before.

    public-inspection-documents/current.json ─→ documents, days before they are published
    documents.json (agencies or words) ───────→ documents, with deadlines for comment
    documents.json (presidential) ────────────→ executive orders with their numbers

Format: https://www.federalregister.gov/developers/documentation/api/v1
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote_plus

from pydantic import Field, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors import _federal_register_entries as entries
from monitor.connectors._json_answers import Record, made, named, read_object, rows
from monitor.dates import iso, local, parse_date
from monitor.models import Mark, Parsed, Poll, Refusal, Request, Response

_API = "https://www.federalregister.gov/api/v1"
_EASTERN = "America/New_York"
_SORTS = {"Rule", "Proposed Rule", "Notice"}
_TYPES = {"rule": "RULE", "proposed_rule": "PRORULE", "notice": "NOTICE"}
_PAGE = 200
# The API shows the first 2,000 results of a query.
_MOST_PAGES = 10
# Deadlines are extended by new documents; old ones change only while they are indexed.
_OVERLAP = timedelta(days=7)
_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
# Guesses that are seen in other people's code, and answer with nothing or an error.
_WRONG_SLUGS = {
    "department-of-homeland-security": "homeland-security-department",
    "citizenship-and-immigration-services": "u-s-citizenship-and-immigration-services",
    "immigration-and-customs-enforcement": "u-s-immigration-and-customs-enforcement",
    "customs-and-border-protection": "u-s-customs-and-border-protection",
    "department-of-justice": "justice-department",
}

Slug = Annotated[str, Field(pattern=_SLUG)]


@register
class FederalRegister(BaseConnector):
    """Rules, notices and presidential documents in the Federal Register; no key is needed.

    agencies: slugs as on federalregister.gov/agencies, such as homeland-security-department or
        u-s-immigration-and-customs-enforcement; default all, which is some hundred documents a day.
    term: words that must stand in the document, as in the site's search; default none. Documents on
        public inspection are not narrowed by it.
    types: which documents are read: rule, proposed_rule, notice; default all three.
    presidential: read every presidential document as well, whatever its agency; default true.
    inspection: read what is on public inspection, days before it is published; default true.
    published: read what is published; default true.
    lookback_days: how far back a first poll looks; default 14.
    """

    kind: ClassVar[str] = "federal_register"
    platform: ClassVar[str] = "federal_register"
    pace: ClassVar[float] = 1.0
    increments: ClassVar[bool] = True

    agencies: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    term: str = ""
    types: Annotated[
        tuple[Literal["rule", "proposed_rule", "notice"], ...], Field(strict=False)
    ] = ("rule", "proposed_rule", "notice")
    presidential: bool = True
    inspection: bool = True
    published: bool = True
    lookback_days: int = Field(default=14, ge=1, le=3660)

    @model_validator(mode="after")
    def _is_sound(self) -> FederalRegister:
        for slug in self.agencies:
            if slug in _WRONG_SLUGS:
                raise ValueError(f"no agency {slug!r} (did you mean {_WRONG_SLUGS[slug]!r}?)")
        if not (self.inspection or self.published):
            raise ValueError("both `inspection` and `published` are false: nothing is left to read")
        if not (self.types or self.presidential):
            raise ValueError(
                "`types` is empty and `presidential` is false: nothing is left to read"
            )
        return self

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for public inspection, the agencies' documents, and the President's."""
        if self.inspection:
            # A shared cache keeps this list for more than an hour: the address is made new.
            yield self._ask(
                f"{_API}/public-inspection-documents/current.json?_={poll.now.timestamp():.0f}",
                "inspection",
            )
        if self.published and self.types:
            yield self._page("documents", poll, 1)
        if self.published and self.presidential:
            yield self._page("presidential", poll, 1)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a list of documents; raises SoftError or FormatError where it is none."""
        answer = read_object(response)
        step = response.request.step
        if step == "inspection":
            yield from self._inspected(answer, response, poll)
            return
        # A query without results has no list: only {"count": 0}.
        nothing = answer.fields.get("count") == 0 and "results" not in answer.fields
        for record in () if nothing else rows(answer, "results", response):
            yield made(
                named("document", record, "document_number"),
                lambda r=record: entries.published(r, poll.now),  # type: ignore[misc]
            )
        yield from self._onward(answer, step, int(response.request.about[0]), poll)

    def _inspected(self, answer: Record, response: Response, poll: Poll) -> Iterator[Parsed]:
        for record in rows(answer, "results", response):
            found = made(
                named("document", record, "document_number"),
                lambda r=record: self._wanted(r, poll.now),  # type: ignore[misc]
            )
            if found is not None:
                yield found

    def _wanted(self, record: Record, now: datetime) -> Parsed | None:
        """Read a document on public inspection, None where another agency's are wanted."""
        kind = record.text("type")
        if kind.lower().startswith("presidential"):
            return entries.inspected(record, now) if self.presidential else None
        if re.sub(r"\W+", "_", kind.lower()) not in self.types and kind in _SORTS:
            return None
        slugs = {one.text("slug") for one in record.records("agencies")}
        wanted = not self.agencies or slugs & set(self.agencies)
        return entries.inspected(record, now) if wanted else None

    def _onward(self, answer: Record, step: str, page: int, poll: Poll) -> Iterator[Parsed]:
        """Ask for the next page, or mark the day where there is none."""
        pages = answer.number("total_pages") or 0
        if page < min(pages, _MOST_PAGES):
            yield self._page(step, poll, page + 1)
            return
        if page < pages:
            yield Refusal(f"{step} beyond {page * _PAGE}", "the API shows no more of one query")
        yield Mark(step, iso(poll.now))

    def _page(self, step: str, poll: Poll, page: int) -> Request:
        conditions = [("publication_date][gte", self._since(step, poll))]
        if step == "presidential":
            conditions.append(("type][", "PRESDOCU"))
        else:
            conditions += [("type][", _TYPES[one]) for one in self.types]
            conditions += [("agencies][", slug) for slug in self.agencies]
            conditions += [("term", self.term)] if self.term else []
        query = [f"conditions[{name}]={quote_plus(value)}" for name, value in conditions]
        query += [f"fields[]={name}" for name in entries.FIELDS]
        query += ["order=newest", f"per_page={_PAGE}", f"page={page}"]
        return self._ask(f"{_API}/documents.json?{'&'.join(query)}", step, (str(page),))

    def _ask(self, url: str, step: str, about: tuple[str, ...] = ()) -> Request:
        # The API forbids caching and gives no validators; a page leads to further ones.
        return Request(url, step=step, about=about, conditional=False)

    def _since(self, step: str, poll: Poll) -> str:
        """Return the first day of publication that is asked for."""
        last = parse_date(poll.mark(step), "UTC")
        usual = last - _OVERLAP if last else poll.now - timedelta(days=self.lookback_days)
        since = min(usual, poll.since) if poll.since else usual
        return local(since, _EASTERN).strftime("%Y-%m-%d")
