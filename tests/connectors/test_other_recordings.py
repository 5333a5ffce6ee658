"""Recordings that no other test reads: what a general kind makes of them, or why no kind can.

Every real file is named here or in a test of its kind: the last test counts them.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from monitor.connectors import kinds
from monitor.normalise import normalise_all
from tests.connectors.meeting_visit import POLL, entries, read, real, refusals

URL = "https://publisher.example/list"
CASE = {"title": "case_name", "key": "case_uuid", "type": "docket_caption"}
EVENTS = {
    "items": "data[].Items[]", "key": "Id", "title": "Name", "date": "DateTime",
    "date_formats": ("%m/%d/%Y %I:%M:%S %p",), "date_is": "meeting",
}  # fmt: skip
AGENDA = {"items": "agendaItems", "title": "title", "key": "fileNumber", "type": "agenda_item"}
SECTIONS = {"items": "sections", "title": "title", "key": "section_id", "type": "agenda_item"}
NEWSFLASH = {"item": "h3.article-list-header", "link": "a.article-title-link"}

# File: kind, options, how many records.
READ: dict[str, tuple[str, dict[str, Any], int]] = {
    "agenda-other/akr__akr_city_council_detail.html": (
        "html", {"item": "tr:has(a[href*=loadAgendaItem])", "type": "agenda_item"}, 80),
    "agenda-other/ca__san_diego_city_committee_upcoming.html": (
        "html", {"item": "div.row:has(p.date)", "date": "p.date",
                 "title": "div.six.columns p", "date_is": "meeting"}, 5),
    # JSON, whatever its name says.
    "agenda-other/ca__la_planning.html": (
        "json", {"items": "Entries", "title": "Note", "key": "join('-', [Agenda, Note, Date])",
                 "date": "Date", "date_is": "meeting", "office": "BoardName"}, 197),
    "agenda-other/coloh__colum_franklin_boc.json": ("json", EVENTS, 8),
    "agenda-other/dallas__daltx_ccc_meeting_info.json": (
        "json", {"key": "Id", "title": "Name", "date": "MeetingDateTime"}, 1),
    "agenda-other/kancit__kancit_hickman_mills_pub_sc_dis.json": (
        "json", {"key": "Master_MeetingID", "title": "MM_MeetingTitle", "date": "MM_DateTime"}, 3),
    "agenda-other/lascruc__lascruc_las_cruces_city_docs.json": (
        "json", {"key": "Id", "title": "Name"}, 3),
    "agenda-other/omaha__oma_sarpy_boc_no_meeting_docs.json": (
        "json", {"key": "Id", "title": "Name"}, 1),
    "agenda-other/tampa_onbase_meeting_2610_2025-08-07.json": ("json", AGENDA, 64),
    "agenda-other/tampa_onbase_meeting_2619_2025-08-04.json": ("json", AGENDA, 3),
    "agenda-other/tampa_onbase_meeting_2634_2025-07-31.json": ("json", AGENDA, 5),
    "civicplus/haines-city-fl-civicalerts.html": ("html", NEWSFLASH, 12),
    "civicplus/lake-hamilton-fl-civicalerts-aspx.html": ("html", NEWSFLASH, 3),
    "civicplus/lascruc__lascruc_anthony_city_calendar_month.html": (
        "html", {"item": "div.calendar li", "title": "h3", "date": "[itemprop=startDate]",
                 "date_is": "meeting"}, 2),
    # An RSS feed, whatever its name says; its dates are American.
    "court-other/ca9_p_example.html": ("rss", {}, 100),
    "court-other/cafc_example.xml": ("rss", {}, 100),
    "court-other/oral_ca1_example.xml": ("rss", {}, 21),
    "court-other/oral_ca8_example.xml": ("rss", {}, 29),
    "court-other/dcd_example.html": (
        "html", {"item": "tr:has(a[target=_blank])", "title": "td:nth-of-type(2)",
                 "type": "opinion"}, 113),
    "court-other/minn_example.html": (
        "html", {"item": "div.searchresult", "title": "a.searchresult_title"}, 10),
    "court-other/fl_scrape-page-57.json": ("json", CASE, 50),
    "court-other/fl_unfiltered.json": ("json", CASE, 25),
    "court-other/fl_3f876132.json": (
        "json", {"title": "entry_name", "key": "docket_entry_uuid"}, 6),
    "federal-register/agencies.csv": ("table", {"title": ("agency_name",)}, 659),
    "federal-register/executive_orders.csv": (
        "table", {"title": ("number",), "key": ("number",), "date": "signing_date",
                  "type": "executive_order"}, 733),
    "ice-287g/appelson_agreements_all_dates.csv": (
        "table", {"title": ("agency", "type"), "key": ("date", "state", "agency", "type"),
                  "type": "agreement"}, 11_257),
    "la-council/agenda_17527.json": ("json", SECTIONS, 13),
    "la-council/agenda_17612.json": ("json", SECTIONS, 3),
    "legiscan/MI_2023-2024_history.csv": (
        "table", {"title": ("action",), "key": ("bill_id", "sequence"), "date": "date",
                  "type": "row"}, 37_531),
}  # fmt: skip

# What is refused of them: a record without words, and feeds that are not well-formed somewhere and
# are read to their end all the same.
FAULTS = {
    "agenda-other/ca__la_planning.html": "it has no words",
    "court-other/ca9_p_example.html": "not well-formed XML, line 452",
    "court-other/oral_ca1_example.xml": "not well-formed XML, line 188",
}

_DERIVED = "somebody's extract of many answers, and no answer of a publisher"
_PACER = (
    "a docket report behind PACER's login, which costs; entries come by pacer_rss, CourtListener"
)
_ALBANY = "what the legislature sends its own members' system; bills come by openstates or legiscan"
_OTHER_ENDPOINT = "an endpoint of CourtListener that no kind asks (parties, uploads, alerts)"
# Files that no kind can read, and why.
UNREAD: dict[str, str] = {
    "agenda-other/ca__san_diego_city_upcoming.html": "the day stands outside of the meeting's row",
    "agenda-other/philly__phipa_cpoc.html": "a department's page; `page` watches it for change",
    "civicplus/lascruc__lascruc_anthony_city_agenda.html": "one link, trimmed by its repository",
    "corpora/*": _DERIVED,
    "court-other/bva_example.xml": "a map of a site for crawlers: addresses alone",
    "court-other/nd_example.html": "its records are headings and lists in turn, in no element",
    "courtlistener/documented_alerts_1.json": _OTHER_ENDPOINT,
    "courtlistener/documented_pacer-data_[234].json": _OTHER_ENDPOINT,
    "courtlistener/documented_recap_[12].json": _OTHER_ENDPOINT,
    "courtlistener/v4_http_OPTIONS.json": "what the API says of itself, and no records",
    "escribe/*.headers.txt": "the headers of an answer",
    "executive-orders/*": "a transcript in Markdown; orders come by html, page or the city's feed",
    "ice-287g/moa_index.json": _DERIVED,
    "la-council/agenda_schema.json": "a JSON Schema",
    "legistar-webapi/*.headers.txt": "the headers of an answer",
    "pacer-docket/*": _PACER,
    "state-leg-other/ny_*": _ALBANY,
    "state-leg-other/wa_*": "SOAP, of which no other publisher is left",
    "web-pages/edgi_http_*.xml": "the index of an archive, and no page",
}
# Files that the tests of their kind read; folders as a whole where a test walks through them.
ELSEWHERE = (
    "agenda-other/*", "billstatus-xml/*", "boarddocs/*", "chicago-elms/*", "civicclerk/*",
    "civicplus/*", "congress-gov/*", "court-other/*", "courtlistener/*", "escribe/*",
    "federal-register/*", "feeds-generic/*", "feeds-gov/*", "govinfo/*", "granicus/*",
    "ice-287g/*.xlsx", "iqm2/*", "legiscan/*", "legistar-calendar-derived/*", "legistar-html/*",
    "legistar-nyc/*", "legistar-rss/*", "legistar-webapi/*", "litigation-trackers/*",
    "minneapolis-lims/*", "novusagenda/*", "openstates/*", "pacer-rss/*", "primegov/*",
    "regulations-gov/*", "web-json/*", "web-pages/*",
)  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_a_general_kind_reads_it_to_the_last_record(shared: Path, name: str) -> None:
    """With a few words of YAML; each record has a key of its own."""
    kind, options, count = READ[name]
    connector = kinds()[kind].model_validate_json(json.dumps({"url": URL, **options}))
    parsed = read(connector, real(shared, name), POLL)
    found = entries(parsed)
    assert len(found) == count
    refused = [one.why for one in refusals(parsed)]
    assert len(refused) == (name in FAULTS)
    assert all(one.startswith(FAULTS[name]) for one in refused)
    assert all(one.title for one in found)
    items = normalise_all(found, "s", "us")
    assert len({item.key for item in items}) == len(items)


def manifest(shared: Path) -> list[str]:
    """Name every real file."""
    with (shared / "recordings" / "MANIFEST.tsv").open(newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["file"] for row in rows]


def test_every_real_file_is_read_by_a_kind_or_said_to_be_unreadable(shared: Path) -> None:
    """A recording that is added in a new folder must find its kind, or its reason."""
    where = Counter[str]()
    for name in manifest(shared):
        unread = [pattern for pattern in UNREAD if fnmatch(name, pattern)]
        assert not (name in READ and unread), name
        known = any(fnmatch(name, pattern) for pattern in ELSEWHERE)
        assert name in READ or unread or known, f"{name} is read by no kind"
        where["read here" if name in READ else "unread" if unread else "elsewhere"] += 1
    assert where["read here"] == len(READ)
    assert all(any(fnmatch(name, one) for name in manifest(shared)) for one in UNREAD)
