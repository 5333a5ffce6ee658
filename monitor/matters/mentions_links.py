"""Reads official names out of addresses: the page of a bill, a case, a document is about it.

https://www.congress.gov/bill/119th-congress/house-bill/7284
https://www.nysenate.gov/legislation/bills/2025/S8539
https://leginfo.legislature.ca.gov/faces/billNavClient.xhtml?bill_id=202520260SB627
https://legiscan.com/CA/bill/SB627/2025     https://openstates.org/ca/bills/20252026/SB627/
https://www.courtlistener.com/docket/69577100/larch-county-v-noem/
https://www.federalregister.gov/documents/2025/01/29/2025-02006/protecting-…
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.identifiers import bill, fr_document
from monitor.matters.mentions_places import US, Found, state_code, state_id
from monitor.models import Identifier

_CONGRESS = re.compile(
    r"^https?://(?:www\.)?congress\.gov/bill/(?P<congress>1[01]\d)\w{2}-congress/"
    r"(?P<chamber>house|senate)-(?P<kind>bill|resolution|joint-resolution|concurrent-resolution)/"
    r"(?P<number>\d{1,5})\b"
)
_CONGRESS_KINDS = {
    "bill": "", "resolution": "RES", "joint-resolution": "JRES", "concurrent-resolution": "CONRES",
}  # fmt: skip
_STATE_PAGES = (
    re.compile(
        r"nysenate\.gov/legislation/bills/(?P<first>20\d\d)/(?P<number>[AS]\d{1,5})(?P<ny>)"
    ),
    re.compile(
        r"leginfo\.legislature\.ca\.gov/.*\bbill_id=(?P<first>20\d\d)(?P<last>20\d\d)0"
        r"(?P<number>[A-Z]{2,3}\d{1,4})(?P<ca>)"
    ),
    re.compile(
        r"legiscan\.com/(?P<state>[A-Z]{2})/(?:bill|text)/(?P<number>[A-Z]{1,3}\d{1,5})/(?P<first>20\d\d)"
    ),
    re.compile(
        r"openstates\.org/(?P<state>[a-z]{2})/bills/(?P<first>20\d\d)(?P<last>20\d\d)?/"
        r"(?P<number>[A-Z]{1,3}\d{1,5})\b"
    ),
)
_DOCKET = re.compile(r"^https?://(?:www\.)?courtlistener\.com/docket/(?P<id>\d{3,12})\b")
_DOCUMENT = re.compile(
    r"^https?://(?:www\.)?federalregister\.gov/(?:documents/\d{4}/\d\d/\d\d/|d/|public-inspection/)"
    r"(?P<number>(?:C\d-)?20\d\d-\d{4,5})(?!\d)"
)
_LONGEST = 2_000


def linked(url: str) -> Iterator[Found]:
    """Yield what the page at an address is about."""
    address = url[:_LONGEST]
    for named in (_of_congress(address), _of_state(address), _of_register(address)):
        if named is not None:
            yield Found(named, "url", 0, len(url), url)
    if found := _DOCKET.match(address):
        case = Identifier("courtlistener_docket", "courtlistener", found["id"])
        yield Found(case, "url", 0, len(url), url)


def _of_congress(url: str) -> Identifier | None:
    found = _CONGRESS.match(url)
    if found is None:
        return None
    kind = _CONGRESS_KINDS[found["kind"]]
    letter = "S" if found["chamber"] == "senate" else "HR" if not kind else "H"
    return bill(US, found["congress"], f"{letter}{kind} {found['number']}")


def _of_state(url: str) -> Identifier | None:
    for form in _STATE_PAGES:
        found = form.search(url)
        if found is None:
            continue
        said = found.groupdict()
        code = next((name for name in ("ny", "ca") if name in said), "")
        code = code or state_code(said["state"].upper())
        if not code:
            return None
        last = said.get("last") or ""
        years = f"{said['first']}-{last}" if last and last != said["first"] else said["first"]
        return bill(state_id(code), years, said["number"])
    return None


def _of_register(url: str) -> Identifier | None:
    found = _DOCUMENT.match(url)
    return fr_document(found["number"]) if found else None
