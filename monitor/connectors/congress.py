"""Reads Congress through the API of congress.gov: bills, summaries, committee meetings.

    bill/{congress}              ─→ bills, by title and latest action
    summaries/{congress}         ─→ the Library's summaries, where asked for
    committee-meeting/{congress} ─→ one further answer for each meeting

Format: https://github.com/LibraryOfCongress/api.congress.gov/tree/main/Documentation
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from pydantic import Field, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors import _congress_entries as entries
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
from monitor.models import Credential, Entry, Mark, Parsed, Poll, Refusal, Request, Response

_API = "https://api.congress.gov/v3"
_KEY = Credential("CONGRESS_API_KEY", "header", "X-Api-Key", hosts=("api.congress.gov",))
_PAGE = 250
_MOST_PAGES = 40
_FIRST = 250
# Changes reach the API in batches, some hours after their own time.
_OVERLAP = timedelta(hours=24)
# What each list is called in an answer, which id its records bear, and what makes an entry of one.
_LISTS: dict[str, tuple[str, str]] = {
    "bill": ("bills", "number"),
    "summaries": ("summaries", "updateDate"),
    "committee-meeting": ("committeeMeetings", "eventId"),
}
_MAKERS: dict[str, Callable[[Record, datetime], Entry]] = {
    "bill": entries.bill,
    "summaries": entries.summary,
}


@register
class Congress(BaseConnector):
    """Bills and committee meetings of Congress (needs CONGRESS_API_KEY, free from api.data.gov).

    congress: the Congress's number; default 119 (2025 and 2026).
    bills: read bills that changed; default true. The list has titles and actions, no text.
    summaries: read the summaries of the Library of Congress as well; default false.
    meetings: read committee meetings; default true.
    details: how many meetings one poll asks for at most, default 60; the others wait.
    lookback_days: how far back a first poll looks; default 7.
    """

    kind: ClassVar[str] = "congress"
    platform: ClassVar[str] = "congress"
    pace: ClassVar[float] = 0.8
    increments: ClassVar[bool] = True
    # `lists_upcoming` stays false: the list of meetings is one of changes, in no order of days.

    congress: int = Field(default=119, ge=93, le=200)
    bills: bool = True
    summaries: bool = False
    meetings: bool = True
    details: int = Field(default=60, ge=1, le=250)
    lookback_days: int = Field(default=7, ge=1, le=730)

    @model_validator(mode="after")
    def _reads_something(self) -> Congress:
        if not (self.bills or self.meetings or self.summaries):
            raise ValueError(
                "`bills`, `summaries` and `meetings` are false: nothing is left to read"
            )
        return self

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the key's variable."""
        return (_KEY.variable,)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the first page of each list."""
        wanted = (("bill", self.bills), ("summaries", self.summaries))
        yield from (self._page(step, ("0",), poll) for step, is_wanted in wanted if is_wanted)
        if self.meetings:
            # The first poll is silent: what waited then would be told as news later.
            room = _FIRST if poll.first else self.details
            yield self._page("committee-meeting", ("0", str(room), ""), poll)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page of a list, or one meeting; raises SoftError or FormatError."""
        answer = read_object(response)
        step = response.request.step
        if step == "meeting":
            found = answer.record("committeeMeeting")
            if not found:
                raise complaint(answer, response) or FormatError(
                    subject_of(response), "the answer holds no meeting"
                )
            event = response.request.about[0]
            yield made(f"meeting {event}", lambda: entries.meeting(found, event, poll.now))
            return
        listed = rows(answer, _LISTS[step][0], response)
        about = response.request.about
        if step in _MAKERS:
            yield from _made(step, listed, poll.now)
            yield from self._onward(step, about, answer, poll)
        else:
            yield from self._meetings(listed, about, answer, poll)

    def _meetings(
        self, listed: tuple[Record, ...], about: tuple[str, ...], answer: Record, poll: Poll
    ) -> Iterator[Parsed]:
        """Ask for the meetings of a page, before them for those that had to wait.

        about: the page's offset, how many meetings this poll may still ask for, who waits already.
        """
        offset, room, waiting = int(about[0]), int(about[1]), _chambers(about[2])
        found = _chambers(poll.mark("waiting")) if offset == 0 else {}
        for one in listed:
            event = made(named("meeting", one, "eventId"), lambda r=one: _event(r))  # type: ignore[misc]
            if isinstance(event, Refusal):
                yield event
            else:
                found[event[0]] = event[1]
        order = list(found)
        for number in order[:room]:
            path = f"committee-meeting/{self.congress}/{found[number]}/{number}"
            yield self._ask(path, "meeting", (number,))
        waiting |= {number: found[number] for number in order[room:]}
        written = " ".join(f"{number}={chamber}" for number, chamber in waiting.items())
        yield Mark("waiting", written)
        further = (str(max(room - len(order), 0)), written)
        yield from self._onward("committee-meeting", (about[0], *further), answer, poll)

    def _onward(
        self, step: str, about: tuple[str, ...], answer: Record, poll: Poll
    ) -> Iterator[Parsed]:
        """Ask for the next page, or mark the time where there is none."""
        count = answer.record("pagination").number("count")
        if count is None:
            raise FormatError(step, "the answer does not say how many records there are")
        offset = int(about[0]) + _PAGE
        if offset >= count:
            yield Mark(step, iso(poll.now))
        elif offset >= _MOST_PAGES * _PAGE:
            yield Refusal(f"{step} beyond {offset}", "one poll reads no more")
            yield Mark(step, iso(poll.now))
        else:
            yield self._page(step, (str(offset), *about[1:]), poll)

    # -------------------------------------------------------------------------------- requests

    def _page(self, step: str, about: tuple[str, ...], poll: Poll) -> Request:
        since = self._since(step, poll).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        # A literal plus: percent-encoded, it has been seen to turn the order around. Newest first,
        # so that a change between two pages moves others down and none out.
        query = f"fromDateTime={since}&sort=updateDate+desc&limit={_PAGE}&offset={about[0]}"
        return self._ask(f"{step}/{self.congress}?{query}", step, about)

    def _ask(self, path: str, step: str, about: tuple[str, ...]) -> Request:
        mark = "&" if "?" in path else "?"
        return Request(
            # Without format=json the API answers with XML.
            f"{_API}/{path}{mark}format=json",
            step=step,
            about=about,
            credentials=(_KEY,),
            conditional=False,
            optional=step == "meeting",
        )

    def _since(self, step: str, poll: Poll) -> datetime:
        last = parse_date(poll.mark(step), "UTC")
        usual = last - _OVERLAP if last else poll.now - timedelta(days=self.lookback_days)
        return min(usual, poll.since) if poll.since else usual


def _made(step: str, listed: tuple[Record, ...], now: datetime) -> Iterator[Entry | Refusal]:
    make, name = _MAKERS[step], _LISTS[step][1]
    for one in listed:
        yield made(named(step, one, name), lambda r=one: make(r, now))  # type: ignore[misc]


def _chambers(mark: str) -> dict[str, str]:
    """Read who waits: chamber by event."""
    return dict(pair.split("=", 1) for pair in mark.split() if "=" in pair)


def _event(record: Record) -> tuple[str, str]:
    """Return a meeting's id and chamber, as its address spells them."""
    event, chamber = record.text("eventId"), record.text("chamber").lower()
    if not event.isascii() or not event.isdigit() or not chamber.isalpha():
        raise FormatError("eventId", "the meeting has no id or chamber")
    return event, chamber
