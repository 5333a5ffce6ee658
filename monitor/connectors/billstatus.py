"""Reads what changed in Congress without any key: GPO's bulk files of bills' status.

rss/billstatus-batch.xml ─→ the files of each batch ─→ bills with summaries and actions
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from monitor.connectors import BaseConnector, register
from monitor.connectors._billstatus_files import read_billstatus
from monitor.connectors._feed_record import Feed, FeedRecord
from monitor.connectors._feeds import read_feed
from monitor.connectors._json_answers import moment
from monitor.dates import iso, parse_date
from monitor.models import Access, Mark, Parsed, Poll, Refusal, Request, Response
from monitor.text import one_line

_SITE = "https://www.govinfo.gov"
_FILE = re.compile(r"/bulkdata/BILLSTATUS/(\d{2,3})/([a-z]+)/BILLSTATUS-\1\2(\d+)\.xml")
_WAITING = re.compile(r"(\d{2,3})/([a-z]+)/(\d+)")

Name = tuple[str, str, str]


@register
class BillStatus(BaseConnector):
    """Bills of Congress whose status changed, with their summaries, from govinfo's bulk files.

    congress: read only the bills of this Congress; default 119 (2025 and 2026). 0 reads all.
    most: how many bills one poll reads at most, default 100; the others wait for the next poll.
    """

    kind: ClassVar[str] = "billstatus"
    platform: ClassVar[str] = "govinfo"
    pace: ClassVar[float] = 1.0
    increments: ClassVar[bool] = True

    congress: int = Field(default=119, ge=0, le=200)
    most: int = Field(default=100, ge=1, le=300)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the feed of batches."""
        del poll
        # An equal feed may still have files that had to wait.
        url = f"{_SITE}/rss/billstatus-batch.xml"
        yield Request(url, access=Access.FEED, step="batches", conditional=False)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the feed of batches, or one bill; raises SoftError or FormatError."""
        if response.request.step == "bill":
            yield read_billstatus(response, poll.now)
        else:
            yield from self._batches(read_feed(response), poll)

    def _batches(self, feed: Feed, poll: Poll) -> Iterator[Parsed]:
        """Ask for the files of the batches since the last poll; those that had to wait go first."""
        if feed.fault:
            yield Refusal("what follows the fault may be lost", f"not well-formed, {feed.fault}")
        last = parse_date(poll.mark("batch"), "UTC")
        wanted: dict[Name, None] = dict.fromkeys(_WAITING.findall(poll.mark("waiting")))
        times = [last] if last else []
        for record in feed.records:
            when = moment(record.published or record.updated, "UTC", poll.now)
            files = self._files(record)
            if when is None and files:
                yield Refusal(one_line(record.title or record.id, 80), "the batch bears no time")
            elif when and (last is None or when > last):
                wanted |= files
                times.append(when)
        order = list(wanted)
        yield from (_file(*name) for name in order[: self.most])
        # The first poll is silent: what waited would be told as news later.
        waiting = [] if poll.first else order[self.most :]
        yield Mark("waiting", " ".join("/".join(name) for name in waiting))
        yield from _latest(times)

    def _files(self, record: FeedRecord) -> dict[Name, None]:
        found: list[Name] = _FILE.findall(f"{record.summary} {record.content}")
        wanted = str(self.congress)
        return dict.fromkeys(one for one in found if not self.congress or one[0] == wanted)


def _latest(times: list[datetime]) -> Iterator[Mark]:
    if times:
        yield Mark("batch", iso(max(times)))


def _file(congress: str, kind: str, number: str) -> Request:
    path = f"bulkdata/BILLSTATUS/{congress}/{kind}/BILLSTATUS-{congress}{kind}{number}.xml"
    return Request(f"{_SITE}/{path}", step="bill", conditional=False, optional=True)
