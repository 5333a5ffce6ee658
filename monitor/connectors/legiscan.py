"""Reads bills of the states and of Congress through LegiScan, and asks only for what changed.

    getSearchRaw or getMasterListRaw ─→ a hash for each bill ─→ getBill where the hash is new

The free key allows 30,000 queries a month. Format: https://legiscan.com/gaits/documentation/legiscan
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, ClassVar
from urllib.parse import quote

from pydantic import Field, field_validator, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._json_answers import Record, made, read_object, rows, subject_of
from monitor.connectors._legiscan_bills import bill_entry
from monitor.connectors._quota import spent_in_month, with_spent_in_month
from monitor.errors import FetchError, FormatError, SoftError
from monitor.jurisdictions import ocd, short
from monitor.models import Credential, Mark, Parsed, Poll, Refusal, Request, Response
from monitor.text import digest, fold

_API = "https://api.legiscan.com/"
_KEY = Credential("LEGISCAN_API_KEY", "query", "key", hosts=("api.legiscan.com",))
_LISTS = 60
# A first poll asks for as many bills of its searches as the pipeline lets one poll ask for.
_FIRST = 300
_MOST_PAGES = 5
# A hash has 32 digits; 10 tell two states of one bill apart.
_DIGITS = 10

Hashes = dict[str, str]


@register
class LegiScan(BaseConnector):
    """Bills of state legislatures and Congress, from LegiScan (needs LEGISCAN_API_KEY).

    states: whose bills are read, such as [ca, ny, us]; default all, where there are queries.
    queries: searches in the whole text of bills, in LegiScan's syntax; one list for each query and
        state (one for all states where none is named). Without any, each state's whole list of the
        current session is compared.
    most: how many bills one poll reads at most, default 100; the others wait for the next poll. The
        first poll reads up to 300 that searches find, and of whole lists the newest.
    monthly: how many of the key's 30,000 queries this source may spend in a month; default 10000.
    """

    kind: ClassVar[str] = "legiscan"
    platform: ClassVar[str] = "legiscan"
    pace: ClassVar[float] = 1.0
    increments: ClassVar[bool] = True

    states: Annotated[tuple[str, ...], Field(strict=False)] = ()
    queries: Annotated[tuple[str, ...], Field(strict=False)] = ()
    most: int = Field(default=100, ge=1, le=300)
    monthly: int = Field(default=10_000, ge=30, le=30_000)

    @field_validator("states")
    @classmethod
    def _are_states(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        codes = [short(ocd(name)) for name in names]
        for name, code in zip(names, codes, strict=True):
            if len(code) != 2:  # noqa: PLR2004 - a state's code
                raise ValueError(f"{name!r} is no state: LegiScan knows states, dc and us")
        return tuple(code.upper() for code in codes)

    @model_validator(mode="after")
    def _asks_for_something(self) -> LegiScan:
        if not self.states and not self.queries:
            raise ValueError("name `states` or `queries`: nothing is left to read")
        if not all(query.strip() for query in self.queries):
            raise ValueError("a query is empty")
        if len(self._lists()) > _LISTS:
            raise ValueError(f"{len(self._lists())} lists in one poll; at most {_LISTS}")
        return self

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the key's variable."""
        return (_KEY.variable,)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the lists of hashes; raises FetchError where the month's queries are spent."""
        lists = self._lists()
        share = self._left(poll) - len(lists)
        if share < 0:
            raise FetchError(
                _API,
                f"the month's {self.monthly} queries of this source are spent; they begin anew on "
                "the 1st (option `monthly`)",
            )
        most = min(share, _FIRST if poll.first and self.queries else self.most)
        for state, query in lists:
            yield self._list(state, query, 1, max(most // len(lists), 1), 1)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a list of hashes or a bill; raises SoftError for an error in LegiScan's words."""
        answer = read_object(response)
        about = response.request.about
        if answer.text("status") != "OK":
            yield from _failed(answer, response)
        elif response.request.step == "bill":
            record = answer.record("bill")
            yield made(f"bill {about[0]}", lambda: bill_entry(record, poll.now))
        else:
            state, query, page, most, spent = about
            where = (state, query, int(page))
            hashes, pages = _hashes(answer, response)
            yield from self._changed(where, hashes, pages, (int(most), int(spent)), poll)

    def _changed(
        self,
        where: tuple[str, str, int],
        hashes: Hashes,
        pages: int,
        account: tuple[int, int],
        poll: Poll,
    ) -> Iterator[Parsed]:
        """Ask for the bills that changed, the newest first, and note the hashes of those read."""
        state, query, page = where
        most, spent = account
        name = _name(state, query)
        known, is_new = _known(poll, name), not _has_marks(poll, name)
        changed = [one for one in hashes if known.get(one) != hashes[one]]
        taken = sorted(changed, key=int, reverse=True)[:most]
        for number in taken:
            yield self._ask(f"op=getBill&id={number}", "bill", (number,))
        noted = (
            hashes
            if is_new
            else {
                one: hashes[one] if one in taken or one not in changed else known.get(one, "")
                for one in hashes
            }
        )
        yield Mark(f"{name} {page}", _written(noted))
        spent += len(taken)
        if page < min(pages, _MOST_PAGES):
            yield self._list(state, query, page + 1, most - len(taken), spent + 1)
        elif page < pages:
            yield Refusal(f"results beyond page {page}", "the query finds too much: narrow it")
        yield Mark(
            f"spent {name}", with_spent_in_month(poll.mark(f"spent {name}"), poll.now, spent)
        )

    # -------------------------------------------------------------------------------- requests

    def _lists(self) -> list[tuple[str, str]]:
        """List what is compared: (state, query), either of which may be empty."""
        states = self.states or ("ALL",)
        return [(state, query) for query in self.queries or ("",) for state in states]

    def _list(self, state: str, query: str, page: int, most: int, spent: int) -> Request:
        about = (state, query, str(page), str(most), str(spent))
        if not query:
            return self._ask(f"op=getMasterListRaw&state={state}", "list", about)
        # year=2: the current session, which is all that can change.
        asked = f"op=getSearchRaw&state={state}&year=2&query={quote(query, safe='')}&page={page}"
        return self._ask(asked, "list", about)

    def _ask(self, query: str, step: str, about: tuple[str, ...]) -> Request:
        # An equal list may still hold bills that had to wait.
        return Request(
            f"{_API}?{query}", step=step, about=about, credentials=(_KEY,), conditional=False
        )

    def _left(self, poll: Poll) -> int:
        """Say how many queries the month has left."""
        spent = [value for name, value in poll.cursor if name.startswith("spent ")]
        return self.monthly - sum(spent_in_month(one, poll.now) for one in spent)


def _failed(answer: Record, response: Response) -> Iterator[Refusal]:
    """Refuse a bill that LegiScan does not know; every other error fails the poll."""
    said = answer.record("alert").line("message") or "an error without a message"
    if response.request.step == "bill" and "unknown" in said.lower():
        yield Refusal(f"bill {response.request.about[0]}", said)
        return
    if not answer.text("status"):
        raise FormatError(subject_of(response), "the answer has no status")
    raise SoftError(subject_of(response), f"LegiScan answers: {said}")


def _hashes(answer: Record, response: Response) -> tuple[Hashes, int]:
    """Read a list of hashes by bill id, and its number of pages.

    A master list is an object with the bills under "0", "1", …; a search has a list `results`.
    """
    if "masterlist" in answer.fields:
        listed = answer.record("masterlist")
        found = [listed.record(name) for name in listed.fields if name != "session"]
        pages = 1
    else:
        result = answer.record("searchresult")
        found = list(rows(result, "results", response)) if "results" in result.fields else []
        summary = result.record("summary")
        if not summary:
            raise FormatError(subject_of(response), "neither a master list nor a search's result")
        pages = summary.number("page_total") or 1
    return {_id(one): one.text("change_hash")[:_DIGITS] for one in found}, pages


def _id(record: Record) -> str:
    found = record.number("bill_id")
    if found is None:
        raise FormatError("bill_id", "a record has no bill_id")
    return str(found)


def _known(poll: Poll, name: str) -> Hashes:
    """Read the hashes noted for a list; a search's bills move from page to page."""
    found: Hashes = {}
    for mark, value in poll.cursor:
        if mark.startswith(f"{name} "):
            found.update(_read(value))
    return found


def _has_marks(poll: Poll, name: str) -> bool:
    """Tell whether a list was read before; a new one must not bring all its old bills as news."""
    return any(mark.startswith(f"{name} ") for mark, _ in poll.cursor)


def _written(hashes: Mapping[str, str]) -> str:
    return " ".join(f"{number}:{digits}" for number, digits in hashes.items())


def _read(mark: str) -> Hashes:
    return dict(pair.split(":", 1) for pair in mark.split() if ":" in pair)


def _name(state: str, query: str) -> str:
    return f"hashes {state} {digest(fold(query))[:10]}" if query else f"hashes {state}"
