"""Makes entries of the API's search results; search alerts have the same form.

Format: https://wiki.free.law/c/courtlistener/help/api/rest/v4/search
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from monitor.connectors import _courtlistener as shared
from monitor.connectors._json_answers import Record, made, moment, named
from monitor.errors import FormatError
from monitor.jurisdictions import court
from monitor.models import Attachment, Entry, ItemType, Pairs, Refusal
from monitor.text import clean_text
from monitor.urls import absolute

_PACIFIC = "America/Los_Angeles"


def result_entries(record: Record, now: datetime) -> Iterator[Entry | Refusal]:
    """Make entries of one result: an opinion, or a case with the documents that were found."""
    if "cluster_id" in record.fields:
        yield made(named("opinion", record, "cluster_id"), lambda: _opinion(record, now))
        return
    case = made(named("docket", record, "docket_id"), lambda: _case(record, now))
    yield case
    if isinstance(case, Refusal):
        return
    documents = made(case.key, lambda: record.records("recap_documents"))
    if isinstance(documents, Refusal):
        yield documents
        return
    for one in documents:
        yield made(
            named("document", one, "id"),
            lambda r=one: _document(r, case, now),  # type: ignore[misc]
        )


def _opinion(record: Record, now: datetime) -> Entry:
    """Make an entry of a cluster of opinions; raises FormatError."""
    number = record.number("cluster_id")
    if number is None:
        raise FormatError("cluster_id", "the opinion has no cluster_id")
    where = court(record.text("court_id"))
    filed = record.text("dateFiled")
    opinions = record.records("opinions")
    snippets = [clean_text(one.text("snippet"), html=True) for one in opinions]
    links = [absolute("", one.text("download_url")) for one in opinions]
    number_said = record.text("docketNumber")
    return Entry(
        type=ItemType.OPINION,
        key=f"opinion:{number}",
        title=record.line("caseName") or f"Opinion {number}",
        body="\n".join([*filter(None, snippets), clean_text(record.text("syllabus"), html=True)]),
        url=shared.site_link(record.text("absolute_url")),
        published=moment(filed, _PACIFIC, now),
        published_said=filed,
        jurisdiction=where.id if where else "",
        office=where.name if where else record.line("court"),
        status=record.line("status"),
        identifiers=shared.case_names(
            record.text("docket_id"), record.text("court_id"), number_said
        ),
        attachments=tuple(Attachment("Opinion", link) for link in dict.fromkeys(links) if link),
        facts=_pairs(("docket_number", number_said)),
        noise=_pairs(
            ("judge", record.line("judge")),
            ("citation", "; ".join(record.texts("citation"))),
        ),
    )


def _case(record: Record, now: datetime) -> Entry:
    """Make an entry of a docket; raises FormatError."""
    docket = record.number("docket_id")
    if docket is None:
        raise FormatError("docket_id", "the result is neither an opinion nor a docket")
    filed, ended = record.text("dateFiled"), record.text("dateTerminated")
    case = shared.case_entry(
        str(docket),
        record.text("court_id"),
        record.text("docketNumber"),
        record.text("caseName"),
        "",
    )
    return replace(
        case,
        url=shared.site_link(record.text("docket_absolute_url")) or case.url,
        office=case.office or record.line("court"),
        published=moment(filed, _PACIFIC, now),
        published_said=filed,
        status="Terminated" if ended else "",
        facts=(*case.facts, *_pairs(("nature_of_suit", record.line("suitNature")))),
        noise=_pairs(
            ("cause", record.line("cause")),
            ("judge", record.line("assignedTo")),
            ("parties", "; ".join(record.texts("party"))),
        ),
    )


def _document(record: Record, case: Entry, now: datetime) -> Entry:
    """Make an entry of a document in a case; an attachment has a key of its own."""
    docket = case.key.removeprefix("case:")
    key = shared.entry_key(docket, record.text("entry_number"), record.text("id"))
    part = record.text("attachment_number")
    key = f"{key}.{part}" if part else key
    words = record.text("description") or record.text("short_description")
    path = record.text("filepath_local") if record.flag("is_available") else ""
    files = (shared.STORAGE + path.lstrip("/"),) if path else ()
    link = shared.site_link(record.text("absolute_url")) or case.url
    entry = shared.docket_entry(key, case, clean_text(words, html=True), link, files)
    filed = record.text("entry_date_filed")
    snippet = clean_text(record.text("snippet"), html=True)
    return replace(
        entry,
        body="\n".join(filter(None, (entry.body, snippet))),
        published=moment(filed, _PACIFIC, now),
        published_said=filed,
    )


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
