"""Makes entries of the dockets of regulations.gov, and of the comments that people send in.

Format: https://open.gsa.gov/api/regulationsgov/
"""

from __future__ import annotations

import re
from datetime import datetime

from monitor.connectors._bill_names import US
from monitor.connectors._json_answers import Record, needed
from monitor.connectors._rulemakings import rulemaking_docket
from monitor.errors import FormatError
from monitor.models import Entry, ItemType

_EASTERN = "America/New_York"
_SITE = "https://www.regulations.gov"
# Most comments come from people, whose names are nobody's business here (many are at risk); what
# bears one of these words was sent by an organisation or an office.
_ORGANISATION = re.compile(
    r"\b(?:ACLU|NAACP|NILC|AILA|LLP|LLC|PLLC|Inc|Attorneys? General|Governor|Mayor|Sheriffs?"
    r"|(?:State|City|County|Town|Village|Commonwealth|District|Board|Department|Office|Bureau"
    r"|Port|Tribe|Nation|Diocese|Archdiocese|University|College|Church) of"
    r"|Department|Agency|Administration|Commission|Council|Committee|Coalition|Association"
    r"|Alliance|Center|Centre|Project|Union|Institute|Foundation|Federation|League|Network"
    r"|Society|Clinic|Conference|Services|Organi[sz]ation|Partnership|Chamber|Legal Aid|Law School"
    r"|Public Defenders?|Police|Legislature|Senate|Assembly|Congress|University|Ministries)\b"
)
_ANONYMOUS = "a comment of a private person: kept for the count, without a name"


def docket(record: Record, now: datetime) -> Entry:
    """Make an entry of a docket; raises FormatError."""
    number, given = _named(record, "docket")
    official = rulemaking_docket(number)
    kind = given.line("docketType")
    return Entry(
        type=ItemType.FEDERAL_REGISTER,
        key=f"docket-{number}",
        title=given.line("title") or f"Docket {number}",
        url=f"{_SITE}/docket/{number}",
        updated=given.moment("lastModifiedDate", "UTC", now),
        jurisdiction=US,
        office=given.text("agencyId"),
        identifiers=(official,) if official else (),
        labels=tuple([one for one in ("Docket", kind) if one]),
    )


def comment(record: Record, now: datetime) -> Entry:
    """Make an entry of a comment; raises FormatError.

    A comment that does not say to come from an organisation loses its title and is never alerted.
    """
    number, given = _named(record, "comment")
    title = given.line("title")
    known = bool(_ORGANISATION.search(title))
    official = rulemaking_docket(number)
    about = official.value if official else number.rpartition("-")[0] or number
    return Entry(
        type=ItemType.FEDERAL_REGISTER,
        key=f"comment-{number}",
        title=title if known else f"Comment on {about}",
        url=f"{_SITE}/comment/{number}",
        published=given.moment("postedDate", _EASTERN, now),
        published_said=given.text("postedDate"),
        updated=given.moment("lastModifiedDate", "UTC", now),
        jurisdiction=US,
        office=given.text("agencyId"),
        status="Withdrawn" if given.flag("withdrawn") else "",
        identifiers=(official,) if official else (),
        labels=("Comment",),
        muted="" if known else _ANONYMOUS,
    )


def _named(record: Record, what: str) -> tuple[str, Record]:
    number, given = needed(record, "id"), record.record("attributes")
    if not given:
        raise FormatError("attributes", f"{what} {number} has no attributes")
    return number, given
