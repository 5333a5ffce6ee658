"""Reads one item of a court's CM/ECF feed into a filing: caption, event label, document.

    title        1:25-cv-02757-RC MOHAMMAD et al v. RUBIO et al
    link         https://ecf.dcd.uscourts.gov/cgi-bin/DktRpt.pl?283498
    description  [Amended Complaint]
                 (<a href="…/doc1/04512345678?caseid=283498&de_seq_num=77">22</a>)
    guid         …/cgi-bin/DktRpt.pl?283498&77

Bankruptcy courts put "Type: ap Office: 1 Chapter: 13 Trustee: …" before the label, E.D.N.Y. the
caption behind it. The rules follow juriscraper's (juriscraper/pacer/rss_feeds.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.connectors._feed_record import FeedRecord
from monitor.dates import parse_date
from monitor.identifiers import docket_number
from monitor.models import Refusal
from monitor.text import clean_text

_LABEL = re.compile(r"\[(.*?)\](?=\s*(?:\(<|$|[^\]]))", re.DOTALL)
_NUMBER = re.compile(r"[\"'] ?>\s*(\d+)\s*</a>")
_HREF = re.compile(r"href=[\"']([^\"']+)[\"']")
_DOCUMENT = re.compile(r"/docs?1/(\d+)")
_SEQUENCE = re.compile(r"[?&]de_seq_num=(\d+)")
_CASE = re.compile(r"DktRpt\.pl\?(\d+)")
# After the case's number in a guid: "&77" in district courts, "-77" in bankruptcy courts.
_GUID_SEQUENCE = re.compile(r"DktRpt\.pl\?\d+[&-](\d+)$")
_PART = re.compile(r"[?&]partId=(\d+)")
_BANKRUPTCY = re.compile(
    r"^Type:\s*(?P<type>.*?)\s*Office:\s*(?P<office>.*?)\s*Chapter:\s*(?P<chapter>.*?)\s*"
    r"(?:Trustee:\s*(?P<trustee>.*?))?\s*\[",
    re.DOTALL,
)
# Far more than any court writes; a bound for the patterns above.
_LONGEST = 4_000
_INITIALS = re.compile(r"\d-([A-Z]{2,4}(?:-[A-Z]{2,4})*)$")


@dataclass(frozen=True, slots=True)
class Filing:
    """One docket entry of a feed; several event labels where one filing had several events.

    number: of the docket, in normal form; case_id: PACER's; sequence: the entry's place on the
    docket sheet (appellate: its partId); document: its number, and document_id PACER's.
    """

    number: str
    caption: str
    labels: tuple[str, ...]
    case_id: str = ""
    sequence: str = ""
    document: str = ""
    document_id: str = ""
    document_url: str = ""
    filed: datetime | None = None
    said: str = ""
    link: str = ""
    judges: str = ""
    bankruptcy: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Name the entry within its court: by its sequence, else by its document and time.

        The guid will not do: it repeats, and for an unnumbered entry it is the docket's address.
        """
        case = self.case_id or self.number
        if self.sequence:
            return f"{case}:{self.sequence}"
        when = self.filed.strftime("%Y%m%dT%H%M%SZ") if self.filed else self.said
        return f"{case}:{self.document_id or self.document}@{when}"


def read_filing(record: FeedRecord, timezone: str) -> Filing | Refusal:
    """Read one item; a Refusal where it has no docket number or no event label."""
    title = clean_text(record.title).replace("&lt;", "<")
    token, _, caption = title.partition(" ")
    number = docket_number(token)
    if number is None:
        return Refusal(title or record.id, "its docket number cannot be read")
    summary = record.summary[:_LONGEST]
    label = _LABEL.search(summary)
    if label is None:
        return Refusal(title, "it has no event label in brackets")
    href = _HREF.search(summary)
    url = href[1].replace("&amp;", "&") if href else ""
    initials = _INITIALS.search(token)
    return Filing(
        number=number,
        caption=clean_text(caption),
        labels=(clean_text(label[1]),),
        case_id=_first(_CASE, record.link),
        sequence=_first(_SEQUENCE, url)
        or _first(_GUID_SEQUENCE, record.id)
        or _first(_PART, record.id),
        document=_first(_NUMBER, summary),
        document_id=_document_id(url),
        document_url=url,
        filed=parse_date(record.published, timezone),
        said=record.published,
        link=record.link,
        judges=initials[1] if initials else "",
        bankruptcy=_bankruptcy(summary),
    )


def merged(filings: list[Filing]) -> tuple[Filing, ...]:
    """Make one filing of those with one key: CM/ECF repeats an entry for each of its events."""
    found: dict[str, Filing] = {}
    for filing in filings:
        known = found.get(filing.key)
        if known is None:
            found[filing.key] = filing
        elif filing.labels[0] not in known.labels:
            found[filing.key] = replace(known, labels=(*known.labels, *filing.labels))
    return tuple(found.values())


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _document_id(url: str) -> str:
    """Return PACER's document id; its fourth digit says only how the link was made."""
    found = _first(_DOCUMENT, url)
    return f"{found[:3]}0{found[4:]}" if len(found) > 3 else found  # noqa: PLR2004 - digits


def _bankruptcy(summary: str) -> tuple[tuple[str, str], ...]:
    found = _BANKRUPTCY.match(summary) if summary.startswith("Type:") else None
    if found is None:
        return ()
    return tuple((name, clean_text(value)) for name, value in found.groupdict().items() if value)
