"""Reads ICE's list of 287(g) agreements: the page, the workbook that it links, a row an agreement.

page ─→ workbook of participating agencies (and, where wished, of pending ones) ─→ agreements
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar
from urllib.parse import unquote

from pydantic import field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._ice_287g_memory import Remembered, read, recognise, written
from monitor.connectors._ice_287g_roster import Agreement, Name, agreements, place_label
from monitor.connectors._soup import soup_of
from monitor.documents.workbooks import read_workbook
from monitor.errors import DocumentError, FormatError, SoftError
from monitor.jurisdictions import ocd
from monitor.models import (
    Access,
    Attachment,
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
from monitor.text import fold
from monitor.urls import absolute, host

_ROSTER, _PENDING = "roster", "pending"
_TARGETS = (".xlsx", "file-download")
# A list that lost half of its agreements between two polls is a broken one.
_ENOUGH_TO_JUDGE = 20


@register
class Ice287g(BaseConnector):
    """All 287(g) agreements in force, from the workbook that ICE's page links.

    An agreement that is missing in three polls in a row is gone: it was ended. Agencies that ICE
    renames keep their identity.

    url: the page; default https://www.ice.gov/identify-and-arrest/287g.
    pending: read the workbook of agencies that have applied, too; ICE stopped publishing it in
        2026; default false.
    """

    kind: ClassVar[str] = "ice_287g"
    platform: ClassVar[str] = "ice"
    pace: ClassVar[float] = 4.5
    lists_all: ClassVar[bool] = True

    url: str = "https://www.ice.gov/identify-and-arrest/287g"
    pending: bool = False

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if not absolute("", url):
            raise ValueError("must be an http or https address")
        return url

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Take ICE's pages about 287(g)."""
        del page
        return (("url", url),) if host(url).endswith("ice.gov") and "287g" in url else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the page; the workbook's address changes, and only the page knows it."""
        del poll
        yield Request(self.url, access=Access.PAGE, step="page", conditional=False)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the page or a workbook; raises SoftError or FormatError where it is none."""
        if response.request.step == "page":
            yield from self._workbooks(response)
        else:
            yield from self._agreements(response, poll)

    def _workbooks(self, response: Response) -> Iterator[Request]:
        """Find the workbooks on the page. What applies comes first: what is signed overrides it."""
        soup = soup_of(response)
        found: dict[str, str] = {}
        for anchor in soup.find_all("a", href=True):
            link = absolute(response.url, str(anchor["href"]))
            words = fold(f"{anchor.get_text(' ')} {unquote(link)}").replace("%20", " ")
            is_list = "agenc" in words or "entit" in words
            if is_list and any(target in link.lower() for target in _TARGETS):
                step = (
                    _PENDING if "pending" in words else _ROSTER if "participating" in words else ""
                )
                found.setdefault(step, link)
        wanted = (_PENDING, _ROSTER) if self.pending else (_ROSTER,)
        for step in wanted:
            if step not in found:
                kind = "pending" if step == _PENDING else "participating"
                raise FormatError(
                    response.url, f"the page links no workbook of {kind} agencies any more"
                )
            yield Request(found[step], access=Access.DOCUMENT, step=step, conditional=False)

    def _agreements(self, response: Response, poll: Poll) -> Iterator[Parsed]:
        step, subject = response.request.step, response.url
        if response.body.lstrip()[:1] == b"<":
            raise SoftError(subject, "a page instead of the workbook")
        try:
            sheets = [one for one in read_workbook(response.body, subject) if not one.hidden]
        except DocumentError as fault:
            raise FormatError(subject, fault.reason) from fault
        if not sheets:
            raise FormatError(subject, "the workbook has no sheet that is not hidden")
        found = list(agreements(sheets[0], subject, poll.now))
        yield from (one for one in found if isinstance(one, Refusal))
        rows = _once([one for one in found if isinstance(one, Agreement)])
        last = read(poll.mark(step))
        if step == _ROSTER:
            _believed(len(rows), last, subject)
        keys, remembered = recognise(rows, last)
        for key, row in zip(keys, rows, strict=True):
            yield _entry(key, row, self.url, pending=step == _PENDING)
        yield Mark(step, written(remembered))


def _once(rows: list[Agreement]) -> list[Agreement]:
    """Make one of rows that mean the same; the one with its document stays, then the younger.

    When ICE later strikes the other, nothing has ended.
    """
    best: dict[Name, Agreement] = {}
    for row in rows:
        other = best.setdefault(row.name, row)
        best[row.name] = max(other, row, key=lambda one: (bool(one.moa), one.signed_said))
    return list(best.values())


def _believed(count: int, last: tuple[Remembered, ...], subject: str) -> None:
    """Refuse a list that is cut off: else the other half would be told as ended."""
    before = sum(not one.absent for one in last)
    if before >= _ENOUGH_TO_JUDGE and count < before / 2:
        raise SoftError(
            subject,
            f"the workbook holds {count} agreements, and held {before} at the last poll",
        )


def _entry(key: str, row: Agreement, page: str, *, pending: bool) -> Entry:
    where = place_label(row)
    scope = ocd(row.state) if row.state else "us"
    status = "pending" if pending else "signed"
    documents = (
        Attachment("Memorandum of Agreement", row.moa),
        Attachment("Addendum", row.addendum),
    )
    return Entry(
        type=ItemType.AGREEMENT,
        key=key,
        title=f"287(g) agreement of {row.agency}, {where}: {row.model}",
        body=(
            "Agreement with Immigration and Customs Enforcement (ICE) under section 287(g) of the "
            f"Immigration and Nationality Act: {row.model}."
        ),
        url=page,
        published=row.signed_at,
        published_said="" if row.signed else row.signed_said,
        jurisdiction=row.place,
        office=row.agency,
        status=status,
        identifiers=(Identifier("agreement", scope, key),),
        attachments=tuple(one for one in documents if one.url),
        facts=(("signed", row.signed_said), ("support type", row.model)),
        noise=(("county", row.county), ("type", row.sort), ("state", where)),
    )
