"""Reads a collection of govinfo through its API: all packages, not the newest hundred.

Format: https://github.com/usgpo/api
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from monitor.connectors import BaseConnector, register
from monitor.connectors._govinfo_packages import package_entry
from monitor.connectors._json_answers import Record, made, moment, named, needed, read_object, rows
from monitor.dates import iso, parse_date
from monitor.models import (
    Credential,
    Entry,
    Mark,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)

_API = "https://api.govinfo.gov"
_KEY = Credential("CONGRESS_API_KEY", "header", "X-Api-Key", hosts=("api.govinfo.gov",))
_PAGE = 250
_OVERLAP = timedelta(hours=6)


@register
class GovInfoCollection(BaseConnector):
    """One collection of govinfo.gov through its API (needs CONGRESS_API_KEY, which is good here).

    collection: its code: BILLS, PLAW, USCOURTS, CHRG, CRPT, FR, CPD (presidential documents), …
    pages: how many pages of 250 packages one poll reads at most, default 8.
    lookback_days: how far back a first poll looks; default 3.
    """

    kind: ClassVar[str] = "govinfo_collection"
    platform: ClassVar[str] = "govinfo"
    pace: ClassVar[float] = 0.5
    increments: ClassVar[bool] = True

    collection: str = Field(pattern=r"^[A-Z]{2,12}$")
    pages: int = Field(default=8, ge=1, le=100)
    lookback_days: int = Field(default=3, ge=1, le=60)

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the key's variable."""
        return (_KEY.variable,)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for what changed since the last poll."""
        since = self._since(poll).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        where = f"{_API}/collections/{self.collection}/{since}"
        yield _ask(f"{where}?offsetMark=*&pageSize={_PAGE}", 1)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a page of packages; raises SoftError or FormatError where it is none."""
        answer = read_object(response)
        page = int(response.request.about[0])
        listed = rows(answer, "packages", response)
        for one in listed:
            yield made(
                named("package", one, "packageId"),
                lambda r=one: _package(r, poll.now),  # type: ignore[misc]
            )
        onward = answer.text("nextPage")
        if onward and listed and page < self.pages and _is_here(onward):
            yield _ask(_without_key(onward), page + 1)
            return
        if onward and listed:
            yield Refusal(f"packages beyond page {page}", "one poll reads no more")
        yield Mark("read", iso(poll.now))

    def _since(self, poll: Poll) -> datetime:
        last = parse_date(poll.mark("read"), "UTC")
        usual = last - _OVERLAP if last else poll.now - timedelta(days=self.lookback_days)
        return min(usual, poll.since) if poll.since else usual


def _ask(url: str, page: int) -> Request:
    return Request(url, about=(str(page),), credentials=(_KEY,), conditional=False)


def _package(record: Record, now: datetime) -> Entry:
    """Make an entry of a package; former answers give no title and no date of issue."""
    title = record.line("title").replace("&", "&amp;").replace("<", "&lt;")
    return package_entry(
        needed(record, "packageId"),
        title,
        "",
        moment(record.text("lastModified"), "UTC", now),
        moment(record.text("dateIssued"), "America/New_York", now),
    )


def _is_here(url: str) -> bool:
    """Tell whether the next page is at the API itself: the key goes nowhere else."""
    try:
        return urlsplit(url).scheme == "https" and urlsplit(url).netloc == "api.govinfo.gov"
    except ValueError:
        return False


def _without_key(url: str) -> str:
    """Take the key out of the address of the next page: the fetcher sends it as a header."""
    address, _, query = url.partition("?")
    kept = [pair for pair in query.split("&") if pair and not pair.lower().startswith("api_key=")]
    return f"{address}?{'&'.join(kept)}"
