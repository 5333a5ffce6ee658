"""Reads govinfo's feeds of new packages: versions of bills, laws, opinions, hearings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._feed_record import Feed
from monitor.connectors._feeds import read_feed
from monitor.connectors._govinfo_packages import package_entry, package_in
from monitor.connectors._json_answers import moment
from monitor.models import Access, Pairs, Parsed, Poll, Refusal, Request, Response
from monitor.text import one_line
from monitor.urls import host

_HOST = "www.govinfo.gov"
_BATCH = "billstatus-batch"
_ADDRESS = re.compile(r"/rss/([a-z0-9-]+)\.xml")


@register
class GovInfo(BaseConnector):
    """One feed of govinfo.gov: the hundred newest publications of a collection or a court.

    feed: its name as in www.govinfo.gov/rss/<name>.xml: bills, bills-enr, plaw, chrg, fr, or
        uscourts-<court>, such as uscourts-ca9.
    """

    kind: ClassVar[str] = "govinfo"
    platform: ClassVar[str] = "govinfo"
    pace: ClassVar[float] = 1.0
    window: ClassVar[bool] = True

    feed: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")

    @field_validator("feed")
    @classmethod
    def _lists_packages(cls, name: str) -> str:
        if name == _BATCH:
            raise ValueError("billstatus-batch names files, not packages: use kind 'billstatus'")
        return name

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a feed by its address, www.govinfo.gov/rss/<name>.xml."""
        del page
        found = _ADDRESS.fullmatch(urlsplit(url).path) if host(url) == _HOST else None
        return (("feed", found[1]),) if found and found[1] != _BATCH else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the feed."""
        del poll
        yield Request(f"https://{_HOST}/rss/{self.feed}.xml", access=Access.FEED)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the feed, which is in no order; raises SoftError or FormatError."""
        feed = read_feed(response)
        yield from faults(feed)
        for number, record in enumerate(feed.records, start=1):
            package = package_in(record.link, record.id, record.title)
            if package:
                body = record.content or record.summary
                modified = moment(record.published or record.updated, "UTC", poll.now)
                yield package_entry(package, record.title, body, modified)
            else:
                words = one_line(record.title or record.link or record.id, 80)
                yield Refusal(f"item {number} {words}".strip(), "it names no package")


def faults(feed: Feed) -> Iterator[Refusal]:
    """Say where a feed's XML is broken."""
    if feed.fault:
        yield Refusal("what follows the fault may be lost", f"not well-formed XML, {feed.fault}")
