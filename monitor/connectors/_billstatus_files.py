"""Reads a bill's status as GPO publishes it in bulk: BILLSTATUS XML, all versions of the schema.

Format: https://github.com/usgpo/bill-status/blob/main/BILLSTATUS-XML_User_User-Guide.md
"""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from monitor.connectors._bill_names import US, congress_page, federal_bill
from monitor.connectors._json_answers import moment
from monitor.errors import FormatError, SoftError
from monitor.models import Attachment, Entry, ItemType, Pairs, Response
from monitor.text import clean_text, one_line
from monitor.urls import absolute

_EASTERN = "America/New_York"
_RECENT = 40


def read_billstatus(response: Response, now: datetime) -> Entry:
    """Make an entry of a BILLSTATUS file; raises SoftError for a page, FormatError otherwise."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(response.body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise FormatError(response.url, "the bill's status is no well-formed XML") from fault
    if root.tag in {"html", "{http://www.w3.org/1999/xhtml}html"}:
        raise SoftError(response.url, "a page of HTML where a bill's status should be")
    bill = root.find("bill")
    if root.tag != "billStatus" or bill is None:
        raise FormatError(response.url, f"no bill's status: its first element is {root.tag!r}")
    return _entry(bill, response.url, now)


def _entry(bill: etree._Element, subject: str, now: datetime) -> Entry:
    """Make an entry; number and type have other names in the first version of the schema."""
    number = _text(bill, "number") or _text(bill, "billNumber")
    kind = (_text(bill, "type") or _text(bill, "billType")).upper()
    congress = _text(bill, "congress")
    plain = all(one.isascii() and one.isdigit() for one in (number, congress))
    official = federal_bill(congress, kind, number) if plain and kind else None
    if official is None:
        raise FormatError(subject, "the bill has no number, type or Congress")
    introduced = _text(bill, "introducedDate")
    return Entry(
        type=ItemType.BILL,
        key=f"BILLSTATUS-{congress}{kind.lower()}{number}",
        title=_escaped(_text(bill, "title") or official.value),
        body="\n".join(filter(None, (_official_title(bill), _summary(bill)))),
        html=True,
        url=congress_page(congress, kind, number),
        published=moment(introduced, _EASTERN, now),
        published_said=introduced,
        updated=moment(_text(bill, "updateDate"), "UTC", now),
        jurisdiction=US,
        office=_text(bill, "originChamber"),
        status=_text(bill, "latestAction/text"),
        identifiers=(official,),
        attachments=_versions(bill),
        facts=_pairs(("latest_action_date", _text(bill, "latestAction/actionDate"))),
        noise=_pairs(
            ("number", official.value),
            ("congress", congress),
            ("sponsors", "; ".join(_texts(bill, "sponsors/item/fullName"))),
            ("committees", "; ".join(dict.fromkeys(_texts(bill, "committees//item/name")))),
            ("actions", "; ".join(_texts(bill, "actions/item/text")[:_RECENT])),
        ),
        labels=_subjects(bill),
    )


def _subjects(bill: etree._Element) -> tuple[str, ...]:
    """List the policy area and the Library's subjects, each once."""
    subjects = _texts(bill, "subjects//legislativeSubjects/item/name")
    return tuple(dict.fromkeys([*_texts(bill, "policyArea/name"), *subjects]))


def _official_title(bill: etree._Element) -> str:
    """Return the title that says what a bill does ("To prohibit …"), unless it is the title."""
    for one in bill.findall("titles/item"):
        title = one_line(_text(one, "title"))
        if _text(one, "titleType").startswith("Official Title") and title:
            return f"<p>{_escaped(title)}</p>" if title != _text(bill, "title") else ""
    return ""


def _summary(bill: etree._Element) -> str:
    """Return the newest summary, as HTML; the schema's versions nest them in three ways."""
    found = [
        (_text(one, "actionDate"), _text(one, "updateDate"), text)
        for path in ("summaries/summary", "summaries/item", "summaries/billSummaries/item")
        for one in bill.findall(path)
        if (text := _text(one, "text") or _text(one, "cdata/text"))
    ]
    return max(found, default=("", "", ""))[2]


def _versions(bill: etree._Element) -> tuple[Attachment, ...]:
    """List the bill's texts: GPO's XML of each version."""
    found = [
        Attachment(_text(version, "type") or "Text", link)
        for version in bill.findall("textVersions/item")
        for url in _texts(version, "formats/item/url")
        if (link := absolute("https://www.govinfo.gov", url))
    ]
    return tuple(dict.fromkeys(found))


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _texts(element: etree._Element, path: str) -> list[str]:
    found = [one_line(clean_text(one.text or "")) for one in element.findall(path)]
    return [one for one in found if one]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
