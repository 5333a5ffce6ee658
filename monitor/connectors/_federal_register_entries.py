"""Makes entries of Federal Register documents, published or on public inspection.

A document keeps its number, and so its key, from the one to the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from monitor.connectors._bill_names import US
from monitor.connectors._json_answers import Record, needed
from monitor.connectors._rulemakings import rulemaking_docket
from monitor.dates import parse_date, plausible
from monitor.identifiers import executive_order, fr_document, rin
from monitor.models import (
    Attachment,
    Contact,
    ContactKind,
    Entry,
    Hearing,
    Identifier,
    ItemType,
    Pairs,
)
from monitor.urls import absolute

FIELDS = (
    "document_number", "title", "abstract", "action", "type", "subtype", "agencies",
    "publication_date", "signing_date", "effective_on", "comments_close_on", "comment_url", "dates",
    "docket_ids",
    "regulation_id_numbers", "executive_order_number", "disposition_notes", "citation", "html_url",
    "pdf_url", "toc_doc", "toc_subject", "correction_of", "topics",
)  # fmt: skip
_EASTERN = "America/New_York"
_SITE = "https://www.federalregister.gov"
# A table of contents ends an order's line with its number: "…; Policies (EO 13489)".
_NUMBER = re.compile(r"\((?:EO|E\.O\.|Executive Order)\s*(\d{5})\)|^Executive Order (\d{5})\b")


def published(record: Record, now: datetime) -> Entry:
    """Make an entry of a published document; raises FormatError."""
    number = needed(record, "document_number")
    return Entry(
        type=_type(record),
        key=number,
        title=record.line("title") or record.line("toc_doc") or f"Document {number}",
        body=_body(record),
        url=absolute(_SITE, record.text("html_url")) or f"{_SITE}/d/{number}",
        published=_day(record.text("publication_date"), now),
        published_said=record.text("publication_date"),
        jurisdiction=US,
        office=_office(record),
        status="Published",
        identifiers=tuple(_identifiers(record, number)),
        hearings=tuple(_dates(record, now)),
        participation=tuple(_form(record)),
        attachments=_files(record),
        facts=_pairs(
            ("action", record.line("action")),
            ("executive_order_number", record.text("executive_order_number")),
            ("signing_date", record.text("signing_date")),
        ),
        noise=_pairs(
            ("citation", record.text("citation")),
            ("disposition_notes", record.line("disposition_notes")),
            ("correction_of", record.text("correction_of")),
            ("docket_ids", "; ".join(record.texts("docket_ids"))),
            ("topics", "; ".join(record.texts("topics"))),
        ),
        labels=_pieces(record.line("type"), record.line("subtype")),
    )


def inspected(record: Record, now: datetime) -> Entry:
    """Make an entry of a document on public inspection; raises FormatError.

    `filed_at` and `publication_date` are null for a document that is withdrawn.
    """
    number = needed(record, "document_number")
    filed = record.text("filed_at")
    when = parse_date(filed, _EASTERN) if filed else None
    due = record.text("publication_date")
    return Entry(
        type=_type(record),
        key=number,
        title=record.line("title") or record.line("toc_doc") or f"Document {number}",
        body="\n".join(_pieces(record.line("toc_doc"), record.line("editorial_note"))),
        url=absolute(_SITE, record.text("html_url")) or f"{_SITE}/public-inspection/{number}",
        published=when if when and plausible(when, now) else None,
        published_said=filed,
        jurisdiction=US,
        office=_office(record),
        status="On public inspection" if due else "Withdrawn from public inspection",
        identifiers=tuple(_identifiers(record, number)),
        attachments=_files(record),
        facts=_pairs(("editorial_note", record.line("editorial_note"))),
        noise=_pairs(
            ("publication_date", due),
            ("filing_type", record.text("filing_type")),
            ("docket_numbers", "; ".join(record.texts("docket_numbers"))),
            ("pages", record.text("num_pages")),
        ),
        labels=_pieces(record.line("type"), record.line("subtype")),
    )


def _type(record: Record) -> ItemType:
    order = "executive order"
    said = (record.text("subtype").lower(), record.text("toc_subject").lower().rstrip("s"))
    is_order = order in said or _order_number(record)
    return ItemType.EXECUTIVE_ORDER if is_order else ItemType.FEDERAL_REGISTER


def _order_number(record: Record) -> str:
    number = record.text("executive_order_number")
    if number:
        return number
    for name in ("toc_doc", "title"):
        found = _NUMBER.search(record.text(name))
        if found:
            return found[1] or found[2]
    return ""


def _identifiers(record: Record, number: str) -> Iterator[Identifier]:
    """Name the document, the order, and the rulemaking: its RIN and docket."""
    order = _order_number(record)
    found = [executive_order(US, order)] if order else []
    found.append(fr_document(number))
    found += [rin(one) for one in record.texts("regulation_id_numbers")]
    dockets = (*record.texts("docket_ids"), *record.texts("docket_numbers"))
    found += [rulemaking_docket(one) for one in dockets]
    yield from dict.fromkeys(one for one in found if one)


def _dates(record: Record, now: datetime) -> Iterator[Hearing]:
    """List the dates ahead: deadline for comments, date in force; of each only the day is known."""
    for name, kind in (("comments_close_on", "comment_deadline"), ("effective_on", "effective")):
        said = record.text(name)
        if said:
            yield Hearing(kind, _day(said, now), _EASTERN, said=said, all_day=True)


def _form(record: Record) -> Iterator[Contact]:
    """Return where comments are given; the field is null where the rule takes none there."""
    link = absolute(_SITE, record.text("comment_url"))
    if link:
        yield Contact(ContactKind.FORM, link, field="comment_url")


def _day(said: str, now: datetime) -> datetime | None:
    found = parse_date(said, _EASTERN)
    return found if found and plausible(found, now) else None


def _office(record: Record) -> str:
    """Name the agencies; `agency_names` is all that public inspection gives for some."""
    found = [one.line("name") or one.line("raw_name") for one in record.records("agencies")]
    return "; ".join(_pieces(*found) or record.texts("agency_names"))


def _body(record: Record) -> str:
    return "\n".join(
        _pieces(record.text("abstract"), record.text("dates"), record.line("toc_subject"))
    )


def _files(record: Record) -> tuple[Attachment, ...]:
    link = absolute(_SITE, record.text("pdf_url"))
    return (Attachment("Document (PDF)", link, "application/pdf"),) if link else ()


def _pieces(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([text for text in texts if text]))


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
