"""Makes entries of govinfo's packages, whose ids tell what they are.

    BILLS-119hr1234ih             one version of a bill
    PLAW-119publ12                a law
    USCOURTS-cand-3_25-cv-01350   a case's opinions; "-0" behind it is one of them
    FR-2026-11-23                 an issue of the Federal Register

Format: https://github.com/usgpo/api, https://www.govinfo.gov/feeds
"""

from __future__ import annotations

import re
from datetime import datetime

from monitor.connectors._bill_names import US, federal_bill
from monitor.identifiers import docket
from monitor.jurisdictions import court
from monitor.models import Attachment, Entry, Identifier, ItemType
from monitor.urls import absolute

_PACKAGE = re.compile(
    r"\b(?:BILLS|BILLSTATUS|CCAL|CDOC|CHRG|CMR|CPRT|CREC|CRPT|DCPD|FR|GAOREPORTS|HOB|PLAW|USCOURTS|PPP)"
    r"-[\w.-]*\w"
)
_BILL = re.compile(
    r"BILLS-(?P<congress>\d{2,3})(?P<kind>hr|s|hjres|sjres|hconres|sconres|hres|sres)"
    r"(?P<number>\d+)(?P<version>[a-z]+\d?)"
)
_CASE = re.compile(r"USCOURTS-(?P<court>[a-z0-9]+)-(?P<number>(?:\d_)?\d\d-(?:[a-z]{2,4}-)?\d+)")
_PDF = re.compile(r"href\s*=\s*[\"']?(https?://[^\s\"'<>]+\.pdf)", re.IGNORECASE)
# govinfo's names of two courts.
_COURTS = {"ca13": "cafc", "cofc": "uscfc"}
_VERSIONS = {
    "ih": "Introduced in House", "is": "Introduced in Senate", "rh": "Reported in House",
    "rs": "Reported in Senate", "eh": "Engrossed in House", "es": "Engrossed in Senate",
    "enr": "Enrolled", "rfh": "Referred in House", "rfs": "Referred in Senate",
    "pcs": "Placed on Calendar Senate", "pch": "Placed on Calendar House",
    "rds": "Received in Senate", "rdh": "Received in House", "ats": "Agreed to Senate",
    "ath": "Agreed to House", "cps": "Considered and Passed Senate",
    "cph": "Considered and Passed House", "eas": "Engrossed Amendment Senate",
    "eah": "Engrossed Amendment House", "lth": "Laid on Table in House",
}  # fmt: skip
_TYPES = {
    "BILLS": ItemType.BILL,
    "PLAW": ItemType.BILL,
    "USCOURTS": ItemType.OPINION,
    "FR": ItemType.FEDERAL_REGISTER,
}


def package_in(*texts: str) -> str:
    """Find a package's id in links and titles; "" where there is none."""
    found = (_PACKAGE.search(text) for text in texts)
    return next((one[0] for one in found if one), "")


def package_entry(
    package: str, title: str, body: str, modified: datetime | None, issued: datetime | None = None
) -> Entry:
    """Make an entry of a package; title and body are HTML.

    modified: the time of the last change, which is all that feeds and lists give; it is no date of
    publication, for old packages are processed anew.
    """
    case, version = _CASE.match(package), _BILL.match(package)
    where = court(_COURTS.get(case["court"], case["court"])) if case else None
    return Entry(
        type=_TYPES.get(package.partition("-")[0], ItemType.NEWS),
        key=package,
        title=title or _called(package),
        body=body,
        html=True,
        url=f"https://www.govinfo.gov/app/details/{package}",
        published=issued,
        updated=modified,
        jurisdiction=where.id if where else US,
        office=where.name if where else "",
        status=_VERSIONS.get(version["version"], "") if version else "",
        identifiers=identifiers_of(package),
        attachments=tuple(
            Attachment("PDF", absolute("", link), "application/pdf")
            for link in dict.fromkeys(_PDF.findall(body))
        ),
        noise=(("package", package),),
        labels=(package.partition("-")[0],),
    )


def identifiers_of(package: str) -> tuple[Identifier, ...]:
    """Name the bill or the case that a package belongs to."""
    version, case = _BILL.match(package), _CASE.match(package)
    found: Identifier | None = None
    if version:
        found = federal_bill(version["congress"], version["kind"].upper(), version["number"])
    elif case:
        where = court(_COURTS.get(case["court"], case["court"]))
        number = case["number"].replace("_", ":")
        found = docket(where.id, number) if where else None
    return (found,) if found else ()


def _called(package: str) -> str:
    """Name a package that has no title (lists of former years): "HR 1234 (Enrolled)"."""
    version, names = _BILL.match(package), identifiers_of(package)
    if not names:
        return package
    said = _VERSIONS.get(version["version"], version["version"].upper()) if version else ""
    return f"{names[0].value} ({said})" if said else names[0].value
