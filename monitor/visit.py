"""One visit to a source: its requests in turn, and what their answers brought.

requests → fetch → parse → normalise → what is not known yet
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from monitor.attachments import Reader
from monitor.config import Source
from monitor.errors import FetchError, NotRecorded, SourceError, Throttled, Unreachable
from monitor.models import (
    Collected,
    Due,
    Entry,
    Fetcher,
    Fresh,
    Item,
    Mark,
    Outcome,
    Poll,
    Reach,
    Reading,
    Refusal,
    Request,
    Response,
    Validators,
)
from monitor.normalise import chosen, normalise_all
from monitor.silence import Window, rolled_over
from monitor.text import digest

MOST_REQUESTS = 400
_OPTIONS, _LISTED = "options", "listed"


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that one poll needs to know beforehand.

    known: fingerprint by item key, of all items that this source ever brought.
    validators: by URL, from the last poll that succeeded.
    pace: seconds between two requests to one host.
    due: documents of meetings ahead that are to be asked for again.
    readings: what was read of the documents of meetings ahead.
    unread: how long ago the source was last read; None where it never was.
    """

    source: Source
    poll: Poll
    known: Mapping[str, str] = field(default_factory=dict)
    validators: Mapping[str, Validators] = field(default_factory=dict)
    pace: float = 1.0
    due: tuple[Due, ...] = ()
    readings: tuple[Reading, ...] = ()
    unread: timedelta | None = None


class Visit:
    """One walk through a source's answers: a queue of requests, and what they brought."""

    def __init__(self, task: Task, fetcher: Fetcher) -> None:
        self._task = task
        self._fetcher = fetcher
        self._queue: deque[Request] = deque()
        self._responses: list[Response] = []
        self._items: dict[str, tuple[Item, int]] = {}
        self._marks: dict[str, str] = dict(task.poll.cursor) | _options(task.source)
        self._validators: dict[str, Validators] = {}
        self._refusals: list[Refusal] = []
        self._reaches: list[Reach] = []
        self._warnings: list[str] = []
        self._reason = ""
        self._unheard = False
        self._passing = False
        self._retry_after = 0.0
        self._requests = 0
        self._read = 0

    def walk(self) -> None:
        """Ask and read until nothing is left to ask; raises SourceError where the poll fails."""
        self._queue.extend(self._task.source.connector.requests(self._task.poll))
        while self._queue:
            if self._requests >= MOST_REQUESTS:
                raise SourceError(
                    self._task.source.id, f"asked for more than {MOST_REQUESTS} pages in one poll"
                )
            request = self._queue.popleft()
            try:
                self._visit(replace(request, pace=max(request.pace, self._task.pace)))
            except NotRecorded:
                raise
            except SourceError as fault:
                if not request.optional or isinstance(fault, Throttled):
                    raise
                self._warnings.append(str(fault))

    def _visit(self, request: Request) -> None:
        self._requests += 1
        last = self._task.validators.get(request.url) if request.conditional else None
        response = self._fetcher.fetch(request, last)
        if not response.unchanged:
            self._responses.append(response)
            self._parse(response)
        if request.conditional:
            self._validators[request.url] = response.validators

    def _parse(self, response: Response) -> None:
        entries: list[Entry] = []
        source, number = self._task.source, len(self._responses) - 1
        self._read += 1
        for parsed in self._task.source.connector.parse(response, self._task.poll):
            match parsed:
                case Entry():
                    entries.append(chosen(parsed, source.news, source.no_news))
                case Request():
                    self._queue.append(parsed)
                case Refusal():
                    self._refusals.append(parsed)
                case Mark():
                    self._marks[parsed.name] = parsed.value
                case Reach():
                    self._reaches.append(parsed)
        for item in normalise_all(entries, source.id, source.jurisdiction, self._task.known):
            self._items[item.key] = (item, number)

    def fail(self, fault: SourceError) -> None:
        """Note why the poll failed, and how long its publisher wants to be left alone."""
        self._reason = fault.reason
        self._unheard = isinstance(fault, Unreachable)
        self._passing = isinstance(fault, FetchError) and fault.passes
        if isinstance(fault, Throttled) and fault.retry_after is not None:
            self._retry_after = fault.retry_after.total_seconds()

    @property
    def failed(self) -> bool:
        """Say whether the poll failed."""
        return bool(self._reason)

    def add(self, answer: Response) -> int:
        """Keep the answer that held a document; return its number."""
        self._responses.append(answer)
        return len(self._responses) - 1

    def fresh(self) -> Iterable[tuple[Item, int]]:
        """Give the items that are not known so, each with the number of its answer."""
        known = self._task.known
        return ((i, n) for i, n in self._items.values() if known.get(i.key) != i.fingerprint)

    def summed_up(self, fresh: tuple[Fresh, ...], reader: Reader) -> Collected:
        """Put together what the visit came to."""
        poll = self._task.poll
        outcome = self._outcome(bool(fresh))
        gap = self._has_gap()
        if self._task.source.connector.window and self._read:
            self._marks[_LISTED] = str(len(self._items))
        succeeded = outcome is not Outcome.FAILED
        return Collected(
            source=self._task.source.id,
            polled_at=poll.now,
            outcome=outcome,
            reason=self._reason,
            fresh=fresh,
            seen=tuple(self._items),
            complete=succeeded and self._read == self._requests,
            reaches=tuple(self._reaches),
            reconfigured=poll.mark(_OPTIONS) not in ("", self._marks.get(_OPTIONS, "")),
            responses=tuple(self._responses),
            validators=tuple(self._validators.items()) if succeeded else (),
            cursor=tuple(self._marks.items()) if succeeded else poll.cursor,
            refusals=tuple(self._refusals),
            warnings=(*self._warnings, *reader.summed_up()),
            gap=gap,
            retry_after=self._retry_after,
            requests=self._requests + reader.requests,
            readings=tuple(reader.readings),
            unheard=self._unheard,
            passing=self._passing,
        )

    def _has_gap(self) -> bool:
        connector, usual = self._task.source.connector, self._task.poll.mark(_LISTED)
        if not connector.window or not self._task.known:
            return False
        window = Window(int(usual or 0), self._task.unread, connector.span)
        return rolled_over(self._items, self._task.known, window)

    def _outcome(self, brought_news: bool) -> Outcome:
        if not self._reason and self._refusals and not self._items:
            first = self._refusals[0]
            self._reason = (
                f"none of {len(self._refusals)} records was usable: {first.what}: {first.why}"
            )
        if self._reason:
            return Outcome.FAILED
        if brought_news:
            return Outcome.CHANGED
        begun = self._task.poll.first or not self._task.source.connector.increments
        if self._read and not self._items and begun:
            self._reason = "the publisher answered, and its list is empty"
            return Outcome.EMPTY
        return Outcome.UNCHANGED


def _options(source: Source) -> dict[str, str]:
    """Mark with which options a calendar is read: with others it shows other meetings.

    Only those that stand in YAML count, so that a new version's new options change nothing.
    """
    if not source.connector.lists_upcoming:
        return {}
    return {_OPTIONS: digest(source.kind, source.connector.model_dump_json(exclude_defaults=True))}
