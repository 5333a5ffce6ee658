"""Reads regulations.gov: rules, proposed rules and notices with their deadlines for comment.

    /documents ─→ documents       /dockets, /comments ─→ where they are asked for

Format: https://open.gsa.gov/api/regulationsgov/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote

from pydantic import Field, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._bill_names import US
from monitor.connectors._json_answers import (
    Record,
    entries_of,
    made,
    named,
    needed,
    read_object,
    rows,
    subject_of,
)
from monitor.connectors._regulations_entries import comment, docket
from monitor.connectors._rulemakings import rulemaking_docket
from monitor.dates import iso, local, parse_date
from monitor.errors import FormatError
from monitor.identifiers import fr_document
from monitor.models import (
    Contact,
    ContactKind,
    Credential,
    Entry,
    Hearing,
    ItemType,
    Mark,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)

_API = "https://api.regulations.gov/v4"
_KEY = Credential("REGULATIONS_API_KEY", "header", "X-Api-Key", hosts=("api.regulations.gov",))
# The filter on the last change takes Eastern time; the answers are in UTC.
_EASTERN = "America/New_York"
_PAGE = 250
_MOST_PAGES = 20
_OVERLAP = timedelta(hours=24)
_SORTS = {
    "rule": "Rule",
    "proposed_rule": "Proposed Rule",
    "notice": "Notice",
    "supporting": "Supporting & Related Material",
    "other": "Other",
}

Agency = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,15}$")]
Sort = Literal["rule", "proposed_rule", "notice", "supporting", "other"]


@register
class Regulations(BaseConnector):
    """Documents on regulations.gov (needs REGULATIONS_API_KEY, free from api.data.gov).

    agencies: ids of agencies, such as [ICEB, USCIS, EOIR, DHS, DOJ]; ICE is ICEB.
    terms: words to search for, one search each; default none: all documents of the agencies.
    types: which documents are read: rule, proposed_rule, notice, supporting, other; default the
        first three.
    pages: how many pages of 250 documents one search may ask for in one poll, default 4; what is
        left waits for the next poll.
    dockets: read dockets too, which open before their first document; default false.
    comments: read what was sent in, too; default false. Comments of organisations and offices are
        told by their title; those of people are kept for the count, without a name.
    lookback_days: how far back a first poll looks; default 14.
    """

    kind: ClassVar[str] = "regulations"
    platform: ClassVar[str] = "regulations"
    pace: ClassVar[float] = 3.6
    increments: ClassVar[bool] = True

    agencies: Annotated[tuple[Agency, ...], Field(strict=False)] = ()
    terms: Annotated[tuple[str, ...], Field(strict=False)] = ()
    types: Annotated[tuple[Sort, ...], Field(strict=False, min_length=1)] = (
        "rule",
        "proposed_rule",
        "notice",
    )
    dockets: bool = False
    comments: bool = False
    pages: int = Field(default=4, ge=1, le=_MOST_PAGES)
    lookback_days: int = Field(default=14, ge=1, le=3660)

    @model_validator(mode="after")
    def _asks_for_something(self) -> Regulations:
        if not self.agencies and not self.terms:
            raise ValueError("name `agencies` or `terms`: all of regulations.gov is too much")
        if "ICE" in self.agencies:
            raise ValueError("no agency 'ICE' (did you mean 'ICEB'?)")
        if not all(term.strip() for term in self.terms):
            raise ValueError("a term is empty")
        return self

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the key's variable."""
        return (_KEY.variable,)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the first page of each search."""
        wanted = {"documents": True, "dockets": self.dockets, "comments": self.comments}
        for what in [name for name, is_wanted in wanted.items() if is_wanted]:
            for term in self.terms or ("",):
                yield self._page(what, term, 1, self._since(_name(what, term), poll))

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page of a list; raises SoftError or FormatError where it is none."""
        answer, what = read_object(response), response.request.step
        make = _LISTS[what]
        found = [
            made(named(what.removesuffix("s"), one, "id"), lambda r=one: make(r, poll.now))  # type: ignore[misc]
            for one in rows(answer, "data", response)
        ]
        yield from found
        meta = answer.record("meta")
        if "hasNextPage" not in meta.fields:
            raise FormatError(subject_of(response), "the answer does not say whether it goes on")
        yield from self._onward(
            what, response.request.about, meta.flag("hasNextPage"), entries_of(found), poll
        )

    def _onward(
        self, what: str, about: tuple[str, ...], goes_on: bool, found: list[Entry], poll: Poll
    ) -> Iterator[Parsed]:
        """Ask for the next page, or mark how far was read; the oldest changes come first."""
        term, page, since = about
        if goes_on and int(page) < self.pages:
            yield self._page(what, term, int(page) + 1, since)
            return
        times = [one.updated for one in found if one.updated]
        begun = parse_date(since, _EASTERN)
        if goes_on and times and begun and max(times) > begun:
            yield Mark(_name(what, term), iso(max(times)))
            return
        if goes_on:
            yield Refusal(f"{what} beyond page {page}", "they bear no later time of change")
        yield Mark(_name(what, term), iso(poll.now - _OVERLAP))

    def _since(self, name: str, poll: Poll) -> str:
        last = parse_date(poll.mark(name), "UTC")
        usual = last or poll.now - timedelta(days=self.lookback_days)
        since = min(usual, poll.since) if poll.since else usual
        return local(since, _EASTERN).strftime("%Y-%m-%d %H:%M:%S")

    def _page(self, what: str, term: str, page: int, since: str) -> Request:
        pairs = [("filter[lastModifiedDate][ge]", since)]
        if self.agencies:
            pairs.append(("filter[agencyId]", ",".join(self.agencies)))
        if term:
            pairs.append(("filter[searchTerm]", term))
        if what == "documents":
            pairs.append(("filter[documentType]", ",".join(_SORTS[one] for one in self.types)))
        second = "docketId" if what == "dockets" else "documentId"
        pairs += [("sort", f"lastModifiedDate,{second}"), ("page[size]", str(_PAGE))]
        pairs.append(("page[number]", str(page)))
        query = "&".join(f"{name}={quote(value, safe=',')}" for name, value in pairs)
        return Request(
            f"{_API}/{what}?{query}",
            step=what,
            about=(term, str(page), since),
            credentials=(_KEY,),
            conditional=False,
        )


def _name(what: str, term: str) -> str:
    """Name the mark of a list; documents were the first ones, and have the plain name."""
    return f"read {term}".strip() if what == "documents" else f"{what} {term}".strip()


def _document(record: Record, now: datetime) -> Entry:
    """Make an entry of a document; raises FormatError. Older answers lack some attributes.

    `highlightedContent` is left out: it depends on the words that were searched for.
    """
    number = needed(record, "id")
    given = record.record("attributes")
    if not given:
        raise FormatError("attributes", f"document {number} has no attributes")
    posted, docket = given.text("postedDate"), given.text("docketId")
    names = (fr_document(given.text("frDocNum")), rulemaking_docket(docket))
    return Entry(
        type=ItemType.FEDERAL_REGISTER,
        key=number,
        title=given.line("title") or f"Document {number}",
        url=f"https://www.regulations.gov/document/{number}",
        published=given.moment("postedDate", _EASTERN, now),
        published_said=posted,
        updated=given.moment("lastModifiedDate", "UTC", now),
        jurisdiction=US,
        office=given.text("agencyId"),
        status="Withdrawn" if given.flag("withdrawn") else "",
        identifiers=tuple(name for name in names if name),
        hearings=tuple(_deadline(given, now)),
        participation=tuple(_form(number, given)),
        noise=_pairs(
            ("docket", docket),
            ("comments_begin", given.text("commentStartDate")),
            ("open_for_comment", "yes" if given.flag("openForComment") else ""),
            ("object_id", given.text("objectId")),
        ),
        labels=tuple(one for one in (given.line("documentType"), given.line("subtype")) if one),
    )


def _form(number: str, given: Record) -> Iterator[Contact]:
    """Return the site's own form for comments, while it is open."""
    if given.flag("openForComment"):
        link = f"https://www.regulations.gov/commenton/{number}"
        yield Contact(ContactKind.FORM, link, field="openForComment")


def _deadline(given: Record, now: datetime) -> Iterator[Hearing]:
    """Return the end of the period for comments: the last second of a day in Washington."""
    said = given.text("commentEndDate")
    if said:
        ends = given.moment("commentEndDate", "UTC", now)
        yield Hearing("comment_deadline", ends, _EASTERN, said=said)


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])


_LISTS = {"documents": _document, "dockets": docket, "comments": comment}
